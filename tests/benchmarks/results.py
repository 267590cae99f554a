"""The page of a run: RESULTS.md, its chart, and the lines of the README that quote it."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from tests.benchmarks import chart
from tests.benchmarks.measure import ROOT, Figure, about, number

PAGE = Path(__file__).with_name("RESULTS.md")
CHART = Path(__file__).with_name("results.svg")
README = ROOT / "README.md"
QUOTED = re.compile(r"(<!-- speed -->\n).*?(<!-- end of speed -->)", re.DOTALL)
PEERS = ("autograd", "casadi", "jax", "sympy", "torch")
PROGRAMS = {"giac": ["--version"], "qalc": ["--version"], "maxima": ["--version"], "cc": ["--version"]}
VERSIONS = """
import importlib.metadata, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
"""


class Run(NamedTuple):
    """One run: when, on what, with what, and what it gave."""

    date: str
    machine: str
    load: float
    cores: int
    versions: dict[str, str]
    rooms: list[tuple[ModuleType, list[Figure]]]
    left: list[str]

    @classmethod
    def here(cls, peers: str) -> Run:
        """A run that begins now."""
        cores = os.cpu_count() or 1
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        machine = f"{_processor()}, {cores} cores, {memory:.0f} GiB, {platform.system()}"
        versions = {"Python": platform.python_version(), "cgraph": importlib.metadata.version("cgraph-cli")}
        command = [peers, "-c", VERSIONS, *PEERS]
        versions |= json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        versions |= {name: version for name, words in PROGRAMS.items() if (version := _version([name, *words]))}
        return cls(time.strftime("%Y-%m-%d"), machine, os.getloadavg()[0], cores, versions, [], [])

    def figure(self, room: str, name: str) -> Figure | None:
        """A figure by its room and name, where it was measured."""
        found = (one for module, all_ in self.rooms if module.__name__.endswith(f".{room}") for one in all_)
        return next((one for one in found if one.measure.name == name and one.ratio is not None), None)


def _processor() -> str:
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text(encoding="utf-8").splitlines() if cpus.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _version(command: list[str]) -> str | None:
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    found = re.search(r"\d+(\.\d+)+", said.stdout)
    return found[0] if found else None


def ratio(run: Run, room: str, name: str) -> str:
    """A figure; a dash where it was left out."""
    found = run.figure(room, name)
    return number(found.ratio) if found else "–"


def in_short(run: Run) -> Iterator[str]:
    """Five lines that the README quotes, with date and machine."""
    yield f"On {run.date}, {run.machine}, Python {run.versions['Python']}; each number is a ratio within one run:"
    yield ""
    ours = [ratio(run, "startup", name) for name in ("eval --json", "diff", "export --to c")]
    peers = [f"{name} {ratio(run, 'startup', f'peer: {name}')}" for name in ("giac", "autograd", "sympy", "torch")]
    yield f"- Start-up: `eval --json` takes {ours[0]} times as long as an empty Python process, `diff` {ours[1]},"
    yield f"  `export` {ours[2]}; for the same value and gradients {', '.join(peers)}."
    sums = "sum of 100 000 terms"
    torch, casadi = (ratio(run, "gradient", f"{sums}: {name}") for name in ("torch", "casadi"))
    yield f"- From the text of a {sums} to its value and all gradients: {torch} times the time of torch,"
    yield f"  {casadi} times that of casadi."
    prepared, exported = (ratio(run, "prepared", name) for name in ("expression.function()", "export --to c"))
    yield f"- One formula at many points: {prepared} times the time of Python by hand; exported C {exported} times that"
    yield "  of C by hand."
    taken, long = ratio(run, "derivatives", "100 terms"), ratio(run, "lengths", "all, mean")
    yield f"- The derivatives of a sum of 100 terms take {taken} times as long as SymPy's; those of real formulas are"
    yield f"  {long} times as long to read."
    large, memory = (ratio(run, "scale", f"{name}10^6 terms") for name in ("", "memory of "))
    yield f"- A million terms take {large} times as long for a token as ten thousand, and at most {memory} GiB."


def panels(run: Run) -> Iterator[chart.Panel]:
    """Start-up of everybody in empty Python processes, then the peers' time from text to gradients in cgraph's."""
    ours = run.figure("startup", "eval --json")
    theirs = [one for _, all_ in run.rooms for one in all_ if one.measure.name.startswith("peer: ")]
    bars = [("cgraph", ours, True), *((one.measure.name.removeprefix("peer: "), one, False) for one in theirs)]
    shown = [
        chart.Bar(name, one.ratio, f"{number(one.ratio)} ×" if one.ratio else one.note, our)
        for name, one, our in bars
        if one is not None
    ]
    shown.sort(key=lambda bar: bar.ratio or float("inf"))
    title = "Start-up: (x+y)*z with its gradients"
    yield chart.Panel(title, "whole processes, 1 is an empty Python process", shown, logarithmic=True)
    for terms in ("10 000", "100 000"):
        head = f"sum of {terms} terms: "
        found = [one for _, all_ in run.rooms for one in all_ if one.measure.name.startswith(head)]
        named = [(one.measure.name.removeprefix(head), one) for one in found]
        shown = [
            chart.Bar(name, 1 / one.ratio, f"{number(1 / one.ratio)} ×")
            if one.ratio
            else chart.Bar(name, None, one.note)
            for name, one in named
        ]
        shown = [chart.Bar("cgraph", 1, "1", ours=True), *shown]
        yield chart.Panel(f"Text of {terms} terms to value and all gradients", "1 is the time of cgraph", shown)


def page(run: Run) -> Iterator[str]:
    """The lines of RESULTS.md."""
    yield "# Benchmarks"
    yield ""
    yield "Made by `python -m tests.benchmarks`. Every figure is a ratio: what is run and its reference run in turn,"
    yield "and the median of the ratios of the pairs is shown; for processes that of their CPU time too."
    yield "Below 1 is faster, shorter, smaller than the reference. The bar is what a ratio may be at most."
    yield ""
    yield f"![Start-up and text to gradients, cgraph and its peers]({CHART.name})"
    yield ""
    yield from in_short(run)
    yield ""
    yield "Versions: " + ", ".join(f"{name} {version}" for name, version in run.versions.items()) + "."
    busy = run.load > 0.5 * run.cores
    yield f"Load of the machine when the run began: {run.load:.1f} on {run.cores} cores" + (
        ", **others used it too**: trust CPU time before wall time." if busy else "."
    )
    over = [f"{room.TITLE}, {one.measure.name}" for room, all_ in run.rooms for one in all_ if one.over]
    yield f"Bars that are not met: {'; '.join(over) or 'none'}."
    if run.left:
        yield f"Interrupted, not run to the end: {', '.join(run.left)}."
    for room, figures in run.rooms:
        yield f"\n## {room.TITLE}\n"
        yield about(room)
        cpu = any(one.cpu is not None for one in figures)
        yield f"\n| | what | reference | ratio |{' CPU |' if cpu else ''} bar | |"
        yield f"|---|---|---|---:|{'---:|' if cpu else ''}---:|---|"
        yield from (_row(one, cpu=cpu) for one in figures if one.ratio is not None)
        left = [f"{one.measure.name} ({one.note})" for one in figures if one.ratio is None]
        if left:
            yield f"\nLeft out: {'; '.join(left)}."


def _row(figure: Figure, *, cpu: bool) -> str:
    measure, found, spent, note = figure
    shown = f"**{number(found)}**" if figure.over else number(found)
    bar = "" if measure.bar is None else f"{measure.bar:g}"
    cells = [
        measure.name,
        _code(measure.run),
        _code(measure.reference),
        shown,
        *([number(spent)] if cpu else []),
        bar,
        note,
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _code(text: str) -> str:
    """A command as code, words as words."""
    return f"`{text}`" if text.startswith(("cgraph ", "cgraph_cli.", "expression.", "python ")) else text


def write(run: Run) -> None:
    """The page, the chart, the README's lines."""
    PAGE.write_text("\n".join(page(run)) + "\n", encoding="utf-8")
    CHART.write_text(chart.drawn([*panels(run)]), encoding="utf-8")
    quoted = "\n".join(in_short(run)) + "\n"
    text = QUOTED.sub(lambda found: found[1] + quoted + found[2], README.read_text(encoding="utf-8"))
    README.write_text(text, encoding="utf-8")
