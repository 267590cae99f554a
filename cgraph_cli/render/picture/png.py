"""PNG: the figure of the SVG format as pixels."""

from __future__ import annotations

from math import floor

from cgraph_cli.errors import TooLargeError
from cgraph_cli.light import Iterator
from cgraph_cli.render import View
from cgraph_cli.render.picture.figure import Figure
from cgraph_cli.render.picture.svg import picture
from cgraph_cli.render.picture.typeset import typeset
from cgraph_cli.report.report import Report

SCALE = 2.0
LEAST_SCALE = 0.75
MAX_SIDE = 16_000
MAX_PIXELS = 60e6


def render_report(report: Report, view: View) -> Iterator[bytes]:
    """The figure at two pixels per unit, less where it would be too large, or at the scale that is asked for.

    Raises MissingExtraError without the packages, TooLargeError for a graph too large for a picture and FileError for
    a character that no font on this computer has.
    """
    drawing = picture(Figure(report, view.wanted, view.digits))
    width, height = round(drawing.width), round(drawing.height)
    most = min(MAX_SIDE / max(width, height), (MAX_PIXELS / (width * height)) ** 0.5)
    zoom = min(SCALE, most) if view.scale is None else view.scale
    if view.scale is not None and view.scale > most:
        raise TooLargeError(
            f"the picture measures {width} x {height}, a scale of {view.scale:g} is too large for a PNG",
            help=f"at most --scale {floor(most * 100) / 100:g}",
        )
    if view.scale is None and zoom < LEAST_SCALE:
        raise TooLargeError(
            f"the picture of {len(report.graph)} nodes measures {width:.0f} x {height:.0f}, too large for a PNG",
            help="--format svg can be enlarged, --format dot has no limit",
        )
    yield typeset(drawing, "", "png", zoom)
