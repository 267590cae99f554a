"""What prepared evaluation costs against the same numbers written by hand: ``python tests/benchmarks/prepared.py``.

The two are timed in turn, many times, and the fastest of each counts; exit code 1 if prepared takes more than 1.5 times
as long. The cost of one whole evaluation with a report, and of the two passes alone, is printed beside it.
"""

from __future__ import annotations

import sys
import timeit
from collections.abc import Callable
from math import cos, exp, log, sin

import cgraph_cli
from cgraph_cli.engine.passes import backward, forward

TEXT = "log(1+exp(a*x+b))*sin(y)/(1+z^2)"
NAMES = ["a", "x", "b", "y", "z"]
POINT = (0.5, 1.2, -0.3, 0.7, 1.1)
MOST = 1.5
ROUNDS = 200


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


def fastest(*actions: Callable[[], object], calls: int = 2000) -> list[float]:
    """Microseconds of one call of each, the fastest of many rounds in turn."""
    timers = [timeit.Timer(action) for action in actions]
    rounds = [[timer.timeit(calls) for timer in timers] for _ in range(ROUNDS)]
    return [min(column) / calls * 1e6 for column in zip(*rounds, strict=True)]


def main() -> int:
    """Print the table; 1 if the bar is not met."""
    expression = cgraph_cli.parse(TEXT)
    function = expression.function(NAMES)
    assert all(abs(a - b) < 1e-15 for a, b in zip(function(*POINT)[1], by_hand(*POINT)[1], strict=True))
    hand, prepared = fastest(lambda: by_hand(*POINT), lambda: function(*POINT))
    graph, point = expression.graph(), dict(zip(NAMES, POINT, strict=True))
    passes = (
        min(timeit.repeat(lambda: backward(graph, forward(graph, point), graph.output), number=100, repeat=20)) * 1e4
    )
    report = min(timeit.repeat(lambda: expression.evaluate(point), number=100, repeat=20)) * 1e4
    for name, taken in (("by hand", hand), ("prepared", prepared), ("passes", passes), ("evaluate", report)):
        print(f"{name:>9} {taken:7.2f} µs {taken / hand:7.2f} times by hand")
    return int(prepared > MOST * hand)


if __name__ == "__main__":
    sys.exit(main())
