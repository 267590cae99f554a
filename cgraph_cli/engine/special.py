"""Functions that mpmath lacks, or that take it long at many bits; at the working precision that is set."""

from __future__ import annotations

from math import asinh, ceil, log, sqrt

from cgraph_cli.light import Any

GUARD = 40  # bits that sums and products of thousands of numbers may lose
MANY_BITS = 300  # from there on
MAX_ORDER = 1000  # of polygamma: its values have thousands of digits by then
ROW = 16  # terms of a series between two products of long numbers


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
    count = _steps(x)
    if count:
        with mpmath.workprec(mp.prec + GUARD):
            total = mpmath.fsum((x + k) ** (-order - 1) for k in range(count)) * mpmath.factorial(order)
            result = mpmath.polygamma(order, x + count) + (total if order % 2 else -total)
        return +result
    if order == 0 or x > -20:
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
    lost = -mp.mag(min(abs(x - 1), abs(x - 2)))  # it is 0 at 1 and 2, and Γ is 1
    if not _steps(x) or lost > mp.prec:
        return mpmath.re(mpmath.loggamma(x))
    with mpmath.workprec(mp.prec + GUARD + max(0, int(lost))):
        result = mpmath.log(abs(gamma(x)))
    return +result


def gamma(x: Any) -> Any:
    """Γ(x); inf at 0 like 1/x, no number at the other poles."""
    import mpmath
    from mpmath import mp

    if x == 0:
        return mp.inf
    count = _steps(x)
    with mpmath.workprec(mp.prec + GUARD * bool(count)):
        result = mpmath.gamma(x + count) / mpmath.fprod(x + k for k in range(count))
    return +result


def _steps(x: Any) -> int:
    """How far to go right with Γ(x + 1) = x*Γ(x): far out mpmath needs few of its coefficients.

    At many bits these take as their cube at each new precision; at few bits, and far out, it is 0.
    """
    from mpmath import mp

    half = mp.prec // 2
    return half - int(mp.floor(x)) if mp.prec > MANY_BITS and -half < x < half else 0


def erf(x: Any) -> Any:
    """The error function."""
    import mpmath
    from mpmath import mp

    if not _takes_long(x):
        return mpmath.erf(x)
    with mpmath.workprec(mp.prec + GUARD):
        result = _error_series(x) if not _is_far(x) else 1 - _tail(x) if x > 0 else _tail(-x) - 1
    return +result


def erfc(x: Any) -> Any:
    """1 - erf(x), 0 where mpmath has no exponent for it."""
    import mpmath
    from mpmath import mp

    if not _takes_long(x):
        return mp.zero if x > 1e30 else mpmath.erfc(x)
    if _is_far(x):
        with mpmath.workprec(mp.prec + GUARD):
            result = _tail(x) if x > 0 else 2 - _tail(-x)
        return +result
    lost = int(mp.ceil(x * x / mp.ln2)) + mp.mag(x) + 2 if x > 0 else 0  # of 1: erfc(x) > exp(-x^2)/(4*x)
    with mpmath.workprec(mp.prec + GUARD + lost):
        result = 1 - _error_series(x)
    return +result


def _takes_long(x: Any) -> bool:
    """Whether erf is summed neither from few terms nor from those of an asymptotic series."""
    from mpmath import mp

    return bool(mp.prec > MANY_BITS and abs(x) > 1 and x * x < mp.prec)


def _is_far(x: Any) -> bool:
    """Whether the continued fraction of erfc takes less time than the series of erf."""
    from mpmath import mp

    return bool(3 * x * x > mp.prec)


def _tail(x: Any) -> Any:
    """erfc(x) = 2*x/sqrt(pi)*exp(-x^2)/(s + 1 - 1·2/(s + 5 - 3·4/(s + 9 - …))) with s = 2*x^2, for a positive x.

    The even part of a continued fraction (Abramowitz, Stegun 1964, 7.1.14). Numerators and denominators come from front
    to back, as integers of about as many bits as are wanted.
    """
    import mpmath
    from mpmath import mp

    bits = mp.prec + GUARD
    square, one = int(mpmath.ldexp(2 * x * x, bits)), 1 << bits
    above, before_above, below, before_below = one, 0, square + one, one
    for n in range(1, _terms_of_tail(float(x), bits)):
        factor, part = 4 * n + 1, 2 * n * (2 * n - 1)
        above, before_above = (square * above >> bits) + factor * above - part * before_above, above
        below, before_below = (square * below >> bits) + factor * below - part * before_below, below
        grown = below.bit_length() - bits
        if grown > GUARD:
            above, before_above, below, before_below = (
                number >> grown for number in (above, before_above, below, before_below)
            )
    return mpmath.mpf(above) / below * mpmath.exp(-x * x) * 2 * x / mpmath.sqrt(mp.pi)


def _terms_of_tail(x: float, bits: int) -> int:
    """How many terms of that fraction leave an error of 2^-bits.

    Term n takes a part exp(-4*asinh(x/(2*sqrt(n)))) of the error, the ratio of the solutions of its recurrence: n terms
    exp(-4*(n*asinh(sqrt(c/n)) + sqrt(c*(n + c)) - c)) with c = x^2/4.
    """
    c, n = x * x / 4, 16.0
    while 4 * (n * asinh(sqrt(c / n)) + sqrt(c * (n + c)) - c) < bits * log(2):
        n *= 1.05
    return ceil(n)


def _error_series(x: Any) -> Any:
    """2*x/sqrt(pi)*exp(-x^2)*Σ (2*x^2)^n/(1·3·…·(2*n + 1)), whose terms are positive (Abramowitz, Stegun 1964, 7.1.6).

    mpmath adds up one whose terms alternate, in as many more bits as the largest has. Here a term is divided by a small
    number, and only every ``ROW`` terms multiplied by a power of 2*x^2; each place in a row has a sum of its own.
    """
    import mpmath
    from mpmath import mp

    square = 2 * x * x
    shift = mp.prec + ROW * mp.mag(square)
    factor = int(mpmath.ldexp(square, shift))
    power = int(mpmath.ldexp(square**ROW, shift))
    sums, term, below = [0] * ROW, 1 << shift, 1
    while term:
        for place in range(ROW):
            sums[place] += term
            below += 2
            term //= below
        term = term * power >> shift
    total = 0
    for one in reversed(sums):
        total = (total * factor >> shift) + one
    return mpmath.ldexp(mpmath.mpf(total), -shift) * mpmath.exp(-x * x) * 2 * x / mpmath.sqrt(mp.pi)
