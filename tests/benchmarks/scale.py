"""Large and deep graphs: CPU time per token, memory, and what is written of them.

`sin(x_i*x_{i+1})` summed: from text to value and all gradients, a process for each size; JSON against Python's `json`
over the same objects ready made; 100 000 parentheses and calls in each other; modules that double a hundred times.

By hand: ``python -m tests.benchmarks.scale``; the memory of the largest is that of the process at its highest.
"""

from __future__ import annotations

import gc
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any

from tests.benchmarks.derivatives import sum_of
from tests.benchmarks.measure import ROOT, Figure, Machine, Measure, alone, calls, processes

TITLE = "Scale"
SIZES = {10_000: 3, 100_000: 2, 1_000_000: 1}  # terms: rounds
JSON_TERMS = 30_000
DEEP = 100_000
TOKENS = {"parentheses": 2 * DEEP + 1, "calls": 3 * DEEP + 1}
SIGNS = {10_000: "10^4", 100_000: "10^5", 1_000_000: "10^6"}


def text(kind: str) -> str:
    """A text by its kind: a number of terms, or what is in each other."""
    if kind in TOKENS:
        opening = "(" if kind == "parentheses" else "sin("
        return opening * DEEP + "x" + ")" * DEEP
    return sum_of(int(kind))


def tokens(kind: str) -> int:
    """How many tokens the text has: each term has six, and a plus before it but for the first."""
    return TOKENS.get(kind) or 7 * int(kind) - 1


def one(kind: str) -> None:
    """Print seconds and memory of one kind: value and all gradients, then the report as a table."""
    import cgraph_cli
    from cgraph_cli.render import View, renderer

    written = text(kind)
    cgraph_cli.evaluate("sin(x*y) + x", x=1, y=2)
    started = time.process_time()
    expression = cgraph_cli.parse(written)
    report = expression.evaluate(point_of(expression.names))
    seconds = time.process_time() - started
    gib = peak()
    started = time.process_time()
    if kind not in TOKENS:
        gc.disable()  # as the command does
        assert sum(map(len, renderer("report", "table")(report.folded(), View()))) > 1000
    print(json.dumps({"seconds": seconds, "gib": gib, "table": time.process_time() - started, "all": peak()}))


def point_of(names: Iterable[str]) -> dict[str, float]:
    """Numbers with all their digits, as most values have."""
    numbers = random.Random(1)
    return {name: numbers.uniform(0.1, 2) for name in names}


def peak() -> float:
    """The highest memory of this process so far in GiB."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 2**30 if sys.platform == "darwin" else used / 2**20


def measured(kind: str) -> dict[str, Any]:
    """What a process of its own prints about one kind."""
    command = [sys.executable, "-m", "tests.benchmarks.scale", "--one", kind]
    found = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    result: dict[str, Any] = json.loads(found)
    return result


def figures(machine: Machine) -> Iterator[Figure]:
    """Sums, nested texts, JSON, modules."""
    rounds: dict[int, list[dict[str, Any]]] = {terms: [] for terms in SIZES}
    for at in range(max(SIZES.values())):
        for terms, count in SIZES.items():
            if at < count:
                rounds[terms].append(measured(str(terms)))
    token = {
        terms: statistics.median(found["seconds"] for found in all_) / tokens(str(terms))
        for terms, all_ in rounds.items()
    }
    least, most = min(SIZES), max(SIZES)
    for terms in [*SIZES][1:]:
        measure = Measure(f"{SIGNS[terms]} terms", "time per token", f"that at {SIGNS[least]} terms", 1.3)
        note = f"{token[terms] * 1e6:.2f} µs a token against {token[least] * 1e6:.2f}"
        yield Figure(measure, token[terms] / token[least], note=note)
    large = rounds[most][0]
    measure = Measure(f"{SIGNS[most]} terms, a token", "CPU time", "1 µs", 3)
    yield Figure(measure, token[most] * 1e6, note=f"{large['seconds']:.1f} s")
    measure = Measure(f"memory of {SIGNS[most]} terms", "highest, with the table", "1 GiB", 1.2)
    yield Figure(measure, large["all"], note=f"{large['gib']:.2f} GiB without")
    measure = Measure(f"table of {SIGNS[most]} terms", "CPU time beyond the passes", "1 s", 2)
    yield Figure(measure, large["table"])
    for kind in TOKENS:
        found = measured(kind)["seconds"] / tokens(kind)
        measure = Measure(f"{DEEP:,} {kind} in each other".replace(",", " "), "time per token", "that of a sum")
        yield Figure(measure, found / token[100_000], note=f"{found * 1e6:.2f} µs a token")
    yield written_as_json()
    yield from modules(machine)


def written_as_json() -> Figure:
    """JSON of a report against json.dumps of the same, read back before."""
    import cgraph_cli
    from cgraph_cli.render import View
    from cgraph_cli.render.json import render_report

    expression = cgraph_cli.parse(sum_of(JSON_TERMS))
    report = expression.evaluate(point_of(expression.names))
    ready = json.loads("".join(render_report(report, View())))
    measure = Measure("JSON", f"seconds for a byte, {JSON_TERMS} terms", "json.dumps, objects ready", round(1 / 0.7, 2))
    sizes = [len("".join(render_report(report, View()))), len(json.dumps(ready))]
    taken = calls(measure, lambda: sum(map(len, render_report(report, View()))), lambda: json.dumps(ready), rounds=5)
    assert taken.ratio is not None
    return taken._replace(
        ratio=taken.ratio * sizes[1] / sizes[0], note=f"{taken.note}, {sizes[0]} and {sizes[1]} bytes"
    )


def modules(machine: Machine) -> Iterator[Figure]:
    """What would be 2^99 nodes if it were written out: answered where nothing has to be, refused where it has."""
    diamonds = machine.file("diamonds.txt", "\n".join(f"v{n + 1} = v{n} + v{n}" for n in range(100)))
    doubling = "\n".join(f"f{n + 1}(a) = f{n}(a)*f{n}(a + 1)" for n in range(99))
    inside = machine.file("doubling.txt", f"f0(a) = sin(a)\n{doubling}\nf99(x)")
    # A second is a hundred times bare Python where that takes 10 ms.
    for name, words, code in (
        ("100 diamonds", [diamonds, "--v0", "0.5"], 0),
        ("100 doubling modules, refused", [inside, "--x", "0.5"], 2),
        ("the same with --expand, refused", [inside, "--x", "0.5", "--expand"], 2),
    ):
        command = machine.cgraph("eval", "--file", *words)._replace(code=code)
        run = f"cgraph eval --file FILE {' '.join(words[1:])}"
        yield processes(Measure(name, run, 'python -c "pass"', 100), command, machine.python("pass"), 5)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2])
    else:
        sys.exit(alone("scale", figures))
