"""How a worked solution writes its formulas: short numbers, ∂f/∂x, products and sums, in one notation per format."""

from __future__ import annotations

from cgraph_cli.graph.formula import sent_where
from cgraph_cli.graph.graph import CONSTANT
from cgraph_cli.light import ClassVar, Sequence
from cgraph_cli.limits import NOISE
from cgraph_cli.render import View
from cgraph_cli.render.numbers import fine_text, short, significant
from cgraph_cli.report.blanks import Blank, is_known_nan
from cgraph_cli.report.chains import gradient_text
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.expression import Number, Syntax, Unary
from cgraph_cli.syntax.printer import ADDITION, ATOM, SIGN, Notation, UnicodeNotation, print_expression

ANYWHERE = View()
LARGE = 200  # nodes that are shown without --all
LONGEST_SUM = 8  # terms of a sum that are written out


class Numbers(Notation):
    """Short numbers; a negative one stands in parentheses after every operator: 3*(-4)."""

    asked: int | None = None  # significant digits

    def precedence(self, part: Syntax) -> int:
        is_negative = isinstance(part, Number) and part.is_negative
        return ADDITION if is_negative else super().precedence(part)

    def digits(self, value: float) -> str:
        return short(value, self.asked)


class _AsciiNumbers(Numbers):
    name_of: ClassVar[dict[str, str]] = {"…": "..."}


class UnicodeNumbers(Numbers, UnicodeNotation):
    """The same with mathematical signs."""


class Writing:
    """Formulas of a report as plain text in cgraph's own language, with the signs ∂, ×, ≈ and →."""

    times = "×"
    about = "≈"
    arrow = "→"
    dots = "…"
    d, square = "∂", "²"

    def __init__(self, report: Report, view: View = ANYWHERE) -> None:
        self.report = report
        self.view = view
        self.notation = self.make_notation(report)
        self.notation.asked = view.digits
        self.words = report.notated(self.notation)

    @property
    def limit(self) -> int:
        """How many nodes are shown."""
        return len(self.report.graph) if self.view.all else LARGE

    def said(self, sentence: str) -> str:
        """A sentence in these signs."""
        return sentence

    def make_notation(self, report: Report) -> Numbers:
        """The notation of the formulas."""
        return Numbers()

    def label(self, node: int) -> str:
        """What a node is called."""
        return print_expression(self.words.operand(node), self.notation)

    def name(self, name: str) -> str:
        """A variable, a module or an output."""
        return self.notation.name(name)

    def function(self, name: str) -> str:
        """A function or a module."""
        return name

    def number(self, value: float) -> str:
        """A number to a few digits."""
        return self.notation.number(value)

    def partial(self, top: str, bottom: str) -> str:
        """∂top/∂bottom for two labels."""
        return f"{self.d}{top}/{self.d}{bottom}"

    def second(self, top: str, one: str, other: str) -> str:
        """∂²top/∂one∂other for three labels."""
        below = f"{one}{self.square}" if one == other else f"{one}{self.d}{other}"
        return f"{self.d}{self.square}{top}/{self.d}{below}"

    def directional(self, top: str) -> str:
        """The derivative of top in the direction that was asked for."""
        return f"d{top}"

    def gradient(self, node: int) -> str:
        """The upstream gradient of a node as a symbol: ∂f/∂node."""
        return self.partial(self.name(self.report.output), self.label(node))

    def local_symbol(self, node: int, arg: int) -> str:
        """A local gradient as a symbol: ∂node/∂arg."""
        return self.partial(self.label(node), self.label(arg))

    def equals(self, *values: float) -> str:
        """The sign before a number: ``=``, or ``≈`` when one of the numbers shown is rounded."""
        return "=" if all(map(self.shows_exactly, values)) else self.about

    def shows_exactly(self, value: float) -> bool:
        """Whether a number's short text is the number itself, but for rounding noise."""
        if value != value:  # a blank has no number
            return True
        if self.view.digits is not None and (text := fine_text(value)):
            return significant(text) < self.view.digits
        said = float(short(value, self.view.digits))
        return said == value or abs(said - value) <= NOISE * abs(value)

    def marked(self, value: float, role: str) -> str:
        """A number that is a ``value`` or a ``gradient``; where there are colours, in one of its own."""
        return self.number(value)

    def equal_to(self, value: float, role: str = "gradient") -> str:
        """A number with the sign before it."""
        return f"{self.equals(value)} {self.marked(value, role)}"

    def remark(self, text: str) -> str:
        """Words within a formula."""
        return text

    def factor(self, value: float) -> str:
        """A number as the second factor of a product."""
        text = self.number(value)
        if not text.startswith("-"):
            return text
        return self.notation.finished("".join(map(str, self.notation.parenthesized([text]))))

    def product(self, first: float, second: float) -> str:
        """Two numbers multiplied."""
        return f"{self.number(first)} {self.times} {self.factor(second)}"

    def multiplied(self, upstream: float, local: float, sent: float) -> str:
        """Upstream times local is downstream, in numbers; a zero is exactly a factor's zero."""
        sign = "=" if sent == 0 and (local == 0 or upstream == 0) else self.equals(upstream, local, sent)
        product = f"{self.marked(upstream, 'gradient')} {self.times} {self.factor(local)}"
        return f"{product} {sign} {self.marked(sent, 'gradient')}"

    def sum(self, values: Sequence[float]) -> str:
        """Numbers added, the middle of a long sum left out."""
        return self.added([self.number(value) for value in values])

    def added(self, terms: Sequence[str]) -> str:
        """Terms added, those with a sign subtracted, the middle of a long sum left out."""
        half = LONGEST_SUM // 2
        shown = [*terms[:half], self.dots, *terms[-half:]] if len(terms) > LONGEST_SUM else terms
        text = shown[0]
        for term in shown[1:]:
            text += f" - {term[1:]}" if term.startswith("-") else f" + {term}"
        return text

    def operation(self, node: int) -> str:
        """A node's operation over its arguments' labels."""
        return self.words.operation(node)

    def local(self, node: int, position: int) -> str:
        """The formula of a local gradient."""
        return self.words.local(node, position, self.report.node_values)

    def local_syntax(self, node: int, position: int) -> Syntax:
        """The formula of a local gradient as a tree; a number's minus belongs to it."""
        syntax = self.words.local_syntax(node, position, self.report.node_values)
        assert syntax is not None
        if isinstance(syntax, Unary) and isinstance(syntax.operand, Number):
            return Number(-syntax.operand.value)
        return syntax

    def is_told(self, node: int, position: int) -> bool:
        """Whether the words say all of a local gradient: the argument is the one that is chosen."""
        op = self.report.graph.ops[node]
        text = gradient_text(op, position)
        if not op.is_row or text is None or sent_where(text) is None:
            return op.chooses
        return bool(op.rule.taught[0])

    def local_equation(self, node: int, position: int) -> str:
        """A local gradient as symbol, formula and number."""
        graph = self.report.graph
        edge = graph.edges(node)[position]
        local = self.report.passes.local[edge]
        # a nan is not what the formula says
        bare = self.is_told(node, position) or is_known_nan(self.report.node_values[node])
        if isinstance(local, Blank) and isinstance(self.local_syntax(node, position), Number):
            bare = True  # the number that is to be found
        formula = "" if bare else self.local(node, position)
        return self.equation(self.local_symbol(node, graph.args[edge]), formula, local)

    def equation(self, symbol: str, formula: str, value: float) -> str:
        """A symbol, its formula unless that is empty or the number itself, and its number."""
        shown = f" = {formula}" if formula not in ("", self.number(value)) else ""
        return f"{symbol}{shown} {self.equals(value)} {self.number(value)}"

    def local_factor(self, node: int, position: int) -> str:
        """The formula of a local gradient as the second factor of a product."""
        syntax = self.local_syntax(node, position)
        local = self.report.passes.local[self.report.graph.edges(node)[position]]
        if isinstance(local, Blank) and isinstance(syntax, Number):
            syntax = Number(local)
        from cgraph_cli.syntax.latex import begins_with_minus

        return print_expression(syntax, self.notation, ATOM if begins_with_minus(syntax) else SIGN)

    def computed(self, node: int) -> tuple[str, str]:
        """A node's operation over its arguments' labels and over their values, empty where that says nothing new.

        A comparison, which has a sign of its own, stands in parentheses: (x > 0) = (1 > 0) = 1.
        """
        graph = self.report.graph
        op, arguments = graph.ops[node], graph.arguments(node)
        least = ADDITION if op.compares else 0
        labels, values = (
            print_expression(self.words.syntax(node, operand), self.notation, least)
            for operand in (self.words.operand, self.operand)
        )
        known = all(graph.ops[arg] is CONSTANT and arg not in graph.names for arg in arguments)
        return labels, "" if known else values

    def operand(self, node: int) -> Syntax:
        """The value of a node in a formula."""
        return Number(self.report.node_values[node] + 0.0)

    def formula(self, syntax: Syntax) -> str:
        """Any expression."""
        return print_expression(syntax, self.notation)

    def forward(self, node: int) -> list[tuple[str, str]]:
        """What a node computes, the same with numbers and its value, each after its sign."""
        graph, values = self.report.graph, self.report.node_values
        operation, numbers = self.computed(node)
        value, operands = values[node], [values[arg] for arg in graph.arguments(node)]
        steps, sign = [("=", operation)], self.equals(value)
        if numbers not in ("", self.number(value)):
            steps.append((self.equals(*operands), numbers))
            sign = self.equals(*operands, value) if value else sign  # of rounded numbers; but what a zero makes 0 is so
        if graph.ops[node].is_module or steps[-1][1] != self.number(value):
            steps.append((sign, self.marked(value, "value")))
        return steps

    def forward_equation(self, node: int) -> str:
        """What a node computes, on one line."""
        return " ".join([self.label(node), *(f"{sign} {text}" for sign, text in self.forward(node))])

    def result(self) -> str:
        """The output and its value."""
        value = self.report.node_values[self.report.output_node]
        return f"{self.name(self.report.output)} {self.equal_to(value, 'value')}"

    def gradients(self, most: int) -> list[str]:
        """The gradients of the first ``most`` variables."""
        nodes = list(self.report.differentiated.values())[:most]
        return [f"{self.gradient(node)} {self.equal_to(self.report.passes.upstream[node])}" for node in nodes]


class AsciiWriting(Writing):
    """The same in ASCII: ``df/dx``, ``*``, ``~=``, ``->``."""

    times = "*"
    about = "~="
    arrow = "->"
    dots = "..."
    d, square = "d", "2"

    def make_notation(self, report: Report) -> Numbers:
        return _AsciiNumbers()

    def said(self, sentence: str) -> str:
        """A sentence in these signs."""
        from cgraph_cli.render.paint import ASCII

        return ASCII.text(sentence)


class UnicodeWriting(Writing):
    """Mathematical signs in the formulas too: ``x²·cos(y)``."""

    times = "·"

    def make_notation(self, report: Report) -> Numbers:
        return UnicodeNumbers()


def plain_writing(report: Report, view: View) -> Writing:
    """The writing of plain text."""
    return (AsciiWriting if view.ascii else Writing)(report, view)
