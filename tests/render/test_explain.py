"""The worked solution: golden texts, every node and edge told, and four formats that say the same."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from strategies import Case, expressions

import cgraph_cli
from cgraph_cli.graph.formula import gradient_formula, sent_where
from cgraph_cli.render import View, renderer
from cgraph_cli.render.prose.blocks import Step
from cgraph_cli.render.prose.equations import render_latex
from cgraph_cli.render.prose.explain import explanation
from cgraph_cli.render.prose.latex import document
from cgraph_cli.render.prose.writing import Writing
from cgraph_cli.report.paths import arrivals
from cgraph_cli.report.report import Explanation
from cgraph_cli.rules import OPERATORS, RULES

CASES = Path(__file__).resolve().parent.parent / "cases" / "explain"
HARD = "s(a)=1/(1+exp(-a)); q_1=s(w*x+b); where(q_1>0.5, max(q_1,y), 2)*q_1/2^q_1 + sqrt(x_max) - abs(x-1.5) + 2*pi"
POINT = {"x": 1.5, "y": 2.0, "w": 1.0, "b": 0.0, "x_max": 4.0}


def explained(expression: str, values: dict[str, float], format: str = "text", /, **rest: Any) -> str:
    view = View(**{name: rest.pop(name) for name in View._fields if name in rest})
    wanted = Explanation(cgraph_cli.evaluate(expression, values), **rest)
    return "".join(renderer("explanation", format)(wanted, view))


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_golden(path: Path, update_cases: bool) -> None:
    head, _, expected = path.read_text(encoding="utf-8").partition("\n")
    case = json.loads(head)
    output = explained(case.pop("expression"), case.pop("values"), case.pop("format", "text"), **case)
    if update_cases:
        path.write_text(f"{head}\n{output}", encoding="utf-8")
    else:
        assert output == expected


@settings(max_examples=60, deadline=None)
@given(expressions(max_parts=6))
def test_every_node_that_takes_part_is_a_step_and_every_edge_an_item(case: Case) -> None:
    report = cgraph_cli.evaluate(case.text, case.values)
    writing = Writing(report, View(all=True))
    steps = [block for block in explanation(Explanation(report), writing) if isinstance(block, Step)]
    nodes = [
        node for node in range(len(report.graph) - 1, -1, -1) if report.node(node).takes_part and report.node(node).args
    ]
    nodes = [node for node in nodes if report.graph.has_gradient[node]]
    assert [step.title for step in steps] == [f"{writing.label(node)} = {writing.operation(node)}" for node in nodes]
    arriving = arrivals(report.graph, report.passes, nodes)
    for node, step in zip(nodes, steps, strict=True):
        assert len(step.items) == len(report.node(node).args)
        text = step.arrives
        assert writing.number(report.passes.upstream[node]) in text
        assert ("multivariable chain rule" in text) == (len(arriving[node]) > 1)
        for position, (item, edge) in enumerate(zip(step.items, report.node(node).args, strict=True)):
            said = item
            if report.passes.sends[report.graph.edges(node)[position]]:
                assert edge.local is not None
                assert edge.downstream is not None
                for number in (edge.local, edge.downstream):
                    assert writing.number(number) in said
            else:
                assert re.search("constant|condition|nothing is sent|no gradient", said)


def test_on_a_terminal_no_line_is_longer_and_no_formula_is_broken() -> None:
    values = {**POINT, "x": 1.2}
    narrow, wide = explained(HARD, values, width=80), explained(HARD, values)
    assert max(map(len, narrow.splitlines())) <= 80
    assert " ".join(narrow.split()) == " ".join(wide.split())
    report = cgraph_cli.evaluate(HARD, values).folded()
    unbroken = re.sub(r"\n +", "\n", narrow)
    for block in explanation(Explanation(report), Writing(report)):
        for item in block.items if isinstance(block, Step) else []:
            for formula in item.split("$")[1::2]:
                assert formula in unbroken


def test_ascii_is_ascii() -> None:
    long = "+".join(f"x*{n}" for n in range(1, 500))
    for format in ("text", "markdown", "html"):
        assert explained(HARD, POINT, format, ascii=True).isascii(), format
        assert explained(long, {"x": 1.0}, format, ascii=True).isascii(), format


def test_a_statement_that_only_names_the_output_is_no_equation() -> None:
    for text in ("q = x*y", "q = x*y; q"):
        assert explained(text, {"x": 2.0, "y": 3.0}).startswith("  q = x*y\n\nGiven:")


def test_an_output_without_a_gradient_is_told_as_what_it_is() -> None:
    assert "f depends on no variable, so there is no gradient to find." in explained("3", {})
    assert "f is made of comparisons and constants alone" in explained("(x > 0) + 2", {"x": 1.0})
    assert "\n\n\n" not in explained("3", {}) + explained("x", {"x": 1.0})


def test_halves() -> None:
    both = explained("x*y", {"x": 2.0, "y": 3.0})
    forward = explained("x*y", {"x": 2.0, "y": 3.0}, backward=False)
    backward = explained("x*y", {"x": 2.0, "y": 3.0}, forward=False)
    assert "Backward" not in forward
    assert "Forward" not in backward
    assert both == forward + "\n" + backward.split("\n\n", 2)[2]


def test_a_kink_a_branch_and_a_sum_are_told() -> None:
    text = explained(HARD, POINT)
    assert re.search(r"Warning \(kink\): v\d+ = abs\(v", text)
    assert "2 is the branch not taken" in text or "is the branch taken" in text
    assert "is the condition. It is true" in text
    assert "by the multivariable chain rule the effects add up" in text
    assert "max passes everything to its largest argument" in text


def test_whatever_may_be_sent_nothing_has_words_for_it() -> None:
    for name, rule in RULES.items():
        for position in range(len(rule.gradients)):
            said = rule.idle[min(position, len(rule.idle) - 1)]
            if (text := gradient_formula(name, position)) is not None:
                assert bool(said) == (sent_where(text) is not None), (name, position)


@pytest.mark.parametrize(
    ("expression", "values", "sentence"),
    [
        ("max(x, y)*z", {"x": 1.0, "y": 3.0, "z": 2.0}, "x is not the largest argument: nothing is sent to it."),
        ("relu(x)", {"x": -1.0}, "x is not above 0, where relu passes nothing back: nothing is sent to it."),
        ("relu(x)", {"x": 1.0}, "relu passes everything to an argument above 0, so the local gradient is ∂f/∂x = 1."),
        ("clip(x, 0, 1)", {"x": 3.0}, "x is outside the bounds, where clip is flat: nothing is sent to it."),
        ("clip(x, a, b)", {"x": 3.0, "a": 0.0, "b": 1.0}, "clip is its upper bound here, so the local gradient is"),
        ("g(a) = relu(a); g(x)", {"x": -1.0}, "x has no effect on g here: nothing is sent to it."),
        ("g(a) = relu(a); g(x)", {"x": 1.0}, "by the rules inside the module g, the local gradient is"),
        ("polygamma(1, x)", {"x": 2.0}, "the derivative of polygamma(1, u) is polygamma(2, u), so"),
        ("huber(x, y, 2)", {"x": 2.0, "y": 1.0}, "of huber(u, v, 2) with respect to v is clip(v - u, -2, 2), so"),
        ("3^x*x^3/3", {"x": 2.0}, "by the exponential rule,"),
        ("3^x*x^3/3", {"x": 2.0}, "by the power rule,"),
        ("3^x*x^3/3", {"x": 2.0}, "by the constant multiple rule,"),
        ("norm(x, y)", {"x": 3.0, "y": 4.0}, "the derivative of a length is the argument divided by the length, so"),
    ],
)
def test_the_rule_and_the_choice_are_said_as_a_teacher_does(
    expression: str, values: dict[str, float], sentence: str
) -> None:
    assert sentence in explained(expression, values)


def test_a_large_graph_is_cut_and_says_so() -> None:
    expression = "+".join(f"x*{n}" for n in range(1, 500))
    cut = explained(expression, {"x": 1.0})
    assert "300 of 500 values are left out here; --all shows them" in cut
    assert "475 more arguments are sent their part in the same way; --all shows them" in cut
    assert len(explained(expression, {"x": 1.0}, all=True)) > 3 * len(cut)
    assert "--all" not in explained(expression, {"x": 1.0}, all=True)
    many = {f"x{index}": 1.0 for index in range(205)}
    assert ", x199 = 1 and 5 more." in explained("+".join(many), many)


TERMS = [f"x*{n}" for n in range(1, 900)]
SUMS = [("+".join(TERMS), "x*1 + x*2 + x*3 + x*4 + x*5 + x*6 + … + x*894 + x*895 + x*896")]
SUMS += [(f"1/(2 - sqrt(max({','.join(TERMS)})))", "1/(2 - sqrt(max(x*1, x*2, x*3, x*4, x*5, x*6, …, x*894, x*895")]
SUMS += [
    ("-" + "/".join(f"(x+{n})" for n in range(1, 900)), "-(x + 1)/(x + 2)/(x + 3)/(x + 4)/(x + 5)/(x + 6)/…/(x + 894)/")
]
SUMS += [("sin(" * 2000 + "x" + ")" * 2000, "sin(sin(")]


@pytest.mark.parametrize(("expression", "first"), SUMS, ids=["sum", "arguments", "quotients", "depth"])
def test_of_a_long_formula_the_ends_are_shown(expression: str, first: str) -> None:
    line = explained(expression, {"x": 1.0}).splitlines()[0]
    assert line.startswith(f"  f = {first}")
    assert len(line) < 300
    cgraph_cli.parse(line.removeprefix("  f = ").replace("…", "x"))  # an expression it stays
    assert "…" not in explained(expression, {"x": 1.0}, all=True).splitlines()[0]


class Tags(HTMLParser):
    """Tags that are closed in the order in which they were opened, and every address."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for key, value in attrs if key in ("src", "href")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_whole_and_needs_no_network() -> None:
    page = explained("where(a<b, a, b)*a", {"a": 1.0, "b": 2.0}, "html")
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert tags.addresses == []
    assert "<mo>&lt;</mo>" in page
    assert page.index("<svg") < page.index("<h2>")  # the figure is at its top
    assert '<mrow class="value"><mn>1</mn></mrow>' in page
    assert '<mrow class="gradient"><mn>1</mn></mrow>' in page
    assert re.findall(r"<h([1-3])", page)[:3] == ["1", "2", "2"]
    assert "<svg" not in explained("+".join(["a"] * 2001), {"a": 1.0}, "html")


def test_markdown_has_its_formulas_between_dollars() -> None:
    text = explained(HARD, POINT, "markdown")
    for block in re.findall(r"^\$\$\n(.*?)\n\$\$\n\n", text, re.DOTALL | re.MULTILINE):
        assert block.startswith("\\begin{aligned}\n")
        assert block.endswith("\n\\end{aligned}")
    rest = re.sub(r"\$\$\n.*?\n\$\$\n", "", text, flags=re.DOTALL)
    formulas = re.findall(r"(?<!\\)\$([^$\n]+)\$", rest)
    assert len(formulas) * 2 == rest.count("$")
    assert any(r"/\partial q_{1}" in one for one in formulas)
    assert not any(r"\frac{\partial" in one for one in formulas)  # tiny within a line
    for formula in formulas:
        assert formula == formula.strip()
        assert not re.search(r"\\[,;_]|\\\\", formula)  # GitHub drops a backslash before punctuation


def typeset(engine: str, text: str, folder: Path) -> str:
    """What TeX says of a document that it accepts."""
    if shutil.which(engine) is None:
        pytest.skip(f"{engine} is not on this machine")
    (folder / "all.tex").write_text(text, encoding="utf-8")
    command = [engine, "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert run.returncode == 0, run.stdout.decode(errors="replace")[-2000:]
    return (folder / "all.log").read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize("values", [POINT, {**POINT, "x_max": 0.0}, {**POINT, "x_max": -1.0}])
def test_real_latex_accepts_it_and_no_line_is_too_long(values: dict[str, float], tmp_path: Path) -> None:
    report = cgraph_cli.evaluate(HARD, values, hessian=True, direction={"x": 1.0})
    fragment = "".join(render_latex(report, View()))
    log = typeset("pdflatex", "".join(map(str, document([explained(HARD, values, "latex"), fragment]))), tmp_path)
    assert "Overfull" not in log
    assert "Missing character" not in log


@pytest.mark.parametrize("engine", ["xelatex", "lualatex"])
def test_names_in_other_scripts_are_typeset_by_the_engines_that_can(engine: str, tmp_path: Path) -> None:
    text = "".join(
        map(str, document([explained("너비*높이 + x̂*변수", {"너비": 2, "높이": 3, "x̂": 2, "변수": 4}, "latex")]))
    )
    log = typeset(engine, text, tmp_path)
    fonts = subprocess.run(["fc-list", "Noto Serif CJK KR"], capture_output=True, check=False).stdout
    assert not fonts or "Missing character" not in log


@pytest.mark.parametrize("text", ["너비*x", "Δ*ж", "दूरी*x"])
def test_a_document_says_which_engine_it_needs(text: str) -> None:
    report = cgraph_cli.evaluate(text, dict.fromkeys(cgraph_cli.parse(text).names, 2.0))
    whole = "".join(map(str, document(render_latex(report, View()))))
    assert r"\usepackage{fontspec}" in whole
    assert "XeLaTeX or LuaLaTeX" in whole
    assert "fontspec" not in "".join(map(str, document(render_latex(cgraph_cli.evaluate("x", x=1), View()))))


def test_a_long_formula_of_a_sentence_has_places_where_a_line_may_end() -> None:
    from cgraph_cli.render.prose.html import HTML
    from cgraph_cli.render.prose.mathml import mathml

    long = r"\frac{\partial f}{\partial x} \approx 1.5 \cdot 10^{-5} - \left(2 + x\right) \cdot 3 + 40000000000 \to 3"
    parts = HTML.sentence(f"${long}$").split("<wbr>")
    shown = ["".join(re.findall(">([^<]+)<", part)) for part in parts]
    assert shown == ["∂f∂x", "≈1.5·10−5", "−(2+x)", "·3", "+40000000000", "→3"]
    assert HTML.sentence("$x = 1 + 2$") == mathml("x = 1 + 2")


@pytest.mark.parametrize("format", ["text", "html", "latex", "markdown"])
def test_every_function_can_be_a_module_of_its_own(format: str) -> None:
    for name, rule in RULES.items():
        arguments = [f"a{index}" for index in range(max(rule.min_args, 2 if rule.many else len(rule.args)))]
        if name in {"neg", *OPERATORS.values()} or rule.gradients[0] is None:
            continue
        call = f"g({', '.join(arguments)}) = {name}({', '.join(arguments)})*a0 - 1.23456789; g({', '.join(arguments)})"
        assert explained(call, {argument: 0.6 + 0.1 * index for index, argument in enumerate(arguments)}, format)
