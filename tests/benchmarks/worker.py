"""One tool from text to value and all gradients, in a process of its own: what tests/benchmarks/gradient.py starts.

``python worker.py TOOL SECONDS`` reads a JSON list of jobs, {"text", "point", "times"}, from standard input, and prints
for each the seconds of every time, the value and the gradients: CPU seconds of what is done once, wall time of what is
done often and takes less than a slice of the processor's time. It needs nothing but the tool.
"""

from __future__ import annotations

import importlib
import json
import math
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

Point = dict[str, float]
Gradient = Callable[[str, Point], tuple[float, list[float]]]
FUNCTIONS = ("sin", "cos", "exp", "log", "sqrt", "tanh")


def missing(python: str, module: str) -> str:
    """Nothing if that Python has a module, else the sentence that says it has not."""
    found = subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False)
    return f"no {module} in the environment of the peers" if found.returncode else ""


def functions(module: str) -> dict[str, Any]:
    """The functions of a formula, from a module."""
    return {name: getattr(importlib.import_module(module), name) for name in FUNCTIONS}


def with_cgraph() -> Gradient:
    import cgraph_cli

    def gradient(text: str, point: Point) -> tuple[float, list[float]]:
        report = cgraph_cli.evaluate(text, point)
        return report.value, [report.gradients[name] for name in point]

    return gradient


def with_torch() -> Gradient:
    import torch

    known = functions("torch")

    def gradient(text: str, point: Point) -> tuple[float, list[float]]:
        leaves = {name: torch.tensor(value, dtype=torch.float64, requires_grad=True) for name, value in point.items()}
        value = eval(text, known | leaves)
        value.backward()
        return value.item(), [leaf.grad.item() for leaf in leaves.values()]

    return gradient


def with_casadi() -> Gradient:
    import casadi

    known = functions("casadi")

    def gradient(text: str, point: Point) -> tuple[float, list[float]]:
        names = {name: casadi.SX.sym(name) for name in point}
        value, at = eval(text, known | names), casadi.vertcat(*names.values())
        found = casadi.Function("f", [at], [value, casadi.gradient(value, at)])(list(point.values()))
        return float(found[0]), found[1].full().ravel().tolist()

    return gradient


def with_autograd() -> Gradient:
    from autograd import value_and_grad

    known = functions("autograd.numpy")

    def gradient(text: str, point: Point) -> tuple[float, list[float]]:
        code = compile(text, "text", "eval")
        value, gradients = value_and_grad(lambda at: eval(code, known | dict(zip(point, at, strict=True))))(
            [*point.values()]
        )
        return float(value), [float(one) for one in gradients]

    return gradient


def with_jax() -> Gradient:
    import jax

    jax.config.update("jax_enable_x64", True)
    known = functions("jax.numpy")

    def gradient(text: str, point: Point) -> tuple[float, list[float]]:
        code = compile(text, "text", "eval")
        value, gradients = jax.value_and_grad(lambda at: eval(code, known | at))(point)
        return float(value), [float(gradients[name]) for name in point]

    return gradient


def with_sympy() -> Gradient:
    import sympy

    def gradient(text: str, point: Point) -> tuple[float, list[float]]:
        names = {name: sympy.Symbol(name) for name in point}
        value = sympy.sympify(text, locals=names)
        partials = [sympy.diff(value, name) for name in names.values()]
        found = sympy.lambdify([*names.values()], [value, *partials], "math")(*point.values())
        return found[0], found[1:]

    return gradient


TOOLS: dict[str, Callable[[], Gradient]] = {
    "cgraph_cli": with_cgraph,
    "torch": with_torch,
    "casadi": with_casadi,
    "autograd": with_autograd,
    "jax": with_jax,
    "sympy": with_sympy,
}


def main() -> None:
    """Do the jobs of standard input with the tool that is named."""
    jobs, tool = json.load(sys.stdin), TOOLS[sys.argv[1]]()
    tool("sin(x*y) + x", {"x": 1.0, "y": 2.0})  # what a tool loads at its first use is start-up
    limit = math.ceil(time.process_time()) + int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    results = []
    for job in jobs:
        seconds = []
        for _ in range(job["times"]):
            started, spent = time.perf_counter(), time.process_time()
            value, gradients = tool(job["text"], job["point"])
            wall, spent = time.perf_counter() - started, time.process_time() - spent
            seconds.append(wall if job["times"] > 1 else spent)
        results.append({"seconds": seconds, "value": value, "gradients": gradients})
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    # Python's compiler and the tools recurse over a formula; what they need for it is not to be what stops them.
    sys.setrecursionlimit(10**7)
    threading.stack_size(2**30)
    thread = threading.Thread(target=main)
    thread.start()
    thread.join()
