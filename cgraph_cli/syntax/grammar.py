"""The grammar in Lark: what the tables of the parser are made from, and what a text that is refused is told by."""

from __future__ import annotations

import functools
from pathlib import Path

from cgraph_cli.errors import ExpressionSyntaxError
from cgraph_cli.light import TYPE_CHECKING, Any, Iterator

if TYPE_CHECKING:
    from lark import Lark, Token

LARK_OPTIONS: dict[str, Any] = {"parser": "lalr", "lexer": "basic", "maybe_placeholders": False}

FAR = 100_000  # characters before a mistake

# A line that ends in one of these goes on in the next line.
UNFINISHED = frozenset(("PLUS", "MINUS", "TIMES", "DIVIDE", "POWER", "COMPARE", "COMMA", "EQUALS", "LPAR"))


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
def lark_parser(**embedded: object) -> Lark:
    """Lark's own parser of the language, with a transformer where there is one."""
    import lark

    from cgraph_cli.syntax import tables

    options: dict[str, Any] = {"postlex": LineJoiner(), **embedded}
    if lark.__version__ == tables.LARK_VERSION:
        loaded: Lark = lark.Lark._load_from_dict(tables.DATA, tables.MEMO, **options)  # type: ignore[no-untyped-call]
        return loaded
    return lark.Lark(grammar_text(), **LARK_OPTIONS, **options)  # tables belong to one version of Lark


def refusal(source: str, place: int) -> ExpressionSyntaxError:
    """What is wrong with a text whose token at a place is the first that cannot stand where it does."""
    from lark import Token

    from cgraph_cli.syntax.driver import TOKEN
    from cgraph_cli.syntax.folded import DEPTHS, END
    from cgraph_cli.syntax.messages import unexpected_character, unexpected_token

    match = TOKEN.match(source, place)
    if match.lastindex == match.re.groups:
        return unexpected_character(source, place)
    # Of a long text the end is looked at, and the parentheses that are open before it.
    opened: list[Token] = []
    start = 0
    for before in TOKEN.finditer(source) if place > FAR else ():
        kind, start = before.lastindex, before.start(before.lastindex)
        if start > place - FAR:
            break
        if DEPTHS[kind] > 0:
            opened.append(Token("LPAR", "(", start))
        elif DEPTHS[kind] < 0 and opened:
            opened.pop()
    tokens = [*opened, *lark_parser().lex(" " * start + source[start : match.end()])]
    token = Token("$END", "", place) if match.lastindex == END else tokens.pop()
    return unexpected_token(source, token, tokens)
