"""Answers to a quiz with their marks: the rows of a table, and in sentences what went wrong."""

from __future__ import annotations

from cgraph_cli.check.answers import FIGURES, MISSING, Grades
from cgraph_cli.check.result import RIGHT, WRONG
from cgraph_cli.errors import listed, shortened
from cgraph_cli.light import Iterator
from cgraph_cli.render.grid import Field
from cgraph_cli.render.numbers import message, short
from cgraph_cli.render.paint import Paint, Span

STYLES = {RIGHT: "value", WRONG: "error", MISSING: "warning"}
LONGEST = 20  # characters that are shown of what is no number
MARKS = (
    Field(""),
    Field("answer", number=True, before=""),
    Field("right", number=True, before=", right is "),
    Field("verdict"),
    Field("points", number=True, before=", points "),
)


def rows(grades: Grades, paint: Paint) -> Iterator[list[Span]]:
    """A row for every blank."""
    for one in grades.marks:
        yield [
            (one.place.id, "label"),
            (shortened(one.text or "", LONGEST) if one.answer is None else one.text or "", ""),
            (paint.number(one.true), "value" if one.place.part == "value" else "gradient"),
            (one.verdict, STYLES[one.verdict]),
            (short(one.points), ""),
        ]


def remarks(grades: Grades, paint: Paint) -> Iterator[Span]:
    """What an answer is right by, what went wrong, and the sum of the points."""
    yield f"an answer is right if it is the number, or the number rounded to {FIGURES} digits or more", "quiet"
    for one in grades.marks:
        for found in one.mistakes[:1]:
            yield f"`{one.place.id}`: {message(found, paint.view.digits)}", ""
    if grades.from_file:
        names = listed(grades.from_file)
        yield (
            f"only the file says what was asked ({names}): given to the command too, no other exercise is marked",
            "warning",
        )
    count = len(grades.marks)
    yield (
        f"{short(grades.points)} of {count} point{'s' * (count > 1)}",
        "value" if grades.passed else "error",
    )
