r"""The worked solution in LaTeX, and the document around any piece of it, which needs amsmath only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cgraph_cli.render import View
from cgraph_cli.render.prose.blocks import Layout
from cgraph_cli.render.prose.explain import explanation
from cgraph_cli.render.prose.steps import Row
from cgraph_cli.render.prose.writing import LatexWriting
from cgraph_cli.report.report import Explanation
from cgraph_cli.syntax.latex import escaped

OPENING = r"""\documentclass{article}
\usepackage{amsmath}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\begin{document}
"""
CLOSING = "\\end{document}\n"
LONG = 45  # printed characters of an equation that stays on one line
UNPRINTED = re.compile(r"\\(?:left|right|mathit|mathrm|mathtt|operatorname|frac|text)(?![a-z])|[{}^_ ]")
COMMAND = re.compile(r"\\[a-zA-Z]+")
SIGNS = {
    "∂": r"$\partial$",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "…": r"\ldots{}",
    "≤": r"$\le$",
    "≥": r"$\ge$",
    "≠": r"$\ne$",
    "∞": r"$\infty$",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}


def render_explanation(wanted: Explanation, view: View) -> Iterator[str]:
    """The worked solution as a piece of a LaTeX document."""
    return LATEX.write(explanation(wanted, LatexWriting(wanted.report), all=view.all))


def document(body: Iterable[str | bytes]) -> Iterator[str | bytes]:
    """A whole document with a piece of LaTeX in it."""
    yield OPENING
    yield from body
    yield CLOSING


def prose(text: str) -> str:
    """Words with their special characters escaped and their signs as commands."""
    return "".join(SIGNS.get(character, character) for character in escaped(text))


def line(row: Row) -> str:
    """One equation, aligned at its first sign; a long one is broken before its later signs."""
    name, right = row
    right_sides = [f"{sign} {formula}" for sign, formula in right]
    size = len(COMMAND.sub("x", UNPRINTED.sub("", name + "".join(right_sides))))
    return f"  {name} &" + (" \\\\\n    &" if size > LONG else " ").join(right_sides)


def align(rows: list[Row]) -> str:
    """Equations as one environment."""
    return "\\begin{align*}\n" + " \\\\\n".join(map(line, rows)) + "\n\\end{align*}\n\n"


LATEX = Layout(
    heading="\\section*{%s}\n\n",
    paragraph="%s\n\n",
    step="\\paragraph{%s.} %s\\\\\n%s\n%s",
    items="\\begin{itemize}\n%s\\end{itemize}\n\n",
    item="  \\item %s\n",
    remark="%s%s\n\n",
    kinds={kind: rf"\emph{{{kind.capitalize()}:}} " for kind in ("kink", "warning", "note")} | {"cut": r"\ldots{} "},
    prose=prose,
    code=lambda text: rf"\texttt{{{prose(text)}}}",
    math=lambda text: f"${text}$",
    title=lambda text: rf"$\displaystyle {text}$",
    equations=align,
)
