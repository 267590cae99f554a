"""Real formulas that nobody here wrote, in-process: value and gradient within 1e-9 of the reference and its noise."""

from __future__ import annotations

from typing import Any

from invariants import check

from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.graph.build import Reading, build
from cgraph_cli.graph.graph import Graph
from cgraph_cli.syntax.parser import parse


def close(got: float, reference: float, noise: float) -> bool:
    if abs(reference) < 2.3e-308:
        return abs(got - reference) <= 1e-323 + noise
    return abs(got - reference) <= 1e-9 * abs(reference) + noise


def graph_of(text: str, values: dict[str, float]) -> Graph:
    """The graph in which every name with a value is a variable, whatever it is called."""
    program = parse(text)
    graph = build(program, Reading(frozenset(values)))
    check(graph)
    return graph


def failures(line: dict[str, Any], text: str) -> list[str]:
    """What differs from the reference, in words."""
    graph = graph_of(text, line["vars"])
    values = forward(graph, line["vars"])
    upstream = backward(graph, values, graph.output).upstream
    noise = line.get("noise", {})
    found = []
    if not close(values[graph.output], line["value"], noise.get("value", 0.0)):
        found.append(f"value {values[graph.output]!r} is not {line['value']!r}")
    for name, reference in line["grad"].items():
        got = upstream[graph.variables[name]] if name in graph.variables else 0.0
        if not close(got, reference, noise.get("grad", {}).get(name, 0.0)):
            found.append(f"∂/∂{name} {got!r} is not {reference!r}")
    return found


def test_every_line(corpora: list[dict[str, Any]]) -> None:
    assert len(corpora) > 2000
    wrong = {}
    for line in corpora:
        for key in ("expr", "expr_ext"):
            if key in line and (found := failures(line, line[key])):
                wrong[line["id"], key] = found
    assert not wrong


def test_an_antiderivative_differentiates_to_its_integrand(corpora: list[dict[str, Any]]) -> None:
    """Two texts that have nothing in common but calculus: the gradient of one is the value of the other."""
    lines = [line for line in corpora if "integrand" in line and "wrt" in line]
    assert len(lines) > 1000
    wrong = []
    for line in lines:
        wrt, values = line["wrt"], line["vars"]
        antiderivative = graph_of(line["expr"], values)
        found = backward(antiderivative, forward(antiderivative, values), antiderivative.output)
        slope = found.upstream[antiderivative.variables[wrt]] if wrt in antiderivative.variables else 0.0
        integrand = graph_of(line["integrand"], values)
        # Some integrands have names that only stand in (d + e*x)^0: any value will do.
        value = forward(integrand, {name: values.get(name, 1.0) for name in integrand.variables})[integrand.output]
        noise = line.get("noise", {}).get("grad", {}).get(wrt, 0.0)
        if not abs(slope - value) <= 1e-6 * abs(value) + 10 * noise:
            wrong.append((line["id"], line["integrand"], slope, value))
    assert not wrong
