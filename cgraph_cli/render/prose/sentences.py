"""The sentences of a worked solution about single nodes and edges, whose formulas a Writing has written."""

from __future__ import annotations

from itertools import islice
from math import isnan

from cgraph_cli.errors import enumerated
from cgraph_cli.graph.express import operation_syntax
from cgraph_cli.light import Sequence
from cgraph_cli.render.prose.blocks import Sentence
from cgraph_cli.render.prose.writing import Writing
from cgraph_cli.report import templates
from cgraph_cli.report.chains import Chain
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.expression import Name


class Speaker:
    """Says what a node or an edge computes, sends and is, in one notation."""

    def __init__(self, report: Report, writing: Writing) -> None:
        self.report = report
        self.writing = writing
        self.graph = report.graph
        self.values = report.node_values
        self.passes = report.passes
        used = set(report.graph.names.values()) | set(report.graph.outputs)
        self.generic = [
            name for name in "u v w s t p q r".split() + [f"u{n}" for n in range(1, 60)] if name not in used
        ]

    def label(self, node: int) -> Sentence:
        """What a node is called."""
        return f"${self.writing.label(node)}$"

    def gradient(self, node: int) -> Sentence:
        """The upstream gradient of a node with its number."""
        return f"${self.writing.gradient(node)} {self.writing.equal_to(self.passes.upstream[node])}$"

    def inputs(self, most: int) -> Sentence:
        """The values of the first ``most`` variables, and of the constants that have names."""
        graph, variables = self.graph, self.graph.variables.values()
        more = [f"{len(variables) - most:,} more"] if len(variables) > most else []
        shown = enumerated([*map(self.given, islice(variables, most)), *more])
        given = f"Given: {shown}." if variables else "There are no variables to give a value."
        named = {self.label(node): self.given(node) for node in graph.constants if node in graph.names}
        return given + (f" Constants: {enumerated([*named.values()])}." if named else "")

    def given(self, node: int) -> Sentence:
        """A variable or a constant and its value."""
        return f"${self.writing.label(node)} {self.writing.equal_to(self.values[node], 'value')}$"

    def value(self) -> Sentence:
        """The value in one line."""
        return f"The value is ${self.writing.result()}$."

    def seed(self) -> Sentence:
        """Where the pass begins, and what it does."""
        writing = self.writing
        out = writing.name(self.report.output)
        if not self.graph.has_gradient[self.report.output_node]:
            if self.graph.variables:
                return f"${out}$ is made of comparisons and constants alone, through which no gradient passes."
            return f"${out}$ depends on no variable, so there is no gradient to find."
        one = writing.equal_to(self.passes.upstream[self.report.output_node])
        return (
            "The pass goes from the output back to the variables. "
            f"It starts with the seed ${writing.partial(out, out)} {one}$. "
            "Each node multiplies the upstream gradient that has arrived at it by its local gradients, one for each "
            "argument, and sends the products, the downstream gradients, to its arguments. "
            f"This is the chain rule: downstream = upstream ${writing.times}$ local."
        )

    def sum_of(self, node: int, sent: Sequence[float]) -> Sentence:
        """The sum of what arrives, and why it is a sum."""
        writing = self.writing
        result = self.passes.upstream[node]
        last = f"{writing.equals(*sent, result)} {writing.marked(result, 'gradient')}"
        total = f"{writing.equals(*sent)} {writing.sum(sent)} {last}"
        return (
            f"A change of {self.label(node)} reaches ${writing.name(self.report.output)}$ by each of these ways, "
            f"and by the multivariable chain rule the effects add up: ${writing.gradient(node)} {total}$."
        )

    def silent(self, node: int, position: int) -> Sentence:
        """Why an argument is sent nothing."""
        op = self.graph.ops[node]
        why = f"has no effect on ${self.writing.function(op.name)}$ here"
        if op.is_row:
            why = op.rule.idle[min(position, len(op.rule.idle) - 1)]
        return f"{self.label(self.graph.arguments(node)[position])} {why}: nothing is sent to it."

    def direct_effect(self, arg: int) -> Sentence:
        """What a local gradient of the output is beside the gradient itself."""
        return f", the direct effect of {self.label(arg)} with the other arguments held fixed"

    def sent(self, node: int, position: int, meaning: Sentence) -> Sentence:
        """What an argument is sent, and why."""
        writing, passes = self.writing, self.passes
        edge, arguments = self.graph.edges(node)[position], self.graph.arguments(node)
        which = f" as argument {position + 1}" if arguments.count(arguments[position]) > 1 else ""
        product = writing.multiplied(passes.upstream[node], passes.local[edge], passes.downstream[edge])
        return (
            f"To {self.label(arguments[position])}{which}: {self.rule(node, position)} the local gradient is "
            f"${writing.local_equation(node, position)}${meaning}. The downstream gradient is ${product}$."
        )

    def rule(self, node: int, position: int) -> Sentence:
        """The rule behind a local gradient, as the beginning of a sentence."""
        graph, writing = self.graph, self.writing
        op, arguments = graph.ops[node], graph.arguments(node)
        used = self.report.description.used.get((node, position))
        if used is not None and not isnan(used):
            return "as is chosen for this kink,"
        if op.is_module:
            return f"by the rules inside the module ${writing.function(op.name)}$,"
        rule, at = op.rule, position
        if isinstance(op, Chain):
            link, at = op.part(position)
            rule = link.rule
        taught, _, of_constants = rule.taught[min(at, len(rule.taught) - 1)].partition(" | ")
        if taught:
            others = (arg for index, arg in enumerate(arguments) if index != position)
            constant = of_constants and not any(graph.has_gradient[arg] for arg in others)
            return of_constants if constant else taught
        words, names = self.report.description, iter(self.generic)
        fixed = tuple(map(words.fixed, arguments))
        places = [
            Name(next(names)) if one is None else words.operand(arg) for one, arg in zip(fixed, arguments, strict=True)
        ]
        function = operation_syntax(op, places)
        derivative = templates.of_row(op.name, position, fixed).filled(
            {templates.OWN: function} | {templates.FIRST + index: place for index, place in enumerate(places)}
        )
        by = f" with respect to ${writing.formula(places[position])}$" if fixed.count(None) > 1 else ""
        return f"the derivative of ${writing.formula(function)}${by} is ${writing.formula(derivative)}$, so"

    def gradients(self, most: int) -> Sentence:
        """The result in one line."""
        results, count = self.writing.gradients(most), len(self.report.differentiated)
        word, left_out = "Gradient" if count > 1 else "Result", count - most
        more = f", and {left_out:,} more" if left_out > 0 else ""
        return f"{word}: {', '.join(f'${one}$' for one in results)}{more}."
