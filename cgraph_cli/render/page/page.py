"""HTML: one file with the figure, the table, a walk through both passes, and fields that compute it all again.

The file loads nothing. Everything it shows is there without its script too, at the point that was given; the script
runs the same passes over the same tape (tape.py). What a user typed is only ever text or JSON in it. A report with
blanks has a page without a script, which could compute what is to be found.
"""

from __future__ import annotations

from math import isfinite, isnan

from cgraph_cli.errors import TooLargeError, shortened
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, operation
from cgraph_cli.light import Any, Iterator, Sequence, T, cached_property, escape, json, re, text_beside
from cgraph_cli.limits import NOISE
from cgraph_cli.render import View, numbers
from cgraph_cli.render.page import panel
from cgraph_cli.render.page.kernels import MATH
from cgraph_cli.render.page.places import SHOWN_OUTPUT, live
from cgraph_cli.render.page.tape import Code, edges
from cgraph_cli.render.page.words import Words, sent_cell
from cgraph_cli.render.paint import Paint
from cgraph_cli.render.picture.figure import MAX_POINT, Figure
from cgraph_cli.render.picture.svg import FONT, MARGIN, drawn, shifted
from cgraph_cli.render.prose.html import HTML, LONGEST_TITLE, encoded, filled
from cgraph_cli.render.prose.writing import LONGEST_SUM, UnicodeWriting, Writing
from cgraph_cli.report.blanks import has_blanks
from cgraph_cli.report.findings import Finding
from cgraph_cli.report.kinds import lines
from cgraph_cli.report.kinks import INSIDE
from cgraph_cli.report.paths import arrivals
from cgraph_cli.report.report import Report
from cgraph_cli.rules import ALIASES, CONSTANTS, OPERATORS, canonical_name
from cgraph_cli.syntax.expression import Assignment
from cgraph_cli.syntax.printer import MANY_ZEROS, UNICODE, print_statement

_SCRIPTS = "numbers tape findings texts values figure steps play links plots point descent view address page"
SCRIPTS = tuple(f"{name}.js" for name in _SCRIPTS.split())
MOST_GRADIENTS = 12  # in one line
MOST_NODES = 10_000  # a table and a walk of more are of no use
TOP = 30.0  # above and below the figure: room for the product of a step
MANY_LINES = 500  # of a table that is laid out when it comes into sight
MAX_WARNINGS = 3  # before a button for more
SILENCE = "nothing is sent"
LONG = 36  # characters of a formula that may be broken
# In a script element nothing may look like markup, whatever a name contains.
TEMPLATES = re.compile(
    ' data-(text|link)="[^"]*"'
)  # for it alone; a text of a user's has no quotes that are not escaped
_IN_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def render_report(report: Report, view: View) -> Iterator[str]:
    """The page. Raises TooLargeError for a graph with too many nodes and MissingExtraError as its figure does."""
    if len(report.graph) > MOST_NODES:
        raise TooLargeError(
            f"the graph has {len(report.graph)} nodes, a page shows at most {MOST_NODES}",
            help="--format table has no limit; without --expand a module is one node",
        )
    page, is_still = _Page(report, view), has_blanks(report)
    parts = page.parts() if is_still else page.parts() | page.live_parts()
    template = text_beside(__file__, "page.html")
    conditions = {
        "live": not is_still,  # what the script works with
        "outputs": len(report.graph.outputs) > 1,
        "variables": bool(report.variables),
        "figure": page.figure[1] > 0,
    }
    for name, holds in conditions.items():
        template = with_parts(template, name, holds=holds)
    text = filled(template, parts)
    yield encoded(TEMPLATES.sub("", text) if is_still else text, view)


def with_parts(template: str, name: str, *, holds: bool) -> str:
    """A template with what stands between ``<!--name-->`` and ``<!--/name-->``, or without it."""
    first, *parts = template.split(f"<!--{name}-->")
    split = (part.partition(f"<!--/{name}-->") for part in parts)
    return first + "".join(inside * holds + after for inside, _, after in split)


class _Page:
    def __init__(self, report: Report, view: View) -> None:
        self.report = report
        self.graph = report.graph
        self.digits = view.digits
        self.picture = Figure(report, view.wanted, view.digits)
        self.heading = self.picture.heading(UNICODE).formula
        self.writing = UnicodeWriting(report, view)
        self.words = Words(report, view)
        unseen = report.unseen
        self.shown = [node for node in range(len(self.graph)) if not unseen[node]]
        self.arriving = arrivals(self.graph, report.passes, range(len(self.graph)))

    def parts(self) -> dict[str, str]:
        """What stands in the places of the template."""
        formula, name = self.heading, self.writing.name(self.report.output)
        figure, width = self.figure
        return {
            "TITLE": escape(shortened(formula, LONGEST_TITLE)),
            "FORMULA": self.formula(formula),
            "AT": self.at(),
            "RESULT": self.result(),
            "CSS": text_beside(__file__, "page.css"),
            "FIGURE": figure,
            "WIDTH": f"{width:.0f}px",
            "OF": live("span", "", f" of {name}", f" of {SHOWN_OUTPUT}") if len(self.graph.outputs) > 1 else "",
            "NO_WARNINGS": "" if self.report.warnings else " hidden",
            "WARNINGS": "".join(HTML.item % HTML.sentence(self.line(one)) for one in self.report.warnings),
            "NO_FIGURE": "" if width else " hidden",
            **{
                f"NO_{one.upper()}": " hidden" * (f' class="{one}"' not in figure)
                for one in ("idle", "marked", "passing")
            },
            "TABLE": self.table() if width else "",
            "MORE": "".join(self.more()),
        }

    def live_parts(self) -> dict[str, str]:
        """What the script needs, and what works by it alone."""
        code = Code()
        data = plain(self.data(code))
        return {
            "OUTPUTS": panel.choices(self.report, self.writing),
            "OUTPUT": live("span", "", self.writing.name(self.report.output), SHOWN_OUTPUT),
            "FIELD": panel.FIELD,
            "FIELDS": panel.fields(self.words, self.writing),
            "WEIGHTS": panel.weights(self.words, self.writing),
            "DATA": json.dumps(data, separators=(",", ":"), allow_nan=False).translate(_IN_SCRIPT),
            "CODE": "\n".join(
                [constants(self.digits), code.source(), *(text_beside(__file__, name) for name in SCRIPTS)]
            ),
        }

    def formula(self, whole: str) -> str:
        """The formula, a block for each of its statements; one that is a node, and not cut short, leads to it."""
        nodes = {name: node for node, name in self.graph.names.items()} | self.graph.outputs
        blocks = []
        for index, (text, one) in enumerate(zip(whole.split("; "), self.report.statements, strict=False)):
            shown = " ".join(map(panel.word, text.split(" ")))
            if isinstance(one, Assignment) and one.name in nodes and text == print_statement(one, UNICODE):
                shown = panel.statement(index, nodes[one.name], shown)
            blocks.append(shown)
        return '<span class="line">' + ';</span> <span class="line">'.join(blocks) + "</span>"

    @cached_property
    def statements(self) -> list[int]:
        """The number of the statement that each node stands in."""
        starts = [one.flat.span.start for one in self.report.statements]
        if len(starts) == 1:
            return [0] * len(self.graph)
        from bisect import bisect_right

        return [bisect_right(starts, start) - 1 for start in self.graph.starts]

    @cached_property
    def figure(self) -> tuple[str, float]:
        """The figure as one element, with what a screen reader says of it, and its width; or the table in its place."""
        try:
            graph = drawn(self.picture, live=True)
        except TooLargeError as error:
            return f"<p>No figure: {error.message}. The table has all of it.</p>\n{self.table()}", 0.0
        width, height = graph.width + 2 * MARGIN, graph.height + 2 * TOP
        title, count = shortened(self.heading, LONGEST_TITLE), len(self.shown)
        label = f"Computational graph of {title} with {count} nodes; the table has all its numbers"
        head = f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(label)}" font-family="{FONT}"'
        return f"<svg {head}>\n{shifted(graph, MARGIN, TOP)}</svg>", width

    def line(self, found: Finding) -> str:
        """The sentence of a finding with its word before it."""
        return f"{found.head}: {numbers.message(found, self.digits)}"

    # --- data of the script -----------------------------------------------------------------------------------------
    def data(self, code: Code) -> dict[str, Any]:
        """All that the script needs."""
        report, graph = self.report, self.graph
        words = self.words
        return {
            "tape": code.tape(report.whole.graph),
            "folded": self.folded(),
            "bodies": code.tapes,
            "words": words.nodes(),
            "quoted": words.quoted(),
            "titles": words.titles() if self.figure[1] else {},
            "findings": lines(),
            "outputs": words.outputs_of(self.writing),
            "end": words.guide.end(MOST_GRADIENTS),
            "inputs": {"nodes": words.guide.leaves, "sentence": words.guide.inputs(MOST_GRADIENTS)},
            "silence": SILENCE,
            "variables": [[node, report.variables[name], name] for name, node in graph.variables.items()],
            "direction": report.direction and [[graph.variables[name], one] for name, one in report.direction.items()],
            "statements": self.statements,
            "values": {
                "operators": {
                    op.symbol: code.kernel(op, 2) for op in map(operation, OPERATORS.values()) if not op.compares
                },
                "negative": code.kernel(operation("neg"), 1),
                "constants": CONSTANTS,
                "functions": {
                    name: [one, MATH[one]] for name in (*MATH, *ALIASES) if (one := canonical_name(name)) in MATH
                },
            },
            "descent": panel.told(words),
            "controls": panel.CONTROLS,
            "given": self.given(),
        }

    def folded(self) -> dict[str, Any]:
        """What the tape of the figure, the table and the walk has that is not the whole tape's."""
        graph, whole = self.graph, self.report.whole.graph
        if graph is whole:
            return {}
        chains = self.report.description.chains
        return edges(graph) | {"chains": [[*links] for links in chains.links]}

    def given(self) -> dict[str, Any]:
        """The numbers of the report, digit by digit; None for a gradient that is not sent."""
        report = self.report
        return {
            "values": [*report.node_values],
            "all": [self.gradients(name) for name in self.graph.outputs],
            "tangents": None if report.node_tangents is None else [*report.node_tangents],
            "jacobian": [[*row.values()] for row in report.jacobian.values()],
            "findings": [[found.node, self.line(found)] for found in report.warnings],
        }

    def gradients(self, output: str) -> dict[str, Any]:
        """The backward pass from an output."""
        passes = self.report.passes_from(output)
        sent = [one if sends else None for one, sends in zip(passes.downstream, passes.sends, strict=True)]
        return {
            "upstream": [*passes.upstream],
            "reached": [*map(bool, passes.reached)],
            "local": self.by_node(passes.local),
            "downstream": self.by_node(sent),
        }

    def by_node(self, edges: Sequence[T]) -> list[list[T]]:
        """What belongs to edges, by node and position."""
        return [[edges[edge] for edge in self.graph.edges(node)] for node in range(len(self.graph))]

    # --- what is there without the script ---------------------------------------------------------------------------
    def result(self) -> str:
        """The value and the gradient."""
        texts = zip(results(self.report, self.writing), results(self.words.report, self.words.writing), strict=True)
        return "\n".join(
            live("span", f'class="{"math long" if len(text) > LONG else "math"} {kind}"', text, places)
            for (text, kind), (places, _) in texts
        )

    def at(self) -> str:
        """The point, which stands on paper and where the figure fills the window: the fields are not there."""
        names, count = [*self.report.variables][:MAX_POINT], len(self.report.variables)
        more = f", and {count - MAX_POINT} more" if count > MAX_POINT else ""
        text, places = (
            ", ".join(
                f"{self.writing.name(one)}\u00a0=\u00a0{writing.number(writing.report.variables[one])}" for one in names
            )
            for writing in (self.writing, self.words.writing)
        )
        attributes = f'id="at" class="math long{" alone" * has_blanks(self.report)}"'
        return live("p", attributes, f"at {text}{more}", f"at {places}{more}") if names else ""

    def table(self) -> str:
        """Every node and every edge."""
        tangents = self.report.node_tangents is not None
        heads = ["value", *(["tangent"] if tangents else []), "upstream"]
        columns = "".join(f'<th scope="col" class="number">{one}</th>' for one in heads)
        head = (
            f'<thead><tr><th scope="col">node</th><th scope="col">operation</th>{columns}'
            '<th scope="col">local gradient</th><th scope="col">downstream</th></tr></thead>\n'
        )
        rows = "".join(map(self.row, self.shown))
        table, count = f"<table>\n{head}{rows}</table>", rows.count("<tr")
        return f'<div class="late" style="--lines: {count}">{table}</div>' if count > MANY_LINES else table

    def row(self, node: int) -> str:
        """A node with its edges, a line each."""
        report, graph, writing = self.report, self.graph, self.writing
        positions = [one for one in range(len(graph.edges(node))) if graph.edge_has_gradient(node, one)]
        span = f' rowspan="{len(positions)}"' if len(positions) > 1 else ""
        own = f'{span} class="own number'
        op, value = graph.ops[node], self.writing.number(report.node_values[node])
        operation, style = (op.name, "quiet") if op in (VARIABLE, CONSTANT) else (writing.operation(node), "math")
        number = live("span", f'id="value-{node}"', value, f"{{value v{node}}}")
        cells = [
            f'<th scope="row" class="own math"{span}>{escape(writing.label(node))}</th>',
            f'<td class="own operation {style}"{span}>{escape(operation)}</td>',
            f'<td {own} value">{number}</td>',
        ]
        if report.node_tangents is not None:
            tangent = self.writing.number(report.node_tangents[node]), f"{{number t{node}}}"
            shown = tangent if graph.has_gradient[node] else ("", "")
            number = live("span", f'id="tangent-{node}"', *shown)
            cells.append(f'<td {own} gradient">{number}</td>')
        cells.append(f'<td {own} gradient">{self.upstream(node)}</td>')
        lines = [self.edge(node, position) for position in positions] or ['<td class="local"></td><td></td>']
        rest = "".join(f"<tr>{line}</tr>\n" for line in lines[1:])
        return f'<tbody><tr id="row-{node}">{"".join(cells)}{lines[0]}</tr>\n{rest}</tbody>\n'

    def upstream(self, node: int) -> str:
        """The upstream gradient, and the sum that it is where several downstream gradients arrive."""
        passes, graph, arriving = self.report.passes, self.graph, self.arriving[node]
        if not graph.has_gradient[node] and node not in graph.outputs.values():
            return ""
        text = self.writing.number(passes.upstream[node])
        if not graph.has_gradient[node]:  # which is a constant's own, where it is the output
            return live("span", f'id="upstream-{node}"', text * (node == self.report.output_node), f"{{seed {node}}}")
        sent = [passes.downstream[one.edge] for one in arriving]
        total = f"= {self.writing.sum(sent)}" if len(sent) > 1 else ""
        number = live("span", f'id="upstream-{node}"', text, f"{{number u{node}}}")
        return number + live("small", f'id="sum-{node}"', total, f"{{total {node}}}")

    def edge(self, node: int, position: int) -> str:
        """The local gradient and what is sent."""
        edge, name = self.graph.edges(node)[position], f"{node}-{position}"
        local = self.writing.local_equation(node, position)
        sent = sent_cell(self.report, self.writing, edge) if self.report.passes.sends[edge] else SILENCE
        cell = live("td", f'class="local math" id="local-{name}"', local, f"{{local {node}.{position}}}")
        return cell + live("td", f'class="gradient" id="sent-{name}"', sent, f"{{sent {node}.{position}}}")

    def more(self) -> Iterator[str]:
        """The gradients of all outputs; second derivatives and uncertainties, which do not follow the fields."""
        report, several = self.report, len(self.report.jacobian) > 1
        if several:
            yield self.matrix("Jacobian", "", report.jacobian, follows=True)
        if report.hessian is not None:
            title = f"Hessian of {self.writing.name(report.output)}" if several else "Hessian"
            yield self.matrix(title, self.fixed(), report.hessian)
        if report.budgets:
            from cgraph_cli.render.budget import section

            yield from section(report, Paint(View(digits=self.digits)), self.fixed())

    def fixed(self) -> str:
        """What is said of a part of the page that does not follow the fields."""
        point = ", ".join(
            f"{self.writing.name(one)} = {self.writing.number(value)}" for one, value in self.report.variables.items()
        )
        return f'<p class="quiet">At the given point {escape(point)}; it does not follow the fields.</p>\n'

    def matrix(self, title: str, note: str, rows: dict[str, dict[str, float]], *, follows: bool = False) -> str:
        """A table keyed by names, whose numbers follow the fields or not."""
        name, low = self.writing.name, title.partition(" ")[0].lower()
        columns = "".join(
            f'<th scope="col" class="number math">{escape(name(one))}</th>' for one in self.report.variables
        )
        body = ""
        for down, (key, row) in enumerate(rows.items()):
            cells = ""
            for across, one in enumerate(row.values()):
                places = f"{{number j{down}.{across}}}" if follows else self.writing.number(one)
                cells += live(
                    "td", f'class="number gradient" id="{low}-{down}-{across}"', self.writing.number(one), places
                )
            body += f'<tr><th scope="row" class="math">{escape(name(key))}</th>{cells}</tr>\n'
        return (
            f'<section aria-labelledby="{low}-heading">\n<h2 id="{low}-heading">{escape(title)}</h2>\n{note}'
            f'<section class="scroll" tabindex="0" aria-label="Table: {escape(title)}"><table>\n'
            f"<thead><tr><td></td>{columns}</tr></thead>\n<tbody>{body}</tbody></table></section>\n</section>\n"
        )


def results(report: Report, writing: Writing) -> Iterator[tuple[str, str]]:
    """The value and the gradient, each with the class of its element."""
    yield writing.result(), "value"
    for text in writing.gradients(MOST_GRADIENTS):
        yield text, "gradient"
    left_out = len(report.graph.variables) - MOST_GRADIENTS
    if left_out > 0:
        yield f"and {left_out} more", "quiet"
    along = ", ".join(f"{writing.name(name)} = {writing.number(one)}" for name, one in (report.direction or {}).items())
    for output, tangent in report.tangents.items():
        of_output = f"of {writing.name(output)} " * (len(report.tangents) > 1)
        yield f"derivative {of_output}along {along} {writing.equal_to(tangent)}", "gradient"


def constants(digits: int | None = None) -> str:
    """What the script shares with Python: the rules of numbers.py, the kinds of findings inside modules."""
    names = ("DIGITS", "FIGURE_DIGITS", "MOST_DIGITS", "MORE_DIGITS", "SHORT", "FIGURE_SHORT", "LONGEST_WHOLE")
    rules = {"ASKED": digits, **{name: getattr(numbers, name) for name in names}}
    rules |= {
        "NOISE": NOISE,
        "LONGEST_SUM": LONGEST_SUM,
        "MANY_ZEROS": MANY_ZEROS,
        "INSIDE": INSIDE,
        "MAX_WARNINGS": MAX_WARNINGS,
        "LONG": LONG,
    }
    return "const " + ", ".join(f"{name} = {json.dumps(one)}" for name, one in rules.items()) + ";"


def plain(one: Any) -> Any:
    """Data with texts in the place of the numbers that JSON lacks, which the script reads as those numbers."""
    if isinstance(one, dict):
        return {name: plain(part) for name, part in one.items()}
    if isinstance(one, list):
        return [*map(plain, one)]
    if isinstance(one, float) and not isfinite(one):
        return "NaN" if isnan(one) else "Infinity" if one > 0 else "-Infinity"
    return one
