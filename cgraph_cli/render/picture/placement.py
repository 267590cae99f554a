"""Layered layout: boxes in columns from left to right, links that pass between them, and room for a label on each.

The layout engine keeps the boxes, labels and lanes of a column apart, and a link crosses a column only on a horizontal
lane. So no line meets a box or label that is not its own.
"""

from __future__ import annotations

from itertools import combinations, count, pairwise

from cgraph_cli.light import Any, NamedTuple, Sequence
from cgraph_cli.render.picture.engine import heights
from cgraph_cli.render.picture.figure import too_large
from cgraph_cli.render.picture.level import levelled
from cgraph_cli.render.picture.wrap import Bands, bands

LANE = 2.0
TOUCH = 2.0  # between the columns of a straight line
BEND = 14.0  # the least room for a line to change its height
NEXT = 10.0  # the least between the heads of two arrows, one in the middle of its box
STRAIGHT = 0.05  # a line that rises by less
ENTRY = 8.0  # what an arrowhead takes before a box
ROW_GAP = 10.0
MAX_ITEMS = 20_000
MANY_ITEMS = 300  # above this the search for few crossings is quick
MAX_STRAIGHTENED = 16_000  # above this many items and lines between them lines are not made as straight as they can be
ROUTING = {"port_relax_rounds": 0, "overlap_repair_rounds": 0}  # routes are not used, these are the cheapest
OPTIONS: dict[str, Any] = {
    "direction": "leftright",
    "routing": {"style": "diagonal"},
    "spacing": {"node_gap": ROW_GAP, "dummy_gap": ROW_GAP, "isolated_gap": ROW_GAP},
    "coords": {"branch_style": "symmetric"},
    "tuning": {"routing": ROUTING},
}
AS_WRITTEN = OPTIONS | {"tuning": {"routing": ROUTING, "order": {"seeds": 1, "sweeps": 0, "balance_rounds": 0}}}
STRAIGHT_ON = {"coords": {"branch_style": "straight_main"}}
FAR = 100.0  # between the columns of a seed, whose heights are a unit apart
LIKE_A_TREE = AS_WRITTEN | {"seed_mode": "structure"}
QUICK_EFFORT = {
    "order_seeds": 1,
    "order_sweeps": 4,
    "exhaustive_layer_max": 0,
    "sifting_rounds": 0,
    "pullin_rounds": 0,
    "kick_patience": 0,
}
QUICK = OPTIONS | {
    "effort": {"custom": QUICK_EFFORT},
    "coords": {"branch_style": "straight_main", "branch_bands": False},
    "tuning": {"routing": ROUTING, "coords": {"simplex_max_nodes": MAX_STRAIGHTENED}},
}


class Box(NamedTuple):
    """A rectangle to place; links enter within ``reach`` above and below its middle, at most ``step`` from each other.

    What is ``early`` stands as far left as it can, all else as far right: equal parts of a layer are so in one column.
    """

    width: float
    height: float
    reach: float = 0.0
    early: bool = False
    step: float = 16.0


class Link(NamedTuple):
    """A line from the right side of one box to the left side of another, with room for a label if it has one.

    It is straight for the width of a ``mark`` before its target.
    """

    source: int
    target: int
    label: Box | None
    mark: float = 0.0


class Point(NamedTuple):
    """Pixels, y downwards."""

    x: float
    y: float


class Stretch(NamedTuple):
    """A horizontal part of a link; consecutive ones are joined by a curve, or by a ``turn`` back to the next band."""

    left: float
    right: float
    y: float
    turn: Sequence[tuple[float, float]] = ()


class Layout(NamedTuple):
    """The middle of every box and label (None for a link without one), and every link as stretches."""

    boxes: list[Point]
    labels: list[Point | None]
    links: list[list[Stretch]]
    width: float
    height: float


class _Tape:
    """Boxes, labels and lanes as one list of items, each in a column; a link is a chain of neighbours.

    Links from one box share their lanes as far as they go together.
    """

    def __init__(self, boxes: Sequence[Box], links: Sequence[Link], columns: Sequence[int]) -> None:
        self.sizes = [(box.width, box.height) for box in boxes]
        self.columns = [*columns]
        self.chains: list[list[int]] = []
        self.labels: list[int | None] = []
        lanes: dict[tuple[int, int], int] = {}
        for link in links:
            chain = [link.source]
            label: int | None = None
            for column in range(columns[link.source] + 1, columns[link.target]):
                if link.label is not None and column == columns[link.target] - 1:
                    item = label = self._item(link.label.width, link.label.height, column)
                elif (link.source, column) in lanes:
                    item = lanes[link.source, column]
                else:
                    item = lanes[link.source, column] = self._item(LANE, LANE, column)
                chain.append(item)
            chain.append(link.target)
            self.chains.append(chain)
            self.labels.append(label)
        self.edges = [*dict.fromkeys(pair for chain in self.chains for pair in pairwise(chain))]
        self.entering: dict[int, list[int]] = {}  # the links into each box
        for index, link in enumerate(links):
            self.entering.setdefault(link.target, []).append(index)
        self.straight: dict[int, float] = {}  # before a column, for the marks at what stands there
        for link in links:
            if link.mark:
                column = columns[link.target]
                self.straight[column] = max(self.straight.get(column, 0.0), link.mark)

    def _item(self, width: float, height: float, column: int) -> int:
        self.sizes.append((width, height))
        self.columns.append(column)
        return len(self.sizes) - 1


def layered(boxes: Sequence[Box], links: Sequence[Link], *, wrap: bool = True) -> Layout:
    """Place boxes in columns, so that every link runs from left to right, and ``wrap`` what is too long for its height.

    Raises MissingExtraError without the layout engine and TooLargeError for links too long to be followed.
    """
    columns = _columns(boxes, links)
    tape = _Tape(boxes, links, columns)
    if len(tape.sizes) > MAX_ITEMS:
        count = len(tape.sizes)
        raise too_large(f"the picture would have {count} places for nodes, numbers and lines, at most {MAX_ITEMS}")
    rows = _rows(tape)
    ports = _ports(boxes, tape, rows, {index for index, link in enumerate(links) if link.mark})
    rows = levelled(tape, rows, ports)
    across = _across(tape, len(boxes), rows, ports)
    top = min(row - size[1] / 2 for row, size in zip(rows, tape.sizes, strict=True))
    rows, ports = [row - top for row in rows], [port - top for port in ports]
    wrapped = bands(tape.columns, tape.sizes, tape.edges, rows, across, wrap=wrap)
    places = [wrapped.places[column] for column in tape.columns]
    middles = [
        Point((across[column][0] + across[column][1]) / 2 + place.dx, row + place.dy)
        for column, row, place in zip(tape.columns, rows, places, strict=True)
    ]
    sides = [(left + place.dx, right + place.dx) for (left, right), place in zip(across, wrapped.places, strict=True)]
    return Layout(
        middles[: len(boxes)],
        [None if label is None else middles[label] for label in tape.labels],
        [
            _stretches(chain, tape, middles, sides, wrapped, port + places[chain[-1]].dy)
            for chain, port in zip(tape.chains, ports, strict=True)
        ],
        wrapped.width,
        wrapped.height,
    )


def _rows(tape: _Tape) -> list[float]:
    """The y of every item: with arguments in their order, unless that costs too many crossings."""
    order = _as_written(tape)
    if len(order) > MANY_ITEMS:
        rows = engine(tape, order, QUICK)
    else:
        options, rows = AS_WRITTEN, engine(tape, order, AS_WRITTEN)
        least = _disorder(tape, rows)
        for other in (LIKE_A_TREE, OPTIONS) if least else ():
            found = engine(tape, order, other)
            if (disorder := _disorder(tape, found)) < least:
                options, rows, least = other, found, disorder
        drafts = [rows, engine(tape, order, options | STRAIGHT_ON)]
        drafts += [[-row for row in one] for one in drafts] if least else []  # upside down
        # Where nothing else speaks for one of them, lines rise less where users stand amid their arguments, or in line.
        rows = min(drafts, key=lambda rows: (_disorder(tape, rows), _rise(tape, rows)))
    return rows


def _as_written(tape: _Tape) -> list[int]:
    """All items, every argument with what it comes from before the next one; what is shared at its first use."""
    sources = {chain[0] for chain in tape.chains}
    stack = [box for box in tape.entering if box not in sources][::-1]
    order: dict[int, None] = {}
    while stack:
        item = stack.pop()
        if item not in order:
            order[item] = None
            for link in reversed(tape.entering.get(item, [])):
                stack.extend(tape.chains[link][:-1])
    return [*(order | dict.fromkeys(range(len(tape.sizes))))]


def _like_a_tree(tape: _Tape, order: Sequence[int]) -> list[float]:
    """Heights as in a tree: what comes from nothing one below the other, all else amid what it comes from."""
    sources: dict[int, list[int]] = {}
    for left, right in tape.edges:
        sources.setdefault(right, []).append(left)
    heights = dict[int, float](zip((item for item in order if item not in sources), count()))
    for item in sorted(sources, key=tape.columns.__getitem__):
        first = [heights[source] for source in sources[item]]
        heights[item] = (min(first) + max(first)) / 2
    return [heights[item] for item in order]


def _rise(tape: _Tape, rows: Sequence[float]) -> float:
    """How much all lines rise and fall, and how high all is, in whole units."""
    return round(sum(abs(rows[left] - rows[right]) for left, right in tape.edges) + max(rows) - min(rows))


def _disorder(tape: _Tape, rows: Sequence[float]) -> int:
    """How many pairs of arguments are drawn out of their order, and twice the number of crossings."""
    swaps = (
        rows[tape.chains[upper][-2]] > rows[tape.chains[lower][-2]]
        for links in tape.entering.values()
        for upper, lower in pairwise(links)
    )
    between: dict[int, list[tuple[float, float]]] = {}
    for left, right in tape.edges:
        between.setdefault(tape.columns[left], []).append((rows[left], rows[right]))
    crossings = (
        (one[0] - other[0]) * (one[1] - other[1]) < 0
        for edges in between.values()
        for one, other in combinations(edges, 2)
    )
    return sum(swaps) + 2 * sum(crossings)


def engine(tape: _Tape, order: Sequence[int], options: dict[str, Any]) -> list[float]:
    """The y of the middle of every item, for few crossings and straight lines: all that is asked of the layout engine.

    ``order`` is that from which its search begins; LIKE_A_TREE keeps heights like those of a tree.
    """
    place = {item: index for index, item in enumerate(order)}
    nodes: list[dict[str, Any]] = [
        {"size": {"width": width, "height": height}, "rank": {"fixed": column}}
        for (width, height), column in ((tape.sizes[item], tape.columns[item]) for item in order)
    ]
    if options is LIKE_A_TREE:
        for node, item, height in zip(nodes, order, _like_a_tree(tape, order), strict=True):
            node["position"] = {"x": FAR * tape.columns[item], "y": height}
    edges = sorted((place[left], place[right]) for left, right in tape.edges)
    found = heights(nodes, [{"source": left, "target": right, "weight": 1.0} for left, right in edges], options)
    return [found[place[item]] for item in range(len(order))]


def _columns(boxes: Sequence[Box], links: Sequence[Link]) -> list[int]:
    """The column of every box, as far right as its users allow or, if it is early, as far left as its sources do.

    Boxes come before those that they are linked to. A link with a label has at least one column between its ends.
    """
    begin, to_end = [0] * len(boxes), [0] * len(boxes)
    for source, target, label, _ in sorted(links, key=lambda link: link.target):
        begin[target] = max(begin[target], begin[source] + (1 if label is None else 2))
    last = max(begin)
    ends: dict[int, list[Link]] = {}
    for link in links:
        ends.setdefault(link.source, []).append(link)
    for box in reversed(range(len(boxes))):
        least = max((to_end[one.target] + (1 if one.label is None else 2) for one in ends.get(box, [])), default=0)
        to_end[box] = last - begin[box] if boxes[box].early else least
    used = {*to_end, *(to_end[link.target] + 1 for link in links if link.label is not None)}
    position = {column: index for index, column in enumerate(sorted(used, reverse=True))}
    return [position[column] for column in to_end]


def _ports(boxes: Sequence[Box], tape: _Tape, rows: Sequence[float], marked: set[int]) -> list[float]:
    """The y at which each link enters its box: from top to bottom as they come, so that they do not cross there.

    One of two without marks that comes to it level stays so.
    """
    ports = [0.0] * len(tape.chains)
    for target, links in tape.entering.items():
        reach, links = boxes[target].reach, sorted(links, key=lambda link: rows[tape.chains[link][-2]])
        level = [all(rows[item] == rows[target] for item in tape.chains[link]) for link in links]
        most, middle = boxes[target].step, (len(links) - 1) / 2
        step = min(most, 2 * reach / max(len(links) - 1, 1))
        if len(links) == 2 and sum(level) == 1 and reach >= NEXT and marked.isdisjoint(links):
            step, middle = min(most, reach), level.index(True)
        for index, link in enumerate(links):
            ports[link] = rows[target] + (index - middle) * step
    return ports


def _across(tape: _Tape, boxes: int, rows: Sequence[float], ports: Sequence[float]) -> list[tuple[float, float]]:
    """Left and right of every column; the steeper the lines between two columns, the wider the gap.

    A straight line needs no room of its own: the head of its arrow is below the text of its label.
    """
    count = max(tape.columns) + 1
    widths, gaps = [0.0] * count, [TOUCH] * count
    for column, size in zip(tape.columns, tape.sizes, strict=True):
        widths[column] = max(widths[column], size[0])
    for chain, port, label in zip(tape.chains, ports, tape.labels, strict=True):
        for left, right in pairwise(chain):
            straight = tape.straight.get(tape.columns[right], 0.0)
            gaps[tape.columns[left]] = max(gaps[tape.columns[left]], straight + ENTRY if straight else 0.0)
            rise = abs((port if right == chain[-1] else rows[right]) - rows[left])
            if rise < STRAIGHT and (left == label or right >= boxes):
                continue
            bend = min(max(BEND, 8 + 0.22 * rise), 80.0) + (ENTRY if right < boxes else 0.0) + straight
            gaps[tape.columns[left]] = max(gaps[tape.columns[left]], bend)
    found: list[tuple[float, float]] = []
    x = 0.0
    for width, gap in zip(widths, gaps, strict=True):
        found.append((x, x + width))
        x += width + gap
    return found


def _stretches(
    chain: Sequence[int],
    tape: _Tape,
    middles: Sequence[Point],
    sides: Sequence[tuple[float, float]],
    wrapped: Bands,
    port: float,
) -> list[Stretch]:
    """A chain as stretches: from the middle of its first box across all columns between to the middle of its last."""
    found: list[Stretch] = []
    for item in chain:
        (x, y), (left, right) = middles[item], sides[tape.columns[item]]
        left -= tape.straight.get(tape.columns[item], 0.0)
        if item == chain[0]:
            left = x
        elif item == chain[-1]:
            left, right, y = left - ENTRY, x, port
        if found and found[-1].right > left:  # it comes from another band
            left = min(found[-1].right, right)
        turn = wrapped.turns.get(item, ()) if item != chain[-1] else ()
        found.append(Stretch(left, right, y, turn))
        if turn:  # it goes on at the same height among the items of the next band
            found.append(Stretch(turn[-1][0], turn[-1][0], turn[-1][1]))
    return found
