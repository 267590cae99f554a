"""Numbers of a text that a double has not the digits of, or reads as 0, because they are so small."""

from __future__ import annotations

from cgraph_cli.errors import shortened
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import TYPE_CHECKING, Iterator
from cgraph_cli.limits import LEAST_NORMAL
from cgraph_cli.syntax.typed import vanishes

if TYPE_CHECKING:
    from cgraph_cli.report.findings import Found


def small_literals(source: str, graph: Graph) -> Iterator[Found]:
    """The literals that are too small, each with what it is read as."""
    for node, value in graph.constants.items():
        if abs(value) < LEAST_NORMAL:
            text = source[graph.starts[node] : graph.ends[node]]
            if value == 0 and not vanishes(text):
                continue
            from decimal import Decimal, InvalidOperation

            from cgraph_cli.report.digits import WRONG

            try:
                true = Decimal(text)
            except InvalidOperation:
                continue  # a number of a formula that stands for a function
            if abs(true - Decimal(repr(value))) > abs(true) * Decimal(WRONG):
                yield "small literal", node, {"text": shortened(text), "value": value}
