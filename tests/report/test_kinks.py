"""At a kink: the slopes on both sides, the one that is used, and kinks that cancel; mpmath decides."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import pytest

import cgraph_cli
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import forward
from cgraph_cli.errors import KinkError
from cgraph_cli.graph.build import build
from cgraph_cli.report.derivatives import differentiate
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.parser import parse

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
    found = {one.members["wrt"][0]: one for one in report.warnings if one.kind == "slopes gradient"}
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
    assert not any(one.kind.startswith(("slopes", "smooth")) for one in warnings)


@pytest.mark.parametrize("direction", [{"x": 1.0, "y": 0.25}, {"x": -2.0, "y": 1.0}, {"y": 3.0}])
@pytest.mark.parametrize(
    "text", ["relu(x - y) - relu(y - x)", "abs(x - y)*3 + y", "max(x, y, 1)^2", "m(a) = abs(a)^2; m(x - y) + x"]
)
def test_a_derivative_in_a_direction_is_judged_as_a_gradient_is(text: str, direction: dict[str, float]) -> None:
    """mpmath decides: (f(p + t*d) - f(p))/t for a small t of both signs."""
    report = cgraph_cli.evaluate(text, x=1, y=1, direction=direction)
    with mpmath.workdps(60):
        at = {name: mpmath.mpf(value) for name, value in report.variables.items()}
        sides = []
        for step in (mpmath.mpf(10) ** -40, -(mpmath.mpf(10) ** -40)):
            there = {name: value + step * direction.get(name, 0) for name, value in at.items()}
            end, start = (forward(report.graph, point, precise())[report.output_node] for point in (there, at))
            sides.append(float((end - start) / step))
    ahead, behind = sides
    (found,) = [one for one in report.warnings if one.kind.endswith("directional")]
    assert (found.members["left"], found.members["right"]) == pytest.approx((behind, ahead), abs=1e-15)
    if abs(ahead - behind) > 1e-9:
        assert found.kind == "slopes directional"
        return
    assert found.kind == ("smooth as used" if math.isclose(report.tangent, ahead) else "smooth") + " directional"
    true = cgraph_cli.evaluate(text, x=1, y=1, direction=direction, true=True)
    assert true.tangent == pytest.approx(ahead, abs=1e-15)


BENDS = [
    ("relu(x)^2", {"x": 0.0}),
    ("x*abs(x)", {"x": 0.0}),
    ("huber(x, 0, 1)", {"x": 1.0}),
    ("elu(x, 1)", {"x": 0.0}),
    ("m(a) = huber(a, 0, 1); 3*m(x) + x", {"x": -1.0}),
    ("z*relu(x - y)^2", {"x": 1.5, "y": 1.5, "z": 2.0}),
    ("where(x > 0, x^2, x^3)*y", {"x": 0.0, "y": 3.0}),
    ("asinh(x)", {"x": 0.0}),
    ("relu(x)^2 + relu(-x)^2", {"x": 0.0}),
]


def second_side(report: Report, row: str, column: str, by: str, sign: int) -> float:
    """The second derivative beside the point, as one variable moves, from values in 120 digits."""
    with mpmath.workdps(120):
        at = {key: mpmath.mpf(value) for key, value in report.variables.items()}
        at[by] += sign * mpmath.mpf(10) ** -20
        step = mpmath.mpf(10) ** -40
        total = mpmath.mpf(0)
        for one, other in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
            there = dict(at)
            there[row] += one * step
            there[column] += other * step
            total += one * other * forward(report.graph, there, precise())[report.output_node]
        return float(total / (4 * step**2))


@pytest.mark.parametrize(("text", "point"), BENDS, ids=[text for text, _ in BENDS])
def test_second_derivatives_that_jump_are_told_with_both_sides(text: str, point: dict[str, float]) -> None:
    report = cgraph_cli.evaluate(text, point, hessian=True)
    assert report.hessian is not None
    told = {(one.fields["row"], one.fields["column"]): one for one in report.warnings if one.kind.endswith("second")}
    names = list(point)
    for index, row in enumerate(names):
        for column in names[index:]:
            pairs = {by: [second_side(report, row, column, by, sign) for sign in (-1, 1)] for by in (row, column)}
            jumps = {by: pair for by, pair in pairs.items() if abs(pair[0] - pair[1]) > 1e-9}
            assert ((row, column) in told) == bool(jumps), (row, column)
            if jumps:
                one = told[row, column]
                assert (one.fields["left"], one.fields["right"]) == pytest.approx(jumps[one.fields["by"]], abs=1e-12)
                assert one.fields["value"] == report.hessian[row][column]
            else:
                assert report.hessian[row][column] == pytest.approx(pairs[row][0], abs=1e-12)
    if told:
        assert any(one.kind in ("kink", "kink inside", "switch", "bend", "bend inside") for one in report.warnings)
        with pytest.raises(KinkError, match="derivative"):
            cgraph_cli.evaluate(text, point, hessian=True, kink="error")


def test_second_derivatives_take_the_side_that_is_asked_for() -> None:
    seconds = {
        which: cgraph_cli.evaluate("relu(x)^2", x=0, hessian=True, kink=which).hessian
        for which in ("left", "right", "mean", "zero")
    }
    assert seconds == {
        which: {"x": {"x": one}} for which, one in {"left": 0, "right": 2, "mean": 0.5, "zero": 0}.items()
    }


@pytest.mark.parametrize(
    ("text", "order", "x", "left", "right", "used"),
    [
        ("relu(x)^2", 2, 0, 0, 2, 0),
        ("x*abs(x)", 2, 0, -2, 2, 0),
        ("huber(x, 0, 1)", 2, 1, 1, 0, 1),
        ("x^3*abs(x)", 4, 0, -24, 24, 0),
        ("relu(x)^2 + relu(-x)^2", 2, 0, 2, 2, 0),
        ("abs(x)", 1, 0, -1, 1, 0),
        ("relu(x) - relu(-x)", 1, 0, 1, 1, 0),
        ("asinh(x)", 2, 0, None, None, 0),
    ],
)
def test_numbers_of_formulas_on_a_kink_are_told_with_both_sides(
    text: str, order: int, x: float, left: float | None, right: float | None, used: float
) -> None:
    result = differentiate(parse(text), ["x"], order=order, values={"x": float(x)})
    found = [one for one in result.warnings if one.kind.startswith(("slopes", "smooth"))]
    assert result.derivatives[0].value == used
    assert [(one.members["left"], one.members["right"]) for one in found] == ([] if left is None else [(left, right)])
    assert all(one.code == "kink" and one.members["wrt"] == ("x",) * order for one in found)


TIES = ["where(x > 0, x, 0)", "x*(x > 0)", "where(0 <= x, x^2 + 3*x, -x)", "(x > 0)*(0 <= x)*sin(x)", "x*(1 - (x < 0))"]


@pytest.mark.parametrize("text", [*TIES, "s(a) = where(a > 0, a, 2*a); 3*s(x) + x*(x > 0)"])
def test_a_comparison_at_its_tie_takes_the_side_that_is_asked_for(text: str) -> None:
    """mpmath decides: the slopes of the expression, which has one variable and no kink but there."""
    for which, sign in (("left", -1), ("right", 1)):
        report = cgraph_cli.evaluate(text, x=0, kink=which, direction={"x": 2.0})
        assert report.gradients["x"] == pytest.approx(side(report, "x", sign), abs=1e-15)
        assert report.tangent == 2 * report.gradients["x"]
        assert any(f"gradients take what holds to the {which}" in one.message for one in report.warnings)
        function = cgraph_cli.evaluate(text, x=0)
        assert report.value == function.value
    for which in ("zero", "mean", "error"):
        with pytest.raises(KinkError, match="kink" if which == "error" else "changes"):
            cgraph_cli.evaluate(text, x=0, kink=which)


def test_a_comparison_that_changes_on_no_side_keeps_its_convention() -> None:
    for which in ("zero", "left", "right", "mean"):
        report = cgraph_cli.evaluate("where(x == 0, 1, sin(x)/x)", x=0, kink=which)
        assert report.gradients == {"x": 0}
        assert "the side taken counts" in report.warnings[0].message
    assert cgraph_cli.evaluate("where(x >= 0, 1 - x, exp(-x))", x=0, kink="mean").gradients == {"x": -1}


@pytest.mark.parametrize("text", ["elu(x)", "leaky_relu(x)", "elu(x, 2)", "huber(x, 0)"])
def test_second_derivatives_of_functions_with_defaults_are_judged(text: str) -> None:
    report = cgraph_cli.evaluate(text, x=0, hessian=True)
    given = cgraph_cli.evaluate(
        {"elu(x)": "elu(x, 1)", "leaky_relu(x)": "leaky_relu(x, 0.01)"}.get(text, text), x=0, hessian=True
    )
    assert report.hessian == given.hessian
    assert [one.kind for one in report.warnings] == [one.kind for one in given.warnings]


@pytest.mark.parametrize("text", ["relu(x*y)", "abs(x)*abs(y)", "max(x, y)*min(x, -y)*2"])
def test_a_mixed_derivative_with_other_limits_between_the_axes_is_told(text: str) -> None:
    """mpmath decides: the second derivative at a point of each quadrant, near the origin."""
    report = cgraph_cli.evaluate(text, x=0, y=0, hessian=True)
    told = [one for one in report.warnings if one.kind in ("apart second", "slopes second")]
    with mpmath.workdps(80):
        near, step, limits = mpmath.mpf(10) ** -10, mpmath.mpf(10) ** -30, set()
        for x, y in ((3, 1), (1, 3), (-3, 1), (-1, 3), (3, -1), (1, -3), (-3, -1), (-1, -3)):
            total = mpmath.mpf(0)
            for one, other in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
                at = {"x": near * x + one * step, "y": near * y + other * step}
                total += one * other * forward(report.graph, at, precise())[report.output_node]
            limits.add(round(float(total / (4 * step**2)), 9))
    assert len(limits) > 1
    assert ("x", "y") in [(one.members["row"], one.members["column"]) for one in told]
    result = differentiate(parse(text), [], mixed=[("x", "y")], values={"x": 0.0, "y": 0.0})
    assert [one.kind for one in result.warnings if one.kind.endswith("order")]


@pytest.mark.parametrize(("text", "x"), [("sign(x)", 0.0), ("where(x > 0, 1, where(x == 0, 0.5, 0))", 0.0)])
def test_at_a_jump_no_derivative_exists(text: str, x: float) -> None:
    report = cgraph_cli.evaluate(text, x=x, true=True)
    (found,) = [one for one in report.warnings if "wrt" in one.members]
    assert found.code == "jump"
    assert found.members["left"] < found.members["right"]
    assert report.gradients == {"x": 0}
    with pytest.raises(KinkError):
        cgraph_cli.evaluate(text, x=x, kink="error")


@pytest.mark.parametrize(
    ("text", "x", "sides"),
    [
        ("relu(x - 0.1 - 0.2)*y", "0.3", {"gradient": (0, 2), "directional": (0, 2)}),
        ("relu(x) - relu(-x) + 0*y", "0", {"gradient": (1, 1), "directional": (1, 1)}),
        ("relu(x - 0.3)^2*y", "0.3", {"second": (0, 4)}),
        ("huber(x - 0.1, 0, 1) + y", "1.1", {"second": (1, 0)}),
    ],
)
def test_in_high_precision_a_kink_is_where_the_decimals_are(
    text: str, x: str, sides: dict[str, tuple[float, float]]
) -> None:
    report = cgraph_cli.evaluate(text, x=x, y=2, digits=30, hessian=True, direction={"x": 1})
    told = {one.kind.rpartition(" ")[2]: one for one in report.warnings if one.kind.startswith(("slopes", "smooth "))}
    for kind, (left, right) in sides.items():
        members = told[kind].members
        assert members.get("wrt", ("x",)) == ("x",)
        assert (members["left"], members["right"]) == pytest.approx((left, right), abs=1e-15)


@pytest.mark.parametrize(
    ("text", "x", "order", "used", "sides"),
    [("x*abs(x)", 0.0, 2, 0, (-2, 2)), ("huber(x, 0, 1)", 1.0, 2, 1, (1, 0)), ("asinh(x)", 0.0, 3, -1, None)],
)
def test_numbers_of_many_digits_are_told_with_both_sides(
    text: str, x: float, order: int, used: float, sides: tuple[float, float] | None
) -> None:
    result = differentiate(parse(text), ["x"], order=order, values={"x": x}, digits=30)
    assert result.derivatives[0].value == used
    found = [(one.members["left"], one.members["right"]) for one in result.warnings if one.kind.endswith("order")]
    assert found == ([] if sides is None else [sides])


@pytest.mark.parametrize(
    ("text", "x", "left", "right"),
    [
        ("1/x", 0.0, -math.inf, math.inf),
        ("abs(x)/x", 0.0, -1.0, 1.0),
        ("exp(-1/x)", 0.0, math.inf, 0.0),
        ("atan(1/x)", 0.0, -math.pi / 2, math.pi / 2),
        ("1/(1 + exp(1/x))", 0.0, 1.0, 0.0),
        ("min(1/x, 5)", 0.0, -math.inf, 5.0),
        ("sign(x)", 0.0, -1.0, 1.0),
        ("floor(x)*x", 2.0, 2.0, 4.0),
        ("where(x > 1, x, 2*x)", 1.0, 2.0, 1.0),
        ("atan(1/(-x))", 0, math.pi / 2, -math.pi / 2),  # doubles have 1/-0 there, high precision 1/0
        ("1/(1 + exp(1/(-x)))", 0, 0, 1),
    ],
)
def test_at_a_jump_the_values_on_both_sides_are_told(text: str, x: float, left: float, right: float) -> None:
    report = cgraph_cli.evaluate(text, x=x)
    (found,) = [one for one in report.warnings if one.code == "jump"]
    assert (found.members["left"], found.members["right"]) == (left, right)
    assert found.members["wrt"] == ("x",)
    assert len([one for one in report.warnings if "wrt" in one.members]) == 1  # no slope, and no limit of one
    for sign, side in ((-1, left), (1, right)):
        near = float(oracle_value(text, x, sign))
        assert near == pytest.approx(side, abs=1e-9) if math.isfinite(side) else near * side > 1e9


def oracle_value(text: str, x: float, sign: int) -> Any:
    """The value beside a point in high precision."""
    graph = build(parse(text))
    with mpmath.workprec(400):
        return forward(graph, {"x": mpmath.mpf(x) + sign * mpmath.mpf(10) ** -12}, precise())[graph.output]


@pytest.mark.parametrize(
    ("text", "x"), [("1/x^2", 0.0), ("log(x)", 0.0), ("sqrt(abs(x))", 0.0), ("sin(1/x)", 0.0), ("sin(x)/x", 0.0)]
)
def test_where_there_is_no_jump_none_is_told(text: str, x: float) -> None:
    assert "jump" not in [one.code for one in cgraph_cli.evaluate(text, x=x).warnings]
