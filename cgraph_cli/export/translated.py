"""The functions of functions.py in every language, translated from their source.

Recursion is bounded by the packaged text.
"""

from __future__ import annotations

import ast
from collections import Counter

from cgraph_cli.export.bounds import Bounds
from cgraph_cli.export.dialect import Dialect
from cgraph_cli.export.portable import CALLED, PORTABLE, parsed
from cgraph_cli.export.text import ADD, AND, DIV, EQ, MUL, NE, NEG, OR, SUB, Text
from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.light import Sequence

LT, LE, GT, GE = map(operation, "lt le gt ge".split())
OPERATORS: dict[type[ast.AST], Operation] = {
    ast.Add: ADD, ast.Sub: SUB, ast.Mult: MUL, ast.Div: DIV, ast.USub: NEG,
    ast.Lt: LT, ast.LtE: LE, ast.Gt: GT, ast.GtE: GE, ast.Eq: EQ, ast.NotEq: NE, ast.And: AND, ast.Or: OR,
}  # fmt: skip
SAFE: Bounds = (1.0, 1.0)  # the texts keep every function inside its domain: no guard is needed


def translated(op: Operation, dialect: Dialect) -> str:
    """One of the portable functions as a helper of a language."""
    definition = parsed(PORTABLE[op])
    about = ast.get_docstring(definition)
    assert about is not None
    translator = _Translator(definition, dialect)
    lines = translator.block(definition.body[1:])
    return dialect.helper_function(dialect.helper_name(op), translator.parameters, lines, about)


class _Translator:
    def __init__(self, definition: ast.FunctionDef, dialect: Dialect) -> None:
        self.dialect = dialect
        given = [arg.arg for arg in definition.args.args]
        parts = list(ast.walk(definition))
        stored = [part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]
        names = dialect.scope(called(part.func) for part in parts if isinstance(part, ast.Call))
        self.assigned = Counter([*given, *stored])
        self.names = {name: names.give(name) for name in self.assigned}
        self.parameters = [self.names[name] for name in given]
        self.declared = set(given)

    def block(self, statements: list[ast.stmt]) -> list[str]:
        """The lines of some statements; a name is declared where a block first gives it a value."""
        dialect = self.dialect
        lines: list[str] = []
        outer = set(self.declared)
        for statement in statements:
            match statement:
                case ast.Return(value=ast.expr() as value):
                    lines.append(dialect.returned.format(self.text(value).code))
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=value)
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                ):
                    kept = dialect.fixed if self.assigned[name] == 1 else dialect.variable
                    form = dialect.changed if name in self.declared else kept
                    self.declared.add(name)
                    code = self.text(value).code
                    lines.append(form.format(type=dialect.types[False], name=self.names[name], value=code))
                case ast.If():
                    branches = self.block(statement.body), self.block(statement.orelse)
                    lines += dialect.conditional(self.text(statement.test), *branches)
                case _:
                    assert isinstance(statement, ast.While), ast.dump(statement)
                    lines += dialect.loop(self.text(statement.test), self.block(statement.body))
        self.declared = outer
        return lines

    def text(self, part: ast.expr) -> Text:
        """An expression of the language."""
        dialect = self.dialect
        match part:
            case ast.Constant(value=float(number)):
                return dialect.number(number)
            case ast.Name(id=name):
                return Text(self.names[name])
            case ast.Attribute(attr=name):  # math.inf, math.nan
                return dialect.number(float(name))
            case ast.UnaryOp(op=ast.Not()):
                return dialect.negation(self.text(part.operand))
            case ast.UnaryOp():
                return self.apply(OPERATORS[type(part.op)], [part.operand])
            case ast.BinOp():
                return self.apply(OPERATORS[type(part.op)], [part.left, part.right])
            case ast.Compare(ops=[symbol], comparators=[right]):
                return self.apply(OPERATORS[type(symbol)], [part.left, right])
            case ast.IfExp():
                return dialect.choice(self.text(part.test), self.text(part.body), self.text(part.orelse))
            case ast.BoolOp():
                made = self.text(part.values[0])
                for other in part.values[1:]:
                    made = dialect.infix(OPERATORS[type(part.op)], made, self.text(other))
                return made
        assert isinstance(part, ast.Call), ast.dump(part)
        return self.apply(called(part.func), part.args)

    def apply(self, op: Operation, args: Sequence[ast.expr]) -> Text:
        return self.dialect.apply(op, [self.text(arg) for arg in args], [SAFE for _ in args])


def called(part: ast.expr) -> Operation:
    """The function of a call: of ``math``, built in, or portable."""
    name = part.attr if isinstance(part, ast.Attribute) else part.id if isinstance(part, ast.Name) else ""
    return CALLED[name]
