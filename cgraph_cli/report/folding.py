"""The graph that people are shown: every sum or product of many terms is one node, with the numbers of the passes.

Ids, labels and edges stay what they are, so that the columns are those of the whole graph, however large it is. The
inner links of a chain, which nothing uses any more, are constants there, and a constant that nothing uses is shown
nowhere.
"""

from __future__ import annotations

from bisect import bisect_left
from math import isfinite, isinf

from cgraph_cli.engine.passes import Gradients
from cgraph_cli.graph.graph import CONSTANT, Graph
from cgraph_cli.light import Iterator, Mapping, MutableSequence, Sequence, doubles
from cgraph_cli.report.chains import Chain, Chains, without
from cgraph_cli.report.findings import Found
from cgraph_cli.report.words import Description


class Constants(dict[int, float]):
    """The numbers of a graph's constants, and asked by node those of inner links too."""

    def __init__(self, known: Mapping[int, float], inner: Sequence[int], values: Sequence[float]) -> None:
        super().__init__(known)
        self.inner = inner
        self.node_values = values

    def __contains__(self, node: object) -> bool:
        return super().__contains__(node) or (isinstance(node, int) and bool(self.inner[node]))

    def __missing__(self, node: int) -> float:
        return self.node_values[node]


class Folded(Graph):
    """A graph with one node for each chain, whose edges are those of its links to its terms."""

    def __init__(self, graph: Graph, chains: Chains, values: Sequence[float]) -> None:
        vars(self).update(vars(graph))
        self.chains, inner = chains, chains.inner
        self.ops, self.constants = [*graph.ops], Constants(graph.constants, inner, values)
        self.has_gradient = without(graph.has_gradient, inner)
        self._edges: dict[int, Sequence[int]] = {}
        self._arguments: dict[int, Sequence[int]] = {}
        for links in chains.links:
            for link in links:
                self.ops[link] = CONSTANT
            self.ops[links[-1]] = chains.operation(links)
            edges = graph.args[:0]  # as compact as those are
            edges.extend(chains.edges(links))
            arguments = graph.args[:0]
            arguments.extend(map(graph.args.__getitem__, edges))
            self._edges[links[-1]], self._arguments[links[-1]] = edges, arguments

    def edges(self, node: int) -> Sequence[int]:
        return () if self.chains.inner[node] else self._edges.get(node) or super().edges(node)

    def arguments(self, node: int) -> Sequence[int]:
        return () if self.chains.inner[node] else self._arguments.get(node) or super().arguments(node)

    def edge_has_gradient(self, node: int, position: int) -> bool:
        argument = self.args[self.edges(node)[position]]
        return bool(self.has_gradient[argument]) and self.ops[node].passes_gradient(position)

    def user(self, edge: int) -> int:
        return self.chains.last(super().user(edge))

    def position(self, edge: int) -> int:
        edges = self._edges.get(self.user(edge))
        return super().position(edge) if edges is None else bisect_left(edges, edge)


def folded_passes(passes: Gradients, shown: Folded) -> Gradients:
    """The gradients at the edges of a folded graph.

    The local gradient of a term is the product of those on its way, from the last link of its chain down to the term;
    in a sum that is the last of them, since all before it are 1 unless the sum is nan.
    """
    local = None
    chains = shown.chains
    for links in chains.links:
        op, last = shown.ops[links[-1]], chains.graph.offsets[links[-1]]
        if passes.local[last] != 1 or (isinstance(op, Chain) and op.is_product):
            local, way = _copied(passes.local) if local is None else local, 1.0
            for index in range(len(links) - 1, -1, -1):
                first, second = chains.graph.edges(links[index])
                local[second] = way * passes.local[second]
                way = way * passes.local[first]
            local[first] = way
    return passes if local is None else passes._replace(local=local)


def _copied(numbers: Sequence[float]) -> MutableSequence[float]:
    if isinstance(numbers, list):
        return [*numbers]
    made = doubles(len(numbers))
    made[:] = numbers
    return made


def extreme_locals(passes: Gradients, shown: Folded, words: Description) -> Iterator[Found]:
    """The local gradients of products that no double holds, although the upstream gradient times each factor is one."""
    for links in shown.chains.links:
        node = links[-1]
        op = shown.ops[node]
        for edge in shown.edges(node) if isinstance(op, Chain) and op.is_product else ():
            local, sent = passes.local[edge], passes.downstream[edge]
            if passes.sends[edge] and isfinite(sent) and (isinf(local) or (local == 0 and sent != 0)):
                size = "large" if isinf(local) else "small"
                arg = shown.args[edge]
                yield "product", node, {"local": words.quoted_local(node, arg), "size": size, "arg": arg}
