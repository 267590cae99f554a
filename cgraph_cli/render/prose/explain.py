"""The worked solution of a report as data: headings, equations and sentences, whose formulas a Writing has written.

The text, Markdown, LaTeX and HTML of ``cgraph explain`` lay out these blocks and know nothing of gradients.
"""

from __future__ import annotations

from itertools import islice

from cgraph_cli.errors import all_of, enumerated
from cgraph_cli.graph.express import needed
from cgraph_cli.graph.graph import CONSTANT, VARIABLE
from cgraph_cli.light import Iterator, Sequence
from cgraph_cli.render.numbers import message
from cgraph_cli.render.prose.blocks import (
    Block,
    Equations,
    Heading,
    Items,
    Paragraph,
    Remark,
    Sentence,
    Step,
    left_out_here,
)
from cgraph_cli.render.prose.sentences import Speaker
from cgraph_cli.render.prose.steps import Part, cut, sending, statements, values
from cgraph_cli.render.prose.writing import Writing
from cgraph_cli.report.blanks import Blank, has_blanks
from cgraph_cli.report.findings import Finding
from cgraph_cli.report.paths import Arrival, arrivals
from cgraph_cli.report.report import Explanation

MANY_TERMS = 8
MANY_ITEMS = 24  # arguments of one node


def explanation(wanted: Explanation, writing: Writing) -> Iterator[Block]:
    """The worked solution, in the order in which a teacher writes it."""
    teacher = Teacher(writing)
    yield from teacher.opening()
    if wanted.forward:
        yield from teacher.forward()
    if wanted.backward:
        yield from teacher.backward()
    yield from teacher.remaining_warnings()


def title(wanted: Explanation) -> str:
    """What stands above it: with blanks it is the student who solves."""
    return "Exercise" if has_blanks(wanted.report) else "Worked solution"


class Teacher(Speaker):
    """Says what happens at each node and why, in the order of both passes."""

    def __init__(self, writing: Writing) -> None:
        report = writing.report
        super().__init__(report, writing)
        self.limit = writing.limit
        self.to_tell: dict[int, list[Finding]] = {}
        self.on_the_way = report.on_the_way
        for found in report.asked:
            self.to_tell.setdefault(found.node, []).append(found)
        self.arriving: dict[int, list[Arrival]] = {}

    def tells(self, node: int) -> bool:
        """Whether a node is on the way to the variables whose gradients are asked for."""
        return self.on_the_way is None or bool(self.on_the_way[node])

    # --- opening --------------------------------------------------------------------------------------------------
    def opening(self) -> Iterator[Block]:
        yield from self.equations(statements(self.writing))
        yield Paragraph(self.inputs(self.limit))

    def equations(self, part: Part) -> Iterator[Block]:
        """Equations, and how many of them are left out."""
        if part.rows:
            yield Equations(part.rows[: part.at])
        if part.left_out:
            yield _left_out(f"{part.left_out:,} of {len(part.rows) + part.left_out:,} {part.title}")
            yield Equations(part.rows[part.at :])

    # --- forward --------------------------------------------------------------------------------------------------
    def forward(self) -> Iterator[Block]:
        computed = values(self.writing)
        yield Heading("Forward pass")
        how = "Every node is computed from the values of its arguments, from the variables to the output."
        yield Paragraph(how if computed.rows else "There is nothing to compute.")
        yield from self.equations(computed)
        yield Paragraph(self.value())

    # --- backward -------------------------------------------------------------------------------------------------
    def backward(self) -> Iterator[Block]:
        report, graph = self.report, self.graph
        yield Heading("Backward pass")
        yield Paragraph(self.seed())
        if not graph.has_gradient[report.output_node]:
            if graph.variables:
                yield Paragraph(self.gradients(self.limit))
            return
        nodes = [node for node in sending(report) if self.tells(node)]
        first, left_out, last = cut(nodes, self.limit)
        variables = list(report.differentiated.values())
        shown = variables[: self.limit]
        self.arriving = arrivals(graph, self.passes, [*first, *last, *shown])
        for number, node in enumerate(first, 1):
            yield from self.step(number, node)
        if left_out:
            yield _left_out(f"{left_out:,} of {len(nodes):,} nodes")
        for number, node in enumerate(last, len(nodes) - len(last) + 1):
            yield from self.step(number, node)
        yield from self.taking_no_part()
        yield from self.remaining_warnings()
        yield Heading("Gradients of the variables")
        yield Items(map(self.variable, shown))
        if len(variables) > self.limit:
            yield _left_out(f"{len(variables) - self.limit:,} more variables")
        yield Paragraph(self.gradients(self.limit))

    def step(self, number: int, node: int) -> Iterator[Block]:
        """One node of the backward pass."""
        title = f"{self.writing.label(node)} = {self.writing.operation(node)}"
        edges = [(at, edge) for at, edge in enumerate(self.graph.edges(node)) if self.tells(self.graph.args[edge])]
        first, left_out, last = cut(edges, len(edges) if self.writing.view.all else MANY_ITEMS)
        items = [self.item(node, *edge) for edge in first]
        if left_out:
            items.append(f"{left_out:,} more arguments are sent their part in the same way; --all shows them.")
        items += [self.item(node, *edge) for edge in last]
        yield Step(number, title, self.arrives(node), items)
        yield from self.warnings(node)

    def arrives(self, node: int) -> Sentence:
        """What the upstream gradient of a node is, and why."""
        edges, gradient = self.arriving[node], self.gradient(node)
        if node == self.report.output_node:
            return f"The upstream gradient is the seed, {gradient}."
        if len(edges) == 1:
            return f"The upstream gradient is what {self.label(edges[0].user)} has sent: {gradient}."
        return f"{self.users(node, edges)}, so {self.all_of(node, edges)}"

    def users(self, node: int, edges: Sequence[Arrival]) -> Sentence:
        """``v1 is used by v2 and twice by f``."""
        users = []
        counted: dict[int, int] = {}
        for edge in edges:
            counted[edge.user] = counted.get(edge.user, 0) + 1
        for user, times in islice(counted.items(), MANY_TERMS):
            how = "" if times == 1 else "twice by " if times == 2 else f"{times:,} times by "
            users.append(how + self.label(user))
        if len(counted) > MANY_TERMS:
            users.append(f"{len(counted) - MANY_TERMS:,} more")
        return f"{self.label(node)} is used {'by ' if users[0].startswith('$') else ''}{enumerated(users)}"

    def all_of(self, node: int, edges: Sequence[Arrival]) -> Sentence:
        """How many gradients arrive, and their sum."""
        count = COUNTS.get(len(edges), f"{len(edges):,}")
        sent = [self.passes.downstream[edge.edge] for edge in edges]
        return f"{count} downstream gradients arrive. {self.sum_of(node, sent)}"

    def item(self, node: int, position: int, edge: int) -> Sentence:
        """One argument: rule, local gradient as formula and number, the product, and where it is sent."""
        graph, op, arg = self.graph, self.graph.ops[node], self.graph.args[edge]
        if not op.passes_gradient(position):
            why = f"gets no gradient: ${self.writing.function(op.name)}$ has none with respect to it."
            if op.chooses:
                truth = "true" if self.values[arg] != 0 else "false"
                known = "" if isinstance(self.values[arg], Blank) else f" It is {truth}:"
                why = f"is the condition.{known} {'it' if known else 'It'} only chooses and gets no gradient."
        elif graph.ops[arg] is CONSTANT:
            why = "is a constant and needs no gradient."
        elif not graph.has_gradient[arg]:
            why = "depends on no variable: it is constant and needs no gradient."
        elif not self.passes.sends[edge]:
            return self.silent(node, position)
        else:
            # Where ∂f/∂v is the local gradient of the output and there are other ways from v to it.
            several = node == self.report.output_node and len(self.arriving.get(arg, ())) > 1
            return self.sent(node, position, self.direct_effect(arg) if several else "")
        return f"{self.label(arg)} {why}"

    def taking_no_part(self) -> Iterator[Block]:
        """The nodes that no gradient reaches."""
        graph, reached = self.graph, self.passes.reached
        idle = [
            node
            for node, op in enumerate(graph.ops)
            if graph.has_gradient[node] and not reached[node] and op is not VARIABLE and self.tells(node)
        ]
        if not idle:
            return
        leads = needed(graph, [self.report.output_node])
        for nodes, one, many in (
            ([node for node in idle if leads[node]], "it lies on a branch not taken", "they lie on branches not taken"),
            ([node for node in idle if not leads[node]], "the output does not use it", "the output does not use them"),
        ):
            if nodes:
                more = [f"{len(nodes) - MANY_TERMS:,} more"] if len(nodes) > MANY_TERMS else []
                labels = enumerated([*map(self.label, nodes[:MANY_TERMS]), *more])
                why = one if len(nodes) == 1 else many
                yield Remark("note", f"No gradient reaches {labels}: {why}.")

    def variable(self, node: int) -> Sentence:
        """A variable and what arrives at it."""
        edges, label, gradient = self.arriving[node], self.label(node), self.gradient(node)
        if node == self.report.output_node:
            return f"{label} is the output itself: {gradient}."
        if not edges:
            why = "by convention" if node in self.report.conventional else "which has no effect on the output here"
            return f"No gradient arrives at {label}, {why}: {gradient}."
        if len(edges) == 1:
            return f"{label} gets its gradient from {self.label(edges[0].user)} alone: {gradient}."
        return f"{self.users(node, edges)}; {self.all_of(node, edges)}"

    # --- warnings -------------------------------------------------------------------------------------------------
    def warnings(self, node: int) -> Iterator[Block]:
        """What has to be said of one node, within its step."""
        told = self.to_tell.pop(node, [])
        places = [place for one in told if (place := self.place(one)) is not None]
        for index, found in enumerate(told, 1):
            yield self.remark(found, places[0] if places and index == len(told) else None, within=True)

    def place(self, found: Finding) -> tuple[int, int] | None:
        """The part of the expression that a warning speaks of."""
        source = self.report.program.source
        place = found.place(source)
        return None if place == all_of(source) else place

    def remark(self, found: Finding, place: tuple[int, int] | None, *, within: bool = False) -> Remark:
        """One warning."""
        text = self.writing.said(f"{message(found, self.writing.view.digits)}.")
        return Remark(found.word, text, within, "" if found.word == "note" else found.code, place)

    def remaining_warnings(self) -> Iterator[Block]:
        """What has to be said of nodes that are not shown."""
        remaining = [found for several in self.to_tell.values() for found in several]
        self.to_tell.clear()
        for found in remaining[: self.limit]:
            yield self.remark(found, self.place(found))
        if len(remaining) > self.limit:
            yield _left_out(f"{len(remaining) - self.limit:,} more warnings")


def _left_out(what: str) -> Remark:
    """That something is not shown."""
    return Remark("cut", left_out_here(what))


COUNTS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten"}
