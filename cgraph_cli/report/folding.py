"""The graph that people are shown: every sum or product of many terms is one node, with the numbers of the passes.

Ids and labels stay what they are. The inner links of a chain, which nothing uses any more, are constants there, and a
constant that nothing uses is shown nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from cgraph_cli.engine.passes import Gradients
from cgraph_cli.graph.graph import CONSTANT, Graph
from cgraph_cli.report.chains import Chains


def folded_graph(graph: Graph, chains: Chains, values: Sequence[float]) -> tuple[Graph, list[int]]:
    """The graph with one node for each chain, and which edge of ``graph`` each of its edges is."""
    lasts = {links[-1]: links for links in chains.links}
    shown = Graph()
    shown.ops = [*graph.ops]
    shown.has_gradient = graph.has_gradient[:]
    shown.starts, shown.ends = graph.starts, graph.ends
    shown.constants, shown.names, shown.symbols = dict(graph.constants), graph.names, graph.symbols
    shown.variables, shown.outputs = graph.variables, graph.outputs
    edges: list[int] = []
    for node in range(len(graph)):
        if chains.inner[node]:
            shown.ops[node] = CONSTANT
            shown.has_gradient[node] = 0
            shown.constants[node] = values[node]
        elif node in lasts:
            shown.ops[node] = chains.operation(lasts[node])
            edges += chains.edges(lasts[node])
        else:
            edges += graph.edges(node)
        shown.offsets.append(len(edges))
    shown.args.extend(graph.args[edge] for edge in edges)
    return shown, edges


def folded_passes(passes: Gradients, chains: Chains, shown: Graph, edges: Sequence[int]) -> Gradients:
    """The gradients at the edges of the folded graph, which are these ``edges``.

    The local gradient of a term is the product of those on its way, from the last link of its chain down to the term.
    """
    local = [passes.local[edge] for edge in edges]
    for links in chains.links:
        start, way = shown.offsets[links[-1]], 1.0
        for index in range(len(links) - 1, -1, -1):
            first, second = chains.graph.edges(links[index])
            local[start + index + 1] = way * passes.local[second]
            way = way * passes.local[first]
        local[start] = way
    downstream = [passes.downstream[edge] for edge in edges]
    return passes._replace(local=local, downstream=downstream, sends=bytearray(passes.sends[edge] for edge in edges))
