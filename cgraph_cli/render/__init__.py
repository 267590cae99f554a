"""Report to text: one module per format, imported on use and found by name in one registry."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from pathlib import PurePath
from types import ModuleType
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


class Format(NamedTuple):
    """A way of showing a result: the module with its functions and the endings of its files.

    The module has one function per kind of result, ``render_report(report, view)`` and so on, which yields str or
    bytes.
    """

    module: str
    endings: tuple[str, ...] = ()


FORMATS: dict[str, Format] = {
    "table": Format("table", (".txt",)),
    "json": Format("json", (".json",)),
    "tree": Format("tree"),
    "text": Format("derivative", (".txt",)),
    "plain": Format("derivative"),
    "latex": Format("latex", (".tex",)),
    "unicode": Format("unicode"),
    "markdown": Format("explain_markdown", (".md",)),
    "html": Format("html", (".html", ".htm")),
    "dot": Format("dot", (".dot", ".gv")),
    "mermaid": Format("mermaid", (".mmd", ".mermaid")),
    "svg": Format("svg", (".svg",)),
    "png": Format("png", (".png",)),
}


def module_of(name: str) -> ModuleType:
    """The module of a format, imported on first use."""
    return importlib.import_module(f"cgraph_cli.render.{FORMATS[name].module}")


def format_for_file(path: str, known: Iterable[str]) -> str | None:
    """The format that a file's ending asks for; None for a file without an ending.

    Raises UsageError for an ending that no format of the command has.
    """
    ending = PurePath(path).suffix.lower()
    if not ending:
        return None
    for name in known:
        if ending in FORMATS[name].endings:
            return name
    endings = ", ".join(ending for name in known for ending in FORMATS[name].endings)
    raise UsageError(f"no format has the ending `{ending}`", help=f"endings: {endings}; or name one with --format")
