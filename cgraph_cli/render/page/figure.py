"""The figure of svg.py as a part of a page: no heading, numbers that can change, the page's own size and colours."""

from __future__ import annotations

from colorsys import hls_to_rgb, rgb_to_hls

from cgraph_cli.render.picture.svg import COLORS, FONT, MARGIN, drawn, escape, placed
from cgraph_cli.report.report import Report

TOP = 16.0  # above the graph, where the heading was


def figure(report: Report, label: str) -> str:
    """The figure as one element. Raises TooLargeError and MissingExtraError as the figure itself does."""
    graph = drawn(report, live=True)
    width, height = graph.width + 2 * MARGIN, graph.height + TOP + MARGIN
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" style="--width: {width:.0f}px" role="img" '
        f'aria-label="{escape(label)}" font-family="{FONT}">\n{placed(graph, MARGIN, TOP)}</svg>'
    )


def dark_colors() -> str:
    """CSS that shows every colour of the figure with the lightness turned round."""
    lines = []
    for color in COLORS:
        dark = _turned(color)
        lines += [f'svg [fill="{color}"] {{ fill: {dark}; }}', f'svg [stroke="{color}"] {{ stroke: {dark}; }}']
    return "\n".join(lines)


def _turned(color: str) -> str:
    red, green, blue = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    hue, lightness, saturation = rgb_to_hls(red, green, blue)
    turned = 0.09 + 0.84 * (1 - lightness)
    parts = hls_to_rgb(hue, turned, saturation * (0.75 if turned > 0.5 else 0.4))
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)
