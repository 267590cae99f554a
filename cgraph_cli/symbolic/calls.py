"""Function calls, comparisons and choices: what their rows say of exact values, signs and trivial arguments."""

from __future__ import annotations

from cgraph_cli.graph.graph import Operation
from cgraph_cli.light import Sequence
from cgraph_cli.symbolic import exact, ops
from cgraph_cli.symbolic.choices import value_of
from cgraph_cli.symbolic.exact import Exact
from cgraph_cli.symbolic.kinds import (
    Call,
    Constant,
    Number,
    Product,
    Term,
    equal,
    is_negative,
    is_tainted,
    not_negative,
    order,
)
from cgraph_cli.symbolic.terms import Terms


def function(terms: Terms, op: Operation, args: Sequence[Term], depth: int) -> Term:
    """A row of the rule table that is no sum, product or power."""
    if is_tainted(args):
        return terms.call(op, args)
    value = value_at(op, args)
    if value is not None:
        return terms.exact(value)
    if is_outside(op, args):
        return terms.call(op, args, tainted=True)
    if len(args) == 1:
        return of_one(terms, op, args[0])
    return terms.call(op, args)


def is_outside(op: Operation, args: Sequence[Term]) -> bool:
    """Whether a number among the arguments is outside the domain of a row: log(0), which is infinite or nan."""
    domain = op.rule.domain
    return bool(domain) and any(
        isinstance(arg, (Number, Constant)) and name in domain and not domain[name].contains(float(arg.value))
        for name, arg in zip(op.rule.args, args, strict=False)
    )


def value_at(op: Operation, args: Sequence[Term]) -> Exact | None:
    """The exact value of a function of numbers, None where it is not rational or not known."""
    values = [arg.value for arg in args if type(arg) is Number]
    if len(values) < len(args):
        return None
    found = exact.FUNCTIONS.get(op.name)
    if found is not None:
        return found(*values)
    for x, known in op.rule.at.items() if len(values) == 1 else ():
        if x == values[0]:
            return exact.over(*known.as_integer_ratio())
    return None


def of_one(terms: Terms, op: Operation, x: Term) -> Term:
    """A function of one argument that is no number."""
    rule = op.rule
    if rule.many:  # of one argument: itself, or its size
        return terms.make(ops.ABS, (x,)) if rule.range.low == 0 else x
    if op is ops.LOG:
        if equal(x, terms.e):
            return terms.one
        if type(x) is Product and len(x.factors) == 1 and x.coefficient == 1 and x.factors[0][0] is terms.e:
            return terms.as_term(x.factors[0][1])
    if op is ops.ABS and not_negative(x):
        return x
    if op is ops.SIGN:
        if not_negative(x, positive=True):
            return terms.one
        if type(x) is Call and x.op is ops.SIGN:
            return x
    if rule.parity is None:
        return terms.call(op, (x,))
    if is_negative(x):
        result = terms.make(op, (terms.make(ops.NEG, (x,)),))
        return terms.make(ops.NEG, (result,)) if rule.parity == "odd" else result
    if (op is ops.ABS or op is ops.SIGN) and type(x) is Product and x.coefficient != 1:
        result = terms.make(op, (x.body,))
        return result if op is ops.SIGN else terms.make(ops.MUL, (terms.exact(x.coefficient), result))
    return terms.call(op, (x,))


def comparison(terms: Terms, op: Operation, args: Sequence[Term], depth: int) -> Term:
    """A comparison, 1 or 0 where both sides are known."""
    left, right = args
    value = value_at(op, args)
    if value is None and equal(left, right) and not left.tainted:
        value = value_at(op, (terms.zero, terms.zero))
    if value is not None:
        return terms.exact(value)
    plainer = None if terms.computed else without_bound(terms, op, left, right)
    return terms.call(op, args, tainted=False) if plainer is None else plainer


def without_bound(terms: Terms, op: Operation, left: Term, right: Term) -> Term | None:
    """max(x, 0) > 1 as x > 1 and max(x, 0) < 0 as 0: a comparison of an extreme that has a bound with a number."""
    whole, number = (left, right) if type(right) is Number else (right, left)
    if type(whole) is not Call or type(number) is not Number:
        return None
    found = whole if whole.op in (ops.MAX, ops.MIN) else value_of(terms, whole.op, whole.args)
    if type(found) is not Call or found.op not in (ops.MAX, ops.MIN):
        return None
    bounds = [arg for arg in found.args if type(arg) is Number]
    if len(bounds) != 1:
        return None
    is_max, side = found.op is ops.MAX, order(bounds[0], number)
    if side is None:
        return None
    side = side if is_max else -side  # 1 where the bound in it is never below the number
    over, under = ((ops.GT, ops.GE), (ops.LT, ops.LE))[:: 1 if is_max == (whole is left) else -1]
    if (side >= 0 and op is under[0]) or (side == 1 and op in (under[1], ops.EQ)):
        return terms.zero
    if side == 1 or (side == 0 and op not in (over[0], under[1])):  # max(x, 0) >= 0, if x is not nan
        return None
    other = terms.make(found.op, [arg for arg in found.args if arg is not bounds[0]])
    return terms.make(op, (other, right) if whole is left else (left, other))


def extreme(terms: Terms, op: Operation, args: Sequence[Term], depth: int) -> Term:
    """min or max of several terms: equal ones once, numbers become one."""
    if len(args) == 1:
        return args[0]
    args = list({(arg.same, arg.sign): arg for arg in args}.values())
    if is_tainted(args):
        return args[0] if len(args) == 1 else terms.call(op, args)
    numbers: list[Exact] = []
    place = 0
    rest: list[Term] = []
    for arg in args:
        if type(arg) is Number:
            place = place if numbers else len(rest)
            numbers.append(arg.value)
        else:
            rest.append(arg)
    if numbers:
        best = exact.FUNCTIONS[op.name](*numbers)
        assert best is not None
        rest.insert(place, terms.exact(best))
    return rest[0] if len(rest) == 1 else terms.call(op, rest)
