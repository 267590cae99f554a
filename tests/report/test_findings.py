"""Every kind of finding has one row: a code that the schema knows, and a sentence whose places are always filled."""

from __future__ import annotations

import json
import re
import string

import pytest

import cgraph_cli
from cgraph_cli.render import View, renderer
from cgraph_cli.render.numbers import message
from cgraph_cli.report.evaluate import evaluate_program
from cgraph_cli.report.findings import Finding
from cgraph_cli.report.kinds import KINDS, lines
from cgraph_cli.syntax.parser import parse


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


def test_people_read_a_finding_to_six_digits_and_programs_to_all() -> None:
    found = next(one for one in cgraph_cli.evaluate("abs(x - 1/3)", x=1 / 3).warnings if one.kind == "kink")
    assert found.message.startswith("`f = abs(v2)` at v2 = 0")
    (found,) = cgraph_cli.evaluate("log(x)", x=-2 / 3).warnings
    assert found.message.startswith("`f = log(x)` at x = -0.6666666666666666 is")
    assert message(found).startswith("`f = log(x)` at x = -0.666667 is")
    assert message(found, 3).startswith("`f = log(x)` at x = -0.667 is")


@pytest.mark.parametrize(
    ("left", "right", "digits", "expected"),
    [
        (1 / 3, -1 / 3, None, ["0.333333", "-0.333333"]),
        (1 / 3, 0.33333333333, None, ["0.333333333333", "0.33333333333"]),
        (1 / 3, 0.33333334, 12, ["0.333333333333", "0.33333334"]),
        (1 / 3, 0.3333333333333334, 2, ["0.3333333333333333", "0.3333333333333334"]),
        (float("nan"), 1 / 3, None, ["nan", "0.333333"]),
    ],
)
def test_numbers_that_differ_do_not_look_the_same(
    left: float, right: float, digits: int | None, expected: list[str]
) -> None:
    found = Finding("undecided", 0, (0, 1), {"name": "∂f/∂x", "wrt": ("x",), "left": left, "right": right})
    assert re.findall(r"gives (\S+?)[ ;]", message(found, digits)) == expected


QUIET = {
    "abs(y) + x^2": {"x": 1, "y": 0},
    "x*sqrt(y)": {"x": 0, "y": 0},
    "floor(y)*max(x, 1)": {"x": 2, "y": 3},
    "where(y > 0, x, 2*x)": {"x": 1, "y": 0},
    "k(a) = abs(a); k(y)*x": {"x": 1, "y": 0},
}
LOUD = {
    "abs(x*y)": {"x": 1, "y": 0},
    "max(x, y)": {"x": 1, "y": 1},
    "log(y) + x": {"x": 1, "y": -1},
    "1/y + x": {"x": 1, "y": 0},
    "where(x > y, x, 2*x)": {"x": 1, "y": 1},
}


@pytest.mark.parametrize("text", [*QUIET, *LOUD])
def test_what_matters_to_another_variable_alone_does_not_matter_to_what_is_asked_for(text: str) -> None:
    point = {**QUIET, **LOUD}[text]
    report = evaluate_program(parse(text), {name: float(one) for name, one in point.items()}, wrt=["x"])
    assert report.warnings
    wanted = [one for one in report.warnings if one.fields.get("wrt", ("x",)) == ("x",)]
    assert report.asked == ([] if text in QUIET else wanted)
