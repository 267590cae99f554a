"""Numbers for people: six significant digits, more where fewer would hide a difference; exact ones are JSON's task."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isfinite

from cgraph_cli.syntax.printer import format_number

DIGITS = 6
MORE_DIGITS = 12  # what differs from a round number only beyond these is rounding noise
SHORTEST = 7  # characters of a number in a figure
SHORT = 8  # characters of a decimal that is shown as it is
LONGEST_WHOLE = 10
WIDEST_POINT_COLUMN = 12  # columns of numbers that stand at the decimal point whatever their sizes

_WHOLE = re.compile(r"-?\d+(?=[.e])")


def short(value: float) -> str:
    """A number as a table shows it: whole numbers and short decimals as they are, others to six significant digits.

    A number that six digits would show as a round one (1.0000001 as 1) gets as many as tell them apart, up to twelve.
    The sign of a zero, which says nothing about a value or a slope, is left out.
    """
    exact = format_number(value + 0.0)
    size = len(exact) - (exact[0] == "-")
    if not isfinite(value) or size <= SHORT or (size <= LONGEST_WHOLE and value.is_integer()):
        return exact
    text = rounded(value, DIGITS)
    if significant(text) <= DIGITS // 2:
        for digits in range(DIGITS + 1, MORE_DIGITS + 1):
            more = rounded(value, digits)
            if more != text:
                return more
    return text


def short_number(value: float) -> str:
    """A number as a figure shows it: exact but for rounding noise where that is short, else four digits.

    1 - 1e-9 is ``1.000``, not 1: what is rounded keeps its zeros and looks rounded.
    """
    for exact in (format_number(value + 0.0), rounded(value, MORE_DIGITS)):
        if not isfinite(value) or len(exact.lstrip("-")) <= SHORTEST:
            return exact
    size = abs(value)
    if 999.95 <= size < 99999.95:
        return f"{value:.1f}"
    digits, _, exponent = f"{value:#.4g}".partition("e")
    return f"{digits}e{int(exponent)}" if exponent else digits.removesuffix(".")


def rounded(value: float, digits: int) -> str:
    """A number to so many significant digits, with all digits before the point while these are few."""
    if 1e5 <= abs(value) < 10.0**LONGEST_WHOLE:
        whole = len(f"{abs(value):.0f}")
        text = f"{value:.{max(digits - whole, 0)}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    text = f"{value:.{digits}g}"
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    return f"{mantissa}e{int(exponent)}"


def significant(text: str) -> int:
    """How many significant digits a number's text has."""
    return len(text.partition("e")[0].lstrip("-").replace(".", "").strip("0"))


def at_point(text: str) -> tuple[str, str]:
    """A number's text before and from its decimal point (or exponent), the two sides of a column of numbers."""
    whole = _WHOLE.match(text)
    return (whole[0], text[whole.end() :]) if whole else (text, "")


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
