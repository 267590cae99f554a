"""``cgraph paths``: a gradient as the sum over all paths."""

from __future__ import annotations

from cgraph_cli.cli import eval
from cgraph_cli.cli.request import Request
from cgraph_cli.errors import UnknownVariableError, suggestion
from cgraph_cli.report.paths import Paths


def result_of(request: Request) -> Paths:
    """The report with the variables whose paths are asked for, all of them by default.

    Raises UnknownVariableError for a name that is no variable of the expression.
    """
    report = eval.result_of(request)
    names = list(dict.fromkeys(request.listed("wrt"))) or list(report.variables)
    for name in names:
        if name not in report.graph.variables:
            known = ", ".join(report.variables) or "none"
            near = suggestion(name, report.variables)
            raise UnknownVariableError(
                f"--wrt {name}: the expression has no variable `{name}`",
                help=f"its variables: {known}" + (f"; {near}" if near else ""),
            )
    return Paths(report, names)
