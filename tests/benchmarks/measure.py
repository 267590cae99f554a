"""What a benchmark is: measures, each a ratio of something to a reference that runs in turn with it."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
import timeit
import venv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
CORPORA = ROOT.parent / "shared" / "corpora"
ROUNDS = 20
NEURON = "log(1+exp(a*x+b))*sin(y)/(1+z^2)"


class Measure(NamedTuple):
    """One comparison: what is run against which reference, and the ratio that it may have at most (None: any)."""

    name: str
    run: str
    reference: str
    bar: float | None = None


class Figure(NamedTuple):
    """What a measure gave: a ratio (None: left out, the note says why), and that of CPU time for processes."""

    measure: Measure
    ratio: float | None
    cpu: float | None = None
    note: str = ""

    @property
    def over(self) -> bool:
        """Whether the bar is not met."""
        return self.ratio is not None and self.measure.bar is not None and self.ratio > self.measure.bar


class Command(NamedTuple):
    """A process: its words, what it has in its environment beside the usual, and the exit code that is right."""

    words: Sequence[str]
    environment: Mapping[str, str] = {}
    code: int = 0

    def seconds(self) -> tuple[float, float]:
        """Wall and CPU time of one run, that of its children included. Raises RuntimeError if it fails."""
        usual = {
            name: value for name, value in os.environ.items() if name not in ("PYTHONDONTWRITEBYTECODE", "COLUMNS")
        }
        null = os.open(os.devnull, os.O_RDWR)
        streams = [(os.POSIX_SPAWN_DUP2, null, stream) for stream in (0, 1, 2)]
        started = time.perf_counter()
        child = os.posix_spawn(self.words[0], self.words, {**usual, **self.environment}, file_actions=streams)
        _, status, used = os.wait4(child, 0)
        taken = time.perf_counter() - started
        os.close(null)
        if os.waitstatus_to_exitcode(status) != self.code:
            raise RuntimeError(f"{' '.join(self.words)[:200]} failed")
        return taken, used.ru_utime + used.ru_stime


class Machine:
    """Where the measures run: the wheel of this checkout in a new environment, and the Python that has the peers."""

    def __init__(self, folder: str, peers: str = sys.executable) -> None:
        self.folder = Path(folder)
        self.peers = peers

    @cached_property
    def programs(self) -> Path:
        """The folder of the commands of a new environment with the wheel, made with the newest pip."""
        subprocess.run(
            [sys.executable, "-m", "build", "--wheel", "--outdir", self.folder / "dist", ROOT],
            check=True,
            capture_output=True,
        )
        venv.create(self.folder / "venv", with_pip=True)
        install = [self.folder / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet"]
        usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        wheel = next((self.folder / "dist").glob("*.whl"))
        for wanted in (["--upgrade", "pip"], [f"{wheel}[draw]"]):
            subprocess.run([*install, *wanted], check=True, env=usual, stderr=subprocess.DEVNULL)
        return self.folder / "venv" / "bin"

    def cgraph(self, *words: str, **environment: str) -> Command:
        """The installed command."""
        return Command([str(self.programs / "cgraph"), *words], environment)

    def python(self, code: str) -> Command:
        """A program for the Python beside the installed command."""
        return Command([str(self.programs / "python"), "-c", code])

    def file(self, name: str, text: str) -> str:
        """The path of a file with a text."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)


def processes(measure: Measure, command: Command, reference: Command, rounds: int = ROUNDS) -> Figure:
    """Two processes run in turn: the medians of the ratios of the pairs."""
    for warm in (command, reference):
        warm.seconds()
    pairs = [(reference.seconds(), command.seconds()) for _ in range(rounds)]
    wall, cpu = (statistics.median(ours[at] / theirs[at] for theirs, ours in pairs) for at in (0, 1))
    theirs, ours = (statistics.median(column[0] for column in columns) for columns in zip(*pairs, strict=True))
    return Figure(measure, wall, cpu, against(ours, theirs))


def calls(
    measure: Measure, action: Callable[[], object], reference: Callable[[], object], number: int = 1, rounds: int = 7
) -> Figure:
    """Two calls in this process, so many of each in turn: the median of the ratios of the pairs, in CPU time."""
    timers = [timeit.Timer(one, timer=time.process_time) for one in (reference, action)]
    pairs = [[timer.timeit(number) / number for timer in timers] for _ in range(rounds)]
    theirs, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    return Figure(measure, statistics.median(our / their for their, our in pairs), note=against(ours, theirs))


def against(ours: float, theirs: float) -> str:
    """Two times as people read them."""
    return f"{duration(ours)} against {duration(theirs)}"


def duration(seconds: float) -> str:
    """Seconds with three digits, in their unit."""
    unit, factor = next(
        (one for one in ((" s", 1.0), (" ms", 1e3), (" µs", 1e6)) if seconds * one[1] >= 1), (" ns", 1e9)
    )
    return number(seconds * factor) + unit


def number(value: float | None) -> str:
    """A ratio with three digits, nothing for none."""
    return "" if value is None else f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def lines(figures: Iterable[Figure]) -> Iterator[str]:
    """One line per figure, for a terminal."""
    for measure, ratio, cpu, note in figures:
        parts = [f"{number(ratio) or 'left out':>8}"]
        parts += [f"CPU {number(cpu)}"] if cpu is not None else []
        parts += [f"at most {measure.bar:g}"] if measure.bar is not None else []
        over = "  OVER" if Figure(measure, ratio).over else ""
        yield f"{measure.name:<44} {', '.join(parts)}{over}  {note}".rstrip()


def about(room: ModuleType) -> str:
    """What a room's page says before its table: the text of its file, without how it is run alone."""
    first, *rest = textwrap.dedent(room.__doc__ or "").strip().split("\n\n")
    return "\n\n".join([first, *(one for one in rest if not one.startswith("By hand:"))])


def alone(room: str, figures: Callable[[Machine], Iterator[Figure]]) -> int:
    """A room on its own: its figures as they come; 1 if a bar is not met."""
    import argparse

    options = argparse.ArgumentParser(prog=f"python -m tests.benchmarks.{room}")
    options.add_argument("--peers", default=sys.executable, metavar="PYTHON", help="the Python that has the peers")
    found = []
    peers = str(Path(options.parse_args().peers).absolute())
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for figure in figures(Machine(folder, peers)):
            found.append(figure)
            print(*lines([figure]), flush=True)
    return int(any(figure.over for figure in found))
