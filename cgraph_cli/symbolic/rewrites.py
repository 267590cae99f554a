"""Numerically stable rewrites as rows of data: what loses digits or overflows, what does not, and why.

A row holds wherever its pattern is a real number and what its ``when`` says is so. Its replacement has the digits of
the pattern or more, value and gradients, on all of that domain; with ``near`` only at some points, and it is used where
the point is known. Patterns are met in any order, with factors before them and summands beside them, as ``rules.py``
writes formulas: each(exp(x)) is exp of any number of terms, which are ``args``.
"""

from __future__ import annotations

from cgraph_cli.light import NamedTuple


class Row(NamedTuple):
    """One rewrite.

    ``when`` are conditions: ``a > 0`` that something is known to be positive, ``short a - b`` that a difference has
    fewer parts than what it is made of, a step that is not larger than what it is added to, ``over a - b`` that a
    difference is a positive number, ``real n`` that an exponent is a number that is not whole, ``even n`` and ``odd n``
    that it is an even number and one that is not, ``positive n`` that a base is a positive number.
    """

    pattern: str
    replacement: str
    reason: str
    when: tuple[str, ...] = ()
    near: bool = False


def also_near(pattern: str, replacement: str, reason: str, *when: str) -> tuple[Row, Row]:
    """A rewrite that holds everywhere on conditions, and at some points whatever these are."""
    return Row(pattern, replacement, reason, when), Row(pattern, replacement, reason, near=True)


POWER = "the power overflows or underflows where its logarithm does not"
COSH = "cosh and sinh overflow long before their logarithms do, and cosh is near 1 where x is small"
FACTORS = "a factor overflows or underflows where the product does not"
OVERFLOWS = "exp of a large number overflows"
CANCELS = "the difference of nearly equal numbers has lost their digits"
ADDED = "1 + x has lost the digits of a small x"
CONJUGATE = "the difference of nearly equal roots has lost their digits"
SQUARES = "the squares overflow long before the root does"
QUOTIENT = "numerator and denominator overflow before their quotient does"

ROWS = (
    # exponentials
    Row("log(1 + exp(x))", "softplus(x)", OVERFLOWS),
    Row("log1p(exp(x))", "softplus(x)", OVERFLOWS),
    Row("log(1/(1 + exp(-x)))", "logsigmoid(x)", OVERFLOWS),
    Row("log(sech(x))", "x - softplus(2*x) + log(2)", "sech underflows where its logarithm does not", near=True),
    Row("exp(x)/(1 + exp(x))^2", "sigmoid(x)*sigmoid(-x)", OVERFLOWS),
    Row("exp(a)*exp(b)/(exp(a) + exp(b))^2", "sigmoid(a - b)*sigmoid(b - a)", OVERFLOWS),
    Row("1/(exp(x) + exp(-x))", "sech(x)/2", OVERFLOWS),
    Row("1/(exp(x) - exp(-x))", "csch(x)/2", OVERFLOWS),
    Row("(exp(x) - exp(-x))/(exp(x) + exp(-x))", "tanh(x)", QUOTIENT),
    Row("(exp(x) + exp(-x))/(exp(x) - exp(-x))", "coth(x)", QUOTIENT),
    Row("(exp(a) - exp(b))/(exp(a) + exp(b))", "tanh((a - b)/2)", QUOTIENT),
    Row("(exp(x) - 1)/(exp(x) + 1)", "tanh(x/2)", QUOTIENT),
    Row("(exp(x) + 1)/(exp(x) - 1)", "coth(x/2)", QUOTIENT),
    Row("exp(x)/(exp(x) + 1)", "sigmoid(x)", OVERFLOWS),
    Row("exp(x)/(exp(x) + exp(y))", "sigmoid(x - y)", OVERFLOWS),
    Row("(x*exp(a) + y*exp(b))/(exp(a) + exp(b))", "x*sigmoid(a - b) + y*sigmoid(b - a)", OVERFLOWS),
    Row("1/(1 + exp(x))", "sigmoid(-x)", OVERFLOWS),
    Row("exp(x)/(exp(x) - 1)", "-1/expm1(-x)", OVERFLOWS, near=True),
    Row("exp(x)/(exp(x) - 1)^2", "csch(x/2)^2/4", OVERFLOWS),
    Row("1/(exp(x) - 1)", "-exp(-x)/expm1(-x)", "exp of a large number overflows, and 0*inf is no gradient", near=True),
    Row("1/cosh(x)", "sech(x)", "cosh overflows, and 0*inf is no gradient"),
    Row("1/sinh(x)", "csch(x)", "sinh overflows, and 0*inf is no gradient"),
    Row("cross_entropy(sigmoid(z), t)", "bce_logits(z, t)", "sigmoid rounds to 1, whose logarithms are 0 and infinite"),
    Row("2*sigmoid(x) - 1", "tanh(x/2)", CANCELS),
    Row("silu(x) - x", "-x*sigmoid(-x)", CANCELS),
    Row("1 + tanh(x)", "2*sigmoid(2*x)", CANCELS),
    Row("1 - tanh(x)", "2*sigmoid(-2*x)", CANCELS),
    Row("1 + erf(x)", "erfc(-x)", CANCELS),
    Row("erfc(x) - 1", "-erf(x)", CANCELS),
    Row("2 - erfc(x)", "erfc(-x)", CANCELS),
    Row("exp(x) + 2 + exp(-x)", "4*cosh(x/2)^2", OVERFLOWS),
    Row("exp(x) + exp(-x)", "2*cosh(x)", "one function keeps the digits of both", near=True),
    Row("exp(x) - exp(-x)", "2*sinh(x)", CANCELS),
    Row("exp(x) - 2 + exp(-x)", "4*sinh(x/2)^2", CANCELS),
    Row("exp(2*x) - 2*exp(x) + 1", "expm1(x)^2", CANCELS),
    Row("exp(x) - 1", "expm1(x)", "exp(x) is near 1 where x is small, and the difference loses its digits"),
    Row("exp(a) - exp(b)", "exp(b)*expm1(a - b)", CANCELS, near=True),
    Row("cosh(x) - 1", "2*sinh(x/2)^2", CANCELS),
    Row("cosh(x) - sinh(x)", "exp(-x)", CANCELS),
    Row("cosh(x) + sinh(x)", "exp(x)", CANCELS),
    Row("1 - exp(-x)^2", "-expm1(-2*x)", CANCELS),
    Row("exp2(x) - 1", "expm1(x*log(2))", CANCELS),
    Row("n^x - 1", "expm1(x*log(n))", CANCELS, ("positive n",)),
    Row("log(cosh(x))", "softplus(2*x) - x - log(2)", COSH, near=True),
    Row("log(cosh(x))", "where(abs(x) < 1, log1p(2*sinh(x/2)^2), abs(x) + log1p(exp(-2*abs(x))) - log(2))", COSH),
    Row("log(sinh(x))", "x + log(-expm1(-2*x)) - log(2)", COSH),
    Row("log(exp(x) - 1)", "x + log(-expm1(-x))", OVERFLOWS),
    Row("log(1 - exp(x))", "log1p(-exp(x))", ADDED, near=True),
    Row("sinh(x)/(1 + cosh(x))", "tanh(x/2)", QUOTIENT),
    Row("p*exp(a)/(p*exp(a) + q*exp(b))", "p/(p + q*exp(b - a))", OVERFLOWS, near=True),
    # any number of exponentials
    Row("logsumexp(x, y) - x", "softplus(y - x)", CANCELS),
    Row("log(sum(each(exp(x))))", "logsumexp(args)", OVERFLOWS),
    Row("exp(a)/(exp(a) + sum(each(exp(x))))", "sigmoid(a - logsumexp(args))", OVERFLOWS),
    Row("1/(1 + sum(each(exp(x))))", "sigmoid(-logsumexp(args))", OVERFLOWS),
    Row("1/sum(each(exp(x)))", "exp(-logsumexp(args))", OVERFLOWS),
    # logarithms
    Row("log(x + sqrt(1 + x^2))", "asinh(x)", "x^2 overflows, and the sum cancels where x < 0"),
    Row("log(sqrt(1 + x^2) - x)", "-asinh(x)", "x^2 overflows, and the difference cancels where x > 0"),
    Row("log(x + sqrt(x^2 - 1))", "acosh(x)", "x^2 overflows"),
    Row("log((1 + x)/(1 - x))", "2*atanh(x)", "the quotient is near 1 where x is small"),
    Row("log(1 + x) - log(1 - x)", "2*atanh(x)", CANCELS),
    Row("log(x/(1 - x))", "log(x) - log1p(-x)", "the quotient overflows or underflows"),
    Row("log(1 + x)", "log1p(x)", ADDED),
    Row("log(a) - log(b)", "log1p((a - b)/b)", CANCELS, ("over a - b",)),
    Row("log1p(a) - log(b)", "log1p((1 + a - b)/b)", CANCELS, ("over 1 + a - b",)),
    Row("log1p(a) - log1p(b)", "log1p((a - b)/(1 + b))", CANCELS, ("over a - b",)),
    Row("log(a) - log(b)", "log1p((a - b)/b)", CANCELS, near=True),
    Row("log(a) - log(b)", "log(a/b)", CANCELS, near=True),
    Row("log(a/b)", "log1p((a - b)/b)", "the quotient is near 1", ("over a - b",)),
    Row("log(a/b)", "-log1p((b - a)/a)", "the quotient is near 1", ("over b - a",)),
    Row("log(a/b)", "log1p((a - b)/b)", "the quotient is near 1", near=True),
    Row("log(gamma(x))", "lgamma(x)", "gamma overflows long before its logarithm does"),
    Row("gamma(x + 1)/gamma(x)", "x", QUOTIENT),
    Row("lgamma(x + 1) - lgamma(x)", "log(x)", CANCELS, ("x > 0",)),
    Row("lgamma(x + 1) - lgamma(x)", "log(abs(x))", CANCELS),
    Row("gamma(a)/gamma(b)", "exp(lgamma(a) - lgamma(b))", QUOTIENT, ("a > 0", "b > 0"), near=True),
    Row("log(x*exp(a))", "log(x) + a", "exp overflows or underflows where its logarithm does not"),
    Row("log(x^n)", "n*log(abs(x))", POWER, ("even n",)),
    Row("log(x^n)", "n*log(x)", POWER, ("odd n",)),
    Row("log(x^n)", "n*log(x)", POWER, ("x > 0",), near=True),
    Row("log(a/b)", "log(a) - log(b)", "the quotient overflows or underflows", ("a > 0", "b > 0"), near=True),
    Row("log(x*y)", "log(x) + log(y)", "the product overflows or underflows", ("x > 0", "y > 0"), near=True),
    # products of what is large and what is small
    Row("x^n*exp(y)/gamma(z)", "exp(n*log(x) + y - lgamma(z))", FACTORS, ("x > 0", "z > 0"), near=True),
    Row("x^n*exp(y)", "exp(n*log(x) + y)", FACTORS, ("x > 0",), near=True),
    Row("x^n/gamma(z)", "exp(n*log(x) - lgamma(z))", FACTORS, ("x > 0", "z > 0"), near=True),
    Row("x^n*y^m", "exp(n*log(x) + m*log(y))", FACTORS, ("x > 0", "y > 0"), near=True),
    Row("log(sum(each(x^2)))", "2*log(norm(args))", SQUARES),
    # roots
    Row("sqrt(sum(each(x^2)))", "norm(args)", SQUARES),
    Row("sqrt(x^2 - y^2)", "sqrt(abs(x) - abs(y))*sqrt(abs(x) + abs(y))", SQUARES, near=True),
    Row("sqrt(x*y)", "sqrt(x)*sqrt(y)", "the product overflows or underflows", ("x >= 0", "y >= 0"), near=True),
    Row("x^2/(a + x^2)", "1/(1 + a/x^2)", SQUARES, near=True),
    Row("x/(a + x^2)", "1/(x + a/x)", SQUARES, near=True),
    Row("x*y/(x^2 + y^2)", "1/(x/y + y/x)", SQUARES, near=True),
    Row("x/(x^2 + y^2)", "x/hypot(x, y)/hypot(x, y)", SQUARES, near=True),
    *also_near("sqrt(a) - sqrt(b)", "(a - b)/(sqrt(a) + sqrt(b))", CONJUGATE, "short a - b"),
    *also_near("sqrt(a) - c", "(a - c^2)/(sqrt(a) + c)", CONJUGATE, "c > 0", "short a - c^2"),
    Row("hypot(1, x) - 1", "2*sinh(asinh(x)/2)^2", CONJUGATE),
    Row("hypot(x, y) - x", "y^2/(hypot(x, y) + x)", CONJUGATE, near=True),
    *also_near("cbrt(a) - cbrt(b)", "(a - b)/(cbrt(a)^2 + cbrt(a)*cbrt(b) + cbrt(b)^2)", CONJUGATE, "short a - b"),
    Row("1/sqrt(a) - 1/sqrt(b)", "(b - a)/(sqrt(a)*sqrt(b)*(sqrt(a) + sqrt(b)))", CANCELS, ("short a - b",)),
    Row("(1 + x)^n - 1", "expm1(n*log1p(x))", ADDED, ("real n",)),
    Row("(1 + x)^n - 1", "expm1(n*log1p(x))", ADDED, ("1 + x > 0",), near=True),
    Row("(1 + x)^n", "exp(n*log1p(x))", ADDED, ("1 + x > 0",), near=True),
    Row("x^n - 1", "expm1(n*log(x))", CANCELS, ("x > 0",), near=True),
    # rational functions
    Row("1/a - 1/b", "(b - a)/(a*b)", CANCELS, ("short a - b",)),
    Row("1/a - c", "(1 - a*c)/a", CANCELS, ("short 1 - a*c",), near=True),
    *also_near("a/b - 1", "(a - b)/b", CANCELS, "short a - b"),
    *also_near("a^2 - b^2", "(a - b)*(a + b)", CANCELS, "short a - b"),
    *also_near("a^3 - b^3", "(a - b)*(a^2 + a*b + b^2)", CANCELS, "short a - b"),
    Row("a^2 - 2*a*b + b^2", "(a - b)^2", CANCELS),
    # trigonometric
    Row("(1 - cos(x))/sin(x)", "tan(x/2)", CANCELS),
    Row("sin(x)/(1 + cos(x))", "tan(x/2)", "the quotient of two numbers near 0"),
    Row("(1 - cos(x))/(1 + cos(x))", "tan(x/2)^2", CANCELS),
    Row("1 - cos(x)", "2*sin(x/2)^2", "cos(x) is near 1 where x is small, and the difference loses its digits"),
    Row("1/cos(x) - 1", "2*sin(x/2)^2/cos(x)", CANCELS),
    Row("sec(x) - 1", "2*sin(x/2)^2/cos(x)", CANCELS),
    Row("sin(x)*cos(y) - cos(x)*sin(y)", "sin(x - y)", CANCELS, near=True),
    Row("log(cos(x))", "log1p(-2*sin(x/2)^2)", "cos(x) is near 1 where x is small", near=True),
    Row("1 + cos(x)", "2*cos(x/2)^2", "cos(x) is near -1 around pi", near=True),
    *also_near("sin(a) - sin(b)", "2*cos(a/2 + b/2)*sin(a/2 - b/2)", CANCELS, "short a - b"),
    *also_near("cos(a) - cos(b)", "-2*sin(a/2 + b/2)*sin(a/2 - b/2)", CANCELS, "short a - b"),
    *also_near("tan(a) - tan(b)", "sin(a - b)/(cos(a)*cos(b))", CANCELS, "short a - b"),
    *also_near("atan(a) - atan(b)", "atan2(a - b, 1 + a*b)", CANCELS, "short a - b"),
    Row("sin(a)^2 - sin(b)^2", "sin(a - b)*sin(a + b)", CANCELS, near=True),
    Row("cos(a)^2 - cos(b)^2", "sin(b - a)*sin(b + a)", CANCELS, near=True),
    Row("1 - sin(x)", "2*sin(pi/4 - x/2)^2", CANCELS, near=True),
    Row("1 - erf(x)^2", "erfc(x)*erfc(-x)", CANCELS, near=True),
    Row("asin(sqrt(1 - x^2))", "acos(abs(x))", "near 1 the angle takes half of the digits"),
    Row("acos(sqrt(1 - x^2))", "asin(abs(x))", "near 1 the angle takes half of the digits"),
    Row("sin(acos(x))", "sqrt(1 - x^2)", "near pi/2 the angle takes the digits of a small x", near=True),
    Row("cos(asin(x))", "sqrt(1 - x^2)", "near pi/2 the angle takes the digits of a small x", near=True),
    Row(
        "atan(y/x)", "atan2(y, x)", "the quotient overflows, or is 0/0 where the angle is known", ("x >= 0",), near=True
    ),
    Row("tan(x) - sin(x)", "2*tan(x)*sin(x/2)^2", CANCELS),
    Row("pi/2 - atan(x)", "atan2(1, x)", CANCELS),
    Row("acos(1 - x)", "2*asin(sqrt(x/2))", ADDED, near=True),
    Row("asin(1 - x)", "pi/2 - 2*asin(sqrt(x/2))", ADDED, near=True),
    Row("acosh(1 + x)", "2*asinh(sqrt(x/2))", ADDED),
    Row("pi/2 - asin(x)", "acos(x)", CANCELS),
    Row("pi/2 - acos(x)", "asin(x)", CANCELS),
)

# Identities whose right side has no more digits than the left.
NO_BETTER = frozenset(
    (
        "sigmoid(u) + sigmoid(-u)", "cosh(u)^2 + sinh(u)^2", "1 + sinh(u)^2", "1 + csch(u)^2", "cos(u)^2 + sin(u)^2",
        "1 + tan(u)^2", "1 + cot(u)^2", "erf(u) + erfc(u)", "sin(u)/cos(u)", "cos(u)/sin(u)", "sec(u)*sin(u)",
        "csc(u)*cos(u)", "coth(u)/cosh(u)",
    )
)  # fmt: skip

# What is found while a formula is read into terms: powers of one base meet, exp and log undo each other.
READ = {
    "exponentials": Row("exp(a)*exp(b)", "exp(a + b)", "each factor overflows or underflows before the product does"),
    "below": Row("y/exp(x)", "y*exp(-x)", "exp of a large number overflows, and 0*inf is no gradient"),
    "powers": Row("x^2/x", "x", "powers of one base meet: no overflow on the way, and no 0/0 or 0*inf at 0"),
    "roots": Row("sqrt(x^2)", "abs(x)", "the power overflows or underflows before the root does, and 0*inf at 0"),
    "exp": Row("exp(n*log(x))", "x^n", "exp undoes the logarithm, whose rounding it would multiply"),
    "log": Row("log(exp(x))", "x", "exp overflows and underflows, its logarithm does not"),
    "sums": Row("(x + y) - y", "x", "what is added and taken away again takes digits along"),
}
