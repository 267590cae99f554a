"""Derivatives as formulas and second derivatives: time, and the size of gradient graphs.

`cgraph diff` as a process; against SymPy's `diff` in one process, from the text each, for sums of n terms
sin(x_i*x_{i+1}); and nodes of the gradient graph per node of the graph, 95 of 100 of every fourth formula of a corpus.

By hand: ``python -m tests.benchmarks.derivatives``.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterator

from tests.benchmarks.measure import CORPORA, NEURON, Figure, Machine, Measure, alone, calls, processes

TITLE = "Derivatives"
SYMPY = (1, 10, 100)  # terms; a thousand take SymPy a minute
LARGE = 10_000
PRODUCT = 100


def sum_of(terms: int) -> str:
    """sin(x0*x1) + sin(x1*x2) + …"""
    return "+".join(f"sin(x{n}*x{n + 1})" for n in range(terms))


def figures(machine: Machine) -> Iterator[Figure]:
    """Processes, calls, sizes."""
    values = [word for name in "axbyz" for word in (f"--{name}", "0.5")]
    measure = Measure("diff / eval", f'cgraph diff "{NEURON}"', "cgraph eval … --json", 1.2)
    yield processes(measure, machine.cgraph("diff", NEURON), machine.cgraph("eval", NEURON, *values, "--json"))
    # A second is a hundred times bare Python where that takes 10 ms.
    measure = Measure(f"diff of {LARGE:,} terms".replace(",", " "), "cgraph diff --file FILE", 'python -c "pass"', 100)
    file = machine.file("large.txt", sum_of(LARGE))
    yield processes(measure, machine.cgraph("diff", "--file", file), machine.python("pass"), 3)
    measure = Measure(f"Hessian of a product of {PRODUCT}", "cgraph eval … --hessian --json", 'python -c "pass"', 50)
    names = [f"x{n}" for n in range(PRODUCT)]
    file = machine.file("product.json", json.dumps({name: 1 + n / PRODUCT for n, name in enumerate(names)}))
    product = machine.cgraph("eval", "*".join(names), "--values", file, "--hessian", "--json")
    yield processes(measure, product, machine.python("pass"), 5)
    yield from against_sympy()
    yield from sizes()


def against_sympy() -> Iterator[Figure]:
    """All partial derivatives of a text."""
    import sympy

    import cgraph_cli

    for terms in SYMPY:
        text = sum_of(terms)
        names = {f"x{n}": sympy.Symbol(f"x{n}") for n in range(terms + 1)}

        def theirs(text: str = text, names: dict[str, sympy.Symbol] = names) -> object:
            sympy.core.cache.clear_cache()  # the next round is not to find the answer of the last
            value = sympy.sympify(text, locals=names)
            return [sympy.diff(value, name) for name in names.values()]

        def ours(text: str = text) -> object:
            return cgraph_cli.differentiate(text)

        yield calls(Measure(f"{terms} terms", "cgraph_cli.differentiate(text)", "SymPy"), ours, theirs, rounds=5)


def sizes() -> Iterator[Figure]:
    """Nodes of the gradient graph per node of the graph."""
    from cgraph_cli.graph.build import Reading, build
    from cgraph_cli.symbolic.derive import gradient
    from cgraph_cli.symbolic.simplify import Simplifier
    from cgraph_cli.syntax.parser import parse

    files = sorted(CORPORA.glob("*.jsonl"))
    if not files:
        yield Figure(
            Measure("gradient graph", "nodes", "nodes of the graph", 5), None, note="no corpora beside this checkout"
        )
    for file in files:
        ratios = []
        for line in file.read_text(encoding="utf-8").splitlines()[::4]:
            case = json.loads(line)
            program = parse(case["expr"])
            names = [name for name in program.names() if name in case["vars"]]
            if names:
                graph = build(program, Reading(frozenset(names)))
                ratios.append(len(gradient(graph, graph.output, names, Simplifier(), exact=False)) / len(graph))
        ratios.sort()
        measure = Measure(f"gradient graph, {file.stem}", "nodes, 95 of 100 formulas", "nodes of the graph", 5)
        note = f"{len(ratios)} formulas, median {statistics.median(ratios):.2f}, largest {ratios[-1]:.2f}"
        yield Figure(measure, ratios[int(0.95 * len(ratios))], note=note)


if __name__ == "__main__":
    sys.exit(alone("derivatives", figures))
