"""DOT, the language of Graphviz: ``dot -Tsvg graph.dot > graph.svg``. Written node by node, however many there are."""

from __future__ import annotations

from cgraph_cli.light import Iterator
from cgraph_cli.render import View
from cgraph_cli.render.picture import figure
from cgraph_cli.render.picture.figure import Arrow
from cgraph_cli.render.picture.undrawn import marked, undrawn
from cgraph_cli.report.report import Report

CHUNK = 512
BOX = 'shape=box style="rounded,filled"'
SHAPES = {"operation": 'shape=ellipse margin="0.04"', "module": BOX, "variable": BOX, "constant": "shape=box"}
OUTLINES = {"marked": "3", "passing": "2"}


def render_report(report: Report, view: View) -> Iterator[str]:
    """The graph from left to right, arguments in their order; an edge's label is value (green) / gradient (red)."""
    graph, head = report.graph, figure.heading(report, digits=view.digits)
    direction = "TB" if "down" in view.draw else "LR"
    sums, apart = figure.totals(report), undrawn(report, view.wanted)
    key = figure.key(report, apart, view.draw, (" (green)", " (red)"))
    text = "\n".join(filter(None, [head.formula, head.point, *head.warnings, key]))
    yield (
        "digraph cgraph {\n"
        f'  graph [rankdir={direction} ordering=in labelloc=t fontname="sans-serif" label={quoted(text, view)}];\n'
        '  node [style=filled fontname="sans-serif"];\n  edge [fontname="sans-serif" fontsize=11];\n'
    )
    marks = marked(report)
    wide = figure.widths(figure.all_arrows(report, apart)) if "widths" in view.draw else {}
    chunk: list[str] = []
    for node, op in enumerate(graph.ops):
        if apart.has(node):
            continue
        text, what = figure.label_text(report, node, sums.get(node), apart.written, view.digits), figure.kind(op)
        shape, line = SHAPES[what], figure.LINES[what]
        if node in marks:
            line = f'{figure.INKS["warning"]}" penwidth="{OUTLINES[marks[node]]}'
        if marks.get(node) == "passing":
            shape = shape.replace(",filled", ",filled,dotted") if shape == BOX else f'{shape} style="filled,dotted"'
        colors = f'fillcolor="{figure.FILLS[what]}" color="{line}"'
        chunk.append(f"  n{node} [{shape} {colors} label={quoted(text, view)}];\n")
        for arrow in figure.arrows_into(report, node, apart):
            if arrow.more:
                dots = quoted(arrow.dots, view)
                chunk.append(f"  more{node} [shape=plaintext style=solid label={dots}];\n")
                chunk.append(f"  more{node} -> n{node} [style=invis];\n")
                continue
            style = "" if arrow.flows else f' color="{figure.INKS["quiet"]}"'
            style += "" if arrow.takes_part else " style=dashed"
            style += f' penwidth="{wide[arrow.id]:.3g}"' if arrow.id in wide else ""
            chunk.append(f"  n{arrow.source} -> n{node} [label={edge_label(arrow, view)}{style}];\n")
        if len(chunk) >= CHUNK:
            yield "".join(chunk)
            chunk.clear()
    for index, arrow in enumerate(figure.arrows_out(report)):
        name = quoted(figure.shorten(arrow.output), view)
        chunk.append(
            f"  out{index} [shape=plaintext style=solid label={name}];\n"
            f"  n{arrow.source} -> out{index} [label={edge_label(arrow, view)}];\n"
        )
    yield "".join([*chunk, "}\n"])


def edge_label(arrow: Arrow, view: View) -> str:
    """An HTML-like label: value, gradient and which argument it is; a mark is a name or an ordinal."""
    ink = "gradient" if arrow.takes_part else "quiet"
    back = "" if arrow.gradient is None else f" / {font(figure.number_text(arrow.gradient, view.digits), ink)}"
    which = f" {font(f'({encoded(arrow.mark, view)})', 'quiet')}" if arrow.mark else ""
    local = figure.local_text(arrow, view.digits) if "locals" in view.draw else ""
    which += f" {font(encoded(local, view), 'quiet')}" if local else ""
    return f"<{font(figure.number_text(arrow.value, view.digits), 'value')}{back}{which}>"


def font(text: str, ink: str) -> str:
    """A part of a label in its colour."""
    return f'<font color="{figure.INKS[ink]}">{text}</font>'


def quoted(text: str, view: View) -> str:
    """A quoted string, in which Graphviz reads backslashes and HTML entities."""
    text = text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{encoded(text, view)}"'


def encoded(text: str, view: View) -> str:
    """A text with HTML entities, which Graphviz reads in every label, in the place of what is not ASCII.

    It does not read entities beyond U+FFFF: these characters are named.
    """
    if not view.ascii:
        return text
    named = "".join(one if one <= "\uffff" else f"U+{ord(one):X}" for one in text)
    return named.encode("ascii", "xmlcharrefreplace").decode()
