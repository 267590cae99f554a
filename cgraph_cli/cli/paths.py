"""``cgraph paths``: a gradient as the sum over all paths."""

from __future__ import annotations

from cgraph_cli.cli import eval
from cgraph_cli.cli.request import Request
from cgraph_cli.report.paths import Paths


def result_of(request: Request) -> Paths:
    """The report with the variables whose paths are asked for, all of them by default."""
    report = eval.result_of(request)
    return Paths(report, list(report.differentiated))
