"""Graph to expression: a node as a syntax tree over the variables, large shared parts under names of their own."""

from __future__ import annotations

from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, Operation
from cgraph_cli.light import Iterable, NamedTuple, Sequence, integers
from cgraph_cli.syntax.expression import Assignment, Binary, Call, Name, Number, Program, Syntax, Unary
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


def expression_of(graph: Graph, node: int) -> Syntax:
    """One node written out in full; shared nodes are one object in the tree."""
    return _trees(graph, [node], {})[node]


def tree_sizes(graph: Graph) -> list[int]:
    """The number of parts that each node has when it is written out in full."""
    sizes = [1] * len(graph)
    for node in range(len(graph)):
        arguments = graph.arguments(node)
        if arguments:
            sizes[node] = 1 + sum(sizes[arg] for arg in arguments)
    return sizes


def needed(graph: Graph, nodes: Iterable[int]) -> bytearray:
    """The nodes that some are computed from, themselves included."""
    found = bytearray(len(graph))
    for node in nodes:
        found[node] = 1
    for node in range(len(graph) - 1, -1, -1):
        if found[node]:
            for arg in graph.arguments(node):
                found[arg] = 1
    return found


def _trees(graph: Graph, nodes: Sequence[int], named: dict[int, str]) -> dict[int, Syntax]:
    wanted = needed(graph, nodes)
    trees: dict[int, Syntax] = {}
    for node, op in enumerate(graph.ops):
        if not wanted[node]:
            continue
        if op is VARIABLE or op is CONSTANT:
            trees[node] = leaf_syntax(graph, node)
        else:
            operands: list[Syntax] = [Name(named[arg]) if arg in named else trees[arg] for arg in graph.arguments(node)]
            trees[node] = operation_syntax(op, operands)
    return trees


class NamedParts(NamedTuple):
    """Outputs of a graph as formulas in which large shared parts have names: ``t1 = exp(a*x + b)``.

    ``parts`` are (name, formula) in the order in which they can be evaluated, ``outputs`` the formulas of the outputs.
    """

    parts: list[tuple[str, Syntax]]
    outputs: list[Syntax]


WORTH_A_NAME = 10  # parts of text that a name must save


def named_parts(graph: Graph, nodes: Sequence[int], *, most: int = 120, taken: Iterable[str] = ()) -> NamedParts:
    """The formulas of some nodes, with names for what is shared if they would have more than ``most`` parts in all."""
    sizes = tree_sizes(graph)
    names: dict[int, str] = {}
    if sum(sizes[node] for node in nodes) > most:
        wanted = needed(graph, nodes)
        uses = integers(len(graph))
        for node in range(len(graph)):
            if wanted[node]:
                for arg in graph.arguments(node):
                    uses[arg] += 1
        for node in nodes:
            uses[node] += 1
        used = set(graph.names.values()) | set(taken)
        number = 0
        for node in range(len(graph)):
            sizes[node] = 1 + sum(1 if arg in names else sizes[arg] for arg in graph.arguments(node))
            if (uses[node] - 1) * (sizes[node] - 1) >= WORTH_A_NAME:
                number += 1
                while f"t{number}" in used:
                    number += 1
                names[node] = f"t{number}"
    trees = _trees(graph, nodes, names)
    parts = [(name, trees[node]) for node, name in names.items()]
    outputs: list[Syntax] = [Name(names[node]) if node in names else trees[node] for node in nodes]
    return NamedParts(parts, outputs)


def program_of(graph: Graph, node: int) -> Program:
    """One node as a program in cgraph's language, with named parts where it would be long."""
    named = named_parts(graph, [node], taken=graph.variables)
    statements: list[Assignment] = [Assignment(name, tree) for name, tree in named.parts]
    statements.append(Assignment(None, named.outputs[0]))
    program = Program("", list(statements))
    program.source = print_program(program)
    return program
