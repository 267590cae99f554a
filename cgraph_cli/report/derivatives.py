"""The result of ``cgraph diff``: derivatives as formulas, with their numbers at a point; plain data, no printing."""

from __future__ import annotations

from collections import Counter
from itertools import chain, product
from math import comb, inf, isfinite, isnan, nan, prod

from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.engine.truth import Quantities, Truth
from cgraph_cli.errors import UsageError
from cgraph_cli.graph.build import Reading, build, check_variables, variables_of
from cgraph_cli.graph.express import named_parts, program_of
from cgraph_cli.graph.graph import Builder, Graph, fold
from cgraph_cli.light import Any, Collection, Iterator, Mapping, NamedTuple, Sequence
from cgraph_cli.report.findings import Finding, Found, gathered
from cgraph_cli.report.report import Report, evaluate_graph
from cgraph_cli.report.shown import Shown
from cgraph_cli.report.words import derivative_name
from cgraph_cli.symbolic.derive import gradient
from cgraph_cli.symbolic.directional import repeated
from cgraph_cli.symbolic.simplify import Simplifier, maker
from cgraph_cli.syntax.expression import Program, Syntax

MAX_ORDER = 1000
SAME = 1e-9  # numbers that differ by less are one but for rounding


class Derivative(NamedTuple):
    """∂ⁿoutput/∂wrt₁…∂wrtₙ: ``formula`` over the variables and named parts, ``program`` complete in itself."""

    wrt: tuple[str, ...]
    formula: Syntax
    graph: Graph
    node: int
    value: float | None

    @property
    def program(self) -> Program:
        """The derivative alone, with the named parts that it needs."""
        return program_of(self.graph, self.node)


class _Derivatives(NamedTuple):
    program: Program
    output: str
    variables: Mapping[str, float]
    value: float | None
    derivatives: list[Derivative]
    parts: list[tuple[str, Syntax]]
    warnings: list[Finding]


class Derivatives(Shown, _Derivatives):
    """All derivatives that were asked for.

    ``parts`` are named formulas that they share, in the order of evaluation; ``warnings`` are those of the evaluation
    at the point, if one was given, and of numbers that it does not confirm.
    """

    __slots__ = ()
    kind = "derivatives"


def differentiate(
    program: Program,
    wrt: Sequence[str] | None = None,
    *,
    mixed: Sequence[tuple[str, ...]] = (),
    order: int = 1,
    values: Mapping[str, float] | None = None,
    simplify: bool = True,
    variables: Collection[str] = (),
    expand: bool = False,
    replace: Mapping[str, str] | None = None,
) -> Derivatives:
    """The derivatives by each name of ``wrt`` (default: by every variable), ``order`` times, then those of ``mixed``.

    An entry of ``mixed`` is the names of one mixed partial derivative. Formulas are as on paper: where a rule has a
    limit at an isolated point (0^0), the formula stands without it. The number beside a formula is that formula's. A
    constant is a variable where it is named in ``wrt``, ``mixed``, ``values`` or ``variables``. Raises
    UnknownVariableError for a name that does not occur, UsageError for an order below 1 or above 1000, TooLargeError
    past a tenth of max_nodes.
    """
    for times in (order, *map(len, mixed)):
        if not 1 <= times <= MAX_ORDER:
            raise UsageError(f"the order of a derivative is 1 to {MAX_ORDER}, not {times}")
    asked = [*(wrt or ()), *chain.from_iterable(mixed)]
    names = variables_of(program, {*asked, *(values or ()), *variables})
    check_variables(asked, names)
    graph = build(program, Reading(frozenset(names), None, expand, tuple((replace or {}).items())))
    wanted = list(dict.fromkeys([*((name,) * order for name in (names if wrt is None else wrt)), *mixed]))
    formulas, nodes = _formulas(graph, wanted, simplify=simplify)
    named = named_parts(formulas, nodes, taken=[*graph.names.values(), *graph.outputs])
    value, numbers, warnings = None, dict[tuple[str, ...], float](), list[Finding]()
    if values is not None:
        at_point = forward(formulas, values)
        numbers = {entry: at_point[node] for entry, node in zip(wanted, nodes, strict=True)}
        report = evaluate_graph(program, graph, values, wrt=names if wrt is None else list(dict.fromkeys(asked)))
        found = _differences(report, values, numbers, overflows=not all(map(isfinite, at_point)))
        value, warnings = report.value, [*report.asked, *gathered(graph, found)]
    derivatives = [
        Derivative(entry, formula, formulas, node, numbers.get(entry))
        for entry, formula, node in zip(wanted, named.outputs, nodes, strict=True)
    ]
    output = next(iter(graph.outputs))
    return Derivatives(program, output, dict(values or {}), value, derivatives, named.parts, warnings)


def _formulas(graph: Graph, wanted: Sequence[tuple[str, ...]], *, simplify: bool) -> tuple[Graph, list[int]]:
    """One graph with every derivative, and its node for each; equal parts are one node."""
    if all(len(entry) == 1 for entry in wanted):
        derived = gradient(graph, graph.output, [entry[0] for entry in wanted], maker(simplify), exact=False)
        return _merged([(derived, derived.outputs[entry[0]]) for entry in wanted])
    several = [repeated(graph, graph.output, entry, lambda: maker(simplify), exact=False) for entry in wanted]
    return _merged([(derived, derived.output) for derived in several])


def _differences(
    report: Report, values: Mapping[str, float], numbers: Mapping[tuple[str, ...], float], *, overflows: bool
) -> Iterator[Found]:
    """The formulas whose number is not the one of reverse mode, and of higher orders those whose number is wrong.

    Reverse mode runs over the expression as written, or over its derivative of the order before; which is right is
    decided in high precision. So is a number that both have, where something ``overflows`` in a formula: 1/inf is 0.
    """
    truth = Truth(report.graph, values)
    kinked = any(found.code == "kink" for found in report.asked)
    for derivatives in _another_way(report, values, numbers):
        doubtful = [one for one in derivatives if overflows or not (isfinite(one[1]) and _same(one[1], one[2]))]
        exact = _exact(truth, [wrt for wrt, _, _ in doubtful], kinked=kinked)
        for (wrt, number, written), true in zip(doubtful, exact, strict=True):
            wrong = true is not None and not isnan(true) and not _same(number, true)
            agree = _same(number, written) or (isnan(number) and isnan(written))  # it is said where a nan comes from
            fields = {"name": derivative_name(report.output, wrt), "wrt": wrt, "true_value": true}
            if len(wrt) == 1 and (wrong or not agree):
                kind = _verdict(number, written, true)
                yield kind, report.output_node, {**fields, "left": number, "right": written}
            elif len(wrt) > 1 and (wrong or not isfinite(number)):
                kind = "order" if not wrong else "order wrong" if isfinite(number) else "order lost"
                yield kind, report.output_node, {**fields, "value": number}
            elif len(wrt) > 1 and true is None and not agree:
                yield "order undecided", report.output_node, {**fields, "value": number, "right": written}


def _another_way(
    report: Report, values: Mapping[str, float], numbers: Mapping[tuple[str, ...], float]
) -> Iterator[list[tuple[tuple[str, ...], float, float]]]:
    """Derivatives with their numbers and those of reverse mode over the graph, or over the derivative before."""
    yield [(wrt, numbers[wrt], report.gradients[wrt[0]]) for wrt in numbers if len(wrt) == 1]
    for wrt, number in numbers.items():
        *before, last = wrt
        if before:
            graph = repeated(report.graph, report.output_node, before, Simplifier)
            upstream = backward(graph, forward(graph, values), graph.output).upstream
            if last in graph.variables:
                yield [(wrt, number, upstream[graph.variables[last]])]


def _exact(truth: Truth, wanted: Sequence[tuple[str, ...]], *, kinked: bool) -> list[float | None]:
    """The derivatives of a graph, all of order 1 or all of higher ones, in high precision from the graph as written.

    The constants of a derived graph are rounded, which order after order of cancellation makes large. Where a number is
    not finite, and everywhere where a function has a kink, it is the limit along the last variable.
    """
    graph = truth.graph
    found: list[float | None] = [nan] * len(wanted)
    if not kinked and all(len(wrt) == 1 for wrt in wanted):  # one pass has them all
        found = truth.values(_slopes(graph, [wrt[0] for wrt in wanted]))
    elif not kinked:
        found = [truth.values(_stencil(graph, wrt))[0] for wrt in wanted]
    return [
        number
        if number is None or isfinite(number)
        else truth.limits(_slopes(graph, wrt) if len(wrt) == 1 else _stencil(graph, wrt), [wrt[-1]])[0]
        for number, wrt in zip(found, wanted, strict=True)
    ]


def _slopes(graph: Graph, names: Sequence[str]) -> Quantities:
    """The derivatives by variables, by reverse mode."""
    from cgraph_cli.engine.mpmath import precise

    def slopes(point: Mapping[str, Any]) -> list[Any]:
        values = forward(graph, point, precise())
        upstream = backward(graph, values, graph.output, precise()).upstream
        return [upstream[graph.variables[name]] for name in names]

    return Quantities(len(names), len(graph), slopes)


def _stencil(graph: Graph, wrt: Sequence[str]) -> Quantities:
    """A derivative of higher order as a central difference: Σ (-1)^k C(n, k) f(x + (n/2 - k)h)/h^n in every variable.

    With steps h of 2^-bits of x in (n + 2) times so many bits, what is cut off and what is rounded are both less than
    2^-bits of the result.
    """
    from cgraph_cli.engine.mpmath import precise

    orders, stretch = Counter(wrt), len(wrt) + 2
    count = prod(order + 1 for order in orders.values())  # of points; there may be too many to visit

    def difference(point: Mapping[str, Any]) -> list[Any]:
        import mpmath
        from mpmath import mp

        bits = mp.prec
        with mpmath.workprec(bits * stretch):
            steps = {name: mp.ldexp(abs(point[name]) or 1, -bits) for name in orders}
            total = mp.zero
            for place in product(*(range(order + 1) for order in orders.values())):
                at, factor = dict(point), 1
                for (name, order), k in zip(orders.items(), place, strict=True):
                    at[name] += (mp.mpf(order) / 2 - k) * steps[name]
                    factor *= (-1) ** k * comb(order, k)
                total += factor * forward(graph, at, precise())[graph.output]
            return [total / mp.fprod(steps[name] ** order for name, order in orders.items())]

    return Quantities(1, len(graph) * count, difference, stretch)


def _verdict(formula: float, written: float, true: float | None) -> str:
    if true is None:
        return "undecided"
    if isnan(true):
        return "no derivative"
    return "formula right" if _same(formula, true) else "written right" if _same(written, true) else "neither right"


def _same(one: float, other: float) -> bool:
    return one == other or abs(one - other) <= SAME * min(abs(one), abs(other)) < inf


def _merged(graphs: Sequence[tuple[Graph, int]]) -> tuple[Graph, list[int]]:
    """All graphs in one, equal nodes merged."""
    merged = Builder()
    placed: dict[int, list[int]] = {}
    for graph, _ in graphs:
        if id(graph) not in placed:
            placed[id(graph)] = fold(graph, merged.variable, merged.number, merged.once)
    return merged.graph, [placed[id(graph)][node] for graph, node in graphs]
