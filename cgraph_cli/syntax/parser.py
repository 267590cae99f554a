"""Text to expression: the grammar's rules with a builder that runs while they are reduced.

A separate walk over a finished tree would recurse and die on long sums.
"""

from __future__ import annotations

from itertools import chain, islice

from cgraph_cli.errors import DefinitionError, ExpressionSyntaxError, Span, TooLargeError
from cgraph_cli.light import Any, NamedTuple
from cgraph_cli.limits import MAX_NODES, MOST_DIGITS, check, tokens
from cgraph_cli.rules import COMPARISON_SIGNS
from cgraph_cli.syntax.driver import TOKEN, drive
from cgraph_cli.syntax.expression import (
    MINUS,
    NEGATIVE,
    SIGNS,
    SUPERSCRIPT_DIGITS,
    Applied,
    Assignment,
    Call,
    Definition,
    Flat,
    Name,
    Program,
    Syntax,
    Token,
    normal_name,
)

SPELLINGS = {"**": "^", "−": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!="}
SEPARATORS = frozenset(";\n")
GROUP, CALL = "()", "f()"  # words that no name, number or sign is


class Equation(NamedTuple):
    """``left = right`` while parsing: an assignment or the definition of a module."""

    left: Token
    right: Token


def _check_length(start: int, end: int) -> None:
    if end - start > MOST_DIGITS:
        raise TooLargeError(f"a number has more than {MOST_DIGITS:,} digits", span=Span(start, end))


class Builder:
    """What the parser calls for each rule of the grammar; the names are those of the grammar.

    Each adds its part to ``flat`` (names and signs, which a text is made of, without a call) and returns what an
    operation around it has to know: a word and the place, which for an expression in parentheses is that with them.
    """

    def __init__(self, size: int = 0) -> None:
        self.flat = Flat(size)
        self.names: dict[str, int] = {}  # by what is typed, in the order of their first use: which part that is
        self.called: dict[tuple[str, int], Applied] = {}  # by what is typed and the number of arguments

    def number(self, token: Token) -> Token:
        text, start, end = token
        _check_length(start, end)
        self.flat.add(float(text), start, end)
        return token

    def name(self, token: Token) -> Token:
        text, start, end = token
        flat = self.flat
        parts = flat.parts
        first = self.names.get(text)
        if first is None:
            self.names[text] = len(parts)
            parts.append(text if text.isascii() else normal_name(text))
        else:
            parts.append(parts[first])
        flat.starts.append(start)
        flat.ends.append(end)
        return token

    def group(self, left: Token, inner: Token, right: Token) -> Token:
        return GROUP, left[1], right[2]

    def unary(self, sign: Token, operand: Token) -> Token:
        start, end = sign[1], operand[2]
        if sign[0] == "+":
            return GROUP, start, end
        self.flat.add(NEGATIVE if isinstance(self.flat.parts[-1], float) else MINUS, start, end)
        return "-", start, end

    def binary(self, left: Token, token: Token, right: Token) -> Token:
        symbol = token[0]
        applied = SIGNS.get(symbol)
        if applied is None:
            symbol = SPELLINGS[symbol]
            applied = SIGNS[symbol]
        if symbol in COMPARISON_SIGNS and left[0] in COMPARISON_SIGNS:
            raise ExpressionSyntaxError(
                f"comparisons do not chain: `{left[0]}` and `{symbol}`",
                span=Span(*token[1:]),
                help="both at once is a product, either is a maximum: (0 < x)*(x < 1), max(x < 0, x > 1)",
            )
        start, end = left[1], right[2]
        flat = self.flat
        flat.parts.append(applied)
        flat.starts.append(start)
        flat.ends.append(end)
        return symbol, start, end

    def superscript(self, base: Token, token: Token) -> Token:
        text, start, end = token
        _check_length(start, end)
        digits = text.translate(SUPERSCRIPT_DIGITS)
        self.flat.add(float(digits.lstrip("-")), start, end)
        if digits.startswith("-"):
            self.flat.add(NEGATIVE, start, end)
        self.flat.add(SIGNS["^"], base[1], end)
        return "^", base[1], end

    def call(self, name: Token, left: Token, *rest: Token) -> Token:
        text, start, end = name
        key = text, len(rest) // 2  # each but the last with a sign before the next
        applied = self.called.get(key)
        if applied is None:
            applied = self.called[key] = Applied(normal_name(text), key[1], end - start)
        end = rest[-1][2]
        self.flat.add(applied, start, end)
        return CALL, start, end

    def equation(self, left: Token, sign: Token, right: Token) -> Equation:
        return Equation(left, right)

    def start(self, *parts: Any) -> list[Assignment | Definition]:
        parsed = [part for part in parts if type(part) is Equation or part[0] not in SEPARATORS]
        if len(parsed) == 1 and type(parsed[0]) is not Equation:
            return [Assignment(None, self.flat)]
        flat, last = self.flat, len(self.flat.parts)
        pieces: list[Flat] = []  # of the statements, from the last part to the first
        for _ in chain.from_iterable(part if type(part) is Equation else (part,) for part in parsed):
            first = flat.beginning(last)
            pieces.append(flat.between(first, last))
            last = first
        take = pieces.pop
        return [
            _statement(one.left, take(), take()) if type(one) is Equation else Assignment(None, take())
            for one in parsed
        ]


def _statement(typed: Token, left: Flat, right: Flat) -> Assignment | Definition:
    head, name = left.parts[-1], left.name
    if typed[0] != GROUP and name is not None:
        return Assignment(name, right, left.span)
    if typed[0] == CALL and isinstance(head, Applied):
        parameters: list[str] = []
        call = left.tree()
        assert isinstance(call, Call)
        for argument in call.arguments:
            if not isinstance(argument, Name):
                raise DefinitionError(
                    "a parameter of a module is a plain name",
                    span=argument.span,
                    help=f"write {call.name}(a) = ..., then use it as {call.name}(2*x)",
                )
            if argument.name in parameters:
                raise DefinitionError(f"the parameter `{argument.name}` occurs twice", span=argument.span)
            parameters.append(argument.name)
        if not parameters:
            raise DefinitionError(
                f"the module `{call.name}` has no parameters",
                span=call.span,
                help=f"name a value with {call.name} = ...",
            )
        return Definition(call.name, parameters, right, call.name_span)
    raise DefinitionError(
        "only a name or a module can stand to the left of `=`",
        span=Span(*typed[1:]),
        help="q = x + y names a value, sigma(a) = 1/(1 + exp(-a)) defines a module, == compares",
    )


def parse(source: str, max_nodes: int = MAX_NODES) -> Program:
    """The syntax tree of a text, whose graph may have so many nodes.

    Raises ExpressionSyntaxError where the text is not in the language, DefinitionError for a statement that cannot
    define what it names, TooLargeError for a text that is longer than its graph may be, or has too long a number.
    """
    try:
        if len(source) > (most := tokens(max_nodes)):  # fewer characters are no more tokens
            count = sum(1 for _ in islice(TOKEN.finditer(source), most + 1))
            check(count, most, "the expression has more than {} names, numbers and signs")
        statements = drive(source, builder := Builder(len(source)))
    except (ExpressionSyntaxError, DefinitionError, TooLargeError) as error:
        error.source = source
        raise
    if type(statements) is int:
        from cgraph_cli.syntax.grammar import refusal

        raise refusal(source, statements)
    if not statements:
        raise ExpressionSyntaxError(
            "the expression is empty", span=Span(0, len(source)), source=source, help='write one, for example "(x+y)*z"'
        )
    if isinstance(statements[-1], Definition):
        raise DefinitionError(
            f"the last statement defines the module `{statements[-1].name}`, there is no output",
            span=statements[-1].name_span,
            source=source,
            help=f"end with the expression to evaluate, for example ...; {statements[-1].name}(x)",
        )
    program = Program(source, statements, max_nodes)
    if len(statements) == 1 and statements[0].name is None:  # every name in it is a free one
        program.known_names(builder.names)
    return program


def parse_expression(source: str) -> Syntax:
    """The syntax tree of a text that is a single expression."""
    (statement,) = parse(source).statements
    assert isinstance(statement, Assignment)
    return statement.tree
