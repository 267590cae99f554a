"""Sums and products of many terms as one node: which they are, their numbers and their words."""

from __future__ import annotations

import json
import re
from math import isclose
from typing import Any

import invariants
import mpmath
import pytest
from drawing import read_drawing
from hypothesis import example, given
from hypothesis import strategies as st

import cgraph_cli
from cgraph_cli.render import View, renderer
from cgraph_cli.render.numbers import message
from cgraph_cli.report.chains import Chain
from cgraph_cli.report.paths import Paths
from cgraph_cli.report.report import Explanation, Report

ONE_NODE = {
    "a + b + c + d": ["a + b + c + d"],
    "a*b*c*d*e": ["a*b*c*d*e"],
    "(a + b) - c + d*e - 2": ["a + b - c + v1 - 2"],
    "a - b - c - d": ["a - b - c - d"],
    "-2*a*b*c": ["-2*a*b*c"],
    "(a*b*c*d + a + b + c)*e*a*b": ["a*b*c*d", "v1 + a + b + c", "v2*e*a*b"],
    "q = a + b + c; q + d + a + b": ["q + d + a + b"],
    "s = a + b + c + d; s*s": ["a + b + c + d"],
    "1 + 2 + 3 + 4": ["1 + 2 + 3 + 4"],
}
AS_TYPED = [
    "a + b + c",
    "w0*x0 + w1*x1 + w2",
    "a + (b + (c + d))",
    "a + b + (c + d)",
    "q = a + b; q + c + d",
    "a*b/c*d",
    "a*b*c + d + e",
    "max(a + b, c) + d + e",
]


def names_at(text: str) -> dict[str, float]:
    return {name: 1.0 + index / 8 for index, name in enumerate(cgraph_cli.parse(text).variables)}


def chains(report: Report) -> list[str]:
    return [node.expression for node in report.nodes if isinstance(report.graph.ops[node.id], Chain)]


@pytest.mark.parametrize("text", ONE_NODE)
def test_what_is_one_node(text: str) -> None:
    assert chains(cgraph_cli.evaluate(text, names_at(text)).folded()) == ONE_NODE[text]


@pytest.mark.parametrize("text", AS_TYPED)
def test_what_stays_as_it_was_typed(text: str) -> None:
    report = cgraph_cli.evaluate(text, names_at(text))
    assert report.folded() is report


def test_a_partial_sum_that_is_an_output_stays() -> None:
    report = cgraph_cli.evaluate("g = a + b + c + d; f = g + a + b + c", dict.fromkeys("abcd", 1.0), outputs=["g", "f"])
    assert chains(report.folded()) == ["a + b + c + d", "g + a + b + c"]


@st.composite
def programs(draw: st.DrawFn) -> tuple[str, dict[str, float]]:
    """Sums and products of several terms inside each other, some named, some with constants."""
    parts = ["x", "y", "z", "sin(x)", "2", "-0.75", "exp(y)/3"]
    statements: list[str] = []
    for index in range(draw(st.integers(1, 5))):
        signs = draw(st.sampled_from([("*",), (" + ",), (" + ", " - ")]))
        terms = draw(st.lists(st.sampled_from(parts), min_size=2, max_size=9))
        text = f"({terms[0]})" + "".join(f"{draw(st.sampled_from(signs))}({term})" for term in terms[1:])
        if draw(st.booleans()):
            statements.append(f"p{index} = {text}")
            text = f"p{index}"
        parts.append(text)
    numbers = st.floats(-2.0, 2.0).filter(lambda x: abs(x) > 1e-3)
    return "; ".join([*statements, f"{parts[-1]} + x - y + z"]), {name: draw(numbers) for name in "xyz"}


@given(programs())
def test_the_numbers_are_those_of_the_passes(case: tuple[str, dict[str, float]]) -> None:
    typed = cgraph_cli.evaluate(*case)
    report = typed.folded()
    invariants.check(report.graph)
    assert [*report.labels] == [*typed.labels]
    assert report.value == typed.value
    assert report.gradients == typed.gradients
    arrived = [0.0] * len(report.graph)
    size = [0.0] * len(report.graph)
    arrived[report.output_node] = 1.0
    for node in report.nodes:
        if node.id in report.operands:
            continue
        assert (node.value, node.upstream, node.span) == (
            typed.nodes[node.id].value,
            typed.nodes[node.id].upstream,
            node.span,
        )
        for edge in node.args:
            if edge.downstream is not None and edge.local is not None and node.upstream is not None:
                assert isclose(node.upstream * edge.local, edge.downstream, rel_tol=1e-14)
                arrived[edge.node] += edge.downstream
                size[edge.node] += abs(edge.downstream)
    for node in report.nodes:
        if node.upstream is not None:
            assert abs(arrived[node.id] - node.upstream) <= 1e-14 * size[node.id]


@given(programs())
def test_what_is_written_is_what_was_computed(case: tuple[str, dict[str, float]]) -> None:
    """A node's formula gives its value bit by bit, that of a local gradient the product of the others."""
    report = cgraph_cli.evaluate(*case).folded()
    labels = {label: report.node_values[node] for node, label in enumerate(report.labels) if label.isidentifier()}
    for node in report.nodes:
        op = report.graph.ops[node.id]
        if not isinstance(op, Chain):
            continue
        if "…" not in node.expression:
            assert cgraph_cli.evaluate(node.expression, labels).value == node.value
        for position, edge in enumerate(node.args):
            if edge.local is None:
                continue
            with mpmath.workdps(40):
                others = (report.node_values[one.node] for at, one in enumerate(node.args) if at != position)
                exact = mpmath.fprod(map(mpmath.mpf, others)) if op.is_product else edge.local
                assert abs(edge.local - exact) <= len(node.args) * 2.0**-52 * abs(exact)
            if "…" not in edge.local_expression:
                assert isclose(cgraph_cli.evaluate(edge.local_expression, labels).value, edge.local, rel_tol=1e-14)


@given(programs())
@example(("x" + " + x" * 20 + " + sin(x) - y + z", {"x": 1.0, "y": 1.0, "z": 1.0}))  # more than is drawn unasked
def test_nodes_are_numbered_without_gaps_and_the_same_everywhere(case: tuple[str, dict[str, float]]) -> None:
    report = cgraph_cli.evaluate(*case)
    shown = report.folded()
    numbers = [int(node.label[1:]) for node in shown.nodes if node.id not in shown.operands and node.label[0] == "v"]
    assert numbers == [*range(1, len(numbers) + 1)]
    typed = {node["id"]: node["label"] for node in json.loads(rendered(report, "json"))["nodes"]}
    assert len({label for label in typed.values() if label[0] == "v"}) == sum(
        label[0] == "v" for label in typed.values()
    )
    table = re.findall(r"^(v\d+) ", rendered(report, "table").split("──\n", 1)[-1], re.MULTILINE)
    drawn = rendered(report, "svg")
    figure = re.findall(r'<g id="node-(\d+)"[^>]*><title>(v\d+) ', drawn)
    labels = sorted(label for _, label in figure)
    assert sorted(table) == labels or ("arguments left out" in drawn and set(labels) < set(table))
    assert all(typed[int(node)] == label for node, label in figure)


def rendered(result: Any, name: str, *, kind: str = "report", all: bool = False) -> str:
    return "".join(map(str, renderer(kind, name)(result, View(all=all))))


SUM, POINT = "2*a - b + c*c*3*a + 5 - a", {"a": 1.5, "b": -2.0, "c": 0.5}


def test_every_format_shows_one_node_and_with_all_the_graph_as_it_was_typed() -> None:
    report = cgraph_cli.evaluate(SUM, POINT)
    wanted = "v1 - b + v2 + 5 - a"
    for name in ("table", "tree", "markdown"):
        assert wanted in rendered(report, name), name
        assert wanted not in rendered(report, name, all=True), name
    assert "v₁" not in rendered(report, "unicode")
    assert f"{wanted} = 3 - (-2) + 1.125 + 5 - 1.5 = 9.625" in rendered(report, "unicode")
    assert r"v_{1} - b + v_{2} + 5 - a" in rendered(report, "latex")
    for name in ("svg", "dot", "mermaid"):
        text = rendered(report, name)
        assert "Σ" in text, name
        assert "Π" in text, name
    assert f"f  = {wanted}" in rendered(Explanation(report), "text", kind="explanation")
    assert [node["expression"] for node in json.loads(rendered(report, "json"))["nodes"]][-1] == "v7 - a"


def test_the_figure_has_constants_in_its_signs_and_marks_what_is_subtracted() -> None:
    found = re.findall(r'data-role="(symbol|position)">([^<]+)<', rendered(cgraph_cli.evaluate(SUM, POINT), "svg"))
    assert [text for role, text in found if role == "symbol"] == ["a", "b", "c", "×2", "3×Π", "Σ+5", "f"]
    assert [text for role, text in found if role == "position"] == ["−", "−"]


def test_the_sign_of_many_terms_stands_in_the_middle_of_what_it_is_made_of() -> None:
    for count in (5, 7):
        names = [f"x{index}" for index in range(count)]
        picture = read_drawing(rendered(cgraph_cli.evaluate("*".join(names), dict.fromkeys(names, 2.0)), "svg"))
        *terms, product = [(one.top + one.bottom) / 2 for one in picture.outlines]
        assert product == sorted(terms)[count // 2]


def test_rules_and_products_are_told_for_each_term() -> None:
    text = rendered(Explanation(cgraph_cli.evaluate("a*b*2*c - a + b + c", a=2, b=3, c=5)), "text", kind="explanation")
    assert "To a: by the product rule, the local gradient is ∂v1/∂a = b*2*c = 30." in text
    assert "To a: by the difference rule, the local gradient is ∂f/∂a = -1" in text
    assert "To b: by the sum rule, the local gradient is ∂f/∂b = 1" in text
    assert "2 is a constant and needs no gradient." in text


WARNINGS = {
    ("a + b + c - d", (1e308, 1e308, 1.0, 1.0)): ["`a + b` at a = 1e308, b = 1e308 is inf: too large for a double"],
    ("a*b*c*d", (1e200, 1e200, 1e-200, 0.0)): [
        "`a*b` at a = 1e200, b = 1e200 is inf: too large for a double",
        "`f = a*b*c*d` at a = 1e200, b = 1e200, c = 1e-200, d = 0 has no value: it is nan, so the gradients are",
        "`f` is nan in doubles only: in high precision it is 0",
        *(f"∂f/∂{name} is nan in doubles only: in high precision it is 0" for name in "abc"),
        "∂f/∂d is nan in doubles only: in high precision it is 1e200",
    ],
    ("a*b*c*d", (0.0, 1e-200, 1e200, 1e200)): [
        "upstream times local gradient ∂(a*b*c)/∂(a*b) overflows",
        "at `(a*b)` the infinite upstream gradient meets the local gradient ∂(a*b)/∂b = 0: inf*0 is nan",
        "∂f/∂a is inf in doubles only: in high precision it is 1e200",
        "∂f/∂b is nan in doubles only: in high precision it is 0",
    ],
}


@pytest.mark.parametrize(("text", "point"), WARNINGS)
def test_a_warning_about_a_part_says_which_and_marks_the_whole(text: str, point: tuple[float, ...]) -> None:
    report = cgraph_cli.evaluate(text, dict(zip("abcd", point, strict=True)))
    assert [one.message for one in report.warnings if one.code != "rewrite"] == WARNINGS[text, point]
    output = report.output_node
    assert {one.node for one in report.folded().warnings} == {output}
    assert re.search(rf'<g id="node-{output}".*\n<(circle|rect)[^>]*stroke="#b54708"', rendered(report, "svg"))


@pytest.mark.parametrize(("x", "a", "b", "size"), [(1e-300, 1e-200, 1e150, "large"), (1e300, 1e200, 1e-150, "small")])
def test_a_product_of_locals_that_no_double_holds_is_said(x: float, a: float, b: float, size: str) -> None:
    report = cgraph_cli.evaluate("x*(a*b*c*d)", x=x, a=a, b=b, c=b, d=b)
    assert report.warnings == []
    (warning,) = report.folded().warnings
    assert warning.message.startswith(f"the local gradient ∂v1/∂a is too {size} for a double;")
    assert message(warning) in rendered(report, "table").replace("\n         ", " ")


def test_tangents_of_what_is_shown_are_those_of_the_pass() -> None:
    report = cgraph_cli.evaluate("x*y*x*z + x - y + z", x=2, y=3, z=5, direction={"x": 1, "z": -0.5})
    shown = report.folded()
    for node in shown.nodes:
        if node.id in shown.operands or not node.args:
            continue
        sent = [(edge.local or 0.0) * (shown.nodes[edge.node].tangent or 0.0) for edge in node.args]
        assert isclose(node.tangent or 0.0, sum(sent), rel_tol=1e-14)


def test_of_several_outputs_each_has_its_own_gradients_at_the_shown_edges() -> None:
    text, point = "g = a*b*c*d + a - b + c; f = g*a*b*c", {"a": 2.0, "b": 3.0, "c": 5.0, "d": 7.0}
    report, other = (cgraph_cli.evaluate(text, point, outputs=outputs).folded() for outputs in (["g", "f"], ["f", "g"]))
    passes = report.passes_from("g")
    assert other.output == "g"
    assert [*passes.downstream] == [*other.passes.downstream]
    assert [*passes.local] == [*other.passes.local]


def test_paths_go_through_the_node_that_is_shown() -> None:
    report = cgraph_cli.evaluate("a*b*c*d + a + b + c", a=2, b=3, c=5, d=7)
    text = rendered(Paths(report, ["a"]), "text", kind="paths")
    assert "a → v1 → f" in text
    assert "105" in text


def test_a_node_of_more_terms_than_a_line_has_shows_the_first_and_the_last() -> None:
    names = [f"x{index}" for index in range(30)]
    report = cgraph_cli.evaluate(" + ".join(names), dict.fromkeys(names, 2.0))
    short = "x0 + x1 + x2 + x3 + x4 + x5 + … + x29"
    assert f"f     {short}" in rendered(report, "table")
    assert f"= {short} = 2 + 2 + 2 + 2 + 2 + 2 + … + 2 = 60" in rendered(
        Explanation(report), "text", kind="explanation"
    )


@pytest.mark.parametrize("sign", ["+", "*", "-"])
def test_thirty_thousand_terms_are_shown_in_few_lines(sign: str) -> None:
    count = 30_000
    text = sign.join(f"x{index}" for index in range(count))
    report = cgraph_cli.evaluate(text, {f"x{index}": 1.0 if index else float("nan") for index in range(count)})
    shown = rendered(report, "table").split("\n\n", 1)[1]
    assert len(shown) < 60_000
    assert "edges left out, --all shows all" in shown
    assert len(rendered(Explanation(report), "text", kind="explanation")) < len(text) + 100_000


@given(st.lists(st.sampled_from(["a", "sin(b)", "a*b*c*b", "exp(c)*a*2*b", "2"]), min_size=4, max_size=9), st.randoms())
def test_a_folded_graph_shares_its_columns_and_has_the_edges_of_the_links(terms: list[str], choice: Any) -> None:
    text = terms[0] + "".join(choice.choice(" + , - ".split(",")) + term for term in terms[1:])
    report = cgraph_cli.evaluate(text, {"a": 1.5, "b": 0.5, "c": -2.0})
    graph, whole = report.folded().graph, report.graph
    assert graph.args is whole.args
    assert graph.starts is whole.starts
    for node in range(len(graph)):
        edges = graph.edges(node)
        assert [*graph.arguments(node)] == [whole.args[edge] for edge in edges]
        assert all((graph.user(edge), graph.position(edge)) == (node, at) for at, edge in enumerate(edges))
    shown = [edge for node in range(len(graph)) for edge in graph.edges(node)]
    inner = report.description.chains.inner
    assert sorted(shown) == [edge for edge, arg in enumerate(whole.args) if not inner[arg]]
