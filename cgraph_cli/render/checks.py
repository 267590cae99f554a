"""Derivatives with their witnesses: a table, and in sentences what the verdicts mean."""

from __future__ import annotations

from math import isinf, isnan

from cgraph_cli.check.witnesses import (
    AGREES,
    FORWARD,
    NO_DERIVATIVE,
    NOISY,
    PRECISE,
    REVERSE,
    TOLERANCE,
    TOLERANCE_OF_DIFFERENCE,
    UNDECIDED,
    WRONG,
    Checks,
    Partial,
    Witness,
)
from cgraph_cli.errors import listed
from cgraph_cli.light import Iterator, NamedTuple
from cgraph_cli.render import View
from cgraph_cli.render.grid import Field, Grid
from cgraph_cli.render.numbers import message, rounded
from cgraph_cli.render.paint import Paint, Span
from cgraph_cli.report.words import derivative_name
from cgraph_cli.syntax.printer import format_number, print_statement

STYLES = {AGREES: "value", NOISY: "warning", NO_DERIVATIVE: "warning", UNDECIDED: "warning", WRONG: "error"}
FIELDS = (
    Field(""),
    Field("witness", before="  "),
    Field("value", number=True, before=": "),
    Field("±", number=True, before=" ± "),
    Field("relative difference", number=True, before=", relative difference "),
    Field("verdict"),
)
FEW = 2  # digits of what is off
RULE = (
    f"agrees: within {format_number(TOLERANCE)} of high precision, the finite difference within "
    f"{format_number(TOLERANCE_OF_DIFFERENCE)}; noisy: farther off, but within its own ±, what rounding and steps may "
    "do; wrong: farther than that"
)


class Told(NamedTuple):
    """A result laid out: a table, and the sentences below it with their styles."""

    grid: Grid
    sentences: list[Span]


def told(checks: Checks, paint: Paint) -> Told:
    """The table of the witnesses, and what is to be said of them."""
    rows: list[list[Span]] = []
    names = {
        one.wrt: derivative_name(checks.report.output, [one.wrt], ascii=paint.view.ascii) for one in checks.partials
    }
    for one in checks.partials:
        for place, witness in enumerate(one.witnesses):
            rows.append([("" if place else names[one.wrt], "label"), *_cells(witness, paint)])
    sentences = [(RULE, "quiet")] if rows else []
    sentences += [(text, "") for one in checks.partials if (text := _remark(one, names[one.wrt], paint))]
    return Told(Grid(FIELDS, rows).without_empty(), [*sentences, _total(checks)])


def _cells(witness: Witness, paint: Paint) -> list[Span]:
    value = "" if witness.value is None else paint.number(witness.value)
    bar, difference = (
        "" if one is None or witness.name == PRECISE else format_number(one) if isinf(one) else rounded(one, FEW)
        for one in (witness.bar, witness.difference)
    )
    return [
        (witness.name, ""),
        (value, "gradient"),
        (bar, "quiet"),
        (difference, "quiet"),
        (witness.verdict, STYLES[witness.verdict]),
    ]


def _remark(one: Partial, name: str, paint: Paint) -> str | None:
    """What is to be said of a derivative that is no plain one."""
    left, right = one.left, one.right
    verdicts = {witness.name: witness.verdict for witness in one.witnesses}
    ours = [verdicts.get(way) for way in (REVERSE, FORWARD)]
    if one.verdict == UNDECIDED:
        return f"{name}: high precision does not decide; two results did not agree, or it would take too long"
    if left is None or right is None:
        return None
    if isnan(left) and isnan(right):
        return f"{name}: the function has no values around the point, or none at it"
    if one.verdict == NO_DERIVATIVE:
        return f"{name}: the slope is {paint.number(left)} from the left and {paint.number(right)} from the right"
    if isnan(left) or isnan(right):
        side, other = ("right", "left") if isnan(left) else ("left", "right")
        return f"{name} is the slope from the {side}: the function has no values on the {other}"
    if WRONG in ours:
        return f"{name}: the gradient is wrong, and rounding does not explain it"
    if NOISY in ours:
        return f"{name}: the rules are right, but rounding has taken the gradient's digits in doubles"
    if NOISY in verdicts.values():
        return f"{name}: the gradient is right, the finite difference is noisy"
    return None


def _total(checks: Checks) -> Span:
    count = len(checks.partials)
    if not count:
        return "no variables, so no gradient to check", "quiet"
    if checks.passed:
        return "the derivative agrees" if count == 1 else "every derivative agrees", "value"
    return ", ".join(f"{number} {verdict}" for verdict, number in checks.counts.items()), "error"


def render_text(checks: Checks, view: View) -> Iterator[str]:
    """The formula and the point, the table, the sentences, and the warnings of the evaluation."""
    from cgraph_cli.render.table.frame import heading

    paint = Paint(view)
    grid, sentences = told(checks, paint)
    yield from heading(checks.report, paint)
    if grid.rows:
        yield from grid.plain(paint)
        yield "\n"
    for text, style in sentences:
        yield from paint.paragraph((paint.signs.text(text), style), indent=2)
    for found in checks.report.asked:
        text = paint.signs.text(message(found, view.digits))
        yield from paint.paragraph(("warning: ", "warning"), (text, ""), indent=9)


def render_json(checks: Checks, view: View) -> Iterator[str]:
    """Everything as one JSON object, a line per member."""
    from cgraph_cli.render.json import Writer

    writer = Writer(view)
    yield from writer.head(checks.report.expression, checks.report.source, checks.report.output)
    for name, member in checks.members.items():
        yield f" {writer.string(name)}: {writer.any(member)},\n"
    yield writer.foot(checks.report.asked)


def render_markdown(checks: Checks, view: View) -> Iterator[str]:
    """The formula and the point, the table, the sentences."""
    from cgraph_cli.render.prose.markdown import MARKDOWN

    paint = Paint(view._replace(width=None, color=False))
    grid, sentences = told(checks, paint)
    given = [f"`{print_statement(one)}`" for one in checks.report.statements]
    yield f"{listed(given)}{_point(checks, paint)}\n\n"
    if grid.rows:
        yield from grid.markdown(paint)
    for text, _ in sentences:
        yield f"{MARKDOWN.sentence(text[0].upper() + text[1:])}.\n\n"
    for found in checks.report.asked:
        yield f"{MARKDOWN.kinds[found.word]}{MARKDOWN.sentence(message(found, view.digits))}.\n\n"


def _point(checks: Checks, paint: Paint) -> str:
    values = [f"{name} = {paint.number(value)}" for name, value in checks.report.variables.items()]
    return f" at {', '.join(values)}" if values else ""


def render_html(checks: Checks, view: View) -> Iterator[str]:
    """The same as a page."""
    from cgraph_cli.render.derivatives import given
    from cgraph_cli.render.prose.blocks import Block, Equations, Paragraph, Remark
    from cgraph_cli.render.prose.html import HTML, page

    paint = Paint(view._replace(width=None, color=False))
    grid, sentences = told(checks, paint)
    point = _point(checks, paint)
    above: list[Block] = [Equations(given(checks.report)), *([Paragraph(point.strip() + ":")] if point else [])]
    below: list[Block] = [Paragraph(f"{text[0].upper()}{text[1:]}.") for text, _ in sentences]
    below += [Remark(one.word, f"{message(one, view.digits)}.") for one in checks.report.asked]
    body = [*HTML.write(above), *(grid.html() if grid.rows else ()), *HTML.write(below)]
    yield from page("Derivatives, checked", checks.report.expression, body, view)
