"""What would be too large is refused, with the number that the help tells, and before it costs anything."""

from __future__ import annotations

import pytest

import cgraph_cli
from cgraph_cli.errors import Span, TooLargeError
from cgraph_cli.graph.build import Reading, build
from cgraph_cli.limits import DEEPEST, FINEST, MAX_NODES, MOST_BYTES, MOST_CHECKED, MOST_DIGITS, TOLD, tokens
from cgraph_cli.syntax import parser
from cgraph_cli.syntax.parser import parse


def test_the_help_tells_the_numbers() -> None:
    told = [int(term.split()[0].replace(",", "")) for term in TOLD]
    assert told == [MAX_NODES, MOST_BYTES, MOST_DIGITS, FINEST, DEEPEST, MOST_CHECKED]


def test_a_text_may_have_twice_as_many_signs_as_its_graph_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tokens(5) == tokens(MAX_NODES) == 2 * MAX_NODES  # a short text is not worth counting
    monkeypatch.setattr(parser, "tokens", lambda max_nodes: 2 * max_nodes)
    assert len(build(parse("x + y*z", max_nodes=5))) == 5
    parse("x + y*z" + " " * 100, max_nodes=5)  # spaces are no signs
    for text in ("x*x*x*x*x*x", "((((((((((x", "1+1+1+1+1+1", "x;;;;;;;;;;"):
        with pytest.raises(TooLargeError, match="the expression has more than 10 names, numbers and signs"):
            parse(text, max_nodes=5)


@pytest.mark.parametrize(("before", "digit"), [("", "1"), ("0.", "1"), ("1e", "1"), ("x", "²"), ("2 + ", "1")])
def test_a_number_may_have_so_many_digits(before: str, digit: str) -> None:
    most = MOST_DIGITS - (len(before) if before[-1:] in ("e", ".") else 0)
    parse(before + digit * most)
    text = before + digit * (most + 1)
    with pytest.raises(TooLargeError, match="a number has more than 10,000 digits") as error:
        parse(text)
    assert error.value.source == text


def test_a_graph_is_refused_at_the_statement_that_makes_it_too_large() -> None:
    text = "a = x + 1; b = a*a*a; b + 2"
    assert cgraph_cli.parse(text, max_nodes=7).evaluate(x=1).value == 10
    with pytest.raises(TooLargeError, match="the graph has more than 4 nodes") as error:
        cgraph_cli.parse(text, max_nodes=4).evaluate(x=1)
    assert error.value.span == Span(15, 20)


def test_modules_are_written_out_up_to_the_limit() -> None:
    text = "f(a) = a*a*a; f(f(x))"  # three nodes each, its parameter among them
    assert len(build(parse(text, 7), Reading(expand=True))) == 5
    with pytest.raises(TooLargeError, match="written out has more than 6 nodes"):
        build(parse(text, 6), Reading(expand=True))


def test_modules_within_modules_a_hundred_deep() -> None:
    def nested(depth: int) -> str:
        lines = [f"f{level}(a) = f{level - 1}(a) + a" for level in range(1, depth)]
        return "\n".join(["f0(a) = a", *lines, f"f{depth - 1}(x)"])

    for expand in (False, True):
        assert cgraph_cli.evaluate(nested(DEEPEST), x=1, expand=expand).value == DEEPEST
    with pytest.raises(TooLargeError, match=f"nested more than {DEEPEST} deep"):
        cgraph_cli.evaluate(nested(DEEPEST + 1), x=1)


def test_so_many_derivatives_of_a_large_graph_are_checked() -> None:
    terms = 1200
    expression = cgraph_cli.parse("+".join(f"sin(x{n}*x{n + 1})" for n in range(terms)))
    nodes, names = 4 * terms, terms + 1
    assert len(expression.graph()) == nodes
    assert nodes * names > MOST_CHECKED
    point = dict.fromkeys(expression.variables, 0.5)
    for check in (lambda: expression.check(point), lambda: expression.sample(3)):
        with pytest.raises(TooLargeError, match=f"there are {names:,} derivatives of {nodes:,} nodes each to check"):
            check()
    assert expression.sample(3, wrt=["x7"]).passed
