"""Errors that a user can cause: each has a stable code, a message, a place in the text and a help line."""

from __future__ import annotations

from itertools import islice

from cgraph_cli.light import Callable, Collection, Iterable, NamedTuple

DONE, ANSWER_IS_NO, WRONG_INPUT, INTERRUPTED = 0, 1, 2, 130


class Span(NamedTuple):
    """A half-open range ``[start, end)`` of characters of the source text."""

    start: int
    end: int


def shortened(text: str, limit: int = 40, dots: str = "...") -> str:
    """A user's text as it is quoted in a message; the dots at its end say that it was cut."""
    return text if len(text) <= limit else text[: limit - len(dots)] + dots


MOST_COMPARED = 5000  # comparing a word with a million names would take minutes
MOST_LISTED = 100
SHORTEST_BEGINNING = 3  # letters that say which word is meant, where only one begins with them


def suggestion(word: str, known: Iterable[str], prefix: str = "", *, cutoff: float = 0.6) -> str | None:
    """A help line naming the known word that is nearest to a mistyped one, if any is nearer than ``cutoff``."""
    from difflib import get_close_matches

    known = list(islice(known, MOST_COMPARED))
    close = [one for one in known if one.startswith(word)] if len(word) >= SHORTEST_BEGINNING else []
    if len(close) != 1:
        close = [
            near
            for typed in dict.fromkeys((word, word.lower()))
            for near in get_close_matches(typed, known, 3, cutoff)
            if _is_typo(typed, near)
        ]
    return f"did you mean `{prefix}{close[0]}`?" if close else None


def _is_typo(typed: str, meant: str) -> bool:
    """Whether a third of the letters at most, of short words one, are others: foo is no floor; cosine may be cos."""
    from difflib import SequenceMatcher

    same = sum(block.size for block in SequenceMatcher(None, typed, meant).get_matching_blocks())
    begins = len(meant) >= SHORTEST_BEGINNING and typed.startswith(meant)
    return begins or max(len(typed), len(meant)) - same <= max(1, len(typed) // 3)


def listed(names: Collection[str], quote: str = "") -> str:
    """Names separated by commas; only of a very long list not all."""
    text = ", ".join(f"{quote}{shortened(name)}{quote}" for name in islice(names, MOST_LISTED))
    return text if len(names) <= MOST_LISTED else f"{text} and {len(names) - MOST_LISTED} more"


WINDOW = 76  # a source line that is longer is shown around the marked place


def visible(text: str) -> str:
    """A text in one line without control characters: a message may quote what would change the terminal."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)


class CgraphError(Exception):
    """The base of every error that a user's input can cause.

    ``source`` is the text that ``span`` points into; both are None where there is no place to show.
    """

    code = "error"
    exit_code = WRONG_INPUT

    def __init__(
        self, message: str, *, span: Span | None = None, source: str | None = None, help: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.source = source
        self.help = help

    def __str__(self) -> str:
        return self.text()

    def placed(self, before: str) -> CgraphError:
        """The same error, its message behind what says where it is."""
        self.message = before + self.message
        self.args = (self.message,)
        return self

    def text(
        self,
        styled: Callable[[str, str], str] | None = None,
        window: int = WINDOW,
        folded: Callable[[str, str], str] | None = None,
    ) -> str:
        """The message, the source line with ``^^^^`` under the exact span, and the help line.

        ``styled`` gives a text a style of the palette, ``folded`` lines to one that follows another.
        """
        paint, fold = styled or (lambda text, _: text), folded or (lambda text, _: text)
        lines = [fold(visible(self.message), "error: ")]
        if self.span is not None and self.source is not None and self.source.strip():
            line, marks = _marked_line(self.source, self.span, window)
            lines += ["", f"  {line}", f"  {paint(marks, 'error')}"]
            if self.help:
                lines.append("")
        if self.help:
            lines.append(f"{paint('help:', 'help')} {fold(visible(self.help), 'help: ')}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """The error as plain data, the form it has with ``--json``."""
        return {
            "code": self.code,
            "message": self.message,
            "span": None if self.span is None else list(self.span),
            "source": self.source,
            "help": self.help,
        }


class ExpressionSyntaxError(CgraphError):
    """The text is not an expression of the language."""

    code = "syntax"


class UnknownFunctionError(CgraphError):
    """A call of a function that is neither built in nor defined."""

    code = "unknown_function"


class ArityError(CgraphError):
    """A function was called with a number of arguments that it does not take."""

    code = "wrong_number_of_arguments"


class DefinitionError(CgraphError):
    """A statement defines a name or module in a way that cannot be used."""

    code = "definition"


class MissingVariableError(CgraphError):
    """Variables of the expression have no value."""

    code = "missing_variable"


class UnknownVariableError(CgraphError):
    """A value, or a derivative, was asked for a name that is not in the expression."""

    code = "unknown_variable"


class InvalidValueError(CgraphError):
    """The text given as a value is not a number or a constant expression."""

    code = "invalid_value"


class UsageError(CgraphError):
    """The command line cannot be understood."""

    code = "usage"


class StrictError(CgraphError):
    """The result has warnings, and --strict refuses it."""

    code = "strict"
    exit_code = ANSWER_IS_NO


class KinkError(CgraphError):
    """The point is a kink, and --kink error refuses it."""

    code = "kink"
    exit_code = ANSWER_IS_NO


class FileError(CgraphError):
    """A file cannot be read or written."""

    code = "file"


class MissingExtraError(CgraphError):
    """A feature needs an optional package that is not installed."""

    code = "missing_extra"


class TooLargeError(CgraphError):
    """The result would be larger than what the command can show."""

    code = "too_large"


def _marked_line(source: str, span: Span, window: int) -> tuple[str, str]:
    start, end = min(span.start, len(source)), span.end
    line_start = source.rfind("\n", 0, start) + 1
    line_end = source.find("\n", start)
    line_end = len(source) if line_end < 0 else line_end
    left, right = line_start, line_end
    if right - left > window:
        left = max(left, min(start - window // 3, right - window))
        right = min(right, left + window)
    shown = "".join(character if character.isprintable() else " " for character in source[left:right])
    before = "... " if left > line_start else ""
    after = " ..." if right < line_end else ""
    first = start - left
    last = max(min(end, right) - left, first + 1)
    marks = " " * (_width(before) + _width(shown[:first])) + "^" * max(_width(shown[first:last]), last - first)
    return before + shown + after, marks


def _width(text: str) -> int:
    """The columns a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)
