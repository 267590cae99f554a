r"""LaTeX for amsmath: fractions, roots, Greek letters, subscripts, cases, and the parentheses that are needed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cgraph_cli.rules import canonical_name
from cgraph_cli.syntax.expression import Binary, Call, Definition, Number, Program, Syntax, Unary
from cgraph_cli.syntax.printer import (
    ATOM,
    COMPARISON,
    MULTIPLICATION,
    POWER,
    PRECEDENCE,
    SIGN,
    Notation,
    Piece,
    format_number,
)

_LOWER = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi"
_LOWER += " omega"
_UPPER = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
COMMANDS = frozenset((_LOWER + " " + _UPPER + " varepsilon vartheta varphi varrho").split())
LETTERS: dict[str, str] = dict(
    zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ", (_LOWER + " " + _UPPER).split(), strict=True)
) | {"ς": "varsigma", "ϑ": "vartheta", "ϕ": "phi", "ϖ": "varpi", "ϱ": "varrho", "ℓ": "ell", "ℏ": "hbar", "ı": "imath"}

# Functions that LaTeX writes as an operator before parentheses. Inverse functions are never sin^{-1}.
OPERATORS: dict[str, str] = {
    **{name: f"\\{name}" for name in ("sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "coth")},
    **{name: f"\\{name}" for name in ("min", "max")},
    **{f"a{name}": f"\\arc{name}" for name in ("sin", "cos", "tan")},
    **{f"a{name}": rf"\operatorname{{arc{name}}}" for name in ("sec", "csc", "cot")},
    **{f"a{name}": rf"\operatorname{{ar{name}}}" for name in ("sinh", "cosh", "tanh", "sech", "csch", "coth")},
    "exp": r"\exp",
    "log": r"\ln",
    "log2": r"\log_{2}",
    "log10": r"\log_{10}",
    "gamma": r"\Gamma",
    "lgamma": r"\ln\Gamma",
}
# sin^2(x) is (sin(x))^2 to every reader; for other functions a power on the name can mean repetition.
POWERED = frozenset(("sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "sech", "csch", "coth"))
FENCES: dict[str, tuple[str, str]] = {
    "abs": (r"\left|", r"\right|"),
    "floor": (r"\left\lfloor ", r" \right\rfloor"),
    "ceil": (r"\left\lceil ", r" \right\rceil"),
}
RELATIONS: dict[str, str] = {"==": "=", "!=": r"\neq", "<=": r"\leq", ">=": r"\geq"}
ESCAPED: dict[str, str] = {character: f"\\{character}" for character in "_%&#${}"}
SUBSCRIPTED = re.compile(r"([^\W\d_]+)(?:_([^\W_]+(?:_[^\W_]+)*)|([0-9]+))\Z")


def escaped(text: str) -> str:
    r"""A text for \text{...} or plain LaTeX text, its special characters escaped."""
    special = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", **ESCAPED}
    return "".join(special.get(character, character) for character in text)


class LatexNotation(Notation):
    r"""LaTeX mathematics: ``\frac{a}{b} \cdot \sin\left(\theta_{1}\right)``.

    ``names`` are the names in use: two of them never look alike (``x1`` and ``x_1``, ``alpha`` and ``α``), the second
    is set as typed. ``modules`` are functions that a user defined, which may have the name of a built-in one.
    """

    times = r"\cdot"

    def __init__(self, names: Iterable[str] = (), modules: Iterable[str] = ()) -> None:
        self._modules = frozenset(modules)
        self._given = frozenset(names)
        self._forms: dict[str, str] = {}
        self._owners: dict[str, str] = {}
        for name in dict.fromkeys(names):
            form = pretty(name)
            form = verbatim(name) if form in self._owners else form
            self._forms[name] = form
            self._owners[form] = name

    @classmethod
    def of(cls, program: Program) -> LatexNotation:
        """The notation for everything that has a name in a program."""
        names = list(program.names())
        names += [one.name for one in program.statements if not isinstance(one, Definition) and one.name is not None]
        modules = [one for one in program.statements if isinstance(one, Definition)]
        names += [parameter for module in modules for parameter in module.parameters]
        return cls(names, [module.name for module in modules])

    def digits(self, value: float) -> str:
        """The digits a number is written with, in cgraph's own language."""
        return format_number(value)

    def number(self, value: float) -> str:
        return number(self.digits(value))

    def name(self, name: str) -> str:
        known = self._forms.get(name)
        if known is not None:
            return known
        form = pretty(name)
        return verbatim(name) if form in self._owners else form

    def precedence(self, part: Syntax) -> int:
        if isinstance(part, Number):
            text = self.digits(abs(part.value))
            if "e" in text:
                return MULTIPLICATION if "e" in text.removeprefix("1e") else SIGN
            return SIGN if str(part.value).startswith("-") else ATOM
        if isinstance(part, Binary):
            if part.symbol == "/":
                return POWER
            return ATOM if PRECEDENCE[part.symbol][0] == COMPARISON or self._powered(part) else super().precedence(part)
        if isinstance(part, Call) and part.name not in self._modules:
            return CALL_PRECEDENCE.get(canonical_name(part.name), ATOM)
        return super().precedence(part)

    def pieces(self, part: Syntax) -> list[Piece]:
        if isinstance(part, Unary):
            return ["-", (part.operand, ATOM if begins_with_minus(part.operand) else MULTIPLICATION)]
        return super().pieces(part)

    def binary(self, part: Binary) -> list[Piece]:
        symbol = part.symbol
        if symbol == "/":
            return [r"\frac{", (part.left, 0), "}{", (part.right, 0), "}"]
        if symbol == "^":
            return self._power(part)
        if PRECEDENCE[symbol][0] == COMPARISON:  # a condition as a number: 1 where it holds
            return [r"\left[", *self._relation(part), r"\right]"]
        _, left, right = PRECEDENCE[symbol]
        if begins_with_minus(part.right):
            right = ATOM
        return [(part.left, left), f" {self.times if symbol == '*' else symbol} ", (part.right, right)]

    def call(self, part: Call) -> list[Piece]:
        name = part.name if part.name in self._modules else canonical_name(part.name)
        arguments: list[Piece] = []
        for argument in part.arguments:
            arguments += [", ", (argument, 0)] if arguments else [(argument, 0)]
        if name in self._modules:
            return [self.function(name), *self.parenthesized(arguments)]
        one = part.arguments[0] if part.arguments else None
        if name == "exp" and "e" not in self._given:
            return ["e^{", *arguments, "}"]
        if name == "exp2":
            return ["2^{", *arguments, "}"]
        if name in ("sqrt", "cbrt"):
            return [r"\sqrt{" if name == "sqrt" else r"\sqrt[3]{", *arguments, "}"]
        if name in FENCES:
            left, right = FENCES[name]
            return [left, *arguments, right]
        if name == "expm1" and "e" not in self._given:
            return ["e^{", *arguments, "} - 1"]
        if name == "log1p":
            if isinstance(one, Unary) and not begins_with_minus(one.operand):
                return [r"\ln\left(1 - ", (one.operand, MULTIPLICATION), r"\right)"]
            assert one is not None
            return [r"\ln\left(1 + ", (one, ATOM if begins_with_minus(one) else MULTIPLICATION), r"\right)"]
        if name == "where":
            return self._cases(part)
        return [self.function(name), *self.parenthesized(arguments)]

    def parenthesized(self, pieces: list[Piece]) -> list[Piece]:
        return [r"\left(", *pieces, r"\right)"]

    def _power(self, part: Binary) -> list[Piece]:
        base = part.left
        if self._powered(part):
            assert isinstance(base, Call)
            operator = self.function(canonical_name(base.name))
            return [operator, "^{", (part.right, 0), "}", *self.parenthesized([(base.arguments[0], 0)])]
        loose = isinstance(base, Call) and (base.name in self._modules or canonical_name(base.name) not in FENCES)
        return [*(self.parenthesized([(base, 0)]) if loose else [(base, ATOM)]), "^{", (part.right, 0), "}"]

    def _powered(self, part: Binary) -> bool:
        r"""Whether a power is written on the function's name: \sin^{2}(x), for whole exponents from 2 on only."""
        base, exponent = part.left, part.right
        return (
            part.symbol == "^"
            and isinstance(base, Call)
            and base.name in POWERED - self._modules
            and isinstance(exponent, Number)
            and exponent.value >= 2
            and exponent.value.is_integer()
            and "e" not in self.digits(exponent.value)
        )

    def _relation(self, part: Binary) -> list[Piece]:
        _, left, right = PRECEDENCE[part.symbol]
        return [(part.left, left), f" {RELATIONS.get(part.symbol, part.symbol)} ", (part.right, right)]

    def _cases(self, part: Call) -> list[Piece]:
        condition, first, second = part.arguments
        if isinstance(condition, Binary) and PRECEDENCE[condition.symbol][0] == COMPARISON:
            test = self._relation(condition)
        else:
            test = [(condition, MULTIPLICATION), r" \neq 0"]
        opening, closing = r"\begin{cases} ", r" & \text{otherwise} \end{cases}"
        return [opening, (first, 0), r" & \text{if } ", *test, r" \\ ", (second, 0), closing]

    def function(self, name: str) -> str:
        """The operator of a function or a module."""
        if name in self._modules:
            form = pretty(name)
            return rf"\operatorname{{{escaped(name)}}}" if form.startswith((r"\mathit", r"\mathtt", r"\text")) else form
        operator = OPERATORS.get(name)
        if operator is None or (name in ("gamma", "lgamma") and r"\Gamma" in self._owners):
            return rf"\operatorname{{{escaped(name)}}}"
        return operator


# What is not held together by parentheses or a bar of its own.
CALL_PRECEDENCE: dict[str, int] = {"where": COMPARISON, "exp": POWER, "exp2": POWER, "expm1": PRECEDENCE["+"][0]}


def begins_with_minus(part: Syntax) -> bool:
    """Whether the text of a part has a minus sign at its left edge, so that no operator may stand before it."""
    while isinstance(part, Binary) and part.symbol in ("+", "-", "*"):
        left = part.left
        if isinstance(left, Binary) and PRECEDENCE[left.symbol][0] < PRECEDENCE[part.symbol][1]:
            return False  # in parentheses
        part = left
    return isinstance(part, Unary) or (isinstance(part, Number) and str(part.value).startswith("-"))


def number(text: str) -> str:
    r"""A number of cgraph's language in LaTeX: ``2.5 \cdot 10^{-7}``."""
    sign = "-" if text.startswith("-") else ""
    text = text.removeprefix("-")
    if text == "inf":
        return rf"{sign}\infty"
    if text == "nan":
        return r"\mathrm{nan}"
    digits, e, exponent = text.partition("e")
    if not e:
        return sign + text
    power = f"10^{{{int(exponent)}}}"
    return sign + (power if digits == "1" else rf"{digits} \cdot {power}")


def verbatim(name: str) -> str:
    r"""A name exactly as typed, in the font of program text."""
    return rf"\mathtt{{{escaped(name)}}}" if name.isascii() else rf"\text{{{escaped(name)}}}"


def pretty(name: str) -> str:
    r"""A name as on paper: ``x_{1}`` for x_1 and x1, ``\omega_{0}``, ``\mathit{rate}``, ``h_{\mathrm{max}}``."""
    if name in ("inf", "…"):
        return r"\infty" if name == "inf" else r"\ldots"
    whole = _word(name, r"\mathit")
    if whole is not None:
        return whole
    found = SUBSCRIPTED.match(name)
    if found is None:
        return verbatim(name)
    base = _word(found[1], r"\mathit")
    subscripts = [_word(word, r"\mathrm") or _digits(word) for word in (found[2] or found[3]).split("_")]
    if base is None or not all(subscripts):
        return verbatim(name)
    return f"{base}_{{{','.join(word for word in subscripts if word)}}}"


def _word(word: str, font: str) -> str | None:
    """A name of letters: one letter, a Greek letter, or an ASCII word; None for anything else."""
    if word in COMMANDS:
        return f"\\{word}"
    if word in LETTERS:
        return f"\\{LETTERS[word]}"
    if word.isascii() and word.isalpha():
        return word if len(word) == 1 else f"{font}{{{word}}}"
    return None


def _digits(word: str) -> str | None:
    if word.isascii() and word.isdigit():
        return word
    return rf"\mathrm{{{word}}}" if word.isascii() and word.isalnum() else None


LATEX = LatexNotation()
