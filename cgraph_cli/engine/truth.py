"""What numbers are in exact arithmetic, as far as high precision can tell.

A Truth is asked for quantities: numbers that are functions of a point. Of each it says the double nearest to it, nan
where there is no number (0*inf, no limit), or None where that stays undecided: because precisions do not settle it, or
because they would take too long.
"""

from __future__ import annotations

from math import inf, isfinite, isnan, nan

from cgraph_cli.engine.arithmetic import Arithmetic
from cgraph_cli.engine.mpmath import WATCH, is_slow, precise, series_in
from cgraph_cli.engine.passes import forward
from cgraph_cli.engine.quantities import Quantities
from cgraph_cli.graph.graph import Graph, operation
from cgraph_cli.light import Any, Callable, Iterator, Mapping, NamedTuple, Sequence, cached_property
from cgraph_cli.limits import FULL, LEAST

MOST_WORK = 200_000_000  # operations times bits: seconds
SERIES_BITS = 400  # from so many on a function that is summed by a series takes longer than what is around it
LEAST_BITS = 64  # beyond those that the sizes of numbers take
LARGEST = 2048  # bits of an exponent that the precision follows
MOST_BITS = 16_384
AGREE = 2.0**-56
SAME = 1e-9  # doubles that differ by less, beside the larger one, are one
STEPS = (64, 128, 256, 512, 1024)  # how many bits smaller than the point a step from it is
SCALED = frozenset(map(operation, "mul div neg abs log log2 log10 sqrt cbrt".split()))
POWER = operation("pow")
BETWEEN = [0.3 + 0.618034 * index % 0.7 for index in range(1, 13)]  # parts of a step, where signs could be others
SWINGS = 0.1  # bits by which what grows evenly may miss its size between the steps
SIDES = 3  # of a point in several variables: so many directions and their opposites
POWERS = 4  # of a step that differences have all their bits beside
MOST_POWERS = 32  # at which it is seen whether these were enough: (1 - cos(x^3))/x^6 takes 6


def same(one: float, other: float) -> bool:
    """Whether two doubles are one but for rounding."""
    return one == other or abs(one - other) <= SAME * max(abs(one), abs(other)) < inf


def both(sides: tuple[float | None, float | None]) -> tuple[float, float] | None:
    """The limits from both sides where both are known and are numbers."""
    left, right = sides
    return None if left is None or right is None or isnan(left) or isnan(right) else (left, right)


class Side(NamedTuple):
    """The limits of quantities along a direction, and what they are at its steps."""

    ends: list[Any]
    path: Sequence[Sequence[Any]]


class Truth:
    """The judge of quantities at one point and around it.

    Its precision begins where the values of all nodes of a graph have room beside each other. An evaluation costs its
    operations times the bits of its precision, and more where functions are slow; all together are bounded.
    """

    def __init__(
        self, graph: Graph, point: Mapping[str, float], arithmetic: Callable[[], Arithmetic] = precise
    ) -> None:
        self.arithmetic = arithmetic
        self.graph = graph
        self.point = point
        self.left: float = MOST_WORK
        self._starts: dict[int, tuple[Sequence[Any], bool, bool]] = {}  # the values at the point, by precision
        self._prepared: set[int] = set()

    @cached_property
    def _slow(self) -> bool:
        return is_slow(self.graph)

    @cached_property
    def _series(self) -> float:
        return series_in(self.graph) / self.graph.effort

    @cached_property
    def _sizes(self) -> tuple[int, int]:
        """The largest size of a number (for slow functions of one that meets others), and of one that meets others."""
        import mpmath
        from mpmath import mp

        with mpmath.workprec(LEAST_BITS):
            numbers = forward(self.graph, self.point, self.arithmetic())
            meeting = [numbers[arg] for node in range(len(self.graph)) for arg in _beside(self.graph, node)]
            sizes = [[abs(mp.mag(one)) for one in some if one and mp.isfinite(one)] for some in (numbers, meeting)]
        largest, beside = (max(some, default=0) for some in sizes)
        return beside if self._slow else largest, beside

    @property
    def is_narrow(self) -> bool:
        """Whether what stands beside a large number has no room in precisions that can be held against each other."""
        bits = LEAST_BITS + self._sizes[1]
        if bits > MOST_BITS // 2:  # it may be past all doubles
            return True
        return self._slow and _coefficients(bits) + _coefficients(self._next(bits)) > MOST_WORK / 4

    @cached_property
    def bits(self) -> int:
        """The first precision, with room for numbers beside each other; for slow functions only where they meet."""
        largest, beside = self._sizes
        return LEAST_BITS + max(min(largest, LARGEST), 0 if self.is_narrow else beside)

    def values(self, quantities: Quantities) -> list[float | None]:
        """Quantities at the point, at a precision that is raised until two results say the same.

        What seems to be 0 or no number is so from a precision on in which no double vanishes beside 1. An infinity is
        what the rules have (1/0 is inf), which no limit need be.
        """
        found: list[float | None] = [None] * quantities.size

        def following(bits: int) -> int:
            return max(self._next(bits), FULL)  # in fewer both may lack what vanished beside 1

        def begins(bits: int) -> bool:
            return self._work(quantities, bits, following(bits)) <= self.left

        # The first precision takes a pass to find.
        if not (quantities.size and begins(LEAST_BITS) and begins(self.bits)):
            return found
        before: Sequence[Any] = ()
        bits = self.bits
        while None in found and bits <= MOST_BITS and self._affords(quantities, bits):
            now = self._evaluated(quantities, bits, {})
            if before:
                wanted = [_settled_from(x, y) for x, y in zip(before, now, strict=True)]
                found = [float(y) + 0.0 if bits >= least else None for y, least in zip(now, wanted, strict=True)]
            before, bits = now, following(bits)
        return found

    def limits(self, quantities: Quantities, moving: Sequence[str] | None = None) -> list[float | None]:
        """What quantities tend to as the variables ``moving`` (default: all) go to the point; nan if sides differ.

        A side is a direction; where a quantity has no values along it, it does not count. One side is enough for one
        variable, two for several.
        """
        from mpmath import mp

        names = list(self.point if moving is None else moving)
        ways = [
            {name: length * mp.mpf(abs(self.point[name]) or 1) for name, length in zip(names, lengths, strict=True)}
            for lengths in directions(len(names))
        ]
        sides = self._sides(quantities, ways)
        return [_common(column, min(2, len(names))) for column in zip(*sides, strict=True)]

    def slopes(self, direction: Mapping[str, float], output: int) -> tuple[float | None, float | None]:
        """The derivatives of an output in a direction, from behind the point and from ahead, from values alone.

        A side on which the output has no values has none either: nan. So have both where it has no value at the point.
        """
        graph, starts = self.graph, self._starts
        lead = self._lead(direction)

        def quotient(at: Mapping[str, Any]) -> list[Any]:
            import mpmath
            from mpmath import mp

            step = at[lead] - self.arithmetic().number(self.point[lead])
            shift = mp.mag(self.point[lead] or 1) - mp.mag(step)
            # Of a difference that loses so many bits, and of one that is 0, as many are left as it has lost.
            with mpmath.workprec(self.bits + max(2 * shift, (mp.prec - self.bits) // 2)):
                if mp.prec not in starts:
                    starts[mp.prec] = forward(graph, self.point, self.arithmetic()), WATCH.is_left, WATCH.near
                values, left, near = starts[mp.prec]
                WATCH.left |= left
                WATCH.near |= near
                start, end = values[output], forward(graph, at, self.arithmetic())[output]
                return [(end - start) / step * direction[lead] if mp.isfinite(start) else mp.nan]

        return self.sides(Quantities(1, graph.effort // 2 + 1, quotient), direction)[0]  # in half the bits

    def sides(self, quantities: Quantities, direction: Mapping[str, float]) -> list[tuple[float | None, float | None]]:
        """What quantities tend to from behind and from ahead in a direction; nan where there are no values."""
        import mpmath
        from mpmath import mp

        if not all(isfinite(self.point[name]) and isfinite(length) for name, length in direction.items()):
            return [(nan, nan)] * quantities.size
        lead = self._lead(direction)
        unit = mp.mpf(abs(self.point[lead]) or 1) / abs(direction[lead])
        with mpmath.workprec(2 * mp.prec):  # the direction is exact
            ways = [{name: sign * length * unit for name, length in direction.items()} for sign in (-1, 1)]
        sides = self._sides(quantities, ways)
        behind, ahead = ([None if x is None else float(x) + 0.0 for x in side] for side in sides)
        return list(zip(behind, ahead, strict=True))

    def _lead(self, direction: Mapping[str, float]) -> str:
        """The variable of which a step in a direction is the greatest part; 0 is as long as 1."""
        from mpmath import mp

        return max(direction, key=lambda name: abs(mp.mpf(direction[name])) / (abs(self.point[name]) or 1))

    def _sides(self, quantities: Quantities, ways: Sequence[Mapping[str, Any]]) -> Sequence[Sequence[Any]]:
        """The limits along directions: nan where there are no values, None where it is not clear.

        A first step in many more bits tells whether something has been lost that is no less than what is left.
        """
        import mpmath

        powers = MOST_POWERS
        while powers > 2 * POWERS and self._bits(STEPS[0], powers) > MOST_BITS:
            powers //= 2
        bits, least = self._bits(STEPS[0], powers), [*map(self._bits, STEPS[:3])]
        if self._work(quantities, *least * len(ways), bits) > self.left:
            return [[None] * quantities.size for _ in ways]  # at once: one side alone says nothing
        found = [self._side(quantities, way) for way in ways]
        seen: set[int] = set()
        for way, side in zip(ways, found, strict=True):
            known = {index for index, one in enumerate(side.ends) if one is not None and one == one}
            if known <= seen:
                continue
            seen |= known
            if not self._affords(quantities, bits):
                return [[None] * quantities.size for _ in ways]
            whole = self._evaluated(quantities, bits, way, self.bits + STEPS[0])
            with mpmath.workprec(self.bits):
                pairs = [(side.path[0][index], whole[index]) for index in known]
                is_whole = all(_is_whole(*pair, self.bits + STEPS[0], powers) for pair in pairs)
            if not is_whole:
                return [self._side(quantities, one, powers).ends for one in ways]
        return [side.ends for side in found]

    def _side(self, quantities: Quantities, direction: Mapping[str, Any], powers: int = POWERS) -> Side:
        """The limits along a direction, and what there is at its steps."""
        import mpmath

        found: list[Any] = [None] * quantities.size
        path: list[Sequence[Any]] = []
        for step in STEPS:
            bits = self._bits(step, powers)
            if None not in found or not self._affords(quantities, bits):
                break
            path.append(self._evaluated(quantities, bits, direction, self.bits + step))
            with mpmath.workprec(self.bits):
                found = [_end(column) for column in zip(*path, strict=True)]
        return Side(self._between(quantities, direction, Side(found, path), powers), path)

    def _between(self, quantities: Quantities, direction: Mapping[str, Any], side: Side, powers: int) -> list[Any]:
        """Of limits along a direction those that hold between the steps too: what swings has none."""
        import mpmath
        from mpmath import mp

        found, path = side
        infinite = any(one is not None and mp.isinf(one) for one in found)
        count = 0 if all(one is None for one in found) else len(BETWEEN) if infinite else 1
        step = STEPS[len(path) - 2]
        for part in BETWEEN[:count]:
            bits = self._bits(step, powers)
            if not self._affords(quantities, bits):
                return [None] * quantities.size
            way = {name: mp.fmul(length, part, exact=True) for name, length in direction.items()}
            between = self._evaluated(quantities, bits, way, self.bits + step)
            with mpmath.workprec(self.bits):
                ends = zip(found, zip(*path, strict=True), between, strict=True)
                found = [one if one is None or _holds(one, column, x, part) else None for one, column, x in ends]
        return found

    def _bits(self, step: int, powers: int = POWERS) -> int:
        """The precision at a step from the point: what is left of differences of differences has all its bits."""
        return self.bits + powers * (self.bits + step)

    def _next(self, bits: int) -> int:
        """The precision that is tried after another."""
        return bits * 5 // 4 if self._slow else 2 * bits

    def _work(self, quantities: Quantities, *precisions: int) -> float:
        """What evaluations take, in operations times bits; mpmath makes the coefficients of slow functions once."""
        inside = [bits * quantities.stretch for bits in precisions]
        new = set(inside) - self._prepared if self._slow else ()
        one = sum(bits * (1 + self._series * bits / SERIES_BITS) for bits in inside)
        return quantities.operations * one + sum(map(_coefficients, new))

    def _affords(self, quantities: Quantities, bits: int) -> bool:
        self.left -= self._work(quantities, bits)
        self._prepared.add(bits * quantities.stretch)
        return self.left >= 0

    def _evaluated(
        self, quantities: Quantities, bits: int, direction: Mapping[str, Any], size: int = 0
    ) -> Sequence[Any]:
        """Quantities beside the point, by 2^-size of a direction.

        None is what is no number for want of range, as inf/inf of two that are finite, or 0 for it, as 2^70000/inf, and
        beside the point what is infinite for another reason: 1/0; and all where a choice is between numbers that the
        precision does not tell apart, or that are equal or vanish in a sum for want of bits.
        """
        import mpmath
        from mpmath import mp

        number = self.arithmetic().number
        with mpmath.workprec(bits), WATCH:
            at = {name: number(x) for name, x in self.point.items()}
            for name, length in direction.items():
                at[name] += mp.ldexp(length, -size)
            found = quantities.at(at)
            few = (WATCH.same or WATCH.lost) and bits < FULL and not direction
            if WATCH.near or few or (WATCH.lost and self.is_narrow):
                return [None] * quantities.size
            if WATCH.is_left:
                return [None if x != x or x == 0 else x for x in found]
            return [None if mp.isinf(x) else x for x in found] if direction else found


def _coefficients(bits: int) -> float:
    """The work for what slow functions are computed with in so many bits."""
    return bits**3 / 4096


def _beside(graph: Graph, node: int) -> Sequence[int]:
    """The arguments of a node whose sizes matter beside other numbers: a product needs no room for a large factor."""
    arguments, op = graph.arguments(node), graph.ops[node]
    return () if op in SCALED else arguments[1:] if op is POWER else arguments


def directions(count: int) -> Iterator[list[float]]:
    """Both ways along a line; else directions that lie in no plane of coordinates or diagonal, and their opposites."""
    for side in range(SIDES if count > 1 else 1):
        lengths = [1 + (0.618034 * (index + 1) * (side + 1)) % 1 for index in range(count)]
        signs = [-1 if (index >> max(side - 1, 0)) % 2 and side else 1 for index in range(count)]
        yield [length * sign for length, sign in zip(lengths, signs, strict=True)]
        yield [-length * sign for length, sign in zip(lengths, signs, strict=True)]


def _settled_from(x: Any, y: Any) -> float:
    """From how many bits on results of two precisions that follow each other say the same double."""
    from mpmath import mp

    if x is None or y is None:
        return inf
    if mp.isinf(y) and x == y:
        return MOST_BITS // 2  # 1/0, or one by a difference that more bits tell from 0
    if (mp.isnan(x) and mp.isnan(y)) or (x is not y and abs(x) < LEAST and abs(y) < LEAST):
        return FULL
    return 0 if x is y or _same(x, y) else inf  # one object: a zero to which nothing was ever added


def _is_whole(x: Any, whole: Any, size: int, powers: int) -> bool:
    """Whether a number beside a point, by 2^-size, is what it is in ``powers`` times as many bits, or nothing there."""
    from mpmath import mp

    if x is None or whole is None:
        return x is whole
    vanishes = abs(x) < mp.ldexp(1, -size // POWERS) and abs(whole) < mp.ldexp(1, -size * powers // 2)
    return bool(vanishes or _same(x, whole) or (x != x and whole != whole))


def _end(path: Sequence[Any]) -> Any:
    """Where numbers go whose steps are squared from one to the next; nan if nowhere, None while that is not clear."""
    from mpmath import mp

    steps = STEPS[: len(path)]
    while None in path:  # what is no number near the point may be one nearer to it, where there are more bits
        path = path[path.index(None) + 1 :]
    if len(path) > 1 and all(map(mp.isnan, path[-2:])):
        return nan
    if len(path) > 1 and _same(path[-2], path[-1]):
        return path[-1]
    if not all(map(mp.isfinite, path[-2:])):
        return None
    if len(path) < 3 or not mp.isfinite(path[-3]):
        return None
    if all(abs(one) < mp.ldexp(1, -step) for one, step in zip(path[-3:], steps[-3:], strict=True)):
        return mp.zero  # what is 0 itself too, of which rounding leaves something or nothing
    if 0 in path[-3:]:
        return None
    first, second, third = path[-3:]
    if _same(third - second, 2 * (second - first)):  # like the logarithm of the step
        return mp.inf * mp.sign(third)
    growth, then = mp.log(abs(second / first), 2), mp.log(abs(third / second), 2)
    like_a_power = abs(then) > 1 and abs(then - 2 * growth) < 0.05 * abs(then)
    faster = growth * then > 2 * growth**2 > 200
    if like_a_power or faster:
        return mp.inf * mp.sign(third) if then > 0 else mp.zero
    return None


def _holds(limit: Any, path: Sequence[Any], between: Any, part: float) -> bool:
    """Whether a number at ``part`` of the last step but one goes where those at the steps go, and as they do."""
    from mpmath import mp

    at = path[-2]
    if between is None:
        return False
    if limit == 0:
        return bool(abs(between) < AGREE if at == 0 else abs(between) ** 2 < abs(at))
    if limit != limit or _same(at, path[-1]):
        return bool(between != between and at != at) or _same(between, at)
    if not between or mp.sign(between) != mp.sign(limit):
        return False
    growth, then = mp.log(abs(at / path[-3]), 2), mp.log(abs(path[-1] / at), 2)
    before, last = STEPS[len(path) - 3], STEPS[len(path) - 2]
    expected = -growth * mp.log(part, 2) / (last - before)
    return bool(then > 3 * abs(growth) > 30 or abs(mp.log(abs(between / at), 2) - expected) < SWINGS)


def _common(sides: Sequence[Any], enough: int) -> float | None:
    """The one limit from all sides that have values."""
    if None in sides:
        return None
    real = [one for one in sides if one == one]
    if not real:
        return nan
    if len(real) < enough:
        return None
    return float(real[0]) + 0.0 if all(_same(one, real[0]) for one in real) else nan


def _same(x: Any, y: Any) -> bool:
    return bool(x == y or abs(x - y) <= AGREE * min(abs(x), abs(y)) < inf)
