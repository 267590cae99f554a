"""Value and gradient as source text."""

from __future__ import annotations

from cgraph_cli.export import LANGUAGES, Exported, export
from cgraph_cli.light import Iterator
from cgraph_cli.render import View


def render_source(exported: Exported, view: View) -> Iterator[str]:
    """The text of a file in the language that was asked for."""
    yield export(exported.job, exported.language)


def render_markdown(exported: Exported, view: View) -> Iterator[str]:
    """The text between fences that name the language, for a document that shows it."""
    from cgraph_cli.render.prose.markdown import fenced

    name = next(name for name, ending in LANGUAGES.items() if ending == LANGUAGES[exported.language])
    yield fenced(render_source(exported, view), name)
