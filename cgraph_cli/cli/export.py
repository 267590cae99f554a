"""``cgraph export``: value and gradient as a function of another language."""

from __future__ import annotations

import sys

from cgraph_cli.cli.formats import chosen_format, output_file
from cgraph_cli.cli.output import view_of
from cgraph_cli.cli.request import Request
from cgraph_cli.export import Exported
from cgraph_cli.export.job import export_job
from cgraph_cli.export.names import ascii_program
from cgraph_cli.graph.build import Reading, build, check_values
from cgraph_cli.rules import CONSTANTS


def result_of(request: Request) -> Exported:
    """What is to be written.

    Without --self-test no name needs a value; a constant that is given one, or that --wrt names, is a variable. Where
    only ASCII is wanted, or standard output has no other characters, names are spelled in it.
    """
    program, given, wrt = request.program, request.values, request.listed("wrt")
    if request.flag("self-test") or any(name not in program.names() for name in given):
        check_values(program, given, wrt)
    if not request.flag("self-test") and any(name not in CONSTANTS for name in given):
        request.note("the values are not used: the function takes them as arguments; --self-test compares there")
    replace = tuple(request.pairs("replace").items())
    if view_of(sys.stdout, ascii=request.flag("ascii"), to_file=output_file(request) is not None).ascii:
        program, names = ascii_program(program)
        given, wrt = {names[name]: value for name, value in given.items()}, [names.get(name, name) for name in wrt]
        replace = tuple((names.get(old, old), names.get(new, new)) for old, new in replace)
    graph = build(program, Reading(frozenset((*given, *wrt)), None, request.flag("expand"), replace))
    job = export_job(
        program,
        graph,
        name=request.one("name"),
        wrt=wrt or None,
        point=given if request.flag("self-test") else None,
        simplify=not request.flag("no-simplify"),
    )
    return Exported(job, request.one("to") or chosen_format(request))
