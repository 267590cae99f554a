"""What every picture of a graph shows: its arrows with value and gradient, its signs, colours and a heading."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from cgraph_cli.errors import TooLargeError, shortened
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Operation, operation
from cgraph_cli.render.numbers import short_number
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.printer import TEXT, Notation, format_number, print_statement

SIGNS = {"-": "−", "*": "×", "/": "÷", "<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}
ORDINALS = ("1st", "2nd", "3rd", "4th", "5th")
MAX_NAME = 32
MAX_FORMULA = 240
MAX_POINT = 12
MAX_WARNINGS = 3

INKS = {"ink": "#24292f", "quiet": "#6e7781", "value": "#116329", "gradient": "#b3141f", "warning": "#7d5700"}
FILLS = {"operation": "#ffffff", "module": "#fff3c4", "variable": "#ddf0ff", "constant": "#eef0f2"}
LINES = {"operation": INKS["ink"], "module": "#7d5700", "variable": "#0a5cad", "constant": INKS["quiet"]}
COLORS = INKS | FILLS | {f"{kind}-line": color for kind, color in LINES.items()}


class Arrow(NamedTuple):
    """One edge as it is drawn. ``value`` is what it carries forward, ``gradient`` what it sends back.

    ``gradient`` is None where none can flow; ``takes_part`` is False where none flows at this point: below a branch
    that is not taken. ``mark`` says which argument it is where their order matters. An arrow that leaves an output has
    the ``output``'s name; outputs are numbered as targets after the nodes.
    """

    source: int
    target: int
    position: int
    value: float
    gradient: float | None
    takes_part: bool
    mark: str = ""
    output: str = ""

    @property
    def flows(self) -> bool:
        """Whether a gradient is sent along it at this point."""
        return self.gradient is not None and self.takes_part

    @property
    def id(self) -> str:
        """What it is called in a picture that can be read by programs."""
        return f"edge-output-{self.source}" if self.output else f"edge-{self.target}-{self.position}"


def arrows_into(report: Report, node: int) -> Iterator[Arrow]:
    """The edges from a node's arguments, in the order of the arguments."""
    graph, passes = report.graph, report.passes
    marks = order_marks(graph.ops[node], len(graph.edges(node)))
    for position, edge in enumerate(graph.edges(node)):
        source = graph.args[edge]
        flows = graph.edge_has_gradient(node, position)
        gradient = passes.downstream[edge] + 0.0 if flows else None  # the sign of a zero says nothing of a slope
        taken = not flows or bool(passes.sends[edge])
        mark = marks[position] if marks else ""
        yield Arrow(source, node, position, report.node_values[source], gradient, taken, mark)


def arrows_out(report: Report) -> Iterator[Arrow]:
    """The arrow that leaves each output; the seed 1 is the gradient of the last."""
    graph = report.graph
    for index, (name, node) in enumerate(graph.outputs.items(), len(graph)):
        seed = 1.0 if name == report.output else None
        yield Arrow(node, index, 0, report.node_values[node], seed, True, output=name)


def node_title(report: Report, node: int, write: Callable[[float], str] = format_number) -> str:
    """All that is known of a node: ``q = x + y = 3; ∂f/∂q = -4``."""
    label, formula = report.labels[node], report.description.operation(node)
    value = write(report.node_values[node] + 0.0)
    title = f"{label} = {value}" if formula in (label, value) else f"{label} = {formula} = {value}"
    if report.graph.has_gradient[node]:
        title += f"; ∂{report.output}/∂{label} = {write(report.passes.upstream[node] + 0.0)}"
    return title


def edge_title(report: Report, arrow: Arrow, write: Callable[[float], str] = format_number) -> str:
    """What an edge carries: ``x → q: -2; downstream gradient -4``."""
    if arrow.output:
        return f"{arrow.output} = {write(arrow.value + 0.0)}"
    title = f"{report.labels[arrow.source]} → {report.labels[arrow.target]}: {write(arrow.value + 0.0)}"
    return title if arrow.gradient is None else f"{title}; downstream gradient {write(arrow.gradient)}"


def order_marks(op: Operation, count: int) -> tuple[str, ...]:
    """Marks that tell arguments apart where their order matters; empty where it does not."""
    rule = op.rule
    if count < 2 or (rule is not None and (rule.many or rule.symmetric)):
        return ()
    if op is operation("where"):
        return ("if", "then", "else")
    if rule is None or rule.args[:2] != ("x", "y"):
        return tuple(shorten(name, 12) for name in op.parameters[:count])
    return ORDINALS[:count]


def kind(op: Operation) -> str:
    """Which of the four kinds of node it is: a variable, a constant, a module or an operation."""
    if op is VARIABLE:
        return "variable"
    if op is CONSTANT:
        return "constant"
    return "module" if op.is_module else "operation"


def own_name(report: Report, node: int) -> str | None:
    """The name that the user gave to an operation which is no output, None if there is none."""
    name = None if report.graph.ops[node] in (VARIABLE, CONSTANT) else report.graph.names.get(node)
    return None if name in report.graph.outputs else name


def label_text(report: Report, node: int, total: float | None) -> str:
    """All that stands in and at a node: ``q : +`` and below it the gradient where several arrive."""
    text, name = node_text(report, node), own_name(report, node)
    text = f"{shorten(name)} : {text}" if name else text
    return text if total is None else f"{text}\nΣ {short_number(total)}"


def node_text(report: Report, node: int) -> str:
    """What stands in a node: a variable's name, a constant's name or number, an operation's sign."""
    graph = report.graph
    op = graph.ops[node]
    if op is CONSTANT:
        return shorten(graph.names.get(node) or short_number(graph.constants[node]))
    sign = op.symbol or op.name
    return shorten(report.labels[node] if op is VARIABLE else SIGNS.get(sign, sign))


def shorten(text: str, limit: int = MAX_NAME) -> str:
    """A text cut to a length, which the three dots at its end say."""
    return shortened(text, limit, "…")


def too_large(message: str) -> TooLargeError:
    """The error that offers the format without a limit."""
    return TooLargeError(message, help="--format dot has no limit; without --expand a module is one node")


def totals(report: Report, *, possible: bool = False) -> dict[int, float]:
    """The upstream gradient of every node that several gradients arrive at, or may; the seed is one of them."""
    graph, passes = report.graph, report.passes
    arriving = [0] * len(graph)
    arriving[report.output_node] = 1
    for node in range(len(graph)):
        for position, edge in enumerate(graph.edges(node)):
            arriving[graph.args[edge]] += graph.edge_has_gradient(node, position) if possible else passes.sends[edge]
    return {node: passes.upstream[node] + 0.0 for node, count in enumerate(arriving) if count > 1}


class Heading(NamedTuple):
    """The formula, the point with the output that the gradients are of where there are several, and the warnings."""

    formula: str
    point: str
    warnings: list[str]

    @property
    def title(self) -> str:
        """All but the warnings, in one line."""
        return " ".join(filter(None, (self.formula, self.point)))


def heading(report: Report, notation: Notation = TEXT) -> Heading:
    """What stands above a picture: ``f = (x + y)*z`` and ``at x = -2, y = 5, z = -4``."""
    formula = "; ".join(print_statement(one, notation) for one in islice(report.statements, MAX_FORMULA))
    names = list(report.variables)
    point = ", ".join(
        f"{shorten(notation.name(name))} = {format_number(report.variables[name] + 0.0)}" for name in names[:MAX_POINT]
    )
    more = f", and {len(names) - MAX_POINT} more" if len(names) > MAX_POINT else ""
    parts = [f"at {point}{more}" if point else ""]
    if len(report.graph.outputs) > 1:
        parts.append(f"gradients of {shorten(notation.name(report.output))}")
    warnings = [shorten(f"{one.word}: {one.message.replace('`', '')}", MAX_FORMULA) for one in report.warnings]
    if len(warnings) > MAX_WARNINGS:
        warnings[MAX_WARNINGS - 1 :] = [f"and {len(warnings) - MAX_WARNINGS + 1} more warnings"]
    return Heading(shorten(formula, MAX_FORMULA), "; ".join(filter(None, parts)), warnings)


def text_width(text: str, size: float) -> float:
    """A width that a text does not exceed in any usual sans-serif font."""
    return size * sum(map(_advance, text))


def _advance(character: str) -> float:
    if character in "ijlI.,:;'! ()[]ft/\\":
        return 0.42
    if character in "mwMW@%…":
        return 1.0
    if character in "+−=<>×÷≤≥≠~^#&QO∂Σ":
        return 0.85
    if character.isascii():
        return 0.8 if character.isupper() else 0.65
    from unicodedata import combining, east_asian_width

    if combining(character):
        return 0.0
    return 1.45 if "\u01c4" <= character <= "\u01f3" else 1.1 if east_asian_width(character) not in "WF" else 1.05
