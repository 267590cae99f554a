"""What every picture of a graph shows: its arrows with value and gradient, its signs, colours and a heading."""

from __future__ import annotations

from itertools import islice
from math import isfinite, sqrt

from cgraph_cli.errors import TooLargeError, shortened
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Operation, operation
from cgraph_cli.light import Callable, Collection, Iterable, Iterator, NamedTuple, cached_property
from cgraph_cli.render.numbers import message, short
from cgraph_cli.render.picture.undrawn import MOST_WRITTEN, Undrawn, marked, undrawn
from cgraph_cli.report.chains import Chain
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.expression import SUPERSCRIPTS
from cgraph_cli.syntax.printer import TEXT, UNICODE, Notation, format_number, print_statement

MANY = {"+": "Σ", "*": "Π"}  # of many terms
SIGNS = {"-": "−", "*": "×", "/": "÷", "<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}
ORDINALS = ("1st", "2nd", "3rd", "4th", "5th")
THINNEST, THICKEST = 0.6, 5.0  # lines, where their width says how large the gradient is
MARKS = {"marked": "thick outline: has a warning", "passing": "dotted outline: passes on what is not finite"}
MAX_NAME = 32
MAX_FORMULA = 240
MAX_POINT = 12
MAX_WARNINGS = 8

INKS = {"ink": "#24292f", "quiet": "#6e7781", "value": "#116329", "gradient": "#b3141f", "warning": "#b54708"}
FILLS = {"operation": "#ffffff", "module": "#fff3c4", "variable": "#ddf0ff", "constant": "#eef0f2"}
LINES = {"operation": INKS["ink"], "module": "#7d5700", "variable": "#0a5cad", "constant": INKS["quiet"]}
COLORS = INKS | FILLS | {f"{kind}-line": color for kind, color in LINES.items()}
# The same in the dark, by the colour in the light; the background is white there.
DARK = {
    "#ffffff": "#0d1117", "#d0d7de": "#30363d",
    INKS["ink"]: "#e3e6ea", INKS["quiet"]: "#9aa4af", INKS["value"]: "#99e0ae",
    INKS["gradient"]: "#ff8f94", INKS["warning"]: "#f0a35e",
    FILLS["module"]: "#433b1d", FILLS["variable"]: "#162734", FILLS["constant"]: "#222425",
    LINES["module"]: "#edcd84", LINES["variable"]: "#61a1e0",
}  # fmt: skip


class Arrow(NamedTuple):
    """One edge as it is drawn. ``value`` is what it carries forward, ``gradient`` what it sends back.

    ``gradient`` is None where none can flow; ``takes_part`` is False where none flows at this point: below a branch
    that is not taken. ``mark`` says which argument it is where their order matters, ``local`` is the local gradient
    where one is used. An arrow that leaves an output has the ``output``'s name; outputs are numbered as targets after
    the nodes. One that stands for ``more`` arguments, which are left out, has a source of its own before all nodes.
    """

    source: int
    target: int
    position: int
    value: float
    gradient: float | None
    takes_part: bool
    mark: str = ""
    output: str = ""
    local: float | None = None
    more: int = 0

    @property
    def flows(self) -> bool:
        """Whether a gradient is sent along it at this point."""
        return self.gradient is not None and self.takes_part

    @property
    def id(self) -> str:
        """What it is called in a picture that can be read by programs."""
        if self.more:
            return f"more-{self.target}"
        return f"edge-output-{self.source}" if self.output else f"edge-{self.target}-{self.position}"

    @property
    def dots(self) -> str:
        """What stands in the place of the arguments that are left out."""
        return f"… {self.more} more"


class Heading(NamedTuple):
    """The formula, the point with the output that the gradients are of where there are several, and the warnings."""

    formula: str
    point: str
    warnings: list[str]

    @property
    def title(self) -> str:
        """All but the warnings, in one line."""
        return " ".join(filter(None, (self.formula, self.point)))


class Figure:
    """A report as pictures show it: ``draw`` is what else is shown, ``digits`` are those of its numbers."""

    def __init__(
        self, report: Report, draw: Collection[str] = (), digits: int | None = None, apart: Undrawn | None = None
    ) -> None:
        self.report = report
        self.graph = report.graph
        self.draw = draw
        self.digits = digits
        self.apart = undrawn(report, draw) if apart is None else apart

    @cached_property
    def marks(self) -> dict[int, str]:
        """The nodes that are marked."""
        return marked(self.report)

    def number(self, value: float) -> str:
        """A number as this picture shows it."""
        return number_text(value, self.digits)

    def arrows_into(self, node: int) -> Iterator[Arrow]:
        """The edges from a node's arguments, in the order of the arguments; one for all of them that are left out."""
        graph, passes, apart = self.graph, self.report.passes, self.apart
        drawn = sum(source not in apart.written for source in graph.arguments(node))
        more = sum(source in apart.left_out for source in graph.arguments(node))
        marks = order_marks(graph.ops[node], len(graph.edges(node))) if drawn > 1 else ()
        for position, edge in enumerate(graph.edges(node)):
            source = graph.args[edge]
            if source in apart.left_out and more:
                yield Arrow(-1 - node, node, position, 0.0, None, True, more=more)
                more = 0
            if apart.has(source):
                continue
            flows = graph.edge_has_gradient(node, position)
            gradient = passes.downstream[edge] + 0.0 if flows else None  # the sign of a zero says nothing of a slope
            taken = not flows or bool(passes.sends[edge])
            mark = marks[position] if marks else ""
            local = passes.local[edge] if flows and taken else None
            yield Arrow(source, node, position, self.report.node_values[source], gradient, taken, mark, local=local)

    def arrows_out(self) -> Iterator[Arrow]:
        """The arrow that leaves each output; the seed 1 is the gradient of the last, unless that is a constant."""
        report, graph = self.report, self.graph
        for index, (name, node) in enumerate(graph.outputs.items(), len(graph)):
            seed = 1.0 if name == report.output and graph.has_gradient[node] else None
            yield Arrow(node, index, 0, report.node_values[node], seed, True, output=name)

    def arrows(self) -> Iterator[Arrow]:
        """The edges between all nodes that are drawn, in the order of the nodes."""
        nodes = (node for node in range(len(self.graph)) if node not in self.apart.left_out)
        return (arrow for node in nodes for arrow in self.arrows_into(node))

    def node_title(self, node: int, write: Callable[[float], str] = format_number) -> str:
        """All that is known of a node: ``q = x + y = 3; ∂f/∂q = -4``."""
        report = self.report
        label, formula = report.labels[node], report.description.operation(node)
        value = write(report.node_values[node] + 0.0)
        title = f"{label} = {value}" if formula in (label, value) else f"{label} = {formula} = {value}"
        if self.graph.has_gradient[node]:
            title += f"; ∂{report.output}/∂{label} = {write(report.passes.upstream[node] + 0.0)}"
        return title

    def edge_title(self, arrow: Arrow, write: Callable[[float], str] = format_number) -> str:
        """What an edge carries: ``x → q: -2; downstream gradient -4``."""
        if arrow.output:
            return f"{arrow.output} = {write(arrow.value + 0.0)}"
        labels = self.report.labels
        title = f"{labels[arrow.source]} → {labels[arrow.target]}: {write(arrow.value + 0.0)}"
        return title if arrow.gradient is None else f"{title}; downstream gradient {write(arrow.gradient)}"

    def own_name(self, node: int) -> str | None:
        """The name that the user gave to an operation which is no output, None if there is none."""
        name = None if self.graph.ops[node] in (VARIABLE, CONSTANT) else self.graph.names.get(node)
        return None if name in self.graph.outputs else name

    def number_label(self, node: int) -> str | None:
        """What the table calls an operation without a name: ``v1``; None for all other nodes."""
        graph = self.graph
        has_other = graph.ops[node] in (VARIABLE, CONSTANT) or node in graph.names or node in graph.outputs.values()
        return None if has_other else self.report.labels[node]

    def label_text(self, node: int, total: float | None) -> str:
        """All that stands in and at a node: ``q : +`` and below it the gradient where several arrive."""
        name, number = self.own_name(node), self.number_label(node)
        lines = [(f"{shorten(name)} : " if name else "") + self.node_text(node)]
        lines += [number] if number else []
        lines += [] if total is None else [f"Σ {self.number(total)}"]
        return "\n".join(lines)

    def node_text(self, node: int) -> str:
        """What stands in a node: a variable's name, a constant's name or number, an operation with its constants."""
        graph = self.graph
        op = graph.ops[node]
        if op is CONSTANT:
            name = graph.names.get(node)
            return shorten(self.number(graph.constants[node]) if name is None else UNICODE.name(name))
        if op is VARIABLE:
            return shorten(self.report.labels[node])
        arguments = [self.node_text(arg) if arg in self.apart.written else None for arg in graph.arguments(node)]
        return shorten(operation_text(op, arguments))

    def totals(self, *, possible: bool = False) -> dict[int, float]:
        """The upstream gradient of every node that several gradients arrive at, or may; the seed is one of them."""
        graph, passes = self.graph, self.report.passes
        arriving = [0] * len(graph)
        arriving[self.report.output_node] = 1
        for node in range(len(graph)):
            for position, edge in enumerate(graph.edges(node)):
                sent = graph.edge_has_gradient(node, position) if possible else passes.sends[edge]
                arriving[graph.args[edge]] += sent
        return {node: passes.upstream[node] + 0.0 for node, count in enumerate(arriving) if count > 1}

    def heading(self, notation: Notation = TEXT) -> Heading:
        """What stands above a picture: ``f = (x + y)*z`` and ``at x = -2, y = 5, z = -4``."""
        report, digits = self.report, self.digits
        formula = "; ".join(print_statement(one, notation) for one in islice(report.statements, MAX_FORMULA))
        names = list(report.variables)
        point = ", ".join(
            f"{shorten(notation.name(name))} = {short(report.variables[name], digits)}" for name in names[:MAX_POINT]
        )
        more = f", and {len(names) - MAX_POINT} more" if len(names) > MAX_POINT else ""
        parts = [f"at {point}{more}" if point else ""]
        if len(self.graph.outputs) > 1:
            parts.append(f"gradients of {shorten(notation.name(report.output))}")
        said = [f"{one.head}: {message(one, digits)}".replace("`", "") for one in report.warnings]
        warnings = [shorten(one, MAX_FORMULA) for one in said]
        if len(warnings) > MAX_WARNINGS:
            warnings[MAX_WARNINGS - 1 :] = [f"and {len(warnings) - MAX_WARNINGS + 1} more warnings"]
        return Heading(shorten(formula, MAX_FORMULA), "; ".join(filter(None, parts)), warnings)

    def local_text(self, arrow: Arrow) -> str:
        """The local gradient as the factor that it is, where it is shown; the empty text where there is none."""
        if arrow.local is None or "locals" not in self.draw:
            return ""
        text = self.number(arrow.local)
        return f"×({text})" if text.startswith("-") else f"×{text}"

    def widths(self, arrows: Iterable[Arrow]) -> dict[str, float]:
        """The width of every line that a gradient flows along, by the square root of its size, where that is shown."""
        if "widths" not in self.draw:
            return {}
        sizes = {arrow.id: abs(arrow.gradient) for arrow in arrows if arrow.flows and arrow.gradient is not None}
        most = max((one for one in sizes.values() if isfinite(one)), default=0.0)
        return {
            name: THINNEST + (THICKEST - THINNEST) * (sqrt(size / most) if size < most else 1.0 if size > 0 else 0.0)
            for name, size in sizes.items()
        }

    def legend(self) -> Iterator[tuple[str, str]]:
        """What the colours and signs of a picture mean, only those that are in it; each with its ink."""
        if "bare" not in self.draw:
            yield "value", "value"
            if self.graph.has_gradient[self.report.output_node]:
                yield f"gradient of {shorten(UNICODE.name(self.report.output))}", "gradient"
            if self.totals():
                yield "Σ sum of the gradients that arrive", "gradient"
        if any(map(self.local_text, self.arrows())):
            yield "× local gradient", "quiet"
        if "widths" in self.draw:
            yield "the thicker a line, the larger its gradient", "ink"
        if not all(arrow.takes_part for arrow in self.arrows()):
            yield "dashed: nothing is sent", "quiet"
        marks = {*self.marks.values()}
        yield from ((words, "warning") for mark, words in MARKS.items() if mark in marks)
        if self.apart.left_out:
            yield "… arguments left out, --all draws them", "quiet"

    def key(self, colors: tuple[str, str] = ("", "")) -> str:
        """The legend as one text, for a picture that has both numbers in one label and a word for their colors."""
        words = [text for text, _ in self.legend()]
        both = 1 + self.graph.has_gradient[self.report.output_node]
        numbers = " / ".join(map("".join, zip(words[:both], colors, strict=False)))
        return "; ".join([f"on an edge: {numbers}", *words[both:]])


def order_marks(op: Operation, count: int) -> tuple[str, ...]:
    """Marks that tell arguments apart where their order matters; empty where it does not."""
    rule = op.rule
    if isinstance(op, Chain):
        return tuple("" if op.before(one) == op.symbol else SIGNS["-"] for one in range(count))
    if count < 2 or rule.many or rule.symmetric:
        return ()
    if op is operation("where"):
        return ("if", "then", "else")
    if rule.args[:2] != ("x", "y"):
        return tuple(shorten(name, 12) for name in op.parameters[:count])
    return ORDINALS[:count]


def kind(op: Operation) -> str:
    """Which of the four kinds of node it is: a variable, a constant, a module or an operation."""
    if op is VARIABLE:
        return "variable"
    if op is CONSTANT:
        return "constant"
    return "module" if op.is_module else "operation"


def number_text(value: float, digits: int | None = None) -> str:
    """A number as pictures show it; the sign of a zero is left out."""
    return short(value, digits, narrow=True)


def operation_text(op: Operation, arguments: list[str | None]) -> str:
    """An operation with those of its arguments that are constants: ``+1``, ``1/x``, ``x²``, ``max(0, ·)``."""
    sign = SIGNS.get(op.symbol or "", op.symbol)
    if isinstance(op, Chain):
        known = [(SIGNS.get(op.before(at), op.before(at)), one) for at, one in enumerate(arguments) if one is not None]
        if op.is_product:
            factors = [_bracketed(one) if at else one for at, (_, one) in enumerate(known)]
            return SIGNS["*"].join([*factors, MANY["*"]])
        return "".join([MANY["+"], *(before + _bracketed(one) for before, one in known)])
    if sign is None:
        some = any(one is not None for one in arguments)
        return f"{op.name}({', '.join(one or '·' for one in arguments)})" if some else op.name
    left, right = arguments[0], arguments[-1]
    if len(arguments) == 1:
        return f"{sign}{left or 'x'}"
    if left is None and right is None:
        return sign
    if op is operation("pow"):
        base = "x" if left is None else _bracketed(left)
        is_whole = right is not None and right.lstrip("-").isdecimal() and len(right) < MOST_WRITTEN
        above = right.translate(SUPERSCRIPTS) if right and is_whole else f"^{right or 'x'}"
        return base + above
    behind = right
    if left is None or (right is None and op.rule.symmetric):
        left, behind = None, right or left
    if behind is not None and not op.compares:
        behind = _bracketed(behind)
    if left is None:
        return f"{sign}{behind}"
    return f"{left}{'/' if op is operation('div') else sign}{behind or 'x'}"


def _bracketed(text: str) -> str:
    """An operand behind a sign or below a power."""
    return f"({text})" if text[0] == "-" else text


def is_sign(text: str) -> bool:
    """Whether a text is one sign, which is drawn larger than words."""
    return len(text) == 1 and (text in MANY.values() or not text.isalnum())


def shorten(text: str, limit: int = MAX_NAME) -> str:
    """A text cut to a length, which the three dots at its end say."""
    return shortened(text, limit, "…")


def too_large(message: str) -> TooLargeError:
    """The error that offers the format without a limit."""
    return TooLargeError(message, help="--format dot has no limit; without --expand a module is one node")


def text_width(text: str, size: float) -> float:
    """A width that a text does not exceed in any usual sans-serif font."""
    return size * sum(map(_advance, text))


def _advance(character: str) -> float:
    if character == ".":
        return 0.37
    if character in "ijlI,:;'! ()[]ft/\\":
        return 0.42
    if character in "mwMW@%…":
        return 1.0
    if character in "+−=<>×÷≤≥≠~^#&QO∂ΣΠ":
        return 0.85
    if character in "-0123456789":
        return 0.4 if character == "-" else 0.64
    if character.isascii():
        return 0.8 if character.isupper() else 0.65
    from unicodedata import combining, east_asian_width

    if combining(character):
        return 0.0
    return 1.45 if "\u01c4" <= character <= "\u01f3" else 1.1 if east_asian_width(character) not in "WF" else 1.05
