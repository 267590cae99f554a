"""An expression in its stable form, and what that does for the digits of value and gradients at a point."""

from __future__ import annotations

from itertools import islice
from math import isfinite, isnan

from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.engine.quantities import by_rules
from cgraph_cli.engine.truth import Truth
from cgraph_cli.graph.build import AS_WRITTEN, Reading, build
from cgraph_cli.graph.express import needed, program_as_written
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Iterator, Mapping, NamedTuple, Sequence
from cgraph_cli.report.digits import digits_of
from cgraph_cli.report.series import Expansions
from cgraph_cli.report.shown import FEW, Shown
from cgraph_cli.symbolic.stable import Change, single_steps, stable
from cgraph_cli.syntax.expression import Program
from cgraph_cli.syntax.parser import parse

MOST_NODES = 400  # of a graph whose single rewrites are tried at a point
VISITS, FEW_VISITS = 20_000, 400  # of nodes, a millisecond or more each
WIDTH, STEPS, TRIES = 4, 3, 150  # rewrites that are followed up, one after the other, and tried each time
ENOUGH = 12.0  # digits that leave nothing to wish for
SLACK = 0.5  # of a digit: rounding
GAIN = 3.5  # digits: less may be chance, of so many rewrites that are tried

Digits = tuple[float | None, ...]


class Numbers(NamedTuple):
    """Value and gradients by all variables of each output, how many digits of each are right (None: not known)."""

    numbers: Sequence[float]
    digits: Digits


class Tried(NamedTuple):
    """A graph with the changes that made it, and its numbers at the point."""

    graph: Graph
    changes: list[Change]
    found: Numbers

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """What makes one better than another: whole digits of the worst and of all, fewer changes, a shorter graph."""
        known = [int(min(one, ENOUGH)) for one in self.found.digits if one is not None]
        return min(known, default=0), sum(known), -len(self.changes), -sum(needed(self.graph, [self.graph.output]))

    @property
    def is_enough(self) -> bool:
        """Whether no number has lost its digits."""
        return all(one is None or one >= ENOUGH for one in self.found.digits)


class AtPoint:
    """A graph at a point: its value and gradients in high precision, and rewrites that come nearer to them."""

    def __init__(self, graph: Graph, point: Mapping[str, float], visits: int = VISITS) -> None:
        self.graph = graph
        self.visits = visits
        self.point = {name: point[name] for name in graph.variables}
        self.true = exact(graph, self.point)

    def numbers(self, graph: Graph) -> Numbers:
        """The numbers of another graph of the same function."""
        values = forward(graph, self.point)
        found: list[float] = []
        for node in graph.outputs.values():
            upstream = backward(graph, values, node).upstream
            found.append(values[node])
            found += [upstream[graph.variables[name]] if name in graph.variables else 0.0 for name in self.point]
        return Numbers(
            found,
            tuple(None if true is None else digits_of(one, true) for one, true in zip(found, self.true, strict=True)),
        )

    def tried(self, graph: Graph, changes: list[Change]) -> Tried:
        return Tried(graph, changes, self.numbers(graph))

    def best(self) -> Tried:
        """The graph with the rewrites that make its digits better and none worse; itself if there are none."""
        as_it_is = self.tried(self.graph, [])
        if as_it_is.is_enough:
            return as_it_is
        whole = self.whole()
        starts = [as_it_is, *([whole] if whole.changes else [])]
        best = self.search(as_it_is, starts, 1 if whole.is_enough else STEPS)
        return self.better(as_it_is, [best, whole])

    def most(self) -> Tried:
        """The graph in its stable form, with what more its digits need at the point."""
        as_it_is, whole = self.tried(self.graph, []), self.whole()
        if not is_no_worse(as_it_is.found.digits, whole.found.digits):
            return self.best()
        return whole if whole.is_enough else self.search(whole, [whole], STEPS)

    def whole(self) -> Tried:
        """The graph with all rewrites that are right everywhere."""
        return self.tried(*stable(self.graph))

    def search(self, before: Tried, found: Sequence[Tried], steps: int) -> Tried:
        """The best of what is no worse than ``before`` and some steps away."""
        best = before
        for _ in range(steps if len(self.graph) <= MOST_NODES else 0):
            found = sorted((one for old in found for one in self.steps(old)), key=lambda one: one.rank, reverse=True)
            found = found[:WIDTH]
            best = self.better(before, [best, *found])
            if best.is_enough:
                break
        return best

    def better(self, before: Tried, found: Sequence[Tried]) -> Tried:
        """The best of some in which no number has fewer digits than before, and one has more than chance gives it."""
        digits = before.found.digits
        worth = [one for one in found if gains(digits, one.found.digits) and is_no_worse(digits, one.found.digits)]
        return max([before, *worth], key=lambda one: one.rank)

    def steps(self, old: Tried) -> Iterator[Tried]:
        """A graph with one rewrite more; the search for them visits all nodes, once and for each that is made."""
        self.visits -= len(old.graph)
        if self.visits < 0:
            return
        for step in islice(single_steps(old.graph, Expansions(old.graph, self.point).steps), TRIES):
            self.visits -= len(old.graph)
            yield self.tried(step.graph, [*old.changes, *step.changes])
            if self.visits < 0:
                return


class Compared(NamedTuple):
    """A value (``wrt`` None) or a gradient, before and after, with its right digits (None: not known)."""

    output: str
    wrt: str | None
    true_value: float | None
    before: float
    after: float
    digits_before: float | None
    digits_after: float | None

    @property
    def word(self) -> str:
        """What it is where it counts as a finding: a number without its digits."""
        return "warning"


class _Rewritten(NamedTuple):
    program: Program
    output: str
    stable: Program
    changes: list[Change]
    variables: Mapping[str, float]
    numbers: list[Compared]


class Rewritten(Shown, _Rewritten):
    """An expression in its stable form, the changes, and at a point, if one was given, what they do for the digits."""

    __slots__ = ()
    kind = "rewritten"

    @property
    def warnings(self) -> list[Compared]:
        """The numbers that still have too few digits."""
        return [one for one in self.numbers if one.digits_after is not None and one.digits_after < FEW]


def rewrite(program: Program, reading: Reading = AS_WRITTEN, values: Mapping[str, float] | None = None) -> Rewritten:
    """The stable form of a program; at a point with what more it needs there, and never with fewer digits."""
    graph = build(program, reading)
    output = next(reversed(graph.outputs))
    if not values and graph.variables:
        found = stable(graph)
        return Rewritten(program, output, _program(found.graph, program), found.changes, {}, [])
    judge = AtPoint(graph, values or {})
    before, after = judge.numbers(graph), judge.most()
    compared = zip(judge.true, before.numbers, after.found.numbers, strict=True)
    if any(true is None and isnan(one) and not isnan(other) for true, one, other in compared):
        after = judge.tried(graph, [])  # the point is outside the domain: exp(log(x)) at -2 is no -2
    names = [(name, wrt) for name in graph.outputs for wrt in (None, *graph.variables)]
    pairs = zip(before.numbers, after.found.numbers, strict=True)
    digits = zip(before.digits, after.found.digits, strict=True)
    columns = zip(names, judge.true, pairs, digits, strict=True)
    numbers = [Compared(*name, true, *pair, *right) for name, true, pair, right in columns]
    return Rewritten(program, output, _program(after.graph, program), after.changes, judge.point, numbers)


def _program(graph: Graph, program: Program) -> Program:
    """A graph as a program read from a text of its own, which places in it are places of."""
    return parse(program_as_written(graph).source, program.max_nodes)


def stable_at(graph: Graph, point: Mapping[str, float]) -> Tried:
    """A graph with those rewrites only that give its value and gradients at a point digits that they lack.

    It is not searched for as long as ``rewrite`` does: it comes with a warning that nobody has asked for.
    """
    return AtPoint(graph, point, visits=FEW_VISITS).best()


def gains(before: Digits, after: Digits) -> bool:
    """Whether a number has digits that it had not."""
    pairs = zip(before, after, strict=True)
    return any(other - one >= GAIN for one, other in pairs if one is not None and other is not None)


def is_no_worse(before: Digits, after: Digits) -> bool:
    """Whether no number has lost digits that it had."""
    pairs = [(one, other) for one, other in zip(before, after, strict=True) if one is not None and other is not None]
    return all(other >= min(one, ENOUGH) - SLACK for one, other in pairs)


def exact(graph: Graph, point: Mapping[str, float]) -> list[float | None]:
    """The values and the gradients in high precision; where they are not finite, what they tend to, None if nothing."""
    wanted = [(output, by) for output in graph.outputs.values() for by in (None, *graph.variables.values())]
    quantities = by_rules(graph, wanted)
    truth = Truth(graph, point)
    found = truth.values(quantities)
    if all(one is None or isfinite(one) for one in found):
        return found
    limits = truth.limits(quantities)
    known = [
        number if number is None or isfinite(number) or limit is None else limit
        for number, limit in zip(found, limits, strict=True)
    ]
    return [None if one is None or isnan(one) else one for one in known]
