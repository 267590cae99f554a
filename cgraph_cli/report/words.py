"""Nodes in words: what each is called, its operation and its local gradients as formulas over those labels."""

from __future__ import annotations

import functools
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from math import isfinite

from cgraph_cli.engine.kernels import limit_kernel
from cgraph_cli.graph.express import expression_of, operation_syntax, tree_sizes
from cgraph_cli.graph.formula import Layer, gradient_formula, limits
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, Operation, operation
from cgraph_cli.rules import RULES
from cgraph_cli.syntax.expression import Call, Name, Number, Syntax, Unary, fold, rebuilt
from cgraph_cli.syntax.printer import SPACED, TEXT, Notation, format_number, print_expression

# Arguments stand in a template as single private-use characters, which a str.translate fills in.
FIRST_PLACE = 0xE000
OWN_PLACE = 0xF8FF
SUBJECT_PLACE = 0xF8FE  # the argument in question, of a function with any number of them


SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def place(position: int) -> str:
    """The name that stands for an argument in a template."""
    return chr(FIRST_PLACE + position)


class Labels(Sequence[str]):
    """What each node is called: its own name, a constant's number, the output f, else v1, v2, … in evaluation order."""

    def __init__(self, graph: Graph) -> None:
        self._names = graph.names
        self._constants = graph.constants
        used = {name for name in chain(graph.names.values(), graph.outputs) if name[0] == "v"}
        self._numbers = array("q", bytes(8 * len(graph)))
        self._outputs = {
            node: name
            for name, node in graph.outputs.items()
            if node not in graph.names and node not in graph.constants
        }
        number = 0
        for node, op in enumerate(graph.ops):
            if op is VARIABLE or op is CONSTANT or node in graph.names or node in self._outputs:
                continue
            number += 1
            while f"v{number}" in used:
                number += 1
            self._numbers[node] = number

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, node: int) -> str:  # type: ignore[override]
        number = self._numbers[node]
        if number:
            return f"v{number}"
        name = self._names.get(node) or self._outputs.get(node)
        return name if name is not None else format_number(self._constants[node])

    def __iter__(self) -> Iterator[str]:
        return (self[node] for node in range(len(self)))


class Description:
    """The words for the nodes of one graph, in one notation."""

    def __init__(self, graph: Graph, notation: Notation = TEXT) -> None:
        self.graph = graph
        self.labels = Labels(graph)
        self.notation = notation

    def label(self, node: int) -> str:
        """What a node is called, in this notation."""
        text = self.labels[node]
        return self.notation.name(text) if node not in self.graph.constants or node in self.graph.names else text

    def operand(self, node: int) -> Syntax:
        """A node as an operand of a formula: its label, or its number."""
        if node in self.graph.constants and node not in self.graph.names:
            return Number(self.graph.constants[node])
        return Name(self.labels[node])

    def operation(self, node: int) -> str:
        """A node's operation over its arguments' labels: ``v1*z``; a leaf is its label."""
        graph = self.graph
        op = graph.ops[node]
        if op is VARIABLE:
            return self.label(node)
        if op is CONSTANT:
            symbol = graph.symbols.get(node)
            return format_number(graph.constants[node]) if symbol is None else self.notation.name(symbol)
        arguments = graph.arguments(node)
        if self.notation is TEXT and len(arguments) == 2 and op.symbol is not None:
            left, right = self.labels[arguments[0]], self.labels[arguments[1]]
            if left[0] != "-" and right[0] != "-":
                return f"{left} {op.symbol} {right}" if op.symbol in SPACED else f"{left}{op.symbol}{right}"
        return print_expression(operation_syntax(op, [self.operand(arg) for arg in arguments]), self.notation)

    def local_syntax(self, node: int, position: int, values: Sequence[float] | None = None) -> Syntax | None:
        """The formula of a local gradient over labels as a tree, None where no gradient flows.

        With ``values`` a limit that holds at the point is shown in the place of the formula that fails there.
        """
        template = self._template(node, position, values)
        if template is None:
            return None
        return substitute(template, {chr(at): self.operand(one) for at, one in self._places(node, position).items()})

    def local(self, node: int, position: int, values: Sequence[float] | None = None) -> str:
        """The formula of a local gradient over labels, as text; the empty text where no gradient flows."""
        graph = self.graph
        if self.notation is TEXT and graph.edge_has_gradient(node, position):
            short = _short(graph.ops[node], position)
            if short is not None:
                return short if isinstance(short, str) else self.labels[graph.arguments(node)[short]]
        places = self._places(node, position)
        if self.notation is not TEXT or any(graph.constants.get(one, 0.0) < 0 for one in places.values()):
            syntax = self.local_syntax(node, position, values)
            return "" if syntax is None else print_expression(syntax, self.notation)
        template = self._template(node, position, values)
        if template is None:
            return ""
        return _template_text(template).translate({at: self.labels[one] for at, one in places.items()})

    def _places(self, node: int, position: int) -> dict[int, int]:
        """The nodes that stand in the places of a template."""
        op = self.graph.ops[node]
        arguments = self.graph.arguments(node)
        many = op.rule is not None and op.rule.many
        shown = _many_shown(op.name, len(arguments)) if many else range(len(arguments))
        places = {FIRST_PLACE + index: arguments[one] for index, one in enumerate(shown) if one is not None}
        return places | {OWN_PLACE: node, SUBJECT_PLACE: arguments[position]}

    def _template(self, node: int, position: int, values: Sequence[float] | None) -> Syntax | None:
        graph = self.graph
        if not graph.edge_has_gradient(node, position):
            return None
        op = graph.ops[node]
        arguments = graph.arguments(node)
        if op.body is not None:
            return _module_template(op, position)
        assert op.rule is not None
        arm = 0
        if values is not None:
            choose = limit_kernel(op.name, position)
            if choose is not None:
                # Of any number of arguments a condition sees only the value f.
                arm = int(choose(values[node], *([] if op.rule.many else [values[arg] for arg in arguments])))
        if op.rule.many:
            return _many_template(op.name, len(arguments), arm)
        fixed = tuple(graph.constants.get(arg) if arg not in graph.names else None for arg in arguments)
        return _rule_template(op.name, position, fixed, arm)

    def point(self, node: int, values: Sequence[float], write: Callable[[float], str] = format_number) -> str:
        """The values of a node's arguments: ``x = -2, y = 5``."""
        graph = self.graph
        seen = [arg for arg in dict.fromkeys(graph.arguments(node)) if arg not in graph.constants]
        shown = ", ".join(f"{self.label(arg)} = {write(values[arg])}" for arg in seen[:4])
        return shown + (", …" if len(seen) > 4 else "")

    def at_point(self, node: int, values: Sequence[float], write: Callable[[float], str] = format_number) -> str:
        """A node's operation and the point where it is computed: ``log(x) at x = -1``."""
        point = self.point(node, values, write)
        name = f"{self.label(node)} = " if node not in self.graph.constants else ""
        return f"`{name}{self.operation(node)}`" + (f" at {point}" if point else "")


def powers(wrt: Sequence[str]) -> list[tuple[str, int]]:
    """Names that follow each other as powers: x, x, y is x² y."""
    found: list[tuple[str, int]] = []
    for name in wrt:
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1] + 1)
        else:
            found.append((name, 1))
    return found


def derivative_name(output: str, wrt: Sequence[str], notation: Notation = TEXT, *, ascii: bool = False) -> str:
    """What a derivative is called: ∂f/∂x, ∂²f/∂x∂y, d^2f/dx^2."""
    d = "d" if ascii else "∂"

    def power(count: int) -> str:
        if count == 1:
            return ""
        return f"^{count}" if ascii else str(count).translate(SUPERSCRIPTS)

    below = "".join(f"{d}{notation.name(name)}{power(count)}" for name, count in powers(wrt))
    return f"{d}{power(len(wrt))}{notation.name(output)}/{below}"


def substitute(expression: Syntax, filled: dict[str, Syntax]) -> Syntax:
    """An expression with names replaced by expressions."""
    return fold(expression, lambda part: filled.get(part.name, part) if isinstance(part, Name) else part, rebuilt)


def _make(name: str, operands: Sequence[Syntax]) -> Syntax:
    return operation_syntax(operation(name), operands)


def _number(value: float, name: str | None) -> Syntax:
    return Number(value) if name is None else Name(name)


def _arm(text: Syntax, arm: int) -> Syntax:
    """A formula without its limits: arm 0 is the formula itself, arm n the value of the n-th limit."""
    found, rest = limits(text)
    return found[arm - 1][1] if arm else rest


@functools.lru_cache(maxsize=4096)
def _rule_template(name: str, position: int, fixed: tuple[float | None, ...], arm: int) -> Syntax:
    text = gradient_formula(name, position)
    assert text is not None
    text = _arm(text, arm)
    operands: list[Syntax] = [Name(place(index)) for index in range(len(fixed))]
    layer: Layer[Syntax] = Layer(_make, _number, exact=False)
    plain = layer.lay(name, text, operands, own=Name(chr(OWN_PLACE)), position=position)
    if isinstance(plain, Name | Number) or all(value is None for value in fixed):
        return plain
    from cgraph_cli.symbolic.simplify import simplify_expression

    numbers = [
        operand if value is None or not isfinite(value) else Number(value)
        for operand, value in zip(operands, fixed, strict=True)
    ]
    laid = layer.lay(name, text, numbers, own=Name(chr(OWN_PLACE)), position=position)
    return simplify_expression(laid)


@functools.cache
def _short(op: Operation, position: int) -> str | int | None:
    """A local gradient that is a number, as text, or one of the arguments, as its position; most of them are."""
    if op.rule is None or op.rule.many or limit_kernel(op.name, position) is not None:
        return None
    template = _rule_template(op.name, position, (None,) * len(op.rule.args), 0)
    if isinstance(template, Number) or (isinstance(template, Unary) and isinstance(template.operand, Number)):
        return print_expression(template)
    if isinstance(template, Name):
        found = [index for index in range(len(op.rule.args)) if template.name == place(index)]
        return found[0] if found else None
    return None


MANY_SHOWN = 6  # the formula of a maximum of a thousand arguments shows the first and the last


def _many_shown(name: str, count: int) -> Sequence[int | None]:
    """The arguments that a formula over all arguments shows; None for those left out."""
    if "each(" not in (RULES[name].gradients[0] or ""):
        return ()
    return [0, 1, None, count - 1] if count > MANY_SHOWN else range(count)


@functools.lru_cache(maxsize=4096)
def _many_template(name: str, count: int, arm: int) -> Syntax:
    text = gradient_formula(name, 0)
    assert text is not None
    text = _arm(text, arm)
    shown = _many_shown(name, count) or [None] * count  # without a formula over all of them only their number counts
    operands: list[Syntax] = [Name("…" if one is None else place(index)) for index, one in enumerate(shown)]
    layer: Layer[Syntax] = Layer(_make, _number, exact=False)
    return layer.lay(name, text, operands, own=Name(chr(OWN_PLACE)), subject=Name(chr(SUBJECT_PLACE)))


MOST_PARTS = 300  # the derivative of a longer module is not written out: it is g_x(x, y)


@functools.lru_cache(maxsize=4096)
def _module_template(op: Operation, position: int) -> Syntax:
    from cgraph_cli.symbolic.derive import gradient
    from cgraph_cli.symbolic.simplify import Simplifier

    assert op.body is not None
    parameter = op.parameters[position]
    if op.size <= MOST_PARTS:
        derived = gradient(op.body, op.body.output, [parameter], Simplifier(), exact=False)
    if op.size > MOST_PARTS or tree_sizes(derived)[derived.output] > MOST_PARTS:
        return Call(f"{op.name}_{parameter}", [Name(place(index)) for index in range(len(op.parameters))])
    expression = expression_of(derived, derived.output)
    return substitute(expression, {name: Name(place(index)) for index, name in enumerate(op.parameters)})


_texts: dict[int, tuple[Syntax, str]] = {}


def _template_text(template: Syntax) -> str:
    # Templates live in the caches above; the entry keeps its template alive, so an id is never reused.
    known = _texts.get(id(template))
    if known is None or known[0] is not template:
        if len(_texts) > 8192:
            _texts.clear()
        known = _texts[id(template)] = (template, print_expression(template))
    return known[1]
