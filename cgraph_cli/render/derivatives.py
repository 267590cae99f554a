"""Derivatives as lines of text: ``∂f/∂x = 2*x*cos(x^2)``, with the number where a point was given."""

from __future__ import annotations

from cgraph_cli.light import TYPE_CHECKING, Iterator
from cgraph_cli.render import View
from cgraph_cli.render.numbers import short
from cgraph_cli.render.paint import NUMBER, Paint, width_of
from cgraph_cli.report.derivatives import Derivatives
from cgraph_cli.report.words import derivative_name, powers
from cgraph_cli.syntax.printer import TEXT, UNICODE, Notation, print_expression, print_program

if TYPE_CHECKING:
    from cgraph_cli.render.prose.steps import Row


def _lines(result: Derivatives, notation: Notation, view: View) -> Iterator[str]:
    paint = Paint(view)
    rows = [(notation.name(name), print_expression(formula, notation), "") for name, formula in result.parts]
    for one in result.derivatives:
        formula = print_expression(one.formula, notation)
        number = "" if one.value is None else paint.number(one.value)
        head = derivative_name(result.output, one.wrt, notation, ascii=view.ascii)
        rows.append((head, formula, "" if number == formula else number))
    width = max((width_of(head) for head, _, _ in rows), default=0)
    indent = width + 3 if width <= paint.width // 3 else 4
    for head, formula, number in rows:
        gap = " " * (width - width_of(head))
        style = "gradient" if view.color and NUMBER.fullmatch(formula) else ""
        value = [(" = ", ""), (number, "gradient")] if number else []
        yield from paint.paragraph((head + gap, "label"), (" = ", ""), (formula, style), *value, indent=indent)


def render_text(result: Derivatives, view: View) -> Iterator[str]:
    """A line for each derivative, named parts first."""
    return _lines(result, TEXT, view)


def render_unicode(result: Derivatives, view: View) -> Iterator[str]:
    """The same with mathematical signs."""
    return _lines(result, TEXT if view.ascii else UNICODE, view)


def render_plain(result: Derivatives, view: View) -> Iterator[str]:
    """A line for each derivative that is an expression complete in itself, ready for another command."""
    for one in result.derivatives:
        yield print_program(one.program) + "\n"


def render_json(result: Derivatives, view: View) -> Iterator[str]:
    """The derivatives as one JSON object."""
    from cgraph_cli.render.json import Writer

    writer = Writer(view)
    yield from writer.head(result.program, result.output)
    if result.value is not None:
        yield writer.members({"value": result.value, "variables": result.variables})
    parts = ({"name": name, "expression": print_expression(formula)} for name, formula in result.parts)
    derivatives = (
        {"wrt": [*one.wrt], "expression": print_expression(one.formula)}
        | ({} if one.value is None else {"value": one.value})
        for one in result.derivatives
    )
    for name, rows in (("parts", parts), ("derivatives", derivatives)):
        yield f' "{name}": {writer.lines(map(writer.any, rows))},\n'
    yield writer.foot(result.warnings)


def latex_rows(result: Derivatives, view: View, form: str = "%s") -> list[Row]:
    """The named parts and the derivatives as equations in LaTeX, their numbers in a form."""
    from cgraph_cli.syntax.latex import LatexNotation
    from cgraph_cli.syntax.latex import number as latex_number

    latex = LatexNotation.of(result.program)
    rows: list[Row] = [(latex.name(name), [("=", print_expression(formula, latex))]) for name, formula in result.parts]
    for one in result.derivatives:
        order = "" if len(one.wrt) == 1 else f"^{{{len(one.wrt)}}}"
        below = " ".join(
            f"\\partial {latex.name(name)}" + ("" if count == 1 else f"^{{{count}}}") for name, count in powers(one.wrt)
        )
        fraction = f"\\frac{{\\partial{order} {latex.name(result.output)}}}{{{below}}}"
        right = [("=", print_expression(one.formula, latex))]
        if one.value is not None and (number := latex_number(short(one.value, view.digits))) != right[0][1]:
            right.append(("=", form % number))
        rows.append((fraction, right))
    return rows


def render_latex(result: Derivatives, view: View) -> Iterator[str]:
    """An align* environment with a line for each derivative; a document has the expression above, warnings below."""
    from cgraph_cli.render.prose.latex import align, given, told

    if view.standalone:
        yield align(given(result.program, result.output))
    yield align(latex_rows(result, view))[:-1]
    if view.standalone:
        yield from told(result.warnings, view)


def render_html(result: Derivatives, view: View) -> Iterator[str]:
    """A page with the expression and the equations in MathML."""
    from cgraph_cli.render.prose.blocks import Block, Equations, remarks
    from cgraph_cli.render.prose.html import HTML, page
    from cgraph_cli.render.prose.latex import given

    found = latex_rows(result, view, r"\class{gradient}{%s}")
    blocks: list[Block] = [Equations(given(result.program, result.output)), Equations(found)]
    blocks += remarks(result.warnings, view.digits)
    yield from page("Derivatives", result.program, HTML.write(blocks), view)
