"""PDF: the figure of the SVG format as vectors, its texts as texts."""

from __future__ import annotations

from cgraph_cli.light import Iterator
from cgraph_cli.render import View
from cgraph_cli.render.picture.figure import Figure
from cgraph_cli.render.picture.svg import picture
from cgraph_cli.render.picture.typeset import typeset
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.printer import UNICODE


def render_report(report: Report, view: View) -> Iterator[bytes]:
    """One page of the size of the figure, a unit of which is three quarters of a point.

    Raises MissingExtraError without the packages, TooLargeError for a graph too large for a picture and FileError for a
    character that no font has.
    """
    figure = Figure(report, view.wanted, view.digits)
    yield typeset(picture(figure), figure.heading(UNICODE).formula, "pdf")
