"""The ranges that points are drawn from, and their errors."""

from __future__ import annotations

from math import isfinite

from cgraph_cli.errors import InvalidValueError, UsageError, listed, shortened
from cgraph_cli.graph.build import check_variables
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Mapping
from cgraph_cli.syntax.printer import format_number

RANGE = (-5.0, 5.0)  # of a name that is given neither a range nor a value
Range = tuple[float, float]
NO_RANGES: Mapping[str, Range] = {}


def ranges_of(graph: Graph, given: Mapping[str, Range], fixed: Mapping[str, float]) -> dict[str, Range]:
    """The range of every name that has no value. Raises the errors of ``sampled``."""
    check_ranges(given, graph)
    check_variables(fixed, graph.variables, "to give a value to")
    for name in given:
        if name in fixed:
            raise UsageError(f"`{shortened(name)}` has both a value and a range")
    ends = {name: given.get(name, RANGE) for name in graph.variables if name not in fixed}
    drawn = {name: (float(low), float(high)) for name, (low, high) in ends.items()}
    if not drawn:
        what = f"{listed(list(fixed), '`')} already has a value" if fixed else "the expression has no variables"
        raise UsageError(f"there is nothing to draw: {what}")
    return drawn


def check_ranges(ranges: Mapping[str, Range], graph: Graph, *, held: bool = False) -> None:
    """Raise UnknownVariableError for the range of another name, InvalidValueError for an empty or an infinite one.

    Where names may be ``held``, a range of one number is none that is empty.
    """
    check_variables(ranges, graph.variables, "for a range")
    for name, (low, high) in ranges.items():
        shown, written = shortened(name), f"{format_number(low)}:{format_number(high)}"
        if not (isfinite(low) and isfinite(high)):
            raise InvalidValueError(f"the range of `{shown}` is not finite: {written}")
        if not (low < high or (held and low == high)):
            help = f"one value is given as --{shown} {format_number(low)}" if low == high else None
            raise InvalidValueError(f"the range of `{shown}` is empty: {written}", help=help)
