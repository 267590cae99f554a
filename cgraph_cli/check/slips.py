"""Wrong derivatives made on purpose: what a derivative would be with one slip in it."""

from __future__ import annotations

from itertools import chain
from math import e

from cgraph_cli.check.work import DIV, ENOUGH, EXP, LIKELY, LOOSE, MUL, POW, Edge, Slip, Traced, Work, each_edge
from cgraph_cli.engine.kernels import local_kernel, value_kernel
from cgraph_cli.engine.straight import prepared_value
from cgraph_cli.graph.build import build
from cgraph_cli.graph.formula import formula
from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.light import Callable, Iterator, cache
from cgraph_cli.rules import RULES
from cgraph_cli.syntax.expression import Name, walk
from cgraph_cli.syntax.parser import parse


def zero(work: Work) -> Slip:
    """0, as of a constant."""
    return lambda: {"output": work.names.output, "start": work.names.node(work.start)}, lambda at: 0.0


def function(work: Work) -> Slip:
    """The output itself."""
    return lambda: {"output": work.names.output}, lambda at: at.values[work.graph.output]


def turned(x: int, y: int, at: Traced) -> float:
    """The quotient rule with x·y' - x'·y above."""
    return (at.values[x] * at.tangent[y] - at.tangent[x] * at.values[y]) / at.values[y] ** 2


def over(work: Work, node: int) -> Slip | None:
    """The quotient of the derivatives, or of a constant and the derivative below it."""
    if work.graph.ops[node] is not DIV:
        return None
    x, y = work.graph.arguments(node)
    return work.at_node(node, lambda at: (at.tangent[x] if work.depends[x] else at.values[x]) / at.tangent[y])


def one_of_two(work: Work, edge: Edge) -> Slip | None:
    """A summand of the product rule left out."""
    if work.graph.ops[edge.node] is not MUL or len(work.live[edge.node]) != 2:
        return None
    return work.at_edge(edge, lambda at: 0.0)


def not_squared(work: Work, edge: Edge) -> Slip | None:
    """The denominator in the place of its square."""
    if work.graph.ops[edge.node] is not DIV or edge.position == 0:
        return None
    node, below = edge.node, edge.arg
    return work.at_node(node, lambda at: at.tangent[node] * at.values[below], below=work.names.node(below))


def inverted(work: Work, node: int) -> Slip | None:
    """y/x differentiated in the place of x/y."""
    if work.graph.ops[node] is not DIV:
        return None
    return work.at_node(node, lambda at: -at.tangent[node] / at.values[node] ** 2)


def other_rule(work: Work, edge: Edge) -> Slip | None:
    """b^x or exp(x) taken for a power of x, and x^n for an exponential function."""
    if work.graph.ops[edge.node] is EXP:
        return work.at_edge(edge, lambda at: at.values[edge.arg] * at.values[edge.node] / e, varies="exponent")
    if work.graph.ops[edge.node] is not POW or len(work.live[edge.node]) != 1:
        return None
    x, y = work.graph.arguments(edge.node)
    varies = ("base", "exponent")[edge.position]
    kernel = local_kernel("pow")

    def local(at: Traced) -> float:
        found: float = kernel(at.values[edge.node], at.values[x], at.values[y])[1 - edge.position]
        return found

    return work.at_edge(edge, local, varies=varies)


def swapped(work: Work, node: int) -> Slip | None:
    """Each input of a product times its own derivative."""
    x, y, *_ = (*work.graph.arguments(node), -1)
    if work.graph.ops[node] is not MUL or x == y:
        return None
    edge = work.live[node][0]
    _, wrong = work.at_node(node, lambda at: at.values[x] * at.tangent[x] + at.values[y] * at.tangent[y])
    return work.at_edge(edge, lambda at: 0.0)[0], wrong


def without_local(work: Work, edge: Edge) -> Slip | None:
    """1 in the place of a local gradient that is more than a sign."""
    if all(abs(at.local[edge.place]) == 1 for at in work.points):
        return None
    return work.at_edge(edge, lambda at: 1.0)


def undifferentiated(work: Work, edge: Edge) -> Slip | None:
    """A function in the place of its own derivative."""
    if work.graph.ops[edge.node].symbol is not None:
        return None
    return work.at_edge(edge, lambda at: at.values[edge.node])


@cache
def of_value() -> dict[Operation, Callable[[float], float]]:
    """The functions whose local gradient a class writes with their own value alone, 1 - f^2, and that as a function."""
    shown = {name: rule.textbook[0] for name, rule in RULES.items() if len(rule.args) == 1}
    alone = {
        operation(name): text
        for name, text in shown.items()
        if text and text != "f" and {one.name for one in walk(formula(text)) if isinstance(one, Name)} == {"f"}
    }
    return {op: prepared_value(build(parse(text))) for op, text in alone.items()}


def as_another(other: Operation) -> Callable[[Work, Edge], Slip | None]:
    """The local gradient of another such function: f*(1 - f) for tanh."""

    def slip(work: Work, edge: Edge) -> Slip | None:
        op, known = work.graph.ops[edge.node], of_value()
        if op is other or op not in known:
            return None
        return work.at_edge(edge, lambda at: known[other](at.values[edge.node]), other=other.name)

    return slip


def as_others(work: Work) -> Iterator[Slip]:
    """The same for all of them."""
    return chain.from_iterable(each_edge(as_another(op))(work) for op in of_value())


def of_argument(work: Work, edge: Edge) -> Slip | None:
    """x*(1 - x) for f*(1 - f): the argument in the place of the value."""
    slope = of_value().get(work.graph.ops[edge.node])
    if slope is None:
        return None
    return work.at_edge(edge, lambda at: slope(at.values[edge.arg]), argument=work.names.node(edge.arg))


def at_value(work: Work, edge: Edge) -> Slip | None:
    """g'(g(h)) in the place of g'(h)."""
    op = work.graph.ops[edge.node]
    if not op.is_row or op.symbol or len(work.graph.arguments(edge.node)) != 1:
        return None
    value, local = value_kernel(op.name), local_kernel(op.name)

    def slope(at: Traced) -> float:
        x = at.values[edge.node]
        return float(local(value(x), x)[0] or 0.0)

    return work.at_edge(edge, slope, argument=work.names.node(edge.arg))


def without_all_inner(work: Work, node: int) -> Slip:
    """1 in the place of the derivative of a node."""
    return work.at_node(node, lambda at: 1.0)


def without_inner(work: Work, edge: Edge) -> Slip | None:
    """The same for one of its users."""
    node, _, arg, place = edge
    if arg == work.start:
        return None
    fields, _ = without_all_inner(work, arg)
    return fields, lambda at: at.true + at.upstream[node] * at.local[place] * (1 - at.tangent[arg])


def inside(*, times: bool) -> Callable[[Work, Edge], Slip | None]:
    """g'(h'), or g'(h')·h' if ``times``, in the place of g'(h)·h'."""

    def slip(work: Work, edge: Edge) -> Slip | None:
        op, arg = work.graph.ops[edge.node], edge.arg
        if arg == work.start or not op.is_row or op.symbol or len(work.graph.arguments(edge.node)) != 1:
            return None
        value, local = value_kernel(op.name), local_kernel(op.name)

        def tangent(at: Traced) -> float:
            inner = at.tangent[arg]
            slope = local(value(inner), inner)[0]
            return 0.0 if slope is None else float(slope) * (inner if times else 1.0)

        return work.at_node(edge.node, tangent, inner=work.names.of(arg), argument=work.names.node(arg))

    return slip


def by_others(work: Work) -> Iterator[Slip]:
    """The derivative by another variable or named part."""
    graph = work.graph

    def slip(node: int) -> Slip:
        return lambda: {"other": work.names.by(node)}, lambda at: at.upstream[node]

    for node in dict.fromkeys([*graph.variables.values(), *graph.names]):
        if node not in (work.start, graph.output) and node not in graph.constants:
            yield slip(node)


def left_out(work: Work, edge: Edge) -> Slip:
    """0 in the place of a local gradient."""
    return work.at_edge(edge, lambda at: 0.0)


def wrong_sign(work: Work, edge: Edge) -> Slip:
    """The opposite of a local gradient."""
    return work.at_edge(edge, lambda at: -at.local[edge.place])


def alone(work: Work, node: int) -> Slip:
    """The derivative of a part."""
    return lambda: {"other": work.names.of(node), "factor": work.names.by(node)}, lambda at: at.tangent[node]


def stopped(work: Work, node: int) -> Slip:
    """The upstream gradient of a part."""
    return lambda: {"other": work.names.by(node), "factor": work.names.of(node)}, lambda at: at.upstream[node]


def kept(work: Work, node: int) -> Slip:
    """A part in the place of its derivative."""
    return work.at_node(node, lambda at: at.values[node])


def _values(work: Work, made: Callable[[float, float], float]) -> Iterator[Slip]:
    """What is made of the derivative and the value of a node; at a single point it would say too little."""

    def slip(node: int) -> Slip:
        return lambda: {"node": work.names.node(node)}, lambda at: made(at.true, at.values[node])

    if len(work.points) >= ENOUGH:
        yield from (slip(node) for node in range(len(work.graph)) if node not in work.graph.constants)


def missing_values(work: Work) -> Iterator[Slip]:
    """The derivative divided by a node."""
    return _values(work, lambda derivative, value: derivative / value)


def additional_values(work: Work) -> Iterator[Slip]:
    """The derivative times a node."""
    return _values(work, lambda derivative, value: derivative * value)


def multiple(work: Work) -> Slip | None:
    """A multiple of the derivative, as a slip makes it: by a ratio of small whole numbers."""
    return _multiple(work, is_far=False)


def far_multiple(work: Work) -> Slip | None:
    """Another multiple of the derivative."""
    return _multiple(work, is_far=True)


def _multiple(work: Work, *, is_far: bool) -> Slip | None:
    factor = work.constant(lambda at: at.claimed, lambda at: at.true, LIKELY)
    if factor is None or _is_far(factor) != is_far:
        return None
    return (lambda: {"factor": factor}, lambda at: factor * at.true)


def _is_far(factor: float) -> bool:
    """Whether a factor is no likely one, no ratio of two of 1 to 4, and neither n nor 1/n for one of 1 to 9."""
    numbers = range(1, 10)
    ratios = (above / below for above in numbers for below in numbers if 1 in (above, below) or max(above, below) <= 4)
    return not any(abs(abs(factor) - one) <= LOOSE * one for one in (*LIKELY, *ratios))


def multiple_part(work: Work, edge: Edge) -> Slip | None:
    """A multiple of what leads through one edge, as a slip makes it."""
    return _multiple_part(work, edge, is_far=False)


def far_multiple_part(work: Work, edge: Edge) -> Slip | None:
    """Another multiple of what leads through one edge."""
    return _multiple_part(work, edge, is_far=True)


def _multiple_part(work: Work, edge: Edge, *, is_far: bool) -> Slip | None:
    node, _, arg, place = edge
    more = work.constant(
        lambda at: at.claimed - at.true, lambda at: at.upstream[node] * at.local[place] * at.tangent[arg]
    )
    if more in (None, -1.0, -2.0):  # what is left out or has another sign has a name of its own
        return None
    factor = 1 + more
    if _is_far(factor) != is_far:
        return None
    return work.at_edge(edge, lambda at: factor * at.local[place], factor=factor)


def offset(work: Work) -> Slip | None:
    """The derivative and a constant."""
    constant = work.constant(lambda at: at.claimed - at.true, lambda at: 1.0)
    return None if constant is None else (lambda: {"offset": constant}, lambda at: at.true + constant)
