"""``cgraph rewrite``: an expression in a form that keeps its digits."""

from __future__ import annotations

from cgraph_cli.cli.eval import reading_of
from cgraph_cli.cli.request import Request
from cgraph_cli.graph.build import check_values
from cgraph_cli.report.rewritten import Rewritten, rewrite


def result_of(request: Request) -> Rewritten:
    """The stable form of the expression of a request, at its point if it has one."""
    program, values = request.program, request.values
    if values:
        check_values(program, values)
    reading = reading_of(request)
    return rewrite(program, reading._replace(variables=frozenset(values)), values)
