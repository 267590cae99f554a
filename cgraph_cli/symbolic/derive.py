"""Graph to graph: the backward pass run with terms in the place of numbers.

The same rules, read as formulas, give the gradient as a graph in the same language, which the same forward pass
evaluates, the same printer prints, and which can be differentiated again.
"""

from __future__ import annotations

from itertools import compress, takewhile

from cgraph_cli.graph.expand import expanded
from cgraph_cli.graph.formula import Layer, gradient_formula
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Builder, Graph, Operation, fold, operation
from cgraph_cli.light import (
    Collection,
    Generic,
    Iterable,
    Iterator,
    Mapping,
    NamedTuple,
    Protocol,
    Sequence,
    T,
    cache,
)
from cgraph_cli.limits import check, derived
from cgraph_cli.symbolic import ops
from cgraph_cli.symbolic.kinds import LONG
from cgraph_cli.syntax.expression import Binary, Call, Name, Number, Syntax, walk

MAX_GUARDS = 6  # choices inside each other that a gradient is conditional on


# What a downstream gradient is conditional on: (condition, its truth), the outermost choice first.
Guard = tuple[tuple[T, bool], ...]


class Maker(Protocol[T]):
    """What makes the nodes of a derived graph: a plain graph, or the simplifier.

    ``most_factors`` is how many factors it pays to differentiate in one although a part of their product has other
    users too: products of many factors simplify, and each is made anew.
    """

    most_factors: int

    def __len__(self) -> int:
        """How many nodes it has made."""

    def number(self, value: float, name: str | None = None) -> T:
        """A constant."""

    def variable(self, name: str) -> T:
        """A variable."""

    def make(self, op: Operation, args: Sequence[T]) -> T:
        """A row of the rule table applied to arguments."""

    def read(self, graph: Graph, wanted: Collection[int]) -> Mapping[int, T]:
        """What is made of the nodes of a graph, at least of those that are wanted."""

    def sum(self, terms: Sequence[T]) -> T:
        """The sum of any number of terms."""

    def times(self, first: T, second: T) -> T:
        """The product of two terms, as the chain rule brings them together."""

    def within(self, condition: T, truth: bool, term: T) -> T:
        """A term where a condition holds, or does not if not ``truth``."""

    def emit(
        self, outputs: Mapping[str, T], variables: Sequence[str], *, short: bool = True, last: bool = True
    ) -> Graph:
        """The graph of the terms that ``outputs`` need, in its shortest form if it is to be ``short``.

        ``last`` says that it is to be read, and not differentiated again.
        """


class Plain:
    """Makes nodes as the chain rule writes them: nothing is simplified."""

    most_factors = 2

    def __init__(self) -> None:
        self.builder = Builder()
        self.number = self.builder.number
        self.variable = self.builder.variable
        self.make = self.builder.once

    def __len__(self) -> int:
        return len(self.builder.graph)

    def read(self, graph: Graph, wanted: Collection[int]) -> Mapping[int, int]:
        return dict(enumerate(fold(graph, self.variable, self.number, self.make)))

    def times(self, first: int, second: int) -> int:
        return self.make(ops.MUL, (first, second))

    def sum(self, terms: Sequence[int]) -> int:
        total = terms[0]
        for term in terms[1:]:
            total = self.make(ops.ADD, (total, term))
        return total

    def within(self, condition: int, truth: bool, term: int) -> int:
        return term

    def emit(
        self, outputs: Mapping[str, int], variables: Sequence[str], *, short: bool = True, last: bool = True
    ) -> Graph:
        self.builder.graph.outputs = dict(outputs)
        return self.builder.graph


def check_size(nodes: int, graph: Graph) -> None:
    """Raise TooLargeError for a derivative of a graph that nobody could read."""
    what, help = "the derivative has more than {} nodes", "ask for a lower order or fewer variables"
    check(nodes, derived(graph.max_nodes), what, help=help)


def gradient(graph: Graph, output: int, wrt: Sequence[str], maker: Maker[T], *, exact: bool = True) -> Graph:
    """The graph of ∂output/∂name for every name of ``wrt``, its outputs keyed by those names (reverse mode).

    ``exact`` keeps the limits of the rules as choices, so that the graph has the engine's value at every point;
    without it they are left out, as on paper (x^n gives n*x^(n - 1)). Raises TooLargeError past a tenth of max_nodes.
    """
    graph, places = expanded(graph)
    found = Chain(graph, maker, exact, wrt).backward(places[output])
    return emitted(maker, found, graph)


# How the outputs of a graph with value and gradient are called; no name of the language has a space in it.
VALUE, GRADIENT, NAMED = "the value", "gradient with respect to ", "the part "


def value_and_gradient(graph: Graph, output: int, wrt: Sequence[str], maker: Maker[T]) -> Graph:
    """One graph with the value and ∂output/∂name for every name of ``wrt``, shared parts being shared nodes.

    Its outputs are VALUE, GRADIENT + name, and NAMED + name for every part that has a name. Raises TooLargeError past a
    tenth of max_nodes.
    """
    parts = {node: name for node, name in graph.names.items() if graph.ops[node] not in (VARIABLE, CONSTANT)}
    graph, places = expanded(graph)
    chain = Chain(graph, maker, True, wrt, [places[node] for node in (output, *parts)])
    outputs = {VALUE: chain.terms[places[output]]}
    for name, term in chain.backward(places[output]).items():
        outputs[GRADIENT + name] = term
    for node, name in parts.items():
        outputs[NAMED + name] = chain.terms[places[node]]
    return emitted(maker, outputs, graph)


def emitted(maker: Maker[T], outputs: Mapping[str, T], graph: Graph, *, short: bool = True, last: bool = True) -> Graph:
    """The graph of some derivatives of a graph, which may be as large as that. Raises TooLargeError."""
    found = maker.emit(outputs, list(graph.variables), short=short, last=last)
    found.max_nodes = graph.max_nodes
    check_size(len(found), graph)
    return found


class Chain(Generic[T]):
    """The chain rule over one graph: terms for the values that local gradients speak of, then terms for the gradients.

    ``kept`` are the nodes whose values are wanted besides.
    """

    def __init__(
        self, graph: Graph, maker: Maker[T], exact: bool, wrt: Sequence[str], kept: Sequence[int] = ()
    ) -> None:
        self.graph = graph
        self.maker = maker
        self.wrt = wrt
        self.zero = maker.number(0.0)
        self.chosen: set[T] = set()
        self.layer: Layer[T] = Layer(lambda name, args: maker.make(operation(name), args), maker.number, exact=exact)
        self.leads = graph.moved_by(wrt)
        self.terms = maker.read(graph, {*kept, *self._spoken_of()})

    def _spoken_of(self) -> Iterator[int]:
        """The nodes that the formulas of local gradients speak of."""
        graph, leads = self.graph, self.leads
        for node in compress(range(len(graph)), leads):
            arguments = graph.arguments(node)
            found = spoken_of(graph.ops[node], len(arguments))
            speaking = [of_own for position, of_own in found if leads[arguments[position]]]
            if any(speaking):
                yield node
            if speaking:
                yield from arguments

    def passages(self, node: int) -> Iterable[tuple[int, Guard[T], T | None]]:
        """The arguments of a node to which a gradient passes, on what condition, and its factor, None for 1.

        None to an argument without gradient, to one that is not asked for, or to a branch that the row never takes.
        """
        arguments, leads = self.graph.arguments(node), self.leads
        if hands_on(self.graph.ops[node], len(arguments)):  # as long sums do
            return [(arg, (), None) for arg in arguments if leads[arg]]
        return self._passages(node, arguments)

    def _passages(self, node: int, arguments: Sequence[int]) -> Iterator[tuple[int, Guard[T], T | None]]:
        graph, terms = self.graph, self.terms
        op = graph.ops[node]
        if op.chooses:
            self.chosen.add(terms[arguments[0]])
        args: list[T] = []
        shared: dict[int, T] = {}
        for position, part in enumerate(branches(op, len(arguments))):
            arg = arguments[position]
            if part is None or not self.leads[arg]:
                continue
            if part.condition is None and part.factor is None:
                yield arg, (), None
                continue
            if part.names:
                args = args or [terms[one] for one in arguments]
            own = terms[node] if "f" in part.names else None
            condition, factor = (
                None if text is None else self.layer.lay(op.name, text, args, own=own, position=position, shared=shared)
                for text in (part.condition, part.factor)
            )
            if condition is not None and factor is not None:
                factor = self.maker.within(condition, part.truth, factor)
            yield arg, (() if condition is None else ((condition, part.truth),)), factor

    def times(self, term: T, factor: T | None) -> T:
        """term*factor."""
        return term if factor is None else self.maker.times(term, factor)

    def backward(self, output: int) -> dict[str, T]:
        """The terms of ∂output/∂name."""
        graph = self.graph
        arriving: list[list[tuple[Guard[T], T]] | None] = [None] * len(graph)
        arriving[output] = [((), self.maker.number(1.0))]
        for node in range(output, -1, -1):
            contributions = arriving[node]
            op = graph.ops[node]
            if not contributions or op is VARIABLE or op is CONSTANT or not self.leads[node]:
                continue
            arriving[node] = None
            guard, upstream = contributions[0] if len(contributions) == 1 else self.combined(contributions)
            for arg, condition, factor in self.passages(node):
                both = self.both(guard, condition) if condition else guard
                if both is not None:
                    contribution = (both, upstream if factor is None else self.maker.times(upstream, factor))
                    known = arriving[arg]
                    if known is None:
                        arriving[arg] = [contribution]
                    else:
                        known.append(contribution)
        found = {}
        for name in self.wrt:
            at_name = arriving[graph.variables[name]] if name in graph.variables else None
            if at_name and len(at_name) <= LONG:  # a longer sum is seldom read, and may lose more in another order
                at_name.reverse()  # to be read in the order in which the name is used: 6*x + 2
            found[name] = self.total(at_name) if at_name else self.zero
        return found

    def both(self, outer: Guard[T], inner: Guard[T]) -> Guard[T] | None:
        """A guard within another, None if they exclude each other.

        Long ones are one condition, or n choices inside each other would take n^2 nodes.
        """
        if not inner:
            return outer
        if any((condition, not truth) in outer for condition, truth in inner):
            return None
        inner = tuple(one for one in inner if one not in outer)
        if inner and len(outer) >= MAX_GUARDS:
            chosen = any(condition in self.chosen for condition, _ in outer)
            outer = ((self.holds(outer), True),)
            self.chosen |= {condition for condition, _ in outer if chosen}
        return (*outer, *inner)

    def grouped(self, contributions: Iterable[tuple[Guard[T], T]]) -> dict[Guard[T], T]:
        """What arrives under each guard; what arrives under a condition and its opposite is one choice."""
        by_guard: dict[Guard[T], list[T]] = {}
        for guard, term in contributions:
            by_guard.setdefault(guard, []).append(term)
        if by_guard.keys() == {()}:
            return {(): self.maker.sum(by_guard[()])}
        sums = {guard: self.maker.sum(terms) for guard, terms in by_guard.items()}
        todo = sorted(sums, key=len) if len(sums) > 1 else []
        while todo:
            guard = todo.pop()
            for place in reversed(range(len(guard)) if guard in sums else ()):
                condition, truth = guard[place]
                other = (*guard[:place], (condition, not truth), *guard[place + 1 :])
                if other in sums:
                    yes, no = (sums.pop(guard), sums.pop(other))[:: 1 if truth else -1]
                    weaker = (*guard[:place], *guard[place + 1 :])
                    known = [sums[weaker]] if weaker in sums else []
                    sums[weaker] = self.maker.sum([*known, self.maker.make(ops.WHERE, [condition, yes, no])])
                    todo.append(weaker)
                    break
        return sums

    def total(self, contributions: Iterable[tuple[Guard[T], T]]) -> T:
        """The sum of what arrives."""
        return self.maker.sum([self.guarded(guard, term) for guard, term in self.grouped(contributions).items()])

    def combined(self, contributions: Sequence[tuple[Guard[T], T]]) -> tuple[Guard[T], T]:
        """The sum of what arrives, with the weakest condition under which anything does.

        Where branches that may not exist meet (where(x > 0, log(x), 0)) that is said; where but slopes of 0 do, it is
        not: their product with what follows is 0 wherever that is finite.
        """
        if len(contributions) == 1:
            return contributions[0]
        sums = self.grouped(contributions)
        if len(sums) == 1:
            return next(iter(sums.items()))
        common = [parts[0] for parts in takewhile(lambda parts: len(set(parts)) == 1, zip(*sums, strict=False))]
        sums = {guard[len(common) :]: term for guard, term in sums.items()}
        total = self.maker.sum([self.guarded(guard, term) for guard, term in sums.items()])
        if not all(any(condition in self.chosen for condition, _ in guard) for guard in sums):
            return tuple(common), total
        either = self.maker.make(ops.MAX, [self.holds(guard) for guard in sums])
        return (*common, (either, True)), total

    def holds(self, guard: Guard[T]) -> T:
        """Not 0 where all conditions of a guard hold, else 0."""
        (condition, truth), *rest = guard
        product = condition if truth else self.maker.make(ops.EQ, [condition, self.zero])
        for condition, truth in rest:
            factor = self.maker.make(ops.NE if truth else ops.EQ, [condition, self.zero])
            product = self.maker.make(ops.MUL, [product, factor])
        return product

    def guarded(self, guard: Guard[T], term: T) -> T:
        """A term that is 0, and not 0 times something, where its guard does not hold."""
        for condition, truth in reversed(guard):
            term = self.maker.make(ops.WHERE, [condition, term, self.zero] if truth else [condition, self.zero, term])
        return term


class Branch(NamedTuple):
    """A local gradient as ``where(condition, factor, 0)``, or ``where(condition, 0, factor)`` if not ``truth``.

    No condition: the gradient always passes. No factor: it is 1. ``names`` are the names in both.
    """

    condition: Syntax | None
    truth: bool
    factor: Syntax | None
    names: frozenset[str]


@cache
def branches(op: Operation, count: int) -> Sequence[Branch | None]:
    """The local gradients of an operation with so many arguments, None where an argument has none."""
    return [branch(op.name, position) if op.passes_gradient(position) else None for position in range(count)]


@cache
def hands_on(op: Operation, count: int) -> bool:
    """Whether all local gradients are 1."""
    return all(part is not None and part.condition is None and part.factor is None for part in branches(op, count))


@cache
def spoken_of(op: Operation, count: int) -> Sequence[tuple[int, bool]]:
    """The positions whose local gradients speak of values, and whether the operation's own is among these."""
    parts = enumerate(branches(op, count))
    return [(position, "f" in part.names) for position, part in parts if part is not None and part.names]


@cache
def branch(name: str, position: int) -> Branch:
    """The local gradient of a row with respect to one argument, read as a choice of what it sends."""
    text = gradient_formula(name, position)
    assert text is not None
    condition, truth = None, True
    if isinstance(text, Call) and text.name == "where":
        chosen, *arms = text.arguments
        for place, arm in enumerate(arms):
            if is_number(arm, 0):
                condition, truth, text = chosen, place == 1, arms[1 - place]
                break
    elif isinstance(text, Binary) and text.symbol in ("!=", "==") and is_number(text.right, 0):
        condition, truth, text = text.left, text.symbol == "!=", Number(1.0)
    factor = None if is_number(text, 1) else text
    parts = [part for one in (condition, factor) if one is not None for part in walk(one)]
    return Branch(condition, truth, factor, frozenset(part.name for part in parts if isinstance(part, Name)))


def is_number(part: Syntax, value: float) -> bool:
    return isinstance(part, Number) and part.value == value


def inner(graph: Graph, kept: Iterable[int], products: Sequence[Operation] = (ops.MUL,)) -> bytearray:
    """The sums that are a summand of one other sum and nothing else, and the like products; none that is ``kept``."""
    uses = [0] * len(graph)
    for arg in graph.args:
        uses[arg] += 1
    for node in kept:
        uses[node] += 1
    found = bytearray(len(graph))
    for node, op in enumerate(graph.ops):
        kind = ops.SUMS if op in ops.SUMS else products if op in products else ()
        for arg in graph.arguments(node) if kind else ():
            if uses[arg] == 1 and graph.ops[arg] in kind:
                found[arg] = 1
    return found


def operands(graph: Graph, node: int, inside: bytearray) -> Iterator[tuple[int, bool]]:
    """The summands of a sum of sums and whether each is taken away, or the factors of a product and whether below."""
    stack = [(node, False)]
    while stack:
        one, turned = stack.pop()
        if one == node or inside[one]:
            left, right = graph.arguments(one)
            stack.append((right, turned != (graph.ops[one] in ops.TURNING)))
            stack.append((left, turned))
        else:
            yield one, turned
