"""What is exported, and the words that every language writes about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cgraph_cli.export.straight import Straight
from cgraph_cli.graph.graph import Graph
from cgraph_cli.syntax.expression import Program

# How strongly an expression holds together, the loosest first.
CHOICE, DISJUNCTION, CONJUNCTION, COMPARISON, ADDITION, MULTIPLICATION, SIGN, ATOM = range(8)


class Text(NamedTuple):
    """An expression of the language: how strongly it holds together and whether it is a truth value."""

    code: str
    level: int = ATOM
    logical: bool = False


class Check(NamedTuple):
    """A number that a self-test expects, and how far from it the result may be."""

    label: str
    expected: float
    tolerance: float


class Job(NamedTuple):
    """What is exported: the function's name, its variables, the derivatives wanted and the straight-line form.

    ``formula`` has one statement a line. ``point`` and ``checks`` are for a self-test. ``program`` and ``graph`` are
    what it was made from.
    """

    name: str
    output: str
    variables: list[str]
    wrt: list[str]
    straight: Straight
    formula: list[str]
    program: Program
    graph: Graph
    simplify: bool = True
    named: bool = False
    point: list[float] | None = None
    checks: Sequence[Check] = ()


def value_of(outputs: Mapping[str, Text]) -> Text:
    """The expression of the value."""
    return outputs["value"]


def gradient_of(job: Job, outputs: Mapping[str, Text]) -> list[Text]:
    """The expressions of the gradient's components."""
    return [outputs[f"d/d{name}"] for name in job.wrt]


def agreement(job: Job) -> str:
    """What a self-test says when it is content."""
    count = len(job.checks)
    return f"{count} numbers agree" if count != 1 else "1 number agrees"


def unused(job: Job, parameters: Sequence[str]) -> list[str]:
    """The parameters that neither the value nor the gradient depends on."""
    uses = job.straight.uses()
    nodes = job.straight.graph.variables
    return [one for one, variable in zip(parameters, job.variables, strict=True) if not uses[nodes[variable]]]


def labels(job: Job) -> list[str]:
    """What the components are called: df/dx."""
    return [f"d{job.output}/d{name}" for name in job.wrt]


def about(job: Job) -> list[str]:
    """The lines of the comment: the formula, shortened only where it would fill pages."""
    return [line if len(line) <= 4000 else f"{line[:4000]} ... ({len(line)} characters)" for line in job.formula]


def wrapped(open: str, items: Sequence[str], close: str, *, width: int = 88, comma: bool = True) -> list[str]:
    """A list on one line if it fits, else one item a line."""
    line = open + ", ".join(items) + close
    if len(line) <= width or len(items) < 2:
        return [line]
    last = "," if comma else ""
    return [open, *(f"    {item}," for item in items[:-1]), f"    {items[-1]}{last}", close]


def listed(words: Sequence[str], most: int = 8) -> str:
    """Words with commas; the middle of a long list is left out."""
    if len(words) <= most:
        return ", ".join(words)
    return ", ".join([*words[:3], "...", words[-1]])
