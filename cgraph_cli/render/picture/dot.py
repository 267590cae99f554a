"""DOT, the language of Graphviz: ``dot -Tsvg graph.dot > graph.svg``. Written node by node, however many there are."""

from __future__ import annotations

from cgraph_cli.light import Iterator
from cgraph_cli.render import View
from cgraph_cli.render.json import joined
from cgraph_cli.render.picture.figure import FILLS, INKS, LINES, Arrow, Figure, kind, shorten
from cgraph_cli.report.report import Report

BOX = 'shape=box style="rounded,filled"'
SHAPES = {"operation": 'shape=ellipse margin="0.04"', "module": BOX, "variable": BOX, "constant": "shape=box"}
OUTLINES = {"marked": "3", "passing": "2"}


def render_report(report: Report, view: View) -> Iterator[str]:
    """The graph from left to right, arguments in their order; an edge's label is value (green) / gradient (red)."""
    return joined(_lines(report, view), "")


def _lines(report: Report, view: View) -> Iterator[str]:
    figure = Figure(report, view.wanted, view.digits)
    head, sums, marks, wide = figure.heading(), figure.totals(), figure.marks, figure.widths(figure.arrows())
    direction = "TB" if "down" in figure.draw else "LR"
    key = figure.key((" (green)", " (red)"))
    text, warned = "\n".join(filter(None, [head.formula, head.point, key])), "\n".join(head.warnings)
    above = f"labelloc=t label={quoted(text, view)}"
    below = f'labelloc=b fontcolor="{INKS["warning"]}" label={quoted(warned, view)}'
    yield (
        "digraph cgraph {\n"
        f'  graph [rankdir={direction} ordering=in fontname="sans-serif" {below if warned else above}];\n'
        '  node [style=filled fontname="sans-serif"];\n  edge [fontname="sans-serif" fontsize=11];\n'
    )
    if warned:  # a graph has one label
        yield f'  subgraph cluster_graph {{\n  graph [peripheries=0 fontcolor="{INKS["ink"]}" {above}];\n'
    for node, op in enumerate(report.graph.ops):
        if figure.apart.has(node):
            continue
        text, what = figure.label_text(node, sums.get(node)), kind(op)
        shape, line = SHAPES[what], LINES[what]
        if node in marks:
            line = f'{INKS["warning"]}" penwidth="{OUTLINES[marks[node]]}'
        if marks.get(node) == "passing":
            shape = shape.replace(",filled", ",filled,dotted") if shape == BOX else f'{shape} style="filled,dotted"'
        colors = f'fillcolor="{FILLS[what]}" color="{line}"'
        yield f"  n{node} [{shape} {colors} label={quoted(text, view)}];\n"
        for arrow in figure.arrows_into(node):
            if arrow.more:
                dots = quoted(arrow.dots, view)
                yield f"  more{node} [shape=plaintext style=solid label={dots}];\n"
                yield f"  more{node} -> n{node} [style=invis];\n"
                continue
            style = "" if arrow.flows else f' color="{INKS["quiet"]}"'
            style += "" if arrow.takes_part else " style=dashed"
            style += f' penwidth="{wide[arrow.id]:.3g}"' if arrow.id in wide else ""
            yield f"  n{arrow.source} -> n{node} [label={edge_label(figure, arrow, view)}{style}];\n"
    for index, arrow in enumerate(figure.arrows_out()):
        name = quoted(shorten(arrow.output), view)
        yield (
            f"  out{index} [shape=plaintext style=solid label={name}];\n"
            f"  n{arrow.source} -> out{index} [label={edge_label(figure, arrow, view)}];\n"
        )
    yield "  }\n}\n" if warned else "}\n"


def edge_label(figure: Figure, arrow: Arrow, view: View) -> str:
    """An HTML-like label: value, gradient and which argument it is; a mark is a name or an ordinal."""
    ink = "gradient" if arrow.takes_part else "quiet"
    back = "" if arrow.gradient is None else f" / {font(figure.number(arrow.gradient), ink)}"
    which = f" {font(f'({encoded(arrow.mark, view)})', 'quiet')}" if arrow.mark else ""
    local = figure.local_text(arrow)
    which += f" {font(encoded(local, view), 'quiet')}" if local else ""
    return f"<{font(figure.number(arrow.value), 'value')}{back}{which}>"


def font(text: str, ink: str) -> str:
    """A part of a label in its colour."""
    return f'<font color="{INKS[ink]}">{text}</font>'


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
