"""What every command does: read the words, make the result, show it, and say in the exit code what became of it."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

from cgraph_cli.cli.commands import COMMANDS
from cgraph_cli.cli.output import is_terminal, print_note, view_of, write
from cgraph_cli.cli.request import Request, read
from cgraph_cli.errors import ANSWER_IS_NO, DONE, UsageError, listed, shortened
from cgraph_cli.render import format_for_file, formats, renderer


def answer(command: str, argv: Sequence[str]) -> int:
    """Answer the words after a command's name; the exit code."""
    request = read(command, argv)
    kind, path = COMMANDS[command].shows, _output_file(request)
    chosen = chosen_format(request, kind, path)
    if chosen == "png" and path is None and is_terminal(sys.stdout):
        raise UsageError("a PNG picture is not for a terminal", help="write it to a file: --output graph.png")
    result = importlib.import_module(f"cgraph_cli.cli.{command}").result_of(request)
    view = view_of(sys.stdout, ascii=request.flag("ascii"), all=request.flag("all"), to_file=path is not None)
    write(renderer(kind, chosen)(result, view), path)
    return noted(request, result, chosen)


def noted(request: Request, result: object, chosen: str) -> int:
    """Say on standard error what the result has no place for; the exit code."""
    warnings = getattr(result, "warnings", ())
    if (
        COMMANDS[request.command].shows in ("derivatives", "code") and chosen != "json"
    ):  # formulas and code have no place for them
        for warning in warnings:
            print_note("warning", warning.message)
    if request.ignored:
        print_note("note", f"--values has names that the expression lacks: {listed(request.ignored, '`')}")
    if not (warnings and request.flag("strict")):
        return DONE
    print_note("strict", f"the result has {len(warnings)} warning{'s' if len(warnings) > 1 else ''}")
    return ANSWER_IS_NO


def _output_file(request: Request) -> str | None:
    """Where --output goes: None is standard output. Raises UsageError for a file that is read too."""
    path = request.one("output")
    for option in ("file", "values"):
        read_too = request.one(option)
        if path and read_too and os.path.realpath(path) == os.path.realpath(read_too) and os.path.isfile(path):
            raise UsageError(f"`{shortened(path)}` is read by --{option}: it would be overwritten")
    return None if path == "-" else path


def chosen_format(request: Request, kind: str, path: str | None) -> str:
    """The format that --json, --format or the ending of --output asks for."""
    named = request.one("format")
    if request.flag("json"):
        if named not in (None, "json"):
            raise UsageError(f"--json and --format {named} contradict each other")
        return "json"
    if named is None and path is not None and "format" in COMMANDS[request.command].options:
        named = format_for_file(path, formats(kind))
    return named or formats(kind)[0]
