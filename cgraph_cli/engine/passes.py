"""The passes over a graph, in any arithmetic: forward (values), backward (gradients), tangents (forward mode).

A user's module is run: its kernels are the passes over the graph of its body.
"""

from __future__ import annotations

from math import nan

from cgraph_cli.engine.arithmetic import Arithmetic
from cgraph_cli.engine.floats import FLOAT
from cgraph_cli.engine.kernels import Kernel, kink_kernel, local_kernel, value_kernel
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, Operation
from cgraph_cli.light import Any, Hashable, Mapping, MutableSequence, NamedTuple, Sequence, packed, unpacked

MAX_CALLS = 4096  # of a module that are remembered


class Gradients(NamedTuple):
    """The result of a backward pass: ``upstream`` per node; ``local`` and ``downstream`` per edge of ``graph.args``.

    ``reached`` says which nodes take part: those with a path to the output that leads through no branch not taken.
    ``sends`` says which edges carry a gradient: those of nodes that take part, but for branches not taken.
    Invariant: upstream(n) = Σ downstream over the edges into n's users.
    """

    upstream: MutableSequence[Any]
    local: MutableSequence[Any]
    downstream: MutableSequence[Any]
    reached: bytearray
    sends: bytearray

    def __reduce__(self) -> tuple[Any, ...]:
        return _gradients, tuple(map(packed, self))


def _gradients(*parts: Any) -> Gradients:
    return Gradients(*map(unpacked, parts))


def forward(graph: Graph, inputs: Mapping[str, Any], arithmetic: Arithmetic = FLOAT) -> MutableSequence[Any]:
    """The value of every node, in evaluation order, for one value per variable."""
    values: MutableSequence[Any] = arithmetic.column(len(graph))
    number = arithmetic.number
    for name, node in graph.variables.items():
        values[node] = number(inputs[name])
    for node, constant in graph.constants.items():
        values[node] = number(constant, graph.symbols.get(node))
    kernels: dict[Operation, Kernel] = {op: value_of(op, arithmetic) for op in set(graph.ops) - {VARIABLE, CONSTANT}}
    args, offsets = graph.args, graph.offsets
    start = 0
    with arithmetic.context():
        for node, op in enumerate(graph.ops):
            end = offsets[node + 1]
            if end - start == 2:
                values[node] = kernels[op](values[args[start]], values[args[start + 1]])
            elif end - start == 1:
                values[node] = kernels[op](values[args[start]])
            elif end != start:
                values[node] = kernels[op](*[values[arg] for arg in args[start:end]])
            start = end
    return values


def backward(graph: Graph, values: Sequence[Any], output: int, arithmetic: Arithmetic = FLOAT) -> Gradients:
    """One pass over the tape in reverse, started at ``output`` with the seed 1.

    Every local gradient is computed, downstream gradients only from the nodes that take part. A zero upstream times an
    infinite local gradient is nan, as IEEE 754 has it. Where the output is nan no branch is a taken one: all that it
    depends on has the gradient nan.
    """
    upstream = arithmetic.column(len(graph))
    local = arithmetic.column(len(graph.args))
    downstream = arithmetic.column(len(graph.args))
    reached = bytearray(len(graph))
    sends = bytearray(len(graph.args))
    upstream[output] = arithmetic.number(1.0)
    reached[output] = 1
    kernels: dict[Operation, Kernel] = {op: locals_of(op, arithmetic) for op in set(graph.ops) - {VARIABLE, CONSTANT}}
    ops, args, offsets, has_gradient = graph.ops, graph.args, graph.offsets, graph.has_gradient
    if arithmetic.kink is not None:
        values = beside_ties(graph, values, arithmetic.kink)
    send, value_at = arithmetic.send, values.__getitem__
    lost, undefined = arithmetic.lost(values[output]), arithmetic.number(nan)
    end = offsets[len(graph)]
    with arithmetic.context():
        for node in range(len(graph) - 1, -1, -1):
            start = offsets[node]
            count, end = end - start, start
            if not count or not has_gradient[node]:
                continue
            kernel, first = kernels[ops[node]], args[start]
            arguments: Sequence[int]
            if count == 2:
                second = args[start + 1]
                arguments = first, second
                gradients = kernel(values[node], values[first], values[second])
            elif count == 1:
                arguments = (first,)
                gradients = kernel(values[node], values[first])
            else:
                arguments = args[start : start + count]
                gradients = kernel(values[node], *map(value_at, arguments))
            if lost is not None:
                gradients = [
                    arithmetic.otherwise(lost, own, undefined) if ops[node].passes_gradient(position) else own
                    for position, own in enumerate(gradients)
                ]
            takes_part, arriving = reached[node], upstream[node]
            for edge, arg in enumerate(arguments, start):  # there may be more gradients: of defaults
                gradient = gradients[edge - start]
                if gradient is not None and has_gradient[arg]:
                    local[edge] = gradient
                    if takes_part:
                        sent = downstream[edge] = send(arriving, gradient)
                        upstream[arg] = upstream[arg] + sent  # a new number: a column must not change in place
                        reached[arg] = sends[edge] = 1
    return Gradients(upstream, local, downstream, reached, sends)


def tangents(
    graph: Graph, values: Sequence[Any], direction: Mapping[str, Any], arithmetic: Arithmetic = FLOAT
) -> MutableSequence[Any]:
    """The tangent of every node for a ``direction``: tangent(n) = Σ local · tangent(argument) (forward mode).

    What moves with no name of the direction, or only along branches not taken, sends nothing, as in the backward pass.
    What is nan and depends on a name of it has the tangent nan.
    """
    found: MutableSequence[Any] = arithmetic.column(len(graph))
    moves = bytearray(len(graph))
    for name, node in graph.variables.items():
        if name in direction:
            found[node] = arithmetic.number(direction[name])
            moves[node] = 1
    kernels: dict[Operation, Kernel] = {op: locals_of(op, arithmetic) for op in set(graph.ops) - {VARIABLE, CONSTANT}}
    if arithmetic.kink is not None:
        values = beside_ties(graph, values, arithmetic.kink)
    send = arithmetic.send
    with arithmetic.context():
        for node, op in enumerate(graph.ops):
            arguments = graph.arguments(node)
            moving = [moves[arg] for arg in arguments]
            if 1 not in moving:
                continue
            local = kernels[op](values[node], *[values[arg] for arg in arguments])
            for arg, gradient, moved in zip(arguments, local, moving, strict=False):
                if moved and gradient is not None:
                    found[node] = found[node] + send(found[arg], gradient)
                    moves[node] = 1
    undefined = [(node, there) for node, there in enumerate(map(arithmetic.lost, values)) if there is not None]
    depends = graph.moved_by(direction) if undefined else b""
    for node, there in undefined:
        if depends[node]:
            found[node] = found[node] + arithmetic.otherwise(there, None, arithmetic.number(nan))
    return found


def at_kink(
    graph: Graph, node: int, values: Sequence[Any], reached: Sequence[int], arithmetic: Arithmetic = FLOAT
) -> bool:
    """Whether a node that takes part stands on a kink of its function, or a comparison where it changes."""
    op = graph.ops[node]
    kernel = kink_kernel(op.name, arithmetic) if op.is_row else None
    if kernel is None or not (op.compares or reached[node]):
        return False
    args = graph.arguments(node)
    return any(graph.has_gradient[arg] for arg in args) and bool(kernel(values[node], *[values[arg] for arg in args]))


def changes_sides(op: Operation) -> bool:
    """Whether a comparison is true on one side of its tie and false on the other."""
    return op.compares and bool(value_of(op)(-1.0, 0.0) != value_of(op)(1.0, 0.0))


def beside_ties(graph: Graph, values: Sequence[float], which: str) -> Sequence[float]:
    """The values for a backward pass in which comparisons at a tie, and what is made of them without a gradient, are
    those to the left or right of their first argument that has a gradient."""
    side = {"left": -1.0, "right": 1.0}.get(which)
    ties = [
        node for node, op in enumerate(graph.ops) if side and changes_sides(op) and at_kink(graph, node, values, ())
    ]
    if not ties or side is None:
        return values
    found, moved = list(values), set(ties)
    for node in ties:
        first = graph.has_gradient[graph.arguments(node)[0]]
        found[node] = value_of(graph.ops[node])(*((side, 0.0) if first else (0.0, side)))
    for node, op in enumerate(graph.ops):
        args = graph.arguments(node)
        if node not in moved and not graph.has_gradient[node] and not moved.isdisjoint(args):
            moved.add(node)
            found[node] = value_of(op)(*[found[arg] for arg in args])
    return found


def value_of(op: Operation, arithmetic: Arithmetic = FLOAT) -> Kernel:
    """The value kernel of an operation."""
    return value_kernel(op.name, arithmetic) if op.body is None else called(op, arithmetic).value


def locals_of(op: Operation, arithmetic: Arithmetic = FLOAT) -> Kernel:
    """The local-gradient kernel of an operation."""
    return local_kernel(op.name, arithmetic) if op.body is None else called(op, arithmetic).locals


def called(op: Operation, arithmetic: Arithmetic) -> Module:
    """A module in one arithmetic, kept with its operation."""
    known = op.prepared.get(arithmetic)
    if known is None:
        known = op.prepared[arithmetic] = Module(op, arithmetic)
    return known


class Call:
    """One call of a module: every value of its body, and its local gradients once somebody asks for them.

    The arguments are kept, since an arithmetic may know them by their places in memory.
    """

    __slots__ = ("args", "local", "values")

    def __init__(self, args: tuple[Any, ...], values: Sequence[Any]) -> None:
        self.args = args
        self.values = values
        self.local: list[Any] | None = None


class Module:
    """A user's module in one arithmetic: both passes over its body, shared by calls with equal arguments.

    A call keeps its values for its gradients, so that modules that call modules do work once for each call, not once
    for each pass; and calls with equal arguments are one call.
    """

    def __init__(self, op: Operation, arithmetic: Arithmetic) -> None:
        assert op.body is not None
        self.body = op.body
        self.parameters = op.parameters
        self.arithmetic = arithmetic
        self.calls: dict[Hashable, Call] = {}

    def call(self, *args: Any) -> Call:
        """The call with some arguments."""
        key = self.arithmetic.key(args)
        known = self.calls.get(key)
        if known is None:
            if len(self.calls) >= MAX_CALLS:
                self.calls.clear()
            values = forward(self.body, dict(zip(self.parameters, args, strict=True)), self.arithmetic)
            known = self.calls[key] = Call(args, values)
        return known

    def value(self, *args: Any) -> Any:
        """The value kernel."""
        return self.call(*args).values[self.body.output]

    def locals(self, f: Any, *args: Any) -> list[Any]:
        """The local-gradient kernel; a parameter that nothing reaches has no gradient."""
        one, body = self.call(*args), self.body
        if one.local is None:
            found = backward(body, one.values, body.output, self.arithmetic)
            nodes = [body.variables[parameter] for parameter in self.parameters]
            one.local = [found.upstream[node] if found.reached[node] else None for node in nodes]
        return one.local
