"""Python: math only; the engine's own functions stand in where math raises and IEEE 754 has inf or nan."""

from __future__ import annotations

import ast
import inspect
import keyword
from types import BuiltinFunctionType, FunctionType

from cgraph_cli.engine.floats import DIRECT, FLOAT
from cgraph_cli.export.bounds import Bounds, raises
from cgraph_cli.export.dialect import Dialect
from cgraph_cli.export.language import Language, texts
from cgraph_cli.export.portable import PORTABLE, parsed
from cgraph_cli.export.text import AND, DIV, OR, Level, Text
from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.light import Callable, ClassVar, Mapping, Sequence

TEXTS = texts("python")

OWN = "abs float max min math print range round sum zip len any __name__ __debug__ tuple list SystemExit np"


def free_names(function: FunctionType) -> dict[str, object]:
    """What the names that are free in a function stand for, built-in ones left out."""
    variables = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    known = {name: function.__globals__[name] for name in function.__code__.co_names if name in function.__globals__}
    return known | {name: cell.cell_contents for name, cell in variables}


def stands_alone(function: object) -> bool:
    """Whether a function of so many arguments needs nothing but ``math``: it does not import or call another."""
    if not isinstance(function, FunctionType):
        return isinstance(function, BuiltinFunctionType)
    return not function.__code__.co_flags & inspect.CO_VARARGS and not any(
        isinstance(value, FunctionType) for value in free_names(function).values()
    )


SCALAR: dict[Operation, Callable[..., float]] = {
    **PORTABLE,
    **{operation(row): function for row, function in FLOAT.functions.items() if stands_alone(function)},
}
OPERATIONS = {function: op for op, function in PORTABLE.items()}
# Functions of ``math`` that raise outside an interval only: what differs at single points is no closure over one.
GUARDED = {
    op: DIRECT[function]
    for op, function in SCALAR.items()
    if isinstance(function, FunctionType) and function.__closure__ and function in DIRECT
}


def python_name(function: object) -> str:
    """How a function of Python's own is called."""
    assert isinstance(function, BuiltinFunctionType)
    return f"math.{function.__name__}" if function.__module__ == "math" else function.__name__


class Python(Language):
    """A function of floats."""

    title = "Python"
    prefix = "_"
    form = "NFKC"
    reserved = frozenset((*keyword.kwlist, *OWN.split()))
    locals = frozenset({"value"})
    imports: ClassVar[Mapping[str, str]] = {"math.": "import math"}
    gap = "\n\n\n"
    special: ClassVar[Mapping[str, str]] = {"inf": "math.inf", "nan": "math.nan"}
    constants: ClassVar[Mapping[str, str]] = {name: f"math.{name}" for name in ("pi", "e", "tau", "inf")}
    operators: ClassVar[Mapping[Operation, str]] = {**Dialect.operators, AND: "and", OR: "or"}
    # These never raise.
    functions: ClassVar[Mapping[Operation, str]] = {
        op: python_name(function) for op, function in SCALAR.items() if isinstance(function, BuiltinFunctionType)
    }
    opposite = Text("not ({})", Level.CONJUNCTION)
    fixed = "{name} = {value}"
    returned = "return {}"
    chosen = "{yes} if {condition} else {no}"
    helper_form = 'def {name}({parameters}):\n    """{about}"""'
    end_form = ""
    single = ","
    main_form, self_test_form = TEXTS["function"], TEXTS["self-test"]
    undefined = "if value != value:\n    return value, (value,)$times"

    def function(self, op: Operation, bounds: Sequence[Bounds]) -> str:
        """math's own function where the bounds of its argument leave it nothing to raise."""
        guarded = GUARDED.get(op)
        if guarded is not None and not raises(guarded, bounds[0]):
            return python_name(guarded)
        return super().function(op, bounds)

    def division(self, left: Text, right: Text, bounds: Sequence[Bounds]) -> Text:
        low, high = bounds[1]
        return self.infix(DIV, left, right) if low > 0 or high < 0 else self.call(self.helper(DIV), [left, right])

    def definition(self, op: Operation) -> str:
        """The engine's own function, what is free in it written out; else as in any language."""
        function = SCALAR.get(op)
        if function is None:
            return super().definition(op)
        assert isinstance(function, FunctionType)
        tree = parsed(function)
        tree.name = self.helper_name(op)
        return ast.unparse(_Freed(free_names(function), self).visit(tree))


class _Freed(ast.NodeTransformer):
    """Writes out what free names stand for."""

    def __init__(self, free: Mapping[str, object], language: Language) -> None:
        self.free = free
        self.language = language

    def visit_Name(self, node: ast.Name) -> ast.expr:
        value = self.free.get(node.id)
        if isinstance(value, float):
            code = self.language.number(value).code
        elif isinstance(value, FunctionType):
            code = self.language.helper(OPERATIONS[value])
        elif isinstance(value, BuiltinFunctionType):
            code = python_name(value)
        else:
            return node
        return ast.parse(code, mode="eval").body


LANGUAGE = Python
