"""Paths: listed, counted and added up they tell the same, and the gradient is their sum."""

from __future__ import annotations

import math

import pytest
from harness import run
from hypothesis import given, settings
from strategies import Case, expressions

from cgraph_cli import evaluate
from cgraph_cli.report.paths import MANY_EDGES, Ways, arrivals, cancelling, shares


@settings(max_examples=150, deadline=None)
@given(expressions(max_parts=7))
def test_the_gradient_is_the_sum_over_all_paths(case: Case) -> None:
    report = evaluate(case.text, case.values)
    for name, start in report.graph.variables.items():
        count = Ways(report.graph, report.passes).count(start, report.output_node)
        if count.number > 20_000:
            continue
        paths = list(Ways(report.graph, report.passes).paths(start, report.output_node))
        products = [path.product for path in paths]
        assert len(paths) == len({path.edges for path in paths}) == count.number
        assert sum(len(path.edges) for path in paths) == count.edges
        assert sum(any(report.passes.local[e.edge] == 0 for e in path.edges) for path in paths) == count.vanishing
        assert math.fsum(map(abs, products)) == pytest.approx(count.magnitude, rel=1e-12)
        assert math.fsum(products) == pytest.approx(report.gradients[name], rel=1e-12, abs=1e-12 * count.magnitude)
        for path in paths:
            assert report.graph.args[path.edges[0].edge] == start
            assert path.edges[-1].user == report.output_node
            for edge, following in zip(path.edges, path.edges[1:], strict=False):
                assert report.graph.args[following.edge] == edge.user


@settings(max_examples=100, deadline=None)
@given(expressions())
def test_what_arrives_adds_up_to_the_upstream_gradient(case: Case) -> None:
    report = evaluate(case.text, case.values)
    for node, edges in arrivals(report.graph, report.passes, range(len(report.graph))).items():
        if node != report.output_node:
            sent = [report.passes.downstream[edge.edge] for edge in edges]
            scale = sum(map(abs, sent))
            assert sum(sent) == pytest.approx(report.passes.upstream[node], rel=1e-12, abs=1e-12 * scale)


def test_counts_have_all_their_digits() -> None:
    doubling = "; ".join(["a0 = x + x", *(f"a{n} = a{n - 1} + a{n - 1}" for n in range(1, 400))])
    report = evaluate(doubling, x=1.0)
    count = Ways(report.graph, report.passes).count(0, report.output_node)
    assert count.number == 2**400
    assert count.edges == MANY_EDGES
    assert count.gradient == count.magnitude == 2.0**400


def test_a_branch_not_taken_is_no_path() -> None:
    report = evaluate("where(x > 0, x, x*x*x)", x=1.0)
    assert Ways(report.graph, report.passes).count(0, report.output_node).number == 1


def test_cancelling_pairs() -> None:
    assert cancelling([3.0, -3.0, 3.0, 1.0, -2.0]) == {0: 1, 1: 0}
    assert cancelling([0.1 + 0.2, -0.3]) == {0: 1, 1: 0}  # but for rounding
    assert cancelling([0.0, -0.0, math.inf, -math.inf, math.nan]) == {}


def test_shares() -> None:
    assert shares([1.0, 3.0]) == [0.25, 0.75]
    assert shares([-1.0, -3.0]) == [0.25, 0.75]
    assert shares([6.0, -2.0]) == [0.75, -0.25]
    assert shares([0.0]) == shares([math.inf]) == [None]


@pytest.mark.parametrize("format", ["text", "latex", "markdown", "html"])
def test_of_very_many_variables_the_first_are_told(format: str) -> None:
    names = [f"x{index}" for index in range(250)]
    words = ["paths", "+".join(f"{name}*y" for name in names), "--format", format, "--y", "2"]
    words += [word for name in names for word in (f"--{name}", "1")]
    cut, whole = run(words), run([*words, "--all"])
    assert cut.code == whole.code == 0
    assert "51 more variables are left out here; --all shows them." in cut.stdout
    assert len(cut.stdout) < 0.9 * len(whole.stdout)
    assert "left out" not in whole.stdout
