"""Rewrites at a point: of a collection of expressions and points whose numbers are wrong, how many are mended."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from harness import run

import cgraph_cli
from cgraph_cli.errors import MissingVariableError
from cgraph_cli.graph.build import Reading, build
from cgraph_cli.graph.express import program_as_written
from cgraph_cli.graph.graph import Graph
from cgraph_cli.report.rewritten import AtPoint, Digits, is_no_worse, stable_at
from cgraph_cli.symbolic.stable import stable
from cgraph_cli.syntax.parser import parse

LINES = (Path(__file__).parent / "treacherous.txt").read_text("utf-8").split("\n")
CASES = [tuple(line.split(" | ")[:2]) for line in LINES if line and not line.startswith("#")]
RIGHT = 10.0


def point_of(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in (pair.split("=") for pair in text.split(", "))}


def is_right(digits: Digits) -> bool:
    return all(one is None or one >= RIGHT for one in digits)


def read_again(graph: Graph, point: dict[str, float]) -> Graph:
    """A graph from the text that it is written as."""
    return build(parse(program_as_written(graph).source), Reading(frozenset(point)))


@pytest.mark.parametrize("pointwise", [False, True])
def test_most_of_the_collection_is_mended_and_none_made_worse(pointwise: bool) -> None:
    wrong = mended = 0
    for expression, where in CASES:
        point = point_of(where)
        graph = build(parse(expression), Reading(frozenset(point)))
        judge = AtPoint(graph, point)
        before = judge.numbers(graph).digits
        found = stable_at(graph, point).graph if pointwise else stable(graph).graph
        after = judge.numbers(read_again(found, point)).digits
        assert is_no_worse(before, after), (expression, before, after)
        wrong += not is_right(before)
        mended += is_right(after) and not is_right(before)
    assert wrong >= 155
    assert mended >= (158 if pointwise else 135)


def test_a_rewrite_that_changes_nothing_at_the_point_is_not_made() -> None:
    graph = build(parse("log(1 + exp(x)) + sqrt(y + 1) - sqrt(y)"))
    assert not stable_at(graph, {"x": 1.0, "y": 2.0}).changes
    (change,) = stable_at(graph, {"x": 800.0, "y": 2.0}).changes
    assert change.after == "softplus(x)"


@pytest.mark.parametrize(
    ("expression", "x", "expected"),
    [
        ("(1 - cos(x))/x^2", 1e-5, "1/2 - x^2/24 + x^4/720"),
        ("sin(x)/x", 0.0, "1 - x^2/6"),
        ("y - k*(x - sin(x))/x^3", 1e-3, "y - k*(1/6 - x^2/120 + x^4/5040 - x^6/362880)"),
        ("x - sin(x)", 1e-4, "x^3/6 - x^5/120"),
        ("1/(exp(x) - 1) - 1/x", 1e-4, "x/12 - x^3/720 - 1/2"),
    ],
)
def test_a_taylor_polynomial_stands_for_what_cancels_near_0(expression: str, x: float, expected: str) -> None:
    point = {"x": x, "y": 2.0, "k": 3.0}
    graph = build(parse(expression))
    found = stable_at(graph, point)
    assert program_as_written(found.graph).source == expected
    assert is_right(found.found.digits)
    assert found.changes[-1].when.startswith("abs(x) <= ")
    point["x"] = 1.3
    assert not stable_at(graph, point).changes


@pytest.mark.parametrize("expression", ["abs(x)/x", "log(x)/x", "1/x^2 - 1/x", "sqrt(x)/x", "exp(-1/x^2)/x"])
def test_what_has_no_taylor_series_at_0_has_no_polynomial(expression: str) -> None:
    graph = build(parse(expression))
    assert not any(change.when for change in stable_at(graph, {"x": 1e-3}).changes)


def test_the_library_rewrites_an_expression() -> None:
    found = cgraph_cli.parse("log(1 + exp(x))").rewrite()
    assert found.stable.source == "softplus(x)"
    assert not found.numbers
    at = cgraph_cli.parse("sqrt(x^2 + 1) - x").rewrite(x=1e9)
    assert at.stable.source == "1/(hypot(x, 1) + x)"
    assert [(one.wrt, one.digits_before, one.digits_after) for one in at.numbers] == [(None, 0, 17), ("x", 0, 17)]
    assert "1/(hypot(x, 1) + x)" in repr(at)
    with pytest.raises(MissingVariableError, match="no value for `y`"):
        cgraph_cli.parse("log(x*y)").rewrite(x=1.0)


def test_what_a_rewrite_takes_for_granted_is_said() -> None:
    graph = build(parse("log(x*y)"))
    (change,) = stable_at(graph, {"x": 1e200, "y": 1e200}).changes
    assert (change.after, change.when) == ("log(x) + log(y)", "x > 0, y > 0")


@pytest.mark.parametrize(
    ("expression", "point"),
    [
        ("sqrt(g*l)*tanh(sqrt(k*d)) - sqrt(g*l*k*d)", {"g": 9.81, "l": 2.459834, "k": 2.1002e-06, "d": 8.931e-05}),
        ("log(csch(x)/csch(x + 1e-9*y))", {"x": 6.552000027416642, "y": 6.552}),
        ("k*q*(1/(r - d/2) + 1/(r + d/2) - 2/r)", {"k": 8.99e9, "q": 0.449183, "r": 0.3, "d": 5.3874e-06}),
    ],
)
def test_a_form_that_has_a_few_digits_more_by_chance_is_no_rewrite(expression: str, point: dict[str, float]) -> None:
    assert not stable_at(build(parse(expression)), point).changes


@pytest.mark.parametrize(
    ("text", "x"),
    [("exp(log(x))", -2.0), ("log(x + 1) - log(x)", -1.7), ("log(x - 1) - log(x + 1)", -3.0)],
)
def test_outside_the_domain_nothing_is_rewritten(text: str, x: float) -> None:
    expression = cgraph_cli.parse(text)
    assert not expression.rewrite(x=x).changes
    assert expression.rewrite(x=-x).changes
    assert run(["eval", text, "--x", str(x), "--rewrite", "--strict"]).code == 1


def test_what_doubles_make_nan_is_rewritten_where_it_has_a_value() -> None:
    found = cgraph_cli.parse("log(exp(x)/(exp(x) + 1))").rewrite(x=1000)
    assert found.changes
    assert math.isnan(found.numbers[0].before)
    assert not math.isnan(found.numbers[0].after)
