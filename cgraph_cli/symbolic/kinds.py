"""The kinds of terms (numbers, names, sums, products of powers, calls) and what can be told of one by itself."""

from __future__ import annotations

import itertools
import math

from cgraph_cli.graph.graph import Operation
from cgraph_cli.light import TYPE_CHECKING, Any, Callable, Iterable, Iterator, NamedTuple, Sequence, T, TypeGuard
from cgraph_cli.rule import REAL, Interval
from cgraph_cli.symbolic import ops
from cgraph_cli.symbolic.exact import Exact, fraction, is_decimal

# A sum of more than LONG summands, or a product of more than MANY factors, keeps an operand that has SHORT or more
# parts, none of them alike, as one part: a shared operand would be written out in each of its users, and a chain of n
# operations would take n^2 time.
LONG = 24
MANY = 12
SHORT = 4

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
    """``constant + Σ coefficient·body``: at least two summands, bodies without coefficients, in order of appearance.

    ``typed`` says that it was read and not only made.
    """

    __slots__ = ("constant", "constant_first", "items", "ray", "typed")

    def __init__(self, items: tuple[tuple[Term, Exact], ...], constant: Exact, constant_first: bool) -> None:
        super().__init__()
        self.items = items
        self.constant = constant
        self.constant_first = constant_first
        self.typed = False
        self.ray: tuple[object, Exact] | None = None

    def with_constant(self, summands: list[T], constant: T) -> list[T]:
        """What stands for the summands, with what stands for the constant at its place, if there is one."""
        if self.constant:
            summands.insert(0 if self.constant_first else len(summands), constant)
        return summands


if TYPE_CHECKING:
    from fractions import Fraction

    Exponent = int | Fraction | Term
else:
    Exponent = Any
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


class Typed(NamedTuple):
    """What was added or multiplied, and how: a step applies an operation to two parts or earlier steps."""

    parts: Sequence[Term]
    steps: Sequence[tuple[Operation, Sequence[int]]]

    def laid(self, parts: Iterable[int], apply: Callable[[Operation, Sequence[int]], int]) -> int:
        """The node of the last step, from the nodes of the parts."""
        places = list(parts)
        for op, args in self.steps:
            places.append(apply(op, [places[arg] for arg in args]))
        return places[-1]


def is_tainted(terms: Iterable[Term]) -> bool:
    """Whether one of some terms is tainted."""
    for term in terms:  # noqa: SIM110 (most are two, and a generator takes longer)
        if term.tainted:
            return True
    return False


def plain(number: Exact) -> Exact:
    """A number without its spelling."""
    return fraction(number.numerator, number.denominator) if is_decimal(number) else number


def equal(first: Term, second: Term) -> bool:
    """Whether two terms are one but for their spelling."""
    return first.same is second.same and first.sign == second.sign


def order(first: Number, second: Number) -> int | None:
    """-1, 0 or 1 as one number is less than another, the same, or more; None where that is lost in doubles."""
    exactly, rounded = (
        (one > other) - (one < other)
        for one, other in ((first.value, second.value), (float(first.value), float(second.value)))
    )
    return exactly if exactly == rounded else None


def lead(items: Iterable[tuple[Term, Exact]]) -> Exact:
    """The coefficient, without spelling, that tells a sum from its multiples: that of the part first made."""
    body, coefficient = min(items, key=lambda item: item[0].same.serial)
    return plain(coefficient) * body.sign


def multiple(items: Iterable[tuple[Term, Exact]], constant: Exact, factor: Exact) -> object:
    """What ``factor`` times a sum is known by, without spelling; never rounded."""
    parts = frozenset([(body.same, plain(coefficient) * (body.sign * factor)) for body, coefficient in items])
    return plain(constant) * factor, parts


def ray(base: Sum) -> tuple[object, Exact]:
    """A key that all multiples of a sum have in common, and the multiple that this one is."""
    if base.ray is None:
        size = lead(base.items)
        part = size if size in (1, -1) else fraction(1) / size
        base.ray = (multiple(base.items, base.constant, part), size)
    return base.ray


def factors_of(term: Term) -> Factors:
    """A term without coefficient as a product of powers."""
    return term.factors if type(term) is Product else ((term, 1),)


def inside(term: Term) -> list[Term]:
    """What a term is put together from: the bodies of a sum, bases and exponents of a product, arguments."""
    if type(term) is Call:
        return list(term.args)
    if type(term) is Product:
        bases = [base for base, _ in term.factors]
        return bases + [
            exponent for _, exponent in term.factors if type(exponent) is not int and isinstance(exponent, Term)
        ]
    return [body for body, _ in term.items] if type(term) is Sum else []


def parts(term: Term) -> list[Term]:
    """The terms that a term is made of: bases and exponents of its factors and summands, or arguments."""
    if type(term) is not Sum:
        return inside(term)
    found: list[Term] = []
    for body, _ in term.items:
        found += inside(body) if type(body) is Product else [body]
    return found


def walk(terms: Iterable[Term], most: float = math.inf) -> Iterator[Term]:
    """Some terms and all that they are made of, each once, in order of appearance; but ``most`` are looked at."""
    stack = list(terms)[::-1]
    seen: set[Term] = set()
    while stack:
        term = stack.pop()
        if term not in seen and len(seen) < most:
            seen.add(term)
            yield term
            if type(term) is not Variable:  # which many are
                stack += parts(term)[::-1]


def split(term: Term) -> tuple[Exact, Term]:
    """The coefficient and the body of a term that is no number."""
    return (term.coefficient, term.body) if type(term) is Product else (1, term)


def as_exponent(term: Term) -> Exponent:
    """A term as an exponent."""
    return halves_plain(term.value) if type(term) is Number else term


def halves_plain(exponent: Exact) -> Exact:
    """An exponent with halves as fractions: x^0.5 is a root however it is spelled."""
    return plain(exponent) if exponent.denominator == 2 else exponent


def is_negative(term: Term) -> bool:
    """Whether a term is better written as the opposite of another; a sum if all its coefficients are negative."""
    if type(term) is Sum:
        return len(term.items) <= LONG and term.constant <= 0 and all(factor < 0 for _, factor in term.items)
    return (type(term) is Product and term.coefficient < 0) or (type(term) is Number and term.value < 0)


def is_truth(term: Term) -> bool:
    """Whether a term is a comparison: 0 or 1."""
    return type(term) is Call and term.op.compares


def is_positive(term: Sum) -> bool:
    """Whether the opposite of a sum is negative in that sense, or it is too long to be turned."""
    return len(term.items) > LONG or (term.constant >= 0 and all(factor > 0 for _, factor in term.items))


def opposite(term: Sum) -> Sum:
    """-term, for a sum that is to be written and not to be known."""
    found = Sum(tuple((body, -factor) for body, factor in term.items), -term.constant, term.constant_first)
    found.same, found.sign = term.same, -term.sign
    return found


def is_rather(one: Term, other: Term) -> bool:
    """Whether a term is a product with a factor that is no number, in the place of a sum that nobody typed."""
    return type(one) is Product and one.coefficient in (1, -1) and type(other) is Sum and not other.typed


def is_turned(term: Term) -> bool:
    """Whether a term has a sign only for what was typed: -2*(x - y), which 2*(y - x) is too."""
    return type(term) is Product and term.coefficient < -1 and type(term.body) is Sum and term.body.typed


def is_even(exponent: Exponent) -> bool:
    """Whether an exponent is an even whole number."""
    return type(exponent) is int and exponent % 2 == 0


def range_of(term: Call) -> Interval:
    """The values of a call: those of its row, unless an argument may be outside the domain and the value be finite."""
    rule = term.op.rule
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
    if type(term) is Sum and len(term.items) <= LONG and (term.constant > 0 or (term.constant == 0 and not positive)):
        return all(factor > 0 and type(body) is not Sum and not_negative(body) for body, factor in term.items)
    return False


def is_length(term: Term) -> bool:
    """Whether a term is the root of a sum of squares."""
    return type(term) is Call and (term.op is ops.HYPOT or term.op is ops.NORM)


def grows(base: Term) -> TypeGuard[Product]:
    """Whether a base is a power like c^n: where c^-n is next to nothing it is out of range."""
    return type(base) is Product and any(isinstance(power, Term) for _, power in base.factors)


def has_decimals(term: Sum) -> bool:
    """Whether a number in a sum is a decimal, which another number would round."""
    return any(map(is_decimal, (term.constant, *dict(term.items).values())))
