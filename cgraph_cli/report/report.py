"""The Report: everything one evaluation found, as plain data; the contract between the engine and all renderers."""

from __future__ import annotations

from itertools import compress
from math import isfinite

from cgraph_cli.engine.floats import all_finite
from cgraph_cli.engine.passes import Gradients, backward
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import (
    TYPE_CHECKING,
    Any,
    Columns,
    Iterator,
    Mapping,
    NamedTuple,
    Self,
    Sequence,
    cached_property,
    copy,
    packed,
    unpacked,
)
from cgraph_cli.report.chains import Chain
from cgraph_cli.report.findings import NOT_FINITE, Finding, gathered, kind_of
from cgraph_cli.report.shown import Shown
from cgraph_cli.report.words import Description
from cgraph_cli.syntax.expression import Assignment, Definition, Program
from cgraph_cli.syntax.printer import Notation, print_program

if TYPE_CHECKING:
    from cgraph_cli.report.budget import Budget, Uncertain
    from cgraph_cli.report.conditions import Conditions


class Edge(NamedTuple):
    """One argument of a node: ∂node/∂argument as number and formula, and upstream times local.

    ``local`` and ``downstream`` are None and ``local_expression`` is empty where no gradient flows: into a constant,
    into a condition.
    """

    node: int
    local: float | None
    local_expression: str
    downstream: float | None


class Node(NamedTuple):
    """One row of the report. ``upstream`` is None for what no variable reaches: a constant has no gradient.

    ``takes_part`` is False where no gradient arrives: on a branch not taken, or on no path to the output.
    """

    id: int
    label: str
    op: str
    expression: str
    span: tuple[int, int]
    value: float
    upstream: float | None
    takes_part: bool
    args: Sequence[Edge]
    tangent: float | None


class Edges(Sequence[Edge]):
    """The edges of a sum or product of many terms, each made when it is asked for: there can be millions."""

    def __init__(self, report: Report, node: int) -> None:
        self._report = report
        self._node = node
        self._edges = report.graph.edges(node)

    def __len__(self) -> int:
        return len(self._edges)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[position] for position in range(len(self))[index]]
        edge, report = self._edges[index], self._report
        formula = report.description.local(self._node, index % len(self), report.node_values)
        arg = report.graph.args[edge]
        if not formula:
            return Edge(arg, None, "", None)
        return Edge(arg, report.passes.local[edge], formula, report.passes.downstream[edge])


class Nodes(Sequence[Node]):
    """The nodes of a report in evaluation order, each made when it is asked for: there can be millions."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def __len__(self) -> int:
        return len(self._report.graph)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return list(self._report.records(range(*index.indices(len(self)))))
        size = len(self)
        if not -size <= index < size:
            raise IndexError(f"node {index} of a graph with {size} nodes")
        return self._report.node(index % size)

    def __iter__(self) -> Iterator[Node]:
        return self._report.records(range(len(self)))


def statements(program: Program, output: str) -> list[Assignment | Definition]:
    """The statements, the last with the name of the output if it is that; one that is only that name is left out."""
    *first, last = program.statements
    assert isinstance(last, Assignment)
    if first and last.flat.name == output and last.name is None:
        return first
    named = last.name is not None or any(isinstance(one, Assignment) and one.name == output for one in first)
    return program.statements if named else [*first, Assignment(output, last.flat)]


class Upstreams(dict[str, Sequence[float]]):
    """The upstream gradients of every node by output."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _upstreams, tuple((output, packed(column)) for output, column in self.items())


def _upstreams(*pairs: tuple[str, Any]) -> Upstreams:
    return Upstreams((output, unpacked(column)) for output, column in pairs)


class Report(Columns, Shown):
    """The result of evaluating an expression at a point.

    ``value``, ``variables`` and ``gradients`` (∂output/∂name) are what most users want; ``nodes`` has every node of the
    graph. ``jacobian`` and ``values`` hold the same for every output, ``hessian`` and ``tangent`` what was asked for.
    Gradients are those by the names of ``wrt``, by default by every variable. ``budgets`` has the uncertainty of every
    output where inputs are ``uncertain``, ``output_correlation`` the correlation of several; ``conditions`` say how
    many digits are right where that is asked for.
    """

    kind = "report"
    uncertain: Uncertain | None = None
    budgets: Sequence[Budget] = ()
    output_correlation: Mapping[str, Mapping[str, float]] | None = None
    conditions: Conditions | None = None
    _whole: Report | None = None
    _folded: Report | None = None

    def __init__(
        self,
        program: Program,
        graph: Graph,
        values: Sequence[float],
        passes: Mapping[str, Gradients],
        *,
        description: Description,
        warnings: list[Finding],
        hessian: dict[str, dict[str, float]] | None = None,
        direction: dict[str, float] | None = None,
        tangents: Sequence[float] | None = None,
        wrt: Sequence[str] = (),
    ) -> None:
        self.source = program.source
        self.program = program
        self.graph = graph
        self.node_values = values
        self.output, self.output_node = next(reversed(graph.outputs.items()))
        self.passes = passes[self.output]
        self.upstreams: Mapping[str, Sequence[float]] = Upstreams(
            (output, gradients.upstream) for output, gradients in passes.items()
        )
        self.description = description
        self.hessian = hessian
        self.direction = direction
        self.node_tangents = tangents
        self.warnings = warnings
        self._wrt = wrt

    @property
    def value(self) -> float:
        """The value of the output."""
        return self.node_values[self.output_node]

    @property
    def values(self) -> dict[str, float]:
        """The value of every output."""
        return {name: self.node_values[node] for name, node in self.graph.outputs.items()}

    # What is keyed by name is made on first use: for a million variables each takes a hundred megabytes.
    @cached_property
    def variables(self) -> dict[str, float]:
        """The value of every variable."""
        return self.graph.point(self.node_values)

    @cached_property
    def gradients(self) -> dict[str, float]:
        """∂output/∂name for every variable that is differentiated by."""
        return self._gradients(self.output)

    @cached_property
    def jacobian(self) -> dict[str, dict[str, float]]:
        """The gradients of every output."""
        return {name: self.gradients if name == self.output else self._gradients(name) for name in self.upstreams}

    def _gradients(self, output: str) -> dict[str, float]:
        upstream = self.upstreams[output]
        names = self.differentiated
        return dict(zip(names, map(upstream.__getitem__, names.values()), strict=True))

    @property
    def differentiated(self) -> Mapping[str, int]:
        """The variables that the output is differentiated by, and their nodes."""
        variables = self.graph.variables
        return {name: variables[name] for name in self._wrt} if self._wrt else variables

    @property
    def expression(self) -> str:
        """The reading of the source, with minimal parentheses."""
        return print_program(self.program)

    @cached_property
    def statements(self) -> list[Assignment | Definition]:
        """The statements, the last with the output's name."""
        return statements(self.program, self.output)

    @cached_property
    def unused(self) -> list[str]:
        """The values that a statement names and nothing uses, but for the outputs."""
        graph = self.graph
        named = {node: name for node, name in graph.names.items() if graph.arguments(node)}
        used = {*filter(named.__contains__, graph.args), *graph.outputs.values()}
        return [name for node, name in named.items() if node not in used]

    @property
    def asked(self) -> list[Finding]:
        """The warnings that matter to what was asked for: values, and the gradients by the names of ``wrt``."""
        if not self._wrt:
            return self.warnings
        graph = self.whole.graph
        moved = graph.depending_on(*(graph.variables[name] for name in (*self._wrt, *(self.direction or ()))))
        warnings = self.warnings
        found = [one for one in warnings if not kind_of(one.kind).of_gradient or moved[one.fields.get("arg", one.node)]]
        mended = any("rewrite" in one.fields for one in found if one.kind != "rewrite")
        return [one for one in found if mended or one.kind != "rewrite"]

    @property
    def conventional(self) -> set[int]:
        """The variables at which the sides of a kink or a jump differ: that nothing is sent to them is a convention."""
        found = [one.fields for one in self.warnings if one.code in ("kink", "jump") and "arg" in one.fields]
        return {one["arg"] for one in found if one.get("of") == self.output_node and one["left"] != one["right"]}

    @property
    def not_finite(self) -> dict[int, str]:
        """The nodes with a number that is not finite: where one ``began``, or that it is ``passed_on``."""
        values, upstream = self.node_values, self.passes.upstream
        if all_finite(values) and all_finite(upstream):
            return {}
        began = {one.node for one in self.warnings if one.code in NOT_FINITE and " not taken" not in one.kind}
        reached = self.passes.reached
        nodes = (
            node
            for node in range(len(self.graph))
            if reached[node] and not (isfinite(values[node]) and isfinite(upstream[node]))
        )
        return {node: "began" if node in began else "passed_on" for node in nodes} | dict.fromkeys(
            (node for node in began if self.graph.arguments(node)), "began"
        )

    @property
    def on_the_way(self) -> Sequence[int] | None:
        """Of each node whether it leads to a name of ``wrt``; None where every gradient is asked for."""
        return self.graph.depending_on(*self.differentiated.values()) if self._wrt else None

    @property
    def nodes(self) -> Nodes:
        """Every node of the graph, in evaluation order."""
        return Nodes(self)

    @property
    def labels(self) -> Sequence[str]:
        """What each node is called."""
        return self.description.labels

    @property
    def tangent(self) -> float | None:
        """The directional derivative Σ ∂output/∂name · direction(name), None if no direction was asked for."""
        return None if self.node_tangents is None else self.node_tangents[self.output_node]

    @property
    def tangents(self) -> dict[str, float]:
        """The directional derivative of every output, empty if no direction was asked for."""
        tangents = self.node_tangents
        return {} if tangents is None else {name: tangents[node] for name, node in self.graph.outputs.items()}

    @property
    def operands(self) -> set[int]:
        """The constants that are no nodes for people but operands of formulas: without a name of the user's."""
        return {*compress(range(len(self.graph)), self.unseen)}

    @property
    def unseen(self) -> bytearray:
        """Which nodes are those, as a column; in a folded report the inner links of chains are too."""
        graph = self.graph
        found = graph.constants.keys() - graph.names.keys()
        found.update(node for node, name in graph.symbols.items() if graph.names.get(node) == name)
        marked = bytearray(len(graph) if self._whole is None else self.description.chains.inner)
        for node in found.difference(graph.outputs.values()):
            marked[node] = 1
        return marked

    @property
    def whole(self) -> Report:
        """The report as it was computed, of which this one may be the folded view."""
        return self._whole or self

    def folded(self) -> Report:
        """The same with one node for every sum or product of many terms, as people are shown it."""
        chains = self.description.chains
        if self._folded is not None or not chains.links or self._whole is not None:
            return self._folded or self
        from cgraph_cli.report.folding import Folded, extreme_locals, folded_passes

        view = copy(self)
        view._whole = self
        view.graph = shown = Folded(self.graph, chains, self.node_values)
        view.passes = folded_passes(self.passes, shown)
        view.description = self.description.over(view.graph)
        if self.conditions is not None:
            true = folded_passes(self.conditions.true_passes, shown)
            view.conditions = self.conditions._replace(graph=view.graph, passes=view.passes, true_passes=true)
        found = extreme_locals(view.passes, shown, self.description)
        warnings = [*self.warnings, *gathered(self.graph, found)]
        view.warnings = [one._replace(node=chains.last(one.node)) for one in warnings]
        return view

    def passes_from(self, output: str) -> Gradients:
        """The backward pass from an output, computed again where it is not that of the report."""
        if output == self.output:
            return self.passes
        whole = self.whole
        passes = backward(whole.graph, whole.node_values, whole.graph.outputs[output])
        if whole is self:
            return passes
        from cgraph_cli.report.folding import Folded, folded_passes

        return folded_passes(passes, Folded(whole.graph, whole.description.chains, whole.node_values))

    def show_folded(self, view: Report) -> None:
        """Have a view with other numbers than it would be made of: blanks."""
        self._folded, view._whole = view, self

    def notated(self, notation: Notation) -> Description:
        """The words for the nodes in another notation."""
        return self.description.notated(notation)

    def node(self, node: int) -> Node:
        """One node with its edges."""
        return next(self.records((node,)))

    def records(self, nodes: Sequence[int]) -> Iterator[Node]:
        """Some nodes with their edges, each made when it is asked for."""
        for *fields, edges, tangent in self.rows(nodes):
            args = edges if isinstance(edges, Edges) else [*map(Edge._make, edges)]
            yield Node._make((*fields, args, tangent))

    def rows(self, nodes: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        """The fields of these records as plain tuples, those of edges too: a million nodes are written from them."""
        graph, passes, words = self.graph, self.passes, self.description
        ops, args, offsets, has_gradient = graph.ops, graph.args, graph.offsets, graph.has_gradient
        starts, ends, values, tangents = graph.starts, graph.ends, self.node_values, self.node_tangents
        upstream, local, downstream, reached = passes.upstream, passes.local, passes.downstream, passes.reached
        output = self.output_node
        for node, (label, expression, formulas) in zip(nodes, words.texts(nodes, values), strict=True):
            op = ops[node]
            edges: Sequence[Any] = (
                Edges(self, node)
                if isinstance(op, Chain)
                else [
                    (args[edge], local[edge], formula, downstream[edge]) if formula else (args[edge], None, "", None)
                    for edge, formula in enumerate(formulas, offsets[node])
                ]
            )
            depends = has_gradient[node]
            span = starts[node], ends[node]
            arriving = upstream[node] if depends or node == output else None
            tangent = None if tangents is None or not depends else tangents[node]
            yield node, label, op.name, expression, span, values[node], arriving, bool(reached[node]), edges, tangent


class OfReport(Shown):
    """What is shown of a ``report``, in a record of it and more."""

    __slots__ = ()
    report: Report

    def folded(self) -> Self:
        """The same of the folded report."""
        return self._replace(report=self.report.folded())  # type: ignore[attr-defined,no-any-return]

    @property
    def warnings(self) -> list[Finding]:
        """Those of the report that matter to what is shown."""
        return self.report.asked


class _Explanation(NamedTuple):
    report: Report
    forward: bool = True
    backward: bool = True


class Explanation(OfReport, _Explanation):
    """A report to be told in words: the forward pass, the backward pass, or both."""

    __slots__ = ()
    kind = "explanation"

    @property
    def unused(self) -> list[str]:
        """Those of the report."""
        return self.report.unused
