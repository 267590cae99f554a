"""Patterns in terms: where a formula stands in a term, whatever the order, with factors before and summands beside it.

Terms are canonical, so that exp(-x) is found as 1/exp(x) and x*x as x^2. Recursion is bounded by the pattern.
"""

from __future__ import annotations

from cgraph_cli.light import Iterator, Mapping, Sequence
from cgraph_cli.symbolic import exact, ops
from cgraph_cli.symbolic.exact import Exact, over
from cgraph_cli.symbolic.kinds import (
    LONG,
    MANY,
    Call,
    Constant,
    Exponent,
    Factors,
    Number,
    Product,
    Sum,
    Term,
    Variable,
    equal,
    factors_of,
    plain,
    split,
    walk,
)
from cgraph_cli.symbolic.terms import Terms

Bound = Mapping[str, Term]


def count(term: Term) -> int:
    """How many summands a term has; 0 has none."""
    if type(term) is Sum:
        return len(term.items) + (term.constant != 0)
    return 0 if type(term) is Number and term.value == 0 else 1


class Matcher:
    """Finds patterns, which are terms of another table, in the terms of one."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.names: dict[Term, frozenset[str]] = {}

    # --- arithmetic -----------------------------------------------------------------------------------------

    def times(self, *factors: Term) -> Term:
        return self.terms.make(ops.MUL, factors)

    def power(self, base: Term, exponent: Exponent) -> Term:
        return self.terms.make(ops.POW, (base, self.terms.as_term(exponent)))

    def minus(self, whole: Term, part: Term) -> Term:
        return self.terms.make(ops.ADD, (whole, self.times(self.terms.minus_one, part)))

    def laid(self, pattern: Term, bound: Bound) -> Term:
        """A pattern whose variables are all bound."""
        terms = self.terms
        if type(pattern) is Variable:
            return bound[pattern.name]
        if type(pattern) is Number:
            return terms.exact(pattern.value)
        if type(pattern) is Constant:
            return terms.constant(pattern.name, pattern.value)
        return terms.over(pattern, lambda part: self.laid(part, bound))

    def laid_power(self, base: Term, exponent: Exponent, bound: Bound, many: int = 1) -> Term:
        """A power in a pattern, to the power of ``many``."""
        found = self.laid(exponent, bound) if isinstance(exponent, Term) else self.terms.as_term(exponent)
        return self.power(self.laid(base, bound), self.times(self.terms.exact(many), found))

    def is_bound(self, pattern: Exponent, bound: Bound) -> bool:
        """Whether nothing in a pattern is left to be found."""
        if not isinstance(pattern, Term):
            return True
        names = self.names.get(pattern)
        if names is None:
            names = frozenset(one.name for one in walk([pattern]) if type(one) is Variable)
            self.names[pattern] = names
        return names <= bound.keys()

    # --- all of a term ----------------------------------------------------------------------------------------

    def whole(self, pattern: Term, term: Term, bound: Bound) -> Iterator[Bound]:
        """The ways in which a term is what a pattern says."""
        if type(pattern) is Variable and pattern.name not in bound:
            yield {**bound, pattern.name: term}
        elif isinstance(pattern, (Number, Constant)):
            if is_same(pattern, term):
                yield bound
        elif self.is_bound(pattern, bound):
            if equal(self.laid(pattern, bound), term):
                yield bound
        elif type(pattern) is Call:
            if type(term) is Call and term.op is pattern.op and len(term.args) == len(pattern.args):
                yield from self.arguments(pattern.args, term.args, bound)
                if len(term.args) == 2 and term.op.rule.symmetric:
                    yield from self.arguments(pattern.args, term.args[::-1], bound)
        elif type(pattern) is Sum:
            if type(term) is Sum:
                for found, scale, _ in self.sum(pattern, term, bound, full=True):
                    if scale is self.terms.one:
                        yield found
        else:
            for found, rest in self.product(pattern, term, bound):
                if rest is self.terms.one:
                    yield found

    def arguments(self, patterns: Sequence[Term], args: Sequence[Term], bound: Bound) -> Iterator[Bound]:
        if not patterns:
            yield bound
            return
        for found in self.whole(patterns[0], args[0], bound):
            yield from self.arguments(patterns[1:], args[1:], found)

    # --- products ----------------------------------------------------------------------------------------------

    def product(self, pattern: Term, term: Term, bound: Bound, many: int = 1) -> Iterator[tuple[Bound, Term]]:
        """The ways in which a term is the pattern to the power of ``many`` times something, and that."""
        coefficient = pattern.coefficient if type(pattern) is Product else 1
        if type(term) is Product and len(term.factors) > MANY:
            return
        scale = exact.power(coefficient, -many)
        if scale is not None:
            ordered = sorted(factors_of(pattern), key=lambda factor: order(*factor))
            if scale != 1:
                term = self.times(self.terms.exact(scale), term)
            yield from self.factors(tuple(ordered), term, bound, many)

    def factors(self, patterns: Factors, term: Term, bound: Bound, many: int) -> Iterator[tuple[Bound, Term]]:
        if not patterns:
            yield bound, term
            return
        (base, exponent), others = patterns[0], patterns[1:]
        for found, rest in self.factor(base, exponent, term, bound, many, not others):
            yield from self.factors(others, rest, found, many)

    def factor(
        self, base: Term, exponent: Exponent, term: Term, bound: Bound, many: int, last: bool
    ) -> Iterator[tuple[Bound, Term]]:
        """One power of a pattern: where it stands among the factors of a term, and what is left of the term."""
        one = self.terms.one
        _, body = split(term)
        known = () if type(term) is Number else factors_of(body)
        if self.is_bound(base, bound) and self.is_bound(exponent, bound):
            part = self.laid_power(base, exponent, bound, many)
            if self.is_in(part, term):
                yield bound, self.times(term, self.power(part, -1))
        elif type(base) is Variable and base.name not in bound:
            if not isinstance(exponent, Term):
                if exponent * many == 1 and last:
                    yield {**bound, base.name: term}, one
                    return
                if last and (root := self.root(term, exponent * many)) is not None:
                    yield {**bound, base.name: root}, one
                for other, power in known:
                    if isinstance(power, Term) or (exponent.denominator != 1 and power.denominator == 1):
                        continue
                    ratio = over(power, exponent * many)
                    if type(ratio) is int and ratio > 0:
                        yield self.taken(term, other, power, {**bound, base.name: self.power(other, ratio)})
            elif type(exponent) is Variable and many == 1:
                for other, power in known:
                    if not self.terms.is_e(other):
                        found = {**bound, base.name: other, exponent.name: self.terms.as_term(power)}
                        yield self.taken(term, other, power, found)
        else:
            for other, power in known:
                yield from self.power_of(base, exponent, other, power, term, bound, many)

    def power_of(
        self, base: Term, exponent: Exponent, other: Term, power: Exponent, term: Term, bound: Bound, many: int
    ) -> Iterator[tuple[Bound, Term]]:
        """A power of a pattern that is no bare variable against a power in a term."""
        if isinstance(exponent, Term):
            share = self.times(self.terms.exact(over(1, many)), self.terms.as_term(power))
            for found in self.whole(base, other, bound):
                for more in self.whole(exponent, share, found):
                    yield self.taken(term, other, power, more)
            return
        wanted = exponent * many
        if isinstance(power, Term) or not fits(wanted, power):
            return
        if type(base) is Sum and type(other) is Sum:
            for found, scale, _ in self.sum(base, other, bound, full=True):
                if type(wanted) is int or scale is self.terms.one:
                    more, rest = self.taken(term, other, wanted, found)
                    yield more, rest if scale is self.terms.one else self.times(rest, self.power(scale, wanted))
        else:
            for found in self.whole(base, other, bound):
                yield self.taken(term, other, wanted, found)

    def is_in(self, part: Term, term: Term) -> bool:
        """Whether a product has all factors of another, or as much of them."""
        if type(part) is Number:
            return True
        known = {} if type(term) is Number else {base.same: power for base, power in factors_of(split(term)[1])}
        for base, wanted in factors_of(split(part)[1]):
            power = known.get(base.same)
            if power is None:
                return False
            if not isinstance(power, Term) and not isinstance(wanted, Term):
                if not fits(wanted, power):
                    return False
            else:
                whole = self.terms.as_term(power)
                left = self.minus(whole, self.terms.as_term(wanted))
                if left is not self.terms.zero and count(left) >= count(whole):
                    return False
        return True

    def taken(self, term: Term, base: Term, exponent: Exponent, found: Bound) -> tuple[Bound, Term]:
        """What has been found, and a term without one of its factors."""
        return found, self.times(term, self.power(base, self.terms.times_exponent(exponent, -1)))

    def root(self, term: Term, exponent: Exact) -> Term | None:
        """The term of which a product is a whole positive power: 2*x for 4*x^2."""
        if type(exponent) is not int or exponent < 2 or type(term) is Sum or type(term) is Call:
            return None
        coefficient = term.value if type(term) is Number else split(term)[0]
        number = exact.root(coefficient, exact.fraction(1, exponent)) if coefficient > 0 else None
        if number is None or type(term) is Number:
            return None if number is None else self.terms.exact(number)
        powers: list[Term] = []
        for base, power in factors_of(split(term)[1]):
            if type(power) is not int or power % exponent:
                return None
            powers.append(self.power(base, power // exponent))
        return self.times(self.terms.exact(number), *powers)

    # --- sums ----------------------------------------------------------------------------------------------------

    def sum(self, pattern: Sum, term: Sum, bound: Bound, *, full: bool) -> Iterator[tuple[Bound, Term, Term]]:
        """The ways in which a sum is the pattern times a scale and something added: the scale, and what is added.

        With ``full`` nothing is added.
        """
        if len(term.items) > LONG:
            return
        scale: Term
        items = sorted(pattern.items, key=lambda item: order(item[0], 1))
        (anchor, factor), others = items[0], items[1:]
        if type(anchor) is Variable and anchor.name not in bound:  # 1 + x
            if pattern.constant and term.constant:
                scale = self.terms.exact(over(term.constant, plain(pattern.constant)))
                rest = self.minus(term, self.terms.exact(term.constant))
                yield from self.summands(items, 0, scale, rest, bound, full)
            return
        for body, coefficient in term.items:
            for found, left in self.product(anchor, body, bound):
                scale = self.times(self.terms.exact(over(coefficient, plain(factor))), left)
                rest = self.minus(term, self.times(self.terms.exact(coefficient), body))
                yield from self.summands(others, pattern.constant, scale, rest, found, full)

    def summands(
        self, items: Sequence[tuple[Term, Exact]], constant: Exact, scale: Term, rest: Term, bound: Bound, full: bool
    ) -> Iterator[tuple[Bound, Term, Term]]:
        """The same for what is left of a pattern, its scale being known, and what is left of the sum."""
        if constant:
            left = self.without(rest, self.times(scale, self.terms.exact(constant)))
            if left is not None:
                yield from self.summands(items, 0, scale, left, bound, full)
            return
        if not items:
            if not full or rest is self.terms.zero:
                yield bound, scale, rest
            return
        (body, factor), others = items[0], items[1:]
        if self.is_bound(body, bound):
            left = self.without(rest, self.times(scale, self.terms.exact(factor), self.laid(body, bound)))
            if left is not None:
                yield from self.summands(others, 0, scale, left, bound, full)
            return
        inverse = self.power(self.times(scale, self.terms.exact(factor)), -1)
        if type(body) is Variable and not others and rest is not self.terms.zero:
            yield {**bound, body.name: self.times(inverse, rest)}, scale, self.terms.zero
        if type(body) is Variable and full:
            return
        pieces = [self.times(self.terms.exact(number), one) for one, number in rest.items] if type(rest) is Sum else []
        if type(rest) is Sum and rest.constant:
            pieces.append(self.terms.exact(rest.constant))
        for piece in pieces or ([rest] if rest is not self.terms.zero else []):
            for found in self.whole(body, self.times(inverse, piece), bound):
                yield from self.summands(others, 0, scale, self.minus(rest, piece), found, full)

    def without(self, whole: Term, part: Term) -> Term | None:
        """A sum without some of its summands, None where they are not among them."""
        left = self.minus(whole, part)
        if left.tainted:  # nothing of it was put together
            return None
        return left if count(left) == count(whole) - count(part) else None


def is_same(pattern: Number | Constant, term: Term) -> bool:
    """Whether a term is the number or the constant of a pattern."""
    if type(pattern) is Number:
        return type(term) is Number and plain(term.value) == plain(pattern.value)
    return type(term) is Constant and term.value == pattern.value


def fits(wanted: Exact, power: Exact) -> bool:
    """Whether a power has another as its part: x^3 is x^2*x."""
    if wanted == power:
        return True
    return type(wanted) is int and type(power) is int and wanted * power > 0 and abs(power) > abs(wanted)


def order(base: Term, exponent: Exponent) -> int:
    """What is looked for first in a pattern: what has most structure."""
    if type(base) is Variable:
        return 5 if exponent == 1 else 4
    if type(base) is Sum:
        return 0
    if type(base) is Product and all(type(one) is Variable for one, _ in base.factors):
        return 3
    if type(base) is Constant:
        return 2
    return 1
