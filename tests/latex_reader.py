"""An independent reader of the LaTeX that cgraph writes: mathematics in LaTeX to a number, by the usual precedence.

It knows nothing of how cgraph prints. What it does not know is an error, and so is a sign right after an operator.
Factors may stand side by side where nobody can read them otherwise: a number in second place, the fraction of a mixed
number, parentheses that would make a call of a name and two words without a space between them are errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from cgraph_cli import evaluate

TOKEN = re.compile(r"\\left\\lfloor|\\right\\rfloor|\\left\\lceil|\\right\\rceil|\\left[(\[|]|\\right[)\]|]"
                   r"|\\begin\{cases\}|\\end\{cases\}|\\text\{[^}]*\}|\\operatorname\{[^}]*\}|\\math[a-z]+\{[^}]*\}"
                   r"|\\(?:grave|acute|hat|tilde|bar|breve|d?dot|check|vec)\{[^}]*\}"
                   r"|\\[a-zA-Z]+|\\\\|\\,|[0-9.]+|\S")  # fmt: skip
ENDS = {"", "+", "-", "}", ",", "&", r"\\", "=", "<", ">", r"\neq", r"\leq", r"\geq"}
WORD = re.compile(r"\\(?:mathit|mathtt|text)")
FUNCTIONS = {r"\ln": "log", r"\arcsin": "asin", r"\arccos": "acos", r"\arctan": "atan", r"\Gamma": "gamma"}
RELATIONS = {"=": "==", "<": "<", ">": ">", r"\neq": "!=", r"\leq": "<=", r"\geq": ">="}


def apply(text: str, **values: float) -> float:
    return evaluate(text, values).value


def check_heights(tokens: list[str]) -> None:
    """Parentheses grow around what is tall, and only there: TeX sets a space before those that grow."""
    opened: list[tuple[str, int]] = []
    for at, token in enumerate(tokens):
        if token in (r"\left(", "("):
            opened.append((token, at))
        elif token in (r"\right)", ")"):
            opening, start = opened.pop()
            assert opening.startswith("\\") == token.startswith("\\"), "one of two parentheses grows"
            is_tall = not {r"\frac", r"\sqrt", r"\begin{cases}"}.isdisjoint(tokens[start:at])
            assert opening.startswith("\\") == is_tall, "".join(tokens[start : at + 1])
    assert not opened, "a parenthesis is open"


class Reader:
    """Reads one formula; ``names`` gives the value of each variable by its LaTeX.

    Where it is one without broken lines the ``heights`` of its parentheses are checked.
    """

    def __init__(self, text: str, names: Mapping[str, float], *, heights: bool = True) -> None:
        self.tokens = TOKEN.findall(text)
        assert "".join(self.tokens) == re.sub(r"\s", "", text) or r"\text" in text
        if heights:
            check_heights(self.tokens)
        self.tokens = [{"(": r"\left(", ")": r"\right)"}.get(token, token) for token in self.tokens]
        self.names = names
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        assert token, "the formula ends too early"
        assert expected in (None, token), f"{expected} expected, not {token}"
        self.at += 1
        return token

    def whole(self) -> float:
        value = self.sum()
        assert self.at == len(self.tokens), f"{self.tokens[self.at :]} is left"
        return value

    def sum(self) -> float:
        sign = ""
        if self.peek() == "-":
            sign = self.take()
        value = self.product()
        if sign:
            value = -value
        while self.peek() in ("+", "-"):
            operator = self.take()
            value = apply(f"a {operator} b", a=value, b=self.product())
        return value

    def product(self) -> float:
        value = self.power()
        while True:
            before = self.tokens[self.at - 1]
            spaced = self.peek() == r"\,"
            if self.peek() == r"\cdot":
                self.take()
                assert self.peek() != "-", "a sign after a dot"
            elif spaced:
                self.take()
            elif self.peek() in ENDS or self.peek().startswith((r"\right", r"\text{if", r"\text{otherwise")):
                return value
            else:
                self.check_side_by_side(before, self.peek())
            if spaced:
                assert WORD.match(before) or WORD.match(self.peek()) or before == "}", "a space that says nothing"
            value = apply("a*b", a=value, b=self.power())

    def check_side_by_side(self, before: str, after: str) -> None:
        assert not after[0].isdigit(), "a number beside a factor"
        assert not (before[0].isdigit() and after == r"\frac"), "a mixed number"
        if after == r"\left(":
            assert before == r"\right)" or before[0].isdigit(), f"{before} is called"
        assert not any(map(WORD.match, (before, after))), f"{before} and {after} run together"

    def power(self) -> float:
        value = self.atom()
        if self.peek() == "^":
            self.take()
            value = apply("a^b", a=value, b=self.braced())
            assert self.peek() != "^", "a double superscript"
        return value

    def braced(self) -> float:
        self.take("{")
        value = self.sum()
        self.take("}")
        return value

    def raw(self) -> str:
        text, depth = self.take("{"), 1
        while depth:
            token = self.take()
            depth += {"{": 1, "}": -1}.get(token, 0)
            text += token
        return text

    def fenced(self, left: str, right: str) -> float:
        self.take(left)
        value = self.sum()
        self.take(right)
        return value

    def relation(self) -> float:
        left = self.sum()
        symbol = RELATIONS[self.take()]
        return apply(f"a {symbol} b", a=left, b=self.sum())

    def atom(self) -> float:
        token = self.peek()
        if token == r"\left(":
            return self.fenced(r"\left(", r"\right)")
        if token in (r"\left|", r"\left\lfloor", r"\left\lceil"):
            name, right = {"|": ("abs", r"\right|"), "r": ("floor", r"\right\rfloor"), "l": ("ceil", r"\right\rceil")}[
                "|" if token.endswith("|") else "r" if "floor" in token else "l"
            ]
            return apply(f"{name}(a)", a=self.fenced(token, right))
        special: dict[str, Callable[[], float]] = {
            r"\left[": self.bracket, r"\frac": self.fraction, r"\sqrt": self.root, r"\begin{cases}": self.cases,
        }  # fmt: skip
        if token in special:
            return special[token]()
        self.take()
        if re.fullmatch(r"[0-9]*\.?[0-9]+|[0-9]+\.", token):
            return float(token)
        if token == r"\infty":
            return float("inf")
        name = token
        while self.peek() == "_":
            name += self.take() + self.raw()
        if name in self.names:
            return self.names[name]
        if name == "e":
            return 2.718281828459045
        return self.function(name)

    def bracket(self) -> float:
        self.take(r"\left[")
        value = self.relation()
        self.take(r"\right]")
        return value

    def fraction(self) -> float:
        self.take()
        above = self.braced()
        return apply("a/b", a=above, b=self.braced())

    def root(self) -> float:
        self.take()
        if self.peek() == "[":
            for part in "[3]":
                self.take(part)
            return apply("cbrt(a)", a=self.braced())
        return apply("sqrt(a)", a=self.braced())

    def cases(self) -> float:
        self.take()
        first = self.sum()
        self.take("&")
        self.take(r"\text{if }")
        condition = self.relation()
        self.take(r"\\")
        second = self.sum()
        self.take("&")
        self.take(r"\text{otherwise}")
        self.take(r"\end{cases}")
        return first if condition else second

    def function(self, name: str) -> float:
        if name == r"\ln" and self.peek() == r"\Gamma":
            self.take()
            function = "lgamma"
        elif name in (r"\log_{2}", r"\log_{10}"):
            function = "log2" if "2" in name else "log10"
        elif name.startswith(r"\operatorname{"):
            function = re.sub(r"^ar(?=[^c]|c[os]|csch|coth)(?!c(sec|csc|cot)$)", "a", name[14:-1].replace("\\", ""))
        else:
            function = FUNCTIONS.get(name, name.removeprefix("\\"))
        exponent = None
        if self.peek() == "^":
            self.take()
            exponent = self.braced()
        self.take(r"\left(")
        arguments = [self.sum()]
        while self.peek() == ",":
            self.take()
            arguments.append(self.sum())
        self.take(r"\right)")
        letters = [f"a{position}" for position in range(len(arguments))]
        value = apply(f"{function}({', '.join(letters)})", **dict(zip(letters, arguments, strict=True)))
        return value if exponent is None else apply("a^b", a=value, b=exponent)
