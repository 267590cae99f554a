"""Errors that a user can cause: each has a stable code, a message, a place in the text and a help line."""

from __future__ import annotations

from itertools import islice, pairwise

from cgraph_cli.light import Callable, Collection, Iterable, NamedTuple, Sequence

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
    close = [one for one in known if one.casefold() == word.casefold()][:1]
    if not close and len(word) >= SHORTEST_BEGINNING:
        close = [one for one in known if one.startswith(word)]
    if len(close) != 1:
        close = [
            near
            for typed in dict.fromkeys((word, word.lower()))
            for near in get_close_matches(typed, known, 3, cutoff)
            if _is_typo(typed, near)
        ]
        close.sort(key=lambda near: sorted(near) != sorted(word))  # two letters that changed places first
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


def enumerated(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


NARROWEST = 12  # characters of a source line, however wide they are
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
        spell: Callable[[str], str] = str,
    ) -> str:
        """The message, the source line with ``^^^^`` under the exact span, and the help line.

        ``styled`` gives a text a style of the palette, ``folded`` lines to one that follows another, ``spell`` the
        characters that can be shown.
        """
        paint, fold = styled or (lambda text, _: text), folded or (lambda text, _: text)
        lines = [fold(visible(self.message), "error: ")]
        if self.span is not None and self.source is not None and self.source.strip():
            line, marks = marked_line(self.source, [self.span], window, spell)
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


def all_of(source: str) -> tuple[int, int]:
    """The place of the whole of a text."""
    return len(source) - len(source.lstrip()), len(source.rstrip())


def in_one_line(source: str, spans: Sequence[tuple[int, int]], window: int, spell: Callable[[str], str]) -> bool:
    """Whether several places are parts of one line as it is shown, none within another."""
    left, right = _shown(source, min(spans)[0], window)
    ordered = sorted(set(spans))
    apart = all(one[1] <= other[0] for one, other in pairwise(ordered))
    return len(ordered) == 1 or (
        apart and ordered[-1][1] <= right and _width(spell(source[left:right])) <= max(window, right - left)
    )


def marked_line(
    source: str, spans: Sequence[tuple[int, int]], window: int, spell: Callable[[str], str]
) -> tuple[str, str]:
    """The line of the source text in which places are, around the first if it is long, and ``^^^^`` under them.

    ``spell`` writes a text in the characters that can be shown.
    """
    start = min(min(spans)[0], len(source))
    left, right = _shown(source, start, window)
    line = "... " if left > source.rfind("\n", 0, start) + 1 else ""
    marks, at = " " * len(line), left
    for first, last in [*sorted(set(spans)), (right, right)]:
        for part, mark, least in ((source[at:first], " ", 0), (source[first : min(last, right)], "^", 1)):
            text = spell("".join(one if one.isprintable() else " " for one in part))
            line += text
            marks += mark * max(_width(text), least)
        at = last
    if _width(line) > window + len("...  ...") and window > NARROWEST:
        return marked_line(source, spans, window * 2 // 3, spell)
    return line + (" ..." if right < _shown(source, start, len(source))[1] else ""), marks[:-1].rstrip()


def _shown(source: str, start: int, window: int) -> tuple[int, int]:
    """What of the line around a place is shown, without a comment behind it."""
    left, right = source.rfind("\n", 0, start) + 1, source.find("\n", start)
    right = len(source) if right < 0 else right
    right = start + len(source[start:right].partition("#")[0].rstrip()) if source[start : start + 1] != "#" else right
    if right - left > window:
        left = max(left, min(start - window // 3, right - window))
        right = min(right, left + window)
    return left, right


def _width(text: str) -> int:
    """The columns a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)
