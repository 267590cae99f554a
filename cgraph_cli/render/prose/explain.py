"""The worked solution of a report as data: headings, equations and sentences, whose formulas a Writing has written.

The text, Markdown, LaTeX and HTML of ``cgraph explain`` lay out these blocks and know nothing of gradients.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cgraph_cli.graph.express import operation_syntax
from cgraph_cli.graph.formula import Layer, gradient_formula
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, operation
from cgraph_cli.render.prose.blocks import (
    Block,
    Equations,
    Heading,
    Math,
    Paragraph,
    Remark,
    Sentence,
    Step,
    enumerated,
    enumerated_sentences,
    quoted,
    separated,
)
from cgraph_cli.render.prose.steps import LARGE, cut, statements
from cgraph_cli.render.prose.writing import Writing
from cgraph_cli.report.findings import Finding
from cgraph_cli.report.paths import Arrival, arrivals
from cgraph_cli.report.report import Explanation, Report
from cgraph_cli.syntax.expression import Name, Number, Syntax

MANY_TERMS = 8


def explanation(wanted: Explanation, writing: Writing, *, all: bool = False) -> Iterator[Block]:
    """The worked solution, in the order in which a teacher writes it."""
    teacher = Teacher(wanted.report, writing, all=all)
    yield from teacher.opening()
    if wanted.forward:
        yield from teacher.forward()
    if wanted.backward:
        yield from teacher.backward()
    yield from teacher.remaining_warnings()


class Teacher:
    """Says what happens at each node and why, in one notation."""

    def __init__(self, report: Report, writing: Writing, *, all: bool) -> None:
        self.report = report
        self.writing = writing
        self.graph = report.graph
        self.values = report.node_values
        self.passes = report.passes
        self.limit = len(report.graph) if all else LARGE
        self.to_tell: dict[int, list[Finding]] = {}
        for found in report.warnings:
            self.to_tell.setdefault(found.node, []).append(found)
        self.arriving: dict[int, list[Arrival]] = {}
        used = set(report.graph.names.values()) | set(report.graph.outputs)
        self.generic = [
            name for name in "u v w s t p q r".split() + [f"u{n}" for n in range(1, 60)] if name not in used
        ]

    # --- opening --------------------------------------------------------------------------------------------------
    def opening(self) -> Iterator[Block]:
        writing, graph = self.writing, self.graph
        typed = statements(self.report, writing, all=self.limit > LARGE)
        yield Equations(typed.rows[: typed.at])
        if typed.left_out:
            yield Remark("cut", [f"{typed.left_out:,} statements are left out here; --all shows them."])
            yield Equations(typed.rows[typed.at :])
        given = [
            Math(f"{writing.name(name)} {writing.equal_to(value)}") for name, value in self.report.variables.items()
        ]
        constants = [
            Math(f"{writing.label(node)} {writing.equal_to(value)}")
            for node, value in graph.constants.items()
            if node in graph.names
        ]
        constants = list(dict.fromkeys(constants))
        parts: Sentence = (
            ["Given: ", *enumerated(given[: self.limit], "and")]
            if given
            else ["There are no variables to give a value"]
        )
        if len(given) > self.limit:
            parts.append(f" and {len(given) - self.limit:,} more")
        parts.append(".")
        if constants:
            parts += [" Constants: ", *enumerated(constants, "and"), "."]
        yield Paragraph(parts)

    # --- forward --------------------------------------------------------------------------------------------------
    def forward(self) -> Iterator[Block]:
        writing, graph = self.writing, self.graph
        nodes = [node for node, op in enumerate(graph.ops) if op is not VARIABLE and op is not CONSTANT]
        yield Heading("Forward pass")
        if not nodes:
            yield Paragraph(["There is nothing to compute."])
        else:
            yield Paragraph(
                ["Every node is computed from the values of its arguments, from the variables to the output."]
            )
        first, left_out, last = cut(nodes, self.limit)
        yield Equations([(writing.label(node), writing.forward(node)) for node in first])
        if left_out:
            yield Remark("cut", [f"{left_out:,} of {len(nodes):,} lines are left out here; --all shows them."])
            yield Equations([(writing.label(node), writing.forward(node)) for node in last])
        yield Paragraph(self.value())

    def value(self) -> Sentence:
        """The value in one line."""
        return ["The value is ", Math(self.writing.result()), "."]

    # --- backward -------------------------------------------------------------------------------------------------
    def backward(self) -> Iterator[Block]:
        report, graph = self.report, self.graph
        yield Heading("Backward pass")
        yield Paragraph(self.seed())
        if not graph.has_gradient[report.output_node]:
            if graph.variables:
                yield Paragraph(self.gradients(self.limit))
            return
        nodes = [
            node
            for node in range(len(graph) - 1, -1, -1)
            if self.passes.reached[node] and graph.has_gradient[node] and graph.ops[node] is not VARIABLE
        ]
        first, left_out, last = cut(nodes, self.limit)
        variables = list(graph.variables.values())
        shown, variables_left_out, _ = cut(variables, self.limit, keep_end=False)
        self.arriving = arrivals(graph, self.passes, [*first, *last, *shown])
        for number, node in enumerate(first, 1):
            yield from self.step(number, node)
        if left_out:
            yield Remark("cut", [f"{left_out:,} of {len(nodes):,} nodes are left out here; --all shows them."])
            for number, node in enumerate(last, len(nodes) - len(last) + 1):
                yield from self.step(number, node)
        yield from self.taking_no_part()
        yield from self.remaining_warnings()
        yield Heading("Gradients of the variables")
        for node in shown:
            yield Remark("variable", self.variable(node))
        if variables_left_out:
            yield Remark("cut", [f"{variables_left_out:,} more variables are left out here; --all shows them."])
        if variables:
            yield Paragraph(self.gradients(self.limit))

    def seed(self) -> Sentence:
        """Where the pass begins, and what it does."""
        writing = self.writing
        out = writing.name(self.report.output)
        if not self.graph.has_gradient[self.report.output_node]:
            return [Math(out), " depends on no variable, so there is no gradient to find."]
        return [
            "The pass goes from the output back to the variables. It starts with the seed ",
            Math(f"{writing.partial(out, out)} = 1"),
            ". Each node multiplies the upstream gradient that has arrived at it by its local gradients, ",
            "one for each argument, and sends the products, the downstream gradients, to its arguments. ",
            f"This is the chain rule: downstream = upstream {writing.prose_times} local.",
        ]

    def step(self, number: int, node: int) -> Iterator[Block]:
        """One node of the backward pass."""
        writing = self.writing
        title = Math(f"{writing.label(node)} = {writing.operation(node)}")
        items = [self.item(node, position, edge) for position, edge in enumerate(self.graph.edges(node))]
        yield Step(number, title, self.arrives(node), [item for item in items if item])
        yield from self.warnings(node)

    def arrives(self, node: int) -> Sentence:
        """What the upstream gradient of a node is, and why."""
        writing, report = self.writing, self.report
        upstream = self.passes.upstream[node]
        symbol = Math(f"{writing.gradient(node)} {writing.equal_to(upstream)}")
        edges = self.arriving[node]
        if node == report.output_node:
            return ["The upstream gradient is the seed, ", symbol, "."]
        if len(edges) == 1:
            return ["The upstream gradient is what ", Math(writing.label(edges[0][0])), " has sent: ", symbol, "."]
        return [
            *self.users(node, edges),
            f", so {COUNTS.get(len(edges), f'{len(edges):,}')} downstream gradients arrive. ",
            *self.sum_of(node, [self.passes.downstream[edge] for _, _, edge in edges]),
        ]

    def users(self, node: int, edges: Sequence[Arrival]) -> Sentence:
        """``v1 is used by v2 and twice by f``."""
        counted: dict[int, int] = {}
        for user, _, _ in edges:
            counted[user] = counted.get(user, 0) + 1
        label = Math(self.writing.label(node))
        users: list[Sentence] = []
        for user, times in list(counted.items())[:MANY_TERMS]:
            how = "" if times == 1 else "twice by " if times == 2 else f"{times:,} times by "
            users.append([how, Math(self.writing.label(user))] if how else [Math(self.writing.label(user))])
        if len(counted) > MANY_TERMS:
            users.append([f"{len(counted) - MANY_TERMS:,} more"])
        by = "" if users[0][0].endswith(" by ") and not isinstance(users[0][0], Math) else "by "
        return [label, f" is used {by}", *enumerated_sentences(users, "and")]

    def sum_of(self, node: int, sent: Sequence[float]) -> Sentence:
        """The sum of what arrives, and why it is a sum."""
        writing = self.writing
        upstream = self.passes.upstream[node]
        sign = writing.equals(*sent)
        total = writing.equal_to(upstream)
        return [
            "A change of ",
            Math(writing.label(node)),
            " reaches ",
            Math(writing.name(self.report.output)),
            " by each of these ways, and by the multivariable chain rule the effects add up: ",
            Math(f"{writing.gradient(node)} {sign} {writing.sum(sent)} {total}"),
            ".",
        ]

    def item(self, node: int, position: int, edge: int) -> Sentence:
        """One argument: rule, local gradient as formula and number, the product, and where it is sent."""
        graph, writing = self.graph, self.writing
        arg = graph.args[edge]
        label = Math(writing.label(arg))
        if not graph.ops[node].passes_gradient(position):
            if graph.ops[node].chooses:
                truth = "true" if self.values[arg] != 0 else "false"
                return [label, f" is the condition. It is {truth}: it only chooses and gets no gradient."]
            return [label, " gets no gradient: the function has none with respect to this argument."]
        if not graph.has_gradient[arg]:
            if graph.ops[arg] is CONSTANT:
                return [label, " is a constant and needs no gradient."]
            return [label, " depends on no variable: it is constant and needs no gradient."]
        if not self.passes.sends[edge]:
            return self.silent(node, arg)
        # Where ∂f/∂v is the local gradient of the output and there are other ways from v to it.
        several = node == self.report.output_node and len(self.arriving.get(arg, ())) > 1
        return self.sent(node, position, self.direct_effect(arg) if several else [])

    def silent(self, node: int, arg: int) -> Sentence:
        """Why an argument is sent nothing."""
        op, label = self.graph.ops[node], Math(self.writing.label(arg))
        if op.chooses:
            return [label, " is the branch not taken: nothing is sent to it."]
        function = Math(self.writing.function(op.name))
        return [label, " has no part in the branch that ", function, " takes here: nothing is sent to it."]

    def direct_effect(self, arg: int) -> Sentence:
        """What a local gradient of the output is beside the gradient itself."""
        return [", the direct effect of ", Math(self.writing.label(arg)), " with the other arguments held fixed"]

    def sent(self, node: int, position: int, meaning: Sentence) -> Sentence:
        """What an argument is sent, and why."""
        writing, passes = self.writing, self.passes
        edge, arguments = self.graph.offsets[node] + position, self.graph.arguments(node)
        arg = arguments[position]
        which = f" as argument {position + 1}: " if arguments.count(arg) > 1 else ": "
        product = writing.multiplied(passes.upstream[node], passes.local[edge], passes.downstream[edge])
        return [
            "To ",
            Math(writing.label(arg)),
            which,
            *self.rule(node, position),
            " the local gradient is ",
            Math(writing.local_equation(node, position)),
            *meaning,
            ". The downstream gradient is ",
            Math(product),
            ".",
        ]

    def rule(self, node: int, position: int) -> Sentence:
        """The rule behind a local gradient, as the beginning of a sentence."""
        graph, writing = self.graph, self.writing
        op, arguments = graph.ops[node], graph.arguments(node)
        if op.is_module:
            return ["by the rules inside the module ", Math(writing.function(op.name)), ","]
        assert op.rule is not None
        taught, _, of_constants = op.rule.taught[min(position, len(op.rule.taught) - 1)].partition(" | ")
        if taught:
            others = (arg for index, arg in enumerate(arguments) if index != position)
            constant = of_constants and not any(graph.has_gradient[arg] for arg in others)
            return [of_constants if constant else taught]
        if op.rule.many or len(arguments) > len(self.generic):
            return ["by the rule for ", Math(writing.function(op.name)), ","]
        places: list[Syntax] = [Name(name) for name in self.generic[: len(arguments)]]
        for index, arg in enumerate(arguments):
            if graph.ops[arg] is CONSTANT and arg not in graph.names:
                places[index] = Number(graph.constants[arg])
        function = operation_syntax(op, places)
        text = gradient_formula(op.name, position)
        assert text is not None
        layer: Layer[Syntax] = Layer(
            lambda name, operands: operation_syntax(operation(name), operands),
            lambda value, name: Number(value) if name is None else Name(name),
            exact=False,
        )
        derivative = layer.lay(op.name, text, places, own=function, position=position)
        by = [] if len(arguments) == 1 else [" with respect to ", Math(writing.formula(places[position]))]
        return [
            "the derivative of ",
            Math(writing.formula(function)),
            *by,
            " is ",
            Math(writing.formula(derivative)),
            ", so",
        ]

    def taking_no_part(self) -> Iterator[Block]:
        """The nodes that no gradient reaches."""
        graph, reached = self.graph, self.passes.reached
        idle = [
            node
            for node, op in enumerate(graph.ops)
            if graph.has_gradient[node] and not reached[node] and op is not VARIABLE
        ]
        if not idle:
            return
        leads = bytearray(len(graph))  # whether a node leads to the output at all
        leads[self.report.output_node] = 1
        for node in range(len(graph) - 1, -1, -1):
            if leads[node]:
                for arg in graph.arguments(node):
                    leads[arg] = 1
        for nodes, one, many in (
            ([node for node in idle if leads[node]], "it lies on a branch not taken", "they lie on branches not taken"),
            ([node for node in idle if not leads[node]], "the output does not use it", "the output does not use them"),
        ):
            if nodes:
                labels = [Math(self.writing.label(node)) for node in nodes[:MANY_TERMS]]
                more = [f"{len(nodes) - MANY_TERMS:,} more"] if len(nodes) > MANY_TERMS else []
                why = one if len(nodes) == 1 else many
                yield Remark("note", ["No gradient reaches ", *enumerated([*labels, *more], "and"), f": {why}."])

    def variable(self, node: int) -> Sentence:
        """A variable and what arrives at it."""
        writing = self.writing
        label = Math(writing.label(node))
        upstream = self.passes.upstream[node]
        symbol = Math(f"{writing.gradient(node)} {writing.equal_to(upstream)}")
        edges = self.arriving[node]
        if node == self.report.output_node:
            return [label, " is the output itself: ", symbol, "."]
        if not edges:
            return ["No gradient arrives at ", label, ", which has no effect on the output here: ", symbol, "."]
        if len(edges) == 1:
            return [label, " gets its gradient from ", Math(writing.label(edges[0][0])), " alone: ", symbol, "."]
        count = COUNTS.get(len(edges), f"{len(edges):,}")
        return [
            *self.users(node, edges),
            f"; {count} downstream gradients arrive. ",
            *self.sum_of(node, [self.passes.downstream[edge] for _, _, edge in edges]),
        ]

    def gradients(self, most: int) -> Sentence:
        """The result in one line."""
        results, left_out = self.writing.gradients(most), len(self.graph.variables) - most
        more = [f", and {left_out:,} more"] if left_out > 0 else []
        word = "Gradient: " if len(self.graph.variables) > 1 else "Result: "
        return [word, *separated([Math(one) for one in results], ", "), *more, "."]

    # --- warnings -------------------------------------------------------------------------------------------------
    def warnings(self, node: int) -> Iterator[Block]:
        """What has to be said of one node, within its step."""
        for found in self.to_tell.pop(node, ()):
            yield Remark(found.word, [*quoted(found.message), "."], within=True)

    def remaining_warnings(self) -> Iterator[Block]:
        """What has to be said of nodes that are not shown."""
        remaining = [found for several in self.to_tell.values() for found in several]
        self.to_tell.clear()
        for found in remaining[: self.limit]:
            yield Remark(found.word, [*quoted(found.message), "."])
        if len(remaining) > self.limit:
            yield Remark("cut", [f"{len(remaining) - self.limit:,} more warnings are left out; --all shows them."])


COUNTS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten"}
