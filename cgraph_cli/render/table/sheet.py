"""Columns of text: Rich draws them; what is here is which widths they have, and lines outside a table."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import StringIO
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

from cgraph_cli.render import View
from cgraph_cli.render.numbers import Points

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.style import Style

GAP = 2
WIDEST = 240  # columns of a table in a pipe; one long text must not widen all rows without end
AT_ONCE = 1000  # lines that Rich draws at once
NO_BREAK = "\N{NO-BREAK SPACE}"
# Where a line may end: after spaces; in what is longer than a line after signs (but not in ∂f/∂x), then after brackets.
BREAKS = tuple(map(re.compile, (r"(?<= )", r"(?<=\*)|(?<=/)(?![∂d])", r"(?<=\()")))

# Standard colours take their shade from the terminal's own theme, light or dark.
STYLES = {
    "quiet": "dim",
    "head": "bold",
    "label": "bold",
    "value": "green",
    "gradient": "red",
    "answer": "bold red",
    "warning": "bold magenta",
}

Span = tuple[str, str]  # a text and one of STYLES, or the empty text
Line = Sequence[Span]
Row = Sequence[Sequence[Line]] | str  # the lines of its cells, or a finished line across all columns


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
        if not self.ascii or text.isascii():
            return text
        return text.replace("…", "...").encode("ascii", "backslashreplace").decode()


UNICODE = Signs()
ASCII = Signs("d", "*", "->", "<-", "-", "...", "|-", "`-", "| ", True)


def width_of(text: str) -> int:
    """The number of columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def whole(text: str) -> str:
    """A text that is never broken."""
    return text.replace(" ", NO_BREAK)


def pieces(text: str, width: int, breaks: Sequence[re.Pattern[str]] = BREAKS) -> Iterator[str]:
    """A text cut where lines may end, as rarely as the width allows."""
    for piece in breaks[0].split(text):
        if len(breaks) == 1 or width_of(piece) <= width:
            yield piece
        else:
            yield from pieces(piece, width, breaks[1:])


class Paint:
    """Lines for one view: in its signs and colours, folded to its width."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.width = view.width or WIDEST
        self.signs = ASCII if view.ascii else UNICODE
        self._styles: dict[str, Style | None] = {"": None}

    def style(self, name: str) -> Style | None:
        """One of STYLES for Rich, None where nothing is coloured."""
        if not self.view.color:
            return None
        if name not in self._styles:
            from rich.style import Style

            self._styles[name] = Style.parse(STYLES[name])
        return self._styles[name]

    def without_middle(self, text: str, most: int) -> tuple[str, int]:
        """On a terminal a text of about ``most`` characters, without its middle, and how many are left out."""
        if self.view.width is None or len(text) <= most:
            return text, 0
        head, tail = text[: most // 2], text[-most // 2 :]
        head = "".join([*pieces(head, 0)][:-1]) or head
        tail = "".join([*pieces(tail, 0)][1:]) or tail
        return f"{head.rstrip()} … {tail}", len(text) - len(head) - len(tail)

    def folded(self, line: Line, width: int, indent: str = "  ") -> list[Line]:
        """A line on a terminal as lines of at most ``width`` columns; names and numbers stay whole, however long."""
        if self.view.width is None or sum(width_of(text) for text, _ in line) <= width:
            return [line]
        together: list[list[Span]] = [[]]
        for text, style in line:
            for piece in pieces(text, width - len(indent)):
                together[-1].append((piece, style))
                if piece.endswith((" ", "*", "/", "(")):
                    together.append([])
        lines: list[list[Span]] = [[]]
        used = 0
        for spans in filter(None, together):
            text = "".join(text for text, _ in spans)
            if used > len(indent) and used + width_of(text.rstrip(" ")) > width:
                lines[-1][-1] = (lines[-1][-1][0].rstrip(" "), lines[-1][-1][1])
                lines.append([(indent, "")])
                used = len(indent)
            lines[-1] += spans
            used += width_of(text)
        return [*lines]

    def left_out(self, count: int, what: str) -> str:
        """The words that stand for what is left out."""
        return f"{self.signs.more} {count:,} {what} left out, --all shows all"

    def line(self, *spans: Span) -> str:
        """One line."""
        parts = []
        for name, group in groupby(spans, key=lambda span: span[1]):
            text = "".join(text for text, _ in group).replace(NO_BREAK, " ")
            style = self.style(name)
            if style is not None and text:
                from rich.color import ColorSystem

                text = style.render(text, color_system=ColorSystem.STANDARD)
            parts.append(text)
        return "".join(parts) + "\n"

    def paragraph(self, *spans: Span, indent: int = 4) -> Iterator[str]:
        """One line, folded on a terminal."""
        return (self.line(*line) for line in self.folded(spans, self.width, " " * indent))


class Column:
    """One column: its title, whether its lines begin with numbers, set at the decimal point, and at which side.

    ``narrowest`` says how narrow a column of formulas can be made; who makes its lines keeps to ``limit``.
    """

    def __init__(self, title: str, *, numbers: bool = False, right: bool = False, narrowest: int = 0) -> None:
        self.title = title
        self.numbers = numbers
        self.right = right
        self.narrowest = narrowest
        self.limit = sys.maxsize
        self.start_anew()

    def start_anew(self) -> None:
        """Forget the lines that were laid out."""
        self.points = Points()
        self.width = width_of(self.title)

    def laid_out(self, lines: Sequence[Line]) -> list[Line]:
        """The lines with their numbers below each other; the column is wide enough for them from now on."""
        if self.numbers:
            self.points.add(line[0][0] for line in lines if line)
            self.width = max(self.width, self.points.width)
            indent = " " * (self.width - self.points.width) if self.right else ""
            lines = [line and self._aligned(line, indent) for line in lines]
        if not self.right:  # there nothing stands beside the numbers
            self.width = max([self.width, *(sum(width_of(text) for text, _ in line) for line in lines)])
        return list(lines)

    def _aligned(self, line: Line, indent: str) -> Line:
        (number, style), *rest = line
        left, right = self.points.padding(number)
        return [(indent + left + number, style), *([(right, ""), *rest] if rest else [])]


class Lines:
    """The lines of one column as Rich asks for them: segments of text, padded and put beside the others by Rich."""

    def __init__(self, lines: Sequence[Line], paint: Paint) -> None:
        self.lines = lines
        self.paint = paint

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.segment import Segment

        end, style = Segment.line(), self.paint.style
        for line in self.lines:
            for text, name in line:
                yield Segment(text.replace(NO_BREAK, " "), style(name))
            yield end


class Sheet:
    """A table written block by block: later blocks are at least as wide as the earlier ones.

    Where it is too wide, the columns ``foldable`` are made narrower one after the other.
    """

    def __init__(self, columns: list[Column], paint: Paint, foldable: Sequence[Column] = ()) -> None:
        self.columns = columns
        self.paint = paint
        self.foldable = foldable
        self.header = True

    @property
    def width(self) -> int:
        """The width of the table with all that was laid out."""
        return sum(column.width + GAP for column in self.columns) - GAP

    def fitted(self, rows: Callable[[], Iterable[Row]], width: int) -> Iterator[str] | None:
        """The rows in at most ``width`` columns, None where that cannot be."""
        laid_out = self._laid_out(rows())
        for column in self.foldable:
            excess = self.width - width
            if excess > 0:
                column.limit = max(column.width - excess, column.narrowest)
                for one in self.columns:
                    one.start_anew()
                laid_out = self._laid_out(rows())
        return None if self.width > width else self.written(*laid_out)

    def _laid_out(self, rows: Iterable[Row]) -> tuple[list[list[Line]], list[tuple[int, str]]]:
        """The lines of every column, those of one row beside each other, and before which lines texts stand across."""
        across: list[tuple[int, str]] = []
        columns: list[list[Line]] = [[] for _ in self.columns]
        for row in rows:
            if isinstance(row, str):
                across.append((len(columns[0]), row))
                continue
            height = max(map(len, row))
            for lines, cell in zip(columns, row, strict=True):
                lines += cell
                lines += [()] * (height - len(cell))
        laid_out = [column.laid_out(lines) for column, lines in zip(self.columns, columns, strict=True)]
        return laid_out, across

    def written(self, lines: Sequence[Sequence[Line]], across: Iterable[tuple[int, str]] = ()) -> Iterator[str]:
        """The lines of every column as Rich draws them, under the titles the first time, with texts between them."""
        start = 0
        for end, text in (*across, (len(lines[0]), "")):
            for at in range(start, end, AT_ONCE):
                yield self._drawn([column[at : min(at + AT_ONCE, end)] for column in lines])
            yield text
            start = end

    def _drawn(self, lines: Sequence[Sequence[Line]]) -> str:
        from rich.table import Table

        paint = self.paint
        table = Table(box=None, padding=0, show_header=self.header, header_style="")
        for column in self.columns:
            width = column.width + (GAP if column is not self.columns[-1] else 0)
            indent = " " * (column.width - width_of(column.title)) if column.right else ""
            head = Lines([[(indent + column.title, "head")], [(paint.signs.rule * width, "quiet")]], paint)
            table.add_column(head, width=width, no_wrap=True)
        table.add_row(*(Lines(column, paint) for column in lines))
        self.header = False
        return drawn(table, self.width, color=paint.view.color)


def drawn(table: RenderableType, width: int, *, color: bool) -> str:
    """What Rich makes of a table, in the terminal's standard colours or none, without spaces at the ends of lines."""
    from rich.console import Console

    written = StringIO()  # never standard output: Rich ends the process where a pipe is closed
    colors: Literal["standard"] | None = "standard" if color else None
    console = Console(
        file=written, width=width, color_system=colors, force_terminal=color, no_color=not color, force_jupyter=False
    )
    console.print(table)
    return re.sub(r" +$", "", written.getvalue(), flags=re.MULTILINE)
