"""JSON: the contract for programs. Written piece by piece, so that a million nodes need no second copy in memory."""

from __future__ import annotations

from math import isfinite

from cgraph_cli.light import Iterable, Iterator, Mapping, Sequence
from cgraph_cli.render import View
from cgraph_cli.render.numbers import message, nearest
from cgraph_cli.report.findings import Finding
from cgraph_cli.report.report import Explanation, Node, Report

SCHEMA_VERSION = 1
CHUNK = 512


class Writer:
    """Python values as JSON text."""

    def __init__(self, view: View) -> None:
        self.ascii = view.ascii
        self.digits = view.digits

    def string(self, text: str) -> str:
        """A text in quotation marks, without a character that a terminal could take for an order."""
        if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
            return f'"{text}"'
        from json.encoder import encode_basestring, encode_basestring_ascii  # slower to import than a report to write

        if self.ascii:
            return encode_basestring_ascii(text)
        quoted = encode_basestring(text)
        if quoted.isprintable():
            return quoted
        return "".join(one if one.isprintable() else encode_basestring_ascii(one)[1:-1] for one in quoted)

    def number(self, value: float | None) -> str:
        """A number, at full precision by default; the non-finite ones are strings that float() and Number() read."""
        if value is None:
            return "null"
        if isfinite(value):
            return repr(nearest(value, self.digits))
        return '"NaN"' if value != value else '"Infinity"' if value > 0 else '"-Infinity"'

    def numbers(self, values: Mapping[str, float]) -> str:
        """An object of numbers."""
        return "{" + ", ".join(f"{self.string(name)}: {self.number(value)}" for name, value in values.items()) + "}"

    def streamed(self, values: Iterable[tuple[str, float]]) -> Iterator[str]:
        """The same piece by piece, for objects of any size."""
        yield "{"
        string = self.string
        yield from _joined((f"{string(name)}: {self.number(value)}" for name, value in values), ", ")
        yield "}"

    def matrix(self, rows: Mapping[str, Mapping[str, float]]) -> str:
        """An object of objects of numbers."""
        return "{" + ", ".join(f"{self.string(name)}: {self.numbers(row)}" for name, row in rows.items()) + "}"

    def texts(self, value: str | Sequence[str]) -> str:
        """A text, or an array of texts."""
        return self.string(value) if isinstance(value, str) else "[" + ", ".join(map(self.string, value)) + "]"

    def head(self, expression: str, source: str, output: str) -> str:
        """How every report begins."""
        return (
            f'{{"schema": {SCHEMA_VERSION},\n "expression": {self.string(expression)},\n'
            f' "source": {self.string(source)},\n "output": {self.string(output)},\n'
        )

    def foot(self, warnings: Sequence[Finding]) -> str:
        """The warnings, with which every report ends."""
        lines = ",\n".join(map(self.warning, warnings))
        return f' "warnings": [\n{lines}\n ]}}\n' if lines else ' "warnings": []}\n'

    def warning(self, found: Finding) -> str:
        """One warning."""
        text = found.message if self.digits is None else message(found, self.digits)
        members = "".join(
            f", {self.string(name)}: {self.number(one) if isinstance(one, float) else self.texts(one)}"
            for name, one in found.members.items()
        )
        return (
            f'  {{"code": {self.string(found.code)}, "node": {found.node}, "span": [{found.span[0]}, {found.span[1]}], '
            f'"message": {self.string(text)}{members}}}'
        )

    def node(self, node: Node, *, tangents: bool) -> str:
        """One node with its edges."""
        string = self.string
        args = ", ".join(
            f'{{"node": {edge.node}, "local": {self.number(edge.local)}, '
            f'"local_expression": {string(edge.local_expression) if edge.local is not None else "null"}, '
            f'"downstream": {self.number(edge.downstream)}}}'
            for edge in node.args
        )
        tangent = f', "tangent": {self.number(node.tangent)}' if tangents else ""
        return (
            f'{{"id": {node.id}, "label": {string(node.label)}, "op": {string(node.op)}, '
            f'"expression": {string(node.expression)}, "span": [{node.span[0]}, {node.span[1]}], '
            f'"value": {self.number(node.value)}, "upstream": {self.number(node.upstream)}, '
            f'"takes_part": {"true" if node.takes_part else "false"}{tangent}, "args": [{args}]}}'
        )


def render_report(report: Report, view: View) -> Iterator[str]:
    """The report as one JSON object, a line per member and per node."""
    writer = Writer(view)
    yield writer.head(report.expression, report.source, report.output)
    yield f' "output_node": {report.output_node},\n "value": {writer.number(report.value)},\n'
    graph = report.graph
    yield ' "variables": '
    yield from writer.streamed((name, report.node_values[node]) for name, node in graph.variables.items())
    yield ',\n "gradients": '
    yield from writer.streamed((name, report.passes.upstream[node]) for name, node in report.differentiated.items())
    yield ",\n"
    if len(graph.outputs) > 1:
        yield f' "values": {writer.numbers(report.values)},\n "jacobian": {writer.matrix(report.jacobian)},\n'
    if report.hessian is not None:
        yield f' "hessian": {writer.matrix(report.hessian)},\n'
    if report.direction is not None:
        yield f' "direction": {writer.numbers(report.direction)},\n "tangent": {writer.number(report.tangent)},\n'
        if len(graph.outputs) > 1:
            yield f' "tangents": {writer.numbers(report.tangents)},\n'
    yield ' "nodes": [\n'
    tangents = report.node_tangents is not None
    yield from _joined(f"  {writer.node(node, tangents=tangents)}" for node in report.nodes)
    yield "\n ],\n" + writer.foot(report.warnings)


def _joined(lines: Iterable[str], separator: str = ",\n") -> Iterator[str]:
    """Lines joined by commas, a few hundred at a time."""
    chunk: list[str] = []
    first = True
    for line in lines:
        chunk.append(line)
        if len(chunk) == CHUNK:
            yield ("" if first else separator) + separator.join(chunk)
            chunk.clear()
            first = False
    if chunk:
        yield ("" if first else separator) + separator.join(chunk)


def render_explanation(wanted: Explanation, view: View) -> Iterator[str]:
    """The worked solution as one JSON object with a line per block, its formulas between dollar signs."""
    from json import dumps

    from cgraph_cli.render.prose.explain import explanation
    from cgraph_cli.render.prose.writing import plain_writing

    report = wanted.report
    writer = Writer(view)
    yield writer.head(report.expression, report.source, report.output) + ' "blocks": [\n'
    blocks = explanation(wanted, plain_writing(report, view), all=view.all)
    found = ({"block": type(one).__name__.lower(), **one._asdict()} for one in blocks)
    yield from _joined("  " + dumps(one, ensure_ascii=view.ascii, default=list) for one in found)
    yield "\n ],\n" + writer.foot(wanted.warnings)
