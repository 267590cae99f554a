"""An expression in its stable form: the rows of rewrites.py applied from the inside to the outside, until none fits.

What no row speaks of stays as it was written, names and modules too.
"""

from __future__ import annotations

from copy import copy

from cgraph_cli.errors import Span
from cgraph_cli.graph.build import build
from cgraph_cli.graph.express import expression_of, modules_in, needed
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, Operation
from cgraph_cli.light import Callable, Iterable, Iterator, Mapping, NamedTuple, Sequence, cache
from cgraph_cli.symbolic import ops
from cgraph_cli.symbolic.derive import inner, operands
from cgraph_cli.symbolic.exact import Exact, Unfit, is_fraction, magnitude, plus
from cgraph_cli.symbolic.kinds import Call, Constant, Exponent, Factors, Number, Product, Sum, Term, factors_of, split
from cgraph_cli.symbolic.patterns import (
    Fitter,
    Pattern,
    Patterns,
    Step,
    all_rows,
    as_written,
    by_kind,
    pattern_of,
    read,
    read_over,
    whole_and_each,
)
from cgraph_cli.symbolic.rewrites import READ, Row
from cgraph_cli.symbolic.simplify import Simplifier
from cgraph_cli.symbolic.write import Alone
from cgraph_cli.syntax import expression as syntax
from cgraph_cli.syntax.printer import print_expression

ROUNDS = 6  # what has been rewritten may meet something outside of it
MOST_AT_ONE = 12  # rewrites of one node, one after the other


class Change(NamedTuple):
    """One rewrite that was made: both texts, why, the place in the source text, and what it takes for granted."""

    before: str
    after: str
    reason: str
    span: Span
    when: str = ""


class Stabilized(NamedTuple):
    """A graph in its stable form, and what was changed."""

    graph: Graph
    changes: list[Change]


def stable(graph: Graph) -> Stabilized:
    """The stable form of a graph, by the rows that are right at every point."""
    taken = frozenset(op.name for op in modules_in(graph))
    changes: list[Change] = []
    for _ in range(ROUNDS):
        way = Way(graph, taken=taken)
        found = way.run()
        if not way.changes:
            break
        graph = found
        changes += way.changes
    return Stabilized(graph, changes)


def single_steps(graph: Graph, extra: Extra) -> Iterator[Stabilized]:
    """The graph with one rewrite, for all there are, also those for some points only, and ``extra`` ones."""
    taken = frozenset(op.name for op in modules_in(graph))
    listing = Way(graph, near=True, only=(-1, 0), taken=taken, extra=extra)
    listing.run()
    for only in listing.offers:
        way = Way(graph, near=True, only=only, taken=taken, extra=extra)
        found = way.run()
        if way.changes:
            yield Stabilized(found, way.changes)


@cache
def rows_ready() -> Patterns:
    """All rows, each also as it is met where its own parts have been rewritten: 1/expm1(x) for 1/(exp(x) - 1)."""

    plain = {without_coefficient(pattern.term) for rows in as_written().values() for pattern in rows}

    def found() -> Iterator[Pattern]:
        for row in all_rows():
            whole, _ = whole_and_each(row)
            yield pattern_of(row, read(whole))
            graph = build(syntax.Program("", [syntax.Assignment(None, whole)]))
            way = Way(graph, patterns=as_written(), spared=graph.output)
            way.run()
            term = read_over(way.made[graph.output], graph.variables)
            if way.changes and without_coefficient(term) not in plain:
                yield pattern_of(row, term)

    return by_kind(found())


def without_coefficient(term: Term) -> Term:
    """The product without its number."""
    return term.body if type(term) is Product else term


Extra = Callable[["Way", int, bytearray], Iterable[Step]]


class Way(Alone):
    """One way through a graph: the same graph with what the rows say, and the changes.

    With ``near`` all rows are used, also those that are right at some points only. ``taken`` are names of functions
    that mean something else here; the ``spared`` node itself is left as it is. With ``only`` one step is made, that of
    a node and a number, or none; ``offers`` are those there are, with what ``extra`` has for a node.
    """

    def __init__(
        self,
        graph: Graph,
        *,
        near: bool = False,
        only: tuple[int, int] | None = None,
        taken: frozenset[str] = frozenset(),
        patterns: Patterns | None = None,
        spared: int = -1,
        modules: dict[Operation, Operation] | None = None,
        extra: Extra | None = None,
    ) -> None:
        self.simplifier = Simplifier()
        super().__init__(self.simplifier)
        self.old = graph
        self.only = only
        self.extra = extra
        self.spared = spared
        self.fitter = Fitter(self.simplifier, patterns or rows_ready(), near=near, taken=taken)
        self.modules: dict[Operation, Operation] = {} if modules is None else modules
        self.offers: list[tuple[int, int]] = []
        self.made: dict[int, Term] = {}
        self.places: list[int] = []
        self.named: dict[int, str] = {}
        self.rewritten: set[int] = set()
        self.changes: list[Change] = []

    def run(self) -> Graph:
        """The graph, rewritten."""
        if any(op.is_module for op in self.old.ops):
            self.old = copy(self.old)
            self.old.ops = [self.module(op) for op in self.old.ops]
        old, new = self.old, self.graph
        for name, node in old.variables.items():
            new.variable(name, old.starts[node], old.ends[node])
        wanted = needed(old, old.outputs.values())
        inside = inner(old, [*old.names, *old.outputs.values()], ops.PRODUCTS)
        for node, op in enumerate(old.ops):
            start, end = old.starts[node], old.ends[node]
            if op is VARIABLE:
                self.places.append(new.variables[old.names[node]])
                self.made[node] = self.simplifier.variable(old.names[node])
            elif not wanted[node]:
                self.places.append(-1)
                continue
            elif op is CONSTANT:
                value, symbol = old.constants[node], old.symbols.get(node)
                self.places.append(new.constant(value, symbol, start, end))
                self.made[node] = self.simplifier.number(value, symbol)
            else:
                args = [self.places[arg] for arg in old.arguments(node)]
                self.places.append(new.add(op, args, start, end))
                if inside[node]:
                    continue
                self.rewrite(node, inside)
            self.nodes.setdefault(self.made[node], self.places[node])
            if node in old.names and node not in old.symbols and op is not VARIABLE:
                self.named[self.places[node]] = old.names[node]
        for node, name in old.names.items():
            if self.places[node] >= 0:
                new.names.setdefault(self.places[node], name)
        new.outputs = {name: self.places[node] for name, node in old.outputs.items()}
        return new

    def module(self, op: Operation) -> Operation:
        """An operation; a module with its own body rewritten, or the one function that it has become."""
        if op.body is None or self.only is not None:
            return op
        if op not in self.modules:
            way = Way(op.body, taken=self.fitter.taken, patterns=self.fitter.patterns, modules=self.modules)
            body = way.run()
            made = Operation(op.name, parameters=op.parameters, body=body) if way.changes else op
            inside = [body.names.get(arg) for arg in body.arguments(body.output)]
            is_one_function = way.changes and inside == list(op.parameters)
            self.modules[op] = body.ops[body.output] if is_one_function else made
            self.changes += way.changes
        return self.modules[op]

    def rewrite(self, node: int, inside: bytearray) -> None:
        """Give a node its term, and a new place if a row speaks of it."""
        old = self.old
        self.made[node] = self.simplifier.term(old, node, inside, self.made)
        try:
            steps = self.steps(node, inside)
        except Unfit:  # its coefficients are larger than doubles, or too small for all their digits
            steps = []
        if not steps and not self.has_loose_ends(node, inside):
            return
        if steps:
            self.made[node] = steps[-1].result
        before, term = self.places[node], self.made[node]
        if self.nodes.get(term) == before:
            del self.nodes[term]
        place = self.node_of(term)
        for one in range(before + 1, len(self.graph)):
            self.graph.starts[one], self.graph.ends[one] = old.starts[node], old.ends[node]
        texts = [self.text(before), self.text(place)]
        if texts[0] == texts[1]:
            return
        self.places[node] = place
        self.rewritten.add(node)
        if steps:
            reasons = dict.fromkeys(step.row.reason for step in steps)
            assumed = {f"{self.text(self.node_of(one))}{sign}" for step in steps for one, sign in step.assumed}
            span = Span(old.starts[node], old.ends[node])
            self.changes.append(Change(texts[0], texts[1], "; ".join(reasons), span, ", ".join(sorted(assumed))))

    def text(self, node: int) -> str:
        """A node of the new graph as it is written over the names that the user gave."""
        return print_expression(expression_of(self.graph, node, self.named))

    def steps(self, node: int, inside: bytearray) -> list[Step]:
        """The steps that are made at a node, one after the other."""
        op, term = self.old.ops[node], self.made[node]
        if node == self.spared:
            return []
        met = meeting(self.simplifier, self.old, node, inside, self.made)
        first = [] if met is None else [Step(met, (), term)]
        if self.only is not None:
            steps = [*(self.extra(self, node, inside) if self.extra else ()), *self.fitter.steps(op, term)]
            results = {step.result: [*first, step] for step in steps}
            found = [first] if first else []
            found += [results[one] for one in list(results)[:MOST_AT_ONE]]
            self.offers += [(node, number) for number in range(len(found))]
            return found[self.only[1]] if node == self.only[0] else []
        while len(first) < MOST_AT_ONE and (step := next(self.fitter.steps(op, term), None)):
            first.append(step)
            term = step.result
        return first

    def has_loose_ends(self, node: int, inside: bytearray) -> bool:
        """Whether an operand was rewritten to something with a number or a sign that belongs to this sum or product."""
        old, op = self.old, self.old.ops[node]
        if op in ops.SUMS or op in ops.PRODUCTS:
            args = [arg for arg, _ in operands(old, node, inside)]
        else:
            args = list(old.arguments(node)) if op is ops.NEG or op is ops.POW else []
        found = [self.made[arg] for arg in args if arg in self.rewritten]
        return any(type(term) is Sum or (type(term) is Product and term.coefficient != 1) for term in found)

    # --- how terms are written: what is there already stays as it was typed ---------------------------------------

    def parts(self, term: Term) -> Sequence[Term]:
        if type(term) is Call:
            return term.args
        bodies = [body for body, _ in term.items] if type(term) is Sum else [term.body] if type(term) is Product else []
        found: list[Term] = []
        for body in bodies:
            if body not in self.nodes:
                self.factor_parts(factors_of(body), found)
        return found

    def product(self, coefficient: Exact, factors: Factors) -> int:
        node = self.nodes.get(self.terms.body(factors)) if factors else None
        if node is None or coefficient == 1:
            return super().product(coefficient, factors) if node is None else node
        above, below = magnitude(coefficient), 1
        if is_fraction(above):
            above, below = above.numerator, above.denominator
        if above != 1:
            node = self.row("mul", self.constant(float(above) if coefficient > 0 else -float(above)), node)
        elif coefficient < 0:
            node = self.negative(node)
        return node if below == 1 else self.row("div", node, self.constant(float(below)))

    def negative(self, node: int) -> int:
        """-x*y for x*y: the sign goes to the first factor."""
        rights: list[tuple[Operation, int]] = []
        while self.graph.ops[node] in ops.PRODUCTS:
            op, (node, right) = self.graph.ops[node], self.graph.arguments(node)
            rights.append((op, right))
        node = self.row("neg", node)
        for op, right in reversed(rights):
            node = self.builder.once(op, (node, right))
        return node


# --- what becomes of a formula while it is read into terms, where that changes its digits ---------------------------


def meeting(terms: Simplifier, graph: Graph, node: int, inside: bytearray, made: Mapping[int, Term]) -> Row | None:
    """The row of what happened when a node was read as the term that it is ``made``."""
    op, term = graph.ops[node], made[node]
    kind = None
    if op in ops.PRODUCTS:
        kind = _of_factors(terms, graph, node, inside, made)
    elif op in ops.SUMS:
        kind = _of_summands(graph, node, inside, made)
    elif op in (ops.EXP, ops.LOG, ops.POW, ops.SQRT):
        base, *others = (made[arg] for arg in graph.arguments(node))
        if op is ops.EXP:
            is_exponential = type(term) is Product and terms.is_e(term.factors[0][0])
            kind = None if is_exponential or type(base) in (Sum, Number) else "exp"
        elif op is ops.LOG:
            kind = "log" if type(base) is Product and term is not terms.call(ops.LOG, (base,)) else None
        elif type(base) is Product and len(base.factors) == 1:
            power = base.factors[0][1]
            by_whole = any(type(one) is Number and type(one.value) is int for one in others)
            whole = power == -1 or (by_whole and (type(power) is int or terms.is_e(base.factors[0][0])))
            kind = None if whole or (type(term) is Product and term.factors[0][0] is base) else "roots"
    return None if kind is None else READ[kind]


def _of_factors(terms: Simplifier, graph: Graph, node: int, inside: bytearray, made: Mapping[int, Term]) -> str | None:
    """Whether powers of one base meet in a product, or an exponential stands below."""
    seen: dict[Term, list[Exponent]] = {}
    is_below = False
    for arg, below in operands(graph, node, inside):
        if type(made[arg]) is Number:
            continue
        for base, exponent in factors_of(split(made[arg])[1]):
            power = terms.times_exponent(exponent, -1 if below else 1)
            if terms.is_e(base) and isinstance(power, Term):
                if any(one is not power for one in seen.get(base.same, ())):
                    return "exponentials"
                is_below = is_below or below
            seen.setdefault(base.same, []).append(power)
    for base, powers in seen.items():
        whole = [one for one in powers if type(one) is int]
        alike = len(whole) == len(powers) and (min(whole) > 0 or max(whole) < 0)
        if not alike and len(powers) > 1 and type(base) is not Constant:
            return "powers"
    return "below" if is_below else None


def _of_summands(graph: Graph, node: int, inside: bytearray, made: Mapping[int, Term]) -> str | None:
    """Whether something is added, and all of it taken away."""
    totals: dict[object, Exact] = {}
    for arg, negative in operands(graph, node, inside):
        term = made[arg]
        found: list[tuple[Term | None, Exact]]
        if type(term) is Sum:
            found = [*term.items, (None, term.constant)]
        else:
            found = [(None, term.value)] if type(term) is Number else [split(term)[::-1]]
        for body, factor in found:
            if factor:
                key, sign = (None, 1) if body is None else (body.same, body.sign)
                total = totals[key] = plus(totals.get(key, 0), -sign * factor if negative else sign * factor)
                if total == 0:
                    return "sums"
    return None
