"""Derivatives proved: intervals that hold them, at a point or everywhere in a box, by balls of python-flint."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import product
from math import inf, isfinite, nextafter

from cgraph_cli.check.arb import Precision, about, between, bounds, flint, is_finite
from cgraph_cli.check.ranges import Range, ranges_of
from cgraph_cli.check.result import WRONG, Check
from cgraph_cli.check.witnesses import Checks, Enclosure, Partial
from cgraph_cli.engine.passes import forward
from cgraph_cli.graph.expand import expanded
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Any, Mapping, NamedTuple, Sequence
from cgraph_cli.syntax.expression import Program

LEAST_BITS, MOST_BITS = 128, 8192
RIGHT_BITS = 56  # of an enclosure that is not raised further
PIECES = 4000  # of a box, for each derivative
MOST_SEEN = 2 * PIECES
MOST_CORNERS = 8  # names in a box whose corners are all visited first: there monotone slopes are largest
SMALL = 2.0**-40  # of a range: a piece that is given up
LARGE = "its bounds are too large for doubles"
TIGHT = 1e-3  # of the largest slope: an enclosure that is no farther from what is attained is not cut further


class Balls:
    """A graph in balls: what user's modules and built-in functions are made of is written out, as it is defined."""

    def __init__(self, graph: Graph) -> None:
        flint()
        self.graph = expanded(graph, rows=True)[0]

    def slope(self, place: Mapping[str, Any], name: str) -> Any:
        """The ball of the derivative by a name, nan where there is no proof."""
        from cgraph_cli.check.balls import BALLS, CAREFUL, series

        moving = {one: series([ball, int(one == name)]) for one, ball in place.items()}
        output = self.graph.output
        try:
            found = forward(self.graph, moving, BALLS)[output]
        except (ValueError, ZeroDivisionError):
            found = None
        if found is None or not is_finite(found):
            found = forward(self.graph, moving, CAREFUL)[output]
        return found[1] if is_finite(found) else flint().arb.nan()

    def at(self, point: Mapping[str, float], name: str) -> Enclosure:
        """The enclosure at a point, in more and more bits until it is as narrow as doubles are."""
        arb, bits, best = flint().arb, LEAST_BITS, Enclosure(None)
        if not all(map(isfinite, point.values())):
            return Enclosure(None, "the point is not finite")
        while bits <= MOST_BITS:
            with Precision(bits):
                place = {one: about(x, abs(x) or 1.0, bits) if one == name else arb(x) for one, x in point.items()}
                ball = self.slope(place, name)
                found = enclosure_of(ball)
                best = found if found.ends or not best.ends else best
                if ball.is_finite() and ball.rel_accuracy_bits() >= RIGHT_BITS:
                    return best
            bits *= 2
        return best


def enclosure_of(ball: Any) -> Enclosure:
    """The doubles that a ball lies between, or why there are none."""
    if not ball.is_finite():
        return Enclosure(None, Precision.why)
    ends = bounds(ball)
    return Enclosure(ends) if all(map(isfinite, ends)) else Enclosure(None, LARGE)


def proved(checks: Checks) -> Checks:
    """The same with enclosures at the point. Raises MissingExtraError where python-flint is not installed."""
    prover = Balls(checks.report.graph)
    found = [within(one, prover.at(checks.point, one.wrt)) for one in checks.partials]
    return Checks(checks.report, found)


def within(partial: Partial, enclosure: Enclosure) -> Partial:
    """A derivative with what was proved of it; high precision is wrong if it lies outside."""
    ends, value = enclosure.ends, partial.value
    outside = (
        ends is not None and value is not None and not nextafter(ends[0], -inf) <= value <= nextafter(ends[1], inf)
    )
    verdict = WRONG if outside else partial.verdict
    return partial._replace(enclosure=enclosure, verdict=verdict)


class Proof(NamedTuple):
    """What is proved of a derivative in a box: where its values lie, and between which of them some are attained.

    Without a proof ``place`` is a part of the box that withstood it, and ``why`` what stands in the way there.
    """

    wrt: str
    verdict: str
    enclosure: Range | None
    attained: Range | None
    pieces: int
    place: Mapping[str, Range] | None
    why: str | None


PROVED, NOT_PROVED = "proved", "not proved"


class _Proofs(NamedTuple):
    program: Program
    output: str
    ranges: dict[str, Range]
    fixed: dict[str, float]
    partials: list[Proof]


class Proofs(Check, _Proofs):
    """Enclosures of every partial derivative over a box."""

    __slots__ = ()

    @property
    def point(self) -> Mapping[str, float]:
        """The value of every variable that has no range."""
        return self.fixed

    @property
    def passed(self) -> bool:
        """Whether every enclosure is proved."""
        return all(one.enclosure is not None for one in self.partials)

    @property
    def members(self) -> dict[str, Any]:
        """What programs read."""
        return {
            "box": {"ranges": self.ranges, "fixed": self.fixed},
            "passed": self.passed,
            "partials": [one._asdict() for one in self.partials],
        }


def enclosed(
    program: Program, graph: Graph, *, ranges: Mapping[str, Range], fixed: Mapping[str, float], wrt: Sequence[str] = ()
) -> Proofs:
    """Enclosures over the box of all ranges. Raises the errors of ``ranges_of``, MissingExtraError without flint."""
    found, prover = ranges_of(graph, ranges, fixed), Balls(graph)
    partials = [_over(prover, name, found, fixed) for name in wrt or graph.variables]
    return Proofs(program, [*graph.outputs][-1], found, dict(fixed), partials)


class _Piece(NamedTuple):
    """A part of a box: where the derivative lies in it, or why that is not known."""

    depth: int
    sides: tuple[Range, ...]
    ends: Range | None
    why: str | None


def _over(prover: Balls, name: str, ranges: Mapping[str, Range], fixed: Mapping[str, float]) -> Proof:
    """The enclosure of one derivative: the box is cut in halves where that is widest, or where there is none yet.

    What is attained for sure are the values at corners and in the middles of pieces. A piece that reaches but a small
    part farther is cut no more; one without an enclosure is given up when it is small.
    """
    seen = _Seen(prover, name, ranges, fixed)
    kept: list[_Piece] = []
    with Precision(LEAST_BITS):
        if len(ranges) <= MOST_CORNERS:
            for corner in product(*ranges.values()):
                seen.attain(corner)
        waiting = [seen.ranked(seen.piece(0, tuple(ranges.values())))]
        while waiting and seen.count < PIECES:
            *_, piece = heappop(waiting)
            if piece.ends is not None and seen.excess(piece.ends) <= seen.slack:
                kept.append(piece)
                continue
            halves = _halves(piece, seen.widths)
            if not halves:
                kept.append(piece)
                if piece.ends is None:
                    break
            for sides in halves:
                heappush(waiting, seen.ranked(seen.piece(piece.depth + 1, sides)))
    kept += [piece for *_, piece in waiting]
    attained = (seen.low, seen.high) if seen.low <= seen.high else None
    failed = max((one for one in kept if one.ends is None), key=lambda one: one.depth, default=None)
    if failed is not None:
        place = dict(zip(ranges, failed.sides, strict=True))
        return Proof(name, NOT_PROVED, None, attained, seen.count, place, failed.why)
    ends = [one.ends for one in kept if one.ends is not None]
    whole = min(low for low, _ in ends), max(high for _, high in ends)
    return Proof(name, PROVED, whole, attained, seen.count, None, None)


class _Seen:
    """The pieces of a box that were looked at, and what the derivative attains in them."""

    def __init__(self, prover: Balls, name: str, ranges: Mapping[str, Range], fixed: Mapping[str, float]) -> None:
        self.prover, self.name, self.names = prover, name, list(ranges)
        self.widths = [high - low for low, high in ranges.values()]
        self.fixed = {
            one: about(x, abs(x) or 1.0, LEAST_BITS) if one == name else flint().arb(x) for one, x in fixed.items()
        }
        self.low, self.high = inf, -inf
        self.count = 0

    def piece(self, depth: int, sides: tuple[Range, ...]) -> _Piece:
        """A piece with its enclosure; what it attains in the middle is noted."""
        self.count += 1
        self.attain([low + (high - low) / 2 for low, high in sides])
        Precision.why = None
        ball = self.slope([between(*side) for side in sides])
        return _Piece(depth, sides, *enclosure_of(ball))

    def attain(self, point: Sequence[float]) -> None:
        """Note the derivative at a point; its ball is about the point, so that what is sure is its nearer end."""
        ball = self.slope([about(x, width, LEAST_BITS) for x, width in zip(point, self.widths, strict=True)])
        ends = enclosure_of(ball).ends
        if ends is not None:
            self.low, self.high = min(self.low, ends[1]), max(self.high, ends[0])

    def slope(self, place: Sequence[Any]) -> Any:
        """The ball of the derivative where the names are in these balls."""
        return self.prover.slope({**self.fixed, **dict(zip(self.names, place, strict=True))}, self.name)

    def ranked(self, piece: _Piece) -> tuple[float, int, _Piece]:
        """What is cut next: the smallest piece without an enclosure, then what reaches farthest."""
        rank = -inf if piece.ends is None else -self.excess(piece.ends)
        return rank, -piece.depth * MOST_SEEN - self.count, piece

    def excess(self, ends: Range) -> float:
        """How far an enclosure reaches beyond what is attained."""
        return max(self.low - ends[0], ends[1] - self.high)

    @property
    def slack(self) -> float:
        """How far it may."""
        return TIGHT * max(abs(self.low), abs(self.high)) if self.low <= self.high else 0.0


def _halves(piece: _Piece, widths: Sequence[float]) -> list[tuple[Range, ...]]:
    """A piece cut at the side that is longest for its range, nothing if that is small already."""
    shares = [(high - low) / width for (low, high), width in zip(piece.sides, widths, strict=True)]
    longest = max(shares)
    place = shares.index(longest)
    low, high = piece.sides[place]
    middle = low + (high - low) / 2
    if longest < SMALL or not low < middle < high:
        return []
    before, after = piece.sides[:place], piece.sides[place + 1 :]
    return [(*before, side, *after) for side in ((low, middle), (middle, high))]
