"""Graphs that every picture must show, and an SVG figure as boxes and lines, measured without its own code."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple
from xml.etree import ElementTree as ET

from cgraph_cli import evaluate
from cgraph_cli.report.chains import Chain
from cgraph_cli.report.report import Report

SVG = "{http://www.w3.org/2000/svg}"

SIGMOID = "1/(1+exp(-(w0*x0+w1*x1+w2)))"
MODULES = """
sigma(a) = 1/(1 + exp(-a))
weighted(first_weight, second) = first_weight*second
q = x*y
f = sigma(weighted(q, 2) + sigma(q)) + mse(q, y)
"""
HORNER = "((((((((((((1*x+2)*x+3)*x+4)*x+5)*x+6)*x+7)*x+8)*x+9)*x+10)*x+11)*x+12)*x+13)"
WEIGHTS = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}


def terms(count: int) -> tuple[str, dict[str, float]]:
    """A sum with about five nodes to a term over shared variables."""
    text = " + ".join(f"sin(x{index % 20}*y{index % 7})*{index}" for index in range(count))
    names = {f"x{index % 20}" for index in range(count)} | {f"y{index % 7}" for index in range(count)}
    return text, {name: 1 + int(name[1:]) / 7 for name in sorted(names)}


def grouped(summands: list[str]) -> str:
    """A sum of sums, none of which is too long to be drawn whole."""
    return f"sum({', '.join(f'sum({chr(44).join(summands[at : at + 20])})' for at in range(0, len(summands), 20))})"


GRAPHS: dict[str, tuple[str, dict[str, float]]] = {
    "worked example": ("(x+y)*z", {"x": -2.0, "y": 5.0, "z": -4.0}),
    "sigmoid": (SIGMOID, WEIGHTS),
    "fifty nodes": terms(9),
    "deep": (HORNER, {"x": 0.5}),
    "deep and shared": (f"y = x + 1; ({HORNER})/y + {HORNER.replace('x', 'y')} - y/x", {"x": 0.5}),
    "used ten times": ("x + sin(x)*x^2 + x*exp(x) - x/(x*x) + cos(x*x)", {"x": 1.5}),
    "parallel edges": ("x*x", {"x": 3.0}),
    "long numbers": (
        "a*1e-300/b + exp(c)*123456789.123456789 - 0.1*d + big^2 + 5e-324",
        {"a": 1.23456789012e-5, "b": -9.87654321e250, "c": 300.123, "d": float("nan"), "big": -1.2345678e200},
    ),
    "constants": ("2*pi + sqrt(3.14159265358979)/7", {}),
    "one constant": ("3", {}),
    "one variable": ("x", {"x": 1.0}),
    "modules": (MODULES, {"x": 1.0, "y": -0.5}),
    "where": ("where(x < y, x^2, y*3)", {"x": 1.0, "y": 2.0}),
    "all comparisons": ("(x<y) + (x<=y) + (x>y) + (x>=y) + (x==y) + (x!=y)", {"x": 1.0, "y": 2.0}),
    "many arguments": (f"logsumexp({', '.join(['x', 'y'] * 12)}) / max(x, y, 1)", {"x": 1.0, "y": 2.0}),
    "long names": (
        "a_name_of_more_than_thirty_two_characters_in_all*WWWWWWWWWW + größe^β",
        {"a_name_of_more_than_thirty_two_characters_in_all": 0.1, "WWWWWWWWWW": 2.0, "größe": 3.0, "β": 0.3},
    ),
    "shared names": ("q = x + y; r = q*q; r/q + sin(q)*r - unused_name*0", {"x": 0.1, "y": 0.2, "unused_name": 1e-9}),
    "all but straight": (
        "x1 + x2*x3 + x4^2 + x5 + x6/x7",
        {"x1": 1.0, "x2": 2.0, "x3": 3.0, "x4": 4.0, "x5": 5.0, "x6": 6.0, "x7": 7.0},
    ),
    "many terms": ("2*x*y*x*3 - y + x*(-4)*y*z/2 - 1 + z - x", {"x": 0.5, "y": -2.0, "z": 3.0}),
    "unused statement": ("u = x*2; w = u + 1; f = sin(x)", {"x": 1.0}),
}


def report_of(name: str) -> Report:
    """The report of one of the graphs, as it is shown."""
    expression, values = GRAPHS[name]
    return evaluate(expression, values).folded()


def is_written(report: Report, node: int) -> bool:
    """Whether a node is a constant that stands in the operations that use it: without a name of the user's."""
    graph = report.graph
    named = graph.names.get(node) != graph.symbols.get(node) or node in graph.outputs.values()
    users = [user for user in range(len(graph)) if node in graph.arguments(user)]
    return node in graph.constants and not named and all(_writes_constants(report, user) for user in users)


def _writes_constants(report: Report, user: int) -> bool:
    """Whether an operation has few arguments, or many terms with few constants among them."""
    graph = report.graph
    arguments = graph.arguments(user)
    few = [arg for arg in arguments if not isinstance(graph.ops[user], Chain) or arg in graph.constants]
    return len(few) <= 4


def drawn_nodes(report: Report) -> list[int]:
    """The nodes that a picture shows."""
    return [node for node in range(len(report.graph)) if not is_written(report, node)]


def drawn_edges(report: Report) -> list[tuple[int, int, int]]:
    """The edges that a picture shows: from, to, and which argument it is."""
    return [
        (edge.node, node.id, position)
        for node in report.nodes
        for position, edge in enumerate(node.args)
        if not is_written(report, edge.node)
    ]


# Advance widths of DejaVu Sans, one of the widest usual fonts, in thousandths of the size.
ASCII_WIDTHS = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
)  # fmt: skip


def text_width(text: str, size: float) -> float:
    """The width of a text; what is not ASCII counts as wide as the widest of the signs used."""
    widths = (ASCII_WIDTHS[ord(one) - 32] if " " <= one <= "~" else 1000 if one == "…" else 838 for one in text)
    return sum(widths) * size / 1000


class Rectangle(NamedTuple):
    """A box of the picture; ``group`` is the id of the group that it is in."""

    left: float
    top: float
    right: float
    bottom: float
    group: str
    what: str

    def overlaps(self, other: Rectangle) -> bool:
        """Whether two boxes have an area in common."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


class Drawing(NamedTuple):
    """A figure: its size, all texts, the outlines of nodes, and points on the lines of every edge."""

    page: Rectangle
    texts: list[Rectangle]
    outlines: list[Rectangle]
    lines: dict[str, list[tuple[float, float]]]


def read_drawing(svg: str) -> Drawing:
    """An SVG figure as geometry."""
    root = ET.fromstring(svg)
    page = Rectangle(0, 0, float(root.attrib["width"]), float(root.attrib["height"]), "", "page")
    drawing = Drawing(page, [], [], {})
    (graph,) = [group for group in root.iter(f"{SVG}g") if group.attrib["id"] == "graph"]
    found = re.fullmatch(r"translate\(([\d.]+) ([\d.]+)\)", graph.attrib["transform"])
    assert found
    _read(root.findall(f"{SVG}text"), "", 0.0, 0.0, drawing)
    for group in graph:
        _read(list(group), group.attrib["id"], float(found[1]), float(found[2]), drawing)
    return drawing


def _read(shapes: list[ET.Element], group: str, x: float, y: float, drawing: Drawing) -> None:
    for shape in shapes:
        kind, at = shape.tag.removeprefix(SVG), shape.attrib
        if kind == "text":
            text, size = shape.text or "", float(at["font-size"])
            wide = text_width(text, size)
            left = x + float(at["x"]) - {"start": 0.0, "middle": wide / 2, "end": wide}[at["text-anchor"]]
            base = y + float(at["y"])
            box = (left, base - 0.76 * size, left + wide, base + 0.24 * size)
            drawing.texts.append(Rectangle(*box, group, f"{at['data-role']} {text}"))
        elif kind == "circle":
            middle, height, radius = x + float(at["cx"]), y + float(at["cy"]), float(at["r"])
            box = (middle - radius, height - radius, middle + radius, height + radius)
            drawing.outlines.append(Rectangle(*box, group, "circle"))
        elif kind == "rect":
            left, top = x + float(at["x"]), y + float(at["y"])
            box = (left, top, left + float(at["width"]), top + float(at["height"]))
            drawing.outlines.append(Rectangle(*box, group, "rect"))
        elif kind == "path":
            drawing.lines[group] = [(x + px, y + py) for px, py in _points(at["d"])]


def _points(path: str) -> list[tuple[float, float]]:
    """Points along a path of M, H, V and C, at most about a pixel apart; only one that turns may run backwards."""
    points: list[tuple[float, float]] = []
    for command, text in re.findall(r"([MHVC])([-\d. ]*)", path):
        numbers = [float(number) for number in text.split()]
        if command == "M":
            points.append((numbers[0], numbers[1]))
            continue
        x0, y0 = points[-1]
        end = {"H": (numbers[0], y0), "V": (x0, numbers[0])}.get(command) or (numbers[4], numbers[5])
        steps = max(int(abs(end[0] - x0) + abs(end[1] - y0)), 1)
        bend = (numbers[0], numbers[2]) if command == "C" else (x0, end[0])
        for step in range(1, steps + 1):
            t = step / steps
            if command != "C":
                points.append((x0 + t * (end[0] - x0), y0 + t * (end[1] - y0)))
            else:
                a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
                points.append((a * x0 + (b * bend[0] + c * bend[1]) + d * end[0], (a + b) * y0 + (c + d) * end[1]))
    assert "V" in path or all(after[0] >= before[0] - 0.2 for before, after in pairwise(points)), (
        "a line runs backwards"
    )
    return points
