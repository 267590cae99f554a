"""mpmath numbers, at the working precision that is set when a kernel runs."""

from __future__ import annotations

import operator

from cgraph_cli.engine.arithmetic import Arithmetic, Function
from cgraph_cli.engine.special import GUARD, erf, erfc, gamma, log_gamma, polygamma
from cgraph_cli.graph.express import modules_in
from cgraph_cli.graph.graph import Graph, Operation, operation
from cgraph_cli.light import Any, Callable, cache, re

MAX_EXPONENT = 65536  # of two, where a function takes as many digits
MAX_SIZE = 2**2100  # the same where it takes no longer for more
MAX_POWER = 2048  # the exponent of two of what is raised to: mpmath takes seconds beyond
MAX_WHOLE = 64  # the same where it is raised to by multiplication
MULTIPLIED = 150  # exponents up to which a power is a product
LOST = 20  # bits that rounding may have taken from numbers that are compared
# Functions that are summed by series, which take as the square of the bits: how many exponentials take as long.
SERIES = {
    **dict.fromkeys("exp expm1 exp2 log log2 log10 log1p sin cos tan sinh cosh tanh asinh acosh atanh atan".split(), 1),
    **dict.fromkeys("pow ^ asin acos atan2".split(), 3),
    **dict.fromkeys("erf erfc".split(), 20),
}


def beside(function: Function) -> Function:
    """An exponential: of a large whole number mpmath takes a power of e, by squaring as often as that has bits.

    Less than the last bit of the result away it does not.
    """
    from mpmath import mp

    def found(x: Any) -> Any:
        if mp.isfinite(x) and mp.mag(x) > MAX_WHOLE and mp.isint(x):
            x = mp.fadd(x, mp.ldexp(1, -mp.prec - GUARD), exact=True)
        return function(x)

    return found


def size_of_power(x: Any, y: Any) -> int:
    """The exponent of two of the logarithm of x^y, or a larger number."""
    from mpmath import mp

    return int(mp.mag(y) + max(mp.mag(mp.mag(x)), 0))


def huge_power(x: Any, y: Any) -> Any:
    """x^y for x > 0 or a whole number y, where its size has many digits: mpmath would take as many at each step."""
    import mpmath
    from mpmath import mp

    with mpmath.workprec(mp.prec + min(size_of_power(x, y), MAX_POWER) + 10):
        logarithm = y * mpmath.log(mp.fneg(x, exact=True) if x < 0 else x)
        if mp.mag(logarithm) > MAX_POWER:
            WATCH.left = True
            logarithm = mp.inf * mp.sign(logarithm)
        result = mpmath.exp(logarithm)
    return -result if x < 0 and y % 2 else +result


class Watch:
    """What is noted of an evaluation, while it is watched, that another precision may not have.

    ``left`` says whether a number past the largest exponent was taken for infinite, ``near`` whether two numbers were
    taken for equal that the precision does not tell apart, ``same`` whether two were compared that are equal, as they
    may be for want of bits, and ``lost`` whether a sum was less than its last bit. ``noise`` are such sums.
    """

    watched = left = near = same = lost = False

    def __init__(self) -> None:
        self.noise: set[Any] = set()

    def __enter__(self) -> Watch:
        self.watched, self.left, self.near, self.same, self.lost = True, False, False, False, False
        return self

    def __exit__(self, *_: object) -> None:
        self.watched = False
        self.noise.clear()  # a number is noise where it was computed, not wherever one like it is met

    @property
    def is_left(self) -> bool:
        return self.watched and self.left


WATCH = Watch()


def tells(x: Any, y: Any) -> bool:
    """Whether the precision tells two numbers apart; those that it does not are taken for equal, which WATCH notes."""
    from mpmath import mp

    if x == y:
        WATCH.same = True
        return False
    if (not y and is_noise(x)) or (not x and is_noise(y)):
        return False
    is_near = bool(abs(x - y) <= mp.ldexp(min(abs(x), abs(y)), LOST - mp.prec) < mp.inf)
    WATCH.near |= is_near
    return not is_near


def is_noise(x: Any) -> bool:
    """Whether a number is what rounding has left of a sum, so that its sign says nothing: it is taken for 0."""
    found = x._mpf_ in WATCH.noise
    WATCH.near |= found
    return found


def sums(function: Function) -> Function:
    """A sum or difference, of which it is noted where rounding may have left all that there is."""
    from mpmath import mp

    def found(x: Any, y: Any) -> Any:
        total = function(x, y)
        if x is y is mp.zero:
            return x
        if WATCH.watched and x is not y:
            (_, above, size, bits), (_, one, left, width), (_, other, right, length) = total._mpf_, x._mpf_, y._mpf_
            if one and other and (not above or size + bits < max(left + width, right + length) + LOST - mp.prec):
                WATCH.lost = True
                if above:
                    WATCH.noise.add(total._mpf_)
        return total

    return found


def times(x: Any, y: Any) -> Any:
    """A product; the zero that nothing was ever added to is itself by every number."""
    from mpmath import mp

    product = x * y
    return mp.zero if not product and (x is mp.zero or y is mp.zero) else product


def at_steps(function: Function, shift: float = 0.0) -> Function:
    """A function that steps at whole numbers, or ``shift`` beside them."""
    from mpmath import mp

    def found(x: Any) -> Any:
        step = mp.nint(x - shift) + shift
        return function(x if not is_noise(x) and tells(x, step) else step)

    return found


def real(function: Function, largest: int = MAX_EXPONENT) -> Function:
    """The function, nan where the result is not real or does not exist.

    A number past 2^largest is taken for infinite, which WATCH notes: sin(exp(1e308)) would want as many digits.
    """
    import mpmath
    from mpmath import mp

    def bounded(x: Any) -> Any:
        if not x or not mpmath.isfinite(x) or mp.mag(x) <= largest:
            return x
        WATCH.left = True
        return mp.inf * mp.sign(x)

    def checked(*args: Any) -> Any:
        try:
            result = function(*map(bounded, args))
        except (ValueError, ZeroDivisionError):
            return mp.nan
        return mp.nan if isinstance(result, mpmath.mpc) else result

    return checked


def _operators() -> dict[str, Function]:
    """Arithmetic, comparisons and choices."""
    import mpmath
    from mpmath import mp

    def divide(x: Any, y: Any) -> Any:
        if y == 0:
            return mp.nan if x == 0 or mpmath.isnan(x) else mp.inf * mp.sign(x)
        return x / y

    raised = real(mpmath.power, MAX_SIZE)

    def power(x: Any, y: Any) -> Any:
        if x == 1 or y == 0:
            return mp.one
        if mpmath.isnan(x) or mpmath.isnan(y):
            return mp.nan
        if x == 0:
            return mp.inf if y < 0 else mp.zero
        if x == -1 and mp.isfinite(y) and y.man_exp[1] > 0:  # even, and past all digits perhaps
            return mp.one
        if mpmath.isinf(x) and mpmath.isfinite(y) and (x > 0 or mpmath.isint(y)):
            result = mp.inf if y > 0 else mp.zero
            return result if x > 0 or y.man_exp[1] > 0 else -result  # odd where it has no factor of two
        if mpmath.isinf(y):
            return mp.one if x == -1 else mp.inf if (abs(x) > 1) == (y > 0) else mp.zero
        if mp.isfinite(x) and size_of_power(x, y) > MAX_WHOLE and (x > 0 or mpmath.isint(y)):
            return huge_power(x, y)
        return raised(x, y)

    def comparable(function: Function) -> Function:
        return lambda *args: mp.nan if any(mpmath.isnan(x) for x in args) else function(args)

    def truth(function: Function) -> Function:
        return lambda x, y: mp.one if function(x, y if tells(x, y) else x) else mp.zero

    return {
        **{name: sums(getattr(operator, name)) for name in ("add", "sub")},
        "mul": times,
        "neg": operator.neg,
        **{name: truth(getattr(operator, name)) for name in ("lt", "le", "gt", "ge", "eq", "ne")},
        "where": lambda condition, yes, no: yes if condition and not is_noise(condition) else no,
        "div": divide,
        "pow": power,
        "min": comparable(min),
        "max": comparable(max),
        "sum": lambda *args: sum(args, mp.zero),
    }


def _functions() -> dict[str, Function]:
    """Functions of mpmath and what it lacks."""
    import mpmath
    from mpmath import mp

    def logarithm(function: Function) -> Function:
        """Brings back numbers that left the range: of those it is nan."""
        inside = real(function, MAX_SIZE)

        def found(x: Any) -> Any:
            left = WATCH.is_left and (mpmath.isinf(x) or not x)
            return mp.nan if left else inside(x) if x else -mp.inf

        return found

    def norm(*args: Any) -> Any:
        return mp.sqrt(mp.fsum(x * x for x in args))

    wide = "asin acos atan atan2 atanh sqrt log1p asinh acosh".split()
    return {
        **{name: real(getattr(mpmath, name)) for name in ("sin", "cos", "tan")},
        **{name: real(getattr(mpmath, name), MAX_SIZE) for name in wide},
        **{name: real(beside(getattr(mpmath, name)), MAX_POWER) for name in ("exp", "expm1", "sinh", "cosh", "tanh")},
        "sign": lambda x: mp.zero if is_noise(x) else mp.sign(x),
        "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
        "exp2": real(lambda x: mp.power(2, x), MAX_POWER),
        "log": logarithm(mpmath.log),
        "log2": logarithm(lambda x: mpmath.log(x, 2)),
        "log10": logarithm(mpmath.log10),
        "hypot": norm,
        "norm": norm,
        "abs": abs,
        "floor": at_steps(mpmath.floor),
        "ceil": at_steps(mpmath.ceil),
        "round": at_steps(mpmath.nint, 0.5),
        "erf": real(erf),
        "erfc": real(erfc),
    }


@cache
def _gamma_functions() -> dict[str, Function]:
    """The functions for which mpmath makes coefficients at every precision anew."""

    return {
        "gamma": real(gamma),
        "lgamma": real(log_gamma),
        "digamma": real(lambda x: polygamma(0, x)),
        "polygamma": real(polygamma),
    }


def is_slow(graph: Graph) -> bool:
    """Whether functions are computed, in a module or not, that take as the cube of the bits at each new precision."""
    slow = {operation(name) for name in _gamma_functions()}
    bodies = [op.body for op in modules_in(graph) if op.body is not None]
    return not slow.isdisjoint(op for one in (graph, *bodies) for op in one.ops)


@cache
def _series(op: Operation) -> float:
    """How many exponentials take as long as the value and the local gradients of an operation, for many bits."""
    if op.body is not None:
        return series_in(op.body)
    texts = [text for text in (op.rule.value, *op.rule.gradients) if text]
    own = [] if op.rule.value else [op.name]
    names = own + [name for text in texts for name in re.findall(r"\w+(?=\()|\^(?!\d)", text)]
    return float(sum(SERIES.get(name, 0) for name in names))


def series_in(graph: Graph) -> float:
    """How many exponentials take as long as a pass over a graph and one back, for many bits."""
    return sum(0.0 if _is_product(graph, node) else _series(op) for node, op in enumerate(graph.ops))


def _is_product(graph: Graph, node: int) -> bool:
    """Whether a node is a power with a small whole number for its exponent, which is multiplied."""
    if graph.ops[node] is not operation("pow"):
        return False
    exponent = graph.constants.get(graph.arguments(node)[1])
    return exponent is not None and exponent.is_integer() and abs(exponent) < MULTIPLIED


@cache
def precise() -> Arithmetic:
    """mpmath numbers at the working precision that is set when a kernel runs."""
    import mpmath
    from mpmath import mp
    from mpmath.libmp import mpf_pi, mpf_shift

    # These know themselves at every precision; a product such as 2*pi would keep that of its making.
    tau = mp.constant(lambda prec, rounding: mpf_shift(mpf_pi(prec, rounding), 1), "tau")
    constants = {"pi": mp.pi, "π": mp.pi, "e": mp.e, "tau": tau}

    def number(value: Any, symbol: str | None = None) -> Any:
        return constants[symbol] if symbol in constants else mpmath.mpf(value)

    return arithmetic("mpmath", number)


def arithmetic(name: str, number: Callable[..., Any]) -> Arithmetic:
    """mpmath numbers, of which ``number`` makes those that are no results."""
    from mpmath import mp

    return Arithmetic(
        name,
        {**_operators(), **_functions(), **_gamma_functions()},
        number=number,
        column=lambda size: [mp.zero] * size,
        send=times,
        own_order=False,
        key=lambda args: (mp.prec, *(x._mpf_ for x in args)),
    )
