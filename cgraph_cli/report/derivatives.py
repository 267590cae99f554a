"""The result of ``cgraph diff``: derivatives as formulas, with their numbers at a point; plain data, no printing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from cgraph_cli.engine.passes import forward
from cgraph_cli.errors import UnknownVariableError, UsageError, shortened, suggestion
from cgraph_cli.graph.build import Reading, build, variables_of
from cgraph_cli.graph.express import named_parts, program_of
from cgraph_cli.graph.graph import Builder, Graph, fold
from cgraph_cli.report.findings import Finding
from cgraph_cli.report.report import evaluate_graph
from cgraph_cli.symbolic.derive import gradient, repeated
from cgraph_cli.syntax.expression import Program, Syntax

MAX_ORDER = 1000


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


class Derivatives(NamedTuple):
    """All derivatives that were asked for.

    ``parts`` are named formulas that they share, in the order of evaluation; ``warnings`` are those of the evaluation
    at the point, if one was given.
    """

    program: Program
    output: str
    variables: Mapping[str, float]
    value: float | None
    derivatives: list[Derivative]
    parts: list[tuple[str, Syntax]]
    warnings: list[Finding]


def differentiate(
    program: Program,
    wrt: Sequence[tuple[str, ...]] | None = None,
    *,
    order: int = 1,
    values: Mapping[str, float] | None = None,
    simplify: bool = True,
    variables: Collection[str] = (),
    replace: Mapping[str, str] | None = None,
) -> Derivatives:
    """The derivatives by each entry of ``wrt`` (default: by every variable), ``order`` times.

    An entry of several names is a mixed partial derivative. Formulas are as on paper: where a rule has a limit at an
    isolated point (0^0), the formula stands without it; the numbers are the engine's. A constant is a variable where it
    is named in ``wrt``, ``values`` or ``variables``. Raises UnknownVariableError for
    a name that does not occur, UsageError for an order below 1 or above 1000, TooLargeError past a million nodes.
    """
    if not 1 <= order <= MAX_ORDER:
        raise UsageError(f"the order of a derivative is 1 to {MAX_ORDER}, not {order}")
    names = variables_of(program, {*(name for entry in wrt or () for name in entry), *(values or ()), *variables})
    for name in (name for entry in wrt or () for name in entry):
        if name not in names:
            known = ", ".join(names)
            near = suggestion(name, names)
            raise UnknownVariableError(
                f"the expression has no variable `{shortened(name)}` to differentiate by",
                help=near or (f"its variables: {known}" if known else "it has no variables"),
            )
    graph = build(program, Reading(frozenset(names), replace=tuple((replace or {}).items())))
    wanted = [(name,) * order for name in names] if wrt is None else [entry * order for entry in wrt]
    graphs = list(_derived(graph, wanted, simplify=simplify, exact=False))
    numbers: Iterable[float | None] = [None] * len(wanted)
    value = None
    warnings: list[Finding] = []
    if values is not None:
        report = evaluate_graph(program, graph, values)
        value, warnings = report.value, report.warnings
        if all(len(entry) == 1 for entry in wanted):
            numbers = [report.gradients[entry[0]] for entry in wanted]
        else:
            # Simplified, since a plain graph of a high order is larger by a factor for every order.
            exact = _derived(graph, wanted, simplify=True, exact=True)
            numbers = [forward(derived, values)[node] for derived, node in exact]
    merged, nodes = _merged(graphs)
    formulas = named_parts(merged, nodes, taken=[*graph.names.values(), *graph.outputs])
    derivatives = [
        Derivative(entry, formula, derived, node, number)
        for entry, formula, (derived, node), number in zip(wanted, formulas.outputs, graphs, numbers, strict=True)
    ]
    output = next(iter(graph.outputs))
    return Derivatives(program, output, dict(values or {}), value, derivatives, formulas.parts, warnings)


def _derived(
    graph: Graph, wanted: Sequence[tuple[str, ...]], *, simplify: bool, exact: bool
) -> Iterable[tuple[Graph, int]]:
    """The graph and node of each derivative; first derivatives share one graph, so they share their parts."""
    if all(len(entry) == 1 for entry in wanted):
        derived = gradient(graph, graph.output, [entry[0] for entry in wanted], simplify=simplify, exact=exact)
        return [(derived, derived.outputs[entry[0]]) for entry in wanted]
    found = []
    for entry in wanted:
        derived = repeated(graph, graph.output, entry, simplify=simplify, exact=exact)
        found.append((derived, derived.output))
    return found


def _merged(graphs: Sequence[tuple[Graph, int]]) -> tuple[Graph, list[int]]:
    """All graphs in one, equal nodes merged."""
    merged = Builder()
    placed: dict[int, list[int]] = {}
    for graph, _ in graphs:
        if id(graph) not in placed:
            placed[id(graph)] = fold(graph, merged.variable, merged.number, merged.once)
    return merged.graph, [placed[id(graph)][node] for graph, node in graphs]
