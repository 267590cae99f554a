"""A walk through both passes, one node and one edge at a time, in the words of the worked solution."""

from __future__ import annotations

from cgraph_cli.graph.graph import CONSTANT, VARIABLE
from cgraph_cli.light import Sequence
from cgraph_cli.render.prose.blocks import Sentence
from cgraph_cli.render.prose.sentences import Speaker


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
