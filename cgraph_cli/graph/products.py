"""Products of powers, quotients and powers of terms."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd, lcm

from cgraph_cli.graph import exact
from cgraph_cli.graph.exact import Exact, Unfit, over, plus, times
from cgraph_cli.graph.graph import operation
from cgraph_cli.graph.sums import SHORT, Base
from cgraph_cli.graph.terms import (
    PRIME,
    Call,
    Constant,
    Exponent,
    Factors,
    Number,
    Product,
    Sum,
    Term,
    factors_of,
    split,
)

LONG = 12
MAX_HOIST = 6  # a product is carried into at most so many choices inside each other

NOT_NEGATIVE = frozenset(("abs", "cosh", "exp2", "hypot", "norm", "sech", "sigmoid", "softplus", "relu", "mse", "mae"))
POSITIVE = frozenset(("cosh", "exp2", "sigmoid", "softplus", "sech"))


def is_even(exponent: Exponent) -> bool:
    """Whether an exponent is an even whole number."""
    return type(exponent) is int and exponent % 2 == 0


class Products(Base):
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
                    rest = self.make_sum(exponent, -exponent.constant)
                    return self.scaled(shift, self.body(((base, rest),)))
            return self.body(((base, exponent),))
        if value == 0 and exponent < 0 or value < 0 and exponent.denominator != 1:
            return self.opaque("pow", (base, self.exact(exponent)))
        if type(exponent) is int:
            if exponent < 0 and type(value) is exact.Decimal and not self.reads_well(over(1, value), value):
                return self.body(((base, exponent),))
            result = exact.power(value, exponent)
        else:
            result = exact.root(value, exponent)
        return self.body(((base, exponent),)) if result is None else self.exact(result)

    @staticmethod
    def reads_well(quotient: Exact, divisor: Exact) -> bool:
        """Whether a quotient of decimals is short enough to take the place of the division."""
        if type(quotient) is int:
            return len(str(quotient).rstrip("0")) <= 6
        digits = len(repr(float(quotient)).replace(".", "").lstrip("0").split("e")[0])
        return type(quotient) is exact.Decimal and digits <= max(3, len(repr(float(divisor))) - 2)

    def make_sum(self, term: Term, constant: Exact) -> Term:
        """term + constant."""
        sums = self.sum((term, self.exact(constant)))  # type: ignore[attr-defined]
        assert isinstance(sums, Term)
        return sums

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
                removed = [self.scaled(-coefficient, body) for body, coefficient in logarithms]  # type: ignore[attr-defined]
                rest_term = self.sum((exponent, *removed))  # type: ignore[attr-defined]
                return self.product((*powers, self.power(self.e, rest_term)))
        return self.body(((self.e, exponent),))

    def power_of_product(self, base: Product, exponent: Exponent) -> Term:
        whole = type(exponent) is int
        coefficient, factors = base.coefficient, base.factors
        if whole:
            assert type(exponent) is int
            scale = exact.power(coefficient, exponent)
            if type(coefficient) is exact.Decimal and exponent < 0 and not self.reads_well(over(1, coefficient), coefficient):
                outside = self.body(((self.exact(coefficient), exponent),))
            elif scale is None:
                return self.body(((base, exponent),))
            else:
                outside = self.exact(scale)
            if len(factors) > LONG:
                return self.product((outside, self.body(((base.body, exponent),))))
            raised = [self.part_raised(part, self.times_exponent(power, exponent)) for part, power in factors]
            return self.product((outside, *raised))
        if coefficient != 1:
            if isinstance(exponent, Term):
                return self.body(((base, exponent),))
            root = exact.root(abs(coefficient), exponent)
            if root is None:
                return self.body(((base, exponent),))
            outside = self.exact(root)
            if coefficient < 0:
                opposite = self.scaled(-1, base.body)  # type: ignore[attr-defined]
                return self.product((outside, self.body(((opposite, exponent),))))
            return self.product((outside, self.raised(base.body, exponent)))
        if len(factors) > 1:
            return self.body(((base, exponent),))
        ((part, power),) = factors
        if self.not_negative(part, positive=True) or (isinstance(power, Exact) and (power.denominator != 1 or power % 2)):
            return self.raised(part, self.times_exponent(power, exponent))
        if isinstance(power, Exact) and not isinstance(exponent, Term):  # an even power of what may be negative
            inside = part if self.not_negative(part) else self.make("abs", [part])  # type: ignore[attr-defined]
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
        return self.as_exponent(self.sum((self.as_term(first), self.as_term(second))))  # type: ignore[attr-defined]

    def as_term(self, exponent: Exponent) -> Term:
        return exponent if isinstance(exponent, Term) else self.exact(exponent)

    @staticmethod
    def as_exponent(term: Term) -> Exponent:
        return term.value if type(term) is Number else term


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
        self.long = total > LONG
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
        return len(term.factors) <= LONG and any(base in self.factors for base, _ in term.factors)

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
        return products.scaled(self.coefficient, body)  # type: ignore[attr-defined, no-any-return]

    def reduce(self) -> None:
        """Bring powers whose exponents have changed into their own canonical form."""
        touched, self.touched = self.touched, []
        for base in touched:
            exponent = self.factors.get(base)
            if exponent is None or type(base) is Product and len(base.factors) > LONG:
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
            primitive = self.products.scaled_sum(base, over(1, content))  # type: ignore[attr-defined]
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
                if exponent > 0 or type(together) is int or Products.reads_well(together, value):
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
            whole = exponent.numerator // exponent.denominator
            if whole not in (0, -1):
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
            absolute = self.products.make("abs", [inner])  # type: ignore[attr-defined]
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
            if self.coefficient == 1 and not rest or not (yes is products.zero or no is products.zero or numbers):
                continue
            outside: list[Term] = [products.exact(self.coefficient)]
            if rest:
                outside.append(products.body(rest))
            branches = [
                branch if branch is products.zero else products.product((*outside, branch), self.depth + 1)
                for branch in (yes, no)
            ]
            return products.apply(operation("where"), (condition, *branches), any(one.tainted for one in branches))
        return None


def _content(term: Sum) -> Exact:
    """The greatest positive number that all coefficients are whole multiples of."""
    above = below = 0
    for coefficient in (*(factor for _, factor in term.items), *((term.constant,) if term.constant else ())):
        above = gcd(above, coefficient.numerator)
        below = lcm(below or 1, coefficient.denominator)
    return exact.settle(exact.Fraction(above, below))
