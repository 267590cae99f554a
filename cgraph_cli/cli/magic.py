"""``%cgraph`` and ``%%cgraph`` of a notebook: the words of the command line, and a cell as the expression.

What a command makes is the cell's result, which shows itself and can be used on: ``report = %cgraph "x^2" --x 3``.
"""

from __future__ import annotations

import shlex

import cgraph_cli.library  # results show themselves  # noqa: F401
from cgraph_cli.cli.answer import answer, made, noted, shown
from cgraph_cli.cli.commands import COMMANDS
from cgraph_cli.cli.formats import BYTES, chosen_format
from cgraph_cli.cli.request import Request, read
from cgraph_cli.errors import CgraphError, UsageError
from cgraph_cli.render import View
from cgraph_cli.report.shown import Shown

MIME = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "html": "text/html",
    "markdown": "text/markdown",
}


class CellError(Exception):
    """What a user got wrong in a cell: it stops the notebook, and is shown without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


class Output:
    """A result in a format that was asked for by name, which a notebook shows as what it is."""

    def __init__(self, mime: str, data: str | bytes) -> None:
        self.mime = mime
        self.data = data

    def __repr__(self) -> str:
        return f"<{self.mime}, {len(self.data):,} {'bytes' if isinstance(self.data, bytes) else 'characters'}>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str | bytes]:
        return {self.mime: self.data}


def cgraph(line: str, cell: str | None = None) -> object:
    """Run a command of cgraph: %cgraph COMMAND EXPRESSION --NAME VALUE ..., or the expression in the cell below."""
    try:
        try:
            words = shlex.split(line)
        except ValueError as error:
            raise UsageError(f"the words cannot be read: {error}") from None
        if cell is None and (not words or words[0] == "help" or not {"-h", "--help"}.isdisjoint(words)):
            print(_help(words), end="")
            return None
        command = words.pop(0) if words[:1] and words[0] in COMMANDS else "eval"
        return _answered(command, words if cell is None else [*words, "--", cell])
    except CgraphError as error:
        raise CellError(f"error: {error}") from None


def _help(words: list[str]) -> str:
    from cgraph_cli.cli.help import command_page, main_page, text_of

    command = next((word for word in words if word in COMMANDS), None)
    page = main_page(short=not words) if command is None else command_page(command)
    return text_of(page, None, color=False)


def _answered(command: str, words: list[str]) -> object:
    request = read(command, words)
    if request.one("output") is not None:
        _stop(answer(command, words))
        return None
    chosen = chosen_format(request)
    result = made(request)
    shows_itself = isinstance(result, Shown) and not _asks_for_a_form(request)
    _stop(noted(request, result, "html" if shows_itself else chosen))
    if shows_itself:
        return result
    view = View(ascii=request.flag("ascii"), all=request.flag("all"))
    chunks = [*shown(request, result, chosen, view)]
    if chosen in BYTES:
        return Output(MIME[chosen], b"".join(chunk for chunk in chunks if isinstance(chunk, bytes)))
    text = "".join(map(str, chunks))
    if chosen in MIME:
        return Output(MIME[chosen], framed(text) if text.startswith("<!DOCTYPE") else text)
    print(text, end="")
    return None


def _asks_for_a_form(request: Request) -> bool:
    return any(map(request.flag, ("format", "json", "ascii", "all", "digits", "only")))


def _stop(code: int) -> None:
    if code:
        raise CellError("stopped by --strict")


def framed(page: str) -> str:
    """A page of its own within a notebook's page."""
    from html import escape

    style = "width: 100%; height: 40rem; border: 0"
    return f'<iframe title="cgraph" style="{style}" srcdoc="{escape(page)}"></iframe>'
