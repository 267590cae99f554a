"""The table: every node in evaluation order, with upstream × local = downstream on every edge."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from typing import NamedTuple

from cgraph_cli.render import View
from cgraph_cli.render.numbers import Points, short
from cgraph_cli.render.table.frame import (
    MOST_LINES,
    MOST_NODES,
    cut,
    footing,
    heading,
    operands,
    operation_text,
    user_of,
    uses_of,
)
from cgraph_cli.render.table.sheet import NO_BREAK, Column, Line, Paint, Sheet, whole
from cgraph_cli.report.report import Edge, Node, Report

PLAIN_NUMBER = re.compile(r"-?[\d.]+(e-?\d+)?")
EQUALS = "=" + NO_BREAK  # lines are broken before a sign of equality
BLOCK = 500  # nodes drawn together
PIPE = 80  # columns up to which a pipe's table says ∂v1/∂x before each local gradient
OPERATION, LOCAL = 1, -2  # the columns of formulas
NARROWEST = {LOCAL: 16, OPERATION: 9}  # how far they are folded, in this order


def render_report(report: Report, view: View) -> Iterator[str]:
    """The formula and the point, the table, the gradient, what else was asked for, and the warnings."""
    paint = Paint(view)
    yield from heading(report, paint)
    yield from Table(report, paint).lines()
    yield from footing(report, paint)


Cells = Sequence[Sequence[Line]]


class EdgeLine(NamedTuple):
    """One line of a node's edges: a local gradient with what it sends, or a part of the upstream gradient."""

    local: Line
    downstream: Line = ()


class Table:
    """The rows of one report, in the widest of four forms that fits the view.

    Local gradients are written ``∂v1/∂x = 2*x = 6``, or without the name, which the receiver ``→ x`` repeats, or in
    several lines; where a table needs more columns than there are, every node has a block of lines.
    """

    def __init__(self, report: Report, paint: Paint) -> None:
        self.report = report
        self.paint = paint
        self.signs = paint.signs
        self.labels = report.labels
        self.named = True  # whether local gradients begin with ∂v1/∂x
        self.tabular = True
        self.limits = dict.fromkeys(NARROWEST, sys.maxsize)  # how wide formulas may be
        self.sheet = self.new_sheet()

    def new_sheet(self) -> Sheet:
        """An empty table."""
        tangents = ["tangent"] if self.report.node_tangents is not None else []
        numbers = [Column(title, numbers=True, right=True) for title in ("value", *tangents, "upstream")]
        local = Column(f"{self.signs.times} local gradient" if self.named else f"{self.signs.times} local")
        sent = Column("= downstream", numbers=True)
        return Sheet([Column("node"), Column("operation"), *numbers, local, sent], self.paint)

    def lines(self) -> Iterator[str]:
        """The table, block by block, cut in the middle where it is long."""
        unseen = operands(self.report, self.paint)
        nodes = [node for node in range(len(self.report.graph)) if node not in unseen]
        first, words, last = cut(nodes, MOST_NODES, "nodes", self.paint)
        shown = [*first, *last]
        uses = uses_of(self.report, shown)
        if words:
            yield from self.block(shown, uses, len(first), self.paint.line((words, "quiet")))
            return
        for start in range(0, len(nodes), BLOCK):
            yield from self.block(nodes[start : start + BLOCK], uses)

    def block(
        self, ids: Sequence[int], uses: Mapping[int, Sequence[int]], gap: int = 0, words: str = ""
    ) -> Iterator[str]:
        """A block of rows, narrower than the rows before where they need it; ``words`` stand before the row ``gap``."""
        nodes = [(node, uses.get(node.id, ())) for node in map(self.report.node, ids)]
        while self.tabular:
            rows, lines = self.fitted(nodes)
            if self.sheet.width <= self.room:
                height = sum(max(map(len, row)) for row in rows[:gap])
                if gap:
                    yield from self.sheet.drawn([column[:height] for column in lines])
                    yield words
                yield from self.sheet.drawn([column[height:] for column in lines])
                return
            self.tabular, self.named = self.named, not self.named
            self.sheet = self.new_sheet()
        for index, one in enumerate(nodes):
            if gap and index == gap:
                yield words
            yield from self.stacked(*one)

    @property
    def room(self) -> int:
        """How wide the table may be in this form."""
        return PIPE if self.named and self.paint.view.width is None else self.paint.width

    def fitted(self, nodes: Sequence[tuple[Node, Sequence[int]]]) -> tuple[list[Cells], list[list[Line]]]:
        """Rows of cells and the lines of their columns, formulas folded as far as the view asks for."""
        rows = [self.row(*one) for one in nodes]
        lines = self.sheet.laid_out(rows)
        for column, narrowest in NARROWEST.items():
            excess = self.sheet.width - self.room
            if self.named or excess <= 0:
                break
            self.limits[column] = max(self.sheet.columns[column].width - excess, narrowest)
            self.sheet.columns = self.new_sheet().columns
            rows = [self.row(*one) for one in nodes]
            lines = self.sheet.laid_out(rows)
        return rows, lines

    def row(self, node: Node, uses: Sequence[int]) -> Cells:
        """The cells of one node."""
        quiet = "" if node.takes_part else "quiet"
        edges: list[EdgeLine] = []
        for line in (*self.arriving(uses), *self.edges(node)):
            *first, last = self.paint.folded(line.local, self.limits[LOCAL])
            edges += [*map(EdgeLine, first), EdgeLine(last, line.downstream)]
        operation = node.op if not node.args else operation_text(node.expression, self.paint)
        numbers = [(node.value, "value"), (node.tangent, "value"), (node.upstream, "gradient")]
        if self.report.node_tangents is None:
            del numbers[1]
        return [
            [[(self.signs.text(node.label), quiet or "label")]],
            self.paint.folded([(operation, quiet if node.args else "quiet")], self.limits[OPERATION]),
            *([[(short(value), quiet or style)]] if value is not None else [] for value, style in numbers),
            [line.local for line in edges],
            [line.downstream for line in edges],
        ]

    def stacked(self, node: Node, uses: Sequence[int]) -> Iterator[str]:
        """One node as a block of lines."""
        paint = self.paint
        quiet = "" if node.takes_part else "quiet"
        label = (self.signs.text(node.label) + " ", quiet or "label")
        formula = f"{EQUALS}{bracketed(operation_text(node.expression, paint))} " if node.args else ""
        yield from paint.paragraph(label, (formula + EQUALS, quiet), (short(node.value), quiet or "value"))
        for name, number in (("tangent", node.tangent), ("upstream", node.upstream)):
            if number is not None:
                yield paint.line((f"  {name} ", "quiet"), (short(number), quiet or "gradient"))
        for line in self.arriving(uses):
            yield paint.line(("  ", ""), *line.local)
        for line in self.edges(node):
            sign = f"  {self.signs.times} " if line.downstream else "  "
            yield from paint.paragraph((sign, "quiet"), *line.local, indent=6)
            if line.downstream:
                yield paint.line(("  = ", "quiet"), *line.downstream)

    def arriving(self, edges: Sequence[int]) -> list[EdgeLine]:
        """The upstream gradient as a sum, where several users send a part of it: a line per part."""
        sent = [short(self.report.passes.downstream[edge]) for edge in edges]
        points = Points(sent)
        lines = []
        for index, (edge, text) in enumerate(zip(edges, sent, strict=True)):
            user = f" {self.signs.arrives} {self.signs.text(self.labels[user_of(self.report, edge)])}"
            spans = [("+ " if index else "= ", "quiet"), (points.padded(text), "gradient"), (user, "quiet")]
            lines.append(EdgeLine([(whole(text), style) for text, style in spans]))
        return cut_lines(lines, "parts", self.paint)

    def edges(self, node: Node) -> list[EdgeLine]:
        """A line per edge: ∂node/∂argument = formula = number, what it sends, and to which argument."""
        signs = self.signs
        if node.upstream is None:
            return []
        lines = []
        quiet = "" if node.takes_part else "quiet"
        for edge in node.args:
            to = signs.text(self.labels[edge.node])
            if edge.node in self.report.graph.constants:
                continue
            if edge.local is None or edge.downstream is None:
                silence = "passes no gradient" if self.report.graph.has_gradient[edge.node] else "has no gradient"
                lines.append(EdgeLine([(f"{to} {silence}", "quiet")]))
                continue
            name = f"{signs.partial}{signs.text(node.label)}/{signs.partial}{to} {EQUALS}" if self.named else ""
            sent = [(short(edge.downstream), quiet or "gradient"), (whole(f" {signs.to} {to}"), quiet)]
            lines.append(EdgeLine([(name + self.local(edge, node.value), quiet)], sent))
        return cut_lines(lines, "edges", self.paint)

    def local(self, edge: Edge, value: float) -> str:
        """``formula = number``, without the formula where that is the number, or the node's value is nan."""
        assert edge.local is not None
        formula, number = self.signs.text(edge.local_expression), short(edge.local)
        if isnan(value) or formula == number or PLAIN_NUMBER.fullmatch(formula):
            return number
        return f"{bracketed(formula)} {EQUALS}{number}"


def bracketed(formula: str) -> str:
    """A formula before a sign of equality: a comparison, which would read as a chain, in parentheses."""
    depth = 0
    for character in formula:
        depth += (character == "(") - (character == ")")
        if depth == 0 and character in "<>=":
            return f"({formula})"
    return formula


def cut_lines(lines: list[EdgeLine], what: str, paint: Paint) -> list[EdgeLine]:
    """The lines of one node, cut in the middle where they are many."""
    first, words, last = cut(lines, MOST_LINES, what, paint)
    return [*first, EdgeLine([(words, "quiet")]), *last] if words else lines
