"""Monte Carlo as a witness of uncertainties: many values of the output for inputs that are drawn at random.

The method is that of JCGM 101:2008 (GUM, supplement 1) for normal inputs. A standard deviation s of N values with the
fourth central moment m has the standard error sqrt((m - s⁴)/N)/(2·s): Cramér 1946, 27.7.
"""

from __future__ import annotations

from math import fsum, isfinite, isnan, sqrt

from cgraph_cli.check.result import AGREES, DIFFERS, UNDECIDED, CheckOfReport
from cgraph_cli.check.samples import SEED
from cgraph_cli.engine.straight import prepared_value
from cgraph_cli.errors import UsageError
from cgraph_cli.light import Any, Iterator, NamedTuple
from cgraph_cli.report.budget import MATTERS, Budget
from cgraph_cli.report.report import Report

FIRST, HIGHER, DRAWN = "first order", "next order", "Monte Carlo"
SAMPLES = 100_000  # mean and deviation to a third of a percent of the deviation
FEWEST = 100
ERRORS = 3  # standard errors of Monte Carlo that something may be off
ROUNDING = 2.0**-40  # of the value and all contributions together: correlated inputs may cancel
INTERVAL = 0.95  # of the values, as much on both sides of it


class Estimate(NamedTuple):
    """Mean and standard uncertainty of the output by one way, and the verdict on it; None is what is not known.

    ``mean_error`` and ``uncertainty_error`` are the standard errors of Monte Carlo.
    """

    name: str
    mean: float | None
    uncertainty: float | None
    verdict: str
    mean_error: float | None = None
    uncertainty_error: float | None = None


class _MonteCarlo(NamedTuple):
    report: Report
    budget: Budget
    samples: int
    seed: int
    not_finite: int
    interval: tuple[float, float] | None
    estimates: list[Estimate]


class MonteCarlo(CheckOfReport, _MonteCarlo):
    """The uncertainty of an output by first order, by the next order where that is known, and by ``samples`` values.

    Where the output is ``not_finite`` at some of them it has no mean. ``interval`` holds 95 % of the values.
    """

    __slots__ = ()

    @property
    def passed(self) -> bool:
        """Whether the first order agrees with Monte Carlo."""
        return self.estimates[0].verdict == AGREES

    @property
    def members(self) -> dict[str, Any]:
        """What programs read."""
        sigma = {} if self.report.uncertain is None else self.report.uncertain.sigma
        return {
            "value": self.report.value,
            "variables": self.report.variables,
            "uncertainties": dict(sigma),
            "seed": self.seed,
            "samples": self.samples,
            "not_finite": self.not_finite,
            "interval": None if self.interval is None else list(self.interval),
            "passed": self.passed,
            "estimates": [one._asdict() for one in self.estimates],
        }


def drawn(report: Report, samples: int = SAMPLES, seed: int = SEED) -> MonteCarlo:
    """The uncertainty of the output of a report with budgets, held against so many samples.

    First and next order agree where mean and uncertainty are off from those of Monte Carlo by no more than 5 % of the
    uncertainty and three standard errors together. Undecided is where these errors are larger than that 5 %, and where
    the output is not finite at a sample. Raises UsageError where nothing is uncertain, and for fewer than 100 samples.
    """
    budget = report.budgets[-1]
    if report.uncertain is None or not any(report.uncertain.sigma.values()):
        raise UsageError("no input is uncertain, so there is nothing to draw", help="--sigma x=0.1")
    if samples < FEWEST:
        raise UsageError(f"{samples} samples say nothing about an uncertainty: --random takes {FEWEST} at least")
    values = [*_values(report, samples, seed)]
    finite = sorted(one for one in values if isfinite(one))
    found = _moments(finite) if len(finite) == samples else None
    interval = None
    if found is not None:
        tail = (1 - INTERVAL) / 2
        interval = finite[int(tail * samples)], finite[-1 - int(tail * samples)]
    sizes = (abs(one.contribution) for one in budget.inputs if one.contribution is not None)
    rounding = ROUNDING * sum(sizes, abs(budget.value))
    higher = (None, None) if budget.known is None else budget.known[2:]
    orders = ((FIRST, budget.value, budget.uncertainty), (HIGHER, *higher))
    estimates = [
        Estimate(name, mean, u, _verdict(mean, u, found, rounding))
        for name, mean, u in orders
        if mean is not None and u is not None
    ]
    estimates.append(found or Estimate(DRAWN, None, None, UNDECIDED))
    return MonteCarlo(report, budget, samples, seed, samples - len(finite), interval, estimates)


def _values(report: Report, samples: int, seed: int) -> Iterator[float]:
    from random import Random

    assert report.uncertain is not None
    gauss, function = Random(seed).gauss, prepared_value(report.graph)
    point = report.variables
    spreads = report.uncertain.spreads()
    places = {name: place for place, name in enumerate(point)}
    parts = [[(places[name], length) for name, length in one.items()] for one in spreads]
    start = list(point.values())
    for _ in range(samples):
        at = start[:]
        for one in parts:
            z = gauss(0.0, 1.0)
            for place, length in one:
                at[place] += z * length
        yield function(*at)


def _moments(values: list[float]) -> Estimate | None:
    """Mean and deviation with their standard errors; None where they are beyond the range of doubles."""
    count = len(values)
    scale = max(abs(values[0]), abs(values[-1])) or 1.0
    scaled = [one / scale for one in values]
    mean = fsum(scaled) / count
    squares = [(one - mean) ** 2 for one in scaled]
    variance = fsum(squares) / (count - 1)
    deviation = sqrt(variance)
    fourth = fsum(one * one for one in squares) / count
    error = sqrt(max(fourth - variance * variance, 0.0) / count) / (2 * deviation) if deviation else 0.0
    verdict = AGREES if error <= MATTERS * deviation else UNDECIDED
    numbers = [scale * one for one in (mean, deviation, deviation / sqrt(count), error)]
    return Estimate(DRAWN, numbers[0], numbers[1], verdict, *numbers[2:])


def _verdict(mean: float, uncertainty: float, found: Estimate | None, rounding: float) -> str:
    """How an estimate stands to that of Monte Carlo; ``rounding`` is what doubles may move it."""
    if found is None or found.verdict == UNDECIDED:
        return UNDECIDED
    if isnan(mean) or isnan(uncertainty):
        return DIFFERS
    assert found.mean is not None
    assert found.uncertainty is not None
    near = max(MATTERS * found.uncertainty, rounding)
    off = abs(mean - found.mean), abs(uncertainty - found.uncertainty)
    bars = [near + ERRORS * (error or 0.0) for error in (found.mean_error, found.uncertainty_error)]
    return AGREES if off[0] <= bars[0] and off[1] <= bars[1] else DIFFERS
