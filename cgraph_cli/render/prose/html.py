"""HTML pages without script and network, their formulas in MathML: the worked solution, and the frame of others."""

from __future__ import annotations

from cgraph_cli.errors import MissingExtraError, TooLargeError, shortened
from cgraph_cli.light import TYPE_CHECKING, Iterable, Iterator, Mapping, escape, re, text_beside
from cgraph_cli.render import View
from cgraph_cli.render.picture.figure import Figure
from cgraph_cli.render.picture.svg import document, picture
from cgraph_cli.render.prose.blocks import Layout
from cgraph_cli.report.report import Explanation, Report
from cgraph_cli.syntax.expression import Program
from cgraph_cli.syntax.printer import print_program

if TYPE_CHECKING:
    from cgraph_cli.render.prose.steps import Row

LONGEST_TITLE = 60
LONGEST_INLINE = 30  # letters of a formula that stays in one line
SIGN = re.compile(
    r"[{}()]|\\(?:begin|end)\{[a-z]+\}|\\(?:left|right)(?:\(|\)|(?![a-z]))"
    r"| (?:[=+-]|\\(?:approx|to|cdot(?! 10\^))) "
)
OPENING = ("{", "(", r"\left", r"\begin")
SMALLEST = 0.75  # of its size that a picture is shrunk to; the rest is scrolled


def page(heading: str, program: Program, body: Iterable[str], view: View, style: str = "") -> Iterator[str]:
    """A page about an expression; ``style`` is more of CSS."""
    before, after = text_beside(__file__, "page.html").split("@BODY@")
    title = escape(shortened(f"{heading}: {print_program(program)}", LONGEST_TITLE))
    css = text_beside(__file__, "page.css") + style
    yield encoded(filled(before, {"TITLE": title, "HEADING": heading, "CSS": css}), view)
    for text in body:
        yield encoded(text, view)
    yield after


def filled(template: str, parts: Mapping[str, str]) -> str:
    """A template with parts in its places, ``@NAME@``. In one pass: what is put in is not looked through for places."""
    first, *places = template.split("@")
    return first + "".join(parts[name] + then for name, then in zip(places[::2], places[1::2], strict=True))


def render_explanation(wanted: Explanation, view: View) -> Iterator[str]:
    """The picture and the solution as a page."""
    from cgraph_cli.render.prose.explain import explanation, title
    from cgraph_cli.render.prose.texwriting import HtmlWriting

    solution = HTML.write(explanation(wanted, HtmlWriting(wanted.report, view)))
    yield from page(title(wanted), wanted.report.program, (*figure(wanted.report, view), *solution), view)


def figure(report: Report, view: View) -> Iterator[str]:
    """The picture of the graph, nothing where none can be drawn."""
    try:
        drawing = picture(Figure(report, view.wanted))
    except (TooLargeError, MissingExtraError):
        return
    least = f'style="--least: {SMALLEST * drawing.width:.0f}px"'
    yield f'<figure role="group" aria-label="The computational graph" tabindex="0" {least}>\n'
    yield f"{document(drawing, dark=True)}</figure>\n"


def encoded(text: str, view: View) -> str:
    """A page in the characters of the view."""
    return text.encode("ascii", "xmlcharrefreplace").decode() if view.ascii else text


def _mathml(latex: str, *, display: bool = False) -> str:
    from cgraph_cli.render.prose.mathml import mathml  # which a page without a formula in a sentence does not need

    return mathml(latex, display=display)


def _inline(latex: str) -> str:
    """A formula within a sentence; a long one as several, between which a line may end: MathML itself never breaks."""
    from cgraph_cli.syntax.lines import size

    if size(latex) <= LONGEST_INLINE:
        return _mathml(latex)
    depth, start, parts = 0, 0, []
    for token in SIGN.finditer(latex):
        if token[0][0] != " ":
            depth += 1 if token[0].startswith(OPENING) else -1
        elif depth == 0:
            parts.append(latex[start : token.start()])
            start = token.start()
    # What stands before a sign makes it one between two, not a number's own.
    return "<wbr>".join(_mathml(f"{{}}{part}" if index else part) for index, part in enumerate([*parts, latex[start:]]))


def _equations(rows: list[Row]) -> str:
    lines = ""
    for name, right in rows:
        cells = "".join(f"<td>{_mathml(f'{sign} {formula}', display=True)}</td>" for sign, formula in right)
        lines += f'<tr><th scope="row">{_mathml(name, display=True)}</th>{cells}</tr>\n'
    table = f"<table><tbody>\n{lines}</tbody></table>"
    return f'<div class="scroll" tabindex="0" role="group" aria-label="Equations">{table}</div>\n'


HTML = Layout(
    heading="<h2>%s</h2>\n",
    paragraph="<p>%s</p>\n",
    step="<h3>%s. %s</h3>\n<p>%s</p>\n%s",
    items="<ul>\n%s</ul>\n",
    item="<li>%s</li>\n",
    remark='<p class="remark">%s%s</p>\n',
    kinds={"kink": "Kink: ", "warning": "Warning: ", "note": "Note: ", "cut": "… "},
    prose=escape,
    code=lambda text: f"<code>{escape(text)}</code>",
    math=_inline,
    title=_mathml,
    equations=_equations,
)
