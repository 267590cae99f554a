"""Report to text: one module per format, imported on use and found by name in one registry."""

from __future__ import annotations

import os.path

from cgraph_cli.errors import WINDOW
from cgraph_cli.export import LANGUAGES
from cgraph_cli.light import Callable, Iterator, NamedTuple, Sequence, import_module
from cgraph_cli.report.shown import Shown


class View(NamedTuple):
    """What a renderer knows of the place where its output goes.

    ``width`` is the number of columns to fit, None where lines are never cut (a pipe, a file). ``ascii`` asks for
    nothing but ASCII, ``all`` for every row however many there are. ``draw`` is what else a picture shows, ``scale``
    how many pixels a unit of it has. ``digits`` are the significant digits of numbers, None for those that a format
    shows by default. ``standalone`` is a document of its own, which says what it is about.
    """

    width: int | None = None
    color: bool = False
    ascii: bool = False
    all: bool = False
    draw: frozenset[str] = frozenset()
    scale: float | None = None
    digits: int | None = None
    standalone: bool = False

    @property
    def window(self) -> int:
        """How many characters of a source line are shown."""
        return WINDOW if self.width is None else min(WINDOW, self.width - 10)

    @property
    def plain(self) -> View:
        """The same where nobody looks: in a file."""
        return self._replace(width=None, color=False)

    @property
    def wanted(self) -> frozenset[str]:
        """What else a picture shows; ``all`` is every term of a long sum."""
        return self.draw | {"all"} if self.all else self.draw


class Format(NamedTuple):
    """One way to show a kind of result: the function that does it, as module:name, and what it has a place for.

    ``shows`` are the options whose answer not every format of the kind can show. What is ``typed`` has the graph as it
    was typed, all others show a sum or product of many terms as one node.
    """

    function: str
    shows: str = ""
    typed: bool = False


BUDGET = "sigma correlation elasticity"
EVERY_BLANK = "blank blank:value blank:upstream blank:local blank:downstream"
EQUATION_BLANKS = "blank blank:value blank:upstream blank:local"  # a product is the upstream gradient that it adds to
FINE = "digits:fine"  # more digits than doubles have
# In a picture the gradient at an arrow is the downstream one.
PICTURE = f"blank blank:value blank:local blank:downstream draw {FINE}"
MATRICES = f"hessian condition direction {BUDGET} wrt"
VALUES = f"values digits {FINE}"

# What can be shown, and in which formats. The first format is the default. A function takes the result and a View and
# yields str or bytes. An option that stands in one row of a kind is refused with the formats in whose row it is not; so
# is a part for --blank, as blank:PART.
RENDERERS: dict[str, dict[str, Format]] = {
    "report": {
        "table": Format("table.table:render_report", f"{MATRICES} {EVERY_BLANK} {FINE}"),
        "tree": Format("table.tree:render_report", f"{MATRICES} {EQUATION_BLANKS} {FINE}"),
        "json": Format("json:render_report", f"{MATRICES} {FINE}", typed=True),
        "unicode": Format("prose.equations:render_unicode", f"hessian direction wrt {EQUATION_BLANKS} {FINE}"),
        "markdown": Format("markdown:render_report", f"{MATRICES} {EVERY_BLANK} {FINE}"),
        "latex": Format("prose.equations:render_latex", f"hessian direction wrt {EQUATION_BLANKS} standalone {FINE}"),
        "dot": Format("picture.dot:render_report", PICTURE),
        "mermaid": Format("picture.mermaid:render_report", PICTURE),
        "svg": Format("picture.svg:render_report", PICTURE),
        "png": Format("picture.typeset:render_png", f"{PICTURE} scale"),
        "pdf": Format("picture.typeset:render_pdf", PICTURE),
        "tikz": Format("picture.tikz:render_report", f"{PICTURE} standalone"),
        "html": Format("page.page:render_report", f"hessian direction {BUDGET} {EVERY_BLANK}"),
    },
    "derivatives": {
        "text": Format("derivatives:render_text", VALUES),
        "plain": Format("derivatives:render_plain"),
        "unicode": Format("derivatives:render_unicode", VALUES),
        "markdown": Format("markdown:render_derivatives", VALUES),
        "latex": Format("derivatives:render_latex", f"{VALUES} standalone"),
        "html": Format("derivatives:render_html", VALUES),
        "json": Format("derivatives:render_json", VALUES),
    },
    "explanation": {
        "text": Format("prose.text:render_explanation"),
        "markdown": Format("prose.markdown:render_explanation"),
        "latex": Format("prose.latex:render_explanation", "standalone"),
        "html": Format("prose.html:render_explanation"),
        "json": Format("json:render_explanation"),
    },
    "paths": {
        "text": Format("paths:render_text"),
        "markdown": Format("markdown:render_paths"),
        "latex": Format("paths:render_latex", "standalone"),
        "html": Format("paths:render_html"),
        "json": Format("paths:render_json", typed=True),
    },
    "checks": {
        "table": Format("checks:render_text"),
        "json": Format("checks:render_json"),
        "markdown": Format("checks:render_markdown"),
        "html": Format("checks:render_html"),
    },
    "quiz": {
        "text": Format("quiz:render_text", "digits"),
        "markdown": Format("quiz:render_markdown", "digits"),
        "html": Format("quiz:render_html", "digits"),
        "json": Format("quiz:render_json"),
    },
    "rewritten": {
        "text": Format("rewritten:render_text", "values digits"),
        "plain": Format("rewritten:render_plain"),
        "markdown": Format("rewritten:render_markdown", "values digits"),
        "json": Format("rewritten:render_json", "values digits"),
    },
    "expression": {name: Format(f"expression:render_{name}") for name in ("text", "latex", "markdown", "html", "svg")},
    "functions": {name: Format(f"functions:render_{name}") for name in ("table", "tsv", "json", "markdown")},
    "code": {
        **{name: Format("code:render_source", "standalone" if name == "latex" else "self-test") for name in LANGUAGES},
        "markdown": Format("code:render_markdown", "self-test"),
    },
    "schema": {"json": Format("schema:render_schema"), "markdown": Format("schema:render_markdown")},
}

# The format of a file's ending; where there are several, the first is chosen and each may be named.
ENDINGS: tuple[tuple[str, str], ...] = (
    (".json", "json"),
    (".tsv", "tsv"),
    (".tex", "latex"),
    (".tex", "tikz"),
    (".md", "markdown"),
    (".html", "html"),
    (".htm", "html"),
    (".dot", "dot"),
    (".gv", "dot"),
    (".mmd", "mermaid"),
    (".mermaid", "mermaid"),
    (".svg", "svg"),
    (".png", "png"),
    (".pdf", "pdf"),
    (".tikz", "tikz"),
    *((ending, name) for name, ending in LANGUAGES.items()),
)


def formats(kind: str) -> tuple[str, ...]:
    """The formats that a kind of result can be shown in."""
    return tuple(RENDERERS[kind])


def renderer(kind: str, name: str) -> Callable[..., Iterator[str | bytes]]:
    """The function that shows a kind of result in a format; its module is imported on first use."""
    row = RENDERERS[kind][name]
    module, function = row.function.split(":")
    found: Callable[..., Iterator[str | bytes]] = getattr(import_module(f"cgraph_cli.render.{module}"), function)
    if row.typed:
        return found
    return lambda result, view: found(result.folded() if isinstance(result, Shown) and not view.all else result, view)


def has_place(kind: str, option: str) -> bool:
    """Whether a format of a kind has a place of its own for what an option asks for."""
    return any(option in one.shows.split() for one in RENDERERS[kind].values())


def showing(kind: str, option: str) -> list[str]:
    """The formats of a kind that show what an option asks for: all, unless some only have a place for it."""
    shown = [name for name, one in RENDERERS[kind].items() if option in one.shows.split()]
    return shown or [*RENDERERS[kind]]


def formats_of_ending(path: str) -> list[str]:
    """The formats that a file's ending stands for, none for an ending that says nothing."""
    ending = ending_of(path)
    return [name for one, name in ENDINGS if one == ending]


def ending_of(path: str) -> str:
    """The ending of a file's name, with its point, in small letters."""
    return os.path.splitext(path)[1].lower()  # noqa: PTH122 (importing pathlib takes longer than a plain answer)


def endings(known: Sequence[str]) -> list[str]:
    """The endings of some formats."""
    return list(dict.fromkeys(ending for ending, name in ENDINGS if name in known))
