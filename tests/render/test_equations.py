"""``eval --format latex`` and ``--format unicode``: golden files, and equations whose two sides are equal."""

from __future__ import annotations

import golden
import pytest
from hypothesis import example, given, settings
from strategies import Case, expressions

import cgraph_cli
from cgraph_cli.render import View
from cgraph_cli.render.prose.steps import parts
from cgraph_cli.render.prose.writing import UnicodeWriting

NUMBER = {"·": "*", " ": ""}


@pytest.mark.parametrize("name", [*golden.names("latex"), *golden.names("unicode")])
def test_golden(name: str, update_cases: bool) -> None:
    golden.check(name, update_cases)


@settings(max_examples=60, deadline=None)
@example(Case("p = (sin(x)*x + sin(x)*x) + (sin(x)*x + sin(x)*x); p + x*y*z", {"x": 1.0, "y": 1.0, "z": 1.0}))
@given(expressions(max_parts=6))
def test_numbers_on_the_right_have_the_value_of_the_left(case: Case) -> None:
    report = cgraph_cli.evaluate(case.text, case.values)
    by_title = {part.title: part.rows for part in parts(UnicodeWriting(report, View(all=True)))}
    for name, right in by_title["gradients"][1:]:
        if len(right) == 3 and "…" not in right[1][1]:  # where terms are left out there is no sum to hold it against
            _, (_, numbers), (_, result) = right
            shown = cgraph_cli.evaluate(numbers.replace("·", "*")).value
            terms = cgraph_cli.evaluate(numbers.replace(" - ", " + ").replace("·", "*").replace("-", "")).value
            assert shown == pytest.approx(float(result), rel=1e-4, abs=2e-5 * abs(terms)), name
