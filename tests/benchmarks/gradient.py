"""From one text to its value and all gradients, as a library does it; imports are not counted.

Every tool gets the same text in a process of its own, all in turn, for at most 25 s of CPU time; Python's `eval` reads
the text for those that have no parser. All have to give the same numbers. The sums are sin(x0*x1) + sin(x1*x2) + …, the
formulas those of a list, from a neuron to van der Waals.

By hand: ``python -m tests.benchmarks.gradient [--peers PYTHON]``.
"""

from __future__ import annotations

import json
import math
import signal
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Figure, Machine, Measure, against, alone
from tests.benchmarks.worker import TOOLS, missing

TITLE = "Text to value and gradients"
OURS = "cgraph_cli"
SECONDS = 25
BAR = 0.6
SIZES = {1_000: (3, None), 10_000: (3, BAR), 100_000: (2, BAR)}  # terms: rounds, bar
FORMULAS = {  # Python's notation of powers, for those that have no parser
    "neuron": "1/(1 + exp(-(w0*x0 + w1*x1 + b)))",
    "softplus and sine": "log(1 + exp(a*x + b))*sin(y)/(1 + z**2)",
    "Rosenbrock": "(a - x)**2 + b*(y - x**2)**2",
    "pendulum": "2*pi*sqrt(l/g)*(1 + t**2/16 + 11*t**4/3072)".replace("pi", "3.141592653589793"),
    "Planck": "2*h*c**2/l**5/(exp(h*c/(l*k*t)) - 1)",
    "van der Waals": "n*r*t/(v - n*b) - a*n**2/v**2",
    "two layers": "tanh(u1*tanh(w1*x + b1) + u2*tanh(w2*x + b2) + c)",
    "Lennard-Jones": "4*d*((s/r)**12 - (s/r)**6)",
    "damped wave": "a*exp(-k*t)*cos(sqrt(w**2 + k**2)*t + p)",
}
TIMES = 20  # of every formula in one process
Answers = list[dict[str, Any]]


def job(text: str, names: list[str], times: int = 1) -> dict[str, Any]:
    """A text at a point where all is defined."""
    return {"text": text, "point": {name: 0.9 + 0.6 * math.sin(n) ** 2 for n, name in enumerate(names)}, "times": times}


def asked(machine: Machine, tool: str, jobs: list[dict[str, Any]]) -> Answers | str:
    """What a tool answers in a process of its own, or why it does not."""
    python = str(machine.programs / "python") if tool == OURS else machine.peers
    command = [python, str(Path(__file__).with_name("worker.py")), tool, str(SECONDS)]
    done = subprocess.run(command, input=json.dumps(jobs), capture_output=True, text=True, check=False)
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"passes {SECONDS} s"
    if done.returncode or not done.stdout:
        last = done.stderr.strip().rpartition("\n")[2] or f"exit code {done.returncode}"
        return f"fails: {last[:80]}"
    answers: Answers = json.loads(done.stdout)
    return answers


def same(ours: Answers, theirs: Answers) -> bool:
    """Whether two tools have the same numbers, as far as the order of a sum leaves them."""
    pairs = (
        pair
        for our, their in zip(ours, theirs, strict=True)
        for pair in zip([our["value"], *our["gradients"]], [their["value"], *their["gradients"]], strict=True)
    )
    return all(math.isclose(our, their, rel_tol=1e-9, abs_tol=1e-12) for our, their in pairs)


def compared(
    machine: Machine, name: str, jobs: list[dict[str, Any]], rounds: int, bar: float | None, failed: dict[str, str]
) -> Iterator[Figure]:
    """cgraph against every peer that has not failed at something smaller."""
    found: dict[str, list[Answers]] = {tool: [] for tool in TOOLS}
    for _ in range(rounds):
        for tool in TOOLS:
            if tool not in failed:
                answer = asked(machine, tool, jobs)
                if isinstance(answer, str):
                    failed[tool] = answer if answer.startswith("no ") else f"{answer} with the {name}"
                else:
                    found[tool].append(answer)
    if OURS in failed:
        raise RuntimeError(f"cgraph {failed[OURS]}")
    for tool in TOOLS:
        if tool == OURS:
            continue
        measure = Measure(f"{name}: {tool}", "cgraph_cli.evaluate(text, point)", tool, bar)
        if tool in failed:
            yield Figure(measure, None, note=failed[tool])
            continue
        if not all(map(same, found[OURS], found[tool])):
            raise RuntimeError(f"{tool} and cgraph differ about {name}")
        ours, theirs = ([sum(map(seconds, answer)) for answer in found[one]] for one in (OURS, tool))
        ratio = statistics.median(our / their for our, their in zip(ours, theirs, strict=True))
        yield Figure(measure, ratio, note=against(statistics.median(ours), statistics.median(theirs)))


def seconds(answer: dict[str, Any]) -> float:
    """The median time of one text."""
    return statistics.median(answer["seconds"])


def figures(machine: Machine) -> Iterator[Figure]:
    """Formulas, then sums of more and more terms."""
    from cgraph_cli.syntax.parser import parse

    failed = {tool: why for tool in TOOLS if tool != OURS and (why := missing(machine.peers, tool))}
    jobs = [job(text, [*parse(text).names()], TIMES) for text in FORMULAS.values()]
    yield from compared(machine, f"{len(jobs)} formulas", jobs, 3, None, dict(failed))
    for terms, (rounds, bar) in SIZES.items():
        text = "+".join(f"sin(x{n}*x{n + 1})" for n in range(terms))
        jobs = [job(text, [f"x{n}" for n in range(terms + 1)])]
        yield from compared(machine, f"sum of {terms:,} terms".replace(",", " "), jobs, rounds, bar, failed)


if __name__ == "__main__":
    sys.exit(alone("gradient", figures))
