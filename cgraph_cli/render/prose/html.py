"""HTML pages without script and network, their formulas in MathML: the worked solution, and the frame of others."""

from __future__ import annotations

from cgraph_cli.errors import MissingExtraError, TooLargeError, shortened
from cgraph_cli.light import TYPE_CHECKING, Iterable, Iterator, escape, re
from cgraph_cli.render import View
from cgraph_cli.render.picture.figure import Figure
from cgraph_cli.render.picture.svg import document, picture
from cgraph_cli.render.prose.blocks import Layout
from cgraph_cli.report.report import Explanation, Report

if TYPE_CHECKING:
    from cgraph_cli.render.prose.steps import Row

OPENING = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; background: Canvas; color: CanvasText; }}
body {{ font: 1rem/1.6 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.25rem; margin-top: 2rem; }} h3 {{ font-size: 1rem; margin: 1.5rem 0 0; }}
math {{ font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", math; font-size: 1.05em; }}
.value {{ color: light-dark(#116329, #56d364); }} .gradient {{ color: light-dark(#b3141f, #ff7b72); }}
.warning, .error {{ font-weight: bold; }}
.scroll {{ overflow-x: auto; }} figure {{ margin: 1rem 0; overflow-x: auto; }}
svg {{ max-width: max(100%, var(--least)); height: auto; }}
table {{ border-collapse: collapse; margin: .5rem 0; }}
td, th {{ padding: .2rem .3rem; text-align: left; font-weight: normal; white-space: nowrap; }}
ol, ul {{ padding-left: 1.4rem; }} p {{ margin: .4rem 0; }}
.remark {{ border-left: .25rem solid #b8860b; padding-left: .7rem; }}
@media (max-width: 34rem) {{ table, tbody, tr {{ display: block; }} td, th {{ display: inline-block; }} }}
{style}</style>
</head>
<body>
<main>
<h1>{heading}</h1>
"""
CLOSING = "</main>\n</body>\n</html>\n"
LONGEST_TITLE = 60
LONGEST_INLINE = 30  # letters of a formula that stays in one line
SIGN = re.compile(r"[{}]|\\(?:left|right)(?![a-z])| (?:[=+-]|\\(?:approx|to|cdot(?! 10\^))) ")
SMALLEST = 0.75  # of its size that a picture is shrunk to; the rest is scrolled


def render_explanation(wanted: Explanation, view: View) -> Iterator[str]:
    """The worked solution as a page."""
    from cgraph_cli.render.prose.explain import title

    return page(title(wanted), wanted.report.expression, body(wanted, view), view)


def page(heading: str, subject: str, body: Iterable[str], view: View, style: str = "") -> Iterator[str]:
    """A page about an expression; ``style`` is more of CSS."""
    text = shortened(f"{heading}: {subject}", LONGEST_TITLE)
    yield encoded(OPENING.format(title=escape(text), heading=heading, style=style), view)
    for text in body:
        yield encoded(text, view)
    yield CLOSING


def body(wanted: Explanation, view: View) -> Iterator[str]:
    """The picture and the solution."""
    from cgraph_cli.render.prose.explain import explanation
    from cgraph_cli.render.prose.texwriting import HtmlWriting

    yield from figure(wanted.report, view)
    yield from HTML.write(explanation(wanted, HtmlWriting(wanted.report, view.digits), all=view.all))


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
            depth += 1 if token[0] in ("{", r"\left") else -1
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
