"""A graph as JavaScript for the page: the rules of its operations as functions, its tape as data.

The page runs the same two passes as the engine over this tape. Everything is made from the rule table; no text of a
user's becomes code.
"""

from __future__ import annotations

from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, Operation
from cgraph_cli.light import Any
from cgraph_cli.render.page.kernels import HELPERS, KERNELS


def edges(graph: Graph) -> dict[str, list[list[int]]]:
    """The arguments of every node, and which of them a gradient can flow to."""
    nodes = range(len(graph))
    return {
        "args": [list(graph.arguments(node)) for node in nodes],
        "flows": [
            [int(graph.edge_has_gradient(node, position)) for position in range(len(graph.edges(node)))]
            for node in nodes
        ],
    }


class Code:
    """The functions for all operations of a graph and of the modules in it, each made once.

    ``kernels`` has one entry per operation and number of arguments, in the order of their numbers; ``helpers`` are the
    functions that these call.
    """

    def __init__(self) -> None:
        self.known: dict[tuple[Operation, int], int] = {}
        self.kernels: list[str] = []
        self.helpers: dict[str, str] = {}
        self.tapes: list[dict[str, Any]] = []

    def tape(self, graph: Graph) -> dict[str, Any]:
        """A graph as data: operations by the number of their kernel, -1 for a variable, -2 for a constant."""
        kernels = []
        for node, op in enumerate(graph.ops):
            if op is VARIABLE or op is CONSTANT:
                kernels.append(-1 if op is VARIABLE else -2)
            else:
                kernels.append(self.kernel(op, len(graph.edges(node))))
        return {
            "kernels": kernels,
            **edges(graph),
            "has": list(graph.has_gradient),
            "constants": [[node, value] for node, value in graph.constants.items()],
            "symbols": list(graph.symbols),
            "output": graph.output,
            "outputs": list(graph.outputs.values()),
        }

    def kernel(self, op: Operation, count: int) -> int:
        """The number of an operation's kernel. Modules are defined before they are used, so no cycle is possible."""
        key = (op, count)
        if key not in self.known:
            made = self._module(op) if op.body is not None else self._rule(op, count)
            self.known[key] = len(self.kernels)
            self.kernels.append(made)
        return self.known[key]

    def source(self) -> str:
        """The helpers and the kernels as one script."""
        kernels = "const KERNELS = [\n" + ",\n".join(self.kernels) + "\n];"
        return "\n\n".join([*self.helpers.values(), kernels])

    def _module(self, op: Operation) -> str:
        assert op.body is not None
        tape = self.tape(op.body)
        tape["parameters"] = [op.body.variables[name] for name in op.parameters]
        self.tapes.append(tape)
        return f"{{ body: {len(self.tapes) - 1} }}"

    def _rule(self, op: Operation, count: int) -> str:
        ready = KERNELS.get((op.name, count))
        if ready is None:  # of many arguments
            from cgraph_cli.render.page.makekernels import kernel

            text, helpers = kernel(op, count)
        else:
            text, helpers = ready[0], {name: HELPERS[name] for name in ready[1].split()}
        self.helpers |= helpers
        return text
