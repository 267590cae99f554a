"""Arb's power series as numbers: a value and its derivative in one variable, each a ball that holds the true number.

None of the rules of this package differentiates here; what is not smooth on all of a ball, or not defined, is nan. A
number that is exact is constant on a neighbourhood of the point, since what moves is never exact.
"""

from __future__ import annotations

from math import inf, nextafter

from cgraph_cli.errors import MissingExtraError
from cgraph_cli.light import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType


def flint() -> ModuleType:
    """The library that knows Arb. Raises MissingExtraError where it is not installed."""
    try:
        import flint as library
    except ImportError:
        raise MissingExtraError(
            "--rigorous needs python-flint, which is not installed", help='pip install "cgraph-cli[rigorous]"'
        ) from None
    return library


class Precision:
    """While this is entered, balls have so many bits and series two coefficients, and the first nan says why."""

    why: str | None = None

    def __init__(self, bits: int) -> None:
        self.bits = bits

    def __enter__(self) -> None:
        context = flint().ctx
        self.before = context.prec, context.cap
        context.prec, context.cap = self.bits, 2
        Precision.why = None

    def __exit__(self, *raised: object) -> None:
        context = flint().ctx
        context.prec, context.cap = self.before


def bounds(ball: Any) -> tuple[float, float]:
    """Doubles that hold a ball between them."""
    arb = flint().arb
    low, high = float(ball.lower()), float(ball.upper())
    return (
        (low if arb(low) <= ball.lower() else nextafter(low, -inf)) + 0.0,
        (high if arb(high) >= ball.upper() else nextafter(high, inf)) + 0.0,
    )


def about(x: float, scale: float, bits: int) -> Any:
    """A ball about a number that is as good as exact, but is not: what moves is no constant."""
    arb = flint().arb
    return arb(x, arb(scale) * arb(2) ** -bits)


def between(low: float, high: float) -> Any:
    """The ball that holds all from one number to another, and little else."""
    arb = flint().arb
    return arb((arb(low) + arb(high)) / 2, (arb(high) - arb(low)) / 2)


def is_finite(x: Any) -> bool:
    """Whether value and derivative are balls of numbers."""
    return bool(x[0].is_finite() and x[1].is_finite())
