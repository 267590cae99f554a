"""How long derivatives are as text, run by hand: ``python -m tests.benchmarks.lengths [most]``.

Characters of ``cgraph diff`` against those of SymPy's ``diff`` in the same notation (powers as ^, no spaces), over the
same formulas of every corpus each time; with ``all``, over every formula and variable of the corpora. A formula is one
of at most LONGEST characters, written out in full by both.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import sympy

from cgraph_cli.graph.build import Reading, build
from cgraph_cli.graph.express import expression_of
from cgraph_cli.symbolic.derive import gradient
from cgraph_cli.symbolic.simplify import Simplifier
from cgraph_cli.syntax import expression as syntax
from cgraph_cli.syntax.parser import parse
from cgraph_cli.syntax.printer import print_expression

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"
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
    derived = sympy.diff(_as_sympy(program.statements[-1].value, names), names[formula.wrt])
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


def table(found: Sequence[Measured]) -> Iterator[str]:
    """One line per file, and one for all."""
    yield "file             formulas     mean   median  largest   over 1.3"
    files = sorted({one.formula.file for one in found})
    for file in (*files, "all"):
        ratios = [one.ratio for one in found if file in (one.formula.file, "all")]
        over = sum(ratio > 1.3 for ratio in ratios)
        yield (
            f"{file:<16} {len(ratios):8} {statistics.mean(ratios):8.3f} {statistics.median(ratios):8.3f}"
            f" {max(ratios):8.3f} {over:10}"
        )


if __name__ == "__main__":
    result = list(measured(formulas(everything="all" in sys.argv)))
    print("\n".join(table(result)), "\n")
    for one in sorted(result, key=lambda one: -one.ratio)[:20]:
        print(f"{one.ratio:.2f}  {one.formula.id}: d/d{one.formula.wrt} {one.formula.text}")
        print(f"      {one.ours}\n      {one.theirs}")
