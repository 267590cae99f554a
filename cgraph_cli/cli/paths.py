"""``cgraph paths``: a gradient as the sum over all paths."""

from __future__ import annotations

from cgraph_cli.cli import eval
from cgraph_cli.cli.request import Request
from cgraph_cli.graph.build import check_variables
from cgraph_cli.report.paths import Paths


def result_of(request: Request) -> Paths:
    """The report with the variables whose paths are asked for, all of them by default.

    Raises UnknownVariableError for a name that is no variable of the expression.
    """
    wrt = list(dict.fromkeys(request.listed("wrt")))
    report = eval.result_of(request, wrt)
    check_variables(wrt, report.graph.variables)
    return Paths(report, wrt or list(report.variables))
