"""print∘parse is the identity: on random trees, in both notations, with the fewest parentheses."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from strategies import Case, expressions, trees

from cgraph_cli.errors import ExpressionSyntaxError
from cgraph_cli.syntax.expression import Syntax, same, walk
from cgraph_cli.syntax.parser import parse, parse_expression
from cgraph_cli.syntax.printer import TEXT, UNICODE, print_expression, print_program


@settings(max_examples=400, deadline=None)
@given(trees())
def test_a_printed_tree_reads_back(tree: Syntax) -> None:
    text = print_expression(tree)
    assert same(parse_expression(text), tree), text


@settings(max_examples=300, deadline=None)
@given(trees())
def test_unicode_reads_back(tree: Syntax) -> None:
    """Up to its signs for the constants: π is read as a name of its own, τ and ∞ are for the eye only."""
    text = print_expression(tree, UNICODE)
    again = parse_expression(text.replace("∞", "inf").replace("τ", "tau").replace("π", "pi"))
    assert same(again, tree), text


@settings(max_examples=200, deadline=None)
@given(trees())
def test_no_pair_of_parentheses_can_be_left_out(tree: Syntax) -> None:
    text = print_expression(tree)
    opened: list[int] = []
    for position, character in enumerate(text):
        if character == "(":
            opened.append(position)
        elif character == ")":
            start = opened.pop()
            if start and (text[start - 1].isalnum() or text[start - 1] == "_"):
                continue  # the arguments of a call
            shorter = f"{text[:start]} {text[start + 1 : position]} {text[position + 1 :]}"
            with contextlib.suppress(ExpressionSyntaxError):
                assert not same(parse_expression(shorter), tree), (text, shorter)


@settings(max_examples=100, deadline=None)
@given(expressions())
def test_a_program_reads_back(case: Case) -> None:
    program = parse(case.text)
    printed = print_program(program)
    again = parse(printed)
    assert print_program(again) == printed
    assert len(again.statements) == len(program.statements)


@settings(max_examples=100, deadline=None)
@given(trees())
def test_spans_are_the_text_of_the_part(tree: Syntax) -> None:
    """The characters of a part's span, read on their own, are that part."""
    text = print_expression(tree)
    for part in walk(parse_expression(text)):
        assert same(parse_expression(text[part.start : part.end]), part), (text, part.span)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("-x^2", "-x^2"), ("(-x)^2", "(-x)^2"), ("2^-x", "2^-x"), ("x^y^z", "x^y^z"), ("(x^y)^z", "(x^y)^z"),
        ("a-(b-c)", "a - (b - c)"), ("(a-b)-c", "a - b - c"), ("a/(b*c)", "a/(b*c)"), ("a*(b/c)", "a*(b/c)"),
        ("-(a+b)", "-(a + b)"), ("--x", "--x"), ("+x", "x"), ("a*-b", "a*-b"), ("x**2", "x^2"), ("((x))", "x"),
        ("1_000+.5+1e-3", "1000 + 0.5 + 0.001"), ("1e400", "inf"), ("(x<y)*(y<z)", "(x < y)*(y < z)"),
        ("max( x,y )", "max(x, y)"), ("(x<y)==1", "(x < y) == 1"), ("1e22", "1e22"), ("(2)^(3)", "2^3"),
    ],
)  # fmt: skip
def test_the_fewest_parentheses(text: str, printed: str) -> None:
    assert print_expression(parse_expression(text)) == printed


@pytest.mark.parametrize(
    ("unicode", "plain"),
    [
        ("x × y", "x*y"), ("x·y", "x*y"), ("x ⋅ y", "x*y"), ("x ÷ y", "x/y"), ("x − y", "x - y"), ("−x", "-x"),
        ("x²", "x^2"), ("x⁻¹", "x^-1"), ("-x²", "-x^2"), ("2·x·cos(x²)", "2*x*cos(x^2)"), ("x ≤ y", "x <= y"),
        ("x ≥ y", "x >= y"), ("x ≠ y", "x != y"), ("x¹⁰", "x^10"), ("π·x", "π*x"), ("(x + y)²", "(x + y)^2"),
    ],
)  # fmt: skip
def test_other_signs_are_read_too(unicode: str, plain: str) -> None:
    assert same(parse_expression(unicode), parse_expression(plain))


@pytest.mark.parametrize("text", ["x²·y", "x⁻²", "(x + y)²/2", "-x³", "x^y", "x^2.5", "x ≤ y", "2^x²"])
def test_unicode_prints_what_it_reads(text: str) -> None:
    tree = parse_expression(text)
    assert same(parse_expression(print_expression(tree, UNICODE)), tree)
    assert same(parse_expression(print_expression(tree, TEXT)), tree)


def test_numbers_print_with_all_their_digits() -> None:
    for value in (0.1, 1 / 3, 5e-324, 1.7976931348623157e308, 123456789012345680.0, 1e-7, 2.0**53):
        number = parse_expression(repr(value))
        assert parse_expression(print_expression(number)).value == value  # type: ignore[attr-defined]
