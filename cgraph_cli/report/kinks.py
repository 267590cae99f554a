"""Points at which a convention stands in for mathematics: kinks, and finite answers outside a function's domain."""

from __future__ import annotations

from itertools import chain, product
from math import isfinite, isinf, isnan, nan

from cgraph_cli.engine.passes import Gradients, at_kink, backward, changes_sides, forward
from cgraph_cli.errors import KinkError, Span
from cgraph_cli.graph.express import needed
from cgraph_cli.graph.formula import formula, limits
from cgraph_cli.graph.graph import Graph, Operation, operation
from cgraph_cli.light import TYPE_CHECKING, Any, Callable, Iterable, Iterator, Mapping, Sequence, cache
from cgraph_cli.report.approach import jump, same
from cgraph_cli.report.findings import KINDS, Found, filled
from cgraph_cli.report.words import Description, derivative_name
from cgraph_cli.rules import OPERATORS, RULES
from cgraph_cli.syntax.printer import format_number

if TYPE_CHECKING:
    from cgraph_cli.engine.arithmetic import Arithmetic
    from cgraph_cli.engine.truth import Quantities

MOST_WORK = 20_000_000  # operations times bits: a third of a second
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

INSIDE = {"switch": "kink inside", **{kind: f"{kind} inside" for kind in ("kink", "bend", "out of domain")}}


def conventions(
    graph: Graph,
    values: Sequence[float],
    passes: Iterable[Gradients],
    words: Description,
    used: str | None = None,
    *,
    bends: bool = False,
) -> Iterator[Found]:
    """Every node that takes part in passes and stands on a kink of its function, or answers outside its domain.

    With ``bends`` also those on a kink of their local gradient, which second derivatives meet. ``used`` is the slope
    used on kinks, by default the convention of each function.
    """
    search = _Search(bends=bends)
    for kind, node, fields in chain(*(search.found(graph, values, one.reached) for one in passes)):
        if used in USED and kind in ("kink", "kink inside", "switch"):
            fields = {**fields, "convention": _ways(fields["function"]).get(used, fields["convention"])}
        yield kind, node, {"place": words.at_point(node, values), **fields}


def _ways(function: str) -> Mapping[str, str]:
    """What can be used on a kink of a function or at a tie of a comparison, which is true on one side of it."""
    op = operation(OPERATORS.get(function, function))
    return USED if not op.compares else TAKEN if changes_sides(op) else {}


def refuse_kinks(source: str, graph: Graph, which: str, found: Sequence[Found], sides: Sequence[Found]) -> None:
    """Raises KinkError where kinks are refused, or cannot be what is asked for.

    Not so if all cancel, so that there are derivatives, and the gradients are these.
    """
    refused = [(node, kind) for kind, node, _ in sides if not kind.startswith("smooth as used")]
    kinks = of_kinks(found)
    if which != REFUSED:
        kinks = [one for one in kinks if _ways(one[2]["function"]) is TAKEN and which not in TAKEN]
    elif refused:
        kinks = [one for one in kinks if one[1] == refused[0][0]]
    if not kinks or (sides and not refused):
        return
    kind, node, fields = kinks[0]
    place, ways = filled(fields["place"], format_number), _ways(fields["function"])
    second = "second " if refused and refused[0][1].endswith("second") else ""
    message = f"{place} is a kink: there is no {second}derivative"
    if which != REFUSED:
        message = f"{place} is exactly where a comparison changes: it has no slope, so --kink {which} says nothing"
    help = None
    if ways and not kind.startswith("bend"):
        help = f"--kink {'left or right' if ways is TAKEN else 'zero, left, right or mean'} chooses what is used there"
    raise KinkError(message, span=Span(graph.starts[node], graph.ends[node]), source=source, help=help)


def of_kinks(found: Iterable[Found]) -> list[Found]:
    """What is said of kinks."""
    return [one for one in found if KINDS[one[0]].code == "kink"]


def without_bends(conventional: Sequence[Found], sides: Sequence[Found]) -> list[Found]:
    """Conventions, those on kinks of local gradients only where a second derivative has several sides."""
    bent = any(kind.endswith("second") for kind, _, _ in sides)
    return [one for one in conventional if bent or not one[0].startswith("bend")]


def kinked(graph: Graph, values: Sequence[float], reached: Sequence[int]) -> bool:
    """Whether a node that takes part stands on a kink, so that a convention stands in for the slope."""
    return bool(of_kinks(_Search().found(graph, values, reached)))


class Sides:
    """The judge of numbers at a point where nodes are ``standing`` on kinks of functions or of their local gradients.

    What it says of a number is from its one-sided limits in high precision. Where both are the same, kinks cancel,
    abs(x)^2, and the number exists; the one by convention need not be it: relu(x) - relu(-x).
    """

    def __init__(
        self,
        graph: Graph,
        point: Mapping[str, float],
        standing: Sequence[Found],
        arithmetic: Callable[[], Arithmetic] | None = None,
    ) -> None:
        from cgraph_cli.engine.mpmath import precise
        from cgraph_cli.engine.truth import Truth

        self.graph, self.standing, self.arithmetic = graph, standing, arithmetic or precise
        self.nodes = [node for _, node, _ in standing]
        self.kinks = [node for kind, node, _ in standing if not kind.startswith("bend")]
        self.truth = Truth(graph, point, self.arithmetic)
        self.truth.left = MOST_WORK

    def found(
        self,
        passes: Mapping[str, Gradients],
        moving: Mapping[str, float],
        tangents: Sequence[float] | None,
        hessian: Mapping[str, Mapping[str, float]] | None,
    ) -> Iterator[Found]:
        """What there is to say of the numbers of an evaluation."""
        for output, found in passes.items():
            gradients = {name: found.upstream[node] for name, node in self.graph.variables.items()}
            yield from self.gradients(output, gradients)
        if tangents is not None and moving:
            yield from self.directional(moving, tangents)
        if hessian is not None:
            yield from self.seconds(hessian)

    def seconds(self, hessian: Mapping[str, Mapping[str, float]]) -> Iterator[Found]:
        """What there is to say of second derivatives of the last output, each once: the matrix is symmetric."""
        from cgraph_cli.engine.hessian import second_derivatives

        (output, of), names = next(reversed(self.graph.outputs.items())), list(self.graph.variables)
        asked: dict[tuple[str, ...], dict[str, Any]] = {
            wrt: {
                "name": derivative_name(output, wrt),
                "row": wrt[0],
                "column": wrt[1],
                "of": of,
                "value": hessian[wrt[0]][wrt[1]],
            }
            for wrt in product(hessian, repeat=2)
            if names.index(wrt[0]) <= names.index(wrt[1])
        }

        def quantities(wanted: Sequence[tuple[str, ...]]) -> Quantities:
            places = [(names.index(row), names.index(column)) for row, column in wanted]
            return second_derivatives(self.graph, of, places, self.arithmetic)

        yield from self.higher(asked, quantities, " second")

    def gradients(self, output: str, numbers: Mapping[str, float]) -> Iterator[Found]:
        """What there is to say of derivatives of an output by names."""
        for name, used in numbers.items():
            fields = {"name": derivative_name(output, (name,)), "wrt": (name,), "arg": self.graph.variables[name]}
            yield from self._slopes(output, {name: 1.0}, fields | {"value": used}, " gradient")

    def directional(self, moving: Mapping[str, float], tangents: Sequence[float]) -> Iterator[Found]:
        """The same of the derivatives of all outputs in a direction."""
        for output, of in self.graph.outputs.items():
            fields = {"name": f"the directional derivative of `{output}`", "value": tangents[of]}
            yield from self._slopes(output, moving, fields, " directional")

    def _slopes(self, output: str, moving: Mapping[str, float], fields: dict[str, Any], ending: str) -> Iterator[Found]:
        of, node = self.graph.outputs[output], self._moved(moving, self.kinks)
        if node is None:
            return
        sides = self.truth.slopes(moving, of)
        steep = ending == " gradient" and any(one is not None and isinf(one) for one in sides)
        value = forward(self.graph, self.truth.point)[of] if steep else nan
        jumps = list(jump(self.truth, node, of, value, *fields["wrt"])) if steep else []
        yield from jumps or _told(node, sides, fields | {"of": of}, ending)

    def formulas(
        self,
        output: str,
        numbers: Mapping[tuple[str, ...], float],
        formulas: Graph,
        nodes: Mapping[tuple[str, ...], int],
    ) -> Iterator[Found]:
        """The same of derivatives of higher order that are ``nodes`` of a graph, with the kinks of local gradients."""
        from cgraph_cli.engine.truth import Quantities

        def quantities(wanted: Sequence[tuple[str, ...]]) -> Quantities:
            def at(point: Mapping[str, Any]) -> list[Any]:
                found = forward(formulas, point, self.arithmetic())
                return [found[nodes[wrt]] for wrt in wanted]

            return Quantities(len(wanted), len(formulas), at)

        higher = [(wrt, one) for wrt, one in numbers.items() if len(wrt) > 1]
        asked = {wrt: {"name": derivative_name(output, wrt), "wrt": wrt, "value": one} for wrt, one in higher}
        sides = [*self.higher(asked, quantities, " order")]
        yield from [found for found in self.standing if sides and found[0].startswith("bend")]
        yield from sides

    def higher(
        self,
        asked: Mapping[tuple[str, ...], Mapping[str, Any]],
        quantities: Callable[[Sequence[tuple[str, ...]]], Quantities],
        ending: str,
    ) -> Iterator[Found]:
        """The same of derivatives of higher order by names, each as the first of them moves that has two sides.

        A mixed one can have one limit along each variable and others between them.
        """
        told = set[tuple[str, ...]]()
        for by in dict.fromkeys(chain.from_iterable(asked)):
            node = self._moved((by,), self.nodes)
            wanted = [wrt for wrt in asked if by in wrt and wrt not in told]
            if node is None or not wanted:
                continue
            for wrt, sides in zip(wanted, self.truth.sides(quantities(wanted), {by: 1.0}), strict=True):
                about = {**asked[wrt], "by": by, "arg": self.graph.variables[by]}
                for kind, at, found in _told(node, sides, about, ending):
                    if not kind.startswith("smooth as used"):
                        told.add(wrt)
                        yield kind, at, found
        node = self._moved(names, self.nodes) if (names := {*chain.from_iterable(asked)}) else None
        mixed = [wrt for wrt in asked if len({*wrt}) > 1 and wrt not in told]
        for wrt, limit in zip(mixed, self.truth.limits(quantities(mixed)) if mixed else (), strict=True):
            about = {**asked[wrt], "arg": self.graph.variables[wrt[0]]}
            if node is not None and limit is not None and isnan(limit):
                yield f"apart{ending}", node, about
            elif node is not None and limit is not None and not same(limit, asked[wrt]["value"]):
                yield from _told(node, (limit, limit), about, ending)

    def _moved(self, names: Iterable[str], nodes: Iterable[int]) -> int | None:
        """The first of some nodes that depends on names."""
        moved = self.graph.depending_on(*(self.graph.variables[name] for name in names))
        return next((node for node in nodes if moved[node]), None)


def _told(
    node: int, sides: tuple[float | None, float | None], fields: Mapping[str, Any], ending: str
) -> Iterator[Found]:
    """What a number's limits from both sides make of it; nothing where one side has no values or is undecided."""
    left, right = sides
    if left is None or right is None or isnan(left) or isnan(right):
        return
    told = {**fields, "left": left, "right": right}
    if not same(left, right) or isinf(right):  # at a jump both may be infinite
        yield f"slopes{ending}", node, told
    elif same(fields["value"], right):
        yield f"smooth as used{ending}", node, told
    else:
        yield f"smooth{ending}", node, told | {"true_value": right}


class _Search:
    """Asks every node, and those inside modules: a call with equal arguments once."""

    def __init__(self, *, bends: bool = False) -> None:
        self.bends = bends
        self.possible: dict[Operation, bool] = {}
        self.known: dict[tuple[Operation, tuple[float, ...]], dict[str, dict[str, Any]]] = {}

    def found(self, graph: Graph, values: Sequence[float], reached: Sequence[int]) -> Iterator[Found]:
        """What there is to say of the nodes of a graph; the fields lack the place."""
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
            if at_kink(graph, node, values, reached):
                assert op.rule is not None
                kind = "switch" if op.compares else "kink"
                yield kind, node, {"function": op.symbol or op.name, "convention": op.rule.convention}
            elif self.bends and reached[node]:
                yield from self.bent(op, node, [values[node], *at])
            if isfinite(values[node]):
                yield from _out_of_domain(op, node, at)

    def can(self, op: Operation) -> bool:
        """Whether an operation has a kink or a domain, or one inside it has."""
        if op not in self.possible:
            inside = op.body is not None and any(map(self.can, set(op.body.ops)))
            bends = self.bends and bool(_local_graphs(op.name))
            self.possible[op] = inside or (op.rule is not None and bool(op.rule.kink or op.rule.domain or bends))
        return self.possible[op]

    def bent(self, op: Operation, node: int, point: Sequence[float]) -> Iterator[Found]:
        """The first kink of an operation's local gradients, at its value and its arguments."""
        assert op.rule is not None
        for graph in _local_graphs(op.name):
            values = forward(graph, {**op.rule.defaults, **dict(zip(graph.variables, point, strict=False))})
            for kind, _, fields in self.found(graph, values, needed(graph, graph.outputs.values(), values)):
                if kind in ("kink", "switch"):
                    yield "bend", node, {**fields, "function": op.name}
                    return

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


@cache
def _local_graphs(name: str) -> list[Graph]:
    """The local gradients of a row that have kinks inside, each as a graph over its value and its arguments."""
    from cgraph_cli.engine.hessian import formula_graph

    rule = RULES.get(name)
    if rule is None or rule.many or not rule.has_slope or None in rule.gradients:
        return []
    formulas = [limits(formula(text))[1] for text in rule.gradients if text is not None]
    graphs = [formula_graph(tree, ("f", *rule.args)) for tree in formulas]
    return [graph for graph in graphs if any(op.rule is not None and op.rule.kink for op in graph.ops)]


def _out_of_domain(op: Operation, node: int, args: Sequence[float]) -> Iterator[Found]:
    rule = op.rule
    assert rule is not None
    for name, value in zip(rule.args, args, strict=False):
        interval = rule.domain.get(name)
        if interval is not None and not interval.partial and not interval.contains(value):
            domain = f"{name} {interval.text}"
            yield "out of domain", node, {"function": op.name, "domain": domain, "argument": name, "value": value}
