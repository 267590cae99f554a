"""The chain rule as equations: every value and every gradient with its formula, its numbers and its result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from cgraph_cli.graph.graph import CONSTANT, VARIABLE
from cgraph_cli.render.prose.writing import Writing
from cgraph_cli.report.paths import Arrival, arrivals
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.expression import Assignment, Definition

LARGE = 200  # nodes that are shown without --all
LONG = 4_000  # characters of a formula that is shown without --all
Row = tuple[str, list[tuple[str, str]]]  # a name and what it equals: (sign, formula), one after the other


T = TypeVar("T")


def cut(nodes: Sequence[T], limit: int, *, keep_end: bool = True) -> tuple[Sequence[T], int, Sequence[T]]:
    """The first and the last of too many, with the number of those between."""
    if len(nodes) <= limit:
        return nodes, 0, []
    first = limit // 2 if keep_end else limit
    last = limit - first
    return nodes[:first], len(nodes) - limit, nodes[len(nodes) - last :]


class Part(NamedTuple):
    """Equations that belong together; ``left_out`` of them are missing after the first ``at``."""

    title: str
    rows: list[Row]
    left_out: int = 0
    at: int = 0


def statements(report: Report, writing: Writing, *, all: bool = False) -> Part:
    """What the user typed; a formula too long to read is left out without ``all``."""
    first, left_out, last = cut(report.program.statements, len(report.program.statements) if all else LARGE)
    rows = [statement_row(report, writing, statement) for statement in (*first, *last)]
    if not all:
        rows = [(name, [("=", text if len(text) <= LONG else writing.dots)]) for name, [(_, text)] in rows]
    return Part("formula", rows, left_out, len(first))


def statement_row(report: Report, writing: Writing, statement: Assignment | Definition) -> Row:
    """One statement as an equation."""
    if isinstance(statement, Definition):
        parameters = writing.in_parentheses(", ".join(writing.name(name) for name in statement.parameters))
        return f"{writing.function(statement.name)}{parameters}", [("=", writing.formula(statement.body))]
    return writing.name(statement.name or report.output), [("=", writing.formula(statement.value))]


def parts(report: Report, writing: Writing, *, all: bool = False) -> Iterator[Part]:
    """All equations of a report, in the order in which they can be computed."""
    graph = report.graph
    limit = len(graph) if all else LARGE
    yield statements(report, writing, all=all)
    given = list(report.variables.items())
    shown, left_out, _ = cut(given, limit, keep_end=False)
    yield Part("point", [(writing.name(name), [equal(writing, value)]) for name, value in shown], left_out, len(shown))
    nodes = [node for node, op in enumerate(graph.ops) if op is not VARIABLE and op is not CONSTANT]
    first, left_out, last = cut(nodes, limit)
    rows = [(writing.label(node), writing.forward(node)) for node in (*first, *last)]
    yield Part("values", rows, left_out, len(first))
    nodes = [
        node
        for node in range(len(graph) - 1, -1, -1)
        if graph.has_gradient[node] and report.passes.reached[node] and graph.ops[node] is not VARIABLE
    ]
    nodes += list(graph.variables.values())
    first, left_out, last = cut(nodes, limit)
    arriving = arrivals(graph, report.passes, [*first, *last])
    rows = [gradient_row(report, writing, node, arriving[node]) for node in (*first, *last)]
    yield Part("gradients", rows, left_out, len(first))
    yield from further(report, writing)


def equal(writing: Writing, value: float) -> tuple[str, str]:
    """A number with its sign."""
    return writing.equals(value), writing.number(value)


def gradient_row(report: Report, writing: Writing, node: int, edges: Sequence[Arrival]) -> Row:
    """∂f/∂node as the sum of upstream times local over its users, in symbols, in numbers and as one number."""
    passes = report.passes
    upstream = passes.upstream[node]
    name = writing.gradient(node)
    if node == report.output_node:
        return name, [("=", "1")]
    if not edges:
        return name, [("=", writing.number(upstream))]
    symbols = [
        f"{writing.gradient(edge.user)} {writing.times} {writing.local_factor(edge.user, edge.position)}"
        for edge in edges
    ]
    numbers = [(passes.upstream[edge.user], passes.local[edge.edge]) for edge in edges]
    sign = writing.equals(*(number for pair in numbers for number in pair))
    products = [writing.product(first, second) for first, second in numbers]
    result = writing.number(upstream)
    return name, [
        ("=", writing.added(symbols)),
        (sign, writing.added(products)),
        ("=" if sign == "=" and writing.equals(upstream) == "=" else writing.about, result),
    ]


def further(report: Report, writing: Writing) -> Iterator[Part]:
    """The other outputs, second derivatives and the directional derivative, where they were asked for."""
    for output, gradients in report.jacobian.items():
        if output != report.output:
            name = writing.name(output)
            rows: list[Row] = [(name, [equal(writing, report.values[output])])]
            rows += [
                (writing.partial(name, writing.name(variable)), [equal(writing, value)])
                for variable, value in gradients.items()
            ]
            yield Part("output", rows)
    out = writing.name(report.output)
    if report.hessian is not None:
        names = list(report.hessian)
        rows = [
            (writing.second(out, writing.name(one), writing.name(other)), [equal(writing, report.hessian[one][other])])
            for position, one in enumerate(names)
            for other in names[position:]
        ]
        yield Part("second derivatives", rows)
    for output, tangent in report.tangents.items():
        gradients, direction = report.jacobian[output], report.direction or {}
        terms = [writing.product(one, direction.get(name, 0.0)) for name, one in gradients.items()]
        shown = (writing.equals(*gradients.values()), writing.added(terms))
        name = writing.directional(writing.name(output))
        yield Part("directional derivative", [(name, [shown, equal(writing, tangent)])])
