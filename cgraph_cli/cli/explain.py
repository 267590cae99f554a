"""``cgraph explain``: the worked solution in words."""

from __future__ import annotations

from cgraph_cli.cli import eval
from cgraph_cli.cli.request import Request
from cgraph_cli.report.report import Explanation


def result_of(request: Request) -> Explanation:
    """The report, and which half of it is to be explained."""
    half = request.one("steps")
    return Explanation(eval.result_of(request), forward=half != "backward", backward=half != "forward")
