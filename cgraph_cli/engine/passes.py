"""The passes over a graph, in any arithmetic: forward (values), backward (gradients), tangents (forward mode).

A user's module is run, not compiled: its kernels are the passes over the graph of its body.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableSequence, Sequence
from typing import Any

from cgraph_cli.engine.arithmetic import FLOAT, Arithmetic
from cgraph_cli.engine.kernels import Kernel, local_kernel, value_kernel
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, Operation


class Gradients:
    """The result of a backward pass: ``upstream`` per node; ``local`` and ``downstream`` per edge of ``graph.args``.

    ``reached`` says which nodes take part: those with a path to the output that leads through no branch not taken.
    ``sends`` says which edges carry a gradient: those of nodes that take part, but for branches not taken.
    Invariant: upstream(n) = Σ downstream over the edges into n's users.
    """

    __slots__ = ("downstream", "local", "reached", "sends", "upstream")

    def __init__(
        self,
        upstream: MutableSequence[Any],
        local: MutableSequence[Any],
        downstream: MutableSequence[Any],
        reached: bytearray,
        sends: bytearray,
    ) -> None:
        self.upstream = upstream
        self.local = local
        self.downstream = downstream
        self.reached = reached
        self.sends = sends


def forward(graph: Graph, inputs: Mapping[str, Any], arithmetic: Arithmetic = FLOAT) -> MutableSequence[Any]:
    """The value of every node, in evaluation order, for one value per variable."""
    values: MutableSequence[Any] = arithmetic.column(len(graph))
    number = arithmetic.number
    for name, node in graph.variables.items():
        values[node] = number(inputs[name])
    exact = arithmetic.constants if arithmetic is not FLOAT else {}
    for node, constant in graph.constants.items():
        values[node] = exact.get(graph.symbols.get(node, "")) or number(constant)
    kernels: dict[Operation, Kernel] = {op: value_of(op, arithmetic) for op in set(graph.ops) - {VARIABLE, CONSTANT}}
    args, offsets = graph.args, graph.offsets
    start = 0
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
    end = offsets[len(graph)]
    for node in range(len(graph) - 1, -1, -1):
        start = offsets[node]
        if start == end or not has_gradient[node]:
            end = start
            continue
        op = ops[node]
        arguments = args[start:end]
        gradients = kernels[op](values[node], *[values[arg] for arg in arguments])
        takes_part = reached[node]
        arriving = upstream[node]
        edge = start
        for arg, gradient in zip(arguments, gradients, strict=False):
            if has_gradient[arg] and gradient is not None:
                local[edge] = gradient
                if takes_part and (gradient or not op.chooses):
                    sent = arriving * gradient
                    downstream[edge] = sent
                    upstream[arg] += sent
                    reached[arg] = sends[edge] = 1
            edge += 1
        end = start
    return Gradients(upstream, local, downstream, reached, sends)


def tangents(
    graph: Graph, values: MutableSequence[Any], direction: Mapping[str, Any], arithmetic: Arithmetic = FLOAT
) -> MutableSequence[Any]:
    """The tangent of every node for a ``direction``: tangent(n) = Σ local · tangent(argument) (forward mode)."""
    found: MutableSequence[Any] = arithmetic.column(len(graph))
    for name, node in graph.variables.items():
        found[node] = arithmetic.number(direction.get(name, 0.0))
    kernels: dict[Operation, Kernel] = {op: locals_of(op, arithmetic) for op in set(graph.ops) - {VARIABLE, CONSTANT}}
    for node, op in enumerate(graph.ops):
        if op is VARIABLE or not graph.has_gradient[node]:
            continue
        arguments = graph.arguments(node)
        local = kernels[op](values[node], *[values[arg] for arg in arguments])
        total = arithmetic.number(0.0)
        for position, (arg, gradient) in enumerate(zip(arguments, local, strict=False)):
            if graph.edge_has_gradient(node, position) and not (op.chooses and gradient == 0):
                total += gradient * found[arg]
        found[node] = total
    return found


def value_of(op: Operation, arithmetic: Arithmetic = FLOAT) -> Kernel:
    """The value kernel of an operation; a module's is a forward pass over its body."""
    if op.body is None:
        return value_kernel(op.name, arithmetic)
    return _module_value(op, op.body, arithmetic)


def locals_of(op: Operation, arithmetic: Arithmetic = FLOAT) -> Kernel:
    """The local-gradient kernel of an operation; a module's is both passes over its body."""
    if op.body is None:
        return local_kernel(op.name, arithmetic)
    return _module_locals(op, op.body, arithmetic)


def _module_value(op: Operation, body: Graph, arithmetic: Arithmetic) -> Kernel:
    def value(*args: Any) -> Any:
        return forward(body, dict(zip(op.parameters, args, strict=True)), arithmetic)[body.output]

    return value


def _module_locals(op: Operation, body: Graph, arithmetic: Arithmetic) -> Kernel:
    def local(f: Any, *args: Any) -> list[Any]:
        values = forward(body, dict(zip(op.parameters, args, strict=True)), arithmetic)
        upstream = backward(body, values, body.output, arithmetic).upstream
        return [upstream[body.variables[parameter]] for parameter in op.parameters]

    return local
