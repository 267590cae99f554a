"""Prepared evaluation: a graph as one straight-line Python function of its variables, value and all partials at once.

Only slot numbers and the table's own text are compiled. The function calls ``math`` directly: what raises there, and
what is infinite or nan where that could matter, is left to the passes. Everything else has the bits that the passes
give, since it is the same operations in the same order. A choice computes what only one branch needs in that branch.
"""

from __future__ import annotations

import itertools
import math

from cgraph_cli.engine.floats import DIRECT, number
from cgraph_cli.engine.kernels import NATIVE, local_kernel, value_kernel
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.graph.express import modules_in
from cgraph_cli.graph.formula import Layer, gradient_formula, sent_where, value_formula
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Builder, Graph, Operation, fold, operation
from cgraph_cli.light import Any, Callable, Iterable, Sequence, cache, copy, integers

Prepared = Callable[..., tuple[float, tuple[float, ...]]]

MOST_EDGES = 10_000  # more than that Python compiles for seconds
DEEPEST = 12  # expressions inside expressions: Python's compiler recurses
MOST_SUMMED = 50  # numbers in one sum: the compiler again
MOST_GUARDS = 4  # choices inside choices that are told apart
PROBES = (0.0, 1.0, -2.0, math.inf)
ADD, DIV, EQ, MUL, NE, NEG, POW, WHERE = map(operation, ("add", "div", "eq", "mul", "ne", "neg", "pow", "where"))


def prepared(graph: Graph, names: Sequence[str]) -> Prepared:
    """The function of so many floats, in the order of ``names``, that returns the value and the gradients."""

    def careful(*args: float) -> tuple[float, tuple[float, ...]]:
        values = forward(graph, dict(zip(names, map(number, names, args), strict=True)))
        upstream = backward(graph, values, graph.output).upstream
        gradients = (upstream[graph.variables[name]] if name in graph.variables else 0.0 for name in names)
        return values[graph.output], tuple(gradients)

    def again(*args: Any) -> tuple[float, tuple[float, ...]]:
        return of_floats(*map(number, names, args))

    bodies = [op.body for op in modules_in(graph) if op.body is not None]
    if sum(len(one.args) for one in (graph, *bodies)) > MOST_EDGES:
        return careful
    space: dict[str, Any] = {"careful": careful, "again": again, "inf": math.inf, "nan": math.nan}
    of_floats: Prepared = _Code(space).function(graph, names, "careful")
    return of_floats


def prepared_value(graph: Graph) -> Callable[..., float]:
    """The value alone as a function of so many floats, in the order of the graph's variables."""
    without = copy(graph)
    without.has_gradient = bytearray(len(graph))
    function = prepared(without, [*graph.variables])
    return lambda *args: function(*args)[0]


@cache
def _item(position: int) -> Operation:
    """One of the results of a module's function."""
    return Operation(f"item {position}")


@cache
def _hides_nan(op: Operation, known: tuple[float | None, ...], position: int) -> bool:
    """Whether a row may send a gradient to an argument that is nan though its own value is not, as pow(x, 0) does.

    ``known`` are the constant arguments.
    """
    if op.is_module:
        return True
    if len(known) > 3:  # of any number: all are alike
        known, position = (None, None), 0
    columns = [PROBES if one is None else (one,) for one in known]
    columns[position] = (math.nan,)
    for args in itertools.product(*columns):
        value = value_kernel(op.name)(*args)
        if not math.isnan(value) and local_kernel(op.name)(value, *args)[position] is not None:
            return True
    return False


Guard = tuple[tuple[int, bool], ...]


def _guards(graph: Graph, roots: Sequence[int]) -> dict[int, Guard]:
    """The choices, outermost first, inside of which alone a node is needed; only nodes that are needed at all."""
    found: dict[int, Guard] = dict.fromkeys(roots, ())
    for node in range(len(graph) - 1, -1, -1):
        if node not in found:
            continue
        args = graph.arguments(node)
        for position, arg in enumerate(args):
            guard = found[node]
            if graph.ops[node].chooses and position:
                guard = (*guard, (args[0], position == 1))[:MOST_GUARDS]
            if arg in found:
                both = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(guard, found[arg], strict=False))
                guard = tuple(one for one, _ in both)
            found[arg] = guard
    return found


def _ordered(graph: Graph, guards: dict[int, Guard]) -> list[int]:
    """Nodes after their arguments and after the conditions that guard them."""
    order: dict[int, None] = {}
    for start in guards:
        stack = [start]
        while stack:
            needed = [*graph.arguments(stack[-1]), *(condition for condition, _ in guards[stack[-1]])]
            waiting = [one for one in needed if one not in order]
            if waiting and stack[-1] not in order:
                stack.extend(waiting)
            else:
                order[stack.pop()] = None
    return list(order)


class _Terms:
    """What the slots of a function hold: operations on slots, equal ones once, constants folded."""

    def __init__(self, names: Iterable[str]) -> None:
        self.builder = Builder(names)
        self.graph = self.builder.graph
        self.layer: Layer[int] = Layer(self.make, self.number)

    def number(self, value: float, name: str | None = None) -> int:
        return self.builder.number(value)

    def apply(self, op: Operation, args: Sequence[int]) -> int:
        """The value of a node."""
        if op.is_module:
            return self.builder.once(_item(0), [self.builder.once(op, args)])
        return self.make(op.name, args)

    def make(self, name: str, args: Sequence[int]) -> int:
        """A row of the table: its formula, a constant, one of its arguments, or an operation of its own."""
        text = value_formula(name)
        if text is not None:
            return self.layer.lay(name, text, args)
        op = operation(name)
        known = [self.graph.constants.get(arg) for arg in args]
        values = [one for one in known if one is not None]
        if len(values) == len(args) and math.isfinite(value := value_kernel(name)(*values)):
            return self.number(value)
        first, last = known[0], known[-1]
        if op.chooses and first is not None:
            return args[1] if first else args[2]
        if op.chooses and (asked := self.graph.ops[args[0]]) in (EQ, NE):  # the truth of c is that of c != 0
            subject, other = self.graph.arguments(args[0])
            if self.graph.constants.get(other) == 0:
                return self.make(name, (subject, *(args[1:] if asked is NE else (args[2], args[1]))))
        if op is MUL and 1.0 in known:
            return args[1] if first == 1 else args[0]
        if op is MUL and -1.0 in known:
            return self.make(NEG.name, args[1:] if first == -1 else args[:1])
        if op is MUL and 0.0 in known and any(self.graph.ops[arg].compares for arg in args):
            return self.number(0.0)
        if op in (DIV, POW) and last == 1:
            return args[0]
        if op is POW and last == 2:
            return self.make(MUL.name, (args[0], args[0]))
        return self.builder.once(op, args)

    def gradients(self, graph: Graph, places: Sequence[int]) -> dict[int, int]:
        """The terms of the upstream gradients, summed in the order of the backward pass."""
        # A term and the conditions under which alone it is sent; elsewhere it may mean nothing.
        found: dict[int, tuple[tuple[int, ...], int]] = {graph.output: ((), self.number(1.0))}
        for node in range(graph.output, -1, -1):
            if node not in found or not graph.has_gradient[node]:
                continue
            shared: dict[int, int] = {}
            for position, arg in enumerate(graph.arguments(node)):
                if not graph.edge_has_gradient(node, position):
                    continue
                conditions, arriving = found[node]
                local, condition = self.local(graph, node, position, places, shared)
                if condition is not None:
                    conditions = (*conditions, condition)
                sent = self.make(MUL.name, (arriving, local))
                if arg in found and found[arg][0] == conditions:
                    sent = self.make(ADD.name, (found[arg][1], sent))
                elif arg in found:
                    pair = [self.under(*found[arg]), self.under(conditions, sent)]
                    conditions, sent = (), self.make(ADD.name, pair)
                found[arg] = conditions, sent
        return {node: self.under(*sent) for node, sent in found.items()}

    def local(
        self, graph: Graph, node: int, position: int, places: Sequence[int], shared: dict[int, int]
    ) -> tuple[int, int | None]:
        """A local gradient, and the condition under which it is sent if there is one."""
        op, own = graph.ops[node], places[node]
        if op.is_module:
            return self.builder.once(_item(position + 1), self.graph.arguments(own)), None
        text = gradient_formula(op.name, position)
        assert text is not None
        args = [places[arg] for arg in graph.arguments(node)]
        sent = sent_where(text)
        local, condition = (
            None if one is None else self.layer.lay(op.name, one, args, own=own, position=position, shared=shared)
            for one in (text, sent)
        )
        assert local is not None
        return local, condition

    def under(self, conditions: Sequence[int], term: int) -> int:
        """A term that is 0 where one of its conditions does not hold."""
        for condition in reversed(conditions):
            term = self.make(WHERE.name, (condition, term, self.number(0.0)))
        return term


class _Code:
    """The source of one function and of the functions of the modules that it calls."""

    def __init__(self, space: dict[str, Any]) -> None:
        self.space = space
        self.modules: dict[Operation, str] = {}

    def function(self, graph: Graph, names: Sequence[str], otherwise: str | None) -> Prepared:
        """The function of a graph; where it cannot tell it calls ``otherwise``, or raises ArithmeticError."""
        terms = _Terms(names)
        places = fold(graph, terms.builder.variable, terms.number, terms.apply)
        gradients = terms.gradients(graph, places)
        upstream = [gradients.get(graph.variables[name]) if name in graph.variables else None for name in names]
        results = [places[graph.output], *(terms.number(0.0) if one is None else one for one in upstream)]
        # A nan that a value hides makes the gradients nan all the same.
        watched = dict.fromkeys(
            places[arg]
            for node, op in enumerate(graph.ops)
            for position, arg in enumerate(graph.arguments(node))
            if graph.ops[arg] not in (VARIABLE, CONSTANT)
            and _hides_nan(op, tuple(terms.graph.constants.get(places[one]) for one in graph.arguments(node)), position)
        )
        lines, texts, others = self.lines(terms.graph, results, watched)
        # The passes start every sum of gradients with 0, so no -0 is left; a whole number becomes a double.
        answers = [f"r{index}" for index in range(len(results))]
        lines += [f"{one} = {text} {'-+'[one != 'r0']} 0.0" for one, text in zip(answers, texts, strict=True)]
        checked = [*answers, *others]
        for start in range(0, len(checked), MOST_SUMMED):
            lines.append(f"check = {' + '.join(['check'][:start] + checked[start : start + MOST_SUMMED])}")
        variables = [f"x{index}" for index in range(len(names))]
        slots = ", ".join(variables)
        for start in range(0, len(names) if otherwise else 0, MOST_SUMMED):
            kinds = " is ".join(f"type({one})" for one in variables[start : start + MOST_SUMMED])
            lines.insert(0, f"if not (float is {kinds}): return again({slots})")
        end = f"return {otherwise}({slots})" if otherwise else "raise ArithmeticError"
        flat = ", ".join(answers) if otherwise is None else f"r0, ({''.join(f'{one}, ' for one in answers[1:])})"
        name = f"f{len(self.modules)}"
        body = "\n  ".join([*lines, f"if check - check == 0.0: return {flat}"])
        attempt = f" try:\n  {body}\n except (ValueError, ArithmeticError): pass\n {end}\n"
        exec(compile(f"def {name}({slots}):\n{attempt}", "<prepared>", "exec"), self.space)
        return self.space[name]  # type: ignore[no-any-return]

    def lines(
        self, graph: Graph, roots: Sequence[int], watched: Iterable[int]
    ) -> tuple[list[str], list[str], list[str]]:
        """One assignment per slot in an order in which they can be computed, the texts of the roots and the watched."""
        guards = _guards(graph, roots)
        watched = [one for one in watched if one in guards]
        uses = integers(len(graph))
        for one in (*roots, *watched):
            uses[one] += 1
        for node in guards:
            for arg in graph.arguments(node):
                uses[arg] += 1
        for node, guard in guards.items():
            if uses[node] > 1:
                for condition, _ in guard:
                    uses[condition] += 2
        lines: list[str] = []
        texts: dict[int, str] = {node: f"x{index}" for index, node in enumerate(graph.variables.values())}
        texts |= {node: repr(value) for node, value in graph.constants.items()}
        truths: dict[int, str] = {}
        depths: dict[int, int] = {}
        for node in _ordered(graph, guards):
            if node in texts:
                continue
            op, args = graph.ops[node], graph.arguments(node)
            text = self.text(op, [texts[arg] for arg in args], truths.get(args[0]), args[-1] in graph.constants)
            depth = 1 + max(depths.get(arg, 0) for arg in args)
            if uses[node] < 2 and depth < DEEPEST and not op.is_module:
                texts[node], depths[node] = f"({text})", depth
                if op.compares:
                    truths[node] = f"{texts[args[0]]} {op.symbol} {texts[args[1]]}"
                continue
            texts[node] = f"t{node}"
            within = [f"{'' if truth else 'not '}{texts[one]}" for one, truth in guards[node] if uses[one] > 1]
            lines.append(f"t{node} = ({text}) if {' and '.join(within)} else 0.0" if within else f"t{node} = {text}")
        return lines, [texts[root] for root in roots], [texts[one] for one in watched]

    def text(self, op: Operation, args: Sequence[str], truth: str | None, fixed: bool) -> str:
        """The expression of a term; ``truth`` is its first argument as a condition, ``fixed`` if its last is known."""
        if op.is_module:
            return f"{self.module(op)}({', '.join(args)})"
        if not op.is_row:
            return f"{args[0]}[{op.name.split()[1]}]"
        sign = op.symbol
        if op is NEG:
            return f"-{args[0]}"
        if op is DIV or sign in NATIVE:
            return f"{args[0]} {sign} {args[1]}"
        if op.compares:
            return f"1.0 if {args[0]} {sign} {args[1]} else 0.0"
        if op.chooses:
            return f"{args[1]} if {truth or args[0]} else {args[2]}"
        function = value_kernel(op.name)
        if op is not POW or fixed:  # the engine's own power is another one for the exponent 2
            function = DIRECT.get(function, function)
        name = f"{op.name}{'_' * (op is POW and fixed)}"
        self.space[name] = function
        return f"{name}({', '.join(args)})"

    def module(self, op: Operation) -> str:
        """The name of a module's function, which is made on first use."""
        if op not in self.modules:
            assert op.body is not None
            inner = self.function(op.body, op.parameters, None)
            self.modules[op] = inner.__name__
        return self.modules[op]
