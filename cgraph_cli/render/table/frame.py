"""What table and tree share: which nodes are shown, who uses them, and the lines above and below."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cgraph_cli.render import View
from cgraph_cli.render.numbers import short
from cgraph_cli.render.table.folding import Span, without_middle
from cgraph_cli.render.table.sheet import (
    Cell,
    Column,
    Paint,
    Sheet,
    Signs,
    number_cell,
    paragraph,
    signs_for,
    text_cell,
)
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.expression import Assignment
from cgraph_cli.syntax.printer import format_number, print_statement

MOST_NODES = 200  # a longer table is cut in the middle
MOST_LINES = 24  # edges of one node, contributions to one node
MOST_TERMS = 100  # variables in the line of the gradient
MOST_TEXT = 1000  # characters of the formula on a terminal
MOST_OPERATION = 300  # characters of one node's operation on a terminal
MOST_SQUARE = 24  # rows and columns of a matrix


def ends(size: int, most: int, all: bool) -> tuple[range, range]:
    """The indices shown at the beginning and at the end of something with ``size`` parts."""
    if all or size <= most:
        return range(size), range(size, size)
    return range(most // 2), range(size - most // 2, size)


def left_out(size: int, shown: tuple[range, range], what: str, signs: Signs) -> str:
    """The words that stand for what is left out."""
    return f"{signs.more} {size - len(shown[0]) - len(shown[1]):,} {what} left out, --all shows all"


def uses_of(report: Report, nodes: Sequence[range]) -> dict[int, list[int]]:
    """The edges that send a gradient to each of these nodes that has several, in evaluation order.

    Two passes over the edges, whatever the number of nodes, and memory only for nodes with several users.
    """
    graph, passes = report.graph, report.passes
    times = bytearray(len(graph))
    for arg in graph.args:
        if times[arg] < 2:
            times[arg] += 1
    found: dict[int, list[int]] = {
        node: [] for part in nodes for node in part if times[node] > 1 and graph.has_gradient[node]
    }
    for edge, arg in enumerate(graph.args):
        if arg in found and passes.sends[edge]:
            found[arg].append(edge)
    return {node: edges for node, edges in found.items() if len(edges) > 1}


def user_of(report: Report, edge: int) -> int:
    """The node that an edge belongs to."""
    return bisect_right(report.graph.offsets, edge) - 1


def operation_text(expression: str, view: View) -> str:
    """A node's operation; one with thousands of arguments is cut on a terminal."""
    text = expression if view.width is None else without_middle(expression, MOST_OPERATION)[0]
    return signs_for(view).text(text)


def heading(report: Report, view: View, paint: Paint) -> Iterator[str]:
    """The reading of the formula with minimal parentheses, a line per statement, and the point."""
    signs = signs_for(view)
    statements = report.program.statements
    for statement in statements:
        text = print_statement(statement)
        if isinstance(statement, Assignment) and statement.name is None and statement is statements[-1]:
            if text == report.output and len(statements) > 1:
                continue  # it only names the output
            text = f"{report.output} = {text}"
        text, missing = without_middle(text, MOST_TEXT) if view.width is not None else (text, 0)
        yield from paragraph([Span(signs.text(text), "label", 4)], view, paint)
        if missing:
            yield paint(f"    {signs.more} {missing:,} characters of the formula left out\n", "quiet")
    if report.variables:
        names = list(report.variables)
        shown = ends(len(names), MOST_TERMS, view.all)
        line = [Span("at ", "", 3, True)]
        line += terms((f"{signs.text(names[i])} = {format_number(report.variables[names[i]])}" for i in shown[0]), 3)
        yield from _cut_terms(line, len(names), shown, "variables", view, paint)
        if shown[1]:
            line = terms((f"{signs.text(names[i])} = {format_number(report.variables[names[i]])}" for i in shown[1]), 3)
            yield from paragraph([Span("   "), *line], view, paint)
    if len(report.jacobian) > 1:
        output = signs.text(report.output)
        yield paint(f"upstream: {signs.partial}{output}/{signs.partial}node, for {output}, the last output\n", "quiet")
    yield "\n"


def terms(texts: Iterable[str], indent: int, style: str = "") -> list[Span]:
    """Texts with commas between them; each stays whole."""
    spans = [Span(text + ", ", style, indent, True) for text in texts]
    if spans:
        spans[-1] = spans[-1]._replace(text=spans[-1].text[:-2])
    return spans


def _cut_terms(
    line: list[Span], size: int, shown: tuple[range, range], what: str, view: View, paint: Paint
) -> Iterator[str]:
    """A line of terms, and a line that says how many are missing after it."""
    yield from paragraph(line, view, paint)
    if shown[1]:
        yield paint(f"   {left_out(size, shown, what, signs_for(view))}\n", "quiet")


def footing(report: Report, view: View, paint: Paint) -> Iterator[str]:
    """The value, the gradient in one line, what else was asked for, and the warnings."""
    signs = signs_for(view)
    yield "\n"
    values = [f"{signs.text(name)} = {short(value)}" for name, value in report.values.items()]
    yield from paragraph(terms(values, 0, "value"), view, paint)
    yield from _gradient(report, view, paint)
    if report.direction is not None:
        along = [f"{signs.text(name)} = {short(value)}" for name, value in report.direction.items()]
        line = [Span("directional derivative along ", "", 4), *terms(along, 4), Span(": ", "", 4)]
        several = len(report.tangents) > 1
        found = (short(one) + f" for {signs.text(name)}" * several for name, one in report.tangents.items())
        yield from paragraph([*line, *terms(found, 4, "answer")], view, paint)
    if len(report.jacobian) > 1:
        yield "\n"
        yield from matrix("Jacobian", report.jacobian, list(report.variables), view)
    if report.hessian is not None:
        yield "\n"
        title = "Hessian" if len(report.jacobian) == 1 else f"Hessian of {signs.text(report.output)}"
        yield from matrix(title, report.hessian, list(report.hessian), view)
    if report.warnings:
        yield "\n"
    shown = ends(len(report.warnings), MOST_LINES, view.all)
    for part in shown:
        for warning in report.warnings[part.start : part.stop]:
            text = signs.text(warning.message)
            yield from paragraph([Span("warning: ", "warning", 0, True), Span(text, "", 9)], view, paint)
        if part is shown[0] and shown[1]:
            yield paint(left_out(len(report.warnings), shown, "warnings", signs) + "\n", "quiet")


def _gradient(report: Report, view: View, paint: Paint) -> Iterator[str]:
    signs = signs_for(view)
    names = list(report.gradients)
    if not names:
        yield paint("no variables, so no gradient\n", "quiet")
        return
    shown = ends(len(names), MOST_TERMS, view.all)
    output = signs.text(report.output)

    def parts(indices: range) -> list[Span]:
        texts = (
            f"{signs.partial}{output}/{signs.partial}{signs.text(names[i])} = {short(report.gradients[names[i]])}"
            for i in indices
        )
        return terms(texts, 0, "answer")

    yield from _cut_terms(parts(shown[0]), len(names), shown, "partial derivatives", view, paint)
    if shown[1]:
        yield from paragraph(parts(shown[1]), view, paint)


def matrix(title: str, rows: Mapping[str, Mapping[str, float]], names: Sequence[str], view: View) -> Iterator[str]:
    """A matrix keyed by names; as many columns side by side as the view has room for."""
    signs = signs_for(view)
    keys = list(rows)
    down, across = ends(len(keys), MOST_SQUARE, view.all), ends(len(names), MOST_SQUARE, view.all)
    shown_keys = [keys[i] for part in down for i in part]
    left = [names[i] for part in across for i in part]
    paint = Paint(view.color)
    while left:
        columns = [Column(title)]
        width = max([len(title), *(len(signs.text(key)) for key in shown_keys)])
        cells: list[list[Cell]] = [[text_cell(signs.text(key), "label")] for key in shown_keys]
        for count, name in enumerate(left):
            texts = [short(rows[key][name]) for key in shown_keys]
            width += 2 + max(len(text) for text in [*texts, signs.text(name)])
            if view.width is not None and count and width > view.width:
                break
            columns.append(Column(signs.text(name), numbers=True))
            for row, text in zip(cells, texts, strict=True):
                row.append(number_cell(text, "gradient"))
        left = left[len(columns) - 1 :]
        yield from Sheet(columns, view._replace(width=None)).lines(cells)
        if left:
            yield "\n"
    if down[1] or across[1]:
        missing = len(keys) * len(names) - len(shown_keys) * (len(across[0]) + len(across[1]))
        yield paint(f"{signs.more} {missing:,} entries left out, --all shows all\n", "quiet")
