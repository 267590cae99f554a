"""Hash-consed terms: numbers, names, sums, products of powers, and calls; two terms of one structure are one object.

A sum is known by its constant and the set of its (body, coefficient), a product by the set of its (base, exponent), so
that equal ones are one object however they were put together. How a number is spelled (1/2 or 0.5) and which way round
a difference stands (x - y or y - x) is kept: such terms are two objects, and meet in sums and products because they
have one ``same``.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.rule import REAL, Interval
from cgraph_cli.rules import MIRRORED
from cgraph_cli.symbolic import exact
from cgraph_cli.symbolic.exact import Decimal, Exact, Unfit

# A sum of more than LONG summands, or a product of more than MANY factors, keeps an operand that has SHORT or more
# parts, none of them alike, as one part: a shared operand would be written out in each of its users, and a chain of n
# operations would take n^2 time.
LONG = 24
MANY = 12
SHORT = 4
MAX_JOINED = 20  # choices inside each other whose branches are added up: each level has its own sums
MAX_HOIST = 6  # choices inside each other that a factor is carried into: it is written once a branch
MAX_LOOKED_AT = 24  # parts of a branch in which what its condition says is made use of

ADD, MUL, DIV, POW, NEG, SUB = (operation(name) for name in ("add", "mul", "div", "pow", "neg", "sub"))
ABS, SIGN, LOG, CBRT, WHERE = (operation(name) for name in ("abs", "sign", "log", "cbrt", "where"))
MAX, MIN, EQ, NE, LT, LE, GT, GE = (operation(name) for name in ("max", "min", "eq", "ne", "lt", "le", "gt", "ge"))
COMPARED = frozenset((EQ, NE, LT, LE, GT, GE))
MIRROR = {operation(name): operation(other) for name, other in MIRRORED.items()}
_SERIALS = itertools.count()


class Term:
    """The base of all terms.

    The term is ``sign*same``, where all terms that differ by sign and spelling alone have one ``same``. ``tainted``
    marks what may be infinite or nan by itself: nothing about it is folded. ``serial`` counts the terms in the order
    in which they were first made.
    """

    __slots__ = ("same", "serial", "sign", "tainted")

    def __init__(self, tainted: bool = False) -> None:
        self.same: Term = self
        self.sign = 1
        self.tainted = tainted
        self.serial = next(_SERIALS)


class Number(Term):
    """A rational number."""

    __slots__ = ("value",)

    def __init__(self, value: Exact) -> None:
        super().__init__()
        self.value = value


class Constant(Term):
    """A number that is kept as a symbol: pi, e, tau, inf, nan; exp(1) has no name."""

    __slots__ = ("name", "value")

    def __init__(self, name: str | None, value: float) -> None:
        super().__init__(not math.isfinite(value))
        self.name = name
        self.value = value


class Variable(Term):
    """A variable."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class Sum(Term):
    """``constant + Σ coefficient·body``: at least two summands, bodies without coefficients, in order of appearance."""

    __slots__ = ("constant", "constant_first", "items", "ray")

    def __init__(self, items: tuple[tuple[Term, Exact], ...], constant: Exact, constant_first: bool) -> None:
        super().__init__()
        self.items = items
        self.constant = constant
        self.constant_first = constant_first
        self.ray: tuple[object, Exact] | None = None


Exponent = int | Fraction | Term
Factors = tuple[tuple[Term, Exponent], ...]


class Product(Term):
    """``coefficient·Π base^exponent``; ``body`` is the same without the coefficient."""

    __slots__ = ("body", "coefficient", "factors")

    def __init__(self, coefficient: Exact, factors: Factors, body: Term | None = None) -> None:
        super().__init__()
        self.coefficient = coefficient
        self.factors = factors
        self.body: Term = self if body is None else body


class Call(Term):
    """An operation over arguments: a row of the rule table that is no sum, product or power, or a module."""

    __slots__ = ("args", "op")

    def __init__(self, op: Operation, args: tuple[Term, ...], tainted: bool) -> None:
        super().__init__(tainted)
        self.op = op
        self.args = args


# What makes the term of an operation: the table, the operation, its arguments, and in how many choices it stands.
Make = Callable[["Terms", Operation, Sequence[Term], int], Term]


class Terms:
    """The table of terms, and of what makes them: ``make(op, args)`` is an operation applied to terms.

    Terms of two tables do not mix. What is first made while ``written`` keeps the order of its factors. ``computed``
    says that they are not to be read but computed, each once: then a part that is there already is better than a
    shorter one that is not.
    """

    def __init__(self, makers: Mapping[Operation, Make], *, computed: bool = False) -> None:
        self.makers = makers
        self.computed = computed
        self.written = True
        self.known: dict[object, Term] = {}
        self.equals: dict[object, tuple[Term, int]] = {}
        self.zero = self.exact(0)
        self.one = self.exact(1)
        self.minus_one = self.exact(-1)
        self.e = self.constant(None, math.e)

    def __len__(self) -> int:
        """How many terms there are."""
        return len(self.known)

    def make(self, op: Operation, args: Sequence[Term], depth: int = 0) -> Term:
        """An operation applied to terms; as it stands where a number in it would leave the range of doubles."""
        maker = self.makers.get(op)
        if maker is None:  # a module, which nothing is known about
            return self.call(op, args)
        try:
            return maker(self, op, args, depth)
        except Unfit:
            return self.call(op, args)

    def sum(self, terms: Sequence[Term]) -> Term:
        """The sum of any number of terms."""
        return self.make(ADD, terms)

    def sum_over(self, term: Sum, bodies: Sequence[Term]) -> Term:
        """A sum with other bodies in the place of its own."""
        pairs = zip(bodies, term.items, strict=True)
        found = [self.make(MUL, (self.exact(factor), body)) for body, (_, factor) in pairs]
        if term.constant:
            found.insert(0 if term.constant_first else len(found), self.exact(term.constant))
        return self.sum(found)

    # --- the kinds of terms, nothing rewritten ---------------------------------------------------------------

    def number(self, value: float, name: str | None = None) -> Term:
        """A constant: with a name it stays a symbol, and so do inf and nan."""
        if name is None and math.isfinite(value):
            return self.exact(exact.literal(value))
        if value == -math.inf:
            return self.call(NEG, (self.number(math.inf),))
        return self.constant(name, value)

    def exact(self, value: Exact) -> Number:
        """The number with that value, in that spelling."""
        known = self.known.get(value)
        if known is None:
            known = self.known[value] = Number(value)
            if type(value) is Decimal:
                known.same = self.exact(plain(value))
        assert type(known) is Number
        return known

    def constant(self, name: str | None, value: float) -> Term:
        """A symbol for a number."""
        key = ("constant", name, repr(value))
        known = self.known.get(key)
        if known is None:
            known = self.known[key] = Constant(name, value)
            self._identify(known, ("constant", repr(value)), 1)
        return known

    def variable(self, name: str) -> Term:
        """The variable of that name."""
        key = ("variable", name)
        known = self.known.get(key)
        if known is None:
            known = self.known[key] = Variable(name)
        return known

    def collected(self, items: tuple[tuple[Term, Exact], ...], constant: Exact, constant_first: bool) -> Sum:
        """The sum of a constant and at least one body with its coefficient, two parts or more."""
        key = (constant, frozenset(items))
        known = self.known.get(key)
        if known is None:
            known = self.known[key] = Sum(items, constant, constant_first)
            if len(items) <= LONG:
                sign = 1 if lead(items) > 0 else -1
                is_plain = (
                    sign > 0
                    and type(constant) is int
                    and all(body.same is body and type(factor) is int for body, factor in items)
                )
                self._identify(known, key if is_plain else multiple(items, constant, sign), sign)
        assert type(known) is Sum
        return known

    def body(self, factors: Factors) -> Term:
        """The product of some powers, without coefficient."""
        if len(factors) == 1 and factors[0][1] == 1:
            return factors[0][0]
        key = frozenset(factors)
        known = self.known.get(key)
        if known is None:
            if len(factors) > 1:
                factors = tuple(sorted(factors, key=self.place_if_written if self.written else self.place))
            known = self.known[key] = Product(1, factors)
            if all(base.same is base and type(exponent) is int for base, exponent in factors):
                self._identify(known, key, 1)  # there is nothing to be left out of the key
                return known
            sign = 1
            parts: list[object] = []
            for base, exponent in factors:
                if type(exponent) is int:
                    parts.append((base.same, exponent))
                    sign *= base.sign if exponent % 2 else 1
                elif isinstance(exponent, Term):
                    parts.append((base.same, base.sign, exponent.same, exponent.sign))
                else:
                    parts.append((base.same, base.sign, plain(exponent)))
            self._identify(known, frozenset(parts), sign)
        return known

    def scaled(self, coefficient: Exact, body: Term) -> Term:
        """coefficient*body, for a body without a coefficient; only the sign of a sum is carried inside."""
        if coefficient == 1:
            return body
        if coefficient == 0:
            return self.zero
        if coefficient == -1 and type(body) is Sum and len(body.items) <= LONG:
            items = tuple((part, -factor) for part, factor in body.items)
            return self.collected(items, -body.constant, body.constant_first)
        key = (coefficient, body)
        known = self.known.get(key)
        if known is None:
            known = self.known[key] = Product(coefficient, factors_of(body), body)
            if coefficient == -1:
                known.same, known.sign = body.same, -body.sign
            elif type(body) is Sum and len(body.items) <= LONG:  # (x + y)/2 is x/2 + y/2
                factor = plain(coefficient) if coefficient * lead(body.items) > 0 else -plain(coefficient)
                self._identify(known, multiple(body.items, body.constant, factor), 1 if factor == coefficient else -1)
            else:
                size, sign = (coefficient, 1) if coefficient > 0 else (-coefficient, -1)
                self._identify(known, (plain(size), body.same), sign * body.sign)
        return known

    def call(self, op: Operation, args: Sequence[Term], tainted: bool | None = None) -> Term:
        """An operation as it stands; a sum or product of more than two terms from left to right.

        It is ``tainted`` if it may be infinite or nan by itself, unless told otherwise if any argument is.
        """
        if len(args) > 2 and (op is ADD or op is MUL):
            first, *rest = args
            for term in rest:
                first = self.call(op, (first, term), tainted)
            return first
        rule = op.rule
        symmetric = rule is not None and rule.symmetric
        key = (op, *(sorted(args, key=_serial) if symmetric else args))
        known = self.known.get(key)
        if known is None:
            if tainted is None:
                tainted = any(arg.tainted for arg in args)
            known = self.known[key] = Call(op, tuple(args), tainted)
            sign = 1
            parts: list[object]
            if rule is not None and rule.parity is not None:
                parts = [args[0].same]
                sign = args[0].sign if rule.parity == "odd" else 1
            else:
                if symmetric:
                    args = sorted(args, key=lambda arg: (arg.same.serial, arg.sign))
                elif op in MIRROR:  # x > y is y < x
                    op, args = MIRROR[op], args[::-1]
                parts = [part for arg in args for part in (arg.same, arg.sign)]
            self._identify(known, (op, *parts), sign)
        return known

    # --- the order of factors ---------------------------------------------------------------------------------

    def is_e(self, base: Term) -> bool:
        """Whether a term is e, by name or as exp(1)."""
        return base.same is self.e and base.sign > 0

    def place(self, factor: tuple[Term, Exponent]) -> tuple[int, int]:
        """Where a factor stands: products kept whole, numbers, constants, names as first made, sums, the rest."""
        base, exponent = factor
        kind = type(base)
        if kind is Variable:
            return (4 if isinstance(exponent, Term) else 3, base.serial)
        if kind is Sum:
            return (5, 0)
        if kind is Product and exponent == 1:
            return (0, base.serial)
        if kind is Number:
            return (1, base.serial)
        if kind is Constant and (exponent == 1 or not self.is_e(base)):
            return (2, base.serial)
        return (7 if type(base) is Call and base.op is WHERE else 6, 0)

    def place_if_written(self, factor: tuple[Term, Exponent]) -> int:
        """Where a factor stands that somebody wrote: there, but that constants come first and choices last."""
        place, _ = self.place(factor)
        return 3 if 3 < place < 7 else place

    # --- exponents -------------------------------------------------------------------------------------------

    def as_term(self, exponent: Exponent) -> Term:
        """An exponent as a term."""
        return exponent if isinstance(exponent, Term) else self.exact(exponent)

    def plus_exponent(self, first: Exponent, second: Exponent) -> Exponent:
        """The sum of two exponents."""
        if isinstance(first, Exact) and isinstance(second, Exact):
            return exact.plus(first, second)
        return as_exponent(self.make(ADD, (self.as_term(first), self.as_term(second))))

    def times_exponent(self, first: Exponent, second: Exponent) -> Exponent:
        """The product of two exponents."""
        if isinstance(first, Exact) and isinstance(second, Exact):
            return exact.times(first, second)
        return as_exponent(self.make(MUL, (self.as_term(first), self.as_term(second))))

    def _identify(self, term: Term, key: object, sign: int) -> None:
        """Give a new term, which is ``sign`` times what ``key`` says without signs and spelling, its ``same``."""
        same, turn = self.equals.setdefault(key, (term, sign))
        if same is not term:
            term.same, term.sign = same, sign * turn


def _serial(term: Term) -> int:
    return term.serial


def plain(number: Exact) -> Exact:
    """A number without its spelling."""
    return Fraction(number.numerator, number.denominator) if type(number) is Decimal else number


def equal(first: Term, second: Term) -> bool:
    """Whether two terms are one but for their spelling."""
    return first.same is second.same and first.sign == second.sign


def lead(items: Iterable[tuple[Term, Exact]]) -> Exact:
    """The coefficient, without spelling, that tells a sum from its multiples: that of the part first made."""
    body, coefficient = min(items, key=lambda item: item[0].same.serial)
    return plain(coefficient) * body.sign


def multiple(items: Iterable[tuple[Term, Exact]], constant: Exact, factor: Exact) -> object:
    """What ``factor`` times a sum is known by, without spelling; never rounded."""
    parts = frozenset([(body.same, plain(coefficient) * (body.sign * factor)) for body, coefficient in items])
    return plain(constant) * factor, parts


def factors_of(term: Term) -> Factors:
    """A term without coefficient as a product of powers."""
    return term.factors if type(term) is Product else ((term, 1),)


def parts(term: Term) -> list[Term]:
    """The terms that a term is made of: bases and exponents of its factors and summands, or arguments."""
    if type(term) is Call:
        return list(term.args)
    bodies = [body for body, _ in term.items] if type(term) is Sum else [term] if type(term) is Product else []
    found: list[Term] = []
    for body in bodies:
        factors = factors_of(body)
        found += [base for base, _ in factors]
        found += [exponent for _, exponent in factors if isinstance(exponent, Term)]
    return found


def split(term: Term) -> tuple[Exact, Term]:
    """The coefficient and the body of a term that is no number."""
    return (term.coefficient, term.body) if type(term) is Product else (1, term)


def as_exponent(term: Term) -> Exponent:
    """A term as an exponent."""
    return term.value if type(term) is Number else term


def is_negative(term: Sum) -> bool:
    """Whether a sum is better written as the opposite of another: all its coefficients are negative."""
    return len(term.items) <= LONG and term.constant <= 0 and all(factor < 0 for _, factor in term.items)


def is_truth(term: Term) -> bool:
    """Whether a term is a comparison: 0 or 1."""
    return type(term) is Call and term.op in COMPARED


def is_positive(term: Sum) -> bool:
    """Whether the opposite of a sum is negative in that sense, or it is too long to be turned."""
    return len(term.items) > LONG or (term.constant >= 0 and all(factor > 0 for _, factor in term.items))


def opposite(term: Sum) -> Sum:
    """-term, for a sum that is to be written and not to be known."""
    found = Sum(tuple((body, -factor) for body, factor in term.items), -term.constant, term.constant_first)
    found.same, found.sign = term.same, -term.sign
    return found


def is_even(exponent: Exponent) -> bool:
    """Whether an exponent is an even whole number."""
    return type(exponent) is int and exponent % 2 == 0


def range_of(term: Call) -> Interval:
    """The values of a call: those of its row, unless an argument may be outside the domain and the value be finite."""
    rule = term.op.rule
    if rule is None:
        return REAL
    if len(rule.args) > 1:
        for name, arg in zip(rule.args, term.args, strict=False):
            domain = rule.domain.get(name)
            if domain is not None and not (type(arg) is Number and domain.contains(float(arg.value))):
                return REAL
    return rule.range


def not_negative(term: Term, *, positive: bool = False) -> bool:
    """Whether a term is known to be >= 0 (or > 0) wherever it is finite; looks one level deep."""
    if type(term) is Number or type(term) is Constant:
        return term.value > 0 if positive else term.value >= 0
    if type(term) is Call:
        values = range_of(term)
        return values.low > 0 or (values.low == 0 and not (positive and values.closed))
    if type(term) is Product:
        return term.coefficient > 0 and all(
            (not positive and (is_even(exponent) or exponent.denominator != 1))
            if not isinstance(exponent, Term) and not isinstance(base, (Constant, Number))
            else isinstance(base, (Constant, Number)) and not_negative(base, positive=True)
            for base, exponent in term.factors
        )
    return False
