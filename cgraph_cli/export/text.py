"""A piece of code and how strongly it holds together."""

from __future__ import annotations

from typing import NamedTuple

# The loosest first.
CHOICE, DISJUNCTION, CONJUNCTION, COMPARISON, ADDITION, MULTIPLICATION, SIGN, ATOM = range(8)
LEVELS = {
    **dict.fromkeys(("lt", "le", "gt", "ge", "eq", "ne"), COMPARISON),
    "or": DISJUNCTION,
    "and": CONJUNCTION,
    "add": ADDITION,
    "sub": ADDITION,
    "mul": MULTIPLICATION,
    "div": MULTIPLICATION,
}


class Text(NamedTuple):
    """An expression of the language and how strongly it holds together."""

    code: str
    level: int = ATOM
