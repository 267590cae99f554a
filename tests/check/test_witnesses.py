"""Witnesses of derivatives: no right one is called wrong, no wrong one right."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import mpmath
import pytest
from harness import run
from hypothesis import given
from strategies import Case, expressions

import cgraph_cli
from cgraph_cli.check import witnesses
from cgraph_cli.check.doubles import HALF_ULP, Rounding, finite_difference
from cgraph_cli.check.witnesses import (
    AGREES,
    DIFFERENCE,
    FORWARD,
    NO_DERIVATIVE,
    NOISY,
    REVERSE,
    TOLERANCE,
    WORST,
    WRONG,
    Checks,
    Partial,
    checked,
)
from cgraph_cli.engine import passes
from cgraph_cli.engine.kernels import local_kernel
from cgraph_cli.graph.build import build
from cgraph_cli.syntax.parser import parse


def check(text: str, **values: float) -> Checks:
    return checked(cgraph_cli.evaluate(text, values))


def only(text: str, **values: float) -> Partial:
    (found,) = check(text, **values).partials
    return found


@pytest.mark.parametrize("text", ["cosh(x)^2 - sinh(x)^2", "exp(x)*exp(-x)", "log(exp(x)) - x", "sin(x)^2 + cos(x)^2"])
def test_a_derivative_of_which_only_rounding_is_left_is_0(text: str) -> None:
    assert {only(text, x=n / 4).value for n in range(-12, 13)} == {0.0}


def verdicts(partial: Partial) -> dict[str, str]:
    return {one.name: one.verdict for one in partial.witnesses}


def test_what_is_well_conditioned_agrees() -> None:
    found = check("x^2*sin(y) + x/y", x=3, y=0.7)
    assert found.passed
    assert found.counts == {AGREES: 2}
    for one in found.partials:
        assert set(verdicts(one).values()) == {AGREES}
        number = {"x": 2 * 3 * math.sin(0.7) + 1 / 0.7, "y": 9 * math.cos(0.7) - 3 / 0.7**2}[one.wrt]
        assert one.value == pytest.approx(number, rel=1e-12)


def test_high_precision_needs_no_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str, *rest: Any) -> Any:
        raise AssertionError(f"the rule of {name} was asked")

    graph = build(parse("x*sin(x)"))
    judge = witnesses.Judge(graph, {"x": 1.5})
    monkeypatch.setattr(passes, "local_kernel", broken)
    true = mpmath.sin(1.5) + 1.5 * mpmath.cos(1.5)
    assert judge.truth.slopes({"x": 1.0}, graph.output) == (pytest.approx(float(true), rel=1e-15),) * 2
    with pytest.raises(AssertionError, match="was asked"):
        judge.tangent("x")


@pytest.mark.parametrize(
    ("text", "x", "left", "right"),
    [
        ("abs(x)", 0, -1, 1),
        ("abs(3*x) + x", 0, -2, 4),
        ("relu(x)", 0, 0, 1),
        ("where(x > 1, x^2, 3*x)", 1, 3, -math.inf),  # it jumps
        ("floor(x)", 3, math.inf, 0),
        ("max(x, x^3)", 1, 1, 3),
        ("sqrt(abs(x))", 0, -math.inf, math.inf),
        ("log(x)", -1, math.nan, math.nan),
        ("1/x", 0, math.nan, math.nan),
    ],
)
def test_where_there_is_no_derivative_both_slopes_are_told(text: str, x: float, left: float, right: float) -> None:
    found = only(text, x=x)
    assert found.verdict == NO_DERIVATIVE
    assert (found.left, found.right) == (pytest.approx(left, nan_ok=True), pytest.approx(right, nan_ok=True))
    assert not check(text, x=x).passed


@pytest.mark.parametrize(
    ("text", "slope"), [("abs(x)^2", 0), ("abs(x)*x", 0), ("max(x, -x)^3", 0), ("cbrt(x)", math.inf), ("x^2", 0)]
)
def test_a_kink_that_cancels_has_a_slope(text: str, slope: float) -> None:
    found = only(text, x=0)
    assert (found.verdict, found.value, found.left, found.right) == (AGREES, slope, slope, slope)


def test_a_convention_that_is_not_the_slope_is_wrong() -> None:
    found = only("relu(x) - relu(-x)", x=0)
    assert (found.verdict, found.value) == (WRONG, 1)
    assert verdicts(found)[REVERSE] == verdicts(found)[FORWARD] == WRONG
    assert verdicts(found)[DIFFERENCE] == AGREES


@pytest.mark.parametrize(("text", "slope"), [("sqrt(x)", math.inf), ("x^1.5", 0)])
def test_at_the_edge_of_the_domain_the_one_side_counts(text: str, slope: float) -> None:
    found = only(text, x=0)
    assert (found.verdict, found.value, found.right) == (AGREES, slope, slope)
    assert found.left is not None
    assert math.isnan(found.left)


def test_a_nan_in_doubles_is_wrong_where_there_is_a_slope() -> None:
    found = only("x*sqrt(x) + 2*x", x=0)  # zero times infinity
    assert (found.verdict, found.value) == (WRONG, 2)


def test_lost_digits_are_noise_and_no_error() -> None:
    found = only("(1 - cos(x))/x^2", x=1e-5)
    assert found.verdict == NOISY
    x = mpmath.mpf(1e-5)
    with mpmath.workdps(60):
        true = mpmath.sin(x) / x**2 - 2 * (1 - mpmath.cos(x)) / x**3
    assert found.value == float(true)
    for one in found.witnesses[:3]:
        assert one.value is not None
        assert one.bar is not None
        assert one.difference is not None
        assert abs(one.value - float(true)) <= one.bar < 1000 * abs(one.value - float(true))
    assert only("abs(x - pi)", x=math.pi).verdict == NOISY  # rounding leads to the kink


def test_a_noisy_finite_difference_is_no_failure() -> None:
    found = only("x^2 + 1e9", x=3)
    assert found.verdict == AGREES
    assert verdicts(found)[DIFFERENCE] == NOISY


@pytest.mark.parametrize("text", ["x", "3*x + 1", "x/3", "x^2", "sin(x)", "log(abs(x) + 1)", "x*1e-320*3"])
@pytest.mark.parametrize("exponent", [-300, -200, -12, -5, 0, 5, 11, 12, 300])
def test_numbers_of_any_size_have_a_finite_difference(text: str, exponent: int) -> None:
    # the least step is more than one spacing of doubles, and what underflows is rounded too
    found = only(text, x=1.7 * 10.0**exponent)
    assert found.verdict == AGREES
    assert verdicts(found)[DIFFERENCE] in (AGREES, NOISY)
    value = next(one.value for one in found.witnesses if one.name == DIFFERENCE)
    assert math.isfinite(value) or (text, exponent) == ("x^2", 300)  # which overflows


@pytest.mark.parametrize("text", ["exp(x)/exp(x - 1)", "1e300*exp(x)*1e-300"])
def test_what_overflows_is_wrong(text: str) -> None:
    assert only(text, x=1000 if "x - 1" in text else 600).verdict == WRONG


MUTATIONS: list[Callable[[float], float]] = [
    lambda g: -g,
    lambda g: g * 2.0,
    lambda g: g * (1 + 1e-6),
    lambda g: g + 0.01,
]


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize(
    ("text", "values", "name"),
    [
        ("x*sin(y)", {"x": 2, "y": 0.5}, "sin"),
        ("exp(x*y)", {"x": 0.3, "y": 2}, "exp"),
        ("sigmoid(x*y)", {"x": 0.3, "y": 2}, "mul"),
        ("s(a) = a*tanh(a); s(x) + x/y", {"x": 0.4, "y": 3}, "tanh"),
        ("x^y", {"x": 1.7, "y": 2.2}, "pow"),
        ("gamma(x) + y", {"x": 2.7, "y": 1}, "gamma"),
    ],
)
def test_a_broken_rule_is_called_wrong(
    text: str,
    values: dict[str, float],
    name: str,
    mutation: Callable[[float], float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(op: str, *rest: Any) -> Any:
        kernel = local_kernel(op, *rest)
        if op != name:
            return kernel
        return lambda *args: [None if one is None else mutation(one) for one in kernel(*args)]

    monkeypatch.setattr(passes, "local_kernel", broken)
    found = check(text, **values)
    assert WRONG in found.counts
    assert not found.passed
    for one in found.partials:
        said = verdicts(one)
        assert said[REVERSE] == said[FORWARD]
        assert said[DIFFERENCE] != WRONG


def test_no_right_derivative_of_a_corpus_is_called_wrong(corpora: list[dict[str, Any]]) -> None:
    lines = [one for one in corpora if len(one["expr"]) < 1000][::4]
    assert len(lines) > 400
    counts: Counter[str] = Counter()
    for line in lines:
        for one in check(line["expr"], **line["vars"]).partials:
            counts[one.verdict] += 1
            assert one.verdict in (AGREES, NOISY), line["id"]
            assert verdicts(one)[DIFFERENCE] != WRONG, line["id"]
            reference, noise = line["grad"].get(one.wrt), line.get("noise", {}).get("grad", {}).get(one.wrt, 0)
            if reference is not None:
                assert one.value == pytest.approx(reference, rel=1e-9, abs=max(noise, 1e-60)), line["id"]
    assert counts[NOISY] < 0.02 * counts[AGREES]


@given(expressions(8))
def test_random_expressions_are_never_wrong_but_for_what_is_warned_of(case: Case) -> None:
    report = cgraph_cli.evaluate(case.text, case.values)
    if not report.warnings:
        assert WRONG not in checked(report).counts


@given(expressions(8))
def test_the_bar_of_a_finite_difference_holds(case: Case) -> None:
    for one in checked(cgraph_cli.evaluate(case.text, case.values)).partials:
        assert verdicts(one)[DIFFERENCE] != WRONG


def test_the_bound_of_rounding_is_one() -> None:
    for text in ("x*y - y*x + x/3", "sqrt(2)*x - 1.4142135*x", "exp(x)/pi - log(y)", "s(a) = 1 - cos(a); s(x)/y"):
        graph = build(parse(text))
        values = {name: number for name, number in {"x": 0.1, "y": 0.7}.items() if name in graph.variables}
        bound = Rounding(graph)(values)
        number = cgraph_cli.evaluate(text, values).value
        (true,) = witnesses.Truth(graph, values).values(value_of(graph))
        assert true is not None
        assert abs(number - true) <= bound < 1e-14
    assert Rounding(build(parse("x")))({"x": 1.0}) == 0
    assert Rounding(build(parse("x + y")))({"x": 1.0, "y": 2.0}) == 3 * HALF_ULP


def value_of(graph: Any) -> Any:
    from cgraph_cli.engine.mpmath import precise
    from cgraph_cli.engine.quantities import Quantities

    return Quantities(1, len(graph), lambda at: [passes.forward(graph, at, precise())[graph.output]])


@pytest.mark.parametrize("distance", [1e-9, 1e-7, 2e-6, 4e-6, 4.04e-6, 5e-6, 9e-6, 1e-3])
def test_a_kink_within_the_step_widens_the_bar(distance: float) -> None:
    found = finite_difference(lambda x: abs(x - 1), 1 + distance, lambda: 1e-16)
    assert abs(found.value - 1) <= found.bar


def test_a_step_that_is_a_period_is_seen() -> None:
    for factor in (1e5, 1e6, 1.0367e6, 3e6, 1e7):
        x = 1.2
        found = finite_difference(lambda x: math.sin(factor * x), x, lambda: 1e-9)  # noqa: B023
        assert abs(found.value - factor * math.cos(factor * x)) <= found.bar


def test_many_variables_are_all_decided() -> None:
    names = [f"x{index}" for index in range(120)]
    text = "+".join(f"{one}*{other}" for one, other in pairwise(names))
    found = check(text, **{name: index / 7 for index, name in enumerate(names)})
    assert found.counts == {AGREES: len(names)}


def test_the_json_has_what_the_table_has() -> None:
    done = run(["check", "abs(x)*y", "--x", "0", "--y", "2", "--wrt", "x", "--json"])
    found = json.loads(done.stdout)
    assert done.code == 1
    assert found["tolerance"] == {"derivative": TOLERANCE, "finite_difference": 1e-6}
    (one,) = found["partials"]
    assert (one["left"], one["right"], one["value"], one["verdict"]) == (-2, 2, None, NO_DERIVATIVE)
    assert {warning["code"] for warning in found["warnings"]} == {"kink"}


@pytest.mark.parametrize("format", ["table", "markdown", "html"])
def test_every_format_tells_the_same(format: str) -> None:
    done = run(["check", "abs(x)*y + z", "--x", "0", "--y", "2", "--z", "1e-3", "--format", format])
    assert done.code == 1
    for text in ("reverse mode", "finite difference", "-2 from the left", "2 agrees, 1 not", "kink of"):
        assert text in done.stdout
    assert all(verdict in WORST for verdict in check("x", x=1).counts)
    assert run(["check", "x*y", "--x", "1", "--y", "2", "--format", format]).code == 0
    assert run(["check", "2 + 3", "--format", format]).code == 0
