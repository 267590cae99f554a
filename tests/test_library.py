"""The library: what a program that imports cgraph_cli can rely on."""

from __future__ import annotations

import copy
import doctest
import gc
import inspect
import json
import math
import pickle
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import pytest
from harness import run

import cgraph_cli
from cgraph_cli import errors
from cgraph_cli.graph.graph import Graph


def test_keyword_arguments_and_a_dict_give_the_same() -> None:
    by_name = cgraph_cli.evaluate("(x+y)*z", x=-2, y=5, z=-4)
    by_dict = cgraph_cli.evaluate("(x+y)*z", {"x": -2, "y": 5, "z": -4})
    both = cgraph_cli.evaluate("(x+y)*z", {"x": -2}, y=5, z=-4)
    for report in (by_name, by_dict, both):
        assert report.value == -12.0
        assert report.gradients == {"x": -4.0, "y": -4.0, "z": 3.0}
        assert report.variables == {"x": -2.0, "y": 5.0, "z": -4.0}
        assert [node.label for node in report.nodes] == ["x", "y", "z", "v1", "f"]


@pytest.mark.parametrize("name", ["lambda", "in", "sin", "e", "pi", "self", "values", "outputs", "expand", "変数", "f"])
def test_any_name_in_a_dict(name: str) -> None:
    report = cgraph_cli.evaluate(f"{name}^2", {name: 3})
    assert (report.value, report.gradients) == (9.0, {name: 6.0})


def test_constants_are_variables_only_where_they_are_given() -> None:
    expression = cgraph_cli.parse("e*x + pi")
    assert expression.variables == ["x"]
    assert expression.names == ["e", "x", "pi"]
    assert expression.evaluate(x=1).gradients == {"x": math.e}
    assert expression.evaluate(x=1, e=2).gradients == {"e": 1.0, "x": 2.0}
    assert expression.evaluate(x=1, e=2, pi=0).value == 2.0
    assert expression.evaluate(x=1).value == math.e + math.pi


def test_a_constant_that_is_asked_for_is_a_variable_and_stays_one() -> None:
    differentiate = cgraph_cli.differentiate
    assert str(differentiate("e^x", "x")) == "exp(x)"
    first = differentiate("e^x*y", "x", variables=["e"])
    assert set(first.variables) == {"e", "x", "y"}
    assert first.evaluate(e=2, x=3, y=5).value == pytest.approx(40 * math.log(2), rel=1e-15)
    with pytest.raises(errors.MissingVariableError, match="`e`"):
        first.evaluate(x=3, y=5)
    again = first.differentiate("x")
    assert again.evaluate(e=2, x=3, y=5).value == pytest.approx(40 * math.log(2) ** 2, rel=1e-15)
    assert str(differentiate("e*x^2", "e")) == "x^2"
    assert {name: str(one) for name, one in differentiate("e*x^2", ("x", "e")).items()} == {"x": "2*e*x", "e": "x^2"}
    assert str(differentiate("pi*x", "x", variables={"pi", "unused"})) == "pi"
    by_all = differentiate("e*x*y", variables=["e"])
    assert {name: str(one) for name, one in by_all.items()} == {"e": "x*y", "x": "e*y", "y": "e*x"}


def test_a_mapping_may_hold_more_than_is_needed_but_keywords_may_not() -> None:
    row = {"x": 2, "y": 3, "id": "a7", None: ["rest"], "z": math.nan}
    derivative = cgraph_cli.differentiate("x^2 + y", "x")
    assert derivative.evaluate(row).value == 4.0
    assert cgraph_cli.evaluate("x^2 + y", row).gradients == {"x": 4.0, "y": 1.0}
    assert cgraph_cli.evaluate("q = 2*x; q*y", {**row, "q": "not used"}).value == 12.0
    with pytest.raises(errors.UnknownVariableError, match="no variable `q`"):
        cgraph_cli.evaluate("x", row, q=1)
    with pytest.raises(errors.MissingVariableError, match="no value for `w`"):
        cgraph_cli.evaluate("x*w", row)


def test_parse_once_evaluate_often(monkeypatch: pytest.MonkeyPatch) -> None:
    from cgraph_cli import library
    from cgraph_cli.library import expression as expressions

    calls = []
    parse, build = library.parse_program, expressions.build
    monkeypatch.setattr(library, "parse_program", lambda *args: calls.append("parse") or parse(*args))
    monkeypatch.setattr(expressions, "build", lambda *args, **options: calls.append("build") or build(*args, **options))
    expression = cgraph_cli.parse("sin(x)*e + y")
    values = [expression.evaluate(x=number / 10, y=1).value for number in range(5)]
    assert len(set(values)) == 5
    assert calls == ["parse", "build"]
    expression.evaluate(x=1, y=2, e=3)  # another set of variables is another graph
    expression.evaluate(x=2, y=2, e=4)
    assert calls == ["parse", "build", "build"]


def test_differentiate_and_again() -> None:
    first = cgraph_cli.differentiate("x^3*y", "x")
    second = first.differentiate("x")
    mixed = first.differentiate("y")
    by_each = cgraph_cli.differentiate("x^3*y", ["y", "x"], order=2)
    third = cgraph_cli.differentiate(second, "x")
    point = {"x": 2.0, "y": 5.0}
    assert first.evaluate(point).value == cgraph_cli.evaluate("x^3*y", point).gradients["x"]
    assert second.evaluate(point).value == first.evaluate(point).gradients["x"]
    assert [*by_each] == ["y", "x"]
    assert by_each["x"].evaluate(point).value == second.evaluate(point).value
    assert by_each["y"].evaluate(point).value == 0
    assert mixed.evaluate(x=2).value == first.evaluate(point).gradients["y"]
    assert third.evaluate(y=5).value == second.evaluate(point).gradients["x"]
    assert cgraph_cli.parse(str(first)).evaluate(point).value == first.evaluate(point).value


def test_the_options_of_evaluate() -> None:
    report = cgraph_cli.evaluate("x*y^2", x=1, y=2, hessian=True, direction={"x": 1, "y": 0})
    assert report.hessian == {"x": {"x": 0.0, "y": 4.0}, "y": {"x": 4.0, "y": 2.0}}
    assert report.tangent == report.gradients["x"]
    outputs = cgraph_cli.evaluate("f = x*y; g = x + y", x=1, y=2, outputs=["f", "g"])
    assert outputs.jacobian == {"f": {"x": 2.0, "y": 1.0}, "g": {"x": 1.0, "y": 1.0}}
    assert outputs.values == {"f": 2.0, "g": 3.0}
    swapped = cgraph_cli.evaluate("mse(p, t)", p=1, t=3, replace={"mse": "mae"})
    assert swapped.value == 2.0
    assert len(cgraph_cli.evaluate("mse(p, t)", p=1, t=3, expand=True).nodes) > 3


def test_values_of_many_types() -> None:
    from fractions import Fraction

    assert cgraph_cli.evaluate("x", x=Fraction(1, 2)).value == 0.5
    assert cgraph_cli.evaluate("x", x=True).value == 1.0
    assert cgraph_cli.evaluate("x", x="2.5").value == 2.5
    assert cgraph_cli.evaluate("x", x=10**400).value == math.inf
    assert cgraph_cli.evaluate("x", x=-(10**400)).value == -math.inf


def test_nodes_are_a_sequence() -> None:
    nodes = cgraph_cli.evaluate("(x+y)*z", x=-2, y=5, z=-4).nodes
    assert len(nodes) == 5
    assert nodes[-1] == nodes[4]
    assert [node.id for node in nodes[1:3]] == [1, 2]
    with pytest.raises(IndexError):
        nodes[5]
    with pytest.raises(IndexError):
        nodes[-6]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: cgraph_cli.evaluate("x y"), errors.ExpressionSyntaxError),
        (lambda: cgraph_cli.evaluate("sine(x)", x=1), errors.UnknownFunctionError),
        (lambda: cgraph_cli.evaluate("max()"), errors.ArityError),
        (lambda: cgraph_cli.evaluate("x = 1; x = 2"), errors.DefinitionError),
        (lambda: cgraph_cli.evaluate("x + y", x=1), errors.MissingVariableError),
        (lambda: cgraph_cli.evaluate("x", x=1, y=2), errors.UnknownVariableError),
        (lambda: cgraph_cli.evaluate("x", x="one"), errors.InvalidValueError),
        (lambda: cgraph_cli.evaluate("x", x=None), errors.InvalidValueError),
        (lambda: cgraph_cli.evaluate("x", x=1j), errors.InvalidValueError),
        (lambda: cgraph_cli.evaluate("x", {"x": 1}, x=2), errors.InvalidValueError),
        (lambda: cgraph_cli.evaluate("x", x=1, direction={"y": 1}), errors.UnknownVariableError),
        (lambda: cgraph_cli.evaluate("x", x=1, outputs=["g"]), errors.UnknownVariableError),
        (lambda: cgraph_cli.differentiate("x", "y"), errors.UnknownVariableError),
        (lambda: cgraph_cli.parse(""), errors.ExpressionSyntaxError),
    ],
)
def test_errors(call: object, error: type[errors.CgraphError]) -> None:
    with pytest.raises(error) as caught:
        call()  # type: ignore[operator]
    assert isinstance(caught.value, cgraph_cli.CgraphError)
    assert str(caught.value).startswith(caught.value.message)
    assert caught.value.as_dict()["code"] == error.code
    if caught.value.span is not None:
        assert caught.value.source is not None
        assert 0 <= caught.value.span.start < caught.value.span.end or caught.value.source == ""


def test_an_error_as_text_has_its_place_and_its_help() -> None:
    with pytest.raises(errors.CgraphError) as caught:
        cgraph_cli.parse("변수 + 2x")
    assert str(caught.value) == (
        "a product needs its sign: there is no implicit multiplication\n\n  변수 + 2x\n         ^^\n\nhelp: write 2*x"
    )
    with pytest.raises(errors.CgraphError) as caught:
        cgraph_cli.evaluate("x", x=1, y=2)
    assert "^" not in str(caught.value)


def test_codes_are_stable() -> None:
    """Programs compare them: a code is added, never changed."""
    codes = {cls.__name__: cls.code for cls in vars(errors).values() if inspect.isclass(cls) and hasattr(cls, "code")}
    assert codes == {
        "CgraphError": "error",
        "ExpressionSyntaxError": "syntax",
        "UnknownFunctionError": "unknown_function",
        "ArityError": "wrong_number_of_arguments",
        "DefinitionError": "definition",
        "MissingVariableError": "missing_variable",
        "UnknownVariableError": "unknown_variable",
        "InvalidValueError": "invalid_value",
        "UsageError": "usage",
        "FileError": "file",
        "MissingExtraError": "missing_extra",
        "StrictError": "strict",
        "KinkError": "kink",
        "TooLargeError": "too_large",
    }


def test_public_names_exist_and_are_documented() -> None:
    assert {"CgraphError", "Expression", "Report", "differentiate", "evaluate", "parse"} <= set(cgraph_cli.__all__)
    assert dir(cgraph_cli) == sorted(cgraph_cli.__all__)
    for name in cgraph_cli.__all__:
        thing = getattr(cgraph_cli, name)
        assert name == "__version__" or inspect.getdoc(thing), name
    with pytest.raises(AttributeError):
        cgraph_cli.nothing  # noqa: B018


def test_the_example_of_the_docstring() -> None:
    result = doctest.testmod(cgraph_cli)
    assert result.attempted > 0
    assert result.failed == 0


PROGRAM = """
from typing import assert_type
import cgraph_cli
from cgraph_cli import Expression, Report

one = cgraph_cli.parse("x*y")
assert_type(one, Expression)
assert_type(one.evaluate({"x": 1}, y=2, hessian=True), Report)
assert_type(cgraph_cli.evaluate(one, x=1, y=2).gradients, dict[str, float])
assert_type(one.differentiate("x", order=2, simplify=False), Expression)
assert_type(one.differentiate(["x", "y"], variables=["e"]), dict[str, Expression])
assert_type(cgraph_cli.differentiate("x*y", "x", order=2), Expression)
assert_type(cgraph_cli.differentiate(one, ("x", "y"), simplify=True), dict[str, Expression])
assert_type(cgraph_cli.differentiate("x*y"), dict[str, Expression])
assert_type(one.differentiate(variables=["e"]), dict[str, Expression])
assert_type(one.function(["x"])(1.0), tuple[float, tuple[float, ...]])
one.differentiate("x", ordre=2)  # wrong
cgraph_cli.differentiate("x*y", "x", order="2")  # wrong
cgraph_cli.differentiate("x*y", 3)  # wrong
"""


def test_a_users_program_has_the_types_of_what_it_calls(tmp_path: Path) -> None:
    api = pytest.importorskip("mypy.api", reason="mypy is not installed")
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    config = Path(__file__).parent.parent / "pyproject.toml"
    said, trouble, _ = api.run(["--strict", f"--config-file={config}", str(path)])
    wrong = {int(line.split(":")[1]) for line in said.splitlines() if ": error:" in line}
    assert trouble == ""
    assert wrong == {number for number, line in enumerate(PROGRAM.splitlines(), 1) if "# wrong" in line}, said


def test_an_expression_at_a_prompt_is_its_formula() -> None:
    assert repr(cgraph_cli.parse("q=x+y;q^2")) == "q = x + y; q^2"
    assert repr(cgraph_cli.differentiate("x^2*y", ["x", "y"])) == "{'x': 2*x*y, 'y': x^2}"
    assert repr(cgraph_cli.parse("+".join(["x"] * 1000))).endswith("...")
    assert len(repr(cgraph_cli.parse("+".join(["x"] * 1000)))) == 1000


def test_a_name_is_the_same_however_its_accents_are_typed() -> None:
    composed, decomposed = "\u00e9", "e\u0301"
    report = cgraph_cli.evaluate(f"{decomposed}*x\u0302 + {composed}", {composed: 2, "x\u0302": 3})
    assert report.gradients == {composed: 4.0, "x\u0302": 2.0}
    assert cgraph_cli.evaluate(composed, {decomposed: 2}).value == 2.0
    assert cgraph_cli.evaluate("दूरी/2", {"दूरी": 3}).gradients == {"दूरी": 0.5}


def test_a_direction_is_read_as_values_are() -> None:
    report = cgraph_cli.evaluate("e\u0301*x", {"é": 3, "x": 2}, direction={"e\u0301": 1}, outputs=None)
    assert report.tangent == 2
    assert cgraph_cli.evaluate("x^2", x=3, direction={}).tangent is None
    assert cgraph_cli.evaluate("e*x", {"e": 3, "x": 2}, direction={"e": 1}).tangent == 2
    with pytest.raises(errors.MissingVariableError, match="no value for `e`"):
        cgraph_cli.evaluate("e*x", x=3, direction={"e": 1})
    with pytest.raises(errors.InvalidValueError, match="the value of `x` is not a number: 'a'"):
        cgraph_cli.evaluate("x^2", x=3, direction={"x": "a"})


def test_a_missing_value_is_asked_for_as_python_gives_it() -> None:
    with pytest.raises(errors.MissingVariableError) as caught:
        cgraph_cli.evaluate("x*y", x=1)
    assert str(caught.value) == "no value for `y`\n\n  x*y\n    ^\n\nhelp: give y=VALUE"
    with pytest.raises(errors.MissingVariableError, match=r"help: give x$"):
        cgraph_cli.parse("x*y").function(["y"])


@pytest.mark.parametrize("collecting", [True, False])
def test_the_garbage_collector_is_quiet_while_a_graph_is_made_and_then_as_it_was(collecting: bool) -> None:
    text = "+".join(f"sin(x{number})" for number in range(3000))
    point = {f"x{number}": 1.0 for number in range(3000)}
    seen: list[str] = []
    was = gc.isenabled()
    (gc.enable if collecting else gc.disable)()
    gc.collect()
    gc.callbacks.append(lambda phase, info: seen.append(phase))
    try:
        expression = cgraph_cli.parse(text)
        expression.graph()
        during = len(seen)
        expression.evaluate(point)
        with pytest.raises(cgraph_cli.CgraphError):
            cgraph_cli.parse(text + "+")
        assert gc.isenabled() is collecting
    finally:
        gc.callbacks.pop()
        (gc.enable if was else gc.disable)()
    assert during <= 2, "one collection may begin between the two calls"


def test_digits_are_those_of_high_precision() -> None:
    expression = cgraph_cli.parse("sin(0.1*x)^2/y")
    report = expression.evaluate(x="0.3", y=Decimal("1e-400"), digits=50, hessian=True, direction={"y": Fraction(1, 3)})
    with mpmath.workdps(80):
        x, y = mpmath.mpf(3) / 10, mpmath.mpf(10) ** -400
        sine, cosine = mpmath.sin(x / 10), mpmath.cos(x / 10)
        expected = {
            "value": sine**2 / y,
            "gradient": sine * cosine / 5 / y,
            "second": -sine * cosine / 5 / y**2,
            "tangent": -(sine**2) / y**2 / 3,
        }
        assert report.hessian is not None
        assert report.tangent is not None
        found = [report.value, report.gradients["x"], report.hessian["x"]["y"], report.tangent]
        for (name, true), number in zip(expected.items(), found, strict=True):
            assert mpmath.almosteq(mpmath.mpf(str(number)), true, 1e-49), name
    assert expression.evaluate(x=0.3, y=2).value == cgraph_cli.evaluate("sin(0.1*x)^2/y", x=0.3, y=2).value
    assert str(cgraph_cli.evaluate("x - 0.1 - 0.2", x=0.3, digits=20).value) == "0"
    assert str(cgraph_cli.differentiate("x^2*y", "x").evaluate(x="0.1", y=10**30, digits=40).value) == "2e29"
    assert str(cgraph_cli.evaluate("x/3", {"x": 1}, digits=5).value) == "0.33333"
    assert cgraph_cli.evaluate("digits^2", {"digits": 3}).value == 9


@pytest.mark.parametrize("digits", [0, -1, 1001, "5", 2.5])
def test_digits_that_nobody_has_are_refused(digits: object) -> None:
    with pytest.raises(errors.InvalidValueError, match="a whole number from 1 to 1000"):
        cgraph_cli.evaluate("x", {"x": 1}, digits=digits)


def test_digits_are_of_numbers_that_say_theirs() -> None:
    with mpmath.workdps(50), pytest.raises(errors.InvalidValueError, match="give it as a text"):
        cgraph_cli.evaluate("x", {"x": mpmath.mpf(1) / 3}, digits=30)
    with pytest.raises(errors.InvalidValueError, match="not a number: 'abc'"):
        cgraph_cli.evaluate("x", {"x": "abc"}, digits=30)
    with pytest.raises(errors.UsageError, match="either `kink` or `digits`"):
        cgraph_cli.evaluate("abs(x)", x=0, digits=30, kink="left")


def test_a_quiz_is_that_of_the_command_line() -> None:
    quiz = cgraph_cli.parse("(x+y)*z").quiz("anna", {"z": 2}, blank=["local"])
    shown = json.loads(run(["quiz", "(x+y)*z", "--seed", "anna", "--z", "2", "--blank", "local", "--json"]).stdout)
    assert quiz.members["variables"] == shown["variables"]
    assert quiz.members["blanks"] == shown["blanks"]
    assert quiz.members["given"] == ["z"]
    assert cgraph_cli.parse("x*y").quiz(1).members["variables"] == cgraph_cli.parse("x*y").quiz().members["variables"]
    with pytest.raises(errors.UnknownVariableError):
        cgraph_cli.parse("x*y").quiz(1, q=3)
    with pytest.raises(errors.UsageError):
        cgraph_cli.parse("x*y").quiz(1, blank=["tangent"])


def test_the_derivatives_by_every_variable_of_a_sum_take_work_in_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = 0

    def arguments(graph: Graph, node: int, _arguments: Callable[..., Any] = Graph.arguments) -> Any:
        nonlocal looked
        looked += 1
        return _arguments(graph, node)

    monkeypatch.setattr(Graph, "arguments", arguments)
    work = []
    for terms in (50, 200):
        looked = 0
        cgraph_cli.differentiate("+".join(f"sin(x{i}*x{i + 1})" for i in range(terms)))
        work.append(looked)
    assert work[1] < 5 * work[0]


def test_a_variable_that_is_gone_from_a_derivative_is_one_still() -> None:
    by_y = cgraph_cli.differentiate("x^2 + y", "y")
    assert str(by_y) == "1"
    assert str(by_y.differentiate("x")) == str(by_y.differentiate("x").differentiate("y")) == "0"
    assert {name: str(one) for name, one in by_y.differentiate(["x", "y"]).items()} == {"x": "0", "y": "0"}
    for wrong in (by_y, cgraph_cli.parse("x^2 + y")):
        with pytest.raises(errors.UnknownVariableError):
            wrong.differentiate("z")


EVERY_SIGN = "g(a) = max(a, 1)*a - 1; q = g(x)/y; f = -q^2*exp(-y) + x/(-2)"


@pytest.mark.parametrize("copied", [lambda one: pickle.loads(pickle.dumps(one)), copy.deepcopy, copy.copy])
def test_results_can_be_pickled_and_copied(copied: Callable[[Any], Any]) -> None:
    expression = cgraph_cli.parse(EVERY_SIGN)
    point = {"x": 2.0, "y": 3.0}
    report = expression.evaluate(point, hessian=True, direction={"x": 1}, outputs=["q", "f"])
    for one in (
        report,
        expression.evaluate(point, digits=40),
        expression.check(point),
        expression.mark({"x": "1"}, point),
        expression.sample(20),
        expression.rewrite(point),
        expression.differentiate(),
        cgraph_cli.parse("x*y + z").quiz("anna"),
    ):
        other = copied(one)
        assert type(other) is type(one)
        assert repr(other) == repr(one)
        assert other._repr_html_() == one._repr_html_()
    again = copied(report)
    assert (again.gradients, again.hessian, again.jacobian) == (report.gradients, report.hessian, report.jacobian)
    other = copied(expression)
    assert other.evaluate(point).gradients == report.gradients
    assert str(other.differentiate("y")) == str(expression.differentiate("y"))


def test_of_a_large_graph_the_report_can_be_pickled() -> None:
    text = " + ".join(f"x{index}*x{index + 1}" for index in range(6000))
    report = cgraph_cli.evaluate(text, {f"x{index}": index / 7 for index in range(6001)})
    again = pickle.loads(pickle.dumps(report))
    assert again.gradients == report.gradients
    assert list(again.graph.args) == list(report.graph.args)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda one: one.evaluate(x=0, kink="foo"), "`kink` is one of zero, left, right, mean, error, not 'foo'"),
        (lambda one: one.differentiate("x", order=2.5), "`order` is a whole number from 0, not 2.5"),
        (lambda one: one.differentiate("x", order="2"), "`order` is a whole number from 0, not '2'"),
        (lambda one: one.differentiate(3), "`wrt` is a name or a list of names, not 3"),
        (lambda one: one.evaluate(x=0, outputs=[]), "`outputs` is a name or a list of names"),
        (lambda one: one.evaluate(x=0, direction="x"), "`direction` is a dict by names, not 'x'"),
        (lambda one: one.evaluate([("x", 1)]), "`values` is a dict by names"),
        (lambda one: one.evaluate(x=0, replace=["tanh"]), "`replace` is a dict by names"),
        (lambda one: one.sample(0), "`count` is a whole number from 1, not 0"),
        (lambda one: one.sample(2.5), "`count` is a whole number from 1, not 2.5"),
        (lambda one: one.sample(5, ranges={"x": (1,)}), "`x` has a pair of numbers"),
        (lambda one: one.mark({"x": "1"}, x=0, ranges={"x": "0:1"}), "`x` has a pair of numbers, not '0:1'"),
        (lambda one: one.uncertainty(x=(5, 0.02, 1)), "`x` has a pair of numbers, not (5, 0.02, 1)"),
        (lambda one: one.uncertainty(x=(5, 0.1), correlation={"V,I": 0.2}), "by pairs of names"),
        (lambda one: one.function(3), "`names` is a name or a list of names, not 3"),
        (lambda one: one.quiz(blank="nothing"), "nothing"),
        (lambda one: cgraph_cli.parse(3), "an expression is a text, not 3"),
        (lambda one: cgraph_cli.evaluate(None), "an expression is a text, not None"),
        (lambda one: cgraph_cli.parse("x", max_nodes=0), "`max_nodes` is a whole number from 1, not 0"),
    ],
)
def test_a_wrong_option_is_an_error_that_names_it(wrong: Callable[[Any], object], said: str) -> None:
    with pytest.raises(cgraph_cli.CgraphError) as caught:
        wrong(cgraph_cli.parse("abs(x)"))
    assert said in str(caught.value)


def test_one_name_is_a_name_and_not_its_letters() -> None:
    expression = cgraph_cli.parse("rate = x^2; y = rate + x")
    assert expression.evaluate(x=3, outputs="rate").value == 9
    assert cgraph_cli.parse("2*rate").function("rate")(3.0) == (6.0, (2.0,))
    assert cgraph_cli.parse("3*x").differentiate("x").function([])() == (3.0, ())
    assert cgraph_cli.parse("2*rate + x").sample(5, wrt="rate").passed
    assert {place.part for place in cgraph_cli.parse("x*y*z").quiz(blank="upstream").places} == {"upstream"}


def test_a_name_that_is_an_option_is_asked_for_in_a_dict() -> None:
    with pytest.raises(errors.MissingVariableError, match=r'give \{"digits": VALUE\}'):
        cgraph_cli.evaluate("2*digits", digits=3)


def test_numbers_of_other_libraries_are_taken_for_what_they_are() -> None:
    np = pytest.importorskip("numpy")
    product = cgraph_cli.parse("x*y").function()
    assert product(np.int8(100), np.int8(100)) == (10000.0, (100.0, 100.0))
    assert product(np.float32(0.1), 3.0) == cgraph_cli.parse("x*y").function()(float(np.float32(0.1)), 3.0)
    assert type(product(np.float64(2), np.float64(3))[0]) is float
    assert product(Fraction(1, 2), Decimal("0.5"))[0] == 0.25
    assert cgraph_cli.evaluate("x - 9007199254740992", x=np.int64(2**53 + 1), digits=30).value == 1
    assert cgraph_cli.evaluate("x", x=10**5000, digits=20).value == 10**5000
    for wrong in (np.complex128(1 + 2j), 1j, b"3", bytearray(b"3"), np.array([1.0, 2.0]), None, "abc"):
        with pytest.raises(errors.InvalidValueError, match="is not a number"):
            cgraph_cli.evaluate("x^2", {"x": wrong})
        with pytest.raises(errors.InvalidValueError, match="is not a number"):
            product(wrong, 2.0)
