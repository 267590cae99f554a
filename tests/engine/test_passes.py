"""The two passes: the upstream invariant, and backward = forward mode = gradient graph = differences by mpmath."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import mpmath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from invariants import check
from mpmath import mp
from strategies import Case, expressions

import cgraph_cli
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import Gradients, backward, forward, tangents
from cgraph_cli.graph.build import build
from cgraph_cli.graph.graph import Graph
from cgraph_cli.rules import COMPARISONS
from cgraph_cli.symbolic.derive import Plain, gradient
from cgraph_cli.syntax.parser import parse


def graph_of(text: str) -> Graph:
    graph = build(parse(text))
    check(graph)
    return graph


def gradients(text: str, **values: float) -> dict[str, float]:
    graph = graph_of(text)
    found = backward(graph, forward(graph, values), graph.output)
    return {name: found.upstream[node] for name, node in graph.variables.items()}


def users(graph: Graph) -> list[list[tuple[int, int]]]:
    """For every node the edges that use it, as (user, argument position) in evaluation order."""
    found: list[list[tuple[int, int]]] = [[] for _ in range(len(graph))]
    for node in range(len(graph)):
        for position, arg in enumerate(graph.arguments(node)):
            found[arg].append((node, position))
    return found


def assert_invariant(graph: Graph, found: Gradients) -> None:
    """upstream(n) = Σ downstream over the edges into n's users, and the seed at the output."""
    for node, edges in enumerate(users(graph)):
        if not graph.has_gradient[node]:
            assert found.upstream[node] == (1.0 if node == graph.output else 0.0)
            continue
        arriving = [found.downstream[graph.offsets[user] + position] for user, position in edges]
        expected = math.fsum(arriving) + (1.0 if node == graph.output else 0.0)
        size = sum(map(abs, arriving))
        assert found.upstream[node] == pytest.approx(expected, rel=1e-12, abs=1e-14 * size)
        for user, position in edges:
            edge = graph.offsets[user] + position
            if found.sends[edge]:
                assert found.reached[user]
                assert found.downstream[edge] == found.upstream[user] * found.local[edge]
            else:
                assert found.downstream[edge] == 0.0


def differences(graph: Graph, values: Mapping[str, float]) -> dict[str, float]:
    """Central differences of the forward pass at 60 digits: nothing of the backward pass is in them."""
    with mpmath.workdps(60):
        arithmetic, h = precise(), mp.mpf(10) ** -20

        def at(name: str, step: mpmath.mpf) -> mpmath.mpf:
            moved = {**{key: mp.mpf(x) for key, x in values.items()}, name: mp.mpf(values[name]) + step}
            return forward(graph, moved, arithmetic)[graph.output]

        return {name: float((at(name, h) - at(name, -h)) / (2 * h)) for name in graph.variables}


def near_a_kink(graph: Graph, values: Sequence[float]) -> bool:
    """Whether a choice hangs on less than rounding: there a double and 60 digits may choose differently."""
    for node, op in enumerate(graph.ops):
        at = sorted(values[arg] for arg in graph.arguments(node))
        if op.name == "abs" and abs(at[0]) < 1e-9:
            return True
        if (op.name in COMPARISONS or op.name == "max") and any(b - a < 1e-9 for a, b in pairwise(at)):
            return True
    return False


def nearly(expected: float, scale: float) -> object:
    return pytest.approx(expected, rel=1e-9, abs=1e-12 * scale)


@settings(max_examples=150, deadline=None)
@given(expressions())
def test_backward_is_forward_mode_is_the_gradient_graph_is_mpmath(case: Case) -> None:
    graph = graph_of(case.text)
    values = forward(graph, case.values)
    found = backward(graph, values, graph.output)
    assert_invariant(graph, found)
    assume(not near_a_kink(graph, values))
    scale = 1 + sum(map(abs, found.downstream))
    expected = differences(graph, case.values)
    derived = gradient(graph, graph.output, list(graph.variables), Plain())
    derived_values = forward(derived, case.values)
    for name, node in graph.variables.items():
        got = found.upstream[node]
        assert got == nearly(tangents(graph, values, {name: 1.0})[graph.output], scale)
        assert got == nearly(derived_values[derived.outputs[name]], scale)
        assert got == nearly(expected[name], scale)


@settings(max_examples=40, deadline=None)
@given(expressions())
def test_the_passes_agree_with_themselves_in_high_precision(case: Case) -> None:
    graph = graph_of(case.text)
    values = forward(graph, case.values)
    assume(not near_a_kink(graph, values))
    with mpmath.workdps(40):
        exact = forward(graph, case.values, precise())
        exact_found = backward(graph, exact, graph.output, precise())
    found = backward(graph, values, graph.output)
    scale = 1 + sum(map(abs, found.downstream))
    assert values[graph.output] == nearly(float(exact[graph.output]), scale)
    for node in graph.variables.values():
        assert found.upstream[node] == nearly(float(exact_found.upstream[node]), scale)


def test_a_tangent_is_the_directional_derivative() -> None:
    graph = graph_of("sin(x*y) + y/x")
    values = forward(graph, {"x": 0.7, "y": 1.9})
    found = backward(graph, values, graph.output).upstream
    tangent = tangents(graph, values, {"x": 2.0, "y": -3.0})[graph.output]
    assert tangent == pytest.approx(2 * found[graph.variables["x"]] - 3 * found[graph.variables["y"]], rel=1e-14)


def test_a_variable_used_twice_in_one_node_has_two_edges() -> None:
    graph = graph_of("x*x")
    found = backward(graph, forward(graph, {"x": 3.0}), graph.output)
    assert list(found.local) == [3.0, 3.0]
    assert list(found.downstream) == [3.0, 3.0]
    assert found.upstream[graph.variables["x"]] == 6.0


def test_constants_have_no_gradient() -> None:
    graph = graph_of("2*x + pi")
    found = backward(graph, forward(graph, {"x": 1.0}), graph.output)
    for node in graph.constants:
        assert not graph.has_gradient[node]
        assert found.upstream[node] == 0.0


# --- where: only the branch taken takes part ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("where(x > 0, log(x), x^2)", {"x": -3.0}, {"x": -6.0}),
        ("where(x > 0, log(x), x^2)", {"x": 4.0}, {"x": 0.25}),
        ("where(x == 0, 1, sin(x)/x)", {"x": 0.0}, {"x": 0.0}),
        ("where(x >= 0, sqrt(x)*y, y/x)", {"x": 4.0, "y": 3.0}, {"x": 0.75, "y": 2.0}),
        ("where(x < 0, where(x < -1, log(x), -x), log(x))", {"x": -0.5}, {"x": -1.0}),
        ("q = log(x); where(x > 0, q, y) + y", {"x": -1.0, "y": 2.0}, {"x": 0.0, "y": 2.0}),
        ("where(x > 0, inf*x, x)*y", {"x": -2.0, "y": 3.0}, {"x": 3.0, "y": -2.0}),
    ],
)  # fmt: skip
def test_only_the_branch_taken_takes_part(text: str, values: dict[str, float], expected: dict[str, float]) -> None:
    assert gradients(text, **values) == expected
    graph = graph_of(text)
    at = forward(graph, values)
    for name, value in expected.items():
        assert tangents(graph, at, {name: 1.0})[graph.output] == value
    derived = gradient(graph, graph.output, list(expected), Plain())
    derived_values = forward(derived, values)
    assert {name: derived_values[derived.outputs[name]] for name in expected} == expected


def test_an_edge_sends_where_its_node_takes_part_and_took_that_branch() -> None:
    graph = graph_of("where(x > 0, where(y > 0, x*y, x + 2), y^3)")
    for x, y, operations in ((1.0, 1.0, ["mul", "mul", "where", "where"]), (-1.0, 1.0, ["pow", "where"])):
        found = backward(graph, forward(graph, {"x": x, "y": y}), graph.output)
        sending = [
            graph.ops[user].name for user in range(len(graph)) for edge in graph.edges(user) if found.sends[edge]
        ]
        assert sending == operations


def test_a_value_shared_by_both_branches_takes_part() -> None:
    assert gradients("q = x^2; where(x > 0, q, -q)", x=-3.0) == {"x": 6.0}


def test_a_zero_upstream_times_an_infinite_local_gradient_is_nan() -> None:
    assert math.isnan(gradients("0*sqrt(x)", x=0.0)["x"])


@pytest.mark.parametrize(
    "text",
    [
        "log(min(x, -1))*y",
        "log(where(x > 5, x, -1)) + y^2",
        "g(a) = max(min(a, -1), -2); h(a) = sqrt(g(a)); h(x)*y",
        "where(x > 0, acos(2), x)*y",
        "sqrt(relu(-x) - 1)*y + clip(x, 0, 1)",
    ],
)
def test_of_a_value_that_is_nan_every_derivative_is_nan(text: str) -> None:
    point = {"x": 3.0, "y": 2.0}
    report = cgraph_cli.evaluate(text, point, hessian=True, direction={"x": 1.0})
    assert math.isnan(report.value)
    assert all(map(math.isnan, report.gradients.values()))
    assert all(math.isnan(one) for row in (report.hessian or {}).values() for one in row.values())
    assert report.tangent is not None
    assert math.isnan(report.tangent)
    assert all(math.isnan(one) for one in cgraph_cli.parse(text).function()(3.0, 2.0)[1])
    precise_report = cgraph_cli.evaluate(text, point, digits=30)
    assert all(map(math.isnan, precise_report.gradients.values()))


@given(expressions(), st.sampled_from(["log(-1 - q^2)", "sqrt(min(q, -1))", "y*acos(clip(q, 2, 3))"]))
@settings(max_examples=100)
def test_of_any_expression_that_is_nan_every_derivative_is_nan(case: Case, around: str) -> None:
    *statements, last = case.text.split(";")
    graph = build(parse(";".join([*statements, f"q = {last}", around])))
    values = forward(graph, case.values)
    assert math.isnan(values[graph.output])
    found = backward(graph, values, graph.output)
    for name, start in graph.variables.items():
        if found.reached[start]:
            assert math.isnan(found.upstream[start])
            assert math.isnan(tangents(graph, values, {name: 1.0})[graph.output])


@pytest.mark.parametrize("digits", [None, 30])
def test_where_the_output_is_nan_no_formula_is_said_to_be_nan_that_is_not(digits: int | None) -> None:
    report = cgraph_cli.evaluate("log(min(x, -1))*y", {"x": 3, "y": 2}, digits=digits)
    (edge,) = [node.args[0] for node in report.nodes if node.label == "v1"]
    assert math.isnan(edge.local or 0.0)
    assert edge.local_expression == "nan"
