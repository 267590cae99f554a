"""Mermaid, the diagrams that GitHub draws in Markdown: put it in a code block with the language ``mermaid``."""

from __future__ import annotations

from cgraph_cli.light import Iterator
from cgraph_cli.render import View
from cgraph_cli.render.picture import figure
from cgraph_cli.render.picture.figure import Arrow
from cgraph_cli.render.picture.undrawn import marked, undrawn
from cgraph_cli.report.report import Report

# Mermaid's own limits, which a page such as GitHub's does not lift.
MAX_EDGES = 500
MAX_TEXT = 50_000

BRACKETS = {"operation": ("(", ")"), "module": ("[[", "]]"), "variable": ("([", "])"), "constant": ("[", "]")}
OUTLINES = {"marked": "stroke-width:4px", "passing": "stroke-width:2.5px,stroke-dasharray:3 3"}


def render_report(report: Report, view: View) -> Iterator[str]:
    """A flowchart from left to right; an edge's label is the value / the downstream gradient.

    Raises TooLargeError for a graph with more edges or text than Mermaid draws.
    """
    edges = sum(1 for _ in figure.all_arrows(report, undrawn(report, view.wanted))) + len(report.graph.outputs)
    if edges > MAX_EDGES:
        raise figure.too_large(f"the graph has {edges} edges, Mermaid draws at most {MAX_EDGES}")
    text = "".join(_lines(report, view))
    if len(text) > MAX_TEXT:
        raise figure.too_large(f"the diagram has {len(text)} characters, Mermaid draws at most {MAX_TEXT}")
    yield text


def _lines(report: Report, view: View) -> Iterator[str]:
    graph, sums = report.graph, figure.totals(report)
    apart = undrawn(report, view.wanted)
    head, marks, warning = figure.heading(report, digits=view.digits), marked(report), figure.INKS["warning"]
    direction = "TB" if "down" in view.draw else "LR"
    key = figure.key(report, apart, view.draw)
    yield f"---\ntitle: {yaml_string(f'{head.title} ({key})', view)}\n---\nflowchart {direction}\n"
    for what in dict.fromkeys(map(figure.kind, graph.ops)):
        yield f"  classDef {what} fill:{figure.FILLS[what]},stroke:{figure.LINES[what]},color:{figure.INKS['ink']}\n"
    if apart.left_out:
        yield f"  classDef more fill:none,stroke:none,color:{figure.INKS['quiet']}\n"
    if head.warnings:
        yield f"  classDef warning fill:none,stroke:{warning},color:{warning}\n"
        yield f"  warnings[{quoted(chr(10).join(head.warnings), view)}]:::warning\n"
    for node, op in enumerate(graph.ops):
        if apart.has(node):
            continue
        text = figure.label_text(report, node, sums.get(node), apart.written, view.digits)
        left, right = BRACKETS[figure.kind(op)]
        yield f"  n{node}{left}{quoted(text, view)}{right}:::{figure.kind(op)}\n"
        if node in marks:
            yield f"  style n{node} stroke:{warning},{OUTLINES[marks[node]]}\n"
        for arrow in figure.arrows_into(report, node, apart):
            if arrow.more:
                yield f"  more{node}[{quoted(arrow.dots, view)}]:::more\n  more{node} ~~~ n{node}\n"
                continue
            line = "-->" if arrow.takes_part else "-.->"
            yield f"  n{arrow.source} {line}|{quoted(edge_label(arrow, view), view)}| n{node}\n"
    if "widths" in view.draw:
        arrows = [*figure.all_arrows(report, apart)]
        wide = figure.widths(arrows)
        for index, arrow in enumerate(arrows):
            if arrow.id in wide:
                yield f"  linkStyle {index} stroke-width:{wide[arrow.id]:.3g}px\n"
    for index, arrow in enumerate(figure.arrows_out(report)):
        yield f"  out{index}>{quoted(figure.shorten(arrow.output), view)}]\n"
        yield f"  n{arrow.source} -->|{quoted(edge_label(arrow, view), view)}| out{index}\n"


def edge_label(arrow: Arrow, view: View) -> str:
    """Value / gradient (which argument) and the local gradient where it is asked for."""
    local = f" {figure.local_text(arrow, view.digits)}" if "locals" in view.draw and arrow.local is not None else ""
    back = "" if arrow.gradient is None else f" / {figure.number_text(arrow.gradient, view.digits)}"
    return f"{figure.number_text(arrow.value, view.digits)}{back}" + (f" ({arrow.mark})" if arrow.mark else "") + local


def quoted(text: str, view: View) -> str:
    """A quoted text with everything but letters and digits as a numeric entity, which Mermaid reads as plain text.

    A bare ``+`` or ``-`` would be a list, ``*`` and ``_`` emphasis, ``"`` the end; letters and digits are as they are,
    and so are a point between digits and a slash between spaces, which leaves numbers readable.
    """
    parts: list[str] = []
    for index, character in enumerate(text):
        before, after = text[index - 1 : index], text[index + 1 : index + 2]
        plain = (character.isalnum() and (character.isascii() or not view.ascii)) or (character == " " and index > 0)
        plain |= character == "." and before.isdigit() and after.isdigit()
        plain |= character == "/" and before == after == " "
        parts.append("<br/>" if character == "\n" else character if plain else f"#{ord(character)};")
    return '"' + "".join(parts) + '"'


def yaml_string(text: str, view: View) -> str:
    """A YAML string in double quotes."""
    from json.encoder import encode_basestring, encode_basestring_ascii

    return encode_basestring_ascii(text) if view.ascii else encode_basestring(text)
