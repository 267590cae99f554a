"""The order of names in products that nobody wrote: 2*b*x by x where there is b*x^2, though x came first."""

from __future__ import annotations

from cgraph_cli.graph.graph import VARIABLE, Graph
from cgraph_cli.light import Iterable, Mapping
from cgraph_cli.symbolic import ops

LEADING = (ops.POW, ops.NEG, ops.DIV)  # whose names are those of their first argument


def names_in_order(graph: Graph) -> list[str]:
    """The variables of a graph as they follow each other in its products, else as they first come.

    Of two products that disagree, x*y and y*x, the first counts.
    """
    first, last = [-1] * len(graph), [-1] * len(graph)  # of the names among the factors of a node
    before: dict[int, dict[int, None]] = {node: {} for node in graph.variables.values()}
    for node, op in enumerate(graph.ops):
        if op is VARIABLE:
            first[node] = last[node] = node
        elif op in LEADING:
            arg = graph.arguments(node)[0]
            first[node], last[node] = first[arg], last[arg]
        elif op is ops.MUL:
            left, right = graph.arguments(node)
            one, other = last[left], first[right]
            if one >= 0 and other >= 0 and other not in before[one]:
                before[other][one] = None
            first[node] = first[left] if first[left] >= 0 else other
            last[node] = last[right] if other >= 0 else one
    return [graph.names[node] for node in _sorted(before)]


def _sorted(before: Mapping[int, Iterable[int]]) -> list[int]:
    """Nodes in their order, but each after those that are to stand before it, as far as they are in no circle."""
    after: dict[int, list[int]] = {node: [] for node in before}
    missing = dict.fromkeys(before, 0)
    for node, earlier in before.items():
        for one in earlier:
            after[one].append(node)
            missing[node] += 1
    placed: dict[int, None] = {}
    passed: set[int] = set()
    for start in before:
        passed.add(start)
        ready = [] if missing[start] else [start]
        for node in ready:
            placed[node] = None
            for one in after[node]:
                missing[one] -= 1
                if not missing[one] and one in passed:
                    ready.append(one)
    return [*placed, *(node for node in before if node not in placed)]
