"""The paths behind a gradient: each with its product of local gradients and its share, as text or as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal

from cgraph_cli.render import View
from cgraph_cli.render.prose.text import filled
from cgraph_cli.render.prose.writing import AsciiWriting, Writing
from cgraph_cli.report.paths import Path, PathCount, Paths, cancelling, count_paths, list_paths, shares
from cgraph_cli.report.report import Report

MOST_PATHS = 100  # listed without --all
MOST_EDGES = 2_000  # in all paths together
MOST_OF_ALL = 1_000_000  # edges, with --all
EXACT_INTEGER = 2**53  # JSON readers that know doubles only lose digits beyond


def listed(count: PathCount, view: View) -> bool:
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


def render_text(paths: Paths, view: View) -> Iterator[str]:
    """The paths of each variable as text."""
    report, names = paths
    writing = AsciiWriting(report) if view.ascii else Writing(report)
    if not names:
        yield "The expression has no variables, so there are no paths.\n"
    for position, name in enumerate(names):
        if position:
            yield "\n"
        start = report.graph.variables[name]
        count = count_paths(report.graph, report.passes, start, report.output_node)
        yield from _heading(report, writing, name, count, view)
        if count.edges == 0:
            continue
        if not listed(count, view):
            yield from _counted(writing, count, view)
            continue
        found = list(list_paths(report.graph, report.passes, start, report.output_node))
        yield "\n"
        yield from _list(report, writing, found, view)
        yield from _sum(report, writing, name, found, count, view)
    for finding in report.warnings:
        yield "\n" + filled(finding.message, view.width, f"{finding.word}: ", "  ")


def _heading(report: Report, writing: Writing, name: str, count: PathCount, view: View) -> Iterator[str]:
    output = writing.name(report.output)
    gradient = writing.partial(output, writing.name(name))
    result = writing.equal_to(count.gradient)
    if count.number == 0:
        yield filled(f"No path leads from {writing.name(name)} to {output} here: {gradient} {result}.", view.width)
        return
    if count.edges == 0:
        yield filled(f"{writing.name(name)} is the output itself: {gradient} {result}.", view.width)
        return
    ways = "1 path" if count.number == 1 else f"{number_of(count.number)} paths"
    lead = "leads" if count.number == 1 else "lead"
    text = f"{ways} {lead} from {writing.name(name)} to {output}"
    if count.vanishing:
        text += f", {number_of(count.vanishing) if count.vanishing > 1 else 'one'} of them with a local gradient 0"
    if count.number == 1:
        text += f". {gradient} {result} is the product of the local gradients along it."
    else:
        text += f". {gradient} {result} is the sum over the paths of the product of the local gradients along each."
    yield filled(text, view.width)


def _counted(writing: Writing, count: PathCount, view: View) -> Iterator[str]:
    """What can be said of paths without listing them."""
    text = "They are counted, not listed: the backward pass adds them up in one walk over the graph."
    if count.edges <= MOST_OF_ALL and not view.all:
        text += " --all lists them."
    yield filled(text, view.width)
    yield from _cancellation(writing, count, view)


def _cancellation(writing: Writing, count: PathCount, view: View) -> Iterator[str]:
    """How much of what the paths send is lost when they are added."""
    size = abs(count.gradient)
    if not (math.isfinite(count.magnitude) and math.isfinite(size)) or size >= count.magnitude * (1 - 1e-9):
        return
    left = f"{100 * size / count.magnitude:.3g} %" if size else "nothing"
    text = "The paths work against each other: without their signs the products add up to "
    yield filled(f"{text}{writing.number(count.magnitude)}, of which {left} is left.", view.width)


def _list(report: Report, writing: Writing, paths: Sequence[Path], view: View) -> Iterator[str]:
    """A line for each path; on a narrow terminal two."""
    products = [path.product for path in paths]
    partner = cancelling(products)
    rows = []
    for index, (path, share) in enumerate(zip(paths, shares(products), strict=True)):
        part = "" if share is None else f"{100 * share:.3g} %"
        mark = f"cancels path {partner[index] + 1}" if index in partner else ""
        rows.append((f"{index + 1}.", route(report, writing, path), product(report, writing, path), part, mark))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    total = 2 + sum(widths) + 2 * 4
    for number, way, formula, part, mark in rows:
        first = f"  {number:>{widths[0]}} "
        if view.width is None or total <= view.width:
            text = f"{first} {way:<{widths[1]}}  {formula:<{widths[2]}}  {part:>{widths[3]}}  {mark}"
            yield text.rstrip() + "\n"
            continue
        indent = " " * len(first)
        yield filled(way, view.width, first, indent + "  ")
        notes = "".join(f", {note}" for note in (part and f"share {part}", mark) if note)
        yield filled(formula + notes, view.width, indent, indent + "  ")


def route(report: Report, writing: Writing, path: Path) -> str:
    """``x → v1 → f``; where a node has an argument twice, which of them."""
    graph = report.graph
    text = writing.label(graph.args[path.edges[0].edge])
    for user, position, edge in path.edges:
        arguments = graph.arguments(user)
        which = f" (argument {position + 1})" if arguments.count(graph.args[edge]) > 1 else ""
        text += f" {writing.arrow} {writing.label(user)}{which}"
    return text


def product(report: Report, writing: Writing, path: Path) -> str:
    """The local gradients along a path multiplied, from the variable on."""
    factors = [report.passes.local[edge.edge] for edge in path.edges]
    value = writing.number(path.product)
    if len(factors) < 2:
        return value
    text = writing.number(factors[0])
    for factor in factors[1:]:
        text += f" {writing.times} {writing.factor(factor)}"
    return f"{text} {'=' if path.product == 0 and 0 in factors else writing.equals(*factors, path.product)} {value}"


def _sum(
    report: Report, writing: Writing, name: str, paths: Sequence[Path], count: PathCount, view: View
) -> Iterator[str]:
    """The sum over the paths, and what cancels in it."""
    if len(paths) < 2:
        return
    products = [path.product for path in paths]
    gradient = writing.partial(writing.name(report.output), writing.name(name))
    sign = writing.equals(*products)
    yield "\n"
    text = f"{gradient} {sign} {writing.sum(products)} {writing.equal_to(count.gradient)}"
    yield filled(text, view.width, "", "  ")
    yield from _cancellation(writing, count, view)


def render_json(paths: Paths, view: View) -> Iterator[str]:
    """The paths of each variable as one JSON object."""
    report, names = paths
    from cgraph_cli.render.json import SCHEMA_VERSION, Writer, number

    writer = Writer(ascii=view.ascii)
    string = writer.string
    yield (
        f'{{"schema": {SCHEMA_VERSION},\n "expression": {string(report.expression)},\n'
        f' "output": {string(report.output)},\n "value": {number(report.value)},\n'
        f' "variables": {writer.numbers(report.variables)},\n "wrt": {{'
    )
    for position, name in enumerate(names):
        start = report.graph.variables[name]
        count = count_paths(report.graph, report.passes, start, report.output_node)
        magnitude = number(count.magnitude)
        yield (
            f'{"," if position else ""}\n  {string(name)}: {{"gradient": {number(count.gradient)}, '
            f'"count": {integer(count.number)}, "vanishing": {integer(count.vanishing)}, "magnitude": {magnitude}, '
        )
        if not listed(count, view):
            yield '"paths": null}'
            continue
        found = list(list_paths(report.graph, report.passes, start, report.output_node))
        products = [path.product for path in found]
        partner = cancelling(products)
        yield '"paths": ['
        for index, (path, share) in enumerate(zip(found, shares(products), strict=True)):
            labels = ", ".join(string(label) for label in _labels(report, path, start))
            edges = ", ".join(
                f'{{"node": {user}, "argument": {argument}, "local": {number(report.passes.local[edge])}}}'
                for user, argument, edge in path.edges
            )
            other = partner.get(index)
            yield (
                f'{"," if index else ""}\n   {{"labels": [{labels}], "edges": [{edges}], '
                f'"product": {number(path.product)}, "share": {number(share)}, '
                f'"cancels": {"null" if other is None else other}}}'
            )
        yield "]}"
    yield "\n }}\n"


def _labels(report: Report, path: Path, start: int) -> list[str]:
    return [report.labels[start], *(report.labels[edge.user] for edge in path.edges)]


def integer(count: int) -> str:
    """A count as JSON; beyond 2^53 a string of all its digits, which no reader rounds."""
    if count <= EXACT_INTEGER:
        return str(count)
    return f'"{Decimal(count):f}"'  # str() of an int refuses more than 4300 digits
