"""``cgraph diff``: derivatives as formulas."""

from __future__ import annotations

import sys

from cgraph_cli.cli.arguments import Request
from cgraph_cli.cli.evaluate import chosen_format, refused
from cgraph_cli.cli.output import print_note, view_of, write
from cgraph_cli.errors import UsageError, shortened
from cgraph_cli.graph.build import check_values
from cgraph_cli.render import renderer
from cgraph_cli.report.derivatives import Derivatives, differentiate


def derivatives_of(request: Request) -> Derivatives:
    """The derivatives that a request asks for."""
    wrt: list[tuple[str, ...]] | None = None
    if request.flag("wrt"):
        wrt = []
        for word in request.options["wrt"]:
            names = tuple(name.strip() for name in word.split(","))
            if not all(names):
                raise UsageError(f"--wrt takes a name, or names separated by commas, not `{shortened(word)}`")
            wrt.append(names)
    order = request.one("order") or "1"
    if not (order.isascii() and order.isdigit()):
        raise UsageError(f"--order takes a whole number from 1, not `{shortened(order)}`")
    if request.values:
        check_values(request.program, request.values, [name for names in wrt or () for name in names])
    return differentiate(
        request.program,
        wrt,
        order=int(order) if len(order) < 10 else 10**9,
        values=request.values or None,
        simplify=not request.flag("no-simplify"),
        replace=request.pairs("replace"),
    )


def answer(request: Request) -> int:
    """Differentiate and show the formulas."""
    chosen = chosen_format(request)
    result = derivatives_of(request)
    path = request.one("output")
    view = view_of(sys.stdout, ascii=request.flag("ascii"), to_file=path is not None)
    write(renderer("derivatives", chosen)(result, view), path)
    if not result.derivatives:
        print_note("note", "the expression has no variables, so it has no derivatives")
    if chosen != "json":
        for warning in result.warnings:
            print_note("warning", warning.message)
    return refused(request, result.warnings)
