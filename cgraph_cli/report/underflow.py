"""What underflow has lost: numbers that are 0 in doubles and not in high precision, as something was too small."""

from __future__ import annotations

from math import isfinite, isnan

from cgraph_cli.engine.passes import Gradients, backward, forward
from cgraph_cli.graph.graph import Graph, operation
from cgraph_cli.light import Any, Iterator, Mapping, Sequence
from cgraph_cli.report.findings import Found
from cgraph_cli.report.words import Description, derivative_name

PRODUCTS = frozenset(map(operation, ("mul", "div", "pow")))  # 0 only where their first argument or a factor is
MOST_NODES = 1000  # beyond, high precision would take longer than all else


def lost_to_underflow(graph: Graph, values: Sequence[float], passes: Gradients, words: Description) -> Iterator[Found]:
    """The value and the gradients that are 0 for nothing but an underflow on the way to the output.

    A 0 that is the nearest double to the number (exp(-1000), 1e-200^2) is right, and nothing is said of it.
    """
    names, out = list(graph.variables), graph.output
    given = [values[out], *(passes.upstream[graph.variables[name]] for name in names)]
    if 0.0 not in given or 0.0 not in values or len(graph) > MOST_NODES:
        return
    small = next(
        (node for node in range(len(graph)) if passes.reached[node] and _underflows(graph, node, values)), None
    )
    if small is None:
        return
    from cgraph_cli.engine.mpmath import precise
    from cgraph_cli.engine.truth import Quantities, Truth

    def exact(point: Mapping[str, Any]) -> list[Any]:
        numbers = forward(graph, point, precise())
        upstream = backward(graph, numbers, out, precise()).upstream
        return [numbers[out], *(upstream[graph.variables[name]] for name in names)]

    truth = Truth(graph, {name: values[node] for name, node in graph.variables.items()})
    found = truth.values(Quantities(len(given), 2 * len(graph), exact))
    output = next(reversed(graph.outputs))
    place = words.at_point(small, values)
    for number, true, name in zip(given, found, (None, *names), strict=True):
        if number != 0 or not true or isnan(true):
            continue
        if name is None:
            yield "underflow", small, {"place": place, "name": f"`{output}`", "true_value": true}
        else:
            fields = {"place": place, "name": derivative_name(output, (name,)), "arg": graph.variables[name]}
            yield "underflow gradient", small, {**fields, "true_value": true}


def _underflows(graph: Graph, node: int, values: Sequence[float]) -> bool:
    """Whether a 0 stands for a number that is none: no factor is 0, or the function has no 0 in its range."""
    op, args = graph.ops[node], [values[arg] for arg in graph.arguments(node)]
    if values[node] != 0 or op.rule is None or not args or not all(map(isfinite, args)):
        return False
    if op in PRODUCTS:
        return args[0] != 0 and (args[1] != 0 or op is not operation("mul"))
    return not op.rule.range.contains(0)
