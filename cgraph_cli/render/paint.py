"""Lines of text for people: the palette, the signs beyond ASCII, and where a long line is folded."""

from __future__ import annotations

from itertools import accumulate, groupby

from cgraph_cli.errors import all_of, in_one_line, marked_line
from cgraph_cli.light import TYPE_CHECKING, Iterator, NamedTuple, Sequence, re
from cgraph_cli.render import View
from cgraph_cli.render.numbers import message, short
from cgraph_cli.report.shown import FEW, lost_digits

if TYPE_CHECKING:
    from cgraph_cli.report.findings import Finding

WIDEST = 240  # columns of a table in a pipe; one long text must not widen all rows without end
MOST_RIGHT = 15  # digits that every double can have
DEEPEST = 5  # brackets within brackets are told apart so far
NO_BREAK = "\N{NO-BREAK SPACE}"
LOOSE = "\N{NARROW NO-BREAK SPACE}"  # where a line ends only in what is longer than a line
SPACES = f" {NO_BREAK}{LOOSE}"

# Standard colours take their shade from the terminal's own theme, light or dark.
STYLES = {
    "quiet": "dim",
    "head": "bold",
    "label": "bold",
    "value": "green",
    "gradient": "red",
    "answer": "bold red",
    "warning": "bold magenta",
    "error": "bold red",
    "help": "bold cyan",
    "term": "cyan",
}
CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "magenta": "35", "cyan": "36"}

Span = tuple[str, str]  # a text and one of STYLES, or the empty text
Line = Sequence[Span]

# A line may end after a space, but not after a sign or before a comparison; before a product's sign (not in ∂f/∂x);
# after a bracket; and after a loose space.
_AFTER_NO_SIGN = "(?<![-+=≈×·→←<>*] )"
GIVEN = re.compile(r"(?<=\w) = ")  # between a name and what it is
BREAK = re.compile(
    rf"[()]|{_AFTER_NO_SIGN}(?<= )(?![<>!]|==)|(?=[*·][^ ])|(?<![ (]1)(?=/[^∂d])|(?<=\()"
    rf"|{_AFTER_NO_SIGN.replace(' ', LOOSE)}(?<={LOOSE})"
)
# Scripts and signs of which every character takes one column.
NARROW = re.compile(r"[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u202f\u2070-\u209c\u2100-\u22ff\u2500-\u257f…]*")
NUMBER = re.compile(r"-?(?:\d[\d.]*(?:e-?\d+)?|inf|nan)")
RESULT = re.compile(rf"(?:^|(?<=[=≈]\u202f)){NUMBER.pattern}$")
GRADIENT = re.compile(r"^∂|^d\w+/d\w+(?![^\s=~])|\s[×*]\s")
NAME = re.compile(r"[^\W\d]\w*(?=$|\u202f[=≈~])")


SPELLED = str.maketrans(
    {"∂": "d", "…": "...", "×": "*", "·": "*", "→": "->", "≈": "~=", "²": "^2", "±": "+/-", "∈": "in", NO_BREAK: " "}
)


def spelled(text: str, encoding: str = "ascii") -> str:
    """A text in the characters of an encoding: signs spelled in ASCII, what else it lacks as Python writes it."""
    try:
        return text.encode(encoding).decode(encoding)
    except UnicodeEncodeError:
        return text.translate(SPELLED).encode(encoding, "backslashreplace").decode(encoding)


class Signs(NamedTuple):
    """The characters beyond ASCII, or what stands in for them."""

    partial: str = "∂"
    times: str = "×"
    to: str = "→"
    arrives: str = "←"
    rule: str = "─"
    more: str = "…"
    branch: str = "├ "
    last: str = "└ "
    trunk: str = "│ "
    ascii: bool = False

    def text(self, text: str) -> str:
        """A user's text in these signs."""
        return spelled(text) if self.ascii else text


UNICODE = Signs()
ASCII = Signs("d", "*", "->", "<-", "-", "...", "|-", "`-", "| ", True)


def width_of(text: str) -> int:
    """The number of columns that a text takes on a terminal."""
    if text.replace("∂", "").isascii() or NARROW.fullmatch(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def whole(text: str) -> str:
    """A text that is never broken."""
    return text.replace(" ", NO_BREAK)


def pair(name: str, sign: str, value: str) -> str:
    """``name = value``, broken before the sign only where it is longer than a line."""
    return f"{whole(name)}{LOOSE}{sign}{NO_BREAK}{value}"


def coloured(text: str, style: str) -> str:
    """A text in the terminal's standard colours, in one of STYLES."""
    return f"\x1b[{';'.join(CODES[word] for word in STYLES[style].split())}m{text}\x1b[0m"


def right(digits: float | None) -> Span:
    """How many digits of a number are right, the few that are too few marked."""
    if digits is None:
        return "?", "quiet"
    return ("all" if digits > MOST_RIGHT else str(int(digits))), ("" if digits >= FEW else "warning")


def lost(right: int | None) -> Span:
    """How many digits of a number rounding has taken, so many that too few are left marked."""
    digits = lost_digits(right)
    if digits is None or right is None:
        return "?", "quiet"
    return str(digits), "warning" if right < FEW else "" if digits else "quiet"


def said(sentence: str) -> Iterator[Span]:
    """A sentence with its formulas, which stand between dollar signs, whole: names, values and gradients."""
    for position, part in enumerate(sentence.split("$")):
        if position % 2:
            yield from equation(part)
        else:
            yield part, ""


def equation(formula: str) -> Iterator[Span]:
    """A formula: the name that it begins with, and the number that it ends with, a gradient's or a value's."""
    formula = formula.replace(" ", LOOSE)
    name, result = NAME.match(formula), RESULT.search(formula)
    start, end = name.end() if name else 0, result.start() if result else len(formula)
    yield formula[:start], "label"
    yield formula[start:end], ""
    yield number(formula[end:], formula[:end], last=end > 0)


def number(text: str, before: str, *, last: bool) -> Span:
    """What stands last in an equation: where it is a number, a gradient's or a value's by what stands before it."""
    if not last or not NUMBER.fullmatch(text):
        return text, ""
    return text, "gradient" if GRADIENT.search(before) else "value"


def pieces(text: str, width: int) -> list[str]:
    """A text cut where lines may end, as rarely as the width allows: at the outermost sums first, then products."""
    ranked: dict[int, list[int]] = {}
    depth = 0
    for found in BREAK.finditer(text):
        if found[0]:
            depth += 1 if found[0] == "(" else -1
        elif found.start():
            tight = text[found.start() - 1] != " "
            ranked.setdefault(2 * min(max(depth, 0), DEEPEST) + tight, []).append(found.start())
    parts = [(0, len(text))]
    for _, places in sorted(ranked.items()):
        if all(width_of(text[start:end]) <= width for start, end in parts):
            break
        parts = list(_cut(text, parts, places, width))
    return [text[start:end] for start, end in parts]


def _cut(text: str, parts: Sequence[tuple[int, int]], places: Sequence[int], width: int) -> Iterator[tuple[int, int]]:
    """The parts that are wider than ``width`` cut at all of the places."""
    waiting = iter([*places, len(text) + 1])
    place = next(waiting)
    for start, end in parts:
        wide = width_of(text[start:end]) > width
        while place < end:
            if wide and place > start:
                yield start, place
                start = place
            place = next(waiting)
        yield start, end


class Paint:
    """Lines for one view: in its signs and colours, folded to its width."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.width = view.width or WIDEST
        self.signs = ASCII if view.ascii else UNICODE

    def number(self, value: float) -> str:
        """A number for people."""
        return short(value, self.view.digits)

    def without_middle(self, text: str, most: int) -> tuple[str, int]:
        """A text of about ``most`` characters, without its middle unless all is shown, and how many are left out."""
        if self.view.all or len(text) <= most:
            return text, 0
        head, tail = text[: most // 2], text[-most // 2 :]
        before, after = head.rpartition(" ")[0], tail.partition(" ")[2]
        head = before if 2 * len(before) > len(head) else "".join(pieces(head, 0)[:-1]) or head
        tail = after if 2 * len(after) > len(tail) else "".join(pieces(tail, 0)[1:]) or tail
        return f"{head.rstrip()} … {tail}", len(text) - len(head) - len(tail)

    def folded(self, line: Line, width: int, indent: str = "  ") -> list[Line]:
        """A line on a terminal as lines of at most ``width`` columns; names and numbers stay whole, however long."""
        text = "".join(text for text, _ in line)
        if self.view.width is None or width_of(text) <= width:
            return [line]
        ends = [0]
        used = end = 0
        for piece in pieces(text, width - len(indent)):
            if used > len(indent) and used + width_of(piece.rstrip(SPACES)) > width:
                ends.append(end)
                used = len(indent)
            used += width_of(piece)
            end += len(piece)
        return [
            [*([(indent, "")] if start else []), *part(line, start, end)]
            for start, end in zip(ends, [*ends[1:], len(text)], strict=True)
        ]

    def left_out(self, count: int, what: str, *, about: bool = False) -> str:
        """The words that stand for what is left out."""
        return f"{self.signs.more} {'about ' * about}{count:,} {what} left out, --all shows all"

    def line(self, *spans: Span) -> str:
        """One line."""
        if not self.view.color:
            return "".join([text for text, _ in spans]).replace(NO_BREAK, " ").replace(LOOSE, " ") + "\n"
        parts = []
        for style, group in groupby(spans, key=lambda span: span[1]):
            text = "".join(text for text, _ in group).replace(NO_BREAK, " ").replace(LOOSE, " ")
            parts.append(coloured(text, style) if style and text else text)
        return "".join(parts) + "\n"

    def paragraph(self, *spans: Span, indent: int = 4, width: int | None = None) -> Iterator[str]:
        """One line, folded on a terminal."""
        return (self.line(*line) for line in self.folded(spans, width or self.width, " " * indent))

    def remarks(self, findings: Sequence[Finding], source: str) -> Iterator[str]:
        """What is said of a result, and below what speaks of places in one line the line with these marked.

        The whole of the source is marked only where no part of it is.
        """
        parts = any(one.place(source) not in (None, all_of(source)) for one in findings)
        marked: list[tuple[int, int]] = []
        for finding in findings:
            place = finding.place(source)
            place = None if parts and place == all_of(source) else place
            if marked and (
                place is None or not in_one_line(source, [*marked, place], self.view.window, self.signs.text)
            ):
                yield from self.marked(source, marked)
                marked = []
            is_note = finding.word == "note"
            indent, style = (6, "quiet") if is_note else (9, "warning")
            text = GIVEN.sub(f"{LOOSE}={NO_BREAK}", self.signs.text(message(finding, self.view.digits)))
            yield from self.paragraph((f"{finding.head}: ", style), (text, ""), indent=indent)
            marked += [] if place is None else [place]
        if marked:
            yield from self.marked(source, marked)

    def marked(self, source: str, places: Sequence[tuple[int, int]], indent: str = "  ") -> Iterator[str]:
        """The line of the source with places in it marked."""
        line, marks = marked_line(source, places, self.view.window + 2 - len(indent), self.signs.text)
        yield self.line((indent + line, ""))
        yield self.line((indent + marks, "warning"))


def part(line: Line, start: int, end: int) -> Iterator[Span]:
    """The characters of a line from start to end, without spaces at the end."""
    text = "".join(text for text, _ in line)
    end = start + len(text[start:end].rstrip(SPACES))
    for (text, style), behind in zip(line, accumulate(len(text) for text, _ in line), strict=True):
        before = behind - len(text)
        if before < end and behind > start:
            yield text[max(start - before, 0) : end - before], style
