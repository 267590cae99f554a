"""Power at its hard points: value and both partials by a truth table, and mixed partials commute."""

from __future__ import annotations

import math
import time

import mpmath
import pytest
from mpmath import mp

import cgraph_cli
from cgraph_cli.engine.kernels import local_kernel, value_kernel
from cgraph_cli.engine.mpmath import MAX_POWER, WATCH, precise
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.graph.build import build
from cgraph_cli.symbolic.derive import Plain, gradient
from cgraph_cli.syntax.parser import parse

NAN, INF = math.nan, math.inf
ARITHMETICS = pytest.mark.parametrize("arithmetic", ["float", "mpmath"])

# x, y, x^y as C has it, ∂/∂x = y*x^(y-1), ∂/∂y = x^y*log(x).
# ∂/∂x is 0 at y = 0 for every x: x^0 = 1. ∂/∂y is 0 at x = 0 for every y > 0: 0^y = 0.
# ∂/∂y is nan for a negative base: next to a whole exponent there is no real power.
TRUTH = [
    (0.0, 0.0, 1.0, 0.0, -INF),
    (0.0, 2.0, 0.0, 0.0, 0.0),
    (0.0, 1.0, 0.0, 1.0, 0.0),
    (0.0, 0.5, 0.0, INF, 0.0),
    (0.0, -1.0, INF, -INF, -INF),
    (-2.0, 3.0, -8.0, 12.0, NAN),
    (-2.0, 0.5, NAN, NAN, NAN),
    (-2.0, 2.0, 4.0, -4.0, NAN),
    (-2.0, 0.0, 1.0, 0.0, NAN),
    (-2.0, -1.0, -0.5, -0.25, NAN),
    (2.0, 0.0, 1.0, 0.0, math.log(2.0)),
    (1.0, INF, 1.0, INF, 0.0),
    (INF, 2.0, INF, INF, INF),
]


def equal(got: object, expected: float) -> bool:
    number = float(got)  # type: ignore[arg-type]
    return number == expected or (math.isnan(number) and math.isnan(expected))


@ARITHMETICS
@pytest.mark.parametrize(("x", "y", "value", "by_x", "by_y"), TRUTH)
def test_truth_table(arithmetic: str, x: float, y: float, value: float, by_x: float, by_y: float) -> None:
    numbers = precise() if arithmetic == "mpmath" else None
    args = [mp.mpf(x), mp.mpf(y)] if numbers else [x, y]
    extra = (numbers,) if numbers else ()
    got = value_kernel("pow", *extra)(*args)
    local = local_kernel("pow", *extra)(got, *args)
    assert equal(got, value), (x, y, got)
    assert equal(local[0], by_x), (x, y, local)
    assert equal(local[1], by_y), (x, y, local)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (-0.0, -3.0, -INF), (-0.0, -2.0, INF), (0.0, -0.5, INF), (-0.0, 3.0, -0.0), (-1.0, INF, 1.0), (NAN, 0.0, 1.0),
        (1.0, NAN, 1.0), (0.5, INF, 0.0), (0.5, -INF, INF), (-INF, 3.0, -INF), (-INF, -3.0, -0.0), (-8.0, 1 / 3, NAN),
        (1e200, 2.0, INF), (-1e200, 3.0, -INF), (-1e200, 2.0, INF), (9.0, 1e9, INF), (2.0, -1e9, 0.0),
    ],
)  # fmt: skip
def test_the_value_is_that_of_c(x: float, y: float, expected: float) -> None:
    got = value_kernel("pow")(x, y)
    assert equal(got, expected)
    assert math.isnan(got) or math.copysign(1.0, got) == math.copysign(1.0, expected)
    exact = value_kernel("pow", precise())(mp.mpf(x), mp.mpf(y))  # knows no signed zero and no overflow
    if math.copysign(1.0, x) > 0 or x != 0:
        assert equal(exact, expected) or abs(exact) > 1e308 or abs(exact) < 1e-323


def test_a_negative_base_with_a_constant_exponent_has_its_gradient() -> None:
    graph = build(parse("x^3 + x^-2 + x^2.0"))
    found = backward(graph, forward(graph, {"x": -2.0}), graph.output)
    with mpmath.workdps(60):
        expected = mpmath.diff(lambda x: x**3 + x**-2 + x**2, mp.mpf(-2))
    assert found.upstream[graph.variables["x"]] == pytest.approx(float(expected), rel=1e-15)


@pytest.mark.parametrize("x", [0.25, 1.0, 2.0, 3.5, 1e-3])
@pytest.mark.parametrize("y", [0.0, 1.0, 2.0, -1.5, 0.5])
def test_mixed_partials_commute(x: float, y: float) -> None:
    """Also at y = 0, where ∂/∂x is 0 on a line of which ∂/∂y must not take notice."""
    graph = build(parse("x^y"))
    values = {"x": x, "y": y}
    mixed = []
    for first, second in (("x", "y"), ("y", "x")):
        once = gradient(graph, graph.output, [first], Plain())
        twice = gradient(once, once.outputs[first], [second], Plain())
        mixed.append(forward(twice, values)[twice.outputs[second]])
        found = backward(once, forward(once, values), once.outputs[first])
        assert found.upstream[once.variables[second]] == pytest.approx(mixed[-1], rel=1e-13)
    with mpmath.workdps(60):
        expected = float(mpmath.diff(mpmath.power, (mp.mpf(x), mp.mpf(y)), (1, 1)))
    assert mixed == pytest.approx([expected, expected], rel=1e-13)


@pytest.mark.parametrize(("y", "expected"), [(2.0, 2.0), (3.0, 0.0), (1.0, 0.0), (0.0, 0.0)])
def test_the_second_derivative_of_a_whole_power_at_zero(y: float, expected: float) -> None:
    graph = build(parse("x^y"))
    once = gradient(graph, graph.output, ["x"], Plain())
    found = backward(once, forward(once, {"x": 0.0, "y": y}), once.outputs["x"])
    assert found.upstream[once.variables["x"]] == expected


def test_in_high_precision_an_exponent_need_not_fit_into_memory() -> None:
    power, large = precise().functions["pow"], mp.ldexp(3, 2 * 10**13)
    assert [power(mp.mpf(base), large) for base in (0, 1, -1)] == [0, 1, 1]
    assert [power(mp.mpf(base), -large) for base in (0, 1, -1)] == [mp.inf, 1, 1]
    assert cgraph_cli.evaluate("x^cosh(2e13)", x=0, digits=20).gradients == {"x": 0}


@pytest.mark.parametrize("size", [80, 1000, 60_000])
def test_in_high_precision_an_exponent_of_many_digits_takes_no_longer(size: int) -> None:
    power = precise().functions["pow"]
    start = time.process_time()
    with mpmath.workprec(size + 100), WATCH:
        near, minus, large = 1 + mp.ldexp(1, -size), -1 - mp.ldexp(1, -size), mp.ldexp(1, size)
        with mpmath.workprec(100):
            assert abs(power(near, large) / mp.e - 1) < 1e-20
            assert abs(power(minus, -large) * mp.e - 1) < 1e-20
        assert power(mp.mpf(-1), large + 1) == -1
        assert not WATCH.left
        above, below = power(mp.mpf(-2), 1 + large), power(mp.mpf(-2), 1 - large)
        if WATCH.left:
            assert size > MAX_POWER
            assert (above, below) == (-mp.inf, 0)
        else:
            assert above == -(2 * mp.ldexp(1, int(large)))
            assert below == -(2 * mp.ldexp(1, -int(large)))
    assert time.process_time() - start < 5
