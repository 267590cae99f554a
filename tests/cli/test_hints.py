"""What a help line tells people to write can be written."""

from __future__ import annotations

import re

import pytest
from harness import run

from cgraph_cli.graph.build import build
from cgraph_cli.rules import CALLABLE, RULES, canonical_name
from cgraph_cli.syntax.messages import ELSEWHERE
from cgraph_cli.syntax.parser import parse

FORMULA = re.compile(r".*\b(?:is|written|called|comparison:) (.+?)(?:, the .*)?")
TOLD = {name: text for name, text in ELSEWHERE.items() if "`cgraph" not in text and "only" not in text}
TOLD |= {name: rule.surplus for name, rule in RULES.items() if rule.surplus}


@pytest.mark.parametrize("name", TOLD)
def test_every_formula_that_a_hint_names_is_of_the_language(name: str) -> None:
    found = FORMULA.fullmatch(TOLD[name])
    assert found is not None
    build(parse(found[1].replace(", ...", "")))


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_name_of_other_languages_gets_its_hint_in_any_case(name: str) -> None:
    assert canonical_name(name) not in CALLABLE
    for typed in (name, name.capitalize(), name.upper()):
        assert run(["eval", f"{typed}(x)", "--x", "1"]).stderr.endswith(f"\nhelp: {ELSEWHERE[name]}\n")
