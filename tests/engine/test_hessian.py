"""The Hessian: forward over reverse, held against mpmath and against the gradient graph's own gradient."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
import oracle
import pytest
from mpmath import mp

import cgraph_cli
from cgraph_cli.engine.arithmetic import Arithmetic
from cgraph_cli.engine.columns import columns
from cgraph_cli.engine.floats import FLOAT
from cgraph_cli.engine.hessian import Second, hessian
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.graph.build import Reading, build
from cgraph_cli.graph.expand import expanded
from cgraph_cli.graph.graph import Graph, operation
from cgraph_cli.rules import RULES
from cgraph_cli.symbolic.derive import Plain, gradient
from cgraph_cli.symbolic.simplify import Simplifier
from cgraph_cli.syntax.parser import parse

EXPRESSIONS = [
    "(x + y)*z",
    "x^y + z^x",
    "sin(x*y)*exp(z)/(1 + x^2)",
    "log(1 + exp(x*y + z))",
    "s(a) = 1/(1 + exp(-a)); s(x*y + z)*s(y)",
    "where(x > 0, x^2*y, z^3)",
    "logsumexp(x, y, z) + norm(x, y, z)",
    "mse(tanh(x*y), z) + cross_entropy(sigmoid(x), sigmoid(z))",
    "100*(y - x^2)^2 + (1 - x)^2 + z",
]
POINT = {"x": 0.7, "y": 1.3, "z": 0.4}


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_hessian_agrees_with_mpmath_and_is_symmetric(text: str) -> None:
    found = cgraph_cli.evaluate(text, POINT, hessian=True).hessian
    assert found is not None
    graph = build(parse(text))
    names = list(graph.variables)
    with mpmath.workdps(60):
        point = {name: mpmath.mpf(value) for name, value in POINT.items()}
        for row in names:
            for column in names:
                orders = {row: 1, column: 1} if row != column else {row: 2}

                def value(*args: mpmath.mpf, orders: dict[str, int] = orders) -> mpmath.mpf:
                    return forward(graph, point | dict(zip(orders, args, strict=True)), precise())[graph.output]

                expected = mpmath.diff(value, tuple(point[name] for name in orders), tuple(orders.values()))
                assert found[row][column] == pytest.approx(float(expected), rel=1e-11, abs=1e-12)
                assert found[row][column] == found[column][row]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_hessian_is_the_gradient_of_the_gradient(text: str) -> None:
    found = cgraph_cli.evaluate(text, POINT, hessian=True).hessian
    assert found is not None
    graph = build(parse(text))
    first = gradient(graph, graph.output, list(graph.variables), Simplifier())
    for row, node in first.outputs.items():
        second = gradient(first, node, list(graph.variables), Simplifier())
        values = forward(second, POINT)
        for column, entry in second.outputs.items():
            assert found[row][column] == pytest.approx(values[entry], rel=1e-11, abs=1e-12)


def test_a_variable_may_have_the_name_that_a_direction_would_get() -> None:
    report = cgraph_cli.evaluate("x^2*dx", {"x": 3.0, "dx": 5.0}, hessian=True)
    assert report.hessian == {"x": {"x": 10.0, "dx": 6.0}, "dx": {"x": 6.0, "dx": 0.0}}


def test_jacobian_and_direction() -> None:
    report = cgraph_cli.evaluate("q = x*y; f = sin(q); g = q^2", {"x": 2.0, "y": 3.0}, outputs=["f", "g"])
    for output, text in (("f", "sin(x*y)"), ("g", "(x*y)^2")):
        alone = cgraph_cli.evaluate(text, {"x": 2.0, "y": 3.0})
        assert report.values[output] == alone.value
        assert report.jacobian[output] == pytest.approx(alone.gradients)
    directed = cgraph_cli.evaluate("sin(x*y)", {"x": 2.0, "y": 3.0}, direction={"x": 1.0, "y": -2.0})
    assert directed.tangent == pytest.approx(directed.gradients["x"] - 2 * directed.gradients["y"])


# --- every row, every corpus ----------------------------------------------------------------------------------------


def second_at(graph: Graph, values: dict[str, float], arithmetic: Arithmetic) -> list[list[Any]]:
    return Second(graph, graph.output, values, arithmetic).rows()


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.has_gradient and name != "where"])
def test_the_partials_of_every_rows_local_gradients_agree_with_mpmath(name: str) -> None:
    function = oracle.value(name)
    for args in [args for args in oracle.samples(name) if all(1e-9 <= abs(x) <= 1e6 for x in args)][::7]:
        graph = Graph()
        names = [f"a{i}" for i in range(len(args))]
        graph.outputs["f"] = graph.add(operation(name), [graph.variable(one) for one in names])
        values = dict(zip(names, args, strict=True))
        with mpmath.workdps(oracle.digits(name)):
            point = [mp.mpf(x) for x in args]
            wrt = [i for i in range(len(args)) if RULES[name].many or RULES[name].gradients[i] is not None]
            slopes = [oracle.derivative(function, i) for i in wrt]
            if isinstance(function(*point), mpmath.mpc):
                continue
            if any(oracle.has_kink(one, point, i) for one in (function, *slopes) for i in wrt):
                continue
            second = {(i, j): oracle.derivative(function, i, j)(*point) for i in wrt for j in wrt}
            condition = {key: oracle.sensitivity(oracle.derivative(function, *key), point, wrt) for key in second}
        rows = second_at(graph, values, FLOAT)
        with mpmath.workdps(60):
            exact_rows = second_at(graph, values, precise())
        for (i, j), expected in second.items():
            scale = abs(expected) + condition[i, j]
            assert abs(exact_rows[i][j] - expected) <= mp.mpf("1e-35") * scale + mp.mpf("1e-50"), (args, i, j, expected)
            if abs(expected) < 1e290:  # how many digits doubles have is tested with the rule table
                assert abs(rows[i][j] - expected) <= 1e-7 * scale + 1e-14, (args, i, j, rows[i][j], expected)


def differences(graph: Graph, values: dict[str, float]) -> dict[tuple[int, int], Any]:
    """Second differences of the forward pass alone at 90 digits."""
    names = list(graph.variables)
    point = {name: mp.mpf(x) for name, x in values.items()}
    steps = {name: (abs(x) or mp.one) * mp.mpf(10) ** -22 for name, x in point.items()}

    def at(*moves: tuple[str, int]) -> Any:
        moved = dict(point)
        for name, times in moves:
            moved[name] += times * steps[name]
        return forward(graph, moved, precise())[graph.output]

    found = {}
    for i, one in enumerate(names):
        for j, other in enumerate(names[: i + 1]):
            if i == j:
                difference = at((one, 1)) - 2 * at() + at((one, -1))
            else:
                corners = [at((one, a), (other, b)) * a * b for a in (1, -1) for b in (1, -1)]
                difference = sum(corners) / 4
            found[i, j] = difference / (steps[one] * steps[other])
    return found


def test_corpus_formulas_have_their_second_derivatives(corpora: list[dict[str, Any]]) -> None:
    """In mpmath to 15 digits in every entry; in doubles to 9 where the entry has them, which all but a few have."""
    entries, inexact = 0, []
    for line in [line for line in corpora if len(line["vars"]) <= 5 and len(line["expr"]) < 500][::8]:
        graph = build(parse(line["expr"]), Reading(frozenset(line["vars"])))
        values = {name: line["vars"][name] for name in graph.variables}
        with mpmath.workdps(90):
            expected = differences(graph, values)
            exact = second_at(graph, values, precise())
            size = max((abs(x) for x in expected.values()), default=mp.zero)
            if not mpmath.isfinite(size):
                continue
            for (i, j), number in expected.items():
                tolerance = mp.mpf("1e-15") * abs(number) + mp.mpf("1e-18") * size + mp.mpf("1e-40")
                assert abs(exact[i][j] - number) <= tolerance, (line["id"], i, j)
        rows = [list(row.values()) for row in hessian(graph, graph.output, values).values()]
        for (i, j), number in expected.items():
            entries += 1
            if not abs(rows[i][j] - number) <= 1e-9 * abs(number) + 1e-12 * size:
                inexact.append((line["id"], i, j, rows[i][j], float(number)))
    assert entries > 500
    assert len(inexact) <= entries // 100, inexact


@pytest.mark.parametrize("text", [*EXPRESSIONS, "where(x > y, x^3*y, y/z)", "relu(x - y)^2*z", "norm(x, y)*z"])
def test_columns_have_the_second_derivatives_of_every_row(text: str) -> None:
    graph, places = expanded(build(parse(text)))
    graph.outputs = {"f": places[-1]}
    points = [
        dict.fromkeys(graph.variables, 0.3),
        POINT,
        {"x": 2.0, "y": 1.0, "z": 0.2},
        {"x": 0.1, "y": 0.5, "z": 0.9},
    ]
    inputs = {name: np.array([point[name] for point in points]) for name in graph.variables}
    found = second_at(graph, inputs, columns())  # type: ignore[arg-type]
    for index, point in enumerate(points):
        for row, expected in zip(found, second_at(graph, point, FLOAT), strict=True):
            got = [float(np.broadcast_to(np.asarray(entry), len(points))[index]) for entry in row]
            assert got == pytest.approx(expected, rel=1e-12, abs=1e-14)


# --- where doubles cannot tell --------------------------------------------------------------------------------------


def entry(text: str, row: str = "x", column: str = "x", **values: float) -> float:
    found = cgraph_cli.evaluate(text, values, hessian=True).hessian
    assert found is not None
    return found[row][column]


def high(text: str, **values: float) -> float:
    """The second derivative by x at 1600 digits, from differences of the forward pass."""
    graph = build(parse(text))
    with mpmath.workdps(1600):
        h = mp.mpf(10) ** -400 * max(1, abs(values["x"]))
        f = [forward(graph, {**values, "x": values["x"] + k * h}, precise())[graph.output] for k in (-1, 0, 1)]
        return oracle.as_double((f[0] - 2 * f[1] + f[2]) / h**2)


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("log(1 + exp(x))", 400.0), ("log(1 + exp(x))", 365.0), ("log(cosh(x))", 360.0), ("exp(x)^0.5", 600.0),
        ("(x^10)^0.1", 1e25), ("1/(1 + exp(-x))", -400.0), ("sqrt(x*x)*x", 1e150), ("1/x", 1e100),
        ("exp(-x^2)*1e300", 30.0), ("log(x)^2", 1e300),
    ],
)  # fmt: skip
def test_a_factor_below_the_range_of_doubles_loses_nothing(text: str, x: float) -> None:
    assert entry(text, x=x) == pytest.approx(high(text, x=x), rel=1e-9, abs=1e-320)


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("(x^2)^(y^2 + 1)", {"x": 0.0, "y": 0.0}, {"xx": 2.0, "xy": 0.0, "yy": 0.0}),
        ("(x^2 + y^2)^1.77", {"x": 0.0, "y": 0.0}, {"xx": 0.0, "xy": 0.0, "yy": 0.0}),
        ("abs(x)^2*y", {"x": 0.0, "y": 3.0}, {"xx": 6.0, "xy": 0.0, "yy": 0.0}),
        ("hypot(x, y)^2 + x*y", {"x": 0.0, "y": 0.0}, {"xx": 2.0, "xy": 1.0, "yy": 2.0}),
        ("s(a) = abs(a); s(x)^2 + s(y)^4", {"x": 0.0, "y": 0.0}, {"xx": 2.0, "xy": 0.0, "yy": 0.0}),
        ("where(x > 0, x^2, 2*x - x + x*x - x)", {"x": 0.0}, {"xx": 2.0}),
        ("relu(x)^3 + y^2", {"x": 0.0, "y": 1.0}, {"xx": 0.0, "xy": 0.0, "yy": 2.0}),
    ],
)
def test_an_entry_is_its_limit_where_all_sides_agree(
    text: str, values: dict[str, float], expected: dict[str, float]
) -> None:
    for (row, column), number in expected.items():
        assert entry(text, row, column, **values) == number


@pytest.mark.parametrize(
    ("text", "column"), [("(x^2 + y^2)^0.6", "x"), ("(x^2)^0.5*y", "y"), ("x/y*x", "x"), ("(x^2)^(2*y + 0.5)", "x")]
)
def test_an_entry_without_a_limit_is_not_given_one(text: str, column: str) -> None:
    assert not math.isfinite(entry(text, "x", column, x=0.0, y=0.0))


@pytest.mark.parametrize("text", ["sqrt(x^2)", "(x^4)^(1/4)", "cbrt(x^3) + (x^2)^0.5"])
def test_there_is_no_second_derivative_where_there_is_no_first(text: str) -> None:
    report = cgraph_cli.evaluate(text, x=0, hessian=True)
    assert math.isnan(report.hessian["x"]["x"])
    assert any(one.fields.get("name") == "∂²f/∂x²" for one in report.warnings)


def test_where_sides_disagree_at_a_kink_its_convention_stays() -> None:
    assert entry("relu(x)^2", x=0.0) == 0.0
    assert entry("abs(x)*x", x=0.0) == 0.0


# --- size -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["*".join(f"x{i}" for i in range(300)), "/".join(f"x{i}" for i in range(300)),
             "^".join(f"x{i}" for i in range(40)), "*".join(f"(x{i}/y{i})" for i in range(150))],
    ids=["product", "quotient", "tower", "products of quotients"],
)  # fmt: skip
def test_the_hessian_of_long_expressions_takes_a_pass_per_row(text: str) -> None:
    """No graph of second derivatives is made: each row walks each edge that sends twice."""
    graph = build(parse(text))
    values = {name: 1 + 1e-3 * index for index, name in enumerate(graph.variables)}
    products = 0

    def times(x: float, y: float) -> float:
        nonlocal products
        products += 1
        return x * y

    rows = Second(graph, graph.output, values, times=times).rows()
    assert products <= 6 * len(graph.args) * len(rows)
    first, last = next(iter(graph.variables)), list(graph.variables)[-1]
    derived = gradient(graph, graph.output, [first], Plain())
    at = forward(derived, values)
    expected = backward(derived, at, derived.output).upstream[derived.variables[last]]
    assert rows[0][-1] == pytest.approx(expected, rel=1e-10)
