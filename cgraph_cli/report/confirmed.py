"""The numbers of derivatives at a point, each held against another way to compute it; high precision decides."""

from __future__ import annotations

from itertools import chain
from math import isfinite, isnan, nan

from cgraph_cli.engine.bounded import bounded
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.engine.quantities import Quantities, by_rules, stencil
from cgraph_cli.engine.truth import Truth, both, same
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Any, Collection, Iterator, Mapping, NamedTuple, Sequence
from cgraph_cli.report.digits import is_wrong, told_digits
from cgraph_cli.report.evaluate import MOST_REWRITTEN, evaluate_graph, with_rewrite
from cgraph_cli.report.findings import Finding, Found, gathered
from cgraph_cli.report.kinks import conventions, of_kinks
from cgraph_cli.report.report import Report
from cgraph_cli.report.sides import Sides
from cgraph_cli.report.wanted import Wanted
from cgraph_cli.report.words import derivative_name
from cgraph_cli.symbolic.directional import repeated
from cgraph_cli.symbolic.simplify import Simplifier
from cgraph_cli.syntax.expression import Program


def confirmed(
    program: Program,
    graph: Graph,
    values: Mapping[str, float],
    wanted: Wanted,
    formulas: Graph,
    nodes: Mapping[tuple[str, ...], int],
) -> tuple[float, dict[tuple[str, ...], float], list[Finding]]:
    """The value, the number of every derivative, and what there is to say of the evaluation that is ``wanted`` and of
    these numbers.

    ``nodes`` are the nodes of the derivatives in the graph of all ``formulas``.
    """
    at_point = forward(formulas, values)
    numbers = {entry: at_point[node] for entry, node in nodes.items()}
    report = evaluate_graph(program, graph, values, wanted, shows_gradients=False)
    bounds = forward(formulas, values, bounded())
    overflows = not all(map(isfinite, at_point))  # then an unbounded error is not one of rounding
    lost = {
        entry
        for entry, node in nodes.items()
        if not bounds[node].loss <= wanted.doubt and (isfinite(bounds[node].error) or not overflows)
    }
    bends = any(len(wrt) > 1 for wrt in numbers)
    standing = of_kinks(conventions(graph, report.node_values, [report.passes], report.description, bends=bends))
    found = list(_differences(report, values, numbers, lost, wanted.part, overflows=overflows, bent=bool(standing)))
    if len(graph) <= MOST_REWRITTEN and any(kind == "cancelled order" for kind, _, _ in found):
        found = list(_with_rewrite(found, graph, values, wanted.part))
    names = {fields.get("name") for _, _, fields in found}
    if standing:
        on_kinks = _on_kinks(report, standing, numbers, formulas, nodes)
        found += [one for one in on_kinks if one[2].get("name") not in names]
    told = any(kind == "rewrite" for kind, _, _ in found)
    before = [one for one in report.asked if not (told and one.kind == "rewrite")]
    return report.value, numbers, [*before, *gathered(graph, found)]


def _on_kinks(
    report: Report,
    standing: Sequence[Found],
    numbers: Mapping[tuple[str, ...], float],
    formulas: Graph,
    nodes: Mapping[tuple[str, ...], int],
) -> Iterator[Found]:
    """What there is to say of derivatives where functions, or for those of higher order their gradients, have kinks."""
    judge = Sides(report.graph, report.variables, standing)
    yield from judge.gradients(report.output, {wrt[0]: one for wrt, one in numbers.items() if len(wrt) == 1})
    yield from judge.formulas(report.output, numbers, formulas, nodes)


def _with_rewrite(found: Sequence[Found], graph: Graph, values: Mapping[str, float], part: float) -> Iterator[Found]:
    """What is said of derivatives, with a form of the expression whose derivatives keep their digits, if known."""
    from cgraph_cli.report.rewritten import stable_at

    stable = stable_at(graph, values)

    def is_kept(fields: Mapping[str, Any]) -> bool:
        derived = repeated(stable.graph, stable.graph.output, fields["wrt"], Simplifier)
        return not is_wrong(forward(derived, values)[derived.output], fields["true_value"], part)

    better = stable.changes and all(is_kept(fields) for kind, _, fields in found if kind == "cancelled order")
    return with_rewrite(found, graph.output, stable) if better else iter(found)


def _differences(
    report: Report,
    values: Mapping[str, float],
    numbers: Mapping[tuple[str, ...], float],
    lost: Collection[tuple[str, ...]],
    part: float,
    *,
    overflows: bool,
    bent: bool,
) -> Iterator[Found]:
    """The formulas whose number is not the one of reverse mode, and of higher orders those whose number is wrong.

    Reverse mode runs over the expression as written, or over its derivative of the order before; which is right is
    decided in high precision. So is a number that both have, where something ``overflows`` in a formula, 1/inf is 0,
    and where it may have ``lost`` its digits: an error of more than a ``part`` of it. Where a function or its local
    gradient is ``bent``, derivatives of higher order are limits.
    """
    truth = Truth(report.graph, values)
    overflowed = any(found.code == "overflow" for found in report.asked)
    kinked = any(found.code == "kink" for found in report.asked)
    jumping = {found.fields.get("wrt") for found in report.asked if found.code == "jump"}
    value = truth.values(by_rules(report.graph, [(report.output_node, None)])) if isnan(report.value) else [0.0]
    undefined = value[0] is not None and isnan(value[0])
    for derivatives in _another_way(report, values, numbers, undefined=undefined):
        doubtful = [
            one for one in derivatives if overflows or one[0] in lost or not (isfinite(one[1]) and same(one[1], one[2]))
        ]
        on_kink = bent if any(len(wrt) > 1 for wrt, _, _ in doubtful) else kinked
        exact = _exact(truth, [wrt for wrt, _, _ in doubtful], kinked=on_kink)
        for (wrt, number, written), (true, is_limit) in zip(doubtful, exact, strict=True):
            jumps = wrt in jumping
            if is_limit and jumps:
                true = nan  # slopes on the way to a jump
            is_limit &= not (on_kink and isfinite(number))
            one = Compared(wrt, number, written, true, is_limit, jumps)
            along = "" if len(report.graph.variables) == 1 else f" along `{wrt[-1]}`"
            how = f"its limit{along} is" if is_limit else "in high precision it is"
            name = derivative_name(report.output, wrt)
            fields = {"name": name, "wrt": wrt, "value": number, "true_value": true, "how": how, "along": along}
            kind: str | None
            if wrt in lost and isfinite(number) and not (true is None or isnan(true)) and is_wrong(number, true, part):
                kind, fields = "cancelled order", {**fields, **told_digits(name, number, true)}
            elif len(wrt) == 1:
                kind, more = _of_first_order(one, truth, report.output_node, overflowed=overflowed)
                fields |= {**more, "arg": report.graph.variables[wrt[0]]}
            else:
                kind, more = _of_higher_order(one, undefined=undefined)
                fields |= more
            if kind is not None:
                yield kind, report.output_node, fields


class Compared(NamedTuple):
    """A derivative: its formula's number, that of another way, and the true one, None if undecided, maybe a limit."""

    wrt: tuple[str, ...]
    number: float
    written: float
    true: float | None
    is_limit: bool
    jumps: bool

    @property
    def is_other(self) -> bool:
        """Whether the true number is another."""
        return self.true is not None and not isnan(self.true) and not same(self.number, self.true)

    @property
    def agrees(self) -> bool:
        """Whether both ways have one number; where a nan comes from is said elsewhere."""
        return same(self.number, self.written) or (isnan(self.number) and isnan(self.written))


def _of_first_order(
    one: Compared, truth: Truth, output: int, *, overflowed: bool
) -> tuple[str | None, Mapping[str, Any]]:
    """The kind of what there is to say of a gradient, and its fields."""
    if one.is_other and one.agrees and not isfinite(one.number):  # as an evaluation says it
        kind = "limit" if one.is_limit else "too large for doubles" if overflowed else "indeterminate in doubles"
        return f"{kind} gradient", {}
    if one.jumps and isnan(one.number):
        return None, {}  # as an evaluation says it
    if isnan(one.number) and (sides := _apart(truth, one.wrt[0], output)):
        return "nan on a kink", sides
    if one.is_other or not one.agrees:
        return _verdict(one.number, one.written, one.true), {"left": one.number, "right": one.written}
    return None, {}


def _of_higher_order(one: Compared, *, undefined: bool) -> tuple[str | None, Mapping[str, Any]]:
    """The same of a derivative of higher order, whose value may be ``undefined``."""
    ways = {"left": one.number, "right": one.written}
    if undefined:
        return (None, {}) if one.agrees else (_verdict(one.number, one.written, nan), {"true_value": nan, **ways})
    if one.is_other or not isfinite(one.number):
        return "order" if not one.is_other else "order wrong" if isfinite(one.number) else "order lost", {}
    if one.true is None and not one.agrees:
        return "order undecided", {"right": one.written}
    return None, {}


def _apart(truth: Truth, name: str, output: int) -> dict[str, Any]:
    """The slopes of an output along a variable on both sides, where they are two."""
    slopes = both(truth.slopes({name: 1.0}, output))
    return {} if slopes is None or same(*slopes) else dict(zip(("left", "right"), slopes, strict=True))


def _another_way(
    report: Report, values: Mapping[str, float], numbers: Mapping[tuple[str, ...], float], *, undefined: bool
) -> Iterator[list[tuple[tuple[str, ...], float, float]]]:
    """Derivatives with their numbers and those of reverse mode over the graph, or over the derivative before.

    Where the value is ``undefined`` that of higher orders is nan.
    """
    yield [(wrt, numbers[wrt], report.gradients[wrt[0]]) for wrt in numbers if len(wrt) == 1]
    for wrt, number in numbers.items():
        *before, last = wrt
        if before and undefined:
            yield [(wrt, number, nan)]
        elif before:
            graph = repeated(report.graph, report.output_node, before, Simplifier)
            upstream = backward(graph, forward(graph, values), graph.output).upstream
            if last in graph.variables:
                yield [(wrt, number, upstream[graph.variables[last]])]


def _exact(truth: Truth, wanted: Sequence[tuple[str, ...]], *, kinked: bool) -> list[tuple[float | None, bool]]:
    """The derivatives of a graph, all of order 1 or all of higher ones, in high precision from the graph as written,
    and whether they are limits.

    The constants of a derived graph are rounded, which order after order of cancellation makes large. Where a number is
    not finite, and everywhere where a function has a kink, it is the limit along the last variable.
    """
    graph = truth.graph

    def quantities(some: Sequence[tuple[str, ...]]) -> Quantities:
        if len(some[0]) > 1:
            return stencil(graph, some[0])
        return by_rules(graph, [(graph.output, graph.variables[name]) for (name,) in some])

    found: list[float | None] = [nan] * len(wanted)
    if not kinked and wanted:  # one pass has all of order 1
        groups = [wanted] if len(wanted[0]) == 1 else [[wrt] for wrt in wanted]
        found = [*chain.from_iterable(truth.values(quantities(group)) for group in groups)]
    return [
        (number, False) if number is None or isfinite(number) else (truth.limits(quantities([wrt]), [wrt[-1]])[0], True)
        for number, wrt in zip(found, wanted, strict=True)
    ]


def _verdict(formula: float, written: float, true: float | None) -> str:
    if true is None:
        return "undecided"
    if isnan(true):
        return "no derivative"
    return "formula right" if same(formula, true) else "written right" if same(written, true) else "neither right"
