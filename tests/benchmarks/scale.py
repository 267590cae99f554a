"""Time per token and memory for sums of up to a million terms, and for 100 000 nested parentheses and calls.

By hand: ``python tests/benchmarks/scale.py [TERMS ...]`` (default: 1e4, 1e5 and 1e6; the last takes two minutes). Every
size runs in processes of its own, one for JSON and one for the table, whose highest memory is reported; times are those
of the processor. Exit code 1 where a bar is missed.
"""

from __future__ import annotations

import gc
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

GIB = 2**30
DEEP = 100_000
# The bars
MOST_MEMORY = 1.2 * GIB
MOST_PER_TOKEN = 3.0  # µs, from the text to the value and all gradients
MOST_FOR_TABLE = 2.0  # seconds per million terms, beyond the passes
LEAST_OF_DUMPS = 0.7  # bytes a second, of those of json.dumps over the same objects
COMPARED = 100_000  # terms up to which the objects of the JSON are made


def peak() -> float:
    """The highest memory of this process so far in bytes."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else 1024 * used


class Stages:
    """Times stages, and keeps which bars were missed."""

    def __init__(self, name: str, tokens: int) -> None:
        self.name = name
        self.tokens = tokens
        self.total = 0.0
        self.missed: list[str] = []

    def run(self, what: str, action: Callable[[], Any]) -> Any:
        """The result of one stage, whose time is printed and added."""
        started = time.process_time()
        result = action()
        taken = time.process_time() - started
        self.total += taken
        self.tell(what, taken)
        return result

    def tell(self, what: str, taken: float) -> None:
        """One line."""
        each = 1e6 * taken / self.tokens
        print(f"{self.name:>12} {what:>9} {taken:8.2f} s {each:7.2f} µs/token {peak() / GIB:6.2f} GiB", flush=True)

    def bar(self, what: str, found: float, bar: float, *, least: bool = False) -> None:
        """Compare a number with its bar."""
        met = found >= bar if least else found <= bar
        print(f"{self.name:>12} {what}: {found:.2f}, bar {bar:.2f}{'' if met else ', MISSED'}", flush=True)
        if not met:
            self.missed.append(what)


def measure(text: str, tokens: int, name: str, show: str) -> list[str]:
    """Print the time of each stage for ∂text/∂(every variable) and its JSON or its table; which bars were missed."""
    from cgraph_cli.graph.build import build
    from cgraph_cli.render import View, renderer
    from cgraph_cli.report.report import evaluate_graph
    from cgraph_cli.syntax.parser import parse

    parse("x + 1")  # the parser itself is loaded once
    gc.disable()
    stages = Stages(name, tokens)
    program = stages.run("parse", lambda: parse(text))
    numbers = random.Random(1)  # with all their digits, as most values have
    point = {variable: numbers.uniform(0.1, 2) for variable in program.names()}
    graph = stages.run("build", lambda: build(program))
    report = stages.run("evaluate", lambda: evaluate_graph(program, graph, point))
    stages.tell("so far", stages.total)
    is_sum = name not in TEXTS
    if is_sum:
        stages.bar("µs a token", 1e6 * stages.total / tokens, MOST_PER_TOKEN)
    whole = renderer("report", show)
    before = stages.total
    size = stages.run(show, lambda: sum(map(len, whole(report if show == "json" else report.folded(), View()))))
    taken = stages.total - before
    stages.bar("GiB", peak() / GIB, MOST_MEMORY / GIB)
    if not is_sum:
        return stages.missed
    if show == "table":
        stages.bar("seconds of the table for a million terms", taken * 1e6 / float(name), MOST_FOR_TABLE)
    elif float(name) <= COMPARED:
        objects = json.loads("".join(whole(report, View())))
        started = time.process_time()
        theirs = len(json.dumps(objects)) / (time.process_time() - started)
        stages.bar("bytes a second against json.dumps", size / taken / theirs, LEAST_OF_DUMPS, least=True)
    return stages.missed


TEXTS = {
    "parentheses": ("(" * DEEP + "x" + ")" * DEEP, 2 * DEEP + 1),
    "sin": ("sin(" * DEEP + "x" + ")" * DEEP, 3 * DEEP + 1),
}


def of(kind: str) -> tuple[str, int]:
    """A text and the number of its tokens."""
    if kind in TEXTS:
        return TEXTS[kind]
    terms = int(float(kind))
    return "+".join(f"sin(x{number}*x{number + 1})" for number in range(terms)), 7 * terms - 1


def main(words: list[str]) -> int:
    """Measure each kind in its own processes; 1 if one of them failed or missed a bar."""
    if words[:1] == ["--one"]:
        _, kind, show = words
        text, tokens = of(kind)
        return int(bool(measure(text, tokens, kind, show)))
    runs = [(kind, show) for kind in words or ["1e4", "1e5", "1e6", *TEXTS] for show in ("json", "table")]
    codes = [subprocess.run([sys.executable, __file__, "--one", *run], check=False).returncode for run in runs]
    for (kind, show), code in zip(runs, codes, strict=True):
        if code:
            print(f"{kind} as {show}: a bar was missed, or it failed")
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
