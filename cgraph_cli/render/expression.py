"""An expression without a point: its formula, a line for each statement that has a name."""

from __future__ import annotations

from cgraph_cli.errors import shortened
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Iterator, Protocol
from cgraph_cli.render import View
from cgraph_cli.render.prose.html import HTML, page
from cgraph_cli.render.prose.latex import align, given
from cgraph_cli.render.prose.markdown import display
from cgraph_cli.report.blanks import without_point
from cgraph_cli.syntax.expression import Program
from cgraph_cli.syntax.printer import print_program

BARE = frozenset({"bare"})  # what is drawn of a picture
LONGEST = 1000  # characters of a formula at a prompt


class Written(Protocol):
    """What has a program."""

    @property
    def program(self) -> Program:
        """The statements."""

    def graph(self) -> Graph:
        """The computational graph."""


def render_text(result: Written, view: View) -> Iterator[str]:
    """The text that reads back as the expression; the dots at its end say that it was cut."""
    yield shortened(print_program(result.program), LONGEST) + "\n"


def render_latex(result: Written, view: View) -> Iterator[str]:
    """An align* environment."""
    yield align(given(result.program))[:-1]


def render_markdown(result: Written, view: View) -> Iterator[str]:
    """The formula between dollar signs."""
    yield display(given(result.program))


def render_html(result: Written, view: View) -> Iterator[str]:
    """A page with the formula in MathML."""
    return page("Expression", result.program, [HTML.equations(given(result.program))], view)


def render_svg(result: Written, view: View) -> Iterator[str]:
    """The graph without a number. Raises TooLargeError and MissingExtraError as the picture of a report does."""
    from cgraph_cli.render.picture import svg

    yield from svg.render_report(without_point(result.program, result.graph()).folded(), view._replace(draw=BARE))
