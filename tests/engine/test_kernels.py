"""Kernels: conventions at kinks, where kinks are reported, numbers of arguments, and modules."""

from __future__ import annotations

import itertools
import math

import mpmath
import oracle
import pytest
from mpmath import mp

from cgraph_cli.engine.floats import FLOAT, all_finite
from cgraph_cli.engine.kernels import kink_kernel, local_kernel, value_kernel
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.graph.build import Reading, build
from cgraph_cli.rule import REAL
from cgraph_cli.rules import COMPARISONS, RULES
from cgraph_cli.syntax.parser import parse


def local(name: str, *args: float) -> list[float]:
    """The local gradients, 0 where a branch was not taken."""
    return [0.0 if slope is None else slope for slope in local_kernel(name)(value_kernel(name)(*args), *args)]


# --- one written convention at kinks -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        ("abs", (0.0,), [0.0]), ("abs", (-0.0,), [0.0]), ("relu", (0.0,), [0.0]), ("sign", (0.0,), [0.0]),
        ("floor", (2.0,), [0.0]), ("ceil", (-1.0,), [0.0]), ("round", (0.5,), [0.0]),
        ("max", (2.0, 2.0), [0.5, 0.5]), ("min", (2.0, 3.0, 2.0), [0.5, 0.0, 0.5]),
        ("max", (1.0, 1.0, 1.0), [1 / 3, 1 / 3, 1 / 3]), ("min", (0.0, -0.0), [0.5, 0.5]), ("max", (7.0,), [1.0]),
        ("mae", (1.5, 1.5), [0.0, 0.0]), ("hinge", (2.0, 0.5), [0.0, 0.0]), ("hypot", (0.0, 0.0), [0.0, 0.0]),
        ("norm", (0.0, 0.0, 0.0), [0.0, 0.0, 0.0]), ("leaky_relu", (0.0, 0.2), [0.2, 0.0]),
        ("elu", (0.0, 0.5), [0.5, 0.0]), ("clip", (1.0, 1.0, 3.0), [1.0, 0.0, 0.0]),
        ("clip", (3.0, 1.0, 3.0), [1.0, 0.0, 0.0]),
    ],
)  # fmt: skip
def test_conventions(name: str, args: tuple[float, ...], expected: list[float]) -> None:
    assert local(name, *args) == expected


@pytest.mark.parametrize("name", ["floor", "ceil", "sign", "round"])
@pytest.mark.parametrize("x", [-2.5, -1.0, 0.0, 0.3, 7.0])
def test_steps_have_gradient_zero_everywhere(name: str, x: float) -> None:
    assert local(name, x) == [0.0]


GRID = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5)
KINKED = [name for name, rule in RULES.items() if rule.kink is not None and name not in COMPARISONS]


def jumps(name: str, args: tuple[float, ...], position: int) -> bool:
    """Whether mpmath's differences to both sides disagree in one argument, or the function itself jumps."""
    function = oracle.value(name)
    point = [mp.mpf(x) for x in args]
    h = mp.mpf(10) ** -20
    ahead, behind = list(point), list(point)
    ahead[position] += h
    behind[position] -= h
    right = (function(*ahead) - function(*point)) / h
    left = (function(*point) - function(*behind)) / h
    return bool(abs(right - left) > 1e-9 or abs(right) > 1e15)


@pytest.mark.parametrize("name", KINKED)
def test_a_kink_is_reported_exactly_where_there_is_one(name: str) -> None:
    """The grid has every tie and every bound; the reference is one-sided differences by mpmath."""
    rule = RULES[name]
    kernel = kink_kernel(name)
    assert kernel is not None
    counts = (1, 2, 3) if rule.many else (len(rule.args),)
    seen = set()
    with mpmath.workdps(80):
        for args in itertools.chain.from_iterable(itertools.product(GRID, repeat=count) for count in counts):
            positions = [i for i in range(len(args)) if rule.many or rule.gradients[i] is not None]
            expected = any(jumps(name, args, i) for i in positions)
            reported = bool(kernel(value_kernel(name)(*args), *args))
            assert reported == expected, (name, args)
            seen.add(reported)
    assert seen == {True, False}


@pytest.mark.parametrize("name", sorted(set(RULES) - set(KINKED) - COMPARISONS - {"where"}))
def test_a_row_without_a_kink_has_none(name: str) -> None:
    rule = RULES[name]
    assert kink_kernel(name) is None
    with mpmath.workdps(80):
        for args in itertools.product((0.25, 0.5, 0.75) if rule.domain else GRID, repeat=len(rule.args)):
            domain = [(rule.domain.get(arg, REAL), x) for arg, x in zip(rule.args, args, strict=True)]
            if all(interval is REAL or interval.contains(abs(x)) for interval, x in domain):
                assert not any(jumps(name, args, i) for i in range(len(args)) if rule.gradients[i] is not None), args


@pytest.mark.parametrize("name", sorted(COMPARISONS))
def test_a_comparison_changes_where_both_sides_are_equal(name: str) -> None:
    kernel = kink_kernel(name)
    assert kernel is not None
    assert kernel(0.0, 1.5, 1.5)
    assert not kernel(0.0, 1.5, 1.25)
    assert list(local_kernel(name)(1.0, 1.5, 1.5)) == [None, None]


# --- arguments -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "args", "full"),
    [("leaky_relu", (-2.0,), (-2.0, 0.01)), ("elu", (-2.0,), (-2.0, 1.0)), ("huber", (0.5, 3.0), (0.5, 3.0, 1.0))],
)
def test_defaults_are_those_of_the_table(name: str, args: tuple[float, ...], full: tuple[float, ...]) -> None:
    for arithmetic in (FLOAT, precise()):
        short = [arithmetic.number(x) for x in args]
        long = [arithmetic.number(x) for x in full]
        value = value_kernel(name, arithmetic)(*short)
        assert value == value_kernel(name, arithmetic)(*long)
        expected = local_kernel(name, arithmetic)(value, *long)
        assert list(local_kernel(name, arithmetic)(value, *short)) == list(expected)


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.many])
@pytest.mark.parametrize("count", [1, 2, 3, 500])
def test_any_number_of_arguments(name: str, count: int) -> None:
    args = [math.sin(i) for i in range(count)]
    value = value_kernel(name)(*args)
    slopes = local(name, *args)
    assert len(slopes) == count
    assert math.fsum(slopes) == pytest.approx(
        {"sum": count, "mean": 1, "norm": math.fsum(args) / value if value else 0}.get(name, 1)
    )


# --- modules -------------------------------------------------------------------------------------------------------

MODULES = [
    ("sigma(a) = 1/(1 + exp(-a)); sigma(w*x + b)", {"w": 2.0, "x": 0.3, "b": -1.0}),
    ("sq(a) = a*a; cube(a) = a*sq(a); cube(x) + sq(cube(y))", {"x": 1.5, "y": -0.5}),
    ("dist(a, b) = sqrt((a - b)^2 + 1); dist(x, y)*dist(y, x)", {"x": 0.7, "y": 2.0}),
    ("safe(a) = where(a > 0, log(a), 0); safe(x) + x", {"x": -1.0}),
    ("twice(a) = a + a; twice(twice(twice(x)))", {"x": 3.0}),
    ("first(a, b) = a; first(x, y) + y", {"x": 1.0, "y": 4.0}),
    ("mse(p, t) = abs(p - t); mse(x, 2*y)", {"x": 1.0, "y": 4.0}),
]


@pytest.mark.parametrize(("text", "values"), MODULES)
@pytest.mark.parametrize("arithmetic", [FLOAT, precise()], ids=["float", "mpmath"])
def test_a_module_is_one_node_with_the_gradients_of_its_inside(text, values, arithmetic) -> None:  # type: ignore[no-untyped-def]
    program = parse(text)
    closed, opened = build(program), build(program, Reading(expand=True))
    assert any(op.is_module for op in closed.ops)
    assert not any(op.is_module for op in opened.ops)
    results = []
    for graph in (closed, opened):
        at = forward(graph, values, arithmetic)
        found = backward(graph, at, graph.output, arithmetic)
        results.append([at[graph.output], *(found.upstream[graph.variables[name]] for name in values)])
    assert [float(x) for x in results[0]] == pytest.approx([float(x) for x in results[1]], rel=1e-14)


@pytest.mark.parametrize(
    "call",
    [
        f"{name}({', '.join('xyz'[: len(rule.args)])})"
        for name, rule in RULES.items()
        if (rule.value or rule.definition) and not rule.many
    ],
)
def test_the_inside_of_a_built_in_module_is_the_module(call: str) -> None:
    name = call.split("(", maxsplit=1)[0]
    inside = next(a for a in oracle.samples(name) if all(0.2 < abs(x) < 50 for x in a) and len(set(a)) == len(a))
    values = dict(zip("xyz", inside, strict=False))
    results = []
    for expand in (False, True):
        graph = build(parse(call), Reading(expand=expand))
        at = forward(graph, values)
        found = backward(graph, at, graph.output)
        results.append([at[graph.output], *(found.upstream[node] for node in graph.variables.values())])
    assert results[0] == pytest.approx(results[1], rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("numbers", [[], [1.0, -2.0], [1e308] * 3, [math.inf], [math.inf, -math.inf], [1.0, math.nan]])
def test_whether_all_are_finite_is_what_each_is(numbers: list[float]) -> None:
    assert all_finite(numbers) is all(map(math.isfinite, numbers))
