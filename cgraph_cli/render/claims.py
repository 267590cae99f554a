"""Claims with their marks: the rows of a table, and in sentences what went wrong."""

from __future__ import annotations

from math import isnan

from cgraph_cli.check.claims import Mark, Marking
from cgraph_cli.check.mistakes import KINDS
from cgraph_cli.check.result import RIGHT, WRONG
from cgraph_cli.check.sheet import UNDECIDED
from cgraph_cli.light import Iterator
from cgraph_cli.render.grid import Field
from cgraph_cli.render.numbers import message, short
from cgraph_cli.render.paint import Paint, Span
from cgraph_cli.report.words import derivative_name
from cgraph_cli.syntax.printer import print_expression

STYLES = {RIGHT: "value", WRONG: "error", UNDECIDED: "warning"}
MARKS = (
    Field(""),
    Field("claim", before=""),
    Field("at the point", number=True, before=": "),
    Field("derivative", number=True, before=", derivative "),
    Field("verdict"),
    Field("points", number=True, before=", points "),
)


def rows(marking: Marking, paint: Paint) -> Iterator[list[Span]]:
    """A row for every claim."""
    for one in marking.marks:
        claimed, true = ("" if number is None else paint.number(number) for number in (one.claimed, one.true))
        yield [
            (_name(one, marking, paint), "label"),
            (one.claim.text.strip(), ""),
            ("" if claimed == one.claim.text.strip() else claimed, "gradient"),
            (true, "gradient"),
            (one.verdict, STYLES[one.verdict]),
            (short(one.points), ""),
        ]


def remarks(marking: Marking, paint: Paint) -> Iterator[Span]:
    """What the verdicts rest on, then what is to be said of a claim, and the sum of the points."""
    yield from ((text, "quiet") for text in _rule(marking))
    for one in marking.marks:
        name = _name(one, marking, paint)
        for found in one.mistakes[:1]:
            right = ""
            if one.verdict != RIGHT and one.formula is not None:
                what = "its formula" if "{true}" in KINDS[found.kind].sentence else "the derivative"
                right = f"; {what} is {print_expression(one.formula)}"
            yield f"{name}: {message(found, paint.view.digits)}{right}", ""
        if one.digits is not None and one.true is not None:
            digits = "1 digit" if one.digits == 1 else f"{one.digits} digits"
            yield f"{name}: {one.claim.text.strip()} has {digits}, to which {paint.number(one.true)} rounds", ""
        if one.verdict == UNDECIDED:
            missing = one.true is not None and isnan(one.true)
            why = "does not exist at the point" if missing else "and the claim are beyond what doubles can hold"
            yield f"{name}: the derivative {why}", ""
    yield (
        f"{short(marking.points)} of {len(marking.marks)} point{'s' * (len(marking.marks) > 1)}",
        ("value" if marking.passed else "error"),
    )


def _rule(marking: Marking) -> Iterator[str]:
    tested = max((one.tested for one in marking.marks), default=0)
    if any(one.is_formula for one in marking.marks):
        where = f" and at {tested} random points (seed {marking.seed})" if tested else ""
        yield f"a formula is right if it is the derivative at the point{where}"
    if not all(one.is_formula for one in marking.marks):
        yield "a number is right if the derivative rounds to it, a whole number of one digit if it is that number"


def _name(one: Mark, marking: Marking, paint: Paint) -> str:
    return derivative_name(marking.output, one.wrt, ascii=paint.view.ascii)
