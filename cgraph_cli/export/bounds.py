"""Bounds of values that hold whatever the variables are: they show where no guard is needed.

An interval says nothing about nan, which every function of every language takes without complaint.
"""

from __future__ import annotations

import itertools
import math

from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.light import Callable, Sequence, cache
from cgraph_cli.rule import REAL

Bounds = tuple[float, float]

INF = math.inf
ANY: Bounds = (-INF, INF)
LARGEST = math.nextafter(INF, 0.0)
MUL = operation("mul")


def bounds_of(op: Operation, args: Sequence[int], known: Sequence[Bounds]) -> Bounds:
    """The bounds of a row applied to nodes with bounds; rounding is monotone, so the ends may be rounded too."""
    rule = op.rule
    if rule.monotone:
        low, high = _extremes(op, tuple(known[arg] for arg in args))
        return (max(low, 0.0) if op is MUL and args[0] == args[1] else low), high
    # Out of its domain a function of the arithmetic is nan; a formula may be any number there.
    return ANY if rule.value is not None and rule.domain else (rule.range.low, rule.range.high)


@cache
def _extremes(op: Operation, given: tuple[Bounds, ...]) -> Bounds:
    """The least and the greatest value of a row that is monotone: where every argument is at an end or 0."""
    for position, (name, (low, _)) in enumerate(zip(op.rule.args, given, strict=False)):
        domain = op.rule.domain.get(name)
        others = given[:position] + given[position + 1 :]
        if domain is not None and domain.partial and low < domain.low and any(x != y for x, y in others):
            return ANY
    if op.rule.range is REAL and all(one == ANY for one in given):
        return ANY  # and no arithmetic is loaded for it
    places = [(low, 0.0, -0.0, high) if low < 0 <= high else (low + 0.0, high) for low, high in given]
    from cgraph_cli.engine.kernels import value_kernel

    values = [value for args in itertools.product(*places) if (value := value_kernel(op.name)(*args)) == value]
    return (min(values), max(values)) if values else ANY


def raises(function: Callable[[float], object], bounds: Bounds) -> bool:
    """Whether a function of ``math`` raises in the bounds, or gives no float: at an end, if anywhere."""
    try:
        ends = [*bounds, *(min(max(end, -LARGEST), LARGEST) for end in bounds)]
        return not all(isinstance(function(end), float) for end in ends)
    except (ValueError, OverflowError):
        return True
