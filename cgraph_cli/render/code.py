"""Value and gradient as source text."""

from __future__ import annotations

from cgraph_cli.export import Exported, export
from cgraph_cli.light import Iterator
from cgraph_cli.render import View


def render_source(exported: Exported, view: View) -> Iterator[str]:
    """The text of a file in the language that was asked for."""
    yield export(exported.job, exported.language)
