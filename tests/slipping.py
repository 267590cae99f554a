"""Random expressions differentiated by hand, so to speak: textbook rules over syntax trees, with one slip or none.

Nothing here comes from the package but its grammar: rules are texts, a derivative is a text, and a slip is another
text in one place. Two texts are one claim where Python, which reads them too, finds the same numbers.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from cgraph_cli.syntax.expression import Binary, Call, Name, Number, Syntax, Unary
from cgraph_cli.syntax.parser import parse

# The derivative of a function of one argument, by the argument.
OUTER = {
    "sin": "cos({0})", "cos": "(-sin({0}))", "exp": "exp({0})", "log": "(1/({0}))", "sqrt": "(1/(2*sqrt({0})))",
    "tanh": "(1 - tanh({0})^2)", "atan": "(1/(1 + ({0})^2))", "sinh": "cosh({0})", "cosh": "sinh({0})",
}  # fmt: skip
POSITIVE = ("log", "sqrt")
NAMES = ("x", "y", "z")


class Slip(NamedTuple):
    """A wrong derivative: the code of its mistake, and its text."""

    code: str
    text: str


class Derived(NamedTuple):
    """A derivative and what every slip in it makes of it."""

    right: str
    slips: list[Slip]


class Exercise(NamedTuple):
    """An expression, a point, the name to differentiate by, the derivative and all that slips make of it."""

    text: str
    point: dict[str, float]
    wrt: str
    right: str
    slips: list[Slip]


def expression(draw: random.Random, depth: int) -> str:
    """A random expression that is defined everywhere."""
    if depth == 0:
        return draw.choice([*NAMES, *NAMES, str(draw.randint(2, 9))])

    def part(least: int = 0) -> str:
        return expression(draw, draw.randint(least, depth - 1))

    kind = draw.choice(["+", "-", "*", "*", "/", "^", "call", "call", "call"])
    if kind == "call":
        name = draw.choice(list(OUTER))
        inner = part()
        return f"{name}(1 + ({inner})^2)" if name in POSITIVE else f"{name}({inner})"
    if kind == "^":
        return f"({part()})^{draw.choice([2, 3, 4, 5])}"
    if kind == "/":
        below = draw.choice(["2 + ({})^2", "3 + cos({})", "exp({})"]).format(part())
        return f"({part()})/({below})"
    return f"({part()}) {kind} ({part()})"


def exercise(seed: int) -> Exercise:
    """The exercise of a seed; some have a named part, which is used more than once."""
    draw = random.Random(seed)
    while True:
        text = expression(draw, 3)
        part = None
        if draw.random() < 0.4:
            part = expression(draw, 2)
            text = f"Q = {part}; {text.replace('y', 'Q')}"
        program = parse(text)
        names = [name for name in NAMES if name in program.names()]
        if part is not None and not set(_names(program.statements[0].tree)):
            continue
        if part is not None and "Q" not in set(_names(program.statements[-1].tree)):
            continue
        if not names:
            continue
        point = {name: round(draw.uniform(0.3, 1.7), 3) for name in names}
        wrt = draw.choice(names)
        *parts, last = program.statements
        found = derived(parts, last.tree, wrt)
        if found.right == "0" or len(found.right) > 3000:
            continue
        slips = [*found.slips, *_of_the_whole(draw, found.right, _substituted(_text(last.tree), parts))]
        slips += [Slip("variable", derived(parts, last.tree, other).right) for other in names if other != wrt]
        slips += [Slip("variable", Rules(one.name, {}).derive(last.tree).right) for one in parts]
        return Exercise(text, point, wrt, found.right, slips)


def derived(parts: list[Any], output: Syntax, wrt: str) -> Derived:
    """The derivative of an output; a slip in that of a named part is made wherever the part is used."""
    known: dict[str, Derived] = {}
    for part in parts:
        known[part.name] = Rules(wrt, known).derive(part.tree)
    found = Rules(wrt, {name: Derived(one.right, []) for name, one in known.items()}).derive(output)
    slips = [*found.slips]
    for name, one in known.items():
        whole = [] if one.right in ("0", "1") else [Slip("factor", "1")]
        for code, text in [*one.slips, *whole]:
            slips.append(Slip(code, Rules(wrt, {**known, name: Derived(text, [])}).derive(output).right))
    return Derived(found.right, slips)


def _of_the_whole(draw: random.Random, right: str, function: str) -> Iterator[Slip]:
    yield Slip("sign", f"-({right})")
    yield Slip("multiple", f"{draw.choice(['2', '3', '0.5', '10', '1.7', '(1/3)'])}*({right})")
    yield Slip("offset", f"({right}) + {draw.choice(['1', '2', '0.25'])}")
    yield Slip("function", function)
    yield Slip("constant", "0")


class Rules:
    """The rules of a textbook, by one variable; ``known`` are the named parts with their derivatives."""

    def __init__(self, wrt: str, known: dict[str, Derived]) -> None:
        self.wrt = wrt
        self.known = known

    def derive(self, part: Syntax) -> Derived:
        """The derivative of a part."""
        if isinstance(part, Number):
            return Derived("0", [])
        if isinstance(part, Name):
            if part.name in self.known:
                return self.known[part.name]
            return Derived("1" if part.name == self.wrt else "0", [])
        operands = [self.derive(one) for one in part.operands()]
        texts = [f"({_text(one)})" for one in part.operands()]
        right, slips = self.rule(part, texts, operands)
        if all(one.right == "0" for one in operands):
            return Derived("0", [])
        for index, operand in enumerate(operands):
            whole = [] if operand.right in ("0", "1") else [Slip("factor", "1")]  # treated as the variable itself
            for code, text in [*operand.slips, *whole]:
                changed = [*operands]
                changed[index] = Derived(text, [])
                slips.append(Slip(code, self.rule(part, texts, changed)[0]))
        return Derived(right, slips)

    def rule(self, part: Syntax, texts: list[str], operands: list[Derived]) -> tuple[str, list[Slip]]:
        """The derivative of an operation, and the slips in its own rule."""
        moving = [one.right != "0" for one in operands]
        inner = [f"({one.right})" for one in operands]
        if isinstance(part, Unary):
            return f"-{inner[0]}", []
        if isinstance(part, Call):
            return self.call(part.name, texts[0], inner[0])
        assert isinstance(part, Binary)
        if part.symbol == "^":
            return self.power(texts[0], inner[0], _number(part.right))
        (u, v), (du, dv) = texts, inner
        both = all(moving)
        if part.symbol in "+-":
            right, other = f"{du} {part.symbol} {dv}", "-+"["+-".index(part.symbol)]
            slips = [Slip("sign", f"{du} {other} {dv}"), Slip("sign", f"-{du} {part.symbol} {dv}")]
            slips += [Slip("path", du), Slip("path", f"0 {part.symbol} {dv}")] if both else []
            return right, slips
        if part.symbol == "*":
            right = f"{du}*{v} + {u}*{dv}" if both else f"{du}*{v}" if moving[0] else f"{u}*{dv}"
            slips = [Slip("swapped", f"{du}*{u} + {v}*{dv}")]
            if both:
                slips += [Slip("product_rule", text) for text in (f"{du}*{v}", f"{u}*{dv}", f"{du}*{dv}")]
            else:
                slips.append(Slip("factor", du if moving[0] else dv))
            return right, slips
        assert part.symbol == "/"
        if not both:
            right = f"{du}/{v}" if moving[0] else f"-{u}*{dv}/{v}^2"
            return right, [] if moving[0] else [Slip("quotient", f"-{u}*{dv}/{v}")]
        return f"({du}*{v} - {u}*{dv})/{v}^2", [
            Slip("quotient", f"({u}*{dv} - {du}*{v})/{v}^2"),
            Slip("quotient", f"({du}*{v} - {u}*{dv})/{v}"),
            Slip("quotient", f"{du}/{dv}"),
            Slip("quotient", f"({dv}*{u} - {v}*{du})/{u}^2"),
            Slip("path", f"{du}/{v}"),
            Slip("path", f"-{u}*{dv}/{v}^2"),
        ]

    def call(self, name: str, argument: str, inner: str) -> tuple[str, list[Slip]]:
        outer = OUTER[name].format(argument)
        slips = [Slip("factor", inner), Slip("function", f"{name}({argument})*{inner}")]
        if name == "sqrt":
            slips.append(Slip("exponent", f"(1/sqrt({argument}))*{inner}"))
        if inner != "(1)":
            slips += [Slip("factor", outer), Slip("inside", f"{OUTER[name].format(inner)}*{inner}")]
            slips.append(Slip("inside", OUTER[name].format(inner)))
        return f"{outer}*{inner}", slips

    def power(self, base: str, inner: str, n: int) -> tuple[str, list[Slip]]:
        lower = base if n == 2 else f"{base}^{n - 1}"
        slips = [
            Slip("exponent", text)
            for text in (
                f"{lower}*{inner}",
                f"{n}*{base}^{n}*{inner}",
                f"{base}^{n}*{inner}",
                f"{n}*{base}^{n + 1}*{inner}",
            )
        ]
        if inner != "(1)":
            slips.append(Slip("factor", f"{n}*{lower}"))
        return f"{n}*{lower}*{inner}", slips


def _number(part: Syntax) -> int:
    assert isinstance(part, Number)
    return int(part.value)


def _names(part: Syntax) -> Iterator[str]:
    if isinstance(part, Name):
        yield part.name
    for one in part.operands():
        yield from _names(one)


def _text(part: Syntax) -> str:
    if isinstance(part, Number):
        return repr(part.value).removesuffix(".0")
    if isinstance(part, Name):
        return part.name
    texts = [f"({_text(one)})" for one in part.operands()]
    if isinstance(part, Call):
        return f"{part.name}{texts[0]}"
    assert isinstance(part, Binary | Unary)
    return f"-{texts[0]}" if isinstance(part, Unary) else f"{texts[0]}{part.symbol}{texts[1]}"


def _substituted(text: str, parts: list[Any]) -> str:
    for part in parts:
        text = text.replace(part.name, f"({_text(part.tree)})")
    return text


def rewritten(draw: random.Random, part: Syntax, depth: int = 12) -> str:
    """The same by another formula: identities of algebra applied here and there."""
    if depth == 0 or isinstance(part, Number | Name):
        return f"({_text(part)})"
    u, *rest = [rewritten(draw, one, depth - 1) for one in part.operands()]
    v = rest[0] if rest else ""
    if isinstance(part, Unary):
        return draw.choice([f"(-{u})", f"(-1*{u})", f"(0 - {u})", f"({u}/(-1))"])
    if isinstance(part, Call):
        forms = {
            "tanh": ["(sinh{0}/cosh{0})", "(1 - 2/(exp(2*{0}) + 1))"],
            "sinh": ["((exp{0} - exp(-{0}))/2)"],
            "cosh": ["((exp{0} + exp(-{0}))/2)"],
            "sqrt": ["({0}^0.5)"],
            "sin": ["(-sin(-{0}))", "(2*sin({0}/2)*cos({0}/2))"],
            "cos": ["cos(-{0})", "(1 - 2*sin({0}/2)^2)"],
            "exp": ["(1/exp(-{0}))", "(exp({0}/2)*exp({0}/2))", "(e^{0})"],
        }
        return f"({draw.choice([part.name + u, *forms.get(part.name, [])]).format(u)})"
    assert isinstance(part, Binary)
    left, right = part.operands()
    if part.symbol == "+":
        return draw.choice([f"({u} + {v})", f"({v} + {u})", f"({u} - (-{v}))", f"(2*({u}/2 + {v}/2))"])
    if part.symbol == "-":
        return draw.choice([f"({u} - {v})", f"(-{v} + {u})", f"(-({v} - {u}))"])
    if part.symbol == "*":
        forms = [f"({u}*{v})", f"({v}*{u})", f"(-{u}*(-{v}))"]
        if isinstance(left, Binary) and left.symbol in "+-":  # expanded
            a, b = [rewritten(draw, one, depth - 1) for one in left.operands()]
            forms += [f"({a}*{v} {left.symbol} {b}*{v})"] * 3
        return draw.choice(forms)
    if part.symbol == "/":
        return draw.choice([f"({u}/{v})", f"({u}*(1/{v}))", f"({u}*{v}^-1)", f"(-{u}/(-{v}))"])
    n = _number(right)
    return draw.choice([f"({u}^{n})", f"({u}*{u}^{n - 1})", f"(1/{u}^-{n})", f"({'*'.join([u] * n)})"])


# What texts mean, by Python's own arithmetic.
SPACE: dict[str, Any] = {name: getattr(math, name) for name in OUTER}
SAME = 1e-9


def number(text: str, exercise: Exercise, point: dict[str, float]) -> float:
    """The number of a text at a point, nan where it has none."""
    space = {**SPACE, **point}
    try:
        for part in exercise.text.split(";")[:-1]:
            name, _, inside = part.partition("=")
            space[name.strip()] = eval(inside.strip().replace("^", "**"), space)
        return float(eval(text.replace("^", "**"), space))
    except (ArithmeticError, ValueError, TypeError):  # complex numbers are none here
        return math.nan


def numbers(text: str, exercise: Exercise) -> list[float]:
    """The numbers of a text at a few points that have nothing to do with those of the package."""
    draw = random.Random(exercise.text)
    points = [{name: draw.uniform(-1.9, 1.9) for name in exercise.point} for _ in range(6)]
    return [number(text, exercise, point) for point in points]


def equal(first: list[float], second: list[float]) -> bool:
    """Whether two texts are one formula, as far as numbers say; where either has none they say nothing."""
    pairs = [(one, other) for one, other in zip(first, second, strict=True) if one == one and other == other]
    return bool(pairs) and all(abs(one - other) <= SAME * (abs(one) + abs(other)) for one, other in pairs)


class Case(NamedTuple):
    """A wrong claim: the code of the slip that was made, and those of all slips that make the same formula."""

    exercise: Exercise
    code: str
    text: str
    accepted: set[str]


def cases(seed: int) -> Iterator[Case]:
    """One wrong claim of each code that an exercise has, but for slips that change nothing or leave the reals.

    Of a constant derivative every constant is a multiple and the sum with one, so there is no slip of these.
    """
    one = exercise(seed)
    draw = random.Random(seed)
    right = numbers(one.right, one)
    constant = equal(right, [right[0]] * len(right))
    found = [(slip, numbers(slip.text, one)) for slip in one.slips]
    found = [
        (slip, values)
        for slip, values in found
        if not any(map(math.isnan, [*values, *right])) and not equal(values, right)
        if not (constant and slip.code in ("multiple", "offset"))
    ]
    draw.shuffle(found)
    for code in dict.fromkeys(slip.code for slip, _ in found):
        slip, values = next(pair for pair in found if pair[0].code == code)
        accepted = {other.code for other, theirs in found if equal(values, theirs)}
        yield Case(one, code, slip.text, accepted)
