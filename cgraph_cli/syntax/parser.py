"""Text to expression: the Lark grammar with a builder that runs while it parses.

Lark is imported and its tables are loaded on the first parse. The builder is embedded in the parser: a separate walk
over a finished Lark tree would recurse and die on long sums.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from cgraph_cli.errors import DefinitionError, ExpressionSyntaxError, Span, shortened
from cgraph_cli.rules import CALLABLE, canonical_name
from cgraph_cli.syntax.expression import (
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
SUPERSCRIPT_DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
# A line that ends in one of these goes on in the next line.
UNFINISHED = frozenset(("PLUS", "MINUS", "TIMES", "DIVIDE", "POWER", "COMPARE", "COMMA", "EQUALS", "LPAR"))


class Group:
    """A parenthesised expression while parsing: it ends where its parenthesis ends."""

    __slots__ = ("end", "inner", "start")

    def __init__(self, inner: Syntax, start: int, end: int) -> None:
        self.inner = inner
        self.start = start
        self.end = end


class Equation:
    """``left = right`` while parsing: an assignment or the definition of a module."""

    __slots__ = ("left", "right")

    def __init__(self, left: Syntax | Group, right: Syntax | Group) -> None:
        self.left = left
        self.right = right


def _open(part: Any) -> Syntax:
    return part.inner if type(part) is Group else part


class Builder:
    """What the parser calls for each rule of the grammar; the names are those of the grammar."""

    def __init__(self) -> None:
        self.interned: dict[str, str] = {}

    def number(self, children: list[Any]) -> Number:
        token = children[0]
        return Number(float(token), token.start_pos, token.end_pos)

    def name(self, children: list[Any]) -> Name:
        token = children[0]
        text = normal_name(token.value)
        return Name(self.interned.setdefault(text, text), token.start_pos, token.end_pos)

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
        name, _, arguments, right = children
        return Call(normal_name(name.value), arguments, name.start_pos, right.end_pos, name.end_pos)

    def call_without_arguments(self, children: list[Any]) -> Call:
        name, _, right = children
        return Call(normal_name(name.value), [], name.start_pos, right.end_pos, name.end_pos)

    def first_argument(self, children: list[Any]) -> list[Syntax]:
        return [_open(children[0])]

    def next_argument(self, children: list[Any]) -> list[Syntax]:
        arguments: list[Syntax] = children[0]
        arguments.append(_open(children[2]))
        return arguments

    def equation(self, children: list[Any]) -> Equation:
        return Equation(children[0], children[2])

    def no_statements(self, children: list[Any]) -> list[Assignment | Definition]:
        return []

    def first_statement(self, children: list[Any]) -> list[Assignment | Definition]:
        return [_statement(children[0])]

    def same_statements(self, children: list[Any]) -> list[Assignment | Definition]:
        statements: list[Assignment | Definition] = children[0]
        return statements

    def next_statement(self, children: list[Any]) -> list[Assignment | Definition]:
        statements: list[Assignment | Definition] = children[0]
        statements.append(_statement(children[2]))
        return statements

    def start(self, children: list[Any]) -> list[Assignment | Definition]:
        statements: list[Assignment | Definition] = children[0]
        return statements


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
        unfinished = False
        for token in stream:
            kind = token.type
            if kind == "SEPARATOR":
                if token.value == "\n" and (depth > 0 or unfinished):
                    continue
            elif kind == "LPAR":
                depth += 1
            elif kind == "RPAR":
                depth -= 1
            unfinished = kind in UNFINISHED
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
    except lark.exceptions.UnexpectedCharacters as error:
        position: Any = error.pos_in_stream
        _unexpected_character(source, position)
    except lark.exceptions.UnexpectedToken as error:
        _unexpected_token(source, error.token)
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


HELP_FOR_CHARACTER = {
    "[": "parentheses are round: ( )",
    "]": "parentheses are round: ( )",
    "{": "parentheses are round: ( )",
    "}": "parentheses are round: ( )",
    "|": "the absolute value is abs(x)",
    "%": "the remainder of x by y is x - y*floor(x/y); 5% is 0.05",
    "&": "both at once is a product: (0 < x)*(x < 1)",
    "!": "the factorial of n is gamma(n + 1)",
    "√": "the square root is sqrt(x)",
    "∞": "infinity is inf",
    ":": "a name gets its value with =",
    '"': "names are written without quotes",
    "'": "names are written without quotes; a derivative is made with `cgraph diff`",
    "$": "names are written without $",
}


def _unexpected_character(source: str, position: int) -> NoReturn:
    character = source[position]
    note: str | None
    if character == ".":
        message, note = "a point without digits", "a number has digits: 0.5, .5, 5."
    elif character in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻":
        message, note = f"the exponent `{character}` has no digits", "write x^-2 or x⁻²"
    elif "\udc80" <= character <= "\udcff":  # how Python hands on bytes that the locale cannot decode
        message, note = f"the byte {ord(character) - 0xDC00:#x} is not text in the encoding of this terminal", None
    else:
        shown = character if character.isprintable() else f"U+{ord(character):04X}"
        message, note = f"`{shown}` is not part of the language", HELP_FOR_CHARACTER.get(character)
    raise ExpressionSyntaxError(message, span=Span(position, position + 1), source=source, help=note)


def _unexpected_token(source: str, token: Token) -> NoReturn:
    span, message, note = _explain_token(source, token)
    raise ExpressionSyntaxError(message, span=span, source=source, help=note)


def _explain_token(source: str, token: Token) -> tuple[Span, str, str | None]:
    kind, text = token.type, shortened(str(token))
    before = _tokens_before(source, token)
    previous = before[-1] if before else None
    if kind == "$END":
        span = Span(len(source), len(source) + 1)
        opened = _open_parenthesis(before)
        if previous is not None and previous.type in UNFINISHED and previous.type != "LPAR":
            return _span(previous), f"nothing stands after `{previous}`", "a value must follow"
        if opened is not None:
            return _span(opened), "this parenthesis is never closed", "a ) is missing"
        return span, "the expression ends too early", None
    span = _span(token)
    if kind == "RPAR":
        if _open_parenthesis(before) is None:
            return span, "this parenthesis was never opened", None
        if previous is not None and previous.type == "LPAR":
            return Span(_span(previous).start, span.end), "nothing stands between the parentheses", None
        return span, f"a value is missing before `)`, after `{previous}`", None
    if kind == "COMMA" and previous is not None and previous.type in ("COMMA", "LPAR"):
        return span, f"a value is missing before `,`, after `{previous}`", None
    if previous is not None and previous.type in ("NUMBER", "NAME", "RPAR", "SUPERSCRIPT"):
        return _after_value(source, previous, token, before)
    if kind == "SEPARATOR":
        shown = "the end of the line" if text == "\n" else "`;`"
        return span, f"a value is missing before {shown}" + (f", after `{previous}`" if previous else ""), None
    if previous is None:
        return span, f"an expression cannot begin with `{text}`", None
    if kind == "EQUALS":
        return span, "`=` cannot stand here", "x == y compares, q = x + y names a value"
    if kind == "COMPARE" and previous.type == "EQUALS" and text in ("<", ">"):
        return Span(_span(previous).start, span.end), f"`={text}` is not a comparison", f"write {text}="
    return span, f"`{text}` cannot follow `{previous}`", f"a value is missing between `{previous}` and `{text}`"


def _after_value(source: str, previous: Token, token: Token, before: list[Token]) -> tuple[Span, str, str | None]:
    kind, text, span = token.type, str(token), _span(token)
    touching = source[_span(previous).end : span.start] == ""
    if kind == "NUMBER" and previous.type == "NUMBER" and touching:
        both = Span(_span(previous).start, span.end)
        number = shortened(source[both.start : both.end])
        return both, f"`{number}` is not a number", "a number has one decimal point"
    if kind in ("NAME", "NUMBER", "LPAR"):
        opened = _open_parenthesis(before)
        if opened is not None and "\n" in source[_span(previous).end : span.start]:
            return _span(opened), "this parenthesis is never closed", "a ) is missing before the end of the line"
        return _missing_sign(source, before, token, touching)
    if kind == "EQUALS":
        return span, "a second `=` in one statement", "x == y compares; statements are separated by ;"
    if kind == "COMMA":
        note = "a decimal number has a point: 3.5" if previous.type == "NUMBER" else "a comma separates arguments only"
        return span, "a comma outside the arguments of a function", note
    if kind == "SEPARATOR" and _open_parenthesis(before) is not None:
        opened = _open_parenthesis(before)
        assert opened is not None
        return _span(opened), "this parenthesis is never closed", "a ) is missing before the end of the statement"
    return span, f"`{shortened(text)}` cannot follow `{shortened(str(previous))}`", None


WORDS = {
    "and": "both at once is a product: (0 < x)*(x < 1)",
    "or": "either is a maximum: max(x < 0, x > 1)",
    "if": "a choice is written where(condition, a, b)",
    "else": "a choice is written where(condition, a, b)",
    "mod": "the remainder of x by y is x - y*floor(x/y)",
}


def _missing_sign(source: str, before: list[Token], token: Token, touching: bool) -> tuple[Span, str, str]:
    """Two values next to each other: mostly a product without its sign."""
    kind, text, span, previous = token.type, str(token), _span(token), before[-1]
    whole = Span(_span(previous).start, span.end)
    left = "(...)" if previous.type == "RPAR" else shortened(str(previous))
    right = "(...)" if kind == "LPAR" else shortened(text)
    if kind == "NAME" and source[span.end : span.end + 1] == "(":
        right += "(...)"
    words = [WORDS[str(one)] for one in (token, previous) if str(one) in WORDS]
    if words:
        return (span if text in WORDS else _span(previous)), "operators are signs, not words", words[0]
    if previous.type == "NAME" and canonical_name(str(previous)) in CALLABLE:
        return whole, f"a function is called with parentheses: `{left}`", f"write {left}({text})"
    message, note = "a product needs its sign: there is no implicit multiplication", f"write {left}*{right}"
    if previous.type == "NUMBER" and kind == "NAME" and touching:
        number = f"{previous}{text}"
        if text in ("e", "E"):
            message, note = (
                f"`{shortened(number)}` has no digits in its exponent",
                f"a number is 1e3, a product {left}*e",
            )
        elif text in ("j", "J", "i", "I"):
            note = f"numbers are real; a product is written {left}*{text}"
        elif text.startswith("_"):
            message, note = f"`{shortened(number)}` is not a number", "single underscores group digits: 1_000"
        elif str(previous) == "0" and text[0] in "xXbBoO" and text[1:].isalnum():
            note += "; numbers are decimal"
    elif previous.type == "NUMBER" and kind == "NUMBER":
        note += "; digits are grouped with underscores: 1_000"
    elif kind == "LPAR" and len(before) > 2 and before[-2].type == "POWER":
        function = str(before[-3])
        if before[-3].type == "NAME" and canonical_name(function) in CALLABLE:
            whole = Span(_span(before[-3]).start, whole.end)
            message, note = "the power of a function stands after its argument", f"write {function}(...)^{left}"
    return whole, message, note


def _span(token: Token) -> Span:
    start = token.start_pos or 0
    return Span(start, start + len(token))


def _tokens_before(source: str, token: Token) -> list[Token]:
    end = len(source) if token.type == "$END" else (token.start_pos or 0)
    return [known for known in _parser().lex(source[:end]) if not (known.type == "SEPARATOR" and known.value == "\n")]


def _open_parenthesis(tokens: list[Token]) -> Token | None:
    opened: list[Token] = []
    for token in tokens:
        if token.type == "LPAR":
            opened.append(token)
        elif token.type == "RPAR" and opened:
            opened.pop()
    return opened[-1] if opened else None
