"""Numbers as they were typed: with more digits than a double has."""

from __future__ import annotations

import sys

from cgraph_cli.limits import LEAST_NORMAL
from cgraph_cli.syntax.expression import SUPERSCRIPT_DIGITS, Program

SURE = 15  # a double reads back so many digits as they were


class Typed(float):
    """The double nearest to what was typed, and its ``text``: a decimal, or an expression such as pi/2.

    A text too large for a double has the largest one.
    """

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str, value: float) -> Typed:
        typed = super().__new__(cls, min(max(value, -sys.float_info.max), sys.float_info.max))
        typed.text = text.strip().replace("_", "")
        return typed

    def __neg__(self) -> Typed:
        text = self.text.removeprefix("-") if self.text[0] == "-" else f"-{self.text}"
        return Typed(text, -float(self))

    def __repr__(self) -> str:
        return self.text


def is_zero(text: str) -> bool:
    """Whether a text is a spelling of 0."""
    return _as_double(text) == 0 and _digits(text) == ""


def vanishes(text: str) -> bool:
    """Whether a text is a number other than 0 that a double takes for 0."""
    return _as_double(text) == 0 and _digits(text) != ""


def _as_double(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _digits(text: str) -> str:
    return text.strip().lower().partition("e")[0].strip("+-0._")


def as_typed(program: Program) -> Program:
    """The program, each of its numbers that a double need not have as it was typed."""
    for statement in program.statements:
        flat = statement.flat
        for at, part in enumerate(flat.parts):
            if type(part) is not float:
                continue
            start, end = flat.starts[at], flat.ends[at]
            if end - start > SURE or not LEAST_NORMAL <= part <= sys.float_info.max:
                text = program.source[start:end].translate(SUPERSCRIPT_DIGITS).lstrip("-").lower()
                flat.parts[at] = Typed(text, part)
        statement.take(flat)
    return program
