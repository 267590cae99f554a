"""How long derivatives are as text, written out in full, in the same notation (powers as ^, no spaces).

`cgraph diff` against SymPy's `diff` over the same formulas of every corpus each time, of at most 300 characters.

By hand: ``python -m tests.benchmarks.lengths``; with ``all``, every formula and variable, each with both derivatives.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import sympy

from cgraph_cli.graph.build import Reading, build
from cgraph_cli.graph.express import expression_of
from cgraph_cli.symbolic.derive import gradient
from cgraph_cli.symbolic.simplify import Simplifier
from cgraph_cli.syntax import expression as syntax
from cgraph_cli.syntax.parser import parse
from cgraph_cli.syntax.printer import print_expression
from tests.benchmarks.measure import CORPORA, Figure, Machine, Measure, alone

TITLE = "Length of derivatives"
LONGEST = 300
EACH = 27  # formulas of each file: 162 in all
FUNCTIONS = {"abs": "Abs", "mean": "Add", "min": "Min", "max": "Max", "lgamma": "loggamma"}


class Formula(NamedTuple):
    """A formula of a corpus and the variable to differentiate it by."""

    file: str
    id: str
    text: str
    names: tuple[str, ...]
    wrt: str


class Measured(NamedTuple):
    """A derivative as both write it, without spaces."""

    formula: Formula
    ours: str
    theirs: str

    @property
    def ratio(self) -> float:
        """Characters of ours per character of theirs."""
        return len(self.ours) / len(self.theirs)


def formulas(*, everything: bool = False) -> list[Formula]:
    """The formulas of the bench, spread evenly over every file; or all of them, by every variable."""
    found = []
    for file in sorted(CORPORA.glob("*.jsonl")):
        seen: dict[str, dict[str, Any]] = {}
        for line in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            if len(line["expr"]) <= LONGEST:
                seen.setdefault(line["expr"], line)
        lines = list(seen.values())
        count = len(lines) if everything else EACH
        for number in range(count):
            line = lines[number * len(lines) // count]
            names = tuple(line["vars"])
            asked = [line["wrt"]] if "wrt" in line else [names[number % len(names)]] if not everything else names
            found += [Formula(file.stem, line["id"], line["expr"], names, name) for name in asked]
    return found


def ours(formula: Formula) -> str:
    """The derivative that ``cgraph diff`` prints, written out in full."""
    graph = build(parse(formula.text), Reading(frozenset(formula.names)))
    derived = gradient(graph, graph.output, [formula.wrt], Simplifier(), exact=False)
    return print_expression(expression_of(derived, derived.output)).replace(" ", "")


def theirs(formula: Formula) -> str:
    """The derivative that SymPy's diff prints, with ^ for **."""
    names = {name: sympy.Symbol(name, real=True) for name in formula.names}
    program = parse(formula.text)
    derived = sympy.diff(_as_sympy(program.statements[-1].tree, names), names[formula.wrt])
    return str(derived).replace("**", "^").replace(" ", "")


# Recursion is bounded by LONGEST.
def _as_sympy(part: syntax.Syntax, names: dict[str, sympy.Symbol]) -> Any:
    if isinstance(part, syntax.Number):
        return sympy.Integer(int(part.value)) if part.value.is_integer() else sympy.Float(repr(part.value))
    if isinstance(part, syntax.Name):
        return names[part.name] if part.name in names else {"pi": sympy.pi, "e": sympy.E}[part.name]
    operands = [_as_sympy(operand, names) for operand in part.operands()]
    if isinstance(part, syntax.Unary):
        return -operands[0]
    if isinstance(part, syntax.Binary):
        first, second = operands
        if part.symbol == "/":
            return first / second
        return {"+": first.__add__, "-": first.__sub__, "*": first.__mul__, "^": first.__pow__}[part.symbol](second)
    assert isinstance(part, syntax.Call)
    return getattr(sympy, FUNCTIONS.get(part.name, part.name))(*operands)


def measured(chosen: Iterable[Formula]) -> Iterator[Measured]:
    """Both derivatives of each formula."""
    return (Measured(formula, ours(formula), theirs(formula)) for formula in chosen)


def figures(machine: Machine) -> Iterator[Figure]:
    """Mean and largest ratio of the formulas of the bench, and the mean of each corpus."""
    run, reference = "characters of `cgraph diff`", "characters of SymPy's diff"
    found = [*measured(formulas())]
    if not found:
        yield Figure(Measure("all", run, reference, 0.95), None, note="no corpora beside this checkout")
        return
    largest = max(found, key=lambda one: one.ratio)
    yield Figure(Measure("all, mean", run, reference, 0.95), statistics.mean(one.ratio for one in found))
    note = f"∂/∂{largest.formula.wrt} of {largest.formula.id}"
    yield Figure(Measure("all, largest", run, reference, 1.3), largest.ratio, note=note)
    for file in sorted({one.formula.file for one in found}):
        ratios = [one.ratio for one in found if one.formula.file == file]
        note = f"{len(ratios)} formulas, median {statistics.median(ratios):.2f}, largest {max(ratios):.2f}"
        yield Figure(Measure(file, run, reference), statistics.mean(ratios), note=note)


if __name__ == "__main__":
    if "all" not in sys.argv:
        sys.exit(alone("lengths", figures))
    for one in sorted(measured(formulas(everything=True)), key=lambda one: -one.ratio):
        print(f"{one.ratio:.2f}  {one.formula.id}: d/d{one.formula.wrt} {one.formula.text}")
        print(f"      {one.ours}\n      {one.theirs}")
