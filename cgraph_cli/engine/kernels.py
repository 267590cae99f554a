"""A rule to compiled functions: its value and its local gradients, in any arithmetic.

Only the rule table's own text is ever compiled.
"""

from __future__ import annotations

import math

from cgraph_cli.engine.arithmetic import Arithmetic
from cgraph_cli.engine.floats import FLOAT
from cgraph_cli.graph.formula import formula, limits, sent_where
from cgraph_cli.light import Any, Callable, Sequence, cache, operator
from cgraph_cli.rules import COMPARISONS, CONSTANTS, OPERATORS, RULES, canonical_name
from cgraph_cli.syntax.expression import Binary, Call, Name, Number, Syntax, Unary, fold, rebuilt, same

Kernel = Callable[..., Any]

NATIVE = ("+", "-", "*")  # written as they are, where the arithmetic takes Python's own
NOTHING = "None"  # the local gradient along a branch not taken
UNDEFINED = "f != f"


class Compiler:
    """Writes the formulas of one row as Python source over the functions of one arithmetic."""

    def __init__(self, name: str, arithmetic: Arithmetic) -> None:
        self.name = name
        self.rule = RULES[name]
        self.arithmetic = arithmetic
        self.space: dict[str, Any] = {"__builtins__": {"len": len, "float": float}}
        self.parameters = "*args"
        if not self.rule.many:
            defaults = {key: self.number(value) for key, value in self.rule.defaults.items()}
            self.parameters = ", ".join(
                arg + (f"={defaults[arg]}" if arg in defaults else "") for arg in self.rule.args
            )
        self.bound = {"f", *self.rule.args, *(("x", "n") if self.rule.many else ())}

    # Recursion is bounded by the rule table's own strings.
    def source(self, part: Syntax) -> str:
        """The Python expression of a formula."""
        if isinstance(part, Number):
            return self.number(part.value)
        if isinstance(part, Name):
            return part.name if part.name in self.bound else self.number(CONSTANTS[part.name], part.name)
        if isinstance(part, Unary):
            return f"(-{self.source(part.operand)})"
        if isinstance(part, Binary):
            if _compares(part) and self.arithmetic.lazy_choice:
                return self.choice(part, self.number(1.0), self.number(0.0))
            left, right = self.source(part.left), self.source(part.right)
            name = OPERATORS[part.symbol]
            if part.symbol in NATIVE and self.arithmetic.functions.get(name) is getattr(operator, name):
                return f"({left} {part.symbol} {right})"
            return f"{self.function(name)}({left}, {right})"
        assert isinstance(part, Call)
        if part.name in ("where", "limit"):
            condition, yes, no = part.arguments
            return self.choice(condition, self.source(yes), self.source(no))
        arguments = []
        for argument in part.arguments:
            if isinstance(argument, Name) and argument.name == "args":
                arguments.append("*args")
            elif isinstance(argument, Call) and argument.name == "each":
                arguments.append(f"*[{self.source(argument.arguments[0])} for x in args]")
            else:
                arguments.append(self.source(argument))
        return f"{self.function(canonical_name(part.name))}({', '.join(arguments)})"

    def choice(self, condition: Syntax, yes: str, no: str) -> str:
        """``where`` in this arithmetic."""
        if not self.arithmetic.lazy_choice:
            return f"{self.function('where')}({self.source(condition)}, {yes}, {no})"
        if isinstance(condition, Binary) and _compares(condition):
            left, right = self.source(condition.left), self.source(condition.right)
            if not self.arithmetic.own_order:
                return f"({yes} if {self.function(OPERATORS[condition.symbol])}({left}, {right}) else {no})"
            return f"({yes} if {left} {condition.symbol} {right} else {no})"
        return f"({yes} if {self.source(condition)} else {no})"

    def gradient(self, part: Syntax) -> str:
        """A local gradient: nan where the value is nan, nothing along a branch not taken."""
        source, sent = self.source(part), sent_where(part)
        if sent is not None:
            source = self.choice(sent, source, NOTHING)
        return self.choice(formula(UNDEFINED), self.number(math.nan), source)

    def number(self, value: float, symbol: str | None = None) -> str:
        number = self.arithmetic.number(value, symbol)
        if type(number) is float and number - number == 0:
            return repr(number)
        name = f"_c{len(self.space)}"
        self.space[name] = number
        return name

    def function(self, name: str) -> str:
        self.space[f"_{name}"] = value_kernel(name, self.arithmetic)
        return f"_{name}"

    def compile(self, body: str, *, own: bool = True) -> Kernel:
        """The function of the arguments, and of the node's own value before them."""
        if self.rule.many:
            body = f"(lambda n: {body})(float(len(args)))"
        source = f"lambda {'f, ' if own else ''}{self.parameters}: {body}"
        return eval(compile(source, f"<rule {self.name}>", "eval"), self.space)  # type: ignore[no-any-return]

    def gradients(self, write: Callable[[Syntax], str]) -> Kernel:
        """The function of what ``write`` makes of the local gradient of each argument."""
        first, *_ = texts = self.rule.gradients
        if self.rule.many:
            assert first is not None
            return self.compile(self.shared(first, lambda tree: f"[{write(tree)} for x in args]"))
        return self.compile(f"({', '.join(NOTHING if text is None else write(formula(text)) for text in texts)},)")

    def shared(self, text: str, write: Callable[[Syntax], str]) -> str:
        """What ``write`` makes of a formula, its folds over all arguments computed once and before it."""
        found: dict[str, Syntax] = {}
        tree = _hoisted(formula(text), found)
        self.bound |= set(found)
        source = write(tree)
        for name, part in reversed(found.items()):
            source = f"(lambda {name}: {source})({self.source(part)})"
        return source


def _compares(part: Binary) -> bool:
    return OPERATORS[part.symbol] in COMPARISONS


def _hoisted(tree: Syntax, shared: dict[str, Syntax]) -> Syntax:
    """A formula with its folds, max(args) and sum(each(g)), replaced by names: they are the same for every argument."""

    def hoisted(part: Syntax, operands: list[Syntax]) -> Syntax:
        part = rebuilt(part, operands)
        if not isinstance(part, Call) or not any(map(_means_all, part.arguments)):
            return part
        known = next((name for name, one in shared.items() if same(one, part)), f"s{len(shared)}")
        shared.setdefault(known, part)
        return Name(known)

    return fold(tree, lambda leaf: leaf, hoisted)


def _means_all(argument: Syntax) -> bool:
    """Whether an argument stands for all of them."""
    if isinstance(argument, Name):
        return argument.name == "args"
    return isinstance(argument, Call) and argument.name == "each"


@cache
def value_kernel(name: str, arithmetic: Arithmetic = FLOAT) -> Kernel:
    """The function ``(*args) -> value`` of a row of the table."""
    text = RULES[name].value
    if text is None:
        return arithmetic.functions[name]
    compiler = Compiler(name, arithmetic)
    return compiler.compile(compiler.shared(text, compiler.source), own=False)


@cache
def local_kernel(name: str, arithmetic: Arithmetic = FLOAT) -> Kernel:
    """The function ``(f, *args) -> local gradients`` of a row of the table.

    None where an argument has none or lies on a branch not taken; nan where f is nan.
    """
    if arithmetic.kink is not None:
        return kinked_kernel(name, arithmetic.kink)
    compiler = Compiler(name, arithmetic)
    return compiler.gradients(compiler.gradient)


def kinked_kernel(name: str, which: str) -> Kernel:
    """The local gradients of a row in floats, those on a kink being of the side of each argument that is asked for."""
    local, value, on_kink = local_kernel(name), value_kernel(name), kink_kernel(name)
    if on_kink is None:
        return local
    sides = {"left": (-math.inf,), "right": (math.inf,), "mean": (-math.inf, math.inf), "zero": ()}[which]

    def kernel(f: float, *args: float) -> Sequence[float | None]:
        found: Sequence[float | None] = local(f, *args)
        if not on_kink(f, *args):
            return found

        def beside(position: int) -> float | None:
            slopes: list[float | None] = []
            for side in sides:
                at = [*args[:position], math.nextafter(args[position], side), *args[position + 1 :]]
                slopes.append(local(value(*at), *at)[position])
            sent = [one for one in slopes if one is not None]  # along a branch not taken nothing is
            return sum(sent) / len(slopes) if sent else None

        return [beside(index) if index < len(args) else one for index, one in enumerate(found)]

    return kernel


@cache
def kink_kernel(name: str, arithmetic: Arithmetic = FLOAT) -> Kernel | None:
    """The function ``(f, *args) -> bool`` that says whether a point is a kink; None for a smooth function."""
    text = RULES[name].kink
    if text is None:
        return None
    compiler = Compiler(name, arithmetic)
    return compiler.compile(compiler.source(formula(text)))


@cache
def limit_kernel(name: str, position: int) -> Kernel | None:
    """The function ``(f, *args) -> arm`` that says which limit of a local gradient holds; None without limits.

    Arm 0 is the formula itself, arm n the n-th limit in the order written.
    """
    rule = RULES[name]
    text = rule.gradients[0 if rule.many else position]
    if text is None or "limit(" not in text:
        return None
    compiler = Compiler(name, FLOAT)
    found, _ = limits(formula(text))
    arms = " ".join(f"{arm} if {compiler.source(condition)} else" for arm, (condition, _) in enumerate(found, 1))
    return compiler.compile(f"{arms} 0")
