"""PNG: the figure of the SVG format as pixels, in a font that comes with the extra."""

from __future__ import annotations

import functools
import html
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from math import floor
from pathlib import Path

from cgraph_cli.errors import FileError, TooLargeError
from cgraph_cli.render import View
from cgraph_cli.render.picture.placement import missing_extra
from cgraph_cli.report.report import Report

SCALE = 2.0
LEAST_SCALE = 0.75
MAX_SIDE = 16_000
MAX_PIXELS = 60e6
FAMILY = "Noto Sans"
UNASSIGNED = "\U000f1234"  # a private character, which no font has
PACKAGED = frozenset([*map(chr, range(0x20, 0x180)), *"αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΦΨΩ−×÷≤≥≠∂…·⁰¹²³⁴⁵⁶⁷⁸⁹⁻∞"])


def render_report(report: Report, view: View) -> Iterator[bytes]:
    """The figure at two pixels per unit, less where it would be too large, or at the scale that is asked for.

    Raises MissingExtraError without the packages, and TooLargeError for a graph too large for a picture or a character
    that no font on this computer has.
    """
    try:
        import pymupdf_fonts
        import resvg_py
    except ImportError as error:
        raise missing_extra(f"PNG needs the package {error.name}") from None
    from cgraph_cli.render.picture.svg import document, picture

    drawing = picture(report, view.draw)
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
    with tempfile.TemporaryDirectory() as folder:
        fonts = [Path(folder) / name for name in ("notos", "math")]  # letters, and the signs that they lack
        for font in fonts:
            font.write_bytes(pymupdf_fonts.fontbuffers[font.name]())
        draw = functools.partial(
            resvg_py.svg_to_bytes, font_files=[*map(str, fonts)], font_family=FAMILY, sans_serif_family=FAMILY
        )
        foreign = {*"".join(drawing.texts)} - PACKAGED
        for character in sorted(foreign):
            _check_glyph(character, draw)
        yield draw(svg_string=document(drawing), zoom=zoom, skip_system_fonts=not foreign)


def _check_glyph(character: str, draw: Callable[..., bytes]) -> None:
    # The converter leaves out what no font has, or draws an empty box; a picture without a name would be wrong.
    drawn, blank, box = (
        draw(
            svg_string='<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
            f'<text x="8" y="28" font-size="20" font-family="sans-serif">{text}</text></svg>',
            skip_system_fonts=False,
        )
        for text in (html.escape(character), " ", UNASSIGNED)
    )
    if drawn in (blank, box) and not unicodedata.combining(character):
        raise FileError(
            f"no font on this computer has the character `{character}`",
            help="write an SVG, which the viewer shows in its own fonts",
        )
