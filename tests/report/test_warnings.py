"""Every convention and every non-finite number is reported, once, at the node where it arises."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import trees

import cgraph_cli
from cgraph_cli.syntax.printer import print_expression

INF = math.inf
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.5, 1e-300, 1e200, -1e308, 5e-324, 700.0]

CASES = [
    ("log(x)", {"x": -1.0}, ["domain"]),
    ("log(x)", {"x": 0.0}, ["pole"]),
    ("exp(x)", {"x": 1000.0}, ["overflow"]),
    ("x/y", {"x": 1.0, "y": 0.0}, ["pole"]),
    ("sqrt(x)", {"x": 0.0}, ["pole"]),
    ("y*sqrt(x)", {"x": 0.0, "y": 0.0}, ["pole", "indeterminate", "indeterminate"]),
    ("sqrt(x) - sqrt(x)", {"x": 0.0}, ["pole", "pole", "indeterminate", "indeterminate", "rewrite"]),
    ("x^y", {"x": -2.0, "y": 3.0}, ["domain"]),
    ("inf - x", {"x": INF}, ["non_finite_input", "indeterminate"]),
    ("x", {"x": math.nan}, ["non_finite_input"]),
    ("x*1e308*1e300", {"x": 0.5}, ["overflow", "overflow"]),
    ("abs(x)", {"x": 0.0}, ["kink"]),
    ("relu(x)", {"x": 0.0}, ["kink"]),
    ("max(x, y)", {"x": 1.0, "y": 1.0}, ["kink"]),
    ("floor(x)*x", {"x": 2.0}, ["kink"]),
    ("m(a) = abs(a); m(x)", {"x": 0.0}, ["kink"]),
    ("m(a) = abs(a); n(a) = 2*m(a); n(x)", {"x": 0.0}, ["kink"]),
    ("where(x > 0, x, 2*x)", {"x": 0.0}, ["kink"]),
    ("norm(x, y)", {"x": 0.0, "y": 0.0}, ["kink"]),
    # a branch that is taken counts, constant or not
    ("where(x > 0, acos(2), x)", {"x": 1.0}, ["domain"]),
    ("q = acos(2); where(x > 0, q, x)", {"x": 1.0}, ["domain"]),
    ("where(x > 0, 1/0, x)", {"x": 1.0}, ["pole"]),
    ("m(a) = where(a > 0, acos(2), a); m(x)", {"x": 1.0}, ["domain"]),
    # numbers that are infinite as written
    ("1e999*x", {"x": 0.5}, ["overflow"]),
    ("where(x > 0, 1e999, x)", {"x": 0.5}, ["overflow"]),
    ("inf*x", {"x": 0.5}, ["infinite_value"]),
    ("inf", {}, ["infinite_value"]),
    ("x^inf", {"x": 0.5}, ["domain"]),
    # finite answers outside the domain
    ("huber(x, 0, -1)", {"x": 0.5}, ["domain"]),
    ("cross_entropy(x, 2)", {"x": 0.5}, ["domain"]),
    ("bce_logits(x, y)", {"x": 0.5, "y": -0.5}, ["domain"]),
    ("acot(0)", {}, ["domain"]),
    ("x*acot(0)", {"x": 1.0}, ["domain"]),
    ("m(a) = acot(a) + 1; m(x)", {"x": 0.0}, ["domain"]),
    ("m(a) = acot(a); n(a) = m(a)*abs(a); n(x)", {"x": 0.0}, ["domain", "kink"]),
    # nothing to report
    ("where(x > 0, huber(x, 0, -1), x)", {"x": -0.5}, []),
    ("m(a) = where(a > 0, acot(a - a), a); m(x)", {"x": -0.5}, []),
    ("m(a) = where(a > 0, a, abs(a - a)); m(x)", {"x": 0.5}, []),
    ("where(x > 0, x, acos(2))", {"x": 1.0}, ["domain"]),
    ("where(x > -inf, x, 0)", {"x": 1.0}, []),
    ("where(x > 0, x, 1e999)", {"x": 1.0}, []),
    ("x^3 + x^2", {"x": -2.0}, []),
    ("where(x > 0, log(x), x)", {"x": -1.0}, ["domain"]),
    ("q = log(x); y*y", {"x": -1.0, "y": 2.0}, []),
    ("m(a) = abs(a); m(x)", {"x": 1.0}, []),
    ("abs(0)*x", {"x": 1.0}, []),
    ("x^2", {"x": 0.0}, []),
    ("max(x, 2*x)", {"x": 1.0}, []),
    ("1/inf*x", {"x": 1.0}, []),
]


@pytest.mark.parametrize(("text", "point", "codes"), CASES, ids=[f"{text} at {point}" for text, point, _ in CASES])
def test_codes(text: str, point: dict[str, float], codes: list[str]) -> None:
    warnings = cgraph_cli.evaluate(text, point).warnings
    assert [found.code for found in warnings if "left" not in found.members] == codes  # those are in test_kinks.py


def test_the_warning_names_the_node_and_the_point() -> None:
    report = cgraph_cli.evaluate("q = sqrt(x); y*q", x=0, y=0)
    found = report.warnings[1]
    assert found.code == "indeterminate"
    assert report.nodes[found.node].label == "q"
    assert found.message == "at `q` the upstream gradient 0 meets the infinite local gradient ∂q/∂x: 0*inf is nan"
    assert math.isnan(report.gradients["x"])


def test_a_warning_is_given_once_for_several_outputs() -> None:
    report = cgraph_cli.evaluate("q = abs(x); f = 2*q; g = 3*q", {"x": 0.0}, outputs=["f", "g"])
    assert [found.kind for found in report.warnings] == ["kink", "slopes gradient", "slopes gradient"]


def test_a_nan_says_that_its_gradients_are_nan_too_where_it_has_some() -> None:
    value = "is not defined: the value is nan"
    for text, point, ending in (("log(x)", {"x": -1.0}, ", so the gradients are"), ("log(-1)", {}, "")):
        (found,) = cgraph_cli.evaluate(text, point).warnings
        assert found.message.endswith(value + ending)


@pytest.mark.parametrize(
    ("text", "point", "said"),
    [
        ("where(x > 0, log(x), 0)", {"x": -1.0}, [("note", "domain", "v2")]),
        ("where(x > 0, log(x)*sqrt(x), 0)", {"x": -1.0}, [("note", "domain", "v2")]),  # the first, not every one
        ("where(x, sin(x)/x, 1)", {"x": 0.0}, [("note", "indeterminate", "v2")]),
        ("where(x > 1, 1/(x - 1), exp(1000*x))", {"x": 2.0}, [("note", "overflow", "v5")]),
        ("g = where(x > 0, 1/x, x); f = where(x < 0, g, 2*x)", {"x": 0.5}, []),
        ("q = log(x); where(x > 0, 1, 2)*x", {"x": -1.0}, []),  # what nothing uses is in no branch
        (
            "log(y) + min(exp(x), 5)",
            {"x": 1000.0, "y": -1.0},
            [("warning", "domain", "v1"), ("note", "overflow", "v2")],
        ),
        ("sqrt(relu(x))", {"x": -1.0}, [("note", "pole", "f")]),
        ("where(x > 0, log(-x), x) + where(x > 0, x, log(x))", {"x": 1.0}, [("warning", "domain", "v3")]),
    ],
)
def test_what_reaches_no_number_of_the_result_is_a_note(
    text: str, point: dict[str, float], said: list[tuple[str, str, str]]
) -> None:
    report = cgraph_cli.evaluate(text, point)
    assert [(one.word, one.code, report.nodes[one.node].label) for one in report.warnings if one.word != "kink"] == said
    assert math.isfinite(report.value) == all(word == "note" for word, _, _ in said)


def test_the_number_that_overflows_is_quoted_as_it_was_typed() -> None:
    source = "x*1" + "0" * 400
    (found,) = cgraph_cli.evaluate(source, x=1).warnings
    assert source[slice(*found.span)] == source[2:]
    assert found.message == f"`1{'0' * 36}...` is too large for a double: it is read as inf"


def test_what_lies_outside_the_domain_is_said_with_the_domain() -> None:
    (found,) = cgraph_cli.evaluate("q(u) = huber(u, 0, u); 2*q(x)", x=-1).warnings
    assert found.message == "`v1 = q(x)` at x = -1 lies outside the domain of `huber` inside `q`, d > 0: d is -1"


def test_every_second_derivative_that_is_not_finite_is_named_by_row_and_column() -> None:
    report = cgraph_cli.evaluate("x^1.5 + y^2", x=0, y=1, hessian=True)
    assert report.hessian is not None
    entries = [(row, column) for row in "xy" for column in "xy" if row <= column]
    wanted = [(row, column) for row, column in entries if not math.isfinite(report.hessian[row][column])]
    assert ("x", "x") in wanted
    assert [(found.code, *found.members.values()) for found in report.warnings] == [
        ("non_finite_derivative", *entry) for entry in wanted
    ]


def test_every_directional_derivative_that_is_not_finite_is_named_by_its_output() -> None:
    report = cgraph_cli.evaluate("a = x*y; b = x", x=1e300, y=2, outputs=["a", "b"], direction={"x": 1, "y": 1e300})
    assert report.tangents == {"a": INF, "b": 1.0}
    assert [found.message for found in report.warnings] == ["the directional derivative of `a` is inf"]


def test_every_non_finite_number_has_a_warning() -> None:
    grid = [0.0, -0.0, 1.0, -1.0, 1e308, -1e308, 5e-324, INF, -INF]
    for text in ("x*y", "x/y", "x^y", "log(x)*y", "sqrt(x) + y", "exp(x) - exp(y)", "atan2(x, y)", "gamma(x)*y"):
        for x in grid:
            for y in grid:
                report = cgraph_cli.evaluate(text, x=x, y=y)
                numbers = [report.value, *report.gradients.values()]
                assert report.warnings or all(map(math.isfinite, numbers)), (text, x, y)


@pytest.mark.parametrize("inside", ["{0}", "m({1}) = {0}; m({1})", "where(x > 0, {0}, 1 + y) - z"])
@given(trees(12).map(print_expression), st.lists(st.sampled_from(SPECIAL), min_size=8, max_size=8))
def test_no_number_of_any_expression_is_silently_infinite_or_nan(inside: str, text: str, numbers: list[float]) -> None:
    whole = cgraph_cli.parse(inside.format(text, "x, y, z, alpha, x_1, λ, sin"))
    point = dict(zip(whole.variables, numbers, strict=False))
    report = whole.evaluate(point, hessian=True, direction=dict(zip(point, numbers[::-1], strict=False)))
    assert report.hessian is not None
    seconds = [one for row in report.hessian.values() for one in row.values()]
    shown = [report.value, *report.gradients.values(), *seconds, *report.tangents.values()]
    assert report.warnings or all(map(math.isfinite, shown))


LOST = {
    "h^2*1e300": ({"h": 6.6e-200}, ["`f` is 0; in high precision it is 4.35"]),
    "exp(-x)*1e300*1e200": ({"x": 1000}, ["`f` is 0; in high precision it is 5.075"]),
    "x^4*1e300*y": ({"x": 1e-110, "y": 1}, ["`f` is 0", "∂f/∂x is 0; in high precision it is 4.00", "∂f/∂y is 0"]),
}
RIGHT = {
    "h^2": {"h": 6.6e-200},
    "exp(-x)": {"x": 1000},
    "sigmoid(x)*y": {"x": -1000, "y": 2},
    "1 + exp(-x)": {"x": 1000},
    "x*1e200": {"x": 0},
    "where(x > 0, y^2, 3)*y": {"x": -1, "y": 1e-200},
}


@pytest.mark.parametrize("text", LOST)
def test_what_an_underflow_has_made_0_is_said(text: str) -> None:
    point, expected = LOST[text]
    found = [one for one in cgraph_cli.evaluate(text, point).warnings if one.code == "underflow"]
    for one, said in zip(found, expected, strict=True):
        assert said in one.message
        assert one.members["true_value"] != 0


@pytest.mark.parametrize("text", RIGHT)
def test_a_0_that_is_the_nearest_double_is_right(text: str) -> None:
    assert not [one for one in cgraph_cli.evaluate(text, RIGHT[text]).warnings if one.code == "underflow"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("where(log(y) > 0, x, 2*x)", ["`v2 = v1 > 0` at v1 = nan compares with nan, which counts as false"]),
        ("(log(y) != 0)*x", ["`v2 = v1 != 0` at v1 = nan compares with nan, which counts as true"]),
        ("where(sqrt(y), x, 3)", ["`f = where(v1, x, 3)` at v1 = nan, x = 1 chooses by nan, which counts as true"]),
        (
            "h(b) = where(acos(b) <= 1, b, 3); g(a, b) = a + h(b); g(x, y)",
            ["`f = g(x, y)` at x = 1, y = -2 compares with nan inside `g`, which counts as false"],
        ),
        ("where(x > 0, x, where(log(y) > 0, x, 2))", []),
        ("where(x > 0, where(y < 0, 2, log(y)), x)", []),
    ],
)
def test_what_is_asked_of_a_number_that_is_none_is_told(text: str, said: list[str]) -> None:
    report = cgraph_cli.evaluate(text, x=1.0, y=-2.0)
    assert [one.message for one in report.warnings if one.word == "warning"] == said


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1e-400*x", ["`1e-400` is too small for a double: it is read as 0"]),
        ("g(a) = a*12e-330; g(x)", ["`12e-330` is too small for a double: it is read as 0"]),
        ("5e-324*x + 1.2347e-320*x + 0.0e5*x + 0_0*x + 2.3e-308*x + relu(x) + huber(x, 0)", []),
    ],
)
def test_a_literal_that_a_double_has_not_the_digits_of_is_told(text: str, read: list[str]) -> None:
    report = cgraph_cli.evaluate(text, x=3.0, expand=True)
    assert [one.message for one in report.warnings if one.code == "underflow"] == read


@pytest.mark.parametrize(("text", "x", "code"), [("cross_entropy(x, 0.1)", 0.0, "pole"), ("exp(x)", 800.0, "overflow")])
def test_what_is_infinite_at_an_end_of_the_domain_is_a_pole(text: str, x: float, code: str) -> None:
    assert next(one.code for one in cgraph_cli.evaluate(text, x=x).warnings) == code
