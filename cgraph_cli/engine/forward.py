"""The forward pass: the value of every node, and with a direction its tangent."""

from __future__ import annotations

from collections.abc import Mapping, MutableSequence
from typing import Any

from cgraph_cli.engine.arithmetic import FLOAT, Arithmetic
from cgraph_cli.engine.kernels import Kernel, locals_of, value_of
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, Operation


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
