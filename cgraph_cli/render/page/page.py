"""HTML: one file with the figure, the table, a walk through both passes, and fields that compute it all again.

The file loads nothing. Everything it shows is there without its script too, at the point that was given; the script
runs the same passes over the same tape (tape.py). What a user typed is only ever text or JSON in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from json import dumps
from pathlib import Path
from typing import Any

from cgraph_cli.errors import shortened
from cgraph_cli.graph.graph import CONSTANT, VARIABLE
from cgraph_cli.render import View, numbers
from cgraph_cli.render.numbers import short
from cgraph_cli.render.page.figure import dark_colors, figure
from cgraph_cli.render.page.places import template
from cgraph_cli.render.page.tape import Code, number
from cgraph_cli.render.page.words import Words, sent_cell
from cgraph_cli.render.picture.figure import heading
from cgraph_cli.render.prose.html import LONGEST_TITLE
from cgraph_cli.render.prose.writing import LONGEST_SUM, UnicodeWriting, Writing
from cgraph_cli.report.findings import sentences
from cgraph_cli.report.kinks import INSIDE
from cgraph_cli.report.paths import arrivals
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.printer import UNICODE, format_number

FOLDER = Path(__file__).parent
SCRIPTS = ("numbers.js", "tape.js", "findings.js", "page.js")
MOST_GRADIENTS = 12  # in one line
SILENCE = "nothing is sent"
LONG = 36  # characters of a formula that may be broken
# In a script element nothing may look like markup, whatever a name contains.
_IN_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def render_report(report: Report, view: View) -> Iterator[str]:
    """The page. Raises TooLargeError and MissingExtraError as its figure does."""
    page = _Page(report)
    parts = page.parts()
    template = (FOLDER / "page.html").read_text(encoding="utf-8")
    # One pass: what is put in is never looked through for places.
    text = re.sub(r"@([A-Z_]+)@", lambda found: parts[found[1]], template)
    yield text.encode("ascii", "xmlcharrefreplace").decode() if view.ascii else text


class _Page:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.graph = report.graph
        self.writing = UnicodeWriting(report)
        self.words = Words(report)
        self.shared = {
            node: [edge for _, _, edge in edges]
            for node, edges in arrivals(self.graph, report.passes, range(len(self.graph))).items()
        }

    def parts(self) -> dict[str, str]:
        """What stands in the places of the template."""
        formula = heading(self.report, UNICODE)[0]
        code = Code()
        data = self.data(code)
        scripts = [(FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS]
        return {
            "TITLE": escape(shortened(formula, LONGEST_TITLE)),
            "FORMULA": escape(formula),
            "RESULT": self.result(),
            "CSS": (FOLDER / "page.css").read_text(encoding="utf-8"),
            "DARK": dark_colors(),
            "FIGURE": figure(self.report, self.figure_label(formula)),
            "PLAIN": "" if self.report.variables else " alone",
            "POINT": self.point(),
            "NO_WARNINGS": "" if self.report.warnings else " hidden",
            "WARNINGS": "".join(f"<li>{_quoted(found.message)}</li>" for found in self.report.warnings),
            "TABLE": self.table(),
            "MORE": self.jacobian() + self.hessian(),
            "DATA": dumps(data, separators=(",", ":"), allow_nan=False).translate(_IN_SCRIPT),
            "CODE": "\n".join([constants(), code.source(), *scripts]),
        }

    def figure_label(self, formula: str) -> str:
        """What a screen reader says of the figure."""
        title, count = shortened(formula, LONGEST_TITLE), len(self.graph)
        return f"Computational graph of {title} with {count} nodes; the table has all its numbers"

    # --- data of the script -----------------------------------------------------------------------------------------
    def data(self, code: Code) -> dict[str, Any]:
        """All that the script needs."""
        report, graph = self.report, self.graph
        words = self.words
        return {
            "tape": code.tape(graph),
            "bodies": code.tapes,
            "words": words.nodes(),
            "titles": words.titles(),
            "findings": sentences(),
            "seed": template(words.guide.seed()),
            "end": template(words.guide.end(MOST_GRADIENTS)),
            "silence": SILENCE,
            "variables": [[node, number(report.variables[name])] for name, node in graph.variables.items()],
            "direction": None
            if report.direction is None
            else [[graph.variables[name], number(one)] for name, one in report.direction.items()],
            "given": self.given(),
        }

    def given(self) -> dict[str, Any]:
        """The numbers of the report, digit by digit."""
        report, graph, passes = self.report, self.graph, self.report.passes
        nodes = range(len(graph))
        return {
            "values": [number(one) for one in report.node_values],
            "passes": {
                "upstream": [number(one) for one in passes.upstream],
                "reached": list(map(bool, passes.reached)),
                "local": [[number(passes.local[edge]) for edge in graph.edges(node)] for node in nodes],
                "downstream": [
                    [number(passes.downstream[edge]) if passes.sends[edge] else None for edge in graph.edges(node)]
                    for node in nodes
                ],
            },
            "tangents": None if report.node_tangents is None else [number(one) for one in report.node_tangents],
            "jacobian": [[number(one) for one in row.values()] for row in report.jacobian.values()],
            "warnings": [found.message for found in report.warnings],
        }

    # --- what is there without the script ---------------------------------------------------------------------------
    def result(self) -> str:
        """The value and the gradient."""
        texts = zip(results(self.report, self.writing), results(self.words.report, self.words.writing), strict=True)
        return "\n".join(
            live("span", f'class="{"math long" if len(text) > LONG else "math"} {kind}"', text, places)
            for (text, kind), (places, _) in texts
        )

    def point(self) -> str:
        """A field and a slider for every variable."""
        report, writing = self.report, self.writing
        if not report.variables:
            return ""
        rows = []
        slopes, places = (one.gradients(len(report.variables)) for one in (writing, self.words.writing))
        for index, (name, value) in enumerate(report.variables.items()):
            label, text = escape(writing.name(name)), escape(format_number(value))
            slope = live("span", 'class="slope math gradient"', slopes[index], places[index])
            rows.append(
                f'<div class="variable">\n<label for="field-{index}"><span class="math">{label}</span> =\n'
                f'<input id="field-{index}" type="text" inputmode="text" autocomplete="off" autocapitalize="off" '
                f'spellcheck="false" enterkeyhint="done" readonly value="{text}"></label>\n'
                f'<input id="slider-{index}" type="range" min="-1" max="1" aria-label="{label}" hidden>\n'
                f"{slope}\n</div>\n"
            )
        return (
            '<section id="point-section" aria-labelledby="point-heading">\n<h2 id="point-heading">Point</h2>\n'
            f'<div id="many">\n{"".join(rows)}</div>\n'
            '<button type="button" id="reset">Back to the given point</button>\n</section>'
        )

    def table(self) -> str:
        """Every node and every edge."""
        tangents = self.report.node_tangents is not None
        heads = ["value", *(["tangent"] if tangents else []), "upstream"]
        columns = "".join(f'<th scope="col" class="number">{one}</th>' for one in heads)
        head = (
            f'<thead><tr><th scope="col">node</th><th scope="col">operation</th>{columns}'
            '<th scope="col">local gradient</th><th scope="col">downstream</th></tr></thead>\n'
        )
        return f"<table>\n{head}{''.join(map(self.row, range(len(self.graph))))}</table>"

    def row(self, node: int) -> str:
        """A node with its edges, a line each."""
        report, graph, writing = self.report, self.graph, self.writing
        positions = [one for one in range(len(graph.edges(node))) if graph.edge_has_gradient(node, one)]
        span = f' rowspan="{len(positions)}"' if len(positions) > 1 else ""
        own = f'{span} class="own number'
        op, value = graph.ops[node], short(report.node_values[node])
        operation, style = (op.name, "quiet") if op in (VARIABLE, CONSTANT) else (writing.operation(node), "math")
        cells = [
            f'<th scope="row" class="own math"{span}>{escape(writing.label(node))}</th>',
            f'<td class="own operation {style}"{span}>{escape(operation)}</td>',
            live("td", f'{own} value" id="value-{node}"', value, f"{{value v{node}}}"),
        ]
        if report.node_tangents is not None:
            tangent = short(report.node_tangents[node]), f"{{number t{node}}}"
            shown = tangent if graph.has_gradient[node] else ("", "")
            cells.append(live("td", f'{own} gradient" id="tangent-{node}"', *shown))
        cells.append(f'<td {own} gradient">{self.upstream(node)}</td>')
        lines = [self.edge(node, position) for position in positions] or ['<td class="local"></td><td></td>']
        rest = "".join(f"<tr>{line}</tr>\n" for line in lines[1:])
        return f'<tbody><tr id="row-{node}">{"".join(cells)}{lines[0]}</tr>\n{rest}</tbody>\n'

    def upstream(self, node: int) -> str:
        """The upstream gradient, and the sum that it is where several downstream gradients arrive."""
        passes, graph, edges = self.report.passes, self.graph, self.shared[node]
        if not graph.has_gradient[node] and node != self.report.output_node:
            return ""
        total = f"= {self.writing.sum([passes.downstream[edge] for edge in edges])}" if len(edges) > 1 else ""
        number = live("span", f'id="upstream-{node}"', short(passes.upstream[node]), f"{{number u{node}}}")
        return number + live("small", f'id="sum-{node}"', total, f"{{total {node}}}")

    def edge(self, node: int, position: int) -> str:
        """The local gradient and what is sent."""
        edge, name = self.graph.offsets[node] + position, f"{node}-{position}"
        local = self.writing.local_equation(node, position)
        sent = sent_cell(self.report, self.writing, edge) if self.report.passes.sends[edge] else SILENCE
        cell = live("td", f'class="local math" id="local-{name}"', local, f"{{local {node}.{position}}}")
        return cell + live("td", f'class="gradient" id="sent-{name}"', sent, f"{{sent {node}.{position}}}")

    def jacobian(self) -> str:
        """The gradients of all outputs."""
        if len(self.report.jacobian) < 2:
            return ""
        return self.matrix("Jacobian", "", self.report.jacobian, follows=True)

    def hessian(self) -> str:
        """The second derivatives, which the script does not compute again."""
        if self.report.hessian is None:
            return ""
        point = ", ".join(f"{self.writing.name(one)} = {short(value)}" for one, value in self.report.variables.items())
        note = f'<p class="quiet">At the given point {escape(point)}; it does not follow the fields.</p>\n'
        title = "Hessian" if len(self.report.jacobian) == 1 else f"Hessian of {self.writing.name(self.report.output)}"
        return self.matrix(title, note, self.report.hessian)

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
                places = f"{{number j{down}.{across}}}" if follows else short(one)
                cells += live("td", f'class="number gradient" id="{low}-{down}-{across}"', short(one), places)
            body += f'<tr><th scope="row" class="math">{escape(name(key))}</th>{cells}</tr>\n'
        return (
            f'<section aria-labelledby="{low}-heading">\n<h2 id="{low}-heading">{escape(title)}</h2>\n{note}'
            f'<div class="scroll" tabindex="0" role="region" aria-labelledby="{low}-heading"><table>\n'
            f"<thead><tr><td></td>{columns}</tr></thead>\n<tbody>{body}</tbody></table></div>\n</section>\n"
        )


def results(report: Report, writing: Writing) -> Iterator[tuple[str, str]]:
    """The value and the gradient, each with the class of its element."""
    yield writing.result(), "value"
    for text in writing.gradients(MOST_GRADIENTS):
        yield text, "gradient"
    left_out = len(report.graph.variables) - MOST_GRADIENTS
    if left_out > 0:
        yield f"and {left_out} more", "quiet"
    along = ", ".join(f"{writing.name(name)} = {short(one)}" for name, one in (report.direction or {}).items())
    for output, tangent in report.tangents.items():
        of_output = f"of {writing.name(output)} " * (len(report.tangents) > 1)
        yield f"derivative {of_output}along {along} {writing.equal_to(tangent)}", "gradient"


def constants() -> str:
    """What the script shares with Python: the rules of numbers.py, the kinds of findings inside modules."""
    rules = {name: getattr(numbers, name) for name in ("DIGITS", "MORE_DIGITS", "SHORTEST", "SHORT", "LONGEST_WHOLE")}
    rules |= {"LONGEST_SUM": LONGEST_SUM, "INSIDE": INSIDE}
    return "const " + ", ".join(f"{name} = {dumps(one)}" for name, one in rules.items()) + ";"


def live(tag: str, attributes: str, text: str, places: str) -> str:
    """An element with its text, and the template from which the script makes it at another point."""
    return f'<{tag} {attributes} data-text="{escape(places)}">{escape(text)}</{tag}>'


def _quoted(message: str) -> str:
    """A warning's message, whose `...` are code."""
    parts = map(escape, message.split("`"))
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))
