"""Time per token and memory for sums of up to a million terms, and for 100 000 nested parentheses and calls.

By hand: ``python tests/benchmarks/scale.py [TERMS ...]`` (default: 1e4, 1e5 and 1e6; the last needs 2 GiB and a few
minutes). Every size runs in a process of its own, whose highest memory is reported; exit code 1 if it is over 2 GiB.
"""

from __future__ import annotations

import gc
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

GIB = 2**30
DEEP = 100_000


def peak() -> float:
    """The highest memory of this process so far in bytes."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else 1024 * used


def measure(text: str, tokens: int, name: str) -> None:
    """Print the time of each stage and the memory at its end, for ∂text/∂(every variable)."""
    from cgraph_cli.engine.passes import backward, forward
    from cgraph_cli.graph.build import build
    from cgraph_cli.render import View
    from cgraph_cli.render.json import render_report
    from cgraph_cli.report.report import evaluate_graph
    from cgraph_cli.syntax.parser import parse

    parse("x + 1")  # the parser itself is loaded once
    gc.disable()
    total = 0.0

    def stage(what: str, action: Callable[[], Any]) -> Any:
        nonlocal total
        started = time.perf_counter()
        result = action()
        taken = time.perf_counter() - started
        total += taken
        print(f"{name:>20} {what:>9} {taken:8.2f} s {1e6 * taken / tokens:7.2f} µs/token {peak() / GIB:6.2f} GiB")
        return result

    program = stage("parse", lambda: parse(text))
    point = dict.fromkeys(program.names(), 1.5)
    graph = stage("build", lambda: build(program))
    values = stage("forward", lambda: forward(graph, point))
    stage("backward", lambda: backward(graph, values, graph.output))
    report = stage("report", lambda: evaluate_graph(program, graph, point))
    stage("JSON", lambda: sum(map(len, render_report(report, View()))))
    print(f"{name:>20} {'all':>9} {total:8.2f} s {1e6 * total / tokens:7.2f} µs/token {peak() / GIB:6.2f} GiB\n")


def texts(kind: str) -> tuple[str, int]:
    """A text and the number of its tokens."""
    if kind == "parentheses":
        return "(" * DEEP + "x" + ")" * DEEP, 2 * DEEP + 1
    if kind == "sin":
        return "sin(" * DEEP + "x" + ")" * DEEP, 3 * DEEP + 1
    terms = int(float(kind))
    return "+".join(f"x{number}*y{number}" for number in range(terms)), 4 * terms - 1


def main(words: list[str]) -> int:
    """Measure each kind in its own process; 1 if one of them failed or took more than 2 GiB."""
    if words[:1] == ["--one"]:
        text, tokens = texts(words[1])
        measure(text, tokens, words[1])
        return int(peak() > 2 * GIB)
    kinds = words or ["1e4", "1e5", "1e6", "parentheses", "sin"]
    codes = [subprocess.run([sys.executable, __file__, "--one", kind], check=False).returncode for kind in kinds]
    for kind, code in zip(kinds, codes, strict=True):
        if code:
            print(f"{kind}: failed, or more than 2 GiB")
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
