"""Hash-consed terms: two terms of one structure are one object.

A sum is known by its constant and the set of its (body, coefficient), a product by the set of its (base, exponent), so
that equal ones are one object however they were put together. How a number is spelled (1/2 or 0.5) and which way round
a difference stands (x - y or y - x) is kept: such terms are two objects, and meet in sums and products because they
have one ``same``.
"""

from __future__ import annotations

import math

from cgraph_cli.graph.formula import row_of
from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.light import Any, Callable, Mapping, Sequence
from cgraph_cli.rules import CONSTANTS
from cgraph_cli.symbolic import exact, ops
from cgraph_cli.symbolic.exact import Exact, Unfit, is_decimal
from cgraph_cli.symbolic.kinds import (
    LONG,
    Call,
    Constant,
    Exponent,
    Factors,
    Number,
    Product,
    Sum,
    Term,
    Typed,
    Variable,
    as_exponent,
    factors_of,
    halves_plain,
    inside,
    is_tainted,
    lead,
    multiple,
    plain,
)
from cgraph_cli.syntax import expression as syntax
from cgraph_cli.syntax.expression import Syntax

# What makes the term of an operation: the table, the operation, its arguments, and in how many choices it stands.
Make = Callable[["Terms", Operation, Sequence[Term], int], Term]


class Terms:
    """The table of terms, and of what makes them: ``make(op, args)`` is an operation applied to terms.

    Terms of two tables do not mix. What is first made while ``written`` keeps its order. ``computed``
    says that they are not to be read but computed, each once: then a part that is there already is better than a
    shorter one that is not, and sums and products stand as they were ``typed``.
    """

    def __init__(self, makers: Mapping[Operation, Make], *, computed: bool = False) -> None:
        self.makers = makers
        self.computed = computed
        self.typed: dict[Term, Typed] = {}
        self.written = True
        self.known: dict[object, Term] = {}
        self.made: dict[object, Term] = {}
        self.bases: dict[Term, Any] = {}
        self.turned: dict[Term, Any] = {}
        self.cleared: dict[Term, Sequence[Term]] = {}
        self.equals: dict[object, tuple[Term, int]] = {}
        self.firsts: dict[tuple[Term, ...], int] = {}
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
        key = (op, depth, *args)
        made = self.made.get(key)
        if made is None:
            try:
                made = maker(self, op, args, depth)
            except Unfit:
                made = self.call(op, args)
            if not self.written:  # forms are compared, and half of what they are made of was made before
                self.made[key] = made
        return made

    def sum(self, terms: Sequence[Term]) -> Term:
        """The sum of any number of terms."""
        return self.make(ops.ADD, terms)

    def over(self, term: Term, made: Callable[[Term], Term]) -> Term:
        """A term over what is made of its parts, itself if these are the same.

        Parts are the bodies of a sum, the bases and exponents of a product, the arguments of a call.
        """
        new: dict[Exponent, Term] = {part: made(part) for part in inside(term)}
        if all(one is part for part, one in new.items()):
            return term
        if type(term) is Call:
            return self.make(term.op, [new[arg] for arg in term.args])
        if type(term) is Product:
            pairs = [(new[base], new.get(exponent) or self.as_term(exponent)) for base, exponent in term.factors]
            found = self.make(ops.MUL, (self.exact(term.coefficient), *(self.make(ops.POW, pair) for pair in pairs)))
        else:
            assert type(term) is Sum
            parts = [self.make(ops.MUL, (self.exact(factor), new[body])) for body, factor in term.items]
            found = self.sum(term.with_constant(parts, self.exact(term.constant)))
        if term in self.typed:
            self.carry(term, found, made)
        return found

    def carry(self, term: Term, found: Term, made: Callable[[Term], Term]) -> None:
        """Let ``found``, which is ``term`` over what is made of its parts, stand as that was typed."""

    def laid(self, formula: Syntax, names: Mapping[str, Term]) -> Term:
        """A formula in which names stand for terms; others are constants of the language, and else variables."""

        def leaf(part: syntax.Number | syntax.Name) -> Term:
            if isinstance(part, syntax.Number):
                return self.number(part.value)
            if part.name in names:
                return names[part.name]
            value = CONSTANTS.get(part.name)
            return self.variable(part.name) if value is None else self.number(value, part.name)

        return syntax.fold(formula, leaf, lambda part, args: self.make(operation(row_of(part)), args))

    # --- the kinds of terms, nothing rewritten ---------------------------------------------------------------

    def number(self, value: float, name: str | None = None) -> Term:
        """A constant: with a name it stays a symbol, and so do inf and nan."""
        if name is None and math.isfinite(value):
            return self.exact(exact.literal(value))
        if value == -math.inf:
            return self.call(ops.NEG, (self.number(math.inf),))
        return self.constant(name, value)

    def exact(self, value: Exact) -> Number:
        """The number with that value, in that spelling."""
        known = self.known.get(value)
        if known is None:
            known = self.known[value] = Number(value)
            if is_decimal(value):
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

    def collected(
        self, items: tuple[tuple[Term, Exact], ...], constant: Exact, constant_first: bool, *, typed: bool = True
    ) -> Sum:
        """The sum of a constant and at least one body with its coefficient, two parts or more."""
        key = (constant, frozenset(items))
        known = self.known.get(key)
        if known is None:
            if not self.written and len(items) <= LONG and all(type(body) is Variable for body, _ in items):
                items = tuple(sorted(items, key=lambda item: item[0].serial))  # 2*x - a - b
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
        known.typed |= typed and self.written
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
            for _, exponent in factors:
                if isinstance(exponent, Term):
                    self.firsts.setdefault((exponent,), known.serial)
            for base, exponent in factors:
                if base.same is not base or type(exponent) is not int:
                    break
            else:
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
            return self.collected(items, -body.constant, body.constant_first, typed=False)  # the body was
        key = (coefficient, body)
        known = self.known.get(key)
        if known is None:
            known = self.known[key] = Product(coefficient, factors_of(body), body)
            if coefficient == -1:
                known.same, known.sign = body.same, -body.sign
            elif type(body) is Sum and len(body.items) <= LONG:  # (x + y)/2 is x/2 + y/2
                sign = 1 if coefficient * lead(body.items) > 0 else -1
                self._identify(known, multiple(body.items, body.constant, plain(coefficient) * sign), sign)
            else:
                size, sign = (coefficient, 1) if coefficient > 0 else (-coefficient, -1)
                self._identify(known, (plain(size), body.same), sign * body.sign)
        return known

    def call(self, op: Operation, args: Sequence[Term], tainted: bool | None = None) -> Term:
        """An operation as it stands; a sum or product of more than two terms from left to right.

        It is ``tainted`` if it may be infinite or nan by itself, unless told otherwise if any argument is.
        """
        if len(args) > 2 and (op is ops.ADD or op is ops.MUL):
            first, *rest = args
            for term in rest:
                first = self.call(op, (first, term), tainted)
            return first
        rule = op.rule
        symmetric = rule.symmetric
        key = (op, *(sorted(args, key=_serial) if symmetric else args))
        known = self.known.get(key)
        if known is None:
            if tainted is None:
                tainted = is_tainted(args)
            known = self.known[key] = Call(op, tuple(args), tainted)
            self.firsts.setdefault(known.args[:1], known.serial)
            sign = 1
            parts: list[object]
            if rule.parity is not None:
                parts = [args[0].same]
                sign = args[0].sign if rule.parity == "odd" else 1
            else:
                if symmetric:
                    args = sorted(args, key=lambda arg: (arg.same.serial, arg.sign))
                elif op in ops.MIRROR:  # x > y is y < x
                    op, args = ops.MIRROR[op], args[::-1]
                parts = [part for arg in args for part in (arg.same, arg.sign)]
            self._identify(known, (op, *parts), sign)
        return known

    # --- the order of factors ---------------------------------------------------------------------------------

    def is_e(self, base: Term) -> bool:
        """Whether a term is e, by name or as exp(1)."""
        return base.same is self.e and base.sign > 0

    def place(self, factor: tuple[Term, Exponent]) -> tuple[int, int]:
        """Where a factor stands: products kept whole, numbers, constants, names, sums and the rest, each as first made.

        A function stands where the first of its argument does: the derivative of sin(a)*sin(b) is cos(a)*sin(b).
        """
        base, exponent = factor
        kind = type(base)
        if kind is Variable:
            return (4 if isinstance(exponent, Term) else 3, base.serial)
        if kind is Sum:
            return (5, base.serial)
        if kind is Product and exponent == 1:
            return (0, base.serial)
        if kind is Number:
            return (1, base.serial)
        if kind is Constant and (exponent == 1 or not self.is_e(base)):
            return (2, base.serial)
        if isinstance(exponent, Term):
            return (6, self.firsts.get((exponent,), exponent.serial))
        if type(base) is Call:
            return (7 if base.op is ops.WHERE else 6, self.firsts.get(base.args[:1], base.serial))
        return (6, base.serial)

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
        if not isinstance(first, Term) and not isinstance(second, Term):
            return halves_plain(exact.plus(first, second))
        return as_exponent(self.make(ops.ADD, (self.as_term(first), self.as_term(second))))

    def times_exponent(self, first: Exponent, second: Exponent) -> Exponent:
        """The product of two exponents."""
        if not isinstance(first, Term) and not isinstance(second, Term):
            return halves_plain(exact.times(first, second))
        return as_exponent(self.make(ops.MUL, (self.as_term(first), self.as_term(second))))

    def _identify(self, term: Term, key: object, sign: int) -> None:
        """Give a new term, which is ``sign`` times what ``key`` says without signs and spelling, its ``same``."""
        same, turn = self.equals.setdefault(key, (term, sign))
        if same is not term:
            term.same, term.sign = same, sign * turn


def _serial(term: Term) -> int:
    return term.serial
