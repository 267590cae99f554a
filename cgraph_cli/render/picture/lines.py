"""The lines of a picture as steps: straight along its direction, curved from one height to another."""

from __future__ import annotations

from itertools import pairwise

from cgraph_cli.light import Iterator, NamedTuple, Sequence, TypeAlias
from cgraph_cli.render.picture.placement import STRAIGHT, Point, Stretch

CORNER = 5.0  # the radius where a line turns


class Step(NamedTuple):
    """A part of a line from where the last one ended: one point of a straight one, three of a cubic curve."""

    points: tuple[Point, ...]

    @property
    def end(self) -> Point:
        """Where it ends."""
        return self.points[-1]


Tree: TypeAlias = "dict[Step, Tree]"  # lines by their steps: what they share is in it once


def course(route: Sequence[Stretch], left: float, right: float, *, down: bool) -> list[Step]:
    """A line along its stretches between two ends, from left to right or, with both axes exchanged, down.

    The first step is the point where it begins.
    """
    steps = [*_points(route, left)]
    steps.append(((right, steps[-1][-1][1]),))  # exactly as high: a stretch that rises by almost nothing is straight
    return [Step(tuple(Point(y, x) if down else Point(x, y) for x, y in points)) for points in steps]


def remainder(steps: list[Step], painted: Tree) -> list[Step]:
    """What is left to paint of a line where others from the same node are PAINTED: from where it leaves all of them.

    The line is added to them.
    """
    level, same = painted, 0
    while same < len(steps) and steps[same] in level:
        level = level[steps[same]]
        same += 1
    rest = steps
    if 0 < same < len(steps):
        start, step = steps[same - 1].end, steps[same]
        # Others that go straight on here may cover a part of this step, or all of it.
        others = [one.end for one in level if len(one.points) == len(step.points) == 1]
        furthest = max([start, *others], key=lambda end: _apart(start, end))
        whole = _apart(start, furthest) >= _apart(start, step.end)
        rest = [Step((step.end,)), *steps[same + 1 :]] if whole else [Step((furthest,)), *steps[same:]]
    for step in steps[same:]:
        level = level.setdefault(step, {})
    return rest


def _apart(one: Point, other: Point) -> float:
    """How far two points are from each other along a straight line."""
    return abs(one.x - other.x) + abs(one.y - other.y)


def _points(route: Sequence[Stretch], left: float) -> Iterator[tuple[tuple[float, float], ...]]:
    """Horizontal stretches joined by curves that leave and arrive horizontally, but for the last stretch."""
    x, y = left, route[0].y
    yield ((x, y),)
    for before, after in pairwise(route):
        if before.turn:
            yield from _turned(before.turn)
            x, y = before.turn[-1]
            x += CORNER
        elif abs(after.y - y) >= STRAIGHT:
            if before.right > x:
                yield ((before.right, y),)
                x = before.right
            middle = (x + after.left) / 2
            yield (middle, y), (middle, after.y), (after.left, after.y)
            x, y = after.left, after.y


def _turned(turn: Sequence[tuple[float, float]]) -> Iterator[tuple[tuple[float, float], ...]]:
    """Down at the right, back, down at the left and on: along the corners of a turn, which are rounded."""
    (right, top), (_, back), (left, _), (_, bottom) = turn
    for x, start, end, on in ((right, top, back, -CORNER), (left, back, bottom, CORNER)):
        down, low = start + CORNER, end - CORNER
        yield ((x + on, start),)
        yield (x, start), (x, down), (x, down)
        yield ((x, low),)
        yield (x, low), (x, end), (x + on, end)
