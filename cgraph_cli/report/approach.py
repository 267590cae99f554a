"""What outputs tend to where they have no value or jump: from both sides, and along lines and curves."""

from __future__ import annotations

from math import isnan

from cgraph_cli.engine.passes import forward
from cgraph_cli.engine.quantities import Quantities
from cgraph_cli.engine.truth import Truth, both, same
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Any, Iterator, Mapping, Sequence
from cgraph_cli.report.findings import Found
from cgraph_cli.report.words import derivative_name
from cgraph_cli.syntax.printer import format_number

# Power and coefficient of the way on which other variables follow one: the plain ones first, which are shown.
CURVES = ((1, 0.5), (1, -2.0), (2, 1.0), (2, -0.5), (3, 0.5), (1, 0.618034), (1, -1.324718), (2, 0.618034))
MOST_LEADING = 3  # variables that others follow
APART = 0.25  # between the coefficients of several that follow


def _along(
    truth: Truth, of: int, by: str, follow: Mapping[str, tuple[int, float]]
) -> tuple[float | None, float | None]:
    """What an output tends to as a variable comes from the left and from the right, others following on curves."""
    graph, number = truth.graph, truth.arithmetic().number

    def at(point: Mapping[str, Any]) -> list[Any]:
        step = point[by] - number(truth.point[by])
        moved = {name: point[name] + factor * step**power for name, (power, factor) in follow.items()}
        return [forward(graph, {**point, **moved}, truth.arithmetic())[of]]

    return truth.sides(Quantities(1, graph.effort, at), {by: 1.0})[0]


def jump(truth: Truth, node: int, of: int, value: float, by: str) -> Iterator[Found]:
    """What is said of an output that has other limits as a variable comes from the left and from the right."""
    graph = truth.graph
    limits = both(_along(truth, of, by, {}))
    if limits is None or same(*limits):
        return
    left, right = limits
    output = _name(graph, of)
    fields = {"name": f"`{output}`", "value": value, "left": left, "right": right, "by": by, "wrt": (by,), "of": of}
    yield "jump", node, {**fields, "arg": graph.variables[by], "derivative": derivative_name(output, (by,))}


def paths(truth: Truth, node: int, of: int, value: float, moving: Sequence[str]) -> Iterator[Found]:
    """What is said of an output to whose singular point several variables come.

    Two ways with other limits prove that there is none; any number of ways with one limit prove nothing, and that is
    said.
    """
    found: list[tuple[float, str]] = []
    undecided = False
    for by in moving[:MOST_LEADING]:
        others = [name for name in moving if name != by]
        for power, factor in CURVES:
            follow = {name: (power, factor + APART * index) for index, name in enumerate(others)}
            way = ", ".join(_equation(truth.point, by, name, *how) for name, how in follow.items())
            for side, limit in zip(("left", "right"), _along(truth, of, by, follow), strict=True):
                undecided |= limit is None
                if limit is not None and not isnan(limit):
                    found.append((limit, f"{way} as `{by}` comes from the {side}"))
    if not found:
        return
    first, way = found[0]
    fields = {"name": f"`{_name(truth.graph, of)}`", "value": value, "wrt": tuple(moving), "of": of}
    for other, another in found:
        if not same(first, other):
            if way.partition(" as ")[0] != another.partition(" as ")[0]:
                way, another = way.partition(" as ")[0], another.partition(" as ")[0]
            yield "no limit", node, {**fields, "way": way, "first": first, "another": another, "other": other}
            return
    if not undecided and not same(first, value):
        yield "along curves", node, {**fields, "tends_to": first, "count": str(len(found))}


def _equation(point: Mapping[str, float], by: str, name: str, power: int, factor: float) -> str:
    """``y = 1 + 0.5*(x - 2)^2``."""
    x, y = point[by], point[name]
    moved = by if x == 0 else f"({by} {'-' if x > 0 else '+'} {format_number(abs(x))})"
    times = {1.0: "", -1.0: "-"}.get(factor, f"{format_number(factor)}*")
    start = "" if y == 0 else f"{format_number(y)} + "
    return f"`{name} = {start}{times}{moved}{f'^{power}' * (power > 1)}`"


def _name(graph: Graph, of: int) -> str:
    return next(name for name, node in graph.outputs.items() if node == of)
