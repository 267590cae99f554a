"""The passes over a graph, in any arithmetic: forward (values), backward (gradients), tangents (forward mode).

A user's module is run: its kernels are the passes over the graph of its body.
"""

from __future__ import annotations

from cgraph_cli.engine.arithmetic import Arithmetic
from cgraph_cli.engine.floats import FLOAT
from cgraph_cli.engine.kernels import Kernel, kink_kernel, local_kernel, value_kernel
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, Operation
from cgraph_cli.light import Any, Hashable, Mapping, MutableSequence, NamedTuple, Sequence

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
            elif end != start:
                values[node] = kernels[op](*[values[arg] for arg in args[start:end]])
            start = end
    return values


def backward(graph: Graph, values: Sequence[Any], output: int, arithmetic: Arithmetic = FLOAT) -> Gradients:
    """One pass over the tape in reverse, started at ``output`` with the seed 1.

    Every local gradient is computed, downstream gradients only from the nodes that take part. A zero upstream times an
    infinite local gradient is nan, as IEEE 754 has it.
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
    send, value_at = arithmetic.send, values.__getitem__
    end = offsets[len(graph)]
    with arithmetic.context():
        for node in range(len(graph) - 1, -1, -1):
            start = offsets[node]
            if start == end or not has_gradient[node]:
                end = start
                continue
            arguments = args[start:end]
            gradients = kernels[ops[node]](values[node], *map(value_at, arguments))
            takes_part = reached[node]
            arriving = upstream[node]
            for edge, arg in enumerate(arguments, start):  # there may be more gradients: of defaults
                gradient = gradients[edge - start]
                if gradient is not None and has_gradient[arg]:
                    local[edge] = gradient
                    if takes_part:
                        sent = downstream[edge] = send(arriving, gradient)
                        upstream[arg] = upstream[arg] + sent  # a new number: a column must not change in place
                        reached[arg] = sends[edge] = 1
            end = start
    return Gradients(upstream, local, downstream, reached, sends)


def tangents(
    graph: Graph, values: Sequence[Any], direction: Mapping[str, Any], arithmetic: Arithmetic = FLOAT
) -> MutableSequence[Any]:
    """The tangent of every node for a ``direction``: tangent(n) = Σ local · tangent(argument) (forward mode).

    What moves with no name of the direction, or only along branches not taken, sends nothing, as in the backward pass.
    """
    found: MutableSequence[Any] = arithmetic.column(len(graph))
    moves = bytearray(len(graph))
    for name, node in graph.variables.items():
        if name in direction:
            found[node] = arithmetic.number(direction[name])
            moves[node] = 1
    kernels: dict[Operation, Kernel] = {op: locals_of(op, arithmetic) for op in set(graph.ops) - {VARIABLE, CONSTANT}}
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
    return found


def at_kink(graph: Graph, node: int, values: Sequence[Any], reached: Sequence[int]) -> bool:
    """Whether a node that takes part stands on a kink of its function, or a comparison where it changes."""
    op = graph.ops[node]
    kernel = None if op.rule is None else kink_kernel(op.name)
    if kernel is None or not (reached[node] or op.compares):
        return False
    args = graph.arguments(node)
    return any(graph.has_gradient[arg] for arg in args) and bool(kernel(values[node], *[values[arg] for arg in args]))


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


class Call(NamedTuple):
    """One call of a module: every value of its body, and its local gradients."""

    args: tuple[Any, ...]
    values: Sequence[Any]
    locals: list[Any]


class Module:
    """A user's module in one arithmetic: both passes over its body, shared by calls with equal arguments.

    Value and gradients are found together, so that modules that call modules do work once for each call, not once for
    each pass; and calls with equal arguments are one call.
    """

    def __init__(self, op: Operation, arithmetic: Arithmetic) -> None:
        assert op.body is not None
        self.body = op.body
        self.parameters = op.parameters
        self.arithmetic = arithmetic
        self.calls: dict[Hashable, Call] = {}

    def call(self, *args: Any) -> Call:
        """The values and local gradients for arguments; a parameter that nothing reaches has no gradient."""
        key = self.arithmetic.key(args)
        known = self.calls.get(key)
        if known is None:
            body = self.body
            values = forward(body, dict(zip(self.parameters, args, strict=True)), self.arithmetic)
            found = backward(body, values, body.output, self.arithmetic)
            nodes = [body.variables[parameter] for parameter in self.parameters]
            local = [found.upstream[node] if found.reached[node] else None for node in nodes]
            if len(self.calls) >= MAX_CALLS:
                self.calls.clear()
            known = self.calls[key] = Call(args, values, local)
        return known

    def value(self, *args: Any) -> Any:
        """The value kernel."""
        return self.call(*args).values[self.body.output]

    def locals(self, f: Any, *args: Any) -> list[Any]:
        """The local-gradient kernel."""
        return self.call(*args).locals
