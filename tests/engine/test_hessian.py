"""The Hessian: reverse over forward, held against mpmath and against the gradient graph's own gradient."""

from __future__ import annotations

import mpmath
import pytest

import cgraph_cli
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import forward
from cgraph_cli.graph.build import build
from cgraph_cli.symbolic.derive import gradient
from cgraph_cli.symbolic.simplify import Simplifier
from cgraph_cli.syntax.parser import parse

EXPRESSIONS = [
    "(x + y)*z",
    "x^y + z^x",
    "sin(x*y)*exp(z)/(1 + x^2)",
    "log(1 + exp(x*y + z))",
    "s(a) = 1/(1 + exp(-a)); s(x*y + z)*s(y)",
    "where(x > 0, x^2*y, z^3)",
    "logsumexp(x, y, z) + norm(x, y, z)",
    "mse(tanh(x*y), z) + cross_entropy(sigmoid(x), sigmoid(z))",
    "100*(y - x^2)^2 + (1 - x)^2 + z",
]
POINT = {"x": 0.7, "y": 1.3, "z": 0.4}


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_hessian_agrees_with_mpmath_and_is_symmetric(text: str) -> None:
    found = cgraph_cli.evaluate(text, POINT, hessian=True).hessian
    assert found is not None
    graph = build(parse(text))
    names = list(graph.variables)
    with mpmath.workdps(60):
        point = {name: mpmath.mpf(value) for name, value in POINT.items()}
        for row in names:
            for column in names:
                orders = {row: 1, column: 1} if row != column else {row: 2}

                def value(*args: mpmath.mpf, orders: dict[str, int] = orders) -> mpmath.mpf:
                    return forward(graph, point | dict(zip(orders, args, strict=True)), precise())[graph.output]

                expected = mpmath.diff(value, tuple(point[name] for name in orders), tuple(orders.values()))
                assert found[row][column] == pytest.approx(float(expected), rel=1e-11, abs=1e-12)
                assert found[row][column] == found[column][row]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_hessian_is_the_gradient_of_the_gradient(text: str) -> None:
    found = cgraph_cli.evaluate(text, POINT, hessian=True).hessian
    assert found is not None
    graph = build(parse(text))
    first = gradient(graph, graph.output, list(graph.variables), Simplifier())
    for row, node in first.outputs.items():
        second = gradient(first, node, list(graph.variables), Simplifier())
        values = forward(second, POINT)
        for column, entry in second.outputs.items():
            assert found[row][column] == pytest.approx(values[entry], rel=1e-11, abs=1e-12)


def test_a_variable_may_have_the_name_that_a_direction_would_get() -> None:
    report = cgraph_cli.evaluate("x^2*dx", {"x": 3.0, "dx": 5.0}, hessian=True)
    assert report.hessian == {"x": {"x": 10.0, "dx": 6.0}, "dx": {"x": 6.0, "dx": 0.0}}


def test_jacobian_and_direction() -> None:
    report = cgraph_cli.evaluate("q = x*y; f = sin(q); g = q^2", {"x": 2.0, "y": 3.0}, outputs=["f", "g"])
    for output, text in (("f", "sin(x*y)"), ("g", "(x*y)^2")):
        alone = cgraph_cli.evaluate(text, {"x": 2.0, "y": 3.0})
        assert report.values[output] == alone.value
        assert report.jacobian[output] == pytest.approx(alone.gradients)
    directed = cgraph_cli.evaluate("sin(x*y)", {"x": 2.0, "y": 3.0}, direction={"x": 1.0, "y": -2.0})
    assert directed.tangent == pytest.approx(directed.gradients["x"] - 2 * directed.gradients["y"])
