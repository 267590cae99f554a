"""Report to text: one module per format, imported on use and found by name in one registry."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath
from typing import NamedTuple

from cgraph_cli.errors import UsageError


class View(NamedTuple):
    """What a renderer knows of the place where its output goes.

    ``width`` is the number of columns to fit, None where lines are never cut (a pipe, a file). ``ascii`` asks for
    nothing but ASCII, ``all`` for every row however many there are.
    """

    width: int | None = None
    color: bool = False
    ascii: bool = False
    all: bool = False


# What can be shown, in which formats, and the function that does it as module:name. The first format is the default.
# A function takes the result and a View and yields str or bytes.
RENDERERS: dict[str, dict[str, str]] = {
    "report": {
        "table": "table.table:render_report",
        "tree": "table.tree:render_report",
        "json": "json:render_report",
        "unicode": "prose.equations:render_unicode",
        "latex": "prose.equations:render_latex",
        "dot": "picture.dot:render_report",
        "mermaid": "picture.mermaid:render_report",
        "svg": "picture.svg:render_report",
        "png": "picture.png:render_report",
        "html": "page.page:render_report",
    },
    "derivatives": {
        "text": "derivatives:render_text",
        "plain": "derivatives:render_plain",
        "unicode": "derivatives:render_unicode",
        "latex": "derivatives:render_latex",
        "json": "derivatives:render_json",
    },
    "explanation": {
        "text": "prose.text:render_explanation",
        "markdown": "prose.markdown:render_explanation",
        "latex": "prose.latex:render_explanation",
        "html": "prose.html:render_explanation",
    },
    "paths": {"text": "paths:render_text", "json": "paths:render_json"},
    "functions": {
        "table": "functions:render_table",
        "json": "functions:render_json",
        "markdown": "functions:render_markdown",
    },
    "code": {"source": "code:render_source"},
    "schema": {"json": "schema:render_schema"},
}

ENDINGS: dict[str, str] = {
    ".txt": "text",
    ".json": "json",
    ".tex": "latex",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".dot": "dot",
    ".gv": "dot",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".svg": "svg",
    ".png": "png",
}


def formats(kind: str) -> tuple[str, ...]:
    """The formats that a kind of result can be shown in."""
    return tuple(RENDERERS[kind])


def renderer(kind: str, name: str) -> Callable[..., Iterator[str | bytes]]:
    """The function that shows a kind of result in a format; its module is imported on first use."""
    module, function = RENDERERS[kind][name].split(":")
    found: Callable[..., Iterator[str | bytes]] = getattr(
        importlib.import_module(f"cgraph_cli.render.{module}"), function
    )
    return found


def format_for_file(path: str, known: Sequence[str]) -> str | None:
    """The format that a file's ending asks for, None for a file without an ending; .txt is the default format.

    Raises UsageError for an ending that no format of the command has.
    """
    ending = PurePath(path).suffix.lower()
    if not ending:
        return None
    if ending == ".txt":
        return known[0]
    if ENDINGS.get(ending) in known:
        return ENDINGS[ending]
    endings = ", ".join([".txt", *(one for one, name in ENDINGS.items() if name in known and one != ".txt")])
    raise UsageError(f"no format has the ending `{ending}`", help=f"endings: {endings}; or name one with --format")
