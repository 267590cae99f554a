"""The computational graph as a flat tape: nodes in evaluation order, ids are ints, arguments are ids.

Everything is kept in parallel columns, because a million nodes is a normal size.
"""

from __future__ import annotations

from itertools import repeat

from cgraph_cli.light import (
    Any,
    Callable,
    Collection,
    Columns,
    Iterable,
    Mapping,
    MutableSequence,
    Sequence,
    T,
    cache,
    cached_property,
)
from cgraph_cli.limits import LEAST_NORMAL, MAX_NODES, check
from cgraph_cli.rule import NO_ROW, Rule
from cgraph_cli.rules import RULES, SYMBOLS

MANY = 10_000  # nodes
CALLED = 8  # how many times as long a node takes inside a call


class Operation:
    """What a node does: a row of the rule table, a user's module (with the graph of its body), or a leaf.

    ``symbol`` is its operator, if it has one; ``passes_all`` says that every argument has a local gradient. Of an
    operation that ``chooses``, an edge with local gradient 0 is a branch not taken. ``size`` is the number of nodes
    that it stands for when modules are written out, ``depth`` how deep they are nested, ``prepared`` what runs a
    module's body, by arithmetic.
    """

    __slots__ = (
        "body", "chooses", "depth", "is_row", "name", "parameters", "passes_all", "prepared", "rule", "size", "symbol",
    )  # fmt: skip

    def __init__(
        self, name: str, rule: Rule = NO_ROW, parameters: Sequence[str] = (), body: Graph | None = None
    ) -> None:
        self.name = name
        self.rule = rule
        self.is_row = rule is not NO_ROW
        self.parameters = rule.args if self.is_row else tuple(parameters)
        self.body = body
        self.symbol = SYMBOLS.get(name) if self.is_row else None
        self.chooses = rule is RULES["where"]
        self.passes_all = None not in rule.gradients
        self.size: int = 1 if body is None else sum(op.size for op in body.ops)
        self.depth: int = 0 if body is None else 1 + max(op.depth for op in body.ops)
        self.prepared: dict[Any, Any] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Rows and leaves stay the same objects."""
        return _known, ((self.name,) if self.body is None else (self.name, self.parameters, self.body))

    @property
    def is_module(self) -> bool:
        """Whether a user defined it."""
        return self.body is not None

    @property
    def min_args(self) -> int:
        """The smallest number of arguments."""
        return self.rule.min_args if self.is_row else len(self.parameters)

    @property
    def max_args(self) -> int | None:
        """The largest number of arguments, None when there is none."""
        return self.rule.max_args if self.is_row else len(self.parameters)

    def passes_gradient(self, position: int) -> bool:
        """Whether an argument has a local gradient at all; a condition has none."""
        if not self.is_row:
            return self.is_module
        return self.rule.gradients[0 if self.rule.many else position] is not None

    @property
    def compares(self) -> bool:
        """Whether it is a comparison, which is 1 or 0 and jumps between them."""
        return self.is_row and not self.rule.has_gradient


VARIABLE = Operation("variable")
CONSTANT = Operation("constant")


def _known(name: str, parameters: Sequence[str] = (), body: Graph | None = None) -> Operation:
    if body is not None:
        return Operation(name, parameters=parameters, body=body)
    return operation(name) if name in RULES else VARIABLE if name == VARIABLE.name else CONSTANT


@cache
def operation(name: str) -> Operation:
    """The operation of a row of the rule table; the same object for every use."""
    return Operation(name, RULES[name])


class Graph(Columns):
    """A Wengert list: ``ops[i]`` applied to the nodes ``arguments(i)`` is node i.

    ``names`` are what a user calls nodes (variables, named values), ``symbols`` the constants that are written by name
    (pi), ``starts`` and ``ends`` the places in the source text. ``max_nodes`` is how many it may have.
    """

    def __init__(self, max_nodes: int = MAX_NODES) -> None:
        self.max_nodes = max_nodes
        self.ops: list[Operation] = []
        self.offsets: MutableSequence[int] = [0]
        self.args: MutableSequence[int] = []
        self.has_gradient = bytearray()
        self.starts: MutableSequence[int] = []
        self.ends: MutableSequence[int] = []
        self.constants: dict[int, float] = {}
        self.names: dict[int, str] = {}
        self.symbols: dict[int, str] = {}
        self.variables: dict[str, int] = {}
        self.outputs: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.ops)

    @property
    def output(self) -> int:
        """The id of the last output."""
        return next(reversed(self.outputs.values()))

    @property
    def written_out(self) -> int:
        """How many nodes there are with the modules written out."""
        return sum(op.size for op in self.ops)

    @cached_property
    def effort(self) -> int:
        """What a pass over the whole takes, in nodes: a call has passes of its own, which take longer a node."""
        return len(self) + CALLED * (self.written_out - len(self))

    @property
    def has_small(self) -> bool:
        """Whether a constant is 0 or so small that a double has fewer digits of it."""
        return any(abs(value) < LEAST_NORMAL for value in self.constants.values())

    def point(self, values: Sequence[float]) -> dict[str, float]:
        """The values of the variables by name."""
        return dict(zip(self.variables, map(values.__getitem__, self.variables.values()), strict=True))

    def arguments(self, node: int) -> Sequence[int]:
        """The ids of a node's arguments."""
        return self.args[self.offsets[node] : self.offsets[node + 1]]

    def edges(self, node: int) -> Sequence[int]:
        """The indices of a node's edges, one per argument position."""
        return range(self.offsets[node], self.offsets[node + 1])

    def user(self, edge: int) -> int:
        """The node that an edge belongs to."""
        from bisect import bisect_right

        return bisect_right(self.offsets, edge) - 1

    def position(self, edge: int) -> int:
        """Which argument of that node it is."""
        return edge - self.offsets[self.user(edge)]

    def by_edge(self, make: Callable[[int, int], T], otherwise: T) -> list[T]:
        """What is made of every edge from its node and its position; ``otherwise`` for those that no node has."""
        found = [otherwise] * len(self.args)
        for node in range(len(self)):
            for position, edge in enumerate(self.edges(node)):
                found[edge] = make(node, position)
        return found

    def edge_has_gradient(self, node: int, position: int) -> bool:
        """Whether a gradient can flow along an edge: not into a constant, not into a condition."""
        argument = self.args[self.offsets[node] + position]
        return bool(self.has_gradient[argument]) and self.ops[node].passes_gradient(position)

    def depending_on(self, *starts: int) -> bytearray:
        """Which nodes are computed from one of these, which are there too."""
        depends = bytearray(len(self))
        for start in starts:
            depends[start] = 1
        for node in range(min(starts, default=0), len(self)):
            if not depends[node]:
                depends[node] = any(depends[arg] for arg in self.arguments(node))
        return depends

    def moved_by(self, names: Collection[str]) -> bytearray:
        """Which nodes have a gradient by one of some variables, whatever branches are taken. Not to be changed."""
        if self.variables.keys() <= {*names}:
            return self.has_gradient
        moves = bytearray(len(self))
        for name in names:
            if name in self.variables:
                moves[self.variables[name]] = 1
        for node in range(len(self)):
            if not moves[node] and self.has_gradient[node]:
                edges = enumerate(self.arguments(node))
                moves[node] = any(moves[arg] and self.edge_has_gradient(node, position) for position, arg in edges)
        return moves

    def add(self, op: Operation, args: Sequence[int], start: int = 0, end: int = 0) -> int:
        """Append a node and return its id."""
        node = len(self.ops)
        if node == MANY:
            self.expect(1)
        self.ops.append(op)
        self.args.extend(args)
        self.offsets.append(len(self.args))
        self.starts.append(start)
        self.ends.append(end)
        has_gradient = self.has_gradient
        depends = 0
        for arg in args if op.passes_all else [arg for at, arg in enumerate(args) if op.passes_gradient(at)]:
            if has_gradient[arg]:
                depends = 1
                break
        has_gradient.append(depends)
        return node

    def expect(self, nodes: int) -> None:
        """Where there will be many nodes whole numbers are kept in an eighth of the memory from here on."""
        if len(self) + nodes > MANY and type(self.args) is list:
            from array import array  # importing it is slow for a few

            self.offsets, self.args = array("I", self.offsets), array("I", self.args)
            self.starts, self.ends = array("I", self.starts), array("I", self.ends)

    def check_matrices(self, *, hessian: bool) -> None:
        """Raise TooLargeError where the Jacobian or the Hessian has more entries than there may be nodes."""
        for what, rows in (("Jacobian", len(self.outputs)), ("Hessian", len(self.variables) * hessian)):
            check(rows * len(self.variables) * (rows > 1), self.max_nodes, f"the {what} has more than {{}} entries")

    def variable(self, name: str, start: int = 0, end: int = 0) -> int:
        """The node of a variable, made on first use: variables are shared."""
        known = self.variables.get(name)
        if known is not None:
            return known
        node = self.add(VARIABLE, (), start, end)
        self.has_gradient[node] = 1
        self.variables[name] = node
        self.names[node] = name
        return node

    def add_variables(self, names: Sequence[str], starts: Sequence[int], ends: Sequence[int]) -> None:
        """The first nodes of an empty graph."""
        size = len(names)
        self.expect(size)
        self.ops += repeat(VARIABLE, size)
        self.offsets.extend(repeat(0, size))
        self.starts.extend(starts)
        self.ends.extend(ends)
        self.has_gradient = bytearray(b"\1") * size
        nodes = [*range(size)]  # one object for each in both
        self.variables = dict(zip(names, nodes, strict=True))
        self.names = dict(zip(nodes, names, strict=True))

    def constant(self, value: float, name: str | None = None, start: int = 0, end: int = 0) -> int:
        """A new constant node; ``name`` for a named one such as pi."""
        node = self.add(CONSTANT, (), start, end)
        self.constants[node] = value
        if name is not None:
            self.names[node] = self.symbols[node] = name
        return node

    def negate(self, node: int, start: int, end: int) -> None:
        """Give a number its sign, with which it is at this place."""
        self.constants[node] = -self.constants[node]
        self.starts[node], self.ends[node] = start, end


class Builder:
    """Makes a graph in which equal operations, equal numbers and equal names are one node each (hash-consing)."""

    def __init__(self, variables: Iterable[str] = ()) -> None:
        self.graph = Graph()
        self.variable = self.graph.variable
        self._known: dict[tuple[object, ...], int] = {}
        for name in variables:
            self.variable(name)

    def once(self, op: Operation, args: Sequence[int]) -> int:
        """An operation over nodes."""
        key = (op, *args)
        node = self._known.get(key)
        if node is None:
            node = self._known[key] = self.graph.add(op, args)
        return node

    def number(self, value: float, name: str | None = None) -> int:
        """A constant; 0 and -0 are two, and so are pi and its number."""
        key = (repr(value), name)
        node = self._known.get(key)
        if node is None:
            node = self._known[key] = self.graph.constant(value, name)
        return node


def fold(
    graph: Graph,
    variable: Callable[[str], T],
    number: Callable[[float, str | None], T],
    make: Callable[[Operation, list[T]], T],
    named: Mapping[int, str] | None = None,
) -> list[T]:
    """What is made of every node from what was made of its arguments, in evaluation order.

    Nodes that are ``named`` are variables too.
    """
    made: list[T] = []
    for node, op in enumerate(graph.ops):
        if named and node in named:
            made.append(variable(named[node]))
        elif op is VARIABLE:
            made.append(variable(graph.names[node]))
        elif op is CONSTANT:
            made.append(number(graph.constants[node], graph.symbols.get(node)))
        else:
            made.append(make(op, [made[arg] for arg in graph.arguments(node)]))
    return made
