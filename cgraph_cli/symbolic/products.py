"""Products of powers, quotients and powers of terms."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from cgraph_cli.symbolic import exact
from cgraph_cli.symbolic.exact import Exact, Unfit, over, plus, times
from cgraph_cli.symbolic.powers import MANY, Powers
from cgraph_cli.symbolic.sums import LONG, Sums
from cgraph_cli.symbolic.terms import (
    PRIME,
    Call,
    Constant,
    Exponent,
    Factors,
    Number,
    Product,
    Sum,
    Term,
)

HALVES = (Fraction(1, 2), Fraction(-1, 2))
NOT_NEGATIVE = frozenset(("abs", "cosh", "exp2", "hypot", "norm", "sech", "sigmoid", "softplus", "relu", "mse", "mae"))
POSITIVE = frozenset(("cosh", "exp2", "sigmoid", "softplus", "sech"))


def is_even(exponent: Exponent) -> bool:
    """Whether an exponent is an even whole number."""
    return type(exponent) is int and exponent % 2 == 0


class Products(Sums):
    """The constructors of products and powers."""

    def quotient(self, top: Term, bottom: Term) -> Term:
        """top/bottom."""
        if top.tainted or bottom.tainted or bottom is self.zero:
            return self.opaque("div", (top, bottom))
        return self.product((top, self.raised(bottom, -1)))

    def product(self, terms: Sequence[Term], depth: int = 0) -> Term:
        """The product of any number of terms: flat, powers of one base collected."""
        for term in terms:
            if term.tainted:
                return self.chain("mul", terms, tainted=True)
        try:
            return Powers(self, terms, depth).result()
        except Unfit:
            return self.chain("mul", [term for term in terms if term is not self.one], tainted=False)

    def body(self, factors: Factors) -> Term:
        """The product of some powers, without coefficient."""
        if len(factors) == 1 and factors[0][1] == 1:
            return factors[0][0]
        store = self.store
        key = 0
        for base, exponent in factors:
            residue = exponent.key if isinstance(exponent, Term) else store.residue(exponent)
            key += residue * store.base_key(base)
        key %= PRIME
        known = store.bodies.get(key)
        if known is None:
            known = store.bodies[key] = Product(store.atom_key(), 1, factors, None)
            store.terms[known.key] = known
        return known

    def not_negative(self, term: Term, *, positive: bool = False) -> bool:
        """Whether a term is known to be >= 0 (or > 0) wherever it is finite; looks one level deep."""
        if type(term) is Number:
            return term.value > 0 if positive else term.value >= 0
        if type(term) is Constant:
            return term.value > 0
        if type(term) is Call:
            return term.op.rule is not None and term.op.name in (POSITIVE if positive else NOT_NEGATIVE)
        if type(term) is Product:
            return term.coefficient > 0 and all(
                (not positive and (is_even(exponent) or exponent.denominator != 1))
                if not isinstance(exponent, Term) and not isinstance(base, (Constant, Number))
                else isinstance(base, (Constant, Number)) and self.not_negative(base, positive=True)
                for base, exponent in term.factors
            )
        return False

    # --- powers ----------------------------------------------------------------------------------------------

    def power(self, base: Term, exponent: Term) -> Term:
        """base^exponent."""
        if base.tainted or exponent.tainted:
            return self.opaque("pow", (base, exponent))
        return self.raised(base, exponent.value if type(exponent) is Number else exponent)

    def raised(self, base: Term, exponent: Exponent) -> Term:
        """base^exponent, for an exponent that is a plain number or a term."""
        if exponent == 0:
            return self.one
        if exponent == 1:
            return base
        if base is self.one:
            return self.one
        try:
            if base is self.e:
                return self.exponential(exponent)
            if type(base) is Number:
                return self.power_of_number(base, exponent)
            if type(base) is Product:
                return self.power_of_product(base, exponent)
            if type(base) is Call:
                return self.power_of_call(base, exponent)
        except Unfit:
            pass
        return self.single(base, exponent)

    def single(self, base: Term, exponent: Exponent) -> Term:
        """A power as it stands."""
        if type(base) is Sum and type(exponent) is int:
            sign, base = self.signed_sum(base)
            if sign < 0:
                return self.scaled(-1 if exponent % 2 else 1, self.body(((base, exponent),)))
        return self.body(((base, exponent),))

    def signed_sum(self, base: Sum) -> tuple[int, Sum]:
        """The sign and the sum that stand for a base: the opposite sum if that was a base before."""
        if base.base_key or len(base.items) > LONG:
            return 1, base
        known = self.store.terms.get(-base.key % PRIME)
        if type(known) is Sum and known.base_key:
            return -1, known
        if base.constant <= 0 and all(coefficient < 0 for _, coefficient in base.items):
            opposite = self.scaled(-1, base)
            if type(opposite) is Sum:
                return -1, opposite
        return 1, base

    def power_of_number(self, base: Number, exponent: Exponent) -> Term:
        value = base.value
        if isinstance(exponent, Term):
            if type(exponent) is Sum and type(exponent.constant) is int and exponent.constant and value > 0:
                shift = exact.power(value, exponent.constant)  # 2^(x + 1) = 2*2^x
                if shift is not None:
                    rest = self.sum((exponent, self.exact(-exponent.constant)))
                    return self.scaled(shift, self.body(((base, rest),)))
            return self.body(((base, exponent),))
        if (value == 0 and exponent < 0) or (value < 0 and exponent.denominator != 1):
            return self.opaque("pow", (base, self.exact(exponent)))
        if type(exponent) is int:
            if exponent < 0 and not self.inverts_well(value):
                return self.division_by(value, -exponent)
            result = exact.power(value, exponent)
        else:
            result = exact.root(value, exponent)
            whole = int(exponent)
            if result is None and whole and type(value) is int and value > 1:
                scale = exact.power(value, whole)
                if scale is not None:  # 2^1.5 = 2*sqrt(2), the form that a product gives it
                    return self.scaled(scale, self.body(((base, exact.plus(exponent, -whole)),)))
        return self.body(((base, exponent),)) if result is None else self.exact(result)

    def division_by(self, value: Exact, exponent: int) -> Term:
        """1/value^exponent for a decimal that does not invert well."""
        power = exact.power(value, exponent)
        if power is None:
            return self.body(((self.exact(value), -exponent),))
        return self.exact(over(1, power)) if self.inverts_well(power) else self.body(((self.exact(power), -1),))

    @staticmethod
    def inverts_well(value: Exact) -> bool:
        """Whether 1/value is better written as a number than as a division by this decimal."""
        return type(value) is not exact.Decimal or exact.reads_well(over(1, value), value)

    def exponential(self, exponent: Exponent) -> Term:
        """exp(exponent), with exp(c*log(x)) = x^c."""
        if type(exponent) is Call and exponent.op.name == "log" and exponent.op.rule is not None:
            return exponent.args[0]
        if type(exponent) is Product:
            for position, (base, power) in enumerate(exponent.factors):
                if type(base) is Call and base.op.name == "log" and base.op.rule is not None and power == 1:
                    rest = exponent.factors[:position] + exponent.factors[position + 1 :]
                    remaining = self.body(rest) if rest else self.one
                    return self.power(base.args[0], self.product((self.exact(exponent.coefficient), remaining)))
        if type(exponent) is Sum and len(exponent.items) <= LONG:
            logarithms = [
                (body, coefficient)
                for body, coefficient in exponent.items
                if type(body) is Call and body.op.name == "log" and body.op.rule is not None
            ]
            if logarithms:
                powers = [self.raised(body.args[0], coefficient) for body, coefficient in logarithms]
                removed = [self.scaled(-coefficient, body) for body, coefficient in logarithms]
                rest_term = self.sum((exponent, *removed))
                return self.product((*powers, self.power(self.e, rest_term)))
        return self.body(((self.e, exponent),))

    def power_of_product(self, base: Product, exponent: Exponent) -> Term:
        coefficient, factors = base.coefficient, base.factors
        if type(exponent) is int:
            scale = exact.power(coefficient, exponent)
            if exponent < 0 and not self.inverts_well(coefficient):
                outside = self.division_by(coefficient, -exponent)
            elif scale is None:
                return self.body(((base, exponent),))
            else:
                outside = self.exact(scale)
            if len(factors) > MANY:
                return self.product((outside, self.body(((base.body, exponent),))))
            raised = [self.part_raised(part, self.times_exponent(power, exponent)) for part, power in factors]
            return self.product((outside, *raised))
        if exponent in HALVES and coefficient > 0 and all(type(part) is Constant for part, _ in factors):
            roots = [self.raised(part, self.times_exponent(power, exponent)) for part, power in factors]
            return self.product((self.raised(self.exact(coefficient), exponent), *roots))  # sqrt(2*pi)
        if coefficient != 1:
            if isinstance(exponent, Term):
                return self.body(((base, exponent),))
            root = exact.root(exact.magnitude(coefficient), exponent)
            if root is None:
                return self.body(((base, exponent),))
            outside = self.exact(root)
            if coefficient < 0:
                opposite = self.scaled(-1, base.body)
                return self.product((outside, self.body(((opposite, exponent),))))
            return self.product((outside, self.raised(base.body, exponent)))
        if len(factors) > 1:
            return self.body(((base, exponent),))
        ((part, power),) = factors
        keeps_sign = isinstance(power, Exact) and (power.denominator != 1 or power % 2 == 1)
        if keeps_sign or self.not_negative(part, positive=True):
            return self.raised(part, self.times_exponent(power, exponent))
        if isinstance(power, Exact) and not isinstance(exponent, Term):  # an even power of what may be negative
            inside = part if self.not_negative(part) else self.make("abs", [part])
            return self.raised(inside, self.times_exponent(power, exponent))
        return self.body(((base, exponent),))

    def part_raised(self, part: Term, exponent: Exponent) -> Term:
        """A power of a factor; a product kept as one factor stays one, as products can be nested without limit."""
        return self.body(((part, exponent),)) if type(part) is Product else self.raised(part, exponent)

    def power_of_call(self, base: Call, exponent: Exponent) -> Term:
        if base.op.rule is not None and type(exponent) is int:
            if base.op.name == "abs" and exponent % 2 == 0:
                return self.raised(base.args[0], exponent)
            if base.op.name == "cbrt" and exponent % 3 == 0:
                return self.raised(base.args[0], exponent // 3)
        return self.body(((base, exponent),))

    def times_exponent(self, first: Exponent, second: Exponent) -> Exponent:
        """The product of two exponents."""
        if isinstance(first, Exact) and isinstance(second, Exact):
            return times(first, second)
        return self.as_exponent(self.product((self.as_term(first), self.as_term(second))))

    def plus_exponent(self, first: Exponent, second: Exponent) -> Exponent:
        """The sum of two exponents."""
        if isinstance(first, Exact) and isinstance(second, Exact):
            return plus(first, second)
        return self.as_exponent(self.sum((self.as_term(first), self.as_term(second))))

    def as_term(self, exponent: Exponent) -> Term:
        return exponent if isinstance(exponent, Term) else self.exact(exponent)

    @staticmethod
    def as_exponent(term: Term) -> Exponent:
        return term.value if type(term) is Number else term
