"""The worked solution as one HTML page: no script, no network, headings and lists that a screen reader can walk."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from cgraph_cli.errors import shortened
from cgraph_cli.render import View
from cgraph_cli.render.prose.blocks import Layout
from cgraph_cli.render.prose.explain import explanation
from cgraph_cli.render.prose.steps import Row
from cgraph_cli.render.prose.writing import UnicodeWriting
from cgraph_cli.report.report import Explanation

OPENING = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.6 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.25rem; margin-top: 2rem; }} h3 {{ font-size: 1rem; margin: 1.5rem 0 0; }}
.m, td, th {{ font-family: "STIX Two Math", "Cambria Math", Georgia, serif; font-size: 1.05em; }}
.m {{ white-space: nowrap; }} .m.long {{ white-space: normal; overflow-wrap: anywhere; }}
.scroll {{ overflow-x: auto; }}
table {{ border-collapse: collapse; margin: .5rem 0; }}
td, th {{ padding: .1rem .3rem; text-align: left; font-weight: normal; white-space: nowrap; }}
ol, ul {{ padding-left: 1.4rem; }} p {{ margin: .4rem 0; }}
.remark {{ border-left: .25rem solid #b8860b; padding-left: .7rem; }}
</style>
</head>
<body>
<main>
<h1>Worked solution</h1>
"""
CLOSING = "</main>\n</body>\n</html>\n"
LONG = 40
LONGEST_TITLE = 60


def render_explanation(wanted: Explanation, view: View) -> Iterator[str]:
    """The worked solution as a page."""
    title = f"Worked solution: {shortened(wanted.report.expression, LONGEST_TITLE)}"
    yield encoded(OPENING.format(title=escape(title)), view)
    for text in HTML.write(explanation(wanted, UnicodeWriting(wanted.report), all=view.all)):
        yield encoded(text, view)
    yield CLOSING


def encoded(text: str, view: View) -> str:
    """A page in the characters of the view."""
    return text.encode("ascii", "xmlcharrefreplace").decode() if view.ascii else text


def _math(text: str) -> str:
    return f'<span class="m{" long" if len(text) > LONG else ""}">{escape(text)}</span>'


def _equations(rows: list[Row]) -> str:
    lines = ""
    for name, right in rows:
        cells = "".join(f"<td>{sign} {escape(formula)}</td>" for sign, formula in right)
        lines += f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>\n'
    return f'<div class="scroll" tabindex="0" role="group" aria-label="Equations"><table>\n{lines}</table></div>\n'


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
    math=_math,
    title=_math,
    equations=_equations,
)
