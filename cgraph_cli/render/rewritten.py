"""An expression in its stable form: the formula, what was changed and why, and the digits before and after."""

from __future__ import annotations

from cgraph_cli.light import Iterator
from cgraph_cli.render import View
from cgraph_cli.render.grid import Field, Grid
from cgraph_cli.render.paint import Paint, Span
from cgraph_cli.report.rewritten import Rewritten
from cgraph_cli.report.words import derivative_name
from cgraph_cli.symbolic.stable import Change
from cgraph_cli.syntax.printer import print_program, print_statement

FIELDS = (
    Field(""),
    Field("as written", number=True, before=": as written "),
    Field("digits", number=True, before=", right digits "),
    Field("rewritten", number=True, before=", rewritten "),
    Field("digits", number=True, before=", right digits "),
)
NOTHING = "no rewrite is known that makes it better"
FEW = 8  # right digits that are too few


def digits(number: float | None) -> Span:
    """How many digits are right."""
    if number is None:
        return "?", "quiet"
    return ("all" if number > 15 else str(int(number))), ("" if number >= FEW else "warning")


def grid(result: Rewritten, paint: Paint) -> Grid:
    """A row for the value and for each gradient."""
    rows: list[list[Span]] = []
    for one in result.numbers:
        gradient = one.wrt is not None
        name = result.output if one.wrt is None else derivative_name(result.output, [one.wrt], ascii=paint.view.ascii)
        style = "gradient" if gradient else "value"
        before, after = ((paint.number(number), style) for number in (one.before, one.after))
        rows.append([(name, "label"), before, digits(one.digits_before), after, digits(one.digits_after)])
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
            point = ", ".join(f"{name} = {paint.number(value)}" for name, value in result.variables.items())
            yield from paint.paragraph((text(f"at {point}"), "quiet"))
        yield from grid(result, paint).plain(paint)


def render_markdown(result: Rewritten, view: View) -> Iterator[str]:
    """The same as Markdown."""
    from cgraph_cli.render.prose.markdown import MARKDOWN

    paint = Paint(view._replace(width=None, color=False))
    written = "\n".join(print_statement(one) for one in result.stable.statements)
    yield f"```text\n{written}\n```\n\n"
    for change in result.changes:
        yield f"- `{change.before}` {paint.signs.to} `{change.after}`: {MARKDOWN.sentence(why(change))}\n"
    yield "\n" if result.changes else f"{NOTHING.capitalize()}.\n\n"
    if result.numbers:
        yield from grid(result, paint).markdown(paint)


def render_json(result: Rewritten, view: View) -> Iterator[str]:
    """Everything as one JSON object, a line per member."""
    from cgraph_cli.render.json import Writer

    writer = Writer(view)
    yield from writer.head(print_program(result.program), result.program.source, result.output)
    yield f' "rewritten": {writer.string(print_program(result.stable))},\n'
    members = []
    for one in result.changes:
        texts = {"before": one.before, "after": one.after, "reason": one.reason, "when": one.when}
        found = ", ".join(f"{writer.string(name)}: {writer.string(text)}" for name, text in texts.items())
        members.append(f'  {{{found}, "span": [{one.span.start}, {one.span.end}]}}')
    yield ' "changes": [\n' + ",\n".join(members) + "\n ]" if members else ' "changes": []'
    if result.numbers:
        yield f',\n "variables": {writer.numbers(result.variables)},\n "numbers": [\n'
        rows = []
        for row in result.numbers:
            known = {"true_value": row.true, "before": row.before, "after": row.after}
            numbers = "".join(f", {writer.string(name)}: {writer.number(value)}" for name, value in known.items())
            for name, right in (("digits_before", row.digits_before), ("digits_after", row.digits_after)):
                numbers += f', "{name}": {"null" if right is None else int(right)}'
            rows.append(f'  {{"wrt": {"null" if row.wrt is None else writer.string(row.wrt)}{numbers}}}')
        yield ",\n".join(rows) + "\n ]"
    yield "}\n"
