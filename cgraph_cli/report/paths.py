"""Edges that send a gradient, and the paths they make: counted by dynamic programming, listed when they are few."""

from __future__ import annotations

from math import isfinite

from cgraph_cli.engine.passes import Gradients
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Iterable, Iterator, NamedTuple
from cgraph_cli.report.report import OfReport, Report


class Arrival(NamedTuple):
    """One downstream gradient that arrives at a node: the user that sends it, the argument position and the edge."""

    user: int
    position: int
    edge: int


def arrivals(graph: Graph, passes: Gradients, nodes: Iterable[int]) -> dict[int, list[Arrival]]:
    """What arrives at each of the nodes, in the order of the backward pass."""
    found: dict[int, list[Arrival]] = {node: [] for node in nodes}
    for user in range(len(graph) - 1, -1, -1):
        if passes.reached[user]:
            for position, edge in enumerate(graph.edges(user)):
                arg = graph.args[edge]
                if arg in found and passes.sends[edge]:
                    found[arg].append(Arrival(user, position, edge))
    return found


class _Paths(NamedTuple):
    report: Report
    names: list[str]


class Paths(OfReport, _Paths):
    """The paths from some variables to the output of a report, counted and listed as they are shown."""

    __slots__ = ()
    kind = "paths"


class Path(NamedTuple):
    """One way from a variable to the output: its edges, and the product of their local gradients."""

    edges: tuple[Arrival, ...]
    product: float


class PathCount(NamedTuple):
    """All paths from a node to the output in numbers.

    ``number`` of them, ``vanishing`` of which contain a local gradient 0; ``edges`` is the sum of their lengths, at
    most MANY_EDGES; ``gradient`` is the sum of their products, ``magnitude`` that of the products' absolute values.
    """

    number: int
    vanishing: int
    edges: int
    gradient: float
    magnitude: float


MANY_EDGES = 10**12


_Trail = tuple[Arrival, "_Trail"] | None  # the edges from a node to the output; what paths share is shared


class Ways:
    """The ways along which a gradient is sent to an output, of every node: each is walked without a look at others."""

    def __init__(self, graph: Graph, passes: Gradients) -> None:
        self.passes = passes
        self.arriving = arrivals(graph, passes, range(len(graph)))

    def _into(self, start: int) -> dict[int, list[tuple[Arrival, int]]]:
        """The edges on the ways from ``start``, by their users from the last on, each with its argument."""
        found = {start}
        stack = [start]
        while stack:
            for one in self.arriving[stack.pop()]:
                if one.user not in found:
                    found.add(one.user)
                    stack.append(one.user)
        into: dict[int, list[tuple[Arrival, int]]] = {node: [] for node in sorted(found, reverse=True)}
        for node in found:
            for one in self.arriving[node]:
                into[one.user].append((one, node))
        for edges in into.values():
            edges.sort()
        return into

    def count(self, start: int, output: int) -> PathCount:
        """Count the paths from ``start`` to ``output`` along which a gradient is sent, without listing them.

        One walk in reverse; a node's numbers are dropped once its arguments have them, since a count can have as many
        bits as the graph has nodes.
        """
        counts: dict[int, tuple[int, int, int]] = {output: (1, 0, 0)}  # paths, those with a 0, their length
        magnitudes: dict[int, float] = {output: 1.0}
        for node, edges in self._into(start).items():
            if node == start or node not in counts:
                continue
            paths, vanishing, length = counts.pop(node)
            magnitude = magnitudes.pop(node)
            longer = length + paths if length < MANY_EDGES and paths < MANY_EDGES else MANY_EDGES
            for one, arg in edges:
                local = self.passes.local[one.edge]
                known = counts.get(arg, (0, 0, 0))
                with_zero = known[1] + (vanishing if local != 0 else paths)
                counts[arg] = (known[0] + paths, with_zero, min(known[2] + longer, MANY_EDGES))
                magnitudes[arg] = magnitudes.get(arg, 0.0) + magnitude * abs(local)
        paths, vanishing, length = counts.get(start, (0, 0, 0))
        return PathCount(paths, vanishing, length, self.passes.upstream[start], magnitudes.get(start, 0.0))

    def paths(self, start: int, output: int) -> Iterator[Path]:
        """Every path from ``start`` to ``output`` along which a gradient is sent, from the last user's back."""
        into = self._into(start)
        waiting: list[tuple[int, _Trail, float]] = [(output, None, 1.0)]
        while waiting:
            node, trail, product = waiting.pop()
            if node == start:
                yield Path(tuple(_walked(trail)), product)
                continue
            for one, arg in reversed(into.get(node, ())):
                waiting.append((arg, (one, trail), product * self.passes.local[one.edge]))


def _walked(trail: _Trail) -> Iterator[Arrival]:
    while trail is not None:
        edge, trail = trail
        yield edge


def cancelling(products: list[float]) -> dict[int, int]:
    """Pairs of paths that cancel each other: same size but for rounding, opposite sign; each path is in one pair."""
    partner: dict[int, int] = {}
    order = sorted((i for i, p in enumerate(products) if p != 0 and isfinite(p)), key=lambda i: (abs(products[i]), i))
    waiting: list[int] = []  # all of one size and one sign
    for index in order:
        size = abs(products[index])
        if waiting and size - abs(products[waiting[0]]) > 1e-12 * size:
            waiting.clear()
        if waiting and (products[waiting[0]] < 0) != (products[index] < 0):
            other = waiting.pop(0)
            partner[index], partner[other] = other, index
        else:
            waiting.append(index)
    return partner


def shares(products: list[float]) -> list[float | None]:
    """The share of each path in the sum of the absolute values, negative where it works against the sum.

    Where no two signs differ this is the share in the gradient itself. None where there is no finite sum.
    """
    total = sum(products)
    magnitude = sum(map(abs, products))
    if not isfinite(magnitude) or magnitude == 0:
        return [None] * len(products)
    sign = -1.0 if total < 0 else 1.0
    return [sign * product / magnitude + 0.0 for product in products]
