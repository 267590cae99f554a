"""``cgraph eval``: an expression at a point, with all its gradients."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from cgraph_cli.cli.arguments import COMMANDS, Request, read_value
from cgraph_cli.cli.output import print_note, view_of, write
from cgraph_cli.errors import ANSWER_IS_NO, DONE, UsageError
from cgraph_cli.library import Expression
from cgraph_cli.render import format_for_file, formats, renderer
from cgraph_cli.report.findings import Finding
from cgraph_cli.report.report import Report


def report_of(request: Request) -> Report:
    """The report that a request asks for."""
    return Expression(request.program).evaluate(
        request.values,
        outputs=request.listed("outputs") or None,
        expand=request.flag("expand"),
        replace=request.pairs("replace"),
        hessian=request.flag("hessian"),
        direction=direction_of(request),
    )


def direction_of(request: Request) -> dict[str, float] | None:
    """The direction of --direction x=1,y=0."""
    if not request.flag("direction"):
        return None
    return {name: read_value(name, text) for name, text in request.pairs("direction").items()}


def chosen_format(request: Request) -> str:
    """The format that --json, --format or the ending of --output asks for."""
    kind = COMMANDS[request.command].shows
    assert kind is not None
    named = request.one("format")
    if request.flag("json"):
        if named not in (None, "json"):
            raise UsageError(f"--json and --format {named} contradict each other")
        return "json"
    if named is not None:
        return named
    path = request.one("output")
    return (format_for_file(path, formats(kind)) if path is not None else None) or formats(kind)[0]


def answer(request: Request) -> int:
    """Evaluate, show, and say in the exit code whether --strict is satisfied."""
    chosen = chosen_format(request)
    report = report_of(request)
    path = request.one("output")
    if chosen == "png" and path is None and sys.stdout.isatty():
        raise UsageError("a PNG picture is not for a terminal", help="write it to a file: --output graph.png")
    view = view_of(sys.stdout, ascii=request.flag("ascii"), all=request.flag("all"), to_file=path is not None)
    write(renderer("report", chosen)(report, view), path)
    return refused(request, report.warnings)


def refused(request: Request, warnings: Sequence[Finding]) -> int:
    """The exit code: whether --strict was given and refuses a result with these warnings."""
    if not (request.flag("strict") and warnings):
        return DONE
    count = len(warnings)
    print_note("strict", f"the result has {count} warning{'s' if count > 1 else ''}")
    return ANSWER_IS_NO
