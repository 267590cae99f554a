"""One evaluation: both passes over a graph at a point, and everything that can be said of the result."""

from __future__ import annotations

from itertools import chain
from math import isnan

from cgraph_cli.engine.floats import FLOAT, all_finite, on_kinks
from cgraph_cli.engine.passes import Gradients, backward, forward, tangents
from cgraph_cli.engine.rounding import well_conditioned
from cgraph_cli.graph.build import AS_WRITTEN, Reading, build, check_values, check_variables
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import (
    TYPE_CHECKING,
    Any,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    MutableSequence,
    NamedTuple,
    Sequence,
)
from cgraph_cli.report.findings import Found, gathered
from cgraph_cli.report.kinks import REFUSED, conventions, not_by_formula, of_kinks, without_bends
from cgraph_cli.report.report import Report
from cgraph_cli.report.wanted import Wanted
from cgraph_cli.report.words import Description
from cgraph_cli.rules import CONSTANTS
from cgraph_cli.syntax.expression import Program

if TYPE_CHECKING:
    from cgraph_cli.report.rewritten import Tried

APPROACHED = ("jump", "no limit", "along curves")
KEPT = "its numbers keep their digits"
MOST_REWRITTEN = 400  # nodes; the search for a rewrite tries many


def _lost_digits(
    numbers: _Numbers, words: Description, wanted: Wanted, not_finite: Sequence[Found], *, gradients: bool
) -> Iterator[Found]:
    """The numbers that rounding has spoilt, or the range of doubles; looked for only where they can have."""
    graph, values, passes, hessian, moving, along = numbers
    outputs = [(graph.outputs[name], found) for name, found in passes.items()]
    well = not not_finite and well_conditioned(graph, values, outputs, wanted.doubt)
    if well and hessian is None and along is None:
        return
    from cgraph_cli.report.digits import Judge

    judge = Judge(graph, values, words, wanted)
    if not well:
        yield from judge.found(passes, gradients=gradients, not_finite=not_finite)
    if hessian is not None:
        yield from judge.second(hessian)
    if along is not None:
        yield from judge.directional(moving, along)


def with_rewrite(found: Iterable[Found], output: int, stable: Tried, kept: str | None = KEPT) -> Iterator[Found]:
    """What is wrong, with the form of the expression in which it is not; ``kept`` is what is said of its digits."""
    from cgraph_cli.graph.express import program_as_written

    text = program_as_written(stable.graph).source
    for kind, node, fields in found:
        yield kind, node, fields | {"rewrite": text}
    if kept:
        conditions = ", ".join(dict.fromkeys(one.when for one in stable.changes if one.when))
        where = f" (for {conditions})" if conditions else ""
        yield "rewrite", output, {"rewrite": text, "kept": kept, "where": where}


def _with_rewrite(found: list[Found], graph: Graph, point: Mapping[str, float], right: int) -> list[Found]:
    """What is wrong, with a rewrite where one is known; a number needs so many ``right`` digits."""
    if not found or len(graph) > MOST_REWRITTEN:
        return found
    from cgraph_cli.report.rewritten import stable_at

    stable = stable_at(graph, point)
    if not stable.changes:
        return found
    digits = int(min((one for one in stable.found.digits if one is not None), default=0))
    kept = KEPT if digits >= right else f"at least {digits} digits are right" if digits else None
    return list(with_rewrite(found, graph.output, stable, kept))


class _Numbers(NamedTuple):
    """The numbers of a result, of which wrong ones can be replaced; ``moving`` is the direction of the tangents."""

    graph: Graph
    values: MutableSequence[float]
    passes: Mapping[str, Gradients]
    hessian: dict[str, dict[str, float]] | None
    moving: Mapping[str, float]
    tangents: MutableSequence[float] | None

    def are_finite(self) -> bool:
        """Whether every value, every local gradient and every gradient is finite."""
        passes = self.passes.values()
        return all_finite(self.values) and all(all_finite(one.local) and all_finite(one.upstream) for one in passes)

    def not_finite(self) -> Iterator[Found]:
        """The numbers that no node has and that are not finite."""
        if self.hessian is not None or self.tangents is not None:
            from cgraph_cli.report.nonfinite import non_finite_directional, non_finite_seconds

            if not isnan(self.values[self.graph.output]):  # then it is said that all derivatives are nan
                yield from non_finite_seconds(self.graph, self.hessian or {})
            yield from non_finite_directional(self.graph, self.tangents or ())

    def corrected(self, found: Found) -> Found:
        """What is said of a number that has its true value now."""
        kind, node, fields = found
        if "true_value" not in fields:
            return found
        of, true = fields["of"], fields["true_value"]
        if "row" in fields and self.hessian is not None:
            for row, column in ((fields["row"], fields["column"]), (fields["column"], fields["row"])):
                self.hessian[row][column] = true
        elif "arg" in fields:
            (output,) = [name for name, node in self.graph.outputs.items() if node == of]
            self.passes[output].upstream[fields["arg"]] = true
        elif kind.endswith("directional") and self.tangents is not None:
            self.tangents[of] = true
        else:
            self.values[of] = true
        return "true limit" if kind.startswith("limit") else "true value", node, fields


def _said(source: str, numbers: _Numbers, words: Description, wanted: Wanted, *, gradients: bool) -> Iterator[Found]:
    """What there is to say of a result: where numbers stop being finite, lose their digits, or are a convention."""
    graph, values, passes = numbers.graph, numbers.values, numbers.passes
    not_finite: list[Found] = []
    if not (finite := numbers.are_finite()):
        from cgraph_cli.report.nonfinite import absorbed, non_finite_gradients, non_finite_values, not_taken

        not_finite = [
            *non_finite_values(source, graph, values, list(passes.values()), words),
            *chain(*(non_finite_gradients(graph, values, one, words) for one in passes.values())),
        ]
    kink = wanted.kink
    conventional = list(conventions(graph, values, passes.values(), words, kink, bends=wanted.hessian))
    standing = of_kinks(conventional) if gradients else []
    kinks = [node for kind, node, _ in standing if not kind.startswith("bend")]
    judged = numbers
    if kink is not None and kinks:  # high precision knows the conventions of rows only
        judged, gradients = numbers._replace(hessian=None, tangents=None), False
    lost = list(_lost_digits(judged, words, wanted, not_finite, gradients=gradients))
    if not_finite and not any(numbers.not_finite()):
        not_finite = list(absorbed(not_finite, graph, values, passes, lost))
    sides: list[Found] = []
    if standing:
        from cgraph_cli.report.sides import Sides, refuse_kinks

        judge = Sides(graph, graph.point(values), standing)
        sides = list(judge.found(passes, numbers.moving, numbers.tangents, numbers.hessian))
        off = {fields["name"] for kind, _, fields in sides if kind.startswith("off a kink")}
        lost = [one for one in lost if one[2]["name"] not in off]
    told = {fields["name"] for _, _, fields in lost}
    jumps = [one for one in lost if one[0] in APPROACHED]
    jumping = {fields["of"] for _, _, fields in jumps}
    sides = [one for one in sides if one[2]["name"] not in told and one[2]["of"] not in jumping]
    conventional = without_bends(conventional, sides)
    if kink is not None and standing:
        refuse_kinks(source, graph, kink, conventional, sides)
    if wanted.true:
        lost, sides = list(map(numbers.corrected, lost)), list(map(numbers.corrected, sides))
    yield from not_finite
    if graph.has_small:
        from cgraph_cli.report.literals import small_literals

        yield from small_literals(source, graph)
    yield from jumps
    lost = [one for one in lost if one[0] not in APPROACHED]
    yield from _with_rewrite(lost, graph, graph.point(values), wanted.right)
    yield from (one for one in numbers.not_finite() if one[2]["name"] not in told)
    yield from conventional
    yield from sides
    if not finite:
        yield from not_taken(graph, values, words)


def evaluate_graph(
    program: Program,
    graph: Graph,
    values: Mapping[str, float],
    wanted: Wanted = Wanted(),  # noqa: B008 (a record)
    *,
    shows_gradients: bool = True,
) -> Report:
    """Both passes over a graph at a point, in doubles, and everything that can be said of the result.

    Nothing is said of the digits of gradients that are shown to nobody.
    Raises KinkError where a kink is refused, TooLargeError for a matrix of more entries than the graph may have nodes.
    """
    graph.check_matrices(hessian=wanted.hessian)
    arithmetic = FLOAT if wanted.kink in (None, REFUSED) else on_kinks(wanted.kink)
    node_values = forward(graph, values, arithmetic)
    passes = {name: backward(graph, node_values, node, arithmetic) for name, node in graph.outputs.items()}
    moving = wanted.moving
    along = None if wanted.direction is None else tangents(graph, node_values, moving, arithmetic)
    second = None
    if wanted.hessian:
        from cgraph_cli.engine.hessian import hessian

        second = wanted.by_names(hessian(graph, graph.output, values, arithmetic))
    words, numbers = Description(graph), _Numbers(graph, node_values, passes, second, moving, along)
    if arithmetic is not FLOAT or isnan(node_values[graph.output]):
        words.used = dict(not_by_formula(graph, node_values, passes[next(reversed(passes))]))
    found = _said(program.source, numbers, words, wanted, gradients=shows_gradients)
    return Report(
        program,
        graph,
        node_values,
        passes,
        description=words,
        hessian=second,
        direction=None if wanted.direction is None else dict(wanted.direction),
        tangents=along,
        warnings=gathered(graph, found),
        wrt=wanted.wrt,
    )


def evaluate_program(
    program: Program,
    point: Mapping[str, float],
    reading: Reading = AS_WRITTEN,
    graph_of: Callable[[Reading], Graph] | None = None,
    *,
    form: str = "--{} VALUE",
    **options: Any,
) -> Report:
    """The report of a program at a point that has a value for every variable and for no other name.

    A constant that the point, the direction or ``wrt`` names is a variable. ``graph_of`` has the graph of a reading,
    ``form`` is how values are given, the options are those of ``Wanted``.
    """
    wanted = Wanted(**options)
    wanted = wanted._replace(direction=wanted.direction or None)
    # The expression itself is checked before the values: a wrong call matters more than a missing value.
    given = frozenset(name for name in CONSTANTS if name in point and name in program.names())
    asked = reading.variables.union(wanted.direction or (), wanted.wrt)
    reading = reading._replace(variables=asked | given)
    graph = build(program, reading) if graph_of is None else graph_of(reading)
    if len(point) != len(graph.variables) or not all(map(point.__contains__, graph.variables)):
        check_values(program, point, asked, form)
    check_variables(wanted.direction or (), graph.variables, "for the direction")
    check_variables(wanted.wrt, graph.variables, parts=graph.names.values())
    if wanted.digits is None:
        return evaluate_graph(program, graph, point, wanted)
    from cgraph_cli.report.precisely import evaluate_precisely

    return evaluate_precisely(program, graph, point, wanted.digits, wanted)
