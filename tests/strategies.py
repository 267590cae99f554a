"""Random expressions for hypothesis: as text with values at which they are well scaled, and as syntax trees."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from cgraph_cli.rules import CALLABLE, OPERATORS, RULES
from cgraph_cli.syntax.expression import Binary, Call, Name, Number, Syntax, Unary


class Case(NamedTuple):
    """An expression in x, y, z and a point."""

    text: str
    values: dict[str, float]


NAMES = ("x", "y", "z")
# Functions of one argument that are smooth and bounded, or made so by what stands inside.
BOUNDED = ("sin", "cos", "tanh", "atan", "sigmoid", "erf", "gelu", "silu", "softplus", "logsigmoid", "asinh", "sech")
SAFE = (
    "exp(tanh({0}))", "log(1 + ({0})^2)", "sqrt(1 + ({0})^2)", "1/(2 + sin({0}))", "cbrt(2 + cos({0}))",
    "(2 + sin({0}))^2.5", "log1p(exp(-({0})^2))", "gamma(2 + tanh({0}))", "cosh(sin({0}))", "asin(0.9*sin({0}))",
)  # fmt: skip
BINARY = (
    "({0}) + ({1})", "({0}) - ({1})", "sin({0})*({1})", "({0})/(2 + cos({1}))", "atan2({0}, 2 + ({1})^2)",
    "hypot(1 + ({0})^2, {1})", "(1.5 + tanh({0}))^sin({1})", "logsumexp(sin({0}), {1}, 0.5)", "mean({0}, {1})",
    "norm({0}, {1}, 1)", "mse(sin({0}), cos({1}))", "cross_entropy(sigmoid({0}), sigmoid({1}))",
    "where({0} < {1}, sin({0}), cos({1}))", "max({0}, {1})", "abs(({0}) + ({1}) + 0.1)", "sum({0}, {0}, {1})",
)  # fmt: skip


@st.composite
def expressions(draw: st.DrawFn, max_parts: int = 12) -> Case:
    """A well-scaled random expression: parts are named now and then, so that nodes have many users."""
    numbers = st.floats(-2.0, 2.0).filter(lambda x: abs(x) > 1e-3).map(lambda x: round(x, 6))
    parts: list[str] = [*NAMES, repr(draw(numbers))]
    statements: list[str] = []
    for _ in range(draw(st.integers(1, max_parts))):
        form = draw(st.sampled_from((*(f"{name}({{0}})" for name in BOUNDED), *SAFE, *BINARY)))
        text = form.format(draw(st.sampled_from(parts)), draw(st.sampled_from(parts)))
        if len(text) > 60 or draw(st.booleans()):
            statements.append(f"p{len(statements)} = {text}")
            text = f"p{len(statements) - 1}"
        parts.append(text)
    values = {name: draw(numbers) for name in NAMES}
    # Every name takes part, so that a missing one is not mistaken for a zero.
    return Case("; ".join([*statements, f"{parts[-1]} + 0.01*x*y*z"]), values)


SUMS = ("x + y", "x - y", "y - x", "x + 1", "1 - x", "x + 2*y", "0.5*x - y", "x*y + x", "x^2 - y", "x + y - 1")
PARTS = (*SUMS, "x*y", "x/y", "x", "x^2*y", "sin(x)", "sqrt(x)*y", "-x")
MULTIPLES = (
    "{1}*({0})",
    "-{1}*({0})",
    "({0})/{1}",
    "-({0})/{1}",
    "({0})*{1}",
    "{1}*({0}) + 1",
    "1 - {1}*({0})",
    "({0})",
)
SIZES = ("1", "2", "3", "10", "0.5", "0.1", "0.25", "1.7", "2.5", "1/3", "sqrt(2)", "pi", "e")
OF_MULTIPLES = (
    "exp({0})", "sin({0})", "cos({0})", "tanh({0})", "sinh({0})", "cosh({0})", "sigmoid({0})", "softplus({0})",
    "logsigmoid({0})", "silu({0})", "atan({0})", "erf({0})", "sech({0})", "abs({0})", "sqrt(1 + ({0})^2)", "2^({0})",
    "log(2 + sin({0}))", "log(({0})^2 + 3)", "1/(3 + ({0})^2)", "max({0}, 0.3)", "({0})^2", "({0})^3", "({0})",
    "log(1 + exp({0}))", "1/(1 + exp({0}))", "(1 - exp({0}))", "(exp({0}) + exp(-({0})))", "(exp({0}) - exp(-({0})))",
    "sqrt({0})", "({0})^-0.5", "({0})^1.5", "(({0})^-0.5)^3", "({0})^-1", "log({0})",
)  # fmt: skip


@st.composite
def relatives(draw: st.DrawFn) -> str:
    """Functions of multiples of one part: what meets differs in a number, a sign or the spelling only."""
    sizes, parts = (draw(st.lists(st.sampled_from(some), min_size=1, max_size=2)) for some in (SIZES, PARTS))
    text = ""
    for index in range(draw(st.integers(2, 4))):
        inside = draw(st.sampled_from(MULTIPLES)).format(draw(st.sampled_from(parts)), draw(st.sampled_from(sizes)))
        one = draw(st.sampled_from(OF_MULTIPLES)).format(inside)
        symbol = draw(st.sampled_from("+-*/*/"))
        text = f"({text}){symbol}{one}" if index else one
    return text


@st.composite
def modules(draw: st.DrawFn) -> str:
    """A program in x and y with modules that call rows of the table and each other; some hide a row of their name."""
    names = ["g", "h", "sin", "k", "sigmoid"]
    known = {"sin": 1, "cos": 1, "sigmoid": 1, "softplus": 1, "atan2": 2, "mse": 2}
    lines: list[str] = []

    def term(atoms: list[str]) -> str:
        name = draw(st.sampled_from(sorted(known)))
        arguments = [draw(st.sampled_from(atoms)) for _ in range(known[name])]
        return f"{name}({', '.join(arguments)})"

    for name in draw(st.lists(st.sampled_from(names), max_size=4, unique=True)):
        parameters = ["a", "b"][: draw(st.integers(1, 2))]
        known.pop(name, None)
        body = " + ".join(term([*parameters, "0.5"]) for _ in range(draw(st.integers(1, 3))))
        lines.append(f"{name}({', '.join(parameters)}) = {body} - 0.1*{'*'.join(parameters)}")
        known[name] = len(parameters)
    atoms = ["x", "y", "x*y"]
    return "\n".join([*lines, " + ".join([term(atoms), term(atoms), "x*y"])])


def trees(max_leaves: int = 25) -> st.SearchStrategy[Syntax]:
    """Any syntax tree that a text can have, the unlikely ones too: no number is negative, comparisons do not chain."""
    number = st.floats(min_value=0.0, allow_nan=False, allow_infinity=False).map(lambda x: Number(abs(x)))
    whole = st.integers(0, 20).map(lambda n: Number(float(n)))
    name = st.sampled_from(["x", "y", "z", "alpha", "x_1", "λ", "sin", "pi", "e", "tau", "inf"]).map(Name)
    arithmetic = [symbol for symbol in OPERATORS if symbol in "+-*/^"]

    def grow(children: st.SearchStrategy[Syntax]) -> st.SearchStrategy[Syntax]:
        plain = children.filter(lambda part: not _is_comparison(part))
        return st.one_of(
            children.map(lambda part: Unary("-", part)),
            st.builds(Binary, st.sampled_from(arithmetic), children, children),
            st.builds(Binary, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), plain, plain),
            st.builds(_call, st.sampled_from(sorted(CALLABLE)), st.lists(children, min_size=1, max_size=4)),
        )

    return st.recursive(st.one_of(number, whole, name), grow, max_leaves=max_leaves)


def _is_comparison(part: Syntax) -> bool:
    return isinstance(part, Binary) and part.symbol not in "+-*/^"


def _call(name: str, arguments: list[Syntax]) -> Call:
    rule = RULES[name]
    least, most = rule.min_args, rule.max_args or len(arguments)
    wanted = min(max(len(arguments), least), max(most, least))
    return Call(name, (arguments * 3)[:wanted])
