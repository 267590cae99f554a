"""Text to expression: the Lark grammar with a builder that runs while it parses.

Lark is imported and its tables are loaded on the first parse. The builder is embedded in the parser: a separate walk
over a finished Lark tree would recurse and die on long sums.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cgraph_cli.errors import DefinitionError, ExpressionSyntaxError, Span
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

if TYPE_CHECKING:
    from lark import Lark, Token

LARK_OPTIONS: dict[str, Any] = {"parser": "lalr", "lexer": "basic", "maybe_placeholders": False}

SPELLINGS = {"**": "^", "−": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!="}
COMPARE = frozenset(("<", "<=", ">", ">=", "==", "!="))
# A line that ends in one of these goes on in the next line.
UNFINISHED = frozenset(("PLUS", "MINUS", "TIMES", "DIVIDE", "POWER", "COMPARE", "COMMA", "EQUALS", "LPAR"))


class Group(NamedTuple):
    """A parenthesised expression while parsing: it ends where its parenthesis ends."""

    inner: Syntax
    start: int
    end: int


class Equation(NamedTuple):
    """``left = right`` while parsing: an assignment or the definition of a module."""

    left: Syntax | Group
    right: Syntax | Group


def _open(part: Any) -> Syntax:
    return part.inner if type(part) is Group else part


class Builder:
    """What the parser calls for each rule of the grammar; the names are those of the grammar."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}  # as typed, with one object for each normal form

    def number(self, children: list[Any]) -> Number:
        token = children[0]
        return Number(float(token), token.start_pos, token.end_pos)

    def name(self, children: list[Any]) -> Name:
        token = children[0]
        name = self.names.get(token.value)
        if name is None:
            name = self.names[token.value] = sys.intern(normal_name(token.value))
        return Name(name, token.start_pos, token.end_pos)

    def group(self, children: list[Any]) -> Group:
        left, inner, right = children
        return Group(_open(inner), left.start_pos, right.end_pos)

    def unary(self, children: list[Any]) -> Syntax:
        sign, operand = children
        inner = _open(operand)
        if sign.value == "+":
            return Group(inner, sign.start_pos, operand.end)  # type: ignore[return-value]
        return Unary("-", inner, sign.start_pos, operand.end)

    def binary(self, children: list[Any]) -> Binary:
        left, token, right = children
        symbol = SPELLINGS.get(token.value, token.value)
        if symbol in COMPARE and type(left) is Binary and left.symbol in COMPARE:
            raise ExpressionSyntaxError(
                f"comparisons do not chain: `{left.symbol}` and `{symbol}`",
                span=Span(token.start_pos, token.end_pos),
                help="both at once is a product, either is a maximum: (0 < x)*(x < 1), max(x < 0, x > 1)",
            )
        return Binary(symbol, _open(left), _open(right), left.start, right.end)

    def superscript(self, children: list[Any]) -> Binary:
        base, token = children
        digits = token.value.translate(SUPERSCRIPT_DIGITS)
        exponent: Syntax = Number(float(digits.lstrip("-")), token.start_pos, token.end_pos)
        if digits.startswith("-"):
            exponent = Unary("-", exponent, token.start_pos, token.end_pos)
        return Binary("^", _open(base), exponent, base.start, token.end_pos)

    def call(self, children: list[Any]) -> Call:
        name, right = children[0], children[-1]
        arguments = list(map(_open, children[2:-1:2]))  # without the signs between them
        return Call(normal_name(name.value), arguments, name.start_pos, right.end_pos, name.end_pos)

    def equation(self, children: list[Any]) -> Equation:
        return Equation(children[0], children[2])

    def start(self, children: list[Any]) -> list[Assignment | Definition]:
        return [_statement(child) for child in children if not isinstance(child, str)]


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


class LineJoiner:
    """Drops line ends inside parentheses and after an operator, so that an expression may span lines."""

    always_accept = ()

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """The tokens without the line ends that do not end a statement."""
        depth = 0
        before = ""
        for token in stream:
            kind = token.type
            if kind == "SEPARATOR":
                if token.value == "\n" and (depth > 0 or before in UNFINISHED):
                    continue
            elif kind == "LPAR":
                depth += 1
            elif kind == "RPAR":
                depth -= 1
            before = kind
            yield token


def grammar_text() -> str:
    """The grammar, from the package (a wheel) or from beside it (a checkout, an editable install)."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "grammar", package.parent / "grammar"):
        file = folder / "expression.lark"
        if file.is_file():
            return file.read_text(encoding="utf-8")
    raise FileNotFoundError(f"expression.lark is neither in {package} nor beside it")


@functools.cache
def _parser() -> Lark:
    import lark

    from cgraph_cli.syntax import tables

    embedded: dict[str, Any] = {"transformer": Builder(), "postlex": LineJoiner()}
    if lark.__version__ == tables.LARK_VERSION:
        loaded: Lark = lark.Lark._load_from_dict(tables.DATA, tables.MEMO, **embedded)  # type: ignore[no-untyped-call]
        return loaded
    return lark.Lark(grammar_text(), **LARK_OPTIONS, **embedded)  # tables belong to one version of Lark


def parse(source: str) -> Program:
    """The syntax tree of a text.

    Raises ExpressionSyntaxError where the text is not in the language, DefinitionError for a statement that cannot
    define what it names.
    """
    import lark

    parser = _parser()
    try:
        statements: Any = parser.parse(source)
    except lark.exceptions.UnexpectedInput as error:
        from cgraph_cli.syntax.messages import unexpected_character, unexpected_token

        if isinstance(error, lark.exceptions.UnexpectedToken):
            end = len(source) if error.token.type == "$END" else error.token.start_pos
            raise unexpected_token(source, error.token, parser.lex(source[:end])) from None
        position: Any = error.pos_in_stream
        raise unexpected_character(source, position) from None
    except (ExpressionSyntaxError, DefinitionError) as error:
        error.source = source
        raise
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
    return Program(source, statements)


def parse_expression(source: str) -> Syntax:
    """The syntax tree of a text that is a single expression."""
    (statement,) = parse(source).statements
    assert isinstance(statement, Assignment)
    return statement.value
