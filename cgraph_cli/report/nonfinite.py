"""Where infinities and nan come from: the first node or edge at which finite numbers stop being finite.

What the user wrote as ``inf`` counts as finite as long as it leads to finite numbers: 1/inf is 0.
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from math import isfinite, isinf, isnan

from cgraph_cli.engine.floats import all_finite
from cgraph_cli.engine.passes import Gradients, forward, value_of
from cgraph_cli.errors import shortened
from cgraph_cli.graph.express import needed
from cgraph_cli.graph.graph import Graph, Operation, operation
from cgraph_cli.light import Any, Iterable, Iterator, Mapping, Sequence
from cgraph_cli.report.findings import Found
from cgraph_cli.report.kinds import KINDS
from cgraph_cli.report.words import Description, derivative_name

WHERE = operation("where")
DIVISION = operation("div")


def non_finite_values(
    source: str, graph: Graph, values: Sequence[float], passes: Sequence[Gradients], words: Description
) -> Iterator[Found]:
    """The nodes at which infinite values and nan begin, of those that matter."""
    if all_finite(values):
        return
    inputs: Mapping[int, str] = {node: name for name, node in graph.variables.items()}
    matters = needed(graph, graph.outputs.values(), values)
    meant = _meant(graph, values)
    outputs = frozenset(graph.outputs.values())
    for node, value in enumerate(values):
        if isfinite(value) or not matters[node] or (meant[node] and node not in outputs):
            continue
        op, arguments = graph.ops[node], graph.arguments(node)
        at = [values[arg] for arg in arguments]
        if node in inputs:
            yield "input", node, {"name": inputs[node], "value": value}
        elif node in graph.constants and not meant[node]:
            text = shortened(source[graph.starts[node] : graph.ends[node]])
            yield "literal", node, {"text": text, "value": value}
        elif not any(map(isnan, at)) and (isnan(value) or all(meant[arg] for arg in arguments)):
            place: dict[str, Any] = {"place": words.at_point(node, values), "value": value}
            kind = "indeterminate" if isnan(value) else "meant infinite"
            if at and all(map(isfinite, at)):
                kind = nature(graph, values, node)
            if kind == "domain" and op.rule.outside is not None:
                kind, place["outside"] = "domain told", op.rule.outside
            has_gradient = graph.has_gradient[node] and any(one.reached[node] for one in passes)
            yield kind if has_gradient or not isnan(value) else f"{kind} constant", node, place


def ends_in(found: Iterable[Found], graph: Graph, values: Sequence[float]) -> set[int]:
    """Where numbers stop being finite in any arithmetic: at poles and where they are indeterminate, not by an overflow.

    What is nan at a pole between two sides is one: Γ(-1).
    """
    codes: dict[str, set[int]] = {}
    for kind, node, _ in found:
        codes.setdefault(KINDS[kind].code, set()).add(node)
    ends = codes.get("pole", set()) | codes.get("indeterminate", set()) | nan_poles(graph, values)
    return ends - codes.get("overflow", set())


def nan_poles(graph: Graph, values: Sequence[float]) -> set[int]:
    """What is nan at a pole between two sides."""
    if all_finite(values):
        return set()
    return {
        node
        for node, op in enumerate(graph.ops)
        if isnan(values[node]) and op.is_row
        for name, arg in zip(op.rule.args, graph.arguments(node), strict=False)
        if name in op.rule.domain and op.rule.domain[name].poles and not op.rule.domain[name].contains(values[arg])
    }


def moving_to(graph: Graph, ends: Iterable[int]) -> list[str]:
    """The variables that come to where numbers stop being finite."""
    reached = needed(graph, ends)
    return [name for name, start in graph.variables.items() if reached[start]]


def vanishes(graph: Graph, values: Sequence[float], node: int) -> bool:
    """Whether a node is 0 where it is none in exact numbers: no factor is 0, or its function has no 0 in its range."""
    while values[node] == 0:
        op, arguments = graph.ops[node], graph.arguments(node)
        if not op.is_row or not arguments or not all(isfinite(values[arg]) for arg in arguments):
            return False
        if not op.rule.factors:
            return not op.rule.range.contains(0)
        zeros = [arg for arg in arguments[: op.rule.factors] if values[arg] == 0]
        if len(zeros) != 1:
            return not zeros
        (node,) = zeros
    return False


def not_taken(graph: Graph, values: Sequence[float], words: Description) -> Iterator[Found]:
    """The first node that is not finite, at finite arguments, in a branch that is not taken; not one that a module
    writes as infinite.
    """
    if all_finite(values) or WHERE not in graph.ops:
        return
    matters, used = (needed(graph, graph.outputs.values(), taken) for taken in (values, None))
    for node in range(len(graph)):
        args, value = [values[arg] for arg in graph.arguments(node)], values[node]
        if used[node] > matters[node] and args and not isfinite(value) and all(map(isfinite, args)):
            kind = nature(graph, values, node)
            if kind != "meant infinite":
                yield f"{kind} not taken", node, {"place": words.at_point(node, values), "value": value}
                return


def absorbed(
    found: Iterable[Found],
    graph: Graph,
    values: Sequence[float],
    passes: Mapping[str, Gradients],
    lost: Sequence[Found],
) -> Iterator[Found]:
    """What is not finite inside, as a note where it makes no number of the result so; ``lost`` are those that are wrong
    for it."""
    wrong: set[int] = {fields["arg"] if "arg" in fields else fields["of"] for _, _, fields in lost}
    starts = {*graph.variables.values()}
    by_gradient = {node for one in passes.values() for node in starts if not isfinite(one.upstream[node])}
    # All gradients of a value that is nan are nan for that.
    known = [one for name, one in passes.items() if not isnan(values[graph.outputs[name]])]
    reaches = graph.depending_on(*wrong & starts, *by_gradient)
    wrong |= {node for one in known for node in starts if not isfinite(one.upstream[node])}
    wrong |= {node for node in graph.outputs.values() if not isfinite(values[node])}
    matters = needed(graph, graph.outputs.values(), values)
    spreads = graph.depending_on(*wrong & starts)
    for node in range(len(graph) - 1, -1, -1):
        spreads[node] |= node in wrong
        for arg in graph.arguments(node) if spreads[node] else ():
            spreads[arg] |= matters[arg] and not isfinite(values[arg])
    for kind, node, fields in found:
        name = kind if f"{kind} absorbed" in KINDS else f"{kind} constant"
        counts = reaches[node] if KINDS[kind].of_gradient else spreads[node]
        yield kind if counts or f"{name} absorbed" not in KINDS else f"{name} absorbed", node, fields


def nature(graph: Graph, values: Sequence[float], node: int) -> str:
    """Why a node is not finite at finite arguments: ``domain``, ``pole``, ``indeterminate``, ``too large`` or ``too
    small``, or ``meant infinite`` in a module.
    """
    op, arguments = graph.ops[node], graph.arguments(node)
    args = [values[arg] for arg in arguments]
    found = _nature_inside(op, args) if op.body is not None else _nature_of_row(op, args)
    return "too small" if found == "pole" and any(vanishes(graph, values, arg) for arg in arguments) else found


def _nature_inside(op: Operation, args: Sequence[float]) -> str:
    assert op.body is not None
    body, values = op.body, forward(op.body, dict(zip(op.parameters, args, strict=True)))
    for node, value in enumerate(values):
        inside = [values[arg] for arg in body.arguments(node)]
        if not isfinite(value) and inside and all(map(isfinite, inside)):
            found = nature(body, values, node)
            is_artefact = isnan(values[body.output]) and found in ("pole", "too large", "too small")
            return "indeterminate" if is_artefact else found
    # what is not finite inside is a number that is written there
    is_literal = any(isinf(value) and node not in body.symbols for node, value in body.constants.items())
    return "indeterminate" if isnan(values[body.output]) else "too large" if is_literal else "meant infinite"


def _nature_of_row(op: Operation, args: Sequence[float]) -> str:
    if isnan(value_of(op)(*args)):
        return "indeterminate" if op is DIVISION and not any(args) else "domain"
    domains = zip(op.rule.args, args, strict=False)
    intervals = [(op.rule.domain[name], x) for name, x in domains if name in op.rule.domain]
    ends = (x == 0 if one.partial else not one.contains(x) or x in (one.low, one.high) for one, x in intervals)
    return "pole" if any(ends) else "too large"  # what is infinite at an end of the domain is no overflow


def is_moderate(size: float) -> bool:
    """Whether a product of a few numbers of this size does not leave the range of doubles, or is 0."""
    return size == 0 or 1e-100 < size < 1e100


def _meant(graph: Graph, values: Sequence[float]) -> bytearray:
    """The nodes that are finite or written as infinite: ``inf``, and -inf or 2*inf as well."""
    meant = bytearray(map(isfinite, values))
    for node in graph.symbols:
        meant[node] = 1
    for node, value in enumerate(values):
        if isinf(value) and not graph.has_gradient[node]:
            arguments = graph.arguments(node)
            finite = all(isfinite(values[arg]) for arg in arguments)
            meant[node] |= not finite and all(meant[arg] for arg in arguments)
    return meant


def non_finite_gradients(
    graph: Graph, values: Sequence[float], passes: Gradients, words: Description
) -> Iterator[Found]:
    """The nodes and edges at which infinite gradients and nan begin, of those that a gradient is sent along."""
    if all_finite(passes.local) and all_finite(passes.upstream):
        return
    meant = _meant(graph, values)
    nan_arrives = bytearray(len(graph))  # users come before their arguments in this loop
    is_lost = isnan(values[passes.reached.rindex(1)])  # the output is the last
    for node in range(len(graph) - 1, -1, -1):
        if not passes.reached[node]:
            continue
        arriving = passes.upstream[node]
        for position, edge in enumerate(graph.edges(node)):
            if not passes.sends[edge]:
                continue
            arg = graph.args[edge]
            local, sent = passes.local[edge], passes.downstream[edge]
            nan_arrives[arg] |= isnan(sent)
            if isfinite(local) and isfinite(sent):
                continue
            begins = isfinite(values[node]) and all(meant[one] for one in graph.arguments(node))
            if not isfinite(local) and begins and not (is_lost and isnan(local)):
                formula, point = words.local(node, position, values), words.point(node, values)
                kind = "no local"
                if isinf(local):
                    sizes = [abs(values[one]) for one in (node, *graph.arguments(node))]
                    small = any(vanishes(graph, values, one) for one in (node, *graph.arguments(node)))
                    kind = "pole local" if all(map(is_moderate, sizes)) and not small else "too large local"
                fields = {"local": words.quoted_local(node, arg), "formula": formula, "point": point, "arg": arg}
                yield kind, node, fields
            if isnan(sent) and 0 in (arriving, local) and (isinf(arriving) or isinf(local)):
                fields = {"label": words.quoted(node), "local": words.quoted_local(node, arg), "arg": arg}
                yield "infinity times zero" if isinf(arriving) else "zero times infinity", node, fields
            elif isfinite(local) and isfinite(arriving):
                yield "overflow", node, {"local": words.quoted_local(node, arg), "arg": arg}
        if isnan(arriving) and not nan_arrives[node]:
            yield "opposite infinities", node, {"label": words.quoted(node)}


def non_finite_seconds(graph: Graph, hessian: Mapping[str, Mapping[str, float]]) -> Iterator[Found]:
    """The entries of the Hessian that are not finite, each once: the matrix is symmetric."""
    output, node = next(reversed(graph.outputs.items()))
    for row, column in combinations_with_replacement(hessian, 2):
        value = hessian[row][column]
        if not isfinite(value):
            name = derivative_name(output, (row, column))
            yield "second", node, {"name": name, "value": value, "row": row, "column": column}


def non_finite_directional(graph: Graph, tangents: Sequence[float]) -> Iterator[Found]:
    """The outputs whose directional derivative is not finite; no ``tangents`` where none was asked for."""
    for output, node in graph.outputs.items() if tangents else ():
        if not isfinite(tangents[node]):
            name = f"the directional derivative of `{output}`"
            yield "directional", node, {"name": name, "output": output, "value": tangents[node]}
