"""Doubles with a bound of what rounding has done to each of them: running error analysis (Higham 2002, section 3.3).

The bounds are of first order. An operation that is exact adds nothing: whole numbers of a few digits stay exact.
"""

from __future__ import annotations

from math import copysign, inf, isfinite, isinf

from cgraph_cli.engine.arithmetic import Arithmetic, Function, lost
from cgraph_cli.engine.floats import FLOAT
from cgraph_cli.light import Any, Callable, cache, operator
from cgraph_cli.limits import LEAST, LEAST_NORMAL, UNIT
from cgraph_cli.rules import RULES

SPLIT = 134217729.0  # 2^27 + 1: products with it cut a double in halves (Dekker 1971)


class Bounded:
    """A double ``x`` and the ``error`` that it may have, an absolute one."""

    __slots__ = ("error", "x")

    def __init__(self, x: float, error: float = 0.0) -> None:
        self.x = x
        self.error = error

    @property
    def loss(self) -> float:
        """The error as a part of the number: 2^-52 where one of its last digits is uncertain, inf where all are."""
        if self.error <= LEAST:
            return 0.0
        return abs(self.error / self.x) if self.x and self.error == self.error else inf

    def __add__(self, other: Any) -> Bounded:
        y = bounded_number(other)
        total = self.x + y.x
        exact = total - self.x == y.x and total - y.x == self.x
        return Bounded(total, self.error + y.error + (0.0 if exact else UNIT * abs(total)))

    def __sub__(self, other: Any) -> Bounded:
        return self + -bounded_number(other)

    def __mul__(self, other: Any) -> Bounded:
        y = bounded_number(other)
        product = self.x * y.x
        error = (
            0.0 if (_short(self.x) and _short(y.x)) or (not product and not (self.x and y.x)) else UNIT * abs(product)
        )
        if -LEAST_NORMAL < product < LEAST_NORMAL and self.x and y.x:
            error += LEAST
        # A bound that underflowed would be none: what is multiplied later may bring it back.
        if self.error and (y.x or y.error):
            error += self.error * (abs(y.x) + y.error) or LEAST
        if y.error and self.x:
            error += y.error * abs(self.x) or LEAST
        return Bounded(product, error)

    def __neg__(self) -> Bounded:
        return Bounded(-self.x, self.error)

    def __abs__(self) -> Bounded:
        return Bounded(abs(self.x), self.error)

    def __bool__(self) -> bool:
        return self.x != 0

    def __eq__(self, other: object) -> bool:
        return self.x == bounded_number(other).x

    def __lt__(self, other: Any) -> bool:
        return self.x < bounded_number(other).x

    def __le__(self, other: Any) -> bool:
        return self.x <= bounded_number(other).x

    def __gt__(self, other: Any) -> bool:
        return self.x > bounded_number(other).x

    def __ge__(self, other: Any) -> bool:
        return self.x >= bounded_number(other).x

    __hash__ = None  # type: ignore[assignment]


MOST_POWER = 64
MOVES_PARITY = 0.5  # an exponent that is off by so much may be odd for even: the sign of a power is not known
ZERO = Bounded(0.0)


def bounded_number(value: Any, symbol: str | None = None) -> Bounded:
    """A double as it was given, exact; a constant that has a name is known to its last digit."""
    if type(value) is Bounded:
        return value
    value = float(value)
    return Bounded(value, UNIT * abs(value) if symbol is not None and isfinite(value) else 0.0)


def _short(x: float) -> bool:
    """Whether a number has at most 26 bits, so that the product of two such numbers is exact."""
    high = x * SPLIT
    return high - (high - x) == x


def _moved(function: Function, xs: list[float], value: float, index: int, error: float, *, steps: bool) -> float:
    """How far a function's value goes when an argument is moved by its error, to either side within the doubles; that
    of a function that ``steps`` is known where the error is not."""
    away, x = 0.0, xs[index]
    if not isfinite(error) and not steps:
        return inf
    ends = (x + error, x - error) if isfinite(error) else (inf, -inf)
    for moved in (*ends, *(one for one in xs if abs(one - x) < error)):  # what may be equal
        if isinf(moved) and isfinite(x) and isfinite(error):
            continue  # beyond the largest double: infinity is no number that is as near
        there = function(*xs[:index], moved, *xs[index + 1 :])
        away = max(away, abs(there - value)) if there == there else inf
    return away


def _exact_quotient(value: float, x: float, y: float) -> bool:
    return y == 0 or (_short(value) and _short(y) and value * y == x)


def _exact_power(value: float, x: float, y: float) -> bool:
    if not (y.is_integer() and abs(y) <= MOST_POWER and isfinite(x) and isfinite(value)):
        return False
    (above, below), (numerator, denominator) = x.as_integer_ratio(), value.as_integer_ratio()
    if y < 0:
        above, below = below, above
    return bool(above ** int(abs(y)) * denominator == numerator * below ** int(abs(y)))


EXACT: dict[str, Callable[..., bool]] = {
    "div": _exact_quotient,
    "pow": _exact_power,
    "sqrt": lambda value, x: _short(value) and value * value == x,
}


def _function(name: str, function: Function) -> Function:
    """A function of doubles with the bound of its value; one that only chooses among its arguments is exact."""
    rule = RULES[name]
    steps = not rule.has_slope
    bends = any("limit" in (text or "") for text in rule.gradients)  # a length can be rounded to one of its sides
    chooses = steps or bool(rule.kink and rule.value is None and not bends)
    compares, is_exact = not rule.has_gradient, EXACT.get(name)

    def run(*args: Any) -> Bounded:
        given = [arg if type(arg) is Bounded else bounded_number(arg) for arg in args]
        xs = [one.x for one in given]
        value = function(*xs)
        if compares and given[0] is given[1]:
            return Bounded(value)  # its error moves both sides
        is_sure = all(one.error <= abs(one.x) for one in given)
        if value == 0 and is_sure and any(one.x == 0 for one in given[: rule.factors]):
            return Bounded(value)  # whatever the others are
        inexact = [(index, one.error) for index, one in enumerate(given) if one.error]
        error = 0.0
        alone = rule.many and len(xs) == 1  # a sum of one number is that number
        if not (steps or ((chooses or alone) and (value in xs or -value in xs))) and (
            inexact or not (rule.at.get(xs[0]) == value or (is_exact and is_exact(value, *xs)))
        ):
            error = UNIT * (sum(map(abs, xs)) if rule.many else abs(value))
            if -LEAST_NORMAL < value < LEAST_NORMAL and any(xs):
                error += LEAST
        for index, away in inexact:
            error += _moved(function, xs, value, index, away, steps=steps)
        if name == "pow" and xs[0] < 0 and given[1].error >= MOVES_PARITY:  # all doubles that are large are even
            error += 2 * abs(value)
        if chooses and rule.many:  # what a choice has taken is itself, where rounding cannot have made the choice
            taken = next((one for one in given if one.x == value), None)
            others = [one for one in given if one is not taken]
            if taken is not None and all(abs(one.x - value) > one.error + taken.error for one in others):
                return taken
        return Bounded(value, error)

    return run


def _where(condition: Any, yes: Any, no: Any) -> Any:
    """The branch taken; where rounding may have decided which, it may as well be the other. None sends nothing."""
    asked = bounded_number(condition)
    taken, other = (yes, no) if asked else (no, yes)
    if not asked.error:
        return taken
    taken, other = (ZERO if one is None else bounded_number(one) for one in (taken, other))
    return Bounded(taken.x, taken.error + abs(taken.x - other.x) + other.error)


@cache
def bounded() -> Arithmetic:
    """Doubles that know what rounding has done to them, their values those of the arithmetic of floats."""
    functions = {name: _function(name, function) for name, function in FLOAT.functions.items() if name in RULES}
    own = {name: getattr(operator, name) for name in ("add", "sub", "mul", "neg", "abs")}
    return Arithmetic(
        "bounded",
        functions | own | {"where": _where},
        number=bounded_number,
        column=lambda size: [ZERO] * size,
        send=operator.mul,
        lost=lambda value: lost(value.x),
        lazy_choice=False,
        key=lambda args: tuple((one.x, copysign(1.0, one.x), one.error) for one in args),
    )
