"""Text in columns: folding, alignment, colours.

The layout is made here and not by rich's Table because three promises depend on it: a number is never cut or wrapped,
the columns of a pipe are neither padded to a terminal nor cut to one, and a table of any length is written as it is
made. Rich paints it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from cgraph_cli.render import View
from cgraph_cli.render.numbers import at_point
from cgraph_cli.render.table.folding import NUMBER, Branch, Equation, Folding, Line, Span, flat, fold, width_of

GAP = 2
WIDEST_POINT_COLUMN = 12  # a column of numbers stands at the decimal point while it is no wider
LONGEST_WHOLE_LABEL = 12  # a node's label in a tree is broken only if it is longer
WIDEST_PADDING = 60  # in a pipe a longer text sticks out of its column and does not widen it for all rows

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


def signs_for(view: View) -> Signs:
    """The signs that a view can show."""
    return ASCII if view.ascii else UNICODE


Cell = Sequence[Folding]
Row = Sequence[Cell] | str  # a text stands across all columns


def text_cell(text: str, style: str = "", indent: int = 2) -> Cell:
    """A cell with one line of text."""
    return [[Span(text, style, indent)]] if text else []


def number_cell(text: str, style: str = "") -> Cell:
    """A cell with one number."""
    return [[Span(text, style)]] if text else []


class Column:
    """One column: its title, and whether it holds numbers.

    A line of a number column is one span or none. A number column with ``spill`` may let its title reach over the
    next column. The lines of columns in one ``group`` belong together: where one is folded, the others wait for its
    last line.
    """

    def __init__(
        self, title: str, *, numbers: bool = False, spill: bool = False, gap: int = GAP, group: str = ""
    ) -> None:
        self.title = title
        self.numbers = numbers
        self.spill = spill
        self.gap = gap
        self.group = group
        self.width = 0
        self.whole = self.fraction = 0
        self.apart = False  # its numbers differ so much in size that they stand at the right edge, not at the point


class Paint:
    """Styles as terminal colours, or as nothing."""

    def __init__(self, color: bool) -> None:
        self._styles: dict[str, Callable[[str], str]] = {}
        self.color = color

    def __call__(self, text: str, style: str) -> str:
        """A text in one of STYLES, several names separated by spaces."""
        if not self.color or not style or not text:
            return text
        if style not in self._styles:
            from rich.color import ColorSystem
            from rich.style import Style

            made = Style.combine(Style.parse(STYLES[name]) for name in style.split())
            self._styles[style] = lambda text: made.render(text, color_system=ColorSystem.STANDARD)
        return self._styles[style](text)

    def line(self, spans: Line) -> str:
        """A line of spans."""
        return "".join(self(span.text, span.style) for span in spans)


class Sheet:
    """Rows of cells, written block by block: later blocks are at least as wide as the earlier ones.

    ``shrink`` lists (column, width) in the order in which columns are narrowed where the view has a width; 0 drops a
    column.
    """

    def __init__(self, columns: Sequence[Column], view: View, shrink: Sequence[tuple[Column, int]] = ()) -> None:
        self.columns = columns
        self.view = view
        self.paint = Paint(view.color)
        self.shrink = shrink

    def lines(self, rows: Iterable[Row], *, header: bool = True) -> Iterator[str]:
        """One block of rows, laid out."""
        rows = list(rows)
        cells = [row for row in rows if not isinstance(row, str)]
        self._measure(cells)
        dropped = self._fit(cells) if self.view.width is not None else set()
        if header:
            yield from self._header(dropped)
        for row in rows:
            if isinstance(row, str):
                yield self.paint(row, "quiet") + "\n"
            else:
                yield from self._row(row, dropped)

    def _measure(self, rows: Sequence[Sequence[Cell]]) -> None:
        for position, column in enumerate(self.columns):
            column.width = max(column.width, 0 if column.spill else width_of(column.title))
            cells = [row[position] for row in rows]
            if column.numbers:
                self._measure_numbers(column, cells)
                continue
            for cell in cells:
                for line in cell:
                    size = sum(width_of(span.text) for span in flat(line))
                    if size > column.width and (self.view.width is not None or size <= WIDEST_PADDING):
                        column.width = size

    def _measure_numbers(self, column: Column, cells: Sequence[Cell]) -> None:
        longest = 0
        for cell in cells:
            for number in (span.text for line in cell for span in flat(line)):
                whole, fraction = at_point(number)
                column.whole = max(column.whole, len(whole))
                column.fraction = max(column.fraction, len(fraction))
                longest = max(longest, len(number))
        column.apart |= column.whole + column.fraction > max(WIDEST_POINT_COLUMN, longest)
        column.width = max(column.width, longest, 0 if column.apart else column.whole + column.fraction)

    def _fit(self, rows: Sequence[Sequence[Cell]]) -> set[Column]:
        assert self.view.width is not None
        dropped: set[Column] = set()
        used = [column for column in self.columns if column.width]
        excess = sum(column.width + column.gap for column in used) - used[0].gap - self.view.width
        for column, least in self.shrink:
            if excess <= 0:
                break
            if least == 0:
                if column.width:
                    excess -= column.width + column.gap
                    dropped.add(column)
                    before = self.columns[self.columns.index(column) - 1]
                    wider = max(before.width, width_of(before.title))
                    excess += wider - before.width
                    before.width = wider
                continue
            position = self.columns.index(column)
            least = max(least, width_of(column.title), _least_width(row[position] for row in rows))
            if column.width > least:
                narrower = max(least, column.width - excess)
                excess -= column.width - narrower
                column.width = narrower
        return dropped

    def _shown(self, dropped: set[Column]) -> list[tuple[int, Column]]:
        return [(i, column) for i, column in enumerate(self.columns) if column.width and column not in dropped]

    def _header(self, dropped: set[Column]) -> Iterator[str]:
        title = ""
        width = 0
        for position, column in self._shown(dropped):
            start = width + (column.gap if position else 0)
            width = start + column.width
            if column.title:
                room = column.width - width_of(column.title)
                title += " " * (start - width_of(title) + (max(room, 0) if column.numbers else 0)) + column.title
        yield self.paint(title, "head") + "\n"
        yield self.paint(signs_for(self.view).rule * max(width, width_of(title)), "quiet") + "\n"

    def _row(self, row: Sequence[Cell], dropped: set[Column]) -> Iterator[str]:
        shown = self._shown(dropped)
        cells = self._cells(row, shown)
        for index in range(max(map(len, cells))):
            parts: list[str] = []
            debt = 0  # padding is written only when something follows it
            for (position, column), cell in zip(shown, cells, strict=True):
                debt += column.gap if position else 0
                if index < len(cell):
                    line = cell[index]
                    if line:
                        parts += [" " * max(debt, 1 if parts else 0), self.paint.line(line)]
                        debt = 0
                    debt += column.width - sum(width_of(span.text) for span in line)
                else:
                    debt += column.width
            yield "".join(parts) + "\n"

    def _cells(self, row: Sequence[Cell], shown: Sequence[tuple[int, Column]]) -> list[list[Line]]:
        """The lines of every cell, folded to the columns' widths."""
        folded: list[list[Sequence[Line]]] = []
        for position, column in shown:
            if column.numbers:
                folded.append([[self._number(flat(line), column) if line else []] for line in row[position]])
            elif self.view.width is None:
                folded.append([[flat(line)] for line in row[position]])
            else:
                folded.append([[*fold(line, column.width)] for line in row[position]])
        for group in {column.group for _, column in shown if column.group}:
            together = [cell for (_, column), cell in zip(shown, folded, strict=True) if column.group == group]
            for index, lines in enumerate(zip(*together, strict=True)):
                height = max(map(len, lines))
                for cell in together:
                    cell[index] = [[]] * (height - len(cell[index])) + [*cell[index]]
        return [[line for lines in cell for line in lines] for cell in folded]

    def _number(self, line: Line, column: Column) -> Line:
        (number,) = line
        right = 0 if column.apart else column.fraction - len(at_point(number.text)[1])
        return [Span(" " * (column.width - right - len(number.text))), number]


def _least_width(cells: Iterable[Cell]) -> int:
    """The width that the longest unbreakable piece needs."""
    least = 0
    for cell in cells:
        for line in cell:
            if isinstance(line, Equation):
                least = max(least, width_of(f"  = {line.number}"))
                continue
            if isinstance(line, Branch):
                least = max(least, width_of(line.lead) + min(width_of(line.text[0].text), LONGEST_WHOLE_LABEL))
                continue
            for span in flat(line):
                if span.whole or NUMBER.match(span.text):
                    least = max(least, width_of(span.text.strip()))
    return least


def paragraph(spans: Line, view: View, paint: Paint) -> Iterator[str]:
    """A line of text outside the table, folded on a terminal."""
    for line in fold(spans, view.width) if view.width is not None else [spans]:
        yield paint.line(line).rstrip() + "\n"
