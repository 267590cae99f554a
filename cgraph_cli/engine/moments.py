"""Mean and variance of the output for inputs that are normally distributed, one order beyond the linear one."""

from __future__ import annotations

from cgraph_cli.engine.hessian import Second
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.engine.quantities import Quantities
from cgraph_cli.engine.truth import Truth
from cgraph_cli.graph.expand import expanded
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Any, Mapping, NamedTuple, Sequence

STRETCH = 4  # a step of 2^-bits from the point leaves as many bits right in a difference of two

Spread = Mapping[str, float]  # how far each variable goes with one of the independent standard normal variables


class Moments(NamedTuple):
    """The value of the output and its deviation to first order; mean and deviation with the terms of the next order.

    The last is nan where the variance to that order is negative.
    """

    value: float
    first: float
    mean: float
    deviation: float


def moments(graph: Graph, output: int, values: Mapping[str, float], spreads: Sequence[Spread]) -> Moments | None:
    """Mean and deviation of the output where the variables are ``values`` + Σ spread·z, z independent standard normal.

    With C = Σ spread·spreadᵀ, the gradient g, the Hessian H and the directional derivative D:
    mean = f + tr(C·H)/2,  variance = gᵀ·C·g + tr(H·C·H·C)/2 + D along C·g of tr(C·H).
    For independent variables that is JCGM 100:2008 (GUM), 5.1.2, note: Σ u_i²·f_i² + Σ (f_ij²/2 + f_i·f_ijj)·u_i²·u_j².
    The numbers are those of high precision; None where it does not decide or would take too long.
    """
    whole, places = expanded(graph)
    names = {name: index for index, name in enumerate(whole.variables) if any(name in one for one in spreads)}
    here = Second(whole, places[output], values)
    linear = not any(edge.seconds for _, edges in here.nodes for edge in edges)
    rows = 0 if linear else 3 * len(names)
    size = (rows + 1) * len(whole.args) + 2 * (rows or 1) * sum(map(len, spreads))

    def at(point: Mapping[str, Any]) -> list[Any]:
        return _at(whole, places[output], point, spreads, names, linear=linear)

    found = Truth(graph, values).values(Quantities(4, size, at, STRETCH))
    known = [one for one in found if one is not None]
    return Moments(*known) if len(known) == len(found) else None


def _at(
    graph: Graph,
    output: int,
    point: Mapping[str, Any],
    spreads: Sequence[Spread],
    names: Mapping[str, int],
    *,
    linear: bool,
) -> list[Any]:
    """The moments at the precision that is set."""
    import mpmath
    from mpmath import mp

    bits = mp.prec
    with mpmath.workprec(STRETCH * bits):
        values = forward(graph, point, precise())
        upstream = backward(graph, values, output, precise()).upstream
        gradient = [upstream[node] for node in graph.variables.values()]
        slopes = [_sum(gradient[names[name]] * length for name, length in one.items()) for one in spreads]
        first = mp.sqrt(_sum(slope * slope for slope in slopes))
        value = values[output]
        if linear:
            return [value, first, value, first]
        bends = _bends(Second(graph, output, point, precise()), spreads, names)
        variance = first**2 + _sum(one * one for row in bends for one in row) / 2
        if first:
            # Along C·g/first no variable moves farther than its own deviation.
            step = mp.ldexp(1, -bits)
            traces = []
            for side in (step, -step):
                moved = dict(point)
                for slope, one in zip(slopes, spreads, strict=True):
                    for name, part in one.items():
                        moved[name] += side * slope / first * part
                traces.append(_trace(_bends(Second(graph, output, moved, precise()), spreads, names)))
            variance += first * (traces[0] - traces[1]) / (2 * step)
        return [value, first, value + _trace(bends) / 2, mp.sqrt(variance) if variance >= 0 else mp.nan]


def _trace(matrix: Sequence[Sequence[Any]]) -> Any:
    return _sum(row[place] for place, row in enumerate(matrix))


def _bends(second: Second, spreads: Sequence[Spread], names: Mapping[str, int]) -> list[list[Any]]:
    """The second derivatives by each two of the independent variables."""
    variables = second.graph.variables
    rows = {name: second.row(variables[name]) for name in names}
    along = [
        [_sum(length * rows[name][place] for name, length in one.items()) for place in range(len(variables))]
        for one in spreads
    ]
    return [[_sum(length * row[names[name]] for name, length in one.items()) for one in spreads] for row in along]


def _sum(terms: Any) -> Any:
    from mpmath import mp

    return sum((term for term in terms if term), mp.zero)
