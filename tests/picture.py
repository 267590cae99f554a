"""The README's pictures, from real runs: .github/table.svg, exported by rich, and .github/graph.svg.

python -m tests.picture
"""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

import cgraph_cli
from cgraph_cli.render import View
from cgraph_cli.render.table.table import render_report

GRAPH = Path(__file__).resolve().parent.parent / ".github" / "graph.svg"
PICTURE = Path(__file__).resolve().parent.parent / ".github" / "table.svg"
COMMAND = '$ cgraph eval "(x+y)*z" --x -2 --y 5 --z -4'
WIDTH = 72
FONT_FACE = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)  # a picture loads nothing


def worked_example_svg() -> str:
    """The table of the worked example as an SVG image of a terminal."""
    from rich.console import Console
    from rich.text import Text

    report = cgraph_cli.evaluate("(x+y)*z", x=-2, y=5, z=-4)
    table = "".join(render_report(report, View(width=WIDTH, color=True)))
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="standard")
    console.print(Text.from_ansi(f"{COMMAND}\n\n{table}"), soft_wrap=True)
    svg = console.export_svg(title="cgraph", unique_id="cgraph")
    return FONT_FACE.sub("", svg).replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")


def neuron_svg() -> str:
    """The figure of a neuron with the sigmoid written out."""
    from cgraph_cli.render.picture.svg import render_report as figure

    point = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}
    return "".join(figure(cgraph_cli.evaluate("1/(1+exp(-(w0*x0+w1*x1+w2)))", point), View()))


def text_of(svg: str) -> list[str]:
    """The texts of an SVG image, whatever version of rich placed them."""
    return [html.unescape(text).replace("\xa0", " ").strip() for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(worked_example_svg(), encoding="utf-8")
    GRAPH.write_text(neuron_svg(), encoding="utf-8")
