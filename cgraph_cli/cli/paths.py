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
    report = eval.result_of(request)
    names = list(dict.fromkeys(request.listed("wrt"))) or list(report.variables)
    check_variables(names, report.graph.variables)
    return Paths(report, names)
