"""What a picture of a graph does not draw: constants that stand in an operation, and the middle of a long sum."""

from __future__ import annotations

from cgraph_cli.light import AbstractSet, Collection, Iterator, NamedTuple, Sequence
from cgraph_cli.report.blanks import has_blanks
from cgraph_cli.report.chains import MANY_TERMS, Chain
from cgraph_cli.report.report import Report

MOST_WRITTEN = 4  # arguments of an operation that is written with its constants
MOST_DRAWN = 20  # arguments; of more the first and the last are drawn, as many as a formula shows


class Undrawn(NamedTuple):
    """The nodes that are not drawn: constants written in the operation that uses them, and what is left out."""

    written: AbstractSet[int] = frozenset()
    left_out: AbstractSet[int] = frozenset()

    def has(self, node: int) -> bool:
        """Whether a node is one of them."""
        return node in self.written or node in self.left_out


WHOLE = Undrawn()  # nothing is left out


def undrawn(report: Report, draw: Collection[str] = ()) -> Undrawn:
    """What is written in other nodes and, unless ``all`` is drawn, what only the middle of a long sum depends on.

    What depends on a node with a warning stays.
    """
    graph, written = report.graph, _operands(report)
    drawn = {} if "all" in draw else dict(_ends(report))
    if not drawn:
        return Undrawn(written)
    warned = {node for node, mark in marked(report).items() if mark == "marked"}
    for node in range(len(graph)):
        if not warned.isdisjoint(graph.arguments(node)):
            warned.add(node)
    used: set[int] = set()
    seen = warned.union(graph.outputs.values())
    for node in reversed(range(len(graph))):
        arguments = graph.arguments(node)
        if node in seen or node not in used:
            seen.add(node)
            seen.update(arguments[position] for position in drawn.get(node, range(len(arguments))))
        used.update(arguments)
    return Undrawn(written, {node for node in range(len(graph)) if node not in seen} - written)


def _ends(report: Report) -> Iterator[tuple[int, Sequence[int]]]:
    """The operations of too many arguments to draw, each with the positions of the first and the last."""
    for node, op in enumerate(report.graph.ops):
        if isinstance(op, Chain) or op.rule.many:
            count = len(report.graph.edges(node))
            if count > MOST_DRAWN:
                yield node, [*range(MANY_TERMS), count - 1]


def _operands(report: Report) -> set[int]:
    """The constants that stand in the operation that uses them (``+1``) and not as a node of their own.

    Those that an operation of many arguments uses stay nodes.
    """
    graph, found = report.graph, report.operands
    if found:
        for node, op in enumerate(graph.ops):
            among = [*graph.arguments(node)]
            if isinstance(op, Chain):
                among = [arg for arg in among if arg in graph.constants]
            if len(among) > MOST_WRITTEN:
                found.difference_update(among)
    return found


def marked(report: Report) -> dict[int, str]:
    """The nodes that a warning is about, ``marked``, and others that pass on what is not finite, ``passing``."""
    warned = dict.fromkeys((one.node for one in report.warnings if one.word != "note"), "marked")
    if has_blanks(report):
        return warned
    return dict.fromkeys((node for node in report.not_finite if report.passes.reached[node]), "passing") | warned
