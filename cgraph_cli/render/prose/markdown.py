"""The worked solution as Markdown, its formulas between dollar signs: for GitHub, Jupyter and Quarto."""

from __future__ import annotations

from itertools import starmap

from cgraph_cli.light import Iterable, Iterator
from cgraph_cli.render import View
from cgraph_cli.render.prose.blocks import Layout
from cgraph_cli.render.prose.explain import explanation, title
from cgraph_cli.render.prose.steps import Row
from cgraph_cli.render.prose.texwriting import LatexWriting, inline
from cgraph_cli.report.report import Explanation
from cgraph_cli.syntax.lines import equation


def render_explanation(wanted: Explanation, view: View) -> Iterator[str]:
    """The worked solution as Markdown."""
    yield f"# {title(wanted)}\n\n"
    for text in MARKDOWN.write(explanation(wanted, LatexWriting(wanted.report, view))):
        yield text.encode("ascii", "xmlcharrefreplace").decode() if view.ascii else text


def _prose(text: str) -> str:
    """Words in which nothing is read as Markdown."""
    return "".join(f"\\{character}" if character in "\\*_[]<>$" else character for character in text)


def math(text: str) -> str:
    """A formula within a line; GitHub drops a backslash before a comma or another one."""
    return "$" + inline(text).replace(r"\,", r"\thinspace ").replace(r" \\ ", r" \cr ") + "$"


def fenced(lines: Iterable[str], language: str = "text") -> str:
    """Lines that stay as they are."""
    return f"```{language}\n{''.join(lines).strip()}\n```\n"


def display(rows: list[Row]) -> str:
    """Equations below each other."""
    lines = " \\\\\n".join(starmap(equation, rows)).replace(r"\,", r"\thinspace ")
    return f"$$\n\\begin{{aligned}}\n{lines}\n\\end{{aligned}}\n$$\n\n"


MARKDOWN = Layout(
    heading="## %s\n\n",
    paragraph="%s\n\n",
    step="### %s. %s\n\n%s\n\n%s",
    items="%s\n",
    item="- %s\n",
    remark="%s%s\n\n",
    kinds={"kink": "**Kink:** ", "warning": "**Warning:** ", "note": "**Note:** ", "cut": "... "},
    prose=_prose,
    code=lambda text: f"`{text}`",
    math=math,
    title=math,
    equations=display,
)
