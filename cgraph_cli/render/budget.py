"""The budget of uncertainties: a row for every input, the result below, and each input's share as a bar."""

from __future__ import annotations

from math import isnan

from cgraph_cli.light import Any, Iterator
from cgraph_cli.render.grid import Field, Grid, sentence
from cgraph_cli.render.numbers import measured, percent, short
from cgraph_cli.render.paint import Paint, Span
from cgraph_cli.report.budget import Budget
from cgraph_cli.report.report import Report

NUMBERS = "estimate u sensitivity contribution elasticity share"
FIELDS = (Field("input"), *(Field(title, number=True) for title in NUMBERS.split()), Field("", before=" "))
MOST_INPUTS = 100  # without --all
FEW = 3  # digits of what comes of an uncertainty
BAR = 8  # characters of the whole variance
EIGHTHS = " ▏▎▍▌▋▊▉█"
CORRELATED = "a share is the covariance of input and result: with correlations some may be negative, the sum is 100 %"


def grid(budget: Budget, paint: Paint) -> Grid:
    """The table of one output."""

    def number(value: float | None, digits: int | None = paint.view.digits) -> str:
        return "" if value is None else short(value, digits)

    few = paint.view.digits or FEW
    largest = max((abs(one.share) for one in budget.inputs if one.share is not None), default=0.0)
    shown = budget.inputs if paint.view.all else budget.inputs[:MOST_INPUTS]
    rows: list[list[Span]] = []
    for one in shown:
        share = ("", "") if one.share is None else (percent(one.share), "gradient" if one.share < 0 else "value")
        rows.append(
            [
                (one.name, "label"),
                (number(one.estimate), "value"),
                (number(one.uncertainty), "value"),
                (number(one.sensitivity), "gradient"),
                (number(one.contribution, few), "value"),
                (number(one.elasticity), "gradient"),
                share,
                (bar(one.share, max(largest, 1.0), ascii=paint.view.ascii), share[1]),
            ]
        )
    if budget.uncertainty is not None:
        total = [(budget.output, "label"), (number(budget.value), "value"), (number(budget.uncertainty, few), "value")]
        rows.append([*total, *[("", "")] * (len(FIELDS) - len(total))])
    return Grid(FIELDS, rows).without_empty()


def grids(report: Report, paint: Paint) -> Iterator[tuple[Grid, list[str]]]:
    """The tables, each with the lines below it: of every output, and of the correlation of several."""
    for budget in report.budgets:
        yield grid(budget, paint), [*results(budget, paint)]
    if (rows := report.output_correlation) is not None:
        fields = [Field("correlation"), *(Field(name, number=True) for name in rows)]
        cells = [
            [(x, "label"), *((short(r, paint.view.digits or FEW), "value") for r in row.values())]
            for x, row in rows.items()
        ]
        yield Grid(fields, cells), []


def bar(share: float | None, whole: float, *, ascii: bool) -> str:
    """A share of the whole in characters; a negative one is drawn pale."""
    if share is None:
        return ""
    length = abs(share) / whole * BAR
    if ascii:
        return ("#" if share > 0 else "-") * round(length)
    if share < 0:
        return "░" * round(length)
    full, part = divmod(round(8 * length), 8)
    return "█" * full + EIGHTHS[part].strip()


def results(budget: Budget, paint: Paint) -> Iterator[str]:
    """``f = 12.30 ± 0.45``; a second line where terms of the next order change it."""

    def result(value: float, uncertainty: float, words: str) -> str:
        text = measured(value, uncertainty, paint.view.digits, ascii=paint.view.ascii)
        return f"{budget.output} = {text}{words}"

    if budget.uncertainty is None:
        return
    known = budget.known
    if known is None or not (budget.curved or budget.spoilt):
        yield result(budget.value, budget.uncertainty, "")
        return
    fails = isnan(known.deviation)
    words = " to first order" * budget.curved + ", which does not hold here" * fails
    yield result(known.value, known.first, words)
    if budget.curved and not fails:
        yield result(known.mean, known.deviation, " with the terms of the next order")


def remarks(report: Report, paint: Paint) -> Iterator[str]:
    """Which inputs are left out, and what is to be said of the shares."""
    missing = len(report.budgets[0].inputs) - MOST_INPUTS
    if missing > 0 and not paint.view.all:
        yield paint.left_out(missing, "inputs")
    if report.uncertain is not None and any(report.uncertain.correlation.values()):
        yield CORRELATED


def plain(report: Report, paint: Paint) -> Iterator[str]:
    """The tables below each other, each with its result."""
    for table, lines in grids(report, paint):
        yield "\n"
        yield from table.plain(paint)
        if lines:
            yield "\n"
        for text in lines:
            yield from paint.paragraph((paint.signs.text(text), "value"))
    for text in remarks(report, paint):
        yield "\n" if report.output_correlation else ""
        yield from paint.paragraph((text, "quiet"), indent=2)


def markdown(report: Report, paint: Paint) -> Iterator[str]:
    """The same in Markdown."""
    for table, lines in grids(report, paint):
        yield from table.markdown(paint)
        for text in lines:
            yield f"**{text}**\n\n"
    for text in remarks(report, paint):
        yield f"{sentence(text)}\n\n"


def section(report: Report, paint: Paint, note: str) -> Iterator[str]:
    """The same as a section of a page, under a note."""
    from html import escape

    title = "Elasticity" if report.budgets[0].uncertainty is None else "Uncertainty"
    yield f'<section aria-labelledby="budget-heading">\n<h2 id="budget-heading">{title}</h2>\n{note}'
    for table, lines in grids(report, paint):
        yield from table.html()
        for text in lines:
            yield f'<p class="math">{escape(text)}</p>\n'
    for text in remarks(report, paint):
        yield f'<p class="quiet">{sentence(text)}</p>\n'
    yield "</section>\n"


def members(report: Report) -> dict[str, Any]:
    """What programs read."""
    correlation = {} if report.uncertain is None else report.uncertain.correlation
    return {
        "budgets": [*map(_member, report.budgets)],
        "correlation": [{"names": list(pair), "value": one} for pair, one in correlation.items()],
        **({} if report.output_correlation is None else {"output_correlation": report.output_correlation}),
    }


def _member(budget: Budget) -> dict[str, Any]:
    known = budget.known
    return {
        "output": budget.output,
        "value": budget.value,
        "uncertainty": budget.uncertainty,
        "first_order": None if known is None else {"mean": known.value, "uncertainty": known.first},
        "higher_order": None if known is None else {"mean": known.mean, "uncertainty": known.deviation},
        "inputs": [one._asdict() for one in budget.inputs],
    }
