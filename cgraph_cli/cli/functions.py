"""``cgraph functions``: the rule table for people and programs."""

from __future__ import annotations

import sys

from cgraph_cli.cli.output import view_of, write
from cgraph_cli.errors import DONE, UsageError
from cgraph_cli.graph.build import suggestion
from cgraph_cli.render import formats, renderer


def answer(format: str) -> int:
    """Print every function with its formulas."""
    known = formats("functions")
    if format not in known:
        near = suggestion(format, known)
        raise UsageError(f"--format does not know `{format}`", help=near or f"it takes one of: {', '.join(known)}")
    write(renderer("functions", format)(view_of(sys.stdout)))
    return DONE
