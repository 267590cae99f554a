"""Shorter forms of products and quotients; each is offered, and the shortest is taken."""

from __future__ import annotations

from math import lcm

from cgraph_cli.light import Collection, Iterator, Sequence
from cgraph_cli.limits import LEAST_NORMAL
from cgraph_cli.symbolic import exact, identities, ops
from cgraph_cli.symbolic.division import quotient
from cgraph_cli.symbolic.exact import Exact, over, times
from cgraph_cli.symbolic.kinds import (
    LONG,
    Call,
    Exponent,
    Number,
    Product,
    Sum,
    Term,
    Variable,
    factors_of,
    grows,
    has_decimals,
    not_negative,
)
from cgraph_cli.symbolic.monomials import (
    Monomial,
    bases_of,
    difference,
    divided,
    is_exact,
    over_number,
    parted,
    steady,
    summands,
    turned,
)
from cgraph_cli.symbolic.powers import raised
from cgraph_cli.symbolic.products import content
from cgraph_cli.symbolic.terms import Terms

LONG_NUMBER = 1000  # a quotient with a larger denominator may be shorter as a decimal


def is_promising(term: Product) -> bool:
    """Whether a product is worth a closer look: two functions, a sign, a sum, a product or a number as a factor."""
    calls = 0
    for base, exponent in term.factors:
        kind = type(base)
        if kind is Sum or kind is Product or kind is Number:
            return True
        if type(base) is Call:
            calls += 2 if base.op is ops.SIGN or (exponent == -1 and base.op in identities.OF_PRODUCT) else 1
    return calls > 1 or term.coefficient.denominator > LONG_NUMBER


def shorter(terms: Terms, term: Product) -> Iterator[Term]:
    """What a product equals and may be shorter."""
    if len(term.factors) > LONG:
        return
    yield from identities.of_product(terms, term)
    sums = [base for base, _ in term.factors if type(base) is Sum and len(base.items) <= LONG]
    if sums:
        yield from over_sums(terms, term, sums)
    kept_whole = [base for base, exponent in term.factors if type(base) is Product and type(exponent) is int]
    if kept_whole:
        yield from merged(terms, term, kept_whole)
    for base, exponent in term.factors:
        if type(base) is Product and type(exponent) is not int:
            yield from rooted(terms, term, base, exponent)
            yield from apart(terms, term, base, exponent)
        elif type(base) is Call and base.op is ops.SIGN and exponent == 1:
            yield from signs(terms, term, base)
        elif type(base) is Call and base.op is ops.ABS:
            yield from sizes(terms, term, base, exponent)
    yield from numbers(terms, term)


def without(terms: Terms, term: Product, *bases: Term) -> list[Term]:
    """The number and the factors of a product, but those with some bases."""
    kept = [raised(terms, base, exponent) for base, exponent in term.factors if base not in bases]
    return [terms.exact(term.coefficient), *kept]


def over_sums(terms: Terms, term: Product, sums: Sequence[Sum]) -> Iterator[Term]:
    powers = dict(term.factors)
    if len(sums) > 1:
        for index, one in enumerate(sums):
            for other in sums[index + 1 :]:
                yield from conjugates(terms, term, one, other)
                for up, down in ((one, other), (other, one)):
                    over, under = powers[up], powers[down]
                    if type(over) is type(under) is int and over > 0 > under:
                        found = quotient(terms, up, down)  # (x^2 - 1)/(x - 1) = x + 1
                        if found is not None:
                            yield terms.make(ops.MUL, (term, raised(terms, up, -1), down, found))
    bases = bases_of(terms, term)
    if bases.changed:
        yield bases.term(bases.monomials[0])
    for up in sums:
        if powers[up] == 1 and len(up.items) == len(term.factors) == 2 and not up.constant:
            yield from split(terms, term, up)
    for base in sums:
        for found in cleared(terms, without(terms, term, base), base, powers[base]):
            yield found
            yield from without_exponential(terms, found)
        yield from primitive(terms, term, base, powers[base])
    yield from without_exponential(terms, term)
    if len(term.factors) == 1 and powers[sums[0]] == 1 and exact.is_power_of_two(term.coefficient):
        yield terms.sum([terms.make(ops.MUL, (terms.exact(term.coefficient), one)) for one in summands(terms, sums[0])])


def conjugates(terms: Terms, term: Product, one: Sum, other: Sum) -> Iterator[Term]:
    """(1 - u)*(1 + u) = 1 - u^2, where u has been rounded already; of a variable it would lose what is exact."""
    powers, u = dict(term.factors), one.items[0][0]
    u = u.args[0] if type(u) is Call and u.op is ops.ABS else u
    if powers[one] == powers[other] and (len(one.items) > 1 or type(u) is not Variable):
        whole = difference(terms, one, other)
        if whole is not None:
            yield terms.make(ops.MUL, (*without(terms, term, one, other), raised(terms, whole, powers[one])))


def split(terms: Terms, term: Product, above: Sum) -> Iterator[Term]:
    """(u^2 + v^2)/v^2 = 1 + u^2/v^2 for a sum v, and (sign(u) + v*abs(u))/abs(u) = 1/u + v.

    Of other quotients more may cancel on one denominator.
    """
    powers = dict(term.factors)
    for body, factor in above.items:
        below = factors_of(body)
        gone = [base for base, power in below if type(power) is int and powers.get(base) == -power]
        squared = len(gone) == len(below) and all(power != 1 for _, power in below)
        if (squared and any(type(base) is Sum for base in gone)) or any(
            type(base) is Call and base.op is ops.ABS for base in gone
        ):
            rest = terms.sum([one for one in summands(terms, above) if parted(terms, one)[1] is not body])
            others = without(terms, term, above)
            whole = terms.make(ops.MUL, (*others, terms.exact(factor), body))
            yield terms.sum([whole, terms.make(ops.MUL, (*others, rest))])


def cleared(terms: Terms, others: Sequence[Term], base: Sum, exponent: Exponent) -> Iterator[Term]:
    """1/(1 + x/y) = y/(y + x), beside the ``others`` that the sum is multiplied by; 1/sqrt(1 + x/y^2) so too."""
    if isinstance(exponent, Term) or exponent.denominator > 2:
        return
    if base not in terms.cleared:
        terms.cleared[base] = without_quotients(terms, base) if is_broken(base) else ()
    front, *ways = terms.cleared[base] or (base,)
    if type(exponent) is int:
        outside = [raised(terms, front, exponent)]
    else:
        outside, rest = out_of_root(terms, front, exponent)
        ways = [] if rest or parted(terms, front)[0] != 1 else ways
    for way in ways:
        yield terms.make(ops.MUL, (*others, *outside, raised(terms, way, exponent)))


def out_of_root(
    terms: Terms, term: Term, exponent: Exponent, beside: Collection[Term] | None = None
) -> tuple[list[Term], list[Term]]:
    """The powers of those factors of a term that are not negative, or of what stands ``beside`` it, and its others."""
    number, body = parted(terms, term)
    pulled, rest = [], []
    factors = [
        *(factors_of(body) if body is not terms.one else ()),
        *([(terms.exact(number), 1)] if number != 1 else ()),
    ]
    for base, power in factors:
        one = raised(terms, base, power)
        if not_negative(base) if beside is None else base in beside and not_negative(one):
            pulled.append(raised(terms, one, exponent))
        else:
            rest.append(one)
    return pulled, rest


def without_quotients(terms: Terms, base: Sum) -> Sequence[Term]:
    """A sum as what it is over and what is over that: 1/y and y + x for 1 + x/y; that in as many ways as there are."""
    bases = bases_of(terms, base)
    found: dict[Term, list[Exact]] = {}
    for _, powers in bases.monomials:
        for one, power in powers.items():
            found.setdefault(one, []).append(power)
    outside = {
        one: min(powers)
        for one, powers in found.items()
        if min(powers) < 0 and (len(powers) == len(bases.monomials) or not grows(one) or terms.is_e(one.factors[0][0]))
    }
    number = over(1, lcm(*(factor.denominator for factor, _ in bases.monomials if exact.is_fraction(factor))))
    if not outside and number == 1:
        return ()
    inside = in_order([(over(factor, number), divided(powers, outside)) for factor, powers in bases.monomials])
    opened = bases.multiplied_out(inside, outside)
    ways = [opened] if opened is not None and (type(opened) is not Sum or is_exact(opened)) else []
    return bases.term((number, outside)), bases.sum(inside), *ways


def in_order(monomials: list[Monomial]) -> list[Monomial]:
    """Positive products of names, of which none stood in this sum, in their order: x + y for what is over 1/x + 1/y."""
    if all(
        factor > 0 and powers and all(type(base) is Variable and type(power) is int for base, power in powers.items())
        for factor, powers in monomials
    ):
        return sorted(monomials, key=lambda one: sorted(base.serial for base in one[1]))
    return monomials


def on_one(terms: Terms, term: Sum) -> Iterator[Term]:
    """1 - y/(x + y) = x/(x + y)."""
    if len(term.items) <= LONG:
        for found in cleared(terms, (), term, 1):
            yield found
            yield from without_exponential(terms, found)


def without_exponential(terms: Terms, term: Term) -> Iterator[Term]:
    """e^x/(1 + e^x) = 1/(1 + e^-x), which is finite where e^x is not."""
    if type(term) is not Product:
        return
    outside = [(one, power) for one, power in term.factors if terms.is_e(one)]
    for base, exponent in term.factors if len(outside) == 1 else ():
        if type(base) is Sum and not isinstance(exponent, Term) and (found := turned(terms, base)) is not None:
            ((e, power),) = outside
            if terms.plus_exponent(power, terms.times_exponent(found.exponent, exponent)) == 0:
                yield terms.make(ops.MUL, (*without(terms, term, base, e), raised(terms, found.sum, exponent)))


def primitive(terms: Terms, term: Product, base: Sum, exponent: Exponent) -> Iterator[Term]:
    """x*(2*y + 2*z) = 2*x*(y + z), where a sum alone would be no shorter."""
    number = content(base)
    nested = any(type(body) is Sum for body, _ in base.items)
    if number != 1 and type(exponent) is int and not nested and not has_decimals(base):
        outside = rounded([(number, exponent)])
        if outside is not None:
            inside = raised(terms, over_number(terms, base, number), exponent)
            yield terms.make(ops.MUL, (*without(terms, term, base), terms.exact(outside), inside))


def is_broken(term: Sum) -> bool:
    """Whether a quotient may stand in a sum."""
    return exact.is_fraction(term.constant) or any(
        exact.is_fraction(factor) or any(isinstance(power, Term) or power < 0 for _, power in factors_of(body))
        for body, factor in term.items
    )


def merged(terms: Terms, term: Product, whole: Sequence[Product]) -> Iterator[Term]:
    """A product over the factors of products that were kept whole: (0.3*x)^2/x = 0.09*x."""
    numbers: list[tuple[Exact, int]] = [(term.coefficient, 1)]
    powers: dict[Term, Exponent] = {base: exponent for base, exponent in term.factors if base not in whole}
    for base, exponent in term.factors:
        if type(base) is Product and type(exponent) is int:
            numbers.append((base.coefficient, exponent))
            for one, power in base.factors:
                powers[one] = terms.plus_exponent(powers.get(one, 0), terms.times_exponent(power, exponent))
    outside = rounded(numbers)
    if outside is not None and len(powers) <= LONG:
        factors = tuple((one, power) for one, power in powers.items() if power != 0)
        yield terms.scaled(outside, terms.body(factors)) if factors else terms.exact(outside)


def rooted(terms: Terms, term: Product, base: Product, exponent: Exponent) -> Iterator[Term]:
    """x*y/sqrt(x*y*z) = sqrt(x*y*z)/z and (x*y)^n/(x*y) = (x*y)^(n - 1).

    But not sqrt(x*y*z)/(x*y) = z/sqrt(x*y*z), which is nan where z is 0, nor (x*y)^(1 - n) = x*y*(x*y)^-n.
    """
    own = dict(term.factors)
    for step in (1, -1) if isinstance(exponent, Term) else (1 if exponent < 0 else -1,):
        root = terms.body(((base, terms.plus_exponent(exponent, step)),))
        found = terms.make(ops.MUL, (*without(terms, term, base), raised(terms, base, -step), root))
        powers = dict(factors_of(parted(terms, found)[1]))
        if isinstance(exponent, Term) or exponent < 0 or exponent > 1:
            is_kept = len(powers) <= len(own)
        else:
            is_kept = all(one in own for one, _ in base.factors if one in powers)
        if is_kept:
            yield found


def apart(terms: Terms, term: Product, base: Product, exponent: Exponent) -> Iterator[Term]:
    """x/sqrt(x^2/(y^2 + z^2)) = x/abs(x)*sqrt(y^2 + z^2): what is not negative under a root stands outside."""
    if not isinstance(exponent, Term) and exponent.denominator == 2:
        pulled, rest = out_of_root(terms, base, exponent, dict(term.factors))
        under = [raised(terms, terms.make(ops.MUL, rest), exponent)] if rest else []
        if exponent < 0 or not under:  # sqrt(x^2*y) is 0 where x is, and y < 0
            yield terms.make(ops.MUL, (*without(terms, term, base), *pulled, *under))


def signs(terms: Terms, term: Product, sign: Call) -> Iterator[Term]:
    """x*y*sign(x*y) = abs(x*y), and sign(sqrt(x))/x = 1/x."""
    inner = sign.args[0]
    powers = dict(term.factors)
    if type(inner) is not Product:
        return
    if all(powers.get(base) == exponent for base, exponent in inner.factors):
        kept = without(terms, term, sign, *(base for base, _ in inner.factors))
        yield terms.make(ops.MUL, (*kept, terms.make(ops.ABS, (inner,))))
    below = [powers.get(base, 0) for base, _ in inner.factors]
    if not_negative(inner) and all(not isinstance(power, Term) and power < 0 for power in below):
        yield terms.make(ops.MUL, without(terms, term, sign))


def sizes(terms: Terms, term: Product, size: Call, exponent: Exponent) -> Iterator[Term]:
    """x*exp(y)/abs(x*exp(y)) = x/abs(x), and abs(x)^3/x^4 = 1/abs(x)."""
    inner = size.args[0]
    power = dict(term.factors).get(inner)
    if type(power) is int and not isinstance(exponent, Term) and power * exponent < 0:
        even = power - power % 2
        sized = raised(terms, size, terms.plus_exponent(exponent, even))
        yield terms.make(ops.MUL, (*without(terms, term, size, inner), raised(terms, inner, power - even), sized))
    if type(inner) is Product:
        free = [one for one in inner.factors if not_negative(terms.body((one,)), positive=True)]
        if free:
            kept = tuple(one for one in inner.factors if one not in free)
            parts = [terms.body(tuple(free)), *([terms.make(ops.ABS, (terms.body(kept),))] if kept else [])]
            outside = [
                raised(terms, one, exponent) for one in (terms.exact(exact.magnitude(inner.coefficient)), *parts)
            ]
            yield terms.make(ops.MUL, (*without(terms, term, size), *outside))


def numbers(terms: Terms, term: Product) -> Iterator[Term]:
    """Powers of numbers as one number, rounded once: 2*0.3^2/1.5^3; roots of numbers as one root."""
    found = [(base, exponent) for base, exponent in term.factors if type(base) is Number]
    whole = [(base.value, exponent) for base, exponent in found if type(exponent) is int]
    if whole or term.coefficient.denominator > LONG_NUMBER:
        number = rounded([(term.coefficient, 1), *whole], decimal=True)
        if number is not None:
            kept = [base for base, exponent in found if type(exponent) is int]
            yield terms.make(ops.MUL, (terms.exact(number), *without(terms, term, *kept)[1:]))
    for base, exponent in found:
        if exponent == -1 and term.coefficient.denominator > 1:  # 3/(2*0.7) = 3/1.4
            value = times(base.value, term.coefficient.denominator)
            under = terms.exact(over(1, value)) if type(value) is int else terms.body(((terms.exact(value), -1),))
            yield terms.make(ops.MUL, (terms.exact(term.coefficient.numerator), *without(terms, term, base)[1:], under))
    for index, (base, exponent) in enumerate(found):
        for other, power in found[index + 1 :]:
            if isinstance(exponent, Term) or isinstance(power, Term) or exponent not in (power, -power):
                continue
            inside = times(base.value, other.value) if exponent == power else over(base.value, other.value)
            root = raised(terms, terms.exact(inside), exponent)
            yield terms.make(ops.MUL, (*without(terms, term, base, other), root))


def rounded(powers: Sequence[tuple[Exact, int]], *, decimal: bool = False) -> Exact | None:
    """A product of powers of numbers, rounded once to a double if it is long; None outside their range."""
    value = exact.fraction(1)
    for base, exponent in powers:
        if abs(exponent) * max(base.numerator.bit_length(), base.denominator.bit_length()) > 4000:
            return None
        value *= exact.fraction(base) ** exponent
    if not decimal and max(value.numerator.bit_length(), value.denominator.bit_length()) <= exact.BITS:
        return exact.settle(value)
    try:
        number = float(value)
    except OverflowError:
        return None
    return exact.literal(number) if abs(number) >= LEAST_NORMAL else None


def of_call(terms: Terms, term: Call) -> Iterator[Term]:
    """abs(x^2 + y^2) = x^2 + y^2, sign(x*exp(y)) = sign(x), log(2*e^3) = 3 + log(2), log(1/x) = -log(x), identities."""
    inner = term.args[0] if term.args else term
    if term.op is ops.ABS and type(inner) is Sum and steady(inner):
        yield inner
    elif term.op is ops.SIGN and type(inner) is Product:
        kept = [one for one in inner.factors if not not_negative(terms.body((one,)), positive=True)]
        if len(kept) < len(inner.factors):
            body = terms.body(tuple(kept)) if kept else terms.one
            yield terms.make(ops.SIGN, (terms.scaled(inner.coefficient, body),))
    elif term.op is ops.LOG and type(inner) is Product and inner.coefficient > 0:
        base, exponent = inner.factors[0]
        if len(inner.factors) == 1 and terms.is_e(base) and not isinstance(exponent, Term):
            yield terms.sum((terms.exact(exponent), terms.make(ops.LOG, (terms.exact(inner.coefficient),))))
        if inner.coefficient == 1 and all(not isinstance(power, Term) and power < 0 for _, power in inner.factors):
            yield terms.make(ops.NEG, (terms.make(ops.LOG, (raised(terms, inner, -1),)),))
    yield from identities.of_call(terms, term)
