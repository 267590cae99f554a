"""Functions that some languages lack, in a small subset of Python that translated.py translates.

The subset: parameters and values are floats; assignments, if and while, return; arithmetic, comparisons with and, or,
not; abs, calls of ``math`` and of each other. Nothing here divides by zero or takes a function out of its domain, so
that no language needs a guard. Every function is held against mpmath in the tests.
"""

from __future__ import annotations

import math


def sign(x: float) -> float:
    """-1, 0 or 1; nan for nan."""
    return 1.0 if x > 0.0 else -1.0 if x < 0.0 else x + 0.0


def minimum(x: float, y: float) -> float:
    """The smaller of two numbers; nan if either is nan."""
    return x if x != x or x < y else y


def maximum(x: float, y: float) -> float:
    """The larger of two numbers; nan if either is nan."""
    return x if x != x or x > y else y


def round(x: float) -> float:
    """The nearest whole number, halves to the even one."""
    if x - x != 0.0:
        return x
    whole: float = math.floor(x)
    rest = x - whole
    if rest < 0.5:
        return whole
    return whole + 1.0 if rest > 0.5 or whole != 2.0 * math.floor(0.5 * whole) else whole


def asinh(x: float) -> float:
    """Inverse hyperbolic sine: log1p keeps the digits of a small argument."""
    a = abs(x)
    r = math.log1p(a + a * a / (1.0 + math.sqrt(1.0 + a * a)))
    if a > 1e150:
        r = math.log(a) + 0.6931471805599453
    if x < 0.0:
        return -r
    return r


def acosh(x: float) -> float:
    """Inverse hyperbolic cosine: log1p keeps the digits near 1."""
    if not (x >= 1.0):
        return math.nan
    if x > 1e150:
        return math.log(x) + 0.6931471805599453
    t = x - 1.0
    return math.log1p(t + math.sqrt(t * (x + 1.0)))


def atanh(x: float) -> float:
    """Inverse hyperbolic tangent, by symmetry from that of |x|."""
    a = abs(x)
    if not (a <= 1.0):
        return math.nan
    if a == 1.0:
        return x * math.inf
    r = 0.5 * math.log1p(2.0 * a / (1.0 - a))
    if x < 0.0:
        return -r
    return r


def erf(x: float) -> float:
    """Error function: power series (DLMF 7.6.2) where it is below 0.84, else 1 - erfc(x)."""
    a = abs(x)
    if a < 1.0:
        z = x * x
        s = 0.0
        k = 24.5
        while k > 1.0:
            s = 2.0 + z * s / k
            k = k - 1.0
        return x * math.exp(-z) * s * 0.5641895835477563
    if x != x:
        return x
    r = 1.0
    if a < 6.0:
        r = 1.0 - erfc(a)
    if x < 0.0:
        return -r
    return r


def erfc(x: float) -> float:
    """Complementary error function: power series (DLMF 7.6.2) near 0, else continued fraction (DLMF 7.9.2)."""
    if x != x:
        return x
    a = abs(x)
    if a < 0.5:
        z = x * x
        s = 0.0
        k = 20.5
        while k > 1.0:
            s = 2.0 + z * s / k
            k = k - 1.0
        return 1.0 - x * math.exp(-z) * s * 0.5641895835477563
    if a > 27.3:
        if x < 0.0:
            return 2.0
        return 0.0
    w = a * a
    m: float = math.floor(12.0 + 110.0 / w)
    t = w + 2.0 * m + 0.5
    while m > 0.0:
        t = w + 2.0 * m - 1.5 - m * (m - 0.5) / t
        m = m - 1.0
    h = math.floor(16.0 * a) / 16.0
    r = a * 0.5641895835477563 * math.exp(-h * h) * math.exp(-(a - h) * (a + h)) / t
    if x < 0.0:
        return 2.0 - r
    return r


def lanczos(x: float) -> float:
    """Lanczos sum for the gamma function, g = 6.024680040776729583740234375, as in Boost and CPython."""
    if x < 5.0:
        p = 2.5066282746310002
        p = ((p * x + 210.82427775157936) * x + 8071.672002365816) * x + 186056.26539522348
        p = ((p * x + 2876370.6289353725) * x + 31426415.585400194) * x + 248874557.86205417
        p = ((p * x + 1439720407.3117216) * x + 6039542586.352028) * x + 17921034426.03721
        p = ((p * x + 35711959237.35567) * x + 42919803642.6491) * x + 23531376880.41076
        q = 1.0
        q = ((q * x + 66.0) * x + 1925.0) * x + 32670.0
        q = ((q * x + 357423.0) * x + 2637558.0) * x + 13339535.0
        q = ((q * x + 45995730.0) * x + 105258076.0) * x + 150917976.0
        q = ((q * x + 120543840.0) * x + 39916800.0) * x
        return p / q
    u = 1.0 / x
    v = 23531376880.41076
    v = ((v * u + 42919803642.6491) * u + 35711959237.35567) * u + 17921034426.03721
    v = ((v * u + 6039542586.352028) * u + 1439720407.3117216) * u + 248874557.86205417
    v = ((v * u + 31426415.585400194) * u + 2876370.6289353725) * u + 186056.26539522348
    v = ((v * u + 8071.672002365816) * u + 210.82427775157936) * u + 2.5066282746310002
    w = 0.0
    w = ((w * u + 39916800.0) * u + 120543840.0) * u + 150917976.0
    w = ((w * u + 105258076.0) * u + 45995730.0) * u + 13339535.0
    w = ((w * u + 2637558.0) * u + 357423.0) * u + 32670.0
    w = ((w * u + 1925.0) * u + 66.0) * u + 1.0
    return v / w


def gamma(x: float) -> float:
    """Gamma function: Lanczos approximation with reflection for x < 0, as in Boost and CPython."""
    if x != x or x == math.inf:
        return x
    if x == 0.0:
        if math.atan2(x, -1.0) < 0.0:
            return -math.inf
        return math.inf
    if x == -math.inf or (x < 0.0 and x == math.floor(x)):
        return math.nan
    a = abs(x)
    if a < 1e-20:
        return 1.0 / x
    if a > 200.0:
        if x > 0.0:
            return math.inf
        return 0.0
    y = a + 5.524680040776729583740234375
    z = (y - a) - 5.524680040776729583740234375
    if a > 5.524680040776729583740234375:
        z = (y - 5.524680040776729583740234375) - a
    z = z * 6.024680040776729583740234375 / y
    w = math.pow(y, 0.5 * a - 0.25)
    if x > 0.0:
        r = lanczos(a) / math.exp(y)
        r = r + z * r
        if a > 171.7:
            return math.inf
        return r * w * w
    r = -3.141592653589793 / sinpi(a) / a * math.exp(y) / lanczos(a)
    r = r - z * r
    return r / w / w


def sinpi(x: float) -> float:
    """sin(pi*x) for x >= 0 without the error of pi*x."""
    r = x - 2.0 * math.floor(0.5 * x)
    if r < 0.25:
        return math.sin(3.141592653589793 * r)
    if r < 0.75:
        return math.cos(3.141592653589793 * (0.5 - r))
    if r < 1.25:
        return math.sin(3.141592653589793 * (1.0 - r))
    if r < 1.75:
        return -math.cos(3.141592653589793 * (r - 1.5))
    return math.sin(3.141592653589793 * (r - 2.0))


def lgamma(x: float) -> float:
    """log |gamma(x)|: Lanczos approximation as in CPython; Taylor series (DLMF 5.7.3) about its zeros 1 and 2."""
    if x != x:
        return x
    a = abs(x)
    if a == math.inf:
        return math.inf
    if x <= 0.0 and x == math.floor(x):
        return math.inf
    if a < 1e-20:
        return -math.log(a)
    if x > 0.5 and x < 2.5:
        t = x - 1.0
        if x >= 1.5:
            t = x - 2.0
        s = -1.5021384080754142e-11
        s = ((s * t + 3.1044247747322276e-11) * t - 6.4229645638381e-11) * t + 1.330476437424449e-10
        s = ((s * t - 2.7595228851242334e-10) * t + 5.731367241678862e-10) * t - 1.1921401405860912e-09
        s = ((s * t + 2.4836745438024785e-09) * t - 5.183475041970047e-09) * t + 1.0838659214896955e-08
        s = ((s * t - 2.2711094608943164e-08) * t + 4.7698101693639804e-08) * t - 1.0043224823968099e-07
        s = ((s * t + 2.1207184805554665e-07) * t - 4.492469198764566e-07) * t + 9.55141213040742e-07
        s = ((s * t - 2.039215753801366e-06) * t + 4.374866789907488e-06) * t - 9.439488275268397e-06
        s = ((s * t + 2.050721277567069e-05) * t - 4.492623673813314e-05) * t + 9.945751278180853e-05
        s = ((s * t - 0.00022315475845357939) * t + 0.0005096695247430425) * t - 0.001192753911703261
        s = ((s * t + 0.0028905103307415234) * t - 0.007385551028673986) * t + 0.020580808427784546
        s = ((s * t - 0.0673523010531981) * t + 0.3224670334241132) * t + 0.42278433509846713
        s = s * t
        if x < 1.5:
            return s - math.log1p(t)
        return s
    r = math.log(lanczos(a)) - 6.024680040776729583740234375
    r = r + (a - 0.5) * (math.log(a + 5.524680040776729583740234375) - 1.0)
    if x < 0.0:
        return 1.1447298858494002 - math.log(abs(sinpi(a))) - math.log(a) - r
    return r


def digamma(x: float) -> float:
    """Digamma: Taylor series about its zero, recurrence, asymptotic series, reflection (DLMF 5.5.2, 5.5.4, 5.11.2)."""
    if x != x or x == math.inf:
        return x
    if x <= 0.0:
        if x == -math.inf or x == math.floor(x):
            return math.nan
        h = x - math.floor(x + 0.5)
        return digamma(1.0 - x) - 3.141592653589793 / math.tan(3.141592653589793 * h)
    if abs(x - 1.4616321449683623) < 0.3:
        t = (x - 1.4616321449683622) - 9.549995429965697e-17
        s = -1.6584242271854135e-05
        s = ((s * t + 2.424006611860132e-05) * t - 3.5430070947659604e-05) * t + 5.178575795222081e-05
        s = ((s * t - 7.569179582195066e-05) * t + 0.0001106337276874741) * t - 0.00016170622091974803
        s = ((s * t + 0.00023635601564027053) * t - 0.0003454680251063077) * t + 0.000504953265834602
        s = ((s * t - 0.0007380709389960052) * t + 0.0010788252019162967) * t - 0.0015769367714301972
        s = ((s * t + 0.002305126326734928) * t - 0.003369801655439328) * t + 0.004926781395729853
        s = ((s * t - 0.007204534386356869) * t + 0.010538791616612175) * t - 0.01542476590494896
        s = ((s * t + 0.022597648232218104) * t - 0.03316112647484736) * t + 0.04880428816414311
        s = ((s * t - 0.07219956125645471) * t + 0.10782405069126237) * t - 0.16394270544240652
        s = ((s * t + 0.258499760955651) * t - 0.4427631689835921) * t + 0.9676722454476212
        return s * t
    r = 0.0
    y = x
    while y < 10.0:
        r = r - 1.0 / y
        y = y + 1.0
    u = 1.0 / (y * y)
    p = -26.456212121212122
    p = ((p * u + 3.0539543302701198) * u - 0.4432598039215686) * u + 0.08333333333333333
    p = ((p * u - 0.021092796092796094) * u + 0.007575757575757576) * u - 0.004166666666666667
    p = ((p * u + 0.003968253968253968) * u - 0.008333333333333333) * u + 0.08333333333333333
    return r + math.log(y) - 0.5 / y - p * u


def polygamma(n: float, x: float) -> float:
    """Polygamma: n! zeta(n + 1, x) up to sign (DLMF 5.15, 25.11); sums over both signs of x + k for x < 0."""
    if n == 0.0:
        return digamma(x)
    if x != x or n < 0.0 or not (n <= 1000.0) or n != math.floor(n) or x == -math.inf:
        return math.nan
    if x == math.inf:
        return 0.0
    sign = 1.0
    if n == 2.0 * math.floor(0.5 * n):
        sign = -1.0
    if x > 0.0:
        return sign * scaled_zeta(n, x)
    if x == math.floor(x):
        if sign > 0.0:
            return math.inf
        return math.nan
    m = -math.floor(x)
    y = -(x + (m - 1.0))
    r = scaled_zeta(n, x + m)
    s = scaled_zeta(n, y)
    if s == math.inf and r == math.inf and sign < 0.0:
        if y < x + m:
            return math.inf
        if y > x + m:
            return -math.inf
        return -scaled_zeta(n, y + m)
    if s < math.inf:
        s = s - scaled_zeta(n, y + m)
    return sign * r + s


def scaled_zeta(n: float, x: float) -> float:
    """n! zeta(n + 1, x) for x > 0: Euler-Maclaurin summation (DLMF 25.11.5), factors kept near 1."""
    p = n + 1.0
    s = 0.0
    a = x
    while a < 0.5 * p + 10.0:
        s = s + math.pow(x / a, p)
        a = a + 1.0
    w = math.pow(x / a, p)
    u = 1.0 / a
    s = s + w * a / n + 0.5 * w
    v = w * p * u
    s = s + 0.08333333333333333 * v
    v = v * ((p + 1.0) * u) * ((p + 2.0) * u)
    s = s - 0.001388888888888889 * v
    v = v * ((p + 3.0) * u) * ((p + 4.0) * u)
    s = s + 3.306878306878307e-05 * v
    v = v * ((p + 5.0) * u) * ((p + 6.0) * u)
    s = s - 8.267195767195768e-07 * v
    v = v * ((p + 7.0) * u) * ((p + 8.0) * u)
    s = s + 2.08767569878681e-08 * v
    v = v * ((p + 9.0) * u) * ((p + 10.0) * u)
    s = s - 5.284190138687493e-10 * v
    v = v * ((p + 11.0) * u) * ((p + 12.0) * u)
    s = s + 1.3382536530684679e-11 * v
    v = v * ((p + 13.0) * u) * ((p + 14.0) * u)
    s = s - 3.3896802963225827e-13 * v
    v = v * ((p + 15.0) * u) * ((p + 16.0) * u)
    s = s + 8.586062056277845e-15 * v
    v = v * ((p + 17.0) * u) * ((p + 18.0) * u)
    s = s - 2.174868698558062e-16 * v
    r = s
    low = 1.0
    high = n
    r = r / x
    while low <= high:
        if abs(r) > 1.0:
            r = r * (low / x)
            low = low + 1.0
        else:
            r = r * (high / x)
            high = high - 1.0
        if r == math.inf or r == 0.0:
            return r
    return r


# How many units of 2^-53 a result may be off, relative to the larger of it and 1; the others are within 12 of it.
ULPS: dict[object, float] = {lgamma: 32.0, digamma: 32.0, polygamma: 512.0}
