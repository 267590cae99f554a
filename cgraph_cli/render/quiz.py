"""A quiz for a student: the expression, the numbers that are given, and blanks; no answer is in it."""

from __future__ import annotations

from cgraph_cli.check.answers import FIGURES
from cgraph_cli.check.quiz import SEED, Quiz
from cgraph_cli.errors import enumerated
from cgraph_cli.light import Callable, Iterator, escape, text_beside
from cgraph_cli.render import View
from cgraph_cli.render.grid import Field, Grid
from cgraph_cli.render.json import Writer
from cgraph_cli.render.numbers import assigned
from cgraph_cli.render.paint import NO_BREAK, Paint, Span
from cgraph_cli.report.blanks import BLANK, Blank
from cgraph_cli.syntax.printer import format_number, print_program, print_statement

NOTHING = ("", "")
STYLE = "answer"  # of a cell that is a blank
FIELDS = {
    "node": Field(""),
    "operation": Field("operation", before=" = "),
    "value": Field("value", number=True),
    "upstream": Field("upstream", number=True),
    "by": Field("by", before=f", by{NO_BREAK}"),
    "local": Field("local", number=True, before=f":{NO_BREAK}local "),
    "downstream": Field("downstream", number=True),
}
TASKS = {
    "value": "the value of every operation",
    "upstream": "every upstream gradient",
    "local": "every local gradient",
    "downstream": "every downstream gradient",
}
FILE = (
    "a file has lines to fill in, or a page fields: --output quiz.txt, quiz.html; "
    "cgraph check with the same words and --answers FILE marks both"
)
LINES = "the answers go into the lines below, each a number or one such as 1/4"
BUTTONS = """<p><button type="button" id="save">Download the answers</button>
<button type="button" id="copy">Copy them</button> <span id="said" role="status"></span></p>
"""


def grid(quiz: Quiz, paint: Paint) -> Grid:
    """A row for every node, and for every argument that has a local gradient; the blanks in the order of places."""
    report = quiz.student
    graph, passes, words = report.graph, report.passes, report.description
    asked = {place.key for place in quiz.places}

    def cell(part: str, index: int, number: float, style: str) -> Span:
        if (part, index) in asked:
            return str(BLANK), STYLE
        return NOTHING if isinstance(number, Blank) else (paint.number(number), style)

    rows: list[dict[str, Span]] = []
    unseen = report.unseen
    for node in range(len(graph)):
        if unseen[node]:
            continue
        arguments = graph.arguments(node)
        head = {
            "node": (report.labels[node], "label"),
            "operation": (words.operation(node) if arguments else "", ""),
            "value": cell("value", node, report.node_values[node], "value"),
        }
        if graph.has_gradient[node]:
            head["upstream"] = cell("upstream", node, passes.upstream[node], "gradient")
        edges: list[dict[str, Span]] = [
            {
                "by": (report.labels[arguments[position]], ""),
                "local": cell("local", edge, passes.local[edge], "gradient"),
                "downstream": cell("downstream", edge, passes.downstream[edge], "gradient"),
            }
            for position, edge in enumerate(graph.edges(node))
            if graph.edge_has_gradient(node, position)
        ]
        rows += [edge if place else head | edge for place, edge in enumerate(edges or [{}])]
    shown = FIELDS.keys() - ({"upstream", "downstream"} - {*quiz.parts})
    if not any(row.get(part, NOTHING)[0] for row in rows for part in shown & {"local", "downstream"}):
        shown -= {"by"}
    cells = [[row.get(name, NOTHING) if name in shown else NOTHING for name in FIELDS] for row in rows]
    return Grid([*FIELDS.values()], [row for row in cells if any(text for text, _ in row)]).without_empty()


def task(quiz: Quiz) -> str:
    """What is to be done."""
    rounding = "" if quiz.is_short else f", of long numbers {FIGURES} digits"
    return f"find {enumerated([TASKS[part] for part in quiz.parts])}{rounding}"


def form(quiz: Quiz) -> Iterator[str]:
    """The lines that are filled in: what the quiz is, then a line for every blank."""
    report = quiz.student
    values = ", ".join(f"{name}={format_number(value)}" for name, value in report.variables.items())
    yield f"expression: {print_program(report.program)}"
    yield f"seed: {quiz.seed}"
    yield f"variables: {values}"
    yield from [f"given: {','.join(quiz.given)}"] if quiz.given else []
    yield from ["expand: true"] if quiz.reading.expand else []
    replaced = ",".join(f"{old}={new}" for old, new in quiz.reading.replace)
    yield from [f"replace: {replaced}"] if replaced else []
    yield f"blank: {','.join(quiz.parts)}"
    widest = max(len(place.id) for place in quiz.places)
    for place in quiz.places:
        yield f"{place.id:{widest}} = {BLANK}"


def render_text(quiz: Quiz, view: View) -> Iterator[str]:
    """The formula and the point, the table with blanks; in a file or a pipe a line for each of them to fill in."""
    from cgraph_cli.render.table.frame import given

    paint = Paint(view)
    report = quiz.student
    yield from given(report.program, report.output, [*report.variables], report.variables.__getitem__, paint)
    yield from paint.paragraph((task(quiz), ""), indent=2)
    yield "\n"
    yield from grid(quiz, paint).plain(paint)
    yield "\n"
    if view.width is None:
        yield f"{LINES}\n\n"
        yield from (f"{paint.signs.text(line)}\n" for line in form(quiz))
    else:
        yield from paint.paragraph((FILE, "quiet"), indent=2)


def render_markdown(quiz: Quiz, view: View) -> Iterator[str]:
    """The same as Markdown."""
    from cgraph_cli.render.prose.markdown import fenced

    paint = Paint(view.plain)
    report = quiz.student
    point = assigned(report.variables, paint.number)
    written = "; ".join(f"`{paint.signs.text(print_statement(one))}`" for one in report.statements)
    yield f"{written} at {paint.signs.text(point)}: {task(quiz)}.\n\n"
    yield from grid(quiz, paint).markdown(paint)
    yield f"{LINES.capitalize()}.\n\n"
    yield fenced(f"{line}\n" for line in form(quiz))


def render_json(quiz: Quiz, view: View) -> Iterator[str]:
    """The quiz as one JSON object, a line per member: a file of answers once these are filled in."""
    yield from _object(quiz, Writer(view))


def _object(quiz: Quiz, writer: Writer) -> Iterator[str]:
    report = quiz.student
    yield from writer.head(report.program, report.output)
    rows = {name: writer.any(member) for name, member in quiz.members.items()}
    rows["blanks"] = writer.lines(map(writer.any, quiz.members["blanks"]))
    blanks = (f"{writer.string(name)}: null" for name in quiz.members["answers"])
    rows["answers"] = "{\n  " + ",\n  ".join(blanks) + "\n }"
    yield ",\n".join(f" {writer.string(name)}: {text}" for name, text in rows.items()) + "}\n"


def render_html(quiz: Quiz, view: View) -> Iterator[str]:
    """A page with a field for every blank, which writes the file of answers."""
    from cgraph_cli.render.prose.blocks import Block, Equations, Paragraph
    from cgraph_cli.render.prose.html import HTML, figure, page
    from cgraph_cli.render.prose.latex import given

    paint = Paint(view.plain)
    report = quiz.student
    point = assigned(report.variables, paint.number)
    said = f"{task(quiz)}. An answer is a number, or one such as 1/4."
    above: list[Block] = [Equations(given(report.program, report.output)), Paragraph(f"At {point}: {said}")]
    data = "".join(_object(quiz, Writer(view._replace(digits=None)))).replace("<", "\\u003c")
    script, style = (text_beside(__file__, name) for name in ("quiz.js", "quiz.css"))
    body = [
        *([f"<p>For {escape(quiz.seed)}</p>\n"] if quiz.seed != SEED else []),
        *figure(report, view),
        *HTML.write(above),
        *grid(quiz, paint).html(_fields(quiz)),
        BUTTONS,
        f'<script type="application/json" id="quiz">\n{data}</script>\n<script>\n{script}</script>\n',
    ]
    yield from page("Quiz", report.program, body, view, style)


def _fields(quiz: Quiz) -> Callable[[str, str], str]:
    """How a cell is written: a blank as the field of the next place."""
    waiting = iter(quiz.places)

    def write(text: str, style: str) -> str:
        if style != STYLE:
            return escape(text)
        place = next(waiting)
        what = place.part if place.part == "value" else f"{place.part} gradient"
        label = f"{what} of {place.name}" + (f" by {place.argument}" if place.argument is not None else "")
        names = f'name="{escape(place.id)}" aria-label="{escape(label)}"'
        return f'<input type="text" {names} autocomplete="off" spellcheck="false">'

    return write
