"""``cgraph schema``: what the JSON of a command looks like, for programs."""

from __future__ import annotations

from cgraph_cli.cli.commands import SCHEMAS
from cgraph_cli.cli.request import Request
from cgraph_cli.errors import UsageError, shortened, suggestion


def result_of(request: Request) -> str:
    """The name of the schema. Raises UsageError for what has none."""
    for name in request.words:
        if name not in SCHEMAS:
            help = suggestion(name, SCHEMAS) or f"there is one of: {', '.join(SCHEMAS)}"
            raise UsageError(f"there is no schema of `{shortened(name)}`", help=help)
    if len(request.words) > 1:
        raise UsageError("one schema is printed at a time")
    return request.words[0] if request.words else SCHEMAS[0]
