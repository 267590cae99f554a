"""Sums as monomials: numbers times powers of bases, in which equal things look equal, to be compared base by base."""

from __future__ import annotations

from cgraph_cli.light import Collection, Iterable, Mapping, NamedTuple, Sequence
from cgraph_cli.symbolic import exact, ops
from cgraph_cli.symbolic.exact import Exact, over, plus, times
from cgraph_cli.symbolic.kinds import (
    LONG,
    Constant,
    Exponent,
    Number,
    Product,
    Sum,
    Term,
    Variable,
    factors_of,
    is_length,
    is_negative,
    not_negative,
    parts,
    ray,
    split,
)
from cgraph_cli.symbolic.powers import raised
from cgraph_cli.symbolic.products import spelling
from cgraph_cli.symbolic.terms import Terms

Powers = Mapping[Term, Exact]
Monomial = tuple[Exact, Powers]

NEAR = 16  # coefficients whose ratio is at most this are of one size


class Opened(NamedTuple):
    """A monomial as summands: ``safe`` with the sums multiplied out that may be, ``whole`` with all.

    ``is_under`` is whether one was that loses digits unless what it meets has lost them, as it stands below too.
    """

    safe: list[Term]
    whole: list[Term]
    is_under: bool

    @property
    def is_more(self) -> bool:
        """Whether there is more to multiply out, if what that meets has lost the digits."""
        return not self.is_under and len(self.whole) > len(self.safe)


class Turned(NamedTuple):
    """e^x*(1 + e^-x) for 1 + e^x."""

    sum: Sum
    exponent: Exponent


class Bases:
    """The bases of the monomials of one sum.

    All multiples of a sum have one base; sqrt(2*x) is sqrt(2)*sqrt(x) beside sqrt(x), 1 + e^-x is e^-x*(1 + e^x) beside
    1 + e^x, x^(n + 2) is x^n beside x^2, and (1 - x)*(1 + x) is 1 - x^2 where that stands in the sum too: what it loses
    near 1 is lost already.
    """

    def __init__(self, terms: Terms, term: Sum | Product) -> None:
        self.terms = terms
        self.rays: dict[object, Sum] = {}
        bodies = [(factor, body) for body, factor in term.items] if type(term) is Sum else [split(term)]
        self.roots: dict[Term, set[frozenset[tuple[Term, Exact]]]] = {}
        seen = set[tuple[Term, Term]]()
        self.several = set[tuple[Term, Term]]()
        for _, body in bodies:
            for base, exponent in factors_of(body):
                if isinstance(exponent, Term) and type(exponent) is not Sum:
                    pair = base, split(exponent)[1]
                    (self.several if pair in seen else seen).add(pair)
                if not isinstance(exponent, Term) and type(exponent) is not int and type(base) is not Number:
                    outside, whole = self.of_names(base)
                    self.roots.setdefault(whole, set()).add(frozenset(outside.items()))
                if type(base) is Sum and len(base.items) <= LONG:
                    key, _ = ray(base)
                    self.rays[key] = min(self.rays.get(key, base), base, key=spelling)
        powers = [power for _, body in bodies for one, power in factors_of(body) if terms.is_e(one)]
        self.exponents = {body for power in powers if type(power) is not Sum for body, _ in self.multiples(power)}
        self.steps: dict[object, Sum] = {}
        for power in powers:
            if type(power) is Sum and len(power.items) <= LONG:
                key, _ = ray(power)
                self.steps[key] = min(self.steps.get(key, power), power, key=lambda one: exact.magnitude(ray(one)[1]))
        self.turned: dict[Sum, Turned] = {}
        for base in self.rays.values() if len(self.rays) > 1 else ():
            other = turned(terms, base)
            if other is not None and is_negative(terms.as_term(other.exponent)) and ray(other.sum)[0] in self.rays:
                self.turned[base] = other
        self.changed = False
        found = [self.monomial(coefficient, body) for coefficient, body in bodies]
        if type(term) is Sum:
            found = term.with_constant(found, (term.constant, {}))
        self.monomials = [(coefficient, self.squared(powers)) for coefficient, powers in found]

    def monomial(self, coefficient: Exact, body: Term) -> Monomial:
        """coefficient*body."""
        found: dict[Term, Exact] = {}
        for base, exponent in factors_of(body):
            if isinstance(exponent, Term):
                self.apart(base, exponent, found)
                continue
            if type(base) is Sum and type(exponent) is int and len(base.items) <= LONG:
                whole, ratio = self.one_of(base)
                other = self.turned.get(whole)
                if other is not None:
                    whole, more = self.one_of(other.sum)
                    ratio = times(ratio, more)
                scale = exact.power(ratio, exponent)
                if scale is not None:
                    coefficient, base = times(coefficient, scale), whole
                    if other is not None:
                        self.changed = True
                        power = self.terms.times_exponent(other.exponent, exponent)
                        self.apart(self.terms.e, self.terms.as_term(power), found)
            elif type(base) is Product and base.coefficient > 0:
                outside, body = self.of_names(base)
                if len(self.roots.get(body, ())) > 1:
                    for one, power in outside.items():
                        join(found, one, times(exponent, power))
                    base = body
            join(found, base, exponent)
        return coefficient, found

    def of_names(self, base: Term) -> tuple[Powers, Term]:
        """What is under a root as the powers of numbers and constants, and the rest: 2^-1*pi^-1 and x for x/(2*pi)."""
        size, body = split(base)
        numbers = ((size.numerator, 1), (size.denominator, -1)) if exact.is_fraction(size) else ((size, 1),)
        outside: dict[Term, Exact] = {self.terms.exact(number): power for number, power in numbers if number != 1}
        constants: dict[Term, Exact] = {
            one: power
            for one, power in factors_of(body)
            if type(one) is Constant and type(power) is int and not self.terms.is_e(one)
        }
        rest = tuple(one for one in factors_of(body) if one[0] not in constants)
        return (outside | constants, self.terms.body(rest)) if rest else (outside, body)

    def one_of(self, base: Sum) -> tuple[Sum, Exact]:
        """The multiple of a sum that stands for all, and how many times that it is."""
        key, size = ray(base)
        return self.rays[key], over(size, ray(self.rays[key])[1])

    def multiples(self, exponent: Exponent) -> list[tuple[Term, Exact]]:
        """An exponent of e as positive multiples of those that are there, x + 2*y of x and y, 2*x - 2*y of x - y.

        A power of another exponent, or of the opposite of one, may overflow where those that are there do not.
        """
        terms, found = self.terms, list[tuple[Term, Exact]]()
        for part in summands(terms, exponent) if type(exponent) is Sum else (terms.as_term(exponent),):
            size, body = parted(terms, part)
            if exact.is_decimal(size):  # as a power it would be written otherwise
                size, body = 1, part
            found.append((terms.scaled(-1, body), -size) if size < 0 else (body, size))
        if type(exponent) is not Sum or all(body in self.exponents for body, _ in found):
            return found
        step = self.steps.get(ray(exponent)[0], exponent) if len(exponent.items) <= LONG else exponent
        ratio = over(ray(exponent)[1], ray(step)[1]) if step is not exponent else 1
        return [(step, ratio)] if type(ratio) is int and ratio > 1 else [(exponent, 1)]

    def apart(self, base: Term, exponent: Term, found: dict[Term, Exact]) -> None:
        """base^(n + 2) as base^n and base^2, and base^-n and base^(2*n) as powers of base^n, if there are several."""
        terms = self.terms
        if terms.is_e(base):
            for body, size in self.multiples(exponent):
                join(found, terms.body(((base, body),)), size)
            return
        plain = type(base) is not Product or base.coefficient == 1
        if type(exponent) is Sum and type(exponent.constant) is int and exponent.constant and plain:
            shift = exponent.constant
            for one, power in factors_of(base):
                if isinstance(power, Term):
                    self.apart(one, terms.as_term(terms.times_exponent(power, shift)), found)
                else:
                    join(found, one, times(power, shift))
            exponent = terms.sum((exponent, terms.exact(-shift)))
        size, body = split(exponent)
        if type(size) is int and (base, body) in self.several:
            join(found, raised(terms, base, body), size)
        elif type(exponent) is Product and exponent.coefficient < 0:
            join(found, raised(terms, base, terms.make(ops.MUL, (terms.minus_one, exponent))), -1)
        else:
            join(found, raised(terms, base, exponent), 1)

    def squared(self, powers: Powers) -> Powers:
        """(1 - u)*(1 + u) as 1 - u^2 and hypot(u, v) as the root of u^2 + v^2, if such a sum is among the bases."""
        found: dict[Term, Exact] = {}
        left = dict(powers)
        while left:
            base, power = left.popitem()
            whole: Term | None = None
            if type(base) is Product and len(base.factors) == 2:
                (one, first), (other, second) = base.factors
                if first == second == 1 and base.coefficient == 1:
                    whole = difference(self.terms, one, other)
            elif is_length(base):
                whole = self.squares(base)
                power = over(power, 2)
            elif type(base) is Sum and base.constant:
                for other in [other for other in left if left[other] == power]:
                    whole = self.known(difference(self.terms, base, other))
                    if whole is not None:
                        del left[other]
                        break
            known = self.known(whole)
            if known is None:
                join(found, base, powers[base])
            else:
                self.changed = True
                join(found, known, power)
        return found

    def squares(self, length: Term) -> Term:
        """u^2 + v^2 of hypot(u, v)."""
        return self.terms.sum([raised(self.terms, arg, 2) for arg in parts(length)])

    def known(self, term: Term | None) -> Term | None:
        """The same sum among the bases."""
        if type(term) is not Sum:
            return None
        key, size = ray(term)
        found = self.rays.get(key)
        return found if found is not None and ray(found)[1] == size else None

    # --- back to terms ---------------------------------------------------------------------------------------

    def term(self, monomial: Monomial) -> Term:
        """A monomial as a term."""
        coefficient, powers = monomial
        factors = [raised(self.terms, base, power) for base, power in powers.items()]
        return self.terms.make(ops.MUL, (self.terms.exact(coefficient), *factors))

    def sum(self, monomials: Iterable[Monomial]) -> Term:
        """The sum of some monomials."""
        return self.terms.sum([self.term(one) for one in monomials])

    def multiplied_out(self, monomials: Sequence[Monomial], below: Powers) -> Term | None:
        """The sum of the monomials with sums multiplied out; None where that may lose digits or there is nothing to.

        A sum whose summands have one sign loses nothing, so the square of a length does not, nor does it lose anything
        if that, or one that is exact, is all that is left. Else another one is multiplied out if all of its summands,
        or where it stands below too all but one, meet one of their own size among what loses nothing: its rounding
        errors are there already.
        """
        if not any(type(base) is Sum or is_length(base) for _, powers in monomials for base in powers):
            return None
        repeated = repeated_in([powers for _, powers in monomials])
        found: list[Opened] = []
        for one in monomials:
            way = self.ways(one, below, repeated)
            if way is None or sum(len(other.safe) for other in found) + len(way.safe) > 2 * LONG:
                return None
            found.append(way)
        everything = [piece for way in found for piece in way.whole]
        if len(everything) > len(monomials):
            total = self.terms.sum(everything)
            if type(total) is not Sum or steady(total) or is_exact(total):
                return total
        plain: dict[Term, Exact] = {}
        for piece in (piece for way in found if not way.is_under and not way.is_more for piece in way.safe):
            size, body = parted(self.terms, piece)
            plain[body.same] = max(exact.magnitude(size), plain.get(body.same, 0))
        pieces: list[Term] = []
        for way in found:
            if way.is_under and not meet(self.terms, way.safe, plain):
                return None
            pieces += way.whole if way.is_more and meet(self.terms, way.whole, plain, but=0) else way.safe
        opened = len(monomials) < len(pieces) <= 2 * LONG or any(way.is_under for way in found)
        return self.terms.sum(pieces) if opened else None

    def ways(self, monomial: Monomial, below: Powers, repeated: Collection[Term]) -> Opened | None:
        """The summands of a monomial with its sums multiplied out; None for too many."""
        powers = monomial[1]
        sums = [base for base in above(monomial) if powers[base] < 4]
        risky = risky_of(powers, sums, repeated)
        chosen: list[Term] = [base for base in sums if base not in risky or below.get(base, 0) < 0]
        chosen += [base for base, power in powers.items() if is_length(base) and power in (2, 4)]
        is_under = any(base in risky for base in chosen)
        opened = self.opened(monomial, chosen)
        safe = opened if is_under or opened is None else self.opened_wholly(opened, repeated)
        if safe is None:
            return None
        left = [base for base in sums if base not in chosen]
        return Opened(safe, (self.opened(monomial, [*chosen, *left]) if left else opened) or safe, is_under)

    def opened_wholly(self, pieces: Sequence[Term], repeated: Collection[Term]) -> list[Term] | None:
        """Summands with the sums in them multiplied out too where that loses nothing; None for more than LONG."""
        inside_too = {*repeated}
        done: list[Term] = []
        waiting = [*reversed(pieces)]
        while waiting:
            piece = waiting.pop()
            number, body = parted(self.terms, piece)
            powers = {base: power for base, power in factors_of(body) if not isinstance(power, Term)}
            sums = above((number, powers))
            for base in sums:
                inside_too |= repeated_in([dict(factors_of(one)) for one, _ in base.items])
            if not sums or len(powers) < len(factors_of(body)) or risky_of(powers, sums, inside_too):
                done.append(piece)
            else:
                inside = self.opened((number, powers), sums)
                if inside is None or len(done) + len(waiting) + len(inside) > LONG:
                    return None
                waiting += reversed(inside)
        return done

    def opened(self, monomial: Monomial, sums: Sequence[Term]) -> list[Term] | None:
        """A monomial with powers of some sums and lengths multiplied out, None where it has more than LONG summands."""
        coefficient, powers = monomial
        pieces = [self.term((coefficient, {base: power for base, power in powers.items() if base not in sums}))]
        for base in sums:
            whole, power = (base, powers[base]) if type(base) is Sum else (self.squares(base), over(powers[base], 2))
            inside = summands(self.terms, whole) if type(whole) is Sum else [whole]
            for _ in range(power.numerator):
                total = self.terms.sum([self.terms.make(ops.MUL, (piece, one)) for piece in pieces for one in inside])
                pieces = summands(self.terms, total) if type(total) is Sum else [total]
                if len(pieces) > LONG:
                    return None
        return pieces


def bases_of(terms: Terms, term: Sum | Product) -> Bases:
    """The bases of a sum or a product, looked for once."""
    known: Bases | None = terms.bases.get(term)
    if known is None:
        known = terms.bases[term] = Bases(terms, term)
    return known


def risky_of(powers: Powers, sums: Sequence[Sum], repeated: Collection[Term]) -> list[Sum]:
    """Of the sums in a product those that lose digits if they are multiplied out.

    Those lose none whose summands have one sign, nor does a single one that is rounded itself: its error is as large,
    unless it is ``repeated`` in other products, where the same error may cancel.
    """
    risky = [base for base in sums if not steady(base) or powers[base] > 3]
    is_harmless = len(risky) == 1 and powers[risky[0]] == 1 and not is_exact(risky[0]) and risky[0] not in repeated
    return [] if is_harmless else risky


def repeated_in(products: Iterable[Mapping[Term, object]]) -> set[Term]:
    """The sums that are factors of more than one product."""
    seen: set[Term] = set()
    found: set[Term] = set()
    for powers in products:
        sums = {base for base in powers if type(base) is Sum}
        found |= sums & seen
        seen |= sums
    return found


def above(monomial: Monomial) -> list[Sum]:
    """The sums that a monomial has a whole power of."""
    return [base for base, power in monomial[1].items() if type(base) is Sum and type(power) is int and power > 0]


def join(powers: dict[Term, Exact], base: Term, power: Exact) -> None:
    """Multiply by a power."""
    total = plus(powers.get(base, 0), power)
    if total:
        powers[base] = total
    else:
        powers.pop(base, None)


def divided(powers: Powers, outside: Powers) -> Powers:
    """Powers without what is outside."""
    left = dict(powers)
    for base, power in outside.items():
        join(left, base, -power)
    return left


def difference(terms: Terms, one: Term, other: Term) -> Term | None:
    """(a + u)*(a - u) as a^2 - u^2, for a number a."""
    if type(one) is not Sum or type(other) is not Sum or len(one.items) != len(other.items):
        return None
    if not one.constant or not other.constant:
        return None
    factors = dict(one.items)
    for body, factor in other.items:
        if times(factors.get(body, 0), other.constant) != -times(factor, one.constant):
            return None
    square = raised(terms, terms.sum([terms.scaled(factor, body) for body, factor in other.items]), 2)
    ratio = terms.exact(-over(one.constant, other.constant))
    return terms.sum((terms.exact(times(one.constant, other.constant)), terms.make(ops.MUL, (ratio, square))))


def over_number(terms: Terms, term: Sum, number: Exact) -> Term:
    """A sum over a number that all its coefficients are multiples of."""
    part = terms.exact(exact.over(1, number))
    return terms.sum([terms.make(ops.MUL, (part, one)) for one in summands(terms, term)])


def turned(terms: Terms, term: Sum) -> Turned | None:
    """A sum as the power of e in it times another; None where there is not one: a softmax keeps its exponentials."""
    if term not in terms.turned:
        pieces = summands(terms, term)
        powers = [one for piece in pieces for one in factors_of(parted(terms, piece)[1]) if terms.is_e(one[0])]
        found: Term | None = None
        if len(powers) == 1 and isinstance(powers[0][1], Term):
            ((e, exponent),) = powers
            down = raised(terms, e, terms.times_exponent(exponent, -1))
            others = [terms.make(ops.MUL, (piece, down)) for piece in pieces]
            if not any(type(one) is Sum for one in others):
                found = terms.sum([*others[1:], others[0]] if term.constant and term.constant_first else others)
        terms.turned[term] = Turned(found, exponent) if type(found) is Sum else None
    known: Turned | None = terms.turned[term]
    return known


def summands(terms: Terms, term: Sum) -> list[Term]:
    """The summands of a sum as terms."""
    return term.with_constant([terms.scaled(factor, body) for body, factor in term.items], terms.exact(term.constant))


def meet(terms: Terms, opened: Sequence[Term], plain: Mapping[Term, Exact], *, but: int = 1) -> bool:
    """Whether all summands of an opened sum but so many meet one of their own size: what rounds is there already."""
    met = 0
    for one in opened:
        size, body = parted(terms, one)
        other = exact.magnitude(plain.get(body.same, 0))
        met += 0 < other <= NEAR * exact.magnitude(size) <= NEAR * NEAR * other
    return met >= len(opened) - but


def parted(terms: Terms, term: Term) -> tuple[Exact, Term]:
    """The coefficient and the body of any term."""
    return (term.value, terms.one) if type(term) is Number else split(term)


def steady(term: Sum) -> bool:
    """Whether the summands of a sum have one sign wherever it is finite, so that nothing cancels."""
    signs = {factor > 0 for _, factor in term.items} | ({term.constant > 0} if term.constant else set())
    return len(signs) == 1 and all(not_negative(body) for body, _ in term.items)


def is_exact(term: Sum) -> bool:
    """Whether a sum of two summands is exact where it cancels: x - y of variables and numbers, x + 2*y, not 3*x - y.

    A third summand, or one that has been rounded, leaves an error of its own size there.
    """
    return len(term.items) + (term.constant != 0) == 2 and all(
        isinstance(body, Variable | Constant) and exact.is_power_of_two(factor) for body, factor in term.items
    )
