"""A walk through both passes, one node and one edge at a time, in the words of the worked solution."""

from __future__ import annotations

from collections.abc import Sequence

from cgraph_cli.graph.graph import CONSTANT, VARIABLE
from cgraph_cli.render.prose.blocks import Math, Sentence
from cgraph_cli.render.prose.explain import Teacher


class Guide(Teacher):
    """Says what happens at one step: forward a node, backward an edge and what has arrived where it leads to."""

    def node(self, node: int) -> Sentence:
        """The forward step of a node; empty for a number within a formula, which is none."""
        graph, writing = self.graph, self.writing
        op, value = graph.ops[node], self.values[node]
        equation = Math(f"{writing.label(node)} {writing.equals(value)} {writing.value(value)}")
        if op is VARIABLE:
            return [Math(writing.label(node)), " is a variable. Its value is given: ", equation, "."]
        if op is CONSTANT:
            if node in graph.names:
                return [equation, " is a constant."]
            is_output = node == self.report.output_node
            return ["The output is the constant ", Math(writing.label(node)), "."] if is_output else []
        how = ["The module ", Math(writing.function(op.name)), " computes "] if op.is_module else []
        tangents = self.report.node_tangents
        shown = tangents is not None and graph.has_gradient[node]
        tangent = [f" Its tangent is {writing.number(tangents[node])}."] if shown and tangents is not None else []
        return [*how, Math(writing.forward_equation(node)), ".", *tangent]

    def at(self, node: int) -> Sentence:
        """How a backward step begins."""
        writing, upstream = self.writing, self.passes.upstream[node]
        gradient = Math(f"{writing.gradient(node)} {writing.equal_to(upstream)}")
        return ["At ", Math(writing.label(node)), " the upstream gradient is ", gradient, ". "]

    def more(self, arg: int) -> Sentence:
        """What is said of an argument while something is still to arrive."""
        return [" More arrives at ", Math(self.writing.label(arg)), " by other ways."]

    def several(self, arg: int, sent: Sequence[float]) -> Sentence:
        """What is said of an argument when the last of several gradients has arrived."""
        return [" Now all that is sent to ", Math(self.writing.label(arg)), " has arrived. ", *self.sum_of(arg, sent)]

    def alone(self, arg: int) -> Sentence:
        """What is said of a variable to which only one gradient is sent."""
        writing = self.writing
        gradient = Math(f"{writing.gradient(arg)} {writing.equal_to(self.passes.upstream[arg])}")
        return [" It is all that arrives at ", Math(writing.label(arg)), ": ", gradient, "."]

    def end(self, most: int) -> Sentence:
        """The result."""
        gradients = [" ", *self.gradients(most)] if self.graph.variables else []
        return ["Both passes are done. ", *self.value(), *gradients]
