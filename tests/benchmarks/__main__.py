"""All benchmarks, and the page of what they gave: ``python -m tests.benchmarks [--peers PYTHON] [ROOM ...]``.

Without the name of a room, RESULTS.md and results.svg beside this file are written anew, and the lines of the README
that quote them; Ctrl-C ends a run early, and the page says so.
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
    "prepared": prepared,
    "gradient": gradient,
    "scale": scale,
    "derivatives": derivatives,
    "lengths": lengths,
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
        run.left.extend(given.rooms or ROOMS)
        with contextlib.suppress(KeyboardInterrupt):  # the page says what was not run to its end
            while run.left:
                room = ROOMS[run.left[0]]
                print(f"\n{room.TITLE}", flush=True)
                run.rooms.append((room, []))
                for figure in room.figures(machine):
                    run.rooms[-1][1].append(figure)
                    print(*lines([figure]), flush=True)
                run.left.pop(0)
    if not given.rooms:
        write(run)
    return int(any(figure.over for _, figures in run.rooms for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
