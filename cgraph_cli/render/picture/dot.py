"""DOT, the language of Graphviz: ``dot -Tsvg graph.dot > graph.svg``. Written node by node, however many there are."""

from __future__ import annotations

from collections.abc import Iterator

from cgraph_cli.render import View
from cgraph_cli.render.numbers import short_number
from cgraph_cli.render.picture.figure import Arrow, arrows_into, arrows_out, heading, kind, named_text, shorten
from cgraph_cli.report.report import Report

CHUNK = 512
STYLE = {
    "operation": 'shape=circle fillcolor="#ffffff" color="#24292f"',
    "module": 'shape=box style="rounded,filled" fillcolor="#fff3c4" color="#7d5700"',
    "variable": 'shape=box style="rounded,filled" fillcolor="#ddf0ff" color="#0a5cad"',
    "constant": 'shape=box style="filled" fillcolor="#eef0f2" color="#6e7781"',
}


def render_report(report: Report, view: View) -> Iterator[str]:
    """The graph from left to right; an edge's label is the value (green) / the downstream gradient (red)."""
    graph = report.graph
    title = " at ".join(filter(None, heading(report, ascii=view.ascii)))
    yield (
        "digraph cgraph {\n"
        f'  graph [rankdir=LR labelloc=t fontname="sans-serif" label={quoted(title, view)}];\n'
        '  node [style=filled fontname="sans-serif"];\n  edge [fontname="sans-serif" fontsize=11];\n'
    )
    chunk: list[str] = []
    for node, op in enumerate(graph.ops):
        text, what = named_text(report, node, ascii=view.ascii), kind(op)
        style = STYLE[what]
        if what == "operation" and len(text) > 4:
            style = style.replace("shape=circle", 'shape=box style="rounded,filled"')
        chunk.append(f"  n{node} [{style} label={quoted(text, view)}];\n")
        for arrow in arrows_into(report, node):
            dashed = "" if arrow.takes_part else " style=dashed"
            chunk.append(f"  n{arrow.source} -> n{node} [label={edge_label(arrow, view)}{dashed}];\n")
        if len(chunk) >= CHUNK:
            yield "".join(chunk)
            chunk.clear()
    for index, arrow in enumerate(arrows_out(report)):
        name = quoted(shorten(arrow.output, ascii=view.ascii), view)
        chunk.append(
            f"  out{index} [shape=plaintext style=solid label={name}];\n"
            f"  n{arrow.source} -> out{index} [label={edge_label(arrow, view)}];\n"
        )
    yield "".join([*chunk, "}\n"])


def edge_label(arrow: Arrow, view: View) -> str:
    """An HTML-like label: value, gradient and which argument it is; a mark is a name or an ordinal."""
    forward = f'<font color="#116329">{short_number(arrow.value)}</font>'
    back = "" if arrow.gradient is None else f' / <font color="#b3141f">{short_number(arrow.gradient)}</font>'
    which = f' <font color="#6e7781">({encoded(arrow.mark, view)})</font>' if arrow.mark else ""
    return f"<{forward}{back}{which}>"


def quoted(text: str, view: View) -> str:
    """A quoted string, in which Graphviz reads backslashes and HTML entities."""
    text = text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{encoded(text, view)}"'


def encoded(text: str, view: View) -> str:
    """A text with HTML entities, which Graphviz reads in every label, in the place of what is not ASCII.

    It does not read entities beyond U+FFFF: these characters are named.
    """
    if not view.ascii:
        return text
    named = "".join(one if one <= "\uffff" else f"U+{ord(one):X}" for one in text)
    return named.encode("ascii", "xmlcharrefreplace").decode()
