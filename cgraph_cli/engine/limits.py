"""What doubles cannot tell: quantities at a point in high precision, and their limits from several sides of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import inf, nan
from typing import Any

Quantities = Callable[[Mapping[str, Any]], Sequence[Any]]

PRECISIONS = (1400, 2800, 5600)  # bits: a double's range is 2100, a second derivative has products of three
STEPS = (-60, -120)  # decimal exponents of the distances of a limit
LIMIT_BITS = 2000  # three second differences of the smaller step
AGREE = 2.0**-56
NO_DOUBLE = 5e-324
SIDES = 3  # directions, and their opposites


def exact(quantities: Quantities, point: Mapping[str, float]) -> list[float | None]:
    """Quantities at a point as the doubles nearest to them, in a precision raised until two results agree; None else.

    nan is what does not exist. An exact 0 counts in a precision in which no double could have vanished.
    """
    import mpmath

    before: Sequence[Any] = ()
    found: list[float | None] = []
    for bits in PRECISIONS:
        with mpmath.workprec(bits):
            now = quantities({name: mpmath.mpf(x) for name, x in point.items()})
            if before:
                found = [_double(y) if _agree(x, y) else None for x, y in zip(before, now, strict=True)]
                if None not in found:
                    break
        before = now
    return found


def limits(quantities: Quantities, point: Mapping[str, float]) -> list[float | None]:
    """The limits of quantities towards a point, each None where it has none or the sides do not agree.

    A side is a direction; those along which a quantity does not exist do not count.
    """
    import mpmath

    sides: list[list[Any]] = []
    with mpmath.workprec(LIMIT_BITS):
        for direction in _directions(len(point)):
            far, near = (
                quantities(
                    {
                        name: mpmath.mpf(x) + mpmath.mpf(10) ** step * length
                        for (name, x), length in zip(point.items(), direction, strict=True)
                    }
                )
                for step in STEPS
            )
            sides.append([_one_sided(x, y) for x, y in zip(far, near, strict=True)])
        return [_common(column) for column in zip(*sides, strict=True)]


def _directions(count: int) -> Iterator[list[float]]:
    """Directions that lie in no plane of coordinates or diagonal, and their opposites."""
    for side in range(SIDES):
        lengths = [1 + (0.618034 * (index + 1) * (side + 1)) % 1 for index in range(count)]
        signs = [-1 if (index >> max(side - 1, 0)) % 2 and side else 1 for index in range(count)]
        yield [length * sign for length, sign in zip(lengths, signs, strict=True)]
        yield [-length * sign for length, sign in zip(lengths, signs, strict=True)]


def _one_sided(far: Any, near: Any) -> Any:
    """The limit that two numbers on the way to it show; None if none is seen, nan where there is nothing real."""
    import mpmath

    if mpmath.isnan(far) or mpmath.isnan(near):
        return near * nan
    if not mpmath.isfinite(near) or not mpmath.isfinite(far):
        return None
    if abs(near - far) <= AGREE * abs(near):
        return near
    # A power of the distance, or faster: the square of the distance squares it. Or what rounding leaves of 0.
    if (abs(far) < 1e-3 and abs(near) <= abs(far) ** 1.5) or max(abs(far), abs(near)) < NO_DOUBLE:
        return near * 0
    return None


def _common(column: Sequence[Any]) -> float | None:
    """The one limit of all sides that exist."""
    import mpmath

    real = [one for one in column if one is None or not mpmath.isnan(one)]
    if len(real) < 2 or None in real or any(abs(one - real[0]) > AGREE * abs(real[0]) for one in real):
        return None
    return _double(real[0])


def _agree(x: Any, y: Any) -> bool:
    """Whether two results of different precision say the same double."""
    import mpmath

    if mpmath.isnan(x) or mpmath.isnan(y):
        return bool(mpmath.isnan(x) and mpmath.isnan(y))
    return bool(x == y or (mpmath.isfinite(x) and mpmath.isfinite(y) and abs(x - y) <= AGREE * abs(y)))


def _double(number: Any) -> float:
    """The nearest double, infinite past the largest."""
    try:
        return float(number)
    except OverflowError:
        return inf if number > 0 else -inf
