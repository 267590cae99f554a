"""Products that end alike: what several of them end with is multiplied first, and once.

The gradient of x*y*z*w is y*z*w, x*z*w, x*y*w, x*y*z. Products with the same beginning share it as they stand; those
with the same end do when it is a part of its own: x*(z*w).
"""

from __future__ import annotations

from cgraph_cli.export.text import DIV, MUL
from cgraph_cli.graph.graph import Graph, Operation
from cgraph_cli.light import Callable, MutableSequence, Sequence, integers

NOTHING = -1


class Products:
    """The products of a graph, each as its factors and divisors from left to right.

    An end is a factor and the end that follows it; equal ends are one. Products that ``kept`` need stay as they are,
    and so does their rounding: a value is computed as it was written. So do those with two divisors, which stand by
    themselves where their product would leave the range of doubles: x/h/h.
    """

    def __init__(self, graph: Graph, uses: Sequence[int], kept: Sequence[int]) -> None:
        self.known: dict[tuple[Operation, int, int], int] = {}
        self.ends: list[tuple[Operation, int, int]] = []
        self.counts: list[int] = []  # in how many products an end is
        self.divisors: list[int] = []  # of an end
        self.products: dict[int, int] = {}
        self.made: dict[int, int] = {}
        inner = bytearray(len(graph))
        for node in range(len(graph) - 1, -1, -1):
            if uses[node] and graph.ops[node] in (MUL, DIV) and not inner[node] and not kept[node]:
                factors: list[tuple[Operation, int]] = []
                left = node
                while left == node or (uses[left] == 1 and graph.ops[left] in (MUL, DIV) and not kept[left]):
                    inner[left] = 1
                    op = graph.ops[left]
                    left, right = graph.arguments(left)
                    factors.append((op, right))
                self.products[node] = self._end([*factors, (MUL, left)])

    def __contains__(self, node: int) -> bool:
        return node in self.products

    def _end(self, factors: Sequence[tuple[Operation, int]]) -> int:
        """The product of some factors, the last one first."""
        end = NOTHING
        for op, node in factors:
            key = (op, node, end)
            end = self.known.setdefault(key, len(self.ends))
            if end == len(self.ends):
                self.ends.append(key)
                self.counts.append(0)
                self.divisors.append((op is DIV) + (self.divisors[key[2]] if key[2] != NOTHING else 0))
            self.counts[end] += 1
        return end

    def _shared(self, end: int) -> int:
        """The longest end inside an end that is in more products."""
        count = self.counts[end]
        _, _, end = self.ends[end]
        while end != NOTHING:
            op, _, following = self.ends[end]
            if op is MUL and following != NOTHING and self.counts[end] > count and self.divisors[end] < 2:
                break
            end = following
        return end

    def make(self, node: int, places: Sequence[int], apply: Callable[[Operation, Sequence[int]], int]) -> int:
        """A product from what was made of its factors, each end that is shared made before what stands before it."""
        starts = [self.products[node]]
        while starts[-1] != NOTHING and starts[-1] not in self.made:
            starts.append(self._shared(starts[-1]))
        stop = starts.pop()
        for start in reversed(starts):
            _, factor, end = self.ends[start]
            product = places[factor]
            while end != stop:
                op, factor, end = self.ends[end]
                product = apply(op, [product, places[factor]])
            self.made[start] = product if stop == NOTHING else apply(MUL, [product, self.made[stop]])
            stop = start
        return self.made[stop]


def uses_of(graph: Graph, outputs: Sequence[int]) -> MutableSequence[int]:
    """How often every node is used by what some outputs need, outputs included; 0 for what they do not need."""
    found = integers(len(graph))
    for node in outputs:
        found[node] += 1
    for node in range(len(graph) - 1, -1, -1):
        if found[node]:
            for arg in graph.arguments(node):
                found[arg] += 1
    return found
