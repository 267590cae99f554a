"""Functions of Python in every language, from their source: those of functions.py translated, any for Python itself.

Recursion is bounded by the packaged text.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections import Counter
from collections.abc import Callable, Sequence
from types import BuiltinFunctionType, FunctionType
from typing import TYPE_CHECKING

from cgraph_cli.export import functions
from cgraph_cli.export.bounds import Bounds
from cgraph_cli.export.text import Text
from cgraph_cli.graph.graph import operation
from cgraph_cli.rules import RULES

if TYPE_CHECKING:
    from cgraph_cli.export.language import Language

PORTABLE = {name: one for name, one in vars(functions).items() if isinstance(one, FunctionType)}
OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.USub: "neg",
    ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne",
    ast.And: "and", ast.Or: "or",
}  # fmt: skip
SAFE: Bounds = (1.0, 1.0)  # the texts keep every function inside its domain: no guard is needed


def parsed(function: FunctionType) -> ast.FunctionDef:
    """The syntax tree of a function's source."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(definition, ast.FunctionDef)
    return definition


def translated(row: str, language: Language) -> str:
    """One of the portable functions as a helper of a language."""
    return _Translator(parsed(PORTABLE[row]), language).code()


class _Translator:
    def __init__(self, definition: ast.FunctionDef, language: Language) -> None:
        self.language = language
        self.definition = definition
        self.parameters = [arg.arg for arg in definition.args.args]
        parts = list(ast.walk(definition))
        called = [called_function(part.func) for part in parts if isinstance(part, ast.Call)]
        stored = [part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]
        names = language.scope(called)
        self.assigned = Counter([*self.parameters, *stored])
        self.names = {name: names.give(name) for name in self.assigned}
        self.declared = set(self.parameters)

    def code(self) -> str:
        about = ast.get_docstring(self.definition)
        assert about is not None
        lines = self.block(self.definition.body[1:])
        parameters = [self.names[name] for name in self.parameters]
        return self.language.helper_function(self.language.helper_name(self.definition.name), parameters, lines, about)

    def block(self, statements: list[ast.stmt]) -> list[str]:
        """The lines of some statements; a name is declared where a block first gives it a value."""
        lines: list[str] = []
        outer = set(self.declared)
        for statement in statements:
            match statement:
                case ast.Return(value=ast.expr() as value):
                    lines.append(self.language.returned.format(self.text(value).code))
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=value)
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                ):
                    first, again = name not in self.declared, self.assigned[name] > 1
                    self.declared.add(name)
                    lines.append(self.language.assigned(self.names[name], self.text(value), first=first, again=again))
                case ast.If():
                    branches = self.block(statement.body), self.block(statement.orelse)
                    lines.extend(self.language.conditional(self.text(statement.test), *branches))
                case _:
                    assert isinstance(statement, ast.While), ast.dump(statement)
                    lines.extend(self.language.loop(self.text(statement.test), self.block(statement.body)))
        self.declared = outer
        return lines

    def text(self, part: ast.expr) -> Text:
        """An expression of the language."""
        language = self.language
        match part:
            case ast.Constant(value=float(number)):
                return language.number(number)
            case ast.Name(id=name):
                return Text(self.names[name])
            case ast.Attribute(attr=name):  # math.inf, math.nan
                return language.number(float(name))
            case ast.UnaryOp(op=ast.Not()):
                return language.negation(self.text(part.operand))
            case ast.UnaryOp():
                return self.apply(part.op, part.operand)
            case ast.BinOp():
                return self.apply(part.op, part.left, part.right)
            case ast.Compare(ops=[symbol], comparators=[right]):
                return self.apply(symbol, part.left, right)
            case ast.BoolOp():
                made = self.text(part.values[0])
                for other in part.values[1:]:
                    made = language.infix(OPERATORS[type(part.op)], made, self.text(other))
                return made
        assert isinstance(part, ast.Call), ast.dump(part)
        return self.applied(called_function(part.func), part.args)

    def apply(self, symbol: ast.AST, *args: ast.expr) -> Text:
        return self.applied(OPERATORS[type(symbol)], args)

    def applied(self, row: str, args: Sequence[ast.expr]) -> Text:
        """A row of the rule table, or a part of a portable function, applied to expressions."""
        texts, bounds = [self.text(arg) for arg in args], [SAFE for _ in args]
        if row in RULES:
            return self.language.apply(operation(row), texts, bounds)
        return self.language.call(self.language.function(row, bounds), texts)


def called_function(part: ast.expr) -> str:
    """The function of a call: of ``math``, built in, or portable."""
    if isinstance(part, ast.Attribute):
        return part.attr
    assert isinstance(part, ast.Name)
    return part.id


def stands_alone(function: object) -> bool:
    """Whether a function needs nothing but ``math``: it is one of Python's, or does not import or call another."""
    if not isinstance(function, FunctionType):
        return isinstance(function, BuiltinFunctionType)
    return not any(isinstance(value, FunctionType) for value in _free(function).values())


def guarded(function: object) -> BuiltinFunctionType | None:
    """The function of Python's own that a closure of the engine guards against raising, None for any other."""
    if not isinstance(function, FunctionType):
        return None
    own = [value for value in _free(function).values() if isinstance(value, BuiltinFunctionType)]
    return own[0] if own else None


def python_name(function: BuiltinFunctionType) -> str:
    """How a function of Python's own is called."""
    return f"math.{function.__name__}" if function.__module__ == "math" else function.__name__


def python_source(function: Callable[..., float], language: Language, row: str) -> str:
    """A function as a helper that depends on ``math`` and on other helpers only; its closure is written out."""
    assert isinstance(function, FunctionType)
    definition = parsed(function)
    definition.name = language.helper_name(row)
    return ast.unparse(_Freed(_free(function), language).visit(definition))


def _free(function: FunctionType) -> dict[str, object]:
    """What the names that are free in a function stand for, built-in ones left out."""
    variables = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    free = {name: cell.cell_contents for name, cell in variables}
    return {
        name: function.__globals__[name] for name in function.__code__.co_names if name in function.__globals__
    } | free


class _Freed(ast.NodeTransformer):
    """Writes out what free names stand for."""

    def __init__(self, free: dict[str, object], language: Language) -> None:
        self.free = free
        self.language = language

    def visit_Name(self, node: ast.Name) -> ast.expr:
        value = self.free.get(node.id)
        if isinstance(value, float):
            code = self.language.number(value).code
        elif isinstance(value, FunctionType):
            code = self.language.helper(value.__name__)
        elif isinstance(value, BuiltinFunctionType):
            code = python_name(value)
        else:
            return node
        return ast.parse(code, mode="eval").body
