"""At a kink: the slopes on both sides, the one that is used, and kinks that cancel; mpmath decides."""

from __future__ import annotations

import math

import mpmath
import pytest

import cgraph_cli
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import forward
from cgraph_cli.errors import KinkError
from cgraph_cli.report.report import Report

KINKS = [
    ("relu(x)", {"x": 0.0}),
    ("abs(x)*y", {"x": 0.0, "y": -2.0}),
    ("max(x, 2*x, y)", {"x": 1.0, "y": 2.0}),
    ("min(x, y)^3", {"x": 1.5, "y": 1.5}),
    ("leaky_relu(x - 1)", {"x": 1.0}),
    ("elu(x, 2)", {"x": 0.0}),
    ("hinge(p, 1)", {"p": 1.0}),
    ("mae(p, t)", {"p": 0.5, "t": 0.5}),
    ("clip(x, -1, 1)", {"x": 1.0}),
    ("norm(x, y)", {"x": 0.0, "y": 0.0}),
    ("m(a) = abs(a) + a; m(x)*m(2*x) + m(x)", {"x": 0.0}),
    ("where(x > 0, x, 2*x)", {"x": 0.0}),
]
CANCEL = [
    ("relu(x) - relu(-x)", {"x": 0.0}, 1.0),
    ("abs(x)^2", {"x": 0.0}, 0.0),
    ("max(x, 0) + min(x, 0)", {"x": 0.0}, 1.0),
    ("abs(x)*x", {"x": 0.0}, 0.0),
    ("where(x > 0, x^2, -x^2)", {"x": 0.0}, 0.0),
]


def side(report: Report, name: str, sign: int) -> float:
    """The slope of the output along a variable to one side, from values in 60 digits."""
    with mpmath.workdps(60):
        at = {key: mpmath.mpf(value) for key, value in report.variables.items()}
        there = at | {name: at[name] + sign * mpmath.mpf(10) ** -40}
        values = [forward(report.graph, point, precise())[report.output_node] for point in (at, there)]
        return float((values[1] - values[0]) / (there[name] - at[name]))


@pytest.mark.parametrize(("text", "point"), KINKS, ids=[text for text, _ in KINKS])
def test_a_kink_is_told_with_the_slopes_on_both_sides(text: str, point: dict[str, float]) -> None:
    report = cgraph_cli.evaluate(text, point)
    found = {one.members["wrt"][0]: one for one in report.warnings if one.kind == "slopes"}
    sides = {name: (side(report, name, -1), side(report, name, 1)) for name in point}
    assert set(found) == {name for name, (left, right) in sides.items() if abs(left - right) > 1e-9}
    assert found
    for name, one in found.items():
        assert (one.members["left"], one.members["right"]) == pytest.approx(sides[name], abs=1e-15)
        assert one.code == "kink"


@pytest.mark.parametrize(("text", "point", "slope"), CANCEL, ids=[text for text, *_ in CANCEL])
def test_kinks_that_cancel_leave_a_derivative(text: str, point: dict[str, float], slope: float) -> None:
    report = cgraph_cli.evaluate(text, point)
    (found,) = [one for one in report.warnings if one.kind.startswith("smooth")]
    assert side(report, "x", -1) == pytest.approx(slope, abs=1e-15)
    assert found.members["left"] == found.members["right"] == slope
    assert (found.word == "note") == (report.gradients["x"] == slope)
    assert found.members.get("true_value") == (None if found.word == "note" else slope)
    if found.word == "note":
        assert cgraph_cli.evaluate(text, point, kink="error").value == report.value
    else:
        with pytest.raises(KinkError):
            cgraph_cli.evaluate(text, point, kink="error")


@pytest.mark.parametrize(("text", "point"), KINKS[:-1], ids=[text for text, _ in KINKS[:-1]])
def test_the_slope_of_a_side_is_used_where_it_is_asked_for(text: str, point: dict[str, float]) -> None:
    """Of functions with one kink on the way it is that of the whole, as each argument moves alone."""
    if text.startswith(("m(a)", "min", "abs")):
        return
    report = cgraph_cli.evaluate(text, point)
    gradients = {which: cgraph_cli.evaluate(text, point, kink=which).gradients for which in ("left", "right", "mean")}
    for name in point:
        left, right = side(report, name, -1), side(report, name, 1)
        if text.startswith("max") and name == "x":
            continue  # two of its arguments move
        assert gradients["left"][name] == pytest.approx(left, abs=1e-12)
        assert gradients["right"][name] == pytest.approx(right, abs=1e-12)
        assert gradients["mean"][name] == pytest.approx((left + right) / 2, abs=1e-12)


def test_every_part_of_a_kink_can_be_chosen_and_refused() -> None:
    used = {which: cgraph_cli.evaluate("m(a) = relu(a); m(x)*y", x=0, y=3, kink=which) for which in ("zero", "right")}
    assert [one.gradients["x"] for one in used.values()] == [0, 3]
    assert "the slope from the right" in used["right"].warnings[0].message
    with pytest.raises(KinkError) as caught:
        cgraph_cli.evaluate("1 + relu(x)*y", x=0, y=3, kink="error")
    span, source = caught.value.span, caught.value.source
    assert span is not None
    assert source is not None
    assert source[slice(*span)] == "relu(x)"
    assert cgraph_cli.evaluate("relu(x)", x=1, kink="error").gradients == {"x": 1}
    assert math.isclose(cgraph_cli.evaluate("max(x, y)", x=1, y=1, kink="mean").gradients["x"], 0.5)


def test_a_kink_at_the_end_of_the_domain_has_no_two_slopes() -> None:
    warnings = cgraph_cli.evaluate("abs(x)*sqrt(x)*y", x=0, y=1).warnings
    assert any(one.kind == "kink" for one in warnings)
    assert not any(one.kind in ("slopes", "smooth", "smooth as used") for one in warnings)
