"""Every convention and every non-finite number is reported, once, at the node where it arises."""

from __future__ import annotations

import math

import pytest

import cgraph_cli

INF = math.inf

CASES = [
    ("log(x)", {"x": -1.0}, ["domain"]),
    ("log(x)", {"x": 0.0}, ["infinite_value"]),
    ("exp(x)", {"x": 1000.0}, ["infinite_value"]),
    ("x/y", {"x": 1.0, "y": 0.0}, ["infinite_value"]),
    ("sqrt(x)", {"x": 0.0}, ["infinite_gradient"]),
    ("y*sqrt(x)", {"x": 0.0, "y": 0.0}, ["infinite_gradient", "zero_times_infinity"]),
    ("sqrt(x) - sqrt(x)", {"x": 0.0}, ["infinite_gradient", "infinite_gradient", "indeterminate_gradient"]),
    ("x^y", {"x": -2.0, "y": 3.0}, ["undefined_gradient"]),
    ("inf - x", {"x": INF}, ["non_finite_input", "indeterminate"]),
    ("x", {"x": math.nan}, ["non_finite_input"]),
    ("x*1e308*1e300", {"x": 0.5}, ["infinite_value", "gradient_overflow"]),
    ("abs(x)", {"x": 0.0}, ["kink"]),
    ("relu(x)", {"x": 0.0}, ["kink"]),
    ("max(x, y)", {"x": 1.0, "y": 1.0}, ["kink"]),
    ("floor(x)*x", {"x": 2.0}, ["kink"]),
    ("m(a) = abs(a); m(x)", {"x": 0.0}, ["kink"]),
    ("m(a) = abs(a); n(a) = 2*m(a); n(x)", {"x": 0.0}, ["kink"]),
    ("where(x > 0, x, 2*x)", {"x": 0.0}, ["kink"]),
    ("norm(x, y)", {"x": 0.0, "y": 0.0}, ["kink"]),
    # nothing to report
    ("where(x > 0, log(x), x)", {"x": -1.0}, []),
    ("q = log(x); y*y", {"x": -1.0, "y": 2.0}, []),
    ("m(a) = abs(a); m(x)", {"x": 1.0}, []),
    ("abs(0)*x", {"x": 1.0}, []),
    ("x^2", {"x": 0.0}, []),
    ("max(x, 2*x)", {"x": 1.0}, []),
    ("1/inf*x", {"x": 1.0}, []),
]


@pytest.mark.parametrize(("text", "point", "codes"), CASES, ids=[f"{text} at {point}" for text, point, _ in CASES])
def test_codes(text: str, point: dict[str, float], codes: list[str]) -> None:
    assert [found.code for found in cgraph_cli.evaluate(text, point).warnings] == codes


def test_the_warning_names_the_node_and_the_point() -> None:
    report = cgraph_cli.evaluate("q = sqrt(x); y*q", x=0, y=0)
    found = report.warnings[-1]
    assert found.code == "zero_times_infinity"
    assert report.nodes[found.node].label == "q"
    assert found.message == "at `q` the upstream gradient 0 meets the infinite local gradient ∂q/∂x: 0*inf is nan"
    assert math.isnan(report.gradients["x"])


def test_a_warning_is_given_once_for_several_outputs() -> None:
    report = cgraph_cli.evaluate("q = abs(x); f = 2*q; g = 3*q", {"x": 0.0}, outputs=["f", "g"])
    assert [found.code for found in report.warnings] == ["kink"]


def test_every_non_finite_number_has_a_warning() -> None:
    grid = [0.0, -0.0, 1.0, -1.0, 1e308, -1e308, 5e-324, INF, -INF]
    for text in ("x*y", "x/y", "x^y", "log(x)*y", "sqrt(x) + y", "exp(x) - exp(y)", "atan2(x, y)", "gamma(x)*y"):
        for x in grid:
            for y in grid:
                report = cgraph_cli.evaluate(text, x=x, y=y)
                numbers = [report.value, *report.gradients.values()]
                assert report.warnings or all(map(math.isfinite, numbers)), (text, x, y)
