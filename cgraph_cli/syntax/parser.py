"""Text to expression: the grammar's rules with a builder that runs while they are reduced.

A separate walk over a finished tree would recurse and die on long sums.
"""

from __future__ import annotations

from itertools import islice

from cgraph_cli.errors import DefinitionError, ExpressionSyntaxError, Span, TooLargeError
from cgraph_cli.light import Any, NamedTuple
from cgraph_cli.limits import MAX_NODES, MOST_DIGITS, check, tokens
from cgraph_cli.syntax.driver import TOKEN, Token, drive
from cgraph_cli.syntax.expression import (
    SUPERSCRIPT_DIGITS,
    Assignment,
    Binary,
    Call,
    Definition,
    Name,
    Number,
    Program,
    Syntax,
    Unary,
    normal_name,
)

SPELLINGS = {"**": "^", "−": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!="}
COMPARE = frozenset(("<", "<=", ">", ">=", "==", "!="))


class Group(NamedTuple):
    """A parenthesised expression while parsing: it ends where its parenthesis ends."""

    inner: Syntax
    start: int
    end: int


class Equation(NamedTuple):
    """``left = right`` while parsing: an assignment or the definition of a module."""

    left: Syntax | Group
    right: Syntax | Group


def _too_long(start: int, end: int) -> TooLargeError:
    return TooLargeError(f"a number has more than {MOST_DIGITS:,} digits", span=Span(start, end))


def _open(part: Any) -> Syntax:
    return part.inner if type(part) is Group else part


class Builder:
    """What the parser calls for each rule of the grammar; the names are those of the grammar."""

    def __init__(self) -> None:
        self.names: dict[str, Name] = {}  # by what is typed, in the order of their first use
        self.called: dict[str, str] = {}  # functions: what is typed with its normal form

    def number(self, token: Token) -> Number:
        text, start, end = token
        if end - start > MOST_DIGITS:
            raise _too_long(start, end)
        return Number(float(text), start, end)

    def name(self, token: Token) -> Name:
        text, start, end = token
        first = self.names.get(text)
        if first is None:
            first = self.names[text] = Name(normal_name(text), start, end)
            return first
        return Name(first.name, start, end)

    def group(self, left: Token, inner: Syntax | Group, right: Token) -> Group:
        return Group(_open(inner), left[1], right[2])

    def unary(self, sign: Token, operand: Syntax | Group) -> Syntax:
        inner = _open(operand)
        if sign[0] == "+":
            return Group(inner, sign[1], operand.end)  # type: ignore[return-value]
        return Unary("-", inner, sign[1], operand.end)

    def binary(self, left: Syntax | Group, token: Token, right: Syntax | Group) -> Binary:
        text, start, end = token
        symbol = SPELLINGS.get(text, text)
        if symbol in COMPARE and type(left) is Binary and left.symbol in COMPARE:
            raise ExpressionSyntaxError(
                f"comparisons do not chain: `{left.symbol}` and `{symbol}`",
                span=Span(start, end),
                help="both at once is a product, either is a maximum: (0 < x)*(x < 1), max(x < 0, x > 1)",
            )
        first = left.inner if type(left) is Group else left
        second = right.inner if type(right) is Group else right
        return Binary(symbol, first, second, left.start, right.end)  # type: ignore[arg-type]

    def superscript(self, base: Syntax | Group, token: Token) -> Binary:
        text, start, end = token
        if end - start > MOST_DIGITS:
            raise _too_long(start, end)
        digits = text.translate(SUPERSCRIPT_DIGITS)
        exponent: Syntax = Number(float(digits.lstrip("-")), start, end)
        if digits.startswith("-"):
            exponent = Unary("-", exponent, start, end)
        return Binary("^", _open(base), exponent, base.start, end)

    def call(self, name: Token, left: Token, *rest: Any) -> Call:
        text, start, end = name
        arguments = map(_open, rest[:-1:2])  # without the signs between them
        known = self.called.get(text) or self.called.setdefault(text, normal_name(text))
        return Call(known, arguments, start, rest[-1][2], end - start)

    def equation(self, left: Syntax | Group, sign: Token, right: Syntax | Group) -> Equation:
        return Equation(left, right)

    def start(self, *parts: Any) -> list[Assignment | Definition]:
        return [_statement(part) for part in parts if type(part) is not tuple]  # a token separates two


def _statement(parsed: Syntax | Group | Equation) -> Assignment | Definition:
    if not isinstance(parsed, Equation):
        return Assignment(None, _open(parsed))
    left, right = parsed.left, _open(parsed.right)
    if isinstance(left, Name):
        return Assignment(left.name, right, left.span)
    if isinstance(left, Call):
        parameters: list[str] = []
        for argument in left.arguments:
            if not isinstance(argument, Name):
                raise DefinitionError(
                    "a parameter of a module is a plain name",
                    span=argument.span,
                    help=f"write {left.name}(a) = ..., then use it as {left.name}(2*x)",
                )
            if argument.name in parameters:
                raise DefinitionError(f"the parameter `{argument.name}` occurs twice", span=argument.span)
            parameters.append(argument.name)
        if not parameters:
            raise DefinitionError(
                f"the module `{left.name}` has no parameters",
                span=left.span,
                help=f"name a value with {left.name} = ...",
            )
        return Definition(left.name, parameters, right, left.name_span)
    raise DefinitionError(
        "only a name or a module can stand to the left of `=`",
        span=Span(left.start, left.end),
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
        statements = drive(source, builder := Builder())
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
    return statement.value
