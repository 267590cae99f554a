"""``cgraph eval``: an expression at a point, with all its gradients."""

from __future__ import annotations

from cgraph_cli.cli.request import Request
from cgraph_cli.cli.values import read_value
from cgraph_cli.graph.build import Reading
from cgraph_cli.library import Expression
from cgraph_cli.report.report import Report


def result_of(request: Request) -> Report:
    """The report; the same for every command that shows one evaluation."""
    direction = {name: read_value(name, text) for name, text in request.pairs("direction").items()}
    wrt = list(dict.fromkeys(request.listed("wrt")))
    reading = reading_of(request)
    expression, hessian = Expression(request.program), request.flag("hessian")
    return expression.report(request.values, reading, hessian=hessian, direction=direction, wrt=wrt)


def reading_of(request: Request) -> Reading:
    """How the expression is to be read."""
    return Reading(
        outputs=tuple(request.listed("outputs")) or None,
        expand=request.flag("expand"),
        replace=tuple(request.pairs("replace").items()),
    )
