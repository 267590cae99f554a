r"""TikZ, the pictures of LaTeX: the figure of the SVG format in the fonts of the document around it."""

from __future__ import annotations

from cgraph_cli.errors import TooLargeError
from cgraph_cli.light import Iterator, re
from cgraph_cli.render import View
from cgraph_cli.render.picture.drawing import BARE, LABEL_SIZE, Drawing, Edge, Node, Text, placed
from cgraph_cli.render.picture.figure import COLORS, INKS, Figure, Heading
from cgraph_cli.render.picture.placement import Point
from cgraph_cli.render.prose.latex import prose
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.expression import SUPERSCRIPT, SUPERSCRIPT_DIGITS
from cgraph_cli.syntax.latex import LatexNotation, escaped, number, pretty

UNIT = 0.75  # points to a unit of the figure
MAX_SIDE = 16_000.0  # points; TeX has 16384
NARROWEST_LINE = 229.5  # points: the lines of an article in two columns
SCALED = r"\resizebox{\ifdim\width>\linewidth \linewidth\else \width\fi}{!}"
LEAST_WIDTH = 300.0  # of the lines below the picture, which fit there
STYLES = r"""  x=%spt, y=-%spt, inner sep=0pt, outer sep=0pt,
  cg-node/.style={draw=cg-#1-line, fill=cg-#1, line width=1.2pt},
  cg-marked/.style={draw=cg-warning, line width=2.7pt},
  cg-passing/.style={draw=cg-warning, line width=1.8pt, dash pattern=on 1.8pt off 1.8pt},
  cg-idle/.style={dash pattern=on 3.75pt off 3pt},
"""
FONTS = {18: "large", 16: "large", 14: "normalsize", 13: "small", 12: "footnotesize", 10: "scriptsize"}
ANCHORS = {"middle": "base", "start": "base west", "end": "base east"}
NUMBER = r"(?<![\w)])-?(?:\d[\d.]*(?:e[-+]?\d+)?|inf\b|nan\b|____)"
TOKEN = re.compile(
    rf"(?P<number>{NUMBER})|(?P<above>[{SUPERSCRIPT}]+)|(?P<name>[^\W\d](?:[^\W{SUPERSCRIPT}]|[\u0300-\u036f\u20d7])*)"
    rf"|\^(?P<power>[-\w.]+)|(?P<sign>.)"
)
SIGNS = {
    "−": "-", "×": r"{\times}", "÷": r"{\div}", "·": r"\cdot", "≤": r"\leq", "≥": r"\geq", "≠": r"\neq",
    "…": r"\ldots", "^": r"\text{\textasciicircum}", "Σ": r"\Sigma", "Π": r"\Pi", " ": r"\,",
}  # fmt: skip


def render_report(report: Report, view: View) -> Iterator[str]:
    r"""A tikzpicture with its colours before it, which needs the packages amsmath and tikz.

    Its warnings and the meaning of its colours stand below it; formula and point are a comment, for the caption. What
    may be wider than the lines of the document around it is scaled down to these.
    Raises TooLargeError for a graph that no picture can show, and for one that is too large for TeX.
    """
    figure = Figure(report, view.wanted, view.digits)
    drawing, head = placed(figure), figure.heading()
    width, height = drawing.width * UNIT, drawing.height * UNIT
    if max(width, height) > MAX_SIDE:
        raise TooLargeError(
            f"the picture measures {width:.0f} x {height:.0f} points, TeX sets at most {MAX_SIDE:.0f}",
            help="--format svg can be of any size, --format dot has no limit",
        )
    writer = _Writer(report)
    body = [*map(writer.edge, drawing.edges), *map(writer.node, drawing.nodes), *_foot(figure, drawing, head)]
    text = "".join(body)
    yield "".join(f"% {line}\n" for line in (head.formula, head.point, r"\usepackage{amsmath, tikz}") if line)
    styles = "".join(map(_style, writer.roles.values()))
    kinds = set(re.findall(r"cg-node=(\w+)", text))
    for name, color in COLORS.items():
        if f"cg-{name}" in text + styles or name.removesuffix("-line") in kinds:
            yield f"\\definecolor{{cg-{name}}}{{HTML}}{{{color.lstrip('#').upper()}}}%\n"
    picture = f"\\begin{{tikzpicture}}[\n{STYLES % (UNIT, UNIT)}{styles}]\n{text}\\end{{tikzpicture}}"
    yield f"{picture}\n" if view.standalone or width <= NARROWEST_LINE else f"{SCALED}{{%\n{picture}}}\n"


class _Writer:
    def __init__(self, report: Report) -> None:
        self.notation = LatexNotation.of(report.program)
        self.roles: dict[str, Text] = {}  # a text of each role, which makes the style of all

    def edge(self, edge: Edge) -> str:
        """A line, the head of its arrow, and its texts."""
        start, *steps = edge.steps
        path = _point(start.end)
        for step in steps:
            if len(step.points) == 1:
                path += f" -- {_point(step.end)}"
            else:
                path += " .. controls {} and {} .. {}".format(*map(_point, step.points))
        idle = "" if edge.arrow.takes_part else ", cg-idle"
        corners = " -- ".join(map(_point, edge.head))
        lines = [
            f"\\draw[cg-{edge.ink}, line width={edge.width * UNIT:.3g}pt{idle}] {path};",
            f"\\fill[cg-{edge.ink}] {corners} -- cycle;",
        ]
        return "\n".join([f"% {edge.arrow.id}", *lines, *map(self.text, edge.texts)]) + "\n"

    def node(self, node: Node) -> str:
        """The outline of a node or an output, and its texts."""
        shape, (x, y) = node.shape, node.middle
        lines = [f"% node-{node.id}" if shape.has_outline else f"% {shape.kind}"]
        if shape.has_outline:
            style, radius = f"cg-node={shape.kind}{node.mark and f', cg-{node.mark}'}", f"{shape.round * UNIT:.4g}pt"
            if shape.is_circle:
                lines.append(f"\\draw[{style}] {_point(node.middle)} circle[radius={radius}];")
            else:
                wide, high = shape.width / 2, shape.height / 2
                corners = _point(Point(x - wide, y - high)), _point(Point(x + wide, y + high))
                lines.append(f"\\draw[{style}, rounded corners={radius}] {corners[0]} rectangle {corners[1]};")
        return "\n".join([*lines, *(self.text(text, shape.kind) for text in node.texts)]) + "\n"

    def text(self, text: Text, kind: str = "") -> str:
        """A text at its place; one in an outline is in its middle."""
        ink = text.role if text.role in INKS else text.ink
        usual, at = self.roles.setdefault(text.role, text._replace(ink=ink)), text.at
        options = [f"cg-{text.role}"]
        options += [f"text=cg-{text.ink}"] if text.ink != usual.ink else []
        options += [f"font=\\{FONTS[text.size]}"] if text.size != usual.size else []
        if text.role != "symbol":
            kind = ""
        elif kind in BARE:
            options += ["anchor=base"]
        else:
            at = Point(at.x, at.y - 0.36 * text.size)
        words = prose(text.text) if kind == "more" or text.role == "position" else f"${self.math(text.text, kind)}$"
        return f"\\node[{', '.join(options)}] at {_point(at)} {{{words}}};"

    def math(self, text: str, kind: str) -> str:
        """A text of the figure in mathematics: a number, a name, what stands in a node of a KIND."""

        def written(found: re.Match[str]) -> str:
            part, token = found.lastgroup, found[0]
            if part == "number":
                digits = number(token).replace(r" \cdot ", r"{\cdot}")  # about as wide as the figure's e-8
                return f"{{{digits}}}" if token[0] == "-" and found.start() else digits
            if part == "name" and kind in ("operation", "module") and len(token) > 1:
                return self.notation.function(token)
            if part == "name":
                return pretty(token) if kind in ("constant", "operation", "module") else self.notation.name(token)
            if part in ("above", "power"):
                return f"^{{{(found[part]).translate(SUPERSCRIPT_DIGITS)}}}"
            return SIGNS.get(token, escaped(token))

        return TOKEN.sub(written, text)


def _style(text: Text) -> str:
    """The style of all texts of a role."""
    anchor = "" if text.role == "symbol" else f"anchor={ANCHORS[text.anchor]}, "
    return f"  cg-{text.role}/.style={{{anchor}text=cg-{text.ink}, font=\\{FONTS[text.size]}}},\n"


def _foot(figure: Figure, drawing: Drawing, head: Heading) -> Iterator[str]:
    """The lines below the picture: its warnings, and what the colours mean."""
    width = max(drawing.width, LEAST_WIDTH) * UNIT
    lines = [rf"\textcolor{{cg-warning}}{{{prose(one)}}}" for one in head.warnings]
    lines.append(r"\quad ".join(rf"\textcolor{{cg-{ink}}}{{{_key(text)}}}" for text, ink in figure.legend()))
    place = _point(Point(0, drawing.height + LABEL_SIZE))
    yield f"\\node[anchor=north west, align=left, text width={width:.4g}pt, font=\\scriptsize] at {place} {{%\n"
    yield " \\\\\n".join(lines) + "};\n"


def _key(text: str) -> str:
    """What a colour means, where the name of the output may be one that text has no letters for."""
    words, of, name = text.partition("gradient of ")
    return prose(text).replace("Σ", r"$\Sigma$") if not of else f"{words}{of}${pretty(name)}$"


def _point(point: Point) -> str:
    return f"({point.x:.1f},{point.y:.1f})"
