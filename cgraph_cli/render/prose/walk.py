"""A walk through both passes, one node and one edge at a time, in the words of the worked solution."""

from __future__ import annotations

from collections.abc import Sequence

from cgraph_cli.graph.graph import CONSTANT, VARIABLE
from cgraph_cli.render.prose.blocks import Math, Sentence, said
from cgraph_cli.render.prose.explain import Teacher


class Guide(Teacher):
    """Says what happens at one step: forward a node, backward an edge and what has arrived where it leads to."""

    def node(self, node: int) -> Sentence:
        """The forward step of a node; empty for a number within a formula, which is none."""
        graph, writing, op = self.graph, self.writing, self.graph.ops[node]
        label, value = self.label(node), self.values[node]
        equation = Math(f"{label} {writing.equals(value)} {writing.number(value)}")
        if op is VARIABLE:
            return said("{label} is a variable. Its value is given: {equation}.", label=label, equation=equation)
        if op is CONSTANT and node in graph.names:
            return said("{equation} is a constant.", equation=equation)
        if op is CONSTANT:
            return said("The output is the constant {label}.", label=label) if node == self.report.output_node else []
        name = Math(writing.function(op.name))
        how = said("The module {name} computes ", name=name) if op.is_module else []
        tangents = self.report.node_tangents
        tangent = "" if tangents is None else f" Its tangent is {writing.number(tangents[node])}."
        shown = tangent if graph.has_gradient[node] else ""
        return said("{how}{equation}.{shown}", how=how, equation=Math(writing.forward_equation(node)), shown=shown)

    def at(self, node: int) -> Sentence:
        """How a backward step begins."""
        return said("At {node} the upstream gradient is {sum}. ", node=self.label(node), sum=self.gradient(node))

    def more(self, arg: int) -> Sentence:
        """What is said of an argument while something is still to arrive."""
        return said(" More arrives at {label} by other ways.", label=self.label(arg))

    def several(self, arg: int, sent: Sequence[float]) -> Sentence:
        """What is said of an argument when the last of several gradients has arrived."""
        return said(
            " Now all that is sent to {arg} has arrived. {sum}", arg=self.label(arg), sum=self.sum_of(arg, sent)
        )

    def alone(self, arg: int) -> Sentence:
        """What is said of a variable to which only one gradient is sent."""
        return said(" It is all that arrives at {arg}: {gradient}.", arg=self.label(arg), gradient=self.gradient(arg))

    def end(self, most: int) -> Sentence:
        """The result."""
        gradients = [" ", *self.gradients(most)] if self.graph.variables else []
        return ["Both passes are done. ", *self.value(), *gradients]
