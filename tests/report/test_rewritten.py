"""Rewrites at a point: of a collection of expressions and points whose numbers are wrong, how many are mended."""

from __future__ import annotations

from pathlib import Path

import pytest

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
    assert wrong >= 140
    assert mended >= (130 if pointwise else 118)


def test_a_rewrite_that_changes_nothing_at_the_point_is_not_made() -> None:
    graph = build(parse("log(1 + exp(x)) + sqrt(y + 1) - sqrt(y)"))
    assert not stable_at(graph, {"x": 1.0, "y": 2.0}).changes
    (change,) = stable_at(graph, {"x": 800.0, "y": 2.0}).changes
    assert change.after == "softplus(x)"


def test_what_a_rewrite_takes_for_granted_is_said() -> None:
    graph = build(parse("log(x*y)"))
    (change,) = stable_at(graph, {"x": 1e200, "y": 1e200}).changes
    assert (change.after, change.when) == ("log(x) + log(y)", "x > 0, y > 0")
