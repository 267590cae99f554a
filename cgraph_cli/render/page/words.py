"""What the page says of nodes and edges: names, formulas and rules, with places where its script puts numbers."""

from __future__ import annotations

import re
from typing import Any

from cgraph_cli.graph.express import operation_syntax
from cgraph_cli.graph.graph import CONSTANT, VARIABLE
from cgraph_cli.render.page.tape import limit_values
from cgraph_cli.render.prose.blocks import Math
from cgraph_cli.render.prose.explain import Teacher
from cgraph_cli.render.prose.writing import UnicodeWriting
from cgraph_cli.report.report import Report
from cgraph_cli.report.words import Description
from cgraph_cli.syntax.expression import Name, Syntax
from cgraph_cli.syntax.printer import ADDITION, TEXT, Piece, UnicodeNotation, print_expression

# Private-use characters, which no name of a user's can contain: a place for a number, and parentheses that only a
# negative number needs.
FIRST_PLACE, OPEN, CLOSE = 0xE000, "\uf8f0", "\uf8f1"
MOST_PLACES = 6000
_PLACE = re.compile(f"({OPEN}?)([\ue000-\uf7ff]){CLOSE}?")


class _Places(UnicodeNotation):
    """Places are written as numbers of unknown sign."""

    def precedence(self, part: Syntax) -> int:
        return ADDITION if isinstance(part, Name) and _PLACE.fullmatch(part.name) else super().precedence(part)

    def parenthesized(self, pieces: list[Piece]) -> list[Piece]:
        if len(pieces) == 1 and isinstance(pieces[0], str) and _PLACE.fullmatch(pieces[0]):
            return [OPEN, *pieces, CLOSE]
        return super().parenthesized(pieces)


class Words:
    """The words for all nodes of a report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.writing = UnicodeWriting(report)
        self.teacher = Teacher(report, self.writing, all=True)
        self.plain = Description(report.graph)

    def nodes(self) -> list[dict[str, Any]]:
        """One entry per node; everything in it is text or lists of text and places."""
        return [self.node(node) for node in range(len(self.report.graph))]

    def node(self, node: int) -> dict[str, Any]:
        """A node: ``label`` and ``operation`` as the page shows them, ``name`` and ``plain`` as warnings quote them."""
        graph, writing = self.report.graph, self.writing
        op = graph.ops[node]
        kind = "variable" if op is VARIABLE else "constant" if op is CONSTANT else "module" if op.is_module else "rule"
        return {
            "label": writing.label(node),
            "operation": writing.operation(node),
            "name": self.plain.labels[node],
            "plain": self.plain.operation(node),
            "function": op.name,
            "kind": kind,
            "named": node in graph.names,
            "numbers": self.numbers(node),
            "edges": [self.edge(node, position) for position in range(len(graph.edges(node)))],
        }

    def numbers(self, node: int) -> list[str | list[int]] | None:
        """A node's operation over its arguments' values: texts, and [argument, whether a minus needs parentheses]."""
        graph = self.report.graph
        arguments = graph.arguments(node)
        places = {arg: index for index, arg in enumerate(dict.fromkeys(arguments)) if not self._is_number(arg)}
        if not places or len(places) > MOST_PLACES:
            return None
        operands = [
            Name(chr(FIRST_PLACE + places[arg])) if arg in places else self.plain.operand(arg) for arg in arguments
        ]
        text = print_expression(operation_syntax(graph.ops[node], operands), _Places())
        by_place = {index: arg for arg, index in places.items()}
        parts: list[str | list[int]] = []
        last = 0
        for found in _PLACE.finditer(text):
            parts += [text[last : found.start()], [by_place[ord(found[2]) - FIRST_PLACE], int(bool(found[1]))]]
            last = found.end()
        return [part for part in [*parts, text[last:]] if part]

    def _is_number(self, node: int) -> bool:
        graph = self.report.graph
        return graph.ops[node] is CONSTANT and node not in graph.names

    def edge(self, node: int, position: int) -> dict[str, Any] | None:
        """An edge along which a gradient can flow: its rule and its local gradient, one formula for each limit."""
        graph, writing = self.report.graph, self.writing
        if not graph.edge_has_gradient(node, position):
            return None
        arg = graph.arguments(node)[position]
        limits = [] if graph.ops[node].is_module else limit_values(graph.ops[node].name, position)
        rule = [{"math": part} if isinstance(part, Math) else part for part in self.teacher.rule(node, position)]
        return {
            "symbol": writing.local_symbol(node, arg),
            "formulas": [writing.words.local(node, position), *map(writing.formula, limits)],
            "plain": [self.plain.local(node, position), *(print_expression(one, TEXT) for one in limits)],
            "rule": rule,
            "which": position + 1 if graph.arguments(node).count(arg) > 1 else 0,
        }
