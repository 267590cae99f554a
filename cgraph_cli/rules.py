"""THE table of functions: one line each, the local gradients written in cgraph's own language.

A rule's strings speak of its arguments by name (``x, y, z`` unless ``args`` says otherwise) and of its own value ``f``.
Everything else is made from them: the kernels of every arithmetic, the formulas that a report prints, the gradient
graph, exported code, the page ``cgraph functions`` and the test of the line itself.

``None`` in the place of a local gradient means that the argument never has one (a condition).
``value`` is the numerically careful formula of the value; without one, the arithmetic provides the function.
``definition`` is the textbook formula, where it differs from ``value`` or the arithmetic's own function.
``limit(condition, value, formula)`` is ``where`` for isolated points at which the formula would be 0/0 or 0*inf:
kernels compute all of it, a printed derivative is ``formula``.
With ``many`` the rule takes any number of arguments: ``x`` is the one in question, ``args`` stands for all of them in
a call, ``each(g)`` for g at every argument, and ``n`` is their number.
``kink`` is the condition under which the function has no derivative and ``convention`` says what is used there.

The formula is a numeric choice: the tests compare every line with mpmath on its whole domain.
"""

from __future__ import annotations

from typing import NamedTuple


class Interval(NamedTuple):
    """The values an argument may take; ``text`` is how it is printed after the argument's name."""

    low: float
    high: float
    text: str
    closed: bool = False

    def contains(self, number: float) -> bool:
        """Whether ``number`` lies in the interval."""
        return self.low <= number <= self.high if self.closed else self.low < number < self.high


INF = float("inf")
REAL = Interval(-INF, INF, "")
POSITIVE = Interval(0.0, INF, "> 0")
NON_NEGATIVE = Interval(0.0, INF, ">= 0", True)
ABOVE_MINUS_ONE = Interval(-1.0, INF, "> -1")
UNIT = Interval(-1.0, 1.0, "in [-1, 1]", True)
OPEN_UNIT = Interval(-1.0, 1.0, "in (-1, 1)")
PROBABILITY = Interval(0.0, 1.0, "in [0, 1]", True)
FROM_ONE = Interval(1.0, INF, ">= 1", True)
OUTSIDE_UNIT = Interval(1.0, INF, "<= -1 or >= 1", True)
OUTSIDE_OPEN_UNIT = Interval(1.0, INF, "< -1 or > 1")
HALF_OPEN_UNIT = Interval(0.0, 1.0, "in (0, 1]")
NOT_ZERO = Interval(0.0, INF, "!= 0")
NOT_POLE = Interval(0.0, INF, "not 0, -1, -2, ...")
ORDER = Interval(0.0, 1000.0, "0, 1, ..., 1000", True)


class Rule:
    """One function of the language: its local gradients and what is needed to compute and describe it."""

    __slots__ = ("args", "convention", "defaults", "definition", "domain", "gradients", "kink", "many", "value")

    def __init__(
        self,
        *gradients: str | None,
        args: str = "x y z",
        value: str | None = None,
        definition: str | None = None,
        many: bool = False,
        defaults: dict[str, float] | None = None,
        kink: str | None = None,
        convention: str | None = None,
        **domain: Interval,
    ) -> None:
        self.gradients = gradients
        self.args = tuple(args.split()[: len(gradients)])
        self.value = value
        self.definition = definition
        self.many = many
        self.defaults = defaults or {}
        self.kink = kink
        self.convention = convention
        self.domain = domain

    @property
    def max_args(self) -> int | None:
        """The largest number of arguments, None when there is none."""
        return None if self.many else len(self.args)

    @property
    def min_args(self) -> int:
        """The smallest number of arguments."""
        return 1 if self.many else len(self.args) - len(self.defaults)

    @property
    def has_gradient(self) -> bool:
        """Whether any local gradient exists; comparisons have none."""
        return any(gradient is not None for gradient in self.gradients)


def _comparison() -> Rule:
    return Rule(None, None, kink="x == y", convention="the side taken counts, no gradient passes through the condition")


RULES: dict[str, Rule] = {
    # arithmetic
    "add": Rule("1", "1"),
    "sub": Rule("1", "-1"),
    "mul": Rule("y", "x"),
    "div": Rule("1/y", "-f/y", y=NOT_ZERO),
    "neg": Rule("-1"),
    "pow": Rule(
        "limit((y == 0)*(abs(1/x) == inf), 0, y*x^(y - 1))", "limit((x == 0)*(y > 0), 0, f*log(x))", x=POSITIVE
    ),
    # comparisons and choice; an edge of `where` with gradient 0 is the branch not taken and sends nothing
    "lt": _comparison(),
    "le": _comparison(),
    "gt": _comparison(),
    "ge": _comparison(),
    "eq": _comparison(),
    "ne": _comparison(),
    "where": Rule(None, "x != 0", "x == 0"),
    # roots, exponentials, logarithms
    "sqrt": Rule("1/(2*f)", x=NON_NEGATIVE),
    "cbrt": Rule("1/(3*f^2)"),
    "exp": Rule("f"),
    "exp2": Rule("f*log(2)"),
    "expm1": Rule("exp(x)"),  # f + 1 loses every digit where f is near -1
    "log": Rule("1/x", x=POSITIVE),
    "log2": Rule("1/(x*log(2))", x=POSITIVE),
    "log10": Rule("1/(x*log(10))", x=POSITIVE),
    "log1p": Rule("1/(1 + x)", x=ABOVE_MINUS_ONE),
    # trigonometry
    "sin": Rule("cos(x)"),
    "cos": Rule("-sin(x)"),
    "tan": Rule("sec(x)^2"),
    "sec": Rule("f*tan(x)", value="1/cos(x)"),
    "csc": Rule("-f*cot(x)", value="1/sin(x)", x=NOT_ZERO),
    "cot": Rule("-csc(x)^2", value="1/tan(x)", x=NOT_ZERO),
    "asin": Rule("1/sqrt((1 - x)*(1 + x))", x=UNIT),  # 1 - x^2 cancels near 1
    "acos": Rule("-1/sqrt((1 - x)*(1 + x))", x=UNIT),
    "atan": Rule("1/(1 + x^2)"),
    "asec": Rule(
        "1/(abs(x)*sqrt(abs(x) - 1)*sqrt(abs(x) + 1))",
        value="atan2(sqrt(abs(x) - 1)*sqrt(abs(x) + 1), sign(x))",  # acos(1/x) has no digits near 1
        definition="acos(1/x)",
        x=OUTSIDE_UNIT,
    ),
    "acsc": Rule(
        "-1/(abs(x)*sqrt(abs(x) - 1)*sqrt(abs(x) + 1))",
        value="atan2(sign(x), sqrt(abs(x) - 1)*sqrt(abs(x) + 1))",
        definition="asin(1/x)",
        x=OUTSIDE_UNIT,
    ),
    "acot": Rule("-1/(1 + x^2)", value="atan(1/x)", x=NOT_ZERO),
    "atan2": Rule("x/hypot(x, y)/hypot(x, y)", "-y/hypot(x, y)/hypot(x, y)", args="y x"),  # x^2 + y^2 overflows
    "hypot": Rule(
        "limit(f == 0, 0, x/f)", "limit(f == 0, 0, y/f)", kink="f == 0", convention="gradient 0 at the origin"
    ),
    # hyperbolic functions
    "sinh": Rule("cosh(x)"),
    "cosh": Rule("sinh(x)"),
    "tanh": Rule("sech(x)^2"),  # 1 - f^2 loses every digit by x = 19
    "sech": Rule("-f*tanh(x)", value="2*exp(-abs(x))/(1 + exp(-2*abs(x)))", definition="1/cosh(x)"),
    "csch": Rule("-f*coth(x)", value="1/sinh(x)", x=NOT_ZERO),
    "coth": Rule("-csch(x)^2", value="1/tanh(x)", x=NOT_ZERO),
    "asinh": Rule("1/hypot(1, x)"),  # x^2 overflows
    "acosh": Rule("1/(sqrt(x - 1)*sqrt(x + 1))", x=FROM_ONE),
    "atanh": Rule("1/((1 - x)*(1 + x))", x=OPEN_UNIT),
    "asech": Rule(
        "-1/(x*sqrt((1 - x)*(1 + x)))",
        value="log1p(sqrt((1 - x)*(1 + x))) - log(x)",  # two terms of one sign; acosh(1/x) has no digits near 1
        definition="acosh(1/x)",
        x=HALF_OPEN_UNIT,
    ),
    "acsch": Rule("-1/(abs(x)*hypot(1, x))", value="asinh(1/x)", x=NOT_ZERO),
    "acoth": Rule(
        "1/((1 - x)*(1 + x))",
        value="sign(x)*log1p(2/(abs(x) - 1))/2",
        definition="atanh(1/x)",
        x=OUTSIDE_OPEN_UNIT,
    ),
    # absolute value and steps
    "abs": Rule("sign(x)", kink="x == 0", convention="gradient 0"),
    "sign": Rule("0", kink="x == 0", convention="gradient 0"),
    "floor": Rule("0", kink="x == f", convention="gradient 0"),
    "ceil": Rule("0", kink="x == f", convention="gradient 0"),
    "round": Rule("0", kink="abs(x - f) == 0.5", convention="gradient 0, half to even"),
    "min": Rule("(x == f)/sum(each(x == f))", many=True, kink="sum(each(x == f)) > 1", convention="ties share equally"),
    "max": Rule("(x == f)/sum(each(x == f))", many=True, kink="sum(each(x == f)) > 1", convention="ties share equally"),
    "clip": Rule(
        "(a <= x)*(x <= b)",
        "(x < a)*(a <= b)",
        "where(max(x, a) > b, 1, 0)",
        args="x a b",
        value="min(max(x, a), b)",
        kink="max((x == a)*(a <= b), max(x, a) == b)",
        convention="a bound counts as inside",
    ),
    # special functions
    "erf": Rule("2/sqrt(pi)*exp(-x^2)"),
    "erfc": Rule("-2/sqrt(pi)*exp(-x^2)"),
    "gamma": Rule("f*digamma(x)", x=NOT_POLE),
    "lgamma": Rule("digamma(x)", x=NOT_POLE),
    "digamma": Rule("polygamma(1, x)", x=NOT_POLE),
    "polygamma": Rule(None, "polygamma(n + 1, x)", args="n x", n=ORDER, x=NOT_POLE),
    # any number of arguments
    "sum": Rule("1", many=True),
    "mean": Rule("1/n", many=True, value="sum(args)/n"),
    "norm": Rule("limit(f == 0, 0, x/f)", many=True, kink="f == 0", convention="gradient 0 at the origin"),
    "logsumexp": Rule(
        "exp(x - f)",
        many=True,
        value="where(abs(max(args)) == inf, max(args), max(args) + log(sum(each(exp(x - max(args))))))",
        definition="log(sum(each(exp(x))))",
    ),
    # activations
    "sigmoid": Rule("f*sigmoid(-x)", value="exp(min(x, 0))/(1 + exp(-abs(x)))", definition="1/(1 + exp(-x))"),
    "logsigmoid": Rule("sigmoid(-x)", value="min(x, 0) - log1p(exp(-abs(x)))", definition="-log(1 + exp(-x))"),
    "softplus": Rule("sigmoid(x)", value="max(x, 0) + log1p(exp(-abs(x)))", definition="log(1 + exp(x))"),
    "relu": Rule("where(x > 0, 1, 0)", value="max(x, 0)", kink="x == 0", convention="gradient 0"),
    "leaky_relu": Rule(
        "where(x > 0, 1, a)",
        "where(x > 0, 0, x)",
        args="x a",
        value="where(x > 0, x, a*x)",
        defaults={"a": 0.01},
        kink="(x == 0)*(a != 1)",
        convention="the slope a of the left side",
    ),
    "elu": Rule(
        "where(x > 0, 1, a*exp(x))",
        "where(x > 0, 0, expm1(x))",
        args="x a",
        value="where(x > 0, x, a*expm1(x))",
        definition="where(x > 0, x, a*(exp(x) - 1))",
        defaults={"a": 1.0},
        kink="(x == 0)*(a != 1)",
        convention="the slope a of the left side",
    ),
    "silu": Rule("sigmoid(x)*(1 + x*sigmoid(-x))", value="x*sigmoid(x)"),
    "gelu": Rule(
        "erfc(-x/sqrt(2))/2 + x*exp(-x^2/2)/sqrt(2*pi)",
        value="x*(erfc(-x/sqrt(2))/2)",
        definition="x*(1 + erf(x/sqrt(2)))/2",
    ),
    # losses (prediction, target)
    "mse": Rule("2*(p - t)", "2*(t - p)", args="p t", value="(p - t)^2"),
    "mae": Rule("sign(p - t)", "sign(t - p)", args="p t", value="abs(p - t)", kink="p == t", convention="gradient 0"),
    "huber": Rule(
        "clip(p - t, -d, d)",
        "clip(t - p, -d, d)",
        "where(abs(p - t) <= d, 0, abs(p - t) - d)",
        args="p t d",
        value="where(abs(p - t) <= d, (p - t)^2/2, d*(abs(p - t) - d/2))",
        defaults={"d": 1.0},
        d=POSITIVE,
    ),
    "cross_entropy": Rule(
        "limit((p == 0)*(t == 0), 1, limit((p == 1)*(t == 1), -1, (p - t)/(p*(1 - p))))",
        "log1p(-p) - log(p)",
        args="p t",
        value="where(t == 0, 0, -t*log(p)) + where(t == 1, 0, (t - 1)*log1p(-p))",
        definition="-(t*log(p) + (1 - t)*log(1 - p))",
        p=PROBABILITY,
        t=PROBABILITY,
    ),
    "hinge": Rule(
        "where(t*p < 1, -t, 0)",
        "where(t*p < 1, -p, 0)",
        args="p t",
        value="max(0, 1 - t*p)",
        kink="t*p == 1",
        convention="gradient 0",
    ),
}

ALIASES: dict[str, str] = {
    "ln": "log",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "arcsec": "asec",
    "arccsc": "acsc",
    "arccot": "acot",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "arcsech": "asech",
    "arccsch": "acsch",
    "arccoth": "acoth",
    "arsinh": "asinh",
    "arcosh": "acosh",
    "artanh": "atanh",
    "bce": "cross_entropy",
}

OPERATORS: dict[str, str] = {
    "+": "add", "-": "sub", "*": "mul", "/": "div", "^": "pow",
    "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne",
}  # fmt: skip
SYMBOLS: dict[str, str] = {name: symbol for symbol, name in OPERATORS.items()} | {"neg": "-"}
COMPARISONS = frozenset(("lt", "le", "gt", "ge", "eq", "ne"))
# `^` and `-` are written as operators only; every other row is called by its name.
CALLABLE = frozenset(RULES) - frozenset(SYMBOLS)
CONSTANTS: dict[str, float] = {
    "pi": 3.141592653589793,
    "π": 3.141592653589793,
    "e": 2.718281828459045,
    "tau": 6.283185307179586,
    "inf": INF,
}


def canonical_name(name: str) -> str:
    """The table's name of a function that has several spellings."""
    return ALIASES.get(name, name)
