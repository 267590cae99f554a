"""Uncertain values in every spelling."""

from __future__ import annotations

import pytest

from cgraph_cli.cli.values import read_uncertain


@pytest.mark.parametrize(
    ("text", "value", "spread"),
    [
        ("3.00(10)", 3.0, 0.1),
        ("12(3)", 12.0, 3.0),
        ("-.5(1)", -0.5, 0.1),
        ("3.(2)", 3.0, 2.0),
        ("1.2345(67)e-3", 1.2345e-3, 6.7e-6),
        ("6.67430(15)E-11", 6.6743e-11, 1.5e-15),
        ("12.3(1.5)", 12.3, 1.5),
        ("12.3(.5)e2", 1230.0, 50.0),
        (" 3.00(0) ", 3.0, 0.0),
        ("3±2%", 3.0, 0.06),
        ("-5±0.5 %", -5.0, 0.025),
        ("pi/2+-1%", 1.5707963267948966, 0.015707963267948967),
        ("3+/-1/8", 3.0, 0.125),
        ("3", 3.0, None),
        ("2*(3)", 6.0, None),
        ("sqrt(4)", 2.0, None),
    ],
)
def test_a_value_with_its_uncertainty_is_read(text: str, value: float, spread: float | None) -> None:
    found, uncertainty = read_uncertain("x", text)
    assert found == value
    assert uncertainty == (None if spread is None else pytest.approx(spread, rel=1e-15))
