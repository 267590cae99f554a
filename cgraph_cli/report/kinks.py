"""Points at which a function has no derivative and a convention was used in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cgraph_cli.engine.kernels import kink_kernel
from cgraph_cli.engine.passes import forward
from cgraph_cli.graph.graph import Graph, Operation
from cgraph_cli.report.findings import Found
from cgraph_cli.report.words import Description


def kinks(graph: Graph, values: Sequence[float], reached: Sequence[int], words: Description) -> Iterator[Found]:
    """Every node that takes part and stands exactly on a kink of its function."""
    suspects = {op for op in set(graph.ops) if _can_kink(op)}
    if not suspects:
        return
    for node, op in enumerate(graph.ops):
        if op not in suspects:
            continue
        arguments = graph.arguments(node)
        if not any(graph.has_gradient[arg] for arg in arguments) or not (reached[node] or op.compares):
            continue
        inner = _kink_of(op, values[node], [values[arg] for arg in arguments])
        if inner is None:
            continue
        assert inner.rule is not None
        kind = "switch" if op.compares else "kink" if inner is op else "kink inside"
        place, convention = words.at_point(node, values), inner.rule.convention
        yield kind, node, {"place": place, "function": inner.name, "module": op.name, "convention": convention}


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
