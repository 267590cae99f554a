"""Monte Carlo beside the budget: real formulas, distributions that are known, and what it must not decide."""

from __future__ import annotations

import math
from typing import Any

import pytest

import cgraph_cli
from cgraph_cli.check.montecarlo import AGREES, DIFFERS, UNDECIDED, Estimate, MonteCarlo, drawn
from cgraph_cli.errors import UsageError
from cgraph_cli.report.uncertainty import with_budgets

FORMULAS: list[tuple[str, dict[str, tuple[float, float]]]] = [
    ("2*pi*sqrt(L/g)", {"L": (1.2, 0.002), "g": (9.81, 0.01)}),
    ("v^2*sin(2*a)/g", {"v": (20, 0.4), "a": (0.6, 0.02), "g": (9.81, 0.01)}),
    ("n*8.314462618*T/V", {"n": (2, 0.02), "T": (300, 1.5), "V": (0.05, 0.001)}),
    ("1/(1/a + 1/b)", {"a": (0.3, 0.005), "b": (0.7, 0.01)}),
    ("I0*exp(-mu*x)", {"I0": (1000, 20), "mu": (0.7, 0.02), "x": (1.5, 0.03)}),
    ("asin(n1/n2*sin(t))", {"n1": (1.0003, 1e-5), "n2": (1.52, 0.01), "t": (0.8, 0.01)}),
    ("where(d > 1, 6.674e-11*m*M/d^2, 0)", {"m": (5, 0.1), "M": (7e22, 1e21), "d": (4e8, 4e6)}),
]


def check(text: str, inputs: dict[str, tuple[float, float]], count: int = 20_000, **options: Any) -> MonteCarlo:
    report = cgraph_cli.evaluate(text, {name: value for name, (value, _) in inputs.items()})
    budgeted = with_budgets(report, {name: u for name, (_, u) in inputs.items()}, options.pop("correlation", {}))
    return drawn(budgeted, count, **options)


def by_name(found: MonteCarlo) -> dict[str, Estimate]:
    return {one.name: one for one in found.estimates}


@pytest.mark.parametrize(("text", "inputs"), FORMULAS)
def test_the_budget_of_a_real_formula_agrees(text: str, inputs: dict[str, tuple[float, float]]) -> None:
    found = check(text, inputs)
    assert found.passed
    assert {one.verdict for one in found.estimates} == {AGREES}


def test_the_standard_errors_are_those_of_repeated_runs() -> None:
    runs = [by_name(check("exp(x)", {"x": (0, 0.4)}, 2000, seed=seed))["Monte Carlo"] for seed in range(1, 201)]
    for number, error in (("mean", "mean_error"), ("uncertainty", "uncertainty_error")):
        values = [getattr(one, number) for one in runs]
        mean = math.fsum(values) / len(values)
        spread = math.sqrt(math.fsum((one - mean) ** 2 for one in values) / (len(values) - 1))
        told = math.fsum(getattr(one, error) for one in runs) / len(runs)
        assert told == pytest.approx(spread, rel=0.15)  # the spread of 200 runs is known to 5 %


def test_the_moments_of_the_lognormal_distribution() -> None:
    found = by_name(check("exp(x)", {"x": (0, 0.4)}, 100_000))["Monte Carlo"]
    assert found.mean is not None
    assert found.uncertainty is not None
    assert found.mean_error is not None
    assert found.uncertainty_error is not None
    assert abs(found.mean - math.exp(0.08)) < 4 * found.mean_error
    assert abs(found.uncertainty - math.exp(0.08) * math.sqrt(math.expm1(0.16))) < 4 * found.uncertainty_error


def test_correlated_inputs_are_drawn_as_they_are() -> None:
    pairs = {("x", "y"): 0.8, ("y", "z"): -0.3}
    inputs = {"x": (1.0, 0.5), "y": (2.0, 0.5), "z": (0.0, 0.5)}
    for text in ("x + y + z", "x - y + 0*z", "x + 2*y - z"):
        assert check(text, inputs, correlation=pairs).passed
    del inputs["z"]
    deviations = [
        by_name(check("x - y", inputs, correlation={("x", "y"): r}))["Monte Carlo"].uncertainty for r in (-0.8, 0, 0.8)
    ]
    assert deviations == pytest.approx([0.5 * math.sqrt(2 - 2 * r) for r in (-0.8, 0, 0.8)], rel=0.03)
    whole = check("x - y", inputs, correlation={("x", "y"): 1})
    assert by_name(whole)["Monte Carlo"].uncertainty == pytest.approx(0, abs=1e-15)
    assert whole.passed


def test_the_square_of_zero_give_or_take_ten() -> None:
    found = check("x^2", {"x": (0, 10)})
    assert [one.verdict for one in found.estimates] == [DIFFERS, AGREES, AGREES]
    assert not found.passed


def test_a_seed_draws_the_same_again() -> None:
    inputs = {"x": (1.0, 0.1), "y": (2.0, 0.1)}
    assert check("x*y", inputs, 500).estimates == check("x*y", inputs, 500, seed=1).estimates
    assert check("x*y", inputs, 500).estimates != check("x*y", inputs, 500, seed=2).estimates


def test_the_interval_holds_95_percent() -> None:
    found = check("x", {"x": (0, 1)}, 100_000)
    assert found.interval == pytest.approx((-1.96, 1.96), abs=0.03)


@pytest.mark.parametrize(
    ("text", "inputs"),
    [("log(x)", {"x": (1.0, 0.5)}), ("1/x", {"x": (1.0, 0.3)}), ("1e300*exp(x)", {"x": (15.0, 5.0)})],
)
def test_what_has_no_mean_is_not_decided(text: str, inputs: dict[str, tuple[float, float]]) -> None:
    found = check(text, inputs, 2000)
    assert {one.verdict for one in found.estimates} == {UNDECIDED}
    assert not found.passed


def test_numbers_near_the_ends_of_the_range_of_doubles() -> None:
    for factor in ("1e300", "1e-300"):
        found = by_name(check(f"{factor}*x", {"x": (1.0, 0.1)}))
        assert found["Monte Carlo"].uncertainty == pytest.approx(0.1 * float(factor), rel=0.05)
        assert found["first order"].verdict == AGREES


def test_nothing_is_drawn_of_what_is_certain() -> None:
    with pytest.raises(UsageError, match="nothing to draw"):
        check("x", {"x": (1.0, 0.0)})
    with pytest.raises(UsageError, match="100 at least"):
        check("x", {"x": (1.0, 0.1)}, 20)
