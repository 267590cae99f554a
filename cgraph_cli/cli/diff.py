"""``cgraph diff``: derivatives as formulas."""

from __future__ import annotations

from cgraph_cli.cli.request import Request
from cgraph_cli.cli.words import split_list
from cgraph_cli.errors import UsageError
from cgraph_cli.graph.build import check_values
from cgraph_cli.report.derivatives import MAX_ORDER, Derivatives, differentiate


def result_of(request: Request) -> Derivatives:
    """The derivatives that a request asks for."""
    wrt = request.listed("wrt")
    mixed = [tuple(split_list("mixed", word)) for word in request.options.get("mixed", [])]
    order = request.whole("order", MAX_ORDER) or 1
    if mixed and request.flag("order") and not wrt:
        help = "a name may be there several times: --mixed x,x,y"
        raise UsageError("--order is for --wrt; --mixed says itself how often", help=help)
    if request.values:
        check_values(request.program, request.values, [*wrt, *(name for names in mixed for name in names)])
    result = differentiate(
        request.program,
        None if not wrt and not mixed else wrt,
        mixed=mixed,
        order=order,
        values=request.values or None,
        simplify=not request.flag("no-simplify"),
        expand=request.flag("expand"),
        replace=request.pairs("replace"),
        digits=request.digits if request.is_fine else None,
        shown=request.digits,
    )
    if not result.derivatives:
        text = "the expression has no variables, so it has no derivatives"
        request.note(text)
    return result
