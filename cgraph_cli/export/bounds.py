"""Bounds of values that hold whatever the variables are: they show where no guard is needed.

An interval says nothing about nan, which every function of every language takes without complaint.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from cgraph_cli.graph.graph import Operation, operation

Bounds = tuple[float, float]

INF = math.inf
ANY: Bounds = (-INF, INF)
LARGEST = math.nextafter(INF, 0.0)


def bounds_of(op: Operation, args: Sequence[int], known: Sequence[Bounds]) -> Bounds:
    """The bounds of a row applied to nodes with bounds; rounding is monotone, so the ends may be rounded too."""
    rule = op.rule
    assert rule is not None
    combine = _COMBINED.get(op)
    if combine is not None:
        low, high = combine(*(known[arg] for arg in args))
        if op is operation("mul") and args[0] == args[1]:
            low = max(low, 0.0)
        return (low, high) if low <= high else ANY  # an end may be inf - inf
    # Out of its domain a function of the arithmetic is nan; a formula may be any number there.
    return ANY if rule.value is not None and rule.domain else (rule.range.low, rule.range.high)


def raises(function: Callable[[float], object], bounds: Bounds) -> bool:
    """Whether a function of ``math`` raises in the bounds, or gives no float: at an end, if anywhere."""
    try:
        ends = [*bounds, *(min(max(end, -LARGEST), LARGEST) for end in bounds)]
        return not all(isinstance(function(end), float) for end in ends)
    except (ValueError, OverflowError):
        return True


def _product(x: Bounds, y: Bounds) -> Bounds:
    ends = [0.0 if a == 0 or b == 0 else a * b for a in x for b in y]
    return min(ends), max(ends)


def _quotient(x: Bounds, y: Bounds) -> Bounds:
    if x[0] < 0 or y[0] < 0:
        return ANY
    return 0.0, (x[1] / y[0] if y[0] > 0 else INF)


def _power(x: Bounds, y: Bounds) -> Bounds:
    return (0.0, INF) if x[0] >= 0 or (y[0] == y[1] and y[0] % 2 == 0) else ANY


_ROWS: dict[str, Callable[..., Bounds]] = {
    "neg": lambda x: (-x[1], -x[0]),
    "add": lambda x, y: (x[0] + y[0], x[1] + y[1]),
    "sub": lambda x, y: (x[0] - y[1], x[1] - y[0]),
    "mul": _product,
    "div": _quotient,
    "pow": _power,
    "max": lambda x, y: (max(x[0], y[0]), max(x[1], y[1])),
    "min": lambda x, y: (min(x[0], y[0]), min(x[1], y[1])),
    "where": lambda condition, x, y: (min(x[0], y[0]), max(x[1], y[1])),
    "hypot": lambda x, y: (max(x[0], y[0], -x[1], -y[1], 0.0), INF),
}
_COMBINED = {operation(name): combine for name, combine in _ROWS.items()}
