"""``cgraph functions``: the rule table for people and programs."""

from __future__ import annotations

from cgraph_cli.cli.request import Request
from cgraph_cli.report.functions import FunctionTable, function_table


def result_of(request: Request) -> FunctionTable:
    """The functions that the words name or are found in, all without a word."""
    return function_table(request.words)
