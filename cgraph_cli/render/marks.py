"""Claims and answers to a quiz with their marks: a table, and in sentences what went wrong."""

from __future__ import annotations

from math import isnan

from cgraph_cli.check.answers import FIGURES, MISSING, Grades
from cgraph_cli.check.claims import Mark, Marking
from cgraph_cli.check.mistakes import KINDS
from cgraph_cli.check.result import RIGHT, UNDECIDED, WRONG
from cgraph_cli.errors import listed, shortened
from cgraph_cli.light import Iterator
from cgraph_cli.render.grid import Field, Grid, Told
from cgraph_cli.render.numbers import message, short
from cgraph_cli.render.paint import Paint, Span
from cgraph_cli.report.words import derivative_name
from cgraph_cli.syntax.printer import print_expression

STYLES = {RIGHT: "value", WRONG: "error", MISSING: "warning", UNDECIDED: "warning"}
LONGEST = 20  # characters that are shown of what is no number
ANSWERS = (
    Field(""),
    Field("answer", number=True, before=""),
    Field("right", number=True, before=", right is "),
    Field("verdict"),
    Field("points", number=True),
)
CLAIMS = (
    Field(""),
    Field("claim", before=""),
    Field("at the point", number=True, before=": "),
    Field("derivative", number=True),
    Field("verdict"),
    Field("points", number=True),
)


def of_answers(grades: Grades, paint: Paint) -> Told:
    """A row for every blank; what an answer is right by, what went wrong, and the sum of the points."""
    rows = [
        [
            (one.place.id, "label"),
            (shortened(one.text or "", LONGEST) if one.answer is None else one.text or "", ""),
            (paint.number(one.true), "value" if one.place.part == "value" else "gradient"),
            (one.verdict, STYLES[one.verdict]),
            (short(one.points), ""),
        ]
        for one in grades.marks
    ]
    rule = f"an answer is right if it is the number, or the number rounded to {FIGURES} digits or more"
    wrong = [
        (f"`{one.place.id}`: {message(found, paint.view.digits)}", "")
        for one in grades.marks
        for found in one.mistakes[:1]
    ]
    only = f"only the file says what was asked ({listed(grades.from_file)})"
    loose = [(f"{only}: given to the command too, no other exercise is marked", "warning")] * bool(grades.from_file)
    return Told(Grid(ANSWERS, rows), [(rule, "quiet"), *wrong, *loose, _sum(grades)])


def of_claims(marking: Marking, paint: Paint) -> Told:
    """A row for every claim; what the verdicts rest on, what is to be said of a claim, and the sum of the points."""
    rows: list[list[Span]] = []
    said = [(text, "quiet") for text in _rule(marking)]
    for one in marking.marks:
        name = derivative_name(marking.output, one.wrt, ascii=paint.view.ascii)
        text = one.claim.text.strip()
        claimed, true = ("" if number is None else paint.number(number) for number in (one.claimed, one.true))
        rows.append(
            [
                (name, "label"),
                (text, ""),
                ("" if claimed == text else claimed, "gradient"),
                (true, "gradient"),
                (one.verdict, STYLES[one.verdict]),
                (short(one.points), ""),
            ]
        )
        said += [(f"{name}: {sentence}", "") for sentence in _remarks(one, paint)]
    return Told(Grid(CLAIMS, rows).without_empty(), [*said, _sum(marking)])


def _remarks(one: Mark, paint: Paint) -> Iterator[str]:
    for found in one.mistakes[:1]:
        right = ""
        if one.verdict != RIGHT and one.formula is not None:
            what = "its formula" if "{true}" in KINDS[found.kind].sentence else "the derivative"
            right = f"; {what} is {print_expression(one.formula)}"
        yield f"{message(found, paint.view.digits)}{right}"
    if one.digits is not None and one.true is not None:
        digits = "1 digit" if one.digits == 1 else f"{one.digits} digits"
        yield f"{one.claim.text.strip()} has {digits}, to which {paint.number(one.true)} rounds"
    if one.verdict == UNDECIDED:
        missing = one.true is not None and isnan(one.true)
        why = "does not exist at the point" if missing else "and the claim are beyond what doubles can hold"
        yield f"the derivative {why}"


def _rule(marking: Marking) -> Iterator[str]:
    tested = max((one.tested for one in marking.marks), default=0)
    if any(one.is_formula for one in marking.marks):
        where = f" and at {tested} random points (seed {marking.seed})" if tested else ""
        yield f"a formula is right if it is the derivative at the point{where}"
    if not all(one.is_formula for one in marking.marks):
        yield "a number is right if the derivative rounds to it, a whole number of one digit if it is that number"


def _sum(result: Marking | Grades) -> Span:
    count = len(result.marks)
    return f"{short(result.points)} of {count} point{'s' * (count > 1)}", "value" if result.passed else "error"
