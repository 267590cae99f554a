"""Points at which a function has no derivative and a convention was used in its place."""

from __future__ import annotations

from collections.abc import Sequence

from cgraph_cli.engine.kernels import kink_kernel
from cgraph_cli.engine.passes import forward
from cgraph_cli.graph.graph import Graph, Operation
from cgraph_cli.report.findings import Warning
from cgraph_cli.report.words import Description
from cgraph_cli.rules import COMPARISONS


def kinks(graph: Graph, values: Sequence[float], reached: Sequence[int], text: Description) -> list[Warning]:
    """A warning for every node that takes part and stands exactly on a kink of its function."""
    suspects = {op for op in set(graph.ops) if _can_kink(op)}
    if not suspects:
        return []
    found = []
    for node, op in enumerate(graph.ops):
        if op not in suspects:
            continue
        arguments = graph.arguments(node)
        if not any(graph.has_gradient[arg] for arg in arguments):
            continue
        if not reached[node] and not (op.name in COMPARISONS and op.rule is not None):
            continue
        at = [values[arg] for arg in arguments]
        inner = _kink_of(op, values[node], at)
        if inner is not None:
            rule = inner.rule
            assert rule is not None
            where = "" if inner is op else f" inside `{op.name}`"
            convention = rule.convention
            message = f"{text.at_point(node, values)} is a kink{where} of `{inner.name}`: {convention}"
            if op.name in COMPARISONS and op.rule is not None:
                message = f"{text.at_point(node, values)} is exactly where the comparison changes: {convention}"
            found.append(Warning("kink", node, message))
    return found


def _can_kink(op: Operation) -> bool:
    if op.body is not None:
        return any(_can_kink(inner) for inner in set(op.body.ops))
    return op.rule is not None and op.rule.kink is not None


def _kink_of(op: Operation, value: float, args: Sequence[float]) -> Operation | None:
    """The operation that has the kink: ``op`` itself, or one inside a module."""
    if op.body is None:
        kernel = kink_kernel(op.name)
        return op if kernel is not None and kernel(value, *args) else None
    body = op.body
    values = forward(body, dict(zip(op.parameters, args, strict=True)))
    for node, inner in enumerate(body.ops):
        if _can_kink(inner) and any(body.has_gradient[arg] for arg in body.arguments(node)):
            found = _kink_of(inner, values[node], [values[arg] for arg in body.arguments(node)])
            if found is not None:
                return found
    return None
