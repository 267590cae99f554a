"""Where infinities and nan come from: the first node or edge at which finite numbers stop being finite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite, isinf, isnan

from cgraph_cli.engine.passes import Gradients
from cgraph_cli.graph.graph import Graph
from cgraph_cli.report.findings import Found
from cgraph_cli.report.words import Description


def nonfinite(graph: Graph, values: Sequence[float], passes: Gradients, words: Description) -> Iterator[Found]:
    """The origins of all non-finite numbers among the nodes that take part."""
    if not all(map(isfinite, values)):
        yield from _values(graph, values, passes.reached, words)
    if not (all(map(isfinite, passes.local)) and all(map(isfinite, passes.upstream))):
        yield from _gradients(graph, values, passes, words)


def _values(graph: Graph, values: Sequence[float], reached: Sequence[int], words: Description) -> Iterator[Found]:
    inputs: Mapping[int, str] = {node: name for name, node in graph.variables.items()}
    needed = _needed(graph, reached)
    for node, value in enumerate(values):
        if isfinite(value) or not needed[node]:
            continue
        if node in inputs:
            yield "input", node, {"name": inputs[node], "value": value}
            continue
        args = [values[arg] for arg in graph.arguments(node)]
        if node in graph.constants or any(map(isnan, args)):
            continue
        place = words.at_point(node, values)
        if isnan(value):
            yield "domain" if all(map(isfinite, args)) else "indeterminate", node, {"place": place}
        elif all(map(isfinite, args)):
            yield "infinite", node, {"place": place, "value": value}


def _needed(graph: Graph, reached: Sequence[int]) -> bytearray:
    """The nodes whose values matter: those that take part and everything they are computed from."""
    needed = bytearray(reached)
    for node in range(len(graph) - 1, -1, -1):
        if needed[node]:
            arguments = graph.arguments(node)
            if graph.ops[node].chooses:
                needed[arguments[0]] = 1
                if graph.has_gradient[node]:
                    continue
            for arg in arguments:
                if not graph.has_gradient[arg] or not graph.ops[node].chooses:
                    needed[arg] = 1
    return needed


def _gradients(graph: Graph, values: Sequence[float], passes: Gradients, words: Description) -> Iterator[Found]:
    nan_arrives = bytearray(len(graph))  # users come before their arguments in this loop
    for node in range(len(graph) - 1, -1, -1):
        if not passes.reached[node]:
            continue
        arriving = passes.upstream[node]
        label = words.labels[node]
        for position, edge in enumerate(graph.edges(node)):
            if not graph.edge_has_gradient(node, position):
                continue
            arg = graph.args[edge]
            local, sent = passes.local[edge], passes.downstream[edge]
            nan_arrives[arg] |= isnan(sent)
            if isfinite(local) and isfinite(sent):
                continue
            name = f"∂{label}/∂{words.labels[arg]}"
            if not isfinite(local) and all(isfinite(values[one]) for one in (node, *graph.arguments(node))):
                formula, point = words.local(node, position, values), words.point(node, values)
                kind = "infinite local" if isinf(local) else "no local"
                yield kind, node, {"local": name, "formula": formula, "point": point}
            if arriving == 0 and isinf(local):
                yield "zero times infinity", node, {"label": label, "local": name}
            elif isfinite(local) and isfinite(arriving):
                yield "overflow", node, {"local": name}
        if isnan(arriving) and not nan_arrives[node]:
            yield "opposite infinities", node, {"label": label}
