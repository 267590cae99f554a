"""A report for a student: numbers that are to be found are not in it, so that no renderer can give one away."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from copy import copy
from math import isnan

from cgraph_cli.errors import UsageError
from cgraph_cli.graph.graph import CONSTANT, VARIABLE
from cgraph_cli.report.report import Explanation, Report

PARTS = ("value", "upstream", "local", "downstream")


class Blank(float):
    """A number that is left out: it is written ``____``, and computing with it gives another one."""

    __slots__ = ()

    def __new__(cls) -> Blank:
        return super().__new__(cls, "nan")

    def __repr__(self) -> str:
        return "____"

    __str__ = __repr__

    def __abs__(self) -> Blank:
        return self

    def __neg__(self) -> Blank:
        return self

    def __add__(self, other: float) -> Blank:
        return self


BLANK = Blank()


def is_known_nan(value: float) -> bool:
    """Whether a number is a nan and no blank."""
    return isnan(value) and not isinstance(value, Blank)


def blanked(result: Report | Explanation, parts: Collection[str]) -> Report | Explanation:
    """The same with blanks for some of PARTS; given are the variables, the constants and the seed.

    Warnings, which speak of numbers, are left out. Raises UsageError for what is none of PARTS, and for a report with
    second derivatives or a direction, which have numbers of their own.
    """
    if isinstance(result, Explanation):
        report = blanked(result.report, parts)
        assert isinstance(report, Report)
        return Explanation(report, result.forward, result.backward)
    for part in parts:
        if part not in PARTS:
            raise UsageError(f"--blank does not know `{part}`", help=f"it takes some of: {','.join(PARTS)}")
    if result.hessian is not None or result.direction is not None:
        raise UsageError("--blank leaves out values and gradients, not --hessian or --direction")
    student = copy(result)
    for name in ("variables", "gradients", "jacobian"):  # made of the numbers on first use
        student.__dict__.pop(name, None)
    student.warnings = []
    graph = result.graph
    if "value" in parts:
        student.node_values = _without(result.node_values, lambda node: graph.ops[node] not in (VARIABLE, CONSTANT))
    if "upstream" in parts:
        student.upstreams = {
            name: _without(upstream, lambda node, own=graph.outputs[name]: node != own)  # type: ignore[misc]
            for name, upstream in result.upstreams.items()
        }
    passes = result.passes
    student.passes = passes._replace(
        upstream=[*student.upstreams[result.output]],
        local=_without(passes.local, lambda _: "local" in parts),
        downstream=_without(passes.downstream, lambda _: "downstream" in parts),
    )
    return student


def _without(numbers: Sequence[float], wanted: Callable[[int], bool]) -> list[float]:
    return [BLANK if wanted(index) else number for index, number in enumerate(numbers)]
