"""A piece of code and how strongly it holds together; the operations that code treats in ways of its own."""

from __future__ import annotations

from typing import NamedTuple

from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.rules import COMPARISONS

ADD, SUB, MUL, DIV, NEG, POW, EQ, NE, WHERE, MIN, MAX, SQRT = map(
    operation, "add sub mul div neg pow eq ne where min max sqrt".split()
)
AND, OR = Operation("and"), Operation("or")  # of truth values: no rows

# The loosest first.
CHOICE, DISJUNCTION, CONJUNCTION, COMPARISON, ADDITION, MULTIPLICATION, SIGN, ATOM = range(8)
LEVELS: dict[Operation, int] = {
    **{operation(row): COMPARISON for row in sorted(COMPARISONS)},
    OR: DISJUNCTION,
    AND: CONJUNCTION,
    ADD: ADDITION,
    SUB: ADDITION,
    MUL: MULTIPLICATION,
    DIV: MULTIPLICATION,
}


class Text(NamedTuple):
    """An expression of the language and how strongly it holds together."""

    code: str
    level: int = ATOM


def indented(lines: list[str]) -> list[str]:
    """Lines one step further in."""
    return ["    " + line if line else line for line in lines]
