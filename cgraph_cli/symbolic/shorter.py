"""The shorter of equal terms: identities, common factors taken out, quotients on one denominator.

Shorter is by the characters of the printed formula. No form is taken that loses digits in doubles: a sum that may
cancel is not multiplied out, but where its rounding errors stand beside it already.
"""

from __future__ import annotations

from itertools import chain

from cgraph_cli.light import Iterable, Iterator, Sequence, operator
from cgraph_cli.symbolic import choices, exact, identities, ops, quotients
from cgraph_cli.symbolic.division import quotient, square
from cgraph_cli.symbolic.exact import Exact, Unfit, over
from cgraph_cli.symbolic.kinds import (
    LONG,
    Call,
    Product,
    Sum,
    Term,
    Variable,
    factors_of,
    grows,
    has_decimals,
    is_negative,
    is_rather,
    is_turned,
    parts,
)
from cgraph_cli.symbolic.monomials import (
    Bases,
    Monomial,
    Powers,
    above,
    bases_of,
    divided,
    is_exact,
    meet,
    over_number,
    parted,
    steady,
    summands,
)
from cgraph_cli.symbolic.powers import raised
from cgraph_cli.symbolic.products import content
from cgraph_cli.symbolic.terms import Terms
from cgraph_cli.symbolic.write import Lengths

BOTH = 2  # as deep as this the form that is longer at first is shortened too
DEEP = 30  # factors taken out inside each other
MOST_LOOKED_AT = 6_000  # parts of terms, in all: about a second; what is left then stays as long as it is


class Shorter:
    """Finds shorter forms of terms, each once."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.lengths = Lengths(terms)
        self.done: dict[Term, Term] = {}
        self.best: dict[Term, Term] = {}
        self.changed = False
        self.depth = 0
        self.left = MOST_LOOKED_AT

    def __call__(self, term: Term) -> Term:
        """The shortest form that is found; a loop, since terms can be nested without limit."""
        done = self.done
        stack = [(term, False)] if self.left > 0 or self.changed else []
        while stack:
            part, ready = stack.pop()
            if part in done:
                continue
            if type(part) is Variable:
                done[part] = part
                continue
            inner = () if ready or part.tainted else [(one, False) for one in parts(part) if one not in done]
            if inner:
                stack.append((part, True))
                stack.extend(reversed(inner))
            else:
                found = done[part] = self.improved(self.rebuilt(part) if self.changed else part)
                self.changed = self.changed or found is not part
        return done.get(term, term)

    def rebuilt(self, term: Term) -> Term:
        """A term over the short forms of its parts."""
        if term.tainted:
            return term
        if type(term) is Sum:
            return self.terms.over(term, lambda one: self.over_short(one) if type(one) is Product else self.done[one])
        return self.over_short(term)

    def over_short(self, term: Term) -> Term:
        """A term over the short forms of its parts, but of exponents that say what power is meant: x^(n - 1)."""
        exponents = {one for _, one in term.factors} if type(term) is Product else ()

        def made(part: Term) -> Term:
            found = self.done.get(part, part)  # what was typed may be no factor: -x/y of the product x*(-1/y)
            return part if part in exponents and type(part) is Sum and type(found) is not Sum else found

        return self.terms.over(term, made)

    def improved(self, term: Term) -> Term:
        """The shortest form that is found of a term whose parts have theirs."""
        known = self.best.get(term)
        if known is None and self.depth < DEEP and self.left > 0:
            self.depth += 1
            self.left -= len(parts(term))
            try:
                known = self.step(term)
            except Unfit:
                known = term
            if known is not term:
                known = self.improved(known)
            self.depth -= 1
            self.best[term] = known
        return term if known is None else known

    def step(self, term: Term) -> Term:
        """A shorter form, or the term itself."""
        terms = self.terms
        if type(term) is Sum:
            if is_promising_sum(term):
                ways = (
                    choices.by_cases,
                    identities.of_sum,
                    square,
                    self.opened,
                    self.factored,
                    self.primitive,
                    quotients.on_one,
                    self.multiplied_out,
                )
                for offered in ways:
                    found = self.shortest(term, offered(terms, term))
                    if found is not term:
                        return found
            old = summands(terms, term)
            new = [one if cancels(parted(terms, one)[1], term) else self.improved(one) for one in old]
            return term if all(map(operator.is_, old, new)) else terms.sum(new)
        if type(term) is Product:
            offers = chain(quotients.shorter(terms, term), self.spread(terms, term))
            found = self.shortest(term, offers) if quotients.is_promising(term) else term
            found = found if found is not term else self.without_content(terms, term)
            if found is not term:
                return found
            return terms.over(term, lambda part: self.improved(part) if type(part) is Sum else part)
        if type(term) is Call and not term.tainted:
            return self.shortest(term, quotients.of_call(terms, term))
        return term

    def shortest(self, term: Term, offered: Iterable[Term]) -> Term:
        """The shortest of a term and what it equals; of two as long ones a product rather than a sum nobody typed."""
        best, least = term, -1
        for one in offered:
            if one is not best and not one.tainted:
                least = self.lengths.of(best) - is_turned(best) if least < 0 else least
                size = self.lengths.of(one)
                if size < least or (size == least and is_rather(one, best)):
                    best, least = one, size
        return best

    def multiplied_out(self, terms: Terms, term: Sum) -> Iterator[Term]:
        """(1 - x)^2 + (1 + x)^2 = 2 + 2*x^2, (1 - x*y)^2 + (x + y)^2 = (1 + x^2)*(1 + y^2), where nothing is lost."""
        bases = bases_of(terms, term)
        if any(type(base) is Sum and power > 1 for _, powers in bases.monomials for base, power in powers.items()):
            found = bases.multiplied_out(bases.monomials, {})
            if found is not None:
                yield found
            squares = [power for _, powers in bases.monomials for power in powers.values()] == [2, 2]
            if squares and type(found) is Sum and len(found.items) + bool(found.constant) == 4:
                opened = bases_of(terms, found)
                yield from self.pairs(opened, opened.monomials)

    # --- sums ------------------------------------------------------------------------------------------------

    def factored(self, terms: Terms, term: Sum) -> Iterator[Term]:
        """A sum with what its summands share taken out: all of them, else group by group."""
        bases, monomials = self.monomials(term)
        if not shares(monomials):
            if bases.changed:
                yield bases.sum(monomials)
            return
        whole = self.taken_out(bases, monomials)
        if whole is not None:
            yield whole
            return
        pieces: dict[int, Term] = {}
        taken: set[int] = set()
        for indices in self.groups(monomials):
            group = [index for index in indices if index not in taken]
            chosen = [monomials[index] for index in group]
            piece = self.taken_out(bases, chosen) if len(group) > 1 else None
            if piece is not None and self.lengths.of(piece) < self.lengths.of(bases.sum(chosen)):
                pieces[group[0]] = piece
                taken.update(group)
        if pieces:
            kept = [index for index in range(len(monomials)) if index in pieces or index not in taken]
            yield terms.sum([pieces[index] if index in pieces else bases.term(monomials[index]) for index in kept])
            return
        if bases.changed:
            yield bases.sum(monomials)
        if len(monomials) == 4:
            yield from self.pairs(bases, monomials)

    def pairs(self, bases: Bases, monomials: Sequence[Monomial]) -> Iterator[Term]:
        """x*z - x*w + y*z - y*w = (x + y)*(z - w), where half of it alone is no shorter."""
        for group in self.groups(monomials):
            halves = [[monomials[index] for index in range(4) if (index in group) == first] for first in (True, False)]
            if len(group) == 2:
                total = self.terms.sum([self.taken_out(bases, half) or bases.sum(half) for half in halves])
                found = self.improved(total) if type(total) is Sum else total
                if type(found) is Product:
                    yield found

    def spread(self, terms: Terms, term: Product) -> Iterator[Term]:
        """x*(y^2 + y*z) = x*y*(y + z), where a sum alone would be no shorter."""
        for base, exponent in term.factors if len(term.factors) <= LONG else ():
            if type(base) is Sum and type(exponent) is int and len(base.items) <= LONG and not base.constant:
                bases = bases_of(terms, base)
                outside = shared(bases.monomials)
                if outside:
                    inside = bases.sum([(number, divided(powers, outside)) for number, powers in bases.monomials])
                    front, rest = (raised(terms, one, exponent) for one in (bases.term((1, outside)), inside))
                    yield terms.make(ops.MUL, (*quotients.without(terms, term, base), front, rest))

    def without_content(self, terms: Terms, term: Product) -> Term:
        """x*(6 - 6*x) = 6*x*(1 - x) and y*(x/2 - 1/2) = y*(x - 1)/2, where nobody typed that and it is no longer."""
        for base, exponent in term.factors:
            if type(base) is Sum and not base.typed and type(exponent) is int and not has_decimals(base):
                common = content(base)
                scale = None if common == 1 else exact.power(common, exponent)
                if scale is not None and not any(type(one) is Sum and abs(by) == common for one, by in base.items):
                    inside = raised(terms, over_number(terms, base, common), exponent)
                    found = terms.make(ops.MUL, (*quotients.without(terms, term, base), terms.exact(scale), inside))
                    if found is not term and self.lengths.of(found) <= self.lengths.of(term):
                        return found
        return term

    def monomials(self, term: Sum) -> tuple[Bases, Sequence[Monomial]]:
        """The monomials of a sum, as few as possible."""
        bases = bases_of(self.terms, term)
        found = gathered(term, bases.monomials)
        if found is bases.monomials and len(term.items) <= LONG and any(type(body) is Sum for body, _ in term.items):
            inside = self.terms.sum(
                [one for part in summands(self.terms, term) for one in opened_once(self.terms, part)]
            )
            if type(inside) is Sum:
                others = bases_of(self.terms, inside)
                better = gathered(inside, others.monomials)
                if better is not others.monomials:
                    return others, better
        return bases, found

    def groups(self, monomials: Sequence[Monomial]) -> list[list[int]]:
        """Monomials that share a base above, or below; first where the most characters are saved.

        Those with e^x, e^(2*x), e^(3*x) or x^n, x^(2*n) are no group: such a sum is easier to read than Horner's form.
        """
        found: dict[tuple[Term, Exact], list[int]] = {}
        heights: dict[Term, set[Exact]] = {}
        for _, powers in monomials:
            for base, power in powers.items():
                if grows(base):
                    heights.setdefault(base, set()).add(power)
        for index, (_, powers) in enumerate(monomials):
            for base, power in powers.items():
                apart = len(heights.get(base, ())) > (2 if self.terms.is_e(factors_of(base)[0][0]) else 1)
                found.setdefault((base, power if apart else int(power > 0)), []).append(index)
        scored = []
        for (base, _), indices in found.items():
            if len(indices) > 1:
                least = min((monomials[index][1][base] for index in indices), key=exact.magnitude)
                scored.append(((len(indices) - 1) * self.lengths.of(raised(self.terms, base, least)), indices))
        return [indices for _, indices in sorted(scored, key=lambda one: -one[0])]

    def taken_out(self, bases: Bases, monomials: Sequence[Monomial]) -> Term | None:
        """Some monomials as the product of what they share and a sum, on one denominator."""
        outside = shared(monomials)
        if not outside:
            return None
        inside = [(coefficient, divided(powers, outside)) for coefficient, powers in monomials]
        inside.sort(key=lambda one: not is_exact_sum(one))  # stably: opened, 1 - t is computed before t*x is taken off
        ways = [bases.sum(inside)]
        turned: Iterator[Term] = iter(())
        if len(monomials) <= LONG:
            cancelled = self.cancelled(bases, inside, outside)
            without = next(cancelled, None)
            if without is not None:
                return without
            turned = filter(None, cancelled)
            opened = bases.multiplied_out(inside, outside)
            if opened is not None:
                if self.depth <= BOTH:
                    ways.append(opened)
                else:
                    ways = [self.shortest(ways[0], [opened])]
        front = bases.term((1, outside))
        above = [self.improved(way) for way in ways]
        above += [self.improved(way) for one in above[1:] for way in self.opened_again(one, outside)]
        found = [self.improved(self.terms.make(ops.MUL, (front, way))) for way in above]
        return self.shortest(found[0], chain(found[1:], turned))

    def opened_again(self, term: Term, outside: Powers) -> Iterator[Term]:
        """What is left of a numerator multiplied out once more, if that is shorter: now like terms have met."""
        if type(term) is Sum and len(term.items) <= LONG:
            bases = bases_of(self.terms, term)
            found = bases.multiplied_out(bases.monomials, outside)
            if found is not None and self.lengths.of(found) < self.lengths.of(term):
                yield found

    def cancelled(self, bases: Bases, inside: Sequence[Monomial], outside: Powers) -> Iterator[Term | None]:
        """A quotient without a denominator that its numerator is a multiple of, None if there is none such; then those
        whose numerator is one by an identity.
        """
        below = [base for base, power in outside.items() if type(base) is Sum and type(power) is int and power < 0]
        pieces: list[Term] = []
        for one in inside if below else ():
            out = bases.opened(one, above(one))
            if out is None:
                return
            pieces += out
        if pieces:
            total = self.terms.sum(pieces)
            yield self.over(total, bases, below, outside, len(inside))
            for whole in identities.of_sum(self.terms, total) if type(total) is Sum else ():
                yield self.over(whole, bases, below, outside, len(inside))

    def over(self, whole: Term, bases: Bases, below: Sequence[Sum], outside: Powers, most: int) -> Term | None:
        """A sum over what stands below it, without what it is a multiple of; None where there is nothing like that."""
        left = dict(outside)
        for base in below:
            while left[base] < 0 and type(whole) is Sum:
                found = quotient(self.terms, whole, base)
                if found is None or (type(found) is Sum and len(found.items) > most):
                    break
                whole = found
                left[base] += 1
        if left == outside:
            return None
        return self.improved(self.terms.make(ops.MUL, (bases.term((1, left)), self.improved(whole))))

    def opened(self, terms: Terms, term: Sum) -> Iterator[Term]:
        """Multiples of sums opened: 2*(x - y) + 3*(x + y) = 5*x + y."""
        sums = [body for body, _ in term.items if type(body) is Sum]
        if sums and sum(len(body.items) for body in sums) + len(term.items) <= 2 * LONG:
            plain = {body.same: factor for body, factor in term.items if type(body) is not Sum}
            found: list[Term] = []
            for one in summands(terms, term):
                out = opened_once(terms, one)
                factor, body = parted(terms, one)
                steadily = steady(body) if type(body) is Sum else True
                steadily = steadily or (exact.is_power_of_two(factor) and not cancels(body, term))
                found += out if steadily or meet(terms, out, plain) else [one]
            yield terms.sum(found)

    def primitive(self, terms: Terms, term: Sum) -> Iterator[Term]:
        """The number that all coefficients are multiples of, before the sum."""
        common = -content(term) if is_negative(term) else content(term)
        opens = any(factor in (common, -common) and cancels(body, term) for body, factor in term.items)
        if common != 1 and not opens and not has_decimals(term):
            yield terms.make(ops.MUL, (terms.exact(common), over_number(terms, term, common)))


def is_promising_sum(term: Sum) -> bool:
    """Whether a sum is worth a closer look: a base in two summands, a function of an identity, a sum inside."""
    seen: set[Term] = set()
    unit = bool(term.constant) and term.constant in (1, -1)
    for body, factor in term.items:
        unit = unit or factor in (1, -1)
        for base, exponent in factors_of(body):
            kind = type(base)
            if base in seen or kind is Sum or kind is Product:
                return True
            if type(base) is Call and exponent == 1:
                if identities.LEAST.get(base.op) == 1 or base.op is ops.WHERE:
                    return True
            elif type(base) is Call and base.op in identities.LEAST:
                return True
            seen.add(base)
    return not unit


def opened_once(terms: Terms, term: Term) -> list[Term]:
    """A number times a sum as its summands; any other term as it is."""
    factor, body = parted(terms, term)
    if type(body) is not Sum:
        return [term]
    return [terms.make(ops.MUL, (terms.exact(factor), one)) for one in summands(terms, body)]


def cancels(part: Term, whole: Sum) -> bool:
    """Whether a part of a sum is a sum that would lose digits if it were opened: exact, and alone where it is small.

    Another sum over all that it is over is not small there.
    """
    if type(part) is not Sum or not is_exact(part):
        return False
    bodies = {body for body, _ in part.items}
    others = [body for body, _ in whole.items if type(body) is Sum and body is not part]
    return not any(bodies <= {body for body, _ in other.items} for other in others)


def is_exact_sum(monomial: Monomial) -> bool:
    """Whether a monomial is a sum that is exact where it cancels."""
    coefficient, powers = monomial
    return (
        coefficient in (1, -1)
        and [*powers.values()] == [1]
        and all(type(one) is Sum and is_exact(one) for one in powers)
    )


def gathered(term: Sum, monomials: Sequence[Monomial]) -> Sequence[Monomial]:
    """x - y + z*(x - y) as (x - y) + z*(x - y): a sum that stands opened beside a multiple of itself."""
    if len(term.items) > LONG:
        return monomials
    present = {body.same: factor * body.sign for body, factor in term.items}
    for base in dict.fromkeys(base for _, powers in monomials for base, power in powers.items() if power == 1):
        if type(base) is not Sum:
            continue
        ratios = {over(present.get(body.same, 0), factor * body.sign) for body, factor in base.items}
        ratios |= {over(term.constant, base.constant)} if base.constant else set()
        if len(ratios) == 1 and (ratio := ratios.pop()) != 0:
            gone = {body.same for body, _ in base.items} | ({None} if base.constant else set())
            bodies: list[Term | None] = [body.same for body, _ in term.items]
            at = term.with_constant(bodies, None)
            return [(ratio, {base: 1}), *(one for one, body in zip(monomials, at, strict=True) if body not in gone)]
    return monomials


def shares(monomials: Sequence[Monomial]) -> bool:
    """Whether any two monomials have a base in common."""
    bases = [base for _, powers in monomials for base in powers]
    return len({*bases}) < len(bases)


def shared(monomials: Sequence[Monomial]) -> Powers:
    """The powers that all monomials have in common: the lowest of each base, of x^n and x^-n none, or both grow."""
    found: dict[Term, Exact] = {}
    for base in monomials[0][1]:
        powers = [powers.get(base, 0) for _, powers in monomials]
        least, most = min(powers), max(powers)
        if 0 not in powers and (least > 0 or most < 0 or not grows(base)):
            found[base] = least
    return found
