"""Bounds of values that hold whatever the variables are: they show where no guard is needed.

An interval says nothing about nan, which every function of every language takes without complaint.
"""

from __future__ import annotations

from collections.abc import Sequence

Bounds = tuple[float, float]

INF = float("inf")
ANY: Bounds = (-INF, INF)

_RANGES: dict[str, Bounds] = {
    **dict.fromkeys(("sin", "cos", "tanh", "erf", "sign"), (-1.0, 1.0)),
    **dict.fromkeys(("sigmoid", "sech", "lt", "le", "gt", "ge", "eq", "ne"), (0.0, 1.0)),
    **dict.fromkeys(("sqrt", "exp2", "softplus", "relu", "mse", "mae", "huber", "hinge"), (0.0, INF)),
    "erfc": (0.0, 2.0),
    "cosh": (1.0, INF),
    "atan": (-2.0, 2.0),
    "atan2": (-4.0, 4.0),
}


def bounds_of(name: str, args: Sequence[int], known: Sequence[Bounds]) -> Bounds:
    """The bounds of a row applied to nodes with bounds; rounding is monotone, so the ends may be rounded too."""
    if name in _RANGES:
        return _RANGES[name]
    made = _combined(name, args, [known[arg] for arg in args])
    low, high = made
    return made if low <= high else ANY  # an end may be inf - inf


def _combined(name: str, args: Sequence[int], of: Sequence[Bounds]) -> Bounds:
    low, high = of[0]
    if name == "neg":
        return -high, -low
    if name == "exp":
        return (1.0 if low >= 0 else 0.0), (1.0 if high <= 0 else INF)
    if name == "abs":
        return (max(low, -high, 0.0), max(-low, high))
    if name in ("log1p", "expm1", "log") and low >= (1.0 if name == "log" else 0.0):
        return 0.0, INF
    if name == "where":
        return min(of[1][0], of[2][0]), max(of[1][1], of[2][1])
    if len(of) != 2:
        return ANY
    other_low, other_high = of[1]
    if name == "add":
        return low + other_low, high + other_high
    if name == "sub":
        return low - other_high, high - other_low
    if name == "max":
        return max(low, other_low), max(high, other_high)
    if name == "min":
        return min(low, other_low), min(high, other_high)
    if name == "hypot":
        return max(low, other_low, -high, -other_high, 0.0), INF
    if name == "pow":
        even = other_low == other_high and other_low % 2 == 0
        return (0.0, INF) if low >= 0 or even else ANY
    if name == "mul":
        if args[0] == args[1]:
            return (0.0 if low <= 0 <= high else min(low * low, high * high)), max(low * low, high * high)
        ends = [_product(a, b) for a in (low, high) for b in (other_low, other_high)]
        return min(ends), max(ends)
    if name == "div" and low >= 0 and other_low >= 0:
        return 0.0, (high / other_low if other_low > 0 else INF)
    return ANY


def _product(a: float, b: float) -> float:
    return 0.0 if a == 0 or b == 0 else a * b
