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


def levelled(tape: Tape, rows: Sequence[float], ports: Sequence[float]) -> list[float]:
    """The y of every item where lines keep their height as far as there is room; the order in a column stays.

    A box moves only where no line enters it and one leaves it: to the end of its line, if that is ``NEAR`` and all such
    boxes before that end's box have room, else to its label.
    """
    rows = [*rows]
    columns: dict[int, list[int]] = {}
    for item in sorted(range(len(rows)), key=rows.__getitem__):
        columns.setdefault(tape.columns[item], []).append(item)
    below = {upper: lower for items in columns.values() for upper, lower in pairwise(items)}
    above = {lower: upper for upper, lower in below.items()}
    uses: dict[int, int] = {}
    for chain in tape.chains:
        uses[chain[0]] = uses.get(chain[0], 0) + 1

    def between(item: int) -> tuple[float, float]:
        def beside(other: int) -> float:
            return (tape.sizes[item][1] + tape.sizes[other][1]) / 2 + LEAST_GAP

        up, down = above.get(item), below.get(item)
        return -inf if up is None else rows[up] + beside(up), inf if down is None else rows[down] - beside(down)

    def room(item: int) -> tuple[float, float]:
        least, most = between(item)
        return min(least, rows[item]), max(most, rows[item])

    ends = [
        (chain, port)
        for chain, port in zip(tape.chains, ports, strict=True)
        if chain[0] not in tape.entering and uses[chain[0]] == 1
    ]
    into: dict[int, list[tuple[list[int], float]]] = {}
    for chain, port in ends:
        into.setdefault(chain[-1], []).append((chain, port))
    for links in into.values():
        moved = {item: port for chain, port in links for item in chain[:-1]}
        before = {item: rows[item] for item in moved}
        if all(abs(port - rows[chain[0]]) <= NEAR for chain, port in links):
            for item, row in moved.items():
                rows[item] = row
            if not all(least <= rows[item] <= most for item in moved for least, most in (between(item),)):
                for item, row in before.items():
                    rows[item] = row
    leaves = sorted((rows[chain[0]], chain[0], rows[chain[1]] if len(chain) > 2 else port) for chain, port in ends)
    for y, leaf, wanted in [one for one in leaves if one[2] < one[0]] + [
        one for one in leaves[::-1] if one[2] > one[0]
    ]:
        least, most = room(leaf)
        rows[leaf] = wanted if least <= wanted <= most else y
    for _ in range(2):  # what moved may have made room
        settled: set[int] = set()
        for index in sorted(range(len(ports)), key=lambda index: -len(tape.chains[index])):
            chain = tape.chains[index]
            free = [item for item in chain[1:-1] if item not in settled]
            settled.update(free)
            if len(free) == 1 and len(chain) == 3 and uses[chain[0]] > 1:
                continue  # a fork is as even as it was made
            y = rows[chain[-2 - len(free)]] if free else 0.0
            while free:
                least, most = room(free[0])
                if least <= y <= most:
                    least = most = y
                run = 1
                for item in free[1:]:
                    low, high = room(item)
                    if max(least, low) > min(most, high):
                        break
                    least, most, run = max(least, low), min(most, high), run + 1
                y = min(max(ports[index] if run == len(free) else y, least), most)
                for item in free[:run]:
                    rows[item] = y
                free = free[run:]
    return rows
