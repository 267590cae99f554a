"""Functions of functions at hard points: no number is wrong without a warning."""

from __future__ import annotations

from math import isfinite
from random import Random

import mpmath
from mpmath import mp

import cgraph_cli
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.report.digits import is_wrong
from cgraph_cli.rules import RULES

INFIX = {
    "add": "({})+({})", "sub": "({})-({})", "mul": "({})*({})", "div": "({})/({})", "pow": "({})^({})", "neg": "-({})",
}  # fmt: skip
SLOW = ("gamma", "lgamma", "digamma", "polygamma")
FUNCTIONS = [name for name, rule in RULES.items() if rule.has_slope and rule.has_gradient and name not in SLOW]
USUAL = [*INFIX, "exp", "log", "sqrt", "logsumexp"]
NUMBERS = ["1", "0.1", "2", "-1", "3", "1e-9", "1e8"]
POINTS = 3
DIGITS = 300
LEAST = 1e-200  # below it lies what is 0 but for the last of so many digits


def nest(random: Random, depth: int) -> str:
    """A function of functions of x and y."""
    if depth == 0 or random.random() < 0.15:
        return random.choice("xy") if random.random() < 0.8 else random.choice(NUMBERS)
    name = random.choice(FUNCTIONS if random.random() < 0.6 else USUAL)
    rule = RULES[name]
    count = random.randint(1, 3) if rule.many else len(rule.args)
    inside = [nest(random, depth - 1) for _ in range(count)]
    return INFIX[name].format(*inside) if name in INFIX else f"{name}({', '.join(inside)})"


def hard(random: Random) -> float:
    """A number at which digits are lost: very small, near 1, far out."""
    sign = random.choice((-1, 1))
    return random.choice(
        (
            sign * 10 ** random.uniform(-16, 3),
            1 + sign * 10 ** random.uniform(-16, -1),
            random.uniform(-40, 40),
            float(random.randint(-5, 40)),
        )
    )


def silent(random: Random) -> None:
    """Values and gradients that are told without a warning have the digits that are shown."""
    expression = cgraph_cli.parse(nest(random, random.choice((2, 2, 3))))
    for _ in range(POINTS):
        report = expression.evaluate({name: hard(random) for name in expression.variables})
        if any(one.word != "note" for one in report.warnings):
            continue
        graph = report.graph
        with mpmath.workdps(DIGITS):
            values = forward(graph, report.variables, precise())
            slopes = backward(graph, values, graph.output, precise()).upstream
            true = {"value": values[graph.output], **{name: slopes[node] for name, node in graph.variables.items()}}
        for name, number in {"value": report.value, **report.gradients}.items():
            if mp.isfinite(true[name]) and abs(true[name]) > LEAST:
                is_right = isfinite(number) and not is_wrong(number, float(true[name]))
                assert is_right, f"{name} of {expression} at {report.variables}: {number}, not {true[name]}"
