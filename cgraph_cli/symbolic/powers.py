"""A product while it is being made: powers of one base, multiples of one sum, numbers, signs and choices meet."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

from cgraph_cli.symbolic import exact
from cgraph_cli.symbolic.calls import choice
from cgraph_cli.symbolic.exact import Exact, over, plus, times
from cgraph_cli.symbolic.sums import LONG, SHORT
from cgraph_cli.symbolic.terms import PRIME, Call, Exponent, Number, Product, Sum, Term

if TYPE_CHECKING:
    from cgraph_cli.symbolic.products import Products

MANY = 12  # factors; see LONG
MAX_HOIST = 6  # a product is carried into at most so many choices inside each other


class Powers:
    """A product while it is being made: exponents by base, in order of appearance."""

    def __init__(self, products: Products, terms: Sequence[Term], depth: int) -> None:
        self.products = products
        self.depth = depth
        self.coefficient: Exact = 1
        self.factors: dict[Term, Exponent] = {}
        self.touched: list[Term] = []
        self.sums = 0
        self.special = False
        total = 0
        for term in terms:
            total += len(term.factors) if type(term) is Product else 1
        self.long = total > MANY
        for term in terms:
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
        return len(term.factors) <= MANY and any(base in self.factors for base, _ in term.factors)

    def add(self, base: Term, exponent: Exponent) -> None:
        kind = type(base)
        if kind is Sum:
            self.sums += 1
            if type(exponent) is int:
                sign, base = self.products.signed_sum(base)  # type: ignore[arg-type]
                if sign < 0 and exponent % 2:
                    self.coefficient = -self.coefficient
        elif kind is Call or kind is Number:
            self.special = True
        factors = self.factors
        known = factors.get(base)
        if known is None:
            factors[base] = exponent
            return
        total = self.products.plus_exponent(known, exponent)
        if total == 0:
            del factors[base]
        else:
            factors[base] = total
            if kind is not Sum:
                self.touched.append(base)

    def result(self) -> Term:
        """The finished product."""
        products = self.products
        if self.coefficient == 0:
            return products.zero
        if self.touched:
            self.reduce()
        if self.sums:
            if self.sums > 1:
                self.join_rays()
            if len(self.factors) > 1 or self.coefficient not in (1, -1):
                self.take_content()
        if self.special:
            self.join_numbers()
            self.join_signs()
            chosen = self.hoist()
            if chosen is not None:
                return chosen
        if not self.factors:
            return products.exact(self.coefficient)
        body = products.body(tuple(self.factors.items()))
        return products.scaled(self.coefficient, body)

    def reduce(self) -> None:
        """Bring powers whose exponents have changed into their own canonical form."""
        touched, self.touched = self.touched, []
        for base in touched:
            exponent = self.factors.get(base)
            if exponent is None or (type(base) is Product and len(base.factors) > MANY):
                continue
            if base is self.products.e or type(base) in (Number, Product, Call):
                term = self.products.raised(base, exponent)
                if type(term) is Product and term.factors == ((base, exponent),):
                    continue
                del self.factors[base]
                self.take(term)

    def join_rays(self) -> None:
        """Make bases that are rational multiples of each other one base: (2*x + 2)/(x + 1) = 2."""
        seen: dict[int, Sum] = {}
        for base in [base for base in self.factors if type(base) is Sum]:
            key, lead = self.ray(base)
            other = seen.setdefault(key, base)
            if other is base:
                continue
            keep, drop, ratio = other, base, over(lead, self.ray(other)[1])
            if type(self.factors[drop]) is not int:
                keep, drop, ratio = drop, keep, over(1, ratio)
            exponent = self.factors[drop]
            if type(exponent) is not int:
                continue
            scale = exact.power(ratio, exponent)
            if scale is None:
                continue
            self.coefficient = times(self.coefficient, scale)
            del self.factors[drop]
            total = self.products.plus_exponent(self.factors[keep], exponent)
            if total == 0:
                del self.factors[keep]
            else:
                self.factors[keep] = total
                seen[key] = keep

    def ray(self, base: Sum) -> tuple[int, Exact]:
        """A key that all multiples of a sum have in common, and the multiple that this one is."""
        if base.ray is None:
            lead = min(base.items, key=lambda item: item[0].key)[1]
            store = self.products.store
            base.ray = (pow(store.residue(lead), -1, PRIME) * base.key % PRIME, lead)
        return base.ray

    def take_content(self) -> None:
        """Take the common factor out of a sum where that shortens the coefficient: 2/(2*x + 4) = 1/(x + 2)."""
        if self.coefficient in (1, -1):
            return
        for base in [base for base in self.factors if type(base) is Sum and len(base.items) < LONG]:
            exponent = self.factors[base]
            if type(exponent) is not int:
                continue
            content = _content(base)
            if content == 1:
                continue
            scale = exact.power(content, exponent)
            if scale is None:
                continue
            coefficient = times(self.coefficient, scale)
            if exact.length(coefficient) >= exact.length(self.coefficient):
                continue
            primitive = self.products.scaled_sum(base, over(1, content))
            if primitive is None:
                continue
            self.products.store.terms.setdefault(primitive.key, primitive)
            position = list(self.factors)
            self.coefficient = coefficient
            known = self.factors.get(primitive, 0)
            total = self.products.plus_exponent(known, exponent)
            self.factors = {
                (primitive if one is base else one): (total if one is base else self.factors[one])
                for one in position
                if one is not primitive
            }
            if total == 0:
                del self.factors[primitive]

    def join_numbers(self) -> None:
        """Let the coefficient meet the powers of numbers: 2/sqrt(2) = sqrt(2)."""
        for base in [base for base in self.factors if type(base) is Number]:
            assert type(base) is Number
            exponent, value = self.factors[base], base.value
            if isinstance(exponent, Term):
                continue
            if type(exponent) is int:
                scale = exact.power(value, exponent)
                if scale is None:
                    continue
                together = times(self.coefficient, scale)
                if exponent > 0 or type(together) is int or exact.reads_well(together, value):
                    del self.factors[base]
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
        for base in [base for base in factors if type(base) is Call and base.op.name == "sign" and factors[base] == 1]:
            assert type(base) is Call
            inner = base.args[0]
            absolute = self.products.make("abs", [inner])
            if factors.get(inner) == 1:
                del factors[base], factors[inner]
                self.take(absolute)
            elif factors.get(absolute) == 1:
                del factors[base], factors[absolute]
                self.take(inner)

    def hoist(self) -> Term | None:
        """where(c, u, 0)*y = where(c, u*y, 0)."""
        if self.depth >= MAX_HOIST:
            return None
        products = self.products
        for base, exponent in self.factors.items():
            if type(base) is not Call or not base.op.chooses or exponent != 1:
                continue
            condition, yes, no = base.args
            rest = tuple(item for item in self.factors.items() if item[0] is not base)
            numbers = not rest and type(yes) is Number and type(no) is Number
            if (self.coefficient == 1 and not rest) or not (yes is products.zero or no is products.zero or numbers):
                continue
            outside: list[Term] = [products.exact(self.coefficient)]
            if rest:
                outside.append(products.body(rest))
            branches = [
                branch if branch is products.zero else products.product((*outside, branch), self.depth + 1)
                for branch in (yes, no)
            ]
            return choice(products, condition, *branches)
        return None


def _content(term: Sum) -> Exact:
    """The greatest positive number that all coefficients are whole multiples of."""
    above = below = 0
    for coefficient in (*(factor for _, factor in term.items), *((term.constant,) if term.constant else ())):
        above = gcd(above, coefficient.numerator)
        below = lcm(below or 1, coefficient.denominator)
    return exact.settle(Fraction(above, below))
