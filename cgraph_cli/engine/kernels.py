"""A rule to compiled functions: its value and its local gradients, in any arithmetic.

Only the rule table's own text is ever compiled.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from cgraph_cli.engine.arithmetic import FLOAT, Arithmetic
from cgraph_cli.graph.formula import formula
from cgraph_cli.rules import OPERATORS, RULES, canonical_name
from cgraph_cli.syntax.expression import Binary, Call, Name, Number, Syntax, Unary, same

Kernel = Callable[..., Any]

DIRECT = {"+": "+", "-": "-", "*": "*"}
NATIVE = {
    "add": "lambda x, y: x + y",
    "sub": "lambda x, y: x - y",
    "mul": "lambda x, y: x * y",
    "neg": "lambda x: -x",
    "where": "lambda x, y, z: y if x else z",
    **{OPERATORS[symbol]: f"lambda x, y: x {symbol} y" for symbol in ("<", "<=", ">", ">=", "==", "!=")},
}


class Compiler:
    """Writes formulas as Python source over the functions of one arithmetic."""

    def __init__(self, arithmetic: Arithmetic) -> None:
        self.arithmetic = arithmetic
        self.space: dict[str, Any] = {"__builtins__": {"len": len, "float": float}}
        self.used: set[str] = set()

    # Recursion is bounded by the rule table's own strings.
    def source(self, part: Syntax, bound: Sequence[str]) -> str:
        """The Python expression of a formula; ``bound`` names are arguments."""
        if isinstance(part, Number):
            return self.constant(part.value)
        if isinstance(part, Name):
            return part.name if part.name in bound else self.named(part.name)
        if isinstance(part, Unary):
            return f"(-{self.source(part.operand, bound)})"
        if isinstance(part, Binary):
            left, right = self.source(part.left, bound), self.source(part.right, bound)
            if part.symbol in DIRECT:
                return f"({left} {part.symbol} {right})"
            if part.symbol in ("/", "^"):
                return f"{self.function(OPERATORS[part.symbol])}({left}, {right})"
            return f"(_one if {left} {part.symbol} {right} else _zero)"
        assert isinstance(part, Call)
        if part.name in ("where", "limit"):
            condition, yes, no = (self.source(argument, bound) for argument in part.arguments)
            return f"({yes} if {condition} else {no})"
        arguments = []
        for argument in part.arguments:
            if isinstance(argument, Name) and argument.name == "args":
                arguments.append("*args")
            elif isinstance(argument, Call) and argument.name == "each":
                arguments.append(f"*[{self.source(argument.arguments[0], bound)} for x in args]")
            else:
                arguments.append(self.source(argument, bound))
        return f"{self.function(canonical_name(part.name))}({', '.join(arguments)})"

    def constant(self, value: float) -> str:
        if self.arithmetic is FLOAT:
            return repr(value)
        name = f"_c{len(self.space)}"
        self.space[name] = self.arithmetic.number(value)
        return name

    def named(self, name: str) -> str:
        self.space[f"_{name}"] = self.arithmetic.constants[name]
        return f"_{name}"

    def function(self, name: str) -> str:
        self.space[f"_{name}"] = value_kernel(name, self.arithmetic)
        return f"_{name}"

    def compile(self, source: str, name: str) -> Kernel:
        self.space["_zero"] = self.arithmetic.number(0.0)
        self.space["_one"] = self.arithmetic.number(1.0)
        return eval(compile(source, f"<rule {name}>", "eval"), self.space)  # type: ignore[no-any-return]


def _parameters(name: str, arithmetic: Arithmetic) -> tuple[str, dict[str, Any]]:
    rule = RULES[name]
    if rule.many:
        return "*args", {}
    defaults = {f"_default_{key}": arithmetic.number(value) for key, value in rule.defaults.items()}
    return ", ".join(arg + (f"=_default_{arg}" if arg in rule.defaults else "") for arg in rule.args), defaults


@functools.cache
def value_kernel(name: str, arithmetic: Arithmetic = FLOAT) -> Kernel:
    """The function ``(*args) -> value`` of a row of the table."""
    text = RULES[name].value
    if text is None and name in arithmetic.functions:
        return arithmetic.functions[name]
    compiler = Compiler(arithmetic)
    parameters, defaults = _parameters(name, arithmetic)
    compiler.space |= defaults
    if text is None:
        body = NATIVE[name]
        if name in ("lt", "le", "gt", "ge", "eq", "ne"):
            head, condition = body.split(": ")
            body = f"{head}: _one if {condition} else _zero"
        return compiler.compile(body, name)
    if RULES[name].many:
        source = _many(compiler, text, "{}")
        return compiler.compile(f"lambda *args: (lambda n: {source})(float(len(args)))", name)
    return compiler.compile(f"lambda {parameters}: {compiler.source(formula(text), RULES[name].args)}", name)


@functools.cache
def local_kernel(name: str, arithmetic: Arithmetic = FLOAT) -> Kernel:
    """The function ``(f, *args) -> local gradients`` of a row of the table, None where an argument has none."""
    rule = RULES[name]
    compiler = Compiler(arithmetic)
    parameters, defaults = _parameters(name, arithmetic)
    compiler.space |= defaults
    if rule.many:
        text = rule.gradients[0]
        assert text is not None
        source = _many(compiler, text, "[{} for x in args]")
        return compiler.compile(f"lambda f, *args: (lambda n: {source})(float(len(args)))", name)
    sources = ["None" if text is None else compiler.source(formula(text), ("f", *rule.args)) for text in rule.gradients]
    return compiler.compile(f"lambda f, {parameters}: ({', '.join(sources)},)", name)


def _many(compiler: Compiler, text: str, body: str) -> str:
    """The source of ``body`` with ``{}`` for the formula, its folds over all arguments computed once and before it."""
    shared: dict[str, Syntax] = {}
    tree = _hoisted(formula(text), shared)
    source = body.format(compiler.source(tree, ("x", "f", "n", *shared)))
    for name, part in reversed(shared.items()):
        source = f"(lambda {name}: {source})({compiler.source(part, ('x', 'f', 'n', *shared))})"
    return source


# Recursion is bounded by the rule table's own strings.
def _hoisted(part: Syntax, shared: dict[str, Syntax]) -> Syntax:
    """A formula with its folds, max(args) and sum(each(g)), replaced by names: they are the same for every argument."""
    if isinstance(part, Binary):
        return Binary(part.symbol, _hoisted(part.left, shared), _hoisted(part.right, shared))
    if isinstance(part, Unary):
        return Unary(part.symbol, _hoisted(part.operand, shared))
    if not isinstance(part, Call):
        return part
    call = Call(part.name, [_hoisted(argument, shared) for argument in part.arguments])
    if not any(
        (isinstance(one, Name) and one.name == "args") or (isinstance(one, Call) and one.name == "each")
        for one in call.arguments
    ):
        return call
    for name, known in shared.items():
        if same(known, call):
            return Name(name)
    name = f"s{len(shared)}"
    shared[name] = call
    return Name(name)


@functools.cache
def kink_kernel(name: str, arithmetic: Arithmetic = FLOAT) -> Kernel | None:
    """The function ``(f, *args) -> bool`` that says whether a point is a kink; None for a smooth function."""
    rule = RULES[name]
    if rule.kink is None:
        return None
    compiler = Compiler(arithmetic)
    parameters, defaults = _parameters(name, arithmetic)
    compiler.space |= defaults
    return compiler.compile(
        f"lambda f, {parameters}: {compiler.source(formula(rule.kink), ('f', 'x', 'n', *rule.args))}", name
    )


@functools.cache
def limit_kernel(name: str, position: int) -> Kernel | None:
    """The function ``(f, *args) -> arm`` that says which limit of a local gradient holds; None without limits.

    Arm 0 is the formula itself, arm n the n-th limit in the order written.
    """
    rule = RULES[name]
    text = rule.gradients[0 if rule.many else position]
    if text is None or "limit(" not in text:
        return None
    compiler = Compiler(FLOAT)
    parameters, defaults = _parameters(name, FLOAT)
    compiler.space |= defaults
    bound = ("f", "x", "n", *rule.args)
    part, conditions = formula(text), []
    while isinstance(part, Call) and part.name == "limit":
        conditions.append(compiler.source(part.arguments[0], bound))
        part = part.arguments[2]
    arms = " ".join(f"{arm} if {condition} else" for arm, condition in enumerate(conditions, 1))
    return compiler.compile(f"lambda f, {parameters}: {arms} 0", name)
