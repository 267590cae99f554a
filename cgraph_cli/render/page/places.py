"""Texts with places for numbers, ``∂f/∂x {equals u0} {number u0}``, which the page's script fills in at any point.

A place says how numbers are written and which they are: v3 is the value of node 3, u3 its upstream gradient, t3 its
tangent, l3.0 and d3.0 the local and the downstream gradient of its first edge, a3 all that arrive at node 3, o the
value of the output. Which output that is is not known either: {output 0} is its name, {output 1} as formulas have it.
"""

from __future__ import annotations

from cgraph_cli.engine.passes import Gradients
from cgraph_cli.light import Sequence, escape
from cgraph_cli.render.prose.writing import UnicodeNumbers, UnicodeWriting
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.expression import Binary, Name, Number, Syntax
from cgraph_cli.syntax.printer import ADDITION, ATOM, Piece

OUTPUT, SHOWN_OUTPUT = "{output 0}", "{output 1}"


class Unknown(float):
    """A number of which only the name is known."""

    name: str

    def __new__(cls, name: str) -> Unknown:
        made = super().__new__(cls, "nan")
        made.name = name
        return made

    def __add__(self, other: float) -> Unknown:
        return self  # only a zero is ever added, which takes the sign of another


def unknowns(report: Report) -> Report:
    """The same report for an output and at a point that are not known, where every edge sends what it can."""
    graph = report.graph
    nodes = range(len(graph))
    edges = graph.by_edge(lambda node, position: f"{node}.{position}", "")
    passes = Gradients(
        [Unknown(f"u{node}") for node in nodes],
        [Unknown(f"l{edge}") for edge in edges],
        [Unknown(f"d{edge}") for edge in edges],
        bytearray(b"\1" * len(graph)),
        bytearray(graph.by_edge(graph.edge_has_gradient, False)),
    )
    made = Report(
        report.program,
        graph,
        [Unknown(f"v{node}") for node in nodes],
        dict.fromkeys(graph.outputs, passes),
        description=report.description,
        hessian=None,
        direction=report.direction,
        tangents=None if report.node_tangents is None else [Unknown(f"t{node}") for node in nodes],
        warnings=[],
    )
    made.output = OUTPUT
    return made


def place(kind: str, *numbers: float) -> str:
    """A place for numbers."""
    return f"{{{' '.join([kind, *(one.name for one in numbers if isinstance(one, Unknown))])}}}"


def is_number(formula: str) -> bool:
    """Whether a formula is a number and no name, as nan is one."""
    try:
        float(formula)
    except ValueError:
        return False
    text = formula.removeprefix("-")
    return text == "inf" or text[0] in "0123456789."


def live(tag: str, attributes: str, text: str, places: str) -> str:
    """An element with its text, and the template from which the script makes it at another point."""
    return f'<{tag} {attributes} data-text="{escape(places)}">{escape(text)}</{tag}>'


def exact(value: float) -> str:
    """The place of a number with all its digits."""
    assert isinstance(value, Unknown)
    return place("exact", value)


class _Places(UnicodeNumbers):
    """Places are written as numbers of unknown sign."""

    def precedence(self, part: Syntax) -> int:
        return ADDITION if isinstance(part, Name) and part.name[0] == "{" else super().precedence(part)

    def binary(self, part: Binary) -> list[Piece]:
        if part.symbol == "^" and isinstance(part.right, Name) and part.right.name.startswith("{value "):
            return [(part.left, ATOM), part.right.name.replace("{value ", "{power ")]
        return super().binary(part)

    def parenthesized(self, pieces: list[Piece]) -> list[Piece]:
        if len(pieces) == 1 and isinstance(pieces[0], str) and pieces[0].startswith("{value "):
            return [pieces[0].replace("{value ", "{operand ")]
        return super().parenthesized(pieces)


class PlacesWriting(UnicodeWriting):
    """Formulas of a report of unknowns."""

    def make_notation(self, report: Report) -> _Places:
        return _Places()

    def name(self, name: str) -> str:
        return SHOWN_OUTPUT if name == OUTPUT else super().name(name)

    def result(self) -> str:
        return f"{SHOWN_OUTPUT} {self.equal_to(Unknown('o'), 'value')}"

    def number(self, value: float) -> str:
        return place("number", value) if isinstance(value, Unknown) else super().number(value)

    def factor(self, value: float) -> str:
        return place("factor", value)

    def equals(self, *values: float) -> str:
        return place("equals", *values)

    def multiplied(self, upstream: float, local: float, sent: float) -> str:
        return f"{self.product(upstream, local)} {place('sign', upstream, local, sent)} {self.number(sent)}"

    def sum(self, values: Sequence[float]) -> str:
        return place("sum", *values)

    def operand(self, node: int) -> Syntax:
        graph = self.report.graph
        if node in graph.constants and node not in graph.names:
            return Number(graph.constants[node])
        return Name(place("value", self.report.node_values[node]))

    def equation(self, symbol: str, formula: str, value: float) -> str:
        return super().equation(symbol, "" if is_number(formula) else formula, value)

    def local_equation(self, node: int, position: int) -> str:
        return f"{{local {node}.{position}}}"

    def forward_equation(self, node: int) -> str:
        return f"{{forward {node}}}"
