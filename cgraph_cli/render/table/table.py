"""The table: every node in evaluation order, with upstream × local = downstream on every edge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from typing import NamedTuple

from cgraph_cli.render import View
from cgraph_cli.render.numbers import Points, short
from cgraph_cli.render.paint import NO_BREAK, Line, Paint, whole
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
from cgraph_cli.render.table.sheet import Column, Row, Sheet
from cgraph_cli.report.report import Edge, Node, Report

PLAIN_NUMBER = re.compile(r"-?[\d.]+(e-?\d+)?")
EQUALS = "=" + NO_BREAK  # lines are broken before a sign of equality
BLOCK = 500  # nodes drawn together
PIPE = 80  # columns up to which a pipe's table says ∂v1/∂x before each local gradient


def render_report(report: Report, view: View) -> Iterator[str]:
    """The formula and the point, the table, the gradient, what else was asked for, and the warnings."""
    paint = Paint(view)
    yield from heading(report, paint)
    yield from Table(report, paint).lines()
    yield from footing(report, paint)


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
        self.sheet: Sheet | None = self.new_sheet()

    def new_sheet(self) -> Sheet:
        """An empty table."""
        tangents = ["tangent"] if self.report.node_tangents is not None else []
        numbers = [Column(title, numbers=True, right=True) for title in ("value", *tangents, "upstream")]
        self.operation = Column("operation", narrowest=9)
        self.local = Column(f"{self.signs.times} local" + " gradient" * self.named, narrowest=16)
        sent = Column("= downstream", numbers=True)
        foldable = () if self.named or self.paint.view.width is None else (self.local, self.operation)
        return Sheet([Column("node"), self.operation, *numbers, self.local, sent], self.paint, foldable)

    def lines(self) -> Iterator[str]:
        """The table, block by block, cut in the middle where it is long."""
        unseen = operands(self.report, self.paint)
        nodes = [node for node in range(len(self.report.graph)) if node not in unseen]
        first, words, last = cut(nodes, MOST_NODES, "nodes", self.paint)
        uses = uses_of(self.report, [*first, *last])
        if words:
            yield from self.block([*first, self.paint.line((words, "quiet")), *last], uses)
            return
        for start in range(0, len(nodes), BLOCK):
            yield from self.block(nodes[start : start + BLOCK], uses)

    def block(self, items: Sequence[int | str], uses: Mapping[int, Sequence[int]]) -> Iterator[str]:
        """A block of nodes and finished lines, in a narrower form than those before where they need it."""
        nodes = [item if isinstance(item, str) else self.report.node(item) for item in items]
        while self.sheet is not None:
            width = PIPE if self.named and self.paint.view.width is None else self.paint.width
            drawn = self.sheet.fitted(lambda: (self.row(node, uses) for node in nodes), width)
            if drawn is not None:
                yield from drawn
                return
            self.named = not self.named
            self.sheet = None if self.named else self.new_sheet()
        for node in nodes:
            yield from [node] if isinstance(node, str) else self.stacked(node, uses)

    def row(self, node: Node | str, uses: Mapping[int, Sequence[int]]) -> Row:
        """The cells of one node."""
        if isinstance(node, str):
            return node
        quiet = "" if node.takes_part else "quiet"
        edges: list[EdgeLine] = []
        for line in (*self.arriving(uses.get(node.id, ())), *self.edges(node)):
            *first, last = self.paint.folded(line.local, self.local.limit)
            edges += [*map(EdgeLine, first), EdgeLine(last, line.downstream)]
        operation = node.op if not node.args else operation_text(node.expression, self.paint)
        numbers = [(node.value, "value"), (node.tangent, "value"), (node.upstream, "gradient")]
        if self.report.node_tangents is None:
            del numbers[1]
        return [
            [[(self.signs.text(node.label), quiet or "label")]],
            self.paint.folded([(operation, quiet if node.args else "quiet")], self.operation.limit),
            *([[(short(value), quiet or style)]] if value is not None else [] for value, style in numbers),
            [line.local for line in edges],
            [line.downstream for line in edges],
        ]

    def stacked(self, node: Node, uses: Mapping[int, Sequence[int]]) -> Iterator[str]:
        """One node as a block of lines."""
        paint = self.paint
        quiet = "" if node.takes_part else "quiet"
        label = (self.signs.text(node.label) + " ", quiet or "label")
        formula = f"{EQUALS}{bracketed(operation_text(node.expression, paint))} " if node.args else ""
        yield from paint.paragraph(label, (formula + EQUALS, quiet), (short(node.value), quiet or "value"))
        for name, number in (("tangent", node.tangent), ("upstream", node.upstream)):
            if number is not None:
                yield paint.line((f"  {name} ", "quiet"), (short(number), quiet or "gradient"))
        for line in self.arriving(uses.get(node.id, ())):
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
            lines.append(EdgeLine([(name + self.formula(edge, node.value), quiet)], sent))
        return cut_lines(lines, "edges", self.paint)

    def formula(self, edge: Edge, value: float) -> str:
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
