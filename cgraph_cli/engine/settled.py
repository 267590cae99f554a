"""Numbers to many digits: everything is computed in mpmath, the precision doubled until two results agree.

Decimals are mpmath numbers that are what was typed: 0.1 is a tenth, and pi/2 half of π, at every precision.
"""

from __future__ import annotations

import sys
from math import ceil, inf, isfinite, log2

from cgraph_cli.engine.arithmetic import Arithmetic
from cgraph_cli.engine.mpmath import WATCH, arithmetic, precise
from cgraph_cli.engine.passes import forward
from cgraph_cli.graph.build import build
from cgraph_cli.light import Any, Callable, NamedTuple, Sequence, cache
from cgraph_cli.limits import FULL, LEAST, WHOLE
from cgraph_cli.syntax.parser import parse
from cgraph_cli.syntax.printer import format_number
from cgraph_cli.syntax.typed import as_typed, is_zero

GUARD = 64  # bits beyond those of the digits that are shown
AGREE = 10  # bits beyond them in which two results are the same
NEAR = 32  # bits by which what rounding leaves may differ from what it is expected to leave
MOST_BITS = 16_384  # or more, where the first precision or the sizes of numbers are large
MOST_WORK = 4_000_000_000  # numbers times bits: a minute or so
MOST_SIZE = 32_768  # bits of numbers beside which others are taken for 0
POWERS = 8  # of a small number that are not to be taken for 0 beside 1
LONG = 3_000  # bits of a whole number
MOST_CONVERTED = 4000  # digits that Python takes for a whole number
EXTRA = 30  # bits in which the value of an expression is computed
UNDECIDED, VANISHING, OUTSIDE = "undecided", "vanishing", "out of range at every precision"


class Precise(float):
    """A number of high precision: ``exact`` to all of its bits, ``text`` to so many ``digits``.

    As a double it is the nearest that is as finite, and as different from 0. It compares as the exact number, which
    is known to so many ``bits``. ``state`` says that it is undecided, or vanishing: taken for 0 because it is smaller
    in every precision.
    """

    __slots__ = ("bits", "digits", "exact", "state", "text")
    bits: int
    digits: int
    exact: Any
    state: str
    text: str

    def __new__(cls, exact: Any, digits: int, bits: int, state: str = "") -> Precise:
        import mpmath

        value = float(exact)
        if mpmath.isfinite(exact):
            value = min(max(value, -sys.float_info.max), sys.float_info.max) or LEAST * float(mpmath.sign(exact))
        elif state == UNDECIDED:
            value = sys.float_info.max
            exact = mpmath.mpf(value)
        number = super().__new__(cls, value)
        number.bits = bits
        number.digits = digits
        number.exact = exact
        number.state = number.text = state
        if state != UNDECIDED:
            number.text = _text(exact, digits)
            number.text = format_number(number)
        return number

    def __reduce__(self) -> tuple[Any, ...]:
        sign, mantissa, *size = self.exact._mpf_
        return _precise, ((sign, int(mantissa), *size), self.digits, self.bits, self.state)

    def __repr__(self) -> str:
        return self.text

    __str__ = __repr__
    __hash__ = float.__hash__

    def __eq__(self, other: object) -> bool:
        import mpmath

        there: Any = getattr(other, "exact", other)
        with mpmath.workprec(self.bits + NEAR):
            near = mpmath.ldexp(abs(there), NEAR - self.bits)
            return bool(self.exact == there or abs(self.exact - there) <= near < inf)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: float) -> bool:
        return bool(self.exact < getattr(other, "exact", other))

    def __le__(self, other: float) -> bool:
        return bool(self.exact <= getattr(other, "exact", other))

    def __gt__(self, other: float) -> bool:
        return bool(self.exact > getattr(other, "exact", other))

    def __ge__(self, other: float) -> bool:
        return bool(self.exact >= getattr(other, "exact", other))

    def __neg__(self) -> Precise:
        import mpmath

        return Precise(mpmath.fneg(self.exact, exact=True), self.digits, self.bits, self.state)

    def __abs__(self) -> Precise:
        return -self if self < 0 else self

    def __add__(self, other: float) -> float:
        return float(self) + other if other else self

    __radd__ = __add__

    def __mul__(self, other: float) -> Precise:
        import mpmath

        with mpmath.workprec(self.bits):
            product = self.exact * getattr(other, "exact", other)
        return Precise(product, self.digits, self.bits, self.state or getattr(other, "state", ""))

    __rmul__ = __mul__


def _precise(parts: tuple[int, ...], digits: int, bits: int, state: str) -> Precise:
    """A number from a pickle: mpmath's own way rounds it to the precision that is set."""
    from mpmath import mp

    return Precise(mp.make_mpf(parts), digits, bits, state)


def _text(exact: Any, digits: int) -> str:
    """A number of mpmath to so many significant digits."""
    import mpmath

    size = mpmath.mag(exact) if exact and mpmath.isfinite(exact) else 0
    if abs(size) < LONG:
        return str(mpmath.nstr(exact, digits, min_fixed=-5, max_fixed=digits))
    # Python writes no whole number of so many digits; a logarithm has as many bits fewer as the exponent has.
    with mpmath.workprec(first_bits(digits) + GUARD + int(abs(size)).bit_length()):
        exponent = int(mpmath.floor(mpmath.log10(abs(exact))))
        mantissa = str(mpmath.nstr(exact / mpmath.mpf(10) ** exponent, digits))
    if mantissa.lstrip("-").startswith("10."):
        mantissa, exponent = mantissa.replace("10.", "1."), exponent + 1
    return f"{mantissa}e{exponent}"


class Settled(NamedTuple):
    """Numbers as far as they are settled in so many ``bits``; ``left`` says that some left the range of mpmath."""

    numbers: list[Precise]
    bits: int
    left: bool


def first_bits(digits: int) -> int:
    """The precision in which numbers of so many digits are computed first."""
    return ceil(digits * log2(10)) + GUARD


def settled(
    at: Callable[[], Sequence[Any]], digits: int, room: int = 0, size: int = 0, *, slow: bool = False
) -> Settled:
    """Numbers to so many digits: ``at`` computes them at the precision that is set, again and again.

    It begins with ``room`` bits for numbers of other sizes, and is raised until two results agree in all of them and no
    choice is between numbers that are not told apart. What is 0 has to be so three times, and where powers of all
    numbers, which are up to 2^size, have room beside each other; beyond MOST_SIZE no number is taken for 0 where a sum
    has lost all that it was made of. What is smaller at every precision, as much as it is raised, is taken for 0. What
    three precisions have no exponent for is left undecided, since no other is likely to. ``slow`` functions cost as the
    cube of the bits, so that steps are short.
    """
    import mpmath

    bits = first_bits(digits) + room
    is_huge = size > MOST_SIZE
    whole = FULL if is_huge else max(FULL, first_bits(digits) + POWERS * size)
    most, work = max(MOST_BITS, 8 * bits, 2 * whole), 0
    before: list[Sequence[Any]] = []
    precisions = [bits]
    while True:
        with mpmath.workprec(bits), WATCH:
            now = [x if x is mpmath.mp.zero else +x for x in at()]
            left, near = WATCH.is_left, WATCH.near
            enough = inf if is_huge and WATCH.lost else whole
            found = [
                _verdict(column, digits, precisions, enough, left=left) for column in zip(*before, now, strict=True)
            ]
        work += bits * len(now)
        longer = bits * 5 // 4 if slow else 2 * bits
        if (before and UNDECIDED not in found and not near) or longer > most or work + longer * len(now) > MOST_WORK:
            break
        before, bits = [*before[-1:], now], longer
        precisions = [*precisions[-2:], bits]
    numbers = [
        Precise(mpmath.mp.zero if state == VANISHING else x, digits, bits, UNDECIDED if state == OUTSIDE else state)
        for state, x in zip(found, now, strict=True)
    ]
    return Settled(numbers, bits, left)


def _verdict(column: Sequence[Any], digits: int, precisions: Sequence[int], whole: float, *, left: bool) -> str:
    """The state of a number, of which these are the last results; the empty text for one that is settled.

    From ``whole`` bits on something may be taken for 0.
    """
    import mpmath

    first, x, y = (None, None, *column)[-3:]
    if x is y is mpmath.mp.zero:
        return ""  # one object: a zero to which nothing was ever added
    if x is None or (left and (y == 0 or not mpmath.isfinite(y))):
        return OUTSIDE if left and precisions[-1] >= FULL and _is_same(x, y) and _is_same(first, x) else UNDECIDED
    if not mpmath.isfinite(y):
        return "" if _is_same(x, y) else UNDECIDED
    if x == y == first == 0 and precisions[-1] >= whole:
        return ""
    if y and abs(x - y) <= mpmath.ldexp(abs(y), -ceil(digits * log2(10)) - AGREE):
        return ""
    if first is None or precisions[-1] < whole or not (mpmath.isfinite(first) and mpmath.isfinite(x)):
        return UNDECIDED
    sizes = [mpmath.mag(one) if one else -bits for one, bits in zip((first, x, y), precisions, strict=True)]
    steps = zip(sizes, sizes[1:], precisions, precisions[1:], strict=False)
    return VANISHING if all(size - then > bits - of - NEAR for size, then, of, bits in steps) else UNDECIDED


def _is_same(x: Any, y: Any) -> bool:
    return bool(x == y or (x != x and y != y))


@cache
def decimal() -> Arithmetic:
    """mpmath numbers, where a double is the decimal that is written for it."""
    import mpmath
    from mpmath import mp

    known = precise().number

    def number(value: Any, symbol: str | None = None) -> Any:
        if symbol is not None or isinstance(value, mpmath.mpf | mpmath.ctx_mp_python.mpnumeric):
            return known(value, symbol)
        if value == 0 and is_zero(repr(value)):
            return mp.zero
        if type(value) is float and ((value.is_integer() and abs(value) < WHOLE) or not isfinite(value)):
            return mpmath.mpf(value)
        return mp.constant(_written(repr(value)), repr(value))

    return arithmetic("decimal", number)


def given(value: float, digits: int) -> Precise:
    """A number that was typed to so many digits."""
    import mpmath

    bits = first_bits(digits)
    with mpmath.workprec(bits):
        return Precise(+decimal().number(value), digits, bits)


def _written(text: str) -> Callable[[int, str], Any]:
    """What a text stands for, a decimal or an expression of constants, rounded to so many bits when it is asked."""
    from mpmath.libmp import from_str, mpf_pos

    @cache
    def rounded(bits: int, rounding: str) -> Any:
        try:
            read = from_str if len(text) < MOST_CONVERTED else _of_many_digits
            return read(text, bits, rounding)
        except (ValueError, ArithmeticError):
            return mpf_pos(_of_constants(text, bits), bits, rounding)

    return rounded


def _of_many_digits(text: str, bits: int, rounding: str) -> Any:
    """A decimal of more digits than Python makes a whole number of. Raises ArithmeticError for another text."""
    from decimal import Decimal

    from mpmath.libmp import from_rational, from_str, mpf_mul

    digits, _, exponent = text.partition("e")
    top, bottom = Decimal(digits).as_integer_ratio()
    power = from_str(f"1e{exponent or 0}", bits + EXTRA, rounding)
    return mpf_mul(from_rational(top, bottom, bits + EXTRA, rounding), power, bits, rounding)


def _of_constants(text: str, bits: int) -> Any:
    """The value of an expression without variables."""
    import mpmath

    graph = build(as_typed(parse(text)))
    with mpmath.workprec(bits + EXTRA):
        return (+forward(graph, {}, decimal())[graph.output])._mpf_
