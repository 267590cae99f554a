"""Budgets of uncertainty as plain data, and uncertain inputs: standard uncertainties with their correlations."""

from __future__ import annotations

from math import inf, sqrt

from cgraph_cli.engine.moments import Moments
from cgraph_cli.errors import InvalidValueError, Span, UsageError, listed, shortened
from cgraph_cli.graph.build import check_variables
from cgraph_cli.light import Collection, Mapping, NamedTuple, Sequence
from cgraph_cli.syntax.printer import format_number

MATTERS = 0.05  # of the uncertainty: what moves mean or uncertainty farther changes the digits that are shown
ROUNDING = 1e-9  # how far below 0 an eigenvalue of correlations may be that are given as decimals
MOST_NAMED = 12  # names of a matrix that an error tells

Pair = tuple[str, str]


class Input(NamedTuple):
    """A row of the budget: an input's estimate and standard uncertainty, and what they do to the output.

    ``sensitivity`` is ∂output/∂name, ``contribution`` that times the uncertainty, ``share`` its part of the variance;
    with correlations that is its covariance with the output, so it may be negative. ``elasticity`` is the relative
    change of the output for one of the input, name·sensitivity/output. None is what was not asked for.
    """

    name: str
    estimate: float
    uncertainty: float | None
    sensitivity: float
    contribution: float | None
    share: float | None
    elasticity: float | None


class Budget(NamedTuple):
    """The inputs of an output, its value and standard uncertainty, and both with the terms of the next order.

    ``known`` are the numbers of high precision, None where they were not asked for or are not decided; their deviation
    with the terms of the next order is nan where these outweigh the first.
    """

    output: str
    value: float
    uncertainty: float | None
    known: Moments | None
    inputs: list[Input]

    @property
    def spoilt(self) -> bool:
        """Whether rounding has moved value or uncertainty so far that digits are wrong which are shown."""
        if self.uncertainty is None or self.known is None:
            return False
        return self.known.first > 0 and not (
            abs(self.value - self.known.value) <= MATTERS * self.known.first
            and abs(self.uncertainty - self.known.first) <= MATTERS * self.known.first
        )

    @property
    def curved(self) -> bool:
        """Whether the terms of the next order change what is shown of value or uncertainty."""
        if self.known is None:
            return False
        value, first, mean, deviation = self.known
        return not (abs(mean - value) <= MATTERS * first and abs(deviation - first) <= MATTERS * first)


class Uncertain(NamedTuple):
    """Standard uncertainties by name, and the factor of their correlations: row·row is the correlation of two names.

    A row has the entries that are not 0, by their place; places are independent standard normal variables.
    """

    sigma: Mapping[str, float]
    correlation: Mapping[Pair, float]
    rows: Mapping[str, Mapping[int, float]]

    def spreads(self) -> list[dict[str, float]]:
        """How far each name goes with each of the independent variables."""
        found: dict[int, dict[str, float]] = {}
        for name, row in self.rows.items():
            for place, part in row.items():
                if self.sigma[name] and part:
                    found.setdefault(place, {})[name] = self.sigma[name] * part
        return [*found.values()]


def check_spread(name: str, spread: float, source: str | None = None) -> None:
    """Raises InvalidValueError for an uncertainty that is negative or not finite, at the text that it was given as."""
    if not 0 <= spread < inf:
        what = f"the uncertainty of `{shortened(name)}` is {'negative' if spread < 0 else 'not finite'}"
        span = None if source is None else Span(0, len(source))
        raise InvalidValueError(f"{what}: {format_number(spread)}", span=span, source=source)


def uncertain(sigma: Mapping[str, float], correlation: Mapping[Pair, float], variables: Collection[str]) -> Uncertain:
    """Uncertainties and correlations that make sense.

    Raises UnknownVariableError for a name that is none of ``variables``, InvalidValueError for an uncertainty that is
    negative or not finite, for a correlation outside [-1, 1] and for correlations that no quantities have, UsageError
    for a correlation of a name without an uncertainty.
    """
    check_variables(sigma, variables, "that could be uncertain")
    sigma = {name: float(one) for name, one in sigma.items()}
    for name, one in sigma.items():
        check_spread(name, one)
    known: dict[Pair, float] = {}
    for (x, y), one in correlation.items():
        check_variables((x, y), variables, "that could be correlated")
        both = f"`{shortened(x)}` and `{shortened(y)}`"
        for name in (x, y):
            if name not in sigma:
                help = f"a correlation is one of two uncertain inputs: --sigma {shortened(name)}=VALUE"
                raise UsageError(f"`{shortened(name)}` is correlated and has no uncertainty", help=help)
        if x == y:
            raise InvalidValueError(f"the correlation of `{shortened(x)}` with itself is always 1")
        if (x, y) in known:
            raise UsageError(f"the correlation of {both} is given twice")
        if not -1 <= one <= 1:
            what = f"the correlation of {both} is {format_number(one)}"
            raise InvalidValueError(what, help="a correlation is a number from -1 to 1")
        known[x, y] = known[y, x] = one
    together = [name for name in sigma if any(name in pair for pair in known)]
    rows = _factor(together, known)
    for place, name in enumerate(sigma, len(together)):
        rows.setdefault(name, {place: 1.0})
    return Uncertain(sigma, correlation, rows)


def _factor(names: Sequence[str], correlation: Mapping[Pair, float]) -> dict[str, dict[int, float]]:
    """The rows of L with L·Lᵀ = the matrix of correlations: Cholesky's method, the largest pivot first.

    Raises InvalidValueError where the matrix has a negative eigenvalue.
    """
    rows: dict[str, dict[int, float]] = {name: {} for name in names}
    rest = {(x, y): 1.0 if x == y else correlation.get((x, y), 0.0) for x in names for y in names}
    left = list(names)
    while left:
        pivot = max(left, key=lambda name: rest[name, name])
        size = rest[pivot, pivot]
        # What is left is positive semidefinite only if no entry is larger than the largest on its diagonal.
        if any(abs(rest[x, y]) > max(size, 0) + ROUNDING for x in left for y in left):
            raise _contradiction(names, correlation)
        if size <= ROUNDING:
            break
        place = len(names) - len(left)
        left.remove(pivot)
        rows[pivot][place] = root = sqrt(size)
        for name in left:
            rows[name][place] = rest[name, pivot] / root
        for x in left:
            for y in left:
                rest[x, y] -= rows[x][place] * rows[y][place]
    return rows


def _contradiction(names: Sequence[str], correlation: Mapping[Pair, float]) -> InvalidValueError:
    """Correlations that contradict each other, with the smallest eigenvalue where the matrix is small."""
    import mpmath

    told = f"no quantities have these correlations of {listed(names[:MOST_NAMED], '`')}"
    help = None
    if len(names) <= MOST_NAMED:
        matrix = mpmath.matrix([[1 if x == y else correlation.get((x, y), 0) for y in names] for x in names])
        smallest = min(mpmath.eigsy(matrix, eigvals_only=True))
        help = f"their matrix has the eigenvalue {float(smallest):.3g}, and none may be negative"
    return InvalidValueError(told if len(names) <= MOST_NAMED else f"{told} and others", help=help)
