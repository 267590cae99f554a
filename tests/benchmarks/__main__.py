"""All benchmarks, and the page of what they gave: ``python -m tests.benchmarks [--peers PYTHON] [ROOM ...]``.

Without the name of a room, RESULTS.md and results.svg beside this file are written anew, and the lines of the README
that quote them.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import derivatives, gradient, lengths, page, prepared, scale, startup
from tests.benchmarks.measure import Machine, lines
from tests.benchmarks.results import Run, write

ROOMS = {
    "startup": startup,
    "gradient": gradient,
    "prepared": prepared,
    "derivatives": derivatives,
    "lengths": lengths,
    "scale": scale,
    "page": page,
}


def main() -> int:
    """Run the rooms; 1 if a bar is not met."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    options.add_argument("rooms", nargs="*", choices=[[], *ROOMS], metavar="ROOM", help=", ".join(ROOMS))
    options.add_argument("--peers", default=sys.executable, metavar="PYTHON", help="the Python that has the peers")
    given = options.parse_args()
    peers = str(Path(given.peers).absolute())
    run = Run.here(peers)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):  # some peers write files where they run
        machine = Machine(folder, peers)
        for name in given.rooms or ROOMS:
            print(f"\n{ROOMS[name].TITLE}", flush=True)
            run.rooms.append((ROOMS[name], []))
            for figure in ROOMS[name].figures(machine):
                run.rooms[-1][1].append(figure)
                print(*lines([figure]), flush=True)
    if not given.rooms:
        write(run)
    return int(any(figure.over for _, figures in run.rooms for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
