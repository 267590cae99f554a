"""The chain rule of a report as equations in mathematical signs: ``∂f/∂x = ∂f/∂v1 · 2·x``."""

from __future__ import annotations

from collections.abc import Iterator

from cgraph_cli.render import View
from cgraph_cli.render.prose.steps import parts
from cgraph_cli.render.prose.text import equations
from cgraph_cli.render.prose.writing import AsciiWriting, UnicodeWriting
from cgraph_cli.report.report import Report


def render_report(report: Report, view: View) -> Iterator[str]:
    """Every value and gradient as an equation."""
    writing = AsciiWriting(report) if view.ascii else UnicodeWriting(report)
    for index, part in enumerate(parts(report, writing, all=view.all)):
        yield "\n" if index else ""
        yield from equations(part.rows[: part.at], view.width, indent="")
        if part.left_out:
            yield f"{writing.dots} {part.left_out:,} {part.title} are left out here; --all shows them\n"
        yield from equations(part.rows[part.at :], view.width, indent="")
    for found in report.warnings:
        yield f"\n{found.word}: {found.message}\n"
