"""The graph that people are shown: every sum or product of many terms is one node, with the numbers of the passes.

Ids and labels stay what they are. The inner links of a chain, which nothing uses any more, are constants there, and a
constant that nothing uses is shown nowhere.
"""

from __future__ import annotations

from itertools import islice
from math import isfinite, isinf

from cgraph_cli.engine.passes import Gradients
from cgraph_cli.graph.graph import CONSTANT, Graph
from cgraph_cli.light import Iterator, MutableSequence, Sequence, doubles, operator
from cgraph_cli.report.chains import Chains
from cgraph_cli.report.findings import Found
from cgraph_cli.report.words import Description


def folded_graph(graph: Graph, chains: Chains, values: Sequence[float]) -> tuple[Graph, Sequence[int]]:
    """The graph with one node for each chain, and which edge of ``graph`` each of its edges is."""
    lasts = {links[-1]: links for links in chains.links}
    shown = Graph()
    shown.ops = [*graph.ops]
    shown.starts, shown.ends = graph.starts, graph.ends
    shown.constants, shown.names, shown.symbols = dict(graph.constants), graph.names, graph.symbols
    shown.variables, shown.outputs = graph.variables, graph.outputs
    edges, offsets = graph.args[:0], graph.offsets[:1]  # as compact as those of the graph
    ops, constants, inner = shown.ops, shown.constants, chains.inner
    start = 0
    for node, end in enumerate(islice(graph.offsets, 1, None)):
        if inner[node]:
            ops[node] = CONSTANT
            constants[node] = values[node]
        elif node in lasts:
            ops[node] = chains.operation(lasts[node])
            edges.extend(chains.edges(lasts[node]))
        elif end > start:
            edges.extend(range(start, end))
        offsets.append(len(edges))
        start = end
    shown.has_gradient = bytearray(map(operator.gt, graph.has_gradient, inner))
    shown.offsets, shown.args = offsets, graph.args[:0]
    shown.args.extend(map(graph.args.__getitem__, edges))
    return shown, edges


def folded_passes(passes: Gradients, chains: Chains, shown: Graph, edges: Sequence[int]) -> Gradients:
    """The gradients at the edges of the folded graph, which are these ``edges``.

    The local gradient of a term is the product of those on its way, from the last link of its chain down to the term.
    """
    local, downstream = _like(passes.local, len(edges)), _like(passes.local, len(edges))
    for column, whole in ((local, passes.local), (downstream, passes.downstream)):
        for at, edge in enumerate(edges):
            column[at] = whole[edge]
    sends = bytearray(map(passes.sends.__getitem__, edges))
    for links in chains.links:
        start, way = shown.offsets[links[-1]], 1.0
        for index in range(len(links) - 1, -1, -1):
            first, second = chains.graph.edges(links[index])
            local[start + index + 1] = way * passes.local[second]
            way = way * passes.local[first]
        local[start] = way
    return passes._replace(local=local, downstream=downstream, sends=sends)


def _like(numbers: Sequence[float], size: int) -> MutableSequence[float]:
    """Room for so many numbers of a kind: doubles, or those of a list."""
    return [0.0] * size if isinstance(numbers, list) else doubles(size)


def extreme_locals(passes: Gradients, chains: Chains, shown: Graph, words: Description) -> Iterator[Found]:
    """The local gradients of products that no double holds, although the upstream gradient times each factor is one."""
    for links in chains.links:
        node = links[-1]
        for edge in shown.edges(node):
            local, sent = passes.local[edge], passes.downstream[edge]
            if passes.sends[edge] and isfinite(sent) and (isinf(local) or (local == 0 and sent != 0)):
                size = "large" if isinf(local) else "small"
                arg = shown.args[edge]
                yield "product", node, {"local": words.quoted_local(node, arg), "size": size, "arg": arg}
