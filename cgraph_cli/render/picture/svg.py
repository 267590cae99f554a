"""SVG: the classic figure, values in green above and gradients in red below every edge.

Plain elements and attributes only, no markers or paint-order, so that every viewer and converter shows the same; the
one rule of CSS turns the colours where the page is dark. The picture brings its own background. Every node is a group
``node-ID``, every edge a group ``edge-USER-POSITION``, every output a group ``output-ID``; ``data-role`` marks the
texts in them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from html import escape
from itertools import accumulate
from math import sqrt
from typing import NamedTuple

from cgraph_cli.graph.graph import CONSTANT, VARIABLE
from cgraph_cli.render import View
from cgraph_cli.render.numbers import short_number
from cgraph_cli.render.picture import figure
from cgraph_cli.render.picture.figure import Arrow, shorten, text_width
from cgraph_cli.render.picture.lines import path
from cgraph_cli.render.picture.placement import Box, Layout, Link, Point, layered
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.printer import UNICODE, format_number

MAX_NODES = 1000
MAX_TITLE = 2000

FONT = "sans-serif"
SIGN_SIZE, OPERATION_SIZE, NAME_SIZE, LABEL_SIZE, SMALL_SIZE, MARK_SIZE, TITLE_SIZE = 18, 13, 14, 12, 10, 10, 16
RADIUS = 17.0
LIFT = 5.0  # from a line to the text above it
DROP = 13.0  # from a line to the base of the text below it
LABEL_HEIGHT = 34.0
LEAST_LABEL = 24.0
MARKED = 3.6  # the outline of a node that a warning is about
ASIDE = 8.0  # around a text at the side of a node
HEAD = 7.0  # the length of an arrowhead
MARGIN = 12.0
LEAST_WIDTH = 320.0
ROOMY = "-0.1235"  # as wide as most numbers that a figure shows
BACKGROUND = "#ffffff"


class Shape(NamedTuple):
    """A node as it is drawn: its outline, the text in it, and the texts above and below it.

    ``label`` is what the table calls it where it has no name. ``total`` is the sum of the gradients that arrive, None
    where there never are several; ``room`` is what it may need.
    """

    kind: str
    text: str
    size: int
    width: float
    height: float
    name: str | None = None
    label: str | None = None
    total: str | None = None
    room: float = 0.0
    early: bool = False

    @property
    def round(self) -> float:
        """The radius of its corners."""
        return self.height / 2 if self.kind in ("operation", "module") and self.height <= 2 * RADIUS else 8.0

    @property
    def texts(self) -> float:
        """The width of the widest of the texts at it."""
        room = 0.0 if self.total is None else self.room
        widths = (text_width(text or "", LABEL_SIZE) for text in (self.name, self.total))
        return max(room, text_width(self.label or "", SMALL_SIZE), *widths)

    def box(self, *, down: bool = False) -> Box:
        """The room it takes with its texts: above and below it, or at its side where lines run ``down``."""
        if down:
            side = 2 * (self.texts + ASIDE) if self.texts else 0.0
            return Box(self.height, self.width + side, self.width / 2 - self.round * 0.4, self.early)
        if self.kind == "output":
            return Box(self.width, self.height, 0.0)
        texts = [text for text in (self.name, self.total) if text is not None]
        width = max(self.width, self.texts + 8)
        extra = 2 * ((LABEL_SIZE if texts else SMALL_SIZE) + 5) if texts or self.label else 0
        return Box(width, self.height + extra, self.height / 2 - self.round * 0.4, self.early)

    def side(self, off: float, *, down: bool) -> float:
        """How far its outline is from its middle along the lines, where one is ``off`` the middle."""
        along, across = (self.height, self.width) if down else (self.width, self.height)
        inside = max(abs(off) - (across / 2 - self.round), 0.0)
        return along / 2 - self.round + sqrt(max(self.round**2 - inside**2, 0.0))


class Line(NamedTuple):
    """An edge as it is drawn: its texts, the room for them (None where it has none), and how much its mark takes."""

    arrow: Arrow
    value: str
    gradient: str
    local: str
    label: Box | None
    mark_width: float


class Picture(NamedTuple):
    """A drawing: its size, the elements in it, and all texts that are drawn."""

    width: float
    height: float
    body: str
    texts: list[str]


def render_report(report: Report, view: View) -> Iterator[str]:
    """The figure with its heading. Raises TooLargeError for a graph that no picture can show."""
    yield document(picture(report, view.draw), dark=True)


def document(whole: Picture, *, dark: bool = False, font: str = FONT) -> str:
    """A drawing as a file of its own, in the colours of a dark page too where that is asked for."""
    size = f'width="{whole.width:.0f}" height="{whole.height:.0f}" viewBox="0 0 {whole.width:.0f} {whole.height:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{font}">\n'
    return "".join([head, _night() if dark else "", whole.body, "</svg>\n"])


def _night() -> str:
    """The colours of a dark page, by those of a light one."""
    rules = (
        f'[{what}="{light}"]{{{what}:{dark}}}' for what in ("fill", "stroke") for light, dark in figure.DARK.items()
    )
    return f"<style>@media (prefers-color-scheme: dark){{{''.join(rules)}}}</style>\n"


def picture(report: Report, draw: Collection[str] = ()) -> Picture:
    """The graph on its background, below the formula, the point and the warnings, above its legend."""
    graph, head = drawn(report, draw=draw), figure.heading(report, UNICODE)
    width = max(graph.width, LEAST_WIDTH)
    titles = [(line, "ink", TITLE_SIZE) for line in _wrapped(head.formula, TITLE_SIZE, width)]
    titles += [(line, "quiet", LABEL_SIZE) for line in _wrapped(head.point, LABEL_SIZE, width)]
    titles += [(line, "warning", LABEL_SIZE) for one in head.warnings for line in _wrapped(one, LABEL_SIZE, width)]
    keys = list(_flowed(figure.legend(report, figure.operands(report.graph), draw), width))
    top = MARGIN + sum(size + 7 for _, _, size in titles) + 12
    foot = top + graph.height + 10
    across, down = width + 2 * MARGIN, foot + max(y for _, _, _, y in keys) + MARGIN
    described = ": ".join(filter(None, (head.point, f"{report.output} = {format_number(report.value + 0.0)}")))
    parts = [
        f"<title>{escape(head.formula)}</title>\n<desc>{escape(described)}</desc>\n",
        f'<rect id="background" x="0.5" y="0.5" width="{across - 1:.0f}" height="{down - 1:.0f}" rx="8" ',
        f'fill="{BACKGROUND}" stroke="#d0d7de"/>\n',
    ]
    y = MARGIN
    for text, color, size in titles:
        parts.append(_text(text, MARGIN, y + size, size, figure.COLORS[color], "title", anchor="start"))
        y += size + 7
    parts.append(placed(graph, MARGIN + (width - graph.width) / 2, top))
    for text, ink, x, y in keys:
        parts.append(_text(text, MARGIN + x, foot + y, SMALL_SIZE, figure.COLORS[ink], "legend", anchor="start"))
    return Picture(
        across, down, "".join(parts), [*(text for text, _, _ in titles), *(text for text, *_ in keys), *graph.texts]
    )


def placed(graph: Picture, left: float, top: float) -> str:
    """The graph as one element within a drawing."""
    return f'<g id="graph" transform="translate({left:.1f} {top:.1f})">\n{graph.body}</g>\n'


def drawn(report: Report, *, live: bool = False, draw: Collection[str] = ()) -> Picture:
    """The graph alone. Raises TooLargeError for a graph that no picture can show.

    A ``live`` one is part of a page that computes again: it has room for other numbers, the colours of the page, says
    by a class and not by attributes which edges take part, and has the sum of what arrives wherever several gradients
    may. ``draw`` says what else is shown: ``locals``, the local gradients, ``widths``, lines as thick as
    gradients, or ``down``, from top to bottom.
    """
    if len(report.graph) > MAX_NODES:
        raise figure.too_large(f"the graph has {len(report.graph)} nodes, SVG shows at most {MAX_NODES}")
    return _Drawing(report, live=live, draw=draw).picture()


class _Drawing:
    def __init__(self, report: Report, *, live: bool, draw: Collection[str]) -> None:
        self.report = report
        self.live = live
        self.graph = report.graph
        self.written = figure.operands(report.graph)
        self.marked = () if live else figure.marked(report)  # at another point it is another
        self.draw, self.down = draw, "down" in draw
        self.widths: dict[str, float] = {}
        self.colors = {name: f"var(--{name})" for name in figure.COLORS} if live else figure.COLORS

    def picture(self) -> Picture:
        """All elements, placed."""
        shapes = self.shapes()
        lines = [*map(self.line, figure.all_arrows(self.report, self.written))]
        lines += map(self.line, figure.arrows_out(self.report))
        if "widths" in self.draw:
            self.widths = figure.widths(line.arrow for line in lines)
        place = {node: index for index, node in enumerate(shapes)}
        links = [Link(place[line.arrow.source], place[line.arrow.target], line.label) for line in lines]
        layout = layered([shape.box(down=self.down) for shape in shapes.values()], links, wrap=not self.down)
        middles = dict(zip(shapes, layout.boxes, strict=True))
        # Lines from one node share their beginning, where one that carries a gradient covers the others.
        order = sorted(range(len(lines)), key=lambda index: (lines[index].arrow.flows, self.width(lines[index].arrow)))
        body = [self.edge(lines[index], shapes, middles, layout, index) for index in order]
        body += [self.node(node, shape, middles[node]) for node, shape in shapes.items()]
        texts = [text for line in lines for text in (line.value, line.gradient, line.arrow.mark, line.local)]
        texts += [text or "" for one in shapes.values() for text in (one.text, one.name, one.label, one.total)]
        return Picture(*self.turned(layout.width, layout.height), "".join(body), texts)

    def turned(self, along: float, across: float) -> tuple[float, float]:
        """A point of the layout, which is made from left to right, as it is drawn."""
        return (across, along) if self.down else (along, across)

    def line(self, arrow: Arrow) -> Line:
        """An edge with its texts; a constant's box already says its value."""
        known = arrow.source in self.graph.constants and arrow.source not in self.graph.names and not arrow.output
        value = "" if known else short_number(arrow.value)
        gradient = "" if arrow.gradient is None else short_number(arrow.gradient)
        local = figure.local_text(arrow) if "locals" in self.draw else ""
        marks = [text_width(text, MARK_SIZE) + 6 for text in (arrow.mark, local) if text]
        mark = sum(marks) if self.down else max(marks, default=0.0)
        width = max(text_width(text, LABEL_SIZE) for text in (value, gradient, ROOMY if self.live else ""))
        if self.down:
            half = max(text_width(value, LABEL_SIZE), text_width(gradient, LABEL_SIZE) + mark) + LIFT
            label = Box(LABEL_SIZE + 4.0, 2 * half) if value or gradient or mark else None
            return Line(arrow, value, gradient, local, label, mark)
        label = Box(max(width + mark + 4, LEAST_LABEL), LABEL_HEIGHT) if value or gradient or mark else None
        return Line(arrow, value, gradient, local, label, mark)

    def width(self, arrow: Arrow) -> float:
        """How thick a line is."""
        quiet = arrow.gradient is None or not (arrow.takes_part or self.live)
        return self.widths.get(arrow.id, 1.2 if quiet else 1.6)

    def shapes(self) -> dict[int, Shape]:
        """All nodes and outputs with their texts."""
        found = {node: f"Σ {short_number(total)}" for node, total in figure.totals(self.report).items()}
        places = figure.totals(self.report, possible=True) if self.live else ()
        shapes = {
            node: self.shape(node, found.get(node, "" if node in places else None))
            for node in range(len(self.graph))
            if node not in self.written
        }
        for index, name in enumerate(map(shorten, self.graph.outputs), len(self.graph)):
            height = 22.0 if not self.down else 18.0
            shapes[index] = Shape("output", name, NAME_SIZE, text_width(name, NAME_SIZE) + 6, height)
        return shapes

    def shape(self, node: int, total: str | None) -> Shape:
        """A node with its texts."""
        op, report = self.graph.ops[node], self.report
        what, text, name = figure.kind(op), figure.node_text(report, node, self.written), figure.own_name(report, node)
        is_leaf = op in (VARIABLE, CONSTANT)
        size = NAME_SIZE if is_leaf else SIGN_SIZE if len(text) == 1 and not text.isalnum() else OPERATION_SIZE
        words = text_width(text, size)
        width = max(words + 12, 32.0) if is_leaf else 2 * RADIUS if words <= 2 * RADIUS - 3 else words + 20
        drawn = sum(arg not in self.written for arg in self.graph.arguments(node))
        height = 30.0 if is_leaf else 2 * RADIUS
        if not is_leaf and self.down:
            width = max(width, 11.0 * drawn)
        elif not is_leaf:
            height = max(height, 11.0 * drawn)
        room = text_width(f"Σ {ROOMY}", LABEL_SIZE) if self.live else 0.0
        label, is_layer = figure.number_label(report, node), bool(name) or what == "module"
        return Shape(what, text, size, width, height, shorten(name) if name else None, label, total, room, is_layer)

    def edge(self, line: Line, shapes: dict[int, Shape], middles: dict[int, Point], layout: Layout, index: int) -> str:
        """The group of an edge: its line, the head of its arrow and its texts."""
        arrow, route = line.arrow, layout.links[index]
        source, target = shapes[arrow.source], shapes[arrow.target]
        start, end, y = middles[arrow.source], middles[arrow.target], route[-1].y
        tip = end.x - target.side(y - end.y, down=self.down) - (1.0 if target.kind != "output" else 0.0)
        begin = start.x + source.side(0.0, down=self.down)
        takes_part = arrow.takes_part or self.live
        quiet = arrow.gradient is None or not takes_part
        colors = self.colors
        color = colors["quiet" if quiet else "ink"]
        dashes = "" if takes_part else ' stroke-dasharray="5 4"'
        parts = [
            f'<g id="{arrow.id}" data-role="edge" {self.edge_data(arrow)}>',
            f"<title>{escape(figure.edge_title(self.report, arrow))}</title>\n",
            f'<path d="{path(route, begin, tip - HEAD, down=self.down)}" fill="none" ',
            f'stroke="{color}" ',
            f'stroke-width="{self.width(arrow):.4g}"{dashes}/>\n',
            f'<polygon points="{" ".join(self.corners(tip, y))}" fill="{color}"/>\n',
        ]
        box, middle = line.label, layout.labels[index]
        if middle is not None and self.down:
            parts.extend(self.beside(line, *self.turned(*middle)))
        elif box is not None and middle is not None:
            x = middle.x - line.mark_width / 2
            if line.value:
                parts.append(_text(line.value, x, middle.y - LIFT, LABEL_SIZE, colors["value"], "value"))
            if line.gradient:
                shown = colors["gradient" if takes_part else "quiet"]
                parts.append(_text(line.gradient, x, middle.y + DROP, LABEL_SIZE, shown, "gradient"))
            right = middle.x + box.width / 2
            for text, role, height in ((arrow.mark, "position", -LIFT), (line.local, "local", DROP)):
                if text:
                    at = right, middle.y + height
                    parts.append(_text(text, *at, MARK_SIZE, colors["quiet"], role, anchor="end"))
        return "".join([*parts, "</g>\n"])

    def corners(self, tip: float, y: float) -> Iterator[str]:
        """The corners of an arrowhead."""
        for along, across in ((tip, y), (tip - HEAD, y - 3.5), (tip - HEAD, y + 3.5)):
            yield "{:.1f},{:.1f}".format(*self.turned(along, across))

    def beside(self, line: Line, x: float, y: float) -> Iterator[str]:
        """The texts of a line that runs down: the value to its left, the gradient and marks to its right."""
        quiet, shown = self.colors["quiet"], self.colors["gradient" if line.arrow.takes_part else "quiet"]
        base = y + 0.36 * LABEL_SIZE
        if line.value:
            yield _text(line.value, x - LIFT, base, LABEL_SIZE, self.colors["value"], "value", anchor="end")
        x += LIFT
        if line.gradient:
            yield _text(line.gradient, x, base, LABEL_SIZE, shown, "gradient", anchor="start")
            x += text_width(line.gradient, LABEL_SIZE)
        for text, role in ((line.local, "local"), (line.arrow.mark, "position")):
            if text:
                yield _text(text, x + 6, base, MARK_SIZE, quiet, role, anchor="start")
                x += 6 + text_width(text, MARK_SIZE)

    def edge_data(self, arrow: Arrow) -> str:
        """What programs read of an edge."""
        data = f'data-source="{arrow.source}" '
        data += f'data-output="{escape(arrow.output)}"' if arrow.output else f'data-target="{arrow.target}" '
        data += "" if arrow.output else f'data-position="{arrow.position}"'
        if self.live:
            return data if arrow.takes_part else f'{data} class="idle"'
        data += f' data-value="{format_number(arrow.value + 0.0)}"'
        return data if arrow.gradient is None else f'{data} data-gradient="{format_number(arrow.gradient)}"'

    def node(self, index: int, shape: Shape, middle: Point) -> str:
        """The group of a node or an output: its outline and its texts."""
        (x, y), colors = self.turned(*middle), self.colors
        parts = [self.group(index)]
        if shape.kind != "output":
            is_marked = index in self.marked
            stroke = colors["warning" if is_marked else f"{shape.kind}-line"]
            paint = f'fill="{colors[shape.kind]}" stroke="{stroke}" stroke-width="{MARKED if is_marked else 1.6}"'
            if shape.width == shape.height == 2 * shape.round:
                parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{shape.round:.0f}" {paint}/>\n')
            else:
                parts.append(
                    f'<rect x="{x - shape.width / 2:.1f}" y="{y - shape.height / 2:.1f}" width="{shape.width:.1f}" '
                    f'height="{shape.height:.1f}" rx="{shape.round:.0f}" {paint}/>\n'
                )
        parts.append(_text(shape.text, x, y + 0.36 * shape.size, shape.size, colors["ink"], "symbol"))
        aside = x + shape.width / 2 + ASIDE / 2
        high = (aside, y - 4) if self.down else (x, y - shape.height / 2 - 4)
        low = (aside, y + 12) if self.down else (x, y + shape.height / 2 + 14)
        anchor = "start" if self.down else "middle"
        if shape.name:
            parts.append(_text(shape.name, *high, LABEL_SIZE, colors["ink"], "name", anchor))
        if shape.label:
            parts.append(_text(shape.label, *high, SMALL_SIZE, colors["quiet"], "label", anchor))
        if shape.total is not None:
            parts.append(_text(shape.total, *low, LABEL_SIZE, colors["gradient"], "upstream", anchor))
        return "".join([*parts, "</g>\n"])

    def group(self, index: int) -> str:
        """The beginning of a node's group: which it is, for programs, and all its numbers, for whom points at it."""
        graph = self.graph
        if index >= len(graph):
            name, node = list(graph.outputs.items())[index - len(graph)]
            title = f"{name} = {format_number(self.report.node_values[node] + 0.0)}"
            return f'<g id="output-{node}" data-role="output" data-node="{node}"><title>{escape(title)}</title>\n'
        data = f'data-role="node" data-node="{index}" data-kind="{figure.kind(graph.ops[index])}"'
        if not self.live:
            data += f' data-value="{format_number(self.report.node_values[index] + 0.0)}"'
            if graph.has_gradient[index]:
                data += f' data-upstream="{format_number(self.report.passes.upstream[index] + 0.0)}"'
        title = escape(shorten(figure.node_title(self.report, index), MAX_TITLE))
        return f'<g id="node-{index}" {data}><title>{title}</title>\n'


def _text(text: str, x: float, y: float, size: int, color: str, role: str, anchor: str = "middle") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{color}" '
        f'data-role="{role}">{escape(text)}</text>\n'
    )


def _flowed(words: Iterable[tuple[str, str]], width: float) -> Iterator[tuple[str, str, float, float]]:
    """Texts with their inks side by side in lines of at most a width, each with its place."""
    x, y = 0.0, float(SMALL_SIZE)
    for text, ink in words:
        wide = text_width(text, SMALL_SIZE)
        if x > 0 and x + wide > width:
            x, y = 0.0, y + SMALL_SIZE + 5
        yield text, ink, x, y
        x += wide + 16


def _wrapped(text: str, size: int, width: float) -> Iterator[str]:
    """A text in lines of at most a width, broken between statements or arguments, at spaces, or anywhere."""
    while text:
        fits = max(bisect_right(list(accumulate(text_width(one, size) for one in text)), width), 1)
        end = fits
        if fits < len(text):
            ends = (text.rfind(mark, 0, fits) + len(mark) for mark in ("; ", ", ", " "))
            end = next((one for one in ends if one > fits / 2), fits)
        yield text[:end].rstrip()
        text = text[end:].lstrip()
