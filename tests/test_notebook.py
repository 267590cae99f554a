"""What a Python prompt and a notebook show: results by themselves, and the magics in a notebook that is really run."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import cgraph_cli
from cgraph_cli.cli.magic import CellError, Output, cgraph
from cgraph_cli.render import RENDERERS, View, renderer
from cgraph_cli.render.notebook import SHOWN, WARNINGS, preformatted
from cgraph_cli.render.numbers import message
from cgraph_cli.report.shown import Shown

POINT = '"(x+y)*z" --x -2 --y 5 --z -4'


def test_every_format_that_shows_a_result_is_one_of_its_kind() -> None:
    for kind, ways in SHOWN.items():
        assert {name for names in ways.values() for name in names} - {WARNINGS} <= set(RENDERERS[kind])


def test_a_result_shows_itself_as_its_renderers_do() -> None:
    report = cgraph_cli.evaluate("(x+y)*z", x=-2, y=5, z=-4)
    formats = {name: "".join(map(str, renderer("report", name)(report, View()))) for name in ("table", "svg", "latex")}
    assert repr(report) + "\n" == formats["table"]
    assert report._repr_svg_() == formats["svg"]
    mathematics = report._repr_latex_()
    assert mathematics is not None
    assert mathematics in formats["latex"]
    assert mathematics.startswith(r"\begin{align*}")


def test_derivatives_and_expressions_show_themselves_in_every_way(capsys: pytest.CaptureFixture[str]) -> None:
    derivatives = cgraph('diff "x^2*abs(y)" --x 3 --y 0')
    assert isinstance(derivatives, Shown)
    assert repr(derivatives) == "∂f/∂x = 2*x*abs(y) = 0\n∂f/∂y = x^2*sign(y) = 0"
    html, latex, text = derivatives._repr_html_(), derivatives._repr_latex_(), derivatives._repr_markdown_()
    assert html is not None
    assert latex is not None
    assert text is not None
    assert capsys.readouterr().err == ""  # what is wrong stands beside the formulas
    assert "Kink: v2 = abs(y) at y = 0" in Text(html).text
    assert "∂f∂x" in Text(html).text
    assert '<mrow class="gradient"><mn>0</mn></mrow>' in html
    assert "<h1" not in html
    assert latex.splitlines()[1:3] == text.splitlines()[2:4]
    assert r"\emph{Kink:} \texttt{v2 = abs(y)} at y = 0" in latex
    assert "**Kink:** `v2 = abs(y)` at y = 0" in text
    for written, shown in (("x^2*y", r"x^{2} y"), ("s(a) = a^2; s(x*y)", r"s(a) &= a^{2}")):
        expression = cgraph_cli.parse(written)
        assert repr(expression) == str(expression)
        assert shown in (expression._repr_latex_() or "")
        assert shown in (expression._repr_markdown_() or "")
        assert "<msup>" in (expression._repr_html_() or "")
        drawing = ET.fromstring(expression._repr_svg_() or "")
        roles = {one.attrib["data-role"] for one in drawing.iter("{http://www.w3.org/2000/svg}text")}
        assert roles <= {"title", "symbol", "label", "name", "position"}  # no numbers, for there is no point
        assert len([one for one in drawing.iter() if one.get("data-role") == "edge"]) > 2
        assert "data:image/svg+xml" in (expression._repr_html_() or "")


class Text(HTMLParser):
    """The text of a page whose tags are closed in the order in which they were opened."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.open = "", list[str]()
        self.feed(re.sub("<style>.*</style>", "", page))
        assert self.open == []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_derivatives_by_name_are_equations_in_a_notebook_and_a_dict_to_python() -> None:
    found = cgraph_cli.differentiate("x^2*y")
    assert repr(found) == "{'x': 2*x*y, 'y': x^2}"
    assert isinstance(found, dict)
    whole = cgraph("diff x^2*y")
    for way in ("_repr_html_", "_repr_latex_", "_repr_markdown_"):
        assert getattr(found, way)() == getattr(whole, way)() != ""


def test_html_has_the_figure_and_the_coloured_table() -> None:
    report = cgraph_cli.evaluate("where(a<b, a, b)*a", a=1, b=2)
    html = report._repr_html_()
    assert html is not None
    assert Text(html).text.strip() == repr(report)
    assert html.startswith("<img ")
    assert "color-green" not in html
    for style in ("--jp-success-color1", "--jp-error-color1"):  # values green, gradients red
        assert style in html


def test_a_worked_solution_is_a_part_of_the_notebooks_page() -> None:
    solution = cgraph(f"explain {POINT}")
    assert isinstance(solution, Shown)
    html, text = solution._repr_html_(), solution._repr_markdown_()
    assert html is not None
    assert text is not None
    assert "Forward pass" in Text(html).text
    assert not re.search(r"<(html|body|svg|main)\b| id=", html)
    assert '<math displaystyle="true">' in html
    assert "$\\partial f/\\partial x = -4$" in text
    assert repr(solution).startswith("  f = (x + y)*z")


def test_markdown_has_the_equations_of_the_latex() -> None:
    report = cgraph_cli.evaluate("(x+y)*z", x=-2, y=5, z=-4)
    text, latex = report._repr_markdown_(), report._repr_latex_()
    assert latex is not None
    assert text == "$$\n" + latex.replace("align*", "aligned") + "\n$$"


def test_every_form_says_what_is_said_of_the_numbers() -> None:
    for report in (cgraph_cli.evaluate("sqrt(x+1) - sqrt(x)", x=1e15), cgraph_cli.evaluate("relu(x)", x=0)):
        assert report.warnings
        for found in report.warnings:
            words = re.split(r"[`∂]", message(found, None))[-1][-12:]
            for text in (report._repr_markdown_(), report._repr_latex_(), report._repr_html_(), repr(report)):
                assert words in unescape(" ".join((text or "").split())), found.message


def test_terminal_colours_become_html() -> None:
    page = preformatted("a < \x1b[1;31mb & c\x1b[0m d\x1b[32me\x1b[0m")
    assert Text(page).text == "a < b & c de"
    assert re.findall(r'<span style="font-weight: bold; [^"]*red[^"]*">b &amp; c</span>', page)
    assert "\x1b" not in page


def test_a_graph_too_large_for_a_picture_has_its_table() -> None:
    report = cgraph_cli.evaluate("sin(" * 2000 + "x" + ")" * 2000, x=1)
    assert report._repr_svg_() is None
    html = report._repr_html_()
    assert html is not None
    assert html.startswith("<pre")


def test_a_magic_reads_the_words_of_the_command_line() -> None:
    report: Any = cgraph(f"eval {POINT}")
    assert (report.value, report.gradients) == (-12.0, {"x": -4.0, "y": -4.0, "z": 3.0})
    same: Any = cgraph("--x -2 --y 5 --z -4", "q = x + y\nf = q*z  # a comment\n")
    assert same.gradients == report.gradients
    negative: Any = cgraph("--x 3", "-x^2\n")
    assert negative.value == -9.0


def test_a_format_asked_for_by_name_is_shown_as_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    for name, mime, start in (
        ("svg", "image/svg+xml", "<svg"), ("png", "image/png", b"\x89PNG"), ("html", "text/html", "<iframe"),
    ):  # fmt: skip
        shown = cgraph(f"eval {POINT} --format {name}")
        assert isinstance(shown, Output)
        ((kind, data),) = shown._repr_mimebundle_().items()
        assert kind == mime
        assert repr(shown).startswith(f"<{mime}, ")
        assert data.startswith(start)  # type: ignore[arg-type]
    assert cgraph(f"eval {POINT} --json") is None
    assert capsys.readouterr().out.startswith('{"schema"')
    assert cgraph('export "x^2" --to python') is None
    assert "def f(" in capsys.readouterr().out
    assert cgraph('eval "x/3" --x 1 --digits 3') is None
    assert "f = 0.333\n" in capsys.readouterr().out
    assert cgraph('eval "x/3" --x 1 --only value --digits 2') is None
    assert capsys.readouterr().out == "0.33\n"


@pytest.mark.parametrize(
    ("line", "text"),
    [("", "Commands:"), ("help", "Commands:"), ("help diff", "--wrt"), ("explain --help", "--steps"), ("-h", "Usage:")],
)
def test_help_is_printed(capsys: pytest.CaptureFixture[str], line: str, text: str) -> None:
    assert cgraph(line) is None
    assert text in capsys.readouterr().out


def test_output_goes_to_a_file(tmp_path: Any) -> None:
    path = tmp_path / "graph.svg"
    assert cgraph(f"eval {POINT} --output '{path}'") is None
    assert path.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("line", "cell", "message"),
    [
        ("eval 2x --x 1", None, "error: a product needs its sign: .*\n\n  2x\n  \\^\\^\n\nhelp: write 2\\*x"),
        ('eval "x', None, "error: the words cannot be read"),
        ("eval x --x 1", "x\n", "error: two expressions are given"),
        ("--x 0 --strict", "abs(x)\n", "stopped by --strict"),
    ],
)
def test_what_is_wrong_in_a_cell_is_shown_without_a_traceback(line: str, cell: str | None, message: str) -> None:
    with pytest.raises(CellError, match=message) as caught:
        cgraph(line, cell)
    assert "\n".join(caught.value._render_traceback_()) == str(caught.value)


def test_a_real_notebook_is_run() -> None:
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    import nbformat

    book = nbformat.v4.new_notebook()
    cells = [
        "%load_ext cgraph_cli",
        "%%cgraph --x -2 --y 5 --z -4\nq = x + y\nf = q*z",
        'report = %cgraph "x^2" --x 3\nreport.gradients',
        "import cgraph_cli\ncgraph_cli.parse('2x')",
        "%%cgraph --x 1\n2x",
        "expression = cgraph_cli.parse('q = x^2; q*y')\nexpression",
        '%cgraph diff "x^2*y"',
    ]
    book.cells = [nbformat.v4.new_code_cell(text) for text in cells]
    nbclient.NotebookClient(book, timeout=120, allow_errors=True, kernel_name="python3").execute()
    outputs = [cell.outputs for cell in book.cells]
    assert outputs[0] == []
    data = outputs[1][0].data
    assert {"text/plain", "text/html", "text/latex", "image/svg+xml"} <= set(data)
    assert data["text/plain"] == repr(cgraph_cli.evaluate("q = x + y\nf = q*z", x=-2, y=5, z=-4))
    assert len(outputs[1]) == 1  # Rich writes into the table, not into the notebook
    assert outputs[2][0].data["text/plain"] == "{'x': 6.0}"
    assert "  2x\n  ^^" in outputs[3][0].evalue
    assert outputs[4][0].traceback[0].startswith("error: a product needs its sign")
    assert "Traceback" not in "".join(outputs[4][0].traceback)
    texts, figure = {"text/plain", "text/html", "text/latex", "text/markdown"}, {"image/svg+xml"}
    of_derivatives = "∂f/∂x = 2*x*y\n∂f/∂y = x^2"
    for output, ways, text in ((outputs[5], texts | figure, "q = x^2; q*y"), (outputs[6], texts, of_derivatives)):
        assert len(output) == 1
        assert set(output[0].data) == ways
        assert output[0].data["text/plain"] == text


def test_nothing_of_ipython_is_imported() -> None:
    code = "import sys, cgraph_cli, cgraph_cli.cli.magic\ncgraph_cli.evaluate('x', x=1)._repr_html_()\n"
    code += "print([name for name in sys.modules if name.split('.')[0] in ('IPython', 'ipykernel')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
