"""``cgraph check``: every derivative held against other ways to compute it."""

from __future__ import annotations

from cgraph_cli.check.witnesses import Checks, checked
from cgraph_cli.cli import eval
from cgraph_cli.cli.request import Request


def result_of(request: Request) -> Checks:
    """The verdicts at the point that a request gives."""
    return checked(eval.result_of(request))
