"""The worked solution as Markdown, its formulas as code."""

from __future__ import annotations

from collections.abc import Iterator

from cgraph_cli.render import View
from cgraph_cli.render.paint import Paint
from cgraph_cli.render.prose.blocks import Layout
from cgraph_cli.render.prose.explain import explanation
from cgraph_cli.render.prose.steps import Row
from cgraph_cli.render.prose.text import equations
from cgraph_cli.render.prose.writing import plain_writing
from cgraph_cli.report.report import Explanation


def render_explanation(wanted: Explanation, view: View) -> Iterator[str]:
    """The worked solution as Markdown."""
    yield "# Worked solution\n\n"
    yield from MARKDOWN.write(explanation(wanted, plain_writing(wanted.report, view), all=view.all))


def _prose(text: str) -> str:
    """Words in which nothing is read as Markdown."""
    return "".join(f"\\{character}" if character in "\\*_[]<>" else character for character in text)


def _code(text: str) -> str:
    return f"`{text}`"


def _equations(rows: list[Row]) -> str:
    return "```text\n" + "".join(equations(rows, Paint(View()), indent="")) + "```\n\n"


MARKDOWN = Layout(
    heading="## %s\n\n",
    paragraph="%s\n\n",
    step="### %s. %s\n\n%s\n\n%s",
    items="%s\n",
    item="- %s\n",
    remark="%s%s\n\n",
    kinds={"kink": "**Kink:** ", "warning": "**Warning:** ", "note": "**Note:** ", "cut": "... "},
    prose=_prose,
    code=_code,
    math=_code,
    title=_code,
    equations=_equations,
)
