"""What the page says, as templates whose numbers its script puts in: sentences of the walk, cells, findings, titles."""

from __future__ import annotations

from cgraph_cli.errors import shortened
from cgraph_cli.graph.formula import limits, sent_where
from cgraph_cli.graph.graph import CONSTANT, VARIABLE
from cgraph_cli.light import Any, Sequence, copy
from cgraph_cli.render import View
from cgraph_cli.render.page.places import PlacesWriting, Unknown, exact, unknowns
from cgraph_cli.render.picture.figure import Figure
from cgraph_cli.render.picture.undrawn import WHOLE
from cgraph_cli.render.prose.blocks import Sentence
from cgraph_cli.render.prose.sentences import Speaker
from cgraph_cli.render.prose.writing import Writing
from cgraph_cli.report.chains import gradient_text
from cgraph_cli.report.findings import filled
from cgraph_cli.report.paths import arrivals
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.expression import Syntax
from cgraph_cli.syntax.printer import print_expression


def sent_cell(report: Report, writing: Writing, edge: int) -> str:
    """What an edge sends, and to which argument."""
    arg = report.graph.args[edge]
    return f"{writing.number(report.passes.downstream[edge])} {writing.arrow} {writing.label(arg)}"


def limit_values(text: Syntax | None) -> list[Syntax]:
    """What stands in the place of a formula at isolated points."""
    return [] if text is None else [value for _, value in limits(text)[0]]


def said(**words: Any) -> dict[str, Any]:
    """The words that there are: of most nodes many are not."""
    return {name: one for name, one in words.items() if one}


class Guide(Speaker):
    """Says what happens at one step: forward a node, backward an edge and what has arrived where it leads to."""

    def node(self, node: int) -> Sentence:
        """The forward step of a node; empty for what is given, and for a number within a formula."""
        graph, writing, op = self.graph, self.writing, self.graph.ops[node]
        if op is VARIABLE or (op is CONSTANT and node in graph.names):
            return ""
        if op is CONSTANT:
            return f"The output is the constant {self.label(node)}." if node == self.report.output_node else ""
        how = f"The module ${writing.function(op.name)}$ computes " if op.is_module else ""
        tangents = self.report.node_tangents
        tangent = ""
        if tangents is not None and graph.has_gradient[node]:
            tangent = f" Its tangent is {writing.number(tangents[node])}."
        return f"{how}${writing.forward_equation(node)}$.{tangent}"

    @property
    def leaves(self) -> list[int]:
        """The nodes whose values are given."""
        graph = self.graph
        return sorted([*graph.variables.values(), *(node for node in graph.constants if node in graph.names)])

    def at(self, node: int) -> Sentence:
        """How a backward step begins."""
        return f"At {self.label(node)} the upstream gradient is {self.gradient(node)}. "

    def more(self, arg: int) -> Sentence:
        """What is said of an argument while something is still to arrive."""
        return f" More arrives at {self.label(arg)} by other ways."

    def several(self, arg: int, sent: Sequence[float]) -> Sentence:
        """What is said of an argument when the last of several gradients has arrived."""
        return f" Now all that is sent to {self.label(arg)} has arrived. {self.sum_of(arg, sent)}"

    def alone(self, arg: int) -> Sentence:
        """What is said of a variable to which only one gradient is sent."""
        return f" It is all that arrives at {self.label(arg)}: {self.gradient(arg)}."

    def end(self, most: int) -> Sentence:
        """The result."""
        gradients = f" {self.gradients(most)}" if self.graph.variables else ""
        return f"Both passes are done. {self.value()}{gradients}"


class Words:
    """The words for all nodes of a report."""

    def __init__(self, report: Report, view: View) -> None:
        self.whole = report.whole
        self.report = report = unknowns(report)
        self.graph = report.graph
        self.writing = PlacesWriting(report, view)
        self.guide = Guide(report, self.writing)
        self.arriving = arrivals(self.graph, report.passes, range(len(self.graph)))

    def outputs_of(self, shown: Writing) -> list[tuple[int, str, str, str]]:
        """For every output its node, its name, the same in formulas, and how the backward pass begins there."""
        found = []
        for name, node in self.graph.outputs.items():
            report = copy(self.report)
            report.output_node = node
            found.append((node, name, shown.name(name), Guide(report, self.writing).seed()))
        return found

    def nodes(self) -> list[dict[str, Any]]:
        """One entry per node."""
        return [self.node(node) for node in range(len(self.graph))]

    def node(self, node: int) -> dict[str, Any]:
        """A node: the walk's sentences and questions."""
        guide, writing, graph = self.guide, self.writing, self.graph
        is_leaf = graph.ops[node] in (VARIABLE, CONSTANT)
        several = len(self.arriving[node]) > 1  # at some point
        return said(
            step=guide.node(node),
            forward=not is_leaf and [writing.label(node), *writing.computed(node)],
            at=guide.at(node),
            more=several and guide.more(node),
            several=several and guide.several(node, [Unknown(f"a{node}")]),
            alone=node in self.graph.variables.values() and guide.alone(node),
            edges=[self.edge(node, position) for position in range(len(graph.edges(node)))],
        )

    def quoted(self) -> list[dict[str, Any]]:
        """One entry per node of the whole graph: how findings quote it, its local gradients as formulas."""
        graph, values = self.whole.graph, self.report.node_values
        outputs = {node: name for name, node in graph.outputs.items()}
        words, source = self.whole.description, self.whole.source
        return [
            said(
                name=words.quoted(node),
                place=filled(words.at_point(node, values), self.writing.number),
                point=filled(words.point(node, values), self.writing.number),
                function=op.name,
                text=op is CONSTANT and shortened(source[graph.starts[node] : graph.ends[node]]),
                output=outputs.get(node),
                edges=[
                    [words.local(node, position), *map(print_expression, limit_values(gradient_text(op, position)))]
                    for position in range(len(graph.edges(node)))
                ],
            )
            for node, op in enumerate(graph.ops)
        ]

    def edge(self, node: int, position: int) -> dict[str, Any] | None:
        """An edge along which a gradient can flow: its local gradient has a formula, one for each limit, and none."""
        graph, guide, writing = self.graph, self.guide, self.writing
        if not graph.edge_has_gradient(node, position):
            return None
        op, arg = graph.ops[node], graph.arguments(node)[position]
        text, told = gradient_text(op, position), writing.is_told(node, position)
        edge = graph.edges(node)[position]
        symbol, local = writing.local_symbol(node, arg), self.report.passes.local[edge]
        formulas = [writing.local(node, position), *map(writing.formula, limit_values(text))]
        return said(
            local=[writing.equation(symbol, one, local) for one in ([] if told else formulas) + [""]],
            ask=f"What does it send to {guide.label(arg)}: upstream ${writing.times} {symbol}$?",
            sent=guide.sent(node, position, "{direct}"),
            direct=node in graph.outputs.values() and guide.direct_effect(arg),
            silent=(op.is_module or (text is not None and sent_where(text))) and guide.silent(node, position),
            cell=sent_cell(self.report, writing, edge),
        )

    def titles(self) -> dict[str, str]:
        """All that the figure says of a node or an edge to whom points at it, by the id of its group."""
        figure, graph = Figure(self.report, apart=WHOLE), self.graph
        found = {f"node-{node}": figure.node_title(node, exact) for node in range(len(graph))}
        arrows = (*figure.arrows(), *figure.arrows_out())
        found |= {arrow.id: figure.edge_title(arrow, exact) for arrow in arrows}
        found |= {f"output-{node}": found[f"edge-output-{node}"] for node in graph.outputs.values()}
        return found
