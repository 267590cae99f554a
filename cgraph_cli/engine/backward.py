"""The backward pass: the upstream gradient of every node, and the local and downstream gradient of every edge."""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence
from typing import Any

from cgraph_cli.engine.arithmetic import FLOAT, Arithmetic
from cgraph_cli.engine.kernels import Kernel, locals_of
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, Operation


class Gradients:
    """The result of a backward pass: ``upstream`` per node; ``local`` and ``downstream`` per edge of ``graph.args``.

    ``reached`` says which nodes take part: those with a path to the output that leads through no branch not taken.
    Invariant: upstream(n) = Σ downstream over the edges into n's users.
    """

    __slots__ = ("downstream", "local", "reached", "upstream")

    def __init__(
        self,
        upstream: MutableSequence[Any],
        local: MutableSequence[Any],
        downstream: MutableSequence[Any],
        reached: bytearray,
    ) -> None:
        self.upstream = upstream
        self.local = local
        self.downstream = downstream
        self.reached = reached


def backward(graph: Graph, values: Sequence[Any], output: int, arithmetic: Arithmetic = FLOAT) -> Gradients:
    """One pass over the tape in reverse, started at ``output`` with the seed 1.

    Every local gradient is computed, downstream gradients only from the nodes that take part. A zero upstream times an
    infinite local gradient is nan, as IEEE 754 has it.
    """
    upstream = arithmetic.column(len(graph))
    local = arithmetic.column(len(graph.args))
    downstream = arithmetic.column(len(graph.args))
    reached = bytearray(len(graph))
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
                    reached[arg] = 1
            edge += 1
        end = start
    return Gradients(upstream, local, downstream, reached)
