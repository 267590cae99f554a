"""The chain rule as equations: every value and every gradient with its formula, its numbers and its result."""

from __future__ import annotations

from math import inf

from cgraph_cli.graph.graph import CONSTANT, VARIABLE
from cgraph_cli.light import Callable, Iterator, NamedTuple, Sequence, T
from cgraph_cli.render.prose.writing import LARGE, Writing
from cgraph_cli.report.paths import Arrival, arrivals
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.expression import Assignment, Binary, Call, Definition, Name, Syntax, rebuilt
from cgraph_cli.syntax.printer import Notation, print_expression

LONG = 4_000  # characters of a formula that is shown without --all
SHORTEST = 8  # characters of a part; a shorter one is dots
MOST_PARTS = 12  # of a sum, a product or a call that is too long
CHAINED = (frozenset("+-"), frozenset("*/"))
Row = tuple[str, list[tuple[str, str]]]  # a name and what it equals: (sign, formula), one after the other


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


def part(title: str, shown: Sequence[T], limit: int, row: Callable[[T], Row], *, keep_end: bool = True) -> Part:
    """A row for each of the first and the last."""
    first, left_out, last = cut(shown, limit, keep_end=keep_end)
    return Part(title, [row(one) for one in (*first, *last)], left_out, len(first))


def typed(statement: Assignment | Definition, notation: Notation, limit: float = LONG) -> Row:
    """What a statement gives a name to, as it was typed; a formula of more than ``limit`` characters is shortened."""
    if isinstance(statement, Definition):
        name = print_expression(Call(statement.name, [*map(Name, statement.parameters)]), notation)
        body = statement.tree
    else:
        name, body = "" if statement.name is None else notation.name(statement.name), statement.tree
    return name, [("=" if name else "", print_expression(shortened(body, notation, limit), notation))]


def shortened(part: Syntax, notation: Notation, room: float) -> Syntax:
    """A formula of at most about ``room`` characters: the first and the last parts of what is too long, and dots."""
    if len(print_expression(part, notation)) <= room:
        return part
    if room < SHORTEST:
        return Name("…")
    kin = next((kind for kind in CHAINED if isinstance(part, Binary) and part.symbol in kind), "")
    spine, links = part, list[Binary]()  # a - b + c is read from its left end
    while isinstance(spine, Binary) and spine.symbol in kin:
        links.append(spine)
        spine = spine.left
    parts = [spine, *(link.right for link in reversed(links))] if links else part.operands()
    first, left_out, last = cut(parts, MOST_PARTS)
    room = room * 3 // 4 // len((*first, *last))
    shown = [shortened(one, notation, room) for one in (*first, *last)]
    if left_out:
        shown.insert(len(first), Name("…"))
    if not links:
        return Call(part.name, shown) if isinstance(part, Call) else rebuilt(part, shown)
    tree, *rest = shown
    symbols = [link.symbol for link in reversed(links)]
    before = [*symbols[: len(first)], *symbols[len(symbols) - len(last) :]] if left_out else symbols
    for symbol, term in zip(before, rest, strict=True):
        tree = Binary(symbol, tree, term)
    return tree


def statements(writing: Writing) -> Part:
    """What the user typed; a formula too long to read is shortened unless all is shown."""
    found = writing.report.statements
    most, longest = (len(found), inf) if writing.view.all else (LARGE, LONG)
    return part("statements", found, most, lambda one: typed(one, writing.notation, longest))


def values(writing: Writing) -> Part:
    """What every node computes."""
    nodes = [node for node, op in enumerate(writing.report.graph.ops) if op is not VARIABLE and op is not CONSTANT]
    return part("values", nodes, writing.limit, lambda node: (writing.label(node), writing.forward(node)))


def sending(report: Report) -> list[int]:
    """The nodes that send gradients to their arguments, in the order of the backward pass."""
    graph, reached = report.graph, report.passes.reached
    nodes = range(len(graph) - 1, -1, -1)
    return [node for node in nodes if reached[node] and graph.has_gradient[node] and graph.ops[node] is not VARIABLE]


def parts(writing: Writing) -> Iterator[Part]:
    """All equations of a report, in the order in which they can be computed; none is empty."""
    report, limit = writing.report, writing.limit
    nodes = [*sending(report), *report.differentiated.values()]
    first, left_out, last = cut(nodes, limit)
    arriving = arrivals(report.graph, report.passes, [*first, *last])
    gradients = [gradient_row(writing, node, arriving[node]) for node in (*first, *last)]

    def given(one: tuple[str, float]) -> Row:
        return writing.name(one[0]), [equal(writing, one[1])]

    found = (
        statements(writing),
        part("variables", list(report.variables.items()), limit, given, keep_end=False),
        values(writing),
        Part("gradients", gradients, left_out, len(first)),
        *further(writing),
    )
    return (one for one in found if one.rows)


def equal(writing: Writing, value: float) -> tuple[str, str]:
    """A number with its sign."""
    return writing.equals(value), writing.number(value)


def gradient_row(writing: Writing, node: int, edges: Sequence[Arrival]) -> Row:
    """∂f/∂node as the sum of upstream times local over its users, in symbols, in numbers and as one number."""
    report, passes = writing.report, writing.report.passes
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


def further(writing: Writing) -> Iterator[Part]:
    """The other outputs, second derivatives and the directional derivative, where they were asked for."""
    report = writing.report
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
        direction, variables = report.direction or {}, report.graph.variables
        gradients = {name: report.upstreams[output][node] for name, node in variables.items()}
        terms = [writing.product(one, direction.get(name, 0.0)) for name, one in gradients.items()]
        shown = (writing.equals(*gradients.values()), writing.added(terms))
        name = writing.directional(writing.name(output))
        yield Part("directional derivative", [(name, [shown, equal(writing, tangent)])])
