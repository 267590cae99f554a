"""SVG: the classic figure, values in green above and gradients in red below every edge.

Plain elements and attributes only, no markers or paint-order, so that every viewer and converter shows the same; the
one rule of CSS turns the colours where the page is dark. The picture brings its own background. Every node is a group
``node-ID``, every edge a group ``edge-USER-POSITION``, every output a group ``output-ID``; ``data-role`` marks the
texts in them.
"""

from __future__ import annotations

from itertools import accumulate

from cgraph_cli.light import Iterable, Iterator, NamedTuple, Sequence, escape
from cgraph_cli.render import View
from cgraph_cli.render.picture.drawing import LABEL_SIZE, SMALL_SIZE, TITLE_SIZE, Edge, Node, Text, placed
from cgraph_cli.render.picture.figure import COLORS, DARK, Arrow, Figure, kind, shorten, text_width
from cgraph_cli.render.picture.lines import Step
from cgraph_cli.render.picture.placement import Point
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.printer import UNICODE, format_number

MAX_TITLE = 2000

FONT = "sans-serif"
OUTLINE = 'stroke-width="1.6"'
OUTLINES = {"marked": 'stroke-width="3.6"', "passing": 'stroke-width="2.4" stroke-dasharray="2.4 2.4"'}
MARGIN = 12.0
LEAST_WIDTH = 320.0
MOST_LINES = 4  # above the graph: for more of them it is wider
WIDEST_FOR_TITLES = 640.0
BACKGROUND = "#ffffff"


class Picture(NamedTuple):
    """A drawing: its size, the elements in it, and all texts that are drawn."""

    width: float
    height: float
    body: str
    texts: list[str]


def render_report(report: Report, view: View) -> Iterator[str]:
    """The figure with its heading. Raises TooLargeError for a graph that no picture can show."""
    yield document(picture(Figure(report, view.wanted, view.digits)), dark=True)


def document(whole: Picture, *, dark: bool = False, font: str = FONT, size: tuple[float, float] | None = None) -> str:
    """A drawing as a file, in its own size or another, in the colours of a dark page too where that is asked for."""
    across, down = round(whole.width), round(whole.height)
    width, height = size or (across, down)
    box = f'width="{width}" height="{height}" viewBox="0 0 {across} {down}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" font-family="{font}">\n'
    night = ""
    if dark:
        rules = (f'[{what}="{light}"]{{{what}:{dim}}}' for what in ("fill", "stroke") for light, dim in DARK.items())
        night = f"<style>@media (prefers-color-scheme: dark){{{''.join(rules)}}}</style>\n"
    return f"{head}{night}{whole.body}</svg>\n"


def picture(figure: Figure) -> Picture:
    """The graph on its background, below the formula and the point, above the warnings and its legend."""
    graph, head, report = drawn(figure), figure.heading(UNICODE), figure.report
    head = head._replace(point="") if "bare" in figure.draw else head
    width, above = max(graph.width, LEAST_WIDTH), [(head.formula, "ink", TITLE_SIZE), (head.point, "quiet", LABEL_SIZE)]
    while len(titles := _lines(above, width)) > MOST_LINES and width < WIDEST_FOR_TITLES:
        width += 20
    warned = _lines([(one, "warning", LABEL_SIZE) for one in head.warnings], width)
    keys = list(_flowed(figure.legend(), width))
    top = MARGIN + _height(titles) + 12
    below = top + graph.height + 10
    foot = below + _height(warned) + (6 if warned and keys else 0)
    across, down = width + 2 * MARGIN, foot + max((y for _, _, _, y in keys), default=0.0) + MARGIN
    described = ": ".join(filter(None, (head.point, f"{report.output} = {format_number(report.value + 0.0)}")))
    parts = [
        f"<title>{escape(head.formula)}</title>\n<desc>{escape(described)}</desc>\n",
        f'<rect id="background" x="0.5" y="0.5" width="{across - 1:.0f}" height="{down - 1:.0f}" rx="8" ',
        f'fill="{BACKGROUND}" stroke="#d0d7de"/>\n',
    ]
    for y, lines in ((MARGIN, titles), (below, warned)):
        for text, color, size in lines:
            parts.append(_text(Text(text, Point(MARGIN, y + size), size, color, "title", "start"), COLORS))
            y += size + 7
    parts.append(shifted(graph, MARGIN + (width - graph.width) / 2, top))
    for text, ink, x, y in keys:
        at = Point(MARGIN + x, foot + y)
        parts.append(_text(Text(text, at, SMALL_SIZE, ink, "legend", "start"), COLORS))
    return Picture(
        across,
        down,
        "".join(parts),
        [*(text for text, _, _ in [*titles, *warned]), *(text for text, *_ in keys), *graph.texts],
    )


def _lines(parts: Iterable[tuple[str, str, int]], width: float) -> list[tuple[str, str, int]]:
    """Texts in a width, each line with its ink and size."""
    return [(line, ink, size) for text, ink, size in parts for line in _wrapped(text, size, width)]


def _height(lines: Sequence[tuple[str, str, int]]) -> int:
    return sum(size + 7 for _, _, size in lines)


def shifted(graph: Picture, left: float, top: float) -> str:
    """The graph as one element within a drawing."""
    return f'<g id="graph" transform="translate({left:.1f} {top:.1f})">\n{graph.body}</g>\n'


def drawn(figure: Figure, *, live: bool = False) -> Picture:
    """The graph alone. Raises TooLargeError for a graph that no picture can show.

    A ``live`` one is part of a page that computes again: it has the colours of the page, and says by a class and not by
    attributes which edges take part.
    """
    drawing, writer = placed(figure, live=live), _Writer(figure, live=live)
    body = [*map(writer.edge, drawing.edges), *map(writer.node, drawing.nodes)]
    return Picture(drawing.width, drawing.height, "".join(body), [text.text for text in drawing.texts])


class _Writer:
    def __init__(self, figure: Figure, *, live: bool) -> None:
        self.figure = figure
        self.report = figure.report
        self.live = live
        self.colors = {name: f"var(--{name})" for name in COLORS} if live else COLORS

    def edge(self, edge: Edge) -> str:
        """The group of an edge: its line, the head of its arrow and its texts."""
        arrow, color = edge.arrow, self.colors[edge.ink]
        dashes = "" if arrow.takes_part or self.live else ' stroke-dasharray="5 4"'
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in edge.head)
        parts = [
            f'<g id="{arrow.id}" data-role="edge" {self.edge_data(arrow)}>',
            f"<title>{escape(self.figure.edge_title(arrow))}</title>\n",
            f'<path d="{_path(edge.steps)}" fill="none" stroke="{color}" stroke-width="{edge.width:.4g}"{dashes}/>\n',
            f'<polygon points="{corners}" fill="{color}"/>\n',
        ]
        return "".join([*parts, *(_text(one, self.colors) for one in edge.texts), "</g>\n"])

    def edge_data(self, arrow: Arrow) -> str:
        """What programs read of an edge."""
        data = f'data-source="{arrow.source}" '
        data += f'data-output="{escape(arrow.output)}"' if arrow.output else f'data-target="{arrow.target}" '
        data += "" if arrow.output else f'data-position="{arrow.position}"'
        if self.live:
            aside = arrow.output and arrow.gradient is None
            return f'{data} class="aside"' if aside else data if arrow.takes_part else f'{data} class="idle"'
        data += f' data-value="{format_number(arrow.value + 0.0)}"'
        return data if arrow.gradient is None else f'{data} data-gradient="{format_number(arrow.gradient)}"'

    def node(self, node: Node) -> str:
        """The group of a node or an output: its outline and its texts."""
        (x, y), shape, colors = node.middle, node.shape, self.colors
        parts, mark = [self.group(node)], "" if self.live else node.mark  # at another point it is another
        if shape.has_outline:
            stroke = colors["warning" if mark else f"{shape.kind}-line"]
            paint = f'fill="{colors[shape.kind]}" stroke="{stroke}" {OUTLINES.get(mark, OUTLINE)}'
            if shape.is_circle:
                parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{shape.round:.0f}" {paint}/>\n')
            else:
                parts.append(
                    f'<rect x="{x - shape.width / 2:.1f}" y="{y - shape.height / 2:.1f}" width="{shape.width:.1f}" '
                    f'height="{shape.height:.1f}" rx="{shape.round:.0f}" {paint}/>\n'
                )
        return "".join([*parts, *(_text(one, colors) for one in node.texts), "</g>\n"])

    def group(self, drawn: Node) -> str:
        """The beginning of a node's group: which it is, for programs, and all its numbers, for whom points at it."""
        graph, index = self.report.graph, drawn.id
        if index < 0:
            return f'<g id="more-{-1 - index}"><title>arguments left out, --all draws them</title>\n'
        if index >= len(graph):
            name, node = list(graph.outputs.items())[index - len(graph)]
            title = f"{name} = {format_number(self.report.node_values[node] + 0.0)}"
            return f'<g id="output-{node}" data-role="output" data-node="{node}"><title>{escape(title)}</title>\n'
        data = f'data-role="node" data-node="{index}" data-kind="{kind(graph.ops[index])}"'
        if self.live:
            data += drawn.mark and f' class="{drawn.mark}"'
        else:
            data += f' data-value="{format_number(self.report.node_values[index] + 0.0)}"'
            if graph.has_gradient[index]:
                data += f' data-upstream="{format_number(self.report.passes.upstream[index] + 0.0)}"'
        title = escape(shorten(self.figure.node_title(index), MAX_TITLE))
        return f'<g id="node-{index}" {data}><title>{title}</title>\n'


def _text(text: Text, colors: dict[str, str]) -> str:
    x, y = text.at
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{text.size}" text-anchor="{text.anchor}" fill="{colors[text.ink]}" '
        f'data-role="{text.role}">{escape(text.text)}</text>\n'
    )


def _path(steps: list[Step]) -> str:
    """A line as a path of M, H, V and C."""
    x, y = steps[0].end
    parts = [f"M{x:.1f} {y:.1f}"]
    for step in steps[1:]:
        if len(step.points) > 1:
            parts.append("C" + " ".join(f"{one:.1f}" for point in step.points for one in point))
        else:
            parts.append(f"H{step.end.x:.1f}" if step.end.y == y else f"V{step.end.y:.1f}")
        x, y = step.end
    return "".join(parts)


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
    """A text in lines that fit a width, broken after a statement, outside most parentheses after a comma, a word or a
    sign (not =), or anywhere.
    """
    while text:
        fits = max(sum(right <= width for right in accumulate(text_width(one, size) for one in text)), 1)
        end = fits
        if fits < len(text):
            depths = [*accumulate((one == "(") - (one == ")") for one in text[:fits])]
            places = [
                (depths[at - 1], " ·/(".index(text[at - 1]) - (text[at - 2] == ","), -at)
                for at in range(fits // 2 + 1, fits + 1)
                if text[at - 1] in " ·/(" and text[at - 2 : at] != "= "
            ]
            end = text.rfind("; ", 0, fits) + 2
            if end < 2:
                end = -min(places)[2] if places else fits
        yield text[:end].rstrip()
        text = text[end:].lstrip()
