"""A piece of code and how strongly it holds together; the operations that code treats in ways of its own."""

from __future__ import annotations

from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.light import NamedTuple
from cgraph_cli.rules import COMPARISONS

ADD, SUB, MUL, DIV, NEG, POW, EQ, NE, WHERE, MIN, MAX, SQRT = map(
    operation, "add sub mul div neg pow eq ne where min max sqrt".split()
)
AND, OR = Operation("and"), Operation("or")  # of truth values: no rows


class Level:
    """How strongly an expression holds together, the loosest first."""

    CHOICE, DISJUNCTION, CONJUNCTION, COMPARISON, ADDITION, MULTIPLICATION, SIGN, ATOM = range(8)


LEVELS: dict[Operation, int] = {
    **{operation(row): Level.COMPARISON for row in sorted(COMPARISONS)},
    OR: Level.DISJUNCTION,
    AND: Level.CONJUNCTION,
    ADD: Level.ADDITION,
    SUB: Level.ADDITION,
    MUL: Level.MULTIPLICATION,
    DIV: Level.MULTIPLICATION,
}


class Text(NamedTuple):
    """An expression of the language and how strongly it holds together."""

    code: str
    level: int = Level.ATOM


def indented(lines: list[str]) -> list[str]:
    """Lines one step further in."""
    return ["    " + line if line else line for line in lines]
