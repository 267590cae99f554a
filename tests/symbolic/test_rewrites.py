"""Rewrites: each row is an equality, has the digits of its pattern or more everywhere, and is met however it is put."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from strategies import Case, expressions

from cgraph_cli.engine.quantities import by_rules
from cgraph_cli.engine.straight import prepared
from cgraph_cli.engine.truth import Truth
from cgraph_cli.graph.build import build
from cgraph_cli.graph.express import program_as_written
from cgraph_cli.graph.graph import Graph
from cgraph_cli.report.rewritten import AtPoint, exact
from cgraph_cli.symbolic.patterns import all_rows
from cgraph_cli.symbolic.rewrites import READ, Row
from cgraph_cli.symbolic.stable import stable
from cgraph_cli.syntax.parser import parse

SIZES = (1e-12, 1e-8, 1e-5, 1e-3, 0.03, 0.3, 0.7, 1 - 1e-9, 1.0, 1.5, 3.0, 7.0, 20.0, 40.0, 300.0, 800.0, 1e4, 1e8)
BEYOND = (1e-200, 1e-160, 1e160, 1e200)
POINTS = 16
ENOUGH = 10.0  # digits; a rewrite may cost the rounding of one sum more
NUMBERS = {
    "real": (0.5, -0.5, 1.5, -2.5),
    "even": (2.0, 4.0, -2.0),
    "positive": (2.0, 10.0),
    "odd": (3.0, -1.0, 0.5, -0.5),
}
# What a difference that is to be short is made of.
STEPS = {
    "over a - b": ({"a": "(x + 1)", "b": "x"},),
    "over b - a": ({"a": "x", "b": "(x + 1)"},),
    "over 1 + a - b": ({"a": "x", "b": "x"},),
    "short a - b": ({"a": "(x + 1)", "b": "x"}, {"a": "(x + h)", "b": "x"}),
    "short a - c^2": ({"a": "(1 + x)", "c": "1"}, {"a": "(4 + x)", "c": "2"}),
    "short 1 - a*c": ({"a": "(1 + x)", "c": "1"},),
}


def plain(text: str) -> str:
    """A formula of a row with three terms in the place of any number."""
    for each, terms in (("exp(x)", "exp(u) + exp(v) + exp(w)"), ("x^2", "u^2 + v^2 + w^2")):
        text = text.replace(f"sum(each({each}))", f"({terms})")
    return text.replace("args", "u, v, w")


def put(text: str, names: Mapping[str, str]) -> str:
    return re.sub(r"\b[a-z]\b", lambda name: names.get(name[0], name[0]), text)


def instances(row: Row) -> Iterator[tuple[str, str]]:
    """Pattern and replacement over variables, as the conditions of a row want them."""
    sides = plain(row.pattern), plain(row.replacement)
    kinds = [condition.split(" ", 1) for condition in row.when]
    numbers = [NUMBERS[word] for word, _ in kinds if word in NUMBERS]
    steps = [STEPS[condition] for condition in row.when if condition in STEPS]
    for names in steps[0] if steps else [{"n": f"({n:g})"} for n in numbers[0]] if numbers else [{}]:
        yield put(sides[0], names), put(sides[1], names)


ROWS = [*all_rows(), *READ.values()]
CASES = [(row, *sides) for row in ROWS for sides in instances(row)]


def points(row: Row, names: list[str], seed: int) -> Iterator[dict[str, float]]:
    """Points of all sizes, near each other too; positive where a row wants it."""
    pick = random.Random(seed)
    positive = {name for condition in row.when if ">" in condition for name in names if name in condition}
    step = any(condition in STEPS for condition in row.when)
    for number in range(POINTS):
        first = pick.choice(SIZES if number % 6 or step else BEYOND)
        point: dict[str, float] = {}
        for name in names:
            size = min(first, 1e4) if step else first if pick.random() < 0.5 else pick.choice(SIZES)
            sign = 1 if name in positive or pick.random() < 0.5 else -1
            point[name] = sign * size * pick.choice((1.0, 1.0, 1 + 1e-9, pick.uniform(0.5, 1)))
        if "h" in point:
            point["h"] = point["x"] * pick.choice((1e-12, 1e-6, 1e-3, 0.1))
        yield point


def read(text: str) -> Graph:
    return build(parse(text))


def rewritten(text: str) -> str:
    return program_as_written(stable(read(text)).graph).source


def id_of(case: object) -> str:
    return case.pattern if isinstance(case, Row) else str(case)


@pytest.mark.parametrize(("row", "pattern", "replacement"), CASES, ids=id_of)
def test_a_row_is_an_equality_and_keeps_the_digits(row: Row, pattern: str, replacement: str) -> None:
    before, after = read(pattern), read(replacement)
    made = before if row.near else stable(before).graph
    compared = 0
    for point in points(row, list(before.variables), 1):
        (there,) = Truth(before, point).values(by_rules(before, [(before.output, None)]))
        if there is None or not math.isfinite(there) or any(abs(x) > 1e3 for x in point.values() if "h(u)" in pattern):
            continue  # not decided; cosh(10000) takes more bits than are tried
        judge = AtPoint(before, point)
        true = judge.true[0]
        if point.get("x") == -1 and "(1 + x)" in pattern:
            continue  # an end of the domain
        compared += 1
        (same,) = exact(after, {name: point[name] for name in after.variables})[:1]
        assert same is None or same == pytest.approx(true, rel=1e-14, abs=1e-320), point
        old, new = judge.numbers(before), judge.numbers(made)
        for name, one, other in zip(("value", *before.variables), old.digits, new.digits, strict=True):
            assert one is None or other is None or other >= min(one, ENOUGH) - 0.5, (name, point)
    assert compared >= 2 or "asin" in pattern or "acos" in pattern or "gamma" in pattern


@pytest.mark.parametrize("row", [row for row in ROWS if not row.near], ids=id_of)
def test_a_row_is_met(row: Row) -> None:
    for pattern, _ in instances(row):
        assert stable(read(pattern)).changes


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("log(exp(x) + 1)", "softplus(x)"),
        ("3*a*log(1.0 + exp(-x*w)) + y", "3*a*softplus(-x*w) + y"),
        ("log(1 + 1/exp(x))", "softplus(-x)"),
        ("x + log(1 + exp(-x))", "softplus(x)"),
        ("-(log(1 + exp(-x)))", "-softplus(-x)"),
        ("1/(exp(-(w*x + b)) + 1)", "sigmoid(w*x + b)"),
        ("(1 + exp(-x))^-1", "sigmoid(x)"),
        ("c*exp(x)/(1 + exp(x))", "c*sigmoid(x)"),
        ("p = 1/(1 + exp(-z)); -(t*log(p) + (1 - t)*log(1 - p))", "-(t*logsigmoid(z) + (1 - t)*logsigmoid(-z))"),
        ("s = exp(a) + exp(b); exp(a)/s", "sigmoid(a - b)"),
        ("s = exp(a) + exp(b) + exp(c); p = exp(a)/s; -log(p)", "-logsigmoid(a - logsumexp(b, c))"),
        ("log(3/x - (y - (y + 1)))", "log1p(3/x)"),
        ("1/(exp(a) + exp(b))", "exp(-logsumexp(a, b))"),
        ("log(x/(x + 1))", "-log1p(1/x)"),
        ("log(x/(x + y))", "log(x/(x + y))"),
        ("y + 2 + log1p(1)", "y + 2 + log1p(1)"),
        ("(x + y + z)*tanh(u)", "(x + y + z)*tanh(u)"),
        ("log10(1 + exp(x))", "softplus(x)/log(10)"),
        ("log((exp(a) + exp(b))/2)", "logsumexp(a, b) - log(2)"),
        ("(x*exp(a) + y*exp(b))/(exp(a) + exp(b))", "x*sigmoid(a - b) + y*sigmoid(b - a)"),
        (
            "(a*exp(x) + b*exp(y) + c*exp(z))/(exp(x) + exp(y) + exp(z))",
            "a*sigmoid(x - logsumexp(y, z)) + b*sigmoid(y - logsumexp(x, z)) + c*sigmoid(z - logsumexp(x, y))",
        ),
        ("sqrt(exp(x))", "exp(x/2)"),
        ("2^x - 1", "expm1(x*log(2))"),
        ("log(exp(a) + exp(b) + exp(c) + exp(d))", "logsumexp(a, b, c, d)"),
        ("log(1 + exp(a) + 2*exp(b))", "logsumexp(0, a, b + log(2))"),
        ("k*(exp(x) - 1)", "k*expm1(x)"),
        ("a + exp(x) - 1", "a + expm1(x)"),
        ("1 - exp(-x)", "-expm1(-x)"),
        ("z - (1 - exp(-y))", "z + expm1(-y)"),
        ("a*exp(x) - a", "a*expm1(x)"),
        ("sqrt(x*x + y*y)", "hypot(x, y)"),
        ("1/sqrt(x^2 + y^2)", "1/hypot(x, y)"),
        ("x/(x^2 + y^2)^1.5", "x/hypot(x, y)^3"),
        ("sqrt(4*x^2 + 9*y^2)", "hypot(2*x, 3*y)"),
        ("sqrt(a^2 + b^2 + c^2)", "norm(a, b, c)"),
        ("(exp(x) - exp(-x))/(exp(x) + exp(-x))", "tanh(x)"),
        ("(exp(2*x) - 1)/(exp(2*x) + 1)", "tanh(x)"),
        ("2/(1 + exp(-2*x)) - 1", "tanh(x)"),
        ("0.5*log((1 + x)/(1 - x))", "atanh(x)"),
        ("log(x + sqrt(x^2 + 1))", "asinh(x)"),
        ("exp(a)/exp(b)", "exp(a - b)"),
        ("x*sqrt(x)", "x^1.5"),
        ("x^2/x", "x"),
        ("sqrt(x)^2", "x"),
        ("sqrt(x + 1) - sqrt(x)", "1/(sqrt(x + 1) + sqrt(x))"),
        ("1/sqrt(1 - v^2/c^2) - 1", "expm1(-log1p(-v^2/c^2)/2)"),
        ("sin(x + h) - sin(x)", "2*cos(x + h/2)*sin(h/2)"),
        ("m = x*x; 1 - cos(m)", "m = x*x; 2*sin(m/2)^2"),
        ("sigma(a) = 1/(1 + exp(-a)); sigma(w*x + b)", "sigmoid(w*x + b)"),
        ("sigma(a) = 1/(1 + exp(-a)); log(1 - sigma(x))", "logsigmoid(-x)"),
        ("g(a, b) = b*log(1 + exp(a)); g(x, y)", "g(a, b) = b*softplus(a); g(x, y)"),
        ("sigmoid(a) = 1/(1 + exp(-a)); sigmoid(x)", "sigmoid(a) = exp(-logsumexp(0, -a)); sigmoid(x)"),
    ],
)
def test_the_stable_form_is_what_a_person_would_write(expression: str, expected: str) -> None:
    assert rewritten(expression) == expected
    assert rewritten(expected) == expected


@pytest.mark.parametrize(
    "expression",
    ["(x + y)*z", "x^2 + 2*x + 3", "a - b + (c - d)", "sin(x)/cos(x)", "2*exp(x) - 1", "1 - x^2", "log(2 + x)", "x*x"],
)
def test_what_no_row_speaks_of_stays_as_it_is(expression: str) -> None:
    assert rewritten(expression) == expression


def test_a_change_says_where_and_why() -> None:
    text = "y + 3*log(1 + exp(x))"
    (change,) = stable(read(text)).changes
    assert (change.before, change.after) == ("log(1 + exp(x))", "softplus(x)")
    assert text[change.span.start : change.span.end] == change.before
    assert "overflows" in change.reason
    assert change.when == ""


@given(expressions())
def test_a_stable_form_has_the_numbers_of_the_expression(case: Case) -> None:
    graph = read(case.text)
    found = stable(graph)
    names = list(graph.variables)
    values = [case.values[name] for name in names]
    value, gradients = prepared(graph, names)(*values)
    if not math.isfinite(value):
        return  # a stable form may be finite there
    again = read(program_as_written(found.graph).source)
    assert prepared(again, names)(*values)[0] == pytest.approx(value, rel=1e-9, abs=1e-9)
    assert prepared(again, names)(*values)[1] == pytest.approx(gradients, rel=1e-8, abs=1e-8)


def test_large_graphs_take_no_recursion() -> None:
    deep = "log(1 + exp(" * 300 + "x" + "))" * 300
    assert rewritten(deep) == "softplus(" * 300 + "x" + ")" * 300
    terms = " + ".join(f"log(1 + exp(x{number}))" for number in range(2000))
    assert len(stable(read(terms)).changes) == 2000
