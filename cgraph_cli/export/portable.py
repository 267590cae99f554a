"""The functions of special.py, written in each language: a walk over a small subset of Python's syntax.

Recursion is bounded by the packaged text.
"""

from __future__ import annotations

import ast
from collections import Counter

from cgraph_cli.export.bounds import Bounds
from cgraph_cli.export.functions import PORTABLE
from cgraph_cli.export.job import Text
from cgraph_cli.export.language import Language

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div",
    ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne",
}  # fmt: skip
SAFE: Bounds = (1.0, 1.0)  # the texts keep every function inside its domain: no guard is needed
INDENT = "    "


def translated(row: str, language: Language) -> str:
    """One of the portable functions as a helper of a language."""
    (definition,) = ast.parse(PORTABLE[row].text).body
    assert isinstance(definition, ast.FunctionDef)
    return _Translator(row, language, definition).code()


class _Translator:
    def __init__(self, row: str, language: Language, definition: ast.FunctionDef) -> None:
        self.row = row
        self.language = language
        self.definition = definition
        self.parameters = [arg.arg for arg in definition.args.args]
        called = [row, *PORTABLE[row].needs]
        names = language.scope([one for one in called if one not in language.functions])
        targets = [
            node.id for node in ast.walk(definition) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        ]
        self.assigned = Counter([*self.parameters, *targets])
        self.names = {name: names.give(name) for name in self.assigned}
        self.declared = set(self.parameters)

    def code(self) -> str:
        docstring, *statements = self.definition.body
        assert isinstance(docstring, ast.Expr)
        assert isinstance(docstring.value, ast.Constant)
        lines = self.block(statements)
        parameters = [self.names[name] for name in self.parameters]
        return self.language.portable_function(
            self.language.helper(self.row), parameters, lines, str(docstring.value.value)
        )

    def block(self, statements: list[ast.stmt]) -> list[str]:
        """The lines of some statements; a name is declared where a block first gives it a value."""
        lines: list[str] = []
        outer = set(self.declared)
        for statement in statements:
            if isinstance(statement, ast.Return):
                assert statement.value is not None
                lines.append(self.language.returned(self.language.as_number(self.text(statement.value))))
            elif isinstance(statement, ast.Assign):
                (target,) = statement.targets
                assert isinstance(target, ast.Name)
                name, value = self.names[target.id], self.text(statement.value)
                first = target.id not in self.declared
                self.declared.add(target.id)
                lines.append(self.language.assigned(name, value, first=first, again=self.assigned[target.id] > 1))
            elif isinstance(statement, ast.If):
                branches = [(self.condition(statement.test), self.block(statement.body))]
                otherwise = self.block(statement.orelse)
                lines.extend(self.language.conditional(branches[0][0], branches[0][1], otherwise))
            else:
                assert isinstance(statement, ast.While), ast.dump(statement)
                lines.extend(self.language.loop(self.condition(statement.test), self.block(statement.body)))
        self.declared = outer
        return lines

    def condition(self, part: ast.expr) -> str:
        return self.text(part).code

    def text(self, part: ast.expr) -> Text:
        """An expression of the language."""
        language = self.language
        if isinstance(part, ast.Constant):
            assert isinstance(part.value, float), part.value
            return language.number(part.value)
        if isinstance(part, ast.Name):
            if part.id in ("inf", "nan"):
                return language.number(float(part.id))
            return Text(self.names[part.id])
        if isinstance(part, ast.UnaryOp):
            operand = self.text(part.operand)
            return language.negation(operand) if isinstance(part.op, ast.Not) else self.apply("neg", [operand])
        if isinstance(part, ast.BinOp):
            return self.apply(_OPERATORS[type(part.op)], [self.text(part.left), self.text(part.right)])
        if isinstance(part, ast.Compare):
            (operator,), (right,) = part.ops, part.comparators
            return self.apply(_OPERATORS[type(operator)], [self.text(part.left), self.text(right)])
        if isinstance(part, ast.BoolOp):
            made = self.text(part.values[0])
            for value in part.values[1:]:
                other = self.text(value)
                made = (
                    language.conjunction(made, other)
                    if isinstance(part.op, ast.And)
                    else language.disjunction(made, other)
                )
            return made
        assert isinstance(part, ast.Call), ast.dump(part)
        assert isinstance(part.func, ast.Name)
        return self.apply(part.func.id, [self.text(argument) for argument in part.args])

    def apply(self, name: str, args: list[Text]) -> Text:
        return self.language.apply(name, args, [SAFE for _ in args])
