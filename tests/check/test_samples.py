"""The witnesses at many points: what is drawn, what is counted, what is refused."""

from __future__ import annotations

import json
from time import process_time
from typing import Any

import pytest
from harness import run

import cgraph_cli
from cgraph_cli.check.samples import DRAWN, LEAST_DRAWN
from cgraph_cli.check.witnesses import AGREES, NO_DERIVATIVE, NOISY, WRONG, Checks
from cgraph_cli.engine import floats, passes
from cgraph_cli.engine.kernels import local_kernel
from cgraph_cli.errors import InvalidValueError, UnknownVariableError, UsageError


def test_the_points_lie_in_their_ranges_and_are_the_same_for_a_seed() -> None:
    expression = cgraph_cli.parse("x*y + z*e")
    found = expression.sample(50, {"e": 2.0}, ranges={"x": (3, 3.5)}, seed=7)
    assert found.ranges == {"x": (3, 3.5), "y": (-5, 5), "z": (-5, 5)}
    for one in found.partials:
        assert list(one.point) == ["x", "y", "z", "e"]
        assert 3 <= one.point["x"] <= 3.5
        assert one.point["e"] == 2
        assert one.counts == {AGREES: 50}
    assert found.partials == expression.sample(50, {"e": 2.0}, ranges={"x": (3, 3.5)}, seed=7).partials
    assert found.partials != expression.sample(50, {"e": 2.0}, ranges={"x": (3, 3.5)}, seed=8).partials
    assert [one.wrt for one in expression.sample(5, wrt=["z"]).partials] == ["z"]


def test_a_value_of_high_precision_is_asked_for_once_and_no_gradient_for_a_difference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: dict[object, float] = {}
    monkeypatch.setattr(floats, "RECENT", asked)
    monkeypatch.setattr(floats, "MOST_RECENT", 10**6)
    found = cgraph_cli.parse("gamma(x)/digamma(y)").sample(50)
    assert found.passed
    orders = [one[1] for one in asked if isinstance(one, tuple)]
    assert 50 <= orders.count(1.0) < 60  # of trigamma, which no finite difference needs
    assert orders.count(0.0) < 50 * 16


def test_points_outside_the_domain_are_drawn_again_and_counted() -> None:
    found = cgraph_cli.parse("sqrt(x)*log(y)").sample(400)
    assert found.points == found.wanted == 400
    assert 800 < found.outside < 1600  # three in four
    assert found.passed
    few = cgraph_cli.parse("sqrt(x - 4.995)").sample(400)
    assert 0 < few.points < few.wanted
    assert few.points + few.outside == max(DRAWN * 400, LEAST_DRAWN)


def test_high_precision_decides_what_doubles_do_not() -> None:
    found = cgraph_cli.parse("(1 - cos(x))/x^2").sample(100, ranges={"x": (0.0001, 0.002)})
    (one,) = found.partials
    assert one.verdict == NOISY
    assert found.counts == one.counts
    assert found.precise >= one.counts[NOISY] > 50
    point = cgraph_cli.evaluate("(1 - cos(x))/x^2", one.point)
    checks = cgraph_cli.parse("(1 - cos(x))/x^2").check(one.point)
    assert isinstance(checks, Checks)
    assert checks.partials[0].witnesses[0].difference == one.difference
    assert checks.partials[0].witnesses[0].value == point.gradients["x"]
    assert cgraph_cli.parse("x*y").sample(100).precise == 0


def test_a_kink_is_no_agreement_though_doubles_agree() -> None:
    (one,) = cgraph_cli.parse("abs(round(x))*y").sample(200, ranges={"y": (1, 2)}, wrt=["x"]).partials
    assert one.counts == {AGREES: 200}  # it is flat there
    found = cgraph_cli.parse("abs(x)").sample(30, ranges={"x": (0, 5e-324)})
    assert found.counts == {NO_DERIVATIVE: 30 - found.counts.get(AGREES, 0), **found.counts}
    assert NO_DERIVATIVE in found.counts


def test_a_broken_rule_is_wrong_at_every_point(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(op: str, *rest: Any) -> Any:
        kernel = local_kernel(op, *rest)
        return kernel if op != "tanh" else lambda *args: [2 * one for one in kernel(*args)]

    monkeypatch.setattr(passes, "local_kernel", broken)
    found = cgraph_cli.parse("tanh(x)*y").sample(40, ranges={"x": (-1, 1)})
    assert {one.wrt: one.verdict for one in found.partials} == {"x": WRONG, "y": AGREES}
    assert found.partials[0].counts == {WRONG: 40}
    assert found.partials[0].difference == pytest.approx(1, rel=1e-9)


def test_a_thousand_points_take_no_second() -> None:
    expression = cgraph_cli.parse("(x+y)*z")
    best = min(timed(expression) for _ in range(3))
    assert best < 1


def timed(expression: cgraph_cli.Expression) -> float:
    start = process_time()
    assert expression.sample(1000).passed
    return process_time() - start


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"ranges": {"x": (10, 0)}}, InvalidValueError, "empty: 10:0"),
        ({"ranges": {"x": (1, 1)}}, InvalidValueError, "empty: 1:1"),
        ({"ranges": {"x": (0, float("inf"))}}, InvalidValueError, "not finite"),
        ({"ranges": {"x": (float("nan"), 1)}}, InvalidValueError, "not finite"),
        ({"ranges": {"q": (0, 1)}}, UnknownVariableError, "no variable `q` for a range"),
        ({"ranges": {"x": (-2, -1)}}, InvalidValueError, "finite at none of 10,000 points"),
        ({"wrt": ["q"]}, UnknownVariableError, "no variable `q` to differentiate by"),
    ],
)
def test_wrong_ranges_are_refused(options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        cgraph_cli.parse("log(x)").sample(10, **options)


def test_there_has_to_be_something_to_draw() -> None:
    with pytest.raises(UsageError, match="has both a value and a range"):
        cgraph_cli.parse("log(x)").sample(10, {"x": 1.0}, ranges={"x": (0, 1)})
    with pytest.raises(UsageError, match="`x` already has a value"):
        cgraph_cli.parse("log(x)").sample(10, {"x": 1.0})
    with pytest.raises(UsageError, match="has no variables"):
        cgraph_cli.parse("2 + 3").sample(10)


def test_the_command_tells_all_of_it() -> None:
    words = ["check", "sqrt(x)/y", "--random", "200", "--range", "x=0:pi/2", "--seed", "5", "--y", "2"]
    found = json.loads(run([*words, "--json"]).stdout)
    assert found["passed"]
    assert found["sample"]["ranges"] == {"x": [0, 1.5707963267948966]}
    assert found["sample"]["fixed"] == {"y": 2}
    assert {one["wrt"]: one["counts"] for one in found["partials"]} == {"x": {AGREES: 200}, "y": {AGREES: 200}}
    for format in ("table", "markdown", "html"):
        done = run([*words, "--format", format])
        assert done.code == 0
        text = done.stdout.lower()
        for part in ("seed 5", "0:1.5708", "largest difference", "all 400 derivatives", "every derivative agrees"):
            assert part in text
    assert run(["check", "x^2 + 1e9", "--random", "20"]).code == 0
    assert run(["check", "(1 - cos(x))/x^2", "--random", "20", "--range", "x=0:1e-3"]).code == 1
