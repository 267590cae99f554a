"""MathML says what the LaTeX says: well-formed, the same letters and numbers in the same order, deep formulas too."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from strategies import Case, expressions

import cgraph_cli
from cgraph_cli.render.prose.mathml import mathml
from cgraph_cli.render.prose.texwriting import HtmlWriting
from cgraph_cli.rules import CALLABLE, RULES
from cgraph_cli.syntax.latex import LATEX, LatexNotation
from cgraph_cli.syntax.parser import parse_expression
from cgraph_cli.syntax.printer import print_expression


def told(element: ET.Element) -> str:
    """An expression of cgraph's language from presentation MathML, by the names of its elements alone."""
    parts = [told(child) for child in element]
    tag = element.tag
    if tag == "mfrac":
        return f"(({parts[0]})/({parts[1]}))"
    if tag == "msup":
        return f"{parts[0]}^({parts[1]})"
    if tag == "msub":
        return f"{parts[0]}_{parts[1]}"
    if tag == "msqrt":
        return f"sqrt({''.join(parts)})"
    if tag == "mroot":
        return f"cbrt({parts[0]})"
    return "".join(parts) if len(element) else (element.text or "")


SIGNS = {"−": "-", "·": "*", "\u2062": "*", "\u2061": "", "≤": "<=", "≥": ">=", "≠": "!=", "\u00a0": " "}


@settings(max_examples=150)
@given(expressions(max_parts=8))
def test_arithmetic_is_read_back_with_the_same_value(case: Case) -> None:
    expression = cgraph_cli.parse(case.text)
    formula = print_expression(expression.program.statements[-1].tree, LatexNotation.of(expression.program))
    root = ET.fromstring(mathml(formula))
    if set(re.findall(r"[a-z]{2,}", case.text)) - {"sqrt", "cbrt", "sin", "cos", "tan", "tanh", "sinh", "cosh"}:
        return  # other functions have signs of their own; they are checked one by one below
    if re.search(r"(sin|cos|tan|sinh|cosh|tanh)\^", formula) or re.search("[<>=]", case.text):
        return
    text = "".join(SIGNS.get(one, one) for one in told(root))
    found, expected = cgraph_cli.evaluate(text, case.values), expression.evaluate(case.values)
    assert found.value == pytest.approx(expected.value, rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("name", sorted(CALLABLE))
def test_every_function_is_well_formed_and_keeps_its_arguments(name: str) -> None:
    arguments = "uvw"[: max(RULES[name].min_args, 1)]
    tree = parse_expression(f"({name}({', '.join(arguments)}))^2/z")
    root = ET.fromstring(mathml(print_expression(tree, LATEX)))
    letters = [one.text for one in root.iter("mi") if one.text in tuple("uvwz")]
    assert sorted(filter(None, letters)) == [*sorted(arguments), "z"]


def test_names_and_accents() -> None:
    written = {
        "omega_0": "<math><msub><mi>ω</mi><mn>0</mn></msub></math>",
        "x̂": '<math><mover accent="true"><mi>x</mi><mo>\u0302</mo></mover></math>',
        "속도": "<math><mi>속도</mi></math>",
        "a__b": "<math><mi>a__b</mi></math>",
        "rate": "<math><mi>rate</mi></math>",
        "Δx": "<math><mi>Δx</mi></math>",
    }
    assert {name: mathml(LATEX.name(name)) for name in written} == written


def test_a_function_is_applied_and_factors_are_multiplied() -> None:
    for written in (r"\sin(x)", r"\sin\left(x\right)"):
        assert "<mi>sin</mi><mo>\u2061</mo>" in mathml(written)
    assert mathml("3x") == "<math><mrow><mn>3</mn><mo>\u2062</mo><mi>x</mi></mrow></math>"
    assert '<mo form="prefix">−</mo>' in mathml("x = -3")
    assert '<mrow class="value">' in mathml(r"x = \class{value}{-3}")


@pytest.mark.parametrize(
    "wrong", ["{", "}", r"\frac{a}", r"\left(x", "(x", "x)", r"(x\right)", "x^", r"\begin{cases} x \right)"]
)
def test_what_is_no_formula_is_an_error(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"close|lacks"):
        mathml(wrong)


def test_a_deep_formula_takes_one_loop() -> None:
    text = "sqrt(" * 20_000 + "x" + ")" * 20_000
    assert mathml(print_expression(parse_expression(text), LATEX)).count("<msqrt>") == 20_000


def test_every_formula_of_a_report_can_be_written() -> None:
    report = cgraph_cli.evaluate(
        "where(x > 0.5, max(x, y)/x_max, 2)*exp(-x̂^2) + 1e-9", {"x": 1, "y": 2, "x_max": 3, "x̂": 1}
    )
    writing = HtmlWriting(report)
    for node in range(len(report.graph)):
        for formula in (writing.label(node), writing.operation(node), writing.gradient(node)):
            ET.fromstring(mathml(formula))
