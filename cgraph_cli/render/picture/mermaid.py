"""Mermaid, the diagrams that GitHub draws in Markdown: put it in a code block with the language ``mermaid``."""

from __future__ import annotations

from cgraph_cli.light import Iterator
from cgraph_cli.render import View
from cgraph_cli.render.picture.figure import FILLS, INKS, LINES, Arrow, Figure, kind, shorten, too_large
from cgraph_cli.report.report import Report

# Mermaid's own limits, which a page such as GitHub's does not lift.
MAX_EDGES = 500
MAX_TEXT = 50_000

# Lines that go through the places of their labels: other curves put one label over another.
CURVES = "config:\n  flowchart:\n    curve: monotone{}\n"
BRACKETS = {"operation": ("(", ")"), "module": ("[[", "]]"), "variable": ("([", "])"), "constant": ("[", "]")}
OUTLINES = {"marked": "stroke-width:4px", "passing": "stroke-width:2.5px,stroke-dasharray:3 3"}


def render_report(report: Report, view: View) -> Iterator[str]:
    """A flowchart from left to right; an edge's label is the value / the downstream gradient.

    Raises TooLargeError for a graph with more edges or text than Mermaid draws.
    """
    figure = Figure(report, view.wanted, view.digits)
    edges = sum(1 for _ in figure.arrows()) + len(report.graph.outputs)
    if edges > MAX_EDGES:
        raise too_large(f"the graph has {edges} edges, Mermaid draws at most {MAX_EDGES}")
    text = "".join(_lines(figure, view))
    if len(text) > MAX_TEXT:
        raise too_large(f"the diagram has {len(text)} characters, Mermaid draws at most {MAX_TEXT}")
    yield text


def _lines(figure: Figure, view: View) -> Iterator[str]:
    graph, sums, head, warning = figure.graph, figure.totals(), figure.heading(), INKS["warning"]
    direction, along = ("TB", "Y") if "down" in figure.draw else ("LR", "X")
    yield f"---\ntitle: {yaml_string(f'{head.title} ({figure.key()})', view)}\n"
    yield f"{CURVES.format(along)}---\nflowchart {direction}\n"
    for what in dict.fromkeys(map(kind, graph.ops)):
        yield f"  classDef {what} fill:{FILLS[what]},stroke:{LINES[what]},color:{INKS['ink']}\n"
    if figure.apart.left_out:
        yield f"  classDef more fill:none,stroke:none,color:{INKS['quiet']}\n"
    for node, op in enumerate(graph.ops):
        if figure.apart.has(node):
            continue
        left, right = BRACKETS[kind(op)]
        yield f"  n{node}{left}{quoted(figure.label_text(node, sums.get(node)), view)}{right}:::{kind(op)}\n"
        if node in figure.marks:
            yield f"  style n{node} stroke:{warning},{OUTLINES[figure.marks[node]]}\n"
        for arrow in figure.arrows_into(node):
            if arrow.more:
                yield f"  more{node}[{quoted(arrow.dots, view)}]:::more\n  more{node} ~~~ n{node}\n"
                continue
            line = "-->" if arrow.takes_part else "-.->"
            yield f"  n{arrow.source} {line}|{quoted(edge_label(figure, arrow), view)}| n{node}\n"
    wide = figure.widths(figure.arrows())
    for index, arrow in enumerate(figure.arrows()):
        if arrow.id in wide:
            yield f"  linkStyle {index} stroke-width:{wide[arrow.id]:.3g}px\n"
    for index, arrow in enumerate(figure.arrows_out()):
        yield f"  out{index}>{quoted(shorten(arrow.output), view)}]\n"
        yield f"  n{arrow.source} -->|{quoted(edge_label(figure, arrow), view)}| out{index}\n"
    if head.warnings:  # what comes last is drawn below
        yield f"  classDef warning fill:none,stroke:{warning},color:{warning}\n"
        yield f"  warnings[{quoted(chr(10).join(head.warnings), view)}]:::warning\n"


def edge_label(figure: Figure, arrow: Arrow) -> str:
    """Value / gradient (which argument) and the local gradient where it is asked for."""
    local, mark = figure.local_text(arrow), f" ({arrow.mark})" if arrow.mark else ""
    back = "" if arrow.gradient is None else f" / {figure.number(arrow.gradient)}"
    return f"{figure.number(arrow.value)}{back}{mark}" + (f" {local}" if local else "")


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
