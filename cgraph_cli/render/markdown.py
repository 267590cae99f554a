"""Reports, derivatives and paths as Markdown, for GitHub, Jupyter and Quarto."""

from __future__ import annotations

from cgraph_cli.light import Iterable, Iterator, Sequence
from cgraph_cli.render import View
from cgraph_cli.render.derivatives import latex_rows
from cgraph_cli.render.grid import row
from cgraph_cli.render.paint import SPACES, Line, Paint
from cgraph_cli.render.paths import LaidOut
from cgraph_cli.render.prose.blocks import remarks
from cgraph_cli.render.prose.markdown import MARKDOWN, display, fenced
from cgraph_cli.render.prose.writing import plain_writing
from cgraph_cli.render.table.frame import footing, heading, nodes_of, results, uses_of, warnings
from cgraph_cli.render.table.table import Table
from cgraph_cli.report.derivatives import Derivatives
from cgraph_cli.report.paths import Path
from cgraph_cli.report.paths import Paths as PathsOf
from cgraph_cli.report.report import Report

PLAIN = str.maketrans(dict.fromkeys(SPACES, " ") | {"|": "\\|"})


def render_report(report: Report, view: View) -> Iterator[str]:
    """The formula and the point, a table of the nodes, and below what the table of a terminal has there."""
    paint = Paint(view.plain)
    yield from _fenced(heading(report, paint))
    table = Table(report, paint)
    titles = [column.title for column in table.sheet.columns] if table.sheet else []
    numbers = len(titles) - len(table.edge_columns)
    yield row(titles)
    yield row(["---" if index < 2 or index >= numbers else "---:" for index in range(len(titles))])
    first, words, last = nodes_of(report, paint)
    uses = uses_of(report, [*first, *last])
    for index, node in enumerate((*first, *last)):
        if words and index == len(first):
            yield row([words, *[""] * (len(titles) - 1)])
        one = report.node(node)
        label, operation, *values = table.row(one)
        edges = [*table.arriving(uses.get(node, ())), *table.edges(one)]
        cells = [_code(label), _code(operation) if one.args else _text(operation), *map(_text, values)]
        cells += map(_code, zip(*edges, strict=True)) if edges else [""] * 3
        yield row(cells[: len(titles)])
    yield "\n"
    if not report.budgets:
        yield from _fenced(footing(report, paint))
        return
    from cgraph_cli.render.budget import markdown

    yield from _fenced(results(report, paint))
    yield from markdown(report, paint)
    if report.warnings:
        yield from _fenced(warnings(report, paint))


def _fenced(lines: Iterable[str]) -> Iterator[str]:
    """Lines that stay as they are."""
    yield f"{fenced(''.join(lines).translate({ord(space): ' ' for space in SPACES}))}\n"


def _text(lines: Sequence[Line]) -> str:
    return "<br>".join("".join(text for text, _ in line).translate(PLAIN).strip() for line in lines)


def _code(lines: Sequence[Line]) -> str:
    return "<br>".join(f"`{text}`" if (text := _text([line])) else "" for line in lines)


def render_derivatives(result: Derivatives, view: View) -> Iterator[str]:
    """The derivatives as equations below each other."""
    if rows := latex_rows(result, view):
        yield display(rows)
    yield from MARKDOWN.write(remarks(result.warnings, view.digits, end=""))


def render_paths(paths: PathsOf, view: View) -> Iterator[str]:
    """The paths of each variable, a table where there are several."""
    view = view.plain
    code = MARKDOWN._replace(math=lambda formula: f"`{formula}`", paragraph="%s\n")
    return MarkdownTelling(plain_writing(paths.report, view), code).all(paths)


class MarkdownTelling(LaidOut):
    """The same with a table."""

    def listing(self, paths: Sequence[Path]) -> Iterator[str]:
        """A row for each path."""
        found = [*self.rows(paths)]
        columns = 5 if any(mark for *_, mark in found) else 4
        yield row(["", "path", "product of the local gradients", "share", ""][:columns])
        yield row(["---:", "---", "---", "---:", "---"][:columns])
        for number, way, formula, part, mark in found:
            yield row([number, f"`{way}`", f"`{formula}`", part, mark][:columns])
