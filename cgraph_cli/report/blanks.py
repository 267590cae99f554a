"""A report for a student: numbers that are to be found are not in it, so that no renderer can give one away.

Without the values all that is made of them is left out too: a local gradient that is one (∂f/∂z = v1), what is sent
through it, and what arrives from there; which branch a choice takes is no number and stays. Of the other parts each is
left out alone: one is there to check another by.
"""

from __future__ import annotations

from itertools import chain
from math import isnan

from cgraph_cli.engine.passes import Gradients
from cgraph_cli.errors import UsageError
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph
from cgraph_cli.light import Callable, Collection, Sequence, copy
from cgraph_cli.report.chains import Chain
from cgraph_cli.report.report import Explanation, Report
from cgraph_cli.report.words import Description
from cgraph_cli.syntax.expression import Name, Program, fold

PARTS = ("value", "upstream", "local", "downstream")


class Blank(float):
    """A number that is left out: it is written ``____``, and computing with it gives another one."""

    __slots__ = ()

    def __new__(cls) -> Blank:
        return super().__new__(cls, "nan")

    def __reduce__(self) -> tuple[type[Blank], tuple[()]]:
        return Blank, ()

    def __repr__(self) -> str:
        return "____"

    __str__ = __repr__

    def __abs__(self) -> Blank:
        return self

    def __neg__(self) -> Blank:
        return self

    def __add__(self, other: float) -> Blank:
        return self

    __mul__ = __rmul__ = __add__


BLANK = Blank()


def without_point(program: Program, graph: Graph) -> Report:
    """A report of a graph whose variables have no values: no number is known, every edge sends what it can."""
    edges = len(graph.args)
    sends = bytearray(graph.by_edge(graph.edge_has_gradient, False))
    passes = Gradients([BLANK] * len(graph), [BLANK] * edges, [BLANK] * edges, bytearray(b"\1" * len(graph)), sends)
    known = dict.fromkeys(graph.outputs, passes)
    return Report(program, graph, [BLANK] * len(graph), known, description=Description(graph), warnings=[])


def is_known_nan(value: float) -> bool:
    """Whether a number is a nan and no blank."""
    return isnan(value) and not isinstance(value, Blank)


def has_blanks(report: Report) -> bool:
    """Whether numbers of a report are left out."""
    passes = report.passes
    numbers = chain(report.node_values, *report.upstreams.values(), passes.local, passes.downstream)
    return any(isinstance(one, Blank) for one in numbers)


def blanked(result: Report | Explanation, parts: Collection[str]) -> Report | Explanation:
    """The same with blanks for some of PARTS; given are the variables, the constants and the seed.

    Warnings, which speak of numbers, are left out. Raises UsageError for what is none of PARTS, and for a report with
    second derivatives, a direction or budgets, which have numbers of their own.
    """
    if isinstance(result, Explanation):
        return Explanation(_student(result.report, parts), result.forward, result.backward)
    return _student(result, parts)


def check_parts(parts: Collection[str]) -> None:
    """Raise UsageError for what is none of PARTS."""
    for part in parts:
        if part not in PARTS:
            raise UsageError(f"--blank does not know `{part}`", help=f"it takes some of: {','.join(PARTS)}")


def _student(result: Report, parts: Collection[str]) -> Report:
    check_parts(parts)
    if result.hessian is not None or result.direction is not None or result.budgets or result.conditions:
        others = "--hessian or --direction or --sigma or --condition"
        raise UsageError(f"--blank leaves out values and gradients, not {others}")
    student = copy(result)
    for name in ("variables", "gradients", "jacobian"):  # made of the numbers on first use
        student.__dict__.pop(name, None)
    student.warnings = []
    graph = result.graph
    passes, upstreams = result.passes, result.upstreams
    to_find = {node for node, op in enumerate(graph.ops) if op not in (VARIABLE, CONSTANT) and "value" in parts}
    local = _made_of(result, to_find)
    student.node_values = _without(result.node_values, to_find.__contains__)
    sent = {output: _passed_on(graph, node, local) for output, node in graph.outputs.items()}
    student.upstreams = {
        output: _without(
            upstream,
            lambda node, own=graph.outputs[output], made=sent[output][0]: (  # type: ignore[misc]
                made[node] or ("upstream" in parts and node != own)
            ),
        )
        for output, upstream in upstreams.items()
    }
    through = sent[result.output][1]
    student.passes = passes._replace(
        upstream=[*student.upstreams[result.output]],
        local=_without(passes.local, lambda edge: "local" in parts or local[edge]),
        downstream=_without(passes.downstream, lambda edge: "downstream" in parts or through[edge]),
    )
    view = result.folded()
    if view is not result:
        student.show_folded(_student(view, parts))
    return student


def _made_of(report: Report, nodes: Collection[int]) -> list[bool]:
    """Of each edge whether the value of one of the nodes is in the formula of its local gradient."""
    graph, words = report.graph, report.description
    names = {words.labels[node] for node in nodes}

    def is_made(node: int, position: int) -> bool:
        op, arguments = graph.ops[node], graph.arguments(node)
        if isinstance(op, Chain) and op.is_product:  # its formula may have dots in the place of some
            return any(arg in nodes for index, arg in enumerate(arguments) if index != position)
        formula = words.local_syntax(node, position) if names else None
        if formula is None:
            return False
        return fold(formula, lambda leaf: isinstance(leaf, Name) and leaf.name in names, lambda _, inside: any(inside))

    return graph.by_edge(is_made, False)


def _passed_on(graph: Graph, output: int, local: Sequence[bool]) -> tuple[list[bool], list[bool]]:
    """Of each node whether its upstream gradient is made of such local gradients, of each edge what it sends."""
    reached, upstream, downstream = [False] * len(graph), [False] * len(graph), [False] * len(local)
    reached[output] = True
    for node in range(output, -1, -1):
        for position, edge in enumerate(graph.edges(node)):
            if reached[node] and graph.edge_has_gradient(node, position):
                arg = graph.args[edge]
                downstream[edge] = upstream[node] or local[edge]
                reached[arg] = True
                upstream[arg] |= downstream[edge]
    return upstream, downstream


def _without(numbers: Sequence[float], wanted: Callable[[int], bool]) -> list[float]:
    return [BLANK if wanted(index) else number for index, number in enumerate(numbers)]
