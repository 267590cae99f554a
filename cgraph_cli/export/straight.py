"""The straight-line form that every language is written from: binary operations, equal parts merged, bounds known."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence

from cgraph_cli.engine.kernels import value_kernel
from cgraph_cli.export.bounds import ANY, Bounds, bounds_of
from cgraph_cli.graph.formula import Layer, definition_formula, value_formula
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Builder, Graph, fold, operation
from cgraph_cli.rules import COMPARISONS, RULES

LOGICAL = COMPARISONS  # rows whose value is a truth value


class Straight:
    """A tape of rows with a fixed number of arguments, made one operation at a time; equal parts are one node."""

    def __init__(self, variables: Sequence[str]) -> None:
        self.builder = Builder(variables)
        self.graph = self.builder.graph
        self.bounds: list[Bounds] = [ANY] * len(self.graph)
        self.outputs: dict[str, int] = {}
        self.names: dict[int, str] = {}
        self.values: dict[int, float] = {}  # of what no variable takes part in
        self._layer: Layer[int] = Layer(self.make, self.number)

    def number(self, value: float, name: str | None = None) -> int:
        """A constant."""
        node = self.builder.number(value, name)
        if node == len(self.bounds):
            self.values[node] = value
            self.bounds.append((value, value) if value == value else ANY)
        return node

    def constant(self, node: int) -> float | None:
        """The value of a constant node, None for any other."""
        return self.graph.constants.get(node)

    def make(self, name: str, args: Sequence[int]) -> int:
        """A row of the rule table applied to nodes."""
        rule = RULES[name]
        if rule.many:
            return self._many(name, args)
        missing = rule.args[len(args) :]
        args = [*args, *(self.number(rule.defaults[one]) for one in missing)]
        made = self._simpler(name, args)
        return self._add(name, args) if made is None else made

    def _add(self, name: str, args: Sequence[int]) -> int:
        node = self.builder.once(operation(name), args)
        if node == len(self.bounds):
            value = self._value(name, args)
            self.bounds.append(bounds_of(name, args, self.bounds) if value is None else (value, value))
            if value is not None:
                self.values[node] = value
        return node

    def _many(self, name: str, args: Sequence[int]) -> int:
        if name in ("mean", "logsumexp"):
            text = value_formula(name)
            assert text is not None
            return self._layer.lay(name, text, args)
        if name == "norm":
            name = "hypot"
            if len(args) == 1:
                return self.make("abs", args)
        elif name == "sum":
            name = "add"
        made = args[0]
        for arg in args[1:]:
            made = self._pair(name, made, arg)
        return made

    def _pair(self, name: str, first: int, second: int) -> int:
        if name in ("min", "max"):
            constant = self._folded(name, [first, second])
            return self._add(name, [first, second]) if constant is None else constant
        return self.make(name, [first, second])

    def _folded(self, name: str, args: Sequence[int]) -> int | None:
        """A constant where its value must not depend on what a language makes of the operation."""
        value = self._value(name, args)
        if value is None:
            return None
        if name == "neg" and args[0] in self.graph.names:
            return None  # -pi
        if not math.isfinite(value) or name in LOGICAL or name in ("neg", "min", "max", "sign", "polygamma"):
            return self.number(value)
        # A helper is called with variables only: numpy's division of plain numbers raises.
        return None if RULES[name].value is None else self.number(value)

    def _value(self, name: str, args: Sequence[int]) -> float | None:
        """The engine's value of an operation without variables."""
        values = [self.values[arg] for arg in args if arg in self.values]
        return float(value_kernel(name)(*values)) if len(values) == len(args) else None

    def _simpler(self, name: str, args: Sequence[int]) -> int | None:
        """The same value, written as one would by hand."""
        ops, constants = self.graph.ops, self.graph.constants
        if name == "where" and args[0] in constants:
            return args[1] if constants[args[0]] != 0 else args[2]
        if name == "where" and args[1] == args[2]:
            return args[1]
        folded = self._folded(name, args)
        if folded is not None:
            return folded
        first, last = args[0], args[-1]
        if name == "mul":
            for one, other in ((first, last), (last, first)):
                if constants.get(one) == 0 and ops[other].name in LOGICAL:
                    return self.number(0.0)
                if constants.get(one) == 1:
                    return other
                if constants.get(one) == -1:
                    return self.make("neg", [other])
        if name == "neg" and ops[first].name == "neg":
            return self.graph.arguments(first)[0]
        if name in ("add", "sub"):
            return self._signed(name, first, last)
        if name == "div" and constants.get(last) == 1:
            return first
        if name == "pow":
            return self._power(first, constants.get(last))
        return None

    def _signed(self, name: str, first: int, last: int) -> int | None:
        """a + (-b) as a - b, a + (-2)*b as a - 2*b, (-a) + b as b - a: no rounding differs."""
        opposite = self._opposite(last)
        if opposite is not None:
            return self._add("sub" if name == "add" else "add", [first, opposite])
        if name == "add" and self.graph.ops[first].name == "neg":
            return self._add("sub", [last, self.graph.arguments(first)[0]])
        return None

    def _opposite(self, node: int, depth: int = 3) -> int | None:
        name, arguments = self.graph.ops[node].name, self.graph.arguments(node)
        if name == "neg":
            return arguments[0]
        value = self.graph.constants.get(node)
        if value is not None:
            return self.number(-value) if value < 0 else None
        if name in ("mul", "div") and depth:
            opposite = self._opposite(arguments[0], depth - 1)
            if opposite is not None:
                return self.make(name, [opposite, arguments[1]])
        return None

    def _power(self, base: int, exponent: float | None) -> int | None:
        if exponent is None:
            return None
        if exponent in (1.0, 2.0, 3.0):
            made = base
            for _ in range(int(exponent) - 1):
                made = self.make("mul", [made, base])
            return made
        if exponent in (-1.0, -2.0):
            return self.make("div", [self.number(1.0), self.make("pow", [base, self.number(-exponent)])])
        if exponent in (0.5, -0.5) and self.bounds[base][0] >= 0:  # else pow(-inf, 0.5) = inf
            root = self.make("sqrt", [base])
            return root if exponent > 0 else self.make("div", [self.number(1.0), root])
        return None

    def uses(self) -> array[int]:
        """How often every node is used by what the outputs need, outputs included; 0 for what they do not need."""
        graph = self.graph
        found = array("q", bytes(8 * len(graph)))
        for node in self.outputs.values():
            found[node] += 1
        for node in range(len(graph) - 1, -1, -1):
            if found[node]:
                for arg in graph.arguments(node):
                    found[arg] += 1
        return found

    def rows(self) -> list[str]:
        """The rows that the outputs need, in order of first use."""
        uses = self.uses()
        names = (op.name for node, op in enumerate(self.graph.ops) if uses[node] and op not in (VARIABLE, CONSTANT))
        return list(dict.fromkeys(names))


def straightened(graph: Graph, outputs: Mapping[str, int], names: Mapping[int, str], order: Sequence[str]) -> Straight:
    """The straight-line form of some nodes of a graph without modules; ``names`` are kept for nodes that have one."""
    straight = Straight(order)
    places = fold(graph, straight.builder.variable, straight.number, lambda op, args: straight.make(op.name, args))
    straight.outputs = {name: places[node] for name, node in outputs.items()}
    for node, name in names.items():
        place = places[node]
        if straight.graph.ops[place] not in (VARIABLE, CONSTANT):
            straight.names.setdefault(place, name)
    return straight


def inside(name: str) -> Straight:
    """The value formula of a row over its own arguments."""
    text = value_formula(name)
    assert text is not None, f"{name} is not made of other functions"
    rule = RULES[name]
    straight = Straight(rule.args)
    layer: Layer[int] = Layer(straight.make, straight.number)
    straight.outputs = {"value": layer.lay(name, text, list(range(len(rule.args))))}
    return straight


def definition(name: str) -> str:
    """A row as its textbook formula, ``sigmoid(x) = 1/(1 + exp(-x))``."""
    from cgraph_cli.syntax.printer import print_expression

    text = definition_formula(name)
    assert text is not None
    return f"{name}({', '.join(RULES[name].args)}) = {print_expression(text)}"
