"""Taylor polynomials for what is 0/0 or inf - inf at 0: (1 - cos(x))/x^2 is 1/2 - x^2/24 + x^4/720 where x is small.

The coefficients come from values in high precision around 0, and count only where they are simple fractions and the
polynomial has the values.
"""

from __future__ import annotations

from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import forward
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import TYPE_CHECKING, Any, Iterator, Mapping, NamedTuple, Sequence, cached_property
from cgraph_cli.symbolic import ops
from cgraph_cli.symbolic.derive import operands
from cgraph_cli.symbolic.kinds import Term
from cgraph_cli.symbolic.patterns import Step
from cgraph_cli.symbolic.rewrites import Row
from cgraph_cli.symbolic.stable import Way

if TYPE_CHECKING:
    from fractions import Fraction

SMALL = 0.3  # the largest number that a polynomial is tried for
SIDE = 8  # points on each side of 0
BITS = 2000  # of the values there
STEP = 60  # bits by which the points are smaller than 1
DEGREE = 10  # the highest that is written; those above it say how far the polynomial is good
MOST_TERMS = 6
LARGEST = 10**18  # numerator and denominator of a simple fraction
EXACT = 2.0**-53
ROW = Row("", "", "near 0 numerator and denominator, or the terms of the sum, cancel; its Taylor polynomial does not")


class Part(NamedTuple):
    """Factors of a product, or summands of a sum, that are functions of one variable alone: nodes, and their turns."""

    variable: str
    inside: list[tuple[int, bool]]
    outside: list[tuple[int, bool]]


class Taylor(NamedTuple):
    """A Taylor series: a factor, which need be no simple fraction, times coefficients that are."""

    factor: float
    coefficients: list[Fraction]


class Expansions:
    """Taylor polynomials of parts of a graph that cancel near 0, where a variable is small at the point."""

    def __init__(self, graph: Graph, point: Mapping[str, float]) -> None:
        self.graph = graph
        self.point = point
        self.small = [name for name, value in point.items() if abs(value) <= SMALL and name in graph.variables]
        self.known: dict[object, Taylor | None] = {}

    @cached_property
    def depends(self) -> list[frozenset[str]]:
        """The variables that each node depends on."""
        graph, found = self.graph, list[frozenset[str]]()
        for node in range(len(graph)):
            name = graph.names.get(node)
            own = frozenset((name,)) if name is not None and graph.variables.get(name) == node else frozenset[str]()
            found.append(own.union(*(found[arg] for arg in graph.arguments(node))))
        return found

    @cached_property
    def values(self) -> dict[str, list[list[Any]]]:
        """The values of all nodes beside 0, by the variable that moves."""
        import mpmath

        found: dict[str, list[list[Any]]] = {}
        with mpmath.workprec(BITS):
            others = {name: mpmath.mpf(value) for name, value in self.point.items()}
            for name in self.small:
                places = [mpmath.ldexp(at, -STEP) for at in places_beside_0()]
                found[name] = [list(forward(self.graph, {**others, name: x}, precise())) for x in places]
        return found

    def steps(self, way: Way, node: int, inside: bytearray) -> Iterator[Step]:
        """A sum or product with a polynomial in the place of what cancels in it."""
        op = self.graph.ops[node]
        if not self.small or (op not in ops.SUMS and op not in ops.PRODUCTS):
            return
        for part in self.parts(node, inside):
            found = self.taylor(part, op in ops.SUMS)
            if found is not None:
                yield from self.written(way, part, found, op in ops.SUMS)

    def parts(self, node: int, inside: bytearray) -> Iterator[Part]:
        """The part that each small variable has in a sum or product."""
        found = list(operands(self.graph, node, inside))
        for name in self.small:
            alone = [one for one in found if self.depends[one[0]] <= {name}]
            if sum(bool(self.depends[node]) for node, _ in alone) > 1:
                yield Part(name, alone, [one for one in found if one not in alone])

    def taylor(self, part: Part, is_sum: bool) -> Taylor | None:
        """The coefficients of a part's Taylor series at 0, None where it has none that are simple fractions."""
        key = (part.variable, tuple(part.inside), is_sum)
        if key not in self.known:
            self.known[key] = self._taylor(part, is_sum)
        return self.known[key]

    def _taylor(self, part: Part, is_sum: bool) -> Taylor | None:
        from fractions import Fraction

        import mpmath

        with mpmath.workprec(BITS):
            heights = [
                together([(row[node], turn) for node, turn in part.inside], is_sum)
                for row in self.values[part.variable]
            ]
            if not all(map(mpmath.isfinite, heights)):
                return None
            *places, last = places_beside_0()
            polynomial = interpolated(places, heights[:-1])
            largest = max(map(abs, heights))
            if abs(mpmath.polyval(polynomial[::-1], last) - heights[-1]) > mpmath.ldexp(largest, -STEP * SIDE):
                return None
            found: list[Fraction] = []
            factor: Any = None
            for power, scaled in enumerate(polynomial[: DEGREE + 3]):
                number = mpmath.ldexp(scaled, STEP * power)
                near = mpmath.ldexp(1, -3 * STEP)
                if abs(number) < near:
                    found.append(Fraction(0))
                    continue
                factor = factor or (1 if is_simple(number) else number)
                number /= factor
                if not is_simple(number):
                    return None
                found.append(simple(number))
        return Taylor(float(factor or 1), found)

    def written(self, way: Way, part: Part, found: Taylor, is_sum: bool) -> Iterator[Step]:
        """The polynomial with as many terms as it takes at the point."""
        coefficients = found.coefficients
        terms, x = way.simplifier, way.simplifier.variable(part.variable)
        powers = [power for power, one in enumerate(coefficients) if one]
        size = abs(self.point[part.variable])
        for count in range(2, MOST_TERMS + 1):
            if len(powers) <= count:
                return
            reach = min(within(coefficients, first, powers[count]) for first in powers[: 1 + (powers[0] == 0)])
            if size > reach:
                continue
            body: list[Term] = []
            for power in powers[:count]:
                number = coefficients[power]
                exact = terms.exact(number.numerator if number.denominator == 1 else number)
                body.append(terms.make(ops.MUL, (exact, terms.make(ops.POW, (x, terms.exact(power))))))
            polynomial = terms.make(ops.MUL, (terms.number(found.factor), terms.make(ops.ADD, body)))
            others = [way.made[node] for node, _ in part.outside]
            op, more = (ops.NEG, ()) if is_sum else (ops.POW, (terms.minus_one,))
            turned = [terms.make(op, (one, *more)) for one in others]
            kept = [other if turn else one for one, other, (_, turn) in zip(others, turned, part.outside, strict=True)]
            result = terms.make(ops.ADD if is_sum else ops.MUL, (*kept, polynomial))
            limit = f" <= {float(f'{reach * 0.95:.0e}'):g}"
            yield Step(ROW, ((terms.make(ops.ABS, (x,)), limit),), result)
            return


def within(coefficients: Sequence[Fraction], first: int, after: int) -> float:
    """Up to where a term is nothing beside an earlier one, and its derivative nothing beside that one's."""
    ratio = abs(coefficients[after] * after / (coefficients[first] * max(first, 1)))
    return float((EXACT / float(ratio)) ** (1 / (after - first)))


def places_beside_0() -> list[int]:
    """Where values are taken, in steps; the last is for a test."""
    return [*range(-SIDE, 0), *range(1, SIDE + 1), SIDE + 1]


def together(values: Sequence[tuple[Any, bool]], is_sum: bool) -> Any:
    """The sum or the product of values, some of which are turned."""
    from mpmath import mp

    found = mp.mpf(0 if is_sum else 1)
    for value, turn in values:
        if not is_sum and turn and not value:
            return mp.nan
        found = (found - value if turn else found + value) if is_sum else (found / value if turn else found * value)
    return found


def interpolated(places: Sequence[int], heights: Sequence[Any]) -> list[Any]:
    """The coefficients, lowest first, of the polynomial through some points: Newton's divided differences."""
    from mpmath import mp

    differences = list(heights)
    for order in range(1, len(places)):
        for at in range(len(places) - 1, order - 1, -1):
            differences[at] = (differences[at] - differences[at - 1]) / (places[at] - places[at - order])
    found = [mp.mpf(0)] * len(places)
    for at in range(len(places) - 1, -1, -1):  # found*(t - place) + difference
        found = [low - places[at] * one for low, one in zip([mp.mpf(0), *found[:-1]], found, strict=True)]
        found[0] += differences[at]
    return found


def is_simple(number: Any) -> bool:
    """Whether a number is a fraction of whole numbers that are not large; with so few bits every large one is whole."""
    import mpmath

    if number and not 1 / mpmath.mpf(LARGEST) < abs(number) < LARGEST:
        return False
    near = simple(number)
    return bool(abs(number - mpmath.mpf(near.numerator) / near.denominator) <= mpmath.ldexp(abs(number), -3 * STEP))


def simple(number: Any) -> Fraction:
    """The fraction nearest to a number, whose denominator is not large."""
    from fractions import Fraction

    from mpmath.libmp import to_rational

    return Fraction(*map(int, to_rational(number._mpf_))).limit_denominator(LARGEST)
