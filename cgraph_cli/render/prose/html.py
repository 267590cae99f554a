"""The worked solution as one HTML page: no script, no network, headings and lists that a screen reader can walk."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from cgraph_cli.errors import shortened
from cgraph_cli.render import View
from cgraph_cli.render.prose.blocks import Block, Code, Equations, Heading, Math, Paragraph, Remark, Sentence, Step
from cgraph_cli.render.prose.explain import explanation
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
KINDS = {"kink": "Kink: ", "warning": "Warning: ", "note": "Note: ", "cut": "… "}
LONG = 40
LONGEST_TITLE = 60


def render_explanation(wanted: Explanation, view: View) -> Iterator[str]:
    """The worked solution as a page."""
    writing = UnicodeWriting(wanted.report)
    yield _encoded(
        OPENING.format(title=escape(f"Worked solution: {shortened(wanted.report.expression, LONGEST_TITLE)}")), view
    )
    in_list = False
    for block in explanation(wanted, writing, all=view.all):
        is_item = isinstance(block, Remark) and block.kind == "variable"
        if is_item != in_list:
            yield "<ul>\n" if is_item else "</ul>\n"
            in_list = is_item
        yield _encoded(_block(block), view)
    yield ("</ul>\n" if in_list else "") + CLOSING


def _encoded(text: str, view: View) -> str:
    return text.encode("ascii", "xmlcharrefreplace").decode() if view.ascii else text


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h2>{escape(block.text)}</h2>\n"
    if isinstance(block, Equations):
        return (
            '<div class="scroll" tabindex="0" role="group" aria-label="Equations"><table>\n'
            + "".join(
                f'<tr><th scope="row">{escape(name)}</th>'
                + "".join(f"<td>{sign} {escape(formula)}</td>" for sign, formula in right)
                + "</tr>\n"
                for name, right in block.rows
            )
            + "</table></div>\n"
        )
    if isinstance(block, Paragraph):
        return f"<p>{_text(block.parts)}</p>\n"
    if isinstance(block, Step):
        items = "".join(f"<li>{_text(item)}</li>\n" for item in block.items)
        return f"<h3>{block.number}. {_math(block.title)}</h3>\n<p>{_text(block.arrives)}</p>\n<ul>\n{items}</ul>\n"
    if block.kind == "variable":
        return f"<li>{_text(block.parts)}</li>\n"
    return f'<p class="remark">{KINDS[block.kind]}{_text(block.parts)}</p>\n'


def _math(text: str) -> str:
    return f'<span class="m{" long" if len(text) > LONG else ""}">{escape(text)}</span>'


def _text(parts: Sentence) -> str:
    return "".join(map(_part, parts))


def _part(part: str) -> str:
    if isinstance(part, Math):
        return _math(part)
    return f"<code>{escape(part)}</code>" if isinstance(part, Code) else escape(part)
