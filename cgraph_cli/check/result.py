"""What every result of a check is: plain data shown as one kind, about one evaluation or about an expression alone."""

from __future__ import annotations

from cgraph_cli.light import ClassVar, Generic, Mapping, Protocol, Sequence, TypeVar
from cgraph_cli.report.findings import Finding
from cgraph_cli.report.report import Report
from cgraph_cli.report.shown import Shown
from cgraph_cli.syntax.expression import Program

RIGHT, WRONG = "right", "wrong"


class Marked(Protocol):
    """What was marked: the verdict, and the points, of 1."""

    @property
    def verdict(self) -> str: ...
    @property
    def points(self) -> float: ...


M = TypeVar("M", bound=Marked)


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


class CheckOfAnswers(CheckOfReport, Generic[M]):
    """One of what a student gave: each of its ``marks`` is worth 1 point."""

    __slots__ = ()
    marks: Sequence[M]

    @property
    def points(self) -> float:
        """The sum over the marks."""
        return sum(mark.points for mark in self.marks)

    @property
    def passed(self) -> bool:
        """Whether everything is right."""
        return all(mark.verdict == RIGHT for mark in self.marks)
