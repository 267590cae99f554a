"""Every kind of finding has one row: a code that the schema knows, and a sentence whose places are always filled."""

from __future__ import annotations

import json
import string

import pytest

import cgraph_cli
from cgraph_cli.render import View, renderer
from cgraph_cli.report.findings import KINDS, lines


def test_the_schema_has_every_code() -> None:
    schema = json.loads("".join(renderer("schema", "json")("eval", View())))
    assert schema["$defs"]["warning"]["properties"]["code"]["enum"] == list(
        dict.fromkeys(kind.code for kind in KINDS.values())
    )


def test_the_members_of_a_kind_are_described_in_the_schema() -> None:
    described = json.loads("".join(renderer("schema", "json")("eval", View())))["$defs"]["warning"]["properties"]
    assert {name for kind in KINDS.values() for name in kind.members} == set(described) - {
        "code",
        "node",
        "span",
        "message",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_sentence_has_names_for_places_and_no_other_braces(kind: str) -> None:
    for _, name, form, conversion in string.Formatter().parse(lines()[kind]):
        assert name is None or (name.isidentifier() and not form and conversion is None)


def test_a_finding_has_the_place_of_its_node_in_the_source() -> None:
    source = "q = x + 1;  y*log(q)"
    (found,) = cgraph_cli.evaluate(source, x=-3, y=1).warnings
    assert source[slice(*found.span)] == "log(q)"
