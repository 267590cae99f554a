"""Columns of text: Rich draws them; what is here is which widths they have, and lines outside a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

from cgraph_cli.render import View
from cgraph_cli.render.numbers import Points

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.style import Style

GAP = 2
WIDEST = 240  # columns of a table in a pipe; one long text must not widen all rows without end
NO_BREAK = "\N{NO-BREAK SPACE}"
_BREAKS = re.compile(r"(?<=[* ])|(?<=/)(?![∂d])")  # never within ∂f/∂x

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


def _parts(piece: str, width: int) -> list[str]:
    """A piece of a formula, cut after its brackets too if it is too wide."""
    return [piece] if width_of(piece) <= width else re.split(r"(?<=\()", piece)


class Paint:
    """Lines for one view: in its signs and colours, folded to its width."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.width = view.width or WIDEST
        self.signs = ASCII if view.ascii else UNICODE
        self._styles: dict[str, Style | None] = {"": None}

    def style(self, name: str) -> Style | None:
        """One of STYLES for Rich, None where nothing is coloured."""
        if name not in self._styles:
            from rich.style import Style

            self._styles[name] = Style.parse(STYLES[name]) if self.view.color else None
        return self._styles[name]

    def cut(self, text: str, most: int) -> tuple[str, int]:
        """On a terminal a text of about ``most`` characters, without its middle, and how many are left out."""
        if self.view.width is None or len(text) <= most:
            return text, 0
        head, tail = text[: most // 2], text[-most // 2 :]
        head = "".join(_BREAKS.split(head)[:-1]) or head
        tail = "".join(_BREAKS.split(tail)[1:]) or tail
        return f"{head.rstrip()} … {tail}", len(text) - len(head) - len(tail)

    def folded(self, text: str, width: int, indent: str = "  ") -> list[str]:
        """A text on a terminal in lines of at most ``width`` columns, broken after a space, ``*`` or ``/`` only."""
        if self.view.width is None:
            return [text]
        lines, line = [], ""
        pieces = (part for piece in _BREAKS.split(text) for part in _parts(piece, width - len(indent)))
        for piece in pieces:
            if line.strip() and width_of(line + piece.rstrip(" ")) > width:
                lines.append(line.rstrip(" "))
                line = indent
            line += piece
        return [*lines, line]

    def line(self, *spans: Span) -> str:
        """One line."""
        return "".join(self._painted(*span) for span in spans) + "\n"

    def _painted(self, text: str, name: str) -> str:
        style = self.style(name) if self.view.color else None
        text = text.replace(NO_BREAK, " ")
        if style is None or not text:
            return text
        from rich.color import ColorSystem

        return style.render(text, color_system=ColorSystem.STANDARD)

    def paragraph(self, text: str, style: str = "", indent: int = 4, first: Span = ("", "")) -> Iterator[str]:
        """A text after a first word of another style, folded on a terminal."""
        lines = self.folded(first[0] + text, self.width, " " * indent)
        yield self.line(first, (lines[0][len(first[0]) :], style))
        for line in lines[1:]:
            yield self.line((line, style))


class Column:
    """One column: its title, whether its lines begin with numbers, set at the decimal point, and at which side."""

    def __init__(self, title: str, *, numbers: bool = False, right: bool = False) -> None:
        self.title = title
        self.points = Points() if numbers else None
        self.right = right
        self.width = width_of(title)

    def laid_out(self, lines: Sequence[Line]) -> list[Line]:
        """The lines with their numbers below each other; the column is wide enough for them from now on."""
        points = self.points
        if points is not None:
            points.add(line[0][0] for line in lines if line)
            self.width = max(self.width, points.width)
            indent = " " * (self.width - points.width) if self.right else ""
            lines = [line and self._aligned(line, indent) for line in lines]
        self.width = max([self.width, *(sum(width_of(text) for text, _ in line) for line in lines)])
        return list(lines)

    def _aligned(self, line: Line, indent: str) -> Line:
        (number, style), *rest = line
        assert self.points is not None
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
    """A table written block by block: later blocks are at least as wide as the earlier ones."""

    def __init__(self, columns: list[Column], paint: Paint) -> None:
        self.columns = columns
        self.paint = paint
        self.header = True

    @property
    def width(self) -> int:
        """The width of the table with all that was laid out."""
        return sum(column.width + GAP for column in self.columns) - GAP

    def laid_out(self, rows: Iterable[Sequence[Sequence[Line]]]) -> list[list[Line]]:
        """The lines of every column for rows of cells; the lines of one row stand beside each other."""
        columns: list[list[Line]] = [[] for _ in self.columns]
        for cells in rows:
            height = max(map(len, cells))
            for lines, cell in zip(columns, cells, strict=True):
                lines += cell
                lines += [()] * (height - len(cell))
        return [column.laid_out(lines) for column, lines in zip(self.columns, columns, strict=True)]

    def drawn(self, lines: Sequence[Sequence[Line]]) -> str:
        """The lines of every column as Rich draws them, under the titles the first time."""
        from rich.console import Console
        from rich.table import Table

        paint, color = self.paint, self.paint.view.color
        table = Table(box=None, padding=0, show_header=self.header, header_style="")
        for column in self.columns:
            width = column.width + (GAP if column is not self.columns[-1] else 0)
            title = column.title.rjust(column.width) if column.right else column.title
            head = Lines([[(title, "head")], [(paint.signs.rule * width, "quiet")]], paint)
            table.add_column(head, width=width, no_wrap=True)
        table.add_row(*(Lines(column, paint) for column in lines))
        self.header = False
        drawn = StringIO()
        console = Console(
            file=drawn, width=self.width, color_system="standard" if color else None, force_terminal=color, _environ={}
        )
        console.print(table)
        return re.sub(r" +$", "", drawn.getvalue(), flags=re.MULTILINE)
