"""The witnesses at many points, drawn at random from ranges: doubles first, high precision where they are not clear."""

from __future__ import annotations

from math import inf, isfinite

from cgraph_cli.check.doubles import Rounding
from cgraph_cli.check.ranges import Range, ranges_of
from cgraph_cli.check.result import AGREES, Check
from cgraph_cli.check.witnesses import REVERSE, TOLERANCES, WORST, Judge, check_work
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.engine.straight import prepared_value
from cgraph_cli.errors import InvalidValueError
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Any, Iterator, Mapping, NamedTuple, Sequence
from cgraph_cli.report.kinks import at_kinks
from cgraph_cli.syntax.expression import Program
from cgraph_cli.syntax.printer import format_number

SEED = 1
DRAWN = 100  # times as many points as are wanted
LEAST_DRAWN = 10_000


class Sampled(NamedTuple):
    """A partial derivative at many points: how often there was each verdict, and the worst of the points.

    ``difference`` is that of reverse mode there from high precision, or where doubles were clear from the finite
    difference; None where there is nothing to be off from.
    """

    wrt: str
    verdict: str
    counts: Mapping[str, int]
    difference: float | None
    point: Mapping[str, float]


class _Samples(NamedTuple):
    program: Program
    output: str
    seed: int
    ranges: dict[str, Range]
    fixed: dict[str, float]
    points: int
    wanted: int
    outside: int
    precise: int
    partials: list[Sampled]


class Samples(Check, _Samples):
    """Every partial derivative at points of the domain.

    ``points`` of the ``wanted`` ones were found, ``outside`` more were drawn where the value is not finite, and
    ``precise`` derivatives were decided in high precision.
    """

    __slots__ = ()

    @property
    def point(self) -> Mapping[str, float]:
        """The value of every variable that is not drawn."""
        return self.fixed

    @property
    def passed(self) -> bool:
        """Whether every derivative agrees at every point."""
        return all(one.verdict == AGREES for one in self.partials)

    @property
    def counts(self) -> dict[str, int]:
        """How often each verdict occurs."""
        found = {verdict: sum(one.counts.get(verdict, 0) for one in self.partials) for verdict in reversed(WORST)}
        return {verdict: count for verdict, count in found.items() if count}

    @property
    def members(self) -> dict[str, Any]:
        """What programs read."""
        return {
            "sample": {
                "seed": self.seed,
                "ranges": self.ranges,
                "fixed": self.fixed,
                "points": self.points,
                "wanted": self.wanted,
                "outside": self.outside,
                "derivatives": self.points * len(self.partials),
                "precise": self.precise,
            },
            "tolerance": TOLERANCES,
            "passed": self.passed,
            "partials": [one._asdict() for one in self.partials],
        }


def sampled(
    program: Program,
    graph: Graph,
    count: int,
    *,
    seed: int = SEED,
    ranges: Mapping[str, Range] | None = None,
    fixed: Mapping[str, float] | None = None,
    wrt: Sequence[str] = (),
) -> Samples:
    """The verdicts at ``count`` points: names in ``fixed`` have that value, others are drawn from their range.

    Raises UnknownVariableError for other names, UsageError where there is nothing to draw, InvalidValueError for an
    empty range and for ranges in which no point of the domain is found, TooLargeError for too many of a large graph.
    """
    fixed = dict(fixed or {})
    ranges = ranges_of(graph, ranges or {}, fixed)
    check_work(graph, len(wrt or graph.variables))
    function = prepared_value(graph)
    noise = Rounding(graph)
    tallies = {name: _Tally() for name in wrt or graph.variables}
    points = outside = precise = 0
    for point in _drawn(graph, ranges, fixed, seed, max(DRAWN * count, LEAST_DRAWN)):
        values = forward(graph, point)
        if not isfinite(values[graph.output]):
            outside += 1
            continue
        passes = backward(graph, values, graph.output)
        on_kink = bool(at_kinks(graph, values, passes.reached))
        judge = Judge(graph, point, noise, lambda at: function(*at.values()))
        for name, tally in tallies.items():
            number = passes.upstream[graph.variables[name]]
            difference = None if on_kink else judge.agreed(name, number)
            verdict = AGREES
            if difference is None:
                precise += 1
                found = judge.partial(name, number, on_kink)
                verdict = found.verdict
                difference = next(one.difference for one in found.witnesses if one.name == REVERSE)
            tally.add(verdict, difference, point)
        points += 1
        if points == count:
            break
    if not points:
        drawn = ", ".join(
            f"{name} = {format_number(low)}:{format_number(high)}" for name, (low, high) in ranges.items()
        )
        help = "other ranges: --range " + ",".join(f"{name}=LOW:HIGH" for name in ranges)
        raise InvalidValueError(f"the value is finite at none of {outside:,} points drawn from {drawn}", help=help)
    partials = [Sampled(name, *tally.told()) for name, tally in tallies.items()]
    return Samples(program, [*graph.outputs][-1], seed, ranges, fixed, points, count, outside, precise, partials)


def _drawn(
    graph: Graph, ranges: Mapping[str, Range], fixed: Mapping[str, float], seed: int, most: int
) -> Iterator[dict[str, float]]:
    from random import Random

    draw = Random(seed).random
    for _ in range(most):
        parts = {name: draw() for name in ranges}
        drawn = {name: low * (1 - parts[name]) + high * parts[name] for name, (low, high) in ranges.items()}
        yield {name: drawn[name] if name in drawn else fixed[name] for name in graph.variables}


class _Tally:
    """Counts verdicts and keeps the worst point."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.worst: tuple[int, float] | None = None
        self.difference: float | None = None
        self.point: Mapping[str, float] = {}

    def add(self, verdict: str, difference: float | None, point: Mapping[str, float]) -> None:
        """One more point."""
        self.counts[verdict] = self.counts.get(verdict, 0) + 1
        rank = (-WORST.index(verdict), inf if difference is None else difference)
        if self.worst is None or rank > self.worst:
            self.worst, self.difference, self.point = rank, difference, point

    def told(self) -> tuple[str, dict[str, int], float | None, Mapping[str, float]]:
        """The worst verdict, the counts from the best verdict to the worst, the worst difference and its point."""
        counts = {verdict: self.counts[verdict] for verdict in reversed(WORST) if verdict in self.counts}
        return next(reversed(counts)), counts, self.difference, self.point
