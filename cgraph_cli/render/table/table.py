"""The table: every node in evaluation order, with upstream × local = downstream on every edge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from typing import NamedTuple

from cgraph_cli.render import View
from cgraph_cli.render.numbers import at_point, short
from cgraph_cli.render.table.folding import Equation, Line, Span
from cgraph_cli.render.table.frame import (
    MOST_LINES,
    MOST_NODES,
    ends,
    footing,
    heading,
    left_out,
    operation_text,
    user_of,
    uses_of,
)
from cgraph_cli.render.table.sheet import Cell, Column, Paint, Row, Sheet, Signs, number_cell, signs_for, text_cell
from cgraph_cli.report.report import Edge, Node, Report

PLAIN_NUMBER = re.compile(r"-?[\d.]+(e-?\d+)?")
BLOCK = 500  # nodes laid out together


def render_report(report: Report, view: View) -> Iterator[str]:
    """The formula and the point, the table, the gradient in one line, and the warnings."""
    paint = Paint(view.color)
    yield from heading(report, view, paint)
    yield from Table(report, view).lines()
    yield from footing(report, view, paint)


class EdgeLine(NamedTuple):
    """One edge: the cells of its line."""

    local: Line | Equation
    downstream: Line = ()
    target: Line = ()


def equation(edge: Edge, value: float, own: str, to: str, signs: Signs, style: str) -> Equation:
    """``∂own/∂to = formula = number``, without the formula where that is the number, or the node's value is nan."""
    assert edge.local is not None
    formula = signs.text(edge.local_expression)
    if isnan(value) or PLAIN_NUMBER.fullmatch(formula):
        formula = ""
    elif compares(formula):
        formula = f"({formula})"
    return Equation(f"{signs.partial}{own}/{signs.partial}{to}", formula, short(edge.local), style)


def compares(formula: str) -> bool:
    """Whether a formula is a comparison, which would read as a chain of equations."""
    depth = 0
    for character in formula:
        depth += (character == "(") - (character == ")")
        if depth == 0 and character in "<>=":
            return True
    return False


def cut_lines(edges: list[EdgeLine], what: str, view: View) -> list[EdgeLine]:
    """The lines of one node, cut in the middle where there are too many."""
    shown = ends(len(edges), MOST_LINES, view.all)
    if not shown[1]:
        return edges
    words = left_out(len(edges), shown, what, signs_for(view))
    return [*edges[: shown[0].stop], EdgeLine([Span(words, "quiet", 2)]), *edges[shown[1].start :]]


class Table:
    """The rows of one report."""

    def __init__(self, report: Report, view: View) -> None:
        self.report = report
        self.view = view
        self.signs = signs = signs_for(view)
        self.labels = report.labels
        self.tangents = report.node_tangents is not None
        node, operation = Column("node"), Column("operation")
        local = Column(f"{signs.times} local gradient", group="edge")
        target = Column("", gap=1, group="edge")
        self.columns = [
            node,
            operation,
            Column("value", numbers=True),
            *([Column("tangent", numbers=True)] if self.tangents else []),
            Column("upstream", numbers=True),
            local,
            Column("= downstream", numbers=True, spill=True, group="edge"),
            target,
        ]
        wide = ((local, 28), (operation, 14), (target, 0), (local, 24), (operation, 10))
        narrow = ((local, 20), (operation, 8), (node, 10), (local, 16), (node, 6))
        self.sheet = Sheet(self.columns, view, wide + narrow)

    def lines(self) -> Iterator[str]:
        """The laid out lines, block by block."""
        nodes = self.report.nodes
        shown = ends(len(nodes), MOST_NODES, self.view.all)
        uses = uses_of(self.report, shown)
        if shown[1]:
            rows: list[Row] = [self.row(node, uses) for node in nodes[: shown[0].stop]]
            rows.append(left_out(len(nodes), shown, "nodes", self.signs))
            rows += [self.row(node, uses) for node in nodes[shown[1].start :]]
            yield from self.sheet.lines(rows)
            return
        for start in range(0, len(nodes), BLOCK):
            block = [self.row(node, uses) for node in nodes[start : start + BLOCK]]
            yield from self.sheet.lines(block, header=start == 0)

    def row(self, node: Node, uses: Mapping[int, Sequence[int]]) -> list[Cell]:
        """The cells of one node."""
        quiet = "" if node.takes_part else "quiet"
        lines = cut_lines(self.arriving(uses.get(node.id, ())), "parts", self.view)
        lines += cut_lines(self.edges(node), "edges", self.view)
        upstream = "" if node.upstream is None else short(node.upstream)
        tangent = "" if node.tangent is None else short(node.tangent)
        leaf = not node.args
        return [
            text_cell(self.signs.text(node.label), quiet or "label", 0),
            text_cell(node.op if leaf else operation_text(node.expression, self.view), "quiet" if leaf else quiet),
            number_cell(short(node.value), quiet or "value"),
            *([number_cell(tangent, quiet or "value")] if self.tangents else []),
            number_cell(upstream, quiet or "gradient"),
            [line.local for line in lines],
            [line.downstream for line in lines],
            [line.target for line in lines],
        ]

    def arriving(self, edges: Sequence[int]) -> list[EdgeLine]:
        """The upstream gradient as a sum, where several users send a part of it: a line per part."""
        sent = [short(self.report.passes.downstream[edge]) for edge in edges]
        whole = max((len(at_point(text)[0]) for text in sent), default=0)
        size = max((whole - len(at_point(text)[0]) + len(text) for text in sent), default=0)
        lines = []
        for index, (edge, text) in enumerate(zip(edges, sent, strict=True)):
            left = " " * (whole - len(at_point(text)[0]))
            right = " " * (size - len(left) - len(text))
            sign = Span("+ " if index else "= ", "quiet", 0, True)
            user = f"{right} {self.signs.arrives} {self.signs.text(self.labels[user_of(self.report, edge)])}"
            lines.append(EdgeLine([sign, Span(left + text, "gradient", 2, True), Span(user, "quiet", 2)]))
        return lines

    def edges(self, node: Node) -> list[EdgeLine]:
        """One line per edge: ∂node/∂argument = formula = number, what it sends, and to which argument."""
        signs = self.signs
        own = signs.text(node.label)
        if node.upstream is None:
            return []
        lines = []
        quiet = "" if node.takes_part else "quiet"
        for edge in node.args:
            to = signs.text(self.labels[edge.node])
            if edge.local is None or edge.downstream is None:
                lines.append(EdgeLine([Span(f"{to} {self.silence(edge)}", "quiet", 2)]))
                continue
            local = equation(edge, node.value, own, to, signs, quiet)
            sent = [Span(short(edge.downstream), quiet or "gradient")]
            lines.append(EdgeLine(local, sent, [Span(f"{signs.to} {to}", quiet)]))
        return lines

    def silence(self, edge: Edge) -> str:
        """Why an edge has no gradient."""
        graph = self.report.graph
        if edge.node in graph.constants:
            return "is constant"
        return "passes no gradient" if graph.has_gradient[edge.node] else "has no gradient"
