"""The graph as a tree from the output down to the variables, with aligned columns of numbers."""

from __future__ import annotations

from collections import deque
from itertools import islice

from cgraph_cli.light import TYPE_CHECKING, Collection, Iterator, Mapping, NamedTuple, Sequence
from cgraph_cli.render import View
from cgraph_cli.render.paint import NO_BREAK, Line, Paint, Span, lost, whole, width_of
from cgraph_cli.render.table import frame
from cgraph_cli.render.table.sheet import Column, Row, Sheet
from cgraph_cli.report.report import Report

if TYPE_CHECKING:
    from cgraph_cli.report.conditions import Conditions

DEEPEST = 40  # levels side by side where lines may be of any length: all of them would be a square
USUAL_NUMBER = 11  # columns of a number with the gap before it
BESIDE, BELOW = 20, 28  # columns that stay for the deepest node, its numbers beside it or below
LEAST_LEADS = 8  # columns for the lines of the tree that are worth having numbers beside it
VALUE_LOST, UPSTREAM_LOST = "value lost", "upstream lost"
STYLES = {"value": "value", "downstream": "gradient", "upstream": "gradient"}


def render_report(report: Report, view: View) -> Iterator[str]:
    """The formula and the point, the tree, the gradient, what else was asked for, and the warnings."""
    paint = Paint(view)
    yield from frame.heading(report, paint)
    yield from Tree(report, paint).lines()
    yield from frame.footing(report, paint)


class Place(NamedTuple):
    """Where a node stands: the edge that leads to it, None where no gradient can flow, and the lines left of it."""

    node: int
    edge: int | None
    lead: str
    follow: str
    depth: int


class Drawn(NamedTuple):
    """A node in a tree: the lines left of its first line and of those that follow, what it is, and its numbers."""

    lead: str
    follow: str
    label: str
    formula: str
    numbers: Mapping[str, Span]
    quiet: str


class Tree:
    """The rows of one report, depth first, arguments in their order; every node is drawn once.

    A branch deeper than the width allows is drawn below, as a tree of its own. Where the columns of numbers leave no
    room, the numbers stand under their node.
    """

    def __init__(self, report: Report, paint: Paint) -> None:
        self.report = report
        self.paint = paint
        self.signs = paint.signs
        shared = frame.is_shared(report)
        value, upstream, local = ["value"], ["upstream"], ["local", *(["downstream"] if shared else [])]
        if report.conditions:
            value, upstream, local = [*value, VALUE_LOST], [*upstream, UPSTREAM_LOST], [*local, "condition"]
        self.titles = [*value, *local, *upstream]
        self.node = Column("node", narrowest=BESIDE)
        numbers = [Column(title.rpartition(" ")[2], numbers=True, right=True) for title in self.titles]
        foldable = () if paint.view.width is None else (self.node,)
        self.sheet: Sheet | None = Sheet([self.node, *numbers], paint, foldable)
        self.unseen = frame.unseen(report, paint)
        self.drawn = bytearray(self.unseen)
        self.missing = self.unseen.count(0)
        beside, below = paint.width - BESIDE - USUAL_NUMBER * len(self.titles), paint.width - BELOW
        room = (beside if beside >= LEAST_LEADS else below) // len(self.signs.branch)
        self.deepest = min(room, DEEPEST)

    def lines(self) -> Iterator[str]:
        """The laid out lines, block by block, cut where there are too many."""
        rows = self.rows()
        if self.paint.view.all or self.missing <= frame.MOST_NODES:
            while block := list(islice(rows, frame.BLOCK)):
                yield from self.block(block)
            return
        yield from self.block(list(islice(rows, frame.MOST_NODES)))
        missing = self.missing
        if next(rows, None) is not None:
            yield self.paint.line((self.paint.left_out(missing, "nodes"), "quiet"))

    def block(self, rows: Sequence[Drawn | str]) -> Iterator[str]:
        """Rows in columns; from the first block on that does not fit, with the numbers under each node."""
        if self.sheet is not None:
            drawn = self.sheet.fitted(lambda: map(self.cells, rows), self.paint.width)
            if drawn is not None:
                yield from drawn
                return
            self.sheet = None
        for row in rows:
            yield from [row] if isinstance(row, str) else self.stacked(row)

    def cells(self, row: Drawn | str) -> Row:
        """The cells of one row."""
        if isinstance(row, str):
            return row
        numbers = [[[row.numbers[title]]] if title in row.numbers else [] for title in self.titles]
        return [self.node_lines(row, self.node.limit), *numbers]

    def stacked(self, row: Drawn) -> Iterator[str]:
        """The lines of one row, its numbers under it."""
        paint = self.paint
        for line in self.node_lines(row, paint.width):
            yield paint.line(*line)
        if row.numbers:
            text = ", ".join(whole(f"{title} {number}") for title, (number, _) in row.numbers.items())
            for line in paint.folded([(text, "quiet")], paint.width - width_of(row.follow) - 2, ""):
                yield paint.line((row.follow + "  ", "quiet"), *line)

    def node_lines(self, row: Drawn, width: int) -> list[Line]:
        """A node's label and formula in the tree, folded to a width."""
        text = [(row.label, row.quiet or "label"), (row.formula, row.quiet)]
        lines = self.paint.folded(text, width - width_of(row.lead))
        leads = [row.lead, *[row.follow] * (len(lines) - 1)]
        return [[(lead, "quiet"), *line] for lead, line in zip(leads, lines, strict=True)]

    def rows(self) -> Iterator[Drawn | str]:
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
                yield "\n"
            first = False
            yield from self.branch(root, waiting)

    def branch(self, root: int, waiting: deque[int]) -> Iterator[Drawn | str]:
        """The rows of one tree; what is too deep is put among those that wait."""
        graph, signs = self.report.graph, self.signs
        stack = [Place(root, None, "", "", 0)]
        while stack:
            place = stack.pop()
            edges = [one for one in enumerate(graph.edges(place.node)) if not self.unseen[graph.args[one[1]]]]
            seen = self.drawn[place.node]
            deep = bool(edges) and not seen and place.depth >= self.deepest
            if deep:
                waiting.append(place.node)
            if seen or deep:
                yield self.row(place, "above" if seen else "below")
                continue
            self.drawn[place.node] = 1
            self.missing -= 1
            yield self.row(place)
            for position, edge in reversed(edges):
                last = (position, edge) == edges[-1]
                way = edge if graph.edge_has_gradient(place.node, position) else None
                lead = place.follow + (signs.last if last else signs.branch)
                follow = place.follow + ("  " if last else signs.trunk)
                stack.append(Place(graph.args[edge], way, lead, follow, place.depth + 1))

    def row(self, place: Place, where: str = "") -> Drawn:
        """One node, or a reference to where it is drawn."""
        report, graph, node, edge = self.report, self.report.graph, place.node, place.edge
        label = self.signs.text(report.labels[node])
        formula = f"{NO_BREAK}({where})" if where else ""
        if not where and graph.edges(node):
            formula = f" = {frame.operation_text(report.description.operation(node), self.paint)}"
        quiet = "" if report.passes.reached[node] and not where else "quiet"
        numbers = {} if where else {"value": report.node_values[node]}
        if edge is not None:
            numbers["local"] = report.passes.local[edge]
            if "downstream" in self.titles:
                numbers["downstream"] = report.passes.downstream[edge]
        if not where and (graph.has_gradient[node] or node == report.output_node):
            numbers["upstream"] = report.passes.upstream[node]
        found = {title: (self.paint.number(one), quiet or STYLES.get(title, "")) for title, one in numbers.items()}
        if report.conditions:
            found |= self.conditions(place, report.conditions, found)
            found = {title: found[title] for title in self.titles if title in found}
        return Drawn(place.lead, place.follow, label, formula, found, quiet)

    def conditions(self, place: Place, conditions: Conditions, numbers: Collection[str]) -> dict[str, Span]:
        """How many digits a node's numbers have lost, and the condition number of the edge to it."""
        found: dict[str, Span] = {}
        if "value" in numbers:
            found[VALUE_LOST] = lost(conditions.of_value(place.node))
        if "upstream" in numbers:
            found[UPSTREAM_LOST] = lost(conditions.of_upstream(place.node))
        if place.edge is not None:
            graph = self.report.graph
            number = frame.condition(self.report, graph.user(place.edge), graph.position(place.edge))
            found |= {"condition": number[0]} if number else {}
        return found
