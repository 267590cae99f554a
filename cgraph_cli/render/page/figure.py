"""The figure of svg.py as a part of a page: room for other numbers, no heading, numbers and states set by role."""

from __future__ import annotations

import copy
import re
from array import array
from collections.abc import Iterator
from colorsys import hls_to_rgb, rgb_to_hls
from typing import Any

from cgraph_cli.engine.passes import Gradients
from cgraph_cli.render import View
from cgraph_cli.render.picture.figure import arrows_into, arrows_out, short_number
from cgraph_cli.report.report import Report

ROOMY = -0.1235  # as wide as most numbers that the figure shows
SPACE = "http://www.w3.org/2000/svg"
TOP = 16.0  # above the graph, where the heading was


def figure(report: Report) -> str:
    """The figure as one element. Raises TooLargeError and MissingExtraError as the figure itself does."""
    from xml.etree import ElementTree as ET

    from cgraph_cli.render.picture.svg import render_report

    ET.register_namespace("", SPACE)
    root = ET.fromstring("".join(render_report(_with_room(report), View())))
    for element in list(root):
        if element.get("data-role") == "title" or element.tag in (f"{{{SPACE}}}title", f"{{{SPACE}}}desc"):
            root.remove(element)
    _crop(root)
    groups = {group.get("id"): group for group in root.iter(f"{{{SPACE}}}g")}
    for group in groups.values():
        for title in group.findall(f"{{{SPACE}}}title"):
            group.remove(title)
        for name in ("data-value", "data-gradient", "data-upstream"):
            group.attrib.pop(name, None)
    for id, numbers, takes_part in _numbers(report):
        group = groups[id]
        if not takes_part:
            group.set("class", "idle")
        for text in group.iter(f"{{{SPACE}}}text"):
            role = text.get("data-role")
            if role in numbers:
                text.text = short_number(numbers[role]) if role != "upstream" else f"Σ {short_number(numbers[role])}"
    return ET.tostring(root, encoding="unicode")


def _with_room(report: Report) -> Report:
    """The same graph with numbers as wide as any that may come; every edge takes part."""

    def wide(numbers: Any) -> array[float]:
        least = len(short_number(ROOMY))
        return array("d", (one if len(short_number(one)) > least else ROOMY for one in numbers))

    passes = report.passes
    roomy = copy.copy(report)
    roomy.node_values = wide(report.node_values)
    everywhere = bytearray(b"\1" * len(report.graph)), bytearray(b"\1" * len(report.graph.args))
    roomy.passes = Gradients(wide(passes.upstream), wide(passes.local), wide(passes.downstream), *everywhere)
    return roomy


def _numbers(report: Report) -> Iterator[tuple[str, dict[str | None, float], bool]]:
    """The groups of the figure with the numbers of their texts, and whether they take part."""
    graph = report.graph
    for node in range(len(graph)):
        yield f"node-{node}", {"upstream": report.passes.upstream[node]}, True
        for arrow in arrows_into(report, node):
            found: dict[str | None, float] = {"value": arrow.value}
            if arrow.gradient is not None:
                found["gradient"] = arrow.gradient
            yield f"edge-{node}-{arrow.position}", found, arrow.takes_part
    for _, arrow in arrows_out(report):
        yield f"edge-output-{arrow.source}", {"value": arrow.value, "gradient": 1.0}, True


def _crop(root: Any) -> None:
    """Take the heading's place away, and let the page choose the size."""
    _, _, width, height = map(float, root.get("viewBox").split())
    graph = next(group for group in root if group.get("id") == "graph")
    left, top = map(float, re.findall(r"-?[\d.]+", graph.get("transform")))
    for element in list(root):
        if element.get("id") == "background":
            root.remove(element)
    graph.set("transform", f"translate({left} {TOP})")
    height += TOP - top
    root.set("viewBox", f"0 0 {width:.0f} {height:.0f}")
    root.set("style", f"--width: {width:.0f}px")
    root.attrib.pop("width", None)
    root.attrib.pop("height", None)


def dark_colors(svg: str) -> str:
    """CSS that shows every colour of the figure with the lightness turned round."""
    lines = []
    for color in sorted(set(re.findall(r'"(#[0-9a-f]{6})"', svg))):
        dark = _turned(color)
        lines += [f'svg [fill="{color}"] {{ fill: {dark}; }}', f'svg [stroke="{color}"] {{ stroke: {dark}; }}']
    return "\n".join(lines)


def _turned(color: str) -> str:
    red, green, blue = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    hue, lightness, saturation = rgb_to_hls(red, green, blue)
    turned = 0.09 + 0.84 * (1 - lightness)
    parts = hls_to_rgb(hue, turned, saturation * (0.75 if turned > 0.5 else 0.4))
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)
