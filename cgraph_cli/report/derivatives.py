"""The result of ``cgraph diff``: derivatives as formulas, with their numbers at a point; plain data, no printing."""

from __future__ import annotations

from itertools import chain

from cgraph_cli.errors import UsageError
from cgraph_cli.graph.build import Reading, build, check_variables, variables_of
from cgraph_cli.graph.express import named_parts, program_of
from cgraph_cli.graph.graph import Builder, Graph, fold
from cgraph_cli.light import TYPE_CHECKING, Any, Collection, Mapping, NamedTuple, Sequence
from cgraph_cli.report.shown import Shown
from cgraph_cli.symbolic.derive import gradient
from cgraph_cli.symbolic.exact import Whole
from cgraph_cli.symbolic.simplify import maker
from cgraph_cli.syntax.expression import Program, Syntax
from cgraph_cli.syntax.printer import format_number

if TYPE_CHECKING:
    from cgraph_cli.report.findings import Finding

MAX_ORDER = 1000


class Derivative(NamedTuple):
    """∂ⁿoutput/∂wrt₁…∂wrtₙ: ``formula`` over the variables and named parts, ``program`` complete in itself."""

    wrt: tuple[str, ...]
    formula: Syntax
    graph: Graph
    node: int
    value: float | None

    @property
    def program(self) -> Program:
        """The derivative alone, with the named parts that it needs."""
        return program_of(self.graph, self.node)


class _Derivatives(NamedTuple):
    program: Program
    output: str
    variables: Mapping[str, float]
    value: float | None
    derivatives: list[Derivative]
    parts: list[tuple[str, Syntax]]
    warnings: list[Finding]


class Derivatives(Shown, _Derivatives):
    """All derivatives that were asked for.

    ``parts`` are named formulas that they share, in the order of evaluation; ``warnings`` are those of the evaluation
    at the point, if one was given, and of numbers that it does not confirm.
    """

    __slots__ = ()
    kind = "derivatives"


def differentiate(
    program: Program,
    wrt: Sequence[str] | None = None,
    *,
    mixed: Sequence[tuple[str, ...]] = (),
    order: int = 1,
    values: Mapping[str, float] | None = None,
    simplify: bool = True,
    variables: Collection[str] = (),
    expand: bool = False,
    replace: Mapping[str, str] | None = None,
    digits: int | None = None,
    shown: int | None = None,
) -> Derivatives:
    """The derivatives by each name of ``wrt`` (default: by every variable), ``order`` times, then those of ``mixed``.

    An entry of ``mixed`` is the names of one mixed partial derivative. Formulas are as on paper: where a rule has a
    limit at an isolated point (0^0), the formula stands without it. The number beside a formula is that formula's. A
    constant is a variable where it is named in ``wrt``, ``mixed``, ``values`` or ``variables``; a name of ``variables``
    that does not occur has the derivative 0. With ``digits`` numbers are those of the expression in high precision,
    right to so many digits; of doubles it is said where they have not the digits that are ``shown``.
    Raises UnknownVariableError for a name that does not occur, UsageError for an order below 1 or above 1000,
    TooLargeError past a tenth of max_nodes.
    """
    for times in (order, *map(len, mixed)):
        if not 1 <= times <= MAX_ORDER:
            raise UsageError(f"the order of a derivative is 1 to {MAX_ORDER}, not {times}")
    asked = [*(wrt or ()), *chain.from_iterable(mixed)]
    names = variables_of(program, {*asked, *(values or ()), *variables})
    check_variables(asked, [*names, *variables], parts=[one.name for one in program.statements if one.name is not None])
    graph = build(program, Reading(frozenset(names), None, expand, tuple((replace or {}).items())))
    wanted = list(dict.fromkeys([*((name,) * order for name in (names if wrt is None else wrt)), *mixed]))
    formulas, nodes = _formulas(graph, wanted, simplify=simplify)
    named = named_parts(formulas, nodes, taken=[*graph.names.values(), *graph.outputs])
    value, numbers, warnings = None, dict[tuple[str, ...], float](), list[Any]()
    places = dict(zip(wanted, nodes, strict=True))
    if values is not None and digits is not None:
        from cgraph_cli.report.precisely import derivatives_precisely

        found = derivatives_precisely(program, graph, values, digits, formulas, places)
        values, value, numbers, warnings = found
    elif values is not None:
        from cgraph_cli.report.confirmed import confirmed
        from cgraph_cli.report.wanted import Wanted

        asked = names if wrt is None else list(dict.fromkeys(asked))
        value, numbers, warnings = confirmed(program, graph, values, Wanted(wrt=asked, shown=shown), formulas, places)
    warnings += _of_constants(program, graph, formulas, is_at_point=values is not None)
    derivatives = [
        Derivative._make((entry, formula, formulas, node, numbers.get(entry)))
        for entry, formula, node in zip(wanted, named.outputs, nodes, strict=True)
    ]
    output = next(iter(graph.outputs))
    return Derivatives(program, output, dict(values or {}), value, derivatives, named.parts, warnings)


def _of_constants(program: Program, graph: Graph, formulas: Graph, *, is_at_point: bool) -> list[Any]:
    """What is said of constants of which doubles have fewer digits."""
    found: list[Any] = []
    if graph.has_small and not is_at_point:  # at a point the numbers are judged
        from cgraph_cli.report.literals import small_literals

        found += small_literals(program.source, graph)
    if large := next((one for one in formulas.constants.values() if type(one) is Whole), None):
        found.append(("rounded", graph.output, {"number": format_number(large)}))
    if not found:
        return []
    from cgraph_cli.report.findings import gathered

    return list(gathered(graph, found))


def _formulas(graph: Graph, wanted: Sequence[tuple[str, ...]], *, simplify: bool) -> tuple[Graph, list[int]]:
    """One graph with every derivative, and its node for each; equal parts are one node."""
    if all(len(entry) == 1 for entry in wanted):
        derived = gradient(graph, graph.output, [entry[0] for entry in wanted], maker(simplify), exact=False)
        return _merged([(derived, derived.outputs[entry[0]]) for entry in wanted])
    from cgraph_cli.symbolic.directional import repeated

    several = [repeated(graph, graph.output, entry, lambda: maker(simplify), exact=False) for entry in wanted]
    return _merged([(derived, derived.output) for derived in several])


def _merged(graphs: Sequence[tuple[Graph, int]]) -> tuple[Graph, list[int]]:
    """All graphs in one, equal nodes merged."""
    if len({id(graph) for graph, _ in graphs}) == 1:
        return graphs[0][0], [node for _, node in graphs]
    merged = Builder()
    placed: dict[int, list[int]] = {}
    for graph, _ in graphs:
        if id(graph) not in placed:
            placed[id(graph)] = fold(graph, merged.variable, merged.number, merged.once)
    return merged.graph, [placed[id(graph)][node] for graph, node in graphs]
