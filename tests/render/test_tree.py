"""The tree: golden files, every node once, deep and large graphs."""

from __future__ import annotations

import re

import golden
import pytest
from golden import shown

import cgraph_cli
from cgraph_cli.render.paint import width_of

LEAD = re.compile(r"^[│├└ ]*")
NUMBERS = re.compile(r"(value|local|downstream|upstream) -?[\d.]")


@pytest.mark.parametrize("name", list(golden.names("tree")))
def test_golden(name: str, update_cases: bool) -> None:
    golden.check(name, update_cases)


def drawn(text: str) -> list[str]:
    """The labels of the nodes that are drawn, without references and the numbers under a node."""
    tree = re.split(r"──\n|\nat .*\n\n", text)[-1].rsplit("\n\nf = ", maxsplit=1)[0]
    lines = [LEAD.sub("", line) for line in tree.splitlines() if not re.search(r"\((above|below)\)", line)]
    return [line.split()[0] for line in lines if line and not NUMBERS.match(line)]


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("(x+y)*z", {"x": 1.0, "y": 2.0, "z": 3.0}),
        ("x*sin(x)+x^2+exp(x)/x", {"x": 0.5}),
        ("q = x*y; r = q*q; f = r*q + r", {"x": 0.5, "y": 2.0}),
        ("where(x > 0, x, log(x))", {"x": 0.5}),
    ],
)
def test_every_node_is_drawn_once(expression: str, values: dict[str, float]) -> None:
    report = cgraph_cli.evaluate(expression, values)
    named = [label for node, label in enumerate(report.labels) if node not in report.graph.constants]
    for width in (None, 80, 40):
        assert sorted(drawn(shown(expression, values, "tree", width=width))) == sorted(named)
        assert sorted(drawn(shown(expression, values, "tree", width=width, all=True))) == sorted(report.labels)


def test_the_columns_stay_aligned_and_fit() -> None:
    text = (golden.CASES / "tree-50-nodes.txt").read_text(encoding="utf-8").split("\n", 1)[1]
    assert max(map(width_of, text.splitlines())) <= 80


@pytest.mark.parametrize("width", [40, 80, None])
def test_deep_graphs_go_on_below(width: int | None) -> None:
    depth = 3000
    expression = "sin(" * depth + "x" + ")" * depth
    text = shown(expression, {"x": 1.0}, "tree", width=width, all=True)
    labels = drawn(text)
    assert set(labels) >= set(cgraph_cli.evaluate(expression, x=1.0).labels)
    assert len(labels) == depth + 1
    roots = set(re.findall(r"^(v\d+) = ", text, re.MULTILINE))
    assert roots
    assert roots == set(re.findall(r"(v\d+) \(below\)", text))


def test_a_large_graph_is_cut_with_a_line_that_says_so() -> None:
    expression = "+".join(f"x{i}" for i in range(1000))
    values = {f"x{i}": 1.0 for i in range(1000)}
    text = shown(expression, values, "tree")
    cut = re.search(r"… ([\d,]+) nodes left out, --all shows all\n", text)
    assert cut is not None
    report = cgraph_cli.evaluate(expression, values).folded()
    size = len(report.graph) - len(report.operands)
    assert int(cut[1].replace(",", "")) + len(drawn(text[: cut.start()])) == size
    assert "nodes left out" not in shown(expression, values, "tree", all=True)


def test_an_edge_without_gradient_has_no_local_number() -> None:
    text = shown("where(x > 0, x*2, 1)", {"x": 3.0}, "tree")
    line = next(line for line in text.splitlines() if re.match(r"│ [├└] x ", line))
    assert line.split()[-2:] == ["3", "2"]  # its value and its upstream gradient
