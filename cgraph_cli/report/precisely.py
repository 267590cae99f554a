"""One evaluation to more digits than doubles have: both passes in mpmath, until the digits of every number are right.

A number is what was typed: 0.1 is a tenth, pi is π.
"""

from __future__ import annotations

from functools import partial
from itertools import chain, combinations_with_replacement, islice, product
from math import isfinite, isnan, nan

from cgraph_cli.engine.arithmetic import Arithmetic
from cgraph_cli.engine.hessian import matrix, second_entries, second_of
from cgraph_cli.engine.mpmath import WATCH, is_slow, precise
from cgraph_cli.engine.passes import Gradients, backward, forward, locals_of, tangents, value_of
from cgraph_cli.engine.quantities import by_rules
from cgraph_cli.engine.settled import (
    MOST_BITS,
    UNDECIDED,
    VANISHING,
    Precise,
    Settled,
    decimal,
    first_bits,
    given,
    settled,
)
from cgraph_cli.engine.truth import POWERS, Truth, directions, same
from cgraph_cli.graph.expand import expanded
from cgraph_cli.graph.express import modules_in
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph
from cgraph_cli.light import Any, Callable, Iterator, Mapping, NamedTuple, Sequence, copy
from cgraph_cli.report.conditions import Conditions
from cgraph_cli.report.findings import Finding, Found, gathered
from cgraph_cli.report.kinks import at_kinks, conventions, not_by_formula, of_kinks, without_bends
from cgraph_cli.report.nonfinite import (
    ends_in,
    moving_to,
    non_finite_directional,
    non_finite_gradients,
    non_finite_seconds,
    non_finite_values,
)
from cgraph_cli.report.report import Report
from cgraph_cli.report.sides import Sides
from cgraph_cli.report.wanted import Wanted
from cgraph_cli.report.words import Description, derivative_name
from cgraph_cli.syntax.expression import Program

OUT_OF_RANGE = "something is too large or too small for high precision"
FEW_DIGITS = 20  # of the numbers that doubles are held against
USUAL_SIZE = 1024  # bits of exponents
LEAVES = frozenset((VARIABLE, CONSTANT))
SIZING = 64  # bits in which the sizes of numbers are found
Column = list[Precise]
Matrix = dict[str, dict[str, float]]


class Numbers(NamedTuple):
    """Every number of one evaluation, ``why`` some are undecided, and the nodes that were taken for 0, ``zeros``.

    ``equals`` are the nodes that compare or step where numbers were taken for equal. ``hessian`` has the entries of
    each row one after the other.
    """

    values: Column
    passes: dict[str, Gradients]
    tangents: Column
    hessian: Column
    zeros: frozenset[int]
    equals: frozenset[int]
    why: str


class _Run:
    """Everything that is asked for, computed at the precision that is set."""

    def __init__(
        self,
        graph: Graph,
        point: Mapping[str, float],
        wanted: Wanted = Wanted(),  # noqa: B008 (a record)
        arithmetic: Callable[[], Arithmetic] = decimal,
    ) -> None:
        self.graph = graph
        self.arithmetic = arithmetic()
        self.point = point
        self.wanted = wanted
        self.zeros: frozenset[int] = frozenset()  # nodes
        self.flows: list[Gradients] = []

    def values(self) -> Sequence[Any]:
        """The values of all nodes, those of ``zeros`` being 0."""
        graph, arithmetic = self.graph, self.arithmetic
        values = forward(graph, self.point, arithmetic)
        if self.zeros:
            for node, op in enumerate(graph.ops):
                args = [values[arg] for arg in graph.arguments(node)]
                if args:
                    values[node] = arithmetic.number(0.0) if node in self.zeros else value_of(op, arithmetic)(*args)
        return values

    def __call__(self) -> list[Any]:
        graph, arithmetic, values = self.graph, self.arithmetic, self.values()
        self.flows = [backward(graph, values, node, arithmetic) for node in graph.outputs.values()]
        WATCH.lost |= any(map(self.cancels, self.flows))
        found = [*values, *chain.from_iterable((*one.upstream, *one.local, *one.downstream) for one in self.flows)]
        if self.wanted.direction is not None:
            found += tangents(graph, values, self.wanted.moving, arithmetic)
        if self.wanted.hessian:
            found += chain.from_iterable(matrix(graph, graph.output, self.point, arithmetic))
        return found

    def cancels(self, flow: Gradients) -> bool:
        """Whether what arrives at a node adds up to 0 where not all of it is."""
        arriving = {arg for arg, sent in zip(self.graph.args, flow.downstream, strict=True) if sent}
        return not all(flow.upstream[node] for node in arriving)

    def settled(self, at: Callable[[], Sequence[Any]], digits: int) -> Settled:
        """What ``at`` computes of the graph to so many digits.

        The values of all nodes have room beside each other from the first precision on where one of two that are near
        may be chosen, else up to a usual size: what is far below the others seldom matters.
        """
        import mpmath
        from mpmath import mp

        with mpmath.workprec(SIZING):
            sizes = [abs(mp.mag(one)) for one in self.values() if one and mp.isfinite(one)]
        size = max(sizes, default=0)
        chooses = any(op.is_module or op.rule.kink is not None or op.compares for op in {*self.graph.ops} - LEAVES)
        return settled(at, digits, min(size, MOST_BITS if chooses else USUAL_SIZE), size, slow=is_slow(self.graph))

    def numbers(self, digits: int) -> Numbers:
        """All numbers to so many digits."""
        graph = self.graph
        while True:
            found = self.settled(self, digits)
            new = [node for node in range(len(graph)) if found.numbers[node].state == VANISHING]
            if not new:
                break
            self.zeros = self.zeros.union(new)
        rest = iter(found.numbers)
        values = [*islice(rest, len(graph))]
        passes = {}
        for name, flow in zip(graph.outputs, self.flows, strict=True):
            upstream, local, sent = ([*islice(rest, size)] for size in (len(graph), len(graph.args), len(graph.args)))
            passes[name] = Gradients(upstream, local, sent, flow.reached, flow.sends)
        moved = [*islice(rest, len(graph) if self.wanted.direction is not None else 0)]
        why = OUT_OF_RANGE if found.left else f"up to {found.bits:,} bits no two precisions agree to {digits} digits"
        return Numbers(values, passes, moved, [*rest], self.zeros, self.equals(values, found.bits), why)

    def equals(self, values: Column, bits: int) -> frozenset[int]:
        """The nodes that compare or step where so many bits do not tell numbers apart."""
        import mpmath

        found = set()
        for node, op in enumerate(self.graph.ops):
            if op not in LEAVES and (op.compares or not op.rule.has_slope):
                with mpmath.workprec(bits), WATCH:
                    value_of(op, self.arithmetic)(*(values[arg].exact for arg in self.graph.arguments(node)))
                    if WATCH.near:
                        found.add(node)
        return frozenset(found)


def evaluate_precisely(
    program: Program, graph: Graph, values: Mapping[str, float], digits: int, wanted: Wanted
) -> Report:
    """Both passes over a graph at a point to so many digits.

    Raises TooLargeError for a matrix with more entries than the graph may have nodes.
    """
    graph.check_matrices(hessian=wanted.hessian)
    graph = _written_out(graph, values, digits)
    found = _Run(graph, values, wanted).numbers(digits)
    second: Matrix = wanted.by_names(_hessian(graph, values, found, digits)) if wanted.hessian else {}
    along, hessian = found.tangents if wanted.direction is not None else None, second if wanted.hessian else None
    words, passes = Description(graph), [*found.passes.values()]
    if isnan(found.values[graph.output]):
        words.used = dict(not_by_formula(graph, found.values, passes[-1]))
    conventional = _conventions(graph, found.values, passes, words, digits, bends=wanted.hessian)
    standing = of_kinks(conventional)
    sides: list[Found] = []
    if standing:
        judge = Sides(graph, values, standing, decimal)
        sides = [*judge.found(found.passes, wanted.moving, along, hessian)]
    not_finite = [
        *non_finite_values(program.source, graph, found.values, passes, words),
        *chain(*(non_finite_gradients(graph, found.values, one, words) for one in passes)),
    ]
    said = chain(
        _unsettled(graph, found, words, second),
        not_finite,
        _limits(graph, values, found, not_finite, digits),
        non_finite_seconds(graph, second),
        non_finite_directional(graph, found.tangents),
        without_bends(conventional, sides),
        sides,
    )
    return Report(
        program,
        graph,
        found.values,
        found.passes,
        description=words,
        hessian=hessian,
        direction={name: given(x, digits) for name, x in (wanted.direction or {}).items()} or None,
        tangents=along,
        warnings=gathered(graph, said),
        wrt=wanted.wrt,
    )


def _written_out(graph: Graph, point: Mapping[str, float], digits: int) -> Graph:
    """The graph, its modules written out where numbers inside are near or cancel: of nodes it is known which do."""
    import mpmath

    modules = [node for node, op in enumerate(graph.ops) if op.is_module]
    if not modules:
        return graph
    fresh = decimal()._replace(name="inside")  # which remembers no calls that it was not watched in
    doubtful = False
    with mpmath.workprec(first_bits(digits)):
        values = forward(graph, point, decimal())
        for node in modules:
            op, args = graph.ops[node], [values[arg] for arg in graph.arguments(node)]
            with WATCH:
                locals_of(op, fresh)(value_of(op, fresh)(*args), *args)
                doubtful |= WATCH.lost or WATCH.near
    for op in modules_in(graph):
        op.prepared.pop(fresh, None)
    return expanded(graph)[0] if doubtful else graph


def _conventions(
    graph: Graph, values: Sequence[float], passes: Sequence[Gradients], words: Description, digits: int, *, bends: bool
) -> list[Found]:
    """Points at which a convention stands in for mathematics, in numbers of so many digits."""
    import mpmath

    with mpmath.workprec(first_bits(digits)):
        return list(conventions(graph, values, passes, words, bends=bends, arithmetic=decimal()))


def _hessian(graph: Graph, point: Mapping[str, float], found: Numbers, digits: int) -> Matrix:
    """The second derivatives keyed by names: limits where all sides have one, at a kink and for what is nan."""
    names, passes = list(graph.variables), found.passes[next(reversed(graph.outputs))]
    rows = [found.hessian[start : start + len(names)] for start in range(0, len(found.hessian), len(names))]
    value = found.values[graph.output]
    if not isnan(value):
        for row, column in second_of(graph, rows, at_kinks(graph, found.values, passes.reached)):
            sides, values = zip(*_second_sides(graph, point, digits, [(row, column)]), strict=True)
            if _is_one(sides) and all(same(one, value) for one in values):
                rows[row][column] = rows[column][row] = sides[0]
        left = [at for at in product(range(len(names)), range(len(names))) if isnan(rows[at[0]][at[1]])]
        if left and len(names) > 1:
            for (row, column), sides in zip(
                left, zip(*_second_sides(graph, point, digits, left), strict=True), strict=False
            ):
                if _is_one(sides):
                    rows[row][column] = sides[0]
    for index, row_of in enumerate(rows):
        for column in range(index):
            both = (row_of[column], rows[column][index])
            row_of[column] = rows[column][index] = next((x for x in both if not isfinite(x) or x.state), both[0])
    return {name: dict(zip(names, row_of, strict=True)) for name, row_of in zip(names, rows, strict=True)}


def _limits(
    graph: Graph, point: Mapping[str, float], found: Numbers, not_finite: Sequence[Found], digits: int
) -> Iterator[Found]:
    """What values and gradients that are nan tend to, where one variable comes there; nothing of a value that jumps."""
    ends = ends_in(not_finite, graph, found.values)
    moving = moving_to(graph, ends)
    for name, output in graph.outputs.items() if len(moving) == 1 else ():
        upstream, value = found.passes[name].upstream, found.values[output]
        lost = [node for node in graph.variables.values() if isnan(upstream[node])]
        if not lost:
            continue
        asked = [(output, None), *((output, node) for node in lost)]
        value_tends_to, *limits = Truth(graph, point, decimal).limits(by_rules(graph, asked, decimal), moving)
        if value_tends_to is None or isnan(value_tends_to) or not (isnan(value) or same(value, value_tends_to)):
            continue
        known = dict(zip(asked, (value_tends_to if isnan(value) else None, *limits), strict=True))
        some = [one for one, limit in known.items() if limit and isfinite(limit)]
        sides = _sides(graph, point, digits, moving, by_rules(graph, some, decimal).at, POWERS) if some else ()
        for one, column in zip(some, zip(*sides, strict=True), strict=True):
            known[one] = column[0] if _is_one(column) and same(column[0], known[one] or nan) else None
        for (_, node), limit in known.items():
            if limit is None or isnan(limit):
                continue
            fields: dict[str, Any] = {"value": nan, "of": output, "along": "", "true_value": given(limit, digits)}
            if node is None:
                yield "limit", min(ends), {**fields, "name": f"`{name}`"}
            else:
                wrt = (graph.names[node],)
                fields |= {"name": derivative_name(name, wrt), "wrt": wrt, "arg": node}
                yield "limit gradient", min(ends), fields


def _sides(
    graph: Graph,
    point: Mapping[str, float],
    digits: int,
    moving: Sequence[str],
    numbers: Callable[[Mapping[str, Any]], Sequence[Any]],
    powers: int = 1,
) -> Iterator[list[Precise]]:
    """Numbers beside a point in several directions of some variables; differences of so many ``powers`` of a step have
    their digits."""
    run = _Run(graph, point)

    def beside(lengths: Sequence[float]) -> Sequence[Any]:
        from mpmath import mp

        step = -mp.prec
        with mp.workprec(2 * powers * mp.prec):
            at = {name: +decimal().number(x) for name, x in point.items()}
            for name, length in zip(moving, lengths, strict=True):
                at[name] += length * mp.ldexp(abs(at[name]) or 1, step)
            return numbers(at)

    for lengths in directions(len(moving)):
        found = run.settled(partial(beside, lengths), digits).numbers
        yield [one if one.state == UNDECIDED else Precise(one.exact, digits, one.bits) for one in found]


def _second_sides(
    graph: Graph, point: Mapping[str, float], digits: int, entries: Sequence[tuple[int, int]]
) -> Iterator[list[Precise]]:
    """Entries of the Hessian and then the value, beside a point in several directions of their own variables."""
    names = list(graph.variables)
    moving = [*dict.fromkeys(names[index] for index in chain.from_iterable(entries))]
    return _sides(graph, point, digits, moving, lambda at: second_entries(graph, graph.output, at, entries, decimal()))


def _is_one(sides: Sequence[Precise]) -> bool:
    """Whether numbers of all sides are one number."""
    return all(one.text == sides[0].text and one.state != UNDECIDED and not isnan(one) for one in sides)


def with_conditions(report: Report) -> Report:
    """The report with its numbers held against high precision, at the doubles that it has."""
    graph, values = report.graph, report.node_values
    point = graph.point(values)
    true = _Run(graph, point, arithmetic=precise).numbers(FEW_DIGITS)
    passes = report.passes, true.passes[report.output]
    view = copy(report)
    view.conditions = Conditions(graph, values, passes[0], true.values, passes[1])
    return view


def derivatives_precisely(
    program: Program,
    graph: Graph,
    values: Mapping[str, float],
    digits: int,
    formulas: Graph,
    nodes: Mapping[tuple[str, ...], int],
) -> tuple[dict[str, float], float, dict[tuple[str, ...], float], list[Finding]]:
    """Derivatives of any order at a point to so many digits: gradients by reverse mode, of higher orders from values.

    The values of the variables, that of the expression, the numbers of the derivatives, and what there is to say.

    ``nodes`` are those of the derivatives in the graph of all ``formulas``, of which limits on kinks are taken. Where
    values have no limit that they could be of, on a kink or beside a pole, they are those of the rules.
    """
    wanted = Wanted(wrt=list(dict.fromkeys(chain.from_iterable(nodes))))
    graph = _written_out(graph, values, digits)
    report = evaluate_precisely(program, graph, values, digits, wanted)
    bends = any(len(wrt) > 1 for wrt in nodes)
    standing = of_kinks(
        _conventions(graph, report.node_values, [report.passes], report.description, digits, bends=bends)
    )
    is_singular = bool(standing) or not isfinite(report.value)
    numbers: dict[tuple[str, ...], float] = {}
    said: list[Found] = []
    for wrt in nodes:
        if len(wrt) == 1:
            numbers[wrt] = report.gradients[wrt[0]]
            continue
        number = numbers[wrt] = _of_order(graph, values, digits, wrt, is_singular=is_singular)
        name = derivative_name(report.output, wrt)
        if number.state:
            told = {"name": name, "wrt": wrt, "arg": graph.variables[wrt[0]], "why": f"no {digits} digits are settled"}
            said.append((f"{number.state} number gradient", report.output_node, told))
        elif not isfinite(number):
            said.append(("order", report.output_node, {"name": name, "wrt": wrt, "value": number}))
    if standing:
        said += Sides(graph, values, standing, decimal).formulas(report.output, numbers, formulas, nodes)
    return report.variables, report.value, numbers, [*report.asked, *gathered(graph, said)]


def _of_order(
    graph: Graph, point: Mapping[str, float], digits: int, wrt: Sequence[str], *, is_singular: bool
) -> Precise:
    """A derivative of higher order."""
    from cgraph_cli.engine.quantities import stencil
    from cgraph_cli.symbolic.derive import Plain
    from cgraph_cli.symbolic.directional import repeated

    run = _Run(graph, point)
    quantities = stencil(graph, wrt, decimal)

    def difference() -> Sequence[Any]:
        return quantities.at({name: decimal().number(x) for name, x in point.items()})

    if not is_singular:
        found = run.settled(difference, digits).numbers[0]
        if isfinite(found.exact) and not found.state:
            return found
    derived = repeated(graph, graph.output, wrt, Plain)

    def by_rules() -> Sequence[Any]:
        return [forward(derived, point, decimal())[derived.output]]

    return run.settled(by_rules, digits).numbers[0]


def _unsettled(
    graph: Graph, found: Numbers, words: Description, second: Mapping[str, Mapping[str, Any]]
) -> Iterator[Found]:
    """The numbers that no precision settles, and those that are taken for 0, each where that begins."""
    begun = False
    for node, value in enumerate(found.values):
        name, args = f"`{words.quoted(node)}`", graph.arguments(node)
        if node in found.zeros and found.zeros.isdisjoint(args):
            yield "vanishing number", node, {"name": name}
        if node in found.equals:
            yield "equal numbers", node, {"place": words.at_point(node, found.values)}
        if value.state == UNDECIDED and not any(found.values[arg].state == UNDECIDED for arg in args):
            begun = True
            yield "undecided number", node, {"name": name, "why": found.why}
    if begun:
        return
    for output, passes in found.passes.items():
        for name, node in graph.variables.items():
            if state := passes.upstream[node].state:
                told = {"name": derivative_name(output, (name,)), "wrt": (name,), "arg": node, "why": found.why}
                yield f"{state} number gradient", node, told
    output, node = next(reversed(graph.outputs.items()))
    for row, column in combinations_with_replacement(second, 2):
        if state := second[row][column].state:
            name = derivative_name(output, (row, column))
            yield f"{state} number second", node, {"name": name, "row": row, "column": column, "why": found.why}
    for output, node in graph.outputs.items() if found.tangents else ():
        if state := found.tangents[node].state:
            yield f"{state} number directional", node, {"name": f"the derivative of `{output}`", "why": found.why}
