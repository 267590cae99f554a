"""``cgraph export``: value and gradient as a function of another language."""

from __future__ import annotations

from cgraph_cli.cli.request import Request
from cgraph_cli.errors import UsageError
from cgraph_cli.export import LANGUAGES, Exported, language_for_file
from cgraph_cli.export.job import export_job
from cgraph_cli.graph.build import Reading, build, check_values


def result_of(request: Request) -> Exported:
    """What is to be written.

    Without --self-test no name needs a value; a constant that is given one, or that --wrt names, is a variable.
    """
    language = chosen_language(request)
    program, given, wrt = request.program, request.values, request.listed("wrt")
    if request.flag("self-test") or any(name not in program.names() for name in given):
        check_values(program, given, wrt)
    replace = tuple(request.pairs("replace").items())
    graph = build(program, Reading(frozenset((*given, *wrt)), replace=replace))
    job = export_job(
        program,
        graph,
        name=request.one("name"),
        wrt=wrt or None,
        point=given if request.flag("self-test") else None,
        simplify=not request.flag("no-simplify"),
    )
    return Exported(job, language)


def chosen_language(request: Request) -> str:
    """The language of --to, or of the ending of --output."""
    to, path = request.one("to"), request.one("output")
    if to is not None:
        return to
    if path is not None:
        return language_for_file(path)
    raise UsageError("no language is named", help=f"--to takes one of: {', '.join(LANGUAGES)}")
