"""SVG: the classic figure, values in green above and gradients in red below every edge.

Plain elements and attributes only, no CSS, markers or paint-order, so that every viewer and converter shows the same.
The picture brings its own light background and is readable on any page. Every node is a group ``node-ID``, every edge a
group ``edge-USER-POSITION``, every output a group ``output-ID``; ``data-role`` marks the texts in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

from cgraph_cli.errors import TooLargeError
from cgraph_cli.graph.graph import CONSTANT, VARIABLE
from cgraph_cli.render import View
from cgraph_cli.render.numbers import short_number
from cgraph_cli.render.picture.figure import (
    Arrow,
    arrows_into,
    arrows_out,
    edge_title,
    heading,
    kind,
    node_text,
    node_title,
    own_name,
    shorten,
    text_width,
)
from cgraph_cli.render.picture.placement import Box, Layout, Link, Stretch, layered
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.printer import UNICODE, format_number

MAX_NODES = 1000
MAX_TITLE = 2000

FONT = "sans-serif"
SIGN_SIZE, NAME_SIZE, LABEL_SIZE, MARK_SIZE, TITLE_SIZE = 18, 15, 13, 10, 16
RADIUS = 20.0
LIFT = 5.0  # from a line to the text above it
DROP = 14.0  # from a line to the base of the text below it
LABEL_HEIGHT = 36.0
HEAD = 8.0  # the length of an arrowhead
MARGIN = 20.0
LEAST_WIDTH = 320.0
ROOMY = "-0.1235"  # as wide as most numbers that a figure shows

BACKGROUND, INK, QUIET = "#ffffff", "#24292f", "#6e7781"
VALUE, GRADIENT = "#116329", "#b3141f"
FILL = {"operation": "#ffffff", "module": "#fff3c4", "variable": "#ddf0ff", "constant": "#eef0f2", "output": "none"}
LINE = {"operation": INK, "module": "#7d5700", "variable": "#0a5cad", "constant": QUIET, "output": "none"}
COLORS = sorted({INK, QUIET, VALUE, GRADIENT, *FILL.values(), *LINE.values()} - {"none"})


class Shape(NamedTuple):
    """A node as it is drawn: its outline, the text in it, and the texts above and below it.

    ``total`` is the sum of the gradients that arrive, None where there never are several; ``room`` is what it may need.
    """

    kind: str
    text: str
    size: int
    width: float
    height: float
    name: str | None = None
    total: str | None = None
    room: float = 0.0

    @property
    def round(self) -> float:
        """The radius of its corners."""
        return self.height / 2 if self.kind in ("operation", "module") and self.height <= 2 * RADIUS else 8.0

    @property
    def box(self) -> Box:
        """The room it takes with its texts, as high above its middle as below."""
        texts = [text for text in (self.name, self.total) if text is not None]
        room = 0.0 if self.total is None else self.room
        width = max([self.width, room, *(text_width(text, LABEL_SIZE) for text in texts)])
        extra = 2 * (LABEL_SIZE + 5) if texts else 0
        reach = self.height / 2 - (self.round * 0.4 if self.kind != "output" else self.height / 2)
        return Box(width if self.kind == "output" else width + 2 * (HEAD + 4), self.height + extra, reach)

    def side(self, dy: float) -> float:
        """How far its outline is from its middle, at a height ``dy`` above or below it."""
        straight = self.height / 2 - self.round
        inside = max(abs(dy) - straight, 0.0)
        return self.width / 2 - self.round + sqrt(max(self.round**2 - inside**2, 0.0))


class Line(NamedTuple):
    """An edge as it is drawn, with its texts; without any it needs no room for them."""

    arrow: Arrow
    value: str
    gradient: str
    room: float

    @property
    def label(self) -> Box | None:
        """The room for its texts, None if it has none."""
        if not (self.value or self.gradient or self.arrow.mark):
            return None
        width = max(self.room, *(text_width(text, LABEL_SIZE) for text in (self.value, self.gradient)))
        return Box(width + self.mark_width + 8, LABEL_HEIGHT)

    @property
    def mark_width(self) -> float:
        """The width of what says which argument it is."""
        return text_width(self.arrow.mark, MARK_SIZE) + 6 if self.arrow.mark else 0.0


class Picture(NamedTuple):
    """A drawing: its size, the elements in it, and all texts that are drawn."""

    width: float
    height: float
    body: str
    texts: list[str]


def render_report(report: Report, view: View) -> Iterator[str]:
    """The figure with its heading. Raises TooLargeError for a graph that no picture can show."""
    yield document(picture(report))


def document(whole: Picture) -> str:
    """A drawing as a file of its own."""
    size = f'width="{whole.width:.0f}" height="{whole.height:.0f}" viewBox="0 0 {whole.width:.0f} {whole.height:.0f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}">\n{whole.body}</svg>\n'


def picture(report: Report) -> Picture:
    """The graph on its background, below the formula and the point."""
    graph = drawn(report)
    formula, point = heading(report, UNICODE)
    width = max(graph.width, LEAST_WIDTH)
    titles = [(text, INK, TITLE_SIZE) for text in _wrapped(formula, TITLE_SIZE, width)]
    titles += [(text, QUIET, LABEL_SIZE) for text in _wrapped(f"at {point}", LABEL_SIZE, width) if point]
    top = MARGIN + sum(size + 7 for _, _, size in titles) + 12
    across, down = width + 2 * MARGIN, top + graph.height + MARGIN
    value = f"{report.output} = {format_number(report.value + 0.0)}"
    head = (
        f"<title>{escape(formula)}</title>\n<desc>{escape(f'at {point}: {value}' if point else value)}</desc>\n"
        f'<rect id="background" x="0.5" y="0.5" width="{across - 1:.0f}" height="{down - 1:.0f}" rx="8" '
        f'fill="{BACKGROUND}" stroke="#d0d7de"/>\n'
    )
    parts = [head]
    y = MARGIN
    for text, color, size in titles:
        y += size
        parts.append(_text(text, MARGIN, y, size, color, role="title", anchor="start"))
        y += 7
    parts.append(placed(graph, MARGIN + (width - graph.width) / 2, top))
    return Picture(across, down, "".join(parts), [*(text for text, _, _ in titles), *graph.texts])


def placed(graph: Picture, left: float, top: float) -> str:
    """The graph as one element within a drawing."""
    return f'<g id="graph" transform="translate({left:.1f} {top:.1f})">\n{graph.body}</g>\n'


def drawn(report: Report, *, live: bool = False) -> Picture:
    """The graph alone. Raises TooLargeError for a graph that no picture can show.

    A ``live`` one is part of a page that computes again: it has room for other numbers, says by a class and not by
    attributes which edges take part, and has the sum of what arrives wherever several gradients may.
    """
    check_size(report, MAX_NODES, "SVG")
    shapes, lines = _shapes(report, live=live), _lines(report, live=live)
    layout = layered(
        [shape.box for shape in shapes], [Link(line.arrow.source, line.arrow.target, line.label) for line in lines]
    )
    body = [_edge(report, line, shapes, layout, index, live=live) for index, line in enumerate(lines)]
    for index, (shape, middle) in enumerate(zip(shapes, layout.boxes, strict=True)):
        body.append(_node(_group(report, index, live=live), shape, middle.x, middle.y))
    texts = [text for line in lines for text in (line.value, line.gradient, line.arrow.mark)]
    texts += [text for shape in shapes for text in (shape.text, shape.name or "", shape.total or "")]
    return Picture(layout.width, layout.height, "".join(body), texts)


def check_size(report: Report, most: int, what: str) -> None:
    """Raise TooLargeError for a graph with more nodes than a picture can show."""
    count = len(report.graph)
    if count > most:
        raise TooLargeError(
            f"the graph has {count} nodes, {what} shows at most {most}",
            help="--format dot has no limit; without --expand a module is one node",
        )


def escape(text: str) -> str:
    """A text in XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _shapes(report: Report, *, live: bool) -> list[Shape]:
    graph, passes = report.graph, report.passes
    sending = [0] * len(graph)
    may_send = [0] * len(graph)
    for node in range(len(graph)):
        for position, edge in enumerate(graph.edges(node)):
            sending[graph.args[edge]] += passes.sends[edge]
            may_send[graph.args[edge]] += graph.edge_has_gradient(node, position)
    for counts in (sending, may_send):
        counts[report.output_node] += 1
    shapes = []
    for node in range(len(graph)):
        total = f"Σ {short_number(passes.upstream[node] + 0.0)}" if sending[node] > 1 else None
        shapes.append(_shape(report, node, "" if total is None and live and may_send[node] > 1 else total, live=live))
    names = [shorten(name) for name in graph.outputs]
    return shapes + [Shape("output", name, NAME_SIZE, text_width(name, NAME_SIZE) + 6, 22.0) for name in names]


def _shape(report: Report, node: int, total: str | None, *, live: bool) -> Shape:
    op = report.graph.ops[node]
    what, text, name = kind(op), node_text(report, node), own_name(report, node)
    is_leaf, is_sign = op in (VARIABLE, CONSTANT), what == "operation" and not text[0].isalnum()
    size = SIGN_SIZE if is_sign else NAME_SIZE if is_leaf else 14
    words = text_width(text, size)
    width = max(words + 16, 34.0) if is_leaf else 2 * RADIUS if words <= 2 * RADIUS - 6 else words + 20
    height = 30.0 if is_leaf else max(2 * RADIUS, 11.0 * len(report.graph.edges(node)))
    room = text_width(f"Σ {ROOMY}", LABEL_SIZE) if live else 0.0
    return Shape(what, text, size, width, height, shorten(name) if name else None, total, room)


def _group(report: Report, index: int, *, live: bool) -> str:
    """The beginning of a node's group: which it is, for programs, and all its numbers, for whom points at it."""
    graph = report.graph
    if index >= len(graph):
        name, node = list(graph.outputs.items())[index - len(graph)]
        title = f"{name} = {format_number(report.node_values[node] + 0.0)}"
        return f'<g id="output-{node}" data-role="output" data-node="{node}"><title>{escape(title)}</title>\n'
    data = f'data-role="node" data-node="{index}" data-kind="{kind(graph.ops[index])}"'
    if not live:
        data += f' data-value="{format_number(report.node_values[index])}"'
        if graph.has_gradient[index]:
            data += f' data-upstream="{format_number(report.passes.upstream[index] + 0.0)}"'
    return f'<g id="node-{index}" {data}><title>{escape(shorten(node_title(report, index), MAX_TITLE))}</title>\n'


def _lines(report: Report, *, live: bool) -> list[Line]:
    graph, lines = report.graph, []
    room = text_width(ROOMY, LABEL_SIZE) if live else 0.0
    for arrow in (*(arrow for node in range(len(graph)) for arrow in arrows_into(report, node)), *arrows_out(report)):
        # A constant's box already says its value.
        known = arrow.source in graph.constants and arrow.source not in graph.names and not arrow.output
        gradient = "" if arrow.gradient is None else short_number(arrow.gradient)
        lines.append(Line(arrow, "" if known else short_number(arrow.value), gradient, room))
    return lines


def _edge(report: Report, line: Line, shapes: Sequence[Shape], layout: Layout, index: int, *, live: bool) -> str:
    arrow = line.arrow
    route = layout.links[index]
    target, end = shapes[arrow.target], layout.boxes[arrow.target]
    source, start = shapes[arrow.source], layout.boxes[arrow.source]
    tip = end.x - target.side(route[-1].y - end.y) - (1.0 if target.kind != "output" else 0.0)
    takes_part = arrow.takes_part or live
    quiet = arrow.gradient is None or not takes_part
    color = QUIET if quiet else INK
    dashes = ' stroke-dasharray="5 4"' if not takes_part else ""
    data = f'data-target="{arrow.target}" data-position="{arrow.position}"'
    data = f'data-source="{arrow.source}" ' + (f'data-output="{escape(arrow.output)}"' if arrow.output else data)
    if live:
        data += ' class="idle"' if not arrow.takes_part else ""
    else:
        data += f' data-value="{format_number(arrow.value)}"'
        data += f' data-gradient="{format_number(arrow.gradient)}"' if arrow.gradient is not None else ""
    parts = [
        f'<g id="{arrow.id}" data-role="edge" {data}><title>{escape(edge_title(report, arrow))}</title>\n',
        f'<path d="{_path(route, start.x + source.side(0.0), tip - HEAD)}" fill="none" stroke="{color}" ',
        f'stroke-width="{1.2 if quiet else 1.6}"{dashes}/>\n',
        f'<polygon points="{tip:.1f},{route[-1].y:.1f} {tip - HEAD:.1f},{route[-1].y - 3.5:.1f} ',
        f'{tip - HEAD:.1f},{route[-1].y + 3.5:.1f}" fill="{color}"/>\n',
    ]
    box, middle = line.label, layout.labels[index]
    if box is not None and middle is not None:
        x = middle.x - line.mark_width / 2
        if line.value:
            parts.append(_text(line.value, x, middle.y - LIFT, LABEL_SIZE, VALUE, role="value"))
        if line.gradient:
            shown = GRADIENT if takes_part else QUIET
            parts.append(_text(line.gradient, x, middle.y + DROP, LABEL_SIZE, shown, role="gradient"))
        if arrow.mark:
            right = middle.x + box.width / 2
            parts.append(_text(arrow.mark, right, middle.y - LIFT, MARK_SIZE, QUIET, role="position", anchor="end"))
    return "".join([*parts, "</g>\n"])


def _path(route: Sequence[Stretch], left: float, right: float) -> str:
    """Horizontal stretches joined by curves that leave and arrive horizontally."""
    x, y = left, route[0].y
    parts = [f"M{x:.1f} {y:.1f}"]
    for before, after in pairwise(route):
        if abs(after.y - y) >= 0.05:
            if before.right > x:
                parts.append(f"H{before.right:.1f}")
                x = before.right
            middle = (x + after.left) / 2
            parts.append(f"C{middle:.1f} {y:.1f} {middle:.1f} {after.y:.1f} {after.left:.1f} {after.y:.1f}")
            x, y = after.left, after.y
    return "".join([*parts, f"H{right:.1f}"])


def _node(head: str, shape: Shape, x: float, y: float) -> str:
    parts = [head]
    if shape.kind != "output":
        paint = f'fill="{FILL[shape.kind]}" stroke="{LINE[shape.kind]}" stroke-width="1.6"'
        if shape.width == shape.height == 2 * shape.round:
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{shape.round:.0f}" {paint}/>\n')
        else:
            parts.append(
                f'<rect x="{x - shape.width / 2:.1f}" y="{y - shape.height / 2:.1f}" width="{shape.width:.1f}" '
                f'height="{shape.height:.1f}" rx="{shape.round:.0f}" {paint}/>\n'
            )
    parts.append(_text(shape.text, x, y + 0.36 * shape.size, shape.size, INK, role="symbol"))
    if shape.name:
        parts.append(_text(shape.name, x, y - shape.height / 2 - 5, LABEL_SIZE, INK, role="name"))
    if shape.total is not None:
        parts.append(_text(shape.total, x, y + shape.height / 2 + 14, LABEL_SIZE, GRADIENT, role="upstream"))
    return "".join([*parts, "</g>\n"])


def _text(text: str, x: float, y: float, size: int, color: str, *, role: str, anchor: str = "middle") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{color}" '
        f'data-role="{role}">{escape(text)}</text>\n'
    )


def _wrapped(text: str, size: int, width: float) -> Iterable[str]:
    """A text in lines of at most a width, broken at spaces, or anywhere where there are none."""
    line, used = "", 0.0
    for word in _words(text, size, width):
        wide = text_width(word.rstrip(), size)
        if line and used + wide > width:
            yield line.rstrip()
            line, used, word = "", 0.0, word.lstrip()
        line += word
        used += text_width(word, size)
    if line.strip():
        yield line.rstrip()


def _words(text: str, size: int, width: float) -> Iterator[str]:
    for word in text.split(" "):
        if text_width(word, size) <= width:
            yield word + " "
        else:
            step = max(int(width / (1.05 * size)), 1)
            yield from (word[start : start + step] for start in range(0, len(word) - step, step))
            yield word[(len(word) - 1) // step * step :] + " "
