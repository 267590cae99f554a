"""``cgraph diff``: derivatives as formulas."""

from __future__ import annotations

from cgraph_cli.cli.output import print_note
from cgraph_cli.cli.request import Request
from cgraph_cli.errors import UsageError, shortened
from cgraph_cli.graph.build import check_values
from cgraph_cli.report.derivatives import Derivatives, differentiate


def result_of(request: Request) -> Derivatives:
    """The derivatives that a request asks for."""
    wrt: list[tuple[str, ...]] = []
    for word in request.options.get("wrt", []):
        names = tuple(name.strip() for name in word.split(","))
        if not all(names):
            raise UsageError(f"--wrt takes a name, or names separated by commas, not `{shortened(word)}`")
        wrt.append(names)
    order = request.one("order") or "1"
    if not (order.isascii() and order.isdigit()):
        raise UsageError(f"--order takes a whole number from 1, not `{shortened(order)}`")
    if request.values:
        check_values(request.program, request.values, [name for names in wrt for name in names])
    result = differentiate(
        request.program,
        wrt or None,
        order=int(order) if len(order) < 10 else 10**9,
        values=request.values or None,
        simplify=not request.flag("no-simplify"),
        replace=request.pairs("replace"),
    )
    if not result.derivatives:
        print_note("note", "the expression has no variables, so it has no derivatives")
    return result
