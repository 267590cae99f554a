"""PNG and PDF: the figure of the SVG format as pixels or as vectors, its texts in a font that comes with the extra."""

from __future__ import annotations

import html
import tempfile
import unicodedata
from math import floor
from pathlib import Path

from cgraph_cli.errors import FileError, TooLargeError
from cgraph_cli.light import Iterator, Literal
from cgraph_cli.render import View
from cgraph_cli.render.picture.engine import missing_extra
from cgraph_cli.render.picture.figure import Figure
from cgraph_cli.render.picture.svg import Picture, document, picture
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.printer import UNICODE

SCALE = 2.0
LEAST_SCALE = 0.75
MAX_SIDE = 16_000
MAX_PIXELS = 60e6

FAMILY, FONT = "FiraGO", "figo"  # it has the signs too; a sign from a second font spoils the text around it
PACKAGED = frozenset([*map(chr, range(0x20, 0x180)), *"αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΦΨΩ−×÷≤≥≠∂…·⁰¹²³⁴⁵⁶⁷⁸⁹⁻∞"])
UNASSIGNED = "\U000f1234"  # a private character, which no font has
SLACK = 1e-6  # of a size: the converter rounds the pixels of its width up, then those of its height from both
UNIT = 96  # units of a figure to the inch, of 72 points
SOURCE = """#set page(width: auto, height: auto, margin: 0pt)
#set document(title: sys.inputs.title, date: none)
#for number in range(int(sys.inputs.pages)) { page(image(str(number) + ".svg", alt: sys.inputs.title)) }
"""


def render_pdf(report: Report, view: View) -> Iterator[bytes]:
    """One page of the size of the figure, a unit of which is three quarters of a point.

    Raises MissingExtraError without the packages, TooLargeError for a graph too large for a picture and FileError for a
    character that no font has.
    """
    figure = Figure(report, view.wanted, view.digits)
    yield typeset(picture(figure), figure.heading(UNICODE).formula, "pdf")


def render_png(report: Report, view: View) -> Iterator[bytes]:
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


def typeset(drawing: Picture, title: str, kind: Literal["png", "pdf"], scale: float = 1.0) -> bytes:
    """A file with the drawing in its size, its texts as texts where it is a PDF.

    Raises MissingExtraError without the packages and FileError for a character that no font on this computer has.
    """
    foreign = sorted({*"".join(drawing.texts)} - PACKAGED)
    if foreign:
        shown = [
            '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
            f'<text x="8" y="28" font-size="20" font-family="{FAMILY}">{html.escape(text)}</text></svg>'
            for text in (*foreign, " ", UNASSIGNED)
        ]
        *pages, blank, box = _pages(shown, "", "png", 1.0, system=True)
        for character, page in zip(foreign, pages, strict=True):
            # The converter leaves out what no font has, or draws an empty box; a picture without a name would be wrong.
            if page in (blank, box) and not unicodedata.combining(character):
                raise FileError(
                    f"no font on this computer has the character `{character}`",
                    help="write an SVG, which the viewer shows in its own fonts",
                )
    width, height = (round(round(side) * scale) / scale for side in (drawing.width, drawing.height))
    size = (width * (1 - SLACK), height * (1 - 2 * SLACK)) if kind == "png" else None
    return _pages([document(drawing, font=FAMILY, size=size)], title, kind, scale, system=bool(foreign))[0]


def _pages(svgs: list[str], title: str, kind: Literal["png", "pdf"], scale: float, *, system: bool) -> list[bytes]:
    """Each SVG as a page, in the fonts of the extra and, where asked for, those of the ``system``."""
    try:
        import pymupdf_fonts
        import typst
    except ImportError as error:
        raise missing_extra(f"{kind.upper()} needs the package {error.name}") from None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "main.typ"
        source.write_text(SOURCE, encoding="utf-8")
        for page, svg in enumerate(svgs):
            (folder / f"{page}.svg").write_text(svg, encoding="utf-8")
        (folder / "font.ttf").write_bytes(pymupdf_fonts.fontbuffers[FONT]())
        inputs = {"title": title, "pages": str(len(svgs))}
        compiler = typst.Compiler(source, font_paths=[folder], ignore_system_fonts=not system, sys_inputs=inputs)
        made = compiler.compile(format=kind, ppi=UNIT * scale)
    return made if isinstance(made, list) else [made or b""]
