"""The graph as a tree from the output down to the variables, with aligned columns of numbers."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from cgraph_cli.render import View
from cgraph_cli.render.numbers import short
from cgraph_cli.render.table.folding import Branch, Span
from cgraph_cli.render.table.frame import MOST_NODES, footing, heading, operation_text, uses_of
from cgraph_cli.render.table.sheet import Cell, Column, Paint, Row, Sheet, number_cell, signs_for
from cgraph_cli.report.report import Report

DEEPEST = 40  # levels side by side where lines may be of any length: all of them would be a square
LEAST_TEXT = 16  # columns that stay for the text of the deepest node on a terminal
LEAST_DEPTH = 3
SAMPLE = 200  # nodes whose numbers say how much room the columns take
BLOCK = 500


def render_report(report: Report, view: View) -> Iterator[str]:
    """The formula and the point, the tree, the gradient in one line, and the warnings."""
    paint = Paint(view.color)
    yield from heading(report, view, paint)
    yield from Tree(report, view).lines()
    yield from footing(report, view, paint)


class Place(NamedTuple):
    """Where a node stands: the edge that leads to it, None where no gradient can flow, and the lines left of it."""

    node: int
    edge: int | None
    lead: str
    follow: str
    depth: int


class Tree:
    """The rows of one report, depth first, arguments in their order; every node is drawn once.

    A branch deeper than the width allows is drawn below, as a tree of its own.
    """

    def __init__(self, report: Report, view: View) -> None:
        self.report = report
        self.view = view
        self.signs = signs_for(view)
        size = len(report.graph)
        self.shared = bool(uses_of(report, [range(size)]))
        tree = Column("node")
        numbers = ["value", "local", *(["downstream"] if self.shared else []), "upstream"]
        self.sheet = Sheet([tree, *(Column(title, numbers=True) for title in numbers)], view, ((tree, 8),))
        self.drawn = bytearray(size)
        self.count = 0
        self.deepest = DEEPEST
        if view.width is not None:
            room = view.width - LEAST_TEXT - self.numbers_width(numbers)
            self.deepest = min(max(room // len(self.signs.branch), LEAST_DEPTH), DEEPEST)

    def numbers_width(self, titles: Sequence[str]) -> int:
        """About how many columns the numbers take, from the first and the last nodes."""
        passes, edges = self.report.passes, slice(-2 * SAMPLE, None)
        values = [short(value) for value in self.report.node_values[-SAMPLE:]]
        parts = {
            "value": values,
            "local": [short(value) for value in passes.local[edges]],
            "downstream": [short(value) for value in passes.downstream[edges]],
            "upstream": [short(value) for value in passes.upstream[-SAMPLE:]],
        }
        return sum(2 + max(len(title), *map(len, parts[title]), 0) for title in titles)

    def lines(self) -> Iterator[str]:
        """The laid out lines, block by block, cut where there are too many."""
        size = len(self.report.graph)
        rows = self.rows()
        if self.view.all or size <= MOST_NODES:
            header = True
            while block := list(islice(rows, BLOCK)):
                yield from self.sheet.lines(block, header=header)
                header = False
            return
        block = list(islice(rows, MOST_NODES))
        missing = size - self.count
        if next(rows, None) is not None:
            block.append(f"{self.signs.more} {missing:,} nodes left out, --all shows all")
        yield from self.sheet.lines(block)

    def rows(self) -> Iterator[Row]:
        """Every row from the outputs down; last what no output depends on."""
        graph = self.report.graph
        waiting = deque([self.report.output_node, *graph.outputs.values()])
        rest = iter(range(len(graph) - 1, -1, -1))
        first = True
        while True:
            if waiting:
                root = waiting.popleft()
            else:
                root = next((node for node in rest if not self.drawn[node]), -1)
                if root < 0:
                    return
            if self.drawn[root]:
                continue
            if not first:
                yield ""
            first = False
            yield from self.branch(root, waiting)

    def branch(self, root: int, waiting: deque[int]) -> Iterator[Row]:
        """The rows of one tree; what is too deep is put among those that wait."""
        graph, signs = self.report.graph, self.signs
        stack = [Place(root, None, "", "", 0)]
        while stack:
            place = stack.pop()
            edges = graph.edges(place.node)
            seen = self.drawn[place.node]
            deep = bool(edges) and not seen and place.depth >= self.deepest
            if deep:
                waiting.append(place.node)
            if seen or deep:
                yield self.row(place, "above" if seen else "below")
                continue
            self.drawn[place.node] = 1
            self.count += 1
            yield self.row(place)
            for position, edge in reversed(list(enumerate(edges))):
                last = edge == edges[-1]
                way = edge if graph.edge_has_gradient(place.node, position) else None
                lead = place.follow + (signs.last if last else signs.branch)
                follow = place.follow + ("  " if last else signs.trunk)
                stack.append(Place(graph.args[edge], way, lead, follow, place.depth + 1))

    def row(self, place: Place, where: str = "") -> Sequence[Cell]:
        """The cells of one node, or of a reference to where it is drawn."""
        report, graph, node = self.report, self.report.graph, place.node
        label = self.signs.text(report.labels[node])
        takes_part = report.passes.reached[node]
        quiet = "" if takes_part and not where else "quiet"
        text = [Span(label, quiet or "label", 2)]
        if where:
            text.append(Span(f" ({where})", quiet, 2))
        elif graph.edges(node):
            words = operation_text(report.description.operation(node), self.view)
            text += [Span(" = ", quiet, 2), Span(words, quiet, 2)]
        local = downstream = upstream = ""
        if place.edge is not None:
            local = short(report.passes.local[place.edge])
            downstream = short(report.passes.downstream[place.edge])
        if not where and (graph.has_gradient[node] or node == report.output_node):
            upstream = short(report.passes.upstream[node])
        return [
            [Branch(place.lead, place.follow, text)],
            number_cell("" if where else short(report.node_values[node]), quiet or "value"),
            number_cell(local, "" if takes_part else "quiet"),
            *([number_cell(downstream, "gradient" if takes_part else "quiet")] if self.shared else []),
            number_cell(upstream, quiet or "gradient"),
        ]
