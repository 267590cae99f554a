"""The functions that some languages lack, and the operation that each of them is."""

from __future__ import annotations

from types import FunctionType

from cgraph_cli.export import functions
from cgraph_cli.export.dialect import SPELLED
from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.light import TYPE_CHECKING
from cgraph_cli.rules import RULES

if TYPE_CHECKING:
    import ast

ROWS = {**{name: operation(name) for name in RULES}, **{name: op for op, name in SPELLED.items()}}
PARTS = {name: one for name, one in vars(functions).items() if isinstance(one, FunctionType)}
CALLED = {**ROWS, **{name: Operation(name) for name in PARTS if name not in ROWS}}
PORTABLE = {CALLED[name]: function for name, function in PARTS.items()}


def parsed(function: FunctionType) -> ast.FunctionDef:
    """The syntax tree of a function's source."""
    import ast
    import inspect
    import textwrap

    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(definition, ast.FunctionDef)
    return definition
