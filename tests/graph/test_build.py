"""Expression to graph: sharing, modules, --replace, --expand, names, and everything that can be wrong."""

from __future__ import annotations

import pytest
from invariants import check

from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.errors import (
    ArityError,
    CgraphError,
    DefinitionError,
    MissingVariableError,
    TooLargeError,
    UnknownFunctionError,
    UnknownVariableError,
    UsageError,
)
from cgraph_cli.graph.build import Reading, build, check_values, variables_of
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph
from cgraph_cli.limits import DEEPEST
from cgraph_cli.report.words import Description
from cgraph_cli.syntax.parser import parse


def graph_of(text: str, replace: dict[str, str] | None = None, **options: object) -> Graph:
    graph = build(parse(text), Reading(replace=tuple((replace or {}).items()), **options))  # type: ignore[arg-type]
    check(graph)
    return graph


def operations(graph: Graph) -> list[str]:
    return [op.name for op in graph.ops if op not in (VARIABLE, CONSTANT)]


def result(graph: Graph, **values: float) -> dict[str, float]:
    at = forward(graph, values)
    found = backward(graph, at, graph.output)
    return {"f": at[graph.output]} | {name: found.upstream[node] for name, node in graph.variables.items()}


# --- the graph as typed --------------------------------------------------------------------------------------------


def test_the_worked_example() -> None:
    graph = graph_of("q = x + y; q*z")
    assert operations(graph) == ["add", "mul"]
    assert list(Description(graph).labels) == ["x", "y", "z", "q", "f"]
    assert result(graph, x=-2.0, y=5.0, z=-4.0) == {"f": -12.0, "x": -4.0, "y": -4.0, "z": 3.0}


def test_variables_are_shared_and_subexpressions_are_not() -> None:
    graph = graph_of("sin(x*y) + cos(x*y)")
    assert operations(graph).count("mul") == 2
    assert list(graph.variables) == ["x", "y"]
    assert operations(graph_of("p = x*y; sin(p) + cos(p)")).count("mul") == 1


def test_constants_are_nodes_without_a_gradient() -> None:
    graph = graph_of("2*x + pi + -3")
    assert sorted(graph.constants.values()) == [-3.0, 2.0, 3.141592653589793]
    assert not any(graph.has_gradient[node] for node in graph.constants)


def test_a_given_name_is_a_variable_whatever_it_is_called() -> None:
    program = parse("e*pi + sin + lambda")
    assert variables_of(program) == ["sin", "lambda"]
    graph = build(program, Reading(frozenset({"e", "sin"})))
    assert list(graph.variables) == ["e", "sin", "lambda"]
    assert result(graph, e=2.0, sin=0.0, **{"lambda": 1.0})["e"] == pytest.approx(3.14159265)


def test_labels_skip_names_in_use() -> None:
    labels = list(Description(graph_of("v1*x + sin(v1) + f")).labels)
    assert labels == ["v1", "x", "f", "v2", "v3", "v4", "F"]


def test_spans_point_at_the_source() -> None:
    text = "q = (x + y)*2; sin(q)^2"
    graph = graph_of(text)
    shown = [text[graph.starts[n] : graph.ends[n]] for n, op in enumerate(graph.ops) if op is not VARIABLE]
    assert shown == ["x + y", "2", "(x + y)*2", "sin(q)", "2", "sin(q)^2"]


def test_outputs_by_name() -> None:
    graph = graph_of("a = x + y; b = x*y; a/b", outputs=["b", "a"])
    assert list(graph.outputs) == ["b", "a"]
    with pytest.raises(UnknownVariableError, match="no statement gives `c` a value"):
        graph_of("a = x; a", outputs=["c"])


# --- modules: one node, or the inside ------------------------------------------------------------------------------


def test_a_module_is_one_node() -> None:
    text = "sigma(a) = 1/(1 + exp(-a)); sigma(w*x + b)"
    assert operations(graph_of(text)) == ["mul", "add", "sigma"]
    assert operations(graph_of(text, expand=True)) == ["mul", "add", "neg", "exp", "add", "div"]


def test_a_module_may_hide_a_function_and_use_others() -> None:
    text = "mse(p, t) = abs(p - t); loss(p) = mse(p, 1)*2; loss(x) + mse(x, y)"
    assert operations(graph_of(text)) == ["loss", "mse", "add"]
    assert result(graph_of(text), x=3.0, y=1.0) == {"f": 6.0, "x": 3.0, "y": -1.0}


def test_parameters_do_not_see_the_program_and_the_program_does_not_see_them() -> None:
    graph = graph_of("g(a) = a^2; a = x + 1; g(a) + g(x)")
    assert list(graph.variables) == ["x"]
    assert result(graph, x=2.0) == {"f": 13.0, "x": 10.0}


# --- --replace -----------------------------------------------------------------------------------------------------


def shape(graph: Graph) -> list[tuple[str, list[int]]]:
    return [(op.name, list(graph.arguments(node))) for node, op in enumerate(graph.ops)]


def test_replace_changes_only_that_node() -> None:
    text = "p = sigmoid(w*x + b); mse(p, t) + 0.1*w^2"
    before, after = shape(graph_of(text)), shape(graph_of(text, replace={"mse": "cross_entropy"}))
    assert len(before) == len(after)
    assert [(one[0], other[0]) for one, other in zip(before, after, strict=True) if one != other] == [
        ("mse", "cross_entropy")
    ]


@pytest.mark.parametrize("replace", [{"mse": "bce"}, {"mse": "mine"}, {"mine": "mse"}])
def test_replace_by_an_alias_or_a_module(replace: dict[str, str]) -> None:
    graph = graph_of("mine(p, t) = abs(p - t); mse(x, y) + mine(x, y)", replace=replace)
    old, new = next(iter(replace.items()))
    assert old not in operations(graph)
    assert {"bce": "cross_entropy"}.get(new, new) in operations(graph)


def test_replace_reaches_into_modules() -> None:
    text = "act(a) = relu(a); act(x)"
    assert result(graph_of(text, replace={"relu": "tanh"}), x=0.5)["f"] == pytest.approx(0.46211715726)


@pytest.mark.parametrize(
    ("replace", "error", "message"),
    [
        ({"mse": "relu"}, ArityError, "`relu` takes 1 argument, not 2"),
        ({"mse": "crossentropy"}, UnknownFunctionError, "there is no function `crossentropy`"),
        ({"mae": "mse"}, UsageError, "the expression does not call `mae`"),
    ],
)
def test_replace_says_what_is_wrong(replace: dict[str, str], error: type[CgraphError], message: str) -> None:
    with pytest.raises(error, match=message):
        graph_of("mse(x, y)", replace=replace)


# --- what can be wrong ---------------------------------------------------------------------------------------------

WRONG = [
    ("sine(x)", UnknownFunctionError, "there is no function `sine`", "did you mean `sin`?", "sine"),
    ("x + Max(x, y)", UnknownFunctionError, "there is no function `Max`", "did you mean `max`?", "Max"),
    ("q(x)", UnknownFunctionError, "there is no function `q`", "q*(...)", "q"),
    ("pi(x)", UnknownFunctionError, "there is no function `pi`", "pi*(...)", "pi"),
    ("2*xyzzy(x)", UnknownFunctionError, "there is no function `xyzzy`", "cgraph functions", "xyzzy"),
    ("a = g(x); g(b) = b; a", UnknownFunctionError, "`g` is used before it is defined", "earlier statement", "g"),
    ("sin(x, y)", ArityError, "`sin` takes 1 argument, not 2", "sin(x)", "sin(x, y)"),
    ("1 + max()", ArityError, "`max` takes at least 1 argument, not 0", "max(x, ...)", "max()"),
    ("atan2(x)", ArityError, "`atan2` takes 2 arguments, not 1", "atan2(y, x)", "atan2(x)"),
    ("huber(x)", ArityError, "`huber` takes 2 to 3 arguments, not 1", "d is 1 unless given", "huber(x)"),
    ("g(a, b) = a; g(x)", ArityError, "`g` takes 2 arguments, not 1", "g(a, b)", "g(x)"),
    ("g(a) = g(a - 1); g(x)", DefinitionError, "calls itself", None, "g"),
    ("g(a) = a + y; g(x)", DefinitionError, "knows only its arguments, not `y`", "g(a, y) = ...", "y"),
    ("g(a) = a; g(b) = b; g(x)", DefinitionError, "already defined", None, "g"),
    ("q = x; q = y; q", DefinitionError, "`q` already has a value", "one value", "q"),
    ("x + y; x*y", DefinitionError, "no name and is not the last", "q = ...", "x + y"),
    ("a = b + 1; b = 2; a", DefinitionError, "`b` is used before it gets its value", None, "b"),
    ("x = x + 1; x", DefinitionError, "`x` is used before it gets its value", None, "x"),
]


@pytest.mark.parametrize(("text", "error", "message", "help_text", "shown"), WRONG, ids=[row[0] for row in WRONG])
def test_errors_say_what_where_and_what_to_do(
    text: str, error: type[CgraphError], message: str, help_text: str | None, shown: str
) -> None:
    with pytest.raises(error) as caught:
        graph_of(text)
    found = caught.value
    assert message in found.message
    assert (help_text or "") in (found.help or "")
    assert found.source == text
    assert found.span is not None
    assert text[found.span.start : found.span.end] == shown


def test_recursion_through_another_module_is_a_use_before_the_definition() -> None:
    with pytest.raises(UnknownFunctionError, match="`h` is used before it is defined"):
        graph_of("g(a) = h(a); h(a) = g(a); h(x)")


def test_modules_nested_too_deep() -> None:
    lines = ["m0(a) = a"] + [f"m{i}(a) = m{i - 1}(a)" for i in range(1, DEEPEST + 1)]
    with pytest.raises(TooLargeError, match="nested more than"):
        graph_of("; ".join([*lines, f"m{DEEPEST}(x)"]))


# --- values --------------------------------------------------------------------------------------------------------


def test_missing_values_are_all_listed_at_once() -> None:
    with pytest.raises(MissingVariableError, match="no value for `y`, `z`") as caught:
        check_values(parse("(x + y)*z*pi"), {"x"})
    assert "--y VALUE --z VALUE" in (caught.value.help or "")


def test_a_mistyped_value_is_told_with_what_is_missing() -> None:
    with pytest.raises(UnknownVariableError, match="no variable `yy`") as caught:
        check_values(parse("(x + y)*z"), {"x", "yy"})
    assert "did you mean `y`?" in (caught.value.help or "")
    assert "y, z" in (caught.value.help or "")


def test_a_name_that_a_statement_defines_takes_no_value() -> None:
    with pytest.raises(UnknownVariableError, match="`q` gets its value in the expression itself"):
        check_values(parse("q = x + 1; q^2"), {"x", "q"})


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("foo(bar(x))", "foo"),
        ("log(sin(), 2)", "log(sin(), 2)"),
        ("max(x, sin(foo(y, 1), 2))", "sin(foo(y, 1), 2)"),
        ("foo(foo(x))", "foo"),
        ("m(a) = a; q = m(nothing(x), 2); q", "m(nothing(x), 2)"),
    ],
)
def test_of_several_mistakes_the_first_in_the_text_is_told(text: str, place: str) -> None:
    with pytest.raises(CgraphError) as caught:
        build(parse(text))
    assert caught.value.span is not None
    start, end = caught.value.span
    assert (start, text[start:end]) == (text.index(place), place)
