"""PDF: the figure of the SVG format as vectors, its texts in a font that comes with the extra and within the file."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from cgraph_cli.errors import FileError, MissingExtraError
from cgraph_cli.render import View
from cgraph_cli.report.report import Report

SVG = "{http://www.w3.org/2000/svg}"
FACE = "notos"  # Noto Sans; what it lacks is taken from the fonts within PyMuPDF


def render_report(report: Report, view: View) -> Iterator[bytes]:
    """One page of the size of the figure.

    Raises MissingExtraError without the packages, TooLargeError for a graph too large for a picture and FileError for a
    character that no font has.
    """
    try:
        import pymupdf
        import pymupdf_fonts
    except ImportError as error:
        message = f"PDF needs the package {error.name}, which is not installed"
        raise MissingExtraError(message, help='pip install "cgraph-cli[pdf]"') from None
    from cgraph_cli.render.picture.svg import document, picture

    root = ET.fromstring(document(picture(report, view.draw)))
    font = pymupdf.Font(fontbuffer=pymupdf_fonts.fontbuffers[FACE]())
    texts = [*_taken(root, 0.0, 0.0)]
    for character in sorted({*"".join(text.text or "" for text, _, _ in texts)}):
        if not font.has_glyph(ord(character), fallback=True):
            help = "write an SVG, which the viewer shows in its own fonts"
            raise FileError(f"no font for a PDF has the character `{character}`", help=help)
    lines = pymupdf.open("svg", ET.tostring(root)).convert_to_pdf()
    file = pymupdf.open("pdf", lines)
    page = file[0]
    # A unit of the figure is three quarters of a point.
    scale = page.rect.width / float(root.attrib["width"])
    for text, x, y in texts:
        writer, size = pymupdf.TextWriter(page.rect), float(text.attrib["font-size"]) * scale
        shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.attrib["text-anchor"]]
        left = x * scale - shift * font.text_length(text.text or "", size)
        writer.append((left, y * scale), text.text or "", font=font, fontsize=size)
        fill = text.attrib["fill"]
        writer.write_text(page, color=[int(fill[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    file.set_metadata({"title": root.findtext(f"{SVG}title") or "", "producer": "cgraph"})
    file.subset_fonts()
    yield file.tobytes(garbage=4, deflate=True)


def _taken(parent: ET.Element, x: float, y: float) -> Iterator[tuple[ET.Element, float, float]]:
    """The texts of a figure with the places where they stand, taken out of it."""
    for element in list(parent):
        if element.tag == f"{SVG}text":
            parent.remove(element)
            if element.text:
                yield element, x + float(element.attrib["x"]), y + float(element.attrib["y"])
        elif element.tag == f"{SVG}g":
            moved = element.attrib.get("transform", "translate(0 0)").removeprefix("translate(").removesuffix(")")
            dx, dy = map(float, moved.split())
            yield from _taken(element, x + dx, y + dy)
