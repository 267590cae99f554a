"""The straight-line form that every language is written from: binary operations, equal parts merged, bounds known.

A node is a number or a truth value. Truth values are what comparisons and their connectives give and what a choice asks
for; where a number has to be one or a truth value a number, that is a node too: x != 0, where(c, 1, 0).
"""

from __future__ import annotations

import math

from cgraph_cli.export.bounds import ANY, Bounds, bounds_of
from cgraph_cli.export.products import Products, uses_of
from cgraph_cli.export.text import AND, DIV, EQ, MAX, MUL, NE, OR, POW, SQRT, WHERE
from cgraph_cli.graph.formula import Layer, value_formula
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Builder, Graph, Operation, operation
from cgraph_cli.light import Mapping, Sequence

CONNECTIVES = {MUL: AND, MAX: OR}  # what rows are of truth values


class Straight:
    """A tape of rows with a fixed number of arguments, made one operation at a time; equal parts are one node."""

    def __init__(self, variables: Sequence[str]) -> None:
        self.builder = Builder(variables)
        self.graph = self.builder.graph
        self.bounds: list[Bounds] = [ANY] * len(self.graph)
        self.truths: set[int] = set()
        self.outputs: dict[str, int] = {}
        self.names: dict[int, str] = {}
        self.values: dict[int, float] = {}  # of what no variable takes part in
        self.swapped: dict[tuple[object, ...], int] = {}  # x*y for y*x
        self.folded: dict[int, tuple[Operation, Sequence[int]]] = {}  # what a constant was made of
        self._layer: Layer[int] = Layer(self.make, self.number)

    def number(self, value: float, name: str | None = None) -> int:
        """A constant."""
        node = self.builder.number(value, name)
        if node == len(self.bounds):
            self.values[node] = value
            self.bounds.append((value, value) if value == value else ANY)
        return node

    def make(self, name: str, args: Sequence[int]) -> int:
        """A row of the rule table applied to nodes."""
        return self.apply(operation(name), args)

    def apply(self, op: Operation, args: Sequence[int]) -> int:
        """An operation, of which the rule table has a row, applied to nodes."""
        rule = op.rule
        assert op.is_row, "modules are written out before"
        if rule.many:
            return self._many(op, args)
        args = [*args, *(self.number(rule.defaults[one]) for one in rule.args[len(args) :])]
        if op.compares:
            return self._comparison(op, args)
        if op is WHERE:
            return self._choice(args[0], self.numeric(args[1]), self.numeric(args[2]))
        if op is MUL and self.truths.issuperset(args):
            return self._add(op, args)
        if op is MUL and not self.truths.isdisjoint(args):
            zeros = [arg for arg in args if self.graph.constants.get(arg) == 0]
            if zeros:
                return zeros[0]
        return self._operation(op, [self.numeric(arg) for arg in args])

    def numeric(self, node: int) -> int:
        """A node as a number."""
        return self._add(WHERE, [node, self.number(1.0), self.number(0.0)]) if node in self.truths else node

    def give(self, name: str, node: int) -> None:
        """Let a node be an output: a number."""
        self.outputs[name] = self.numeric(node)

    def _add(self, op: Operation, args: Sequence[int]) -> int:
        node = self.swapped.get((op, *args))
        if node is None:
            node = self.builder.once(op, args)
        if node == len(self.bounds):
            if op.rule.symmetric:
                self.swapped[op, *reversed(args)] = node
            value = self._value(op, args)
            self.bounds.append(bounds_of(op, args, self.bounds) if value is None else (value, value))
            if value is not None:
                self.values[node] = value
            if op.compares or (op in CONNECTIVES and self.truths.issuperset(args)):
                self.truths.add(node)
        return node

    def _value(self, op: Operation, args: Sequence[int]) -> float | None:
        """The engine's value of an operation without variables."""
        values = [self.values[arg] for arg in args if arg in self.values]
        if len(values) < len(args):
            return None
        from cgraph_cli.engine.kernels import value_kernel

        return float(value_kernel(op.name)(*values))

    def _many(self, op: Operation, args: Sequence[int]) -> int:
        """A row with any number of arguments, two at a time where it can be."""
        rule = op.rule
        if rule.pairwise is None:
            text = value_formula(op.name)
            assert text is not None
            return self._layer.lay(op.name, text, args)
        if op is MAX and self.truths.issuperset(args):
            pair = self._add
        else:
            args, pair = [self.numeric(arg) for arg in args], self._operation
        if len(args) == 1 and rule.range.low >= 0:
            return self.make("abs", args)
        made = args[0]
        for arg in args[1:]:
            made = pair(operation(rule.pairwise), [made, arg])
        return made

    def _comparison(self, op: Operation, args: Sequence[int]) -> int:
        folded = self._folded(op, args)
        if folded is not None:
            return folded
        if any(math.isnan(self.values.get(arg, 0.0)) for arg in args):  # which compilers warn of
            from cgraph_cli.engine.kernels import value_kernel

            return self.number(value_kernel(op.name)(math.nan, math.nan))
        first, last = args
        if first in self.truths and self.graph.constants.get(last) == 0 and op in (EQ, NE):
            return first if op is NE else self._add(EQ, args)
        return self._add(op, [self.numeric(arg) for arg in args])

    def _choice(self, condition: int, yes: int, no: int) -> int:
        known = self.graph.constants.get(condition)
        if known is not None:
            return yes if known != 0 else no
        truth = self._truth_of(condition)
        if truth is None:
            truth = self._comparison(NE, [condition, self.number(0.0)])
        if self.graph.ops[yes] is WHERE:
            inner, wanted, otherwise = self.graph.arguments(yes)
            if otherwise == no:
                truth, yes = self._add(MUL, [truth, inner]), wanted
        return self._add(WHERE, [truth, yes, no])

    def _truth_of(self, node: int) -> int | None:
        """The truth value that a node is or stands for, None for any other number."""
        if node in self.truths:
            return node
        if self.graph.ops[node] is not WHERE:
            return None
        condition, *branches = self.graph.arguments(node)
        return condition if [self.graph.constants.get(arg) for arg in branches] == [1.0, 0.0] else None

    def _folded(self, op: Operation, args: Sequence[int]) -> int | None:
        """A constant where its value must not depend on what a language makes of the operation, or reads better."""
        value, rule = self._value(op, args), op.rule
        if value is None or not op.is_row:
            return None
        same = any(abs(value) == abs(self.values[arg]) and arg not in self.graph.symbols for arg in args)  # not -pi
        same = same or (op is DIV and _divides(value, *(self.values[arg] for arg in args)))
        # A helper is called with variables only: numpy's division of plain numbers raises.
        if not (same or rule.value is not None or not math.isfinite(value) or value.is_integer()):
            return None
        size = len(self.graph)
        node = self.number(value)
        if node == size:
            self.folded[node] = (op, args)
        return node

    def _operation(self, op: Operation, args: Sequence[int]) -> int:
        """An operation over numbers; what a multiplication by 1 or a small power is written as."""
        made = self._folded(op, args)
        if made is None and op is MUL:
            made = next((args[1 - index] for index in (0, 1) if self.graph.constants.get(args[index]) == 1), None)
        if made is None and op is POW:
            made = self._power(args[0], self.graph.constants.get(args[1]))
        return self._add(op, args) if made is None else made

    def _power(self, base: int, exponent: float | None) -> int | None:
        if exponent in (1.0, 2.0, 3.0):
            made = base
            for _ in range(int(exponent) - 1):
                made = self._operation(MUL, [made, base])
            return made
        if exponent in (-1.0, -2.0):
            return self._operation(DIV, [self.number(1.0), self._operation(POW, [base, self.number(-exponent)])])
        if exponent in (0.5, -0.5) and self.bounds[base][0] >= 0:  # else pow(-inf, 0.5) = inf
            root = self._operation(SQRT, [base])
            return root if exponent > 0 else self._operation(DIV, [self.number(1.0), root])
        return None

    def uses(self) -> Sequence[int]:
        """How often every node is used by what the outputs need, outputs included; 0 for what they do not need."""
        return uses_of(self.graph, list(self.outputs.values()))

    def operations(self) -> list[Operation]:
        """The operations that the outputs need, in order of first use."""
        uses = self.uses()
        used = (op for node, op in enumerate(self.graph.ops) if uses[node] and op not in (VARIABLE, CONSTANT))
        return list(dict.fromkeys(used))


def _divides(quotient: float, left: float, right: float) -> bool:
    """Whether a quotient of doubles is exact, as 1/2 is."""
    from fractions import Fraction

    return all(map(math.isfinite, (quotient, left, right))) and Fraction(quotient) * Fraction(right) == Fraction(left)


def straightened(graph: Graph, outputs: Mapping[str, int], names: Mapping[int, str], order: Sequence[str]) -> Straight:
    """The straight-line form of some nodes of a graph without modules; ``names`` are kept for nodes that have one."""
    straight = Straight(order)
    as_written = uses_of(graph, [outputs["value"], *names])
    products = Products(graph, uses_of(graph, [*outputs.values(), *names]), as_written)
    places: list[int] = []
    for node, op in enumerate(graph.ops):
        if op is VARIABLE:
            places.append(straight.builder.variable(graph.names[node]))
        elif op is CONSTANT:
            places.append(straight.number(graph.constants[node], graph.symbols.get(node)))
        elif node in products:
            places.append(products.make(node, places, straight.apply))
        else:
            places.append(straight.apply(op, [places[arg] for arg in graph.arguments(node)]))
    for name, node in outputs.items():
        straight.give(name, places[node])
    for node, name in names.items():
        place = places[node]
        if straight.graph.ops[place] not in (VARIABLE, CONSTANT):
            straight.names.setdefault(place, name)
    return straight


def inside(op: Operation) -> Straight:
    """The value formula of a row over its own arguments."""
    text = value_formula(op.name)
    assert text is not None, f"{op.name} is not made of other functions"
    straight = Straight(op.parameters)
    layer: Layer[int] = Layer(straight.make, straight.number)
    straight.give("value", layer.lay(op.name, text, list(range(len(op.parameters)))))
    return straight


def definition(op: Operation) -> str:
    """A row as its textbook formula, ``sigmoid(x) = 1/(1 + exp(-x))``."""
    from cgraph_cli.syntax.printer import print_expression

    text = value_formula(op.name, textbook=True)
    assert text is not None
    return f"{op.name}({', '.join(op.parameters)}) = {print_expression(text)}"
