"""What a derivative is in exact numbers, as far as high precision can tell: the judge between two doubles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf, nan
from typing import Any

from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.graph.graph import Graph

MOST_WORK = 200_000_000  # nodes times bits, for all derivatives of a result together
LARGEST = 2048  # bits of an exponent that the precision follows
STEPS = (64, 128, 256, 512, 1024)  # how many bits smaller than the point a step from it is
AGREE = 2.0**-40

Slope = Callable[[Any], Any]  # a derivative over one variable, the others held at the point


class Undecided(Exception):
    """Two precisions do not agree, or the graph is too large to find out."""


class Truth:
    """The derivatives of a graph at a point, each once; ``kinked`` says that the rules use a convention there."""

    def __init__(self, graph: Graph, values: Mapping[str, float], *, kinked: bool) -> None:
        self.graph = graph
        self.values = values
        self.kinked = kinked
        self.left = MOST_WORK

    def derivative(self, wrt: Sequence[str], derived: Graph | None = None) -> float | None:
        """∂ⁿoutput/∂wrt₁…∂wrtₙ rounded to a double, nan where it does not exist, None where it stays undecided.

        Of the first order it comes from reverse mode over the graph, of others from the graph ``derived``. The
        precision is doubled until two results agree. Where the rules have no value, 0*inf or 0/0, and at kinks it is
        the limit from both sides, or from the one side on which the expression has a value.
        """
        import mpmath
        from mpmath import mp

        name, x = wrt[-1], self.values[wrt[-1]]

        def slope(at: Any) -> Any:
            graph = derived or self.graph
            self.left -= len(graph) * mp.prec
            if self.left < 0:
                raise Undecided
            values = forward(graph, {**self.values, name: at}, precise())
            if derived is not None:
                return values[graph.output]
            return backward(graph, values, graph.output, precise()).upstream[graph.variables[name]]

        try:
            with mpmath.workprec(64):
                numbers = forward(self.graph, self.values, precise())
                sizes = [abs(mp.mag(one)) for one in numbers if one and mp.isfinite(one)]
            bits = 64 + min(max(sizes, default=0), LARGEST)
            found = None if self.kinked else _settled(slope, x, bits)
            return float(_limit(slope, x, bits) if found is None else found) + 0.0
        except Undecided:
            return None


def _settled(slope: Slope, x: float, bits: int) -> Any:
    """The value that two precisions agree on, None where it is not finite."""
    import mpmath
    from mpmath import mp

    last = None
    for doubled in range(5):
        with mpmath.workprec(bits << doubled):
            value = slope(mp.mpf(x))
            if not mp.isfinite(value):
                return None
            if last is not None and _agree(last, value):
                return value
            last = value
    raise Undecided


def _limit(slope: Slope, x: float, bits: int) -> Any:
    """The limit from both sides, nan where they differ or there is none; the other one where a side has no values."""
    left, right = (_one_sided(slope, x, sign, bits) for sign in (-1, 1))
    if left is None or right is None:
        return nan if left is right else left if right is None else right
    return left if left == right or _agree(left, right) else nan


def _one_sided(slope: Slope, x: float, sign: int, bits: int) -> Any:
    """The limit from one side, None where there are no values on it."""
    import mpmath
    from mpmath import mp

    found: list[Any] = []
    for step in STEPS:
        size = step if x else step + bits  # at 0 the scale is that of the other numbers
        with mpmath.workprec(bits + 4 * size):
            found.append(slope(mp.mpf(x) + sign * (abs(mp.mpf(x)) or 1) * mp.ldexp(1, -size)))
        with mpmath.workprec(bits):
            if all(map(mp.isfinite, found)):
                limit = _extrapolated(found)
                if limit is not None:
                    return limit
        if len(found) > 1 and all(map(mp.isnan, found)):
            return None
    raise Undecided


def _extrapolated(found: Sequence[Any]) -> Any:
    """Where values go whose steps are squared from one to the next, None as long as that is not clear."""
    from mpmath import mp

    if len(found) > 1 and _agree(found[-2], found[-1]):
        return found[-1]
    if len(found) < 3 or 0 in found[-3:]:
        return None
    first, second, third = found[-3:]
    if _agree(third - second, 2 * (second - first)):  # like the logarithm of the step
        return mp.inf * mp.sign(third)
    ratios = mp.log(abs(second / first), 2), mp.log(abs(third / second), 2)
    if abs(ratios[1] - 2 * ratios[0]) < 0.05 * abs(ratios[1]) and abs(ratios[1]) > 1:  # like a power of the step
        return mp.inf * mp.sign(third) if ratios[1] > 0 else mp.zero
    return None


def _agree(one: Any, other: Any) -> bool:
    return bool(abs(one - other) <= AGREE * min(abs(one), abs(other)) < inf)
