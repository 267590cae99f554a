"""What table and tree share: which nodes are shown, who uses them, and the lines above and below."""

from __future__ import annotations

import sys
from itertools import compress, filterfalse, islice

from cgraph_cli.light import Callable, Iterable, Iterator, Mapping, Sequence, T
from cgraph_cli.render.numbers import Points, short
from cgraph_cli.render.paint import Line, Paint, Span, pair, whole, width_of
from cgraph_cli.render.table.sheet import GAP, Column, Sheet
from cgraph_cli.report.report import Report, statements
from cgraph_cli.syntax.expression import Assignment, Definition, Program
from cgraph_cli.syntax.printer import print_statement, respelled

BLOCK = 500  # nodes drawn together
MOST_NODES = 200  # a longer table is cut in the middle
MOST_LINES = 24  # edges of one node, contributions to one node
MOST_TERMS = 100  # variables in the line of the gradient
MOST_OF_FORMULA = 4  # lines of a terminal
MOST_IN_PIPE = 4_000  # characters of a formula
MOST_PARTS = 50_000  # of a formula that is written anew
PIPE = 80  # columns that a pipe is taken to have where there is a choice
MOST_OPERATION = 300  # characters of one node's operation on a terminal
MOST_IN_LINE = 4  # variables of a gradient in one line; more stand below each other
CONDITION_DIGITS = 3
MEANING = (
    "lost: how many of the number's 16 digits rounding has taken; condition: |local gradient * argument / value|, "
    "by how much an argument's relative error grows in the node"
)
MOST_SQUARE = 24  # rows and columns of a matrix


def cut(items: Sequence[T], most: int, what: str, paint: Paint) -> tuple[Sequence[T], str, Sequence[T]]:
    """Items that are few, or the first ones, the words that stand for those left out, and the last ones."""
    if paint.view.all or len(items) <= most:
        return items, "", ()
    half = most // 2
    return items[:half], paint.left_out(len(items) - 2 * half, what), items[-half:]


def uses_of(report: Report, nodes: Iterable[int]) -> dict[int, list[int]]:
    """The edges that send a gradient to each of these nodes that has several, in evaluation order."""
    graph, sends = report.graph, report.passes.sends
    found: dict[int, list[int]] = {node: [] for node in nodes if graph.has_gradient[node]}
    for edge in compress(range(len(graph.args)), map(found.__contains__, graph.args)):
        if sends[edge]:
            found[graph.args[edge]].append(edge)
    return {node: sorted(edges, key=graph.user) for node, edges in found.items() if len(edges) > 1}


def is_shared(report: Report) -> bool:
    """Whether several edges send a gradient to one node."""
    seen = bytearray(len(report.graph))
    for arg in compress(report.graph.args, report.passes.sends):
        if seen[arg]:
            return True
        seen[arg] = 1
    return False


def unseen(report: Report, paint: Paint) -> bytearray:
    """Which nodes are constants that are only operands of formulas; with --all each is shown as a node."""
    return bytearray(len(report.graph)) if paint.view.all else report.unseen


def nodes_of(report: Report, paint: Paint) -> tuple[Sequence[int], str, Sequence[int]]:
    """The nodes that are shown as such, cut in the middle where they are many."""
    nodes, hidden = range(len(report.graph)), unseen(report, paint)
    count, half = hidden.count(0), MOST_NODES // 2
    seen, backward = (filterfalse(hidden.__getitem__, one) for one in (nodes, reversed(nodes)))
    if paint.view.all or count <= MOST_NODES:
        return [*seen], "", ()
    return [*islice(seen, half)], paint.left_out(count - 2 * half, "nodes"), [*islice(backward, half)][::-1]


def condition(report: Report, user: int, position: int) -> list[Span]:
    """The condition number of an edge, where it is asked for."""
    number = None if report.conditions is None else report.conditions.of_edge(user, position)
    return [] if number is None else [(short(number, CONDITION_DIGITS), "quiet")]


def operation_text(expression: str, paint: Paint) -> str:
    """A node's operation; one with thousands of arguments is cut on a terminal."""
    return paint.signs.text(paint.without_middle(expression, MOST_OPERATION)[0] if paint.view.width else expression)


def heading(report: Report, paint: Paint) -> Iterator[str]:
    """The formula, the point, and of which output the upstream gradients are."""
    signs = paint.signs
    variables, values = report.graph.variables, report.node_values
    yield from given(report.program, report.output, [*variables], lambda name: values[variables[name]], paint)
    if len(report.upstreams) > 1:
        output = signs.text(report.output)
        words = f"upstream: {signs.partial}{output}/{signs.partial}node, for {output}, the last output"
        yield from paint.paragraph((words, "quiet"))
    yield "\n"


def given(
    program: Program, output: str, variables: Sequence[str], value: Callable[[str], float], paint: Paint
) -> Iterator[str]:
    """The reading of the formula with minimal parentheses, a line per statement, and the point."""
    signs = paint.signs
    most = MOST_OF_FORMULA * paint.view.width if paint.view.width else MOST_IN_PIPE
    for statement in statements(program, output):
        ends = _ends(program.source, statement, most, paint)
        text, missing = ends or paint.without_middle(print_statement(statement), most)
        yield from paint.paragraph((signs.text(text), "label"))
        if missing:
            words = paint.left_out(missing, "characters of the formula", about=ends is not None)
            yield paint.line(("    " + words, "quiet"))
    names, words, last = cut(variables, MOST_TERMS, "variables", paint)
    if names:
        yield from paint.paragraph(("at " + terms(names, value, paint), ""), indent=3)
    if words:
        yield paint.line(("   " + words, "quiet"))
        yield from paint.paragraph(("   " + terms(last, value, paint), ""), indent=3)


def _ends(source: str, statement: Assignment | Definition, most: int, paint: Paint) -> tuple[str, int] | None:
    """Of a very long formula what was typed first and last, and about how many characters are left out."""
    span = statement.flat.span
    between = span.end - span.start - 2 * most  # less where it was made and not typed
    if paint.view.all or isinstance(statement, Definition) or len(statement.flat.parts) < MOST_PARTS or between <= 0:
        return None
    ends = (source[span.start : span.start + most], source[span.end - most : span.end])
    text, missing = paint.without_middle("".join(map(respelled, ends)), most)
    return f"{statement.name} = {text}" if statement.name else text, round(missing + between, -3)


def terms(names: Iterable[str], value: Callable[[str], float], paint: Paint) -> str:
    """``x = 1, y = 2``; each stays whole."""
    return ", ".join(pair(paint.signs.text(name), "=", paint.number(value(name))) for name in names)


def footing(report: Report, paint: Paint) -> Iterator[str]:
    """The values, the gradient, what else was asked for, and the warnings."""
    yield from results(report, paint)
    if report.conditions:
        yield "\n"
        yield from paint.paragraph((MEANING, "quiet"), indent=2)
    if report.budgets:
        from cgraph_cli.render.budget import plain

        yield from plain(report, paint)
    yield from warnings(report, paint)


def results(report: Report, paint: Paint) -> Iterator[str]:
    """The values, the gradient, the directional derivative and the matrices."""
    signs = paint.signs
    yield "\n"
    yield from paint.paragraph((terms(report.values, report.values.__getitem__, paint), "value"), indent=0)
    yield from _gradient(report, paint)
    if report.direction is not None:
        along = terms(report.direction, report.direction.__getitem__, paint)
        several = len(report.tangents) > 1
        found = ", ".join(
            whole(paint.number(one) + f" for {signs.text(name)}" * several) for name, one in report.tangents.items()
        )
        yield from paint.paragraph((f"directional derivative along {along}: ", ""), (found, "answer"))
    if len(report.upstreams) > 1:
        yield "\n"
        yield from matrix("Jacobian", report.jacobian, list(report.differentiated), paint)
    if report.hessian is not None:
        yield "\n"
        title = "Hessian" if len(report.upstreams) == 1 else f"Hessian of {signs.text(report.output)}"
        yield from matrix(title, report.hessian, list(report.hessian), paint)


def warnings(report: Report, paint: Paint) -> Iterator[str]:
    """What there is to say of the report."""
    if report.warnings:
        yield "\n"
    first, words, last = cut(report.warnings, MOST_LINES, "warnings", paint)
    yield from paint.remarks(first, report.program.source)
    if words:
        yield paint.line((words, "quiet"))
        yield from paint.remarks(last, report.program.source)


def _gradient(report: Report, paint: Paint) -> Iterator[str]:
    """The partial derivatives in one paragraph, or one a line below each other."""
    signs, nodes, gradients = paint.signs, report.differentiated, report.upstreams[report.output]
    if not nodes:
        yield paint.line(("no variables, so no gradient", "quiet"))
        return
    output = signs.text(report.output)
    names, words, last = cut([*nodes], MOST_TERMS, "partial derivatives", paint)
    lefts = [f"{signs.partial}{output}/{signs.partial}{signs.text(name)}" for name in (*names, *last)]
    numbers = [paint.number(gradients[nodes[name]]) for name in (*names, *last)]
    if len(nodes) <= MOST_IN_LINE:
        text = ", ".join(pair(left, "=", number) for left, number in zip(lefts, numbers, strict=True))
        yield from paint.paragraph((text, "answer"), indent=0)
        return
    points = Points(numbers)
    width = max(map(width_of, lefts))
    for index, (left, number) in enumerate(zip(lefts, numbers, strict=True)):
        if words and index == len(names):
            yield paint.line(("   " + words, "quiet"))
        gap = " " * (width - width_of(left))
        yield paint.line((f"{left}{gap} = {points.padded(number)}".rstrip(), "answer"))


def matrix(title: str, rows: Mapping[str, Mapping[str, float]], names: Sequence[str], paint: Paint) -> Iterator[str]:
    """A matrix keyed by names; as many columns side by side as the view has room for."""
    signs = paint.signs
    above, _, below = cut(list(rows), MOST_SQUARE, "rows", paint)
    before, _, behind = cut(names, MOST_SQUARE, "columns", paint)
    keys, left = [*above, *below], [*before, *behind]
    missing = len(rows) * len(names) - len(keys) * len(left)
    heads: list[Line] = [[(signs.text(key), "label")] for key in keys]
    while left:
        sheet = Sheet([Column(title)], paint)
        lines = [sheet.columns[0].laid_out(heads)]
        for name in left:
            column = Column(signs.text(name), numbers=True, right=True)
            cells = column.laid_out([[(paint.number(rows[key][name]), "gradient")] for key in keys])
            if len(lines) > 1 and sheet.width + GAP + column.width > (paint.view.width or sys.maxsize):
                break
            sheet.columns.append(column)
            lines.append(cells)
        left = left[len(lines) - 1 :]
        yield from sheet.written(lines)
        if left:
            yield "\n"
    if missing:
        yield paint.line((paint.left_out(missing, "entries"), "quiet"))
