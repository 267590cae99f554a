"""Arithmetics: columns have the floats' results in every row, mpmath's constants know themselves at every precision."""

from __future__ import annotations

import math
import random
import sys
from typing import Any

import mpmath
import numpy as np
import oracle
import pytest
from mpmath import mp

from cgraph_cli.engine import floats
from cgraph_cli.engine.arithmetic import Arithmetic
from cgraph_cli.engine.columns import Partly, columns
from cgraph_cli.engine.floats import FLOAT
from cgraph_cli.engine.kernels import local_kernel, value_kernel
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import backward, forward, tangents
from cgraph_cli.errors import MissingExtraError
from cgraph_cli.graph.build import Reading, build
from cgraph_cli.graph.graph import Graph
from cgraph_cli.rules import RULES
from cgraph_cli.syntax.parser import parse

FORMULAS = {name for name, rule in RULES.items() if rule.value is not None}


@pytest.mark.parametrize("arithmetic", [FLOAT, precise(), columns()], ids=lambda arithmetic: arithmetic.name)
def test_an_arithmetic_has_every_row_that_is_no_formula(arithmetic: Arithmetic) -> None:
    assert set(arithmetic.functions) == set(RULES) - FORMULAS


@pytest.mark.parametrize("name", ["gamma", "lgamma", "digamma", "trigamma", "polygamma"])
def test_gamma_functions_at_many_bits_are_those_of_mpmath(name: str) -> None:
    """They are computed far to the right, where mpmath needs few coefficients; here by mpmath at twice the bits."""
    order = {"trigamma": 1, "polygamma": 6}.get(name, 0)
    own = precise().functions["polygamma" if order else name]
    draw = random.Random(1)
    beside = [1.0 + 1e-9, 1.0 - 2**-53, 2.0 + 2**-51, 2.0 - 1e-4]
    points = [0.3, 2.3, *beside, -0.5, -2.0 - 1e-12, 1e-200, 170.5, 1e4, -300.7, 1.4616321449683622]
    for x in [*points, *(draw.uniform(-9, 9) for _ in range(20))]:
        for bits in (200, 310, 1000):
            with mpmath.workprec(2 * bits):
                known = {"gamma": mpmath.gamma, "lgamma": lambda x: mpmath.re(mpmath.loggamma(x))}
                true = known[name](x) if name in known else mpmath.polygamma(order, x)
            with mpmath.workprec(bits):
                found = own(mp.mpf(order), mp.mpf(x)) if order else own(mp.mpf(x))
            with mpmath.workprec(2 * bits):
                zero = x == points[12] and name == "digamma"  # where it has lost the bits of x
                assert abs(found - true) <= abs(true) * mp.ldexp(1, -bits + 1 + 54 * zero), (x, bits)


@pytest.mark.parametrize("name", ["erf", "erfc"])
def test_error_functions_at_many_bits_are_those_of_mpmath(name: str) -> None:
    """Their own series has positive terms; here they are computed by mpmath's, in twice the bits."""
    own = precise().functions[name]
    draw = random.Random(1)
    points = [1.0, 1.0 + 1e-15, -1.0 - 1e-15, 17.3, 17.33, -17.3, 30.0, 1e10, 1e-10, 0.0, math.inf, -math.inf]
    for x in [*points, *(draw.uniform(-30, 30) for _ in range(20))]:
        for bits in (300, 301, 900):
            with mpmath.workprec(2 * bits):
                true = getattr(mpmath, name)(mp.mpf(x))
            with mpmath.workprec(bits):
                found = own(mp.mpf(x))
            with mpmath.workprec(2 * bits):
                assert abs(found - true) <= abs(true) * mp.ldexp(1, -bits), (x, bits)


@pytest.mark.parametrize("name", ["exp", "expm1", "sinh", "cosh", "tanh"])
@pytest.mark.parametrize("x", [2**64 + 1, -(2**70), int(1e300)])
def test_exponentials_of_large_whole_numbers_have_all_their_bits(name: str, x: int) -> None:
    kernel = value_kernel(name, precise())
    with mpmath.workprec(2000):
        at = mp.mpf(x)
    for bits in (64, 700, 2000):
        with mpmath.workprec(bits):
            found = kernel(at)
        with mpmath.workprec(2 * bits + 2000):
            true = getattr(mpmath, name)(at)
            assert abs(found - true) <= mp.ldexp(abs(true), 1 - bits)


def test_what_high_precision_was_asked_for_is_kept_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floats, "RECENT", kept := {})
    monkeypatch.setattr(floats, "MOST_RECENT", 10)
    digamma = FLOAT.functions["digamma"]
    first = [digamma(one / 8) for one in range(1, 100)]
    assert len(kept) <= 10
    assert first == [float(mpmath.digamma(one / 8)) for one in range(1, 100)]
    assert digamma(99 / 8) == first[-1] == kept["polygamma", 0.0, 99 / 8]


# --- columns --------------------------------------------------------------------------------------------------------


def rows(column: Any, count: int) -> list[float]:
    return [float(x) for x in np.broadcast_to(np.asarray(column), count)]


def ulps(got: float, expected: float) -> float:
    if got == expected or (math.isnan(got) and math.isnan(expected)):
        return 0.0
    return abs(got - expected) / math.ulp(expected) if math.isfinite(expected) else math.inf


@pytest.mark.parametrize("name", RULES)
def test_every_row_of_the_table_has_the_floats_digits_in_columns(name: str) -> None:
    """NumPy's own exp or log may round the last digit otherwise; which edges send is the same in every row."""
    by_length: dict[int, list[tuple[float, ...]]] = {}
    for args in oracle.samples(name):
        by_length.setdefault(len(args), []).append(args)
    for points in by_length.values():
        count = len(points)
        arguments = [np.array(column) for column in zip(*points, strict=True)]
        with columns().context():
            value = value_kernel(name, columns())(*arguments)
            slopes = local_kernel(name, columns())(value, *arguments)
        expected = [value_kernel(name)(*args) for args in points]
        assert max(map(ulps, rows(value, count), expected)) <= 3
        local = [local_kernel(name)(f, *args) for f, args in zip(expected, points, strict=True)]
        for position, slope in enumerate(slopes):
            wanted = [one[position] for one in local]
            if slope is None:
                assert set(wanted) == {None}
                continue
            there = rows(slope.there if isinstance(slope, Partly) else True, count)
            assert there == [float(one is not None) for one in wanted]
            assert max(map(ulps, rows(slope, count), [one or 0.0 for one in wanted])) <= 4


def exact_columns() -> Arithmetic:
    """Columns whose functions are the floats', row by row: nothing may differ then."""
    own = columns()
    kept = {"where", "sum", "add", "sub", "mul", "neg", "div", "min", "max", "lt", "le", "gt", "ge", "eq", "ne"}

    def each(name: str) -> Any:
        return np.vectorize(FLOAT.functions[name], otypes=[float])

    functions = {name: function if name in kept else each(name) for name, function in own.functions.items()}
    return own._replace(name="exact columns", functions=functions)


def assert_every_row_is_the_floats(graph: Graph, points: list[dict[str, float]], arithmetic: Arithmetic) -> None:
    count = len(points)
    inputs = {name: np.array([point.get(name, 1.0) for point in points]) for name in graph.variables}
    values = forward(graph, inputs, arithmetic)
    found = backward(graph, values, graph.output, arithmetic)
    direction = {name: 0.5 + index for index, name in enumerate(graph.variables)}
    moved = tangents(graph, values, direction, arithmetic)
    for row in range(count):
        at = {name: float(column[row]) for name, column in inputs.items()}
        expected_values = forward(graph, at)
        expected = backward(graph, expected_values, graph.output)
        pairs = [(values[graph.output], expected_values[graph.output])]
        pairs += [(found.upstream[node], expected.upstream[node]) for node in graph.variables.values()]
        pairs.append((moved[graph.output], tangents(graph, expected_values, direction)[graph.output]))
        for column, number in pairs:
            assert ulps(rows(column, count)[row], number) == 0, (at, rows(column, count)[row], number)


def test_every_corpus_formula_in_columns_is_the_floats_point_by_point(corpora: list[dict[str, Any]]) -> None:
    arithmetic, chance = exact_columns(), random.Random(1)
    for line in corpora[::5]:
        program = parse(line["expr"])
        at = line["vars"]
        points = [at, {name: -x for name, x in at.items()}, dict.fromkeys(at, 0.0)]
        points += [{name: x * chance.uniform(0.2, 3.0) for name, x in at.items()} for _ in range(2)]
        assert_every_row_is_the_floats(build(program, Reading(frozenset(at))), points, arithmetic)


@pytest.mark.parametrize(
    "text",
    [
        "where(x > 0, log(x), x^2*y)",
        "where(x > 0, where(y > 0, sqrt(x*y), x), sqrt(y)) + where(y > x, 1/x, y)",
        "sqrt(relu(x)) + leaky_relu(y)^2",
        "safe(a) = where(a > 0, log(a), 0); sqrt(safe(x)) + safe(y)*x",
        "first(a, b) = a; sqrt(where(x, first(y, x), x))",
        "sqrt(where(y, 0, x))",
        "abs(x)/hypot(x, y) + x^y + (x - y)/(x - y)",
        "log(x)*0 + max(x, y)*min(x, y)",
    ],
)
def test_choices_are_made_row_by_row(text: str) -> None:
    numbers = (-2.0, -1.0, -0.0, 0.0, 0.5, 1.0, 3.0, math.inf, math.nan)
    points = [{"x": x, "y": y} for x in numbers for y in numbers]
    assert_every_row_is_the_floats(build(parse(text)), points, exact_columns())


def test_columns_without_numpy_name_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(MissingExtraError, match="NumPy") as caught:
        columns.__wrapped__()
    assert caught.value.help == 'pip install "cgraph-cli[data]"'


# --- mpmath ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("symbol", ["pi", "tau", "e"])
def test_a_constant_has_the_digits_of_the_precision_it_is_used_at(symbol: str) -> None:
    graph = build(parse(f"sin({symbol}*x)"))
    assert abs(float(forward(graph, {"x": 1.0}, precise())[graph.output])) < 1  # first at 15 digits
    with mpmath.workdps(80):
        reference = {"pi": mp.pi, "tau": 2 * mp.pi, "e": mp.e}[symbol]
        got = forward(graph, {"x": 1.0}, precise())[graph.output]
        assert abs(got - mp.sin(reference)) < mp.mpf(10) ** -79


# --- choices that send nothing, and values that do not exist ---------------------------------------------------------


def passes(text: str, arithmetic: Arithmetic, **values: float) -> tuple[float, dict[str, float], float]:
    """The value, the gradients and the directional derivative along all ones."""
    graph = build(parse(text))
    at = forward(graph, values, arithmetic)
    found = backward(graph, at, graph.output, arithmetic)
    gradients = {name: float(np.asarray(found.upstream[node], dtype=float)) for name, node in graph.variables.items()}
    moved = tangents(graph, at, dict.fromkeys(values, 1.0), arithmetic)[graph.output]
    return float(at[graph.output]), gradients, float(np.asarray(moved, dtype=float))


EVERY = pytest.mark.parametrize("arithmetic", [FLOAT, precise(), columns()], ids=lambda arithmetic: arithmetic.name)


@EVERY
@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("sqrt(relu(x))", {"x": -1.0}),
        ("log(hinge(x, y))", {"x": 2.0, "y": 1.0}),
        ("sqrt(where(y, 0, x))", {"x": 0.5, "y": 1.0}),
        ("asin(where(x, 1, y))", {"x": 1.0, "y": 1.0}),
        ("safe(a) = where(a > 0, log(a), 0); sqrt(safe(x))", {"x": -1.0}),
        ("f(a) = relu(a); g(a) = f(a); sqrt(g(x))", {"x": -1.0}),
    ],
)
def test_a_choice_that_says_zero_sends_nothing_backward_or_forward(
    arithmetic: Arithmetic, text: str, values: dict[str, float]
) -> None:
    _, gradients, moved = passes(text, arithmetic, **values)
    assert set(gradients.values()) == {0.0}
    assert moved == 0.0


@EVERY
@pytest.mark.parametrize("text", ["0*sqrt(x)", "sqrt(x*x*x)", "sqrt(abs(x))", "sqrt(sign(x))", "sqrt(hypot(x, x))"])
def test_a_zero_that_is_no_choice_is_multiplied(arithmetic: Arithmetic, text: str) -> None:
    _, gradients, moved = passes(text, arithmetic, x=0.0)
    assert math.isnan(gradients["x"])
    assert math.isnan(moved)


@EVERY
@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("log(x)", {"x": -1.0}),
        ("log(x) + 3*x", {"x": -1.0}),
        ("asin(x)*y", {"x": 2.0, "y": 1.0}),
        ("x - y", {"x": math.inf, "y": math.inf}),
        ("q = log(x); q^0", {"x": -1.0}),
        ("f(a) = acosh(a); f(x)", {"x": 0.5}),
        ("where(x > 0, log(-x), 2)", {"x": 1.0}),
        ("max(x, y)", {"x": math.nan, "y": 1.0}),
    ],
)
def test_the_gradient_of_a_nan_is_nan(arithmetic: Arithmetic, text: str, values: dict[str, float]) -> None:
    _, gradients, moved = passes(text, arithmetic, **values)
    assert all(map(math.isnan, gradients.values()))
    assert math.isnan(moved)
