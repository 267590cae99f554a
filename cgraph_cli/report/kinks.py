"""Points at which a convention stands in for mathematics: kinks, and finite answers outside a function's domain."""

from __future__ import annotations

from math import inf, isfinite, isnan

from cgraph_cli.engine.passes import Gradients, at_kink, backward, forward
from cgraph_cli.errors import KinkError, Span
from cgraph_cli.graph.graph import Graph, Operation
from cgraph_cli.light import Any, Iterator, Sequence
from cgraph_cli.report.findings import KINDS, Found, filled
from cgraph_cli.report.nonfinite import needed
from cgraph_cli.report.words import Description, derivative_name
from cgraph_cli.rules import SYMBOLS
from cgraph_cli.syntax.printer import format_number

SAME = 1e-9
MOST_WORK = 20_000_000  # operations times bits: a third of a second
REFUSED = "error"
USED = {
    "zero": "gradient 0",
    "left": "the slope from the left",
    "right": "the slope from the right",
    "mean": "the mean of the slopes on both sides",
}
INSIDE = {"kink": "kink inside", "switch": "kink inside", "out of domain": "out of domain inside"}


def conventions(
    graph: Graph, values: Sequence[float], reached: Sequence[int], words: Description, used: str | None = None
) -> Iterator[Found]:
    """Every node that takes part and stands on a kink of its function, or answers outside its declared domain.

    ``used`` is the slope used there, by default the convention of each function.
    """
    for kind, node, fields in _Search().found(graph, values, reached):
        if used in USED and kind in ("kink", "kink inside") and fields["function"] not in SYMBOLS:
            fields = {**fields, "convention": USED[used]}
        yield kind, node, {"place": words.at_point(node, values), **fields}


def refuse_kinks(source: str, graph: Graph, found: Sequence[Found], sides: Sequence[Found]) -> None:
    """Raises KinkError unless all kinks cancel, so that there are derivatives, and the gradients are these."""
    refused = [node for kind, node, _ in sides if kind != "smooth as used"]
    if sides and not refused:
        return
    node = next(iter(refused), None)
    kinks = [(at, fields) for kind, at, fields in found if KINDS[kind].code == "kink"]
    node, fields = next(one for one in kinks if node in (None, one[0]))
    place = filled(fields["place"], format_number)
    message = f"{place} is a kink: there is no derivative"
    help = "--kink zero, left, right or mean chooses what is used there"
    raise KinkError(message, span=Span(graph.starts[node], graph.ends[node]), source=source, help=help)


def kinked(graph: Graph, values: Sequence[float], reached: Sequence[int]) -> bool:
    """Whether a node that takes part stands on a kink, so that a convention stands in for the slope."""
    return any(KINDS[kind].code == "kink" for kind, _, _ in _Search().found(graph, values, reached))


def slopes(graph: Graph, values: Sequence[float], passes: Gradients, nodes: Sequence[int]) -> Iterator[Found]:
    """The one-sided derivatives of the output by each variable that leads to ``nodes`` on kinks.

    They are from values in high precision alone. Where both are the same, kinks cancel, abs(x)^2, and the output has a
    derivative; the gradient by convention need not be it: relu(x) - relu(-x).
    """
    from cgraph_cli.engine.truth import Truth

    output = next(reversed(graph.outputs))
    truth = Truth(graph, {name: values[node] for name, node in graph.variables.items()})
    truth.left = MOST_WORK
    for name, start in graph.variables.items():
        moved, used = graph.depending_on(start), passes.upstream[start]
        if not any(moved[node] for node in nodes):
            continue
        left, right = truth.slopes(name)
        if left is None or right is None or isnan(left) or isnan(right):
            continue
        fields = {
            "name": derivative_name(output, (name,)),
            "wrt": (name,),
            "arg": start,
            "of": graph.output,
            "value": used,
        }
        fields |= {"left": left, "right": right}
        node = next(node for node in nodes if moved[node])
        if not same(left, right):
            yield "slopes", node, fields
        elif same(used, right):
            yield "smooth as used", node, fields
        else:
            yield "smooth", node, fields | {"true_value": right}


def same(one: float, other: float) -> bool:
    """Whether two numbers are one but for rounding."""
    return one == other or abs(one - other) <= SAME * max(abs(one), abs(other)) < inf


class _Search:
    """Asks every node, and those inside modules: a call with equal arguments once."""

    def __init__(self) -> None:
        self.possible: dict[Operation, bool] = {}
        self.known: dict[tuple[Operation, tuple[float, ...]], dict[str, dict[str, Any]]] = {}

    def found(self, graph: Graph, values: Sequence[float], reached: Sequence[int]) -> Iterator[Found]:
        """What there is to say of the nodes of a graph; the fields lack the place."""
        suspects = {op for op in set(graph.ops) if self.can(op)}
        if not suspects:
            return
        matters = needed(graph, values)
        for node, op in enumerate(graph.ops):
            if op not in suspects or not matters[node]:
                continue
            arguments = graph.arguments(node)
            at = [values[arg] for arg in arguments]
            if op.is_module:
                yield from ((kind, node, fields) for kind, fields in self.inside(op, at).items())
                continue
            if at_kink(graph, node, values, reached):
                assert op.rule is not None
                kind = "switch" if op.compares else "kink"
                yield kind, node, {"function": op.name, "convention": op.rule.convention}
            if isfinite(values[node]):
                yield from _out_of_domain(op, node, at)

    def can(self, op: Operation) -> bool:
        """Whether an operation has a kink or a domain, or one inside it has."""
        if op not in self.possible:
            inside = op.body is not None and any(map(self.can, set(op.body.ops)))
            self.possible[op] = inside or (op.rule is not None and bool(op.rule.kink or op.rule.domain))
        return self.possible[op]

    def inside(self, op: Operation, args: Sequence[float]) -> dict[str, dict[str, Any]]:
        """The first finding of each kind inside a module, its fields by its kind."""
        key = (op, tuple(args))
        if key not in self.known:
            body = op.body
            assert body is not None
            values = forward(body, dict(zip(op.parameters, args, strict=True)))
            first = self.known[key] = {}
            for kind, _, fields in self.found(body, values, backward(body, values, body.output).reached):
                first.setdefault(INSIDE.get(kind, kind), {**fields, "module": op.name})
        return self.known[key]


def _out_of_domain(op: Operation, node: int, args: Sequence[float]) -> Iterator[Found]:
    rule = op.rule
    assert rule is not None
    for name, value in zip(rule.args, args, strict=False):
        interval = rule.domain.get(name)
        if interval is not None and not interval.partial and not interval.contains(value):
            domain = f"{name} {interval.text}"
            yield "out of domain", node, {"function": op.name, "domain": domain, "argument": name, "value": value}
