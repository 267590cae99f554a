"""Bounds of values whatever the variables are."""

from __future__ import annotations

import itertools

import pytest

from cgraph_cli.engine.kernels import value_kernel
from cgraph_cli.export.bounds import ANY, INF, bounds_of
from cgraph_cli.graph.graph import operation
from cgraph_cli.rule import REAL
from cgraph_cli.rules import RULES

UNBOUNDED = [name for name, rule in RULES.items() if rule.monotone and rule.range is REAL]


@pytest.mark.parametrize("name", UNBOUNDED)
def test_what_is_unbounded_is_so_in_the_arithmetic(name: str) -> None:
    """No arithmetic is asked where nothing is known of any argument."""
    op, rule = operation(name), RULES[name]
    count = 2 if rule.many else len(rule.args)
    assert bounds_of(op, range(count), [ANY] * count) == ANY
    ends = itertools.product((-INF, 0.0, -0.0, INF), repeat=count)
    values = [value for args in ends if (value := value_kernel(name)(*args)) == value]
    assert (min(values), max(values)) == ((0.0, INF) if name == "pow" else ANY)  # (-2)^3 has no end among its ends


def test_bounds_are_those_of_the_arithmetic_where_something_is_known() -> None:
    known = [(1.0, 2.0), (-3.0, 4.0), ANY]
    assert bounds_of(operation("mul"), (0, 1), known) == (-6.0, 8.0)
    assert bounds_of(operation("add"), (0, 2), known) == ANY
    assert bounds_of(operation("mul"), (2, 2), known) == (0.0, INF)
    assert len(UNBOUNDED) > 5
