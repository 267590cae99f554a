"""The grammar in Lark: what the tables of the parser are made from, and what a text that is refused is told by."""

from __future__ import annotations

import functools
from pathlib import Path

from cgraph_cli.errors import ExpressionSyntaxError
from cgraph_cli.light import TYPE_CHECKING, Any, Callable, Iterator

if TYPE_CHECKING:
    from lark import Lark, Token

LARK_OPTIONS: dict[str, Any] = {"parser": "lalr", "lexer": "basic", "maybe_placeholders": False}

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


class Nothing:
    """What Lark calls for each rule with a name where it is only asked whether a text is in the language."""

    def __getattr__(self, rule: str) -> Callable[[object], None]:
        if rule.startswith("_"):
            raise AttributeError(rule)
        return lambda children: None


NOTHING = Nothing()


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


def refusal(source: str) -> ExpressionSyntaxError:
    """What is wrong with a text that is not in the language."""
    import lark

    from cgraph_cli.syntax.messages import unexpected_character, unexpected_token

    parser = lark_parser(transformer=NOTHING)
    try:
        parser.parse(source)
    except lark.exceptions.UnexpectedToken as error:
        end = len(source) if error.token.type == "$END" else error.token.start_pos
        return unexpected_token(source, error.token, parser.lex(source[:end]))
    except lark.exceptions.UnexpectedCharacters as error:
        position: Any = error.pos_in_stream
        return unexpected_character(source, position)
    raise AssertionError("the folded tables are not those of the grammar")
