"""The table: golden files, the promises about numbers and widths, and the cuts."""

from __future__ import annotations

import re

import golden
import pytest
from golden import shown
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

import cgraph_cli
from cgraph_cli.render import View
from cgraph_cli.render.numbers import at_point, short
from cgraph_cli.render.paint import Paint, width_of
from cgraph_cli.render.table import sheet
from cgraph_cli.syntax.parser import parse
from cgraph_cli.syntax.printer import print_program

SIGMOID = "1/(1+exp(-(w0*x0+w1*x1+w2)))"
AT = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.])")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("name", list(golden.names("table")))
def test_golden(name: str, update_cases: bool) -> None:
    golden.check(name, update_cases)


def test_every_node_has_a_row_and_every_edge_its_three_numbers() -> None:
    report = cgraph_cli.evaluate(SIGMOID, AT)
    for width in (None, 100):
        lines = shown(SIGMOID, AT, width=width).splitlines()
        table = lines[lines.index(next(line for line in lines if line.startswith("──"))) + 1 :]
        for node in report.nodes:
            if node.id in report.graph.constants:
                assert not any(re.match(r"[\d.]+ ", line) for line in table)  # an operand, no row of its own
                continue
            start = next(i for i, line in enumerate(table) if re.match(rf"{re.escape(node.label)} ", line))
            assert short(node.value) in table[start].split()
            edges = [edge for edge in node.args if edge.local is not None and edge.downstream is not None]
            for line, edge in zip(table[start:], edges, strict=False):
                to = report.labels[edge.node]
                formula = "" if re.fullmatch(r"-?\d+", edge.local_expression) else f"{edge.local_expression} = "
                name = f"∂{node.label}/∂{to} = " if width else ""
                assert f" {name}{formula}{short(edge.local)} " in line
                assert re.search(rf" {re.escape(short(edge.downstream))} +→ {to}$", line)
            del table[start]


@pytest.mark.parametrize("width", [40, 60, 80, 100, 132])
@pytest.mark.parametrize("format", ["table", "tree"])
def test_numbers_are_whole_at_every_width(width: int, format: str) -> None:
    expression = "a*b/c + exp(d)*1e-300 + learning_rate_of_the_model^2.5 + max(a, b, c, d)"
    values = {"a": 1.23456789e-200, "b": 9.87654321e150, "c": -7.123456e-12, "d": 0.3}
    values["learning_rate_of_the_model"] = 1e6 / 7
    free = set(NUMBER.findall(shown(expression, values, format)))
    narrow = set(NUMBER.findall(shown(expression, values, format, width=width)))
    assert free == narrow
    assert "…" not in shown(expression, values, format, width=width)


@pytest.mark.parametrize("format", ["table", "tree"])
def test_it_fits_every_width_from_40_columns_on_and_names_and_receivers_stay_whole(format: str) -> None:
    expression = "hidden = tanh(weight*input_1 + bias); mse(sigmoid(hidden*outer)/(1 + exp(-bias)), target)"
    values = {"weight": 0.37, "input_1": -1.21, "bias": 0.11, "outer": 2.03, "target": 1e-3}
    report = cgraph_cli.evaluate(expression, values)
    receivers = [report.labels[edge.node] for node in report.nodes for edge in node.args if edge.local is not None]
    for width in range(40, 125):
        text = shown(expression, values, format, width=width)
        assert max(map(width_of, text.splitlines())) <= width
        assert set(re.findall(r"\w*[^\W\d]\w*", text)) >= {*report.labels} - {"1"}
        if format == "table":
            assert sorted(re.findall(r"→ (\w+)", text)) == sorted(receivers)


def test_the_name_of_a_local_gradient_goes_first_then_edges_stand_below_their_node_and_blocks_come_last() -> None:
    forms = []
    for width in range(125, 39, -1):
        text = shown(
            "long_name*exp(-1/(1 + x^2))/y", {"long_name": 1.23456789e-100, "x": 0.1, "y": -3e200}, width=width
        )
        name = "named" if "∂v" in text else "bare"
        form = "beside" if "= downstream\n" in text else "below" if "──" in text else "block"
        forms.append(f"{name} {form}")
    changes = [form for form, before in zip(forms, [None, *forms], strict=False) if form != before]
    assert changes == ["named beside", "bare beside", "named below", "bare below", "named block"]


def test_no_column_is_blank() -> None:
    for expression in ("3", "-3*2", "half = 1/2; half + pi"):
        assert re.search(r"^node +operation +value +upstream$", shown(expression, {}), re.MULTILINE)
    many = " + ".join(f"x{i}" for i in range(600))  # the first block has variables only
    assert shown(many, {f"x{i}": 1.0 for i in range(600)}, all=True).count("× local") == 1


@pytest.mark.parametrize("format", ["table", "tree", "unicode"])
def test_a_line_wider_than_the_terminal_is_one_name(format: str) -> None:
    values = {"learning_rate_of_the_first_layer": 1e-12, "gradient_norm_of_all_the_weights": -123456.789, "x": 0.1}
    text = shown("*".join(values), values, format, width=40)
    assert "-12345.6789" in text
    for line in text.splitlines():
        name = re.search(r"\w{20,}$", line)
        assert len(line) <= 40 or (name and not re.search(r"\d\d", line)), line


def test_lines_after_those_that_rich_draws_are_drawn_as_rich_does(monkeypatch: pytest.MonkeyPatch) -> None:
    expression = " + ".join(f"x{i}*名^{i}/3" for i in range(40))
    values = {**{f"x{i}": 10.0 ** (i - 20) for i in range(40)}, "名": -1.5}
    for width in (None, 50, 70, 120):
        by_rich = shown(expression, values, width=width, all=True)
        coloured = shown(expression, values, width=width, all=True, color=True)
        monkeypatch.setattr(sheet, "BY_RICH", 1)
        assert shown(expression, values, width=width, all=True) == by_rich
        assert Text.from_ansi(shown(expression, values, width=width, all=True, color=True)) == Text.from_ansi(coloured)
        monkeypatch.undo()


def test_a_constant_is_an_operand_and_a_row_only_when_it_is_named_or_asked_for() -> None:
    text = shown("half = 1/2; c = 3; c*x^2 + half + pi", {"x": 2.0})
    assert not re.search(r"^(2|1|pi) ", text, re.MULTILINE)
    assert "is constant" not in text
    assert re.search(r"^c +constant +3$", text, re.MULTILINE)
    assert re.search(r"^2 +constant +2$", shown("x^2", {"x": 2.0}, all=True), re.MULTILINE)


def test_a_gradient_of_many_variables_is_a_column() -> None:
    values = {name: 10.0**index for index, name in enumerate("abcde")}
    assert "\n∂f/∂a = 1, ∂f/∂b = 1\n" in shown("a + b", {"a": 1.0, "b": 2.0})
    foot = shown("1.5*a - 20*b + c/3 + d + e", values).split("\n\n")[-1].splitlines()[1:]
    assert len(foot) == 5
    assert len({re.search(r"(?<=\d)\.|(?<=\d)$", line).start() for line in foot}) == 1  # type: ignore[union-attr]


def test_one_long_operation_in_a_pipe_does_not_widen_the_table_without_end() -> None:
    names = [f"x{i}" for i in range(150)]
    expression = f"mean({', '.join(names)})*x0"
    text = shown(expression, dict.fromkeys(names, 1.0))
    assert f"v1 = mean({', '.join(names)}) = 1\n" in text
    assert len(text) < 60_000


@pytest.mark.parametrize("case", ["table-50-nodes", "table-shared", "table-sigmoid", "table-warnings", "table-hessian"])
def test_fits_80_columns(case: str) -> None:
    text = (golden.CASES / f"{case}.txt").read_text(encoding="utf-8").split("\n", 1)[1]
    assert max(map(width_of, text.splitlines())) <= 80


def test_what_is_cut_is_said_and_all_shows_it() -> None:
    expression = " + ".join(f"x*{i}" for i in range(1, 3000))
    text = shown(expression, {"x": 1.0})
    assert re.search(
        r"^f = x\*1 \+ .* x\*2999\n    … [\d,]+ characters of the formula left out, --all shows all\n", text
    )
    assert len(text.splitlines()[0]) < 4_100
    assert f"f = {expression}\n" in shown(expression, {"x": 1.0}, all=True)
    short = " + ".join(f"x*{i}" for i in range(1, 400))
    assert f"f = {short}\n" in shown(short, {"x": 1.0})
    terminal = shown(expression, {"x": 1.0}, width=80)
    assert "characters of the formula left out" in terminal
    assert max(map(len, terminal.splitlines())) <= 80
    assert "\n… 2,801 nodes left out, --all shows all\n" in text
    assert "nodes left out" not in shown(expression, {"x": 1.0}, all=True)


@pytest.mark.parametrize("width", [40, 120, None])
@pytest.mark.parametrize("sign", ["+", "*"])
def test_of_a_very_long_formula_stand_its_ends_as_they_are_printed(width: int | None, sign: str) -> None:
    formula = sign.join(["1  # where it begins\n", *(f"x**{i}" for i in range(15_000)), "max(x,\n2)"])
    head, _, rest = shown(f"({formula})", {"x": 1.0}, width=width).partition(" characters of the formula left out, ")
    *lines, words = head.splitlines()
    printed = print_program(parse(f"f = ({formula})"))
    text = lines[0] + "".join(line.removeprefix("   ") for line in lines[1:])
    first, dots, last = text.partition(" … ")
    most = 4 * width if width else 4_000
    assert dots
    assert rest.startswith("--all shows all\n")
    assert width is None or max(map(len, lines)) <= width
    if width is not None:  # a line that ends before a product's sign had no space there
        printed, first, last = (one.replace(" ", "") for one in (printed, first, last))
    assert printed.startswith(first)
    assert printed.endswith(last)
    assert most / 3 < len(first) <= most / 2 + 4
    assert most / 3 < len(last) <= most / 2
    assert re.search(r"(x\^\d+|\+)$", first)
    missing = int(words.removeprefix("    … about ").replace(",", ""))
    assert missing == pytest.approx(len(formula) - len(first) - len(last), rel=0.02)
    if width is None and sign == "+":
        assert shown(f"({formula})", {"x": 1.0}, all=True).startswith(f"{printed}\n")


def test_the_cut_names_what_is_missing() -> None:
    expression = "+".join(f"x{i}*x{i}" for i in range(300))
    values = {f"x{i}": 1.0 for i in range(300)}
    text = shown(expression, values)
    report = cgraph_cli.evaluate(expression, values)
    count = len(report.graph) - len(report.folded().operands)
    assert f"\n… {count - 200} nodes left out, --all shows all\n" in text
    assert "\n   … 200 variables left out, --all shows all\n" in text
    assert "\n   … 200 partial derivatives left out, --all shows all\n" in text
    whole = shown(expression, values, all=True)
    assert "left out" not in whole
    assert all(re.search(f"∂f/∂{name} +=  ?2\n", whole) for name in values)


def test_uses_of_a_variable_are_cut_too() -> None:
    text = shown("+".join(["x"] * 1000), {"x": 1.0})
    assert re.search(r"… 976 parts left out, --all shows all\n", text)
    assert re.search(r"… 976 edges left out, --all shows all\n", text)
    assert text.count("→ x\n") == 24


def test_arriving_parts_sum_to_the_upstream_gradient() -> None:
    text = shown("x*x + x*sin(x)", {"x": 0.5})
    block = text[text.index("\nx ") + 1 : text.index("\nv1 ")]
    parts = [float(number) for number in re.findall(r"[=+] +(\S+) +← ", block)]
    report = cgraph_cli.evaluate("x*x + x*sin(x)", x=0.5)
    assert len(parts) == 4
    assert sum(parts) == pytest.approx(report.gradients["x"], rel=1e-5)
    assert short(report.gradients["x"]) in block.splitlines()[0].split()


def test_ascii_is_ascii() -> None:
    values = {"α": 1.5, "β": -2.0}
    for format in ("table", "tree"):
        text = shown("α*β^2 + α", values, format, ascii=True, width=80, hessian=True, direction={"α": 1.0})
        assert text.isascii()
        assert "df/d\\u03b1 = 5" in text


def test_colours_change_nothing_but_colours() -> None:
    for format in ("table", "tree"):
        plain = shown(SIGMOID, AT, format, width=80)
        coloured = shown(SIGMOID, AT, format, width=80, color=True)
        assert coloured != plain
        assert ESCAPE.sub("", coloured) == plain


def test_no_trailing_spaces() -> None:
    for width in (None, 80):
        assert not [line for line in shown(SIGMOID, AT, width=width).splitlines() if line != line.rstrip()]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-12.0, "-12"), (0.1 + 0.2, "0.3"), (1 / 3, "0.333333"), (1e-12, "1e-12"), (1.23456789e-12, "1.23457e-12"),
        (1048576.0, "1048576"), (2.0**64, "1.84467e19"), (1.0000001, "1.0000001"), (1.0000000001, "1.0000000001"),
        (0.9999999999999999, "1"), (1234567.891, "1234568"), (9999999999.7, "9999999999.7"), (5e-324, "5e-324"),
        (float("inf"), "inf"), (float("nan"), "nan"), (-0.0, "0"), (12345678901.5, "1.23457e10"), (1e300, "1e300"),
    ],
)  # fmt: skip
def test_short_numbers(value: float, text: str) -> None:
    assert short(value) == text
    assert "".join(at_point(text)) == text


@given(st.floats(), st.integers(1, 17))
def test_digits_asked_for(value: float, digits: int) -> None:
    """So many significant digits are shown, and those before the point of a number that is not large."""
    text = short(value, digits)
    found = float(text)
    if value != value or digits == 17:
        assert repr(found) == repr(value + 0.0)
    elif 10.0 ** (digits - 1) <= abs(value) < 1e10 or (value.is_integer() and abs(value) < 1e9):
        assert found == round(value)
        assert "." not in text
    elif abs(value) < 1.7e308:
        assert found == float(f"{value:.{digits}g}")


def test_a_formula_is_folded_between_names_and_numbers_only() -> None:
    formula = "exp(-v2)/(1 + exp(-v2))^2*0.123456789 + a_very_long_name_indeed/∂f"
    for width in range(6, 60):
        lines = Paint(View(width=width)).folded([(formula, "")], width)
        folded = ["".join(text for text, _ in line) for line in lines]
        assert "".join("".join(folded).split()) == "".join(formula.split())
        assert any("0.123456789" in part for part in folded)
        assert any("a_very_long_name_indeed" in part for part in folded)
        assert all(width_of(part) <= width or not re.search(r"(?<![-+]) |.[*/](?!∂)", part.strip()) for part in folded)


def test_wide_characters_keep_columns_aligned() -> None:
    text = shown("名*y", {"名": 2.0, "y": 3.0})
    rows = [line for line in text.splitlines() if "variable" in line]
    assert len({width_of(line[: line.index("variable")]) for line in rows}) == 1


def test_what_is_the_same_at_every_point_is_an_operand_and_no_line_says_that_it_has_no_gradient() -> None:
    text = shown("8*pi*x^2/(2*pi) + where(x > 0, x, -x) + where(2 > 1, x, 3)", {"x": 2.0}, width=80)
    assert re.findall(r"(\S+) has no gradient", text) == ["v6"]
    assert re.search(r"^v6 +x > 0 ", text, re.MULTILINE)
