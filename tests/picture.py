"""The README's pictures, made by the tool itself: ``python -m tests.picture`` writes them anew."""

from __future__ import annotations

import html
import re
from pathlib import Path

import cgraph_cli
from cgraph_cli.render import View
from cgraph_cli.render.picture.svg import render_report

FOLDER = Path(__file__).resolve().parent.parent / ".github"
PICTURES = {
    "worked.svg": ("(x+y)*z", {"x": -2.0, "y": 5.0, "z": -4.0}),
    "graph.svg": (
        "1/(1+exp(-(w0*x0+w1*x1+w2)))",
        {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0},
    ),
}


def drawn(name: str) -> str:
    """One of the pictures as it is drawn now."""
    expression, point = PICTURES[name]
    return "".join(render_report(cgraph_cli.evaluate(expression, point), View()))


def text_of(svg: str) -> list[str]:
    """The texts of an SVG image."""
    return [html.unescape(text).strip() for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


if __name__ == "__main__":
    for name in PICTURES:
        (FOLDER / name).write_text(drawn(name), encoding="utf-8")
