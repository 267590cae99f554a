"""Graph to graph: the backward pass run with nodes in the place of numbers.

The same rules, read as formulas, give the gradient as a graph in the same language, which the same forward pass
evaluates, the same printer prints, and which can be differentiated again.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from math import log
from typing import Any, Protocol

from cgraph_cli.errors import TooLargeError
from cgraph_cli.graph.expand import expanded
from cgraph_cli.graph.formula import Layer, gradient_formula
from cgraph_cli.graph.graph import CONSTANT, MAX_NODES, VARIABLE, Builder, Graph, Operation, fold, operation

MAX_FACTORS = 32  # the product rule over n factors makes n^2 nodes

# What a downstream gradient is conditional on: (condition, its truth), the outermost choice first.
Guard = tuple[tuple[Any, bool], ...]


class Maker(Protocol):
    """What makes the nodes of a derived graph: a plain graph, or the simplifier."""

    def __len__(self) -> int:
        """How many nodes it has made."""

    def number(self, value: float, name: str | None = None) -> Any:
        """A constant."""

    def variable(self, name: str) -> Any:
        """A variable."""

    def make(self, name: str, args: Sequence[Any]) -> Any:
        """A row of the rule table applied to arguments."""

    def sum(self, terms: Sequence[Any]) -> Any:
        """The sum of any number of terms."""

    def emit(self, outputs: Mapping[str, Any], variables: Sequence[str]) -> Graph:
        """The graph of the terms that ``outputs`` need."""


class Plain:
    """Makes nodes as the chain rule writes them: nothing is simplified."""

    def __init__(self, variables: Sequence[str]) -> None:
        self.builder = Builder(variables)
        self.number = self.builder.number
        self.variable = self.builder.variable

    def make(self, name: str, args: Sequence[int]) -> int:
        return self.builder.once(operation(name), args)

    def __len__(self) -> int:
        return len(self.builder.graph)

    def sum(self, terms: Sequence[int]) -> int:
        total = terms[0]
        for term in terms[1:]:
            total = self.make("add", (total, term))
        return total

    def emit(self, outputs: Mapping[str, int], variables: Sequence[str]) -> Graph:
        self.builder.graph.outputs = dict(outputs)
        return self.builder.graph


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _too_large() -> TooLargeError:
    return TooLargeError(
        f"the derivative has more than {_grouped(MAX_NODES)} nodes", help="ask for a lower order or fewer variables"
    )


def maker(variables: Sequence[str], simplify: bool) -> Maker:
    """The simplifier, or the plain maker."""
    if not simplify:
        return Plain(variables)
    from cgraph_cli.symbolic.simplify import Simplifier

    return Simplifier()


def gradient(graph: Graph, output: int, wrt: Sequence[str], *, simplify: bool = True, exact: bool = True) -> Graph:
    """The graph of ∂output/∂name for every name of ``wrt``, its outputs keyed by those names (reverse mode).

    ``exact`` keeps the limits of the rules as choices, so that the graph has the engine's value at every point;
    without it they are left out, as on paper (x^n gives n*x^(n - 1)). Raises TooLargeError past a million nodes.
    """
    graph, places = expanded(graph)
    chain = _Chain(graph, maker(list(graph.variables), simplify), exact)
    found = chain.backward(places[output], wrt)
    derived = chain.maker.emit(found, list(graph.variables))
    if len(derived) > MAX_NODES:
        raise _too_large()
    return derived


def repeated(graph: Graph, output: int, names: Sequence[str], *, simplify: bool = True, exact: bool = True) -> Graph:
    """The graph of ∂ⁿoutput/∂name₁…∂nameₙ, differentiated in the order of the names.

    Forward mode, since one variable at a time is asked for, and with the product rule over whole products: the
    derivative of a sum of monomials is then a sum of monomials again, which simplifies. Raises TooLargeError past a
    million nodes.
    """
    graph, places = expanded(graph)
    output = places[output]
    for order, name in enumerate(names, 1):
        size = len(graph)
        variables = list(graph.variables)
        chain = _Chain(graph, maker(variables, simplify), exact)
        one = chain.maker.number(1.0)
        found = chain.forward(output, {name: one} if name in graph.variables else {})
        graph = chain.maker.emit({"derivative": found}, variables)
        output = graph.output
        if order > 1 and len(graph) > max(size, MAX_NODES // 200):
            # Growth like a power of the order is the least there is once an order is larger than the one before.
            power = log(len(graph) / size) / log(order / (order - 1))
            if log(len(graph)) + power * log(len(names) / order) > log(MAX_NODES):
                raise TooLargeError(
                    f"the derivative of order {len(names)} has more than {_grouped(MAX_NODES)} nodes",
                    help=f"order {order} has {_grouped(len(graph))}, order {order - 1} has {_grouped(size)}",
                )
        if graph.constants.get(output) == 0:
            break  # every further derivative is 0 as well
    return graph


# How the outputs of a graph with value and gradient are called; no name of the language has a space in it.
VALUE, GRADIENT, NAMED = "the value", "gradient with respect to ", "the part "


def value_and_gradient(
    graph: Graph, output: int, wrt: Sequence[str], *, simplify: bool = True, exact: bool = True
) -> Graph:
    """One graph with the value and ∂output/∂name for every name of ``wrt``, shared parts being shared nodes.

    Its outputs are VALUE, GRADIENT + name, and NAMED + name for every part that has a name. Raises TooLargeError past a
    million nodes.
    """
    parts = {node: name for node, name in graph.names.items() if graph.ops[node] not in (VARIABLE, CONSTANT)}
    graph, places = expanded(graph)
    chain = _Chain(graph, maker(list(graph.variables), simplify), exact)
    outputs = {VALUE: chain.terms[places[output]]}
    for name, term in chain.backward(places[output], wrt).items():
        outputs[GRADIENT + name] = term
    for node, name in parts.items():
        outputs[NAMED + name] = chain.terms[places[node]]
    derived = chain.maker.emit(outputs, list(graph.variables))
    if len(derived) > MAX_NODES:
        raise _too_large()
    return derived


def tangent(graph: Graph, output: int, directions: Mapping[str, str], *, simplify: bool = False) -> Graph:
    """The graph of Σ ∂output/∂name · direction(name) (forward mode), the directions being variables of their own."""
    graph, places = expanded(graph)
    chain = _Chain(graph, maker([*graph.variables, *directions.values()], simplify), True)
    terms = {name: chain.maker.variable(direction) for name, direction in directions.items()}
    found = chain.forward(places[output], terms)
    return chain.maker.emit({"tangent": found}, [*graph.variables, *directions.values()])


def simplified(graph: Graph, outputs: Mapping[str, int]) -> Graph:
    """The same values as a simplified graph."""
    graph, places = expanded(graph)
    chain = _Chain(graph, maker(list(graph.variables), True), True)
    return chain.maker.emit({name: chain.terms[places[node]] for name, node in outputs.items()}, list(graph.variables))


class _Chain:
    """The chain rule over one graph: terms for the values, then terms for the gradients."""

    def __init__(self, graph: Graph, maker: Maker, exact: bool) -> None:
        self.graph = graph
        self.maker = maker
        self.layer: Layer[Any] = Layer(maker.make, maker.number, exact=exact)
        self.terms: list[Any] = fold(graph, maker.variable, maker.number, lambda op, args: maker.make(op.name, args))

    def locals(self, node: int, op: Operation) -> list[Any]:
        """The terms of a node's local gradients, None where no gradient flows."""
        args = [self.terms[arg] for arg in self.graph.arguments(node)]
        shared: dict[int, Any] = {}
        found: list[Any] = []
        for position in range(len(args)):
            if not self.graph.edge_has_gradient(node, position):
                found.append(None)
                continue
            text = gradient_formula(op.name, position)
            assert text is not None
            found.append(self.layer.lay(op.name, text, args, own=self.terms[node], position=position, shared=shared))
        return found

    def backward(self, output: int, wrt: Sequence[str]) -> dict[str, Any]:
        """The terms of ∂output/∂name."""
        graph, make = self.graph, self.maker.make
        wanted = _leads_to(graph, wrt)
        arriving: list[list[tuple[Guard, Any]] | None] = [None] * len(graph)
        arriving[output] = [((), self.maker.number(1.0))]
        for node in range(output, -1, -1):
            contributions = arriving[node]
            op = graph.ops[node]
            if not contributions or op is VARIABLE or op is CONSTANT or not wanted[node]:
                continue
            arriving[node] = None
            guard, upstream = self.combined(contributions)
            arguments = graph.arguments(node)
            if op.chooses:
                sent = [((*guard, (self.terms[arguments[0]], truth)), upstream) for truth in (True, False)]
                pairs = list(zip(arguments[1:], sent, strict=True))
            else:
                pairs = [
                    (arg, (guard, make("mul", [upstream, local])))
                    for arg, local in zip(arguments, self.locals(node, op), strict=True)
                    if local is not None and wanted[arg]
                ]
            for arg, contribution in pairs:
                if wanted[arg]:
                    known = arriving[arg]
                    if known is None:
                        arriving[arg] = [contribution]
                    else:
                        known.append(contribution)
        found = {}
        for name in wrt:
            at_name = arriving[graph.variables[name]] if name in graph.variables else None
            found[name] = self.guarded(*self.combined(at_name)) if at_name else self.maker.number(0.0)
        return found

    def combined(self, contributions: list[tuple[Guard, Any]]) -> tuple[Guard, Any]:
        """The sum of what arrives, with the weakest condition under which anything does."""
        by_guard: dict[Guard, list[Any]] = {}
        for guard, term in contributions:
            by_guard.setdefault(guard, []).append(term)
        sums = {guard: terms[0] if len(terms) == 1 else self.maker.sum(terms) for guard, terms in by_guard.items()}
        merged = True
        while merged and len(sums) > 1:
            merged = False
            for guard in sorted(sums, key=len, reverse=True):
                if not guard or guard not in sums:
                    continue
                *outer, (condition, truth) = guard
                other = (*outer, (condition, not truth))
                if other in sums:
                    yes, no = sums.pop(guard), sums.pop(other)
                    if not truth:
                        yes, no = no, yes
                    term = self.maker.make("where", [condition, yes, no])
                    known = sums.get(tuple(outer))
                    sums[tuple(outer)] = term if known is None else self.maker.sum([known, term])
                    merged = True
        if len(sums) == 1:
            return next(iter(sums.items()))
        total = self.maker.sum([self.guarded(guard, term) for guard, term in sums.items()])
        if () in sums:
            return (), total
        either = self.maker.make("max", [self.holds(guard) for guard in sums])
        return ((either, True),), total

    def holds(self, guard: Guard) -> Any:
        """1 where all conditions of a guard hold, else 0."""
        zero = self.maker.number(0.0)
        factors = [self.maker.make("ne" if truth else "eq", [condition, zero]) for condition, truth in guard]
        product = factors[0]
        for factor in factors[1:]:
            product = self.maker.make("mul", [product, factor])
        return product

    def guarded(self, guard: Guard, term: Any) -> Any:
        """A term that is 0, and not 0 times something, where its guard does not hold."""
        for condition, truth in reversed(guard):
            zero = self.maker.number(0.0)
            term = self.maker.make("where", [condition, term, zero] if truth else [condition, zero, term])
        return term

    def forward(self, output: int, directions: Mapping[str, Any]) -> Any:
        """The term of Σ ∂output/∂name · direction(name)."""
        graph, make = self.graph, self.maker.make
        tangents: list[Any] = [None] * len(graph)
        for name, direction in directions.items():
            tangents[graph.variables[name]] = direction
        inner = _inner_sums(graph, output)
        for node, op in enumerate(graph.ops):
            if len(self.maker) > 4 * MAX_NODES:
                raise _too_large()
            arguments = graph.arguments(node)
            if inner[node] or not graph.has_gradient[node]:
                continue
            if op.name in ("add", "sub"):
                tangents[node] = self.sum_rule(node, inner, tangents)
                continue
            if not any(tangents[arg] is not None for arg in arguments):
                continue
            if op.chooses:
                zero = self.maker.number(0.0)
                condition, yes, no = arguments
                if tangents[yes] is None and tangents[no] is None:
                    continue
                branches = [zero if tangents[arg] is None else tangents[arg] for arg in (yes, no)]
                tangents[node] = make("where", [self.terms[condition], *branches])
                continue
            if op.name == "mul":
                products = self.product_rule(node, tangents)
            else:
                products = [
                    make("mul", [local, tangents[arg]])
                    for arg, local in zip(arguments, self.locals(node, op), strict=True)
                    if local is not None and tangents[arg] is not None
                ]
            if products:
                tangents[node] = products[0] if len(products) == 1 else self.maker.sum(products)
        return self.maker.number(0.0) if tangents[output] is None else tangents[output]

    def sum_rule(self, node: int, inner: bytearray, tangents: Sequence[Any]) -> Any:
        """The sum of the tangents of all summands of a sum of sums, in one: like terms meet."""
        graph = self.graph
        terms: list[Any] = []
        stack = [(node, False)]
        while stack:
            one, negative = stack.pop()
            if one == node or inner[one]:
                left, right = graph.arguments(one)
                stack.append((right, negative != (graph.ops[one].name == "sub")))
                stack.append((left, negative))
            elif tangents[one] is not None:
                terms.append(self.maker.make("neg", [tangents[one]]) if negative else tangents[one])
        if len(terms) < 2:
            return terms[0] if terms else None
        return self.maker.sum(terms)

    def product_rule(self, node: int, tangents: Sequence[Any]) -> list[Any]:
        """The terms Π others · tangent(factor) over the factors of a product of products."""
        graph, make = self.graph, self.maker.make
        factors: list[int] = []
        stack = [node]
        while stack:
            one = stack.pop()
            if graph.ops[one].name == "mul" and len(factors) + len(stack) < MAX_FACTORS:
                stack.extend(reversed(graph.arguments(one)))
            else:
                factors.append(one)
        products = []
        for index, factor in enumerate(factors):
            if tangents[factor] is None:
                continue
            product = tangents[factor]
            for other in (*factors[:index], *factors[index + 1 :]):
                product = make("mul", [product, self.terms[other]])
            products.append(product)
        return products


def _inner_sums(graph: Graph, output: int) -> bytearray:
    """The sums that are a summand of one other sum and nothing else."""
    uses = array("q", bytes(8 * len(graph)))
    for arg in graph.args:
        uses[arg] += 1
    uses[output] += 1
    inner = bytearray(len(graph))
    for node, op in enumerate(graph.ops):
        if op.name in ("add", "sub") and op.rule is not None:
            for arg in graph.arguments(node):
                if uses[arg] == 1 and graph.ops[arg].name in ("add", "sub") and graph.ops[arg].rule is not None:
                    inner[arg] = 1
    return inner


def _leads_to(graph: Graph, names: Sequence[str]) -> bytearray:
    """The nodes that depend on any of the names through edges that pass a gradient."""
    leads = bytearray(len(graph))
    for name in names:
        if name in graph.variables:
            leads[graph.variables[name]] = 1
    for node in range(len(graph)):
        if not leads[node] and graph.has_gradient[node]:
            for position, arg in enumerate(graph.arguments(node)):
                if leads[arg] and graph.edge_has_gradient(node, position):
                    leads[node] = 1
                    break
    return leads
