"""The self-test of exported code passes where the function is right, and fails where it is not, in every language."""

from __future__ import annotations

import copy
import functools
import itertools
import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mpmath
import oracle
import pytest
from exporting import RUNNABLE, Point, agree, job_for, numbers, ran, require
from mpmath import mp

from cgraph_cli.engine.passes import forward
from cgraph_cli.export import export
from cgraph_cli.export.job import Job, export_job
from cgraph_cli.graph.build import Reading, build, variables_of
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, operation
from cgraph_cli.syntax.parser import parse

ADD, SUB, MUL = map(operation, ("add", "sub", "mul"))
# Where the formula as written has no number, where it has one that doubles lose, and where all is well.
POINTS: list[tuple[str, Point]] = [
    ("x*sqrt(x)", {"x": 0.0}), ("x/x", {"x": 0.0}), ("sqrt(x)^2", {"x": 0.0}), ("x^2/x", {"x": 1e200}),
    ("exp(x)/exp(y)", {"x": 800.0, "y": 799.0}), ("log(x*y)", {"x": 1e200, "y": 1e200}),
    ("atan2(y, x)", {"y": 1e-200, "x": 1e-200}), ("atan2(y, x)", {"y": 1e200, "x": 1e200}),
    ("atan2(y, x)", {"y": 1e-300, "x": 1e-300}), ("atan2(y, x)", {"y": 1e300, "x": -1e300}),
    ("x/y", {"x": -1e308, "y": -1e200}), ("x/(1 + x^2)", {"x": 1e200}), ("log(1 + exp(x))", {"x": 800.0}),
    ("sin(pi*x)", {"x": 0.75}), ("0.1*x*3", {"x": 0.7}), ("max(x, y)^2", {"x": 1.5, "y": 1.0}),
    ("gamma(x)*erf(y)", {"x": 2.5, "y": 0.75}), ("digamma(x) + lgamma(y)", {"x": 1.46, "y": 1.99}),
    ("gelu(x)", {"x": -10.0}), ("1/gelu(x)", {"x": -25.0}), ("sin(x/1e-3)", {"x": 4.0}), ("exp(x/0.1)", {"x": 60.0}),
    ("w*(-606905518386*x + 691804353281*y - 59078009239*z)", {"w": 1.3, "x": 2.5, "y": 0.7, "z": 1.1}),
]  # fmt: skip


@functools.cache
def truth(expression: str, values: tuple[tuple[str, float], ...]) -> list[Any]:
    """Value and gradient by mpmath's functions and differences; one-sided where one side has no real value."""
    point = dict(values)
    program = parse(expression)
    graph = build(program, Reading(frozenset(point)))

    def value(*args: Any) -> Any:
        found: list[Any] = []
        variables = iter(args)
        for node, op in enumerate(graph.ops):
            if op is VARIABLE:
                found.append(next(variables))
            elif op is CONSTANT:
                found.append(mp.pi if graph.symbols.get(node) == "pi" else mp.mpf(graph.constants[node]))
            else:
                try:
                    found.append(oracle.value(op.name)(*(found[arg] for arg in graph.arguments(node))))
                except ZeroDivisionError:
                    found.append(mp.nan)
        return found[graph.output]

    def near(args: list[Any], index: int, h: Any) -> Any:
        return value(*args[:index], args[index] + h, *args[index + 1 :])

    args = [mp.mpf(point[name]) for name in graph.variables]
    middle = value(*args)
    steps = [abs(arg) * mp.mpf("1e-40") or mp.mpf("1e-900") for arg in args]
    gradient = []
    for index, h in enumerate(steps):
        ahead, behind = near(args, index, h), near(args, index, -h)
        if not isinstance(behind, mpmath.mpf):
            gradient.append((near(args, index, 2 * h) - ahead) / h)
        else:
            gradient.append((ahead - behind) / (2 * h))
    return [near(args, 0, steps[0]) if mp.isnan(middle) else middle, *gradient]


@pytest.mark.parametrize("language", RUNNABLE)
def test_it_passes_exactly_where_the_exported_function_is_right(language: str, tmp_path: Path) -> None:
    require(language)
    jobs = [job_for(expression, point, test=True) for expression, point in POINTS]
    found = numbers(language, jobs, [point for _, point in POINTS], tmp_path)
    seen = set()
    for (expression, point), job, gives in zip(POINTS, jobs, found, strict=True):
        with mp.workdps(500):
            right = all(
                agree(one, oracle.as_double(two), 1e-12 * abs(oracle.as_double(two)) + 1e-322)
                for one, two in zip(gives, truth(expression, tuple(point.items())), strict=True)
            )
        done = ran(language, export(job, language), tmp_path)
        assert (done.returncode == 0) == right, (expression, point, gives, done.stdout, done.stderr)
        seen.add(right)
    assert True in seen


def broken(right: Job, point: Point, random: random.Random) -> Iterator[tuple[str, Job]]:
    """A job in ways that are wrong: signs, constants, operations, gradients in another order, a little and much."""
    expected = numbers_of(right, point)

    def changed(how: str, change: Callable[[Job], None]) -> Iterator[tuple[str, Job]]:
        known = {id(op): op for op in right.straight.graph.ops}  # each is one object
        job = right._replace(straight=copy.deepcopy(right.straight, known))
        change(job)
        gives = numbers_of(job, point)
        if any(not agree(one, two, 1e-11 * abs(two)) for one, two in zip(gives, expected, strict=True)):
            yield how, job

    def scaled(output: str, factor: float) -> Callable[[Job], None]:
        def change(job: Job) -> None:
            straight = job.straight
            straight.give(output, straight.make("mul", [straight.outputs[output], straight.number(factor)]))

        return change

    def swapped(one: str, other: str) -> Callable[[Job], None]:
        def change(job: Job) -> None:
            outputs = job.straight.outputs
            outputs[one], outputs[other] = outputs[other], outputs[one]

        return change

    def constant(node: int, factor: float) -> Callable[[Job], None]:
        def change(job: Job) -> None:
            job.straight.graph.constants[node] *= factor
            job.straight.graph.symbols.pop(node, None)
            job.straight.graph.names.pop(node, None)

        return change

    def operation(node: int) -> Callable[[Job], None]:
        def change(job: Job) -> None:
            job.straight.graph.ops[node] = {ADD: SUB, SUB: ADD, MUL: ADD}[job.straight.graph.ops[node]]

        return change

    straight = right.straight
    uses = straight.uses()
    for output in straight.outputs:
        for factor in (-1.0, 1 + 1e-10, 1 - 1e-3, 1e6):
            yield from changed(f"{output} times {factor}", scaled(output, factor))
    for one, other in itertools.combinations(list(straight.outputs)[1:], 2):
        yield from changed(f"{one} is {other}", swapped(one, other))
    used = [node for node in range(len(straight.graph)) if uses[node] and node not in straight.truths]
    for node in random.sample(used, min(8, len(used))):
        if straight.graph.constants.get(node):
            for factor in (-1.0, 1 + 1e-9, 2.0):
                yield from changed(f"constant {straight.graph.constants[node]} times {factor}", constant(node, factor))
        elif straight.graph.ops[node] in (ADD, SUB, MUL):
            yield from changed(f"{straight.graph.ops[node].name} at {node}", operation(node))


def numbers_of(job: Job, point: Point) -> list[float]:
    """What a job's function gives, by the engine."""
    values = forward(job.straight.graph, point)
    return [values[node] for node in job.straight.outputs.values()]


BROKEN: list[tuple[str, Point]] = [
    ("(x + y)*z", {"x": -2.0, "y": 5.0, "z": -4.0}),
    ("1/(1 + exp(-(w*x + b)))", {"w": 0.5, "x": 2.0, "b": -0.25}),
    ("where(x > y, x*sin(pi*y) + 0.3, max(x, y)^2)", {"x": 1.5, "y": 0.25}),
    ("w*(-606905518386*x + 691804353281*y - 59078009239*z)*1e-9", {"w": 1.3, "x": 2.5, "y": 0.7, "z": 1.1}),
    ("log(x)/x + 2.5*hypot(x, y)", {"x": 1e-150, "y": 2e-150}),
]


@pytest.mark.parametrize("language", RUNNABLE)
def test_a_function_broken_on_purpose_fails(language: str, tmp_path: Path) -> None:
    require(language)
    rng = random.Random(5)
    most = {"rust": 4, "c": 8}.get(language, 12)
    for expression, point in BROKEN:
        ways = list(broken(job_for(expression, point, test=True), point, rng))
        for how, job in rng.sample(ways, most):
            done = ran(language, export(job, language), tmp_path)
            assert done.returncode != 0, (expression, how, done.stdout)
            assert " expected " in done.stdout + done.stderr


def test_real_formulas_pass_as_they_are_and_fail_broken_a_little(corpora: list[dict[str, Any]]) -> None:
    rng = random.Random(7)
    ways, unseen, sharp = 0, 0, 0
    for case in corpora[::61]:
        program = parse(case["expr"])
        graph = build(program, Reading(frozenset(case["vars"])))
        if len(graph) > 300:
            continue
        point = {name: case["vars"][name] for name in graph.variables}
        right = export_job(program, graph, point=point)
        for found, check in zip(numbers_of(right, point), right.checks, strict=True):
            assert agree(found, check.expected, check.tolerance), (case["id"], check, found)
            sharp += check.tolerance <= 1e-12 * abs(check.expected)
        for _, job in broken(right, point, rng):
            ways += 1
            gives = zip(numbers_of(job, point), right.checks, strict=True)
            unseen += all(agree(one, check.expected, check.tolerance) for one, check in gives)
    assert ways > 400
    assert sharp > 80
    assert unseen < ways / 50  # a change of 1e-10 in what rounding has left fewer digits of


@pytest.mark.parametrize(
    ("expression", "point"),
    [
        ("g(a) = gelu(a)^2; g(x)", {"x": -21.96}),
        # decimals are exact in formulas and doubles in their values
        ("x^(1/0.1)", {"x": 1e30}),
        ("1/(x/0.1 - y)", {"x": 1.0, "y": 9.999999}),
        # -0 is made inside
        ("atan2(y, y/x)", {"x": -0.5, "y": 0.0}),
        ("x^1e16", {"x": -1.0}),
    ],
)
def test_right_functions_pass(expression: str, point: Point) -> None:
    job = job_for(expression, point, test=True)
    values = forward(job.straight.graph, point)
    for check, node in zip(job.checks, job.straight.outputs.values(), strict=True):
        assert check.holds_for(values[node]) or math.isnan(values[job.straight.outputs["value"]]), check


def test_what_rounding_leaves_no_digit_of_is_said() -> None:
    text = export(job_for("(exp(x) - 1)/x", {"x": 1e-10}, test=True), "c")
    assert "2 numbers agree, f only to within 2e-05, df/dx only to within 2e+05" in text
    assert "0.5000000000333333" in text  # not the -826 of doubles


@pytest.mark.parametrize(
    "expression",
    [
        "x/y",
        "x/(y*z)",
        "atan2(y, x)*z",
        "atan2(y, x)^2",
        "atan2(y, 2*x)",
        "exp(atan2(3*y, x - y))",
        "log(norm(x, 3*y, x + y))",
        "x*y*z",
    ],
)
@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_what_leaves_the_range_of_doubles_on_the_way_is_known_to_the_last_digits(expression: str, size: float) -> None:
    point = {"y": size, "x": 1.5 * size, "z": 1e10 if size > 1 else 1e-10}
    point = {name: point[name] for name in variables_of(parse(expression))}
    job = job_for(expression, point, test=True)
    for found, check in zip(numbers_of(job, point), job.checks, strict=True):
        assert check.holds_for(found), (check, found)
        assert check.tolerance <= max(1e-12 * abs(check.expected), 1e-323), check
