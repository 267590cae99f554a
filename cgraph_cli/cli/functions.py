"""``cgraph functions``: the rule table for people and programs."""

from __future__ import annotations

import sys

from cgraph_cli.cli.output import view_of, write
from cgraph_cli.errors import DONE, UsageError
from cgraph_cli.graph.build import suggestion

FORMATS = ("table", "json", "markdown")


def answer(format: str) -> int:
    """Print every function with its formulas."""
    from cgraph_cli.render import functions

    if format not in FORMATS:
        near = suggestion(format, FORMATS)
        raise UsageError(f"--format does not know `{format}`", help=near or f"it takes one of: {', '.join(FORMATS)}")
    write(getattr(functions, f"as_{format}")(view_of(sys.stdout)))
    return DONE
