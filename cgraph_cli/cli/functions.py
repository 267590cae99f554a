"""``cgraph functions``: the rule table for people and programs."""

from __future__ import annotations

from cgraph_cli.cli.request import Request
from cgraph_cli.report.functions import FunctionTable, function_table


def result_of(request: Request) -> FunctionTable:
    """Every function with its formulas."""
    return function_table()
