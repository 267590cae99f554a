"""Sums of terms with rational coefficients: flat, like terms collected."""

from __future__ import annotations

from cgraph_cli.graph.graph import Operation
from cgraph_cli.light import Sequence
from cgraph_cli.symbolic import ops
from cgraph_cli.symbolic.exact import Exact, Unfit, plus, times
from cgraph_cli.symbolic.kinds import LONG, SHORT, Call, Number, Product, Sum, Term, Variable, is_tainted, split
from cgraph_cli.symbolic.terms import Terms

MAX_JOINED = 20  # choices inside each other whose branches are added up: each level has its own sums


def add(terms: Terms, op: Operation, args: Sequence[Term], depth: int) -> Term:
    """The sum of any number of terms."""
    if len(args) == 1:
        return args[0]
    if is_tainted(args):
        return terms.call(ops.ADD, args, tainted=True)
    if len(args) == 2 and args[0] is not args[1] and stands(args[0]) and stands(args[1]):
        return terms.collected(((args[0], 1), (args[1], 1)), 0, False)
    try:
        return Summands(terms, args, depth).result()
    except Unfit:
        return terms.call(ops.ADD, args)


def subtract(terms: Terms, op: Operation, args: Sequence[Term], depth: int) -> Term:
    """first - second."""
    first, second = args
    if first.tainted or second.tainted:
        return terms.call(op, args)
    return terms.make(ops.ADD, (first, terms.make(ops.NEG, (second,))), depth)


def negative(terms: Terms, op: Operation, args: Sequence[Term], depth: int) -> Term:
    """-term."""
    (term,) = args
    return terms.call(op, args) if term.tainted else terms.make(ops.MUL, (terms.minus_one, term), depth)


def stands(term: Term) -> bool:
    """Whether a term only meets itself in a sum: a name, or a product that is no multiple of another."""
    return term.same is term and (type(term) is Variable or (type(term) is Product and term.body is term))


def has_number(body: Term) -> bool:
    """Whether a product has a power of a number."""
    return type(body) is Product and any(type(base) is Number for base, _ in body.factors)


class Summands:
    """A sum while it is being made: coefficients by what is the ``same``, in order of appearance."""

    def __init__(self, terms: Terms, args: Sequence[Term], depth: int) -> None:
        self.terms = terms
        self.depth = depth
        self.items: dict[Term, Exact] = {}
        self.spelled: dict[Term, Term] = {}
        self.constant: Exact = 0
        self.constant_first: bool | None = None
        self.special = self.powers = False
        total = 0
        for term in args:
            total += len(term.items) if type(term) is Sum else 1
        self.long = total > LONG
        for term in args:
            self.take(term)

    def take(self, term: Term) -> None:
        """Add a term."""
        if type(term) is Number:
            self.add_constant(term.value)
        elif type(term) is Sum:
            if self.long and len(term.items) >= SHORT and self.alike(term) == 0:
                self.add(term, 1)
            else:
                self.take_summands(term, 1)
        else:
            coefficient, body = split(term)
            self.add(body, coefficient)

    def alike(self, term: Sum) -> int:
        """How many summands of ``term`` are here already."""
        items = self.items
        if len(term.items) > LONG:
            return 0
        return sum(1 for body, _ in term.items if body.same in items) + (1 if term.constant and self.constant else 0)

    def take_summands(self, term: Sum, factor: Exact) -> None:
        """Add ``factor*term`` summand by summand."""
        if term.constant_first and term.constant:
            self.add_constant(times(factor, term.constant))
        for body, coefficient in term.items:
            self.add(body, coefficient if factor == 1 else times(factor, coefficient))
        if not term.constant_first and term.constant:
            self.add_constant(times(factor, term.constant))

    def add_constant(self, value: Exact) -> None:
        if self.constant_first is None:
            self.constant_first = not self.items
        self.constant = plus(self.constant, value)

    def add(self, body: Term, coefficient: Exact) -> None:
        items, same = self.items, body.same
        known = items.get(same)
        if same is not body:
            if known is None:
                self.spelled[same] = body
            if body.sign < 0:
                coefficient = -coefficient
        if known is None:
            items[same] = coefficient
            if type(body) is Sum or (type(body) is Call and body.op is ops.WHERE):
                self.special = True
            return
        total = plus(known, coefficient)
        if total == 0:
            self.drop(same)
        else:
            items[same] = total
            self.powers |= has_number(same)

    def drop(self, same: Term) -> None:
        """Leave a body out."""
        del self.items[same]
        self.spelled.pop(same, None)

    def finished(self) -> tuple[tuple[Term, Exact], ...]:
        """The bodies as they were spelled first, with their coefficients."""
        if not self.spelled:
            return tuple(self.items.items())
        found = []
        for same, coefficient in self.items.items():
            body = self.spelled.get(same, same)
            found.append((body, coefficient if body.sign > 0 else -coefficient))
        return tuple(found)

    def result(self) -> Term:
        """The finished sum."""
        if self.powers:
            self.join_powers()
        if self.special:
            self.open_sums()
            if self.depth < MAX_JOINED:
                self.join_choices()
        if not self.items:
            return self.terms.exact(self.constant)
        items = self.finished()
        if len(items) == 1 and self.constant == 0:
            ((body, coefficient),) = items
            if type(body) is Call and body.op is ops.WHERE and coefficient != 1:
                return self.terms.make(ops.MUL, (self.terms.exact(coefficient), body))
            return self.terms.scaled(coefficient, body)
        return self.terms.collected(items, self.constant, bool(self.constant_first and self.constant))

    def join_powers(self) -> None:
        """2*2^(-1/2) = sqrt(2): a coefficient that has grown may be a power of a number that its body has."""
        grown = [one for one in self.finished() if has_number(one[0])]
        for body, _ in grown:
            self.drop(body.same)
        for body, coefficient in grown:
            self.take(self.terms.make(ops.MUL, (self.terms.exact(coefficient), body)))

    def open_sums(self) -> None:
        """Carry the coefficient of a sum inside where that makes the whole no longer."""
        for body, coefficient in self.finished():
            if type(body) is not Sum:
                continue
            alike = self.alike(body)
            plain = coefficient in (1, -1)
            short = len(self.items) + len(body.items) <= LONG
            if alike >= len(body.items) - (0 if body.constant else 1) or (plain and (short or alike)):
                self.drop(body.same)
                self.take_summands(body, coefficient)

    def join_choices(self) -> None:
        """where(c, a, b) + where(c, u, v) = where(c, a + u, b + v)."""
        terms = self.terms
        choices: dict[Term, list[tuple[Call, Exact]]] = {}
        for body, coefficient in self.finished():
            if type(body) is Call and body.op is ops.WHERE:
                choices.setdefault(body.args[0].same, []).append((body, coefficient))
        for group in choices.values():
            if len(group) < 2:
                continue
            condition = group[0][0].args[0]
            branches: tuple[list[Term], list[Term]] = ([], [])
            for body, coefficient in group:
                self.drop(body.same)
                for branch, listed in zip(body.args[1:], branches, strict=True):
                    listed.append(terms.make(ops.MUL, (terms.exact(coefficient), branch)))
            yes, no = (terms.make(ops.ADD, branch, self.depth + 1) for branch in branches)
            self.take(terms.make(ops.WHERE, (condition, yes, no)))
