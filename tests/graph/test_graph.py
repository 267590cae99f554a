"""The tape itself: one node for what is equal, and a walk over all of it."""

from __future__ import annotations

import math

from hypothesis import given
from invariants import check
from strategies import Case, expressions

from cgraph_cli.graph.build import build
from cgraph_cli.graph.express import expression_of
from cgraph_cli.graph.graph import Builder, fold, operation
from cgraph_cli.syntax.expression import same
from cgraph_cli.syntax.parser import parse


def test_what_is_equal_is_one_node() -> None:
    builder = Builder(["x"])
    x, mul = builder.variable("x"), operation("mul")
    assert builder.once(mul, [x, builder.number(2.0)]) == builder.once(mul, (x, builder.number(2.0)))
    assert builder.number(math.nan) == builder.number(math.nan)
    different = [
        builder.number(0.0), builder.number(-0.0), builder.number(math.pi), builder.number(math.pi, "pi"),
        builder.variable("pi"), builder.once(mul, [x, x]), builder.once(operation("add"), [x, x]),
    ]  # fmt: skip
    assert len(set(different)) == len(different)


@given(expressions())
def test_merging_equal_nodes_keeps_the_expression(case: Case) -> None:
    graph = build(parse(case.text))
    merged = Builder()
    places = fold(graph, merged.variable, merged.number, merged.once)
    merged.graph.outputs["f"] = places[graph.output]
    check(merged.graph)
    assert len(merged.graph) <= len(graph)
    assert same(expression_of(merged.graph, places[graph.output]), expression_of(graph, graph.output))
