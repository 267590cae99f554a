"""Identities: each row holds in high precision, keeps its digits in doubles, and is met in an expression."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import mpmath
import pytest
from mpmath import mp

from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import forward
from cgraph_cli.graph.build import build
from cgraph_cli.graph.express import expression_of
from cgraph_cli.graph.graph import Graph
from cgraph_cli.report.derivatives import differentiate
from cgraph_cli.symbolic.identities import CALLS, LEAST, OF_SUM, PRODUCTS, SUMS
from cgraph_cli.symbolic.simplify import Simplifier
from cgraph_cli.syntax.parser import parse
from cgraph_cli.syntax.printer import print_expression

POINTS = (1e-8, 1e-3, 0.1, 0.3, 0.75, 0.99, 1.0, 1.3, 2.5, 7.3, 15.5, 30.25)
ULP = 2.0**-52
U = re.compile(r"\bu\b")


def rows(text: str) -> list[tuple[str, str]]:
    return [(left, right) for left, right in (line.split(" = ") for line in text.split("\n") if line.strip())]


EVERY = rows(SUMS + PRODUCTS + CALLS)


def simple(text: str) -> str:
    graph = build(parse(text))
    simplifier = Simplifier()
    term = simplifier.read(graph, [graph.output])[graph.output]
    result = simplifier.emit({"f": term}, list(graph.variables))
    return print_expression(expression_of(result, result.output))


def true(graph: Graph, point: Mapping[str, float]) -> mpmath.mpf:
    """A value at a precision at which 1 - tanh(30)^2 has its digits."""
    with mp.workdps(200):
        return forward(graph, {name: mpmath.mpf(value) for name, value in point.items()}, precise())[graph.output]


@pytest.mark.parametrize(("left", "right"), EVERY)
def test_a_row_holds_and_loses_no_digits(left: str, right: str) -> None:
    first, second = build(parse(left)), build(parse(right))
    compared = 0
    for u in (*POINTS, *(-point for point in POINTS)):
        wanted = true(first, {"u": u})
        if not mpmath.isfinite(wanted):
            continue
        given = {"u": u} if second.variables else {}
        with mp.workdps(200):
            assert abs(true(second, given) - wanted) <= 1e-60 * max(1, abs(wanted)), u
        theirs, ours = (forward(graph, at)[graph.output] for graph, at in ((first, {"u": u}), (second, given)))
        lost, error = (abs(mpmath.mpf(value) - wanted) for value in (theirs, ours))
        # The double nearest to u is all that either knows: what the left side loses, and one part in 10^15.
        assert not math.isfinite(theirs) or error <= lost + 8 * ULP * max(abs(wanted), abs(u) * ULP), (u, theirs, ours)
        compared += 1
    assert compared >= 6


@pytest.mark.parametrize(("left", "right"), EVERY)
def test_a_row_is_met(left: str, right: str) -> None:
    met, wanted = (simple(side if "pi" in left else U.sub("(a*x + b)", side)) for side in (left, right))
    assert len(met) <= len(wanted)


@pytest.mark.parametrize(("left", "right"), rows(SUMS))
def test_a_row_of_a_sum_is_met_times_anything_and_beside_anything(left: str, right: str) -> None:
    parts = left.replace(" + ", "|").replace(" - ", "|-").split("|")
    spread = " + ".join(f"3*y*({part})" for part in parts) + " + z"
    wanted = simple(f"3*y*({right}) + z")
    assert len(simple(spread)) <= len(wanted), (simple(spread), wanted)


def test_the_rows_of_one_function_begin_with_one_power() -> None:
    for op, texts in OF_SUM.items():
        powers = {2 if f"{op.name}(u)^2" in left else 1 for left, _ in texts}
        assert powers == {LEAST[op]}


# --- losses over their activations -------------------------------------------------------------------------------

TEXTBOOK = [
    ("cross_entropy(sigmoid(z), t)", "z", "sigmoid(z) - t"),
    ("s = sigmoid(z); -(t*log(s) + (1 - t)*log(1 - s))", "z", "sigmoid(z) - t"),
    ("-t*log(sigmoid(a*z)) - (1 - t)*log(1 - sigmoid(a*z))", "a", "z*(sigmoid(a*z) - t)"),
    ("(1 - t)*softplus(z) + t*softplus(-z)", "z", "sigmoid(z) - t"),
    ("-t*logsigmoid(z) - (1 - t)*logsigmoid(-z)", "z", "sigmoid(z) - t"),
    ("cross_entropy(sigmoid(z), t)", "t", "-z"),
    ("bce_logits(z, t)", "z", "sigmoid(z) - t"),
    ("bce_logits(z, t)", "t", "-z"),
    ("softplus(z) - t*z", "z", "sigmoid(z) - t"),
    ("logsumexp(a, b, c) - a", "a", "exp(a - logsumexp(a, b, c)) - 1"),
    ("logsumexp(a, b, c) - a", "b", "exp(b - logsumexp(a, b, c))"),
    ("mse(z, t)", "z", "2*(z - t)"),
    ("mse(tanh(z), t)", "z", "2*(tanh(z) - t)*sech(z)^2"),
    ("mse(sigmoid(z), t)", "z", "2*(sigmoid(z) - t)*sigmoid(z)*sigmoid(-z)"),
    ("mae(z, t)", "z", "sign(z - t)"),
    ("huber(z, t)", "z", "clip(z - t, -1, 1)"),
    ("hinge(z, t)", "z", "where(t*z < 1, -t, 0)"),
    ("-log(sigmoid(z))", "z", "-sigmoid(-z)"),
]
AT = {"z": 0.7, "t": 0.25, "a": 0.3, "b": -1.2, "c": 0.9}


@pytest.mark.parametrize(("loss", "name", "wanted"), TEXTBOOK)
def test_the_derivative_of_a_loss_over_its_activation_is_the_textbooks(loss: str, name: str, wanted: str) -> None:
    found = differentiate(parse(loss), [name]).derivatives[0]
    assert print_expression(found.formula) == wanted
    graph, result = build(parse(loss)), build(parse(wanted))
    at = {one: AT[one] for one in graph.variables}
    with mp.workdps(60):
        h = mpmath.mpf(10) ** -25
        ahead, behind = ({**at, name: mpmath.mpf(at[name]) + step} for step in (h, -h))
        slope = [forward(graph, point, precise())[graph.output] for point in (ahead, behind)]
        expected = (slope[0] - slope[1]) / (2 * h)
        here = {one: mpmath.mpf(AT[one]) for one in result.variables}
        assert abs(forward(result, here, precise())[result.output] - expected) < 1e-20


def test_cross_entropy_over_sigmoid_has_its_digits_where_the_sigmoid_is_1() -> None:
    found = differentiate(parse("cross_entropy(sigmoid(z), t)"), ["z"], values={"z": 40.0, "t": 0.0}).derivatives[0]
    assert found.value == 1.0
