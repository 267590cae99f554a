"""More digits than doubles have: every number of a report against mpmath, whose derivatives are of values alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import mpmath
import pytest
from harness import run
from mpmath import mp

import cgraph_cli
from cgraph_cli.report.evaluate import evaluate_program
from cgraph_cli.syntax.parser import parse
from cgraph_cli.syntax.typed import Typed

# Each with the same as a function of mpmath, and the point as it is typed.
CASES: list[tuple[str, Callable[..., Any], dict[str, str]]] = [
    ("sqrt(x)", mp.sqrt, {"x": "2"}),
    ("exp(x)", mp.exp, {"x": "1"}),
    ("x^2*sin(y)", lambda x, y: x**2 * mp.sin(y), {"x": "0.1", "y": "pi/3"}),
    ("0.1*x + 1/3", lambda x: mp.mpf("0.1") * x + mp.one / 3, {"x": "0.7"}),
    ("(1 - cos(x))/x^2", lambda x: (1 - mp.cos(x)) / x**2, {"x": "1e-40"}),
    ("sqrt(x + 1) - sqrt(x)", lambda x: mp.sqrt(x + 1) - mp.sqrt(x), {"x": "1e60"}),
    ("exp(-x)*x", lambda x: mp.exp(-x) * x, {"x": "1e5"}),
    ("log(1 + exp(x))", lambda x: mp.log(1 + mp.exp(x)), {"x": "-800"}),
    ("leaky_relu(-x)", lambda x: -x / 100, {"x": "0.3"}),
    ("gelu(x)", lambda x: x * (1 + mp.erf(x / mp.sqrt(2))) / 2, {"x": "0.3"}),
    ("s(a) = 1/(1 + exp(-0.1*a)); s(s(x))*x", lambda x: s(s(x)) * x, {"x": "2.1"}),
    ("x^1.2345678901234567890123 + x²", lambda x: x ** mp.mpf("1.2345678901234567890123") + x**2, {"x": "1.7"}),
    ("exp(-x) + 1 - 1 + y", lambda x, y: mp.exp(-x) + 1 - 1 + y, {"x": "3000", "y": "1e-1310"}),
    ("1e400*x + 0*y", lambda x, y: mp.mpf("1e400") * x + 0 * y, {"x": "1e-400", "y": "3e-320"}),
    ("a*b*c*d + a + b + c", lambda a, b, c, d: a * b * c * d + a + b + c, {"a": "0.1", "b": "e", "c": "3", "d": "1/7"}),
]
POINT = {"pi/3": lambda: mp.pi / 3, "e": lambda: mp.e, "1/7": lambda: mp.one / 7}


def s(a: Any) -> Any:
    return 1 / (1 + mp.exp(-a / 10))


def typed(text: str) -> Any:
    return POINT[text]() if text in POINT else mp.mpf(text)


def same(text: str, true: Any, digits: int) -> bool:
    """Whether so many digits of a text are right: it is off by half a unit of the last, or one that is rounded so."""
    number = mp.mpf(text)
    return bool(abs(number - true) <= abs(true) * mp.mpf(10) ** (1 - digits) * 0.501)


def words(text: str, point: dict[str, str], *more: str) -> list[str]:
    return ["eval", text, *(word for name, value in point.items() for word in (f"--{name}", value)), *more]


@pytest.mark.parametrize("digits", [18, 50, 300])
@pytest.mark.parametrize(("text", "function", "point"), CASES, ids=[text for text, _, _ in CASES])
def test_digits_are_right(text: str, function: Callable[..., Any], point: dict[str, str], digits: int) -> None:
    found = json.loads(run(words(text, point, "--json", "--digits", str(digits))).stdout)
    assert found["digits"] == digits
    assert found["warnings"] == []
    names = list(point)
    with mpmath.workdps(4 * digits + 3000):
        at = tuple(typed(value) for value in point.values())
        assert same(found["value"], function(*at), digits)
        for index, name in enumerate(names):
            orders = tuple(int(place == index) for place in range(len(names)))
            step = mp.mpf(10) ** -(digits + 20) * abs(at[index])
            true = mp.diff(function, at, orders, h=step) if len(at) > 1 else mp.diff(function, at[0], h=step)
            assert same(found["gradients"][name], true, digits), name
        for node in found["nodes"]:
            upstream = [
                mp.mpf(edge["downstream"])
                for user in found["nodes"]
                for edge in user["args"]
                if edge["node"] == node["id"] and edge["downstream"] is not None
            ]
            if upstream and node["upstream"] is not None:
                most = max(map(abs, upstream))
                assert abs(sum(upstream) - mp.mpf(node["upstream"])) <= most * len(upstream) * mp.mpf(10) ** (
                    1 - digits
                )


def test_what_is_far_below_the_others_is_not_taken_for_0() -> None:
    found = run(["eval", "exp(-x) + 1 - 1", "--x", "20000", "--digits", "20", "--only", "value"]).stdout
    with mpmath.workdps(30):
        assert same(found, mp.exp(-20000), 20)
    found = run(["eval", "max(x, x + 1e-2000)", "--x", "1", "--digits", "20", "--json"]).stdout
    locals_of = [edge["local"] for edge in json.loads(found)["nodes"][-1]["args"]]
    assert locals_of == ["0", "1"]


def test_functions_that_are_slow_in_high_precision() -> None:
    found = json.loads(
        run(["eval", "gamma(x)*lgamma(y)", "--x", "0.1", "--y", "7.3", "--json", "--digits", "30"]).stdout
    )
    with mpmath.workdps(90):
        x, y = mp.mpf("0.1"), mp.mpf("7.3")
        assert same(found["gradients"]["x"], mp.diff(mp.gamma, x, h=mp.mpf(10) ** -40) * mp.loggamma(y), 30)
        assert same(found["gradients"]["y"], mp.gamma(x) * mp.diff(mp.loggamma, y, h=mp.mpf(10) ** -40), 30)


def test_numbers_known_elsewhere() -> None:
    """OEIS A001113, A002193, A000796 (halved)."""
    e = "2.7182818284590452353602874713526624977572470937"  # 50 digits end with a 0
    assert run(["eval", "exp(1)", "--digits", "50", "--only", "value"]).stdout == e + "\n"
    root = "1.4142135623730950488016887242096980785696718753769"
    assert run(["eval", "sqrt(2)", "--digits", "50", "--only", "value"]).stdout == root + "\n"
    half = "1.5707963267948966192313216916397514420985846996876"
    assert run(["eval", "acos(0*x)", "--x", "1", "--digits", "50", "--only", "value"]).stdout == half + "\n"


def test_second_derivatives_and_directions() -> None:
    more = ["--hessian", "--direction", "x=0.1,y=1/3", "--json", "--digits", "60"]
    found = json.loads(run(words("x^3*exp(y*x)", {"x": "0.3", "y": "1.1"}, *more)).stdout)
    with mpmath.workdps(400):
        at = (mp.mpf("0.3"), mp.mpf("1.1"))

        def function(x: Any, y: Any) -> Any:
            return x**3 * mp.exp(y * x)

        for row, first in zip("xy", ((1, 0), (0, 1)), strict=True):
            for column, second in zip("xy", ((1, 0), (0, 1)), strict=True):
                orders = tuple(one + other for one, other in zip(first, second, strict=True))
                assert same(found["hessian"][row][column], mp.diff(function, at, orders, h=mp.mpf(10) ** -90), 60)
        length = (mp.mpf("0.1"), mp.one / 3)
        assert same(found["direction"]["y"], length[1], 60)
        along = mp.diff(lambda t: function(at[0] + t * length[0], at[1] + t * length[1]), 0, h=mp.mpf(10) ** -90)
        assert same(found["tangent"], along, 60)


def test_the_jacobian() -> None:
    argv = ["eval", "a = x*0.1; b = sin(a)", "--x", "0.2", "--outputs", "a,b", "--json", "--digits", "40"]
    found = json.loads(run(argv).stdout)
    with mpmath.workdps(60):
        assert same(found["jacobian"]["b"]["x"], mp.cos(mp.mpf("0.02")) / 10, 40)
        assert found["jacobian"]["a"]["x"] == "0.1"


@pytest.mark.parametrize("order", [1, 2, 5])
def test_diff_has_the_same_digits(order: int) -> None:
    argv = ["diff", "0.3*x^4*log(x)", "--order", str(order), "--x", "0.7", "--json", "--digits", "50"]
    found = json.loads(run(argv).stdout)
    with mpmath.workdps(700):
        true = mp.diff(lambda x: mp.mpf("0.3") * x**4 * mp.log(x), mp.mpf("0.7"), order, h=mp.mpf(10) ** -80)
        assert same(found["derivatives"][0]["value"], true, 50)


@pytest.mark.parametrize(
    ("text", "x", "code", "gradient"),
    [
        ("abs(x - 0.1 - 0.2)", "0.3", ["kink", "zero"], "0"),
        ("max(x, 0.3)", "0.1 + 0.2", ["kink"], "0.5"),
        ("max(x, x + 1e-30)", "1", [], "1"),
        ("sin(pi)*x", "1", ["zero"], "0"),
        ("abs(sin(pi*x))", "1", ["kink", "zero"], "0"),
        ("log(x)", "-1", ["domain"], "NaN"),
        ("1/x", "0", ["pole"], "-Infinity"),
        ("exp(exp(exp(x)))", "100", ["undecided"], "undecided"),
        ("exp(x)", "1e4", [], None),
    ],
)
def test_what_is_said(text: str, x: str, code: list[str], gradient: str | None) -> None:
    found = json.loads(run(words(text, {"x": x}, "--json", "--digits", "30")).stdout)
    assert sorted({one["code"] for one in found["warnings"]}) == code
    if gradient is not None:
        assert found["gradients"]["x"] == gradient


@pytest.mark.parametrize("text", ["abs(x)^2", "sqrt(x^4)", "relu(x)^3", "abs(x)"])
def test_second_derivatives_at_a_kink_are_those_of_doubles(text: str) -> None:
    fine, doubles = (
        json.loads(run(words(text, {"x": "0"}, "--hessian", "--json", *more)).stdout)["hessian"]["x"]["x"]
        for more in (["--digits", "30"], [])
    )
    assert float(fine) == doubles


def test_values_from_a_file_are_as_they_stand_there() -> None:
    argv = ["eval", "x - y", "--values", "-", "--digits", "30", "--only", "value"]
    text = b'{"x": 0.1000000000000000000001, "y": "1/10"}'
    assert run(argv, stdin=text).stdout == "1e-22\n"


def test_up_to_17_digits_are_those_of_doubles() -> None:
    argv = ["eval", "x - 0.1", "--x", "0.1000000000000000055511151231257827", "--only", "value", "--digits"]
    assert run([*argv, "17"]).stdout == "0.0\n"
    assert run([*argv, "20"]).stdout == "5.5511151231257827e-18\n"


def test_gradients_are_slopes_of_values(corpora: list[dict[str, Any]]) -> None:
    """Formulas of others: the gradient of 40 digits against a difference of values of 80."""
    checked = 0
    for line in corpora[::60]:
        program, point = parse(line["expr"]), line["vars"]
        fine = evaluate_program(program, point, digits=40)
        for name, gradient in fine.gradients.items():
            with mpmath.workdps(100):
                x = mp.mpf(repr(point[name]))
                step = (abs(x) or 1) * mp.mpf(10) ** -25
                ends = [mpmath.nstr(x + side * step, 90) for side in (1, -1)]
                values = [
                    mp.mpf(str(evaluate_program(program, {**point, name: Typed(end, point[name])}, digits=80).value))
                    for end in ends
                ]
                slope = (values[0] - values[1]) / (2 * step)
                size = max(abs(slope), abs(values[0] / step) * mp.mpf(10) ** -60)
                assert abs(mp.mpf(str(gradient)) - slope) <= size * mp.mpf(10) ** -30, (line["id"], name)
                checked += 1
    assert checked > 60


def test_what_is_compared_as_equal_is_told() -> None:
    report = cgraph_cli.evaluate("(sqrt(2) + sqrt(3))^7 == (5 + 2*sqrt(6))^3.5", digits=30)
    assert report.value == 1
    assert [(one.kind, one.word) for one in report.warnings] == [("equal numbers", "note")]
    (found,) = cgraph_cli.evaluate("(sqrt(2) + sqrt(3))^7 == (5 + 2*sqrt(6))^3.5").warnings
    assert found.code == "cancellation"


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("cos(x) - 1", lambda x: mp.cos(x) - 1),
        ("exp(x) - 1 - x", lambda x: mp.exp(x) - 1 - x),
        ("cos(x) - 1 + x^2/2 - x^4/24", lambda x: mp.cos(x) - 1 + x**2 / 2 - x**4 / 24),
    ],
)
@pytest.mark.parametrize("x", ["1e-300", "1e-1000"])
def test_powers_of_a_small_number_are_not_0(text: str, function: Callable[[Any], Any], x: str) -> None:
    found = evaluate_program(parse(text), {"x": Typed(x, float(x))}, digits=20)
    with mpmath.workdps(10_000):
        assert abs(mp.mpf(str(found.value)) / function(mp.mpf(x)) - 1) < 1e-19


INSIDE = [
    "max({x} - 0.1, 0.2)*{x}",
    "relu({x} - 0.1 - 0.2)^2",
    "relu({x} - 0.1 - 0.2)*{x}",
    "hypot({x} - 0.1 - 0.2, 0)",
    "leaky_relu({x} - 0.1 - 0.2)",
    "atan2({x} - 0.1 - 0.2, -1)",
    "where({x} - 0.1 > 0.2, {x}^2, {x})",
    "sign({x} - 0.1 - 0.2) + 1",
    "sqrt({x} - 0.1 - 0.2)",
    "1/({x} - 0.1 - 0.2)",
    "max(10*{x}, 3)*{x}",
    "max({x}, 1/3)*{x}",
]


@pytest.mark.parametrize("x", ["0.3", "0.300000000000000000000000001", "0.7"])
@pytest.mark.parametrize("text", INSIDE)
def test_inside_a_module_numbers_are_what_they_are_outside(text: str, x: str) -> None:
    module, plain = f"g(a) = {text.format(x='a')}; h(b) = g(b); h(x)", text.format(x="x")
    one, other = (cgraph_cli.evaluate(each, x=x, digits=30, hessian=True) for each in (module, plain))
    assert [str(one.value), str(one.gradients["x"])] == [str(other.value), str(other.gradients["x"])]
    assert str(one.hessian) == str(other.hessian)
    assert {found.code for found in one.warnings} == {found.code for found in other.warnings}


def test_a_kink_of_a_local_gradient_is_met_at_the_digits_that_are_asked_for() -> None:
    report = cgraph_cli.evaluate("huber(x, 0.1, 0.2)", x="0.3", digits=30, hessian=True)
    assert [one.kind for one in report.warnings if one.code == "kink"]
    beside = cgraph_cli.evaluate("huber(x, 0.1, 0.2)", x="0.30000000000000000000001", digits=30, hessian=True)
    assert not beside.warnings


LIMITS: list[tuple[str, Callable[[Any], Any], str]] = [
    ("sin(x)/x", lambda x: mp.sin(x) / x, "0"),
    ("(tan(x) - x)/x^3", lambda x: (mp.tan(x) - x) / x**3, "0"),
    ("(1 - cos(x^3))/x^6", lambda x: (1 - mp.cos(x**3)) / x**6, "0"),
    ("gamma(x) - 1/x", lambda x: mp.gamma(x) - 1 / x, "0"),
    ("1/gamma(x)", mp.rgamma, "-2"),
    ("(x - 0.1)/(x^2 - 0.01)", lambda x: 1 / (x + mp.one / 10), "0.1"),  # which doubles have no 0/0 of
]


@pytest.mark.parametrize(("text", "function", "at"), LIMITS, ids=[text for text, _, _ in LIMITS])
def test_what_is_nan_has_limits_to_so_many_digits(text: str, function: Callable[[Any], Any], at: str) -> None:
    found = json.loads(run(words(text, {"x": at}, "--json", "--digits", "25")).stdout)
    limits = {"wrt" in one: one["true_value"] for one in found["warnings"] if "its limit is" in one["message"]}
    assert found["value"] == found["gradients"]["x"] == "NaN"
    assert limits.keys() == {False, True}
    with mpmath.workdps(400):
        beside = mp.mpf(at) + mp.mpf("1e-40")
        for of_gradient, true in ((False, function(beside)), (True, mp.diff(function, beside, h=mp.mpf("1e-60")))):
            if abs(true) < mp.mpf("1e-30"):
                assert limits[of_gradient] == "0"
            else:
                assert same(limits[of_gradient], true, 25)


@pytest.mark.parametrize("text", ["sin(1/x)", "abs(x)/x", "1/(1 + exp(1/x))"])
def test_what_jumps_or_swings_has_no_limit(text: str) -> None:
    found = json.loads(run(words(text, {"x": "0"}, "--json", "--digits", "25")).stdout)
    assert found["gradients"]["x"] == "NaN"
    assert not any("its limit is" in one["message"] for one in found["warnings"])
