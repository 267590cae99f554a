"""The ready-made functions of the page are those of the rule table, and what they lack is made from it."""

from __future__ import annotations

from pathlib import Path

import pytest

import cgraph_cli
from cgraph_cli.graph.graph import operation
from cgraph_cli.render.page import kernels, makekernels
from cgraph_cli.render.page.tape import Code
from cgraph_cli.rules import RULES


def test_functions_are_current() -> None:
    wanted = Path(kernels.__file__).read_text(encoding="utf-8")
    assert makekernels.kernels() == wanted, "run python -m cgraph_cli.render.page.makekernels"


def test_every_row_is_ready_with_its_helpers() -> None:
    assert {name for name, _ in kernels.KERNELS} == {*RULES}
    called = {helper for _, helpers in kernels.KERNELS.values() for helper in helpers.split()}
    assert called == {*kernels.HELPERS}


@pytest.mark.parametrize("count", [makekernels.MOST, makekernels.MOST + 1, 12])
def test_a_row_of_any_number_of_arguments_has_as_many_as_are_asked_for(count: int) -> None:
    code = Code()
    assert [code.kernel(operation("logsumexp"), count) for _ in "ab"] == [0, 0]
    text, helpers = makekernels.kernel(operation("logsumexp"), count)
    assert (code.kernels, code.helpers) == ([text], helpers)
    assert f"a{count - 1}) =>" in text
    assert f"a{count}" not in text


def test_a_module_with_the_name_of_a_row_is_the_module() -> None:
    report = cgraph_cli.evaluate("sin(x) = x^2; sin(x)*exp2(x)", x=3)
    code = Code()
    tape = code.tape(report.graph)
    assert tape["kernels"] == [-1, 1, 2, 3]
    names = [text.split(",")[0] for text in code.kernels]
    assert names == ['{ name: "pow"', "{ body: 0 }", '{ name: "exp2"', '{ name: "mul"']
    assert [*code.helpers] == ["power", "exp2"]
    assert "function exp2(x)" in code.source()
