"""What becomes of a formula while it is read into terms, where that changes its digits: powers of one base meet."""

from __future__ import annotations

from cgraph_cli.graph.graph import Graph, operation
from cgraph_cli.light import Mapping
from cgraph_cli.symbolic.derive import SUMS, summands
from cgraph_cli.symbolic.exact import Exact, plus
from cgraph_cli.symbolic.kinds import LOG, POW, Constant, Exponent, Number, Product, Sum, Term, factors_of, split
from cgraph_cli.symbolic.rewrites import READ, Row
from cgraph_cli.symbolic.simplify import PRODUCTS, Simplifier, factors

EXP, SQRT = operation("exp"), operation("sqrt")


def meeting(terms: Simplifier, graph: Graph, node: int, inside: bytearray, made: Mapping[int, Term]) -> Row | None:
    """The row of what happened when a node was read as the term that it is ``made``."""
    op, term = graph.ops[node], made[node]
    kind = None
    if op in PRODUCTS:
        kind = _of_factors(terms, graph, node, inside, made)
    elif op in SUMS:
        kind = _of_summands(graph, node, inside, made)
    elif op in (EXP, LOG, POW, SQRT):
        base, *others = (made[arg] for arg in graph.arguments(node))
        if op is EXP:
            is_exponential = type(term) is Product and terms.is_e(term.factors[0][0])
            kind = None if is_exponential or type(base) in (Sum, Number) else "exp"
        elif op is LOG:
            kind = "log" if type(base) is Product and term is not terms.call(LOG, (base,)) else None
        elif type(base) is Product and len(base.factors) == 1:
            power, by_whole = base.factors[0][1], bool(others) and _is_whole(others[0])
            whole = power == -1 or (by_whole and (type(power) is int or terms.is_e(base.factors[0][0])))
            kind = None if whole or (type(term) is Product and term.factors[0][0] is base) else "roots"
    return None if kind is None else READ[kind]


def _is_whole(term: Term) -> bool:
    return type(term) is Number and type(term.value) is int


def _of_factors(terms: Simplifier, graph: Graph, node: int, inside: bytearray, made: Mapping[int, Term]) -> str | None:
    """Whether powers of one base meet in a product, or an exponential stands below."""
    seen: dict[Term, list[Exponent]] = {}
    is_below = False
    for arg, below in factors(graph, node, inside):
        if type(made[arg]) is Number:
            continue
        for base, exponent in factors_of(split(made[arg])[1]):
            power = terms.times_exponent(exponent, -1 if below else 1)
            if terms.is_e(base) and isinstance(power, Term):
                if any(one is not power for one in seen.get(base.same, ())):
                    return "exponentials"
                is_below = is_below or below
            seen.setdefault(base.same, []).append(power)
    for base, powers in seen.items():
        whole = [one for one in powers if type(one) is int]
        alike = len(whole) == len(powers) and (min(whole) > 0 or max(whole) < 0)
        if not alike and len(powers) > 1 and type(base) is not Constant:
            return "powers"
    return "below" if is_below else None


def _of_summands(graph: Graph, node: int, inside: bytearray, made: Mapping[int, Term]) -> str | None:
    """Whether something is added, and all of it taken away."""
    totals: dict[object, Exact] = {}
    for arg, negative in summands(graph, node, inside):
        term = made[arg]
        found: list[tuple[Term | None, Exact]]
        if type(term) is Sum:
            found = [*term.items, (None, term.constant)]
        else:
            found = [(None, term.value)] if type(term) is Number else [split(term)[::-1]]
        for body, factor in found:
            if factor:
                key, sign = (None, 1) if body is None else (body.same, body.sign)
                total = totals[key] = plus(totals.get(key, 0), -sign * factor if negative else sign * factor)
                if total == 0:
                    return "sums"
    return None
