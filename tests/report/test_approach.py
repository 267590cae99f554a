"""Where several variables come to a point without a value: ways with different limits, or with one, are told."""

from __future__ import annotations

import math
import re

import mpmath
import pytest
from mpmath import mp

import cgraph_cli
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.graph.build import build
from cgraph_cli.report.findings import Finding
from cgraph_cli.syntax.parser import parse

WAY = re.compile(r"`(\w) = ([^`]*)`")


def told(text: str, point: dict[str, float]) -> list[Finding]:
    kinds = ("jump", "no limit", "along curves")
    return [one for one in cgraph_cli.evaluate(text, point).warnings if one.kind in kinds]


def near(text: str, point: dict[str, float], way: str) -> float:
    """The value on a way, near the point; mpmath decides."""
    found = WAY.search(way)
    assert found is not None
    follows, formula = found.groups()
    (leads,) = point.keys() - {follows}
    with mpmath.workprec(300):
        step = mp.mpf(10) ** -15 * (-1 if "from the left" in way else 1)
        at = {leads: mp.mpf(point[leads]) + step}
        curve, graph = build(parse(formula)), build(parse(text))
        at[follows] = forward(curve, at, precise())[curve.output]
        return float(forward(graph, at, precise())[graph.output])


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("x*y/(x^2 + y^2)", {"x": 0.0, "y": 0.0}),
        ("x^2*y/(x^4 + y^2)", {"x": 0.0, "y": 0.0}),  # 0 on every line
        ("x^3*y/(x^6 + y^2)", {"x": 0.0, "y": 0.0}),
        ("y/x", {"x": 0.0, "y": 0.0}),
        ("(x - 1)*(y + 2)/((x - 1)^2 + (y + 2)^2)", {"x": 1.0, "y": -2.0}),
        ("x*y/(abs(x)*hypot(x, y))", {"x": 0.0, "y": 0.0}),
    ],
)
def test_two_ways_with_different_limits_prove_that_there_is_none(text: str, point: dict[str, float]) -> None:
    (found,) = told(text, point)
    assert (found.kind, found.code) == ("no limit", "jump")
    for way, limit in (("way", "first"), ("another", "other")):
        assert near(text, point, found.fields[way]) == pytest.approx(found.fields[limit], abs=1e-9)
    assert abs(found.fields["first"] - found.fields["other"]) > 0.01


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x*y/sqrt(x^2 + y^2)", 0.0),
        ("sin(x*y)/(x*y)", 1.0),
        ("(x^2 + y^2)*log(x^2 + y^2)", 0.0),
        ("x*log(y)", 0.0),  # on y = exp(-1/x) it is -1
        ("(1 - cos(x + y))/(x + y)^2", 0.5),
    ],
)
def test_one_limit_on_all_ways_is_no_proof_and_takes_no_place(text: str, expected: float) -> None:
    (found,) = told(text, {"x": 0.0, "y": 0.0})
    assert (found.word, found.members["tends_to"]) == ("note", expected)
    assert "does not prove" in found.message
    assert math.isnan(cgraph_cli.parse(text).evaluate(x=0, y=0, true=True).value)


def test_a_jump_along_one_variable_is_told_of_it() -> None:
    (found,) = told("x/y", {"x": 1.0, "y": 0.0})
    assert (found.members["wrt"], found.members["left"], found.members["right"]) == (("y",), -math.inf, math.inf)
    assert [one.members["wrt"] for one in told("1/(x - y)", {"x": 1.0, "y": 1.0})] == [("x",), ("y",)]
    assert not told("1/(x^2 + y^2)", {"x": 0.0, "y": 0.0})


@pytest.mark.parametrize(
    ("text", "point", "expected"),
    [
        ("(sin(x) - sin(y))/(x - y)", {"x": 1.0, "y": 1.0}, -math.sin(1) / 2),
        ("(exp(x) - exp(y))/(x - y)", {"x": 0.0, "y": 0.0}, 0.5),
        ("(sqrt(x) - sqrt(y))/(x - y)", {"x": 4.0, "y": 4.0}, -1 / 64),
    ],
)
def test_where_an_output_has_no_value_its_gradients_are_told_along_their_variables(
    text: str, point: dict[str, float], expected: float
) -> None:
    found = [one for one in cgraph_cli.evaluate(text, point).warnings if one.kind == "along itself"]
    assert [one.members["tends_to"] for one in found] == [pytest.approx(expected), pytest.approx(expected)]
    with mpmath.workprec(300):
        at = {"x": mp.mpf(point["x"]) + mp.mpf(10) ** -15, "y": mp.mpf(point["y"])}
        graph = build(parse(text))
        slope = backward(graph, forward(graph, at, precise()), graph.output, precise()).upstream[graph.variables["x"]]
    assert float(slope) == pytest.approx(expected)
