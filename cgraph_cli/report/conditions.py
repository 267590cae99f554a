"""How many digits rounding has left of the numbers of a report, and the condition numbers of edges."""

from __future__ import annotations

from math import inf, isfinite

from cgraph_cli.engine.passes import Gradients
from cgraph_cli.engine.settled import UNDECIDED, Precise
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Any, NamedTuple, Sequence
from cgraph_cli.limits import DOUBLE_DIGITS
from cgraph_cli.report.digits import right_digits


class Conditions(NamedTuple):
    """The numbers of a graph in doubles beside those of high precision."""

    graph: Graph
    values: Sequence[float]
    passes: Gradients
    true_values: Sequence[Any]
    true_passes: Gradients

    def of_value(self, node: int) -> int | None:
        """How many digits of a node's value are right, None where high precision has no number."""
        return _right(self.values[node], self.true_values[node])

    def of_upstream(self, node: int) -> int | None:
        """How many digits of a node's upstream gradient are right."""
        return _right(self.passes.upstream[node], self.true_passes.upstream[node])

    def of_edge(self, node: int, position: int) -> float | None:
        """|∂node/∂argument · argument/node|: by how much the relative error of an argument grows in a node.

        None where no gradient flows, and where there is no number: 0/0, nan.
        """
        graph, edge = self.graph, self.graph.edges(node)[position]
        if not graph.edge_has_gradient(node, position):
            return None
        numbers = self.true_passes.local[edge], self.true_values[graph.args[edge]], self.true_values[node]
        if any(one.state == UNDECIDED for one in numbers):
            return None
        local, arg, value = (one.exact for one in numbers)
        if value == 0:
            return inf if local * arg else None
        ratio = float(abs(local * arg / value))
        return ratio if ratio == ratio else None


def _right(number: float, true: Precise) -> int | None:
    if true.state == UNDECIDED or true != true:
        return None
    nearest = float(true.exact)
    if not (isfinite(number) and isfinite(true)):  # as a double it is as finite as it is
        return DOUBLE_DIGITS if number == nearest and not isfinite(true) else 0
    if not nearest:
        return DOUBLE_DIGITS if number == true.exact else 0
    return right_digits(number, nearest)
