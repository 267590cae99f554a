"""Nodes in words: what each is called, its operation and its local gradients as formulas over those labels."""

from __future__ import annotations

from itertools import accumulate, chain, compress, count, filterfalse, groupby

from cgraph_cli.graph.express import operation_syntax
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, Operation
from cgraph_cli.light import AbstractSet, Callable, Iterator, Mapping, Sequence, cached_property, copy, integers
from cgraph_cli.report import templates
from cgraph_cli.report.chains import Chain, Chains, without
from cgraph_cli.report.findings import told_point
from cgraph_cli.report.templates import Template
from cgraph_cli.syntax.expression import SUPERSCRIPTS, Name, Number, Syntax
from cgraph_cli.syntax.printer import SPACED, TEXT, Notation, format_number, print_expression

BLOCK = 512  # nodes


class Numbers:
    """The number by which each node of a graph is called, 0 where it has none, in the order of evaluation.

    The ``inner`` ones have the numbers after those of the others; what is ``used`` as a name is no number. That of one
    node is counted, as the column of them all takes as long as a pass.
    """

    def __init__(self, is_numbered: bytearray, inner: bytearray, used: AbstractSet[int]) -> None:
        self._marks = without(is_numbered, inner), inner
        self._used = used - {0}  # they begin with 1

    @cached_property
    def column(self) -> Sequence[int]:
        """Those of all nodes, for who goes through them."""
        numbers, nodes = integers(len(self._marks[0])), range(len(self._marks[0]))
        numbered = chain.from_iterable(compress(nodes, marks) for marks in self._marks)
        for node, number in zip(numbered, filterfalse(self._used.__contains__, count(1)), strict=False):
            numbers[node] = number
        return numbers

    @cached_property
    def _before(self) -> list[list[int]]:
        """How many nodes have a number before each block of nodes: of the others, and of the inner ones."""
        found, last = [], 0
        for marks in self._marks:
            counts = (marks.count(1, start, start + BLOCK) for start in range(0, len(marks), BLOCK))
            found.append([*accumulate(counts, initial=last)])
            last = found[-1][-1]
        return found

    @cached_property
    def _skipped(self) -> list[int]:
        """Of each number that is used, the first of the nodes that are called past it."""
        return [number - before for before, number in enumerate(sorted(self._used))]

    def __getitem__(self, node: int) -> int:
        for marks, before in zip(self._marks, self._before, strict=True):
            if marks[node]:
                rank = before[node // BLOCK] + marks.count(1, node - node % BLOCK, node + 1)
                if not self._used:
                    return rank
                from bisect import bisect_right

                return rank + bisect_right(self._skipped, rank)
        return 0


class Labels(Sequence[str]):
    """What each node is called: its own name, a constant's number, the output f, else v1, v2, … in evaluation order.

    The ``inner`` nodes of sums and products of many terms, which most people never see, have the numbers after these.
    """

    def __init__(self, graph: Graph, inner: bytearray) -> None:
        self._names = graph.names
        self._constants = graph.constants
        named = {name for name in chain(graph.names.values(), graph.outputs) if name[0] == "v"}
        used = {
            int(name[1:]) for name in named if len(name) < 20 and name[1:].isdecimal() and name == f"v{int(name[1:])}"
        }
        self._outputs = {
            node: name
            for name, node in graph.outputs.items()
            if node not in graph.names and node not in graph.constants
        }
        is_numbered = bytearray(b"\1") * len(graph)
        for node in chain(graph.names, graph.constants, self._outputs):
            is_numbered[node] = 0
        self.numbers = Numbers(is_numbered, inner, used)
        self._size = len(graph)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, node: int) -> str:  # type: ignore[override]
        number = self.numbers[node]
        if number:
            return f"v{number}"
        name = self._names.get(node) or self._outputs.get(node)
        return name if name is not None else format_number(self._constants[node])


class Description:
    """The words for the nodes of one graph, in one notation; ``used`` are local gradients, by node and position, that
    are not what their formulas say."""

    def __init__(self, graph: Graph, notation: Notation = TEXT) -> None:
        self.graph = graph
        self.notation = notation
        self.used: Mapping[tuple[int, int], float] = {}
        self._modules: dict[tuple[Operation, int], Template] = {}

    # Made on first use: for a million nodes they take as long as the passes.
    @cached_property
    def chains(self) -> Chains:
        """The sums and products of many terms."""
        return Chains(self.graph)

    @cached_property
    def labels(self) -> Labels:
        """What each node is called."""
        return Labels(self.graph, self.chains.inner)

    def notated(self, notation: Notation) -> Description:
        """The same words in another notation."""
        words = copy(self)
        words.notation = notation
        return words

    def over(self, graph: Graph) -> Description:
        """The same words for a graph in which every chain is one node."""
        words = copy(self)
        words.chains, words.labels = self.chains, self.labels
        words.graph = graph
        return words

    def label(self, node: int) -> str:
        """What a node is called, in this notation."""
        text = self.labels[node]
        return self.notation.name(text) if node not in self.graph.constants or node in self.graph.names else text

    def operand(self, node: int) -> Syntax:
        """A node as an operand of a formula: its label, or its number."""
        if node in self.graph.constants and node not in self.graph.names:
            return Number(self.graph.constants[node])
        return Name(self.labels[node])

    def operation(self, node: int) -> str:
        """A node's operation over its arguments' labels: ``v1*z``; a leaf is its label."""
        graph = self.graph
        op = graph.ops[node]
        if op is VARIABLE:
            return self.label(node)
        if op is CONSTANT:
            symbol = graph.symbols.get(node)
            return format_number(graph.constants[node]) if symbol is None else self.notation.name(symbol)
        arguments = graph.arguments(node)
        if self.notation is TEXT and len(arguments) == 2 and op.symbol is not None:
            left, right = self.labels[arguments[0]], self.labels[arguments[1]]
            if left[0] != "-" and right[0] != "-":
                return f"{left} {op.symbol} {right}" if op.symbol in SPACED else f"{left}{op.symbol}{right}"
        return print_expression(self.syntax(node, self.operand), self.notation)

    def syntax(self, node: int, operand: Callable[[int], Syntax]) -> Syntax:
        """A node's operation over what stands for its arguments; of very many terms over the first and the last."""
        op, arguments = self.graph.ops[node], self.graph.arguments(node)
        if isinstance(op, Chain):
            return op.syntax(op.terms(), lambda position: operand(arguments[position]))
        return operation_syntax(op, [operand(arg) for arg in arguments])

    def local_syntax(self, node: int, position: int, values: Sequence[float] | None = None) -> Syntax | None:
        """The formula of a local gradient over labels as a tree, None where no gradient flows.

        With ``values`` a limit that holds at the point is shown in the place of the formula that fails there.
        """
        if not self.graph.edge_has_gradient(node, position):
            return None
        if (node, position) in self.used:
            return Number(self.used[node, position])
        op, arguments = self.graph.ops[node], self.graph.arguments(node)
        if isinstance(op, Chain):
            if op.is_product:
                return op.syntax(op.factors(position), lambda one: self.operand(arguments[one]))
            link, at = op.part(position)
            return templates.of_row(link.name, at, (None, None)).tree
        places = self._places(node, position).items()
        return self._template(node, position, values).filled({at: self.operand(one) for at, one in places})

    def local(self, node: int, position: int, values: Sequence[float] | None = None) -> str:
        """The formula of a local gradient over labels, as text; the empty text where no gradient flows."""
        graph = self.graph
        if not graph.edge_has_gradient(node, position):
            return ""
        if (node, position) in self.used:
            return format_number(self.used[node, position])
        op = graph.ops[node]
        if self.notation is TEXT and op.is_row and not (isinstance(op, Chain) and op.is_product):
            link, at = op.part(position) if isinstance(op, Chain) else (op, position)
            short = templates.of_few(link.name, at)
            if short is not None:
                return short if isinstance(short, str) else self.labels[graph.arguments(node)[short]]
        places = {} if isinstance(op, Chain) else self._places(node, position)
        if (
            self.notation is not TEXT
            or isinstance(op, Chain)
            or any(graph.constants.get(one, 0.0) < 0 for one in places.values())
        ):
            syntax = self.local_syntax(node, position, values)
            assert syntax is not None
            return print_expression(syntax, self.notation)
        text = self._template(node, position, values).text
        return text.translate({at: self.labels[one] for at, one in places.items()})

    def texts(self, nodes: Sequence[int], values: Sequence[float]) -> Iterator[tuple[str, str, Sequence[str]]]:
        """Of some nodes the label, operation and formula of each local gradient; what ``local`` says, in less time.

        A sum or product of many terms comes without formulas.
        """
        graph, label = self.graph, self.labels.__getitem__
        numbers = self.labels.numbers.column if 2 * len(nodes) > len(graph) else self.labels.numbers
        ops, args, offsets, depends = graph.ops, graph.args, graph.offsets, graph.has_gradient.__getitem__
        name_of, all_depend = graph.names.get, 0 not in graph.has_gradient
        known: dict[Operation, tuple[Callable[..., str] | None, Sequence[Callable[..., str]]]] = {}
        special = {node for node, _ in self.used}
        for node in nodes:
            op, start, end = ops[node], offsets[node], offsets[node + 1]
            if op is VARIABLE or op is CONSTANT:
                yield label(node), self.operation(node), ()
                continue
            if op not in known:
                is_row = self.notation is TEXT and op.is_row and not isinstance(op, Chain)
                forms = templates.forms(op.name) if is_row else ()
                known[op] = (forms[0], forms[1:]) if forms else (None, ())
            own, locals_of = known[op]
            if own is not None and node not in special and (all_depend or all(map(depends, args[start:end]))):
                labels = [
                    name_of(one) or (f"v{numbers[one]}" if numbers[one] else label(one))
                    for one in (node, *args[start:end])
                ]
                yield labels[0], own(*labels), [form(*labels) for form in locals_of]
            else:
                positions = range(0 if isinstance(op, Chain) else end - start)
                formulas = [self.local(node, position, values) for position in positions]
                yield label(node), self.operation(node), formulas

    def _places(self, node: int, position: int) -> dict[int, int]:
        """The nodes that stand in the places of a template."""
        op = self.graph.ops[node]
        arguments = self.graph.arguments(node)
        shown = templates.shown_of_many(op.name, len(arguments)) if op.rule.many else range(len(arguments))
        places = {templates.FIRST + index: arguments[one] for index, one in enumerate(shown) if one is not None}
        return places | {templates.OWN: node, templates.SUBJECT: arguments[position]}

    def _template(self, node: int, position: int, values: Sequence[float] | None) -> Template:
        graph = self.graph
        op = graph.ops[node]
        arguments = graph.arguments(node)
        if op.is_module:
            key = (op, position)
            if key not in self._modules:
                self._modules[key] = templates.of_module(op, position)
            return self._modules[key]
        arm = 0
        if values is not None:
            from cgraph_cli.engine.kernels import limit_kernel

            choose = limit_kernel(op.name, position)
            if choose is not None:
                # Of any number of arguments a condition sees only the value f.
                arm = int(choose(values[node], *([] if op.rule.many else [values[arg] for arg in arguments])))
        if op.rule.many:
            return templates.of_many(op.name, len(arguments), arm)
        return templates.of_row(op.name, position, tuple(map(self.fixed, arguments)), arm)

    def fixed(self, node: int) -> float | str | None:
        """A constant that is written into formulas: pi by its name, a number unless the user has given it one."""
        symbol = self.graph.symbols.get(node)
        return self.graph.constants.get(node) if symbol is None and node not in self.graph.names else symbol

    def point(self, node: int, values: Sequence[float]) -> tuple[str | float, ...]:
        """The values of a node's arguments, ``x = -2, y = 5``, as a text with numbers in it."""
        graph, links = self.graph, self.chains.until(node)
        arguments = [graph.args[edge] for edge in self.chains.edges(links)] if links else graph.arguments(node)
        seen = [arg for arg in dict.fromkeys(arguments) if arg not in graph.constants]
        return (*told_point((self.label(arg), values[arg]) for arg in seen[:4]), *([", …"] if len(seen) > 4 else []))

    def at_point(self, node: int, values: Sequence[float]) -> tuple[str | float, ...]:
        """A node's operation and the point where it is computed, ``log(x) at x = -1``, as a text with numbers in it."""
        point = self.point(node, values)
        has_name = node not in self.graph.constants and not self.chains.inner[node]
        name = f"{self.label(node)} = " if has_name else ""
        return (f"`{name}{self._whole(node)}`", *((" at ", *point) if point else ()))

    def quoted(self, node: int) -> str:
        """What a finding calls a node: its label, a part of a sum or product by the terms that it has."""
        return f"({self._whole(node)})" if self.chains.inner[node] else self.labels[node]

    def quoted_local(self, node: int, arg: int) -> str:
        """What a finding calls a local gradient: ``∂f/∂(a*b*c)``."""
        return f"∂{self.quoted(node)}/∂{self.quoted(arg)}"

    def _whole(self, node: int) -> str:
        """A node's operation, that of a link over the terms of its chain."""
        links = self.chains.until(node)
        if not links:
            return self.operation(node)
        op, args = self.chains.operation(links), [self.graph.args[edge] for edge in self.chains.edges(links)]
        return print_expression(op.syntax(op.terms(), lambda position: self.operand(args[position])), self.notation)


def powers(wrt: Sequence[str]) -> list[tuple[str, int]]:
    """Names that follow each other as powers: x, x, y is x² y."""
    return [(name, len([*same])) for name, same in groupby(wrt)]


def derivative_name(output: str, wrt: Sequence[str], notation: Notation = TEXT, *, ascii: bool = False) -> str:
    """What a derivative is called: ∂f/∂x, ∂²f/∂x∂y, d^2f/dx^2."""
    d = "d" if ascii else "∂"

    def power(count: int) -> str:
        if count == 1:
            return ""
        return f"^{count}" if ascii else str(count).translate(SUPERSCRIPTS)

    below = "".join(f"{d}{notation.name(name)}{power(count)}" for name, count in powers(wrt))
    return f"{d}{power(len(wrt))}{notation.name(output)}/{below}"
