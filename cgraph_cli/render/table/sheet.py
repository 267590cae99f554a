"""Columns of text: Rich draws them; what is here is which widths they have, and lines outside a table."""

from __future__ import annotations

import sys
from io import StringIO

from cgraph_cli.light import TYPE_CHECKING, Callable, Iterable, Iterator, Literal, Sequence, re
from cgraph_cli.render.numbers import Points
from cgraph_cli.render.paint import LOOSE, NO_BREAK, STYLES, Line, Paint, Span, width_of

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

GAP = 2
BY_RICH = 1000  # lines under the titles that Rich draws

Row = Sequence[Sequence[Line]] | str  # the lines of its cells, or a finished line across all columns


class Column:
    """One column: its title, whether its lines begin with numbers, set at the decimal point, and at which side.

    ``sign`` stands before every number; ``narrowest`` says how narrow a column of formulas can be made; who makes its
    lines keeps to ``limit``.
    """

    def __init__(
        self, title: str, *, numbers: bool = False, right: bool = False, narrowest: int = 0, sign: str = ""
    ) -> None:
        self.title = title
        self.sign = sign
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
        return [
            *([(self.sign, "quiet")] if self.sign else []),
            (indent + left + number, style),
            *([(right, ""), *rest] if rest else []),
        ]


class Lines:
    """The lines of one column as Rich asks for them: segments of text, padded and put beside the others by Rich."""

    def __init__(self, lines: Sequence[Line], paint: Paint) -> None:
        self.lines = lines
        self.paint = paint

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.segment import Segment

        end, color = Segment.line(), self.paint.view.color
        for line in self.lines:
            for text, name in line:
                style = console.get_style(STYLES[name]) if color and name else None
                yield Segment(text.replace(NO_BREAK, " ").replace(LOOSE, " "), style)
            yield end


class Sheet:
    """A table written block by block: later blocks are at least as wide as the earlier ones.

    Where it is too wide, the columns ``foldable`` are made narrower one after the other.
    """

    def __init__(
        self, columns: list[Column], paint: Paint, foldable: Sequence[Column] = (), *, header: bool = True
    ) -> None:
        self.columns = columns
        self.paint = paint
        self.foldable = foldable
        self.header = header

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
        """The lines of every column, the first ones drawn by Rich under the titles, with texts between them."""
        start = 0
        for end, text in (*across, (len(lines[0]), "")):
            if self.header and text and end == 0:
                yield self.head()
                self.header = False
            if self.header and end > start:
                yield self._drawn([column[start : min(start + BY_RICH, end)] for column in lines])
                start += BY_RICH
            yield from map(self._line, *(column[start:end] for column in lines))
            yield text
            start = end

    def head(self) -> str:
        """The titles and the rule under them, for a small table that is not worth loading Rich: the same lines."""
        titles = [
            (column.width - width_of(column.title)) * column.right * " " + column.title for column in self.columns
        ]
        return self._line(*([(title, "head")] for title in titles)) + self.paint.line(
            (self.paint.signs.rule * self.width, "quiet")
        )

    def _line(self, *cells: Line) -> str:
        """One line as Rich draws it, in the widths that the columns have.

        Rich measures, cuts and pads every cell of a table several times over, which is most of the time that a table
        of a hundred thousand lines takes; here a cell is measured once.
        """
        spans: list[Span] = []
        gap = 0
        for cell, column in zip(cells, self.columns, strict=True):
            if cell:
                spans.append((" " * gap, ""))
                spans += cell
                gap = -sum(width_of(text) for text, _ in cell)
            gap += column.width + GAP
        return self.paint.line(*spans)

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
