"""Lines that keep their height: the second step of a layout, after the order in every column is found."""

from __future__ import annotations

from itertools import pairwise
from math import inf

from cgraph_cli.light import Protocol, Sequence

LEAST_GAP = 6.0  # between items of a column
NEAR = 16.0


class Tape(Protocol):
    """Items of a size in columns; every link is a chain of them from box to box."""

    sizes: list[tuple[float, float]]
    columns: list[int]
    chains: list[list[int]]
    entering: dict[int, list[int]]


class _Rows:
    """The heights of items, which keep their order in a column."""

    def __init__(self, tape: Tape, rows: Sequence[float]) -> None:
        self.sizes = tape.sizes
        self.at = [*rows]
        columns: dict[int, list[int]] = {}
        for item in sorted(range(len(rows)), key=rows.__getitem__):
            columns.setdefault(tape.columns[item], []).append(item)
        self.below = {upper: lower for items in columns.values() for upper, lower in pairwise(items)}
        self.above = {lower: upper for upper, lower in self.below.items()}

    def between(self, item: int) -> tuple[float, float]:
        """Where an item may be: its neighbours in the column leave so much."""
        least, most, up, down = -inf, inf, self.above.get(item), self.below.get(item)
        if up is not None:
            least = self.at[up] + self._beside(item, up)
        if down is not None:
            most = self.at[down] - self._beside(item, down)
        return least, most

    def room(self, item: int) -> tuple[float, float]:
        """The same, with where it is."""
        least, most = self.between(item)
        return min(least, self.at[item]), max(most, self.at[item])

    def _beside(self, item: int, other: int) -> float:
        return (self.sizes[item][1] + self.sizes[other][1]) / 2 + LEAST_GAP


def levelled(tape: Tape, rows: Sequence[float], ports: Sequence[float]) -> list[float]:
    """The y of every item where lines keep their height as far as there is room; the order in a column stays.

    A box moves only where no line enters it and one leaves it: to the end of its line, if that is ``NEAR`` and all such
    boxes before that end's box have room, else to its label.
    """
    found = _Rows(tape, rows)
    uses: dict[int, int] = {}
    for chain in tape.chains:
        uses[chain[0]] = uses.get(chain[0], 0) + 1
    _leaves(
        found,
        [
            (chain, port)
            for chain, port in zip(tape.chains, ports, strict=True)
            if chain[0] not in tape.entering and uses[chain[0]] == 1
        ],
    )
    for _ in range(2):  # what moved may have made room
        settled: set[int] = set()
        for index in sorted(range(len(ports)), key=lambda index: -len(tape.chains[index])):
            chain = tape.chains[index]
            free = [item for item in chain[1:-1] if item not in settled]
            settled.update(free)
            if not (len(free) == 1 and len(chain) == 3 and uses[chain[0]] > 1):  # a fork is as even as it was made
                _straight(found, chain, free, ports[index])
    return found.at


def _leaves(rows: _Rows, ends: Sequence[tuple[list[int], float]]) -> None:
    """Move boxes that no line enters: to the ends of their lines, else to their labels."""
    into: dict[int, list[tuple[list[int], float]]] = {}
    for chain, port in ends:
        into.setdefault(chain[-1], []).append((chain, port))
    for links in into.values():
        moved = {item: port for chain, port in links for item in chain[:-1]}
        before = {item: rows.at[item] for item in moved}
        if all(abs(port - rows.at[chain[0]]) <= NEAR for chain, port in links):
            for item, row in moved.items():
                rows.at[item] = row
            if not all(least <= rows.at[item] <= most for item in moved for least, most in (rows.between(item),)):
                for item, row in before.items():
                    rows.at[item] = row
    leaves = sorted(
        (rows.at[chain[0]], chain[0], rows.at[chain[1]] if len(chain) > 2 else port) for chain, port in ends
    )
    up, down = [one for one in leaves if one[2] < one[0]], [one for one in leaves[::-1] if one[2] > one[0]]
    for _, leaf, wanted in up + down:
        least, most = rows.room(leaf)
        if least <= wanted <= most:
            rows.at[leaf] = wanted


def _straight(rows: _Rows, chain: Sequence[int], free: list[int], port: float) -> None:
    """Give the free items of a line one height for as long as there is room, the last ones that of its end."""
    y = rows.at[chain[-2 - len(free)]] if free else 0.0
    while free:
        least, most = rows.room(free[0])
        if least <= y <= most:
            least = most = y
        run = 1
        for item in free[1:]:
            low, high = rows.room(item)
            if max(least, low) > min(most, high):
                break
            least, most, run = max(least, low), min(most, high), run + 1
        y = min(max(port if run == len(free) else y, least), most)
        for item in free[:run]:
            rows.at[item] = y
        free = free[run:]
