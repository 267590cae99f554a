"""The table: every node in evaluation order, with upstream × local = downstream on every edge."""

from __future__ import annotations

from cgraph_cli.light import Iterator, Mapping, NamedTuple, Sequence, cached_property, re
from cgraph_cli.render import View
from cgraph_cli.render.numbers import Points
from cgraph_cli.render.paint import NO_BREAK, Line, Paint, Span, lost, pair, whole
from cgraph_cli.render.table import frame
from cgraph_cli.render.table.sheet import Column, Row, Sheet
from cgraph_cli.report.blanks import has_blanks, is_known_nan
from cgraph_cli.report.report import Edge, Node, Report

PLAIN_NUMBER = re.compile(r"-?[\d.]+(e-?\d+)?")
EQUALS = "=" + NO_BREAK  # lines are broken before a sign of equality


class Form(NamedTuple):
    """Whether local gradients begin with ``∂v1/∂x =``, and whether they stand below their node or beside it."""

    named: bool
    below: bool


FORMS = (Form(True, False), Form(False, False), Form(True, True), Form(False, True))  # from the widest on
BLOCKS = Form(True, True)


def render_report(report: Report, view: View) -> Iterator[str]:
    """The formula and the point, the table, the gradient, what else was asked for, and the warnings."""
    paint = Paint(view)
    yield from frame.heading(report, paint)
    table = Table(report, paint)
    yield from table.lines()
    if table.not_finite:
        yield from paint.paragraph((MEANING, "quiet"))
    yield from frame.footing(report, paint)


MARKS: Mapping[str, Span] = {"began": (" !", "error"), "passed_on": (" ~", "warning")}
MEANING = "! here a number stops being finite, ~ it is passed on"


class EdgeLine(NamedTuple):
    """One line of a node's edges: a local gradient with what it sends, or a part of the upstream gradient."""

    local: Line
    downstream: Line = ()
    condition: Line = ()


class Table:
    """The rows of one report, in the widest of the forms that fits the view.

    Local gradients are written ``∂v1/∂x = 2*x = 6``, or without the name, which the receiver ``→ x`` repeats, or in
    several lines, or below their node; where even that needs more columns than there are, every node has a block.
    """

    def __init__(self, report: Report, paint: Paint) -> None:
        self.report = report
        self.paint = paint
        self.signs = paint.signs
        self.labels = report.labels
        marks = report.not_finite
        self.not_finite = {} if marks and has_blanks(report) else marks  # a blank is a nan
        self.forms = iter(FORMS)
        self.sheet: Sheet | None = None
        self.narrower()

    def narrower(self) -> None:
        """Empty tables for the next form; none where that is a block of lines for every node."""
        self.named, self.below = form = next(self.forms, BLOCKS)
        tangents = ["tangent"] if self.report.node_tangents is not None else []
        digits = ["lost"] if self.report.conditions else []
        titles = ("value", *digits, *tangents, "upstream", *digits)
        numbers = [Column(title, numbers=True, right=True) for title in titles]
        titles = (f"{self.signs.times} local" + " gradient" * self.named, "= downstream", "condition")
        if self.below:
            titles = ("", "", "")
        self.operation = Column("operation", narrowest=9)
        self.local = Column(titles[0], narrowest=16)
        has_edges = any(map(self.report.graph.has_gradient.__getitem__, self.report.graph.args))
        condition = [Column(titles[2], numbers=True, sign="condition " * self.below)] if digits else []
        edge_columns = [self.local, Column(titles[1], numbers=True, sign="= " * self.below), *condition]
        self.edge_columns = edge_columns if has_edges else []
        columns = [Column("node"), self.operation, *numbers, *([] if self.below else self.edge_columns)]
        folds = not self.named and self.paint.view.width is not None
        foldable = (self.local, self.operation) if not self.below else (self.operation,)
        self.sheet = None if form is BLOCKS else Sheet(columns, self.paint, foldable if folds else ())
        self.edges_below = Sheet(edge_columns, self.paint, (self.local,) if folds else (), header=False)

    def lines(self) -> Iterator[str]:
        """The table, block by block, cut in the middle where it is long."""
        first, words, last = frame.nodes_of(self.report, self.paint)
        uses = frame.uses_of(self.report, [*first, *last])
        if words:
            yield from self.block([*first, self.paint.line((words, "quiet")), *last], uses)
            return
        for start in range(0, len(first), frame.BLOCK):
            yield from self.block(first[start : start + frame.BLOCK], uses)

    def block(self, items: Sequence[int | str], uses: Mapping[int, Sequence[int]]) -> Iterator[str]:
        """A block of nodes and finished lines, in a narrower form than those before where they need it."""
        nodes = [item if isinstance(item, str) else self.report.node(item) for item in items]
        while self.sheet is not None:
            drawn = self.drawn_below(nodes, uses) if self.below else self.drawn_beside(nodes, uses)
            if drawn is not None:
                yield from drawn
                return
            self.narrower()
        for node in nodes:
            yield from [node] if isinstance(node, str) else self.stacked(node, uses)

    def drawn_beside(self, nodes: Sequence[Node | str], uses: Mapping[int, Sequence[int]]) -> Iterator[str] | None:
        """The rows with the edges of each node beside it, None where they do not fit."""
        assert self.sheet is not None

        def rows() -> Iterator[Row]:
            for node in nodes:
                if isinstance(node, str):
                    yield node
                    continue
                edges = self.folded_edges(node, uses)
                cells = [*zip(*edges, strict=True)] or [()] * len(self.edge_columns)
                yield [*self.row(node), *cells[: len(self.edge_columns)]]

        width = frame.PIPE if self.named and self.paint.view.width is None else self.paint.width
        return self.sheet.fitted(rows, width)

    def drawn_below(self, nodes: Sequence[Node | str], uses: Mapping[int, Sequence[int]]) -> Iterator[str] | None:
        """The rows with the edges of each node below it, None where they do not fit."""
        assert self.sheet is not None
        ends = [0]

        def edge_rows() -> Iterator[Row]:
            del ends[1:]
            for node in nodes:
                edges = [] if isinstance(node, str) else self.folded_edges(node, uses)
                ends.append(ends[-1] + len(edges))
                yield from ([[cell] for cell in line[: len(self.edges_below.columns)]] for line in edges)

        drawn = self.edges_below.fitted(edge_rows, self.paint.width)
        if drawn is None:
            return None
        lines = "".join(drawn).splitlines(keepends=True)

        def rows() -> Iterator[Row]:
            for node, start, end in zip(nodes, ends, ends[1:], strict=False):
                yield node if isinstance(node, str) else self.row(node)
                if end > start:
                    yield "".join(lines[start:end])

        return self.sheet.fitted(rows, self.paint.width)

    def folded_edges(self, node: Node, uses: Mapping[int, Sequence[int]]) -> list[EdgeLine]:
        """The lines of a node's edges, each folded to the width of its column."""
        edges: list[EdgeLine] = []
        for local, downstream, condition in (*self.arriving(uses.get(node.id, ())), *self.edges(node)):
            line = [(f"  {self.signs.times} " if downstream else "  ", "quiet"), *local] if self.below else local
            *first, last = self.paint.folded(line, self.local.limit, "      " if self.below else "  ")
            edges += [*map(EdgeLine, first), EdgeLine(last, downstream, condition)]
        return edges

    def row(self, node: Node) -> list[Sequence[Line]]:
        """The cells of one node, without those of its edges."""
        quiet = "" if node.takes_part else "quiet"
        operation = node.op if not node.args else frame.operation_text(node.expression, self.paint)
        value, tangent, upstream = (
            [] if number is None else [[(self.paint.number(number), quiet or style)]]
            for number, style in ((node.value, "value"), (node.tangent, "value"), (node.upstream, "gradient"))
        )
        tangents = [] if self.report.node_tangents is None else [tangent]
        value_lost, upstream_lost = ([[[one]] for one in spans] for spans in self.lost(node))
        return [
            [[(self.signs.text(node.label), quiet or "label"), *self.mark(node)]],
            self.paint.folded([(operation, quiet if node.args else "quiet")], self.operation.limit),
            value,
            *value_lost,
            *tangents,
            upstream,
            *(upstream_lost or [[] for _ in value_lost]),
        ]

    def lost(self, node: Node) -> tuple[list[Span], list[Span]]:
        """How many digits a node's value and upstream gradient have lost, where that is asked for."""
        conditions = self.report.conditions
        if conditions is None:
            return [], []
        upstream = [] if node.upstream is None else [lost(conditions.of_upstream(node.id))]
        return [lost(conditions.of_value(node.id))], upstream

    def mark(self, node: Node) -> Line:
        """What stands at a node whose numbers are not finite."""
        return [MARKS[self.not_finite[node.id]]] if node.id in self.not_finite else []

    def stacked(self, node: Node, uses: Mapping[int, Sequence[int]]) -> Iterator[str]:
        """One node as a block of lines."""
        paint = self.paint
        quiet = "" if node.takes_part else "quiet"
        label = (self.signs.text(node.label), quiet or "label")
        formula = f"{EQUALS}{bracketed(frame.operation_text(node.expression, paint))} " if node.args else ""
        value_lost, upstream_lost = map(_in_words, self.lost(node))
        value = (paint.number(node.value), quiet or "value")
        yield from paint.paragraph(label, *self.mark(node), (" ", ""), (formula + EQUALS, quiet), value, *value_lost)
        for name, number, gone in (("tangent", node.tangent, []), ("upstream", node.upstream, upstream_lost)):
            if number is not None:
                yield paint.line((f"  {name} ", "quiet"), (paint.number(number), quiet or "gradient"), *gone)
        for line in self.arriving(uses.get(node.id, ())):
            yield paint.line(("  ", ""), *line.local)
        for line in self.edges(node):
            sign = f"  {self.signs.times} " if line.downstream else "  "
            yield from paint.paragraph((sign, "quiet"), *line.local, indent=6)
            if line.downstream:
                yield from paint.paragraph(("  = ", "quiet"), *line.downstream)
            if line.condition:
                yield paint.line(("  condition ", "quiet"), *line.condition)

    def arriving(self, edges: Sequence[int]) -> Iterator[EdgeLine]:
        """The upstream gradient as a sum, where several users send a part of it: a line per part."""
        first, words, last = frame.cut(edges, frame.MOST_LINES, "parts", self.paint)
        sent = [self.paint.number(self.report.passes.downstream[edge]) for edge in (*first, *last)]
        points = Points(sent)
        for index, (edge, text) in enumerate(zip((*first, *last), sent, strict=True)):
            if words and index == len(first):
                yield EdgeLine([(words, "quiet")])
            user = f" {self.signs.arrives} {self.signs.text(self.labels[self.report.graph.user(edge)])}"
            spans = [("+ " if index else "= ", "quiet"), (points.padded(text), "gradient"), (user, "quiet")]
            yield EdgeLine([(whole(text), style) for text, style in spans])

    def edges(self, node: Node) -> Iterator[EdgeLine]:
        """A line per edge: ∂node/∂argument = formula = number, what it sends, and to which argument."""
        signs = self.signs
        if node.upstream is None:
            return
        quiet = "" if node.takes_part else "quiet"
        arguments = self.report.graph.arguments(node.id)
        has_gradient = self.report.graph.has_gradient
        # What has a gradient moves; where it passes none that is said.
        positions: Sequence[int] = range(len(arguments))
        if not all(map(has_gradient.__getitem__, arguments)):
            positions = [at for at, arg in enumerate(arguments) if self.moves[arg]]
        first, words, last = frame.cut(positions, frame.MOST_LINES, "edges", self.paint)
        for index, position in enumerate((*first, *last)):
            edge = node.args[position]
            if words and index == len(first):
                yield EdgeLine([(words, "quiet")])
            to = signs.text(self.labels[edge.node])
            if edge.local is None or edge.downstream is None:
                silence = "passes no gradient" if self.report.graph.has_gradient[edge.node] else "has no gradient"
                yield EdgeLine([(whole(f"{to} {silence}"), "quiet")])
                continue
            name = f"{signs.partial}{signs.text(node.label)}/{signs.partial}{to} {EQUALS}" if self.named else ""
            sent = [(self.paint.number(edge.downstream), quiet or "gradient"), (pair("", signs.to, whole(to)), quiet)]
            local = [(name + self.formula(edge, node.value), quiet)]
            yield EdgeLine(local, sent, frame.condition(self.report, node.id, position))

    @cached_property
    def moves(self) -> bytearray:
        """Whether each node is another at another point, and no constant or made of constants alone."""
        graph = self.report.graph
        return graph.depending_on(*graph.variables.values())

    def formula(self, edge: Edge, value: float) -> str:
        """``formula = number``, without the formula where that is the number, or the node's value is nan."""
        assert edge.local is not None
        formula, number = self.signs.text(edge.local_expression), self.paint.number(edge.local)
        if is_known_nan(value) or formula == number or PLAIN_NUMBER.fullmatch(formula):
            return number
        return f"{bracketed(formula)} {EQUALS}{number}"


def _in_words(lost: Sequence[Span]) -> list[Span]:
    return [span for text, style in lost for span in ((f" ({text}", style), (" lost)", "quiet"))]


def bracketed(formula: str) -> str:
    """A formula before a sign of equality: a comparison, which would read as a chain, in parentheses."""
    depth = 0
    for character in formula:
        depth += (character == "(") - (character == ")")
        if depth == 0 and character in "<>=":
            return f"({formula})"
    return formula
