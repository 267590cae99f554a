r"""The chain rule of a report as one align* environment, to be put into a document that uses amsmath."""

from __future__ import annotations

from collections.abc import Iterator

from cgraph_cli.render import View
from cgraph_cli.render.prose.latex import line, prose
from cgraph_cli.render.prose.steps import parts
from cgraph_cli.render.prose.writing import LatexWriting
from cgraph_cli.report.report import Report

PAGE = 30  # lines that fit on a page


def render_report(report: Report, view: View) -> Iterator[str]:
    r"""Every value and gradient as a line; a space separates what belongs together."""
    yield "% \\usepackage{amsmath}\n"
    for found in report.warnings:
        yield f"% warning: {found.message}\n"
    lines: list[str] = []
    for part in parts(report, LatexWriting(report), all=view.all):
        rows = [line(row) for row in part.rows]
        if part.left_out:
            missing = prose(f"{part.left_out:,} {part.title} are left out; --all shows them")
            rows.insert(part.at, rf"  &\;\;\vdots \quad \text{{({missing})}}")
        if lines:
            lines[-1] += r" \\[1ex]"
        lines += [f"{one} \\\\" for one in rows[:-1]] + rows[-1:]
    text = "\\begin{align*}\n" + "\n".join(lines) + "\n\\end{align*}\n"
    yield f"{{\\allowdisplaybreaks\n{text}}}\n" if len(lines) > PAGE else text
