"""Sums and products as they were typed, with their order and parentheses, where nothing in them was brought together.

What is computed is computed so: 1 + (x - y) is 1 where x and y are 1e17 and 1 + x - y is 0; x/y*z is a double where x*z
is none.
"""

from __future__ import annotations

from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Callable, Mapping, Sequence
from cgraph_cli.symbolic import ops
from cgraph_cli.symbolic.kinds import Number, Product, Sum, Term, Typed, split
from cgraph_cli.symbolic.terms import Terms

A_NUMBER = -1


def remember(terms: Terms, graph: Graph, nodes: Sequence[int], made: Mapping[int, Term], term: Term) -> None:
    """Remember how a term stands in a graph: ``nodes`` are its operations, the last one first, ``made`` its parts."""
    own = set(nodes)
    outside = dict.fromkeys(arg for node in nodes for arg in graph.arguments(node) if arg not in own)
    places = {arg: place for place, arg in enumerate(outside)}
    steps = []
    for node in reversed(nodes):
        steps.append((graph.ops[node], [places[arg] for arg in graph.arguments(node)]))
        places[node] = len(places)
    keep(terms, term, Typed([made[arg] for arg in outside], steps))


def keep(terms: Terms, term: Term, typed: Typed) -> None:
    """Keep how a sum or product was typed, unless something in it was brought together."""
    kind = Sum if typed.steps[0][0] in ops.SUMS else Product
    if type(term) is kind:
        apart = [one for part in typed.parts for one in operands(part, kind)]
        if sorted(operands(term, kind)) == sorted(apart):
            terms.typed.setdefault(term, typed)


def carry(terms: Terms, term: Term, found: Term, made: Callable[[Term], Term]) -> None:
    """Let ``found``, which is ``term`` over what is made of its parts, stand as that was typed."""
    parts, steps = terms.typed[term]
    keep(terms, found, Typed([_over(terms, one, type(term), made) for one in parts], steps))


def _over(terms: Terms, part: Term, kind: type[Term], made: Callable[[Term], Term]) -> Term:
    if type(part) is Number:
        return part
    if type(part) is kind:
        return terms.over(part, made)
    coefficient, body = split(part) if kind is Sum else (1, part)
    return terms.make(ops.MUL, (terms.exact(coefficient), made(body)))


def operands(term: Term, kind: type[Term]) -> list[int]:
    """What a term is as a part of a sum or product, which is flat: serial numbers of what no number stands before.

    Of -(x + y)/2 - (x + y)/2, which is the sum -x - y, each part is x + y.
    """
    if type(term) is Number:
        return [A_NUMBER]
    if type(term) is not kind:
        return [(split(term)[1] if kind is Sum else term).same.serial]
    if type(term) is Sum:
        return [body.same.serial for body, _ in term.items] + [A_NUMBER] * bool(term.constant)
    assert type(term) is Product
    return [base.same.serial for base, _ in term.factors] + [A_NUMBER] * (term.coefficient != 1)
