"""Uncertainties: against derivatives of mpmath, published budgets, exact cases, and what is not to be propagated."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import mpmath
import pytest
from harness import run

import cgraph_cli
from cgraph_cli.check.montecarlo import drawn
from cgraph_cli.engine.moments import Moments
from cgraph_cli.errors import CgraphError
from cgraph_cli.render.numbers import measured
from cgraph_cli.report.budget import Budget, uncertain
from cgraph_cli.report.report import Report
from cgraph_cli.report.uncertainty import with_budgets

FUNCTIONS: list[tuple[str, Any, list[float]]] = [
    ("x*exp(-y)/z", lambda x, y, z: x * mpmath.exp(-y) / z, [1.3, 0.4, 2.1]),
    ("sqrt(x^2 + y*z)", lambda x, y, z: mpmath.sqrt(x**2 + y * z), [1.1, 0.7, 3.0]),
    ("sin(x*y) + log(z)", lambda x, y, z: mpmath.sin(x * y) + mpmath.log(z), [0.6, 1.2, 2.5]),
    ("x^y/(1 + z)", lambda x, y, z: x**y / (1 + z), [1.7, 2.2, 0.9]),
    ("tanh(x - y)*z^3", lambda x, y, z: mpmath.tanh(x - y) * z**3, [0.5, 0.1, 1.4]),
]
NAMES = ("x", "y", "z")


def budgets(expression: str, point: dict[str, float], sigma: dict[str, float], **options: Any) -> Report:
    return with_budgets(cgraph_cli.evaluate(expression, point), sigma, options.pop("correlation", {}), **options)


def known(found: Budget) -> Moments:
    assert found.known is not None
    return found.known


def budget(expression: str, point: dict[str, float], sigma: dict[str, float], **options: Any) -> Budget:
    return budgets(expression, point, sigma, **options).budgets[-1]


def orders(function: Any, point: list[float], u: list[float], r: list[list[float]]) -> tuple[float, float, float]:
    """First-order variance, mean, and the variance of the next order, from derivatives that mpmath takes by itself."""
    size = range(len(point))

    def partial(*wrt: int) -> Any:
        return mpmath.diff(function, tuple(point), tuple(wrt.count(index) for index in size))

    with mpmath.workdps(60):
        c = [[mpmath.mpf(u[i]) * u[j] * r[i][j] for j in size] for i in size]
        g = [partial(i) for i in size]
        h = [[partial(i, j) for j in size] for i in size]
        first = sum(g[i] * g[j] * c[i][j] for i in size for j in size)
        mean = function(*map(mpmath.mpf, point)) + sum(h[i][j] * c[i][j] for i in size for j in size) / 2
        second = sum(h[i][j] * h[k][m] * c[i][k] * c[j][m] for i in size for j in size for k in size for m in size)
        third = sum(g[i] * partial(j, k, m) * c[i][j] * c[k][m] for i in size for j in size for k in size for m in size)
        return float(first), float(mean), float(first + second / 2 + third)


@pytest.mark.parametrize(("text", "function", "point"), FUNCTIONS)
@pytest.mark.parametrize("correlated", [False, True])
def test_both_orders_are_those_of_the_derivatives_of_mpmath(
    text: str, function: Any, point: list[float], correlated: bool
) -> None:
    u = [0.03, 0.05, 0.02]
    r = [[1, 0.5, -0.3], [0.5, 1, 0.2], [-0.3, 0.2, 1]] if correlated else [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    pairs = {(NAMES[i], NAMES[j]): r[i][j] for i in range(3) for j in range(i) if correlated}
    found = budget(text, dict(zip(NAMES, point, strict=True)), dict(zip(NAMES, u, strict=True)), correlation=pairs)
    first, mean, higher = orders(function, point, u, r)
    assert found.uncertainty == pytest.approx(math.sqrt(first), rel=1e-12)
    assert known(found).mean == pytest.approx(mean, rel=1e-14)
    assert known(found).deviation == pytest.approx(math.sqrt(higher), rel=1e-12)
    assert math.fsum(one.share or 0.0 for one in found.inputs) == pytest.approx(1, rel=1e-12)


def test_a_linear_function_has_no_terms_of_the_next_order() -> None:
    found = budget("2*x - 3*y + 1", {"x": 1, "y": 2}, {"x": 0.4, "y": 0.2})
    assert found.uncertainty == known(found).deviation == 1.0
    assert known(found).mean == found.value == -3.0
    assert [one.contribution for one in found.inputs] == pytest.approx([0.8, -0.6])
    assert [one.share for one in found.inputs] == pytest.approx([0.64, 0.36])


def test_a_large_linear_function_is_known_to_be_one() -> None:
    names = [f"x{index}" for index in range(2000)]
    found = budgets(" + ".join(names), dict.fromkeys(names, 1.0), dict.fromkeys(names, 0.5))
    assert known(found.budgets[0]).deviation == pytest.approx(0.5 * math.sqrt(2000), rel=1e-13)
    assert not found.warnings


def test_the_square_of_zero_give_or_take_ten() -> None:
    report = budgets("x^2", {"x": 0}, {"x": 10})
    (found,) = report.budgets
    assert (found.value, found.uncertainty) == (0, 0)
    assert known(found).mean == 100
    assert known(found).deviation == pytest.approx(100 * math.sqrt(2), rel=1e-15)
    assert [one.code for one in report.warnings] == ["nonlinear"]


def test_a_product_of_correlated_inputs() -> None:
    # Exact for normal inputs: mean xy + c, variance x²v + y²u + 2xyc + uv + c² with variances u, v and covariance c.
    found = budget("x*y", {"x": 3, "y": 4}, {"x": 0.1, "y": 0.2}, correlation={("x", "y"): 0.5})
    c = 0.5 * 0.1 * 0.2
    assert found.uncertainty == pytest.approx(math.sqrt(0.36 + 0.16 + 24 * c), rel=1e-14)
    assert known(found).mean == pytest.approx(12 + c, rel=1e-15)
    assert known(found).deviation == pytest.approx(math.sqrt(0.36 + 0.16 + 24 * c + 0.01 * 0.04 + c * c), rel=1e-14)


def test_what_is_the_same_cancels_without_rest() -> None:
    found = budget("x - y", {"x": 1, "y": 1}, {"x": 0.3, "y": 0.3}, correlation={("x", "y"): 1})
    assert found.uncertainty == 0
    found = budget("x - x", {"x": 1}, {"x": 0.3})
    assert found.uncertainty == known(found).deviation == 0


@pytest.mark.parametrize("factor", ["1e-308", "1e-200", "1e200", "1e305"])
def test_a_variance_that_no_double_holds(factor: str) -> None:
    found = budget(f"{factor}*x^2", {"x": 3}, {"x": 0.1})
    assert found.uncertainty == pytest.approx(0.6 * float(factor), rel=1e-9)
    assert known(found).deviation == pytest.approx(math.sqrt(0.36 + 2e-4) * float(factor), rel=1e-9)


def test_the_lognormal_distribution_comes_nearer_with_the_next_order() -> None:
    found = budget("exp(x)", {"x": 0}, {"x": 0.2})
    variance = math.exp(0.04) * math.expm1(0.04)
    assert found.uncertainty is not None
    assert found.known is not None
    assert abs(known(found).deviation - math.sqrt(variance)) < 0.1 * abs(found.uncertainty - math.sqrt(variance))


def test_the_end_gauge_of_the_gum() -> None:
    # JCGM 100:2008, H.1: nanometres, u = 32 nm to first order, 34 nm with terms of second order (H.1.7).
    report = budgets(
        "s + d - s*(da*t + a*dt)",
        {"s": 50_000_623, "d": 215, "da": 0, "t": -0.1, "a": 11.5e-6, "dt": 0},
        {"s": 25, "d": 9.7, "da": 0.58e-6, "t": 0.41, "a": 1.2e-6, "dt": 0.029},
    )
    (found,) = report.budgets
    contributions = {one.name: round(abs(one.contribution or 0.0), 1) for one in found.inputs}
    assert contributions == {"s": 25, "d": 9.7, "da": 2.9, "t": 0, "a": 0, "dt": 16.7}
    assert found.value == 50_000_838
    assert found.uncertainty is not None
    assert found.known is not None
    assert (round(found.uncertainty), round(known(found).deviation)) == (32, 34)
    assert [one.code for one in report.warnings] == ["nonlinear"]


def test_resistance_reactance_and_impedance_of_the_gum() -> None:
    # JCGM 100:2008, H.2: correlated observations; the published correlations have two digits.
    report = with_budgets(
        cgraph_cli.evaluate(
            "R = V/I*cos(p); X = V/I*sin(p); Z = V/I",
            {"V": 4.9990, "I": 19.661e-3, "p": 1.04446},
            outputs=["R", "X", "Z"],
        ),
        {"V": 0.0032, "I": 0.0095e-3, "p": 0.00075},
        {("V", "I"): -0.36, ("V", "p"): 0.86, ("I", "p"): -0.65},
    )
    for found, (value, u) in zip(report.budgets, [(127.732, 0.071), (219.847, 0.295), (254.260, 0.236)], strict=True):
        assert found.value == pytest.approx(value, abs=0.001)
        assert found.uncertainty == pytest.approx(u, rel=0.02)
    found_r = report.output_correlation
    assert found_r is not None
    for pair, r in {"RX": -0.588, "RZ": -0.485, "XZ": 0.993}.items():
        assert found_r[pair[0]][pair[1]] == found_r[pair[1]][pair[0]] == pytest.approx(r, abs=0.02)
    assert [found_r[name][name] for name in "RXZ"] == [1, 1, 1]


def test_elasticity() -> None:
    found = budget("a*x^3/y", {"a": 2, "x": 5, "y": 7}, {}, elasticity=True)
    assert [one.elasticity for one in found.inputs] == pytest.approx([1, 3, -1])
    assert found.uncertainty is None
    zero = budget("x*y", {"x": 0, "y": 7}, {}, elasticity=True)
    assert all(math.isnan(one.elasticity or 0.0) for one in zero.inputs)
    (pole,) = budget("x - 1", {"x": 1}, {}, elasticity=True).inputs
    assert pole.elasticity == math.inf


def test_the_factor_of_correlations_gives_them_back() -> None:
    draw = Random(1)
    for size in range(2, 8):
        names = [f"x{index}" for index in range(size)]
        rank = draw.randint(1, size)
        rows = [[draw.gauss(0, 1) for _ in range(rank)] for _ in names]
        rows = [[one / math.hypot(*row) for one in row] for row in rows]
        given = {
            (x, y): max(-1.0, min(1.0, math.fsum(a * b for a, b in zip(rows[i], rows[j], strict=True))))
            for i, x in enumerate(names)
            for j, y in enumerate(names[:i])
        }
        factor = uncertain(dict.fromkeys(names, 1.0), given, names).rows
        for (x, y), one in given.items():
            assert sum(part * factor[y].get(place, 0.0) for place, part in factor[x].items()) == pytest.approx(
                one, abs=1e-4
            )


@pytest.mark.parametrize("size", range(3, 7))
def test_a_matrix_with_a_negative_eigenvalue_is_refused_and_no_other(size: int) -> None:
    draw = Random(size)
    names = [f"x{index}" for index in range(size)]
    refused = 0
    for _ in range(60):
        given = {(x, y): draw.uniform(-0.9, 0.9) for i, x in enumerate(names) for y in names[:i]}
        entries = [[1.0 if x == y else given.get((x, y), given.get((y, x), 0.0)) for y in names] for x in names]
        negative = min(mpmath.eigsy(mpmath.matrix(entries), eigvals_only=True)) < 0
        if negative:
            refused += 1
            with pytest.raises(CgraphError, match="eigenvalue -"):
                uncertain(dict.fromkeys(names, 1.0), given, names)
        else:
            uncertain(dict.fromkeys(names, 1.0), given, names)
    assert refused


@pytest.mark.parametrize(
    ("value", "uncertainty", "text"),
    [
        (12.3456, 0.3987, "12.35 ± 0.40"),
        (12.3456, 0.0996, "12.35 ± 0.10"),
        (98765.0, 1234.0, "98800 ± 1200"),
        (1.234e23, 4.5e20, "(1.2340 ± 0.0045)e23"),
        (-0.001, 0.5, "0.00 ± 0.50"),
        (0.0, 1e-9, "(0.0 ± 1.0)e-9"),
        (5.0, 1e12, "(0.0 ± 1.0)e12"),
        (1e300, 1.0, "1e300 ± 1"),
        (3.0, 0.0, "3 ± 0"),
        (math.nan, 1.0, "nan ± 1"),
        (2.0, math.inf, "2 ± inf"),
    ],
)
def test_a_number_with_its_uncertainty(value: float, uncertainty: float, text: str) -> None:
    assert measured(value, uncertainty) == text


def test_a_number_with_its_uncertainty_reads_back() -> None:
    draw = Random(3)
    for _ in range(2000):
        value, u = (draw.choice([-1, 1]) ** n * draw.uniform(1, 10) * 10.0 ** draw.randint(-30, 30) for n in (1, 2))
        text, _, power = measured(value, u).partition(")e")
        first, second = (float(one if "e" in one else f"{one.strip('(')}e{power or 0}") for one in text.split(" ± "))
        assert second == pytest.approx(u, rel=0.051)
        assert abs(first - value) <= 0.051 * u + 1e-16 * abs(value)


def test_a_share_that_is_nothing_has_no_sign() -> None:
    found = run(
        ["eval", "max(x, y)", "--x", "2±0.3", "--y", "3±0.1", "--correlation", "x,y=-0.5", "--format", "markdown"]
    )
    assert "| 0 % |" in found.stdout


def test_a_sum_of_signs_within_parentheses_is_a_sum() -> None:
    found = run(["eval", "x*y", "--x", "2*(3+-1)", "--y", "4", "--only", "value"])
    assert found.stdout == "16.0\n"


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("ascii", [False, True])
def test_a_budget_fits_a_terminal(width: int, ascii: bool) -> None:
    from cgraph_cli.render import View, renderer

    report = budgets(
        "V/I*cos(phi)",
        {"V": 4.999, "I": 0.019661, "phi": 1.04446},
        {"V": 0.0032, "I": 9.5e-6, "phi": 0.00075},
        correlation={("V", "phi"): 0.86},
        elasticity=True,
    )
    text = "".join(renderer("report", "table")(report, View(width=width, ascii=ascii)))
    assert max(map(len, text.splitlines())) <= width
    assert "127.73 +/- " in text if ascii else "127.73 ± " in text
    assert text.isascii() or not ascii


def test_the_point_of_a_plain_evaluation_loads_nothing_of_uncertainties() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from cgraph_cli.cli.main import main\n"
        "try: main(['eval', 'x*y', '--x', '1', '--y', '2', '--json'])\n"
        "except SystemExit: pass\n"
        "assert not [name for name in sys.modules if 'uncertain' in name or 'moments' in name or 'budget' in name]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("expression", "point", "sigma"),
    [
        ("abs(x)", {"x": 0}, {"x": 1}),
        ("relu(x)", {"x": 0.5}, {"x": 1}),
        ("floor(x)", {"x": 0.5}, {"x": 1}),
        ("max(x, y)", {"x": 1, "y": 1.2}, {"x": 0.3, "y": 0.3}),
        ("where(x > 1, x, 2)", {"x": 1.2}, {"x": 0.3}),
        ("g(a) = abs(a); g(x)", {"x": 0.1}, {"x": 0.3}),
    ],
)
def test_a_kink_within_the_uncertainties_is_found(
    expression: str, point: dict[str, float], sigma: dict[str, float]
) -> None:
    report = budgets(expression, point, sigma)
    assert "bent further" in [one.kind for one in report.warnings]
    assert drawn(report, 5000).estimates[0].verdict == "differs"


@pytest.mark.parametrize(
    "expression", ["relu(x) + y", "abs(x)*y", "sqrt(x)/y", "max(x, y - 9)", "floor(y)*x", "log(x*y)"]
)
def test_a_kink_far_away_is_none(expression: str) -> None:
    assert not budgets(expression, {"x": 3, "y": 2.5}, {"x": 0.1, "y": 0.05}).warnings


@pytest.mark.parametrize(("expression", "sigma"), [("log(x)", 0.6), ("1/x", 0.5), ("sqrt(x)", 0.7), ("x^0.5", 0.7)])
def test_an_end_of_the_domain_within_the_uncertainties_is_found(expression: str, sigma: float) -> None:
    report = budgets(expression, {"x": 1}, {"x": sigma})
    assert "beyond" in [one.kind for one in report.warnings]


@pytest.mark.parametrize(
    ("expression", "x", "sigma", "is_enough"),
    [
        ("exp(x)", 1, 2, False),
        ("sin(x)", 0, 1, False),
        ("sin(x)", 1.5, 0.5, True),
        ("exp(x)", 1, 0.5, True),
        ("x^2", 0, 10, True),
    ],
)
def test_where_the_next_order_is_not_enough_it_is_said(
    expression: str, x: float, sigma: float, is_enough: bool
) -> None:
    report = budgets(expression, {"x": x}, {"x": sigma})
    kinds = [one.kind for one in report.warnings]
    assert "nonlinear" in kinds
    assert ("bent further" in kinds) != is_enough
    mean, deviation = report.budgets[0].known[2:]
    sampled = drawn(report, 50_000).estimates[-1]
    is_near = abs(sampled.mean - mean) + abs(sampled.uncertainty - deviation) < 0.3 * sampled.uncertainty
    assert is_near == is_enough


def test_a_pole_between_the_uncertainties_is_found() -> None:
    for expression, sigma, is_pole in (("1/x", 0.8, True), ("x^-2", 0.6, True), ("y/x", 0.4, False), ("x^2", 1, False)):
        report = budgets(expression, {"x": 1, "y": 2} if "y" in expression else {"x": 1}, {"x": sigma})
        assert ("beyond a pole" in [one.kind for one in report.warnings]) == is_pole, expression


def test_a_large_graph_is_not_probed_for_minutes() -> None:
    names = [f"x{index}" for index in range(1500)]
    report = budgets(" + ".join(f"abs({name})" for name in names), dict.fromkeys(names, 1.0), dict.fromkeys(names, 0.5))
    assert [one.kind for one in report.warnings] == ["order unknown"]


def test_the_library_takes_pairs() -> None:
    expression = cgraph_cli.parse("a = V/I; a*e")
    report = expression.uncertainty({"e": (2.0, 0.1), "I": 0.02, "rest": (1, 1)}, V=(5.0, 0.02), outputs=["a"])
    (found,) = report.budgets
    assert found.uncertainty == pytest.approx(1)
    assert [one.name for one in found.inputs] == ["V", "e"]
    assert "a = 250.0 ± 1.0" in repr(report)
    both = cgraph_cli.parse("x*y").uncertainty(x=(3, 0.1), y=(4, 0.2), correlation={("x", "y"): 0.5}, elasticity=True)
    assert (
        both.budgets
        == budgets(
            "x*y", {"x": 3, "y": 4}, {"x": 0.1, "y": 0.2}, correlation={("x", "y"): 0.5}, elasticity=True
        ).budgets
    )
    with pytest.raises(CgraphError, match="negative"):
        cgraph_cli.parse("x").uncertainty(x=(3, -0.1))
    with pytest.raises(CgraphError, match="not a number"):
        cgraph_cli.parse("x").uncertainty(x=(3, "much"))  # type: ignore[arg-type]


def test_of_many_inputs_the_first_are_shown() -> None:
    from cgraph_cli.render import View, renderer

    names = [f"x{index}" for index in range(150)]
    report = budgets(" + ".join(names), dict.fromkeys(names, 1.0), dict.fromkeys(names, 0.5))
    show = renderer("report", "table")
    short, whole = ("".join(show(report, View(all=all))).partition("\ninput")[2] for all in (False, True))
    assert "50 inputs left out, --all shows all" in short
    assert "x99 " in short
    assert "x149 " not in short
    assert "x149 " in whole
    assert "left out" not in whole


def test_the_page_has_the_budget() -> None:
    pytest.importorskip("graphlay", reason="the page has the figure, which needs the extra `draw`")
    from cgraph_cli.render import View, renderer

    page = "".join(
        str(part) for part in renderer("report", "html")(budgets("x*y", {"x": 3, "y": 4}, {"x": 0.1}), View())
    )
    assert '<h2 id="budget-heading">Uncertainty</h2>' in page
    assert "f = 12.00 ± 0.40" in page
    elastic = budgets("x*y", {"x": 3, "y": 4}, {}, elasticity=True)
    assert '<h2 id="budget-heading">Elasticity</h2>' in "".join(map(str, renderer("report", "html")(elastic, View())))


def test_what_is_certain_has_no_correlation() -> None:
    report = cgraph_cli.parse("a = x; b = 3*y").uncertainty(x=(1, 0.1), y=(2, 0), outputs=["a", "b"])
    assert report.output_correlation is not None
    assert report.output_correlation["a"]["a"] == 1
    assert math.isnan(report.output_correlation["a"]["b"])


def test_an_elasticity_whose_product_no_double_holds() -> None:
    (found,) = budget("1e-200*x^3", {"x": 1e-30}, {}, elasticity=True).inputs
    assert found.elasticity == pytest.approx(3)
    (large,) = budget("1e10*x", {"x": 1e298}, {}, elasticity=True).inputs
    assert large.elasticity == 1


@pytest.mark.parametrize(
    ("expression", "x", "u", "value", "first"),
    [
        ("x + 1e9 - 1e9", 0.1, 1e-10, "0.10000000000", 1e-10),
        ("sqrt(x + 1) - sqrt(x)", 1e6, 1e-4, "0.000499999874999500", 2.5e-14),
        ("(1 - cos(x))/x^2", 1e-5, 1e-7, "0.499999999995833", 8.333e-14),
    ],
)
def test_digits_that_are_lost_beside_a_small_uncertainty(
    expression: str, x: float, u: float, value: str, first: float
) -> None:
    report = budgets(expression, {"x": x}, {"x": u})
    (found,) = report.budgets
    assert found.spoilt
    assert "spoilt" in [one.kind for one in report.warnings]
    assert known(found).value == pytest.approx(float(value), rel=1e-14)
    assert known(found).first == pytest.approx(first, rel=1e-3)
    assert not budgets(expression, {"x": x}, {"x": x / 10}).budgets[0].spoilt or "cos" in expression


@pytest.mark.parametrize("text", ["x^3", "x*y*z", "(x - y)^3", "x*y*(x - y)", "x^4 + 0*y"])
def test_where_first_and_second_order_vanish_it_is_said_that_more_matters(text: str) -> None:
    names = cgraph_cli.parse(text).variables
    report = with_budgets(cgraph_cli.evaluate(text, dict.fromkeys(names, 0.0)), dict.fromkeys(names, 1.0))
    assert report.budgets[0].uncertainty == 0
    assert [one.code for one in report.warnings] == ["nonlinear"]


@pytest.mark.parametrize("text", ["x - x", "0*x", "where(x > 5, x, 3)"])
def test_what_does_not_move_is_certain(text: str) -> None:
    assert not with_budgets(cgraph_cli.evaluate(text, x=1.0), {"x": 0.5}).warnings


@pytest.mark.parametrize(("text", "point", "count"), [("x*y", {"x": 0.0, "y": 3.0}, 2), ("log(x)", {"x": 1.0}, 1)])
def test_an_elasticity_where_the_value_is_0_is_told(text: str, point: dict[str, float], count: int) -> None:
    report = with_budgets(cgraph_cli.evaluate(text, point), {}, elasticity=True)
    assert [one.code for one in report.warnings] == ["indeterminate"] * count
    assert not with_budgets(cgraph_cli.evaluate("x*y", x=2.0, y=3.0), {}, elasticity=True).warnings
