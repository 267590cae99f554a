"""The uncertainty of a result: how uncertain inputs make it, and each one's share of it.

To first order u² = Σ (∂f/∂x)·(∂f/∂y)·u(x)·u(y)·r(x, y) over all pairs of inputs: JCGM 100:2008 (GUM), 5.2.2.
"""

from __future__ import annotations

from math import hypot, inf, isfinite, isnan

from cgraph_cli.engine.moments import Moments, moments
from cgraph_cli.light import Iterable, Iterator, Mapping, copy
from cgraph_cli.report.budget import Budget, Input, Pair, Uncertain, uncertain
from cgraph_cli.report.findings import Found, gathered
from cgraph_cli.report.report import Report

TINY = 2.0**-1022  # a smaller double has lost digits


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
    found.budgets = [_budget(report, output, inputs, elasticity) for output in report.graph.outputs]
    found.warnings = [*report.warnings, *gathered(report.graph, _findings(report, found.budgets))]
    return found


def _budget(report: Report, output: str, inputs: Uncertain, elasticity: bool) -> Budget:
    graph, sigma, node = report.graph, inputs.sigma, report.graph.outputs[output]
    value, upstream = report.node_values[node], report.upstreams[output]
    sent = {name: upstream[graph.variables[name]] * one if one else 0.0 for name, one in sigma.items()}
    along: dict[int, list[float]] = {}
    for name, row in inputs.rows.items():
        for place, part in row.items():
            along.setdefault(place, []).append(sent[name] * part)
    totals = {place: sum(parts) for place, parts in along.items()}
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
    higher = None
    if spreads and isfinite(value) and isfinite(whole):
        higher = moments(graph, node, report.variables, spreads)
    elif sigma and not spreads:
        higher = Moments(value, 0.0)
    mean, deviation = higher or (None, None)
    return Budget(output, value, whole if sigma else None, mean, deviation, rows)


def _elasticity(x: float, slope: float, value: float) -> float:
    """x·slope/value, as IEEE 754 has it where the value is 0."""
    product = x * slope
    if not value:
        return product * inf
    return product / value if TINY <= abs(product) < inf else x * (slope / value)


def _findings(report: Report, budgets: Iterable[Budget]) -> Iterator[Found]:
    """Where the first order is not enough, and where nobody knows."""
    for one in budgets:
        node = report.graph.outputs[one.output]
        if one.uncertainty is None or not (isfinite(one.value) and isfinite(one.uncertainty)):
            continue
        fields = {"name": f"`{one.output}`", "value": one.value, "first": one.uncertainty}
        if one.mean is None or one.higher is None:
            yield "order unknown", node, {"name": fields["name"]}
        elif isnan(one.higher):
            yield "series fails", node, fields
        elif one.curved:
            yield "nonlinear", node, fields | {"mean": one.mean, "higher": one.higher}
