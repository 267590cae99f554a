"""Exact numbers for the coefficients and exponents of terms: int where whole, else Fraction, else Decimal.

A double stands for the decimal it is printed as, so that 3*0.1 is 0.3. Whole numbers are exact as far as doubles
reach; a quotient that outgrows ``BITS`` is rounded to the nearest double. What leaves the range of doubles raises
Unfit, and the caller leaves the operation as it is.
"""

from __future__ import annotations

import math
from sys import modules

from cgraph_cli.light import TYPE_CHECKING, Any, Callable, TypeGuard, operator
from cgraph_cli.limits import LEAST_NORMAL, WHOLE

BITS = 64
WHOLE_BITS = 1024  # of a whole number that is below the largest double
if TYPE_CHECKING:
    from fractions import Fraction

    from cgraph_cli.symbolic.broken import Decimal

    Exact = int | Fraction
else:
    Exact = Any
BROKEN = "cgraph_cli.symbolic.broken"
LONGEST = 10**9  # of the parts of a quotient that decimals gave: 0.5/3 is 1/6


def fraction(above: Exact, below: Exact = 1) -> Fraction:
    """above/below, not in its simplest type."""
    from fractions import Fraction

    return Fraction(above, below)


def is_fraction(number: object) -> TypeGuard[Fraction]:
    """Whether a number is broken and was not typed as a decimal."""
    # Before `fractions` is imported there is none.
    return "fractions" in modules and type(number) is modules["fractions"].Fraction


def is_decimal(number: object) -> TypeGuard[Decimal]:
    """Whether a number is broken and was typed as a decimal."""
    return BROKEN in modules and type(number) is modules[BROKEN].Decimal


def is_half(number: object) -> TypeGuard[Fraction]:
    """Whether a number is 1/2 or -1/2, and not 0.5."""
    return is_fraction(number) and number.denominator == 2 and abs(number.numerator) == 1


class Unfit(ArithmeticError):
    """The result is outside the range of doubles."""


class Whole(float):
    """The double nearest to a whole number that no double is; a graph of numbers gives it back exact."""

    exact: int

    def __new__(cls, exact: int) -> Whole:
        """The double of a number."""
        found = super().__new__(cls, exact)
        found.exact = exact
        return found


def double(value: Exact) -> float:
    """The nearest double, which knows a whole number that it is not."""
    found = float(value)
    return found if type(value) is not int or value == found or value == literal(found) else Whole(value)


def literal(value: float) -> Exact:
    """The decimal that a finite double is printed as."""
    if type(value) is Whole:
        return value.exact
    if value.is_integer() and abs(value) < WHOLE:
        return int(value)
    from fractions import Fraction

    from cgraph_cli.symbolic.broken import decimal

    number = Fraction(repr(value))
    return number.numerator if number.denominator == 1 else decimal(number.numerator, number.denominator)


def _is_decimal(denominator: int) -> bool:
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator == 1


def settle(number: Exact, decimal: bool = False) -> Exact:
    """A result in its simplest type, rounded if it is too long.

    Raises Unfit where it overflows or loses digits to underflow.
    """
    numerator, denominator = number.numerator, number.denominator
    if denominator == 1 and numerator.bit_length() < WHOLE_BITS:
        return numerator
    if numerator.bit_length() > BITS or denominator.bit_length() > BITS:
        try:
            rounded = numerator / denominator
        except OverflowError:
            raise Unfit from None
        if abs(rounded) < LEAST_NORMAL:
            raise Unfit
        return literal(rounded)
    if decimal and _is_decimal(denominator):
        from cgraph_cli.symbolic.broken import decimal as typed

        return typed(numerator, denominator)
    return number if is_fraction(number) else fraction(numerator, denominator)


def _of_decimals(a: Exact, b: Exact, result: Exact, rounded: Callable[[float, float], float]) -> Exact:
    """A result in its simplest type; of decimals with more digits than a double has, what doubles give."""
    decimal = is_decimal(a) or is_decimal(b)
    found = settle(result, decimal)
    if not decimal or type(found) is int:
        return found
    if is_decimal(found):
        short = literal(float(found)) == found
    else:
        short = max(abs(found.numerator), found.denominator) < LONGEST
    if short:
        return found
    try:
        return literal(rounded(float(a), float(b)))
    except (OverflowError, ValueError):
        raise Unfit from None


def magnitude(a: Exact) -> Exact:
    """|a|."""
    return -a if a < 0 else a


def plus(a: Exact, b: Exact) -> Exact:
    """a + b."""
    if type(a) is int and type(b) is int:
        total = a + b
        return total if total.bit_length() <= BITS else settle(total)
    return _of_decimals(a, b, a + b, operator.add)


def times(a: Exact, b: Exact) -> Exact:
    """a*b."""
    if type(a) is int and type(b) is int:
        result = a * b
        return result if result.bit_length() <= BITS else settle(result)
    if type(a) is int and a in (1, -1):
        return -b if a < 0 else b
    if type(b) is int and b in (1, -1):
        return -a if b < 0 else a
    return _of_decimals(a, b, a * b, operator.mul)


def over(a: Exact, b: Exact) -> Exact:
    """a/b for b != 0."""
    if type(a) is int and type(b) is int and a % b == 0 and a.bit_length() <= BITS:
        return a // b
    return _of_decimals(a, b, fraction(a, b), operator.truediv)


def power(base: Exact, exponent: int) -> Exact | None:
    """base^exponent where that is small enough to be exact, else None; never for a pole."""
    if base == 0:
        return 0 if exponent > 0 else None
    if base in (1, -1):
        return base if exponent % 2 else 1
    size = max(base.numerator.bit_length(), base.denominator.bit_length())
    if abs(exponent) * (size - 1) >= BITS:
        return None
    if type(base) is int and exponent >= 0:
        return settle(base**exponent)
    return settle(fraction(base) ** exponent, is_decimal(base))


def root(base: Exact, exponent: Exact) -> Exact | None:
    """base^exponent for base >= 0 and a broken exponent, where the result is exact, else None."""
    if base <= 0 or exponent.denominator > 64:
        return 0 if base == 0 and exponent > 0 else None
    above = _whole_root(base.numerator, exponent.denominator)
    below = _whole_root(base.denominator, exponent.denominator)
    if above is None or below is None:
        return None
    return power(fraction(above, below) if below != 1 else above, exponent.numerator)


def _whole_root(number: int, degree: int) -> int | None:
    if number == 1:
        return 1
    if number.bit_length() > 1000:
        return None
    guess = round(float(number) ** (1 / degree))
    return guess if guess**degree == number else None


def length(number: Exact) -> int:
    """How many characters a coefficient costs, roughly; nothing for 1 and -1."""
    if number in (1, -1):
        return 0
    if is_decimal(number) or (type(number) is int and abs(number) >= WHOLE):
        return len(repr(float(number)))
    return len(str(number))


def reads_well(quotient: Exact, divisor: Exact) -> bool:
    """Whether a quotient of decimals is short enough to take the place of the division."""
    if type(quotient) is int:
        return len(str(quotient).rstrip("0")) <= 6
    digits = len(repr(float(quotient)).replace(".", "").lstrip("0"))
    return is_decimal(quotient) and digits <= max(3, len(repr(float(divisor))) - 2)


def _cbrt(value: Exact) -> Exact | None:
    found = root(magnitude(value), fraction(1, 3))
    return None if found is None else found if value >= 0 else -found


# The rows whose value at rational numbers is a rational number that no rounding touches; None where it is not.
FUNCTIONS: dict[str, Callable[..., Exact | None]] = {
    "abs": magnitude,
    "sign": lambda x: (x > 0) - (x < 0),
    "floor": math.floor,
    "ceil": math.ceil,
    "round": round,
    "relu": lambda x: max(0, x),
    "min": lambda *args: min(args),
    "max": lambda *args: max(args),
    "clip": lambda x, low, high: min(max(x, low), high),
    "cbrt": _cbrt,
    "lt": lambda x, y: int(x < y),
    "le": lambda x, y: int(x <= y),
    "gt": lambda x, y: int(x > y),
    "ge": lambda x, y: int(x >= y),
    "eq": lambda x, y: int(x <= y <= x),
    "ne": lambda x, y: int(not x <= y <= x),
}


def is_power_of_two(number: Exact) -> bool:
    """Whether a float is multiplied by it exactly."""
    above, below = abs(number.numerator), number.denominator
    return above & (above - 1) == 0 and below & (below - 1) == 0
