"""The number beside a formula is that formula's; where reverse mode gives another, high precision says which is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp
from strategies import Case, expressions, trees

import cgraph_cli
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import forward
from cgraph_cli.graph.build import build
from cgraph_cli.report.derivatives import Derivatives, differentiate
from cgraph_cli.syntax.parser import parse
from cgraph_cli.syntax.printer import print_expression, print_program

SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.5, 1e-300, 1e200, -1e308, 5e-324, 700.0]


def at(text: str, point: dict[str, float], *wrt: str) -> Derivatives:
    program = parse(text)
    return differentiate(program, None if not wrt else [], mixed=[wrt] if wrt else [], values=point)


def assert_numbers_are_the_formulas(result: Derivatives) -> None:
    """Each formula, and each line of text that is complete in itself, evaluates to its number, to the last bit."""
    known: dict[str, float] = dict(result.variables)
    for name, formula in result.parts:
        known[name] = value_of(print_expression(formula), known)
    for one in result.derivatives:
        texts = {print_expression(one.formula): known, print_program(one.program): result.variables}
        for text, values in texts.items():
            number = value_of(text, values)
            assert one.value is not None
            assert number == one.value or (math.isnan(number) and math.isnan(one.value)), text


def value_of(text: str, values: Mapping[str, float]) -> float:
    expression = cgraph_cli.parse(text)
    return expression.evaluate({name: values[name] for name in expression.names if name in values}).value


@given(expressions())
def test_the_number_beside_a_formula_is_the_number_of_that_formula(case: Case) -> None:
    assert_numbers_are_the_formulas(at(case.text, case.values))


@pytest.mark.parametrize("order", [1, 2])
@given(text=trees(8).map(print_expression), numbers=st.lists(st.sampled_from(SPECIAL), min_size=8, max_size=8))
def test_so_it_is_at_points_where_numbers_are_infinite_or_nan(order: int, text: str, numbers: list[float]) -> None:
    program = parse(text)
    point = dict(zip(build(program).variables, numbers, strict=False))
    assert_numbers_are_the_formulas(differentiate(program, order=order, values=point))


# Text, point, the variable, the number beside the formula (None: not finite), and which is right.
DIFFERENT = [
    ("sqrt(x)^2", {"x": 0.0}, "x", 1.0, "formula right"),
    ("x^2/x", {"x": 1e200}, "x", 1.0, "formula right"),
    ("log(x*y)", {"x": 1e200, "y": 1e200}, "x", 1e-200, "formula right"),
    ("exp(x)/exp(y)", {"x": 800.0, "y": 799.0}, "x", math.e, "formula right"),
    ("x*sqrt(x)", {"x": 0.0}, "x", 0.0, "formula right"),
    ("x*log(x)", {"x": 0.0}, "x", None, "formula right"),
    ("gamma(x)/gamma(x)", {"x": 180.0}, "x", 0.0, "formula right"),
    ("x^y", {"x": 0.0, "y": 1.0}, "y", None, "written right"),
    ("x^y", {"x": 0.0, "y": 0.0}, "x", None, "written right"),
    ("1/((1 + exp(x))/exp(x) - 1)^2*exp(-2*x)*x", {"x": 40.0}, "x", 1.0, "formula right"),
    ("exp(x)/(1 + exp(x))", {"x": 400.0}, "x", 0.0, "neither right"),  # both, by inf and by cancellation
    ("sqrt(x)^2", {"x": -1.0}, "x", 1.0, "no derivative"),
    ("1/x^2", {"x": 0.0}, "x", None, "no derivative"),
    ("atan(1/x)", {"x": 0.0}, "x", -1.0, "no derivative"),  # it jumps
    ("where(x > 0, x, -x)*exp(y)/exp(y)", {"x": 0.0, "y": 800.0}, "x", -1.0, "no derivative"),
]


@pytest.mark.parametrize(
    ("text", "x"), [("sin(x)/x", 0), ("(1 - cos(x))/x^2", 1e-200), ("lgamma(x)/lgamma(x + 1)", 1e306)]
)
def test_a_number_that_is_nan_in_both_ways_is_told_as_an_evaluation_tells_it(text: str, x: float) -> None:
    found = at(text, {"x": x}, "x").warnings[-1]
    told = [one.message for one in cgraph_cli.evaluate(text, x=x).warnings if "wrt" in one.members]
    assert [found.message] == told
    assert found.members["wrt"] == ("x",)


def test_a_derivative_that_is_nan_at_a_jump_is_told_by_the_jump() -> None:
    assert [one.kind for one in at("1/(1 + exp(1/x))", {"x": 0.0}, "x").warnings if "wrt" in one.members] == ["jump"]


@pytest.mark.parametrize(
    ("text", "point", "name", "number", "kind"), DIFFERENT, ids=[f"{t} {p}" for t, p, *_ in DIFFERENT]
)
def test_two_numbers_are_told_apart(
    text: str, point: dict[str, float], name: str, number: float | None, kind: str
) -> None:
    result = at(text, point, name)
    (one,) = result.derivatives
    assert one.value is not None
    assert one.value == pytest.approx(number, rel=1e-15) if number is not None else not math.isfinite(one.value)
    found = result.warnings[-1]
    assert (found.kind, found.code) == (kind, "disagreement")
    written = cgraph_cli.evaluate(text, point).gradients[name]
    left, right = found.members["left"], found.members["right"]
    assert left == one.value or math.isnan(left)
    assert right == written or math.isnan(right)
    if kind == "no derivative":
        assert "true_value" not in found.members
        return
    true = found.members["true_value"]
    limit = by_differences(text, point, name)
    if true == 0:
        assert abs(limit) < 1e-200
    elif math.isinf(true):
        assert true * limit > 0
        assert abs(limit) > 1000
    else:
        assert true == pytest.approx(limit, rel=1e-9, abs=0.0)
    assert (true == left or abs(true - left) <= 1e-9 * abs(true)) == (kind == "formula right")
    assert (true == right or abs(true - right) <= 1e-9 * abs(true)) == (kind == "written right")


def by_differences(text: str, point: dict[str, float], name: str) -> float:
    """A derivative from values alone: of the side on which there are values, at two tiny steps from the point."""
    graph = build(parse(text))

    def value(offset: Any) -> Any:
        return forward(graph, {**point, name: mp.mpf(point[name]) + offset}, precise())[graph.output]

    with mpmath.workprec(6000):
        step = mp.ldexp(abs(mp.mpf(point[name])) or 1, -1500)
        sides = [(value(2 * sign * step) - value(sign * step)) / (sign * step) for sign in (1, -1)]
        return float(next(one for one in sides if not mp.isnan(one)))


@pytest.mark.parametrize(
    "text", ["x*sin(x)", "x^2*y + exp(x*y)", "0.1*x^3", "x^1000", "where(x > 0, x, y)", "1/x + 1e300*x"]
)
@pytest.mark.parametrize("x", [0.3, -2.0, 1e-5, 0.0])
def test_numbers_that_are_one_but_for_rounding_are_nothing_to_tell(text: str, x: float) -> None:
    for found in at(text, {"x": x, "y": 1.5}, "x").warnings:
        assert found.code != "disagreement"


def test_what_would_take_too_long_stays_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cgraph_cli.engine.truth.MOST_WORK", 5_000_000)
    text = "+".join(f"sqrt(x{index})^2" for index in range(30))
    result = at(text, {f"x{index}": 0.0 for index in range(30)})
    kinds = [found.kind for found in result.warnings if found.code == "disagreement"]
    assert kinds == sorted(kinds)
    assert set(kinds) == {"formula right", "undecided"}


@pytest.mark.parametrize(
    ("text", "point", "wrt", "true"),
    [
        ("x^1.5", {"x": 0.0}, ("x", "x"), None),
        ("(x^2 + y^2)^1.77", {"x": 0.0, "y": 0.0}, ("x", "y"), 0.0),
        ("polygamma(0, x)", {"x": 1.0}, ("x",) * 900, None),
        ("log(1 + exp(x))", {"x": 800.0}, ("x", "x"), "exp(-x)"),
    ],
)
def test_a_derivative_of_higher_order_that_is_not_finite_says_so(
    text: str, point: dict[str, float], wrt: tuple[str, ...], true: float | str | None
) -> None:
    result = at(text, point, *wrt)
    (one,) = result.derivatives
    assert one.value is not None
    if math.isfinite(one.value):  # a better formula
        return
    found = result.warnings[-1]
    assert (found.code, found.members["wrt"]) == ("non_finite_derivative", wrt)
    if isinstance(true, str):
        true = cgraph_cli.evaluate(true, point).value
    assert found.members.get("true_value") == (None if true is None else pytest.approx(true, rel=1e-12))


@pytest.mark.parametrize(
    ("text", "point", "wrt"),
    [
        ("(1 - cos(x))/x^2", {"x": 1e-5}, ("x", "x")),
        ("(1 - cos(x))/x^2", {"x": 1e-4}, ("x", "x", "x")),
        ("(exp(x) - 1)*sin(y)/x", {"x": 1e-9, "y": 0.5}, ("y", "x")),
        ("log(1 + exp(x))", {"x": 400.0}, ("x", "x")),
    ],
)
def test_a_finite_number_of_higher_order_that_is_wrong_is_told_with_the_right_one(
    text: str, point: dict[str, float], wrt: tuple[str, ...]
) -> None:
    found = at(text, point, *wrt)
    (told,) = [one for one in found.warnings if one.kind in ("order wrong", "cancelled order")]
    assert told.members["wrt"] == wrt
    graph = build(parse(text))
    with mpmath.workdps(400):

        def value(*args: Any) -> Any:
            return forward(graph, point | dict(zip(counts, args, strict=True)), precise())[graph.output]

        counts = {name: wrt.count(name) for name in wrt}
        true = mpmath.diff(value, tuple(mp.mpf(point[name]) for name in counts), tuple(counts.values()))
    assert told.members["true_value"] == pytest.approx(float(true), rel=1e-12, abs=0.0)
    assert found.derivatives[0].value != pytest.approx(float(true), rel=1e-9, abs=0.0)


@pytest.mark.parametrize("wrt", [("x", "x"), ("x", "y"), ("y", "y", "x")])
@pytest.mark.parametrize("text", ["x*sin(x*y)", "exp(x*y)/(1 + x^2)", "max(x, y)^3", "x^y", "relu(x)^2*y"])
def test_numbers_of_higher_order_that_are_right_are_nothing_to_tell(text: str, wrt: tuple[str, ...]) -> None:
    for point in ({"x": 0.3, "y": 1.5}, {"x": 2.0, "y": 2.0}, {"x": 1e-5, "y": 3.0}):
        assert not any(one.code == "disagreement" for one in at(text, point, *wrt).warnings)


@pytest.mark.parametrize(
    ("text", "order", "x"),
    [
        ("sin(0.1*x)/x", 4, 1e-3),
        ("sin(0.1*x)/x", 6, 1e-3),
        ("(exp(0.3*x)-1-0.3*x)/x^2", 3, 1e-3),
        ("(exp(-0.7*x)-1)/x", 3, 1e-4),
        ("sin(x)/x", 25, 0.5),
        ("(1-cos(x))/x^2", 24, 0.5),
    ],
)
def test_a_higher_order_is_judged_by_the_expression_as_written(text: str, order: int, x: float) -> None:
    """The constants of derivatives are rounded: in any precision they give another number where they cancel."""
    warnings = differentiate(parse(text), order=order, values={"x": x}).warnings
    (told,) = [one for one in warnings if one.kind in ("order wrong", "cancelled order")]
    graph = build(parse(text))
    with mpmath.workdps(40):
        taylor = mpmath.taylor(lambda at: forward(graph, {"x": at}, precise())[graph.output], mpmath.mpf(x), order)
        assert told.fields["true_value"] == pytest.approx(float(taylor[order] * mpmath.factorial(order)), rel=1e-12)


def test_a_higher_order_that_would_take_too_long_is_undecided_at_once_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as less:
        less.setattr("cgraph_cli.engine.truth.MOST_WORK", 100_000)
        found = differentiate(parse("sin(x)/x"), order=25, values={"x": 0.5}).warnings
    (told,) = [one for one in found if one.code == "disagreement"]
    assert told.kind == "order undecided"
    names = [f"x{index}" for index in range(40)]  # a difference has 2^40 points
    text = f"{'*'.join(names)}*sqrt(y)^2"
    values = dict.fromkeys([*names, "y"], 0.0)
    assert differentiate(parse(text), [], mixed=[(*names, "y")], values=values).derivatives
