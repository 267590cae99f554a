"""The order of names in products."""

from __future__ import annotations

import pytest

from cgraph_cli.graph.build import build
from cgraph_cli.symbolic.order import names_in_order
from cgraph_cli.syntax.parser import parse


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("x + a*x^2 + b*x", "a b x"),
        ("(a*x + b)/(c*x + d)", "a b c x d"),
        ("x*y + y*x", "x y"),
        ("x*y + y*z + z*x", "x y z"),
        ("z + y*z + x*y", "x y z"),
        ("-x/y + 2*w*sin(y)*x", "y w x"),
        ("x^2*y*(z + 1)*a", "x y z a"),
    ],
)
def test_names_follow_each_other_as_in_products(text: str, order: str) -> None:
    assert names_in_order(build(parse(text))) == order.split()


def test_long_chains_and_many_products_are_linear() -> None:
    names = [f"x{i}" for i in range(30_000)]
    chain = "+".join(f"{one}*{two}" for one, two in zip(names[1:], names, strict=False))
    assert names_in_order(build(parse(chain)))[::-1] == sorted(names, key=lambda name: int(name[1:]))
    star = "+".join(f"{one}*x + x*{one}" for one in names[1:])
    assert len(names_in_order(build(parse(star)))) == len(names)
