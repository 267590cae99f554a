"""An expression in its stable form: the formula, what was changed and why, and the digits before and after."""

from __future__ import annotations

from cgraph_cli.light import Iterator
from cgraph_cli.render import View
from cgraph_cli.render.grid import Field, Grid, sentence
from cgraph_cli.render.numbers import assigned
from cgraph_cli.render.paint import Paint, Span, right
from cgraph_cli.report.rewritten import Rewritten
from cgraph_cli.report.words import derivative_name
from cgraph_cli.symbolic.stable import Change
from cgraph_cli.syntax.printer import print_program, print_statement

FIELDS = (
    Field(""),
    Field("as written", number=True),
    Field("digits", number=True, before=", right digits "),
    Field("rewritten", number=True),
    Field("digits", number=True, before=", right digits "),
)
NOTHING = "no rewrite is known that makes it better"


def grid(result: Rewritten, paint: Paint) -> Grid:
    """A row for the value and for each gradient."""
    rows: list[list[Span]] = []
    for one in result.numbers:
        gradient = one.wrt is not None
        name = one.output if one.wrt is None else derivative_name(one.output, [one.wrt], ascii=paint.view.ascii)
        style = "gradient" if gradient else "value"
        before, after = ((paint.number(number), style) for number in (one.before, one.after))
        rows.append([(name, "label"), before, right(one.digits_before), after, right(one.digits_after)])
    return Grid(FIELDS, rows)


def why(change: Change) -> str:
    """The reason of a change, and what it takes for granted."""
    return change.reason + (f" (for {change.when})" if change.when else "")


def render_plain(result: Rewritten, view: View) -> Iterator[str]:
    """The expression alone, ready for another command."""
    yield print_program(result.stable) + "\n"


def render_text(result: Rewritten, view: View) -> Iterator[str]:
    """The expression, its changes, and at a point a table."""
    paint = Paint(view)
    text = paint.signs.text
    for statement in result.stable.statements:
        yield from paint.paragraph((text(print_statement(statement)), ""))
    yield "\n"
    if not result.changes:
        yield paint.line((NOTHING, "quiet"))
    for change in result.changes:
        arrow = f" {paint.signs.to} "
        yield from paint.paragraph((text(change.before), ""), (arrow, "quiet"), (text(change.after), ""))
        yield from paint.paragraph(("  ", ""), (text(why(change)), "quiet"), indent=2)
    if result.numbers:
        yield "\n"
        if result.variables:
            point = assigned(result.variables, paint.number)
            yield from paint.paragraph((text(f"at {point}"), "quiet"))
        yield from grid(result, paint).plain(paint)


def render_markdown(result: Rewritten, view: View) -> Iterator[str]:
    """The same as Markdown."""
    from cgraph_cli.render.prose.markdown import MARKDOWN, fenced

    paint = Paint(view.plain)
    written = "\n".join(print_statement(one) for one in result.stable.statements)
    yield f"{fenced(written)}\n"
    for change in result.changes:
        yield f"- `{change.before}` {paint.signs.to} `{change.after}`: {MARKDOWN.sentence(why(change))}\n"
    yield "\n" if result.changes else f"{sentence(NOTHING)}\n\n"
    if result.numbers:
        yield from grid(result, paint).markdown(paint)


def render_json(result: Rewritten, view: View) -> Iterator[str]:
    """Everything as one JSON object, a line per member."""
    from cgraph_cli.render.json import Writer

    writer = Writer(view)
    yield from writer.head(result.program, result.output)
    yield writer.members({"rewritten": print_program(result.stable)})
    changes = ({**one._asdict(), "span": list(one.span)} for one in result.changes)
    yield f' "changes": {writer.lines(map(writer.any, changes))}'
    if result.numbers:
        rows = (
            {**one._asdict(), "digits_before": _whole(one.digits_before), "digits_after": _whole(one.digits_after)}
            for one in result.numbers
        )
        yield f',\n "variables": {writer.any(result.variables)},\n "numbers": {writer.lines(map(writer.any, rows))}'
    yield "}\n"


def _whole(right: float | None) -> int | None:
    return None if right is None else int(right)
