"""Derivatives of any order from values alone, in high precision."""

from __future__ import annotations

from itertools import product
from math import comb, prod

from cgraph_cli.engine.arithmetic import Arithmetic
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import forward
from cgraph_cli.engine.truth import Quantities
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Any, Callable, Mapping, Sequence


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

    return Quantities(1, len(graph) * count, difference, stretch)
