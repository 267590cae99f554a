"""What a Python prompt and a notebook show of a result, through the renderers of its formats."""

from __future__ import annotations

from cgraph_cli.errors import MissingExtraError, TooLargeError
from cgraph_cli.light import escape, re
from cgraph_cli.render import View, renderer
from cgraph_cli.report.shown import Shown

WARNINGS = "warnings"  # what is said of a result, as text below its equations
# The formats that show each kind of result in a way, one below the other.
SHOWN: dict[str, dict[str, tuple[str, ...]]] = {
    "report": {
        "plain": ("table",),
        "html": ("svg", "table"),
        "svg": ("svg",),
        "latex": ("latex", WARNINGS),
        "markdown": ("latex", WARNINGS),
    },
    "expression": {
        "plain": ("text",),
        "html": ("html", "svg"),
        "svg": ("svg",),
        "latex": ("latex",),
        "markdown": ("markdown",),
    },
    "derivatives": {"plain": ("text",), "html": ("html",), "latex": ("latex", WARNINGS), "markdown": ("markdown",)},
    "explanation": {"plain": ("text",), "html": ("html",), "markdown": ("markdown",)},
    "checks": {"plain": ("table",), "html": ("html",), "markdown": ("markdown",)},
    "quiz": {"plain": ("text",), "html": ("text",), "markdown": ("markdown",)},
    "rewritten": {"plain": ("text",), "html": ("text",), "markdown": ("markdown",)},
    "paths": {"plain": ("text",), "html": ("text",), "markdown": ("markdown",)},
}
MATH = re.compile(r"(?s)\\begin\{align\*\}(.*)\\end\{align\*\}")
MAIN = re.compile(r"(?s)<main>\n<h1>.*?</h1>\n(.*)</main>\n")
# The colours of JupyterLab's and VS Code's themes, light or dark, else such as are read on both.
STYLES = {
    "1": "font-weight: bold",
    "2": "color: var(--jp-ui-font-color2, #6e7781)",
    "31": "color: var(--jp-error-color1, var(--vscode-charts-red, #cf222e))",
    "32": "color: var(--jp-success-color1, var(--vscode-charts-green, #1a7f37))",
    "35": "color: var(--jp-warn-color1, var(--vscode-charts-orange, #9a6700))",
}
ESCAPE = re.compile(r"\x1b\[([\d;]*)m")


def show(result: Shown, way: str) -> str | None:
    """A result as text of a MIME type, None where it has none: a graph too large for a picture, say."""
    found = [_in_format(result, name, way) for name in SHOWN[result.kind].get(way, ())]
    return "\n".join(filter(None, found)) or None


def _in_format(result: Shown, name: str, way: str) -> str | None:
    if name == WARNINGS:
        return _warnings(result, way)
    view = View(color=way == "html" and name in ("table", "text"))
    try:
        text = "".join(str(chunk) for chunk in renderer(result.kind, name)(result, view))
    except (TooLargeError, MissingExtraError):
        return None
    if way == "plain":
        return text.rstrip("\n")
    if name == "latex":
        found = MATH.search(text)  # a browser's MathJax shows comments and the commands around it as text
        if found is None or way == "latex":
            return found and found[0]
        return f"$$\n\\begin{{aligned}}{found[1]}\\end{{aligned}}\n$$"
    if way == "html" and name == "html":
        return within(text)
    if way == "html":
        return image(text) if name == "svg" else preformatted(text)
    return text.strip() if way == "markdown" else text


def _warnings(result: Shown, way: str) -> str:
    from cgraph_cli.render.prose.blocks import remarks
    from cgraph_cli.render.prose.latex import LATEX
    from cgraph_cli.render.prose.markdown import MARKDOWN

    found = remarks(getattr(result, "warnings", ()), None)
    return "".join((MARKDOWN if way == "markdown" else LATEX).write(found)).strip()


def within(page: str) -> str:
    """What a page shows as a part of another, with its colours; its picture shares no ids with others."""
    found = MAIN.search(page)
    assert found is not None
    body = re.sub(r"<svg.*?</svg>\n", lambda drawing: image(drawing[0]), found[1], flags=re.DOTALL)
    colors = f".cgraph .value {{ {STYLES['32']} }} .cgraph .gradient {{ {STYLES['31']} }}"
    return f'<style>{colors}</style>\n<div class="cgraph">\n{body}</div>'


def image(svg: str) -> str:
    """A picture in HTML that shares no ids with others on the same page."""
    from base64 import b64encode

    data = b64encode(svg.encode()).decode()
    return f'<img alt="The computational graph" style="max-width: 100%" src="data:image/svg+xml;base64,{data}">'


def preformatted(text: str) -> str:
    """Lines for a terminal, with its colours, in HTML."""
    body, at, inside = "", 0, False
    for found in ESCAPE.finditer(text):
        body += escape(text[at : found.start()]) + "</span>" * inside
        style = "; ".join(STYLES[one] for one in found[1].split(";") if one in STYLES)
        inside = bool(style)
        body += f'<span style="{style}">' * inside
        at = found.end()
    return f'<pre style="line-height: 1.3; overflow-x: auto">{body}{escape(text[at:])}{"</span>" * inside}</pre>'
