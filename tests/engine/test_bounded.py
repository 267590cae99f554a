"""Doubles with bounds: exact values lie within them at every node, and a branch that rounding may have left counts."""

from __future__ import annotations

import random
import re
from math import isfinite

import pytest
from mpmath import mp

from cgraph_cli.engine.bounded import Bounded, bounded
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.engine.rounding import _errors, _upstream_errors
from cgraph_cli.graph.build import build
from cgraph_cli.graph.expand import expanded
from cgraph_cli.syntax.parser import parse

FUNCTION = re.compile("cos|exp|sqrt|mse|hypot|log|erf|[(]a[)]|\\^")
TEXTS = [
    "(x*y - 1) + z",
    "x - y*z + (x + y)",
    "((x - y)*z + x)*(x - y)",
    "x/(y - z) - (x + z)/y",
    "q = x - y/3; q + x - (q + z) + 0.1*q - x",
    f"({'+x' * 100})/3 + y*z",  # a third so many times loses digits at each
    f"{'0.7*(' * 20}x - y{')' * 20} + y*z",
    "(cos(x) - 1)*exp(y - z) + y",
    "sum(x*y, y*z, -x*z, x - y)",
    "max(x*y, z) - min(x, y*z)",
    "sqrt(x*x + y*y) - abs(z*x)",
    "hypot(x - y, z)/x",
    "where(x*y < z, x*z - y, y/z + x) - y",
    "s(a) = 1/(1 + exp(-a)); s(x*y) - s(z)*s(x - y)",
    "x^3 - y^2*z + 2^(x - y)",
    "log(x*x + 1) - sin(y*z)*cosh(x - z)",
    "mse(x*y, z) + softplus(x - y)*huber(x, y*z)",
    "logsumexp(x, y*z, x - z) - norm(x - y, z)*gelu(x)",
    "erf(x*y/9) + gamma(1 + abs(z)) - tanh(x + y)",
]


@pytest.mark.parametrize("text", TEXTS)
def test_every_exact_number_lies_within_its_bound(text: str) -> None:
    """Of both analyses, that of the floats alone and that of the arithmetic; mpmath says what is exact."""
    graph, draw = expanded(build(parse(text)))[0], random.Random(text)
    slack = 4 if FUNCTION.search(text) else 1.001  # a function may be off by more than half a unit of its last digit
    for _ in range(60):
        point = {name: draw.choice([1, -1]) * draw.uniform(0.1, 3) for name in graph.variables}
        values = forward(graph, point)
        passes = backward(graph, values, graph.output)
        local = passes.local
        errors, local_errors = _errors(graph, values, local)
        sent_errors = _upstream_errors(graph, passes, local_errors)
        known = forward(graph, {name: Bounded(x) for name, x in point.items()}, bounded())
        sent = backward(graph, known, graph.output, bounded())
        with mp.workprec(300):
            exact = forward(graph, {name: mp.mpf(x) for name, x in point.items()}, precise())
            there = backward(graph, exact, graph.output, precise())
            for node, number in enumerate(exact):
                off = abs(number - values[node])
                assert not off > slack * errors[node], (node, point)
                if graph.arguments(node):
                    assert known[node].x == values[node]
                    assert off <= slack * known[node].error, (node, point)
            for edge, (slope, found) in enumerate(zip(there.local, local, strict=True)):
                if slope is not None and isfinite(found):
                    assert sent.local[edge].x == found
                    assert abs(slope - found) <= slack * sent.local[edge].error + 2.0**-53 * abs(found), (edge, point)
                    assert not abs(slope - found) > slack * (local_errors[edge] + 2.0**-53 * abs(found)), (edge, point)
            for node, (slope, found) in enumerate(zip(there.upstream, passes.upstream, strict=True)):
                assert abs(slope - found) <= slack * (sent.upstream[node].error + 2.0**-53 * abs(found)), (node, point)
                assert not abs(slope - found) > slack * (sent_errors[node] + 2.0**-53 * abs(found)), (node, point)


def test_a_branch_counts_where_rounding_may_have_chosen_the_other() -> None:
    where = bounded().functions["where"]
    yes, no = Bounded(2.0, 0.5), Bounded(7.0, 3.0)
    found = [where(Bounded(x, error), yes, no) for x in (1.0, 0.0) for error in (0.0, 1e-16)]
    assert [(one.x, one.error) for one in found] == [(2.0, 0.5), (2.0, 8.5), (7.0, 3.0), (7.0, 8.5)]


@pytest.mark.parametrize("text", ["acoth(x)", "1/(x - 1)", "log(x + 1)", "log1p(x + x/1e20)"])
@pytest.mark.parametrize("x", [1.7976931348623155e308, 1.7976931348623157e308, 1.2e308])
def test_a_number_beside_the_largest_double_is_not_as_far_off_as_infinity(text: str, x: float) -> None:
    graph = build(parse(text))
    bound = forward(graph, {"x": Bounded(x)}, bounded())[graph.output]
    with mp.workprec(300):
        off = abs(forward(graph, {"x": mp.mpf(x)}, precise())[graph.output] - bound.x)
    assert off <= 4 * bound.error
    assert bound.error <= 1e-14 * abs(bound.x)


@pytest.mark.parametrize("text", ["0/x", "0/(x/3)", "0^(x/3)", "0*(x/3)", "0*x + hypot(0, 0)"])
def test_what_is_0_because_a_factor_is_or_all_are_has_no_error(text: str) -> None:
    """Its sign is known on either side of a kink: the gradient of abs(0/x) is 0 for sure."""
    graph = build(parse(text))
    assert forward(graph, {"x": Bounded(0.7)}, bounded())[graph.output].error == 0


def test_the_infinity_of_a_pole_is_exact() -> None:
    graph = build(parse("acot(x)"))
    assert forward(graph, {"x": Bounded(0.0)}, bounded())[graph.output].loss < 1e-15
