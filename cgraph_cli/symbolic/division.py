"""Sums as polynomials in their bases: one is divided by another where nothing is left over."""

from __future__ import annotations

from cgraph_cli.symbolic import ops
from cgraph_cli.symbolic.exact import Exact, over, plus, times
from cgraph_cli.symbolic.kinds import LONG, Sum, Term, factors_of
from cgraph_cli.symbolic.powers import raised
from cgraph_cli.symbolic.terms import Terms

Places = dict[Term, int]


def quotient(terms: Terms, top: Sum, bottom: Sum) -> Term | None:
    """top/bottom as a sum of monomials, None where something is left over or it has more than LONG summands."""
    if len(top.items) > LONG or len(bottom.items) > LONG:
        return None
    places: Places = {}
    divisor, left = polynomial(bottom, places), polynomial(top, places)
    if divisor is None or left is None:
        return None
    bases, size = list(places), len(places)
    divisor = {powers + (0,) * (size - len(powers)): factor for powers, factor in divisor.items()}
    lead = max(divisor)
    found: list[Term] = []
    while left:
        first = max(left)
        powers = tuple(one - other for one, other in zip(first, lead, strict=True))
        if min(powers) < 0 or len(found) > LONG:
            return None
        factor = over(left[first], divisor[lead])
        bodies = [raised(terms, base, power) for base, power in zip(bases, powers, strict=True)]
        found.append(terms.make(ops.MUL, [terms.exact(factor), *bodies]))
        for monomial, coefficient in divisor.items():
            at = tuple(one + other for one, other in zip(monomial, powers, strict=True))
            value = plus(left.get(at, 0), -times(factor, coefficient))
            if value:
                left[at] = value
            else:
                left.pop(at, None)
    return terms.sum(found)


def polynomial(term: Sum, places: Places) -> dict[tuple[int, ...], Exact] | None:
    """Coefficients by the powers of the bases at their places, None where a power is no whole number above 0."""
    for body, _ in term.items:
        for base, exponent in factors_of(body):
            if type(exponent) is not int or exponent < 0:
                return None
            places.setdefault(base, len(places))
    found: dict[tuple[int, ...], Exact] = {}
    for body, coefficient in term.items:
        powers = [0] * len(places)
        for base, exponent in factors_of(body):
            assert isinstance(exponent, int)
            powers[places[base]] = exponent
        found[tuple(powers)] = coefficient
    if term.constant:
        found[(0,) * len(places)] = term.constant
    return found
