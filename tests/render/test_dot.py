"""DOT: every line is of the form that Graphviz reads, and Graphviz reads it."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import time
from xml.etree import ElementTree as ET

import pytest
from drawing import GRAPHS, SVG, drawn_edges, drawn_nodes, report_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cgraph_cli import evaluate
from cgraph_cli.render import View, renderer
from cgraph_cli.render.numbers import message
from cgraph_cli.render.picture.dot import quoted, render_report
from cgraph_cli.render.picture.figure import INKS, number_text
from cgraph_cli.report.report import Report

TEXT = r'"(?:[^"\\\n]|\\[\\"n])*"'
NUMBER = r"(?:-?[\d.]+(?:e-?\d+)?|-?inf|nan)"
FONT = r'<font color="#\w{6}">'
MARKS = rf"(?: {FONT}\((?:\w|…|−|&#\d+;)+\)</font>)?(?: {FONT}(?:×|&#215;)\(?{NUMBER}\)?</font>)?"
HTML = rf"<{FONT}{NUMBER}</font>(?: / {FONT}{NUMBER}</font>)?{MARKS}>"
ATTRIBUTE = rf"\w+=(?:\w+|{TEXT}|{HTML})"
LIST = rf"\[{ATTRIBUTE}(?: {ATTRIBUTE})*\]"
STATEMENT = re.compile(rf"  (?:(?:graph|node|edge|n\d+|more\d+|out\d+) {LIST}|(?:n|more)\d+ -> (?:n|out)\d+ {LIST});")

GRAPHVIZ = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz (the program dot) is not installed")


def dot(report: Report, *draw: str, ascii: bool = False) -> str:
    return "".join(render_report(report, View(ascii=ascii, draw=frozenset(draw))))


def drawn(text: str) -> ET.Element:
    """What Graphviz makes of it; a warning is an error."""
    done = subprocess.run(["dot", "-Tsvg"], input=text.encode(), capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    return ET.fromstring(done.stdout)


def check(text: str, report: Report) -> None:
    """The form of every statement, and that each node and edge is there once, in the order of the arguments."""
    first, *statements, last, end = text.split("\n")
    assert (first, last, end) == ("digraph cgraph {", "}", "")
    inner = ["  subgraph cluster_graph {", "  }"] if report.warnings else []
    assert [line for line in statements if not STATEMENT.fullmatch(line)] == inner
    assert re.findall(r"^  n(\d+) \[", text, re.MULTILINE) == [*map(str, drawn_nodes(report))]
    edges = [(str(source), str(target)) for source, target, _ in drawn_edges(report)]
    assert re.findall(r"^  n(\d+) -> n(\d+) ", text, re.MULTILINE) == edges
    assert len(re.findall(r"^  n\d+ -> out\d+ ", text, re.MULTILINE)) == len(report.graph.outputs)


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("name", GRAPHS)
def test_form(name: str, ascii: bool) -> None:
    report = report_of(name)
    text = dot(report, ascii=ascii)
    check(text, report)
    assert text.isascii() or not ascii


@pytest.mark.parametrize("name", GRAPHS)
def test_local_gradients_and_widths_where_they_are_asked_for(name: str) -> None:
    report = report_of(name)
    text = dot(report, "locals", "widths")
    check(text, report)
    flows = [
        edge
        for _, target, position in drawn_edges(report)
        if report.graph.edge_has_gradient(target, position)
        and report.passes.sends[edge := report.graph.edges(target)[position]]
    ]
    assert len(re.findall(r"^  n\d+ -> n\d+ .* penwidth=", text, re.MULTILINE)) == len(flows)
    locals = [number_text(report.passes.local[edge] + 0.0) for edge in flows]
    assert [one.strip("()") for one in re.findall(r">×([^<]*)</font>>", text)] == locals


def test_worked_example() -> None:
    text = re.sub(r"</?font[^>]*>", "", dot(evaluate("(x+y)*z", x=-2, y=5, z=-4)))
    assert re.findall(r"(n\d+ -> \w+) \[label=<(.*)>\]", text) == [
        ("n0 -> n3", "-2 / -4"),
        ("n1 -> n3", "5 / -4"),
        ("n3 -> n4", "3 / -4"),
        ("n2 -> n4", "-4 / 3"),
        ("n4 -> out0", "-12 / 1"),
    ]


def test_a_node_that_several_gradients_arrive_at_has_their_sum() -> None:
    report = evaluate("x*x + y", x=3, y=1)
    assert 'label="x\\nΣ 6"' in dot(report)
    assert 'label="x\\n&#931; 6"' in dot(report, ascii=True)
    assert 'label="y"' in dot(report)


def test_a_warning_is_written_and_its_node_marked() -> None:
    report = evaluate("log(x)*y + abs(z)", x=-1, y=2, z=0)
    text = dot(report)
    (below,) = re.findall(r'labelloc=b .*label="(.*)"', text)
    assert below.split("\\n") == [f"{one.head}: {message(one).replace('`', '')}" for one in report.warnings]
    assert re.findall(r'n(\d+) \[.*penwidth="3"', text) == [str(one.node) for one in report.warnings]
    passing = [str(node) for node in report.not_finite if node not in {one.node for one in report.warnings}]
    assert passing
    assert re.findall(r'n(\d+) \[.*,dotted".*penwidth="2"', text) == passing
    assert "penwidth" not in dot(evaluate("x*y", x=1, y=2))


@GRAPHVIZ
@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("name", GRAPHS)
def test_graphviz_draws_all_of_it(name: str, ascii: bool) -> None:
    report = report_of(name)
    root = drawn(dot(report, ascii=ascii))
    groups = [group.attrib.get("class") for group in root.iter(f"{SVG}g")]
    assert groups.count("node") == len(drawn_nodes(report)) + len(report.graph.outputs)
    assert groups.count("edge") == len(drawn_edges(report)) + len(report.graph.outputs)
    texts = " ".join("".join(text.itertext()).strip() for text in root.iter(f"{SVG}text"))
    for source, _, _ in drawn_edges(report):
        assert number_text(report.node_values[source]) in texts
    assert set(report.variables) <= set(texts.split()) or max(map(len, report.variables)) > 32


@GRAPHVIZ
def test_graphviz_draws_warnings_below() -> None:
    report = evaluate("log(x)*y + abs(z)", x=-1, y=2, z=0)
    root = drawn(dot(report))
    at = {"".join(text.itertext()): float(text.attrib["y"]) for text in root.iter(f"{SVG}text")}
    warned = [y for text, y in at.items() if text.startswith("warning")]
    assert len(warned) == len(report.warnings) > 1
    assert min(warned) > max(y for y in at.values() if y not in warned)


@GRAPHVIZ
@pytest.mark.parametrize("text", ["(a/b - c*d)/(y*x - z/w)", " + ".join(f"x{i}" for i in range(30))])
def test_graphviz_draws_arguments_from_top_to_bottom_as_they_are_written(text: str) -> None:
    names = re.findall(r"\b[a-z]\d*\b", text)
    root = drawn(dot(evaluate(text, {name: 1.5 + index for index, name in enumerate(names)}).folded()))
    texts = ((one.text or "", float(one.attrib["y"])) for one in root.iter(f"{SVG}text"))
    at = {text.split()[0]: y for text, y in texts if text in names or text == "… 23 more"}
    assert sorted(at, key=lambda one: at[one]) == [one for one in [*names[:29], "…", *names[29:]] if one in at]


@pytest.mark.parametrize("kind", ["dot", "mermaid"])
def test_all_nodes_of_a_kind_have_one_shape(kind: str) -> None:
    sums = " + ".join(f"x/(y + {i})" for i in range(9))
    text = "".join(map(str, renderer("report", kind)(evaluate(f"max(0, {sums})*(x - 1)^2", x=1, y=1), View())))
    nodes = re.findall(r"^  n\d+ ?([\[(]+\w*).*(ffffff|:::operation)", text, re.MULTILINE)
    assert len(nodes) > 20
    assert len({*nodes}) == 1


@GRAPHVIZ
@given(st.text(st.characters(categories=["L", "N", "M", "P", "S"]), min_size=1))
@example('\U00010000x\\N&lt;"|')
@settings(max_examples=25, deadline=None)
def test_any_text_is_shown_as_it_is(text: str) -> None:
    for ascii in (False, True):
        root = drawn(f"digraph {{ n [label={quoted(f'a{text}z', View(ascii=ascii))}]; }}")
        (shown,) = [one for group in root.iter(f"{SVG}g") for one in group.findall(f"{SVG}text")]
        named = "".join(one if one <= "\uffff" else f"U+{ord(one):X}" for one in text)
        assert "".join(shown.itertext()) == (f"a{named}z" if ascii else f"a{text}z")


@pytest.mark.parametrize("text", ['"', "\\", '\\"', "<", "|", "&lt;", "a\\N", "größe", "变量", "{}[]();--->"])
def test_quoting(text: str) -> None:
    for ascii in (False, True):
        shown = quoted(text, View(ascii=ascii))
        assert re.fullmatch(TEXT, shown)
        assert html.unescape(re.sub(r"\\(.)", r"\1", shown[1:-1])) == text


def test_linear_in_the_nodes() -> None:
    def seconds(terms: int) -> float:
        report = evaluate("+".join(["x*2"] * terms), x=1)
        assert len(report.graph) == 3 * terms
        start = time.process_time()
        assert sum(map(len, render_report(report, View()))) > 100 * terms
        return time.process_time() - start

    small = min(seconds(8_500) for _ in range(3))
    assert seconds(34_000) < 9 * small  # 100 000 nodes; a square would be 16


@pytest.mark.parametrize("kind", ["dot", "mermaid"])
def test_the_legend_says_what_is_in_the_picture_and_no_more(kind: str) -> None:
    shown = {text: "".join(map(str, renderer("report", kind)(evaluate(text, x=1, y=1), View()))) for text in LEGENDS}
    for text, legend in LEGENDS.items():
        colored = legend.replace("value", "value (green)").replace(" of f", " of f (red)") if kind == "dot" else legend
        assert f"on an edge: {colored}" in shown[text], text
        for sign in ("dashed:", "thick outline:", "dotted outline:"):
            assert (sign in shown[text]) == (sign in legend)


LEGENDS = {
    "x*y": "value / gradient of f",
    "x*x + y": "value / gradient of f; Σ sum of the gradients that arrive",
    "where(x > 0, x, y)": "value / gradient of f; dashed: nothing is sent",
    "abs(x - y)": "value / gradient of f; thick outline: has a warning",
    "x < y": "value; thick outline: has a warning",
    "log(x - y)": "value / gradient of f; thick outline: has a warning; dotted outline: passes on what is not finite",
}


def test_a_line_that_sends_nothing_is_grey_and_so_is_its_zero() -> None:
    lines = dot(evaluate("where(x > 0, x*y, y)", x=1, y=1)).splitlines()
    idle = [line for line in lines if "style=dashed" in line]
    assert idle
    for line in lines:
        if " -> n" in line:
            sends = f'<font color="{INKS["gradient"]}">' in line
            assert (f'> color="{INKS["quiet"]}"' in line) == (not sends)
            assert not (sends and line in idle)
