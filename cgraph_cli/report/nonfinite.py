"""Where infinities and nan come from: the first node or edge at which finite numbers stop being finite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, isinf, isnan

from cgraph_cli.engine.passes import Gradients
from cgraph_cli.graph.graph import Graph
from cgraph_cli.report.findings import Warning
from cgraph_cli.report.words import Description


def nonfinite(graph: Graph, values: Sequence[float], passes: Gradients, text: Description) -> list[Warning]:
    """Warnings for the origins of all non-finite numbers among the nodes that take part."""
    found: list[Warning] = []
    taking_part = passes.reached
    if not all(map(isfinite, values)):
        found += _values(graph, values, taking_part, text)
    if not (all(map(isfinite, passes.local)) and all(map(isfinite, passes.upstream))):
        found += _gradients(graph, values, passes, text)
    return found


def _values(graph: Graph, values: Sequence[float], reached: Sequence[int], text: Description) -> list[Warning]:
    found = []
    inputs: Mapping[int, str] = {node: name for name, node in graph.variables.items()}
    needed = _needed(graph, reached)
    for node, value in enumerate(values):
        if isfinite(value) or not needed[node]:
            continue
        if node in inputs:
            found.append(Warning("non_finite_input", node, f"`{inputs[node]}` was given as {value}"))
            continue
        if node in graph.constants:
            continue
        args = [values[arg] for arg in graph.arguments(node)]
        if any(map(isnan, args)):
            continue
        place = text.at_point(node, values)
        if isnan(value):
            if all(map(isfinite, args)):
                found.append(Warning("domain", node, f"{place} is not defined: the value is nan"))
            else:
                found.append(Warning("indeterminate", node, f"{place} has no value: nan"))
        elif all(map(isfinite, args)):
            found.append(Warning("infinite_value", node, f"{place} is {value}: a pole, or too large for a double"))
    return found


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


def _gradients(graph: Graph, values: Sequence[float], passes: Gradients, text: Description) -> list[Warning]:
    found: list[Warning] = []
    nan_arrives = bytearray(len(graph))  # users come before their arguments in this loop
    for node in range(len(graph) - 1, -1, -1):
        if not passes.reached[node]:
            continue
        arriving = passes.upstream[node]
        label = text.labels[node]
        for position, edge in enumerate(graph.edges(node)):
            if not graph.edge_has_gradient(node, position):
                continue
            arg = graph.args[edge]
            local, sent = passes.local[edge], passes.downstream[edge]
            nan_arrives[arg] |= isnan(sent)
            name = f"∂{label}/∂{text.labels[arg]}"
            formula = text.local(node, position, values)
            if (
                not isfinite(local)
                and isfinite(values[node])
                and all(isfinite(values[a]) for a in graph.arguments(node))
            ):
                if isinf(local):
                    message = f"the local gradient {name} = {formula} is infinite at {text.point(node, values)}"
                    found.append(Warning("infinite_gradient", node, message))
                else:
                    message = f"the local gradient {name} = {formula} does not exist at {text.point(node, values)}"
                    found.append(Warning("undefined_gradient", node, message))
            if arriving == 0 and isinf(local):
                message = f"at `{label}` the upstream gradient 0 meets the infinite local gradient {name}: 0*inf is nan"
                found.append(Warning("zero_times_infinity", node, message))
            elif isfinite(local) and isfinite(arriving) and not isfinite(sent):
                found.append(Warning("gradient_overflow", node, f"upstream times local gradient {name} overflows"))
        if isnan(arriving) and not nan_arrives[node]:
            message = f"the downstream gradients that meet at `{label}` are infinities of both signs: nan"
            found.append(Warning("indeterminate_gradient", node, message))
    return found
