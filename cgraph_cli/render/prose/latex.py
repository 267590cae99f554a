r"""The worked solution in LaTeX, and the document around any piece of it, which needs amsmath only."""

from __future__ import annotations

from itertools import starmap

from cgraph_cli.light import Iterable, Iterator, Sequence, re
from cgraph_cli.render import View
from cgraph_cli.render.prose.blocks import Layout, remarks
from cgraph_cli.render.prose.explain import explanation
from cgraph_cli.render.prose.steps import Row, typed
from cgraph_cli.render.prose.texwriting import LatexWriting, inline
from cgraph_cli.report.findings import Finding
from cgraph_cli.report.report import Explanation, statements
from cgraph_cli.syntax.expression import Program
from cgraph_cli.syntax.latex import LatexNotation, escaped
from cgraph_cli.syntax.lines import equation

OPENING = r"""\documentclass{article}
\usepackage{amsmath}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\begin{document}
"""
PICTURE = r"""\documentclass[border=4pt]{standalone}
\usepackage{amsmath, tikz}
\begin{document}
"""
UNICODE_ENGINE = r"""% XeLaTeX or LuaLaTeX; in the place of this font any that has the letters of the names
\usepackage{fontspec}
\IfFontExistsTF{Noto Serif CJK KR}{\setmainfont{Noto Serif CJK KR}}{}
"""
FOREIGN = re.compile("[^\\0-\u024f\u2000-\u22ff]")  # letters that pdfLaTeX does not have
COMMENT = re.compile("(?m)^%.*")
CLOSING = "\\end{document}\n"
SIGNS = {
    "∂": r"$\partial$",
    "−": "$-$",
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
    """The worked solution as a piece of a LaTeX document; formulas in its sentences, which seldom break, need room."""
    yield "{\\setlength{\\emergencystretch}{4em}\n\n"
    yield from LATEX.write(explanation(wanted, LatexWriting(wanted.report, view)))
    yield "\\par}\n"


def document(body: Iterable[str | bytes]) -> Iterator[str | bytes]:
    """A whole document with a piece of LaTeX in it; that of a picture is as large as it."""
    pieces = [*body]
    said = COMMENT.sub("", "".join(piece for piece in pieces if isinstance(piece, str)))
    opening = PICTURE if r"\begin{tikzpicture}" in said else OPENING
    if not said.isascii() and FOREIGN.search(said):
        yield opening.replace("\n", f"\n{UNICODE_ENGINE}", 1)
    else:
        yield opening
    yield from pieces
    yield CLOSING


def prose(text: str) -> str:
    """Words with their special characters escaped and their signs as commands."""
    return "".join(SIGNS.get(character, character) for character in escaped(text))


def told(findings: Sequence[Finding], view: View) -> Iterator[str]:
    """What is said of a result, below its equations."""
    if findings:
        yield "\n" + "".join(LATEX.write(remarks(findings, view.digits))).rstrip("\n") + "\n"


def given(program: Program, output: str | None = None) -> list[Row]:
    """The expression, a row for each statement; the last has the name of the ``output``."""
    notation = LatexNotation.of(program)
    shown = program.statements if output is None else statements(program, output)
    return [typed(one, notation) for one in shown]


def align(rows: list[Row]) -> str:
    """Equations as one environment."""
    return "\\begin{align*}\n" + " \\\\\n".join(starmap(equation, rows)) + "\n\\end{align*}\n\n"


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
    math=lambda text: f"${inline(text)}$",
    title=lambda text: rf"$\displaystyle {text}$",
    equations=align,
)
