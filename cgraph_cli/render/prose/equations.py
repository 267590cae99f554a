r"""The chain rule of a report as equations: ``∂f/∂x = ∂f/∂v1 · 2·x``, or one align*."""

from __future__ import annotations

from cgraph_cli.light import Iterator
from cgraph_cli.render import View
from cgraph_cli.render.paint import Paint
from cgraph_cli.render.prose.latex import prose, told
from cgraph_cli.render.prose.steps import parts
from cgraph_cli.render.prose.text import equations
from cgraph_cli.render.prose.texwriting import LatexWriting
from cgraph_cli.render.prose.writing import AsciiWriting, UnicodeWriting
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.lines import equation

PAGE = 30  # lines that fit on a page


def render_unicode(report: Report, view: View) -> Iterator[str]:
    """Every value and gradient as an equation in mathematical signs."""
    writing = (AsciiWriting if view.ascii else UnicodeWriting)(report, view)
    paint = Paint(view)
    for index, part in enumerate(parts(writing)):
        yield "\n" if index else ""
        yield from equations(part.rows[: part.at], paint, indent="")
        if part.left_out:
            words = f"{writing.dots} {part.left_out:,} {part.title} are left out here; --all shows them"
            yield from paint.paragraph((words, "quiet"))
        yield from equations(part.rows[part.at :], paint, indent="")
    if report.warnings:
        yield "\n"
    yield from paint.remarks(report.warnings, report.program.source)


def render_latex(report: Report, view: View) -> Iterator[str]:
    r"""Every value and gradient as a line; a space separates what belongs together. Warnings are text below."""
    lines: list[str] = []
    for part in parts(LatexWriting(report, view)):
        rows = [equation(*row) for row in part.rows]
        if part.left_out:
            missing = prose(f"{part.left_out:,} {part.title} are left out; --all shows them")
            rows.insert(part.at, rf"  &\;\;\vdots \quad \text{{({missing})}}")
        if lines:
            lines[-1] += r" \\[1ex]"
        lines += [f"{one} \\\\" for one in rows[:-1]] + rows[-1:]
    text = "\\begin{align*}\n" + "\n".join(lines) + "\n\\end{align*}\n"
    yield f"{{\\allowdisplaybreaks\n{text}}}\n" if len(lines) > PAGE else text
    yield from told(report.warnings, view)
