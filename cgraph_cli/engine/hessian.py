"""Second derivatives at a point: the backward pass over the tangent graph (reverse over forward)."""

from __future__ import annotations

from collections.abc import Mapping

from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.graph.graph import Graph
from cgraph_cli.symbolic.directional import tangent


def hessian(graph: Graph, output: int, values: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """The matrix ∂²output/∂row∂column, keyed by names.

    Row by row: the tangent graph t = Σ ∂f/∂name · direction(name) is evaluated in the direction of one variable and
    its gradient is that row (Griewank, Walther 2008, section 3.3). The matrix is symmetric in exact numbers; the two
    roundings of each off-diagonal entry are replaced by their mean.
    """
    names = list(graph.variables)
    taken = set(names)
    directions: dict[str, str] = {}
    for name in names:
        direction = f"d{name}"
        while direction in taken:
            direction = f"{direction}_"
        taken.add(direction)
        directions[name] = direction
    tangents = tangent(graph, output, directions)
    point = dict(values) | dict.fromkeys(directions.values(), 0.0)
    rows: dict[str, dict[str, float]] = {}
    for row in names:
        point[directions[row]] = 1.0
        node_values = forward(tangents, point)
        upstream = backward(tangents, node_values, tangents.output).upstream
        rows[row] = {column: upstream[tangents.variables[column]] for column in names}
        point[directions[row]] = 0.0
    for index, row in enumerate(names):
        for column in names[:index]:
            mean = rows[row][column] / 2 + rows[column][row] / 2
            rows[row][column] = rows[column][row] = mean
    return rows
