"""The figure: nothing overlaps, everything is there once, and the numbers are the report's."""

from __future__ import annotations

import re
import struct
import sys
import time
import zlib
from html import escape
from io import BytesIO
from itertools import combinations, pairwise, zip_longest
from math import isnan
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from drawing import (
    GRAPHS,
    SIGMOID,
    SVG,
    WEIGHTS,
    Drawing,
    drawn_edges,
    drawn_nodes,
    grouped,
    is_written,
    read_drawing,
    report_of,
    terms,
)
from harness import run
from hypothesis import given, settings
from hypothesis import strategies as st

from cgraph_cli import evaluate
from cgraph_cli.errors import FileError, MissingExtraError, TooLargeError
from cgraph_cli.render import View, renderer
from cgraph_cli.render.numbers import message
from cgraph_cli.render.picture.drawing import MAX_NODES
from cgraph_cli.render.picture.figure import INKS, number_text
from cgraph_cli.render.picture.placement import ENTRY
from cgraph_cli.render.picture.svg import BACKGROUND, Picture, render_report
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.printer import format_number

pytest.importorskip("graphlay", reason="the extra `draw` is not installed")


def figure(report: Report, *draw: str) -> str:
    return "".join(render_report(report, View(draw=frozenset(draw))))


def check_geometry(drawing: Drawing) -> None:
    """No text or node overlaps another, and no line meets one that is not its own."""
    check_boxes(drawing)
    check_lines(drawing)


def check_boxes(drawing: Drawing) -> None:
    """Texts are within the picture and overlap nothing; a node overlaps its own text only."""
    assert drawing.texts
    for one, other in combinations(drawing.texts, 2):
        assert not one.overlaps(other), (one, other)
    for one, other in combinations(drawing.outlines, 2):
        assert not one.overlaps(other), (one, other)
    for text in drawing.texts:
        assert text.left >= 0, text
        assert text.right <= drawing.page.right, text
        assert text.bottom <= drawing.page.bottom, text
        for outline in drawing.outlines:
            inside = text.what.startswith("symbol") and text.group == outline.group
            assert text.overlaps(outline) == inside, (text, outline)


def check_lines(drawing: Drawing) -> None:
    """No line meets a text or a node on its way."""
    for edge, points in drawing.lines.items():
        for box in (*drawing.texts, *drawing.outlines):
            on_it = [1 for x, y in points[1:-1] if box.left < x < box.right and box.top < y < box.bottom]
            # Within the square around a circle a line is not yet in the circle.
            assert not on_it or (box.what == "circle" and points[-1][0] < box.right), (edge, box)


@pytest.mark.parametrize("name", GRAPHS)
def test_every_line_ends_at_its_node(name: str) -> None:
    drawing = read_drawing(figure(report_of(name).folded()))
    left = {one.group: one.left for one in drawing.outlines}
    for edge, points in drawing.lines.items():
        if not edge.startswith("edge-output"):
            target = left[f"node-{edge.split('-')[1]}"]
            assert target - ENTRY - 0.1 <= points[-1][0] <= target + 20, edge  # the side of a circle is round


@pytest.mark.parametrize("name", GRAPHS)
def test_nothing_overlaps(name: str) -> None:
    check_boxes(read_drawing(figure(report_of(name))))


@pytest.mark.parametrize("name", GRAPHS)
def test_no_line_meets_a_text_or_a_node_on_its_way(name: str) -> None:
    check_lines(read_drawing(figure(report_of(name))))


@pytest.mark.parametrize("name", GRAPHS)
def test_every_node_and_edge_is_there_once_with_its_numbers(name: str) -> None:
    report = report_of(name)
    groups: dict[str, ET.Element] = {}
    for element in ET.fromstring(figure(report)).iter():
        if "id" in element.attrib:
            assert element.attrib["id"] not in groups
            groups[element.attrib["id"]] = element
    drawn = {id for id in groups if id.startswith(("node-", "edge-")) and not id.startswith("edge-output")}
    edges = {f"edge-{target}-{position}" for _, target, position in drawn_edges(report)}
    assert drawn == {f"node-{node}" for node in drawn_nodes(report)} | edges
    for node in (report.nodes[one] for one in drawn_nodes(report)):
        for position, edge in enumerate(node.args):
            if is_written(report, edge.node):
                continue
            group = groups[f"edge-{node.id}-{position}"]
            texts = {text.attrib["data-role"]: text.text for text in group.iter(f"{SVG}text")}
            source = report.nodes[edge.node]
            assert group.attrib["data-source"] == str(edge.node)
            assert group.attrib["data-value"] == format_number(source.value + 0.0)
            if source.op != "constant" or edge.node in report.graph.names:  # a box that is not its number
                assert texts["value"] == number_text(source.value)
            if edge.downstream is None:
                assert "gradient" not in texts
            else:
                assert texts["gradient"] == number_text(edge.downstream + 0.0)
                assert group.attrib["data-gradient"] == format_number(edge.downstream + 0.0)
        texts = {text.attrib["data-role"]: text.text for text in groups[f"node-{node.id}"].iter(f"{SVG}text")}
        if "upstream" in texts:
            assert texts["upstream"] == f"Σ {number_text(node.upstream + 0.0)}"
    output = groups[f"edge-output-{report.output_node}"]
    texts = [text.text for text in output.iter(f"{SVG}text")]
    seed = ["1"] if report.graph.has_gradient[report.output_node] else []
    assert texts == [number_text(report.value), *seed]


TREES = st.recursive(
    st.just("?"),
    lambda part: st.one_of(
        st.builds("({} {} {})".format, part, st.sampled_from("+-*/"), part),
        st.builds("{}({})".format, st.sampled_from(["sin", "exp", "relu"]), part),
        st.builds("atan2({}, {})".format, part, part),
        st.builds("({}*2)".format, part),
    ),
    max_leaves=10,
).filter(lambda tree: tree != "?")


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_arguments_of_a_tree_are_drawn_from_top_to_bottom(tree: str) -> None:
    names = [f"x{index}" for index in range(tree.count("?"))]
    expression = "".join(map("".join, zip_longest(tree.split("?"), names, fillvalue="")))
    report = evaluate(expression, dict.fromkeys(names, 0.5))
    lines = read_drawing(figure(report)).lines
    entries: dict[int, list[float]] = {}
    for _, target, position in sorted(drawn_edges(report), key=lambda edge: edge[1:]):
        entries.setdefault(target, []).append(lines[f"edge-{target}-{position}"][-1][1])
    assert all(heights == sorted(heights) for heights in entries.values()), expression


def test_a_node_with_several_users_shows_the_sum() -> None:
    groups = {
        group.attrib["id"]: [text.text for text in group.iter(f"{SVG}text")]
        for group in ET.fromstring(figure(evaluate("x*x + y", x=3, y=1))).iter(f"{SVG}g")
    }
    assert groups["node-0"] == ["x", "Σ 6"]
    assert groups["edge-2-0"] == groups["edge-2-1"] == ["3", "3"]
    assert groups["node-1"] == ["y"]


@pytest.mark.parametrize("name", GRAPHS)
def test_a_line_without_a_gradient_covers_none_that_has_one(name: str) -> None:
    report = report_of(name)
    ids = [one.attrib["id"] for one in ET.fromstring(figure(report)).iter(f"{SVG}g") if "data-source" in one.attrib]
    sends = {
        f"edge-{target}-{position}": report.graph.edge_has_gradient(target, position)
        and bool(report.passes.sends[report.graph.edges(target)[position]])
        for _, target, position in drawn_edges(report)
    } | {f"edge-output-{node}": name == report.output for name, node in report.graph.outputs.items()}
    drawn = [sends[one] for one in ids]
    assert drawn == sorted(drawn)


def pieces(svg: str) -> list[tuple[str, tuple[float, ...], tuple[float, ...]]]:
    """The parts of all lines with their ends; a curve's other points are between them."""
    found = []
    for group in ET.fromstring(svg).iter(f"{SVG}path"):
        x, y = 0.0, 0.0
        for command, text in re.findall(r"([MHVC])([-\d. ]*)", group.attrib["d"]):
            numbers = tuple(map(float, text.split()))
            end = {"H": (numbers[0], y), "V": (x, numbers[0])}.get(command) or numbers[-2:]
            if command != "M":
                found.append((command, (x, y, *numbers[:-2]) if command == "C" else (x, y), end))
            x, y = end
    return found


@pytest.mark.parametrize("draw", [(), ("down",)])
@pytest.mark.parametrize("name", GRAPHS)
def test_what_lines_share_is_painted_once(name: str, draw: tuple[str, ...]) -> None:
    parts = pieces(figure(report_of(name), *draw))
    curves = [(start, end) for command, start, end in parts if command == "C"]
    assert len(curves) == len(set(curves))
    for command, along in (("H", 0), ("V", 1)):
        straight = [
            (start[1 - along], *sorted((start[along], end[along]))) for one, start, end in parts if one == command
        ]
        for one, other in combinations(straight, 2):
            assert one[0] != other[0] or one[1] >= other[2] - 0.1 or other[1] >= one[2] - 0.1, (one, other)


def entries(svg: str) -> dict[str, float]:
    """The height at which the head of each arrow is, by the id of its edge."""
    found = {}
    for group in ET.fromstring(svg).iter(f"{SVG}g"):
        for head in group.findall(f"{SVG}polygon"):
            found[group.attrib["id"]] = float(head.attrib["points"].split()[0].split(",")[1])
    return found


TREES = ["a*b + c*d", "(a - b)/(c - d)", "a^b - hypot(c, d)", SIGMOID, "max(a*b, c/d, hypot(e, g))", "sum(a, b, c)"]


@pytest.mark.parametrize("text", TREES)
def test_the_arguments_of_a_tree_stand_from_top_to_bottom_as_they_are_written(text: str) -> None:
    report = evaluate(text, dict.fromkeys(set(re.findall(r"\b[a-hwx]\d?\b", text)), 2.0))
    at = entries(figure(report))
    for node in range(len(report.graph)):
        heights = [
            at[f"edge-{node}-{position}"]
            for position, arg in enumerate(report.graph.arguments(node))
            if not is_written(report, arg)
        ]
        assert heights == sorted(heights)


def test_a_sum_stands_amid_its_terms_where_no_line_speaks_against_it() -> None:
    report = evaluate("sum(a*b, c*d, p*q, r*s)^2", dict.fromkeys("abcdpqrs", 2.0)).folded()
    at = {group.group: (group.top + group.bottom) / 2 for group in read_drawing(figure(report)).outlines}
    terms = [at[f"node-{arg}"] for arg in report.graph.arguments(report.output_node - 2)]
    middle = at[f"node-{report.output_node - 2}"]
    assert sorted(terms)[1] <= middle <= sorted(terms)[2]


@pytest.mark.parametrize(
    ("text", "bends"),
    [
        ("log(x)/x", {"edge-2-1": 2, "edge-2-0": 1, "edge-1-0": 0}),
        ("x^2*y + relu(x)", {"edge-5-0": 1, "edge-4-1": 1, "edge-4-0": 1}),
        ("y/z + x*x + sin(x)", {"edge-5-0": 1, "edge-5-1": 1, "edge-6-0": 2, "edge-7-0": 1}),
        ("x*(-1) + y*(-2)*z + relu(-x)", {"edge-7-0": 1}),
        ("max(x0, x1, x2, x3, x4, x5, x6)", {f"edge-7-{i}": 1 for i in range(7) if i != 3}),
        ("x*y + z", {"edge-4-0": 0, "edge-4-1": 1}),
    ],
)
def test_a_line_keeps_its_height_where_there_is_room(text: str, bends: dict[str, int]) -> None:
    report = evaluate(text, dict.fromkeys(re.findall(r"\b[xyz]\d?\b", text), 2.5))
    root = ET.fromstring(figure(report))
    paths = {one.attrib["id"]: one.find(f"{SVG}path") for one in root.iterfind(f".//{SVG}g[@data-role='edge']")}
    found = {name: path.attrib["d"].count("C") for name, path in paths.items() if path is not None}
    assert {name: found[name] for name in bends} == bends, found


def symbols(report: Report) -> dict[str, str]:
    """What stands in every node, by what the picture calls it: its own name, the table's, an output's."""
    found = {}
    for group in ET.fromstring(figure(report)).iter(f"{SVG}g"):
        texts = {text.attrib["data-role"]: text.text or "" for text in group.findall(f"{SVG}text")}
        if group.attrib.get("data-kind") in ("operation", "module"):
            node = int(group.attrib["data-node"])
            label = texts.get("label") or texts.get("name") or report.output
            assert label == report.labels[node], "a node is called as in the table"
            found[label] = texts["symbol"]
    return found


def test_a_neuron_is_the_classic_figure_and_fits_a_page() -> None:
    report = evaluate(SIGMOID, WEIGHTS)
    assert [*symbols(report).values()] == ["×", "×", "+", "+", "−x", "exp", "+1", "1/x"]
    assert read_drawing(figure(report)).page.right <= 830


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("x + 1", "+1"),
        ("1 + x", "+1"),
        ("x - -2", "−(-2)"),
        ("3 - x", "3−x"),
        ("x*-1", "×(-1)"),
        ("-2 + x", "+(-2)"),
        ("x/-2", "÷(-2)"),
        ("x*-1*x*-2*x", "-1×(-2)×Π"),
        ("pi*x", "×π"),
        ("x/4", "÷4"),
        ("1/x", "1/x"),
        ("x^2", "x²"),
        ("x^-12", "x⁻¹²"),
        ("x^0.5", "x^0.5"),
        ("(-2)^x", "(-2)^x"),
        ("x >= 0", "≥0"),
        ("0 < x", "0<x"),
        ("max(0, x)", "max(0, ·)"),
        ("clip(x, -1, 1)", "clip(·, -1, 1)"),
        ("where(x > 0, 3, x)", "where(·, 3, ·)"),
        ("huber(x, x, 2)", "huber(·, ·, 2)"),
        ("m(a, b) = a*b; m(x, 2)", "m(·, 2)"),
        ("2*pi", "2×π"),
        ("e^2", "e²"),
        ("sqrt(16)", "sqrt(16)"),
        ("sqrt(x)", "sqrt"),
        ("k = 3; k*x", "×"),
        ("sum(1, x, x, x, x)", "sum"),
    ],
)
def test_constants_are_part_of_the_operation(text: str, symbol: str) -> None:
    report = evaluate(text, {"x": 0.5} if "x" in text else {}).folded()
    assert symbols(report)[report.output] == symbol


def test_equal_neurons_of_a_layer_stand_in_one_column() -> None:
    names = [f"h{index}" for index in range(8)]
    layer = "; ".join(f"{name} = tanh(w{index}*x + {index})" for index, name in enumerate(names))
    report = evaluate(
        f"n(a) = relu(a) + 1; {layer}; o = {' + '.join(names)}; o*n(x)*n(2*x)",
        {"x": 0.5} | {f"w{index}": 0.1 * index for index in range(8)},
    )
    middles: dict[str, float] = {}
    for group in ET.fromstring(figure(report)).iter(f"{SVG}g"):
        for name in group.findall(f"{SVG}text"):
            middles[name.text or ""] = float(name.attrib["x"])
    assert len({middles[name] for name in names}) == 1


def test_a_picture_is_not_upside_down() -> None:
    report = evaluate("h = x*y; f = sin(h) + x; g = h^2*y", {"x": 1, "y": 2}, outputs=["f", "g"])
    texts = [*ET.fromstring(figure(report)).iter(f"{SVG}text")]
    height = {text.text: float(text.attrib["y"]) for text in texts if text.attrib["data-role"] == "symbol"}
    assert height["x"] < height["y"]
    assert height["f"] < height["g"]


BROKEN = [
    ("+".join(f"sin(x*{one})*y" for one in range(1, 12)), " + sin(x·6)·y +"),
    ("atan2(y,x) + hypot(x,y) + logsumexp(x,y,y) + norm(x,y) + x^y + mean(x,y,y,1)", "norm(x, y)"),
]


@pytest.mark.parametrize("draw", [(), ("down",)])
def test_what_runs_through_nested_operations_is_a_straight_line(draw: tuple[str, ...]) -> None:
    text, point, _ = LARGE["nested"]
    report = evaluate(text, point).folded()
    across = "cx" if draw else "cy"
    middles = {one.attrib[across] for one in ET.fromstring(figure(report, *draw)).iter(f"{SVG}circle")}
    assert len(middles) <= 4  # one of each band


@pytest.mark.parametrize(("text", "end"), BROKEN)
def test_a_long_formula_is_broken_between_its_terms(text: str, end: str) -> None:
    root = ET.fromstring(figure(evaluate(text, x=1, y=2).folded()))
    first, *_ = (text.text or "" for text in root.iter(f"{SVG}text") if text.attrib["data-role"] == "title")
    assert first.endswith(end)


def test_a_deep_graph_is_wrapped_as_a_text_and_no_two_lines_that_run_back_meet() -> None:
    drawing = read_drawing(figure(report_of("deep and shared")))
    assert drawing.page.right < 2.5 * drawing.page.bottom
    turning = {edge: set(points) for edge, points in drawing.lines.items() if max(points)[0] > points[-1][0]}
    assert len(turning) > 3
    sources = {
        f"edge-{target}-{position}": source for source, target, position in drawn_edges(report_of("deep and shared"))
    }
    for (one, points), (other, others) in combinations(turning.items(), 2):
        rounded = {(round(x), round(y)) for x, y in points} & {(round(x), round(y)) for x, y in others}
        assert not rounded or sources[one] == sources[other], (one, other)


@pytest.mark.parametrize("name", GRAPHS)
def test_from_top_to_bottom_nothing_overlaps_and_every_line_runs_down(name: str) -> None:
    report = report_of(name)
    for draw in (("down",), ("down", "locals")):
        drawing = read_drawing(figure(report, *draw))
        check_geometry(drawing)
        for edge, points in drawing.lines.items():
            assert all(before[1] <= after[1] + 0.2 for before, after in pairwise(points)), edge
        for mark in drawing.texts:
            if mark.what.startswith("position"):
                x, y = drawing.lines[mark.group][-1]
                assert min(abs(mark.left - x), abs(mark.right - x)) < 8, mark
                assert y - 12 < mark.bottom < y + 12, mark
    assert sorted(texts_of(figure(report, "down"))) == sorted(texts_of(figure(report)))


@pytest.mark.parametrize("text", TREES)
def test_the_arguments_of_a_tree_stand_from_left_to_right_where_lines_run_down(text: str) -> None:
    report = evaluate(text, dict.fromkeys(set(re.findall(r"\b[a-hwx]\d?\b", text)), 2.0))
    lines = read_drawing(figure(report, "down")).lines
    for node in range(len(report.graph)):
        ends = [
            lines[f"edge-{node}-{position}"][-1][0]
            for position, arg in enumerate(report.graph.arguments(node))
            if not is_written(report, arg)
        ]
        assert ends == sorted(ends)


def texts_of(svg: str) -> list[tuple[str, str, str]]:
    """What is written at each node and edge, and in which part of it."""
    return [
        (group.attrib["id"], text.attrib["data-role"], text.text or "")
        for group in ET.fromstring(svg).iter(f"{SVG}g")
        for text in group.findall(f"{SVG}text")
    ]


def titles(report: Report) -> list[str]:
    texts = ET.fromstring(figure(report)).findall(f"{SVG}text")
    return [text.text or "" for text in texts if text.attrib["data-role"] == "title"]


def test_a_title_is_broken_between_statements_and_never_after_a_sign_of_equality() -> None:
    report = evaluate("m(a) = a*sin(a)*cos(a); n(input) = m(input)*input; result = n(x)", x=1)
    lines = titles(report)
    assert lines[:3] == ["m(a) = a·sin(a)·cos(a);", "n(input) = m(input)·input;", "result = n(x)"]
    names = "; ".join(f"a_module_with_a_long_name{one}(a) = a*sin(a*cos(a))^{one}" for one in range(9))
    assert not [one for one in titles(evaluate(f"{names}; x", x=1)) if one.endswith("=")]


MANY = [f"x{i}" for i in range(40)]
LONG = " + ".join(f"{name}*w" for name in MANY)
LARGEST = "max({}, 0)"


@pytest.mark.parametrize("text", ["x/y - log(x)/x", "where(x > y, x - y, huber(x, y, z))", "(y - x/y)/z - x"])
def test_which_argument_it_is_stands_at_the_head_of_the_arrow(text: str) -> None:
    picture = figure(evaluate(text, {name: 2.5 for name in "xyz" if name in text}))
    check_geometry(read_drawing(picture))
    marks = 0
    for edge in ET.fromstring(picture).iterfind(f".//{SVG}g[@data-role='edge']"):
        tip = [float(one) for one in edge.findall(f"{SVG}polygon")[0].attrib["points"].split()[0].split(",")]
        for mark in edge.iterfind(f"{SVG}text[@data-role='position']"):
            marks += 1
            assert abs(float(mark.attrib["x"]) - tip[0]) < 8
            assert abs(float(mark.attrib["y"]) - tip[1]) < 8
    assert marks >= 5


@pytest.mark.parametrize(
    ("text", "names", "more"),
    [
        (LONG, [*MANY[:6], "x39", "w"], 33),
        (f"{LONG} + x9", [*MANY[:6], "x9", "w"], 34),  # what else uses a variable is drawn
        (f"({LONG})*x9", [*MANY[:6], "x9", "x39", "w"], 33),
        (f"abs(x9 - 2) + {LONG}", [*MANY[:5], "x9", "x39", "w"], 34),
        (LONG.replace("x9*w", "abs(x9 - 2)"), [*MANY[:6], "x9", "x39", "w"], 32),  # so is what has a warning
        (LARGEST.format(", ".join(MANY[:20])), MANY[:6], 14),
        (LARGEST.format(", ".join(MANY[:19])), MANY[:19], 0),
    ],
)
def test_of_a_long_sum_the_first_and_the_last_arguments_are_drawn(text: str, names: list[str], more: int) -> None:
    report = evaluate(text, {name: 2 + abs(i - 9) / 8 for i, name in enumerate([*MANY, "w"]) if name in text})
    for kind in ("svg", "dot", "mermaid", "tikz"):
        few, every = ("".join(renderer("report", kind)(report, View(all=all))) for all in (False, True))
        assert re.findall(r"(?<!and )\b(\d+) more", few) == [str(more)] * (more > 0), kind
        assert ("all draws them" in few, "all draws them" in every) == (more > 0, False), kind
    picture = "".join(renderer("report", "svg")(report, View()))
    check_geometry(read_drawing(picture))
    variables = ET.fromstring(picture).iterfind(f".//{SVG}g[@data-kind='variable']")
    assert {one.findtext(f"{SVG}text") for one in variables} == {*names}


def test_the_legend_explains_the_colours_and_only_what_is_there() -> None:
    def legend(report: Report) -> dict[str, str]:
        texts = ET.fromstring(figure(report)).findall(f"{SVG}text")
        return {one.text or "": one.attrib["fill"] for one in texts if one.attrib["data-role"] == "legend"}

    plain = {"value": INKS["value"], "gradient of f": INKS["gradient"]}
    assert legend(evaluate("x*y", x=1, y=2)) == plain
    assert legend(evaluate("x*x", x=1)) == plain | {"Σ sum of the gradients that arrive": INKS["gradient"]}
    assert legend(evaluate("relu(x)", x=-1)) == plain | {"dashed: nothing is sent": INKS["quiet"]}
    assert legend(evaluate("log(x)", x=0)) == plain | {
        "thick outline: has a warning": INKS["warning"],
        "dotted outline: passes on what is not finite": INKS["warning"],
    }


def test_the_nodes_that_warnings_are_about_are_marked() -> None:
    report = evaluate("log(x)*y + abs(z) + x", x=-1, y=2, z=0)
    marked = {
        int(group.attrib["data-node"]): "stroke-dasharray" in outline.attrib
        for group in ET.fromstring(figure(report)).iter(f"{SVG}g")
        for outline in (*group.findall(f"{SVG}circle"), *group.findall(f"{SVG}rect"))
        if outline.attrib["stroke"] == INKS["warning"]
    }
    assert {node for node, dotted in marked.items() if not dotted} == {one.node for one in report.warnings}
    assert {node for node, dotted in marked.items() if dotted} == passing(report)


def passing(report: Report) -> set[int]:
    """The nodes that pass on a nan: those with one, but for where warnings begin."""
    pairs = zip(report.node_values, report.passes.upstream, strict=True)
    return {node for node, pair in enumerate(pairs) if any(map(isnan, pair))} - {one.node for one in report.warnings}


def test_the_heading_says_the_point_whose_gradients_they_are_and_what_is_wrong() -> None:
    assert titles(evaluate("x*y", x=-0.0, y=2)) == ["f = x·y", "at x = 0, y = 2"]
    several = evaluate("g = x*y; f = g + x", {"x": 1, "y": 2}, outputs=["f", "g"])
    assert titles(several) == ["g = x·y; f = g + x", "at x = 1, y = 2; gradients of g"]
    assert titles(evaluate("q = x*y; q", x=1, y=2)) == ["q = x·y", "at x = 1, y = 2"]
    wrong = evaluate("log(x) + abs(y)", x=-1, y=0)
    text = " ".join(titles(wrong))
    for one in wrong.warnings:
        assert f"{one.head}: {message(one).replace('`', '')}" in text
    many = evaluate("+".join(f"abs(x{index})" for index in range(9)), {f"x{index}": 0 for index in range(9)})
    assert "and 11 more warnings" in titles(many)  # two for each
    root = ET.fromstring(figure(wrong))
    below = [float(one.attrib["y"]) for one in root.iter(f"{SVG}text") if one.attrib["fill"] == INKS["warning"]]
    graph = root.find(f"{SVG}g[@id='graph']")
    assert graph is not None
    places = [float(one.attrib["y"]) for one in graph.iter(f"{SVG}text")]
    top = float(graph.attrib["transform"].rpartition(" ")[2].rstrip(")"))
    assert len(below) >= len(wrong.warnings)
    assert min(below) > top + max(places)


def test_a_long_title_is_broken_between_statements() -> None:
    lines = titles(evaluate("; ".join(f"name{i} = x*{i}" for i in range(9)) + "; f = name1 + name8", x=1))[:-1]
    assert len(lines) > 1
    assert all(line.endswith(";") for line in lines[:-1])


@pytest.mark.parametrize("name", GRAPHS)
def test_plain_elements_only(name: str) -> None:
    svg = figure(report_of(name))
    root = ET.fromstring(svg)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "style", "title", "desc", "g", "rect", "circle", "path", "polygon", "text"}
    attributes = {attribute for element in root.iter() for attribute in element.attrib}
    assert not attributes & {"class", "style", "marker-end", "marker-start", "paint-order", "textLength"}
    assert root.attrib["font-family"] == "sans-serif"


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours."""

    def luminance(color: str) -> float:
        parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_colours_are_readable_on_the_background_that_the_picture_brings() -> None:
    for color in INKS.values():
        assert contrast(BACKGROUND, color) >= 4.5, color
    root = ET.fromstring(figure(evaluate("x", x=1)))
    (background,) = [one for one in root.iter(f"{SVG}rect") if one.attrib.get("id") == "background"]
    assert background.attrib["fill"] == BACKGROUND


def test_a_dark_page_has_the_same_picture_in_colours_that_are_readable_there() -> None:
    svg = figure(evaluate("n(a) = a + 1; k = 3; abs(x)*2 + n(x) + k*x + relu(x - 1)", x=0))
    style = ET.fromstring(svg).findtext(f"{SVG}style") or ""
    assert style.startswith("@media (prefers-color-scheme: dark){")
    turned = dict(re.findall(r'\[fill="(#\w+)"\]\{fill:(#\w+)\}', style))
    assert turned == dict(re.findall(r'\[stroke="(#\w+)"\]\{stroke:(#\w+)\}', style))
    used = set(re.findall(r'(?:fill|stroke)="(#\w+)"', svg))
    assert used <= set(turned)
    for light in INKS.values():
        assert contrast(turned[light], turned[BACKGROUND]) >= 4.5


@pytest.mark.parametrize("name", ["worked example", "where", "fifty nodes", "deep", "parallel edges"])
def test_local_gradients_stand_at_their_edges_where_they_are_asked_for(name: str) -> None:
    report = report_of(name)
    svg = figure(report, "locals", "widths")
    check_geometry(read_drawing(svg))
    groups = {one.attrib["id"]: one for one in ET.fromstring(svg).iter(f"{SVG}g") if "id" in one.attrib}
    sizes, widths = {}, {}
    for source, target, position in drawn_edges(report):
        edge, group = report.graph.edges(target)[position], groups[f"edge-{target}-{position}"]
        found = [text.text for text in group.findall(f"{SVG}text") if text.attrib["data-role"] == "local"]
        flows = report.graph.edge_has_gradient(target, position) and report.passes.sends[edge]
        factor = number_text(report.passes.local[edge] + 0.0)
        assert found == ([f"×({factor})" if factor[0] == "-" else f"×{factor}"] if flows else []), source
        if flows:
            (path,) = group.findall(f"{SVG}path")
            sizes[target, position] = abs(report.passes.downstream[edge])
            widths[target, position] = wide = float(path.attrib["stroke-width"])
            (polygon,) = group.findall(f"{SVG}polygon")
            _, (_, top), (_, bottom) = (map(float, one.split(",")) for one in polygon.attrib["points"].split())
            assert bottom - top > max(6, wide + 2)
    in_order = sorted(sizes, key=lambda key: sizes[key])
    assert [widths[key] for key in in_order] == sorted(widths.values())
    assert (max(widths.values()) > min(widths.values())) == (max(sizes.values()) > min(sizes.values()))
    assert 'data-role="local"' not in figure(report)


@given(st.floats(allow_subnormal=True))
@settings(max_examples=300, deadline=None)
def test_number_texts_are_short_and_never_look_exact_where_more_than_rounding_is_lost(value: float) -> None:
    text = number_text(value)
    assert len(text) <= 11
    if value != value:
        assert text == "nan"
        return
    if abs(value) != float("inf") and abs(value) < 1.7e308:
        assert float(text) == pytest.approx(value, rel=5.1e-4, abs=5e-324)
    if float(text) == value or float(f"{value:.12g}") == float(text):
        return
    digits = text.partition("e")[0].lstrip("-").replace(".", "").lstrip("0")
    assert len(digits) >= 4, "a rounded number keeps its zeros"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (1.1 + 0.1, "1.2"),
        (1 - 1e-12, "1.000"),
        (1 - 1e-13, "1"),
        (1 - 1e-9, "1.000"),
        (1.0, "1"),
        (999.99999, "1000"),
        (123456.78, "123457"),
        (0.1230024, "0.1230"),
    ],
)
def test_number_texts(value: float, text: str) -> None:
    assert number_text(value) == text


def test_five_hundred_nodes_in_three_seconds() -> None:
    report = evaluate(*terms(95))
    assert len(report.graph) >= 500
    start = time.process_time()
    figure(report)
    assert time.process_time() - start < 3


def test_too_many_nodes() -> None:
    with pytest.raises(TooLargeError, match=rf"1002 nodes, a picture shows at most {MAX_NODES}") as found:
        figure(evaluate(" + ".join(f"x*{index}" for index in range(501)), x=1))
    assert "--format dot" in str(found.value.help)


def test_too_many_lines() -> None:
    chain = "; ".join(f"n{index} = {'x' if index == 0 else f'n{index - 1}'}*x{index % 20}" for index in range(600))
    point = {"x": 1.0} | {f"x{index}": 1.001 for index in range(20)}
    with pytest.raises(TooLargeError, match="places for nodes, numbers and lines, at most 20000") as found:
        figure(evaluate(f"{chain}; sin(n599)", point))
    assert "--format dot" in str(found.value.help)


def horner(degree: int) -> str:
    """A polynomial in nested form."""
    text = "1"
    for index in range(degree):
        text = f"({text}*x + {index % 7 + 1})"
    return text


LARGE = {
    "deep and shared": (horner(200), {"x": 0.9}, 5e6),
    "nested": (
        "(" * 12 + "c12" + "".join(f"*x + c{index})" for index in reversed(range(12))),
        {"x": 0.9} | {f"c{index}": index / 3 for index in range(13)},
        4e5,
    ),
    "nested and large": (
        "(" * 40 + "c40" + "".join(f"*x + c{index})" for index in reversed(range(40))),
        {"x": 0.9} | {f"c{index}": index / 3 for index in range(41)},
        1.2e6,
    ),
    "modules": (
        "m(a, b) = sin(a)*b + a; " + "; ".join(f"n{i + 1} = m(n{i}, k{i % 5})" for i in range(100)) + "; sin(n100)",
        {"n0": 0.5, "k0": 0.3, "k1": 0.4, "k2": 0.5, "k3": 0.6, "k4": 0.7},
        4e6,
    ),
    "wide": (grouped([f"sin(x{index})" for index in range(300)]), {f"x{i}": i / 9 for i in range(300)}, 11.5e6),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_figure_takes_little_time_and_no_more_room_than_it_needs(name: str) -> None:
    text, point, area = LARGE[name]
    report = evaluate(text, point)
    start = time.process_time()
    root = ET.fromstring(figure(report))
    assert time.process_time() - start < 3
    assert float(root.attrib["width"]) * float(root.attrib["height"]) < 1.5 * area


@pytest.mark.parametrize("package", ["graphlay", "typst", "pymupdf_fonts"])
@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_a_missing_package_is_named_with_the_command(package: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=package) as found:
        b"".join(renderer("report", kind)(evaluate("x", x=1), View()))
    assert found.value.help == 'pip install "cgraph-cli[draw]"'


def test_png_has_its_text_in_a_font_of_its_own(tmp_path: Path) -> None:
    typst = pytest.importorskip("typst", reason="the extra `draw` is not installed")
    path = tmp_path / "graph.png"
    result = run(["eval", "(x+y)*z", "--x", "-2", "--y", "5", "--z", "-4", "--output", str(path)])
    assert (result.code, result.stdout) == (0, "")
    picture = path.read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    svg = figure(evaluate("(x+y)*z", x=-2, y=5, z=-4))
    root = ET.fromstring(svg)
    assert struct.unpack(">II", picture[16:24]) == (2 * int(root.attrib["width"]), 2 * int(root.attrib["height"]))
    (tmp_path / "bare.svg").write_text(re.sub("<text.*</text>", "", svg), encoding="utf-8")
    (tmp_path / "bare.typ").write_text('#set page(width: auto, height: auto, margin: 0pt)\n#image("bare.svg")')
    without_text = typst.compile(tmp_path / "bare.typ", format="png", ppi=192.0)
    assert len(picture) > 1.3 * len(without_text)


@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_no_character_is_left_out(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("typst", reason="the extra `draw` is not installed")
    from cgraph_cli.render.picture import typeset

    monkeypatch.setattr(typeset, "PACKAGED", typeset.PACKAGED - {"ß"})  # looked for, and found
    assert b"".join(renderer("report", kind)(evaluate("größe", {"größe": 3.0}), View()))
    with pytest.raises(FileError, match="no font on this computer has the character `\U00012f90`"):
        b"".join(renderer("report", kind)(evaluate("\U00012f90", {"\U00012f90": 3.0}), View()))


def test_the_font_of_the_extra_has_all_that_is_packaged() -> None:
    pytest.importorskip("typst", reason="the extra `draw` is not installed")
    from cgraph_cli.render.picture import typeset

    characters = sorted(typeset.PACKAGED - {" ", "\xa0", "\xad", "\x7f", *map(chr, range(0x80, 0xA0))})
    texts = [
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
        f'<text x="8" y="28" font-size="20" font-family="{typeset.FAMILY}">{escape(text)}</text></svg>'
        for text in (*characters, "", typeset.UNASSIGNED)
    ]
    *pages, blank, box = typeset._pages(texts, "", "png", 1.0, system=False)
    assert [one for one, page in zip(characters, pages, strict=True) if page in (blank, box)] == []


def texts_of_pdf(pdf: bytes) -> tuple[str, list[tuple[str, float, float]], tuple[float, float]]:
    """What a reader of the file finds: its content, its glyphs with their places in units, and its size in units."""
    pypdf = pytest.importorskip("pypdf", reason="the extra `test` is not installed")
    (page,) = pypdf.PdfReader(BytesIO(pdf)).pages
    height = float(page.mediabox.height)
    glyphs: list[tuple[str, float, float]] = []

    def seen(text: str, matrix: list[float], *_: object) -> None:
        if text.strip():
            glyphs.append((text.strip(), matrix[4] / 0.75, (height - matrix[5]) / 0.75))

    page.extract_text(visitor_text=seen)
    content = page.get_contents().get_data().decode("latin-1")
    return content, glyphs, (float(page.mediabox.width) / 0.75, height / 0.75)


@pytest.mark.parametrize("name", ["worked example", "where", "long names", "deep"])
def test_a_pdf_is_one_page_of_the_figure_with_all_its_texts_where_they_stand(name: str) -> None:
    pytest.importorskip("typst", reason="the extra `draw` is not installed")
    report = report_of(name)
    svg = figure(report)
    content, glyphs, size = texts_of_pdf(b"".join(renderer("report", "pdf")(report, View())))
    root = ET.fromstring(svg)
    assert size == pytest.approx((float(root.attrib["width"]), float(root.attrib["height"])), abs=1)
    strokes = len(re.findall(r"^[SB]\b", content, re.MULTILINE))  # outlines and lines, in the place of pixels
    assert strokes >= len(drawn_nodes(report)) + len([*root.iter(f"{SVG}path")])
    found = "".join(sorted("".join(text for text, _, _ in glyphs)))
    assert found == "".join(sorted("".join(text.text or "" for text in root.iter(f"{SVG}text")).replace(" ", "")))
    boxes = read_drawing(svg).texts
    for glyph, left, base in glyphs:
        assert any(one.left - 4 <= left <= one.right + 4 and one.top <= base <= one.bottom for one in boxes), glyph


def test_a_pdf_has_names_in_every_script() -> None:
    pytest.importorskip("typst", reason="the extra `draw` is not installed")
    report = evaluate("키 = 무게*2; 키 + β*größe + (x != 2)", {"무게": 2, "β": 1, "größe": 3, "x": 1})
    try:
        pdf = b"".join(renderer("report", "pdf")(report, View()))
    except FileError:
        pytest.skip("no font on this computer has Korean letters")
    text = "".join(glyph for glyph, _, _ in texts_of_pdf(pdf)[1])
    assert all(name in text for name in ("키", "무게", "β", "größe", "≠"))
    assert len(pdf) < 200_000  # fonts are cut to what is used
    pypdf = pytest.importorskip("pypdf", reason="the extra `test` is not installed")
    fonts = pypdf.PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values()
    names = [str(font.get_object()["/BaseFont"]) for font in fonts]
    assert any("FiraGO" in one for one in names)
    assert not any("Serif" in one for one in names), "letters of another script keep the kind of letters"


def test_the_scale_of_a_png(tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="the extra `draw` is not installed")
    path = tmp_path / "graph.png"
    words = ["eval", "x*y", "--x", "1", "--y", "2", "--output", str(path), "--scale"]
    root = ET.fromstring(figure(evaluate("x*y", x=1, y=2)))
    width, height = int(root.attrib["width"]), int(root.attrib["height"])
    for scale in (1, 3.5):
        assert run([*words, str(scale)]).code == 0
        size = struct.unpack(">II", path.read_bytes()[16:24])
        assert size == (pytest.approx(width * scale, abs=1), pytest.approx(height * scale, abs=1))
    for wrong, said in (("1e9", "too large for a PNG"), ("-1", "positive number"), ("nan", "positive number")):
        result = run([*words, wrong])
        assert result.code == 2
        assert said in result.stderr
    result = run(["eval", "x", "--x", "1", "--scale", "2"])
    assert (result.code, result.stdout) == (2, "")
    assert "--scale is shown by --format png" in result.stderr


def rows_of_png(data: bytes) -> list[bytes]:
    """The pixels of a picture with eight bits a channel, row by row, the filters of the rows undone."""
    width, height, _, kind = struct.unpack(">IIBB", data[16:26])
    channels = {2: 3, 6: 4}[kind]
    packed, place = b"", 8
    while place < len(data):
        (size,) = struct.unpack(">I", data[place : place + 4])
        packed += data[place + 8 : place + 8 + size] if data[place + 4 : place + 8] == b"IDAT" else b""
        place += 12 + size
    line = 1 + channels * width
    raw = zlib.decompress(packed)
    rows = [bytes(line - 1)]
    for start in range(0, height * line, line):
        row, above = bytearray(raw[start + 1 : start + line]), rows[-1]
        for index in range(line - 1):
            left, corner = (row[index - channels], above[index - channels]) if index >= channels else (0, 0)
            up = above[index]
            near = min((left, up, corner), key=lambda one: abs(left + up - corner - one))  # ties go to the first
            row[index] = (row[index] + (0, left, up, (left + up) // 2, near)[raw[start]]) & 255
        rows.append(bytes(row))
    return rows[1:]


@pytest.mark.parametrize(("width", "height", "scale"), [(60, 53, 2.0), (64, 117, 1.0), (71, 50, 1.3)])
def test_no_row_and_no_column_of_pixels_is_lost(width: int, height: int, scale: float) -> None:
    pytest.importorskip("typst", reason="the extra `draw` is not installed")
    from cgraph_cli.render.picture import typeset

    across, down = round(width * scale), round(height * scale)
    wide, high = width / across, height / down  # a pixel
    for column, row in ((across // 2 - 1, down // 2 - 1), (across // 2, down // 2)):  # lines of a pixel in the middle
        lines = f"M{column * wide} 0h{wide}V{height}h-{wide}ZM0 {row * high}H{width}v{high}H0Z"
        body = f'<rect width="{width}" height="{height}" fill="#fff"/><path d="{lines}"/>'
        rows = rows_of_png(typeset.typeset(Picture(width, height, body, []), "", "png", scale))
        size = len(rows[0]) // across
        assert [*rows[0][::size]] == [255 * (index != column) for index in range(across)]
        assert [line[0] for line in rows] == [255 * (index != row) for index in range(down)]


def test_too_large_for_png() -> None:
    from cgraph_cli.render.picture.typeset import render_png

    text, point, _ = LARGE["wide"]
    with pytest.raises(TooLargeError, match="too large for a PNG") as found:
        b"".join(render_png(evaluate(text, point), View()))
    assert "--format dot" in str(found.value.help)


def test_output_names(tmp_path: Path) -> None:
    words = ["eval", "x", "--x", "1", "--output"]
    result = run([*words, str(tmp_path / "graph.xyz")])
    assert result.code == 2
    assert all(ending in result.stderr for ending in (".svg", ".png", ".dot", ".gv", ".mmd", ".json"))
    result = run([*words, str(tmp_path / "no" / "graph.svg")])
    assert result.code == 2
    assert "cannot write" in result.stderr
    for ending, start in (
        (".svg", "<svg"),
        (".dot", "digraph"),
        (".gv", "digraph"),
        (".mmd", "---"),
        (".mermaid", "---"),
    ):
        path = tmp_path / f"graph{ending}"
        assert run([*words, str(path)]).code == 0
        assert path.read_text(encoding="utf-8").startswith(start)
