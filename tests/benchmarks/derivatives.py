"""What derivatives cost, medians and ratios, run by hand: ``python -m tests.benchmarks.derivatives``.

Three tables: the process of ``cgraph diff`` against that of ``cgraph eval --json``; ``diff`` against SymPy for sums of
n terms sin(x_i*x_{i+1}), in the process and as a whole process; and the size of gradient graphs over the corpora, in
nodes per node of the graph they came from.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"
EXPRESSION = "log(1+exp(a*x+b))*sin(y)/(1+z^2)"
CGRAPH = [sys.executable, "-m", "cgraph_cli"]
SYMPY = "import sympy, sys; e = sympy.sympify(sys.argv[1]); [sympy.diff(e, x) for x in e.free_symbols]"
SYMPY_MOST = 100  # a thousand terms take SymPy a minute


def process_seconds(command: Sequence[str]) -> float:
    """The wall time of one process."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


def paired(first: Sequence[str], second: Sequence[str], runs: int = 20) -> tuple[float, float, float]:
    """The medians of two commands run in turn, and the median of the ratios of the pairs."""
    process_seconds(first), process_seconds(second)
    pairs = [(process_seconds(first), process_seconds(second)) for _ in range(runs)]
    return (
        statistics.median(one for one, _ in pairs),
        statistics.median(other for _, other in pairs),
        statistics.median(one / other for one, other in pairs),
    )


def median_seconds(action: Callable[[], object], runs: int) -> float:
    """The median time of a call."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def against_eval() -> None:
    values = [word for name in "axbyz" for word in (f"--{name}", "0.5")]
    diff, evaluated, ratio = paired([*CGRAPH, "diff", EXPRESSION], [*CGRAPH, "eval", EXPRESSION, *values, "--json"])
    print(
        f"cgraph diff {diff * 1e3:.0f} ms, cgraph eval --json {evaluated * 1e3:.0f} ms, "
        f"ratio {ratio:.2f} (at most 1.2)\n"
    )


def against_sympy() -> None:
    import sympy

    from cgraph_cli.report.derivatives import differentiate
    from cgraph_cli.syntax.parser import parse

    print("terms    cgraph diff  µs/term    SymPy diff    cgraph process  SymPy process")
    for terms in (10, 100, 1000, 10_000):
        text = "+".join(f"sin(x{i}*x{i + 1})" for i in range(terms))
        program = parse(text)
        runs = 5 if terms < 10_000 else 3
        ours = median_seconds(lambda program=program: differentiate(program), runs)  # type: ignore[misc]
        process = min(process_seconds([*CGRAPH, "diff", text]) for _ in range(3)) if terms <= 1000 else None
        theirs = their_process = None
        if terms <= SYMPY_MOST:
            expression = sympy.sympify(text)
            names = list(expression.free_symbols)
            theirs = median_seconds(lambda: [sympy.diff(expression, name) for name in names], 3)  # noqa: B023
            their_process = min(process_seconds([sys.executable, "-c", SYMPY, text]) for _ in range(3))
        cells = (
            f"{cell * 1e3:10.1f} ms" if cell is not None else " " * 12 + "-"
            for cell in (theirs, process, their_process)
        )
        print(f"{terms:<6} {ours * 1e3:10.1f} ms {ours / terms * 1e6:8.1f} {'  '.join(cells)}")
    print()


def cheap_gradient() -> None:
    from cgraph_cli.graph.build import Reading, build
    from cgraph_cli.symbolic.derive import gradient
    from cgraph_cli.symbolic.simplify import Simplifier
    from cgraph_cli.syntax.parser import parse

    print("nodes of the gradient graph per node of the graph (at most 5)")
    print("corpus            formulas   median      95%  largest")
    for file in sorted(CORPORA.glob("*.jsonl")):
        ratios = []
        for line in file.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            program = parse(case["expr"])
            names = [name for name in program.names() if name in case["vars"]]
            if names:
                graph = build(program, Reading(frozenset(names)))
                ratios.append(len(gradient(graph, graph.output, names, Simplifier(), exact=False)) / len(graph))
        ratios.sort()
        middle, most = statistics.median(ratios), ratios[int(0.95 * len(ratios))]
        print(f"{file.stem:<16} {len(ratios):9} {middle:8.2f} {most:8.2f} {ratios[-1]:8.2f}")


if __name__ == "__main__":
    against_eval()
    against_sympy()
    cheap_gradient()
