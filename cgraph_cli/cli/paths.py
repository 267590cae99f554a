"""``cgraph paths``: a gradient as the sum over all paths."""

from __future__ import annotations

import sys

from cgraph_cli.cli.arguments import Request
from cgraph_cli.cli.evaluate import chosen_format, report_of
from cgraph_cli.cli.output import view_of, write
from cgraph_cli.errors import DONE, UnknownVariableError
from cgraph_cli.graph.build import suggestion
from cgraph_cli.render import renderer
from cgraph_cli.report.report import Report


def starts_of(request: Request, report: Report) -> list[str]:
    """The variables whose paths are asked for, all of them by default.

    Raises UnknownVariableError for a name that is no variable of the expression.
    """
    names = list(dict.fromkeys(request.listed("wrt"))) or list(report.variables)
    for name in names:
        if name not in report.graph.variables:
            known = ", ".join(report.variables) or "none"
            near = suggestion(name, report.variables)
            raise UnknownVariableError(
                f"--wrt {name}: the expression has no variable `{name}`",
                help=f"its variables: {known}" + (f"; {near}" if near else ""),
            )
    return names


def answer(request: Request) -> int:
    """Evaluate, count the paths, and list them if they are few."""
    chosen = chosen_format(request)
    report = report_of(request)
    names = starts_of(request, report)
    path = request.one("output")
    view = view_of(sys.stdout, ascii=request.flag("ascii"), all=request.flag("all"), to_file=path is not None)
    write(renderer("paths", chosen)(report, names, view), path)
    return DONE
