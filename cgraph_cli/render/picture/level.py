"""Lines that keep their height: the second step of a layout, after the order in every column is found."""

from __future__ import annotations

from itertools import pairwise
from math import inf

from cgraph_cli.light import Protocol, Sequence

LEAST_GAP = 6.0  # between items of a column


class Tape(Protocol):
    """Items of a size in columns; every link is a chain of them from box to box."""

    sizes: list[tuple[float, float]]
    columns: list[int]
    chains: list[list[int]]
    entering: dict[int, list[int]]


def levelled(tape: Tape, rows: Sequence[float], ports: Sequence[float]) -> list[float]:
    """The y of every item where lines keep their height as far as there is room; the order in a column stays.

    A box moves only where no line enters it and one leaves it.
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

    def room(item: int) -> tuple[float, float]:
        def beside(other: int) -> float:
            return (tape.sizes[item][1] + tape.sizes[other][1]) / 2 + LEAST_GAP

        up, down = above.get(item), below.get(item)
        least = -inf if up is None else rows[up] + beside(up)
        most = inf if down is None else rows[down] - beside(down)
        return min(least, rows[item]), max(most, rows[item])

    leaves = sorted(
        (rows[chain[0]], chain[0], rows[chain[1]] if len(chain) > 2 else port)
        for chain, port in zip(tape.chains, ports, strict=True)
        if chain[0] not in tape.entering and uses[chain[0]] == 1
    )
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
