"""Points at which a convention stands in for mathematics.

Kinks, finite answers outside a function's domain, and what is asked of a number that is none.
"""

from __future__ import annotations

from itertools import chain
from math import isfinite, isnan

from cgraph_cli.engine.arithmetic import Arithmetic
from cgraph_cli.engine.floats import FLOAT
from cgraph_cli.engine.passes import Gradients, at_kink, backward, changes_sides, forward, locals_of
from cgraph_cli.graph.express import needed
from cgraph_cli.graph.formula import formula, limits
from cgraph_cli.graph.graph import Graph, Operation, operation
from cgraph_cli.light import Any, Iterable, Iterator, Mapping, Sequence, cache
from cgraph_cli.report.findings import Found, kind_of
from cgraph_cli.report.words import Description
from cgraph_cli.rules import OPERATORS, RULES

REFUSED = "error"
USED = {
    "zero": "gradient 0",
    "left": "the slope from the left",
    "right": "the slope from the right",
    "mean": "the mean of the slopes on both sides",
}
TAKEN = {
    which: f"gradients take what holds to the {which}, none passes through the condition" for which in ("left", "right")
}

INSIDE = {
    "switch": "kink inside",
    **{kind: f"{kind} inside" for kind in ("kink", "bend", "out of domain", "nan compared", "nan chosen")},
}


def conventions(
    graph: Graph,
    values: Sequence[float],
    passes: Iterable[Gradients],
    words: Description,
    used: str | None = None,
    *,
    bends: bool = False,
    arithmetic: Arithmetic = FLOAT,
) -> Iterator[Found]:
    """Every node that stands on a kink of its function, answers outside its domain or asks nan, and takes part.

    With ``bends`` also those on a kink of their local gradient, which second derivatives meet. ``used`` is the slope
    used on kinks, by default the convention of each function; in ``arithmetic`` is what happens inside functions.
    """
    search = _Search(bends=bends, arithmetic=arithmetic)
    for kind, node, fields in chain(*(search.found(graph, values, one.reached) for one in passes)):
        if used in USED and kind in ("kink", "kink inside", "switch"):
            fields = {**fields, "convention": ways_at(fields["function"]).get(used, fields["convention"])}
        yield kind, node, {"place": words.at_point(node, values), **fields}


def ways_at(function: str) -> Mapping[str, str]:
    """What can be used on a kink of a function or at a tie of a comparison, which is true on one side of it."""
    op = operation(OPERATORS.get(function, function))
    return USED if not op.compares else TAKEN if changes_sides(op) else {}


def of_kinks(found: Iterable[Found]) -> list[Found]:
    """What is said of kinks."""
    return [one for one in found if kind_of(one[0]).code == "kink"]


def without_bends(conventional: Sequence[Found], sides: Sequence[Found]) -> list[Found]:
    """Conventions, those on kinks of local gradients only where a second derivative has several sides."""
    bent = any(kind.endswith("second") for kind, _, _ in sides)
    return [one for one in conventional if bent or not one[0].startswith("bend")]


def at_kinks(graph: Graph, values: Sequence[float], reached: Sequence[int]) -> list[int]:
    """The nodes that take part and stand on a kink, so that a convention stands in for the slope."""
    return [node for _, node, _ in of_kinks(_Search().found(graph, values, reached))]


def not_by_formula(graph: Graph, values: Sequence[float], passes: Gradients) -> Iterator[tuple[tuple[int, int], float]]:
    """The local gradients, by node and position, that are another choice on a kink than that of their rows, or nan
    since the output is, where rows send nothing."""
    for node, op in enumerate(graph.ops):
        if passes.reached[node] and graph.arguments(node):
            rows = locals_of(op)(values[node], *(values[arg] for arg in graph.arguments(node)))
            for position, edge in enumerate(graph.edges(node)):
                used = passes.local[edge]
                if (rows[position] or 0.0) != used == used or (rows[position] is None and isnan(used)):
                    yield (node, position), used


class _Search:
    """Asks every node, and those inside modules: a call with equal arguments once."""

    def __init__(self, *, bends: bool = False, arithmetic: Arithmetic = FLOAT) -> None:
        self.bends = bends
        self.arithmetic = arithmetic
        self.possible: dict[Operation, bool] = {}
        self.known: dict[tuple[Operation, tuple[float, ...]], dict[str, dict[str, Any]]] = {}

    def found(
        self, graph: Graph, values: Sequence[Any], reached: Sequence[int], arithmetic: Arithmetic = FLOAT
    ) -> Iterator[Found]:
        """What there is to say of the nodes of a graph; the fields lack the place. ``arithmetic`` compares."""
        suspects = {op for op in set(graph.ops) if self.can(op)}
        if not suspects:
            return
        matters = needed(graph, graph.outputs.values(), values)
        for node, op in enumerate(graph.ops):
            if op not in suspects or not matters[node]:
                continue
            arguments = graph.arguments(node)
            at = [values[arg] for arg in arguments]
            if op.is_module:
                yield from ((kind, node, fields) for kind, fields in self.inside(op, at).items())
                continue
            if at_kink(graph, node, values, reached, arithmetic):
                kind = "switch" if op.compares else "kink"
                yield kind, node, {"function": op.symbol or op.name, "convention": op.rule.convention}
            elif self.bends and reached[node]:
                yield from self.bent(op, node, [values[node], *at])
            if isfinite(values[node]):
                yield from _out_of_domain(op, node, at)
            if op.compares and any(map(isnan, at)):
                yield "nan compared", node, {"truth": "true" if values[node] else "false"}
            elif op.chooses and isnan(at[0]):
                yield "nan chosen", node, {}

    def can(self, op: Operation) -> bool:
        """Whether an operation has a kink or a domain, or one inside it has."""
        if op not in self.possible:
            inside = op.body is not None and any(map(self.can, set(op.body.ops)))
            bends = self.bends and op.is_row and bool(_local_graphs(op.name))
            self.possible[op] = inside or op.chooses or bool(op.rule.kink or op.rule.domain) or bends
        return self.possible[op]

    def bent(self, op: Operation, node: int, point: Sequence[float]) -> Iterator[Found]:
        """The first kink of an operation's local gradients, at its value and its arguments."""
        for graph in _local_graphs(op.name):
            at = {**op.rule.defaults, **dict(zip(graph.variables, map(_exactly, point), strict=False))}
            values = forward(graph, at, self.arithmetic)
            taken = needed(graph, graph.outputs.values(), values)
            for kind, _, fields in self.found(graph, values, taken, self.arithmetic):
                if kind in ("kink", "switch"):
                    yield "bend", node, {**fields, "function": op.name}
                    return

    def inside(self, op: Operation, args: Sequence[float]) -> dict[str, dict[str, Any]]:
        """The first finding of each kind inside a module, its fields by its kind."""
        key = (op, tuple(args))
        if key not in self.known:
            body = op.body
            assert body is not None
            values = forward(body, dict(zip(op.parameters, map(_exactly, args), strict=True)), self.arithmetic)
            first = self.known[key] = {}
            reached = backward(body, values, body.output, self.arithmetic).reached
            for kind, _, fields in self.found(body, values, reached, self.arithmetic):
                first.setdefault(INSIDE.get(kind, kind), {**fields, "module": op.name})
        return self.known[key]


def _exactly(number: Any) -> Any:
    """A number of high precision as the number that it stands for."""
    return getattr(number, "exact", number)


@cache
def _local_graphs(name: str) -> list[Graph]:
    """The local gradients of a row that have kinks inside, each as a graph over its value and its arguments."""
    from cgraph_cli.engine.hessian import formula_graph

    rule = RULES.get(name)
    if rule is None or rule.many or not rule.has_slope or None in rule.gradients:
        return []
    formulas = [limits(formula(text))[1] for text in rule.gradients if text is not None]
    graphs = [formula_graph(tree, ("f", *rule.args)) for tree in formulas]
    return [graph for graph in graphs if any(op.rule.kink for op in graph.ops)]


def _out_of_domain(op: Operation, node: int, args: Sequence[float]) -> Iterator[Found]:
    rule = op.rule
    for name, value in zip(rule.args, args, strict=False):
        interval = rule.domain.get(name)
        if interval is not None and not interval.partial and not interval.contains(value):
            fields = {"function": op.name, "domain": f"{name} {interval.text}", "argument": name}
            yield "out of domain", node, {**fields, "value": float(value)}
