"""Numbers for people: six significant digits, more where fewer would hide a difference; exact ones are JSON's task."""

from __future__ import annotations

from math import inf, isfinite

from cgraph_cli.light import TYPE_CHECKING, Callable, Iterable, Mapping, T
from cgraph_cli.limits import DOUBLE_DIGITS
from cgraph_cli.syntax.printer import format_number

if TYPE_CHECKING:
    from cgraph_cli.check.mistakes import Mistake
    from cgraph_cli.report.findings import Finding

DIGITS, FIGURE_DIGITS = 6, 4
MOST_DIGITS = DOUBLE_DIGITS  # for so many it is the shortest text that reads the same double back
MORE_DIGITS = 12  # what differs from a round number only beyond these is rounding noise
UNCERTAIN_DIGITS = 2  # of an uncertainty
SMALLEST_PLAIN = -5  # the exponent of ten of what is written without one beside its uncertainty
MOST_EXACT = 1100  # digits of any double
SHORT, FIGURE_SHORT = 10, 8  # characters of a decimal that is shown as it is
LONGEST_WHOLE = 10
WIDEST_POINT_COLUMN = 12  # columns of numbers that stand at the decimal point whatever their sizes


def short(value: float, digits: int | None = None, *, narrow: bool = False) -> str:
    """A number to so many significant digits; without them whole numbers and short decimals as they are, others to six.

    A number that six digits would show as a round one (1.0000001 as 1) gets as many as tell them apart, up to twelve.
    ``narrow``, for a figure, it has four digits, and zeros say that it is rounded (1.000). Whole numbers of up to ten
    characters always stay whole. The sign of a zero, which says nothing about a value or a slope, is left out.
    """
    if type(value) is not float and (text := fine_text(value)):
        return text
    exact = format_number(value + 0.0)
    size = len(exact) - (exact[0] == "-")
    if not isfinite(value) or (size <= LONGEST_WHOLE and value.is_integer()):
        return exact
    if digits is not None:
        return rounded(value, digits) if digits < MOST_DIGITS else exact
    if size <= (FIGURE_SHORT if narrow else SHORT):
        return exact
    if narrow:
        text, finer = rounded(value, FIGURE_DIGITS), rounded(value, MORE_DIGITS)
        return text if float(text) == float(finer) else rounded(value, FIGURE_DIGITS, zeros=True)
    text = rounded(value, DIGITS)
    if significant(text) <= DIGITS // 2:
        for more in range(DIGITS + 1, MORE_DIGITS + 1):
            if (longer := rounded(value, more)) != text:
                return longer
    return text


def fine_text(value: float) -> str:
    """The text of a number that has more digits than a double; the empty text for any other."""
    return str(getattr(value, "text", ""))


def message(found: Finding | Mistake, digits: int | None = None) -> str:
    """The sentence of a finding or mistake, with more digits where two numbers in it would look the same."""
    several = len({format_number(one + 0.0) for one in found.numbers})
    enough = (digits, *range((digits or DIGITS) + 1, MOST_DIGITS + 1))
    digits = next(count for count in enough if len({short(one, count) for one in found.numbers}) >= several)
    return found.written(lambda one: short(one, digits))


def nearest(value: float, digits: int | None) -> float:
    """The number that a text of so many digits says; with None the number itself."""
    return value if digits is None or fine_text(value) else float(short(value, digits))


def rounded(value: float, digits: int, *, zeros: bool = False) -> str:
    """A number to so many significant digits, with all digits before the point while these are few."""
    if 10.0 ** (digits - 1) <= abs(value) < 10.0**LONGEST_WHOLE:
        return f"{value:.0f}"
    mantissa, _, exponent = f"{value:#.{digits}g}".partition("e")
    mantissa = (mantissa if zeros else mantissa.rstrip("0")).removesuffix(".")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def assigned(values: Mapping[str, T], write: Callable[[T], str]) -> str:
    """``x = 1, y = 2``."""
    return ", ".join(f"{name} = {write(value)}" for name, value in values.items())


def ranged(ends: tuple[float, float], digits: int | None = None) -> str:
    """A range as it is typed, ``0:10``."""
    return ":".join(short(end, digits) for end in ends)


def interval(ends: tuple[float, float], digits: int) -> str:
    """An interval to so many digits, its ends rounded outwards: it still holds all that it is to hold."""
    from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

    roundings = zip(ends, (ROUND_FLOOR, ROUND_CEILING), strict=True)
    texts = (format_number(float(Context(digits, way).create_decimal(Decimal(end)))) for end, way in roundings)
    return f"[{', '.join(texts)}]"


def measured(value: float, uncertainty: float, digits: int | None = None, *, ascii: bool = False) -> str:
    """``12.30 ± 0.45``: the uncertainty to two digits, or to ``digits``, and the value to the same place.

    Both have one exponent where they are very large or small: ``(1.230 ± 0.045)e23``. The place is that of JCGM
    100:2008, 7.2.6.
    """
    sign = "+/-" if ascii else "±"
    if not (isfinite(value) and 0 < uncertainty < inf):
        return f"{short(value, digits)} {sign} {short(uncertainty, digits)}"
    few = digits or UNCERTAIN_DIGITS
    # Rounding may carry: 0.0996 is 0.10.
    place = int(f"{uncertainty:.{few - 1}e}".partition("e")[2]) + 1 - few
    size = int(f"{max(abs(value), uncertainty):e}".partition("e")[2])
    if size - place > MOST_DIGITS:  # beyond the digits that the value has
        return f"{short(value, MOST_DIGITS)} {sign} {short(uncertainty, few)}"
    if SMALLEST_PLAIN <= size < LONGEST_WHOLE:
        return f"{_at_place(value, place)} {sign} {_at_place(uncertainty, place)}"
    # Moved by their exponents as texts, no digit is lost.
    return f"({_at_place(value, place, size)} {sign} {_at_place(uncertainty, place, size)})e{size}"


def _at_place(value: float, place: int, exponent: int = 0) -> str:
    """A number rounded to a power of ten and written without an exponent, after it was divided by another power."""
    from decimal import Context, Decimal

    exact = Context(prec=MOST_EXACT)
    rounded = exact.quantize(Decimal(value), Decimal((0, (1,), place)))
    return f"{exact.scaleb(rounded, -exponent) + 0:f}"


def percent(part: float) -> str:
    """A part of the whole to three digits."""
    return f"{rounded(100 * part + 0.0, 3)} %"


def significant(text: str) -> int:
    """How many significant digits a number's text has."""
    return len(text.partition("e")[0].lstrip("-").replace(".", "").strip("0"))


def at_point(text: str) -> tuple[str, str]:
    """A number's text before and from its decimal point (or exponent), the two sides of a column of numbers."""
    whole = text.partition("e")[0].partition(".")[0]
    return (whole, text[len(whole) :]) if whole != text and whole.removeprefix("-").isdecimal() else (text, "")


class Points:
    """Numbers below each other at their decimal points; at their right ends where that would make a wide column."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.whole = self.fraction = self.longest = 0
        self.apart = False
        self.add(texts)

    def add(self, texts: Iterable[str]) -> None:
        """More numbers of the same column."""
        for text in texts:
            whole, fraction = at_point(text)
            self.whole = max(self.whole, len(whole))
            self.fraction = max(self.fraction, len(fraction))
            self.longest = max(self.longest, len(text))
        self.apart |= self.whole + self.fraction > max(WIDEST_POINT_COLUMN, self.longest)

    @property
    def width(self) -> int:
        """How wide the column is."""
        return self.longest if self.apart else self.whole + self.fraction

    def padding(self, text: str) -> tuple[str, str]:
        """The spaces left and right of one of the numbers."""
        if self.apart:
            return " " * (self.longest - len(text)), ""
        whole, fraction = at_point(text)
        return " " * (self.whole - len(whole)), " " * (self.fraction - len(fraction))

    def padded(self, text: str) -> str:
        """One of the numbers, as wide as the column."""
        left, right = self.padding(text)
        return left + text + right
