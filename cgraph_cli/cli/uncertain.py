"""``--sigma``, ``--correlation`` and ``--elasticity``: a report with a budget of uncertainties."""

from __future__ import annotations

from math import nan

from cgraph_cli.cli.request import Request
from cgraph_cli.cli.values import read_spread, read_value
from cgraph_cli.errors import UsageError, shortened
from cgraph_cli.light import Iterator
from cgraph_cli.report.budget import Pair
from cgraph_cli.report.report import Report
from cgraph_cli.report.uncertainty import with_budgets as budgeted
from cgraph_cli.syntax.expression import normal_name


def with_budgets(report: Report, request: Request) -> Report:
    """The report with what the options ask for; a name that --rewrite has freed the expression of counts no more."""
    known, left = request.program.names(), report.graph.variables
    given = {normal_name(name): text for name, text in request.pairs("sigma").items()}
    sigma = {name: read_spread(name, text, request.values.get(name, nan)) for name, text in given.items()}
    gone = {name for name in sigma if name in known and name not in left and request.flag("rewrite")}
    correlation: dict[Pair, float] = {}
    for x, y, text in _pairs(request):
        if (x, y) in correlation:
            raise UsageError(f"--correlation: `{shortened(x)},{shortened(y)}` is given twice")
        correlation[x, y] = read_value(f"{x},{y}", text, "correlation")
    return budgeted(
        report,
        {name: one for name, one in sigma.items() if name not in gone},
        {pair: one for pair, one in correlation.items() if gone.isdisjoint(pair)},
        elasticity=request.flag("elasticity"),
    )


def _pairs(request: Request) -> Iterator[tuple[str, str, str]]:
    """The two names and the number of ``x,y=0.3``; several are separated by commas too."""
    first = None
    for part in request.listed("correlation"):
        name, equals, number = (side.strip() for side in part.partition("="))
        if (first is None) != (not equals) or not name or (equals and not number):
            raise UsageError(f"--correlation takes x,y=0.3, not `{shortened(part)}`")
        if first is None:
            first = normal_name(name)
        else:
            yield first, normal_name(name), number
            first = None
    if first is not None:
        raise UsageError(f"--correlation takes x,y=0.3, not `{shortened(first)}`")
