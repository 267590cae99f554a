"""What high precision says of numbers: the double nearest to them, that there is none, or that it cannot tell."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import mpmath
import pytest
from hypothesis import given
from mpmath import mp
from strategies import Case, expressions

import cgraph_cli
from cgraph_cli.engine import truth
from cgraph_cli.engine.mpmath import SERIES, WATCH, _gamma_functions, _operators, precise
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.engine.quantities import Quantities, by_rules
from cgraph_cli.engine.truth import Truth
from cgraph_cli.graph.build import build
from cgraph_cli.rules import RULES
from cgraph_cli.syntax.parser import parse

UNDECIDED = None
Point = Mapping[str, Any]


def judge(point: dict[str, float]) -> Truth:
    return Truth(build(parse("+".join(point))), point)


def one(function: Callable[[Point], Any], operations: int = 1) -> Quantities:
    return Quantities(1, operations, lambda point: [function(point)])


def same(number: float | None, other: float | None) -> bool:
    return number == other or (number is not None and other is not None and math.isnan(number) and math.isnan(other))


@given(expressions(6))
def test_values_are_the_gradients_that_doubles_have_where_all_is_well(case: Case) -> None:
    report = cgraph_cli.evaluate(case.text, case.values)
    if report.warnings:
        return
    graph = build(parse(case.text))

    def gradients(point: Point) -> list[Any]:
        values = forward(graph, point, precise())
        upstream = backward(graph, values, graph.output, precise()).upstream
        return [upstream[node] for node in graph.variables.values()]

    found = Truth(graph, case.values).values(Quantities(len(graph.variables), len(graph), gradients))
    assert found == pytest.approx(list(report.gradients.values()), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("exponent", [30, 100, 500, 1000])
def test_what_cancels_in_any_precision_that_is_fixed_is_found(exponent: int) -> None:
    text = "y + (cos(x) - 1 + x^2/2)/x^4"
    graph = build(parse(text))
    point = {"x": 2.0**-exponent, "y": 1.0}
    value = Quantities(1, len(graph), lambda at: [forward(graph, at, precise())[graph.output]])
    assert Truth(graph, point).values(value) == [1 + 1 / 24]


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda at: at["x"] - mp.mpf(2) ** -1000, 0.0),
        (lambda at: 1 - at["x"], 1.0),
        (lambda at: mp.sin(1) ** 2 + mp.cos(1) ** 2 - 1, 0.0),  # noise at every precision, and below every double
        (lambda at: mp.mpf(10) ** -400, 0.0),
        (lambda at: mp.mpf(10) ** 400, math.inf),
        (lambda at: mp.nan, math.nan),
        (lambda at: mp.inf, math.inf),
        (lambda at: mp.mpf(mp.prec), UNDECIDED),
    ],
)
def test_a_value_is_what_two_precisions_say(function: Callable[[Point], Any], expected: float | None) -> None:
    (found,) = judge({"x": 2.0**-1000}).values(one(function))
    assert same(found, expected)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: mpmath.sin(x) / x, 1.0),
        (lambda x: abs(x) / x, math.nan),
        (lambda x: x * mpmath.log(abs(x)), 0.0),
        (lambda x: mpmath.log(abs(x)), -math.inf),
        (lambda x: 1 / x, math.nan),
        (lambda x: 1 / x**2, math.inf),
        (lambda x: mpmath.exp(1 / x**2), math.inf),
        (lambda x: mpmath.exp(-1 / x**2), 0.0),
        (lambda x: 1 / mpmath.log(abs(x)), UNDECIDED),
        (lambda x: mpmath.sin(1 / x), UNDECIDED),
        (lambda x: mp.sqrt(abs(x)), 0.0),
        (lambda x: mp.nan if x < 0 else x**x, 1.0),
        (lambda x: mp.nan, math.nan),
    ],
)
@pytest.mark.parametrize("place", [0.0, 1.0, -1e-200])
def test_a_limit_is_what_all_sides_with_values_say(
    function: Callable[[Any], Any], expected: float | None, place: float
) -> None:
    (found,) = judge({"x": place}).limits(one(lambda at: function(at["x"] - place)))
    assert same(found, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x*y/hypot(x, y)", 0.0),
        ("x*y/(x^2 + y^2)", math.nan),
        ("where(x > 0, where(y > 0, 2, 0/0), 0/0) + x*y", 2.0),
        ("where(x > y, where(x < 1.2*y, 2, 0/0), 0/0)", UNDECIDED),  # one of six directions
    ],
)
def test_a_limit_in_two_variables_comes_from_several_directions(text: str, expected: float | None) -> None:
    graph = build(parse(text))
    value = Quantities(1, len(graph), lambda at: [forward(graph, at, precise())[graph.output]])
    (found,) = Truth(graph, {"x": 0.0, "y": 0.0}).limits(value)
    assert same(found, expected)


def test_only_what_is_moving_moves() -> None:
    seen = []

    def function(at: Point) -> Any:
        seen.append(at["y"])
        return at["x"]

    assert judge({"x": 0.0, "y": 3.0}).limits(one(function), ["x"]) == [0.0]
    assert set(seen) == {3.0}


def test_work_is_operations_times_bits_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    done = 0

    def costly(point: Point) -> Any:
        nonlocal done
        done += 1000 * mp.prec
        return mp.mpf(done)

    monkeypatch.setattr(truth, "MOST_WORK", 3_000_000)
    asked = judge({"x": 1.0})
    answers = [asked.values(one(costly, 1000)), asked.limits(one(costly, 1000)), asked.values(one(costly, 1000))]
    assert answers == [[UNDECIDED]] * 3
    assert 1_000_000 < done <= 3_000_000


def test_coefficients_of_gamma_functions_are_paid_for_at_every_precision_once(monkeypatch: pytest.MonkeyPatch) -> None:
    precisions: list[int] = []

    def watched(point: Point) -> Any:
        precisions.append(mp.prec)
        return point["x"] / len(precisions)

    monkeypatch.setattr(truth, "MOST_WORK", 3 * truth._coefficients(1000))
    plain = Truth(build(parse("x")), {"x": 1.0})
    slow = Truth(build(parse("digamma(a) = a; g(a) = gamma(a); digamma(g(x))")), {"x": 1.0})
    assert plain.values(one(watched)) == [UNDECIDED]
    assert max(precisions) > 8000
    precisions.clear()
    assert slow.values(one(watched)) == slow.values(one(watched)) == [UNDECIDED]
    assert 500 < max(precisions) < 1500
    precisions.clear()
    beyond = Truth(build(parse("gamma(x) + x")), {"x": 170.5})
    assert beyond.values(one(watched)) == [UNDECIDED]
    assert not precisions


def bits_reached(text: str) -> int:
    """The highest precision that there is work left for, in a graph where two never agree."""
    precisions: list[int] = []

    def watched(point: Point) -> Any:
        precisions.append(mp.prec)
        return mp.mpf(len(precisions))

    graph = build(parse(text))
    assert Truth(graph, {"x": 1.5, "y": 0.5}).values(one(watched, 100)) == [UNDECIDED]
    return max(precisions)


def test_what_is_summed_by_series_takes_as_the_square_of_the_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(truth, "MOST_WORK", 2_000_000)
    products = {bits_reached(text) for text in ("x*y", "x^3/y", "sqrt(abs(x) + y)", "f(a) = a*a; f(x)")}
    series = {bits_reached(text) for text in ("exp(x)", "x^y", "atan2(x, y)", "f(a) = sin(a); f(x)", "softplus(x)")}
    assert min(products) > 8000
    assert 500 < min(series) <= max(series) < 5000


def test_every_function_that_mpmath_sums_has_its_cost() -> None:
    """Not those with coefficients of their own, and not arithmetic, roots and what is rounded."""
    algebraic = {"abs", "sign", "sqrt", "cbrt", "hypot", "norm", "floor", "ceil", "round"}
    summed = {name for name in precise().functions if name in RULES} - set(_operators()) - set(_gamma_functions())
    assert summed - algebraic == set(SERIES) & set(RULES) - {"pow"}


def test_towers_of_exponentials_are_infinite_before_they_take_long() -> None:
    for text, value in (("exp(exp(x)^20)", "inf"), ("1/cosh(exp(x)^20)", "0"), ("expm1(-exp(x)^20)", "-1")):
        graph = build(parse(text))
        with mpmath.workprec(2000):
            assert forward(graph, {"x": 700.0}, precise())[graph.output] == mpmath.mpf(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("exp(exp(exp(x)))/exp(exp(exp(x)))", UNDECIDED),
        ("log(exp(exp(exp(x)))) - exp(exp(x))", UNDECIDED),
        ("exp(exp(exp(x)))*0", UNDECIDED),
        ("exp(exp(exp(x)))", math.inf),
        ("1/exp(exp(exp(x)))", UNDECIDED),
        ("exp(exp(x))/exp(exp(exp(x)))", UNDECIDED),
        ("log(exp(-exp(exp(x))))", UNDECIDED),
        ("x + 0/exp(exp(exp(x)))", 700.0),
        ("exp(exp(x))/exp(exp(x)) + 1/exp(exp(x))", 1.0),
        ("exp(100*x)*x/sqrt(exp(200*x) + 1)", 700.0),
        ("acosh(cosh(100*x))", 70_000.0),
        ("sqrt(exp(100*x))/exp(50*x)", 1.0),
        ("log(-x)", math.nan),
    ],
)
def test_what_leaves_the_range_of_exponents_is_infinite_and_is_no_ground_for_nan(
    text: str, expected: float | None
) -> None:
    graph = build(parse(text))
    asked = Quantities(1, len(graph), lambda at: [forward(graph, at, precise())[graph.output]])
    (value,) = Truth(graph, {"x": 700.0}).values(asked)
    assert same(value, expected)


@pytest.mark.parametrize(
    "text",
    [
        "sin(1/x)",
        "cos(pi/x)",
        "cos(1/x)/x^2",
        "exp(1/x^2)*cos(1/x)",
        "cos(2*pi*log2(abs(x)))",
        "1/x^2 - floor(1/x^2)",
        "sin(log(abs(x)))/x^2",
        "1/(x - x)",
    ],
)
def test_what_swings_has_no_limit(text: str) -> None:
    graph = build(parse(text))
    value = Quantities(1, len(graph), lambda at: [forward(graph, at, precise())[graph.output]])
    for length in (1.0, 1.618034, 3.0):
        assert Truth(graph, {"x": 0.0}).sides(value, {"x": length}) == [(None, None)]


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [
        ("1/x", -math.inf, math.inf),
        ("exp(1/x)", 0.0, math.inf),
        ("abs(x)/x", -1.0, 1.0),
        ("atan(1/x)", -math.pi / 2, math.pi / 2),
        ("gamma(x)", -math.inf, math.inf),
        ("log(x)/x", math.nan, -math.inf),
        ("log(abs(x))^3/x^2", -math.inf, -math.inf),
        ("floor(x)", -1.0, 0.0),
        ("x*sin(1/x)", 0.0, 0.0),
    ],
)
def test_limits_from_both_sides(text: str, left: float, right: float) -> None:
    graph = build(parse(text))
    value = Quantities(1, len(graph), lambda at: [forward(graph, at, precise())[graph.output]])
    for length in (1.0, 1.618034):
        ((behind, ahead),) = Truth(graph, {"x": 0.0}).sides(value, {"x": length})
        assert same(behind, left)
        assert same(ahead, right)


@pytest.mark.parametrize(
    "text",
    [
        "(1 - cos(x^3))/x^6",
        "(exp(x^5) - 1)/x^5",
        "log(1 + x^5)/x^5",
        "((1 + x^5)^0.5 - 1)/x^5 + 1",
        "(exp(x^5) - 1)/sin(x)^5",
        "(1 - cos(x^8))/x^16",
        "(x^3 - sin(x^3))/x^9",
        "(tanh(x^3) - x^3)/x^9",
        "(1 - cos(y))/y^2 + sin(x)/x",
        "(1 - cos(x*y))/(x*y)^2",
        "(x - sin(x))/x^3 + (y - sin(y))/y^3",
    ],
)
def test_a_limit_behind_a_difference_of_many_powers_is_found(text: str) -> None:
    graph = build(parse(text))
    truth = Truth(graph, dict.fromkeys(graph.variables, 0.0))
    (found,) = truth.limits(by_rules(graph, [(graph.output, None)]))
    with mpmath.workdps(1000):
        near = forward(graph, {name: mpmath.mpf(2) ** -100 / 3 for name in graph.variables}, precise())[graph.output]
    assert found == pytest.approx(float(near), rel=1e-12)


@pytest.mark.parametrize("text", ["(sin(x)^2 + cos(x)^2 - 1)/x", "((1 + x)^2 - 1 - 2*x - x^2)/x^2", "(x - x)/x"])
def test_what_is_0_in_every_precision_tends_to_0(text: str) -> None:
    graph = build(parse(text))
    truth = Truth(graph, {"x": 0.0})
    assert truth.limits(by_rules(graph, [(graph.output, None)])) == [0.0]


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("floor(log(125)/log(5))", 3.0),
        ("ceil(log(1000)/log(10))", 3.0),
        ("round(exp(log(2.5)))", 2.0),
        ("sqrt(3)*sqrt(3) >= 3", 1.0),
        ("where(sqrt(2)^2 == 2, 1, 5)", 1.0),
        ("log(216)/log(6) < 3", 0.0),
        ("1 + 1e-100 > 1", 1.0),
        ("floor(2.5)", 2.0),
    ],
)
def test_what_no_precision_tells_apart_is_equal_or_undecided(text: str, true: float) -> None:
    graph = build(parse(text))
    (found,) = Truth(graph, {}).values(by_rules(graph, [(graph.output, None)]))
    assert found in (true, None)
    assert cgraph_cli.evaluate(text, digits=30).value == true


def test_noise_is_what_it_is_while_its_evaluation_is_watched() -> None:
    graph = build(parse("where(x - y, 1, 2)"))
    with mpmath.workprec(60):
        x = mpmath.mpf(1) / 3
        point = {"x": x, "y": x - mpmath.ldexp(1, -61)}
        with WATCH:
            assert forward(graph, point, precise())[graph.output] == 2
            assert WATCH.near
        assert forward(graph, point, precise())[graph.output] == 1


@pytest.mark.parametrize("x", [200.0, 260.0, 300.0, 400.0, 520.0, 800.5, 1200.0, 3000.0])
@pytest.mark.parametrize("text", ["log(1 + gamma(x))", "1/asinh(gamma(x))"])
def test_gamma_of_any_size_beside_1_is_decided(text: str, x: float) -> None:
    # where room for both costs too much, none is needed
    graph = build(parse(text))
    (found,) = Truth(graph, {"x": x}).values(by_rules(graph, [(graph.output, None)]))
    with mpmath.workdps(40):
        size = mp.loggamma(x) if text.startswith("log") else 1 / (mp.loggamma(x) + mp.log(2))
        assert found == float(size)


@pytest.mark.parametrize("text", ["0 + gamma(1e101)*x", "x + 1/(1 + gamma(1e101))", "lgamma(1e300) + gamma(x)"])
def test_what_is_larger_than_any_precision_is_asked_for_without_one(text: str) -> None:
    report = cgraph_cli.evaluate(text, x=1.5, hessian=True)
    assert [one.code for one in report.warnings if one.code == "overflow"] or math.isfinite(report.value)
