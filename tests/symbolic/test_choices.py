"""Choices: derivatives of max, min and clip, what a branch knows, and what is sent where nothing is chosen."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cgraph_cli
from cgraph_cli.engine.passes import backward, forward, tangents
from cgraph_cli.graph.build import build
from cgraph_cli.graph.express import expression_of
from cgraph_cli.symbolic.derive import Plain, gradient
from cgraph_cli.symbolic.directional import Directional, repeated
from cgraph_cli.symbolic.simplify import Simplifier
from cgraph_cli.syntax.parser import parse
from cgraph_cli.syntax.printer import print_expression

DERIVATIVES = """
max(x, y) -> where(x > y, 1, where(x == y, 1/2, 0))
min(x, y) -> where(x < y, 1, where(x == y, 1/2, 0))
3*max(x, y) -> where(x > y, 3, where(x == y, 3/2, 0))
max(x, 0)^2 -> where(x > 0, 2*x, 0)
min(x, 0)^3 -> where(x < 0, 3*x^2, 0)
max(x, y, z) -> where(x >= max(y, z), 1/(1 + (y == x) + (z == x)), 0)
exp(max(x, y)) -> where(x >= y, exp(x)*where(x == y, 1/2, 1), 0)
max(x, x) -> 1
max(x, 3, 5)*0 -> 0
min(max(x, 0), 1) -> where((0 < x)*(x < 1), 1, where((x == 0) + (x == 1), 1/2, 0))
max(-1, min(2*x, 1)) -> where((-1 < 2*x)*(2*x < 1), 2, where((2*x == -1) + (2*x == 1), 1, 0))
min(relu(x), 6) -> where((0 < x)*(x < 6), 1, where(x == 6, 1/2, 0))
min(max(x, 0), 1)^2 -> where((0 < x)*(x < 1), 2*x, where(x == 1, x, 0))
min(max(w*x + b, 0), 1) -> where((0 < w*x + b)*(w*x + b < 1), w, where((w*x + b == 0) + (w*x + b == 1), w/2, 0))
relu(relu(x)) -> where(x > 0, 1, 0)
relu(min(x, 0)) -> 0
max(x, max(y, z)) -> where(x > max(y, z), 1, where(x == max(y, z), 1/2, 0))
max(min(x, y), z) -> where(min(x, y) >= z, where(x <= y, where(x == z, 1/2, 1)*where(x == y, 1/2, 1), 0), 0)
clip(x, 0, 1) -> where((0 <= x)*(x <= 1), 1, 0)
clip(x, 0, 1)^2 -> where((0 <= x)*(x <= 1), 2*x, 0)
clip(2, x, 5) -> where((2 < x)*(x <= 5), 1, 0)
relu(x)^2 -> where(x > 0, 2*x, 0)
relu(log(x)) -> where(log(x) > 0, 1/x, 0)
relu(x - 1) + relu(x - 2) -> where(x - 1 > 0, 1, 0) + where(x - 2 > 0, 1, 0)
q = x^2; relu(q - 1) + relu(q - 2) -> 2*x*(where(x^2 - 2 > 0, 1, 0) + where(x^2 - 1 > 0, 1, 0))
where(x > 0, x, 0) + where(y > 0, x, 0) -> where(x > 0, 1, 0) + where(y > 0, 1, 0)
""".strip().splitlines()


@pytest.mark.parametrize("line", DERIVATIVES)
def test_derivatives_are_choices(line: str) -> None:
    text, wanted = line.split(" -> ")
    graph = build(parse(text))
    derived = gradient(graph, graph.output, ["x"], Simplifier(), exact=False)
    assert print_expression(expression_of(derived, derived.output)) == wanted


BRANCHES = """
where(x > 0, max(x, 0), y) -> where(x > 0, x, y)
where(x <= y, max(x, y, z), min(x, y)) -> where(x <= y, max(y, z), y)
where(x > 0, relu(x)^2, leaky_relu(y)) -> where(x > 0, x^2, leaky_relu(y))
where((0 <= x)*(x <= 1), clip(x, 0, 1), 2) -> where((0 <= x)*(x <= 1), x, 2)
where(x < y, where(y > x, a, b), c) -> where(x < y, a, c)
where(x < y, where(x >= y, a, b), c) -> where(x < y, b, c)
where(x == y, where(x <= y, a, b), c) -> where(x == y, a, c)
where(x != y, where(x == y, a, b), c) -> where(x != y, b, c)
where(x > 0, a, where(x > 1, b, c)) -> where(x > 0, a, c)
where(x > 1, a, where(x > 0, b, c)) -> where(x > 1, a, where(x > 0, b, c))
where(x < 1, where(x > 2, a, where(x == 1, b, where(x <= 3, c, y))), z) -> where(x < 1, c, z)
where(max(x, 1) > 2, a, b) -> where(x > 2, a, b)
where(2 >= min(x, 2), a, b) -> where(2 >= min(x, 2), a, b)
where(2 > min(x, 2), a, b) -> where(2 > x, a, b)
where(2 < min(x, 2), a, b) -> b
where(min(x, 2) == 3, a, b) -> b
where(max(x, 2) <= 2, a, b) -> where(x <= 2, a, b)
where(relu(x) <= 0, a, b) -> where(x <= 0, a, b)
x*where(x == 0, 5, y) -> x*y
(2 + (x > y))^-2 -> where(x > y, 1/9, 1/4)
""".strip().splitlines()


@pytest.mark.parametrize("line", BRANCHES)
def test_a_branch_knows_its_condition(line: str) -> None:
    text, wanted = line.split(" -> ")
    graph = build(parse(text))
    simplifier = Simplifier()
    made = simplifier.read(graph, [graph.output])[graph.output]
    result = simplifier.emit({"f": made}, list(graph.variables))
    assert print_expression(expression_of(result, result.output)) == wanted


PIECEWISE = [
    "max(x, y)", "min(x, y, z)", "max(x, y, y, z)^2", "clip(x, y, z)", "clip(x*y, z, 1)^3", "max(x, y)*min(y, z)",
    "max(x*y, min(y, z), 1)", "max(max(x, y), z)*x", "exp(max(x, y))*relu(z)", "leaky_relu(max(x, y) - z)",
    "min(max(x, 0), 1)*y", "max(-1, min(x, 1))^2", "min(relu(x), 1)*y", "min(max(x*y, 0), 2)*z", "min(max(x, 1), 1)",
    "x*min(max(x + 1, 0), 2)", "min(max(x, 2), 0)", "max(min(x, 2), 2)*y", "min(max(-x, 0), 1)*relu(min(x, 1))",
    "hinge(max(x, y), z)", "where(max(x, y) > z, max(x, z), min(x, y)*z)", "abs(max(x, 0) - clip(y, 0, z))",
]  # fmt: skip
SMALL = st.sampled_from([-1.0, 0.0, 1.0, 2.0])


@pytest.mark.parametrize("text", PIECEWISE)
def test_gradients_of_every_maker_are_those_of_the_passes_at_ties_too(text: str) -> None:
    graph = build(parse(text))
    names = list(graph.variables)
    formulas = [gradient(graph, graph.output, names, maker) for maker in (Simplifier(), Plain())]
    directions = {name: f"d{name}" for name in names}
    made = Plain()
    moving = Directional(graph, made, True, names).forward(
        graph.output, {name: made.variable(directions[name]) for name in names}
    )
    moved = made.emit({"tangent": moving}, list(directions.values()))
    for numbers in itertools.product((-1.0, 0.0, 1.0, 2.0), repeat=len(names)):
        point = dict(zip(names, numbers, strict=True))
        values = forward(graph, point)
        found = backward(graph, values, graph.output).upstream
        for derived in formulas:
            at_point = forward(derived, point)
            for name in names:
                assert at_point[derived.outputs[name]] == found[graph.variables[name]], (point, name)
        direction = {name: 1.0 + place for place, name in enumerate(names)}
        there = forward(moved, point | {directions[name]: one for name, one in direction.items()})
        assert there[moved.output] == tangents(graph, values, direction)[graph.output]


@pytest.mark.parametrize("text", ["sqrt(max(x, 0))", "sqrt(relu(x))", "relu(log(x + 1))", "max(log(x + 1), -1)"])
def test_a_slope_of_zero_sends_nothing_however_infinite_what_follows_is(text: str) -> None:
    graph = build(parse(text))
    for maker in (Simplifier(), Plain()):
        derived = gradient(graph, graph.output, ["x"], maker)
        assert forward(derived, {"x": -1.0})[derived.output] == 0.0
    moved = repeated(graph, graph.output, ["x", "x"], Simplifier)
    assert forward(moved, {"x": -1.0})[moved.output] == 0.0


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 30), st.sampled_from(["relu", "where"]))
def test_choices_inside_each_other_stay_linear(depth: int, kind: str) -> None:
    text = "x"
    for level in range(depth):
        text = f"relu(w{level}*({text}))" if kind == "relu" else f"where(w{level} > 0, sin({text}), w{level})"
    graph = build(parse(text))
    for maker in (Simplifier(), Plain()):
        derived = gradient(graph, graph.output, list(graph.variables), maker)
        assert len(derived) <= 12 * len(graph) + 20
        point = dict.fromkeys(graph.variables, 0.75)
        found = backward(graph, forward(graph, point), graph.output).upstream
        at_point = forward(derived, point)
        for name, node in derived.outputs.items():
            assert math.isclose(at_point[node], found[graph.variables[name]], rel_tol=1e-12)


def test_the_gradient_of_a_maximum_of_many_is_linear() -> None:
    graph = build(parse(f"max({', '.join(f'x{index}' for index in range(20_000))})"))
    derived = gradient(graph, graph.output, list(graph.variables), Simplifier())
    assert len(derived) <= 5 * len(graph)


@pytest.mark.parametrize("name", ["max", "min"])
def test_the_largest_of_one_is_that_one(name: str) -> None:
    for inside in ("x^2", "x^-inf + 2", "inf*x"):
        derived = cgraph_cli.differentiate(f"{name}({inside})*x", "x")
        assert name not in str(derived)
        assert str(cgraph_cli.parse(str(derived))) == str(derived)
