"""Derivatives with their witnesses: a table, and in sentences what the verdicts mean."""

from __future__ import annotations

from math import isfinite, isinf, isnan

from cgraph_cli.check.result import AGREES, UNDECIDED, WRONG
from cgraph_cli.check.samples import Samples
from cgraph_cli.check.witnesses import (
    DIFFERENCE,
    FORWARD,
    NO_DERIVATIVE,
    NOISY,
    PRECISE,
    REVERSE,
    TOLERANCE,
    TOLERANCE_OF_DIFFERENCE,
    WORST,
    Checks,
    Partial,
    Witness,
)
from cgraph_cli.light import TYPE_CHECKING, Iterator, Sequence, TypeAlias
from cgraph_cli.render import View
from cgraph_cli.render.grid import Field, Grid, Told, sentence
from cgraph_cli.render.numbers import assigned, interval, ranged, rounded
from cgraph_cli.render.paint import Paint, Span
from cgraph_cli.render.prose.blocks import Block, Equations, Paragraph, remarks
from cgraph_cli.report.report import statements
from cgraph_cli.report.words import derivative_name
from cgraph_cli.syntax.printer import format_number, print_statement

if TYPE_CHECKING:
    from cgraph_cli.check.answers import Grades
    from cgraph_cli.check.claims import Marking
    from cgraph_cli.check.enclosures import Proofs
    from cgraph_cli.check.montecarlo import MonteCarlo

STYLES = {AGREES: "value", NOISY: "warning", NO_DERIVATIVE: "warning", UNDECIDED: "warning", WRONG: "error"}
WITNESSES = (
    Field(""),
    Field("witness", before=""),
    Field("value", number=True, before=": "),
    Field("±", number=True, before=" ± "),
    Field("relative difference", number=True),
    Field("verdict"),
)
COUNTS = (
    Field(""),
    *(Field(title, number=True) for title in (*reversed(WORST), "largest difference")),
    Field("at", before=" at "),
)
FEW = 2  # digits of what is off
RULE = (
    f"agrees: within {format_number(TOLERANCE)} of high precision, the finite difference within "
    f"{format_number(TOLERANCE_OF_DIFFERENCE)}; noisy: farther off, but within its own ±, what rounding and steps may "
    "do; wrong: farther than that"
)
ROUNDED = ": the rules are right, but rounding has taken digits of the gradient in doubles"
OURS = (REVERSE, FORWARD)
MANY = 15  # digits of an enclosure at a point

Result: TypeAlias = "Checks | Samples | Proofs | MonteCarlo | Marking | Grades"


def told(result: Result, paint: Paint) -> Told:
    """The table, and what is to be said of it."""
    if isinstance(result, Checks):
        return _of_point(result, paint)
    if isinstance(result, Samples):
        return _of_sample(result, paint)
    from cgraph_cli.check.answers import Grades
    from cgraph_cli.check.enclosures import Proofs
    from cgraph_cli.check.montecarlo import MonteCarlo
    from cgraph_cli.render import marks, montecarlo, proofs

    if isinstance(result, MonteCarlo):
        return montecarlo.of_samples(result, paint)
    if isinstance(result, Proofs):
        return proofs.of_proofs(result, paint)
    return marks.of_answers(result, paint) if isinstance(result, Grades) else marks.of_claims(result, paint)


def _of_point(checks: Checks, paint: Paint) -> Told:
    """A row for every witness, and a sentence for every derivative that is no plain one."""
    rows: list[list[Span]] = []
    said: list[str] = []
    for one in checks.partials:
        name = derivative_name(checks.output, [one.wrt], ascii=paint.view.ascii)
        for place, witness in enumerate(one.witnesses):
            rows.append([("" if place else name, "label"), *_cells(witness, paint)])
        told = any(found.code == "kink" and found.fields.get("wrt") == (one.wrt,) for found in checks.asked)
        if not (told and one.verdict == NO_DERIVATIVE):  # a warning has the slopes
            said += _remark(one, name, paint)
        said += _proved(one, name, paint)
    rule = [(RULE, "quiet")] if rows else []
    return Told(Grid(WITNESSES, rows).without_empty(), [*rule, *((text, "") for text in said), _total(checks)])


def _cells(witness: Witness, paint: Paint) -> list[Span]:
    bar, difference = (None, None) if witness.name == PRECISE else (witness.bar, witness.difference)
    return [
        (witness.name, ""),
        ("" if witness.value is None else paint.number(witness.value), "gradient"),
        (_off(bar), "quiet"),
        (_off(difference), "quiet"),
        (witness.verdict, STYLES[witness.verdict]),
    ]


def _off(number: float | None) -> str:
    """How far something is off."""
    return "" if number is None else format_number(number) if isinf(number) else rounded(number, FEW)


def _remark(one: Partial, name: str, paint: Paint) -> Iterator[str]:
    left, right = one.left, one.right
    verdicts = {witness.name: witness.verdict for witness in one.witnesses}
    ours = [verdicts.get(way) for way in OURS]
    if one.verdict == UNDECIDED or left is None or right is None:
        yield f"{name}: high precision does not decide: two results did not agree, or it would take too long"
    elif isnan(left) and isnan(right):
        yield f"{name}: the function has no values around the point, or none at it"
    elif one.verdict == NO_DERIVATIVE:
        yield f"{name}: the slope is {paint.number(left)} from the left and {paint.number(right)} from the right"
    else:
        if isnan(left) or isnan(right):
            side, other = ("right", "left") if isnan(left) else ("left", "right")
            yield f"{name} is the slope from the {side}: the function has no values on the {other}"
        lost = [witness for witness in one.witnesses if witness.name in OURS and not isfinite(witness.value or 0)]
        if WRONG in ours and lost and one.value is not None:
            number = paint.number(one.value)
            yield f"{name}: on the way to it doubles overflow or meet 0*inf; the derivative is {number}"
        elif WRONG in ours:
            yield f"{name}: the gradient is wrong, and rounding does not explain it"
        elif NOISY in ours:
            yield f"{name}{ROUNDED}"
        elif verdicts[DIFFERENCE] != AGREES:
            yield f"{name}: the gradient is right, the finite difference is {verdicts[DIFFERENCE]}"


def _proved(one: Partial, name: str, paint: Paint) -> Iterator[str]:
    """What is proved of a derivative, where that was asked for."""
    if one.enclosure is None:
        return
    ends, why = one.enclosure
    if ends is None:
        yield f"{name}: no enclosure is proved" + (f": {why}" if why else "")
    else:
        yield f"{name} ∈ {interval(ends, paint.view.digits or MANY)}: proved by Arb's power series, without the rules"
        if one.value is not None and one.verdict == WRONG:
            yield f"{name}: high precision is to lie in it"


def _of_sample(samples: Samples, paint: Paint) -> Told:
    """A row for every derivative, and how the points were drawn and judged."""
    rows: list[list[Span]] = []
    said = [*_drawn(samples, paint)]
    for one in samples.partials:
        name = derivative_name(samples.output, [one.wrt], ascii=paint.view.ascii)
        counts = [(str(one.counts.get(verdict) or ""), STYLES[verdict]) for verdict in reversed(WORST)]
        rows.append(
            [(name, "label"), *counts, (_off(one.difference), "quiet"), (assigned(one.point, paint.number), "")]
        )
        if one.verdict != AGREES:
            why = ROUNDED if one.verdict == NOISY else ""
            said.append(f"{name}: {one.verdict} at {assigned(one.point, format_number)}{why}")
    rule = [(RULE, "quiet")] if rows and samples.precise else []  # else it is said whole how the points were judged
    return Told(Grid(COUNTS, rows).without_empty(), [*rule, *((text, "") for text in said), _total(samples)])


def _drawn(samples: Samples, paint: Paint) -> Iterator[str]:
    ranges = assigned(samples.ranges, lambda ends: ranged(ends, paint.view.digits))
    found = f"{samples.points:,} points" if samples.points > 1 else "1 point"
    missing = f" of the {samples.wanted:,} wanted" if samples.points < samples.wanted else ""
    more = f"; at {samples.outside:,} more the value is not finite" if samples.outside else ""
    yield f"{found}{missing} drawn with seed {samples.seed} from {ranges}{more}"
    total = samples.points * len(samples.partials)
    clear = f"{total - samples.precise:,} of {total:,}" if samples.precise else f"all {total:,}"
    rest = "; high precision decides the rest, from which their difference is" if samples.precise else ""
    yield (
        f"doubles decide {clear} derivatives: forward mode is within {format_number(TOLERANCE)} of reverse mode, and "
        f"the finite difference, from which the difference is, within {format_number(TOLERANCE_OF_DIFFERENCE)}{rest}"
    )


def _total(result: Checks | Samples) -> Span:
    count = len(result.partials)
    if not count:
        return "no variables, so no gradient to check", "quiet"
    if result.passed:
        where = " at every point" if isinstance(result, Samples) else ""
        return ("the derivative agrees" if count == 1 else "every derivative agrees") + where, "value"
    return ", ".join(f"{number:,} {verdict}" for verdict, number in result.counts.items()), "error"


def render_text(result: Result, view: View) -> Iterator[str]:
    """The formula and the point, the table, the sentences, and the warnings of the evaluation."""
    from cgraph_cli.render.table.frame import given

    paint = Paint(view)
    grid, sentences, _ = told(result, paint)
    yield from given(result.program, result.output, [*result.point], result.point.__getitem__, paint)
    yield "\n"
    if grid.rows:
        yield from grid.plain(paint)
        yield "\n"
    for text, style in sentences:
        yield from paint.paragraph((paint.signs.text(text), style), indent=2)
    yield from paint.remarks(result.asked, result.program.source)


def render_json(result: Result, view: View) -> Iterator[str]:
    """Everything as one JSON object, a line per member."""
    from cgraph_cli.render.json import Writer

    writer = Writer(view)
    yield from writer.head(result.program, result.output)
    yield writer.members(result.members)
    yield writer.foot(result.asked)


def render_markdown(result: Result, view: View) -> Iterator[str]:
    """The formula and the point, the table, the sentences."""
    from cgraph_cli.render.prose.markdown import MARKDOWN

    paint = Paint(view.plain)
    grid, sentences, _ = told(result, paint)
    written = [f"`{print_statement(one)}`" for one in statements(result.program, result.output)]
    yield f"{'; '.join(written)}{_where(result, paint)}\n\n"
    if grid.rows:
        yield from grid.markdown(paint)
    yield from MARKDOWN.write(_below(result, sentences, view))


def render_html(result: Result, view: View) -> Iterator[str]:
    """The same as a page."""
    from cgraph_cli.render.prose.html import HTML, page
    from cgraph_cli.render.prose.latex import given

    paint = Paint(view.plain)
    grid, sentences, title = told(result, paint)
    point = _where(result, paint).strip()
    above: list[Block] = [Equations(given(result.program, result.output)), *([Paragraph(f"{point}:")] if point else [])]
    table = grid.html() if grid.rows else ()
    body = [*HTML.write(above), *table, *HTML.write(_below(result, sentences, view))]
    yield from page(title, result.program, body, view)


def _where(result: Result, paint: Paint) -> str:
    return f" at {assigned(result.point, paint.number)}" if result.point else ""


def _below(result: Result, sentences: Sequence[Span], view: View) -> list[Block]:
    return [*(Paragraph(sentence(text)) for text, _ in sentences), *remarks(result.asked, view.digits)]
