"""THE table of functions: one row each, its local gradients written in cgraph's own language.

What a row may say is in rule.py. From the rows everything else is made: the kernels of every arithmetic, the formulas
that a report prints, the gradient graph, exported code, the page ``cgraph functions`` and the test of the row itself.
A formula is a numeric choice: the tests compare every row, and every column of it, with mpmath on its whole domain.
"""

from __future__ import annotations

import math

from cgraph_cli.light import Mapping
from cgraph_cli.rule import INF, Interval, Rule

PI = math.pi
POSITIVE = Interval(0.0, INF, "> 0")
BASE = POSITIVE._replace(partial=True)
NON_NEGATIVE = Interval(0.0, INF, ">= 0", True)
ABOVE_MINUS_ONE = Interval(-1.0, INF, "> -1")
UNIT = Interval(-1.0, 1.0, "in [-1, 1]", True)
OPEN_UNIT = Interval(-1.0, 1.0, "in (-1, 1)")
PROBABILITY = Interval(0.0, 1.0, "in [0, 1]", True)
FROM_ONE = Interval(1.0, INF, ">= 1", True)
OUTSIDE_UNIT = Interval(1.0, INF, "<= -1 or >= 1", True, absolute=True)
OUTSIDE_OPEN_UNIT = Interval(1.0, INF, "< -1 or > 1", absolute=True)
HALF_OPEN_UNIT = Interval(0.0, math.nextafter(1.0, 2.0), "in (0, 1]")
NOT_ZERO = Interval(0.0, INF, "!= 0", absolute=True)
NOT_POLE = Interval(-INF, INF, "not 0, -1, -2, ...", poles=True)
ORDER = Interval(0.0, 1000.0, "0, 1, ..., 1000", True)
NEGATIVE = Interval(-INF, 0.0, "< 0")
OPEN_PROBABILITY = Interval(0.0, 1.0, "in (0, 1)")
ZERO_TO_TWO = Interval(0.0, 2.0, "in (0, 2)")
QUARTER_TURN = Interval(-PI / 2, PI / 2, "in [-pi/2, pi/2]", True)
HALF_TURN = Interval(0.0, PI, "in [0, pi]", True)
FULL_TURN = Interval(-PI, PI, "in [-pi, pi]", True)

FACTORIALS = {float(n): float(math.factorial(n - 1)) for n in range(1, 19)}
POWERS_OF_TWO = {float(n): 2.0**n for n in range(54)}
POWERS_OF_TEN = {float(n): 10.0**n for n in range(16)}


def inverse(values: Mapping[float, float]) -> dict[float, float]:
    """The exact values of the inverse function."""
    return {value: x for x, value in values.items()}


def _comparison(*, symmetric: bool = False) -> Rule:
    return Rule(
        None,
        None,
        kink="x == y",
        convention="the side taken counts, no gradient passes through the condition",
        range=PROBABILITY,
        symmetric=symmetric,
    )


def _extreme(name: str, passed: str) -> Rule:
    return Rule(
        "where(x == f, 1/sum(each(x == f)), 0)",
        many=True,
        kink="sum(each(x == f)) > 1",
        convention="ties share equally",
        pairwise=name,
        symmetric=True,
        monotone=True,
        latex=rf"\{name}",
        taught=f"{name} passes everything to its {passed} argument, or in equal shares to those that tie, so",
        idle=f"is not the {passed} argument",
    )


# What kind of function a row is: that of the nearest row above it, or itself, that stands here.
SECTIONS = {
    "add": "arithmetic",
    "lt": "comparison, choice",
    "sqrt": "root, exponential, logarithm",
    "sin": "trigonometric",
    "hypot": "length",
    "sinh": "hyperbolic",
    "abs": "absolute value, rounding, extreme",
    "erf": "special",
    "sum": "of any number of arguments",
    "sigmoid": "activation",
    "mse": "loss of a prediction and its target",
}
RULES: dict[str, Rule] = {
    "add": Rule("1", "1", symmetric=True, monotone=True, taught="by the sum rule,"),
    "sub": Rule("1", "-1", monotone=True, taught="by the difference rule,"),
    "mul": Rule(
        "y",
        "x",
        symmetric=True,
        factors=2,
        monotone=True,
        taught="by the product rule, | by the constant multiple rule,",
    ),
    "div": Rule(
        "1/y",
        "-f/y",
        y=NOT_ZERO,
        factors=1,
        monotone=True,
        textbook="1/y; -x/y^2",
        taught="by the quotient rule, | by the constant multiple rule,; by the quotient rule,",
    ),
    "neg": Rule("-1", parity="odd", monotone=True, taught="by the constant multiple rule,"),
    "pow": Rule(
        "limit((y == 0)*(abs(1/x) == inf), 0, y*x^(y - 1))",
        "limit((x == 0)*(y > 0), 0, f*log(x))",
        x=BASE,
        factors=1,
        monotone=True,
        taught="by the power rule,; by the exponential rule,",
        outside="a negative number has whole powers only, its cube root is cbrt(x)",
    ),
    "lt": _comparison(),
    "le": _comparison(),
    "gt": _comparison(),
    "ge": _comparison(),
    "eq": _comparison(symmetric=True),
    "ne": _comparison(symmetric=True),
    # an edge with gradient 0 is the branch not taken and sends nothing
    "where": Rule(
        None,
        "x != 0",
        "x == 0",
        monotone=True,
        latex=r"\begin{cases} #2 & \text{if } #1 \\ #3 & \text{otherwise} \end{cases}",
        taught="it is the branch taken, and",
        idle="is the branch not taken",
    ),
    "sqrt": Rule("1/(2*f)", x=NON_NEGATIVE, range=NON_NEGATIVE, latex=r"\sqrt{#1}"),
    "cbrt": Rule("1/(3*f^2)", parity="odd", latex=r"\sqrt[3]{#1}"),
    "exp": Rule("f", range=POSITIVE, at={0: 1}, latex=r"e^{#1} or \exp"),
    "exp2": Rule("f*log(2)", range=POSITIVE, at=POWERS_OF_TWO, latex="2^{#1}"),
    # f + 1 loses every digit where f is near -1
    "expm1": Rule("exp(x)", range=ABOVE_MINUS_ONE, at={0: 0}, latex="e^{#1} - 1"),
    "log": Rule(
        "1/x", x=POSITIVE, at={1: 0}, latex=r"\ln", surplus="the logarithm of x to the base b is log(x)/log(b)"
    ),
    "log2": Rule("1/(x*log(2))", x=POSITIVE, at=inverse(POWERS_OF_TWO), latex=r"\log_{2}"),
    "log10": Rule("1/(x*log(10))", x=POSITIVE, at=inverse(POWERS_OF_TEN), latex=r"\log_{10}"),
    "log1p": Rule("1/(1 + x)", x=ABOVE_MINUS_ONE, at={0: 0}, latex=r"\ln\left(1 + #1\right)"),
    "sin": Rule("cos(x)", parity="odd", range=UNIT, latex=r"\sin^"),
    "cos": Rule("-sin(x)", parity="even", range=UNIT, at={0: 1}, latex=r"\cos^"),
    "tan": Rule("sec(x)^2", parity="odd", latex=r"\tan^"),
    "sec": Rule("f*tan(x)", value="1/cos(x)", parity="even", at={0: 1}, latex=r"\sec^"),
    "csc": Rule("-f*cot(x)", value="1/sin(x)", x=NOT_ZERO, parity="odd", latex=r"\csc^"),
    "cot": Rule("-csc(x)^2", value="1/tan(x)", x=NOT_ZERO, parity="odd", latex=r"\cot^"),
    # the textbook's 1 - x^2 cancels near 1
    "asin": Rule(
        "1/sqrt((1 - x)*(1 + x))",
        x=UNIT,
        parity="odd",
        range=QUARTER_TURN,
        textbook="1/sqrt(1 - x^2)",
        latex=r"\arcsin",
    ),
    "acos": Rule(
        "-1/sqrt((1 - x)*(1 + x))", x=UNIT, range=HALF_TURN, at={1: 0}, textbook="-1/sqrt(1 - x^2)", latex=r"\arccos"
    ),
    "atan": Rule(
        "1/(1 + x^2)",
        parity="odd",
        range=QUARTER_TURN,
        latex=r"\arctan",
        surplus="the angle of the point (x, y) is atan2(y, x)",
    ),
    "asec": Rule(
        "1/(abs(x)*sqrt(abs(x) - 1)*sqrt(abs(x) + 1))",
        value="atan2(sqrt(abs(x) - 1)*sqrt(abs(x) + 1), sign(x))",  # acos(1/x) has no digits near 1
        definition="acos(1/x)",
        x=OUTSIDE_UNIT,
        range=HALF_TURN,
        at={1: 0},
        textbook="1/(abs(x)*sqrt(x^2 - 1))",
        latex="arcsec",
    ),
    "acsc": Rule(
        "-1/(abs(x)*sqrt(abs(x) - 1)*sqrt(abs(x) + 1))",
        value="atan2(sign(x), sqrt(abs(x) - 1)*sqrt(abs(x) + 1))",
        definition="asin(1/x)",
        x=OUTSIDE_UNIT,
        parity="odd",
        range=QUARTER_TURN,
        textbook="-1/(abs(x)*sqrt(x^2 - 1))",
        latex="arccsc",
    ),
    "acot": Rule("-1/(1 + x^2)", value="atan(1/x)", x=NOT_ZERO, parity="odd", range=QUARTER_TURN, latex="arccot"),
    "atan2": Rule(
        "x/hypot(x, y)/hypot(x, y)",  # the textbook's x^2 + y^2 overflows
        "-y/hypot(x, y)/hypot(x, y)",
        args="y x",
        kink="(y == 0)*(x <= 0)",
        convention="the slope of the angle, though its value jumps by a full turn",
        range=FULL_TURN,
        textbook="x/(x^2 + y^2); -y/(x^2 + y^2)",
    ),
    "hypot": Rule(
        "limit(f == 0, 0, x/f)",
        "limit(f == 0, 0, y/f)",
        kink="f == 0",
        convention="gradient 0 at the origin",
        symmetric=True,
        monotone=True,
        range=NON_NEGATIVE,
    ),
    "sinh": Rule("cosh(x)", parity="odd", latex=r"\sinh^"),
    "cosh": Rule("sinh(x)", parity="even", range=FROM_ONE, at={0: 1}, latex=r"\cosh^"),
    # the textbook's 1 - f^2 loses every digit by x = 19
    "tanh": Rule("sech(x)^2", parity="odd", range=OPEN_UNIT, textbook="1 - f^2", latex=r"\tanh^"),
    "sech": Rule(
        "-f*tanh(x)",
        value="2*exp(-abs(x))/(1 + exp(-2*abs(x)))",
        definition="1/cosh(x)",
        parity="even",
        range=HALF_OPEN_UNIT,
        at={0: 1},
        latex="sech^",
    ),
    "csch": Rule("-f*coth(x)", value="1/sinh(x)", x=NOT_ZERO, parity="odd", latex="csch^"),
    "coth": Rule("-csch(x)^2", value="1/tanh(x)", x=NOT_ZERO, parity="odd", latex=r"\coth^"),
    # x^2 overflows
    "asinh": Rule("1/hypot(1, x)", parity="odd", textbook="1/sqrt(1 + x^2)", latex="arsinh"),
    "acosh": Rule(
        "1/(sqrt(x - 1)*sqrt(x + 1))",
        x=FROM_ONE,
        range=NON_NEGATIVE,
        at={1: 0},
        textbook="1/sqrt(x^2 - 1)",
        latex="arcosh",
    ),
    "atanh": Rule("1/((1 - x)*(1 + x))", x=OPEN_UNIT, parity="odd", textbook="1/(1 - x^2)", latex="artanh"),
    "asech": Rule(
        "-1/(x*sqrt((1 - x)*(1 + x)))",
        value="log1p(sqrt((1 - x)*(1 + x))) - log(x)",  # two terms of one sign; acosh(1/x) has no digits near 1
        definition="acosh(1/x)",
        x=HALF_OPEN_UNIT,
        range=NON_NEGATIVE,
        at={1: 0},
        textbook="-1/(x*sqrt(1 - x^2))",
        latex="arsech",
    ),
    "acsch": Rule(
        "-1/(abs(x)*hypot(1, x))",
        value="asinh(1/x)",
        x=NOT_ZERO,
        parity="odd",
        textbook="-1/(abs(x)*sqrt(1 + x^2))",
        latex="arcsch",
    ),
    "acoth": Rule(
        "1/((1 - x)*(1 + x))",
        value="sign(x)*log1p(2/(abs(x) - 1))/2",
        definition="atanh(1/x)",
        x=OUTSIDE_OPEN_UNIT,
        parity="odd",
        textbook="1/(1 - x^2)",
        latex="arcoth",
    ),
    "abs": Rule("sign(x)", kink="x == 0", parity="even", range=NON_NEGATIVE, latex=r"\left|#1\right|"),
    "sign": Rule("0", kink="x == 0", parity="odd", range=UNIT),
    "floor": Rule("0", kink="x == f", latex=r"\left\lfloor #1 \right\rfloor"),
    "ceil": Rule("0", kink="x == f", latex=r"\left\lceil #1 \right\rceil"),
    "round": Rule(
        "0",
        kink="abs(x - f) == 0.5",
        convention="gradient 0, half to even",
        parity="odd",
        surplus="to two decimals it is round(100*x)/100",
    ),
    "min": _extreme("min", "smallest"),
    "max": _extreme("max", "largest"),
    "clip": Rule(
        "where((a <= x)*(x <= b), 1, 0)",
        "where((x < a)*(a <= b), 1, 0)",
        "where(max(x, a) > b, 1, 0)",
        args="x a b",
        value="min(max(x, a), b)",
        kink="max((x == a)*(a <= b), max(x, a) == b)",
        convention="a bound counts as inside",
        taught="clip passes everything to an argument within its bounds, so; clip is its lower bound here, so; "
        "clip is its upper bound here, so",
        idle="is outside the bounds, where clip is flat; is the lower bound, which has no effect here; "
        "is the upper bound, which has no effect here",
    ),
    "erf": Rule("2/sqrt(pi)*exp(-x^2)", parity="odd", range=OPEN_UNIT),
    "erfc": Rule("-2/sqrt(pi)*exp(-x^2)", range=ZERO_TO_TWO, at={0: 1}),
    "gamma": Rule("f*digamma(x)", x=NOT_POLE, at=FACTORIALS, latex=r"\Gamma"),
    "lgamma": Rule("digamma(x)", x=NOT_POLE, at={1: 0, 2: 0}, latex=r"\ln\Gamma"),
    "digamma": Rule("polygamma(1, x)", x=NOT_POLE),
    "polygamma": Rule(None, "polygamma(n + 1, x)", args="n x", n=ORDER, x=NOT_POLE),
    "sum": Rule("1", many=True, pairwise="add", symmetric=True, taught="by the sum rule,"),
    "mean": Rule(
        "1/n", many=True, value="sum(args)/n", symmetric=True, taught="every argument has an equal part in a mean, so"
    ),
    "norm": Rule(
        "limit(f == 0, 0, x/f)",
        many=True,
        kink="f == 0",
        convention="gradient 0 at the origin",
        pairwise="hypot",
        symmetric=True,
        range=NON_NEGATIVE,
        taught="the derivative of a length is the argument divided by the length, so",
    ),
    "logsumexp": Rule(
        "exp(x - f)",
        many=True,
        value="where(abs(max(args)) == inf, max(args), max(args) + log1p("
        "sum(each(where(x == max(args), 0, exp(x - max(args))))) + (sum(each(x == max(args))) - 1)))",
        definition="log(sum(each(exp(x))))",
        symmetric=True,
        taught="the gradient of logsumexp is the softmax of its arguments, so",
    ),
    "sigmoid": Rule(
        "f*sigmoid(-x)",
        value="exp(min(x, 0))/(1 + exp(-abs(x)))",
        definition="1/(1 + exp(-x))",
        range=OPEN_PROBABILITY,
        at={0: 0.5},
        textbook="f*(1 - f)",
    ),
    "logsigmoid": Rule(
        "sigmoid(-x)",
        value="min(x, 0) - log1p(exp(-abs(x)))",
        definition="-log(1 + exp(-x))",
        range=NEGATIVE,
        textbook="1 - sigmoid(x)",
    ),
    "softplus": Rule(
        "sigmoid(x)", value="max(x, 0) + log1p(exp(-abs(x)))", definition="log(1 + exp(x))", range=POSITIVE
    ),
    "relu": Rule(
        "where(x > 0, 1, 0)",
        value="max(x, 0)",
        kink="x == 0",
        range=NON_NEGATIVE,
        taught="relu passes everything to an argument above 0, so",
        idle="is not above 0, where relu passes nothing back",
    ),
    "leaky_relu": Rule(
        "where(x > 0, 1, a)",
        "where(x > 0, 0, x)",
        args="x a=0.01",
        value="where(x > 0, x, a*x)",
        kink="(x == 0)*(a != 1)",
        convention="the slope a of the left side",
        idle="; is the slope below 0, which has no effect here",
    ),
    "elu": Rule(
        "where(x > 0, 1, a*exp(x))",
        "where(x > 0, 0, expm1(x))",
        args="x a=1",
        value="where(x > 0, x, a*expm1(x))",
        definition="where(x > 0, x, a*(exp(x) - 1))",
        kink="(x == 0)*(a != 1)",
        convention="the slope a of the left side",
        idle="; is the scale below 0, which has no effect here",
    ),
    "silu": Rule(
        "sigmoid(x)*(1 + x*sigmoid(-x))", value="x*sigmoid(x)", factors=1, at={0: 0}, textbook="f + sigmoid(x)*(1 - f)"
    ),
    "gelu": Rule(
        "erfc(-x/sqrt(2))/2 + x*exp(-x^2/2)/sqrt(2*pi)",
        value="x*(erfc(-x/sqrt(2))/2)",
        definition="x*(1 + erf(x/sqrt(2)))/2",
        factors=1,
        at={0: 0},
        textbook="(1 + erf(x/sqrt(2)))/2 + x*exp(-x^2/2)/sqrt(2*pi)",
    ),
    "mse": Rule("2*(p - t)", "2*(t - p)", args="p t", value="(p - t)^2", symmetric=True, range=NON_NEGATIVE),
    "mae": Rule(
        "sign(p - t)", "sign(t - p)", args="p t", value="abs(p - t)", kink="p == t", symmetric=True, range=NON_NEGATIVE
    ),
    "huber": Rule(
        "clip(p - t, -d, d)",
        "clip(t - p, -d, d)",
        "where(abs(p - t) <= d, 0, abs(p - t) - d)",
        args="p t d=1",
        value="where(abs(p - t) <= d, (p - t)^2/2, d*(abs(p - t) - d/2))",
        d=POSITIVE,
        range=NON_NEGATIVE,
        idle="; ; has no effect on an error that is not larger",
    ),
    "cross_entropy": Rule(
        "limit((p == 0)*(t == 0), 1, limit((p == 1)*(t == 1), -1, (p - t)/(p*(1 - p))))",
        "log1p(-p) - log(p)",
        args="p t",
        value="where(t == 0, 0, -t*log(p)) + where(t == 1, 0, (t - 1)*log1p(-p))",
        definition="-(t*log(p) + (1 - t)*log(1 - p))",
        textbook="; log(1 - p) - log(p)",
        p=PROBABILITY,
        t=PROBABILITY,
        range=NON_NEGATIVE,
    ),
    "bce_logits": Rule(
        "sigmoid(z) - t",
        "-z",
        args="z t",
        value="where(z > 0, z*(1 - t), -z*t) + log1p(exp(-abs(z)))",  # softplus(z) - t*z cancels for t near 1
        definition="softplus(z) - t*z",
        t=PROBABILITY,
    ),
    "hinge": Rule(
        "where(t*p < 1, -t, 0)",
        "where(t*p < 1, -p, 0)",
        args="p t",
        value="max(0, 1 - t*p)",
        kink="t*p == 1",
        symmetric=True,
        range=NON_NEGATIVE,
        idle="has no effect where the margin is met",
    ),
}

ALIASES: dict[str, str] = {
    "ln": "log",
    "bce": "cross_entropy",
    "arctan2": "atan2",
    **{f"arc{one}": f"a{one}" for one in "sin cos tan sec csc cot sinh cosh tanh sech csch coth".split()},
    **{f"ar{one}": f"a{one}" for one in "sinh cosh tanh".split()},
}

OPERATORS: dict[str, str] = {
    "+": "add", "-": "sub", "*": "mul", "/": "div", "^": "pow",
    "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne",
}  # fmt: skip
SYMBOLS: dict[str, str] = {name: symbol for symbol, name in OPERATORS.items()} | {"neg": "-"}
COMPARISON_SIGNS = frozenset(symbol for symbol in OPERATORS if symbol[0] in "<>=!")
COMPARISONS = frozenset(OPERATORS[symbol] for symbol in COMPARISON_SIGNS)
MIRRORED = {"gt": "lt", "ge": "le"}  # x > y is y < x
# `^` and `-` are written as operators only; every other row is called by its name.
CALLABLE = frozenset(RULES) - frozenset(SYMBOLS)
CONSTANTS: dict[str, float] = {"pi": math.pi, "π": math.pi, "e": math.e, "tau": math.tau, "inf": INF}


def canonical_name(name: str) -> str:
    """The table's name of a function that has several spellings."""
    return ALIASES.get(name, name)
