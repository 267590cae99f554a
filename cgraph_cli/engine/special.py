"""Functions that Python's ``math`` does not have, or has with too few digits, on mpmath numbers."""

from __future__ import annotations

from typing import Any

MAX_ORDER = 1000  # of polygamma: its values have thousands of digits by then


def polygamma(n: Any, x: Any) -> Any:
    """The derivative of order n of digamma; nan for an order that is not 0, 1, …, 1000, and at a pole of even order."""
    import mpmath
    from mpmath import mp

    if mpmath.isnan(x) or not 0 <= n <= MAX_ORDER or n != int(n) or x == -mp.inf:
        return mp.nan
    order = int(n)
    if x == mp.inf:
        return mp.zero if order else mp.inf
    if x <= 0 and x == mpmath.floor(x):
        return mp.inf if order % 2 else mp.nan
    if order == 0:
        return mpmath.digamma(x)
    if x > -20:
        return mpmath.polygamma(order, x)
    # mpmath walks from x to 0 in steps of 1; the reflection goes there at once.
    with mpmath.workprec(mp.prec + 30):
        reflected = mpmath.polygamma(order, 1 - x)
        cotangent = _cotangent_derivative(order, mpmath.cospi(x) / mpmath.sinpi(x)) * mp.pi ** (order + 1)
        result = (reflected if order % 2 == 0 else -reflected) - cotangent
    return +result


def _cotangent_derivative(order: int, c: Any) -> Any:
    """The derivative of cot as a polynomial in c = cot: cot' = -(1 + cot^2), again and again."""
    from mpmath import mp

    coefficients = [0, 1]
    for _ in range(order):
        derived = [power * coefficient for power, coefficient in enumerate(coefficients)][1:]
        longer = [*derived, 0, 0]
        for power, coefficient in enumerate(derived):
            longer[power + 2] += coefficient
        coefficients = [-coefficient for coefficient in longer]
    total = mp.zero
    for coefficient in reversed(coefficients):
        total = total * c + coefficient
    return total


def log_gamma(x: Any) -> Any:
    """log |Γ(x)|; inf at the poles."""
    import mpmath
    from mpmath import mp

    if x <= 0 and x == mpmath.floor(x):
        return mp.inf
    return mpmath.re(mpmath.loggamma(x))


def erfc(x: Any) -> Any:
    """1 - erf(x), 0 where mpmath has no exponent for it."""
    import mpmath
    from mpmath import mp

    return mp.zero if x > 1e30 else mpmath.erfc(x)
