"""The broken numbers among the exact ones; a file of their own, as importing ``fractions`` takes longer than most of
what has none.
"""

from __future__ import annotations

from fractions import Fraction


class Decimal(Fraction):
    """A fraction that was typed as a decimal and is printed as one; it differs from the same fraction in nothing else.

    They are not equal, so that terms with 0.5 and with 1/2 are two; the order of numbers is that of their values.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is Decimal and self.numerator == other.numerator and self.denominator == other.denominator

    def __hash__(self) -> int:  # type: ignore[override]
        return hash((self.numerator, self.denominator))

    def __neg__(self) -> Decimal:
        return decimal(-self.numerator, self.denominator)

    def __abs__(self) -> Decimal:
        return decimal(abs(self.numerator), self.denominator)


def decimal(numerator: int, denominator: int) -> Decimal:
    """numerator/denominator, printed as a decimal."""
    return Fraction.__new__(Decimal, numerator, denominator)
