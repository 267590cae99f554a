"""What the rule table is held against: every function by mpmath, its derivatives by differences of that, and points.

Nothing here comes from the table's formulas, and no derivative is written down.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import mpmath
from mpmath import mp

from cgraph_cli.rule import INF, REAL, Interval
from cgraph_cli.rules import (
    ABOVE_MINUS_ONE,
    BASE,
    FROM_ONE,
    HALF_OPEN_UNIT,
    NON_NEGATIVE,
    NOT_POLE,
    NOT_ZERO,
    OPEN_UNIT,
    ORDER,
    OUTSIDE_OPEN_UNIT,
    OUTSIDE_UNIT,
    POSITIVE,
    PROBABILITY,
    RULES,
    UNIT,
)

STEP = 40  # digits between a point and the next one that differences use
EPSILON = 2.0**-52
SMALLEST_NORMAL = 2.0**-1022

Oracle = Callable[..., Any]


def digits(name: str) -> int:
    """Enough digits for the differences of a row: for sin(1e308 + h), 1 - tanh(350)^2, hypot(1e-100, 1e100)."""
    rule = RULES[name]
    if NOT_POLE in rule.domain.values():
        return 200
    return 520 if rule.many or len(rule.args) > 1 else 440


def _erfc(x: Any) -> Any:
    return mpmath.erfc(x) if x < 1e9 else mp.zero


def _xlogy(x: Any, y: Any) -> Any:
    return mp.zero if x == 0 else x * mpmath.log(y)


def _log_gamma(x: Any) -> Any:
    return mpmath.log(abs(mpmath.gamma(x)))


def _huber(p: Any, t: Any, d: Any = 1) -> Any:
    r = abs(p - t)
    return r**2 / 2 if r <= d else d * (r - d / mpmath.mpf(2))


VALUES: dict[str, Oracle] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "neg": lambda x: -x,
    "pow": mpmath.power,
    "lt": lambda x, y: mp.mpf(x < y),
    "le": lambda x, y: mp.mpf(x <= y),
    "gt": lambda x, y: mp.mpf(x > y),
    "ge": lambda x, y: mp.mpf(x >= y),
    "eq": lambda x, y: mp.mpf(x == y),
    "ne": lambda x, y: mp.mpf(x != y),
    "where": lambda x, y, z: y if x else z,
    "cbrt": lambda x: mp.sign(x) * mpmath.cbrt(abs(x)),
    "erfc": _erfc,
    "exp2": lambda x: mpmath.power(2, x),
    "log2": lambda x: mpmath.log(x, 2),
    "abs": abs,
    "round": mpmath.nint,
    "min": lambda *args: min(args),
    "max": lambda *args: max(args),
    "clip": lambda x, a, b: min(max(x, a), b),
    "lgamma": _log_gamma,
    "polygamma": lambda n, x: mpmath.polygamma(int(n), x),
    "sum": lambda *args: mpmath.fsum(args),
    "mean": lambda *args: mpmath.fsum(args) / len(args),
    "norm": lambda *args: mpmath.sqrt(mpmath.fsum(x * x for x in args)),
    "logsumexp": lambda *args: mpmath.log(mpmath.fsum(mpmath.exp(x) for x in args)),
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "logsigmoid": lambda x: -mpmath.log1p(mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
    "relu": lambda x: max(x, mp.zero),
    "leaky_relu": lambda x, a=0.01: x if x > 0 else a * x,
    "elu": lambda x, a=1: x if x > 0 else a * mpmath.expm1(x),
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "gelu": lambda x: x * _erfc(-x / mpmath.sqrt(2)) / 2,
    "mse": lambda p, t: (p - t) ** 2,
    "mae": lambda p, t: abs(p - t),
    "huber": _huber,
    "cross_entropy": lambda p, t: -(_xlogy(t, p) + _xlogy(1 - t, 1 - p)),
    "bce_logits": lambda z, t: mpmath.log1p(mpmath.exp(z)) - t * z,
    "hinge": lambda p, t: max(mp.zero, 1 - t * p),
}


def value(name: str) -> Oracle:
    """A row of the table as mpmath has it."""
    return VALUES[name] if name in VALUES else getattr(mpmath, name)


def step(x: Any) -> Any:
    """A step that is small beside the point and beside 1, so that neither 1e-300 nor sin(1e300) is stepped over."""
    return min(abs(x), mp.one) * mpmath.mpf(10) ** -STEP if x else mpmath.mpf(10) ** -STEP


def derivative(function: Oracle, *positions: int) -> Oracle:
    """The derivative of a function with respect to its arguments at ``positions``, by central differences."""
    if not positions:
        return function
    inner = derivative(function, *positions[1:])
    position = positions[0]

    def difference(*args: Any) -> Any:
        h = step(args[position])
        ahead, behind = list(args), list(args)
        ahead[position] += h
        behind[position] -= h
        return (inner(*ahead) - inner(*behind)) / (2 * h)

    return difference


def has_kink(function: Oracle, args: Sequence[Any], position: int) -> bool:
    """Whether the differences ahead and behind disagree: there is no derivative."""
    h = step(args[position])
    ahead, behind = list(args), list(args)
    ahead[position] += h
    behind[position] -= h
    middle = function(*args)
    right, left = (function(*ahead) - middle) / h, (middle - function(*behind)) / h
    noise = mpmath.mpf(10) ** (-mp.dps // 2)
    return bool(abs(right - left) > 1e-30 * max(abs(right), abs(left)) + noise)


def sensitivity(function: Oracle, args: Sequence[Any], positions: Sequence[int]) -> Any:
    """Σ |argument · ∂function/∂argument|: what the rounding of the arguments alone can do to the result."""
    return sum((abs(args[i] * derivative(function, i)(*args)) for i in positions), mp.zero)


WHOLE_LINE = (1e-150, 1e-100, 1e-20, 1e-8, 1e-3, 0.1, 0.3, 0.5, 0.75, 1.3, 1.46163214, 2.0, 3.7, 9.3, 20.5, 30.0, 300.7)
FAR = (705.3, 1e4, 123456789.25, 1e17, 1e100, 1e150, 1e200, 1e308)
# For two and more arguments: every size against every other.
SIZES = (1e-100, 1e-8, 0.3, 0.9, 1.3, 20.5, 1e4, 1e17, 1e100)
ENDS = (2.0**-53, 1e-14, 1e-9, 1e-4)


def points(interval: Interval) -> list[float]:
    """Points of a domain from tiny to huge, close to its ends, on both sides where it has two."""
    inside_unit = [x for x in WHOLE_LINE if x < 1]
    near_one = [1 - d for d in ENDS]
    outside = [1 + 2 * d for d in ENDS] + [x for x in (*WHOLE_LINE, *FAR) if x > 1]
    if interval in (REAL, NOT_ZERO):
        positive = [*WHOLE_LINE, *FAR, *near_one]
        return [*positive, *(-x for x in positive)]
    if interval is NOT_POLE:
        negative = [-2.0 + 1e-9, -1e-9, -0.5, -1.0 - 1e-12, -1.5, -7.3, -20.5, -100.25]
        return [*(x for x in (*WHOLE_LINE, *FAR) if 1e-30 < x < 1e30), *near_one, *negative]
    if interval in (POSITIVE, BASE, NON_NEGATIVE):
        return [*WHOLE_LINE, *FAR, *near_one]
    if interval is ABOVE_MINUS_ONE:
        return [*WHOLE_LINE, *FAR, *(-x for x in (*inside_unit, *near_one))]
    if interval in (UNIT, OPEN_UNIT):
        return [*inside_unit, *near_one, *(-x for x in (*inside_unit, *near_one))]
    if interval in (PROBABILITY, HALF_OPEN_UNIT):
        return [*inside_unit, *near_one]
    if interval is FROM_ONE:
        return outside
    if interval in (OUTSIDE_UNIT, OUTSIDE_OPEN_UNIT):
        return [*outside, *(-x for x in outside)]
    assert interval is ORDER, interval
    return [0.0, 1.0, 2.0, 5.0]


def samples(name: str) -> Iterator[tuple[float, ...]]:
    """Argument lists for a row of the table, each argument in its declared domain."""
    rule = RULES[name]
    if rule.many:
        yield from MANY
        return
    columns = [points(rule.domain.get(arg, REAL)) for arg in rule.args]
    if len(columns) == 1:
        yield from ((x,) for x in columns[0])
        return
    for i, column in enumerate(columns):
        if rule.domain.get(rule.args[i]) is ORDER:
            continue
        chosen = [x for x in (*SIZES, *(-x for x in SIZES)) if x in column or min(column) < x < max(column)]
        columns[i] = column[::3] if len(chosen) < 5 else chosen if len(columns) == 2 else chosen[::2]
    yield from itertools.product(*columns)


MANY = (
    (3.7,),
    (-1e-8, 0.25),
    (1e-290, -2e-290, 1.5e-290),
    (1e150, -3e150, 2.5e149),
    (-700.25, -701.5, -699.0, -1000.0),
    (0.5, 1e-20, 3.25, -2.125, 1e3, 17.5),
    (1e120, 1.0, -1e-60),
    (1e300, 3e299),
    (0.0, -33.0),  # log(1 + exp(-33)): exp(-33) beside 1 has three digits
    (-1e-9, -20.7),
    (-20.25, 7.5e-9, 7.5e-9, -21.0),
    (1 / 2**27,),
)


def as_double(number: Any) -> float:
    """An mpmath number as the nearest double, inf where it is larger than any."""
    try:
        return float(number)
    except OverflowError:
        return math.copysign(INF, number)
