"""JSON: the contract for programs. Written piece by piece, so that a million nodes need no second copy in memory."""

from __future__ import annotations

from itertools import islice
from math import isfinite

from cgraph_cli.engine.floats import all_finite
from cgraph_cli.light import TYPE_CHECKING, Any, Callable, Iterable, Iterator, Mapping, Sequence
from cgraph_cli.render import View
from cgraph_cli.render.numbers import MOST_DIGITS, fine_text, message, nearest
from cgraph_cli.report.findings import Finding
from cgraph_cli.report.report import Explanation, Report
from cgraph_cli.report.shown import lost_digits
from cgraph_cli.syntax.expression import Program
from cgraph_cli.syntax.printer import print_program

if TYPE_CHECKING:
    from cgraph_cli.report.conditions import Conditions

SCHEMA_VERSION = 1
CHUNK = 128


class Writer:
    """Python values as JSON text."""

    def __init__(self, view: View) -> None:
        self.ascii = view.ascii
        self.digits = view.digits

    def string(self, text: str) -> str:
        """A text in quotation marks, without a character that a terminal could take for an order."""
        if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
            return f'"{text}"'
        from json.encoder import encode_basestring  # slower to import than a report to write

        return self.inert(encode_basestring(text))

    def inert(self, text: str) -> str:
        """JSON text with such characters escaped, and with all that are not ASCII where that is asked for."""
        if text.isprintable() and not self.ascii:
            return text
        from json.encoder import encode_basestring_ascii

        plain = str.isascii if self.ascii else str.isprintable
        return "".join(one if one.isprintable() and plain(one) else encode_basestring_ascii(one)[1:-1] for one in text)

    def number(self, value: float | None) -> str:
        """A number, at full precision by default; the non-finite ones are strings that float() and Number() read."""
        if value is None:
            return "null"
        if isfinite(value):
            if type(value) is not float and (text := fine_text(value)):
                return f'"{text}"'
            return repr(nearest(value, self.digits))
        return '"NaN"' if value != value else '"Infinity"' if value > 0 else '"-Infinity"'

    def any(self, value: Any) -> str:
        """Plain data: objects, arrays, texts, numbers, truths, nothing; an interval is a tuple, its ends stay whole."""
        if value is None or isinstance(value, float):
            return self.number(value)
        if isinstance(value, Mapping):
            return "{" + ", ".join(f"{self.string(name)}: {self.any(one)}" for name, one in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(self.any, value)) + "]"
        if isinstance(value, tuple):
            return "[" + ", ".join(map(repr, value)) + "]"
        return self.string(value) if isinstance(value, str) else str(value).lower()

    def members(self, found: Mapping[str, Any]) -> str:
        """Members of an object, a line for each."""
        return "".join(f" {self.string(name)}: {self.any(member)},\n" for name, member in found.items())

    def lines(self, texts: Iterable[str]) -> str:
        """An array of members that are written, a line for each."""
        text = ",\n  ".join(texts)
        return f"[\n  {text}\n ]" if text else "[]"

    def head(self, program: Program, output: str) -> Iterator[str]:
        """How every report begins."""
        yield f'{{"schema": {SCHEMA_VERSION},\n "expression": '
        yield self.string(print_program(program))
        yield ',\n "source": '
        yield self.string(program.source)
        yield f',\n "output": {self.string(output)},\n'
        if self.digits is not None and self.digits > MOST_DIGITS:
            yield f' "digits": {self.digits},\n'

    def foot(self, warnings: Sequence[Finding]) -> str:
        """The warnings, with which every report ends."""
        return f' "warnings": {self.lines(map(self.warning, warnings))}}}\n'

    def warning(self, found: Finding) -> str:
        """One warning."""
        text = found.message if self.digits is None else message(found, self.digits)
        members = "".join(
            f", {self.string(name)}: {self.any([*one] if isinstance(one, tuple) else one)}"
            for name, one in found.members.items()
        )
        return (
            f'{{"code": {self.string(found.code)}, "node": {found.node}, "span": [{found.span[0]}, {found.span[1]}], '
            f'"message": {self.string(text)}{members}}}'
        )

    def _right(self, of: str, digits: int | None) -> str:
        numbers = {"digits": digits, "lost": lost_digits(digits)}
        return "".join(f', "{of}{name}": {"null" if one is None else one}' for name, one in numbers.items())

    def nodes(
        self,
        rows: Iterable[tuple[Any, ...]],
        number: Callable[[float], str],
        *,
        tangents: bool,
        not_finite: Mapping[int, str],
        conditions: Conditions | None = None,
    ) -> Iterator[str]:
        """Nodes with their edges; names and formulas have neither quotation marks nor backslashes."""
        digits = ""
        for id, label, op, expression, (start, end), value, upstream, takes_part, edges, tangent in rows:
            args, moving = "", ""
            if conditions is not None:
                digits = self._right("", conditions.of_value(id))
                digits += self._right("upstream_", None if upstream is None else conditions.of_upstream(id))
                edges = [
                    (f'{at}, "condition": {self.number(conditions.of_edge(id, position))}', *rest)
                    for position, (at, *rest) in enumerate(edges)
                ]
            for at, local, formula, sent in edges:
                before = ', {"node": ' if args else '{"node": '
                if local is None or sent is None:
                    args += f'{before}{at}, "local": null, "local_expression": null, "downstream": null}}'
                else:
                    args += (
                        f'{before}{at}, "local": {number(local)}, "local_expression": "{formula}", '
                        f'"downstream": {number(sent)}}}'
                    )
            if tangents:
                moving = f', "tangent": {self.number(tangent)}'
            if id in not_finite:
                moving += f', "not_finite": "{not_finite[id]}"'
            text = (
                f'  {{"id": {id}, "label": "{label}", "op": "{op}", "expression": "{expression}", '
                f'"span": [{start}, {end}], "value": {number(value)}, '
                f'"upstream": {"null" if upstream is None else number(upstream)}, '
                f'"takes_part": {"true" if takes_part else "false"}{moving}{digits}, "args": [{args}]}}'
            )
            yield text if text.isascii() else self.inert(text)


def render_report(report: Report, view: View) -> Iterator[str]:
    """The report as one JSON object, a line per member and per node."""
    writer = Writer(view)
    yield from writer.head(report.program, report.output)
    yield f' "output_node": {report.output_node},\n "value": {writer.number(report.value)},\n'
    graph = report.graph
    finite = _finite(report)
    number = repr if view.digits is None and finite else writer.number
    for member, names, column in (
        ("variables", graph.variables, report.node_values),
        ("gradients", report.differentiated, report.passes.upstream),
    ):
        yield f' "{member}": {{'
        string = writer.string
        yield from joined((f"{string(name)}: {number(column[node])}" for name, node in names.items()), ", ")
        yield "},\n"
    if len(graph.outputs) > 1:
        yield writer.members({"values": report.values, "jacobian": report.jacobian})
    if report.hessian is not None:
        yield writer.members({"hessian": report.hessian})
    if report.direction is not None:
        yield writer.members({"direction": report.direction, "tangent": report.tangent})
        if len(graph.outputs) > 1:
            yield writer.members({"tangents": report.tangents})
    if report.budgets:
        from cgraph_cli.render.budget import members

        yield writer.members(members(report))
    yield ' "nodes": [\n'
    tangents = report.node_tangents is not None
    marks = {} if finite else report.not_finite
    yield from joined(
        writer.nodes(
            report.rows(range(len(graph))), number, tangents=tangents, not_finite=marks, conditions=report.conditions
        )
    )
    yield "\n ],\n" + writer.foot(report.warnings)


def _finite(report: Report) -> bool:
    """Whether every number of every node is finite, so that none is a text."""
    passes = report.passes
    columns = (report.node_values, passes.upstream, passes.local, passes.downstream)
    return all(map(all_finite, columns))


def joined(lines: Iterable[str], separator: str = ",\n") -> Iterator[str]:
    """Lines joined by commas, a few hundred at a time."""
    rest = iter(lines)
    before = ""
    while chunk := list(islice(rest, CHUNK)):
        yield before + separator.join(chunk)
        before = separator


def render_explanation(wanted: Explanation, view: View) -> Iterator[str]:
    """The worked solution as one JSON object with a line per block, its formulas between dollar signs."""
    from json import dumps

    from cgraph_cli.render.prose.explain import explanation
    from cgraph_cli.render.prose.writing import plain_writing

    report = wanted.report
    writer = Writer(view)
    yield from writer.head(report.program, report.output)
    yield ' "blocks": [\n'
    blocks = explanation(wanted, plain_writing(report, view))
    found = ({"block": type(one).__name__.lower(), **one._asdict()} for one in blocks)
    found = ({name: one[name] for name in one if name not in ("code", "place")} for one in found)  # warnings have them
    yield from joined("  " + dumps(one, ensure_ascii=view.ascii, default=list) for one in found)
    yield "\n ],\n" + writer.foot(wanted.warnings)
