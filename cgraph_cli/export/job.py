"""What is exported, the same for every language, and the words that every language writes about it."""

from __future__ import annotations

from cgraph_cli.errors import UsageError, shortened
from cgraph_cli.export.straight import Straight, straightened
from cgraph_cli.graph.build import check_variables
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import TYPE_CHECKING, Any, Mapping, NamedTuple, Sequence
from cgraph_cli.symbolic.derive import GRADIENT, NAMED, VALUE, value_and_gradient
from cgraph_cli.symbolic.simplify import maker
from cgraph_cli.syntax.expression import Program
from cgraph_cli.syntax.printer import print_statement

if TYPE_CHECKING:
    from cgraph_cli.export.expected import Check
    from cgraph_cli.report.findings import Finding

MOST_LISTED = 8  # words in a comment


class Job(NamedTuple):
    """What is exported: the function's name, its variables, the derivatives wanted and the straight-line form.

    ``formula`` has one statement a line. ``point`` and ``checks`` are for a self-test. ``program`` and
    ``graph`` are what it was made from.
    """

    name: str
    output: str
    variables: list[str]
    wrt: list[str]
    straight: Straight
    formula: list[str]
    program: Program
    graph: Graph
    simplify: bool = True
    named: bool = False
    point: list[float] | None = None
    checks: Sequence[Check] = ()
    warnings: Sequence[Finding] = ()

    def unused(self) -> list[str]:
        """The variables that neither the value nor the gradient depends on."""
        uses, nodes = self.straight.uses(), self.straight.graph.variables
        return [one for one in self.variables if not uses[nodes[one]]]


def export_job(
    program: Program,
    graph: Graph,
    *,
    name: str | None = None,
    wrt: Sequence[str] | None = None,
    point: Mapping[str, float] | None = None,
    simplify: bool = True,
) -> Job:
    """What is to be written, the same for every language; ``point`` asks for a self-test there.

    Raises UnknownVariableError for a derivative with respect to a name that is no variable.
    """
    if name is not None and not (name.isascii() and name.isidentifier()):
        raise UsageError(
            f"`{shortened(name)}` is no name for a function", help="it has letters, digits and underscores: f, my_loss"
        )
    variables = list(graph.variables)
    wanted = variables if wrt is None else list(dict.fromkeys(wrt))
    check_variables(wanted, graph.variables, parts=graph.names.values())
    output = next(reversed(graph.outputs))
    derived = value_and_gradient(graph, graph.output, wanted, maker(simplify, computed=True))
    names = {
        node: key.removeprefix(NAMED)
        for key, node in derived.outputs.items()
        if key.startswith(NAMED) and key != NAMED + output
    }
    outputs = {"value": derived.outputs[VALUE]}
    outputs |= {f"d/d{one}": derived.outputs[GRADIENT + one] for one in wanted}
    straight = straightened(derived, outputs, names, variables)
    formula = [print_statement(statement) for statement in program.statements]
    if getattr(program.statements[-1], "name", None) is None:
        formula[-1] = f"{output} = {formula[-1]}"
    tested, warnings = _told(program, graph, straight, wanted, point)
    return Job(
        name or output,
        output,
        variables,
        wanted,
        straight,
        formula,
        named=name is not None,
        point=None if point is None else [point[one] for one in variables],
        checks=tested,
        warnings=warnings,
        program=program,
        graph=graph,
        simplify=simplify,
    )


def agreement(job: Job) -> str:
    """What a self-test says when it is content."""
    count = len(job.checks)
    agree = f"{count} numbers agree" if count != 1 else "1 number agrees"
    loose = [f"{check.label} only to within {check.tolerance:.1g}" for check in job.checks if check.is_loose]
    return f"{agree}, {listed(loose)}" if loose else agree


def labels(job: Job) -> list[str]:
    """What the components are called: df/dx."""
    return [f"d{job.output}/d{name}" for name in job.wrt]


def about(job: Job) -> list[str]:
    """The lines of the comment: the formula, shortened only where it would fill pages."""
    return [line if len(line) <= 4000 else f"{line[:4000]} ... ({len(line)} characters)" for line in job.formula]


def listed(words: Sequence[str]) -> str:
    """Words with commas; the middle of a long list is left out."""
    if len(words) <= MOST_LISTED:
        return ", ".join(words)
    return ", ".join([*words[:3], "...", words[-1]])


def _told(
    program: Program, graph: Graph, straight: Straight, wanted: Sequence[str], point: Mapping[str, float] | None
) -> tuple[Sequence[Check], Sequence[Finding]]:
    """The checks of a self-test, and what there is to say of them and of the numbers of the formula."""
    tested: Sequence[Check] = ()
    found: list[Any] = []
    if graph.has_small:
        from cgraph_cli.report.literals import small_literals

        found += small_literals(program.source, graph)
    if point is not None:
        from cgraph_cli.export.expected import checks, differences

        tested = checks(graph, straight, next(reversed(graph.outputs)), wanted, point)
        found += differences(graph, straight, tested, point)
    if not found:
        return tested, ()
    from cgraph_cli.report.findings import gathered

    return tested, gathered(graph, found)
