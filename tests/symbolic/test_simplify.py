"""Simplification: what it prints, that it keeps every value, is canonical, and is as short as SymPy."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

import mpmath
import pytest
import sympy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from invariants import check
from mpmath import mp

from cgraph_cli.engine.floats import FLOAT
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import forward
from cgraph_cli.graph.build import Reading, build
from cgraph_cli.graph.express import expression_of
from cgraph_cli.graph.graph import Graph, operation
from cgraph_cli.report.derivatives import differentiate
from cgraph_cli.rules import COMPARISONS, RULES
from cgraph_cli.symbolic.derive import gradient
from cgraph_cli.symbolic.kinds import Number, Term, equal
from cgraph_cli.symbolic.simplify import Simplifier, simplify_expression
from cgraph_cli.syntax.parser import parse, parse_expression
from cgraph_cli.syntax.printer import format_number, print_expression

DIGITS = 50


def read(simplifier: Simplifier, graph: Graph) -> Term:
    """The output of a graph as a term."""
    return simplifier.read(graph, [graph.output])[graph.output]


def simplified(graph: Graph) -> Graph:
    """The same value as a simplified graph."""
    simplifier = Simplifier()
    return simplifier.emit({"f": read(simplifier, graph)}, list(graph.variables))


def term(simplifier: Simplifier, text: str) -> Term:
    graph = build(parse(text))
    return read(simplifier, graph)


def text_of(graph: Graph) -> str:
    return print_expression(expression_of(graph, graph.output))


def simple(text: str) -> str:
    simplifier = Simplifier()
    graph = build(parse(text))
    result = simplifier.emit({"f": read(simplifier, graph)}, list(graph.variables))
    check(result)
    assert list(result.variables) == [name for name in graph.variables if name in result.variables]
    return text_of(result)


EXAMPLES = """
numbers
    2 + 3*4 -> 14
    1/2 + 1/3 -> 5/6
    0.1 + 0.2 -> 0.3
    2/3*x -> 2*x/3
    0.1*x -> 0.1*x
    0.1*x*3 -> 0.3*x
    x/10 -> x/10
    x/0.3 -> x/0.3
    x/1.38e-23 -> x/1.38e-23
    x/(1591515.6705071568*pi) -> x/(1591515.6705071568*pi)
    40*(43.3 - exp(x)/y) -> 40*(43.3 - exp(x)/y)
    6.62607015e-34*2*x -> 1.32521403e-33*x
    sqrt(4) + sqrt(2) -> 2 + sqrt(2)
    8^(1/3) -> 2
    2/sqrt(2) -> sqrt(2)
    cbrt(-8) -> -2
    exp(0) + log(1) + sin(0) + cos(0) -> 2
    floor(2.5) + ceil(2.5) + round(2.5) -> 7
    max(1, x, 2) -> max(2, x)
    pi/2 + pi/2 -> pi
    log(2)*log(e) -> log(2)
    sqrt(2*pi)/(2*pi) -> 1/sqrt(2*pi)
nothing huge is computed
    9^9^9^9 -> 9^9^387420489
    2^100000 -> 2^100000
    x^1e9 -> x^1e9
    (x^1e300)^1e300 -> (x^1e300)^1e300
    1e300*1e300 -> 1e300*1e300
    (2*x)^1e9 -> (2*x)^1e9
sums
    x + x -> 2*x
    x - x -> 0
    y + x - y -> x
    x + 1 + x -> 2*x + 1
    1 + x^2 -> 1 + x^2
    x^2 + 1 -> x^2 + 1
    -x + y -> y - x
    -x - y -> -x - y
    a - (b - c) -> a - b + c
    2*x + 3*x - x/2 -> 9*x/2
    3*(x - 1) -> 3*(x - 1)
    3*x - 3 -> 3*x - 3
    2*(x + 1) + 2*x -> 4*x + 2
    a + 3*(x - 1) -> a + 3*(x - 1)
    sum(x, y, x) -> 2*x + y
    where(c, a, 0) + where(c, 0, b) -> where(c, a, b)
products
    x*x -> x^2
    x/x -> 1
    0*x -> 0
    x*y/x -> y
    x/y/y -> x/y^2
    x/2*3/y/z/z -> 3*x/(2*y*z^2)
    x^-2 -> 1/x^2
    (x*y)^3/x -> x^2*y^3
    (x - y)/(y - x) -> -1
    (2*x + 2)/(x + 1) -> 2
    2/(2*x + 4) -> 1/(x + 2)
    -2/(2*x + 4)^2 -> -2/(2*x + 4)^2
    (a + b)*-c -> -c*(a + b)
    -2*x*y -> -2*x*y
    -x/2 -> -x/2
    -1/x -> -1/x
    (1 - x)*(1 + x) -> (1 - x)*(1 + x)
    where(c, u, 0)*y -> where(c, u*y, 0)
    where(c, 0, u)*2/y -> where(c, 0, 2*u/y)
    sign(x)*x -> abs(x)
powers
    2*x^(2 - 1) -> 2*x
    x^0 -> 1
    y*x^(y - 1)*x -> y*x^y
    sqrt(x)*sqrt(x) -> x
    sqrt(x^2) -> abs(x)
    (x^2)^0.5 -> abs(x)
    (x^2)^1.5 -> abs(x)^3
    (x^3)^0.5 -> x^1.5
    (x^0.5)^3 -> x^1.5
    x^1.6/x^1.1 -> sqrt(x)
    (x^y)^2 -> x^(2*y)
    (x^2)^y -> (x^2)^y
    (x*y)^0.5 -> sqrt(x*y)
    (x^2*y)^0.5 -> sqrt(x^2*y)
    sqrt(4*x) -> 2*sqrt(x)
    sqrt(-4*x) -> 2*sqrt(-x)
    x^(1/3)*x^(2/3) -> x
    2*2^x -> 2*2^x
    2^(x + 1) -> 2*2^x
    cbrt(x)^3 -> x
    abs(x)^2 -> x^2
    abs(-2*x) -> 2*abs(x)
exponentials and logarithms
    exp(x)*exp(-x) -> 1
    exp(x)*exp(y) -> exp(x + y)
    exp(x)^2 -> exp(2*x)
    1/exp(x) -> exp(-x)
    exp(log(x)) -> x
    exp(y*log(x)) -> x^y
    exp(x + log(y)) -> y*exp(x)
    log(exp(x)) -> x
    e^x -> exp(x)
    sqrt(exp(x)) -> exp(x/2)
signs
    sin(-x) -> -sin(x)
    cos(-x) -> cos(x)
    sin(x - y) + sin(y - x) -> 0
    cos(x - y) - cos(y - x) -> 0
    tanh(-2*x)*y -> -y*tanh(2*x)
    sign(-3*x) -> -sign(x)
    (-x)^2 -> x^2
    (-x)^3 -> -x^3
choices
    where(1 < 2, x, y) -> x
    where(c, x, x) -> x
    where(c, where(c, x, y), z) -> where(c, x, z)
    x == x -> 1
    max(x, x) -> x
infinity and nan are left alone
    inf - inf -> inf - inf
    0*inf -> 0*inf
    inf/inf -> inf/inf
    1/0 -> 1/0
    0/0 -> 0/0
    0*(1/0) -> 0*(1/0)
    (-8)^(1/3) -> (-8)^(1/3)
    inf^0 -> inf^0
    -(sqrt((log(0))^-1)) -> -sqrt(log(0)^-1)
    exp(2*log(0)) -> exp(2*log(0))
    acosh(0)*0 -> acosh(0)*0
"""


def examples() -> list[Any]:
    found = []
    for line in EXAMPLES.splitlines():
        if line.startswith(" "):
            given, wanted = line.split(" -> ")
            found.append(pytest.param(given.strip(), wanted, id=given.strip()))
    return found


@pytest.mark.parametrize(("given", "wanted"), examples())
def test_examples(given: str, wanted: str) -> None:
    assert simple(given) == wanted


@pytest.mark.parametrize(("given", "wanted"), examples())
def test_a_simplified_expression_stays_as_it_is(given: str, wanted: str) -> None:
    assert simple(wanted) == wanted


def test_an_expression_is_simplified_without_a_graph() -> None:
    assert print_expression(simplify_expression(parse_expression("2*x^(2 - 1)*pi"))) == "2*pi*x"
    assert print_expression(simplify_expression(parse_expression("e^x*pi/pi"))) == "exp(x)"


# --- values ------------------------------------------------------------------------------------------------------

UNARY = sorted(
    name
    for name, rule in RULES.items()
    if len(rule.args) == 1 and not rule.many and name not in ("neg", "gamma", "lgamma", "digamma")
)
FREQUENT = ["exp", "log", "sqrt", "abs", "sign", "cbrt"]
LITERALS = ["0", "1", "2", "3", "4", "0.5", "1.5", "0.25", "8", "pi", "e"]
NAMES = ["x", "y", "z"]


def combine(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(inner, inner)
    exponents = st.sampled_from(["2", "3", "-1", "-2", "0.5", "-0.5", "(1/3)", "1.5", "0", "1", "(-3)"])
    return st.one_of(
        st.tuples(pairs, st.sampled_from("+-*/^")).map(lambda t: f"({t[0][0]}){t[1]}({t[0][1]})"),
        st.tuples(pairs, st.sampled_from("+-*/")).map(lambda t: f"({t[0][0]}){t[1]}({t[0][1]})"),
        st.tuples(inner, exponents).map(lambda t: f"({t[0]})^{t[1]}"),
        inner.map(lambda t: f"-({t})"),
        st.tuples(st.sampled_from(FREQUENT) | st.sampled_from(UNARY), inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(["min", "max", "hypot", "atan2", "sum", "mean"]), pairs).map(
            lambda t: f"{t[0]}({t[1][0]}, {t[1][1]})"
        ),
        st.tuples(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), pairs, pairs).map(
            lambda t: f"where(({t[1][0]}) {t[0]} ({t[1][1]}), {t[2][0]}, {t[2][1]})"
        ),
    )


EXPRESSIONS = st.recursive(st.sampled_from(LITERALS + 3 * NAMES), combine, max_leaves=12)
POINTS = st.sampled_from([-3.0, -2.0, -1.5, -1.0, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 2.0, 3.0, 3.25])
STEPS = {"floor", "ceil", "round", "sign"}


def is_judged(graph: Graph, values: Any) -> bool:
    """Whether the original says what the value is: finite, not astronomic, and no step taken on rounding noise."""
    if not mpmath.isfinite(values[graph.output]):
        return False
    for node, op in enumerate(graph.ops):
        arguments = graph.arguments(node)
        if op.name in COMPARISONS or op.name in STEPS:
            if not all(mpmath.isfinite(values[arg]) for arg in arguments):
                return False  # a comparison with nan has an answer, which says nothing about the formula
            size = max([abs(value) for value in values if mpmath.isfinite(value)])
            distance = values[arguments[0]] - (values[arguments[1]] if len(arguments) > 1 else 0)
            if op.name not in COMPARISONS and op.name != "sign":
                distance = 2 * distance - mpmath.nint(2 * distance)
            if 0 < abs(distance) < 1e-35 * max(size, 1):
                return False
    return True


POLES = frozenset("div pow log log2 log10 log1p csc cot csch coth atanh acoth asech acsch sec asec acsc acot".split())


def is_tame(graph: Graph, point: Mapping[str, float]) -> bool:
    """Whether no value is so large that mpmath would take its time over the next one; poles are allowed."""
    values = forward(graph, point)
    for node, value in enumerate(values):
        if math.isfinite(value):
            if abs(value) > 1e9:
                return False
        elif graph.ops[node].name not in POLES and all(math.isfinite(values[arg]) for arg in graph.arguments(node)):
            return math.isnan(value)
    return True


def is_turned(graph: Graph, values: Sequence[Any], doubles: Sequence[float]) -> bool:
    """Whether a number made of a 0, which has a sign in doubles only, has another sign in high precision."""
    return any(
        doubles[node] and float(values[node]) == -doubles[node] and 0 in [doubles[arg] for arg in graph.arguments(node)]
        for node in range(len(graph))
    )


@settings(max_examples=1500, deadline=None)
@example("where(3 != abs(pi), 0, min(3, pi))", (1.0, 1.0, 1.0))
@example("where(x == y, max(x, y, z), min(y, x))", (2.0, 2.0, 1.0))
@example("exp(-exp(0)/(-min(0, pi)))", (1.0, 1.0, 1.0))
@example("acot(-(x)^2)", (0.0, 1.0, 1.0))
@example("(0^x)^(1 - pi)", (-3.0, 1.0, 1.0))
@example("(x*y)^(1 - z)", (0.0, 1.0, 0.5))
@example("sqrt(x*y*z)/(x*y)", (1.0, 1.0, 0.0))
@example("x*y*sqrt(x^2*z)", (0.0, 1.0, -1.0))
@given(EXPRESSIONS, st.tuples(POINTS, POINTS, POINTS))
def test_values_are_kept_wherever_the_original_was_finite(text: str, numbers: tuple[float, ...]) -> None:
    graph = build(parse(text))
    result = simplified(graph)
    check(result)
    point = dict(zip(NAMES, numbers, strict=True))
    if not is_tame(graph, point):
        return
    with mp.workdps(DIGITS):
        values = forward(graph, point, precise())
        if is_turned(graph, values, forward(graph, point)) or not is_judged(graph, values):
            return  # high precision has one 0, and so another side of the pole 1/-0 and of the jump acot(-0)
        wanted = values[graph.output]
        found = forward(result, point, precise())[result.output]
        scale = max([abs(value) for value in values if mpmath.isfinite(value)])
        assert abs(found - wanted) <= 1e-9 * abs(wanted) + 1e-30 * scale, text_of(result)


@pytest.mark.parametrize("name", UNARY)
def test_signs_are_taken_out_of_odd_and_even_functions_only(name: str) -> None:
    compared = 0
    for text in (f"{name}(-x)", f"{name}(-x - y)", f"{name}(y - x) + {name}(x - y)", f"{name}(-2*x)"):
        graph = build(parse(text))
        result = simplified(graph)
        for x, y in ((0.25, 0.5), (-0.25, -0.5), (2.5, -1.0), (-2.5, 1.25), (-0.75, 4.5)):
            with mp.workdps(DIGITS):
                wanted = forward(graph, {"x": x, "y": y}, precise())[graph.output]
                if mpmath.isfinite(wanted):
                    found = forward(result, {"x": x, "y": y}, precise())[result.output]
                    assert abs(found - wanted) <= 1e-30 * max(abs(wanted), 1), (text, x, y, text_of(result))
                    compared += 1
    assert compared >= 3


@pytest.mark.parametrize(("name", "number"), [(name, number) for name, rule in RULES.items() for number in rule.at])
def test_exact_values_are_used(name: str, number: float) -> None:
    simplifier = Simplifier()
    found = simplifier.make(operation(name), [simplifier.number(float(number))])
    assert isinstance(found, Number)
    assert found.value == RULES[name].at[number]


# Choices move outward in the order in which they are met, so terms with several of them have no canonical form.
@settings(max_examples=300, deadline=None)
@example("-1.5^15")
@example("2^-0.5 + 2^-0.5")
@given(EXPRESSIONS.filter(lambda text: "where" not in text))
def test_simplifying_twice_changes_nothing(text: str) -> None:
    graph = build(parse(text))
    simplifier = Simplifier()
    first = read(simplifier, graph)
    emitted = simplifier.emit({"f": first}, NAMES, short=False)  # a shorter form may be another term
    again = read(simplifier, emitted)
    # A number that is longer than doubles are written, as 1.5^15, is read back as another one, which is written alike.
    assert equal(again, first) or text_of(simplifier.emit({"f": again}, NAMES, short=False)) == text_of(emitted)
    once = simplified(graph)
    assert len(simplified(once)) <= len(once)


def again(text: str, names: Collection[str]) -> str:
    """The simplified form of a text in which these names are variables."""
    graph = build(parse(text), Reading(frozenset(names)))
    return text_of(simplified(graph))


def test_simplifying_real_formulas_twice_changes_nothing(corpora: list[dict[str, Any]]) -> None:
    texts = {line[key]: line["vars"] for line in corpora for key in ("expr", "integrand") if key in line}
    short = {text: names for text, names in texts.items() if len(text) <= 200}
    assert len(short) > 2500
    for text, names in short.items():
        once = again(text, names)
        assert again(once, names) == once, text


@pytest.mark.parametrize(
    "text",
    [
        "-(1/2)*(1 - x)*y - 1/2*asin(z)",
        "1/(3*b^3*exp(b^2*x^2)) + x^3*b/3",
        "x*(12*e + 25*c*(e*f + d) + 225*e*c*x*(e + d/8))/(2*x + 2*e)",
    ],
)
def test_a_simplified_text_stays(text: str) -> None:
    names = build(parse(text), Reading(frozenset("e"))).variables
    once = again(text, names)
    assert again(once, names) == once


def test_whole_numbers_are_rounded_once() -> None:
    found = differentiate(parse("x^27"), ["x"], order=25)
    assert print_expression(found.derivatives[0].formula) == f"{format_number(math.factorial(27) / 2)}*x^2"
    assert [one.code for one in found.warnings] == ["rounded"]
    assert not differentiate(parse("3*1e20*x^2"), ["x"]).warnings


@settings(max_examples=300, deadline=None)
@example("e", "exp(1)")
@example("-sum(0.5, pi)", "-(-sum(0.5, pi))/0.5")
@given(*[EXPRESSIONS.filter(lambda text: "where" not in text)] * 2)
def test_sums_and_products_are_one_term_in_any_order(first: str, second: str) -> None:
    simplifier = Simplifier()
    a, b = term(simplifier, first), term(simplifier, second)
    if not (a.tainted or b.tainted):
        # Twice e is spelled as the first of e and exp(1).
        assert equal(*(simplifier.make(operation("add"), pair) for pair in ((a, b), (b, a))))
        # Of multiples, as 1/2 + pi and -1 - 2*pi, the product is a power of the first.
        product, other = (simplifier.make(operation("mul"), pair) for pair in ((a, b), (b, a)))
        assert equal(product, other) or simplifier.make(operation("div"), (product, other)) is simplifier.number(1.0)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a + b", "b + a"),
        ("a*b*c", "c*(b*a)"),
        ("a - b", "-(b - a)"),
        ("a/b", "a*b^-1"),
        ("(a + b)^2*c", "c*(b + a)*(a + b)"),
        ("sqrt(a)", "a^0.5"),
        ("2^-0.5 + 2^-0.5", "sqrt(2)"),
        ("a + 2^-0.5 + 2^-0.5 + sqrt(2)", "a + 2*sqrt(2)"),
        ("a/sqrt(3) + 2*a/sqrt(3) + b", "b + sqrt(3)*a"),
        ("exp(a + b)", "exp(b)*exp(a)"),
        ("x < y", "y > x"),
        ("max(a, b)", "max(b, a)"),
        ("x/10", "0.1*x"),
        ("e^x", "exp(x)"),
        ("a + b + c - b", "c + a"),
    ],
)
def test_equal_terms_are_one(first: str, second: str) -> None:
    simplifier = Simplifier()
    assert equal(term(simplifier, first), term(simplifier, second))


LARGE = st.integers(-(10**12), 10**12)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from("xyz"), LARGE.filter(bool), min_size=2), st.lists(st.booleans(), max_size=3))
def test_a_sum_with_large_coefficients_is_none_but_its_own_multiples(sizes: dict[str, int], turns: list[bool]) -> None:
    """Short vectors of a lattice have large coefficients; the sum has the factor w, so its derivative is the sum."""
    text = " + ".join(f"({size})*{name}" for name, size in sizes.items())
    graph = build(parse(f"w*({text})"))
    derived = gradient(graph, graph.output, ["w"], Simplifier())
    point = dict.fromkeys("wxyz", 0.0)
    for name, size in sizes.items():
        assert forward(derived, point | {name: 1.0})[derived.output] == size
    simplifier = Simplifier()
    first = term(simplifier, text)
    for name, turn in zip(sizes, turns, strict=False):
        other = term(simplifier, f"{text} {'-' if turn else '+'} {name}")
        assert other.same is not first.same


def test_a_sum_that_is_zero_modulo_a_prime_is_not_zero() -> None:
    assert simple("w*(-606905518386*x + 691804353281*y - 59078009239*z)") != "0"


@pytest.mark.parametrize("before", ["x - y", "(x - y)^2", "sin(x - y)", "x < y", "0.5*w", "sin(w/2)", "e"])
@pytest.mark.parametrize(
    "text",
    [
        "1/(y - x)^3", "z/(y - x)", "sin(y - x)*z", "cos(y - x)", "y > x", "0.5*w", "w/2", "0.5*w + 1/2*u*w",
        "1/2*u*w + 0.5*w", "sin(0.5*w)", "sin(w/2)", "exp(1)*z", "sqrt(y - x)/(y - x)^2",
    ],
)  # fmt: skip
def test_the_form_does_not_depend_on_what_was_met_before(text: str, before: str) -> None:
    simplifier = Simplifier()
    graph = build(parse(text))
    for name in graph.variables:
        simplifier.variable(name)
    term(simplifier, before)
    result = simplifier.emit({"f": read(simplifier, graph)}, list(graph.variables))
    assert text_of(result) == simple(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1/(x - y)^3 + 1/(y - x)^3", "0"),
        ("sin(x - y)*z + z*sin(y - x)", "0"),
        ("exp(-(x - y)^2) - exp(-(y - x)^2)", "0"),
        ("sin(0.5*w) - sin(w/2)", "0"),
        ("where(x < y, 1, 2) - where(y > x, 1, 2)", "0"),
        ("sin((a + b)/2) - sin(a/2 + b/2)", "0"),
        ("a/(x - y) + b/(y - x)", "(a - b)/(x - y)"),
        ("0.5*x + x/2", "x"),
        ("e*x - exp(1)*x", "0"),
    ],
)
def test_terms_that_differ_in_sign_and_spelling_alone_meet(text: str, wanted: str) -> None:
    assert simple(text) == wanted


def test_a_shared_term_is_one_node() -> None:
    graph = build(parse("q = exp(a*x + b); r = sin(q); f = q*r + (r - q)*cos(exp(b + x*a))"))
    result = simplified(graph)
    assert sum(op.name == "exp" for op in result.ops) == 1
    assert sum(op.name == "sin" for op in result.ops) == 1


def test_modules_are_kept_apart_and_whole() -> None:
    graph = build(parse("s(a) = 1/(1 + exp(-a)); f = s(x + y) - s(y + x) + s(x)"))
    simplifier = Simplifier()
    result = simplifier.emit({"f": read(simplifier, graph)}, ["x", "y"])
    assert text_of(result) == "s(x)"
    check(result)


def test_variables_come_in_the_given_order() -> None:
    simplifier = Simplifier()
    found = term(simplifier, "z*y + x")
    assert list(simplifier.emit({"f": found}, ["x", "q", "y", "z"]).variables) == ["x", "y", "z"]
    assert list(simplifier.emit({"f": found}, []).variables) == ["z", "y", "x"]


# --- size --------------------------------------------------------------------------------------------------------


def chain(simplifier: Simplifier, name: str, length: int) -> Term:
    """A long left-leaning sum or product of different terms."""
    result = simplifier.variable("x0")
    for number in range(1, length):
        sine = simplifier.make(operation("sin"), [simplifier.variable(f"x{number}")])
        result = simplifier.make(operation(name), [result, sine])
    return result


def residual(simplifier: Simplifier, name: str, length: int) -> Term:
    """h = h + sin(h), again and again: every prefix is shared."""
    result = simplifier.variable("x")
    for _ in range(length):
        result = simplifier.make(operation(name), [result, simplifier.make(operation("sin"), [result])])
    return result


def nested(simplifier: Simplifier, name: str, length: int) -> Term:
    """One operation inside another."""
    result = simplifier.variable("x")
    for number in range(length):
        args = [result] if len(RULES[name].args) == 1 else [result, simplifier.variable(f"y{number}")]
        if name == "where":
            args = [simplifier.make(operation("lt"), args), *args[::-1]]
        result = simplifier.make(operation(name), args)
        if name in ("sqrt", "pow"):
            result = simplifier.make(operation("mul"), [result, simplifier.variable("y0")])
    return result


@pytest.mark.parametrize(
    ("shape", "name", "most"),
    [
        (chain, "add", 3), (chain, "mul", 3), (residual, "add", 2), (residual, "mul", 3),
        (nested, "sin", 1), (nested, "sqrt", 2), (nested, "pow", 3), (nested, "div", 3), (nested, "sub", 2),
        (nested, "where", 3), (nested, "max", 2),
    ],
)  # fmt: skip
def test_graphs_stay_linear_and_may_be_deep(shape: Any, name: str, most: int) -> None:
    length = 10_000
    simplifier = Simplifier()
    result = simplifier.emit({"f": shape(simplifier, name, length)}, ())
    assert len(result) <= most * length + 20


def test_a_hundred_thousand_levels() -> None:
    simplifier = Simplifier()
    result = simplifier.emit({"f": nested(simplifier, "sin", 100_000)}, ["x"])
    assert len(result) == 100_001


def test_deep_choices_on_the_same_conditions() -> None:
    simplifier = Simplifier()
    first, second, outside = (simplifier.variable(name) for name in "abc")
    for number in range(5000):
        condition = simplifier.variable(f"c{number}")
        first = simplifier.make(operation("where"), [condition, first, simplifier.zero])
        second = simplifier.make(operation("where"), [condition, second, simplifier.zero])
    total = simplifier.make(operation("mul"), [simplifier.make(operation("add"), [first, second]), outside])
    check(simplifier.emit({"f": total}, ()))


def test_a_long_sum_of_like_terms_is_collected() -> None:
    simplifier = Simplifier()
    x, y = simplifier.variable("x"), simplifier.variable("y")
    summands = [
        simplifier.make(operation("mul"), [simplifier.number(float(n)), x if n % 2 else y]) for n in range(1001)
    ]
    assert text_of(simplifier.emit({"f": simplifier.sum(summands)}, ["x", "y"])) == "250000*x + 250500*y"


# --- the corpora -------------------------------------------------------------------------------------------------


def test_corpora_keep_their_values(most_of_the_corpora: list[dict[str, Any]]) -> None:
    wrong = []
    short = cache(lambda text, names: simplified(build(parse(text), Reading(names))))
    for case in most_of_the_corpora:
        result = short(case["expr"], frozenset(case["vars"]))
        found = forward(result, case["vars"], FLOAT)[result.output]
        noise = (case.get("noise") or {}).get("value") or 0.0
        if not abs(found - case["value"]) <= 1e-9 * abs(case["value"]) + noise + 1e-323:
            wrong.append((case["id"], found, case["value"]))
    assert not wrong


# --- SymPy -------------------------------------------------------------------------------------------------------

TEXTBOOK = """
log(1+exp(a*x+b))*sin(y)/(1+z^2)
x^3 - 3*x + 2
a*x^2 + b*x + c
1/(1+exp(-x))
exp(-x^2/2)/sqrt(2*pi)
exp(-((x-mu)/sigma)^2/2)/(sigma*sqrt(2*pi))
sin(x)*cos(x)
sin(x)/x
x*log(x)
x^x
sqrt(x^2+y^2)
sqrt(1-x^2)
exp(sin(x))
exp(exp(x))
log(x^2+1)
log(log(x))
log(sin(x))
log(2*x+4)
exp(-x)*sin(2*x)
(x+1)/(x-1)
(a*x+b)/(c*x+d)
x/(x^2+1)
1/(x*y)
1/sqrt(x)
x^(1/3)
(1+x)^10
(2*x+1)^5
cos(x)^3
sin(x^2)
tanh(x)
tan(x)
atan(x/y)
x*sqrt(1+x)
x*exp(-x/t)
2^x
exp(x)/(exp(x)+exp(y))
a/(1+b*exp(-c*t))
G*m1*m2/r^2
m*c^2/sqrt(1-v^2/c^2)
sin(x*y)+cos(x/y)
(x^2+y^2)/(x*y)
0.1*x^3
erf(x)
sinh(x)/cosh(x)
""".split("\n")[1:-1]


@pytest.mark.parametrize("text", TEXTBOOK)
def test_derivatives_are_as_short_as_those_of_sympy(text: str) -> None:
    graph = build(parse(text))
    ours = gradient(graph, graph.output, list(graph.variables), Simplifier(), exact=False)
    symbols = {name: sympy.Symbol(name) for name in graph.variables}
    formula = sympy.sympify(text.replace("^", "**"), locals=symbols)
    for name, symbol in symbols.items():
        mine = print_expression(expression_of(ours, ours.outputs[name]))
        theirs = str(sympy.diff(formula, symbol)).replace("**", "^")
        assert len(mine.replace(" ", "")) <= len(theirs.replace(" ", "")), f"{mine}   {theirs}"
        point = {one: 0.9 / (1 + place) for place, one in enumerate(graph.variables)}
        exact = sympy.diff(formula, symbol).evalf(30, subs={symbols[one]: value for one, value in point.items()})
        assert forward(ours, point)[ours.outputs[name]] == pytest.approx(float(exact), rel=1e-12)
