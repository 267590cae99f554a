"""A graph as JavaScript for the page: the rules of its operations as functions, its tape as data.

The page runs the same two passes as the engine over this tape. Everything is made from the rule table; no text of a
user's becomes code.
"""

from __future__ import annotations

from cgraph_cli.export.languages.javascript import JavaScript
from cgraph_cli.export.straight import Straight
from cgraph_cli.graph.formula import Layer, formula, gradient_formula, limits, sent_where
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, Operation
from cgraph_cli.light import Any, Sequence, json
from cgraph_cli.rule import Rule
from cgraph_cli.syntax.expression import Syntax

OWN = "f"


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

    ``kernels`` has one entry per operation and number of arguments, in the order of their numbers.
    """

    def __init__(self) -> None:
        self.language = JavaScript()
        self.known: dict[tuple[Operation, int], int] = {}
        self.kernels: list[str] = []
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
        return "\n\n".join([*self.language.helpers(self.language.called).values(), kernels])

    def _module(self, op: Operation) -> str:
        assert op.body is not None
        tape = self.tape(op.body)
        tape["parameters"] = [op.body.variables[name] for name in op.parameters]
        self.tapes.append(tape)
        return f"{{ body: {len(self.tapes) - 1} }}"

    def _rule(self, op: Operation, count: int) -> str:
        rule = op.rule
        assert rule is not None
        arguments = [f"a{index}" for index in range(count)] if rule.many else list(rule.args[:count])
        value = Straight(arguments)
        value.give("0", value.make(op.name, range(count)))
        local = {
            str(position): text
            for position in range(count)
            if (text := gradient_formula(op.name, position)) is not None
        }
        sends = {position: sent for position, one in local.items() if (sent := sent_where(one)) is not None}
        conditions = {
            f"{position} {index}": condition
            for position, text in local.items()
            for index, (condition, _) in enumerate(limits(text)[0])
        }
        kink = {} if rule.kink is None else {"0": formula(rule.kink)}
        members = {
            "name": json.dumps(op.name),
            "chooses": json.dumps(op.chooses),
            "compares": json.dumps(op.compares),
            "convention": json.dumps(rule.convention),
            "outside": json.dumps(rule.outside),
            "domain": json.dumps(_domain(rule, count)),  # Infinity is a number in a script
            "value": self._function(arguments, value),
        }
        for name, texts in (("local", local), ("sends", sends), ("limits", conditions), ("kink", kink)):
            members[name] = self._formulas(op.name, arguments, texts)
        return "{ " + ",\n  ".join(f"{name}: {text}" for name, text in members.items()) + " }"

    def _formulas(self, name: str, arguments: Sequence[str], texts: dict[str, Syntax]) -> str:
        """``(f, x, y) => {"0": …, "1": …}``: formulas of a row at its arguments and its own value."""
        straight = Straight([OWN, *arguments])
        layer: Layer[int] = Layer(straight.make, straight.number)
        args, shared = list(range(1, len(arguments) + 1)), dict[int, int]()
        for key, text in texts.items():
            position = int(key.split()[0])
            straight.give(key, layer.lay(name, text, args, own=0, position=position, shared=shared))
        return self._function([OWN, *arguments], straight)

    def _function(self, arguments: Sequence[str], straight: Straight) -> str:
        names = self.language.scope(straight.operations())
        parameters = {argument: names.give(argument) for argument in arguments}
        lines, outputs = self.language.body(straight, parameters, names)
        result = ", ".join(f'"{key}": {text.code}' for key, text in outputs.items())
        return f"({', '.join(parameters.values())}) => {{ {' '.join([*lines, f'return {{ {result} }};'])} }}"


def _domain(rule: Rule, count: int) -> list[dict[str, Any]]:
    """The intervals that a function is defined on, for each of its arguments that has one."""
    return [
        {"position": position, "interval": one._asdict(), "words": {"argument": name, "domain": f"{name} {one.text}"}}
        for position, name in enumerate(rule.args[:count])
        if (one := rule.domain.get(name)) is not None and not one.partial
    ]
