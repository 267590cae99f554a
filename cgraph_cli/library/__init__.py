"""The library: parse once, evaluate and differentiate at many points."""

from __future__ import annotations

from cgraph_cli.errors import CgraphError, InvalidValueError
from cgraph_cli.library.expression import Expression, Names, Quiet
from cgraph_cli.library.given import whole
from cgraph_cli.light import TYPE_CHECKING, Any, Mapping, Unpack, overload
from cgraph_cli.limits import MAX_NODES
from cgraph_cli.report.report import Report
from cgraph_cli.report.shown import Shown
from cgraph_cli.syntax.parser import parse as parse_program

if TYPE_CHECKING:
    from cgraph_cli.library.expression import Differentiating


def _show(result: Shown, way: str) -> str | None:
    from cgraph_cli.render.notebook import show

    return show(result, way)


Shown.show = _show  # the layer of reports knows no renderer


def parse(text: str, *, max_nodes: int = MAX_NODES) -> Expression:
    """Read an expression once, to evaluate it at many points.

    Raises ExpressionSyntaxError. Whatever would make a graph of more than ``max_nodes`` raises TooLargeError.
    """
    if not isinstance(text, str):
        raise InvalidValueError(f"an expression is a text, not {text!r}")
    with Quiet():
        return Expression(parse_program(text, whole("max_nodes", max_nodes, 1)))


def _expression(expression: str | Expression) -> Expression:
    return expression if isinstance(expression, Expression) else parse(expression)


def evaluate(expression: str | Expression, values: Mapping[str, float] | None = None, /, **named: Any) -> Report:
    """The value and all gradients of an expression at a point: ``evaluate("(x+y)*z", x=-2, y=5, z=-4)``.

    Any name can be given in a dict: ``evaluate("lambda^2", {"lambda": 3})``. The options of Expression.evaluate
    (``hessian``, ``direction``, ``outputs``, ``digits``, …) are taken too.
    """
    return _expression(expression).evaluate(values, **named)


@overload
def differentiate(expression: str | Expression, wrt: str, **options: Unpack[Differentiating]) -> Expression: ...
@overload
def differentiate(
    expression: str | Expression, wrt: Names | None = None, **options: Unpack[Differentiating]
) -> dict[str, Expression]: ...
def differentiate(
    expression: str | Expression, wrt: str | Names | None = None, **options: Unpack[Differentiating]
) -> Expression | dict[str, Expression]:
    """∂expression/∂wrt as an expression that prints, evaluates and differentiates again.

    For several names (default: all variables) one for each, by name.

    Constants are constants unless they are named in ``wrt`` or ``variables``: ``differentiate("e*x", "x",
    variables=["e"])``. The options of Expression.differentiate are taken.
    """
    return _expression(expression).differentiate(wrt, **options)


__all__ = ["CgraphError", "Expression", "Report", "differentiate", "evaluate", "parse"]
