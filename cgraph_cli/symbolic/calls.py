"""Rewrites of function calls, comparisons and choices: exact values, signs and trivial arguments."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from cgraph_cli.graph.graph import operation
from cgraph_cli.rules import COMPARISONS
from cgraph_cli.symbolic import exact
from cgraph_cli.symbolic.exact import Exact
from cgraph_cli.symbolic.terms import PRIME, Call, Constant, Number, Product, Sum, Term, Variable

if TYPE_CHECKING:
    from cgraph_cli.symbolic.products import Products
    from cgraph_cli.symbolic.sums import Base

ODD = frozenset(
    "sin tan csc cot asin atan acsc acot sinh tanh csch coth asinh atanh acsch acoth erf cbrt sign round".split()
)
EVEN = frozenset("cos sec cosh sech abs".split())
COMMUTATIVE = frozenset("eq ne min max hypot norm mean logsumexp".split())
MIRRORED = {"gt": "lt", "ge": "le"}  # x > y and y < x are one term

COMPARE: dict[str, Callable[[Exact, Exact], bool]] = {
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
}

VALUES: dict[tuple[str, Exact], Exact] = {
    **{(name, 0): 0 for name in "sin tan asin atan sinh tanh asinh atanh expm1 log1p erf".split()},
    **{(name, 0): 1 for name in "cos sec cosh sech erfc".split()},
    **{(name, 1): 0 for name in "log log2 log10 acos acosh asec asech".split()},
    **{("lgamma", number): 0 for number in (1, 2)},
    **{("gamma", number): math.factorial(number - 1) for number in range(1, 19)},
    **{("exp2", number): 2**number for number in range(54)},
    **{("log2", 2**number): number for number in range(54)},
    **{("log10", 10**number): number for number in range(16)},
    ("sigmoid", 0): Fraction(1, 2),
    ("silu", 0): 0,
    ("gelu", 0): 0,
}

ROUNDED: dict[str, Callable[[Exact], Exact]] = {
    "abs": exact.magnitude,
    "sign": lambda x: (x > 0) - (x < 0),
    "floor": math.floor,
    "ceil": math.ceil,
    "round": round,
    "relu": lambda x: max(x, 0),
}


def call(simplifier: Products, name: str, args: Sequence[Term]) -> Term:
    """A row of the rule table that is no sum, product or power."""
    if name in COMPARISONS:
        return comparison(simplifier, name, args[0], args[1])
    if name == "where":
        return choice(simplifier, *args)
    if not any(arg.tainted for arg in args):
        if len(args) == 1:
            return of_one(simplifier, name, args[0])
        if name in ("min", "max"):
            return extreme(simplifier, name, args)
        if all(type(arg) is Number for arg in args):
            folded = of_numbers(name, [arg.value for arg in args if type(arg) is Number])
            if folded is not None:
                return simplifier.exact(folded)
    return plain(simplifier, name, args)


def plain(simplifier: Products, name: str, args: Sequence[Term]) -> Term:
    """A call as it stands."""
    tainted = any(arg.tainted for arg in args)
    return simplifier.apply(operation(name), tuple(args), tainted, ordered=name not in COMMUTATIVE)


def comparison(simplifier: Products, name: str, left: Term, right: Term) -> Term:
    """A comparison, 1 or 0 where both sides are known."""
    if type(left) is Number and type(right) is Number:
        return simplifier.one if COMPARE[name](left.value, right.value) else simplifier.zero
    if left is right and isinstance(left, (Variable, Constant)) and not left.tainted:
        return simplifier.one if name in ("le", "ge", "eq") else simplifier.zero
    known = MIRRORED.get(name)
    if known is not None:
        mirror = simplifier.store.calls.get((operation(known), right.key, left.key))
        if mirror is not None:
            return mirror
    else:
        for other, mine in MIRRORED.items():
            if mine == name:
                mirror = simplifier.store.calls.get((operation(other), right.key, left.key))
                if mirror is not None:
                    return mirror
    return simplifier.apply(operation(name), (left, right), False, ordered=name not in COMMUTATIVE)


def choice(simplifier: Base, condition: Term, yes: Term, no: Term) -> Term:
    """where(condition, yes, no)."""
    if type(condition) is Number:
        return yes if condition.value else no
    if type(yes) is Call and yes.op.chooses and yes.args[0] is condition:
        yes = yes.args[1]
    if type(no) is Call and no.op.chooses and no.args[0] is condition:
        no = no.args[2]
    if yes is no:
        return yes
    return simplifier.apply(operation("where"), (condition, yes, no), yes.tainted or no.tainted)


def of_one(simplifier: Products, name: str, x: Term) -> Term:
    """A function of one argument."""
    if type(x) is Number:
        folded = of_numbers(name, [x.value])
        if folded is not None:
            return simplifier.exact(folded)
    if name in ("min", "max", "mean", "logsumexp"):
        return x
    if name == "norm":
        name = "abs"
    if name == "log" and x is simplifier.e:
        return simplifier.one
    if name == "log" and type(x) is Product and len(x.factors) == 1 and x.coefficient == 1:
        ((base, exponent),) = x.factors
        if base is simplifier.e:
            return simplifier.as_term(exponent)
    if name == "abs" and simplifier.not_negative(x):
        return x
    if name in ("abs", "sign") and type(x) is Call and x.op is operation("sign" if name == "sign" else "abs"):
        return x
    if name in ODD or name in EVEN:
        negative, x = without_sign(simplifier, name, x)
        if name == "abs" and simplifier.not_negative(x):
            return x
        if name in ("abs", "sign") and type(x) is Product and x.coefficient != 1:
            result = plain(simplifier, name, (x.body,))
            if name == "abs":
                result = simplifier.product((simplifier.exact(x.coefficient), result))
        else:
            result = plain(simplifier, name, (x,))
        return simplifier.negative(result) if negative and name in ODD else result
    return plain(simplifier, name, (x,))


def without_sign(simplifier: Products, name: str, x: Term) -> tuple[bool, Term]:
    """Whether the argument of an odd or even function is better negated, and the argument to use."""
    if type(x) is Number:
        return (True, simplifier.exact(-x.value)) if x.value < 0 else (False, x)
    if type(x) is Product and x.coefficient < 0:
        return True, simplifier.negative(x)
    if type(x) is Sum:
        calls = simplifier.store.calls
        function = operation(name)
        if (function, x.key) not in calls:
            opposite = -x.key % PRIME
            known = calls.get((function, opposite))
            if isinstance(known, Call):
                return True, known.args[0]
            if x.constant <= 0 and all(coefficient < 0 for _, coefficient in x.items):
                return True, simplifier.negative(x)
    return False, x


def extreme(simplifier: Products, name: str, args: Sequence[Term]) -> Term:
    """min or max of several terms: equal ones once, numbers become one."""
    best: Exact | None = None
    place = 0
    rest: list[Term] = []
    for arg in dict.fromkeys(args):
        if type(arg) is Number:
            if best is None:
                best, place = arg.value, len(rest)
            else:
                best = min(best, arg.value) if name == "min" else max(best, arg.value)
        else:
            rest.append(arg)
    if best is not None:
        rest.insert(place, simplifier.exact(best))
    return rest[0] if len(rest) == 1 else plain(simplifier, name, rest)


def of_numbers(name: str, values: Sequence[Exact]) -> Exact | None:
    """The exact value of a function of numbers, None where it is not rational or not known."""
    if len(values) == 1:
        (value,) = values
        rounding = ROUNDED.get(name)
        if rounding is not None:
            return exact.settle(rounding(value), type(value) is exact.Decimal)
        if name == "cbrt":
            found = exact.root(exact.magnitude(value), Fraction(1, 3))
            return None if found is None else found if value >= 0 else -found
        return VALUES.get((name, value))
    if name == "clip":
        value, low, high = values
        return min(max(value, low), high)
    return None
