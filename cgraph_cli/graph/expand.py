"""Modules written out: a graph in which every call of a module is the inside of the module."""

from __future__ import annotations

from cgraph_cli.graph.formula import Layer, value_formula
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, Operation, operation
from cgraph_cli.light import Mapping, Sequence
from cgraph_cli.limits import check_nodes


def expanded(graph: Graph, *, rows: bool = False) -> tuple[Graph, Sequence[int]]:
    """The graph with the inside of every user's module in the place of its call, and where each node is in it.

    With ``rows`` the built-in functions that are made of others are written out too. All nodes of a row stand at the
    place of its call in the text. Raises TooLargeError for more nodes than the graph may have.
    """
    if not rows and not any(op.is_module for op in graph.ops):
        return graph, range(len(graph))
    check_nodes(graph.written_out, graph.max_nodes, "the expression with its modules written out")
    result = Graph(graph.max_nodes)
    places = _copy(graph, result, {}, rows)
    result.outputs = {name: places[node] for name, node in graph.outputs.items()}
    for node, name in graph.names.items():
        result.names.setdefault(places[node], name)
    return result, places


# Recursion is bounded by the nesting of modules, which modules.py limits.
def _copy(graph: Graph, result: Graph, bound: Mapping[str, int], rows: bool) -> list[int]:
    places: list[int] = []
    for node, op in enumerate(graph.ops):
        start, end = graph.starts[node], graph.ends[node]
        if op is VARIABLE:
            name = graph.names[node]
            places.append(bound[name] if name in bound else result.variable(name, start, end))
        elif op is CONSTANT:
            places.append(result.constant(graph.constants[node], graph.symbols.get(node), start, end))
        else:
            args = [places[arg] for arg in graph.arguments(node)]
            if op.body is not None:
                inner = _copy(op.body, result, dict(zip(op.parameters, args, strict=True)), rows)
                places.append(inner[op.body.output])
            elif rows:
                places.append(_laid(op, args, result, start, end))
            else:
                places.append(result.add(op, args, start, end))
    return places


def _laid(op: Operation, args: Sequence[int], result: Graph, start: int, end: int) -> int:
    def make(name: str, args: Sequence[int]) -> int:
        inside = value_formula(name, textbook=True)
        return result.add(operation(name), args, start, end) if inside is None else layer.lay(name, inside, args)

    layer: Layer[int] = Layer(make, lambda value, name: result.constant(value, name, start, end))
    return make(op.name, args)
