"""The formulas of a worked solution in LaTeX, and in the LaTeX that MathML is made of."""

from __future__ import annotations

from cgraph_cli.light import re
from cgraph_cli.render.prose.writing import Numbers, Writing
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.latex import LatexNotation

PART = r"\{(\\partial (?:[^{},]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"  # one \partial, with the braces of a name
PARTIAL = re.compile(rf"\\frac{PART}{PART}")


def inline(text: str) -> str:
    r"""A formula within a line, where a fraction would be tiny: ``\partial f/\partial x``."""
    return PARTIAL.sub(r"\1/\2", text)


class _LatexNumbers(Numbers, LatexNotation):
    pass


class LatexWriting(Writing):
    r"""LaTeX: ``\frac{\partial f}{\partial x}``."""

    times = r"\cdot"
    about = r"\approx"
    arrow = r"\to"
    dots = r"\cdots"

    def make_notation(self, report: Report) -> Numbers:
        return _LatexNumbers.of(report.program)

    def function(self, name: str) -> str:
        assert isinstance(self.notation, LatexNotation)
        return self.notation.function(name)

    def remark(self, text: str) -> str:
        return rf"\text{{{text}}}" if text else ""

    def partial(self, top: str, bottom: str) -> str:
        return rf"\frac{{\partial {top}}}{{\partial {bottom}}}"

    def second(self, top: str, one: str, other: str) -> str:
        below = rf"\partial {{{one}}}^{{2}}" if one == other else rf"\partial {one} \, \partial {other}"
        return rf"\frac{{\partial^{{2}} {top}}}{{{below}}}"

    def directional(self, top: str) -> str:
        return rf"\mathrm{{d}} {top}"


class HtmlWriting(LatexWriting):
    r"""LaTeX to be made MathML of: values and gradients have a class of their own, ``\class{value}{3}``."""

    def marked(self, value: float, role: str) -> str:
        return rf"\class{{{role}}}{{{self.number(value)}}}"
