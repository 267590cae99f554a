"""The lines of a picture as steps: straight along its direction, curved from one height to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from cgraph_cli.render.picture.placement import STRAIGHT, Point, Stretch

CORNER = 5.0  # the radius where a line turns


class Step(NamedTuple):
    """A part of a line from where the last one ended: one point of a straight one, three of a cubic curve."""

    points: tuple[Point, ...]

    @property
    def end(self) -> Point:
        """Where it ends."""
        return self.points[-1]


def course(route: Sequence[Stretch], left: float, right: float, *, down: bool) -> list[Step]:
    """A line along its stretches between two ends, from left to right or, with both axes exchanged, down.

    The first step is the point where it begins.
    """
    steps = [Step(tuple(Point(y, x) if down else Point(x, y) for x, y in points)) for points in _points(route, left)]
    end = Point(right, route[-1].y)
    return [*steps, Step((Point(end.y, end.x) if down else end,))]


def remainder(steps: list[Step], painted: Sequence[list[Step]]) -> list[Step]:
    """What is left of a line where others from the same node have been painted: from where it leaves all of them."""

    def left(rest: list[Step]) -> tuple[int, float]:
        (start,), after = rest[0].points, rest[1].points[0]
        return len(rest), abs(after.x - start.x) + abs(after.y - start.y)

    return min((_after(steps, other) for other in painted), key=left, default=steps)


def _after(steps: list[Step], other: list[Step]) -> list[Step]:
    """A line from where it leaves another one that begins at the same point."""
    same = next((at for at, (one, two) in enumerate(zip(steps, other, strict=False)) if one != two), 0)
    if same == 0:
        return steps
    start, one, two = steps[same - 1].end, steps[same], other[same]
    if len(one.points) == len(two.points) == 1:  # both go on straight, one of them further
        shorter = min(one.end, two.end, key=lambda end: abs(end.x - start.x) + abs(end.y - start.y))
        return [Step((shorter,)), *(steps[same + 1 :] if shorter == one.end else steps[same:])]
    return [Step((start,)), *steps[same:]]


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
