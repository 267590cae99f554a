"""Sums and products of many terms: which nodes of a graph are the links of one, and the operation that it is.

A chain is the left spine of ``a + b - c + d``: nodes of one kind, each the first argument of the next and used nowhere
else, without names of their own. What is grouped in another way stays as it was typed, so a chain is computed in the
order in which it is read.
"""

from __future__ import annotations

from itertools import chain, compress, repeat

from cgraph_cli.graph.formula import gradient_formula
from cgraph_cli.graph.graph import Graph, Operation, operation
from cgraph_cli.light import Callable, Sequence, cached_property
from cgraph_cli.syntax.expression import Binary, Name, Syntax

LEAST_TERMS = 4  # w0*x0 + w1*x1 + w2 has its two sums, as in every textbook
MANY_TERMS = 6  # of the formula of a local gradient with more the first and the last are shown
MOST_TERMS = 12  # the same of its own formula
ADD, SUB, MUL = map(operation, ("add", "sub", "mul"))
KINDS = {ADD: ADD, SUB: ADD, MUL: MUL}  # what a chain of an operation is one of
CODES = {op: 1 + (kind is MUL) for op, kind in KINDS.items()}  # the same in a byte


class Chain(Operation):
    """A sum or a product of many terms as one operation, which is never computed: its numbers are those of its links.

    ``links`` are the operations of the nodes that it stands for, one before each term but the first.
    """

    __slots__ = ("links",)

    def __init__(self, links: Sequence[Operation]) -> None:
        first = KINDS[links[0]]
        super().__init__(first.name, first.rule)
        self.links = links

    @property
    def is_product(self) -> bool:
        """Whether it is a product and not a sum."""
        return self.rule is MUL.rule

    @property
    def min_args(self) -> int:
        """The number of its terms."""
        return len(self.links) + 1

    @property
    def max_args(self) -> int:
        """The same."""
        return self.min_args

    def passes_gradient(self, position: int) -> bool:
        """Every term has a local gradient."""
        return True

    def syntax(self, positions: Sequence[int | None], operand: Callable[[int], Syntax]) -> Syntax:
        """Some of its terms joined by their operators, the others in the place of each None left out."""
        tree: Syntax | None = None
        for position in positions:
            term = Name("…") if position is None else operand(position)
            tree = term if tree is None else Binary(self.before(position or 0), tree, term)
        assert tree is not None
        return tree

    def terms(self) -> Sequence[int | None]:
        """The arguments in its own formula."""
        count = len(self.links) + 1
        return range(count) if count <= MOST_TERMS else [*range(MANY_TERMS), None, count - 1]

    def before(self, position: int) -> str:
        """The operator before a term, before the first the one that is its own."""
        symbol = self.links[position - 1].symbol if position else self.symbol
        assert symbol is not None
        return symbol

    def part(self, position: int) -> tuple[Operation, int]:
        """The operation that an argument is an operand of, and which one it is there."""
        return self.links[max(position - 1, 0)], min(position, 1)

    def factors(self, position: int) -> list[int | None]:
        """The arguments in the formula of a product's local gradient, None for the many that are left out."""
        count = len(self.links) + 1
        if count <= MANY_TERMS:
            return [one for one in range(count) if one != position]
        first = [one for one in range(3) if one != position][:2]
        return [*first, None, count - 1 if position < count - 1 else count - 2]


class Chains:
    """The chains of a graph: ``links`` has the nodes of each, in evaluation order.

    ``inner`` says of every node whether it is a link but not the last one: a partial sum or product.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.inner = bytearray(len(graph))
        self.links = self._found()

    def _found(self) -> Sequence[Sequence[int]]:
        graph = self.graph
        if KINDS.keys().isdisjoint(graph.ops):
            return []
        ops, args, offsets = graph.ops, graph.args, graph.offsets
        size = len(graph)
        kinds = bytes(map(CODES.get, ops, repeat(0)))
        inside = bytearray(kinds)
        for node in chain(graph.names, graph.outputs.values()):
            inside[node] = 0  # no inner link
        nodes, goes_on = args[:0], bytearray(size)  # nodes that may go on from their first argument
        firsts = map(args.__getitem__, compress(offsets, kinds))
        for node, first, kind in zip(compress(range(size), kinds), firsts, filter(None, kinds), strict=True):
            if inside[first] == kind:
                nodes.append(node)
                goes_on[first] = 1
        if sum(map(goes_on.__getitem__, args)) > len(nodes):  # some of these arguments have other users
            seen = bytearray(size)
            for arg in filter(goes_on.__getitem__, args):
                seen[arg] = min(seen[arg] + 1, 2)
            goes_on = bytearray(map((1).__eq__, seen))
        going: dict[int, list[int]] = {}  # links by the last so far
        for node in nodes:
            first = args[offsets[node]]
            if goes_on[first]:
                links = going.pop(first, None) or [first]
                links.append(node)
                going[node] = links
        found = [links for links in going.values() if len(links) >= LEAST_TERMS - 1]
        for links in found:
            for link in links[:-1]:
                self.inner[link] = 1
        return found

    @cached_property
    def _places(self) -> dict[int, tuple[Sequence[int], int]]:
        return {node: (links, index) for links in self.links for index, node in enumerate(links)}

    def last(self, node: int) -> int:
        """The last link of a node's chain; the node itself where it is no inner link."""
        return self._places[node][0][-1] if self.inner[node] else node

    def until(self, node: int) -> Sequence[int]:
        """The links of a chain up to one of them; none for a node that is no link."""
        links, index = self._places.get(node, ([], -1))
        return links[: index + 1]

    def edges(self, links: Sequence[int]) -> list[int]:
        """The edges into some first links of a chain from its terms."""
        offsets = self.graph.offsets
        return [offsets[links[0]], *map((1).__add__, map(offsets.__getitem__, links))]

    def operation(self, links: Sequence[int]) -> Chain:
        """What some first links of a chain compute from its terms."""
        return Chain([self.graph.ops[link] for link in links])


def without(marked: bytearray, others: bytearray) -> bytearray:
    """What is marked with 1 here and with 0 in others; as two numbers of many digits, which takes no loop."""
    size = len(marked)
    found = int.from_bytes(marked, "little") & ~int.from_bytes(others, "little")
    return bytearray(found.to_bytes(size, "little"))


def gradient_text(op: Operation, position: int) -> Syntax | None:
    """The formula of a local gradient in the rule table, None where it has none there."""
    return None if op.is_module or isinstance(op, Chain) else gradient_formula(op.name, position)
