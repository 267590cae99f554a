"""The functions that formulas are made of, on Python floats with IEEE 754 results and on mpmath numbers.

Python's own functions raise where IEEE returns inf or nan; here nothing raises. What is a formula in the rule table
(``value=``) is not here.
"""

from __future__ import annotations

import functools
import math
from array import array
from collections.abc import Callable
from typing import Any

INF = math.inf
NAN = math.nan
MAX_EXPONENT = 65536

Function = Callable[..., Any]


def _ieee(function: Function, overflow: float | None = INF) -> Function:
    """A function of ``math`` with nan for a domain error and ``overflow`` for an overflow."""

    def ieee(*args: float) -> float:
        try:
            return function(*args)  # type: ignore[no-any-return]
        except ValueError:
            return NAN
        except OverflowError:
            return NAN if overflow is None else overflow

    return ieee


def divide(x: float, y: float) -> float:
    """x/y, with signed infinities for y = 0."""
    try:
        return x / y
    except ZeroDivisionError:
        if x == 0 or x != x:
            return NAN
        return math.copysign(INF, math.copysign(1.0, x) * math.copysign(1.0, y))


def power(x: float, y: float) -> float:
    """C's pow: 0^0 = 1, a negative base takes whole exponents only."""
    try:
        return math.pow(x, y)
    except ValueError:
        if x == 0:  # a pole
            return math.copysign(INF, x) if y % 2 == 1 else INF
        return NAN
    except OverflowError:
        return -INF if x < 0 and y % 2 == 1 else INF


def _log(function: Function, pole: float = 0.0) -> Function:
    def log(x: float) -> float:
        if x == pole:
            return -INF
        try:
            return function(x)  # type: ignore[no-any-return]
        except ValueError:
            return NAN

    return log


def _odd_overflow(function: Function) -> Function:
    def odd(x: float) -> float:
        try:
            return function(x)  # type: ignore[no-any-return]
        except OverflowError:
            return math.copysign(INF, x)

    return odd


def _atanh(x: float) -> float:
    if abs(x) == 1:
        return math.copysign(INF, x)
    return math.atanh(x) if -1 < x < 1 else NAN


def sign(x: float) -> float:
    """-1, 0 or 1; nan for nan."""
    if x != x:
        return NAN
    return float((x > 0) - (x < 0))


def _step(function: Function) -> Function:
    def step(x: float) -> float:
        return math.copysign(float(function(x)), x) if math.isfinite(x) else x

    return step


def minimum(*args: float) -> float:
    """The smallest argument; nan if any is nan."""
    return NAN if any(x != x for x in args) else min(args)


def maximum(*args: float) -> float:
    """The largest argument; nan if any is nan."""
    return NAN if any(x != x for x in args) else max(args)


def total(*args: float) -> float:
    """The sum from left to right, as the written-out sum would round."""
    result = 0.0
    for x in args:
        result += x
    return result


def _gamma(x: float) -> float:
    if x == 0:
        return math.copysign(INF, x)
    try:
        return math.gamma(x)
    except ValueError:
        return NAN
    except OverflowError:
        return INF


def _lgamma(x: float) -> float:
    try:
        result = math.lgamma(x)
    except ValueError:  # a pole
        return INF
    except OverflowError:
        return INF
    # math.lgamma is a difference of large terms: few digits are left near its zeros and its minimum.
    return _in_high_precision("log_gamma", x) if abs(result) < 0.5 else result


def _in_high_precision(name: str, *args: float) -> float:
    """A function of ``special`` rounded to a double."""
    import mpmath

    from cgraph_cli.engine import special

    with mpmath.workprec(80):
        result = getattr(special, name)(*[mpmath.mpf(x) for x in args])
        try:
            return float(result)
        except OverflowError:
            return math.copysign(INF, result)


def _polygamma(n: float, x: float) -> float:
    return _in_high_precision("polygamma", n, x)


class Arithmetic:
    """One kind of number: its functions by name, how a double becomes one, and a column of them."""

    def __init__(
        self,
        name: str,
        functions: dict[str, Function],
        number: Callable[[float], Any],
        constants: dict[str, Any],
        column: Callable[[int], Any],
    ) -> None:
        self.name = name
        self.functions = functions
        self.number = number
        self.constants = constants
        self.column = column


FLOAT = Arithmetic(
    "float",
    {
        "div": divide,
        "pow": power,
        "sqrt": _ieee(math.sqrt),
        "cbrt": math.cbrt,
        "exp": _ieee(math.exp),
        "exp2": _ieee(math.exp2),
        "expm1": _ieee(math.expm1),
        "log": _log(math.log),
        "log2": _log(math.log2),
        "log10": _log(math.log10),
        "log1p": _log(math.log1p, -1.0),
        "sin": _ieee(math.sin),
        "cos": _ieee(math.cos),
        "tan": _ieee(math.tan),
        "asin": _ieee(math.asin),
        "acos": _ieee(math.acos),
        "atan": math.atan,
        "atan2": math.atan2,
        "hypot": math.hypot,
        "norm": math.hypot,
        "sinh": _odd_overflow(math.sinh),
        "cosh": _ieee(math.cosh),
        "tanh": math.tanh,
        "asinh": math.asinh,
        "acosh": _ieee(math.acosh),
        "atanh": _atanh,
        "abs": abs,
        "sign": sign,
        "floor": _step(math.floor),
        "ceil": _step(math.ceil),
        "round": _step(round),
        "min": minimum,
        "max": maximum,
        "sum": total,
        "erf": math.erf,
        "erfc": math.erfc,
        "gamma": _gamma,
        "lgamma": _lgamma,
        "digamma": functools.partial(_polygamma, 0.0),
        "polygamma": _polygamma,
    },
    float,
    {"pi": math.pi, "π": math.pi, "e": math.e, "tau": math.tau, "inf": INF},
    lambda size: array("d", bytes(8 * size)),
)


@functools.cache
def precise() -> Arithmetic:
    """mpmath numbers at the working precision that is set when a kernel runs.

    Functions take a number past 2^65536 for infinite: mpmath's exponents have no end, and sin(exp(1e308)) would
    want as many digits.
    """
    import mpmath
    from mpmath import mp

    from cgraph_cli.engine import special

    def bounded(x: Any) -> Any:
        return mp.inf * mp.sign(x) if x and mpmath.isfinite(x) and mp.mag(x) > MAX_EXPONENT else x

    def real(function: Function) -> Function:
        """nan where the result is not real or does not exist."""

        def checked(*args: Any) -> Any:
            try:
                result = function(*map(bounded, args))
            except (ValueError, ZeroDivisionError):
                return mp.nan
            return mp.nan if isinstance(result, mpmath.mpc) else result

        return checked

    def divide(x: Any, y: Any) -> Any:
        if y == 0:
            return mp.nan if x == 0 or mpmath.isnan(x) else mp.inf * mp.sign(x)
        return x / y

    def power(x: Any, y: Any) -> Any:
        if x == 1 or y == 0:
            return mp.one
        if x == 0 and y < 0:
            return mp.inf
        if mpmath.isinf(y) and not mpmath.isnan(x):
            return mp.one if x == -1 else mp.inf if (abs(x) > 1) == (y > 0) else mp.zero
        return real(mpmath.power)(x, y)

    def logarithm(function: Function) -> Function:
        def log(x: Any) -> Any:
            return -mp.inf if x == 0 else real(function)(x)

        return log

    def comparable(function: Function) -> Function:
        return lambda *args: mp.nan if any(mpmath.isnan(x) for x in args) else function(args)

    def norm(*args: Any) -> Any:
        return mp.sqrt(mp.fsum(x * x for x in args))

    names = "sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh sqrt exp expm1 erf gamma sign".split()
    functions: dict[str, Function] = {name: real(getattr(mpmath, name)) for name in names}
    functions |= {
        "div": divide,
        "pow": power,
        "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
        "exp2": real(lambda x: mp.power(2, x)),
        "log": logarithm(mpmath.log),
        "log2": logarithm(lambda x: mpmath.log(x, 2)),
        "log10": logarithm(mpmath.log10),
        "log1p": real(mpmath.log1p),
        "hypot": norm,
        "norm": norm,
        "abs": abs,
        "floor": mpmath.floor,
        "ceil": mpmath.ceil,
        "round": mpmath.nint,
        "min": comparable(min),
        "max": comparable(max),
        "sum": lambda *args: sum(args, mp.zero),
        "erfc": real(special.erfc),
        "lgamma": real(special.log_gamma),
        "digamma": real(lambda x: special.polygamma(0, x)),
        "polygamma": real(special.polygamma),
    }
    constants = {"pi": mp.pi, "π": mp.pi, "e": mp.e, "tau": 2 * mp.pi, "inf": mp.inf}
    return Arithmetic("mpmath", functions, mpmath.mpf, constants, lambda size: [mp.zero] * size)
