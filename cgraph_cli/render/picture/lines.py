"""The lines of a picture as paths of SVG: straight along its direction, curved from one height to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cgraph_cli.render.picture.placement import STRAIGHT, Stretch

CORNER = 5.0  # the radius where a line turns

Steps = Iterator[tuple[str, tuple[float, ...]]]


def path(route: Sequence[Stretch], left: float, right: float, *, down: bool) -> str:
    """A line along its stretches between two ends, from left to right or, with both axes exchanged, down."""
    turned = {"H": "V", "V": "H"} if down else {}
    parts = []
    for command, numbers in _steps(route, left, right):
        if down and len(numbers) > 1:
            numbers = tuple(one for pair in zip(numbers[1::2], numbers[::2], strict=True) for one in pair)
        parts.append(turned.get(command, command) + " ".join(f"{one:.1f}" for one in numbers))
    return "".join(parts)


def _steps(route: Sequence[Stretch], left: float, right: float) -> Steps:
    """Horizontal stretches joined by curves that leave and arrive horizontally."""
    x, y = left, route[0].y
    yield "M", (x, y)
    for before, after in pairwise(route):
        if before.turn:
            yield from _turned(before.turn)
            x, y = before.turn[-1]
            x += CORNER
        elif abs(after.y - y) >= STRAIGHT:
            if before.right > x:
                yield "H", (before.right,)
                x = before.right
            middle = (x + after.left) / 2
            yield "C", (middle, y, middle, after.y, after.left, after.y)
            x, y = after.left, after.y
    yield "H", (right,)


def _turned(turn: Sequence[tuple[float, float]]) -> Steps:
    """Down at the right, back, down at the left and on: along the corners of a turn, which are rounded."""
    (right, top), (_, back), (left, _), (_, bottom) = turn
    for x, start, end, on in ((right, top, back, -CORNER), (left, back, bottom, CORNER)):
        down, low = start + CORNER, end - CORNER
        yield "H", (x + on,)
        yield "C", (x, start, x, down, x, down)
        yield "V", (low,)
        yield "C", (x, low, x, end, x + on, end)
