"""Identities as rows of data: what stands on the left is written as on the right where that is shorter."""

from __future__ import annotations

from cgraph_cli.graph.formula import formula
from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.light import Iterator, Mapping, NamedTuple, cache
from cgraph_cli.symbolic import ops
from cgraph_cli.symbolic.exact import Exact
from cgraph_cli.symbolic.kinds import Call, Constant, Number, Product, Sum, Term, factors_of, is_negative, plain, split
from cgraph_cli.symbolic.powers import raised
from cgraph_cli.symbolic.terms import Terms
from cgraph_cli.syntax import expression as syntax

# Each holds for every u for which its left side is finite, and its right side has the digits of the left or more. A row
# is looked up by the first function in it. Sums hold for multiples of both summands, products for powers.
SUMS = """
1 - sigmoid(u) = sigmoid(-u)
sigmoid(u) + sigmoid(-u) = 1
1 - tanh(u)^2 = sech(u)^2
1 - sech(u)^2 = tanh(u)^2
tanh(u)^2 + sech(u)^2 = 1
cosh(u)^2 - sinh(u)^2 = 1
cosh(u)^2 + sinh(u)^2 = cosh(2*u)
1 + sinh(u)^2 = cosh(u)^2
cosh(u)^2 - 1 = sinh(u)^2
coth(u)^2 - 1 = csch(u)^2
1 + csch(u)^2 = coth(u)^2
coth(u)^2 - csch(u)^2 = 1
cos(u)^2 + sin(u)^2 = 1
cos(u)^2 - sin(u)^2 = cos(2*u)
1 - sin(u)^2 = cos(u)^2
1 - cos(u)^2 = sin(u)^2
1 + tan(u)^2 = sec(u)^2
sec(u)^2 - 1 = tan(u)^2
sec(u)^2 - tan(u)^2 = 1
1 + cot(u)^2 = csc(u)^2
csc(u)^2 - 1 = cot(u)^2
csc(u)^2 - cot(u)^2 = 1
erf(u) + erfc(u) = 1
1 - erf(u) = erfc(u)
1 - erfc(u) = erf(u)
logsigmoid(u) - logsigmoid(-u) = u
softplus(u) - softplus(-u) = u
softplus(u) - u = softplus(-u)
0.5 - sin(u)^2 = cos(2*u)/2
0.5 - cos(u)^2 = -cos(2*u)/2
expm1(u) + 1 = exp(u)
relu(u) + relu(-u) = abs(u)
"""
# Of those with the result 1, the ones whose multiples a*f + b*g are (a - b)*f + b where that is shorter: of the others
# one goes to 1 and takes the digits of the other with it.
SHARES = ("sigmoid(u) + sigmoid(-u)", "cos(u)^2 + sin(u)^2")
PRODUCTS = """
sin(u)/cos(u) = tan(u)
cos(u)/sin(u) = cot(u)
tan(u)*cos(u) = sin(u)
cot(u)*sin(u) = cos(u)
tan(u)/sin(u) = 1/cos(u)
cot(u)/cos(u) = 1/sin(u)
tan(u)*cot(u) = 1
sec(u)*cos(u) = 1
csc(u)*sin(u) = 1
sec(u)*sin(u) = tan(u)
csc(u)*cos(u) = cot(u)
sec(u)/sin(u) = 2*csc(2*u)
sec(u)*csc(u) = 2*csc(2*u)
tan(u)/sec(u) = sin(u)
cot(u)/csc(u) = cos(u)
sinh(u)/cosh(u) = tanh(u)
cosh(u)/sinh(u) = coth(u)
tanh(u)*cosh(u) = sinh(u)
coth(u)*sinh(u) = cosh(u)
tanh(u)/sinh(u) = 1/cosh(u)
coth(u)/cosh(u) = 1/sinh(u)
tanh(u)*coth(u) = 1
sech(u)*cosh(u) = 1
csch(u)*sinh(u) = 1
sech(u)*sinh(u) = tanh(u)
csch(u)*cosh(u) = coth(u)
sech(u)/sinh(u) = 2*csch(2*u)
sech(u)*csch(u) = 2*csch(2*u)
tanh(u)/sech(u) = sinh(u)
coth(u)/csch(u) = cosh(u)
sigmoid(u)/sigmoid(-u) = exp(u)
sec(u)/csc(u) = tan(u)
1/sec(u) = cos(u)
1/csc(u) = sin(u)
1/cot(u) = tan(u)
1/sech(u) = cosh(u)
1/csch(u) = sinh(u)
1/coth(u) = tanh(u)
log10(u)*log(10) = log(u)
log2(u)*log(2) = log(u)
sign(u)/abs(u) = 1/u
sign(u)/u = 1/abs(u)
"""
CALLS = """
log(sigmoid(u)) = logsigmoid(u)
log1p(-sigmoid(u)) = logsigmoid(-u)
atanh(tanh(u)) = u
asinh(sinh(u)) = u
tan(atan(u)) = u
sin(asin(u)) = u
cos(acos(u)) = u
sinh(asinh(u)) = u
cosh(acosh(u)) = u
tanh(atanh(u)) = u
log1p(expm1(u)) = u
expm1(log1p(u)) = u
cos(u - pi/2) = sin(u)
cos(u + pi/2) = -sin(u)
sin(u - pi/2) = -cos(u)
sin(u + pi/2) = cos(u)
csc(u + pi/2) = sec(u)
sec(u - pi/2) = csc(u)
"""

Texts = tuple[tuple[str, str], ...]


def table(text: str) -> dict[Operation, Texts]:
    """The two sides of each row by its first function."""
    found: dict[Operation, Texts] = {}
    for line in text.strip().split("\n"):
        left, right = line.split(" = ")
        name = operation(left[: left.index("(")].split()[-1].removeprefix("1/"))
        found[name] = (*found.get(name, ()), (left, right))
    return found


OF_SUM, OF_PRODUCT, OF_CALL = table(SUMS), table(PRODUCTS), table(CALLS)
# The power of a function that its rows of sums begin with; all rows of one function have the same.
LEAST = {op: 2 if f"{op.name}(u)^2" in rows[0][0] else 1 for op, rows in OF_SUM.items()}


class Row(NamedTuple):
    """A row of two operands: the sign of the first function's, the other with its sign (-1 for - and /), the result.

    ``shares`` says that both are shares of 1, by which others may be brought together too.
    """

    sign: int
    other: syntax.Syntax
    turn: int
    result: syntax.Syntax
    shares: bool


@cache
def rows(texts: Texts) -> tuple[Row, ...]:
    """Rows of sums or products, parsed."""
    return tuple(_row(left, right) for left, right in texts)


def _row(text: str, right: str) -> Row:
    left, result, shares = formula(text), formula(right), text in SHARES
    assert isinstance(left, syntax.Binary)
    turn = -1 if left.symbol in "-/" else 1
    if isinstance(left.left, syntax.Number):
        return Row(turn, left.left, 1, result, shares)
    return Row(1, left.right, turn, result, shares)


def of_sum(terms: Terms, term: Sum) -> Iterator[Term]:
    """A sum in which two summands are, up to what they share, the left side of an identity."""
    present: dict[Term, Exact] = {}
    for body, coefficient in term.items:
        for base, exponent in factors_of(body):
            if type(base) is not Call or base.op not in OF_SUM:
                continue
            power, u = LEAST[base.op], base.args[0]
            if type(exponent) is not int or exponent < power:
                continue
            present = present or {one.same: plain(factor) * one.sign for one, factor in term.items}
            whole = terms.make(ops.MUL, (terms.exact(coefficient), body))
            shared = terms.make(ops.MUL, (whole, raised(terms, base, -power)))
            for row in rows(OF_SUM[base.op]):
                outside = shared if row.sign > 0 else terms.make(ops.NEG, (shared,))
                other = terms.make(ops.MUL, (outside, terms.laid(row.other, {"u": u}), terms.exact(row.turn)))
                if stands_in(other, term, present):
                    gone = [terms.make(ops.NEG, (one,)) for one in (whole, other)]
                    yield terms.sum((term, *gone, terms.make(ops.MUL, (outside, terms.laid(row.result, {"u": u})))))
                elif row.shares:
                    yield from complements(
                        terms, term, whole, shared, raised(terms, base, power), terms.laid(row.other, {"u": u})
                    )


def complements(terms: Terms, term: Sum, whole: Term, shared: Term, one: Term, other: Term) -> Iterator[Term]:
    """(1 - t)*sigmoid(u) - t*sigmoid(-u) = sigmoid(u) - t: a*f + b*g with f + g = 1 is (a - b)*f + b.

    Only where a - b is one product without sums, and no sum of positive summands becomes a difference. ``whole`` is
    a*f, ``shared`` a, ``one`` f and ``other`` g.
    """
    base, power = factors_of(other)[0]
    for body, coefficient in term.items:
        exponent = dict(factors_of(body)).get(base)
        if type(exponent) is not int or type(power) is not int or exponent < power:
            continue
        second = terms.make(ops.MUL, (terms.exact(coefficient), body))
        left = terms.make(ops.MUL, (second, raised(terms, base, -power)))
        taken = [terms.make(ops.NEG, (part,)) for part in distributed(terms, left)]
        difference = terms.sum((*distributed(terms, shared), *taken))
        signs = [is_negative(part) for part in (shared, left, difference)]
        plain_factors = all(type(part) is not Sum for part, _ in factors_of(split(difference)[1]))
        if plain_factors and (signs[0] != signs[1] or signs[1] == signs[2]):
            gone = [terms.make(ops.NEG, (part,)) for part in (whole, second)]
            yield terms.sum((term, *gone, terms.make(ops.MUL, (difference, one)), left))


def distributed(terms: Terms, term: Term) -> list[Term]:
    """The summands of a product with one sum: x*(1 - t) is x - x*t."""
    sums = [base for base, exponent in factors_of(split(term)[1]) if type(base) is Sum and exponent == 1]
    if len(sums) != 1:
        return [term]
    (inner,) = sums
    rest = terms.make(ops.MUL, (term, raised(terms, inner, -1)))
    parts = [terms.make(ops.MUL, (rest, terms.exact(size), part)) for part, size in inner.items]
    return inner.with_constant(parts, terms.make(ops.MUL, (rest, terms.exact(inner.constant))))


def stands_in(part: Term, whole: Sum, present: Mapping[Term, Exact]) -> bool:
    """Whether a part is a summand of a sum, or a sum itself whose summands are: sums are flat."""
    if type(part) is Number:
        return plain(part.value) == plain(whole.constant)
    factor, body = split(part)
    if present.get(body.same, 0) == plain(factor) * body.sign:
        return True
    return (
        type(body) is Sum
        and all(present.get(one.same, 0) == plain(factor) * plain(size) * one.sign for one, size in body.items)
        and (body.constant == 0 or plain(whole.constant) == plain(factor) * plain(body.constant))
    )


def of_product(terms: Terms, term: Product) -> Iterator[Term]:
    """A product in which powers of one or two factors are a power of the left side of an identity."""
    powers = dict(term.factors)
    for above in (True, False):  # tan(u) before 1/cot(u)
        for base, exponent in term.factors:
            if type(exponent) is not int or (exponent > 0) != above or type(base) is not Call:
                continue
            u = base.args[0] if base.args else base
            for row in rows(OF_PRODUCT.get(base.op, ())):
                if isinstance(row.other, syntax.Number):
                    if exponent < 0:
                        inverse = raised(terms, terms.laid(row.result, {"u": u}), -exponent)
                        yield terms.make(ops.MUL, (term, raised(terms, base, -exponent), inverse))
                    continue
                other = terms.laid(row.other, {"u": u})
                power = powers.get(other)
                if type(power) is int and (power * row.turn > 0) == above:
                    count = min(abs(exponent), abs(power)) * (1 if above else -1)
                    gone = (raised(terms, base, -count), raised(terms, other, -count * row.turn))
                    yield terms.make(ops.MUL, (term, *gone, raised(terms, terms.laid(row.result, {"u": u}), count)))


def of_call(terms: Terms, term: Call) -> Iterator[Term]:
    """A function of a function, or of a sum with pi/2, that is the left side of an identity."""
    for left, right in OF_CALL.get(term.op, ()):
        call, found = formula(left), term.args[0]
        assert isinstance(call, syntax.Call)
        inner = call.arguments[0]
        if isinstance(inner, syntax.Binary):
            if type(found) is Sum and any(type(body) is Constant for body, _ in found.items):
                u = terms.make(ops.SUB, (found, terms.laid(inner, {"u": terms.zero})))
                yield terms.laid(formula(right), {"u": u})
            continue
        if isinstance(inner, syntax.Unary):
            inner, found = inner.operand, terms.make(ops.NEG, (found,))
        assert isinstance(inner, syntax.Call)
        if type(found) is Call and found.op is operation(inner.name):
            yield terms.laid(formula(right), {"u": found.args[0]})
