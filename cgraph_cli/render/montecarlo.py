"""Uncertainties beside those of Monte Carlo: a table, and in sentences what was drawn and what it says."""

from __future__ import annotations

from cgraph_cli.check.montecarlo import DRAWN, ERRORS, HIGHER, Estimate, MonteCarlo
from cgraph_cli.check.result import AGREES, DIFFERS, UNDECIDED
from cgraph_cli.light import Iterator
from cgraph_cli.render.grid import Field, Grid, Told
from cgraph_cli.render.numbers import measured
from cgraph_cli.render.paint import Paint, Span
from cgraph_cli.report.budget import MATTERS

STYLES = {AGREES: "value", DIFFERS: "error", UNDECIDED: "warning"}
FIELDS = (Field(""), Field("mean", number=True), Field("u", number=True), Field("verdict"))
RULE = (
    f"agrees: mean and u are off from those of Monte Carlo by no more than {100 * MATTERS:.0f} % of u and "
    f"{ERRORS} of its standard errors, ±, together"
)


def of_samples(result: MonteCarlo, paint: Paint) -> Told:
    """A row for every way to the uncertainty; the rule of the verdicts, what was drawn, and what it says."""
    rows: list[list[Span]] = []
    for one in result.estimates:
        mean, u = _numbers(one, paint)
        verdict = "" if one.name == DRAWN and one.verdict == AGREES else one.verdict
        rows.append([(one.name, "label"), (mean, "value"), (u, "value"), (verdict, STYLES[one.verdict])])
    return Told(Grid(FIELDS, rows), [(RULE, "quiet"), *_remarks(result, paint)], "Uncertainty, checked")


def _numbers(one: Estimate, paint: Paint) -> tuple[str, str]:
    if one.mean is None or one.uncertainty is None:
        return "", ""
    if one.mean_error is None or one.uncertainty_error is None:
        return paint.number(one.mean), paint.number(one.uncertainty)
    pairs = ((one.mean, one.mean_error), (one.uncertainty, one.uncertainty_error))
    mean, u = (measured(number, error, paint.view.digits, ascii=paint.view.ascii) for number, error in pairs)
    return mean, u


def _remarks(result: MonteCarlo, paint: Paint) -> Iterator[Span]:
    holds = ""
    if result.interval is not None:
        low, high = map(paint.number, result.interval)
        holds = f"; 95 % of the values lie from {low} to {high}"
    yield f"{result.samples:,} samples of normal inputs, seed {result.seed}{holds}", ""
    if result.not_finite:
        where = f"at {result.not_finite:,} samples the value is not finite"
        yield f"{where}: the inputs reach beyond the domain, and there is no mean", ""
    elif result.estimates[-1].verdict == UNDECIDED:
        yield "u is not settled: the values have long tails, or more samples are needed, --random N", ""
    verdicts = {one.name: one.verdict for one in result.estimates}
    first, higher = result.estimates[0].verdict, verdicts.get(HIGHER)
    if first == UNDECIDED:
        yield "Monte Carlo does not decide", STYLES[UNDECIDED]
    else:
        more = f", the next order {higher}" if first == DIFFERS and higher is not None else ""
        yield f"the first order {first}{more}", STYLES[first]
