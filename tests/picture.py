"""The README's picture, .github/table.svg: a real run of the worked example, exported by rich.

python -m tests.picture
"""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

import cgraph_cli
from cgraph_cli.render import View
from cgraph_cli.render.table import render_report

PICTURE = Path(__file__).resolve().parent.parent / ".github" / "table.svg"
COMMAND = '$ cgraph eval "(x+y)*z" --x -2 --y 5 --z -4'
WIDTH = 72


def worked_example_svg() -> str:
    """The table of the worked example as an SVG image of a terminal."""
    from rich.console import Console
    from rich.text import Text

    report = cgraph_cli.evaluate("(x+y)*z", x=-2, y=5, z=-4)
    table = "".join(render_report(report, View(width=WIDTH, color=True)))
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="standard")
    console.print(Text.from_ansi(f"{COMMAND}\n\n{table}"), soft_wrap=True)
    return console.export_svg(title="cgraph", unique_id="cgraph")


def text_of(svg: str) -> list[str]:
    """The texts of an SVG image, whatever version of rich placed them."""
    return [html.unescape(text).replace("\xa0", " ").strip() for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(worked_example_svg(), encoding="utf-8")
