"""Sums of terms with rational coefficients."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.symbolic.calls import choice
from cgraph_cli.symbolic.exact import Exact, Unfit, plus, times
from cgraph_cli.symbolic.terms import PRIME, Call, Constant, Number, Product, Store, Sum, Term, factors_of, split

# A sum or product longer than LONG keeps an operand that has SHORT or more parts, none of them alike, as one part:
# a shared operand would be written out in each of its users, and a chain would take quadratic time.
LONG = 24
SHORT = 4
MAX_JOINED = 20  # choices inside each other whose branches are added up


class Base:
    """What sums, products and calls have in common."""

    if TYPE_CHECKING:

        def product(self, terms: Sequence[Term], depth: int = 0) -> Term: ...
        def make(self, name: str, args: Sequence[Term]) -> Term: ...

    def __init__(self) -> None:
        self.store = Store()
        self.zero = self.exact(0)
        self.one = self.exact(1)
        self.minus_one = self.exact(-1)
        # Not kept in the store: there 1/2 and 0.5 are one number, written as it was first met.
        self.half = Number(self.store.residue(Fraction(1, 2)), Fraction(1, 2))
        self.e = Constant(self.store.atom_key(), "e", 2.718281828459045, False)
        self.store.terms[self.e.key] = self.e
        self.e_is_named = False
        self.joining = 0

    def exact(self, value: Exact) -> Number:
        """The number with that value."""
        key = self.store.residue(value)
        known = self.store.terms.get(key)
        if type(known) is not Number:
            known = self.store.terms[key] = Number(key, value)
        return known

    def apply(self, op: Operation, args: tuple[Term, ...], tainted: bool, *, ordered: bool = True) -> Term:
        """An operation as it stands."""
        keys = [arg.key for arg in args]
        if not ordered:
            keys.sort()
        signature = (op, *keys)
        known = self.store.calls.get(signature)
        if known is None:
            known = self.store.calls[signature] = Call(self.store.atom_key(), op, args, tainted)
            self.store.terms[known.key] = known
        return known

    def opaque(self, name: str, args: Sequence[Term]) -> Term:
        """An operation that must not be rewritten: it may be infinite or nan whatever the variables are."""
        return self.apply(operation(name), tuple(args), True)

    def chain(self, name: str, args: Iterable[Term], *, tainted: bool) -> Term:
        """A sum or product of more than two terms, left to right, not rewritten."""
        first, *rest = args
        for term in rest:
            first = self.apply(operation(name), (first, term), tainted)
        return first


class Sums(Base):
    """The constructor of sums."""

    def sum(self, terms: Sequence[Term]) -> Term:
        """The sum of any number of terms: flat, like terms collected."""
        store = self.store
        key = 0
        for term in terms:
            if term.tainted:
                return self.chain("add", terms, tainted=True)
            key += term.key
        key %= PRIME
        known = store.terms.get(key)
        if known is not None:
            return known
        try:
            result = _Summands(self, terms).result(key)
        except Unfit:
            return self.chain("add", terms, tainted=False)
        store.terms[key] = result
        return result

    def negative(self, term: Term) -> Term:
        """-term."""
        if term.tainted:
            return self.opaque("neg", (term,))
        return self.product((self.minus_one, term))

    def scaled(self, coefficient: Exact, body: Term) -> Term:
        """coefficient*body, for a body without a coefficient; only the sign of a sum is carried inside."""
        if coefficient == 1:
            return body
        if coefficient == 0:
            return self.zero
        store = self.store
        key = store.scaled_key(coefficient, body)
        known = store.terms.get(key)
        if known is None:
            if type(body) is Sum and coefficient == -1 and len(body.items) <= LONG:
                items = tuple((part, -factor) for part, factor in body.items)
                known = Sum(key, items, -body.constant, body.constant_first)
            else:
                known = Product(key, coefficient, factors_of(body), body)
            store.terms[key] = known
        return known

    def scaled_sum(self, term: Sum, factor: Exact) -> Sum | None:
        """A sum with ``factor`` carried into every summand, None where that does not stay exact."""
        try:
            items = tuple((body, times(coefficient, factor)) for body, coefficient in term.items)
            constant = times(term.constant, factor)
        except Unfit:
            return None
        key = self.store.scaled_key(factor, term)
        known = self.store.terms.get(key)
        if type(known) is Sum:
            return known
        return Sum(key, items, constant, term.constant_first)


class _Summands:
    """A sum while it is being made: coefficients by body, in order of appearance."""

    def __init__(self, sums: Sums, terms: Sequence[Term]) -> None:
        self.sums = sums
        self.items: dict[Term, Exact] = {}
        self.constant: Exact = 0
        self.constant_first: bool | None = None
        self.special = False
        total = 0
        for term in terms:
            total += len(term.items) if type(term) is Sum else 1
        self.long = total > LONG
        for term in terms:
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
        return sum(1 for body, _ in term.items if body in items) + (1 if term.constant and self.constant else 0)

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
        items = self.items
        known = items.get(body)
        if known is None:
            items[body] = coefficient
            if type(body) is Sum or (type(body) is Call and body.op.chooses):
                self.special = True
            return
        total = plus(known, coefficient)
        if total == 0:
            del items[body]
        else:
            items[body] = total

    def result(self, key: int) -> Term:
        """The finished sum; ``key`` is the key of the terms that went in."""
        if self.special:
            self.open_sums()
            if self.sums.joining < MAX_JOINED:
                self.sums.joining += 1
                try:
                    self.join_choices()
                finally:
                    self.sums.joining -= 1
        items = self.items
        if not items:
            return self.sums.exact(self.constant)
        if len(items) == 1 and self.constant == 0:
            ((body, coefficient),) = items.items()
            if coefficient == 1:
                return body
            if type(body) is Call and body.op.chooses:
                return self.sums.product((self.sums.exact(coefficient), body))
            return self.sums.scaled(coefficient, body)
        if self.special:
            store = self.sums.store
            key = store.residue(self.constant)
            for body, coefficient in items.items():
                key += store.scaled_key(coefficient, body)
            key %= PRIME
            known = store.terms.get(key)
            if known is not None:
                return known
        result = Sum(key, tuple(items.items()), self.constant, bool(self.constant_first and self.constant))
        self.sums.store.terms[key] = result
        return result

    def open_sums(self) -> None:
        """Carry the coefficient of a sum inside where that makes the whole no longer."""
        for body in [body for body in self.items if type(body) is Sum]:
            coefficient = self.items[body]
            alike = self.alike(body)
            plain = coefficient in (1, -1)
            short = len(self.items) + len(body.items) <= LONG
            if alike >= len(body.items) - (0 if body.constant else 1) or (plain and (short or alike)):
                del self.items[body]
                self.take_summands(body, coefficient)

    def join_choices(self) -> None:
        """where(c, a, b) + where(c, u, v) = where(c, a + u, b + v)."""
        choices: dict[Term, list[Call]] = {}
        for body in self.items:
            if type(body) is Call and body.op.chooses:
                choices.setdefault(body.args[0], []).append(body)
        for condition, group in choices.items():
            if len(group) < 2:
                continue
            branches: tuple[list[Term], list[Term]] = ([], [])
            for body in group:
                coefficient = self.items.pop(body)
                for branch, listed in zip(body.args[1:], branches, strict=True):
                    listed.append(self.sums.product((self.sums.exact(coefficient), branch)))
            self.take(choice(self.sums, condition, self.sums.sum(branches[0]), self.sums.sum(branches[1])))
