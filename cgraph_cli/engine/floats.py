"""Python floats with IEEE 754 results: where Python's own functions raise, these return inf or nan.

Exported Python takes these functions as they stand: they need ``math``, floats and their own arguments only.
"""

from __future__ import annotations

import math

from cgraph_cli.engine.arithmetic import Arithmetic, Function
from cgraph_cli.errors import InvalidValueError
from cgraph_cli.light import Any, Iterable, cache, doubles, operator

INF = math.inf
NAN = math.nan
MOST_RECENT = 1000
RECENT: dict[tuple[object, ...], float] = {}  # what high precision was asked for
DIRECT: dict[Function, Function] = {}  # the function of ``math`` for one that differs only where that raises


def all_finite(numbers: Iterable[float]) -> bool:
    """Whether each of these is finite; quickly where their sum is, which no infinity and no nan leaves so."""
    return math.isfinite(sum(numbers)) or all(map(math.isfinite, numbers))


def number(name: str, value: Any) -> float:
    """A float of whatever is a real number, or the text of one. Raises InvalidValueError for anything else."""
    try:
        if not isinstance(value, float | int | str):
            from numbers import Complex, Real

            is_real = hasattr(value, "__float__") or hasattr(value, "__index__")
            if not is_real or (isinstance(value, Complex) and not isinstance(value, Real)):
                raise ValueError
        return float(value)
    except (TypeError, ValueError):
        raise InvalidValueError(f"the value of `{name}` is not a number: {value!r}") from None
    except OverflowError:
        return INF if value > 0 else -INF


def _ieee(function: Function) -> Function:
    def ieee(x: float) -> float:
        """nan outside the domain, inf where it overflows."""
        try:
            return function(x)  # type: ignore[no-any-return]
        except ValueError:
            return NAN
        except OverflowError:
            return INF

    DIRECT[ieee] = function
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
    if y == 2:
        return x * x  # rounded right, which pow is not always
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
        """-inf at the pole, nan below it."""
        if x == pole:
            return -INF
        try:
            return function(x)  # type: ignore[no-any-return]
        except ValueError:
            return NAN

    DIRECT[log] = function
    return log


def _odd_overflow(function: Function) -> Function:
    def odd(x: float) -> float:
        """Infinite where it overflows."""
        try:
            return function(x)  # type: ignore[no-any-return]
        except OverflowError:
            return math.copysign(INF, x)

    DIRECT[odd] = function
    return odd


def _atanh(x: float) -> float:
    """Infinite at -1 and 1, nan outside."""
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
        """A float, with the sign of x where it is 0."""
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
    """Infinite at 0 and where it overflows, nan at the other poles."""
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
    return _in_high_precision("lgamma", x) if abs(result) < 0.5 else result


def _in_high_precision(name: str, *args: float) -> float:
    """A function of the mpmath arithmetic rounded to a double; many passes ask for the same number."""
    import mpmath

    from cgraph_cli.engine.mpmath import precise

    key = (name, *args)
    if key not in RECENT:
        if len(RECENT) >= MOST_RECENT:
            RECENT.clear()
        with mpmath.workprec(80):
            RECENT[key] = float(precise().functions[name](*map(mpmath.mpf, args)))
    return RECENT[key]


def _polygamma(n: float, x: float) -> float:
    return _in_high_precision("polygamma", n, x)


def _bytes(numbers: tuple[float, ...]) -> bytes:
    from array import array

    return array("d", numbers).tobytes()


DIRECT |= {power: math.pow, _atanh: math.atanh, _gamma: math.gamma}
FLOAT = Arithmetic(
    "float",
    {
        "add": operator.add,
        "sub": operator.sub,
        "mul": operator.mul,
        "neg": operator.neg,
        "lt": lambda x, y: 1.0 if x < y else 0.0,
        "le": lambda x, y: 1.0 if x <= y else 0.0,
        "gt": lambda x, y: 1.0 if x > y else 0.0,
        "ge": lambda x, y: 1.0 if x >= y else 0.0,
        "eq": lambda x, y: 1.0 if x == y else 0.0,
        "ne": lambda x, y: 1.0 if x != y else 0.0,
        "where": lambda condition, yes, no: yes if condition else no,
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
        "digamma": lambda x: _polygamma(0.0, x),
        "polygamma": _polygamma,
    },
    number=lambda value, symbol=None: float(value),
    column=doubles,
    send=operator.mul,
    key=_bytes,
)


@cache
def on_kinks(which: str) -> Arithmetic:
    """Floats with another slope on kinks than the convention of each row."""
    return FLOAT._replace(name=f"float, {which} on kinks", kink=which)
