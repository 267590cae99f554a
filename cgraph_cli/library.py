"""The library: parse once, evaluate and differentiate at many points."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from cgraph_cli.errors import CgraphError, InvalidValueError, UnknownVariableError
from cgraph_cli.graph.build import build, check_values, suggestion
from cgraph_cli.graph.graph import Graph
from cgraph_cli.report.report import Report, evaluate_graph
from cgraph_cli.rules import CONSTANTS
from cgraph_cli.syntax.expression import Program, normal_name
from cgraph_cli.syntax.parser import parse as parse_program
from cgraph_cli.syntax.printer import print_program


class Expression:
    """An expression of cgraph's language: it prints, evaluates with all its gradients, and differentiates again."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._graphs: dict[tuple[object, ...], Graph] = {}

    def __str__(self) -> str:
        return print_program(self.program)

    def __repr__(self) -> str:
        text = str(self)
        return f"<Expression {text if len(text) <= 60 else text[:57] + '...'}>"

    @property
    def variables(self) -> list[str]:
        """The names that need a value, in order of appearance."""
        return [name for name in self.names if name not in CONSTANTS]

    @property
    def names(self) -> list[str]:
        """All free names in order of appearance; a constant among them may be given a value."""
        return list(self.program.names())

    def graph(
        self,
        variables: Sequence[str] | None = None,
        *,
        outputs: Sequence[str] | None = None,
        expand: bool = False,
        replace: Mapping[str, str] | None = None,
    ) -> Graph:
        """The computational graph; kept, so that only the first evaluation builds it.

        ``variables`` are the names to treat as variables (default: all that are not constants).
        """
        names = None if variables is None else tuple(variables)
        return self._graph(names, self.variables if names is None else names, outputs, expand, replace)

    def _graph(
        self,
        key: object,
        variables: Collection[str],
        outputs: Sequence[str] | None,
        expand: bool,
        replace: Mapping[str, str] | None,
    ) -> Graph:
        whole = (key, None if outputs is None else tuple(outputs), expand, tuple(sorted((replace or {}).items())))
        if whole not in self._graphs:
            self._graphs[whole] = build(self.program, variables, outputs=outputs, expand=expand, replace=replace)
        return self._graphs[whole]

    def evaluate(
        self,
        values: Mapping[str, float] | None = None,
        /,
        *,
        outputs: Sequence[str] | None = None,
        expand: bool = False,
        replace: Mapping[str, str] | None = None,
        hessian: bool = False,
        direction: Mapping[str, float] | None = None,
        **named: float,
    ) -> Report:
        """The value, all gradients and every node at a point.

        A name that is also an option of this function is given in ``values``. Raises MissingVariableError and
        UnknownVariableError when the names do not fit the expression, InvalidValueError for what is not a number.
        """
        point: dict[str, float] = {}
        for name, value in [*(values or {}).items(), *named.items()]:
            name = normal_name(name)
            if name in point:
                raise InvalidValueError(f"`{name}` is given twice")
            try:
                point[name] = float(value)
            except (TypeError, ValueError):
                raise InvalidValueError(f"the value of `{name}` is not a number: {value!r}") from None
            except OverflowError:
                point[name] = float("inf") if value > 0 else float("-inf")
        # The expression itself is checked before the values: a wrong call matters more than a missing value.
        names = self.program.names()
        constants = frozenset(name for name in CONSTANTS if name in names and name in point)
        variables = [name for name in names if name not in CONSTANTS or name in constants]
        graph = self._graph(constants, variables, outputs, expand, replace)
        if len(point) != len(variables) or not all(map(point.__contains__, variables)):
            check_values(self.program, point)
        for name in direction or ():
            if name not in graph.variables:
                known = ", ".join(graph.variables) or "none"
                raise UnknownVariableError(
                    f"the direction has `{name}`, which is no variable of the expression",
                    help=suggestion(name, graph.variables) or f"its variables: {known}",
                )
        return evaluate_graph(self.program, graph, point, hessian=hessian, direction=direction)

    def differentiate(self, wrt: str | Sequence[str], *, simplify: bool = True) -> Expression:
        """∂/∂wrt as an expression; for several names the mixed partial derivative, in that order.

        Raises UnknownVariableError for a name that does not occur.
        """
        from cgraph_cli.report.derivatives import differentiate

        names = (wrt,) if isinstance(wrt, str) else tuple(wrt)
        (derivative,) = differentiate(self.program, [names], simplify=simplify).derivatives
        return Expression(derivative.program)


def parse(text: str) -> Expression:
    """Read an expression once, to evaluate it at many points. Raises ExpressionSyntaxError."""
    return Expression(parse_program(text))


def _expression(expression: str | Expression) -> Expression:
    return parse(expression) if isinstance(expression, str) else expression


def evaluate(expression: str | Expression, values: Mapping[str, float] | None = None, /, **named: Any) -> Report:
    """The value and all gradients of an expression at a point: ``evaluate("(x+y)*z", x=-2, y=5, z=-4)``.

    Any name can be given in a dict: ``evaluate("lambda^2", {"lambda": 3})``. The options of Expression.evaluate
    (``hessian``, ``direction``, ``outputs``, ``expand``, ``replace``) are taken too.
    """
    return _expression(expression).evaluate(values, **named)


def differentiate(expression: str | Expression, wrt: str | Sequence[str], *, simplify: bool = True) -> Expression:
    """∂expression/∂wrt as an expression that prints, evaluates and differentiates again."""
    return _expression(expression).differentiate(wrt, simplify=simplify)


__all__ = ["CgraphError", "Expression", "Report", "differentiate", "evaluate", "parse"]
