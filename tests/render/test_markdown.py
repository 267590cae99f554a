"""Markdown of reports, derivatives and paths: tables that are whole, with what the other formats say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from strategies import Case, expressions

import cgraph_cli
from cgraph_cli.graph.graph import CONSTANT
from cgraph_cli.render import View, renderer
from cgraph_cli.render.numbers import message, short
from cgraph_cli.report.derivatives import differentiate
from cgraph_cli.report.paths import Paths


def tables(text: str) -> list[list[list[str]]]:
    """The cells of every table, without its line of rules; a vertical bar within a cell has a backslash."""
    found: list[list[list[str]]] = [[]]
    for line in text.splitlines():
        if line.startswith("|"):
            assert line.endswith(" |")
            found[-1].append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
        elif found[-1]:
            found.append([])
    for table in filter(None, found):
        assert all(len(row) == len(table[0]) for row in table)
        assert all(re.fullmatch("---:?", cell) for cell in table.pop(1))
    return [table for table in found if table]


def markdown(kind: str, result: object, *, ascii: bool = False) -> str:
    return "".join(map(str, renderer(kind, "markdown")(result, View(ascii=ascii))))


@settings(max_examples=60, deadline=None)
@given(expressions(max_parts=6))
def test_every_node_is_a_row_with_its_numbers(case: Case) -> None:
    report = cgraph_cli.evaluate(case.text, case.values).folded()
    (table,) = tables(markdown("report", report))
    rows = {row[0]: row for row in table[1:]}
    for node in report.nodes:
        if report.graph.ops[node.id] is CONSTANT:
            continue
        row = rows[f"`{node.label}`"]
        assert row[2] == short(node.value)
        assert row[3] == ("" if node.upstream is None else short(node.upstream))
        if len(row) > 4 and node.upstream is not None:
            sent = [edge for edge in node.args if edge.downstream is not None]
            assert [cell for cell in row[5].split("<br>") if cell] == [
                f"`{short(edge.downstream or 0.0)} → {report.labels[edge.node]}`" for edge in sent
            ]
            assert row[4].count("`") >= 2 * len(sent)


def test_what_stands_below_the_table_is_what_the_terminal_has_there() -> None:
    report = cgraph_cli.evaluate("x^2*y", x=3, y=2, hessian=True, direction={"x": 1, "y": 0})
    text, terminal = markdown("report", report), "".join(map(str, renderer("report", "table")(report, View())))
    assert terminal.rpartition("\n\nf = ")[2] in text.replace("\n```\n\n", "\n")
    assert text.count("```text\n") == text.count("\n```\n") == 2


def test_a_large_graph_is_cut_in_the_middle_and_whole_with_all() -> None:
    report = cgraph_cli.evaluate("+".join(["x*y"] * 300), x=1, y=2)
    (few,) = tables(markdown("report", report))
    (every,) = tables("".join(map(str, renderer("report", "markdown")(report, View(all=True)))))
    assert len(few) < 210 < len(every) == 1 + len(report.graph)
    assert sum("left out" in row[0] for row in few) == 1


def test_derivatives_have_the_formulas_of_latex_and_say_their_warnings() -> None:
    result = differentiate(cgraph_cli.parse("abs(x)*y^2").program, values={"x": 0.0, "y": 2.0})
    text, latex = markdown("derivatives", result), "".join(map(str, renderer("derivatives", "latex")(result, View())))
    lines = [line.removesuffix(r" \\") for line in latex.splitlines()[1:-1]]
    assert all(line in text for line in lines)
    assert text.startswith("$$\n")
    assert f"**Kink:** {message(result.warnings[0])}" in text


def test_paths_have_a_row_each_and_the_numbers_of_the_text() -> None:
    paths = Paths(cgraph_cli.evaluate("(x+y)*_z + x", x=-2, y=5, _z=-4), ["x", "_z"])
    text, plain = markdown("paths", paths), "".join(map(str, renderer("paths", "text")(paths, View())))
    first, second = tables(text)
    assert [row[1:4] for row in first[1:]] == [
        ["`x → v1 → v2 → f`", "`1 × (-4) × 1 = -4`", "80 %"],
        ["`x → f`", "`1`", "-20 %"],
    ]
    assert len(second) == 2
    for row in first[1:]:
        assert all(cell.strip("`") in plain for cell in row)
    assert "leads from `_z` to `f`" in text


@pytest.mark.parametrize("kind", ["report", "paths"])
def test_ascii_is_ascii(kind: str) -> None:
    report = cgraph_cli.evaluate("α*x*x", {"α": 1.0, "x": 2.0})
    assert markdown(kind, report if kind == "report" else Paths(report, ["x"]), ascii=True).isascii()
