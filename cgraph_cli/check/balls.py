"""Arb's functions: an arithmetic of balls, a row each. Imported only where python-flint is asked for."""

from __future__ import annotations

import operator
from math import factorial

from cgraph_cli.check.arb import Precision, bounds, flint, is_finite
from cgraph_cli.engine.arithmetic import Arithmetic, Function
from cgraph_cli.light import Any, Callable, Mapping

NARROW = 1e-300  # a ball about 0 that is told as a number
MOST_ORDERS = 100  # of polygamma

LIBRARY = flint()
arb, series = LIBRARY.arb, LIBRARY.arb_series
unknown = series([arb.nan(), arb.nan()])
half = arb(1) / 2


def named(name: str, function: Function) -> Function:
    """The function, nan where it raises; the first nan of all is remembered with its arguments."""

    def applied(*args: Any) -> Any:
        try:
            found = function(*args)
        except (ValueError, ZeroDivisionError):
            found = unknown
        if Precision.why is None and not is_finite(found) and all(map(is_finite, args)):
            places = ", ".join(_shown(one[0]) for one in args)
            Precision.why = f"`{name}` is not known to be smooth on {places}"
        return found

    return applied


def truth(name: str) -> Function:
    """1 where it is sure that a comparison holds, 0 where it is sure that it does not: away from equality."""
    holds = getattr(operator, name)

    def compared(x: Any, y: Any) -> Any:
        apart = x[0] != y[0] or (x[0].is_exact() and y[0].is_exact())
        return series([int(holds(x[0].mid(), y[0].mid()))]) if apart else unknown

    return compared


def power(x: Any, y: Any) -> Any:
    exponent = y[0]
    if exponent.is_exact() and exponent.is_integer() and abs(exponent) < 2**31:
        return x ** int(exponent.unique_fmpz()) if exponent >= 0 else 1 / x ** -int(exponent.unique_fmpz())
    return x.sqrt() if exponent.is_exact() and exponent == half else (y * x.log()).exp()


def absolute(x: Any) -> Any:
    if x[1] == 0:  # it does not move, so that it may stand on a kink
        return series([abs(x[0])])
    return x if x[0] > 0 else -x if x[0] < 0 else unknown


def sign(x: Any) -> Any:
    return series([1]) if x[0] > 0 else series([-1]) if x[0] < 0 else unknown


def step(shift: Any, up: int) -> Function:
    """The whole number below, moved: constant between two steps."""

    def stepped(x: Any) -> Any:
        moved = x[0] + shift
        below = moved.mid().floor()
        return series([below + up]) if moved > below and moved < below + 1 else unknown

    return stepped


def extreme(name: str, before: Callable[[Any, Any], bool]) -> Function:
    def chosen(*args: Any) -> Any:
        best = args[0]
        for one in args[1:]:
            if best[1] == 0 and one[1] == 0:
                best = series([getattr(best[0], name)(one[0])])
            else:
                best = best if before(best[0], one[0]) else one if before(one[0], best[0]) else unknown
        return best

    return chosen


def inverse_sine(x: Any) -> Any:
    return -inverse_sine(-x) if x[0] < 0 else (x + (x**2 + 1).sqrt()).log()


def angle(y: Any, x: Any) -> Any:
    if x[0] > 0:
        return (y / x).atan()
    if y[0] > 0 or y[0] < 0:
        return sign(y) * (arb.pi() / 2) - (x / y).atan()
    return unknown


def polygamma(order: Any, x: Any) -> Any:
    """From the Taylor series of lgamma: the derivative of order n is n! times its coefficient."""
    n = order[0]
    if not (x[0] > 0 and n.is_exact() and n.is_integer() and 0 <= n <= MOST_ORDERS):
        return unknown
    first = int(n.unique_fmpz()) + 1
    context, cap = LIBRARY.ctx, LIBRARY.ctx.cap
    context.cap = first + 2
    taylor = series([x[0], 1]).lgamma()
    context.cap = cap
    value, slope = (taylor[k] * factorial(k) for k in (first, first + 1))
    return series([value, slope * x[1]])


def _shown(ball: Any) -> str:
    low, high = bounds(ball)
    if high - low <= abs(low) * 1e-12 or high - low < NARROW:
        return f"{float(ball.mid()):.6g}"
    return f"[{low:.6g}, {high:.6g}]"


FUNCTIONS: dict[str, Function] = {
    **{name: getattr(operator, name) for name in ("add", "sub", "mul", "neg")},
    "div": operator.truediv,
    "pow": power,
    **{name: truth(name) for name in ("lt", "le", "gt", "ge", "eq", "ne")},
    "where": lambda condition, yes, no: yes if condition[0] != 0 else no if condition[0] == 0 else unknown,
    "min": extreme("min", operator.lt),
    "max": extreme("max", operator.gt),
    "abs": absolute,
    "sign": sign,
    "floor": step(0, 0),
    "ceil": step(0, 1),
    "round": step(half, 0),
    "sum": lambda *args: sum(args, series([0])),
    **dict.fromkeys(("norm", "hypot"), lambda *args: sum((x**2 for x in args), series([0])).sqrt()),
    **{name: getattr(series, name) for name in "sqrt exp log sin cos tan asin acos atan erf erfc gamma".split()},
    "cbrt": lambda x: sign(x) * (absolute(x).log() / 3).exp(),
    "exp2": lambda x: (x * arb.const_log2()).exp(),
    "expm1": lambda x: x.exp() - 1,
    "log2": lambda x: x.log() / arb.const_log2(),
    "log10": lambda x: x.log() / arb.const_log10(),
    "log1p": lambda x: (1 + x).log(),
    "atan2": angle,
    "sinh": lambda x: (x.exp() - (-x).exp()) / 2,
    "cosh": lambda x: (x.exp() + (-x).exp()) / 2,
    "tanh": lambda x: 1 - 2 / ((2 * x).exp() + 1),
    "asinh": inverse_sine,
    "acosh": lambda x: (x + (x**2 - 1).sqrt()).log(),
    "atanh": lambda x: ((1 + x) / (1 - x)).log() / 2,
    "lgamma": lambda x: x.lgamma() if x[0] > 0 else absolute(x.gamma()).log(),
    "digamma": lambda x: polygamma(series([0]), x),
    "polygamma": polygamma,
}
CONSTANTS = {"pi": arb.pi, "π": arb.pi, "e": arb.const_e, "tau": lambda: 2 * arb.pi()}


def number(value: Any, symbol: str | None = None) -> Any:
    if symbol in CONSTANTS:
        return series([CONSTANTS[symbol]()])
    return series([arb(value)]) if isinstance(value, float) else value


def arithmetic(name: str, functions: Mapping[str, Function]) -> Arithmetic:
    """Balls with these functions."""
    return Arithmetic(
        name,
        functions,
        number=number,
        column=lambda size: [None] * size,
        send=operator.mul,
        key=lambda args: tuple(map(id, args)),
        lazy_choice=False,
    )


BALLS = arithmetic("balls", FUNCTIONS)  # some raise where those of CAREFUL are nan
CAREFUL = arithmetic("balls, careful", {name: named(name, function) for name, function in FUNCTIONS.items()})
