"""A small table of texts and numbers: as columns of text, in Markdown, in HTML."""

from __future__ import annotations

from cgraph_cli.light import Callable, Iterator, NamedTuple, Sequence, escape
from cgraph_cli.render.numbers import at_point
from cgraph_cli.render.paint import Paint, Span, whole

FIGURE_SPACE = "\N{FIGURE SPACE}"  # as wide as a digit


class Field(NamedTuple):
    """A column: its title, whether its cells are numbers, and what stands before a cell where a row is a sentence."""

    title: str
    number: bool = False
    before: str | None = None

    @property
    def lead(self) -> str:
        """What stands there unless it says so itself: before a number the title."""
        return self.before if self.before is not None else f", {self.title} " if self.number else ", "


class Grid(NamedTuple):
    """Rows of as many cells as there are fields; a first cell that is empty is that of the row above."""

    fields: Sequence[Field]
    rows: Sequence[Sequence[Span]]

    def without_empty(self) -> Grid:
        """The same without the columns that have no cell with a text."""
        kept = [place for place in range(len(self.fields)) if any(row[place][0] for row in self.rows)]
        return Grid([self.fields[place] for place in kept], [[row[place] for place in kept] for row in self.rows])

    def plain(self, paint: Paint) -> Iterator[str]:
        """Columns of text; where they are too wide, a sentence for every row."""
        from cgraph_cli.render.table.sheet import Column, Sheet

        text = paint.signs.text
        columns = [Column(text(one.title), numbers=one.number, right=one.number) for one in self.fields]
        rows = [[[[(text(cell), style)]] for cell, style in row] for row in self.rows]
        sheet = Sheet(columns, paint, header=False)
        drawn = sheet.fitted(lambda: rows, paint.width)
        if drawn is None:
            yield from self._sentences(paint)
        else:
            lines = "".join([sheet.head(), *drawn])
            yield lines if paint.view.color else "".join(f"{line.rstrip(' ')}\n" for line in lines.split("\n")[:-1])

    def _sentences(self, paint: Paint) -> Iterator[str]:
        text = paint.signs.text
        begins = 0
        for (head, head_style), *cells in self.rows:
            first = next((place for place, (cell, _) in enumerate(cells) if cell), 0)
            if head:
                yield paint.line((text(head), head_style))
                begins = first
            indent = "  " if first <= begins else "    "  # goes on with the row before, as its wrapped lines do
            spans: list[Span] = []
            for field, (cell, style) in zip(self.fields[1:], cells, strict=True):
                before = field.lead if spans else indent + field.lead.lstrip(", ")
                cell = whole(text(cell)) if field.number else text(cell)
                before = before[:2] + whole(text(before[2:]))  # a name and its number are not parted
                spans += [(before, ""), (cell, style)] if cell else []
            yield from paint.paragraph(*spans)

    def markdown(self, paint: Paint) -> Iterator[str]:
        """A table of GitHub's Markdown."""
        yield row([one.title for one in self.fields])
        yield row(["---:" if one.number else "---" for one in self.fields])
        for cells in self.rows:
            yield row([cell.replace("|", "\\|") for cell, _ in cells])
        yield "\n"

    def html(self, write: Callable[[str, str], str] = lambda text, style: escape(text)) -> Iterator[str]:
        """A table that scrolls where it is too wide, its numbers below each other at their points.

        ``write`` makes markup of the text of a cell and its style.
        """
        yield '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>\n<thead><tr>'
        yield "".join(f'<th scope="col">{escape(one.title)}</th>' for one in self.fields)
        yield "</tr></thead>\n<tbody>\n"
        widths = [max(len(at_point(cell)[0]) for cell, _ in column) for column in zip(*self.rows, strict=True)]
        for row in self.rows:
            yield "<tr>"
            for place, (field, (cell, style), width) in enumerate(zip(self.fields, row, widths, strict=True)):
                indent = FIGURE_SPACE * (width - len(at_point(cell)[0])) if field.number and cell else ""
                tag, end = ("td", "td") if place else ('th scope="row"', "th")
                name = f' class="{style}"' if style else ""
                yield f"<{tag}{name}>{indent}{write(cell, style)}</{end}>"
            yield "</tr>\n"
        yield "</tbody></table></div>\n"


class Told(NamedTuple):
    """A result laid out: a table, and the sentences below it with their styles; the title of its page."""

    grid: Grid
    sentences: Sequence[Span]
    title: str = "Derivatives, checked"


def sentence(words: str) -> str:
    """Words as a sentence of its own."""
    return f"{words[0].upper()}{words[1:]}."


def row(cells: Sequence[str]) -> str:
    """A row of a table of GitHub's Markdown."""
    return f"| {' | '.join(cells)} |\n"
