"""Expression to text, with the fewest parentheses that keep its meaning.

One loop and one precedence table serve every notation; a notation says only how each kind of part is written.
"""

from __future__ import annotations

from io import StringIO

from cgraph_cli.light import ClassVar
from cgraph_cli.rules import COMPARISON_SIGNS
from cgraph_cli.syntax.driver import TOKEN
from cgraph_cli.syntax.expression import (
    SIGNS,
    SUPERSCRIPTS,
    Assignment,
    Binary,
    Call,
    Definition,
    Name,
    Number,
    Program,
    Syntax,
    Unary,
)
from cgraph_cli.syntax.parser import SPELLINGS

COMPARISON, ADDITION, MULTIPLICATION, SIGN, POWER, ATOM = range(1, 7)

# symbol: own precedence, least precedence of the left operand, of the right operand
PRECEDENCE: dict[str, tuple[int, int, int]] = {
    **dict.fromkeys(COMPARISON_SIGNS, (COMPARISON, ADDITION, ADDITION)),
    "+": (ADDITION, ADDITION, MULTIPLICATION),
    "-": (ADDITION, ADDITION, MULTIPLICATION),
    "*": (MULTIPLICATION, MULTIPLICATION, SIGN),
    "/": (MULTIPLICATION, MULTIPLICATION, SIGN),
    "^": (POWER, ATOM, SIGN),
}
SPACED = COMPARISON_SIGNS | {"+", "-"}

MANY_ZEROS = 6  # at the end of a number that is written 3e8
Piece = str | tuple[Syntax, int]


def format_number(value: float) -> str:
    """A short text that reads back as the same double, whole numbers without a point and without many zeros: 5e14."""
    if value != value:
        return str(value)  # nan, or a number that is left out
    if value in (float("inf"), float("-inf")):
        return "inf" if value > 0 else "-inf"
    text = repr(value)
    if "e" in text:
        digits, exponent = text.split("e")
        return f"{digits.removesuffix('.0')}e{int(exponent)}"
    text = text.removesuffix(".0")
    if not text.endswith("0" * MANY_ZEROS):
        return text
    first, rest = text[: 1 + (text[0] == "-")], text.lstrip("-")[1:]
    decimals = rest.rstrip("0")
    return f"{first}.{decimals}e{len(rest)}" if decimals else f"{first}e{len(rest)}"


class Notation:
    """cgraph's own language; other notations change single methods."""

    times = "*"
    name_of: ClassVar[dict[str, str]] = {}

    def digits(self, value: float) -> str:
        """The digits a number is written with, in cgraph's own language."""
        return format_number(value)

    def number(self, value: float) -> str:
        """A number as a part of a formula."""
        return self.digits(value)

    def name(self, name: str) -> str:
        """A name in a formula."""
        return self.name_of.get(name, name)

    def precedence(self, part: Syntax) -> int:
        """How strongly a part holds together: the precedence of its outermost operation."""
        kind = type(part)
        if kind is Name or kind is Call:
            return ATOM
        if isinstance(part, Binary):
            return PRECEDENCE[part.symbol][0]
        if isinstance(part, Unary) or (isinstance(part, Number) and part.is_negative):
            return SIGN
        return ATOM

    def pieces(self, part: Syntax) -> list[Piece]:
        """The text of one part, with its operands left as (operand, least precedence without parentheses)."""
        if type(part) is Name:
            return [self.name(part.name)]
        if type(part) is Binary:
            return self.binary(part)
        if type(part) is Call:
            return self.call(part)
        if isinstance(part, Number):
            return ["-" + self.number(-part.value) if part.is_negative else self.number(part.value)]
        if isinstance(part, Unary):
            return ["-", (part.operand, SIGN)]
        raise TypeError(f"no notation for {type(part).__name__}")

    def binary(self, part: Binary) -> list[Piece]:
        """An operator with its two operands."""
        _, left, right = PRECEDENCE[part.symbol]
        symbol = self.times if part.symbol == "*" else part.symbol
        return [(part.left, left), f" {symbol} " if part.symbol in SPACED else symbol, (part.right, right)]

    def call(self, part: Call) -> list[Piece]:
        """A function with its arguments."""
        pieces: list[Piece] = [part.name, "("]
        for argument in part.arguments:
            pieces += ((argument, 0), ", ")
        pieces[-1 if part.arguments else 2 :] = [")"]
        return pieces

    def parenthesized(self, pieces: list[Piece]) -> list[Piece]:
        """Pieces in parentheses."""
        return ["(", *pieces, ")"]

    def finished(self, text: str) -> str:
        """A whole formula, where something depends on all that stands within."""
        return text


class UnicodeNotation(Notation):
    """Mathematical signs where Unicode has them: ``2·x·cos(x²)``."""

    times = "·"
    name_of: ClassVar[dict[str, str]] = {"pi": "π", "tau": "τ", "inf": "∞"}
    symbols: ClassVar[dict[str, str]] = {"<=": "≤", ">=": "≥", "!=": "≠"}

    def binary(self, part: Binary) -> list[Piece]:
        if part.symbol == "^":
            exponent = part.right.operand if isinstance(part.right, Unary) else part.right
            if isinstance(exponent, Number) and exponent.value.is_integer() and abs(exponent.value) < 1e6:
                sign = "-" if exponent is not part.right else ""
                return [(part.left, ATOM), (sign + format_number(exponent.value)).translate(SUPERSCRIPTS)]
        pieces = super().binary(part)
        if PRECEDENCE[part.symbol][0] in (ADDITION, MULTIPLICATION) and self.begins_with_sign(part.right):
            pieces[2] = (part.right, ATOM)
        pieces[1] = f" {self.symbols[part.symbol]} " if part.symbol in self.symbols else pieces[1]
        return pieces

    def begins_with_sign(self, part: Syntax) -> bool:
        """Whether a minus would stand next to the sign of the operation that a part is the right operand of."""
        while isinstance(part, Binary) and self.precedence(part) == MULTIPLICATION:
            part = part.left
        return self.precedence(part) == SIGN


TEXT = Notation()
UNICODE = UnicodeNotation()


def print_expression(expression: Syntax, notation: Notation = TEXT, least: int = 0) -> str:
    """The text of an expression, in parentheses if it holds together less than ``least``."""
    written = StringIO()  # a list of so many pieces takes several times the memory
    output, precedence, name_of, pieces_of = written.write, notation.precedence, notation.name, notation.pieces
    stack: list[Piece] = [(expression, least)]
    while stack:
        piece = stack.pop()
        if isinstance(piece, str):
            output(piece)
            continue
        part, bound = piece
        is_loose = bound and precedence(part) < bound
        if type(part) is Name and not is_loose:
            output(name_of(part.name))
            continue
        pieces = pieces_of(part)
        if is_loose:
            pieces = notation.parenthesized(pieces)
        pieces.reverse()
        stack += pieces
    return notation.finished(written.getvalue())


def print_program(program: Program, notation: Notation = TEXT) -> str:
    """All statements of a program, separated by semicolons."""
    return "; ".join(print_statement(statement, notation) for statement in program.statements)


def print_statement(statement: Assignment | Definition, notation: Notation = TEXT) -> str:
    """One statement."""
    if isinstance(statement, Definition):
        called = Call(statement.name, [Name(name) for name in statement.parameters])
        return f"{print_expression(called, notation)} = {print_expression(statement.tree, notation)}"
    text = print_expression(statement.tree, notation)
    return text if statement.name is None else f"{notation.name(statement.name)} = {text}"


def respelled(text: str) -> str:
    """A piece of a text with its signs as they are printed, ``x**2+y`` as ``x^2 + y``, and without comments."""
    words, is_before = list[str](), False  # a value, after which + and - have two operands
    for match in TOKEN.finditer(text):
        word = match[match.lastindex or 0]
        if word and not word.isspace():
            word = SPELLINGS.get(word, word)
            words.append(f" {word} " if is_before and word in SPACED else f"{word} " if word == "," else word)
            is_before = word not in SIGNS and word not in "(,;="
    return "".join(words)
