"""What every command does: read the words, make the result, show it, and say in the exit code what became of it."""

from __future__ import annotations

import os
import sys
from math import inf

from cgraph_cli.cli.commands import COMMANDS
from cgraph_cli.cli.formats import BYTES, MARKUP, NUMBERS, TEX, chosen_format, output_file
from cgraph_cli.cli.output import in_ascii, is_terminal, print_error, print_findings, print_note, view_of, write
from cgraph_cli.cli.request import Request, read
from cgraph_cli.errors import ANSWER_IS_NO, DONE, MissingVariableError, StrictError, UsageError, listed, shortened
from cgraph_cli.graph.build import misread
from cgraph_cli.light import Iterable, Sequence, import_module
from cgraph_cli.render import View, renderer

MOST_NAMED = 8  # of what --values has too much


def answer(command: str, argv: Sequence[str]) -> int:
    """Answer the words after a command's name; the exit code."""
    request = read(command, argv)
    path, chosen = output_file(request), chosen_format(request)
    if chosen in BYTES and path is None and is_terminal(sys.stdout):
        help = f"write it to a file: --output graph.{chosen}"
        raise UsageError(f"a {chosen.upper()} picture is not for a terminal", help=help)
    result = made(request)
    view = view_of(sys.stdout, ascii=request.flag("ascii"), all=request.flag("all"), to_file=path is not None)
    write(shown(request, result, chosen, view), path)
    return noted(request, result, chosen)


def made(request: Request) -> object:
    """The result of a command; with blanks where --blank asks for them, and the whole in the file of --solution."""
    try:
        result = import_module(f"cgraph_cli.cli.{request.command}").result_of(request)
    except MissingVariableError as error:
        if request.ignored:  # one of them may be meant
            error.help = f"{error.help}; {_lacking(request.ignored)}"
        raise
    path = request.one("solution")
    if not request.flag("blank") or "solution" not in COMMANDS[request.command].options:
        if path is not None:
            raise UsageError("--solution goes with --blank, which says what a student is to find")
        return result
    from cgraph_cli.report.blanks import blanked

    student = blanked(result, request.listed("blank"))
    if path is not None:
        whole = solution(request, path)
        view = view_of(None, ascii=request.flag("ascii"), all=request.flag("all"), to_file=True)
        write(shown(request, result, chosen_format(whole), view), path)
    return student


def solution(request: Request, path: str) -> Request:
    """The request that the whole solution in a file answers."""
    if path == "-" or (
        request.one("output") and os.path.realpath(path) == os.path.realpath(request.one("output") or "")
    ):
        raise UsageError("--solution needs a file of its own")
    left_out = ("blank", "solution", "format", "json", "only")
    kept = {name: words for name, words in request.options.items() if name not in left_out}
    return request._replace(options=kept | {"output": [path]})


def shown(request: Request, result: object, chosen: str, view: View) -> Iterable[str | bytes]:
    """The result in a format, as the options want it."""
    view = view._replace(
        draw=frozenset(request.listed("draw")),
        scale=read_scale(request),
        digits=request.digits,
        standalone=request.flag("standalone"),
    )
    if chosen == NUMBERS:
        from cgraph_cli.cli.only import numbers

        return numbers(result, request.one("only") or "", view.digits)
    text: Iterable[str | bytes] = renderer(COMMANDS[request.command].shows, chosen)(result, view)
    if view.standalone:
        from cgraph_cli.render.prose.latex import document

        text = document(text)
    return in_ascii(text, markup=chosen in MARKUP, tex=chosen in TEX) if view.ascii else text


def read_scale(request: Request) -> float | None:
    """The scale of a picture, None if none is given. Raises UsageError for what is no positive number."""
    text = request.one("scale")
    if text is None:
        return None
    from cgraph_cli.cli.values import read_value

    scale = read_value("scale", text)
    if not 0 < scale < inf:
        raise UsageError(f"--scale takes a positive number, not `{shortened(text)}`")
    return scale


def _lacking(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return f"--values has names that the expression lacks: {listed(names[:MOST_NAMED], '`')}{more}"


def noted(request: Request, result: object, chosen: str) -> int:
    """Say on standard error what the result has no place for; the exit code."""
    warnings = getattr(result, "asked", getattr(result, "warnings", ()))
    kind = COMMANDS[request.command].shows
    said = kind != "code" and (kind != "derivatives" or chosen in ("json", "markdown", "html"))
    if warnings and (chosen == NUMBERS or not said):
        print_findings(warnings, getattr(result, "program", request.program).source, request.digits)
    if request.ignored:
        request.note(_lacking(request.ignored))
    if not request.values and (note := misread(request.program)):
        request.note(note)
    if (unused := getattr(result, "unused", ())) and not request.flag("outputs"):
        several = "; --outputs names several values to differentiate"
        text = f"nothing uses {listed(unused, '`')}{several if 'outputs' in COMMANDS[request.command].options else ''}"
        request.note(text)
    warnings = [one for one in warnings if getattr(one, "word", "warning") != "note"]
    if not (warnings and request.flag("strict")):
        return DONE if getattr(result, "passed", True) else ANSWER_IS_NO
    refusal = StrictError(f"the result has {len(warnings)} warning{'s' if len(warnings) > 1 else ''}")
    if request.wants_json:
        print_error(refusal, as_json=True)
    else:
        print_note("strict", refusal.message)
    return ANSWER_IS_NO
