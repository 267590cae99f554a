"""A user's module may have the name of any function, and no picture or sentence takes it for that one."""

from __future__ import annotations

import re

import pytest

from cgraph_cli import evaluate
from cgraph_cli.render import RENDERERS, View, renderer
from cgraph_cli.render.picture.figure import order_marks
from cgraph_cli.report.report import Explanation
from cgraph_cli.rules import CALLABLE

FORMATS = [
    (kind, format)
    for kind in ("report", "explanation")
    for format in RENDERERS[kind]
    if (kind, format) not in (("report", "png"), ("report", "pdf"), ("report", "html"), ("report", "svg"))
]
FIGURE = re.compile(r"<svg.*?</svg>|\([-\d.]+,[-\d.]+\)|(?<=width=)[\d.]+", re.DOTALL)


@pytest.mark.parametrize("name", sorted(CALLABLE))
def test_a_module_named_as_a_function_is_shown_as_any_other(name: str) -> None:
    parameters = ["first", "other", "third", "last"]
    plain = re.sub("[a-z]", "q", name)  # as long, with digits at the same places
    both = [
        evaluate(f"{one}({','.join(parameters)}) = first*other*third*last; {one}(x,y,z,w)", x=1, y=2, z=3, w=4)
        for one in (name, plain)
    ]
    assert order_marks(both[0].graph.ops[both[0].output_node], 4) == tuple(parameters)
    for kind, format in FORMATS:
        render = renderer(kind, format)
        results = (Explanation(report) if kind == "explanation" else report for report in both)
        texts = ("".join(render(one, View())).replace("\\_", "_").replace("#95;", "_") for one in results)
        texts = (FIGURE.sub("", text) for text in texts)  # its places depend on how wide the letters are
        shown, expected = (re.sub(rf"(?<![a-z]){name}(?![a-z])", plain, text) for text in texts)
        assert shown == expected or (name == "gamma" and format in ("latex", "markdown", "tikz", "html")), format


def test_the_arguments_of_a_module_named_where_have_its_parameters_for_marks() -> None:
    report = evaluate("where(a, b) = a*b; where(x, y)", x=2, y=3)
    dot = "".join(renderer("report", "dot")(report, View()))
    assert "(a)" in dot
    assert "(b)" in dot
    assert "(if)" not in dot
