"""What is true of every graph."""

from __future__ import annotations

from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph


def check(graph: Graph) -> None:
    """Assert the invariants of a graph: columns agree, arguments come before their users, arities fit the rules."""
    size = len(graph)
    assert len(graph.offsets) == size + 1
    assert graph.offsets[0] == 0
    assert graph.offsets[size] == len(graph.args)
    assert len(graph.has_gradient) == len(graph.starts) == len(graph.ends) == size
    for node, op in enumerate(graph.ops):
        arguments = graph.arguments(node)
        assert all(0 <= arg < node for arg in arguments)
        if op is VARIABLE:
            assert graph.variables[graph.names[node]] == node
            assert graph.has_gradient[node]
        elif op is CONSTANT:
            assert node in graph.constants
            assert not graph.has_gradient[node]
        else:
            assert op.min_args <= len(arguments) <= (op.max_args or len(arguments))
            if op.body is not None:
                check(op.body)
        expected = op is VARIABLE or any(graph.edge_has_gradient(node, position) for position in range(len(arguments)))
        assert bool(graph.has_gradient[node]) == expected
    assert graph.outputs
    assert all(0 <= node < size for node in graph.outputs.values())
