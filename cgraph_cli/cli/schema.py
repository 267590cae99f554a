"""``cgraph schema``: what the JSON of a report looks like, for programs."""

from __future__ import annotations

from cgraph_cli.cli.request import Request


def result_of(request: Request) -> str:
    """The name of the schema."""
    return "report"
