"""The paths behind a gradient: each with its product of local gradients and its share, as text or as JSON."""

from __future__ import annotations

import math
from collections import Counter
from decimal import Decimal

from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Iterator, Sequence
from cgraph_cli.limits import WHOLE
from cgraph_cli.render import View
from cgraph_cli.render.json import Writer
from cgraph_cli.render.numbers import percent
from cgraph_cli.render.paint import Paint, Span, equation, whole, width_of
from cgraph_cli.render.prose.blocks import Layout, left_out_here, remarks
from cgraph_cli.render.prose.text import filled
from cgraph_cli.render.prose.writing import Writing, plain_writing
from cgraph_cli.report.paths import Path, PathCount, Paths, Ways, cancelling, shares
from cgraph_cli.report.report import Report

MOST_PATHS = 100  # listed without --all
MOST_EDGES = 2_000  # in all paths together
MOST_OF_ALL = 1_000_000  # edges, with --all
NO_PATHS = "The expression has no variables, so there are no paths."


def is_listed(count: PathCount, view: View) -> bool:
    """Whether the paths are few enough to be listed."""
    if view.all:
        return count.edges <= MOST_OF_ALL
    return count.number <= MOST_PATHS and count.edges <= MOST_EDGES


def number_of(count: int) -> str:
    """A number of paths: exact up to 15 digits, else its size."""
    if count < 10**15:
        return f"{count:,}"
    mantissa, exponent = f"{Decimal(count):.1e}".split("e+")
    return f"about {mantissa}e{exponent}"


def doubled(graph: Graph) -> set[tuple[int, int]]:
    """The pairs of a node and an argument that it has more than once."""
    several = ((node, args) for node in range(len(graph)) if len({*(args := graph.arguments(node))}) < len(args))
    return {(node, arg) for node, args in several for arg, count in Counter(args).items() if count > 1}


def render_text(paths: Paths, view: View) -> Iterator[str]:
    """The paths of each variable as text."""
    report, names = paths
    telling = Telling(plain_writing(report, view))
    if not names:
        yield from telling.said(NO_PATHS)
    for position, name in enumerate(telling.shown(names)):
        if position:
            yield "\n"
        yield from telling.variable(name)
    yield from telling.others(names)
    if paths.warnings:
        yield "\n"
    yield from telling.paint.remarks(paths.warnings, report.program.source)


class Telling:
    """What is said of the paths of one variable after the other."""

    def __init__(self, writing: Writing) -> None:
        self.writing = writing
        self.report = report = writing.report
        self.paint = Paint(writing.view)
        self.output = self.writing.name(report.output)
        self.ways = Ways(report.graph, report.passes)
        self.doubled = doubled(report.graph)

    def shown(self, names: Sequence[str]) -> Sequence[str]:
        """The variables that are told of."""
        return names[: self.writing.limit]

    def others(self, names: Sequence[str]) -> Iterator[str]:
        """How many are not."""
        if len(names) > self.writing.limit:
            yield "\n"
            yield from self.said(left_out_here(f"{len(names) - self.writing.limit:,} more variables"))

    def said(self, text: str, rest: str = "") -> Iterator[str]:
        """A sentence, folded on a terminal."""
        return filled(text, self.paint, "", rest)

    def variable(self, name: str) -> Iterator[str]:
        """How many paths there are, the paths where they are few, their sum, and what cancels in it."""
        report, writing = self.report, self.writing
        start = report.graph.variables[name]
        count = self.ways.count(start, report.output_node)
        gradient = writing.partial(self.output, writing.name(name))
        result = f"${gradient} {writing.equal_to(count.gradient)}$"
        yield from self.said(self.heading(start, result, count))
        if count.edges == 0:
            return
        if not is_listed(count, self.writing.view):
            text = "They are counted, not listed: the backward pass adds them up in one walk over the graph."
            yield from self.said(
                text + " --all lists them." * (count.edges <= MOST_OF_ALL and not self.writing.view.all)
            )
            yield from self.cancellation(count)
            return
        found = list(self.ways.paths(start, report.output_node))
        yield "\n"
        yield from self.listing(found)
        if len(found) > 1:
            products = [path.product for path in found]
            terms = f"{gradient} {writing.equals(*products)} {writing.sum(products)}"
            yield "\n"
            yield from self.said(f"${terms} {writing.equal_to(count.gradient)}$", rest="  ")
            yield from self.cancellation(count)

    def heading(self, start: int, result: str, count: PathCount) -> str:
        """How many paths lead from a variable to the output, and what the gradient has to do with them."""
        name = self.writing.label(start)
        if count.number == 0:
            why = ", by convention" if start in self.report.conventional else ""
            return f"No path leads from ${name}$ to ${self.output}$ here{why}: {result}."
        if count.edges == 0:
            return f"${name}$ is the output itself: {result}."
        if count.number == 1:
            vanishing = ", with a local gradient 0" if count.vanishing else ""
            along = "is the product of the local gradients along it"
            return f"1 path leads from ${name}$ to ${self.output}${vanishing}. {result} {along}."
        several = number_of(count.vanishing) if count.vanishing > 1 else "one"
        vanishing = f", {several} of them with a local gradient 0" if count.vanishing else ""
        along = "is the sum over the paths of the product of the local gradients along each"
        return f"{number_of(count.number)} paths lead from ${name}$ to ${self.output}${vanishing}. {result} {along}."

    def cancellation(self, count: PathCount) -> Iterator[str]:
        """How much of what the paths send is lost when they are added."""
        size = abs(count.gradient)
        if not (math.isfinite(count.magnitude) and math.isfinite(size)) or size >= count.magnitude * (1 - 1e-9):
            return
        left = percent(size / count.magnitude) if size else "nothing"
        text = "The paths work against each other: without their signs the products add up to "
        yield from self.said(f"{text}${self.writing.number(count.magnitude)}$, of which {left} is left.")

    def listing(self, paths: Sequence[Path]) -> Iterator[str]:
        """A line for each path; on a narrow terminal two."""
        rows = self.rows(paths)
        widths = [max(width_of(row[column]) for row in rows) for column in range(5)]
        total = 2 + sum(widths) + 2 * 4
        for number, way, formula, part, mark in rows:
            first = f"  {number:>{widths[0]}} "
            if self.writing.view.width is None or total <= self.writing.view.width:
                gap = " " * (widths[1] - width_of(way))
                room = " " * (widths[2] - width_of(formula))
                notes = f"{room}  {part:>{widths[3]}}  {mark}".rstrip()
                yield self.paint.line(
                    (first, "quiet"), *self.names(f" {way}{gap}  "), *equation(formula), (notes, "quiet")
                )
                continue
            indent = len(first)
            notes = "".join(f", {whole(note)}" for note in (part and f"share {part}", mark) if note)
            yield from self.paint.paragraph((first, "quiet"), *self.names(way), indent=indent + 2)
            yield from self.paint.paragraph((" " * indent, ""), *equation(formula), (notes, "quiet"), indent=indent + 2)

    def names(self, way: str) -> list[Span]:
        """The nodes of a way, with quiet arrows."""
        first, *rest = way.split(arrow := f" {self.writing.arrow} ")
        return [(first, "label"), *(span for name in rest for span in ((arrow, "quiet"), (name, "label")))]

    def rows(self, paths: Sequence[Path]) -> list[tuple[str, str, str, str, str]]:
        """Number, way, product, share and note of each path."""
        products = [path.product for path in paths]
        partner = cancelling(products)
        rows = []
        for index, (path, share) in enumerate(zip(paths, shares(products), strict=True)):
            part = "" if share is None else percent(share)
            mark = f"cancels path {partner[index] + 1}" if index in partner else ""
            rows.append((f"{index + 1}.", self.route(path), self.product(path), part, mark))
        return rows

    def route(self, path: Path) -> str:
        """``x → v1 → f``; where a node has an argument twice, which of them."""
        graph, writing = self.report.graph, self.writing
        text = writing.label(graph.args[path.edges[0].edge])
        for user, position, edge in path.edges:
            which = f" (argument {position + 1})" if (user, graph.args[edge]) in self.doubled else ""
            text += f" {writing.arrow} {writing.label(user)}{writing.remark(which)}"
        return text

    def product(self, path: Path) -> str:
        """The local gradients along a path multiplied, from the variable on."""
        writing = self.writing
        first, *factors = [self.report.passes.local[edge.edge] for edge in path.edges]
        value = writing.number(path.product)
        if not factors:
            return value
        text = "".join([writing.number(first), *(f" {writing.times} {writing.factor(factor)}" for factor in factors)])
        exact = path.product == 0 and 0 in (first, *factors)
        return f"{text} {'=' if exact else writing.equals(first, *factors, path.product)} {value}"


class LaidOut(Telling):
    """The same in a format of marked-up text."""

    def __init__(self, writing: Writing, layout: Layout) -> None:
        super().__init__(writing)
        self.layout = layout

    def said(self, text: str, rest: str = "") -> Iterator[str]:
        """A paragraph."""
        yield self.layout.paragraph % self.layout.sentence(text)

    def listing(self, paths: Sequence[Path]) -> Iterator[str]:
        """An item for each path."""
        yield self.layout.listed(
            f"Path {number[:-1]}: ${way}$, product ${formula}$" + "".join(f", {note}" for note in notes if note)
            for number, way, formula, part, mark in self.rows(paths)
            for notes in ((part and f"share {part}", mark),)
        )

    def all(self, paths: Paths) -> Iterator[str]:
        """The paths of each variable, and the warnings."""
        if not paths.names:
            yield from self.said(NO_PATHS)
        for name in self.shown(paths.names):
            yield from self.variable(name)
            yield "\n"
        yield from self.others(paths.names)
        yield from self.layout.write(remarks(paths.warnings, self.writing.view.digits, end=""))


def render_latex(paths: Paths, view: View) -> Iterator[str]:
    """The paths of each variable as a piece of a LaTeX document."""
    from cgraph_cli.render.prose.latex import LATEX
    from cgraph_cli.render.prose.texwriting import LatexWriting

    return _with_opening(LaidOut(LatexWriting(paths.report, view), LATEX), paths)


def render_html(paths: Paths, view: View) -> Iterator[str]:
    """The paths of each variable as a page, its formulas in MathML."""
    from cgraph_cli.render.prose.html import HTML, page
    from cgraph_cli.render.prose.texwriting import HtmlWriting

    told = LaidOut(HtmlWriting(paths.report, view), HTML)
    return page("Paths", paths.report.program, _with_opening(told, paths), view)


def _with_opening(told: LaidOut, paths: Paths) -> Iterator[str]:
    from cgraph_cli.render.prose.explain import Teacher

    yield from told.layout.write(Teacher(told.writing).opening())
    yield from told.all(paths)


def render_json(paths: Paths, view: View) -> Iterator[str]:
    """The paths of each variable as one JSON object."""
    report, names = paths
    writer = Writer(view)
    yield from writer.head(report.program, report.output)
    yield writer.members({"value": report.value, "variables": report.variables}) + ' "wrt": {'
    ways = Ways(report.graph, report.passes)
    for position, name in enumerate(names):
        start = report.graph.variables[name]
        count = ways.count(start, report.output_node)
        counts = {
            "gradient": count.gradient,
            "count": integer(count.number),
            "vanishing": integer(count.vanishing),
            "magnitude": count.magnitude,
        }
        yield f'{"," * bool(position)}\n  {writer.string(name)}: {writer.any(counts)[:-1]}, "paths": '
        yield (
            ("[" + ",".join(_members(report, list(ways.paths(start, report.output_node)), start, writer)) + "]}")
            if is_listed(count, view)
            else "null}"
        )
    yield "\n },\n" + writer.foot(paths.warnings)


def _members(report: Report, found: Sequence[Path], start: int, writer: Writer) -> Iterator[str]:
    """Every path from a variable, on a line of its own."""
    products = [path.product for path in found]
    partner = cancelling(products)
    for index, (path, share) in enumerate(zip(found, shares(products), strict=True)):
        edges = [
            {"node": user, "argument": argument, "local": report.passes.local[edge]}
            for user, argument, edge in path.edges
        ]
        members = {
            "labels": [report.labels[node] for node in (start, *(edge.user for edge in path.edges))],
            "edges": edges,
            "product": path.product,
            "share": share,
            "cancels": partner.get(index),
        }
        yield f"\n   {writer.any(members)}"


def integer(count: int) -> int | str:
    """A count; beyond 2^53 a text of all its digits, which no reader of JSON rounds."""
    # JSON readers that know doubles only lose digits beyond.
    return count if count <= WHOLE else f"{Decimal(count):f}"  # str() of an int refuses more than 4300 digits
