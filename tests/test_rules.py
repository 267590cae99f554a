"""The rule table is walked: every row against mpmath, in every arithmetic, at first and at second order."""

from __future__ import annotations

import functools
import itertools
import math
import operator
import re
from collections.abc import Iterator
from typing import Any

import mpmath
import oracle
import pytest
from invariants import check
from mpmath import mp

import cgraph_cli
from cgraph_cli.engine.arithmetic import Arithmetic
from cgraph_cli.engine.floats import FLOAT
from cgraph_cli.engine.kernels import kink_kernel, local_kernel, value_kernel
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.graph.formula import Layer, formula
from cgraph_cli.graph.graph import Graph, operation
from cgraph_cli.rule import INF, REAL, Rule
from cgraph_cli.rules import (
    ALIASES,
    CALLABLE,
    COMPARISONS,
    CONSTANTS,
    RULES,
    canonical_name,
)
from cgraph_cli.symbolic.derive import Plain, gradient
from cgraph_cli.syntax.expression import Call, Name, walk

EPSILON, TINY = oracle.EPSILON, oracle.SMALLEST_NORMAL
SIZES_OF_BOTH_SIGNS = (-700.0, -3.0, -1e-8, 0.0, 1e-300, 0.5, 2.0, 1e10)
EVERY_ROW = pytest.mark.parametrize("name", RULES)
SMOOTH = [name for name, rule in RULES.items() if rule.has_gradient and name != "where"]
RULE_LANGUAGE = {"limit": 3, "each": 1}  # functions that only the table has


# --- the text of the rows ------------------------------------------------------------------------------------------


def texts(name: str) -> dict[str, str]:
    """Every formula of a row by what it is for."""
    rule = RULES[name]
    found = {f"gradient {i}": text for i, text in enumerate(rule.gradients)}
    found |= {f"gradient {i} as in a textbook": text for i, text in enumerate(rule.textbook)}
    found |= {"value": rule.value, "definition": rule.definition, "kink": rule.kink}
    return {key: text for key, text in found.items() if text is not None}


@EVERY_ROW
def test_every_formula_parses_and_uses_only_the_table(name: str) -> None:
    rule = RULES[name]
    for purpose, text in texts(name).items():
        known = {*rule.args, *CONSTANTS}
        if purpose.startswith("gradient") or purpose == "kink":
            known.add("f")
        if rule.many:
            known |= {"n", "args"}
        for part in walk(formula(text)):
            if isinstance(part, Name):
                assert part.name in known, f"{name}, {purpose}: {part.name}"
            if isinstance(part, Call):
                count = len(part.arguments)
                if part.name in RULE_LANGUAGE:
                    assert count == RULE_LANGUAGE[part.name]
                    assert rule.many or part.name != "each"
                    continue
                assert part.name in CALLABLE, f"{name}, {purpose}: {part.name}"
                used = RULES[part.name]
                assert used.min_args <= count <= (used.max_args or count), f"{name}, {purpose}: {part.name}"


@EVERY_ROW
def test_every_row_is_consistent(name: str) -> None:
    rule = RULES[name]
    assert len(rule.args) == len(rule.gradients)
    assert set(rule.domain) <= set(rule.args)
    assert list(rule.defaults) == list(rule.args[len(rule.args) - len(rule.defaults) :])
    assert (rule.kink is None) == (rule.convention is None)
    assert [text is None for text in rule.textbook] == [text is None for text in rule.gradients]
    assert not rule.many or rule.args == ("x",)
    assert len(rule.taught) in (1, len(rule.gradients))


@EVERY_ROW
def test_every_row_can_be_computed_in_every_arithmetic(name: str) -> None:
    for arithmetic in (FLOAT, precise()):
        assert callable(value_kernel(name, arithmetic))
        assert callable(local_kernel(name, arithmetic))


def test_aliases_lead_to_rows_and_hide_none() -> None:
    assert set(ALIASES.values()) <= set(RULES)
    assert not set(ALIASES) & set(RULES)
    assert not set(CONSTANTS) & set(RULES)


# --- value and local gradients against mpmath ----------------------------------------------------------------------


class Reference:
    """What mpmath says of one quantity at one point: the value, or the derivative at one position."""

    def __init__(self, name: str, args: tuple[float, ...], position: int | None) -> None:
        self.name = name
        self.args = args
        self.position = position
        self.point = [mp.mpf(x) for x in args]
        self.function = oracle.value(name)
        if position is not None:
            self.function = oracle.derivative(self.function, position)
        self.number = self.function(*self.point)

    @functools.cached_property
    def condition(self) -> Any:
        """Σ |argument · ∂quantity/∂argument|: what a relative change of the arguments does."""
        with mpmath.workdps(oracle.digits(self.name)):
            return oracle.sensitivity(self.function, self.point, active(self.name, len(self.args)))

    def __str__(self) -> str:
        what = "value" if self.position is None else f"gradient {self.position}"
        return f"{what} of {self.name}{self.args}: {oracle.as_double(self.number)!r}"


def active(name: str, count: int) -> list[int]:
    """The positions of the arguments that have a local gradient."""
    rule = RULES[name]
    return list(range(count)) if rule.many else [i for i in range(count) if rule.gradients[i] is not None]


@functools.cache
def references(name: str) -> tuple[Reference, ...]:
    """Value and derivatives of a row at its sample points, kinks left out."""
    function = oracle.value(name)
    found = []
    with mpmath.workdps(oracle.digits(name)):
        for args in oracle.samples(name):
            value = Reference(name, args, None)
            if isinstance(value.number, mpmath.mpc):
                continue
            found.append(value)
            positions = active(name, len(args))
            if not any(oracle.has_kink(function, value.point, i) for i in positions):
                found.extend(Reference(name, args, i) for i in positions)
    assert found, name
    return tuple(found)


def computed(name: str, reference: Reference, arithmetic: Arithmetic) -> Any:
    args = [arithmetic.number(x) for x in reference.args]
    value = value_kernel(name, arithmetic)(*args)
    if reference.position is None:
        return value
    slope = local_kernel(name, arithmetic)(value, *args)[reference.position]
    return arithmetic.number(0.0) if slope is None else slope  # a branch not taken


def excess(name: str, reference: Reference) -> Any:
    """Rounding that a row's formula adds to the condition of the function, and why it stays."""
    if name == "pow" and reference.position == 0:
        # y - 1 is rounded and x^(y - 1) has the condition |log(x)| in it; f*y/x would overflow where this does not.
        x, y = reference.args
        return abs(reference.number * (y - 1) * mpmath.log(x))
    if name == "logsumexp" and reference.position is not None:
        # exp(x - f) rounds f; the softmax over max(args) keeps every digit but has n terms in each of n gradients.
        return abs(reference.number) * max(map(abs, reference.args))
    return 0


@EVERY_ROW
def test_values_and_gradients_have_the_digits_that_mpmath_has(name: str) -> None:
    """Within 6 ulp, or 3 ulp of the arguments' own rounding where the function magnifies it."""
    reached = {reference.position for reference in references(name)}
    assert reached >= {None, *(i for i, text in enumerate(RULES[name].gradients) if text is not None)}
    for reference in references(name):
        got, expected = computed(name, reference, FLOAT), oracle.as_double(reference.number)
        # Below the normal doubles digits are lost one by one, here and in what a formula passes through.
        if got == expected or abs(got - reference.number) <= 6 * EPSILON * abs(reference.number) + TINY:
            continue
        allowed = 3 * EPSILON * (reference.condition + excess(name, reference))
        assert abs(got - reference.number) <= allowed, f"{reference}, not {got!r}"


@EVERY_ROW
def test_values_and_gradients_have_forty_digits_in_high_precision(name: str) -> None:
    arithmetic = precise()
    huge, tiny, unit = mp.mpf("1e400"), mp.mpf("1e-320"), mp.mpf("1e-40")
    with mpmath.workdps(60):
        for reference in references(name):
            got, number = computed(name, reference, arithmetic), reference.number
            if abs(number) > huge:  # a power of 1e100 may have 1e102 digits
                assert abs(got) > huge, f"{reference}, not {got}"
            # The differences themselves have no digits far below the doubles.
            elif abs(got - number) > unit * abs(number) + tiny:
                allowed = unit * (reference.condition + excess(name, reference))
                assert abs(got - number) <= allowed, f"{reference}, not {got}"


# --- the other facts of a row -----------------------------------------------------------------------------------


def sampled(name: str) -> list[tuple[Any, ...]]:
    """Sample points of a row as mpmath numbers, those of moderate size."""
    return [tuple(map(mp.mpf, args)) for args in oracle.samples(name) if all(abs(x) < 305 for x in args)]


@EVERY_ROW
def test_parity_is_what_mpmath_says_and_none_is_missing(name: str) -> None:
    rule = RULES[name]
    if len(rule.args) != 1 or rule.many:
        assert rule.parity is None
        return
    function = oracle.value(name)
    with mpmath.workdps(60):
        both = [(function(x), function(-x)) for (x,) in sampled(name) if rule.domain.get("x", REAL).contains(float(-x))]
        both = [(a, b) for a, b in both if isinstance(a, mpmath.mpf) and isinstance(b, mpmath.mpf)]
        odd = bool(both) and all(abs(a + b) <= mp.mpf("1e-50") * abs(a) for a, b in both)
        even = bool(both) and all(abs(a - b) <= mp.mpf("1e-50") * abs(a) for a, b in both)
    assert (rule.parity == "odd", rule.parity == "even") == (odd, even)


@EVERY_ROW
def test_values_lie_in_the_range_and_come_near_its_ends(name: str) -> None:
    rule = RULES[name]
    function = oracle.value(name)
    with mpmath.workdps(oracle.digits(name)):
        values = [function(*args) for args in sampled(name) if max(map(abs, args)) < 30]  # past that erf is 1
    values = [value for value in values if isinstance(value, mpmath.mpf) and mpmath.isfinite(value)]
    low, high = mp.mpf(rule.range.low), mp.mpf(rule.range.high)
    slack = mp.mpf("1e-15")  # an end such as pi/2 is a double
    for value in values:
        assert low - slack <= value <= high + slack
        if not rule.range.closed:
            assert low < value < high
    # A range that is too wide makes no wrong answer but is no fact: the ends are met, or come near.
    if low != -mp.inf:
        assert min(values) <= low + 0.5
    if high != mp.inf:
        assert max(values) >= high - 0.5


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.factors])
def test_products_are_0_where_a_factor_is_and_nowhere_else(name: str) -> None:
    function, factors = value_kernel(name, precise()), RULES[name].factors
    with mpmath.workdps(oracle.digits(name)):
        lists = [list(args) for args in sampled(name)]
        for position in range(factors):
            products = [function(*args[:position], mp.zero, *args[position + 1 :]) for args in lists if all(args)]
            assert {0}.issubset(products)
            assert not any(mp.isfinite(product) and product for product in products)
        assert all(function(*args) for args in lists if all(args[:factors]))


@EVERY_ROW
def test_symmetric_rows_take_their_arguments_in_any_order(name: str) -> None:
    rule = RULES[name]
    if len(rule.args) != 2 and not rule.many:
        assert not rule.symmetric
        return
    function = oracle.value(name)
    with mpmath.workdps(oracle.digits(name)):
        lists = [args for args in sampled(name) if len(args) > 1 and defined_reversed(rule, args)]
        assert lists
        same = all(function(*args) == function(*reversed(args)) or rule.many for args in lists)
        if rule.many:
            unit = mp.mpf("1e-50")
            pairs = [(function(*args), function(*reversed(args))) for args in lists]
            same = all(abs(a - b) <= unit * max(map(abs, args)) for (a, b), args in zip(pairs, lists, strict=True))
    assert rule.symmetric == same


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.monotone])
def test_monotone_rows_rise_or_fall_in_each_argument_that_keeps_its_sign(name: str) -> None:
    function = oracle.value(name)
    lists = itertools.product(SIZES_OF_BOTH_SIGNS, repeat=2) if RULES[name].many else sampled(name)
    lines: dict[tuple[Any, ...], list[tuple[Any, Any]]] = {}
    with mpmath.workdps(oracle.digits(name)):
        for args in lists:
            for position, x in enumerate(args):
                line = (position, mp.sign(x), args[:position], args[position + 1 :])
                lines.setdefault(line, []).append((x, function(*args)))
    assert any(len(set(line)) > 2 for line in lines.values())
    for line in lines.values():
        values = [value for _, value in sorted(line)]
        assert values in (sorted(values), sorted(values, reverse=True))


@EVERY_ROW
def test_rows_of_any_number_of_arguments_are_taken_two_at_a_time(name: str) -> None:
    rule = RULES[name]
    if rule.pairwise is None:
        assert not rule.many or rule.value is not None
        return
    assert rule.many
    whole, pair = oracle.value(name), oracle.value(rule.pairwise)
    with mpmath.workdps(oracle.digits(name)):
        for args in sampled(name):
            first = abs(args[0]) if rule.range.low >= 0 else args[0]
            expected = functools.reduce(pair, args[1:], first)
            assert abs(whole(*args) - expected) <= mp.mpf("1e-50") * max(map(abs, args))


def defined_reversed(rule: Rule, args: tuple[Any, ...]) -> bool:
    return rule.many or all(
        rule.domain.get(name, REAL).contains(float(x)) for name, x in zip(rule.args, reversed(args), strict=True)
    )


@EVERY_ROW
def test_exact_values_are_those_of_mpmath(name: str) -> None:
    rule = RULES[name]
    assert not rule.at or (len(rule.args) == 1 and not rule.many)
    with mpmath.workdps(60):
        for x, expected in rule.at.items():
            assert abs(oracle.value(name)(mp.mpf(x)) - mp.mpf(expected)) <= mp.mpf("1e-50") * max(1, abs(expected))
            assert value_kernel(name)(float(x)) == expected


@EVERY_ROW
def test_textbook_gradients_equal_the_careful_ones(name: str) -> None:
    """To 40 digits, at a precision in which the textbook's form cancels nothing away."""
    rule, arithmetic = RULES[name], precise()
    for position, (text, careful) in enumerate(zip(rule.textbook, rule.gradients, strict=True)):
        if text == careful or text is None:
            continue
        layer = Layer(
            lambda row, args: value_kernel(row, arithmetic)(*args),
            arithmetic.number,
        )
        with mpmath.workdps(400):
            for args in oracle.samples(name):
                if any(x != 0 and not 1e-60 < abs(x) < 300 for x in args):
                    continue
                point = [mp.mpf(x) for x in args]
                f = value_kernel(name, arithmetic)(*point)
                expected = local_kernel(name, arithmetic)(f, *point)[position]
                got = layer.lay(name, formula(text), point, own=f, position=position)
                assert abs(got - expected) <= mp.mpf("1e-40") * abs(expected), (text, args)


MODERATE = (0, 1, -0.5, 2, -3)


def bends(function: Any, args: tuple[Any, ...], position: int) -> bool:
    """Whether the slopes on both sides differ, or are those of a jump."""
    h = mp.mpf("1e-20")
    behind, ahead = ((*args[:position], args[position] + side * h, *args[position + 1 :]) for side in (-1, 1))
    left, right = (function(*args) - function(*behind)) / h, (function(*ahead) - function(*args)) / h
    return bool(abs(right - left) > 1e-9 * max(abs(left), abs(right), 1) or abs(right) > 1e9)


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.kink and rule.has_gradient])
def test_kinks_are_where_the_slopes_of_both_sides_differ(name: str) -> None:
    rule, arithmetic, function = RULES[name], precise(), oracle.value(name)
    assert rule.kink is not None
    layer = Layer(lambda row, args: value_kernel(row, arithmetic)(*args), arithmetic.number)
    found = set()
    with mpmath.workdps(oracle.digits(name)):
        for args in itertools.product(map(mp.mpf, MODERATE), repeat=2 if rule.many else len(rule.args)):
            if not all(rule.domain.get(arg, REAL).contains(float(x)) for arg, x in zip(rule.args, args, strict=False)):
                continue
            f = function(*args)
            is_kink = bool(layer.lay(name, formula(rule.kink), args, own=f))
            assert is_kink == any(bends(function, args, i) for i in active(name, len(args))), args
            found.add(is_kink)
    assert found == {True, False}


SIDES = re.compile(r"(?P<sign><=|>=|!=|<|>) (?P<end>\S+)|in (?P<left>[(\[])(?P<low>\S+), (?P<high>\S+)(?P<right>[)\]])")
HOLDS = {">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le, "!=": operator.ne}
HOLDS |= {"(": operator.gt, ")": operator.lt, "[": operator.ge, "]": operator.le}


def number(text: str) -> float:
    return cgraph_cli.evaluate(text).value


@EVERY_ROW
def test_domains_are_what_is_printed_of_them(name: str) -> None:
    for interval in [*RULES[name].domain.values(), RULES[name].range]:
        parts = [SIDES.fullmatch(part) for part in interval.text.split(" or ")] if interval.text else []
        if None in parts or not parts:
            assert not interval.text or interval.poles or interval.text == "0, 1, ..., 1000"
            continue
        for x in (-1e9, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 1e9):
            told = any(
                HOLDS[part["sign"]](x, number(part["end"]))
                if part["sign"]
                else HOLDS[part["left"]](x, number(part["low"])) and HOLDS[part["right"]](x, number(part["high"]))
                for part in parts
                if part is not None
            )
            assert interval.contains(x) == told, (interval, x)


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.definition])
def test_definitions_have_the_values_that_are_computed(name: str) -> None:
    """To 40 digits; where 0*log(0) stands for its limit the definition alone has no value."""
    arithmetic, text = precise(), RULES[name].definition
    assert text is not None
    layer = Layer(lambda row, args: value_kernel(row, arithmetic)(*args), arithmetic.number)
    compared = 0
    with mpmath.workdps(400):
        for args in sampled(name):
            if any(abs(x) > 30 for x in args):  # gelu needs as many digits as exp(x^2) has
                continue
            expected = value_kernel(name, arithmetic)(*args)
            got = layer.lay(name, formula(text), args)
            if mp.isfinite(got):
                compared += 1
                assert abs(got - expected) <= mp.mpf("1e-40") * abs(expected), args
    assert compared > 2


# --- second order --------------------------------------------------------------------------------------------------


def row_graph(name: str, args: tuple[float, ...]) -> tuple[Graph, dict[str, float], list[str]]:
    """One node of a row over variables, their values, and the names that have a gradient."""
    graph = Graph()
    names = [f"a{i}" for i in range(len(args))]
    nodes = [graph.variable(variable) for variable in names]
    graph.outputs["f"] = graph.add(operation(name), nodes)
    check(graph)
    return graph, dict(zip(names, args, strict=True)), [names[i] for i in active(name, len(args))]


def moderate(name: str) -> Iterator[tuple[float, ...]]:
    """Sample points whose second derivatives are made without overflow."""
    wanted = 12 if len(RULES[name].args) > 1 else 40
    inside = [a for a in oracle.samples(name) if all(x == 0 or 1e-9 <= abs(x) <= 1e6 for x in a)]
    yield from inside[:: max(1, len(inside) // wanted)]


@pytest.mark.parametrize("name", SMOOTH)
def test_second_derivatives_agree_with_mpmath(name: str) -> None:
    """The gradient graph of a row, differentiated again, in both arithmetics.

    A second derivative is a sum; it has the digits of its terms, not of what they leave after they cancel.
    """
    function = oracle.value(name)
    checked = 0
    for args in moderate(name):
        graph, values, wrt = row_graph(name, args)
        if not wrt:
            continue
        positions = active(name, len(args))
        with mpmath.workdps(oracle.digits(name)):
            point = [mp.mpf(x) for x in args]
            if isinstance(function(*point), mpmath.mpc):
                continue
            slopes = [oracle.derivative(function, i) for i in positions]
            if any(oracle.has_kink(one, point, i) for one in (function, *slopes) for i in positions):
                continue
            second = {(i, j): oracle.derivative(function, i, j)(*point) for i in positions for j in positions}
            condition = {key: oracle.sensitivity(oracle.derivative(function, *key), point, positions) for key in second}
        derived = gradient(graph, graph.output, wrt, Plain())
        check(derived)
        for arithmetic, unit in ((FLOAT, 32 * EPSILON), (precise(), 1e-35)):
            with mpmath.workdps(60):
                at = forward(derived, values, arithmetic)
                for i in positions:
                    result = backward(derived, at, derived.outputs[f"a{i}"], arithmetic)
                    terms = absolute_terms(derived, result)
                    for j in positions:
                        node = derived.variables[f"a{j}"]
                        got, expected = result.upstream[node], second[i, j]
                        allowed = abs(expected) + condition[i, j] + terms.get(node, 0)
                        detail = (args, i, j, arithmetic.name, got, oracle.as_double(expected))
                        assert abs(got - expected) <= unit * allowed + TINY, detail
                        checked += 1
    assert checked or not RULES[name].has_gradient


def absolute_terms(graph: Graph, result: Any) -> dict[int, Any]:
    """Σ |downstream| into every node."""
    sums: dict[int, Any] = {}
    for node in range(len(graph)):
        for edge in graph.edges(node):
            arg = graph.args[edge]
            sums[arg] = sums.get(arg, 0) + abs(result.downstream[edge])
    return sums


# --- IEEE 754 ------------------------------------------------------------------------------------------------------

SPECIAL = [0.0, -0.0, 1.0, -1.0, INF, -INF, math.nan, 1e308, -1e308, 5e-324, 0.5, -0.5, 2.0, -2.0, 3.0, 710.0, -745.2]


@pytest.mark.parametrize("arithmetic", [FLOAT, precise()], ids=["float", "mpmath"])
@EVERY_ROW
def test_no_row_raises_whatever_it_is_given(name: str, arithmetic: Arithmetic) -> None:
    rule = RULES[name]
    lengths = (1, 2, 5) if rule.many else range(rule.min_args, len(rule.args) + 1)
    value, local, kink = value_kernel(name, arithmetic), local_kernel(name, arithmetic), kink_kernel(name, arithmetic)
    for length in lengths:
        numbers = SPECIAL if length < 3 else SPECIAL[:9] if length < 5 else SPECIAL[3:7]
        for args in itertools.product(map(arithmetic.number, numbers), repeat=length):
            f = value(*args)
            assert isinstance(f, float | mpmath.mpf), args
            for slope in local(f, *args):
                assert slope is None or isinstance(slope, float | mpmath.mpf), args
            if kink is not None:
                kink(f, *args)


NAN_IS_ANSWERED = {"pow", "where", "hypot", "norm", *COMPARISONS}  # as in C: pow(1, nan) = 1, hypot(inf, nan) = inf


@pytest.mark.parametrize("name", [name for name in RULES if name not in NAN_IS_ANSWERED])
def test_nan_in_nan_out(name: str) -> None:
    rule = RULES[name]
    count = 3 if rule.many else rule.min_args
    for position in range(count):
        args = [0.5] * count
        args[position] = math.nan
        assert math.isnan(value_kernel(name)(*args)), args


@pytest.mark.parametrize(
    "name", [n for n, r in RULES.items() if len(r.args) == 1 and not r.many and r.domain.get("x", REAL) != REAL]
)
def test_outside_the_domain_is_nan(name: str) -> None:
    interval = RULES[name].domain["x"]
    candidates = (-1e300, -7.5, -1.5, -0.5, -1e-9, 0.25, 0.999, 1.001, 2.0, 1e300)
    outside = [x for x in candidates if not interval.contains(x)]
    if interval.text in ("!= 0", "not 0, -1, -2, ..."):
        return  # poles, see below
    assert outside, name
    for x in outside:
        assert math.isnan(value_kernel(name)(x)), (name, x)


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        ("div", (1.0, 0.0), INF), ("div", (1.0, -0.0), -INF), ("div", (-1.0, 0.0), -INF), ("div", (0.0, 0.0), math.nan),
        ("log", (0.0,), -INF), ("log2", (-0.0,), -INF), ("log10", (0.0,), -INF), ("log1p", (-1.0,), -INF),
        ("atanh", (1.0,), INF), ("atanh", (-1.0,), -INF), ("acoth", (-1.0,), -INF), ("asech", (0.0,), INF),
        ("csc", (-0.0,), -INF), ("cot", (0.0,), INF), ("csch", (-0.0,), -INF), ("coth", (0.0,), INF),
        ("gamma", (0.0,), INF), ("gamma", (-0.0,), -INF), ("gamma", (-1.0,), math.nan), ("lgamma", (-3.0,), INF),
        ("exp", (710.0,), INF), ("exp2", (1024.0,), INF), ("expm1", (710.0,), INF), ("cosh", (-711.0,), INF),
        ("sinh", (-711.0,), -INF), ("gamma", (172.0,), INF), ("lgamma", (1e307,), INF), ("mul", (1e200, 1e200), INF),
        ("sin", (INF,), math.nan), ("tan", (-INF,), math.nan), ("atan", (INF,), math.pi / 2), ("tanh", (-INF,), -1.0),
        ("sigmoid", (-INF,), 0.0), ("sigmoid", (INF,), 1.0), ("softplus", (-INF,), 0.0), ("softplus", (INF,), INF),
        ("logsumexp", (-INF, -INF), -INF), ("logsumexp", (INF, 1.0), INF), ("logsumexp", (1e300, 1.0), 1e300),
        ("cross_entropy", (0.0, 0.0), 0.0), ("cross_entropy", (1.0, 1.0), 0.0), ("cross_entropy", (0.0, 1.0), INF),
        ("norm", (3e300, 4e300), 5e300), ("hypot", (3e-320, 4e-320), 5e-320), ("round", (2.5,), 2.0),
        ("round", (3.5,), 4.0), ("round", (-0.5,), -0.0), ("floor", (-INF,), -INF), ("ceil", (-0.5,), -0.0),
    ],
)  # fmt: skip
def test_poles_overflow_and_limits_follow_ieee(name: str, args: tuple[float, ...], expected: float) -> None:
    got = value_kernel(name)(*args)
    assert repr(got) == repr(expected) or (math.isnan(got) and math.isnan(expected))


def test_every_spelling_means_the_same_row() -> None:
    for alias, name in ALIASES.items():
        assert canonical_name(alias) == name
        assert canonical_name(name) == name
