"""Columns in several bands, one below the other as lines of a text: a deep graph is no ribbon.

A line that goes on in the next band leaves at the right, runs back between the two and enters at the left. The lines of
one such place are nested, so that none crosses another.
"""

from __future__ import annotations

from itertools import pairwise
from math import sqrt

from cgraph_cli.light import NamedTuple, Sequence

ASPECT = 1.6
LEAST = 700.0  # a band is at least as wide
MOST_LINES = 6  # that go on in the next band; more would be a tangle
STEP = 8.0  # between lines that run back
CLEAR = 10.0  # between a band and them


class Place(NamedTuple):
    """How far a column is moved to where it stands."""

    dx: float
    dy: float


class Bands(NamedTuple):
    """Where every column goes, how each line runs back by its item before the cut, and the size of it all."""

    places: list[Place]
    turns: dict[int, list[tuple[float, float]]]
    width: float
    height: float


def bands(
    columns: Sequence[int],
    sizes: Sequence[tuple[float, float]],
    edges: Sequence[tuple[int, int]],
    rows: Sequence[float],
    across: Sequence[tuple[float, float]],
    *,
    wrap: bool,
) -> Bands:
    """Columns in as many bands as bring the whole to the shape of a page, in one where that would cut too many lines.

    ``columns`` are those of the items, ``edges`` join items of neighbouring columns, ``across`` are the left and right
    of each column.
    """
    crossing: list[dict[int, list[int]]] = [{} for _ in across]
    for source, target in edges:
        crossing[columns[source]].setdefault(source, []).append(target)
    heights: list[tuple[float, float]] = [(float("inf"), -float("inf"))] * len(across)
    for column, row, size in zip(columns, rows, sizes, strict=True):
        top, bottom = heights[column]
        heights[column] = min(top, row - size[1] / 2), max(bottom, row + size[1] / 2)
    cuts = _cuts(across, [len(one) for one in crossing], max(bottom for _, bottom in heights)) if wrap else []
    firsts = [0, *(cut + 1 for cut in cuts)]
    lasts = [*cuts, len(across) - 1]
    places: list[Place] = []
    turns: dict[int, list[tuple[float, float]]] = {}
    y, width = 0.0, 0.0
    before: list[int] = []
    for band, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        top = min(one for one, _ in heights[first : last + 1])
        low = max(one for _, one in heights[first : last + 1])
        entering = _entries(before, crossing[first - 1], rows)
        top, low = min([top, *entering]), max([low, *entering])
        lead = STEP * (len(before) + 1) if before else 0.0
        start = across[first][0] if band == 0 else across[first - 1][1]
        place = Place(lead - start, y - top)
        places += [place] * (last + 1 - first)
        for index, item in enumerate(before):
            at, back = lead - STEP * (index + 1), turns[item][-1][1]
            turns[item] += [(at, back), (at, entering[index] + place.dy)]
        right, y = across[last][1] + place.dx, y + low - top
        before = sorted(crossing[last], key=lambda item: rows[item]) if last != lasts[-1] else []
        for index, item in enumerate(before):
            out = STEP * (len(before) - index)
            turns[item] = [(right + out, rows[item] + place.dy), (right + out, y + CLEAR + out - STEP)]
        width = max(width, right + STEP * len(before))
        y += 2 * CLEAR + STEP * (len(before) - 1) if before else 0.0
    return Bands(places, turns, width, y)


def _entries(items: Sequence[int], after: dict[int, list[int]], rows: Sequence[float]) -> list[float]:
    """The heights at which lines enter a band: that of what follows where this keeps their order, else as they left."""
    straight = [rows[after[item][0]] if len(after[item]) == 1 else rows[item] for item in items]
    in_order = all(upper + STEP <= lower for upper, lower in pairwise(straight))
    return straight if in_order else [rows[item] for item in items]


def _cuts(across: Sequence[tuple[float, float]], crossing: Sequence[int], height: float) -> list[int]:
    """The last column of every band but the last: near equal parts, where few lines cross."""
    whole = across[-1][1]
    count = min(round(sqrt(whole / (ASPECT * (height + 2 * CLEAR)))), int(whole / LEAST))
    if count < 2:
        return []
    from bisect import bisect_right

    rights, cuts = [right for _, right in across], list[int]()
    for part in range(1, count):
        wanted, slack = whole * part / count, whole / count / 4
        first = max(bisect_right(rights, wanted - slack), *(cut + 1 for cut in cuts), 0)
        near = range(first, min(bisect_right(rights, wanted + slack), len(across) - 1))
        if not near:
            return []
        cut = min(near, key=lambda column: (crossing[column], abs(rights[column] - wanted)))
        if crossing[cut] > MOST_LINES:
            return []
        cuts.append(cut)
    return cuts
