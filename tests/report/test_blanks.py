"""Blanks for a student: no format gives away a number that is to be found, and everything else stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from harness import run

import cgraph_cli
from cgraph_cli.render import View, formats, renderer, showing
from cgraph_cli.render.numbers import rounded, short
from cgraph_cli.render.picture.figure import number_text
from cgraph_cli.report.blanks import BLANK, PARTS, Blank, blanked
from cgraph_cli.report.report import Explanation, Report
from cgraph_cli.syntax.printer import format_number

EXPRESSION = "q = sin(x*y) + exp(z/y); where(q > 0.3, q*max(x, z^3), 2)/tanh(q - x) - x*q*z*y + sin(z) + y"
POINT = {"x": 0.7317, "y": 1.9171, "z": 1.4713}
SUBSETS = [parts for count in (1, 2, 4) for parts in combinations(PARTS, count)]
FORMATS = [("report", name) for name in showing("report", "blank") if name != "png"]
FORMATS += [("explanation", name) for name in showing("explanation", "blank")]
WRITERS: list[Callable[[float], str]] = [format_number, short, number_text, lambda one: rounded(one, 5)]


def numbers_of(report: Report) -> dict[str, list[float]]:
    report = report.folded()
    graph, passes = report.graph, report.passes
    inner = [node for node in range(len(graph)) if graph.arguments(node)]
    edges = [
        edge for node in inner for place, edge in enumerate(graph.edges(node)) if graph.edge_has_gradient(node, place)
    ]
    return {
        "value": [report.node_values[node] for node in inner],
        "upstream": [
            passes.upstream[node] for node in range(len(graph)) if node not in report.operands | {report.output_node}
        ],
        "local": [passes.local[edge] for edge in edges],
        "downstream": [passes.downstream[edge] for edge in edges],
    }


def near(number: float, others: set[float]) -> bool:
    return any(abs(abs(number) - abs(one)) < 1e-3 for one in others)


@pytest.mark.parametrize(("kind", "name"), FORMATS)
@pytest.mark.parametrize("parts", SUBSETS, ids=",".join)
def test_no_format_shows_what_is_left_out(kind: str, name: str, parts: tuple[str, ...]) -> None:
    report = cgraph_cli.evaluate(EXPRESSION, POINT)
    whole: Any = report if kind == "report" else Explanation(report)
    text, full = ("".join(map(str, renderer(kind, name)(one, View()))) for one in (blanked(whole, parts), whole))
    student = blanked(report, parts)
    assert isinstance(student, Report)
    given = {*POINT.values(), 0.0, 0.3, 1.0, 2.0, 3.0}
    pairs = [pair for part in PARTS for pair in zip(numbers_of(report)[part], numbers_of(student)[part], strict=True)]
    shown = {one for _, one in pairs if not isinstance(one, Blank)}
    assert "value" not in parts or not any(
        near(one, shown) and not near(one, given) for one in numbers_of(report)["value"]
    )
    hidden = [one for one, left in pairs if isinstance(left, Blank) and not near(one, given | shown)]
    assert hidden or parts in (("downstream",), ("upstream",))  # what one edge brings is both
    for number in hidden:
        digits = {write(abs(number)) for write in WRITERS}
        assert not any(one in text for one in digits if len(one) > 3), number
        assert name != "table" or short(abs(number)) in full
    assert "nan" not in text.lower().replace("passes on inf or nan", "")  # the legend of the page


def test_a_report_with_blanks_has_no_answer_in_it() -> None:
    report = cgraph_cli.evaluate(EXPRESSION, POINT)
    student = blanked(report, PARTS)
    assert isinstance(student, Report)
    assert student.variables == POINT
    assert all(isinstance(one, Blank) for part in numbers_of(student).values() for one in part)
    assert isinstance(student.value, Blank)
    assert student.passes.upstream[student.output_node] == 1.0
    assert student.warnings == []
    assert report.value == cgraph_cli.evaluate(EXPRESSION, POINT).value  # the whole one stays as it is
    assert str(BLANK + 0.0) == repr(abs(-BLANK)) == "____"


def test_without_the_values_nothing_is_shown_that_is_made_of_them() -> None:
    student = blanked(cgraph_cli.evaluate("a = x*y; b = a*z + x; exp(b)*0 + b", x=2, y=3, z=5), ["value"])
    assert isinstance(student, Report)
    labels = student.labels
    edges = {(labels[node.id], labels[edge.node]): edge for node in student.nodes for edge in node.args}
    blank = {pair for pair, edge in edges.items() if isinstance(edge.downstream, Blank)}
    assert blank == {("v2", "b"), ("b", "v1"), ("b", "x"), ("v1", "a"), ("v1", "z"), ("a", "x"), ("a", "y")}
    assert {pair for pair, edge in edges.items() if isinstance(edge.local, Blank)} == {("v2", "b"), ("v1", "z")}
    assert isinstance(student.gradients["x"], Blank)
    student = blanked(cgraph_cli.evaluate("a = x*y; f = a + z; g = a*z", x=2, y=3, z=5, outputs=["f", "g"]), ["value"])
    assert isinstance(student, Report)
    assert student.jacobian["f"] == {"x": 3.0, "y": 2.0, "z": 1.0}
    assert {name for name, one in student.jacobian["g"].items() if isinstance(one, Blank)} == {"z"}


@pytest.mark.parametrize("options", [{}, {"outputs": ["f", "g"]}])
def test_a_page_with_blanks_has_no_script_that_could_fill_them(options: dict[str, Any]) -> None:
    whole = cgraph_cli.evaluate("f = x*y + x; g = sin(f)", x=2, y=3, **options)
    live, still = ("".join(renderer("report", "html")(one, View())) for one in (whole, blanked(whole, ["downstream"])))
    for sign in ("<script", "<noscript", "<button", "<input", "<select", "data-text", 'id="walk"'):
        assert sign in live or sign == "<select"
        assert sign not in still
    assert "at x = 2, y = 3" in still.replace("\N{NO-BREAK SPACE}", " ")
    figure, table = re.findall("<svg.*?</svg>|<table.*?</table>", still, re.DOTALL)[:2]
    assert (figure.count(">____</text>"), table.count(">____ → ")) == (5, 5)


def test_the_command_writes_the_solution_beside_it(tmp_path: Path) -> None:
    words = ["(x+y)*z", "--x", "-2", "--y", "5", "--z", "-4"]
    path = tmp_path / "solution.svg"
    answer = run(["eval", *words, "--blank", "upstream,downstream", "--solution", str(path)])
    assert answer.code == 0
    assert answer.stdout.count("____") == 4 + 4 + 3  # upstream, downstream, the last line
    assert path.read_text(encoding="utf-8") == run(["eval", *words, "--format", "svg"]).stdout
    text = tmp_path / "solution.txt"
    assert run(["explain", *words, "--blank", "local", "--solution", str(text)]).code == 0
    assert text.read_text(encoding="utf-8") == run(["explain", *words]).stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--blank", "gradient"], "--blank does not know `gradient`"),
        (["--blank", "local", "--json"], "--blank is not shown by --format json"),
        (["--blank", "value,downstream", "--format", "tree"], "--blank downstream is not shown by --format tree"),
        (["--blank", "upstream", "--format", "svg"], "--blank upstream is not shown by --format svg"),
        (["--blank", "local", "--hessian"], "not --hessian or --direction"),
        (["--solution", "all.txt"], "--solution goes with --blank"),
        (["--blank", "local", "--solution", "a.txt", "--output", "a.txt"], "--solution needs a file of its own"),
    ],
)
def test_what_cannot_have_blanks_is_refused(words: list[str], message: str) -> None:
    answer = run(["eval", "x^2", "--x", "3", *words])
    assert (answer.code, answer.stdout) == (2, "")
    assert message in answer.stderr


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("format", [name for name in formats("report") if name not in ("json", "png", "pdf")])
def test_what_is_asked_to_be_blank_is_blank_or_refused(format: str, part: str) -> None:
    words = ["eval", "(x+y)*z", "--x", "-2", "--y", "5", "--z", "-4", "--format", format]
    words += ["--draw", "locals"] * (part == "local" and format in showing("report", "draw"))
    answer = run([*words, "--blank", part])
    assert (answer.code == 0) == (format in showing("report", f"blank:{part}"))
    assert answer.stdout != run(words).stdout


@pytest.mark.parametrize("format", [name for name in formats("report") if name not in ("json", "png", "pdf")])
def test_a_worksheet_of_any_format_has_no_gradient(format: str) -> None:
    """x, shared by two nodes, has gradient 63, the sum of 40 and 23."""
    words = ["eval", "x*y + 23*x", "--x", "8", "--y", "40", "--format", format]
    answer = run([*words, "--blank", "upstream,downstream"])
    assert answer.code == 0
    assert "63" in run(words).stdout
    if format != "html":  # whose script has the numbers
        assert not re.search(r"\b(?<![.\d\"])63\b(?![.\d])", answer.stdout)
