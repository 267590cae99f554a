"""Derived graphs have the numbers of the backward pass and of mpmath, for any order and mix of variables."""

from __future__ import annotations

import math
import re

import mpmath
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from invariants import check
from strategies import relatives
from trusted import untrue

from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import backward, forward, tangents
from cgraph_cli.errors import TooLargeError
from cgraph_cli.graph.build import build
from cgraph_cli.graph.expand import expanded
from cgraph_cli.graph.graph import Graph
from cgraph_cli.library import parse as parse_library
from cgraph_cli.report.derivatives import differentiate
from cgraph_cli.symbolic.derive import GRADIENT, VALUE, Plain, gradient, value_and_gradient
from cgraph_cli.symbolic.directional import Directional, repeated
from cgraph_cli.symbolic.simplify import Simplifier, maker
from cgraph_cli.syntax.parser import parse
from cgraph_cli.syntax.printer import print_program

EXPRESSIONS = [
    "(x + y)*z",
    "x^y",
    "x*x*x",
    "sin(x)*exp(x*y)",
    "log(1 + exp(x*y + z))*sin(y)/(1 + z^2)",
    "where(x > 0, x^2, log(x))",
    "y*where(x < 0, log(x), x)*where(x < 0, 2*x, y)",
    "where(x > 0, where(y > 1, x*y, x/y), sqrt(x))",
    "max(x, y, z)",
    "min(x, x, y)",
    "norm(x, y, z)",
    "logsumexp(x, y, z)",
    "mean(x, x*y, z)",
    "s(a) = 1/(1 + exp(-a)); s(x*y + z)",
    "g(a, b) = a^2*b; h(a) = g(a, sin(a)); h(x*y) - g(z, x)",
    "cross_entropy(sigmoid(x), 0.3)",
    "huber(x, 5*y, 0.5)",
    "leaky_relu(z) + elu(z) + gelu(x) + silu(y)",
    "atan2(y, x)*hypot(x, z)",
    "clip(x, y, z)",
    "abs(z)*sign(z)*floor(x)",
    "gamma(x + 1)*lgamma(y)",
    "erf(x)*erfc(z)",
    "3*2",
]
POINT = {"x": 0.7, "y": 1.3, "z": -0.4}


def graph_of(text: str) -> Graph:
    return build(parse(text))


@pytest.mark.parametrize("simplify", [False, True])
@pytest.mark.parametrize("text", EXPRESSIONS)
def test_gradient_graph_has_the_numbers_of_the_backward_pass(text: str, simplify: bool) -> None:
    graph = graph_of(text)
    values = forward(graph, POINT)
    passes = backward(graph, values, graph.output)
    derived = gradient(graph, graph.output, list(graph.variables), maker(simplify))
    if graph.variables:
        check(derived)
    derived_values = forward(derived, POINT)
    for name, node in derived.outputs.items():
        expected = passes.upstream[graph.variables[name]]
        assert derived_values[node] == pytest.approx(expected, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize(
    "text",
    [
        "(y/sqrt(-x))^2",
        "(V/sqrt(-R))^2/2",
        "silu(2/(e*x))",
        "x/(e*y)*sigmoid(x/(e*y))",
        "hypot(abs(y/e), silu(y))",
        "(x*y - y)/(log((2*y)^-0.5)/(exp(y)*x))",
        "0.5*(x + 1) + 1 + exp(0.5*(x + y)) + sin(0.5*(x + y))",
        "-(x + y)/2 - (x + y)/2",
        "max(e + log1p(y), cbrt(sech(x)^-1)/exp(sech(x)^-1 - log1p(y)))",
    ],
)
def test_what_is_written_has_its_parts_before_it(text: str) -> None:
    """Parts that were typed, are known in another spelling or were kept whole."""
    graph = graph_of(text)
    point = dict.fromkeys(graph.variables, 0.6) | dict.fromkeys(("x", "R"), -0.7 if "sqrt(-" in text else 0.7)
    derived = value_and_gradient(graph, graph.output, list(graph.variables), maker(True, computed=True))
    values, found = forward(graph, point), forward(derived, point)
    upstream = backward(graph, values, graph.output).upstream
    assert found[derived.outputs[VALUE]] == pytest.approx(values[graph.output], rel=1e-13)
    for name, node in graph.variables.items():
        assert found[derived.outputs[GRADIENT + name]] == pytest.approx(upstream[node], rel=1e-13)


GENERIC = ({"x": 0.7318, "y": 1.2931}, {"x": 1.6173, "y": 0.3719}, {"x": -0.4213, "y": 0.8127})


@settings(max_examples=400)
@example("sigmoid(0.5*(x + 1))", False)
@example("exp(0.1*(x - y)) - exp(-0.1*(x - y))", True)
@example("silu(2/(e*x))", True)
@example("((-x)^-0.5)^3", False)
@given(relatives(), st.booleans())
def test_multiples_of_one_part_are_told_apart(text: str, computed: bool) -> None:
    """What is taken out, met and cancelled are equal terms: of value and gradient the numbers stay."""
    graph = graph_of(text)
    derived = value_and_gradient(graph, graph.output, list(graph.variables), maker(True, computed=computed))
    for point in GENERIC:
        with mpmath.workdps(40):
            values = forward(graph, point, precise())
            if not all(map(mpmath.isfinite, values)):
                continue
            upstream = backward(graph, values, graph.output, precise()).upstream
            wanted = {GRADIENT + name: upstream[node] for name, node in graph.variables.items()}
            wanted[VALUE] = values[graph.output]
            found = forward(derived, point, precise())
            size = max(1, *map(abs, (*values, *upstream)))
            for name, number in wanted.items():
                assert abs(found[derived.outputs[name]] - number) <= 1e-12 * size, name


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_tangent_graph_has_the_numbers_of_forward_mode(text: str) -> None:
    graph, places = expanded(graph_of(text))
    graph.outputs = {"f": places[-1]}
    direction = {name: 0.5 + index for index, name in enumerate(graph.variables)}
    names = {name: f"d{name}" for name in graph.variables}
    made = Plain()
    found = Directional(graph, made, True, list(names)).forward(
        places[-1], {name: made.variable(names[name]) for name in names}
    )
    derived = made.emit({"tangent": found}, list(names.values()))
    point = POINT | {names[name]: value for name, value in direction.items()}
    expected = tangents(graph, forward(graph, POINT), direction)[graph.output]
    assert forward(derived, point)[derived.output] == pytest.approx(expected, rel=1e-12, abs=1e-14)


SMOOTH = [text for text in EXPRESSIONS if not any(name in text for name in ("floor", "clip", "max", "min", "where"))]


ORDERS = [("x", "x"), ("x", "y"), ("y", "x", "x")]


@pytest.mark.parametrize(
    ("text", "names"),
    [(text, names) for text in SMOOTH for names in ORDERS if set(names) <= set(graph_of(text).variables)],
)
def test_higher_derivatives_agree_with_mpmath(text: str, names: tuple[str, ...]) -> None:
    graph = graph_of(text)
    derived = repeated(graph, graph.output, names, Simplifier)
    orders = {name: names.count(name) for name in dict.fromkeys(names)}
    with mpmath.workdps(60):
        point = {name: mpmath.mpf(value) for name, value in POINT.items()}

        def value(*args: mpmath.mpf) -> mpmath.mpf:
            return forward(graph, point | dict(zip(orders, args, strict=True)), precise())[graph.output]

        expected = mpmath.diff(value, tuple(point[name] for name in orders), tuple(orders.values()))
        scale = max(1.0, abs(float(expected)))
    assert forward(derived, POINT)[derived.output] == pytest.approx(float(expected), rel=1e-10, abs=1e-12 * scale)


def test_branch_not_taken_sends_nothing_however_infinite_it_is() -> None:
    graph = graph_of("where(x > 0, x, sqrt(x)*log(0*x))")
    for simplify in (False, True):
        derived = gradient(graph, graph.output, ["x"], maker(simplify))
        assert forward(derived, {"x": 2.0})[derived.outputs["x"]] == 1.0


def test_limits_are_kept_in_the_exact_graph_and_left_out_on_paper() -> None:
    graph = graph_of("x^y")
    at_origin = {"x": 0.0, "y": 2.0}
    exact = gradient(graph, graph.output, ["y"], Simplifier(), exact=True)
    assert forward(exact, at_origin)[exact.output] == 0.0
    on_paper = gradient(graph, graph.output, ["y"], Simplifier(), exact=False)
    assert math.isnan(forward(on_paper, at_origin)[on_paper.output])
    assert not any(op.name == "where" for op in on_paper.ops)


def test_inlining_keeps_the_value_and_the_places() -> None:
    graph = graph_of("g(a) = a^2; h(a) = g(a) + 1; q = h(x); q*y")
    plain, places = expanded(graph)
    check(plain)
    assert not any(op.is_module for op in plain.ops)
    values, inside = forward(graph, POINT), forward(plain, POINT)
    assert [inside[places[node]] for node in range(len(graph))] == list(values)


def test_derivative_of_what_does_not_depend_on_the_variable_is_zero() -> None:
    derived = repeated(graph_of("x^3"), graph_of("x^3").output, ["x"] * 400, Simplifier)
    assert derived.constants[derived.output] == 0.0


def test_an_order_with_too_many_nodes_is_refused_long_before_it_is_reached() -> None:
    graph = graph_of("sin(x^2*exp(x))*tan(x*log(x))^3/(1 + gamma(x))")
    with pytest.raises(TooLargeError, match="order 60 has more than 1,000,000 nodes") as error:
        repeated(graph, graph.output, ["x"] * 60, Simplifier)
    told = re.fullmatch(r"order (\d) has \d+,\d{3}, order (\d) has \d,\d{3}", error.value.help or "")
    assert told is not None
    assert int(told[1]) == int(told[2]) + 1


def test_one_step_with_too_many_nodes_is_refused() -> None:
    graph = graph_of("exp(sin(x))*tan(x*y)*log(x)*sqrt(y)*gamma(x)")
    graph.max_nodes = 50
    for makers in (Plain, Simplifier):
        with pytest.raises(TooLargeError, match="more than 5 nodes"):
            repeated(graph, graph.output, ["x"], makers)


@pytest.mark.parametrize("text", [text for text in EXPRESSIONS if "where" not in text and text != "3*2"])
def test_printed_derivative_reads_back_with_the_same_number(text: str) -> None:
    program = parse(text)
    result = differentiate(program, values={name: POINT[name] for name in build(program).variables})
    for one in result.derivatives:
        again = parse_library(print_program(one.program))
        number = again.evaluate({name: POINT[name] for name in again.variables}).value
        assert number == pytest.approx(one.value, rel=1e-11, abs=1e-13)


def test_corpora_of_modules_read_back_with_the_trusted_gradients(corpora: list[dict]) -> None:  # type: ignore[type-arg]
    """Those that are written with softplus, hypot and the like; of the others tests/symbolic/test_shorter.py tells."""
    wrong = []
    cases = [case for case in corpora if "expr_ext" in case]
    for case in cases[::3]:
        program = parse(case["expr_ext"])
        names = tuple(name for name in program.names() if name in case["vars"])
        wrong += untrue(case, {one.wrt[0]: one.program for one in differentiate(program, names).derivatives})
    assert len(cases) > 200
    assert not wrong
