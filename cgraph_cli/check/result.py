"""What every result of a check is: plain data shown as one kind, about one evaluation or about an expression alone."""

from __future__ import annotations

from cgraph_cli.light import Any, ClassVar, Mapping, Sequence
from cgraph_cli.report.findings import Finding
from cgraph_cli.report.report import Report
from cgraph_cli.report.shown import Shown
from cgraph_cli.syntax.expression import Program

RIGHT, WRONG, AGREES, DIFFERS, UNDECIDED = "right", "wrong", "agrees", "differs", "undecided"


def points_of(verdict: str, mistakes: Sequence[Any]) -> float:
    """1 for what is right, and for what is wrong the credit of its first mistake."""
    return 1.0 if verdict == RIGHT else mistakes[0].credit if mistakes else 0.0


class Check(Shown):
    """A result that says whether it ``passed``."""

    __slots__ = ()
    kind: ClassVar[str] = "checks"

    @property
    def asked(self) -> list[Finding]:
        """The warnings of the evaluation; none where there is no one evaluation."""
        return []


class CheckOfReport(Check):
    """One about the evaluation of its ``report``."""

    __slots__ = ()
    report: Report

    @property
    def program(self) -> Program:
        """What was evaluated."""
        return self.report.program

    @property
    def output(self) -> str:
        """The name of the output."""
        return self.report.output

    @property
    def point(self) -> Mapping[str, float]:
        """The value of every variable."""
        return self.report.variables

    @property
    def asked(self) -> list[Finding]:
        """The warnings of the evaluation."""
        return self.report.asked


class CheckOfAnswers(CheckOfReport):
    """One of what a student gave: each of its ``marks``, which have a verdict and points, is worth 1 point."""

    __slots__ = ()
    marks: Sequence[Any]

    @property
    def points(self) -> float:
        """The sum over the marks."""
        total: float = sum(mark.points for mark in self.marks)
        return total

    @property
    def passed(self) -> bool:
        """Whether everything is right."""
        return all(mark.verdict == RIGHT for mark in self.marks)
