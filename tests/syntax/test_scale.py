"""Size: nothing recurses over what the user sets. Long sums, deep parentheses, deep calls, through both passes."""

from __future__ import annotations

import math
import sys

import pytest
from invariants import check

from cgraph_cli.engine.passes import Gradients, backward, forward
from cgraph_cli.graph.build import build
from cgraph_cli.graph.graph import Graph
from cgraph_cli.syntax.expression import same
from cgraph_cli.syntax.parser import parse, parse_expression
from cgraph_cli.syntax.printer import print_expression

DEEP = 100_000


def passes(text: str, values: dict[str, float]) -> tuple[Graph, float, Gradients]:
    graph = build(parse(text))
    check(graph)
    at = forward(graph, values)
    return graph, at[graph.output], backward(graph, at, graph.output)


def long_sum(terms: int) -> tuple[str, dict[str, float]]:
    values = {f"x{i}": math.sin(i) for i in range(terms)} | {f"y{i}": math.cos(i) for i in range(terms)}
    return "+".join(f"x{i}*y{i}" for i in range(terms)), values


def assert_long_sum(terms: int) -> None:
    text, values = long_sum(terms)
    graph, value, found = passes(text, values)
    assert value == pytest.approx(math.fsum(values[f"x{i}"] * values[f"y{i}"] for i in range(terms)), rel=1e-9)
    for i in range(terms):
        assert found.upstream[graph.variables[f"x{i}"]] == values[f"y{i}"]
        assert found.upstream[graph.variables[f"y{i}"]] == values[f"x{i}"]


def test_a_sum_of_a_hundred_thousand_terms() -> None:
    assert_long_sum(100_000)


@pytest.mark.slow
def test_a_sum_of_a_million_terms() -> None:
    assert_long_sum(1_000_000)


def test_a_hundred_thousand_parentheses() -> None:
    graph, value, found = passes("(" * DEEP + "x" + ")" * DEEP, {"x": 2.5})
    assert (len(graph), value, found.upstream[0]) == (1, 2.5, 1.0)


def test_a_hundred_thousand_sines() -> None:
    graph, value, found = passes("sin(" * DEEP + "x" + ")" * DEEP, {"x": 1.0})
    expected, slope = 1.0, 1.0
    for _ in range(DEEP):
        slope *= math.cos(expected)
        expected = math.sin(expected)
    assert value == expected
    assert len(graph) == DEEP + 1
    assert found.upstream[0] == pytest.approx(slope, rel=1e-9)


def test_a_hundred_thousand_unary_minuses() -> None:
    _, value, found = passes("-" * DEEP + "x", {"x": 3.0})
    assert (value, found.upstream[0]) == (3.0, 1.0)
    _, value, found = passes("-" * (DEEP + 1) + "x", {"x": 3.0})
    assert (value, found.upstream[0]) == (-3.0, -1.0)


def test_a_tower_of_a_hundred_thousand_powers() -> None:
    _, value, found = passes("^".join(["x"] + ["1"] * DEEP), {"x": 3.0})
    assert (value, found.upstream[0]) == (3.0, 1.0)


def test_a_call_with_a_hundred_thousand_arguments() -> None:
    text = f"logsumexp({', '.join(f'x{i}' for i in range(DEEP))})"
    _, value, found = passes(text, {f"x{i}": 0.0 for i in range(DEEP)})
    assert value == pytest.approx(math.log(DEEP))
    assert found.upstream[0] == pytest.approx(1 / DEEP)


def test_a_hundred_thousand_statements() -> None:
    lines = ["p0 = x"] + [f"p{i} = p{i - 1} + x" for i in range(1, DEEP)]
    _, value, found = passes("\n".join(lines), {"x": 0.5})
    assert (value, found.upstream[0]) == (0.5 * DEEP, DEEP)


def test_modules_nested_a_hundred_deep() -> None:
    lines = ["m0(a) = a + 1"] + [f"m{i}(a) = m{i - 1}(a) + 1" for i in range(1, 100)]
    _, value, found = passes("; ".join([*lines, "m99(x)"]), {"x": 1.0})
    assert (value, found.upstream[0]) == (101.0, 1.0)


@pytest.mark.parametrize(
    "text",
    ["+".join(["x"] * 20_000), "sin(" * 20_000 + "x" + ")" * 20_000, "-" * DEEP + "x", "^".join(["x"] * 20_000)],
    ids=["sum", "calls", "signs", "powers"],
)
def test_large_trees_print_and_read_back(text: str) -> None:
    tree = parse_expression(text)
    assert same(parse_expression(print_expression(tree)), tree)


def test_the_recursion_limit_is_left_alone() -> None:
    limit = sys.getrecursionlimit()
    passes("(" * 5000 + "x" + ")" * 5000, {"x": 1.0})
    assert sys.getrecursionlimit() == limit
