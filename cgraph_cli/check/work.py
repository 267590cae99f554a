"""Where slips are made: a graph at the points where a claim was compared, and the places in it.

Of the sum over all paths, what leads through one edge is U·local·T, with U the upstream gradient of the edge's user
and T the derivative of its argument. So a slip at one edge or node costs one product at each point.
"""

from __future__ import annotations

from copy import copy
from functools import partial
from math import isfinite, prod

from cgraph_cli.check.sheet import Compared, Sample
from cgraph_cli.engine.truth import SAME
from cgraph_cli.errors import shortened
from cgraph_cli.graph.express import tree_sizes
from cgraph_cli.graph.graph import Graph, Operation, operation
from cgraph_cli.light import Any, Callable, Iterable, Iterator, NamedTuple, Sequence, T, cache, cached_property
from cgraph_cli.report.paths import Ways
from cgraph_cli.report.words import Description, derivative_name
from cgraph_cli.syntax.expression import Name, Number, Syntax, fold, rebuilt
from cgraph_cli.syntax.printer import format_number, print_expression

MUL, DIV, POW, EXP = map(operation, ("mul", "div", "pow", "exp"))
SUMS = frozenset(map(operation, ("add", "sub", "neg")))
ROOTS = {operation("sqrt"): 1 / 2, operation("cbrt"): 1 / 3}  # powers under another name
MOST_PARTS = 7  # of a node that is written out where it has no name
LONGEST_FORMULA = 40  # characters of a local gradient that is said as a formula
MOST_UNSEEN = 60  # the same where it has no label that anybody has seen
MOST_PATHS = 200
LOOSE = 1e-7  # of what is constant
ROUNDING = 1e-12  # of a difference of claim and derivative
CLEAR = 200  # halves of a unit of the last digit, in a number of enough digits
ENOUGH = 3  # points that show that something is constant
MOST_BELOW = 13  # of a fraction that is said as it is
LIKELY = (2.0, 0.5, 3.0, 1 / 3, 4.0, 0.25, 10.0, 0.1, 100.0, 0.01)  # by which numbers are often wrong


class Traced(NamedTuple):
    """A point with everything that a wrong derivative is made of; ``tangent`` are the derivatives of all nodes."""

    values: Sequence[float]
    local: Sequence[float]
    upstream: Sequence[float]
    tangent: Sequence[float]
    true: float
    claimed: float


class Edge(NamedTuple):
    """An edge through which the derivative goes."""

    node: int
    position: int
    arg: int
    place: int


class Names(NamedTuple):
    """What the parts of a graph are called in a sentence.

    ``gradient`` is the name of an edge's local gradient, with its formula if that is short, ``by`` the derivative by a
    node, ``of`` that of a node.
    """

    node: Callable[[int], str]
    operation: Callable[[int], str]
    gradient: Callable[[Edge], str]
    by: Callable[[int], str]
    of: Callable[[int], str]
    output: str


Wrong = Callable[[Traced], float]
Slip = tuple[Callable[[], dict[str, Any]], Wrong]  # what makes the fields of its sentence; the derivative that has it


class Work:
    """A graph, the node that is differentiated by, and the points with what was found at each.

    ``half`` is half a unit of the last digit of a claimed number; ``rounded`` is that as a part of the number, 0 for a
    formula and for a number of few digits, to which too much would round. ``inside``: the graph has modules written
    out; of their edges and nodes, ``copied`` are those that one place in the text of a module made.
    """

    def __init__(
        self,
        graph: Graph,
        start: int,
        pairs: Sequence[tuple[Sample, Compared]],
        names: Names,
        half: float | None = None,
        *,
        inside: bool = False,
    ) -> None:
        self.graph = graph
        self.start = start
        self.names = names
        self.passes = pairs[0][0].passes
        self.depends = graph.depending_on(start)
        traced = [(self._traced(point, found.claimed or 0.0), found.true or 0.0) for point, found in pairs]
        self.points = [one for one, true in traced if abs(one.true - true) <= SAME * abs(true)]  # doubles suffice there
        self.half = half or 0.0
        claimed = abs(self.points[0].claimed) if self.points else 0.0
        self.rounded = self.half / claimed if claimed > CLEAR * self.half else 0.0
        self.edges = list(self._edges())
        self.live: dict[int, list[Edge]] = {}
        for edge in self.edges:
            self.live.setdefault(edge.node, []).insert(0, edge)
        self.copied_edges, self.copied_nodes = list[list[Edge]](), list[list[int]]()
        if inside:
            at = [(graph.starts[node], graph.ends[node], op) for node, op in enumerate(graph.ops)]
            self.copied_edges = _together(self.edges, lambda edge: (*at[edge.node], edge.position))
            self.copied_nodes = _together(self.live, lambda node: at[node])

    def opposite(self) -> Work:
        """The same for the opposite of the claim."""
        work = copy(self)
        work.points = [one._replace(claimed=-one.claimed) for one in self.points]
        return work

    def _traced(self, point: Sample, claimed: float) -> Traced:
        graph, local = self.graph, point.passes.local
        tangent = [0.0] * len(graph)
        tangent[self.start] = 1.0
        for node in range(self.start + 1, len(graph)):
            for edge in graph.edges(node) if self.depends[node] else ():
                if self.depends[graph.args[edge]]:
                    tangent[node] += local[edge] * tangent[graph.args[edge]]
        upstream = point.passes.upstream
        return Traced(point.values, local, upstream, tangent, upstream[self.start], claimed)

    def _edges(self) -> Iterator[Edge]:
        """The edges between the start and the output, the last ones first."""
        graph = self.graph
        reaches = bytearray(len(graph))
        reaches[graph.output] = 1
        for node in range(graph.output, self.start, -1):
            for place in reversed(graph.edges(node)) if reaches[node] and self.depends[node] else ():
                position, arg = place - graph.offsets[node], graph.args[place]
                if self.depends[arg] and graph.edge_has_gradient(node, position):
                    reaches[arg] = 1
                    yield Edge(node, position, arg, place)

    @cached_property
    def paths(self) -> list[list[int]]:
        """The edges of every path that sends a gradient at the first point; none if there are too many."""
        found = []
        for path in Ways(self.graph, self.passes).paths(self.start, self.graph.output):
            found.append([edge.edge for edge in path.edges])
            if len(found) > MOST_PATHS:
                return []
        return found

    def constant(self, above: Wrong, below: Wrong, alone: Sequence[float] = ()) -> float | None:
        """What a quotient is at all points; at a single one, where everything is constant, it has to be one of some."""
        found = []
        for at in self.points:
            part = below(at)
            if part and isfinite(part):
                rounding = ROUNDING * (abs(at.claimed) + abs(at.true)) / abs(part)
                found.append((above(at) / part, rounding))
        best, _ = min(found, key=lambda one: one[1], default=(0.0, 0.0))
        if any(not abs(one - best) <= LOOSE * abs(best) + rounding for one, rounding in found):
            return None
        if len(found) < ENOUGH:
            off = max(LOOSE, self.rounded)
            return next((one for one in alone if abs(one - best) <= off * one), None)
        return _simple(best) or best

    def at_edge(self, edge: Edge, local: Wrong, **fields: Any) -> Slip:
        """A slip that is another local gradient."""
        names, (node, _, arg, place) = self.names, edge

        def said() -> dict[str, Any]:
            return {"gradient": names.gradient(edge), "node": names.operation(node), **fields}

        return said, lambda at: at.true + at.upstream[node] * (local(at) - at.local[place]) * at.tangent[arg]

    def at_node(self, node: int, tangent: Wrong, **fields: Any) -> Slip:
        """A slip that is another derivative of a node."""
        names = self.names
        return (
            lambda: {"node": names.operation(node), "factor": names.of(node), **fields},
            lambda at: at.true + at.upstream[node] * (tangent(at) - at.tangent[node]),
        )


def _simple(number: float) -> float | None:
    """The fraction of small whole numbers that a number is but for rounding."""
    for below in range(1, MOST_BELOW):
        above = round(number * below)
        if abs(number * below - above) <= LOOSE * abs(above):
            return above / below
    return None


def _together(places: Iterable[T], key: Callable[[T], object]) -> list[list[T]]:
    """Those of which there are several with the same key."""
    found: dict[object, list[T]] = {}
    for one in places:
        found.setdefault(key(one), []).append(one)
    return [group for group in found.values() if len(group) > 1]


def _each(
    work: Work, made: Callable[[Work, T], Slip | None], places: Iterable[T], copied: Sequence[Sequence[T]]
) -> Iterator[Slip]:
    """A slip at each place that has one, and at all copies of a place at once."""
    yield from filter(None, (made(work, place) for place in places))
    for group in copied:
        slips = [slip for place in group if (slip := made(work, place))]
        if len(slips) == len(group):
            yield slips[0][0], partial(_summed, [wrong for _, wrong in slips])


def _summed(wrong: Sequence[Wrong], at: Traced) -> float:
    """The derivative with several slips, no two of them on one path."""
    return at.true + sum(one(at) - at.true for one in wrong)


Slips = Callable[[Work], Iterator[Slip]]


def whole(made: Callable[[Work], Slip | None]) -> Slips:
    """A slip in the result."""
    return lambda work: filter(None, [made(work)])


def each_edge(made: Callable[[Work, Edge], Slip | None]) -> Slips:
    """A slip that can be made at every edge, None where it cannot."""
    return lambda work: _each(work, made, work.edges, work.copied_edges)


def each_part(made: Callable[[Work, Edge], Slip | None], *, negative: bool = False) -> Slips:
    """The same in an order that says most: a summand is known by its own local gradient, a wrong sign by a minus."""

    def says_less(work: Work, edge: Edge) -> tuple[bool, bool]:
        op = work.graph.ops[edge.node]
        minus = negative and op.is_row and not op.rule.many and (op.rule.gradients[edge.position] or "")[0] == "-"
        return not minus, op in SUMS

    def slips(work: Work) -> Iterator[Slip]:
        return _each(work, made, sorted(work.edges, key=lambda edge: says_less(work, edge)), work.copied_edges)

    return slips


def each_node(made: Callable[[Work, int], Slip | None], *, inside: bool = False) -> Slips:
    """The same for every operation that the derivative goes through; ``inside``: but for the output."""

    def slips(work: Work) -> Iterator[Slip]:
        nodes = [node for node in work.live if not (inside and node == work.graph.output)]
        return _each(work, made, nodes, work.copied_nodes)

    return slips


def each_pair(op: Operation, made: Callable[[int, int, Traced], float]) -> Slips:
    """Another derivative of every node of an operation, both arguments x and y of which the derivative goes through."""

    def slip(work: Work, node: int) -> Slip | None:
        if work.graph.ops[node] is not op or len(work.live[node]) != 2:
            return None
        x, y = work.graph.arguments(node)
        return work.at_node(node, lambda at: made(x, y, at))

    return each_node(slip)


def each_power(made: Callable[[float, float, float], float]) -> Slips:
    """Another local gradient of every power with a constant exponent, from the right one, base and exponent."""

    def slip(work: Work, edge: Edge) -> Slip | None:
        op, arguments = work.graph.ops[edge.node], work.graph.arguments(edge.node)
        if op in ROOTS:
            root = ROOTS[op]
            name = f"1/{round(1 / root)}"
            return work.at_edge(edge, lambda at: made(at.local[edge.place], at.values[edge.arg], root), exponent=name)
        if op is not POW or edge.position or work.depends[arguments[1]]:
            return None
        x, n = arguments
        exponent = work.graph.constants.get(n)
        name = work.names.node(n) if exponent is None else format_number(exponent)
        return work.at_edge(edge, lambda at: made(at.local[edge.place], at.values[x], at.values[n]), exponent=name)

    return each_edge(slip)


def each_path(made: Callable[[Traced, float], float], least: int) -> Slips:
    """Another derivative for every path, from the product along it, where there are so many."""

    def slips(work: Work) -> Iterator[Slip]:
        for path in work.paths if len(work.paths) >= least else ():
            yield slip(work, path)

    def slip(work: Work, path: Sequence[int]) -> Slip:
        users = {edge.place: edge.node for edge in work.edges}
        names = [work.names.node(node) for node in (work.start, *(users[place] for place in path))]
        fields = {"path": " → ".join(names), "count": str(len(work.paths))}
        return lambda: fields, lambda at: made(at, prod(at.local[place] for place in path))

    return slips


def names_of(words: Description, output: str, before: tuple[str, ...], start: int, *, unseen: bool = False) -> Names:
    """What the nodes of a graph are called: by their own names, else written out if that is short, else by labels.

    ``before`` are the names by which the graph's output is a derivative already, ``unseen`` are labels that nobody has
    seen.
    """
    graph = words.graph
    trees: dict[int, Syntax] = {}
    sizes, most = tree_sizes(graph, graph.names), MOST_UNSEEN if unseen else MOST_PARTS
    for node in range(len(graph)):
        whole = graph.arguments(node) and node not in graph.names and sizes[node] <= most
        trees[node] = words.syntax(node, lambda arg: trees[arg]) if whole else words.operand(node)

    @cache
    def text(node: int) -> str:
        if node == graph.output and not before:
            return output
        if isinstance(trees[node], Name | Number):
            return words.quoted(node)
        return shortened(print_expression(trees[node]))

    written = {words.labels[node]: tree for node, tree in trees.items()}
    outer = derivative_name(output, before) if before else output

    def leaf(part: Number | Name) -> Syntax:
        return written.get(part.name, part) if isinstance(part, Name) else part

    def gradient(edge: Edge) -> str:
        name = f"∂{below(edge.node)}/∂{below(edge.arg)}"
        tree = words.local_syntax(edge.node, edge.position)
        formula = "" if tree is None else print_expression(fold(tree, leaf, rebuilt))
        return f"{name} = {formula}" if 0 < len(formula) <= LONGEST_FORMULA else name

    def operation(node: int) -> str:
        return shortened(print_expression(words.syntax(node, lambda arg: trees[arg])))

    def below(node: int) -> str:
        return text(node) if text(node).isidentifier() else f"({text(node)})"

    return Names(
        node=text,
        operation=operation,
        gradient=gradient,
        by=lambda node: derivative_name(output, (*before, below(node))),
        of=lambda node: f"∂{below(node)}/∂{below(start)}",
        output=outer,
    )
