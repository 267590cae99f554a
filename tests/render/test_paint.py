"""The palette and the folds that every text for people shares."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from rich.cells import cell_len

import cgraph_cli
from cgraph_cli.cli.help import command_page, main_page, text_of
from cgraph_cli.cli.output import error_text
from cgraph_cli.errors import CgraphError, Span
from cgraph_cli.render import View, renderer
from cgraph_cli.render.paint import ASCII, CODES, NARROW, NO_BREAK, STYLES, coloured, width_of
from cgraph_cli.report.derivatives import differentiate
from cgraph_cli.report.functions import function_table
from cgraph_cli.report.paths import Paths
from cgraph_cli.report.report import Explanation
from cgraph_cli.syntax.parser import parse

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
WORDS = re.compile(r"[\w.]+")
EXPRESSION = "q = w*x + b; p = sigmoid(q); abs(x)*mse(p, t) + log(1 + exp(learning_rate*x + b))*sin(y)/(1 + z^2)"
VALUES = {"w": 0.7, "x": 0.0, "b": -2.5, "t": 1.0, "learning_rate": 1e-3, "y": 2.0, "z": 123456.789}
REPORT = cgraph_cli.evaluate(EXPRESSION, VALUES)
RESULTS: list[tuple[str, str, object]] = [
    ("report", "table", REPORT),
    ("report", "tree", REPORT),
    ("report", "unicode", REPORT),
    ("derivatives", "text", differentiate(parse(EXPRESSION), values=VALUES)),
    ("derivatives", "unicode", differentiate(parse(EXPRESSION), order=2)),
    ("explanation", "text", Explanation(REPORT)),
    ("paths", "text", Paths(REPORT, list(VALUES))),
    ("functions", "table", function_table()),
]


def rendered(kind: str, format: str, result: object, view: View) -> str:
    return "".join(str(chunk) for chunk in renderer(kind, format)(result, view))


@pytest.mark.parametrize(("kind", "format", "result"), RESULTS, ids=[f"{kind}-{name}" for kind, name, _ in RESULTS])
def test_colours_change_nothing_but_colours_and_lines_fit_without_breaking_names_or_numbers(
    kind: str, format: str, result: object
) -> None:
    words = set(WORDS.findall(rendered(kind, format, result, View())))
    for width in (None, 40, 60, 80, 120):
        plain = rendered(kind, format, result, View(width=width))
        painted = rendered(kind, format, result, View(width=width, color=True))
        assert painted != plain
        assert ESCAPE.sub("", painted) == plain
        if width is not None:
            assert max(map(width_of, plain.splitlines())) <= width
            assert {word for word in WORDS.findall(plain) if word[0].isdigit() or word in VALUES} <= words


def test_values_are_green_gradients_red_and_names_bold() -> None:
    text = rendered("explanation", "text", Explanation(cgraph_cli.evaluate("x*y", x=2, y=3)), View(color=True))
    assert f"{coloured('f', 'label')} = {coloured('6', 'value')}" in text
    assert f"∂f/∂x = y = {coloured('3', 'gradient')}" in text
    result = differentiate(parse("x^2"), values={"x": 3})
    text = rendered("derivatives", "text", result, View(color=True))
    assert text == f"{coloured('∂f/∂x', 'label')} = 2*x = {coloured('6', 'gradient')}\n"


def test_a_long_derivative_is_folded_at_its_sums_under_its_formula() -> None:
    result = differentiate(parse("a*x^5 + b*x^4 + c*x^3 + d*x^2 + sin(a*x + b) + e1*x"), ["x"])
    lines = rendered("derivatives", "text", result, View(width=40)).splitlines()
    assert lines[0].startswith("∂f/∂x = ")
    assert len(lines) > 1
    assert all(re.match(r" {8}[+-] ", line) for line in lines[1:])


def test_what_is_said_to_be_narrow_takes_one_column() -> None:
    narrow = [chr(code) for code in range(0x20, 0x3000) if NARROW.fullmatch(chr(code))]
    assert len(narrow) > 1500
    assert [one for one in narrow if cell_len(one) != 1] == []


def test_every_colour_is_of_the_one_palette() -> None:
    palette = {tuple(sorted(CODES[word] for word in style.split())) for style in STYLES.values()}
    error = CgraphError("no", span=Span(0, 1), source="x", help="yes")
    texts = [
        *("".join(renderer(kind, name)(one, View(width=80, color=True))) for kind, name, one in RESULTS),
        text_of(main_page(), 80, color=True),
        text_of(command_page("eval"), 40, color=True),
        "".join(renderer("functions", "table")(function_table(["sigmoid"]), View(width=80, color=True))),
        error_text(error, View(color=True)),
    ]
    for text in texts:
        found = {tuple(sorted(one.split(";"))) for one in re.findall(r"\x1b\[([\d;]+)m", text)} - {("0",)}
        assert found
        assert found <= palette


def test_a_space_that_does_not_break_is_a_space_in_ascii() -> None:
    assert ASCII.text(f", by{NO_BREAK}∂x") == ", by dx"


WARNED = "q = log(名前) + x*0; f = q + sqrt(y) + z*1e999 + abs(x)  # roots"
POINTS = {"名前": -1.0, "x": 0.0, "y": -2.0, "z": 1.0}


@pytest.mark.parametrize("width", [None, 40, 60, 80, 120])
@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("format", ["table", "tree", "unicode"])
def test_a_warning_marks_its_operation_in_the_line(width: int | None, ascii: bool, format: str) -> None:
    report = cgraph_cli.evaluate(WARNED, POINTS)
    text = rendered("report", format, report, View(width, ascii=ascii))
    lines = text[text.index("warning (domain)") :].splitlines()
    marked = []
    for line, marks in pairwise(lines):
        if set(marks) == {" ", "^"}:
            assert cell_len(line) <= (width or 80)
            assert cell_len(marks) <= cell_len(line)
            ends = {cell_len(line[:at]): at for at in range(len(line) + 1)}
            marked += [line[ends[one.start()] : ends[one.end()]] for one in re.finditer(r"\^+", marks)]
            assert "roots" not in line
    name = ASCII.text("名前") if ascii else "名前"
    expected = [f"log({name})", "sqrt(y)", "1e999", "abs(x)"]
    assert marked == (
        expected if width not in (40, 60) or not ascii else [f"log({name}", *expected[1:]]
    )  # cut at the edge


def test_the_whole_expression_is_marked_where_no_part_is() -> None:
    for expression, marks in (("1/x", "^^^"), ("exp(1/x)/exp(1/x)", "^^^      ^^^")):
        lines = rendered("report", "table", cgraph_cli.evaluate(expression, {"x": 0.0}), View()).splitlines()
        assert [line.strip() for line in lines if set(line) == {" ", "^"}] == [marks]
