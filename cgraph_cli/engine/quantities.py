"""What high precision is asked for: numbers that are functions of a point."""

from __future__ import annotations

from itertools import product
from math import comb, prod

from cgraph_cli.engine.arithmetic import Arithmetic
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Any, Callable, Mapping, NamedTuple, Sequence


class Quantities(NamedTuple):
    """So many numbers that take about so many operations.

    ``at`` computes them for a value of every variable, in mpmath at the precision that is set when it is called, with
    ``stretch`` times its bits inside.
    """

    size: int
    operations: int
    at: Callable[[Mapping[str, Any]], Sequence[Any]]
    stretch: int = 1


def by_rules(
    graph: Graph, wanted: Sequence[tuple[int, int | None]], arithmetic: Callable[[], Arithmetic] = precise
) -> Quantities:
    """Values of outputs, and their derivatives by nodes by reverse mode: each an output, and what it is taken by."""
    outputs = {output for output, by in wanted if by is not None}

    def at(point: Mapping[str, Any]) -> list[Any]:
        values = forward(graph, point, arithmetic())
        upstream = {output: backward(graph, values, output, arithmetic()).upstream for output in outputs}
        return [values[output] if by is None else upstream[output][by] for output, by in wanted]

    return Quantities(len(wanted), graph.effort * (1 + len(outputs)), at)


def stencil(graph: Graph, wrt: Sequence[str], arithmetic: Callable[[], Arithmetic] = precise) -> Quantities:
    """A derivative of higher order as a central difference: Σ (-1)^k C(n, k) f(x + (n/2 - k)h)/h^n in every variable.

    With steps h of 2^-bits of x in (n + 2) times so many bits, what is cut off and what is rounded are both less than
    2^-bits of the result.
    """
    orders, stretch = {name: wrt.count(name) for name in wrt}, len(wrt) + 2
    count = prod(order + 1 for order in orders.values())  # of points; there may be too many to visit

    def difference(point: Mapping[str, Any]) -> list[Any]:
        import mpmath
        from mpmath import mp

        bits = mp.prec
        with mpmath.workprec(bits * stretch):
            steps = {name: mp.ldexp(abs(point[name]) or 1, -bits) for name in orders}
            total = mp.zero
            for place in product(*(range(order + 1) for order in orders.values())):
                at, factor = dict(point), 1
                for (name, order), k in zip(orders.items(), place, strict=True):
                    at[name] += (mp.mpf(order) / 2 - k) * steps[name]
                    factor *= (-1) ** k * comb(order, k)
                total += factor * forward(graph, at, arithmetic())[graph.output]
            return [total / mp.fprod(steps[name] ** order for name, order in orders.items())]

    return Quantities(1, graph.effort * count, difference, stretch)
