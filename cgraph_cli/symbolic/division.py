"""Sums as polynomials in their bases: quotients where nothing is left over, and squares."""

from __future__ import annotations

from cgraph_cli.light import Iterator
from cgraph_cli.symbolic import ops
from cgraph_cli.symbolic.exact import Exact, fraction, magnitude, over, plus, root, times
from cgraph_cli.symbolic.kinds import LONG, Sum, Term, factors_of, has_decimals
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


def square(terms: Terms, term: Sum) -> Iterator[Term]:
    """p^2 - 2*p*t + t^2 = (p - t)^2, which keeps the digits that the sum loses where p is near t."""
    places: Places = {}
    found = polynomial(term, places) if len(term.items) in (2, 3) and not has_decimals(term) else None
    if found is None or len(found) != 3:
        return
    for middle, between in found.items():
        (one, first), (other, second) = [(powers, factor) for powers, factor in found.items() if powers is not middle]
        a, b = (root(magnitude(factor), fraction(1, 2)) for factor in (first, second))
        halves = all(not x % 2 and not y % 2 and x + y == 2 * z for x, y, z in zip(one, other, middle, strict=True))
        if a is None or b is None or not halves or first * second < 0 or magnitude(between) != 2 * times(a, b):
            continue
        inside = []
        for size, powers in ((a, one), (b if first * between > 0 else -b, other)):
            roots = [raised(terms, base, power // 2) for base, power in zip(places, powers, strict=True)]
            inside.append(terms.make(ops.MUL, (terms.exact(size), *roots)))
        whole = raised(terms, terms.sum(inside), 2)
        yield whole if first > 0 else terms.make(ops.NEG, (whole,))
