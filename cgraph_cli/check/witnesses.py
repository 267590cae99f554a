"""Four witnesses of every partial derivative, and the verdict on each.

Reverse mode and forward mode run our rules in doubles. The finite difference and high precision know nothing of rules,
only of values; high precision, which raises its precision until two results agree, is what the others are held against.
"""

from __future__ import annotations

from math import inf, isfinite, isnan

from cgraph_cli.check.doubles import Estimate, Rounding, finite_difference
from cgraph_cli.check.result import AGREES, UNDECIDED, WRONG, CheckOfReport
from cgraph_cli.engine.passes import forward, tangents
from cgraph_cli.engine.quantities import by_rules
from cgraph_cli.engine.truth import MOST_WORK, Truth
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Any, Callable, Mapping, NamedTuple, Sequence, cached_property
from cgraph_cli.limits import MOST_CHECKED, UNDERFLOWN, check
from cgraph_cli.report.kinks import at_kinks
from cgraph_cli.report.report import Report

NOISY, NO_DERIVATIVE = "noisy", "not differentiable here"
REVERSE, FORWARD, DIFFERENCE, PRECISE = "reverse mode", "forward mode", "finite difference", "high precision"
FROM_LEFT, FROM_RIGHT = f"{PRECISE}, left", f"{PRECISE}, right"
WORST = (WRONG, UNDECIDED, NOISY, NO_DERIVATIVE, AGREES)

TOLERANCE = 1e-9  # relative
TOLERANCE_OF_DIFFERENCE = 1e-6
TOLERANCES = {"derivative": TOLERANCE, "finite_difference": TOLERANCE_OF_DIFFERENCE}
ONE_DOUBLE = 2.0**-51  # relative: two roundings of one number


class Witness(NamedTuple):
    """What one way to compute a derivative says.

    ``bar`` is how far its own errors may have taken it, where that was asked; ``difference`` is relative, from high
    precision, None where that says nothing.
    """

    name: str
    value: float | None
    verdict: str
    difference: float | None = None
    bar: float | None = None


class Enclosure(NamedTuple):
    """The ends of an interval that holds a number; None and the reason where there is no proof."""

    ends: tuple[float, float] | None
    why: str | None = None


class Partial(NamedTuple):
    """A partial derivative: ``value`` is that of high precision, ``left`` and ``right`` are its slopes on both sides.

    None is what stays undecided; nan on one side alone says that the function has no values there. ``enclosure`` is
    what was proved, where that was asked for.
    """

    wrt: str
    verdict: str
    value: float | None
    left: float | None
    right: float | None
    witnesses: Sequence[Witness]
    enclosure: Enclosure | None = None


class _Checks(NamedTuple):
    report: Report
    partials: list[Partial]


class Checks(CheckOfReport, _Checks):
    """Every partial derivative at a point with its witnesses."""

    __slots__ = ()

    @property
    def passed(self) -> bool:
        """Whether every derivative agrees."""
        return all(one.verdict == AGREES for one in self.partials)

    @property
    def counts(self) -> dict[str, int]:
        """How many partial derivatives have each verdict, those that occur."""
        verdicts = [one.verdict for one in self.partials]
        return {verdict: verdicts.count(verdict) for verdict in reversed(WORST) if verdict in verdicts}

    @property
    def members(self) -> dict[str, Any]:
        """What programs read."""
        return {
            "value": self.report.value,
            "variables": self.report.variables,
            "tolerance": TOLERANCES,
            "passed": self.passed,
            "partials": [
                {
                    **{name: member for name, member in one._asdict().items() if name != "enclosure"},
                    "witnesses": [witness._asdict() for witness in one.witnesses],
                    **({} if one.enclosure is None else {"enclosure": one.enclosure.ends, "why": one.enclosure.why}),
                }
                for one in self.partials
            ],
        }


def check_work(graph: Graph, derivatives: int) -> None:
    """Raise TooLargeError where nodes times derivatives are more than can be waited for."""
    what = f"there are {derivatives:,} derivatives of {len(graph):,} nodes each to check, which is more than {{}}"
    check(len(graph) * derivatives, MOST_CHECKED, what, help="some of them: --wrt NAMES")


def checked(report: Report) -> Checks:
    """The verdicts on the gradients of a report. Raises TooLargeError for too many of a large graph."""
    check_work(report.graph, len(report.gradients))
    judge = Judge(report.graph, report.variables)
    on_kink = bool(at_kinks(report.graph, report.node_values, report.passes.reached))
    return Checks(report, [judge.partial(name, number, on_kink) for name, number in report.gradients.items()])


def relative(value: float, true: float) -> float:
    """How far a number is from the true one, as a part of that: |value - true|/|true|."""
    if value == true or (isnan(value) and isnan(true)) or abs(value - true) <= UNDERFLOWN:
        return 0.0
    return abs(value - true) / abs(true) if isfinite(value - true) and true else inf


class Judge:
    """The witnesses at one point of a graph.

    ``noise`` and ``value`` are shared by many points: the bound of rounding, and the output as a function of the point.
    """

    def __init__(
        self,
        graph: Graph,
        point: Mapping[str, float],
        noise: Rounding | None = None,
        value: Callable[[Mapping[str, float]], float] | None = None,
    ) -> None:
        self.graph = graph
        self.point = point
        self.noise = noise or Rounding(graph)
        self.value = value or (lambda at: forward(graph, at)[graph.output])
        self.values = forward(graph, point)
        self.truth = Truth(graph, point)
        self._ruled: dict[str, float | None] = {}

    @cached_property
    def noise_here(self) -> float:
        """How far rounding may take the value."""
        return self.noise(self.point)

    def agreed(self, name: str, number: float) -> float | None:
        """How far the finite difference is from reverse mode, where doubles alone are clear; None where they are not.

        They are where forward mode says the same as reverse mode, and the finite difference, which asks no rule, too.
        """
        if not isfinite(number) or relative(self.tangent(name), number) > TOLERANCE:
            return None
        difference = relative(self.difference(name).value, number)
        return difference if difference <= TOLERANCE_OF_DIFFERENCE else None

    def partial(self, name: str, number: float, on_kink: bool) -> Partial:
        """The derivative by a name, of which reverse mode says the number; ``on_kink`` if doubles stand there."""
        self.truth.left = MOST_WORK  # each may take as long
        left, right = self.truth.slopes({name: 1.0}, self.graph.output)
        true, verdict = meeting(left, right)
        doubles = {REVERSE: number, FORWARD: self.tangent(name)}
        if verdict != AGREES or true is None:
            estimate = self.difference(name)
            found = [Witness(one, value, verdict) for one, value in doubles.items()]
            found.append(Witness(DIFFERENCE, estimate.value, verdict, bar=estimate.bar))
            if verdict == UNDECIDED:
                return Partial(name, verdict, None, left, right, [*found, Witness(PRECISE, None, verdict)])
            sides = [Witness(FROM_LEFT, left, verdict), Witness(FROM_RIGHT, right, verdict)]
            return Partial(name, verdict, None, left, right, [*found, *sides])
        found = [self.heard(one, value, name, true, on_kink) for one, value in doubles.items()]
        found.append(self.heard_difference(name, true))
        found.append(Witness(PRECISE, true, AGREES, 0.0))
        verdicts = [one.verdict for one in found if one.name != DIFFERENCE or one.verdict == WRONG]
        return Partial(name, min(verdicts, key=WORST.index), true, left, right, found)

    def tangent(self, name: str) -> float:
        """Forward mode: the tangent of the output where the name alone moves."""
        found: float = tangents(self.graph, self.values, {name: 1.0})[self.graph.output]
        return found

    def heard(self, witness: str, value: float, name: str, true: float, on_kink: bool) -> Witness:
        """The verdict on what our rules give in doubles.

        Rounding excuses them where the same rules are right in high precision, and doubles no farther off than rounding
        takes them; on a kink, to which only rounding led, it takes them from one side to the other.
        """
        difference = relative(value, true)
        if difference <= TOLERANCE:
            return Witness(witness, value, AGREES, difference)
        if name not in self._ruled:
            wanted = [(self.graph.output, self.graph.variables[name])]
            (self._ruled[name],) = self.truth.values(by_rules(self.graph, wanted))
        ruled = self._ruled[name]
        if not isfinite(value) or (ruled is not None and relative(ruled, true) > TOLERANCE):
            return Witness(witness, value, WRONG, difference)
        bar = inf if on_kink else self.noise.of_gradient(name, self.point)
        return Witness(witness, value, NOISY if abs(value - true) <= bar else WRONG, difference, bar)

    def heard_difference(self, name: str, true: float) -> Witness:
        """The verdict on the finite difference; no finite step sees an infinite slope."""
        estimate = self.difference(name)
        difference = relative(estimate.value, true)
        if difference <= TOLERANCE_OF_DIFFERENCE:
            return Witness(DIFFERENCE, estimate.value, AGREES, difference, estimate.bar)
        estimate = self.difference(name, careful=True) if isfinite(true) else estimate._replace(cut=inf)
        verdict = NOISY if estimate.bar == inf or abs(estimate.value - true) <= estimate.bar else WRONG
        return Witness(DIFFERENCE, estimate.value, verdict, relative(estimate.value, true), estimate.bar)

    def difference(self, name: str, *, careful: bool = False) -> Estimate:
        """The finite difference; a ``careful`` one knows the rounding of every value that it is made of."""
        point, noise = dict(self.point), self.noise_here

        def value(x: float) -> float:
            nonlocal noise
            point[name] = x
            if careful:
                noise = max(noise, self.noise(point))
            return self.value(point)

        return finite_difference(value, self.point[name], lambda: noise)


def meeting(left: float | None, right: float | None) -> tuple[float | None, str]:
    """The derivative that the slopes on both sides make, or on the only side that has values; and whether there is one.

    The verdict is on whether there is a derivative: AGREES, NO_DERIVATIVE or UNDECIDED.
    """
    if left is None or right is None:
        return None, UNDECIDED
    if isnan(left) and isnan(right):
        return None, NO_DERIVATIVE
    if isnan(left) or isnan(right):
        return (right if isnan(left) else left), AGREES
    if left == right or abs(left - right) <= ONE_DOUBLE * min(abs(left), abs(right)) < inf:
        return right, AGREES
    return None, NO_DERIVATIVE
