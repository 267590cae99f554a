"""The uncertainty of a result: how uncertain inputs make it, and each one's share of it.

To first order u² = Σ (∂f/∂x)·(∂f/∂y)·u(x)·u(y)·r(x, y) over all pairs of inputs: JCGM 100:2008 (GUM), 5.2.2.
"""

from __future__ import annotations

from itertools import chain
from math import hypot, inf, isfinite, isnan, nan

from cgraph_cli.engine.moments import Moments, moments
from cgraph_cli.engine.passes import forward, value_of
from cgraph_cli.light import Any, Iterable, Iterator, Mapping, Sequence, copy
from cgraph_cli.limits import LEAST_NORMAL
from cgraph_cli.report.budget import Budget, Input, Pair, Uncertain, uncertain
from cgraph_cli.report.findings import Found, gathered, told_point
from cgraph_cli.report.report import Report

MOST_PROBED = 1_000_000  # nodes, at each point
FAR = 0.1  # of the uncertainty: what the terms that are known may leave out
ROUNDED = 1e-9  # of the value


def with_budgets(
    report: Report,
    sigma: Mapping[str, float],
    correlation: Mapping[Pair, float] | None = None,
    *,
    elasticity: bool = False,
) -> Report:
    """The report with a budget for every output, and warnings where the terms of the next order matter.

    Raises what ``uncertain`` raises.
    """
    inputs = uncertain(sigma, correlation or {}, report.graph.variables)
    found = copy(report)
    found.uncertain = inputs
    budgets = [_budget(report, output, inputs, elasticity) for output in report.graph.outputs]
    found.budgets = budgets if any(one.inputs for one in budgets) else []
    found.warnings = [*report.warnings, *gathered(report.graph, _findings(found, found.budgets))]
    if len(found.budgets) > 1 and sigma:
        along = {output: _totals(report, output, inputs) for output in report.graph.outputs}
        found.output_correlation = {x: {y: _correlation(along[x], along[y]) for y in along} for x in along}
    return found


def _totals(report: Report, output: str, inputs: Uncertain) -> dict[int, float]:
    """How far an output goes with each of the independent standard normal variables."""
    upstream, variables = report.upstreams[output], report.graph.variables
    found: dict[int, float] = {}
    for name, row in inputs.rows.items():
        sent = _sent(upstream[variables[name]], inputs.sigma[name])
        for place, part in row.items():
            found[place] = found.get(place, 0.0) + sent * part
    return found


def _sent(slope: float, sigma: float) -> float:
    """What an input contributes; one that is certain nothing, whatever its slope."""
    return slope * sigma if sigma else 0.0


def _correlation(x: Mapping[int, float], y: Mapping[int, float]) -> float:
    """The correlation of two outputs, JCGM 100:2008, H.2.3; nan where one of them is certain."""
    sizes = hypot(*x.values()), hypot(*y.values())
    if not all(0 < size < inf for size in sizes):
        return nan
    return 1.0 if x == y else sum(x[place] / sizes[0] * (y[place] / sizes[1]) for place in x)


def _budget(report: Report, output: str, inputs: Uncertain, elasticity: bool) -> Budget:
    graph, sigma, node = report.graph, inputs.sigma, report.graph.outputs[output]
    value, upstream = report.node_values[node], report.upstreams[output]
    sent = {name: _sent(upstream[graph.variables[name]], one) for name, one in sigma.items()}
    totals = _totals(report, output, inputs)
    whole = hypot(*totals.values())
    asked = [name for name in graph.variables if name in sigma or (elasticity and name in report.differentiated)]
    rows = []
    for name in asked:
        x, slope = report.node_values[graph.variables[name]], upstream[graph.variables[name]]
        share = None
        if name in sigma and 0 < whole < inf:
            share = sent[name] / whole * sum(totals[place] / whole * one for place, one in inputs.rows[name].items())
        relative = _elasticity(x, slope, value) if elasticity else None
        rows.append(Input(name, x, sigma.get(name), slope, sent.get(name), share, relative))
    spreads = inputs.spreads()
    known = None
    if spreads and isfinite(value) and isfinite(whole):
        known = moments(graph, node, report.variables, spreads)
    elif sigma and not spreads:
        known = Moments(value, 0.0, value, 0.0)
    return Budget(output, value, whole if sigma else None, known, rows)


def _elasticity(x: float, slope: float, value: float) -> float:
    """x·slope/value, as IEEE 754 has it where the value is 0."""
    product = x * slope
    if not value:
        return product * inf
    return product / value if LEAST_NORMAL <= abs(product) < inf else x * (slope / value)


def _findings(report: Report, budgets: Iterable[Budget]) -> Iterator[Found]:
    """Where the first order is not enough, and where nobody knows."""
    for one in budgets:
        node = report.graph.outputs[one.output]
        for row in one.inputs:
            if row.elasticity is not None and not isfinite(row.elasticity) and one.value == 0:
                yield "no elasticity", node, {"name": f"`{one.output}`", "by": row.name, "value": row.elasticity}
        if one.uncertainty is None or not (isfinite(one.value) and isfinite(one.uncertainty)):
            continue
        fields: dict[str, Any] = {"name": f"`{one.output}`"}
        known = one.known
        if known is None:
            yield "order unknown", node, fields
            fields |= {"first": one.uncertainty}
        else:
            if one.spoilt:
                spoilt = {"value": one.value, "uncertainty": one.uncertainty}
                yield "spoilt", node, fields | spoilt | {"true_value": known.value, "first": known.first}
            fields |= {"value": known.value, "first": known.first}
            if isnan(known.deviation):
                yield "series fails", node, fields
            elif one.curved:
                yield "nonlinear", node, fields | {"mean": known.mean, "higher": known.deviation}
        yield from _probed(report, node, one, fields)


def _probed(report: Report, node: int, budget: Budget, fields: dict[str, Any]) -> Iterator[Found]:
    """What derivatives at the point do not see: a kink, a jump, a pole, an end of the domain within the uncertainties.

    Where both orders are 0, as of x*y*z at 0, the value is to stay as all inputs move, each by its own part.
    One uncertainty to both sides, (f₊ - f₋)/2 is to be the slope along it, and the sum of all (f₊ + f₋)/2 - f is to be
    the shift of the mean, up to terms of the next order; at two uncertainties the value is to be finite.
    """
    graph, value, known = report.graph, budget.value, budget.known
    spreads = report.uncertain.spreads() if report.uncertain else []
    if known is not None and known.first == known.deviation == 0 and spreads:
        moved = dict.fromkeys(chain.from_iterable(spreads), 0.0)
        for index, spread in enumerate(spreads):
            for name, length in spread.items():
                moved[name] += length * (1 - 0.5 * index / len(spreads))
        if any(abs(_moved(report, moved, far)[node] - value) > ROUNDED * abs(value) for far in (1.0, -1.0)):
            yield "bent further", node, fields
            return
    smooth = all(not (op.is_module or op.rule.kink or op.rule.domain) for op in graph.ops)
    if smooth and not budget.curved:
        return
    if len(spreads) * len(graph) > MOST_PROBED:
        yield "order unknown", node, {"name": fields["name"]}
        return
    upstream, variables = report.upstreams[budget.output], graph.variables
    shift, uneven = 0.0, []
    for spread in spreads:
        near = [_moved(report, spread, far)[node] for far in (1.0, -1.0)]
        for far in (2.0, -2.0):
            there, point = _moved(report, spread, far), tuple(told_point(_point(report, spread, far).items()))
            place = {"name": fields["name"], "point": point}
            if not isfinite(there[node]):
                yield "beyond", node, {**place, "beyond": there[node]}
                return
            if _crosses_pole(report, there):
                yield "beyond a pole", node, place
                return
        uneven.append((near[0] - near[1]) / 2 - sum(upstream[variables[name]] * one for name, one in spread.items()))
        shift += (near[0] + near[1]) / 2 - value
    if known is None or isnan(known.deviation):
        return
    fields = fields | {"first": known.deviation if budget.curved else known.first}
    allowed = FAR * max(known.first, known.deviation) + ROUNDED * abs(value)
    if any(abs(one) > allowed for one in (*uneven, shift - (known.mean - known.value))):
        yield "bent further", node, fields


def _crosses_pole(report: Report, moved: Sequence[float]) -> bool:
    """Whether an argument of a function that has a pole where that is 0 has other signs at the two points."""
    graph, values = report.graph, report.node_values
    for node, op in enumerate(graph.ops):
        arguments = graph.arguments(node)
        for position, arg in enumerate(arguments if op.rule.domain else ()):
            at = [values[one] for one in arguments]
            at[position] = 0.0
            if values[arg] * moved[arg] < 0 and not isfinite(value_of(op)(*at)):
                return True
    return False


def _moved(report: Report, spread: Mapping[str, float], far: float) -> Sequence[float]:
    """The values of all nodes so many uncertainties away."""
    return forward(report.graph, report.variables | _point(report, spread, far))


def _point(report: Report, spread: Mapping[str, float], far: float) -> dict[str, float]:
    return {name: report.variables[name] + far * one for name, one in spread.items()}
