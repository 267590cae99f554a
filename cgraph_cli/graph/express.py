"""Graph to expression: a node as a syntax tree over the variables, large shared parts under names of their own."""

from __future__ import annotations

from cgraph_cli.errors import Span
from cgraph_cli.graph.graph import VARIABLE, Graph, Operation
from cgraph_cli.light import Collection, Iterable, Mapping, NamedTuple, Sequence
from cgraph_cli.syntax.expression import Assignment, Binary, Call, Definition, Name, Number, Program, Syntax, Unary
from cgraph_cli.syntax.printer import print_program


def operation_syntax(op: Operation, operands: Sequence[Syntax]) -> Syntax:
    """An operation as a syntax tree over its operands."""
    if op.symbol is None:
        return Call(op.name, list(operands))
    return Unary(op.symbol, operands[0]) if len(operands) == 1 else Binary(op.symbol, operands[0], operands[1])


def leaf_syntax(graph: Graph, node: int) -> Syntax:
    """A variable or constant as a syntax tree."""
    if node in graph.constants:
        return Name(graph.symbols[node]) if node in graph.symbols else Number(graph.constants[node])
    return Name(graph.names[node])


def expression_of(graph: Graph, node: int, named: Mapping[int, str] | None = None) -> Syntax:
    """One node written out, but for what it is made of that is ``named``; shared nodes are one object in the tree."""
    return _trees(graph, made_of(graph, [node], named or {}), named or {})[node]


def made_of(graph: Graph, nodes: Iterable[int], named: Collection[int] = ()) -> dict[int, Sequence[int]]:
    """The nodes that some are computed from down to those that are ``named``, themselves included, in order.

    Each with its arguments. No other node is looked at: a graph of many derivatives is much larger than one of them.
    """
    stack = list(nodes)
    found: dict[int, Sequence[int]] = {}
    while stack:
        node = stack.pop()
        if node not in found:
            arguments = found[node] = graph.arguments(node)
            stack += [arg for arg in arguments if arg not in named] if named else arguments
    return {node: found[node] for node in sorted(found)}


def tree_sizes(graph: Graph, named: Collection[int] = ()) -> list[int]:
    """The number of parts that each node has when it is written out in full, but for what is ``named``."""
    sizes = [1] * len(graph)
    for node in range(len(graph)):
        arguments = graph.arguments(node)
        if arguments:
            sizes[node] = 1 + sum(1 if arg in named else sizes[arg] for arg in arguments)
    return sizes


def needed(graph: Graph, nodes: Iterable[int], values: Sequence[float] | None = None) -> bytearray:
    """The nodes that some are computed from, themselves included; with ``values`` not those of a branch not taken."""
    found = bytearray(len(graph))
    for node in nodes:
        found[node] = 1
    for node in range(len(graph) - 1, -1, -1):
        if found[node]:
            arguments = graph.arguments(node)
            if values is not None and graph.ops[node].chooses:
                condition, yes, no = arguments
                arguments = condition, yes if values[condition] else no
            for arg in arguments:
                found[arg] = 1
    return found


def _trees(graph: Graph, nodes: Mapping[int, Sequence[int]], named: Mapping[int, str]) -> dict[int, Syntax]:
    """The trees of nodes that come after their arguments, down to those that are ``named``."""
    trees: dict[int, Syntax] = {}
    operands: dict[int, Syntax] = {node: Name(name) for node, name in named.items()}
    for node, arguments in nodes.items():
        if arguments:
            tree = operation_syntax(graph.ops[node], [operands[arg] for arg in arguments])
        else:
            tree = leaf_syntax(graph, node)
        trees[node] = tree
        operands.setdefault(node, tree)
    return trees


class NamedParts(NamedTuple):
    """Outputs of a graph as formulas in which large shared parts have names: ``t1 = exp(a*x + b)``.

    ``parts`` are (name, formula) in the order in which they can be evaluated, ``outputs`` the formulas of the outputs.
    """

    parts: list[tuple[str, Syntax]]
    outputs: list[Syntax]


MOST_UNNAMED = 120  # parts of formulas without names for what they share
WORTH_A_NAME = 10  # parts of text that a name must save


def named_parts(
    graph: Graph, nodes: Sequence[int], *, taken: Iterable[str] = (), given: Mapping[int, str] | None = None
) -> NamedParts:
    """The formulas of some nodes, with names for what is shared if they would have more than MOST_UNNAMED parts in all.

    Nodes whose names are ``given`` have them in any case.
    """
    names: dict[int, str] = dict(given or {})
    wanted = made_of(graph, [*nodes, *names])
    sizes: dict[int, int] = {}
    uses = dict.fromkeys(wanted, 0)
    for node in nodes:
        uses[node] += 1
    for node, arguments in wanted.items():
        size = 1
        for arg in arguments:
            uses[arg] += 1
            size += 1 if arg in names else sizes[arg]
        sizes[node] = size
    if sum(sizes[node] for node in nodes) > MOST_UNNAMED:
        used = set(graph.names.values()) | set(taken)
        number = 0
        for node, arguments in wanted.items():
            if names:
                sizes[node] = 1 + sum(1 if arg in names else sizes[arg] for arg in arguments)
            if uses[node] > 1 and node not in names and (uses[node] - 1) * (sizes[node] - 1) >= WORTH_A_NAME:
                number += 1
                while f"t{number}" in used:
                    number += 1
                names[node] = f"t{number}"
    trees = _trees(graph, made_of(graph, [*nodes, *names], names) if names else wanted, names)
    parts = [(names[node], trees[node]) for node in sorted(names)]
    outputs: list[Syntax] = [Name(names[node]) if node in names else trees[node] for node in nodes]
    return NamedParts(parts, outputs)


def program_of(graph: Graph, node: int) -> Program:
    """One node as a program in cgraph's language, with named parts where it would be long."""
    named = named_parts(graph, [node], taken=graph.variables)
    statements: list[Assignment] = [Assignment(name, tree) for name, tree in named.parts]
    statements.append(Assignment(None, named.outputs[0]))
    return _with_source(list(statements))


def program_as_written(graph: Graph) -> Program:
    """A graph as a program with the modules and the names that its user gave, as far as they are used."""
    outputs = list(graph.outputs.values())
    wanted = needed(graph, outputs)
    statements: list[Assignment | Definition] = [
        Definition(op.name, list(op.parameters), expression_of(op.body, op.body.output), Span(0, 0))
        for op in modules_in(graph)
        if op.body is not None
    ]
    given = {
        node: name
        for node, name in graph.names.items()
        if wanted[node] and node not in graph.symbols and graph.ops[node] is not VARIABLE and node != graph.output
    }
    for name, node in graph.outputs.items():
        if node != graph.output:
            given.setdefault(node, name)
    named = named_parts(graph, [*given, graph.output], taken=graph.variables, given=given)
    statements += [Assignment(name, tree) for name, tree in named.parts]
    last = graph.names.get(graph.output) if graph.output not in graph.symbols else None
    is_given = last is not None and graph.ops[graph.output] is not VARIABLE
    statements.append(Assignment(last if is_given else None, named.outputs[-1]))
    return _with_source(statements)


def modules_in(graph: Graph) -> list[Operation]:
    """The modules that a graph calls, each after those that it is made of."""
    found: dict[Operation, None] = {}
    stack = [op for op in dict.fromkeys(graph.ops) if op.body is not None][::-1]
    while stack:
        op = stack[-1]
        assert op.body is not None
        waiting = [one for one in dict.fromkeys(op.body.ops) if one.body is not None and one not in found]
        if waiting:
            stack += waiting[::-1]
        else:
            found.setdefault(op)
            stack.pop()
    return list(found)


def _with_source(statements: list[Assignment | Definition]) -> Program:
    program = Program("", statements)
    program.source = print_program(program)
    return program
