"""Local gradients are shown as a class writes them, and what is shown is what is computed."""

from __future__ import annotations

import gc
import weakref
from itertools import count, islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cgraph_cli
from cgraph_cli.graph.graph import Graph
from cgraph_cli.report.words import Numbers
from cgraph_cli.rules import RULES
from cgraph_cli.syntax.latex import LatexNotation
from cgraph_cli.syntax.printer import UNICODE


def shown(text: str, **point: float) -> list[str]:
    """The formulas of the local gradients of the output."""
    report = cgraph_cli.evaluate(text, point)
    return [edge.local_expression for edge in report.nodes[report.output_node].args if edge.local is not None]


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("1/x", ["-1/x^2"]),
        ("y/x", ["1/x", "-y/x^2"]),
        ("-3/x", ["3/x^2"]),
        ("x/-4", ["-1/4"]),
        ("e^x", ["exp(x)"]),
        ("2^x", ["f*log(2)"]),
        ("x^pi", ["pi*x^(pi - 1)"]),
        ("pi/x", ["-pi/x^2"]),
        ("sigmoid(x)", ["f*(1 - f)"]),
        ("tanh(x)", ["1 - f^2"]),
        ("asin(x)", ["1/sqrt(1 - x^2)"]),
        ("atan2(y, x)", ["x/(x^2 + y^2)", "-y/(x^2 + y^2)"]),
        ("k = 3; x^k", ["k*x^(k - 1)"]),
        ("x*y", ["y", "x"]),
        ("x - y", ["1", "-1"]),
        ("m(a, b) = a^2*b; m(x, y)", ["2*x*y", "x^2"]),
    ],
)
def test_formulas_as_a_class_writes_them(text: str, formulas: list[str]) -> None:
    values = {"x": 0.5, "y": 0.25}
    assert shown(text, **{name: value for name, value in values.items() if name in cgraph_cli.parse(text).names}) == (
        formulas
    )


def test_a_limit_that_holds_stands_in_the_place_of_the_formula() -> None:
    assert shown("hypot(x, y)", x=3, y=4) == ["x/f", "y/f"]
    assert shown("hypot(x, y)", x=0, y=0) == ["0", "0"]
    assert shown("norm(x, y, x)", x=0, y=0) == ["0", "0", "0"]


def test_a_formula_over_thousands_of_arguments_shows_the_ends() -> None:
    text = f"max({', '.join(f'x{index}' for index in range(1000))})"
    formulas = shown(text, **{f"x{index}": index for index in range(1000)})
    assert formulas[3] == "where(x3 == f, 1/sum(x0 == f, x1 == f, … == f, x999 == f), 0)"


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.textbook != rule.gradients])
def test_what_is_shown_has_the_value_that_is_computed(name: str) -> None:
    point = {"x": 1.5 if name in ("acosh", "acoth", "asec", "acsc") else 0.625, "y": 0.75}
    call = "x/y" if name == "div" else f"{name}({', '.join('xy'[: len(RULES[name].args)])})"
    report = cgraph_cli.evaluate(call, {one: point[one] for one in cgraph_cli.parse(call).names})
    node = report.nodes[report.output_node]
    labels = {report.labels[one]: value for one, value in enumerate(report.node_values)}
    for edge in node.args:
        formula = cgraph_cli.parse(edge.local_expression)
        values = {one: labels[one] for one in formula.variables}
        assert formula.evaluate(values).value == pytest.approx(edge.local, rel=1e-14)


@given(
    st.integers(1, 1500),
    st.sets(st.integers(0, 1600), max_size=40),
    st.lists(st.integers(0, 1500), max_size=6),
)
def test_the_number_that_is_counted_is_the_one_in_the_column(size: int, used: set[int], breaks: list[int]) -> None:
    inner, mixed = bytearray(size), bytearray(b"\1" * size)
    for start, stop in pairwise(sorted(breaks)):
        inner[start:stop] = b"\1" * len(inner[start:stop])
    for node in range(0, size, 7):
        mixed[node] = inner[node] = 0
    numbers = Numbers(mixed, inner, used)
    assert [numbers[node] for node in range(size)] == [*numbers.column]
    named = [number for number in numbers.column if number]
    assert len({*named}) == len(named) == sum(mixed)
    assert {*named} == {*islice((number for number in count(1) if number not in used), len(named))}


def test_labels_skip_names_that_look_like_theirs() -> None:
    report = cgraph_cli.evaluate("v2 = x + 1; v4 = exp(v2); sin(v4)*cos(v2)*tan(x)", x=1)
    assert [*report.labels] == ["x", "1", "v2", "v4", "v1", "v3", "v5", "v6", "f"]


def test_the_words_of_a_report_keep_no_module_of_a_user_alive() -> None:
    def told() -> weakref.ref[Graph]:
        report = cgraph_cli.evaluate("m(a) = a*sin(a); m(x)", x=2)
        for words in (report.description, report.notated(UNICODE), report.notated(LatexNotation.of(report.program))):
            assert words.local(report.output_node, 0)
        body = report.graph.ops[report.output_node].body
        assert body is not None
        return weakref.ref(body)

    body = told()
    gc.collect()
    assert body() is None
