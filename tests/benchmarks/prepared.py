"""One formula at many points: value and five partials of log(1+exp(a*x+b))*sin(y)/(1+z^2) against code by hand.

`Expression.function`, and the function that `cgraph export --to python` writes, against a Python function; the C that
`--to c` writes, compiled with -O2, against a C function; and, without a bar, the two passes and the whole report.

By hand: ``python -m tests.benchmarks.prepared``.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from math import cos, exp, log, sin
from typing import Any

from tests.benchmarks.measure import NEURON, Figure, Machine, Measure, alone, calls

TITLE = "Prepared evaluation and exported code"
NAMES = ["a", "x", "b", "y", "z"]
POINT = (0.5, 1.2, -0.3, 0.7, 1.1)
ROUNDS = 100
CALLS = 1000
IN_C = """
double by_hand(double a, double x, double b, double y, double z, double gradient[5])
{
    double u = exp(a*x + b), w = 1 + u, softplus = log(w), s = sin(y), d = 1 + z*z;
    double value = softplus*s/d, g = s/d*u/w;
    gradient[0] = g*x; gradient[1] = g*a; gradient[2] = g;
    gradient[3] = softplus*cos(y)/d; gradient[4] = -2*z*value/d;
    return value;
}
"""
MAIN = """
#include <stdio.h>
#include <time.h>
double f(double, double, double, double, double, double[5]);
double by_hand(double, double, double, double, double, double[5]);
static double taken(double (*function)(double, double, double, double, double, double[5]), double *sum)
{
    struct timespec from, to;
    double gradient[5];
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int n = 0; n < 100000; n++) {
        *sum += function(0.5, 1.2, -0.3, 0.7, 1.1 + 1e-6*n, gradient);
        for (int i = 0; i < 5; i++) *sum += gradient[i];
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    return (to.tv_sec - from.tv_sec) + 1e-9*(to.tv_nsec - from.tv_nsec);
}
int main(void)
{
    double ours = 0, theirs = 0;
    for (int n = 0; n < 51; n++) {
        double hand = taken(by_hand, &theirs), exported = taken(f, &ours);
        printf("%.9f %.9f\\n", exported, hand);
    }
    double off = ours/theirs - 1;
    return off > 1e-12 || off < -1e-12;
}
"""


def by_hand(a: float, x: float, b: float, y: float, z: float) -> tuple[float, tuple[float, float, float, float, float]]:
    """The value and five partials as one writes them, shared parts once."""
    u = exp(a * x + b)
    w = 1 + u
    softplus = log(w)
    s = sin(y)
    d = 1 + z * z
    value = softplus * s / d
    g = s / d * u / w
    return value, (g * x, g * a, g, softplus * cos(y) / d, -2 * z * value / d)


def figures(machine: Machine) -> Iterator[Figure]:
    """What is called, always against the same by hand."""
    import cgraph_cli
    from cgraph_cli.engine.passes import backward, forward

    expression = cgraph_cli.parse(NEURON)
    graph, point = expression.graph(), dict(zip(NAMES, POINT, strict=True))
    function, exported = expression.function(NAMES), in_python()
    for one in (function, exported):
        assert all(abs(ours - hand) < 1e-15 for ours, hand in zip(one(*POINT)[1], by_hand(*POINT)[1], strict=True))
    actions = {
        "expression.function()": (lambda: function(*POINT), CALLS, 1.5),
        "export --to python": (lambda: exported(*POINT), CALLS, None),
        "forward and backward pass": (lambda: backward(graph, forward(graph, point), graph.output), 50, None),
        "expression.evaluate()": (lambda: expression.evaluate(point), 50, None),
    }
    for name, (action, number, bar) in actions.items():
        yield calls(Measure(name, name, "Python by hand", bar), action, lambda: by_hand(*POINT), number, ROUNDS)
    yield in_c(machine)


def source(language: str) -> str:
    """What ``cgraph export`` writes for a language."""
    command = [sys.executable, "-m", "cgraph_cli", "export", NEURON, "--to", language, "--name", "f"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def in_python() -> Any:
    """The exported Python function."""
    known: dict[str, Any] = {}
    exec(source("python"), known)
    return known["f"]


def in_c(machine: Machine) -> Figure:
    """The exported C function, called in turn with one by hand through a pointer, both in files of their own."""
    measure = Measure("export --to c", "the C function, cc -O2", "C by hand")
    compiler = shutil.which("cc")
    if compiler is None:
        return Figure(measure, None, note="no cc on this machine")
    texts = {"exported.c": source("c"), "hand.c": "#include <math.h>\n" + IN_C, "main.c": MAIN}
    files = [machine.file(name, text) for name, text in texts.items()]
    program = str(machine.folder / "exported")
    subprocess.run([compiler, "-O2", "-D_POSIX_C_SOURCE=199309L", *files, "-lm", "-o", program], check=True)
    printed = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    pairs = [[float(word) * 1e4 for word in line.split()] for line in printed.splitlines()]
    ours, hand = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    return Figure(measure, ratio, note=f"{ours:.0f} ns against {hand:.0f} ns")


if __name__ == "__main__":
    sys.exit(alone("prepared", figures))
