"""``cgraph eval``: an expression at a point, with all its gradients."""

from __future__ import annotations

from cgraph_cli.cli.request import Request
from cgraph_cli.errors import UsageError
from cgraph_cli.graph.build import Reading, check_values
from cgraph_cli.light import Collection
from cgraph_cli.render.numbers import MOST_DIGITS
from cgraph_cli.report.evaluate import evaluate_program
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.expression import Program


def result_of(request: Request) -> Report:
    """The report; the same for every command that shows one evaluation."""
    direction = {name: request.value(name, text) for name, text in request.pairs("direction").items()}
    wrt = list(dict.fromkeys(request.listed("wrt")))
    reading, program, point = reading_of(request), request.program, request.values
    if request.flag("rewrite"):
        program = rewritten(request, reading, (*direction, *wrt))
        names = program.names()
        reading = Reading(outputs=reading.outputs)
        point = {name: value for name, value in point.items() if name in names}
    hessian, kink = request.flag("hessian"), request.one("kink")
    if request.is_fine:
        why = f"goes with up to {MOST_DIGITS} digits, not with --digits {request.digits}"
        request.refuse("condition kink", why)
        request.refuse("sigma", why, help="an uncertain value, 3±0.1, is the same as --sigma x=0.1")
        request.refuse("correlation elasticity", why)
    report = evaluate_program(
        program,
        point,
        reading,
        hessian=hessian,
        direction=direction,
        wrt=wrt,
        kink=kink,
        true=request.flag("true"),
        digits=request.digits if request.is_fine else None,
        shown=request.digits,
    )
    if request.flag("condition"):
        from cgraph_cli.report.precisely import with_conditions

        if kink is not None:
            raise UsageError("--condition does not go with --kink: high precision knows the conventions only")
        report = with_conditions(report)
    if request.options.keys().isdisjoint(("sigma", "correlation", "elasticity")):
        return report
    from cgraph_cli.cli.uncertain import with_budgets

    return with_budgets(report, request)


def rewritten(request: Request, reading: Reading, asked: Collection[str]) -> Program:
    """The program in its stable form at the point; a note says of every change what it is and why."""
    from cgraph_cli.report.rewritten import rewrite

    check_values(request.program, request.values, asked)
    result = rewrite(request.program, reading._replace(variables=frozenset(request.values)), request.values)
    for one in result.changes:
        given = f" (for {one.when})" if one.when else ""
        request.note(f"`{one.before}` is rewritten as `{one.after}`: {one.reason}{given}")
    if not result.changes:
        request.note("no rewrite is known that makes the expression better")
    for name in result.variables:
        if name not in result.stable.names():
            request.note(f"the rewritten expression is free of `{name}`")
    return result.stable


def reading_of(request: Request) -> Reading:
    """How the expression is to be read."""
    return Reading(
        outputs=tuple(request.listed("outputs")) or None,
        expand=request.flag("expand"),
        replace=tuple(request.pairs("replace").items()),
    )
