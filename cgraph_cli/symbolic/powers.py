"""Powers of terms."""

from __future__ import annotations

from cgraph_cli.graph.graph import Operation
from cgraph_cli.light import Sequence
from cgraph_cli.symbolic import exact, ops
from cgraph_cli.symbolic.exact import Exact, Unfit, fraction, is_decimal, is_half, over
from cgraph_cli.symbolic.kinds import (
    LONG,
    MANY,
    Call,
    Constant,
    Exponent,
    Number,
    Product,
    Sum,
    Term,
    as_exponent,
    halves_plain,
    is_even,
    is_negative,
    is_truth,
    not_negative,
)
from cgraph_cli.symbolic.terms import Terms


def power(terms: Terms, op: Operation, args: Sequence[Term], depth: int) -> Term:
    """base^exponent."""
    base, exponent = args
    if base.tainted or exponent.tainted:
        return terms.call(op, args, tainted=True)
    return raised(terms, base, as_exponent(exponent))


def root(terms: Terms, op: Operation, args: Sequence[Term], depth: int) -> Term:
    """The square root."""
    (base,) = args
    return terms.call(op, args) if base.tainted else power(terms, ops.POW, (base, terms.exact(fraction(1, 2))), depth)


def exponentiate(terms: Terms, op: Operation, args: Sequence[Term], depth: int) -> Term:
    """e^exponent."""
    (exponent,) = args
    return terms.call(op, args) if exponent.tainted else power(terms, ops.POW, (terms.e, exponent), depth)


def raised(terms: Terms, base: Term, exponent: Exponent) -> Term:
    """base^exponent, for an exponent that is a plain number or a term."""
    if is_decimal(exponent):
        exponent = halves_plain(exponent)
    if exponent == 0:
        return terms.one
    if exponent == 1:
        return base
    if base is terms.one:
        return terms.one
    try:
        if terms.is_e(base):
            return exponential(terms, exponent)
        if type(base) is Number:
            return power_of_number(terms, base, exponent)
        if type(base) is Product:
            return power_of_product(terms, base, exponent)
        if type(base) is Call:
            return power_of_call(terms, base, exponent)
        if type(base) is Sum and len(base.items) == 1 and not isinstance(exponent, Term) and is_truth(base.items[0][0]):
            ((truth, size),) = base.items  # 1/(1 + (x == y)) is 1/2 or 1
            both = (terms.exact(exact.plus(base.constant, size)), terms.exact(base.constant))
            return terms.make(ops.WHERE, (truth, *(raised(terms, number, exponent) for number in both)))
        if type(base) is Sum and type(exponent) is int and is_negative(base):
            opposite = terms.body(((terms.scaled(-1, base), exponent),))
            return terms.scaled(-1 if exponent % 2 else 1, opposite)
    except Unfit:
        pass
    return terms.body(((base, exponent),))


def power_of_number(terms: Terms, base: Number, exponent: Exponent) -> Term:
    value = base.value
    if isinstance(exponent, Term):
        if type(exponent) is Sum and type(exponent.constant) is int and exponent.constant and value > 0:
            shift = exact.power(value, exponent.constant)  # 2^(x + 1) = 2*2^x
            if shift is not None:
                rest = terms.make(ops.ADD, (exponent, terms.exact(-exponent.constant)))
                return terms.scaled(shift, terms.body(((base, rest),)))
        return terms.body(((base, exponent),))
    if (value == 0 and exponent < 0) or (value < 0 and exponent.denominator != 1):
        return terms.call(ops.POW, (base, terms.exact(exponent)), tainted=True)
    if type(exponent) is int:
        if exponent < 0 and not inverts_well(value):
            return division_by(terms, value, -exponent)
        result = exact.power(value, exponent)
    else:
        result = exact.root(value, exponent)
        whole = int(exponent)
        if result is None and whole and type(value) is int and value > 1:
            scale = exact.power(value, whole)
            if scale is not None:  # 2^1.5 = 2*sqrt(2), the form that a product gives it
                return terms.scaled(scale, terms.body(((base, exact.plus(exponent, -whole)),)))
    return terms.body(((base, exponent),)) if result is None else terms.exact(result)


def division_by(terms: Terms, value: Exact, exponent: int) -> Term:
    """1/value^exponent for a decimal that does not invert well."""
    result = exact.power(value, exponent)
    if result is None:
        return terms.body(((terms.exact(value), -exponent),))
    return terms.exact(over(1, result)) if inverts_well(result) else terms.body(((terms.exact(result), -1),))


def inverts_well(value: Exact) -> bool:
    """Whether 1/value is better written as a number than as a division by this decimal."""
    return not is_decimal(value) or exact.reads_well(over(1, value), value)


def exponential(terms: Terms, exponent: Exponent) -> Term:
    """exp(exponent), with exp(c*log(x)) = x^c."""
    if type(exponent) is Call and exponent.op is ops.LOG:
        return exponent.args[0]
    if type(exponent) is Product:
        for position, (base, times) in enumerate(exponent.factors):
            if type(base) is Call and base.op is ops.LOG and times == 1:
                rest = exponent.factors[:position] + exponent.factors[position + 1 :]
                scaled = (terms.exact(exponent.coefficient), terms.body(rest) if rest else terms.one)
                return terms.make(ops.POW, (base.args[0], terms.make(ops.MUL, scaled)))
    if type(exponent) is Sum and len(exponent.items) <= LONG:
        logarithms = [item for item in exponent.items if type(item[0]) is Call and item[0].op is ops.LOG]
        if logarithms:
            powers = [raised(terms, body.args[0], factor) for body, factor in logarithms if type(body) is Call]
            removed = [terms.scaled(-factor, body) for body, factor in logarithms]
            rest_term = terms.make(ops.ADD, (exponent, *removed))
            return terms.make(ops.MUL, (*powers, terms.make(ops.POW, (terms.e, rest_term))))
    return terms.body(((terms.e, exponent),))


def power_of_product(terms: Terms, base: Product, exponent: Exponent) -> Term:
    coefficient, factors = base.coefficient, base.factors
    if type(exponent) is int:
        scale = exact.power(coefficient, exponent)
        if exponent < 0 and not inverts_well(coefficient):
            outside = division_by(terms, coefficient, -exponent)
        elif scale is None:
            return terms.body(((base, exponent),))
        else:
            outside = terms.exact(scale)
        if len(factors) > MANY:
            return terms.make(ops.MUL, (outside, terms.body(((base.body, exponent),))))
        powers = [(part, terms.times_exponent(times, exponent)) for part, times in factors]
        # A product kept as one factor stays one, as products can be nested without limit.
        parts = [terms.body((one,)) if type(one[0]) is Product else raised(terms, *one) for one in powers]
        return terms.make(ops.MUL, (outside, *parts))
    if is_half(exponent) and coefficient > 0 and all(type(part) is Constant for part, _ in factors):
        roots = [raised(terms, part, terms.times_exponent(times, exponent)) for part, times in factors]
        return terms.make(ops.MUL, (raised(terms, terms.exact(coefficient), exponent), *roots))  # sqrt(2*pi)
    if coefficient != 1:
        if isinstance(exponent, Term):
            return terms.body(((base, exponent),))
        size = exact.root(exact.magnitude(coefficient), exponent)
        if size is None:
            return terms.body(((base, exponent),))
        outside = terms.exact(size)
        if coefficient < 0:
            opposite = terms.scaled(-1, base.body)
            return terms.make(ops.MUL, (outside, terms.body(((opposite, exponent),))))
        return terms.make(ops.MUL, (outside, raised(terms, base.body, exponent)))
    if len(factors) > 1:
        return terms.body(((base, exponent),))
    ((part, times),) = factors
    keeps_sign = not isinstance(times, Term) and (times.denominator != 1 or times % 2 == 1)
    if keeps_sign or not_negative(part, positive=True):
        return raised(terms, part, terms.times_exponent(times, exponent))
    if not isinstance(times, Term) and not isinstance(exponent, Term):  # an even power of what may be negative
        inside = part if not_negative(part) else terms.make(ops.ABS, (part,))
        return raised(terms, inside, terms.times_exponent(times, exponent))
    return terms.body(((base, exponent),))


def power_of_call(terms: Terms, base: Call, exponent: Exponent) -> Term:
    if base.op is ops.ABS and is_even(exponent):
        return raised(terms, base.args[0], exponent)
    if base.op is ops.CBRT and type(exponent) is int and exponent % 3 == 0:
        return raised(terms, base.args[0], exponent // 3)
    return terms.body(((base, exponent),))
