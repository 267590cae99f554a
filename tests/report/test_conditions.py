"""Right digits of every node against mpmath, condition numbers against what a small change of an argument does."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import mpmath
import pytest
from harness import run
from mpmath import mp

# Each with its nodes that are operations, from values of their arguments.
STEPS: list[tuple[str, dict[str, float], list[Callable[..., Any]]]] = [
    (
        "(1 - cos(x))/x^2",
        {"x": 1e-5},
        [mp.cos, lambda a: 1 - a, lambda a: a**2, lambda a, b: a / b],
    ),
    ("sqrt(x + 1) - sqrt(x)", {"x": 1e12}, [lambda a: a + 1, mp.sqrt, mp.sqrt, lambda a, b: a - b]),
    ("exp(x) - 1 - x", {"x": 1e-7}, [mp.exp, lambda a: a - 1, lambda a, b: a - b]),
    ("log(x)*sin(y)", {"x": 1.0000001, "y": 3.1415926}, [mp.log, mp.sin, lambda a, b: a * b]),
]


def evaluated(text: str, point: dict[str, float], *more: str) -> Any:
    values = [word for name, value in point.items() for word in (f"--{name}", repr(value))]
    return json.loads(run(["eval", text, *values, "--json", *more]).stdout)


def right(number: float, true: Any) -> int:
    if number == float(true):
        return 17
    return max(int(mpmath.floor(-mp.log10(abs((number - true) / true)))), 0)


@pytest.mark.parametrize(("text", "point", "steps"), STEPS, ids=[text for text, _, _ in STEPS])
def test_nodes_and_edges(text: str, point: dict[str, float], steps: list[Callable[..., Any]]) -> None:
    nodes = evaluated(text, point, "--condition")["nodes"]
    with mpmath.workdps(120):
        true: dict[int, Any] = {}
        remaining = iter(steps)
        for node in nodes:
            if not node["args"]:
                true[node["id"]] = mp.mpf(node["value"])
                assert node["digits"] == 17
                continue
            step, moving = next(remaining), [edge for edge in node["args"] if edge["local"] is not None]
            at = [true[edge["node"]] for edge in moving]
            value = true[node["id"]] = step(*at)
            assert node["digits"] == right(node["value"], value), node["label"]
            assert node["lost"] == max(16 - node["digits"], 0)
            for index, edge in enumerate(moving):
                part = mp.mpf(10) ** -60
                there = step(*at[:index], at[index] * (1 + part), *at[index + 1 :])
                assert math.isclose(edge["condition"], abs((there - value) / value / part), rel_tol=1e-12)
        by_value = {node["id"]: node for node in nodes}
        for name, x in point.items():
            node = next(one for one in by_value.values() if one["label"] == name)

            def output(x: Any, name: str = name) -> Any:
                given = {**{one: mp.mpf(value) for one, value in point.items()}, name: x}
                values, rest = {}, iter(steps)
                for one in nodes:
                    moving = [values[edge["node"]] for edge in one["args"] if edge["local"] is not None]
                    constant = mp.mpf(one["value"])
                    values[one["id"]] = next(rest)(*moving) if one["args"] else given.get(one["label"], constant)
                return values[nodes[-1]["id"]]

            slope = mp.diff(output, mp.mpf(x), h=mp.mpf(10) ** -60)
            assert node["upstream_digits"] == right(node["upstream"], slope), name
            assert node["upstream_lost"] == max(16 - node["upstream_digits"], 0)


@pytest.mark.parametrize(
    ("text", "point", "digits"),
    [
        ("exp(x)", {"x": 800.0}, 0),  # inf, and truly 2.7e347
        ("exp(-x)", {"x": 800.0}, 0),  # 0, and truly 3.7e-348
        ("sin(pi) + 0*x", {"x": 1.0}, 0),
        ("1/x", {"x": 0.0}, 17),  # inf by the rules in both
        ("log(x)", {"x": -1.0}, None),
        ("x", {"x": 0.1}, 17),
    ],
)
def test_what_is_no_ordinary_number(text: str, point: dict[str, float], digits: int | None) -> None:
    assert evaluated(text, point, "--condition")["nodes"][-1]["digits"] == digits


def test_edges_of_a_sum_that_is_shown_as_one_node() -> None:
    argv = ["eval", "a + b + c + d", "--a", "1e9", "--b", "1", "--c", "-1e9", "--d", "1e-7", "--condition"]
    found = run([*argv, "--format", "markdown"]).stdout
    assert "`999999900`<br>`1`<br>`999999900`<br>`1e-7`" in found


def test_a_graph_without_edges_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr("cgraph_cli.cli.output.is_terminal", lambda stream: True)
    found = run(["eval", "x", "--x", "2", "--condition"])
    assert found.code == 0
    assert "\nf = 2\n" in found.stdout


def test_the_report_itself_stays_as_it_is() -> None:
    plain = evaluated("(x + y)*z/3", {"x": 0.1, "y": 0.2, "z": 5.0})
    told = evaluated("(x + y)*z/3", {"x": 0.1, "y": 0.2, "z": 5.0}, "--condition")
    for node in told["nodes"]:
        del node["digits"], node["upstream_digits"], node["lost"], node["upstream_lost"]
        for edge in node["args"]:
            del edge["condition"]
    assert told == plain
