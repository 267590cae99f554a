"""Prepared evaluation has every bit of the passes: real formulas, random ones, special points, modules, huge graphs."""

from __future__ import annotations

import itertools
import math
import random
import struct
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from strategies import Case, expressions

import cgraph_cli
from cgraph_cli.engine import straight
from cgraph_cli.engine.kernels import local_kernel, value_kernel
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.engine.straight import prepared, prepared_value
from cgraph_cli.errors import InvalidValueError, MissingVariableError, UnknownVariableError
from cgraph_cli.graph.build import Reading, build, variables_of
from cgraph_cli.graph.graph import Graph, operation
from cgraph_cli.rules import RULES
from cgraph_cli.syntax.parser import parse


def bits(number: float) -> bytes:
    return struct.pack("d", math.nan if number != number else number)


def by_passes(graph: Graph, names: Sequence[str], point: Sequence[float]) -> tuple[float, tuple[float, ...]]:
    values = forward(graph, dict(zip(names, point, strict=True)))
    upstream = backward(graph, values, graph.output).upstream
    gradients = (upstream[graph.variables[name]] if name in graph.variables else 0.0 for name in names)
    return values[graph.output], tuple(gradients)


def assert_equal(graph: Graph, names: Sequence[str], points: Iterable[Sequence[float]]) -> None:
    function, alone = prepared(graph, names), prepared_value(graph)
    for point in points:
        (value, gradients), (expected, slopes) = function(*point), by_passes(graph, names, point)
        assert type(value) is float
        assert bits(value) == bits(expected), (point, value, expected)
        at = dict(zip(names, point, strict=True))
        assert bits(alone(*(at[name] for name in graph.variables))) == bits(value)
        assert list(map(bits, gradients)) == list(map(bits, slopes)), (point, gradients, slopes)


def test_every_corpus_formula_has_the_bits_of_the_passes(corpora: list[dict[str, Any]]) -> None:
    chance = random.Random(2)
    for line in corpora[::4]:
        program = parse(line["expr"])
        names = list(dict.fromkeys([*line["vars"], *variables_of(program)]))
        at = [line["vars"].get(name, 1.0) for name in names]
        points = [at, [0.0] * len(at), [-x for x in at], [x * 1e200 for x in at]]
        points += [[x * chance.uniform(-2, 2) for x in at] for _ in range(3)]
        assert_equal(build(program, Reading(frozenset(names))), names, points)


@settings(max_examples=150, deadline=None)
@given(expressions())
def test_random_expressions_have_the_bits_of_the_passes(case: Case) -> None:
    graph = build(parse(case.text))
    names = list(graph.variables)
    at = [case.values[name] for name in names]
    assert_equal(graph, names, [at, [-x for x in at], [round(x) for x in at]])


SPECIAL = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 1e308, -1e-308, 710.0, math.inf, -math.inf, math.nan)


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.has_gradient])
def test_every_row_at_special_points(name: str) -> None:
    """Inside two others, so that what it hides or makes infinite meets something."""
    rule = RULES[name]
    count = 3 if rule.many else len(rule.args)
    graph = Graph()
    nodes = [graph.variable(f"a{i}") for i in range(count)]
    made = graph.add(operation(name), [graph.add(operation("mul"), (node, nodes[0])) for node in nodes])
    graph.outputs["f"] = graph.add(operation("sqrt"), [graph.add(operation("sub"), (made, nodes[-1]))])
    numbers = SPECIAL if count < 3 else SPECIAL[::2]
    assert_equal(graph, list(graph.variables), itertools.product(numbers, repeat=count))


@pytest.mark.parametrize(
    "text",
    [
        "1e308*10*x", "log(x)", "x/y", "x^y", "abs(x) + relu(y)", "max(x, y, 0)*min(x, y)", "where(x > y, log(x), y)/y",
        "q = log(x); where(x > 0, q*q, where(y > 0, sqrt(y)*q, 1/x)) + y", "sqrt(where(y, 0, x))", "sqrt(relu(x)) + y",
        "q = x - y; q^0 + where(q*0 == 0, 1, q)", "norm(x*y, y - x)", "hypot(x - y, 1/x)", "x", "3", "0*x + inf", "-x",
        "s(a) = where(a > 0, log(a), 0); s(x)*s(y) + s(s(x))", "first(a, b) = a; sqrt(first(x, y))", "f(a) = 2; f(x)*y",
        "f(a, b) = a^2/b; g(a) = f(a, sin(a)) + f(a, 3); g(x) - g(y)*f(x, y)", "clip(x, -1, y)", "mse(mse(x, y), x)",
        "logsumexp(x, y, x*y) + mean(x, y) + sum(x, 2, y)", "round(x) + floor(y)/ceil(x) + sign(x - y)", "atan2(y, x)",
        "x^2^y", "polygamma(1, x) + lgamma(y) + gamma(x*y)", "where(x == y, x, where(x < y, 2, x/(x - y)))",
    ],
)  # fmt: skip
def test_expressions_at_special_points(text: str) -> None:
    graph = build(parse(text))
    assert_equal(graph, ["x", "y"], itertools.product((*SPECIAL, 3.0, 1e-320, -0.3), repeat=2))


def test_which_values_hide_a_nan_is_read_off_the_rows() -> None:
    """As in C: pow(1, nan) = 1, hypot(inf, nan) = inf. A choice hides the branch not taken, but sends nothing there."""
    found = {
        name
        for name, rule in RULES.items()
        for position in range(2 if rule.many else len(rule.args))
        if straight._hides_nan(operation(name), (None,) * (2 if rule.many else len(rule.args)), position)
    }
    answered = set()
    for name, rule in RULES.items():
        for args in itertools.product((*SPECIAL, 3.0), repeat=2 if rule.many else len(rule.args)):
            value = value_kernel(name)(*args)
            if not math.isnan(value):
                local = local_kernel(name)(value, *args)
                answered |= {name for x, slope in zip(args, local, strict=True) if math.isnan(x) and slope is not None}
    assert found == answered


def test_a_choice_computes_what_only_one_branch_needs_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """log(-1) would raise and leave the point to the passes."""
    graph = build(parse("q = log(x); s(a) = a; where(x > 0, q*s(q) + (q + 1)^x*0 + sqrt(x), x^2)*3 + relu(x)"))
    function = prepared(graph, ["x"])
    monkeypatch.setattr(straight, "forward", None)
    assert function(-2.0) == (12.0, (-12.0,))
    assert function(1.0) == (4.0, (2.5,))


def test_common_points_do_not_reach_the_passes(corpora: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    graphs = []
    for line in corpora[::20]:
        program = parse(line["expr"])
        names = list(dict.fromkeys([*line["vars"], *variables_of(program)]))
        graphs.append(
            (build(program, Reading(frozenset(names))), names, [line["vars"].get(name, 1.0) for name in names])
        )
    monkeypatch.setattr(straight, "forward", None)
    missed = 0
    for graph, names, at in graphs:
        try:
            prepared(graph, names)(*at)
        except TypeError:
            missed += 1
    assert missed < 0.05 * len(graphs)


@pytest.mark.parametrize(
    "text",
    ["+".join(f"x{i}*y" for i in range(300)), "(" * 3000 + "x" + "*y)" * 3000, "sin(" * 2000 + "x*y" + ")" * 2000,
     "where(x > 0, " * 200 + "y" + ", x)" * 200, f"max({', '.join(f'x*{i}' for i in range(200))})*y"],
)  # fmt: skip
def test_long_and_deep_graphs_compile(text: str) -> None:
    graph = build(parse(text))
    names = list(graph.variables)
    assert_equal(graph, names, [[0.99 + 1e-5 * i for i in range(len(names))], [-1.0] * len(names)])


def test_large_graphs_are_left_to_the_passes() -> None:
    graph = Graph()
    node = graph.variable("x")
    for _ in range(100_000):
        node = graph.add(operation("add"), (node, graph.variable("x")))
        node = graph.add(operation("neg"), (node,))
    graph.outputs["f"] = node
    assert prepared(graph, ["x"])(1.5) == by_passes(graph, ["x"], (1.5,))


def test_modules_that_double_are_compiled_once_each() -> None:
    lines = ["f0(a) = sin(a)", *(f"f{i}(a) = f{i - 1}(f{i - 1}(a))" for i in range(1, 13)), "f12(x)"]
    graph = build(parse("\n".join(lines)))
    assert_equal(graph, ["x"], [(0.7,), (-2.0,)])


# --- the library ----------------------------------------------------------------------------------------------------


def test_the_function_takes_and_returns_in_the_order_of_the_names() -> None:
    function = cgraph_cli.parse("x^2*y + e").function(["y", "e", "x"])
    assert function(2.0, 5.0, 3.0) == (23.0, (9.0, 1.0, 12.0))
    assert function(2, 5, 3) == (23.0, (9.0, 1.0, 12.0))
    assert cgraph_cli.parse("y - x").function()(5.0, 3.0) == (2.0, (1.0, -1.0))


def test_a_whole_number_too_large_for_a_double_is_infinite() -> None:
    assert cgraph_cli.parse("2/x").function(["x"])(10**400) == (0.0, (-0.0,))


def test_names_that_do_not_fit_are_errors() -> None:
    expression = cgraph_cli.parse("x*y")
    with pytest.raises(MissingVariableError, match="`y`"):
        expression.function(["x"])
    with pytest.raises(UnknownVariableError, match="`z`"):
        expression.function(["x", "y", "z"])
    with pytest.raises(InvalidValueError, match="`x` is given twice"):
        expression.function(["x", "x", "y"])
    with pytest.raises(TypeError):
        expression.function(["x", "y"])(1.0)
