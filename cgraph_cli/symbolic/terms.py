"""Hash-consed terms: numbers, names, sums, products of powers, and calls; equal terms are one object.

A term is known by its ``key``, a residue modulo a large prime. Atoms have keys of their own and the key of a sum is
linear in those of its parts, so that equal sums have equal keys however they were put together; the same holds, with
``base_key``, for the exponents of a product. Two different terms share a key with a probability of about 2^-100.
"""

from __future__ import annotations

import itertools
from fractions import Fraction

from cgraph_cli.graph.graph import Operation
from cgraph_cli.symbolic.exact import Exact

_SERIALS = itertools.count()
PRIME = (1 << 127) - 1
_ATOM_STEP = 0x4D2C_9A17_E83B_5F60_91B4_7D3E_A85C_12F7
_BASE_STEP = 0x1B87_63F2_0C5D_E94A_7729_D18E_4B06_93A5


class Term:
    """The base of all terms.

    ``tainted`` marks what may be infinite or nan by itself: nothing about it is folded. ``serial`` counts the terms in
    the order in which they were first made.
    """

    __slots__ = ("base_key", "key", "serial", "tainted")

    def __init__(self, key: int, tainted: bool = False) -> None:
        self.key = key
        self.base_key = 0
        self.tainted = tainted
        self.serial = next(_SERIALS)


class Number(Term):
    """A rational number."""

    __slots__ = ("value",)

    def __init__(self, key: int, value: Exact) -> None:
        super().__init__(key)
        self.value = value


class Constant(Term):
    """A number that is kept as a symbol: pi, e, tau, inf, nan."""

    __slots__ = ("name", "value")

    def __init__(self, key: int, name: str | None, value: float, tainted: bool) -> None:
        super().__init__(key, tainted)
        self.name = name
        self.value = value


class Variable(Term):
    """A variable."""

    __slots__ = ("name",)

    def __init__(self, key: int, name: str) -> None:
        super().__init__(key)
        self.name = name


class Sum(Term):
    """``constant + Σ coefficient·body``: at least two summands, bodies without coefficients, in order of appearance."""

    __slots__ = ("constant", "constant_first", "items", "ray")

    def __init__(self, key: int, items: tuple[tuple[Term, Exact], ...], constant: Exact, constant_first: bool) -> None:
        super().__init__(key)
        self.items = items
        self.constant = constant
        self.constant_first = constant_first
        self.ray: tuple[int, Exact] | None = None


Exponent = int | Fraction | Term
Factors = tuple[tuple[Term, Exponent], ...]


class Product(Term):
    """``coefficient·Π base^exponent``; ``body`` is the same without the coefficient."""

    __slots__ = ("body", "coefficient", "factors")

    def __init__(self, key: int, coefficient: Exact, factors: Factors, body: Term | None) -> None:
        super().__init__(key)
        self.coefficient = coefficient
        self.factors = factors
        self.body: Term = self if body is None else body


class Call(Term):
    """An operation over arguments: a row of the rule table that is no sum, product or power, or a module."""

    __slots__ = ("args", "op")

    def __init__(self, key: int, op: Operation, args: tuple[Term, ...], tainted: bool) -> None:
        super().__init__(key, tainted)
        self.op = op
        self.args = args


class Store:
    """All terms of one Simplifier by key, and the source of new keys."""

    def __init__(self) -> None:
        self.terms: dict[int, Term] = {}
        self.bodies: dict[int, Term] = {}
        self.calls: dict[tuple[object, ...], Term] = {}
        self._atom = 1
        self._base = 1
        self._inverses: dict[int, int] = {}

    def atom_key(self) -> int:
        """A key for a new atom: the powers of one step, so that a rational relation between few keys is a fluke."""
        self._atom = self._atom * _ATOM_STEP % PRIME
        return self._atom

    def base_key(self, base: Term) -> int:
        """The key of a base in products."""
        if not base.base_key:
            self._base = self._base * _BASE_STEP % PRIME
            base.base_key = self._base
        return base.base_key

    def residue(self, number: Exact) -> int:
        """A rational number modulo the prime."""
        if type(number) is int:
            return number % PRIME
        denominator = number.denominator
        inverse = self._inverses.get(denominator)
        if inverse is None:
            inverse = self._inverses[denominator] = pow(denominator, -1, PRIME)
        return number.numerator * inverse % PRIME

    def scaled_key(self, number: Exact, term: Term) -> int:
        """The key of ``number*term``."""
        return self.residue(number) * term.key % PRIME


def factors_of(term: Term) -> Factors:
    """A term without coefficient as a product of powers."""
    return term.factors if type(term) is Product else ((term, 1),)


def split(term: Term) -> tuple[Exact, Term]:
    """The coefficient and the body of a term that is no number."""
    return (term.coefficient, term.body) if type(term) is Product else (1, term)
