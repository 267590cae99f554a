"""A graph as it is drawn, with a place for everything: nodes, lines and texts in figure units, y downwards.

What writes it in a language (SVG, TikZ) decides nothing but how a colour or a curve is spelled there.
"""

from __future__ import annotations

from math import sqrt

from cgraph_cli.graph.graph import CONSTANT, VARIABLE
from cgraph_cli.light import Iterator, NamedTuple
from cgraph_cli.render.picture.figure import Arrow, Figure, is_sign, kind, shorten, text_width, too_large
from cgraph_cli.render.picture.lines import Step, Tree, course, remainder
from cgraph_cli.render.picture.placement import Box, Layout, Link, Point, layered
from cgraph_cli.report.blanks import BLANK

MAX_NODES = 1000
MAX_EDGES = 2 * MAX_NODES

SIGN_SIZE, OPERATION_SIZE, NAME_SIZE, LABEL_SIZE, SMALL_SIZE, MARK_SIZE, TITLE_SIZE = 18, 13, 14, 12, 10, 10, 16
RADIUS = 17.0
LIFT = 5.0  # from a line to the text above it
BLANK_RISE = 4.0  # of a blank, whose stroke is below the base, from that line
DROP = 13.0  # from a line to the base of the text below it
LABEL_HEIGHT = 34.0
LEAST_LABEL = 24.0
ASIDE = 8.0  # around a text at the side of a node
HEAD = 7.0  # the length of an arrowhead
BARE = ("output", "more")  # kinds of nodes that are a text alone


class Text(NamedTuple):
    """A text at a point of its base line: its middle, start or end. ``ink`` is a key of the colours."""

    text: str
    at: Point
    size: int
    ink: str
    role: str
    anchor: str = "middle"


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
    step: float = 16.0

    @property
    def round(self) -> float:
        """The radius of its corners."""
        return self.height / 2 if self.kind in ("operation", "module") and self.height <= 2 * RADIUS else 8.0

    @property
    def is_circle(self) -> bool:
        """Whether its outline is one."""
        return self.width == self.height == 2 * self.round

    @property
    def has_outline(self) -> bool:
        """Whether it has one: what is a text alone has none."""
        return self.kind not in BARE

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
            return Box(self.height, self.width + side, self.width / 2 - self.round * 0.4, self.early, self.step)
        if not self.has_outline:
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


class Edge(NamedTuple):
    """A line in its place: the steps that are painted of it, the corners of its head, how thick it is, its texts."""

    arrow: Arrow
    steps: list[Step]
    head: list[Point]
    width: float
    ink: str
    texts: list[Text]


class Node(NamedTuple):
    """A node in its place, or an output or what is left out, whose numbers are not those of nodes.

    Its ``mark`` is ``marked`` where a warning is about it, ``passing`` where it passes on what is not finite.
    """

    id: int
    shape: Shape
    middle: Point
    mark: str
    texts: list[Text]


class Drawing(NamedTuple):
    """All nodes, and all edges in the order in which they are painted."""

    width: float
    height: float
    edges: list[Edge]
    nodes: list[Node]

    @property
    def texts(self) -> list[Text]:
        """Everything that is written."""
        return [text for one in self.edges for text in one.texts] + [text for one in self.nodes for text in one.texts]


def placed(figure: Figure, *, live: bool = False) -> Drawing:
    """The graph with a place for everything. Raises TooLargeError for a graph that no picture can show.

    What else is shown may be ``locals``, the local gradients, ``widths``, lines as thick as gradients, or ``down``,
    from top to bottom; ``bare``, no numbers. A ``live`` drawing is part of a page that computes again: it has
    room for other numbers, whole lines, since any may begin to take part, and the sum of what arrives wherever several
    gradients may.
    """
    nodes = len(figure.graph) - len(figure.apart.written) - len(figure.apart.left_out)
    edges = sum(1 for _ in figure.arrows())
    for count, most, what in ((nodes, MAX_NODES, "nodes"), (edges, MAX_EDGES, "edges")):
        if count > most:
            raise too_large(f"the graph has {count} {what}, a picture shows at most {most}")
    return _Placing(figure, live=live).drawing()


class _Placing:
    def __init__(self, figure: Figure, *, live: bool) -> None:
        self.figure = figure
        self.live = live
        self.roomy = figure.number(-1 / 9)  # as wide as most numbers
        self.graph = figure.graph
        self.is_bare, self.down = "bare" in figure.draw, "down" in figure.draw
        self.widths: dict[str, float] = {}

    def drawing(self) -> Drawing:
        """All elements, placed."""
        lines = [*map(self.line, self.figure.arrows())]
        shapes = {line.arrow.source: self.dots(line.arrow) for line in lines if line.arrow.more} | self.shapes()
        lines += map(self.line, self.figure.arrows_out())
        self.widths = self.figure.widths(line.arrow for line in lines)
        place = {node: index for index, node in enumerate(shapes)}
        links = [
            Link(place[line.arrow.source], place[line.arrow.target], line.label, self.room(line)) for line in lines
        ]
        boxes = [shape.box(down=self.down) for shape in shapes.values()]
        for line in lines if self.down else ():  # the mark stands beside the node
            if line.arrow.mark:
                at = place[line.arrow.target]
                aside = text_width(line.arrow.mark, MARK_SIZE) + MARK_SIZE
                boxes[at] = boxes[at]._replace(height=max(boxes[at].height, 2 * (boxes[at].reach + aside)))
        layout = layered(boxes, links, wrap=not self.down)
        middles = dict(zip(shapes, layout.boxes, strict=True))
        edges = [
            self.edge(line, shapes, middles, layout, index) for index, line in enumerate(lines) if not line.arrow.more
        ]
        # Lines from one node share their beginning, where one that carries a gradient covers the others.
        edges.sort(key=lambda edge: (edge.arrow.flows, edge.arrow.takes_part, edge.width))
        nodes = [self.node(node, shape, middles[node]) for node, shape in shapes.items()]
        return Drawing(*self.turned(layout.width, layout.height), edges if self.live else _once(edges), nodes)

    def room(self, line: Line) -> float:
        """What the mark of a line takes along it before the head of its arrow."""
        mark = line.arrow.mark
        return 0.0 if not mark else MARK_SIZE if self.down else text_width(mark, MARK_SIZE) + 4

    def turned(self, along: float, across: float) -> Point:
        """A point of the layout, which is made from left to right, as it is drawn."""
        return Point(across, along) if self.down else Point(along, across)

    def line(self, arrow: Arrow) -> Line:
        """An edge with its texts; a constant's box already says its value."""
        figure = self.figure
        if arrow.more or self.is_bare:
            return Line(arrow, "", "", "", None, 0.0)
        known = arrow.source in self.graph.constants and arrow.source not in self.graph.names and not arrow.output
        value = "" if known else figure.number(arrow.value)
        gradient = "" if arrow.gradient is None else figure.number(arrow.gradient)
        local = figure.local_text(arrow)
        mark = text_width(local, MARK_SIZE) + 6 + (0.0 if self.down else HEAD) if local else 0.0
        width = max(text_width(text, LABEL_SIZE) for text in (value, gradient, self.roomy if self.live else ""))
        if self.down:
            half = max(width, mark) + LIFT
            label = Box(LABEL_SIZE + 4.0 + (MARK_SIZE + 2) * bool(local), 2 * half) if value or gradient else None
            return Line(arrow, value, gradient, local, label, mark)
        label = Box(max(width + mark + 4, LEAST_LABEL), LABEL_HEIGHT) if value or gradient or mark else None
        return Line(arrow, value, gradient, local, label, mark)

    def width(self, arrow: Arrow) -> float:
        """How thick a line is."""
        quiet = arrow.gradient is None or not (arrow.takes_part or self.live)
        return self.widths.get(arrow.id, 1.2 if quiet else 1.6)

    def shapes(self) -> dict[int, Shape]:
        """All nodes and outputs with their texts."""
        totals = () if self.is_bare else self.figure.totals().items()
        found = {node: f"Σ {self.figure.number(total)}" for node, total in totals}
        places = self.figure.totals(possible=True) if self.live else ()
        shapes = {
            node: self.shape(node, found.get(node, "" if node in places else None))
            for node in range(len(self.graph))
            if not self.figure.apart.has(node)
        }
        for index, name in enumerate(map(shorten, self.graph.outputs), len(self.graph)):
            height = 22.0 if not self.down else 18.0
            shapes[index] = Shape("output", name, NAME_SIZE, text_width(name, NAME_SIZE) + 6, height)
        return shapes

    def dots(self, arrow: Arrow) -> Shape:
        """The text in the place of what is left out."""
        return Shape("more", arrow.dots, LABEL_SIZE, text_width(arrow.dots, LABEL_SIZE), LABEL_HEIGHT)

    def shape(self, node: int, total: str | None) -> Shape:
        """A node with its texts."""
        op, figure = self.graph.ops[node], self.figure
        text, what, name = figure.node_text(node), kind(op), figure.own_name(node)
        is_leaf = op in (VARIABLE, CONSTANT)
        size = NAME_SIZE if is_leaf else SIGN_SIZE if is_sign(text) else OPERATION_SIZE
        words = text_width(text, size)
        width = max(words + 12, 32.0) if is_leaf else 2 * RADIUS if words <= 2 * RADIUS - 3 else words + 20
        arrows = [*figure.arrows_into(node)]
        between = MARK_SIZE + 6.0 if len(arrows) > 2 and any(one.mark for one in arrows) else 11.0
        height = 30.0 if is_leaf else 2 * RADIUS
        step = 16.0
        if not is_leaf and self.down:
            inner = [text_width(one.mark, MARK_SIZE) + 2 * LIFT for one in arrows[1:-1] if one.mark]
            step = max([step, *inner])
            width = max(width, (step if inner else 11.0) * len(arrows))
        elif not is_leaf:
            height = max(height, between * len(arrows))
        room = text_width(f"Σ {self.roomy}", LABEL_SIZE) if self.live else 0.0
        label, is_layer = figure.number_label(node), bool(name) or what == "module"
        return Shape(
            what, text, size, width, height, shorten(name) if name else None, label, total, room, is_layer, step
        )

    def edge(self, line: Line, shapes: dict[int, Shape], middles: dict[int, Point], layout: Layout, index: int) -> Edge:
        """A line between the outlines of its nodes, with its texts."""
        arrow, route, at = line.arrow, layout.links[index], layout.labels[index]
        source, target = shapes[arrow.source], shapes[arrow.target]
        start, end, y = middles[arrow.source], middles[arrow.target], route[-1].y
        tip = end.x - target.side(y - end.y, down=self.down) - (1.0 if target.kind != "output" else 0.0)
        steps = course(route, start.x + source.side(0.0, down=self.down), tip - HEAD, down=self.down)
        half = max(HEAD, self.width(arrow) + HEAD - 2) / 2  # wider than its line
        head = [self.turned(tip - along, y + off) for along, off in ((0.0, 0.0), (HEAD, -half), (HEAD, half))]
        takes_part = arrow.takes_part or self.live
        changes = self.live and bool(arrow.output)  # the page may choose another output
        ink = "quiet" if not changes and (arrow.gradient is None or not takes_part) else "ink"
        shown = "gradient" if takes_part else "quiet"
        around = self.beside if self.down else self.around
        texts = [] if at is None else list(around(line, at, shown))
        free, anchor = Point(end.x - max(target.width, target.texts) / 2 - 3, y - LIFT), "end"
        if self.down:  # at the outer side of the head
            left = y < end.y
            free = Point(y - LIFT if left else y + LIFT, end.x - target.height / 2 - 3)
            anchor = "end" if left else "start"
        texts.append(Text(arrow.mark, free, MARK_SIZE, "quiet", "position", anchor))
        texts = [one for one in texts if one.text or (changes and one.role == "gradient")]
        return Edge(arrow, steps, head, self.width(arrow), ink, texts)

    def around(self, line: Line, at: Point, ink: str) -> Iterator[Text]:
        """The texts of a line that runs to the right: the value above it, the gradients below."""
        x, right = at.x - line.mark_width / 2, at.x + (line.label.width / 2 if line.label else 0.0)
        above, below = at.y - LIFT, at.y + DROP
        rise = BLANK_RISE if line.value == str(BLANK) else 0.0
        yield Text(line.value, Point(x, above - rise), LABEL_SIZE, "value", "value")
        yield Text(line.gradient, Point(x, below), LABEL_SIZE, ink, "gradient")
        yield Text(line.local, Point(right - HEAD, below), MARK_SIZE, "quiet", "local", "end")

    def beside(self, line: Line, at: Point, ink: str) -> Iterator[Text]:
        """The texts of a line that runs down: the value to its left, the gradient over the local one to its right."""
        x, y = self.turned(*at)
        base = y + 0.36 * LABEL_SIZE - (MARK_SIZE / 2 + 1) * bool(line.local)
        yield Text(line.value, Point(x - LIFT, base), LABEL_SIZE, "value", "value", "end")
        x += LIFT
        yield Text(line.gradient, Point(x, base), LABEL_SIZE, ink, "gradient", "start")
        yield Text(line.local, Point(x, base + MARK_SIZE + 2), MARK_SIZE, "quiet", "local", "start")

    def node(self, index: int, shape: Shape, at: Point) -> Node:
        """A node or an output with its texts: one in it, others above and below or at its side."""
        x, y = middle = self.turned(*at)
        aside = x + shape.width / 2 + ASIDE / 2
        high = Point(aside, y - 4) if self.down else Point(x, y - shape.height / 2 - 4)
        low = Point(aside, y + 12) if self.down else Point(x, y + shape.height / 2 + 14)
        anchor = "start" if self.down else "middle"
        ink = "quiet" if shape.kind == "more" else "ink"
        texts = [Text(shape.text, Point(x, y + 0.36 * shape.size), shape.size, ink, "symbol")]
        if shape.name:
            texts.append(Text(shape.name, high, LABEL_SIZE, "ink", "name", anchor))
        if shape.label:
            texts.append(Text(shape.label, high, SMALL_SIZE, "quiet", "label", anchor))
        if shape.total is not None:
            texts.append(Text(shape.total, low, LABEL_SIZE, "gradient", "upstream", anchor))
        return Node(index, shape, middle, self.figure.marks.get(index, ""), texts)


def _once(edges: list[Edge]) -> list[Edge]:
    """Edges in the order in which they are painted, every part of a shared beginning by the uppermost alone."""
    painted: dict[int, Tree] = {}
    found = [
        edge._replace(steps=remainder(edge.steps, painted.setdefault(edge.arrow.source, {})))
        for edge in reversed(edges)
    ]
    return found[::-1]
