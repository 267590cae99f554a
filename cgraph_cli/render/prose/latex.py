r"""The worked solution as a LaTeX document that needs amsmath only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cgraph_cli.render import View
from cgraph_cli.render.prose.blocks import Block, Code, Equations, Heading, Math, Paragraph, Remark, Sentence, Step
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
KINDS = {
    "kink": r"\emph{Kink:} ",
    "warning": r"\emph{Warning:} ",
    "note": r"\emph{Note:} ",
    "cut": r"\ldots{} ",
    "variable": r"\item ",
}
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
    """The worked solution as a LaTeX document."""
    yield OPENING
    in_list = False
    for block in explanation(wanted, LatexWriting(wanted.report), all=view.all):
        is_item = isinstance(block, Remark) and block.kind == "variable"
        if is_item != in_list:
            yield "\\begin{itemize}\n" if is_item else "\\end{itemize}\n\n"
            in_list = is_item
        yield _block(block) + ("\n" if is_item else "\n\n")
    yield "\\end{itemize}\n" if in_list else ""
    yield CLOSING


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"\\section*{{{block.text}}}"
    if isinstance(block, Equations):
        return align(block.rows)
    if isinstance(block, Paragraph):
        return _text(block.parts)
    if isinstance(block, Step):
        items = "".join(f"  \\item {_text(item)}\n" for item in block.items)
        return (
            f"\\paragraph{{{block.number}.}} $\\displaystyle {block.title}$\\\\\n{_text(block.arrives)}\n"
            f"\\begin{{itemize}}\n{items}\\end{{itemize}}"
        )
    return KINDS[block.kind] + _text(block.parts)


def align(rows: list[Row]) -> str:
    """Equations aligned at their first sign."""
    return "\\begin{align*}\n" + " \\\\\n".join(map(line, rows)) + "\n\\end{align*}"


def line(row: Row) -> str:
    """One equation; a long one is broken before its later signs."""
    name, right = row
    right_sides = [f"{sign} {formula}" for sign, formula in right]
    size = len(COMMAND.sub("x", UNPRINTED.sub("", name + "".join(right_sides))))
    return f"  {name} &" + (" \\\\\n    &" if size > LONG else " ").join(right_sides)


def _text(parts: Sentence) -> str:
    return "".join(map(_part, parts))


def _part(part: str) -> str:
    if isinstance(part, Math):
        return f"${part}$"
    return rf"\texttt{{{prose(part)}}}" if isinstance(part, Code) else prose(part)


def prose(text: str) -> str:
    """Text with its special characters escaped and its signs as commands."""
    return "".join(SIGNS.get(character, character) for character in escaped(text))
