"""Products while they are made: powers of one base, multiples of one sum, numbers, signs and choices meet."""

from __future__ import annotations

from math import gcd, lcm

from cgraph_cli.graph.graph import Operation
from cgraph_cli.light import Sequence
from cgraph_cli.symbolic import exact, ops
from cgraph_cli.symbolic.exact import Exact, Unfit, magnitude, over, plus, times
from cgraph_cli.symbolic.kinds import (
    LONG,
    MANY,
    SHORT,
    Call,
    Exponent,
    Factors,
    Number,
    Product,
    Sum,
    Term,
    Variable,
    is_negative,
    is_tainted,
    ray,
)
from cgraph_cli.symbolic.terms import Terms

MEETING = frozenset((ops.WHERE, ops.SIGN))  # what may become another product with other factors
MAX_HOIST = 6  # choices inside each other that a factor is carried into: it is written once a branch


def multiply(terms: Terms, op: Operation, args: Sequence[Term], depth: int) -> Term:
    """The product of any number of terms."""
    one = terms.one
    args = [arg for arg in args if arg is not one]
    if len(args) < 2:
        return args[0] if args else one
    if len(args) == 2 and args[0] is not args[1] and all(map(stands, args)):
        return terms.body(((args[0], 1), (args[1], 1)))
    if is_tainted(args):
        return terms.call(ops.MUL, args, tainted=True)
    try:
        return Factored(terms, args, depth).result()
    except Unfit:
        return terms.call(ops.MUL, args)


def divide(terms: Terms, op: Operation, args: Sequence[Term], depth: int) -> Term:
    """top/bottom."""
    top, bottom = args
    if top.tainted or bottom.tainted or bottom is terms.zero:
        return terms.call(op, args, tainted=True)
    return terms.make(ops.MUL, (top, terms.make(ops.POW, (bottom, terms.minus_one))), depth)


def stands(term: Term) -> bool:
    """Whether a term only meets itself in a product: a name, or a call that is no multiple of another."""
    if type(term) is Call:
        return term.same is term and not term.tainted and term.op not in MEETING
    return type(term) is Variable


class Factored:
    """A product while it is being made: exponents by what is the ``same``, in order of appearance."""

    def __init__(self, terms: Terms, args: Sequence[Term], depth: int) -> None:
        self.terms = terms
        self.depth = depth
        self.coefficient: Exact = 1
        self.factors: dict[Term, Exponent] = {}
        self.spelled: dict[Term, Term] = {}
        self.touched: list[Term] = []
        self.sums = 0
        self.special = False
        total = 0
        for term in args:
            total += len(term.factors) if type(term) is Product else 1
        self.long = total > MANY
        for term in args:
            self.take(term)

    def take(self, term: Term) -> None:
        """Multiply by a term."""
        if type(term) is Number:
            self.coefficient = times(self.coefficient, term.value)
        elif type(term) is Product:
            self.coefficient = times(self.coefficient, term.coefficient)
            if self.long and len(term.factors) >= SHORT and not self.alike(term):
                self.add(term.body, 1)
            else:
                for base, exponent in term.factors:
                    self.add(base, exponent)
        else:
            self.add(term, 1)

    def alike(self, term: Product) -> bool:
        return len(term.factors) <= MANY and any(base.same in self.factors for base, _ in term.factors)

    def add(self, base: Term, exponent: Exponent) -> None:
        """Multiply by a power."""
        if type(base) is Sum:
            self.sums += 1
            if type(exponent) is int and is_negative(base):
                base = self.terms.scaled(-1, base)
                self.coefficient = -self.coefficient if exponent % 2 else self.coefficient
        elif type(base) is Number or (type(base) is Call and base.op in MEETING):
            self.special = True
        same = base.same
        if same is not base:
            if base.sign < 0 and type(exponent) is int:
                self.coefficient = -self.coefficient if exponent % 2 else self.coefficient
            elif base.sign < 0:
                same = base  # sqrt(y - x) has nothing to do with sqrt(x - y)
            if same not in self.factors:
                self.spelled[same] = base
        self.join(same, exponent)

    def join(self, same: Term, exponent: Exponent) -> None:
        known = self.factors.get(same)
        if known is None:
            self.factors[same] = exponent
            return
        total = self.terms.plus_exponent(known, exponent)
        if total == 0:
            self.drop(same)
        else:
            self.factors[same] = total
            if type(same) is not Sum:
                self.touched.append(same)

    def drop(self, base: Term) -> None:
        """Leave a base out."""
        del self.factors[base]
        self.spelled.pop(base, None)

    def finished(self) -> Factors:
        """The powers, each base as it was spelled first."""
        if not self.spelled:
            return tuple(self.factors.items())
        found: dict[Term, Exponent] = {}
        for same, exponent in self.factors.items():
            base = self.spelled.get(same, same) if same is not self.terms.e or exponent == 1 else same
            if base.sign < 0 and base is not same:
                if type(exponent) is not int:
                    base = same
                elif exponent % 2:
                    self.coefficient = -self.coefficient
            # -x and its root are two bases until now
            found[base] = self.terms.plus_exponent(found[base], exponent) if base in found else exponent
        return tuple(found.items())

    def result(self) -> Term:
        """The finished product."""
        terms = self.terms
        if self.coefficient == 0:
            return terms.zero
        if self.touched:
            self.reduce()
        if self.sums:
            if self.sums > 1:
                self.join_multiples()
            if len(self.factors) > 1 or self.coefficient not in (1, -1):
                self.take_content()
        if self.special:
            self.join_numbers()
            self.join_signs()
        factors = self.finished()
        chosen = self.hoisted(factors) if self.special else None
        if chosen is not None:
            return chosen
        return terms.scaled(self.coefficient, terms.body(factors)) if factors else terms.exact(self.coefficient)

    def reduce(self) -> None:
        """Bring powers whose exponents have changed into their own canonical form."""
        touched, self.touched = self.touched, []
        for base in touched:
            exponent = self.factors.get(base)
            if exponent is None or (type(base) is Product and len(base.factors) > MANY):
                continue
            if base is self.terms.e or type(base) in (Number, Product, Call):
                term = self.terms.make(ops.POW, (base, self.terms.as_term(exponent)))
                if type(term) is Product and term.factors == ((base, exponent),):
                    continue
                self.drop(base)
                self.take(term)

    def join_multiples(self) -> None:
        """Make bases that are rational multiples of each other one base: (2*x + 2)/(x + 1) = 2."""
        seen: dict[object, Sum] = {}
        for base in [base for base in self.factors if type(base) is Sum]:
            key, size = ray(base)
            other = seen.get(key)
            if other not in self.factors or other is None:
                seen[key] = base
                continue
            keep, drop, ratio = other, base, over(size, ray(other)[1])
            if type(self.factors[drop]) is not int:
                keep, drop, ratio = drop, keep, over(1, ratio)
            exponent = self.factors[drop]
            if type(exponent) is not int:
                continue
            scale = exact.power(ratio, exponent)
            if scale is None:
                continue
            self.coefficient = times(self.coefficient, scale)
            self.drop(drop)
            self.join(keep, exponent)
            seen[key] = keep

    def take_content(self) -> None:
        """Take the common factor out of a sum where that makes the coefficient shorter: 2/(2*x + 4) = 1/(x + 2)."""
        for base in [base for base in self.factors if type(base) is Sum and len(base.items) < LONG]:
            exponent = self.factors[base]
            if type(exponent) is not int or self.coefficient in (1, -1):
                continue
            common = content(base)
            if common == 1 or any(type(body) is Sum and factor in (common, -common) for body, factor in base.items):
                continue
            scale = exact.power(common, exponent)
            if scale is None:
                continue
            try:
                items = tuple((body, over(factor, common)) for body, factor in base.items)
                primitive = self.terms.collected(items, over(base.constant, common), base.constant_first)
                coefficient = times(self.coefficient, scale)
            except Unfit:
                continue
            gain = exact.length(self.coefficient) - exact.length(coefficient)
            if gain <= max(0, spelling(primitive) - spelling(base)):
                continue
            self.coefficient = coefficient
            self.spelled.pop(base, None)
            factors, self.factors = self.factors, {}
            for one, power in factors.items():
                if one is base:
                    self.add(primitive, power)
                else:
                    self.join(one, power)

    def join_numbers(self) -> None:
        """Let the coefficient meet the powers of numbers: 2/sqrt(2) = sqrt(2)."""
        for base in [base for base in self.factors if type(base) is Number]:
            exponent, value = self.factors[base], base.value
            if isinstance(exponent, Term):
                continue
            if type(exponent) is int:
                scale = exact.power(value, exponent)
                if scale is None:
                    continue
                together = times(self.coefficient, scale)
                if exponent > 0 or type(together) is int or exact.reads_well(together, value):
                    self.drop(base)
                    self.coefficient = together
                continue
            if type(value) is not int or value < 2:
                continue
            while exponent < 0 and exponent.denominator != 1 and self.coefficient.numerator % value == 0:
                self.coefficient = over(self.coefficient, value)
                exponent = plus(exponent, 1)
            while exponent > 0 and exponent.denominator != 1 and self.coefficient.denominator % value == 0:
                self.coefficient = times(self.coefficient, value)
                exponent = plus(exponent, -1)
            whole = int(exponent)  # towards 0, as the loops above leave it
            if whole:
                scale = exact.power(value, whole)
                if scale is not None:
                    self.coefficient = times(self.coefficient, scale)
                    exponent = plus(exponent, -whole)
            self.factors[base] = exponent

    def join_signs(self) -> None:
        """sign(u)*u = abs(u) and sign(u)*abs(u) = u."""
        factors = self.factors
        for base in [base for base in factors if type(base) is Call and base.op is ops.SIGN and factors[base] == 1]:
            inner = base.args[0]
            absolute = self.terms.make(ops.ABS, (inner,))
            for one, other in ((inner, absolute), (absolute, inner)):
                if factors.get(one.same) == 1:
                    self.drop(base)
                    self.drop(one.same)
                    if one.sign < 0:
                        self.coefficient = -self.coefficient
                    self.take(other)
                    break

    def hoisted(self, factors: Factors) -> Term | None:
        """where(c, u, 0)*y = where(c, u*y, 0), and where(y == 0, 2, u)*y = u*y."""
        if self.depth >= MAX_HOIST:
            return None
        terms = self.terms
        for place, (base, exponent) in enumerate(factors):
            if type(base) is not Call or base.op is not ops.WHERE or exponent != 1:
                continue
            condition, yes, no = base.args
            before, after = factors[:place], factors[place + 1 :]
            rest = before + after
            numbers = not rest and type(yes) is Number and type(no) is Number
            if type(yes) is Number and any(vanishes(one, power, condition, terms.zero) for one, power in rest):
                return terms.make(ops.MUL, (terms.exact(self.coefficient), terms.body(rest), no), self.depth + 1)
            if (self.coefficient == 1 and not rest) or not (yes is terms.zero or no is terms.zero or numbers):
                continue
            if numbers and self.coefficient < 0 and yes is not terms.zero and no is not terms.zero:
                size = magnitude(self.coefficient)  # its sign may meet that of another
                return None if size == 1 else terms.scaled(-1, terms.make(ops.MUL, (terms.exact(size), base)))
            ahead, behind = ([terms.body(part)] if part else [] for part in (before, after))
            ahead.insert(0, terms.exact(self.coefficient))
            branches = [
                branch if branch is terms.zero else terms.make(ops.MUL, (*ahead, branch, *behind), self.depth + 1)
                for branch in (yes, no)
            ]
            return terms.make(ops.WHERE, (condition, *branches))
        return None


def vanishes(base: Term, exponent: Exponent, condition: Term, zero: Term) -> bool:
    """Whether a power is 0 where the condition holds, being ``base == 0``."""
    if type(condition) is not Call or condition.op is not ops.EQ or zero not in condition.args:
        return False
    return any(one.same is base.same for one in condition.args) and not isinstance(exponent, Term) and exponent > 0


def spelling(term: Sum) -> int:
    """How many characters the numbers of a sum cost, roughly."""
    return exact.length(term.constant) + sum(exact.length(factor) for _, factor in term.items)


def content(term: Sum) -> Exact:
    """The greatest positive number that all coefficients are whole multiples of."""
    above = below = 0
    for coefficient in (*(factor for _, factor in term.items), *((term.constant,) if term.constant else ())):
        above = gcd(above, coefficient.numerator)
        below = lcm(below or 1, coefficient.denominator)
    return exact.over(above, below)
