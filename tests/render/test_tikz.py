"""TikZ: the figure of the SVG format, number by number and place by place, and LaTeX typesets it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from drawing import GRAPHS, SVG, drawn_edges, drawn_nodes, grouped, report_of
from harness import run

from cgraph_cli import evaluate
from cgraph_cli.errors import TooLargeError
from cgraph_cli.render import View, renderer
from cgraph_cli.render.picture.figure import COLORS
from cgraph_cli.render.prose.latex import document
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.latex import number

pytest.importorskip("graphlay", reason="the extra `draw` is not installed")

NODE = re.compile(r"\\node\[cg-(\w+)[^\]]*\] at \((-?[\d.]+),(-?[\d.]+)\) \{(.*)\};")
WARNED = "where(x > 0, max(x, y), abs(y)) + abs(z) + log(-x)"


def written(kind: str, report: Report, *draw: str, standalone: bool = False) -> str:
    view = View(draw=frozenset(draw), standalone=standalone)
    return "".join(map(str, renderer("report", kind)(report, view)))


def groups(tikz: str) -> dict[str, str]:
    """The lines of every node and edge, by its id."""
    parts = re.split(r"^% (node-\d+|edge-[\w-]+|output)\n", tikz, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("draw", [(), ("locals", "widths"), ("down",)])
@pytest.mark.parametrize("name", GRAPHS)
def test_numbers_and_places_are_those_of_the_svg(name: str, draw: tuple[str, ...]) -> None:
    report = report_of(name).folded()
    tikz, root = written("tikz", report, *draw), ET.fromstring(written("svg", report, *draw))
    found = groups(tikz)
    nodes = {f"node-{node}" for node in drawn_nodes(report)}
    edges = {f"edge-{target}-{position}" for _, target, position in drawn_edges(report)}
    assert nodes | edges == {one for one in found if not one.startswith(("output", "edge-output"))}
    for group in root.iter(f"{SVG}g"):
        texts = {text.attrib["data-role"]: text for text in group.findall(f"{SVG}text")}
        if "data-source" not in group.attrib:
            continue
        shown = {role: (float(x), float(y), text) for role, x, y, text in NODE.findall(found[group.attrib["id"]])}
        assert shown.keys() == texts.keys()
        for role, (x, y, text) in shown.items():
            at = texts[role].attrib
            assert (x, y) == (float(at["x"]), float(at["y"]))
            if role in ("value", "gradient"):
                digits = number(texts[role].text or "").replace(r" \cdot ", r"{\cdot}")
                assert text == f"${digits}$"


@pytest.mark.parametrize("name", GRAPHS)
def test_all_colours_are_defined_and_all_groups_closed(name: str) -> None:
    tikz = written("tikz", report_of(name), "locals")
    defined = dict(re.findall(r"\\definecolor\{cg-([\w-]+)\}\{HTML\}\{(\w{6})\}%\n", tikz))
    used = set(re.findall(r"(?:text=cg-|\\(?:draw|fill)\[cg-|\\textcolor\{cg-)([\w-]+)", tikz)) - {"node"}
    kinds = set(re.findall(r"\[cg-node=(\w+)", tikz))
    assert used | kinds | {f"{kind}-line" for kind in kinds} <= defined.keys()
    assert all(f"#{color.lower()}" == COLORS[one] for one, color in defined.items())
    bare = re.sub(r"\\[{}]", "", tikz)
    assert bare.count("{") == bare.count("}")


def test_what_the_figure_says_beside_its_numbers() -> None:
    report = evaluate(WARNED, x=1, y=1, z=0)
    found, tikz = groups(written("tikz", report)), written("tikz", report)
    assert {one for one, lines in found.items() if "cg-marked" in lines} == {
        f"node-{node}" for node in {one.node for one in report.warnings}
    }
    passing = {f"node-{node}" for node in report.not_finite} - {f"node-{one.node}" for one in report.warnings}
    assert {one for one, lines in found.items() if "cg-passing" in lines} == passing
    assert {one for one, lines in found.items() if "cg-idle" in lines} == {
        f"edge-{node.id}-{position}"
        for node in report.nodes
        for position, edge in enumerate(node.args)
        if report.graph.edge_has_gradient(node.id, position)
        and not report.passes.sends[report.graph.edges(node.id)[position]]
    }
    heads = ("warning (kink): ", "warning (domain): ")
    for line in (*heads, r"gradient of $f$", "thick outline: has a warning"):
        assert line in tikz.partition("text width")[2]
    assert "dashed: nothing is sent" not in tikz  # where the value is nan, no branch is a taken one
    assert "dashed: nothing is sent" in written("tikz", evaluate(WARNED, x=-1, y=1, z=0)).partition("text width")[2]
    assert "% f = where(" in tikz
    assert "% at x = 1, y = 1, z = 0" in tikz


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("x + x - x - x*x", r"$\Sigma$"),
        ("x*x*x*x", r"$\Pi$"),
        ("x^-12", "$x^{-12}$"),
        ("x^2", "$x^{2}$"),
        ("x^0.5", "$x^{0.5}$"),
        ("1/x", "$1/x$"),
        ("x*-1", r"${\times}({-1})$"),
        ("x*1e300", r"${\times}10^{300}$"),
        ("pi*x", r"${\times}\pi$"),
        ("max(0, x)", r"$\max(0,\,\cdot)$"),
        ("exp(x)", r"$\exp$"),
        ("relu(x)", r"$\operatorname{relu}$"),
        ("x <= x", r"$\leq$"),
        ("x^x", r"$\text{\textasciicircum}$"),
        ("my_module(a) = a + 1; my_module(x)", r"$\operatorname{my\_module}$"),
    ],
)
def test_an_operation_in_mathematics(text: str, symbol: str) -> None:
    report = evaluate(text, x=0.5).folded()
    lines = groups(written("tikz", report))[f"node-{report.output_node}"]
    assert [words for role, _, _, words in NODE.findall(lines) if role == "symbol"] == [symbol]


def test_names_as_in_formulas() -> None:
    tikz = written("tikz", evaluate("h_max = w0*α_1 + __; h_max", {"w0": 1, "α_1": 2, "__": 3}))
    assert all(text in tikz for text in (r"{$w_{0}$}", r"{$\alpha_{1}$}", r"{$\mathtt{\_\_}$}", r"$h_{\mathrm{max}}$"))


def test_what_svg_or_tex_refuses_is_refused() -> None:
    with pytest.raises(TooLargeError, match="a picture shows at most"):
        written("tikz", evaluate(grouped([f"sin(exp(x*{index}))" for index in range(400)]), x=1))
    assert run(["eval", "x", "--x", "1", "--format", "tikz", "--hessian"]).code == 2
    names = [f"x{index}" for index in range(300)]
    wide = evaluate(grouped([f"sin({name})" for name in names]), dict.fromkeys(names, 1.0))
    assert written("svg", wide)
    with pytest.raises(TooLargeError, match="points, TeX sets at most 16000"):
        written("tikz", wide)


def test_a_file_and_a_document(tmp_path: Path) -> None:
    path = tmp_path / "graph.tikz"
    assert run(["eval", "x*y", "--x", "1", "--y", "2", "--output", str(path)]).code == 0
    piece = path.read_text(encoding="utf-8")
    assert "documentclass" not in piece
    assert run(["eval", "x*y", "--x", "1", "--y", "2", "--output", str(path), "--standalone"]).code == 0
    whole = path.read_text(encoding="utf-8")
    assert whole.startswith("\\documentclass[border=4pt]{standalone}\n\\usepackage{amsmath, tikz}\n")
    assert piece in whole
    assert "fontspec" not in "".join(
        map(str, document([written("tikz", evaluate("β", β=1))]))
    )  # β is in a comment only
    assert "fontspec" in "".join(map(str, document([written("tikz", evaluate("키", 키=1))])))


def typesets_tikz() -> bool:
    """Whether pdflatex and the packages of a picture are on this machine."""
    if not shutil.which("pdflatex") or not shutil.which("kpsewhich"):
        return False
    found = subprocess.run(["kpsewhich", "tikz.sty", "standalone.cls"], capture_output=True, text=True, check=False)
    return len(found.stdout.split()) == 2


def typeset(path: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", path.name],
        cwd=path.parent,
        capture_output=True,
        timeout=300,
        check=False,
    )


@pytest.mark.skipif(not typesets_tikz(), reason="pdflatex with TikZ is not on this machine")
@pytest.mark.parametrize("columns", ["", "[twocolumn]"])
def test_a_picture_that_is_wider_than_the_lines_of_an_article_is_scaled_to_these(tmp_path: Path, columns: str) -> None:
    narrow, wide = written("tikz", evaluate("x*y", x=1, y=2)), written("tikz", report_of("sigmoid"))
    assert "resizebox" in wide
    assert "resizebox" not in narrow + written("tikz", report_of("sigmoid"), standalone=True)
    path = tmp_path / "article.tex"
    lines = [f"\\documentclass{columns}{{article}}", "\\usepackage{amsmath, tikz}", "\\begin{document}"]
    lines += [f"\\noindent\n{piece}\n" for piece in (narrow, wide)]
    path.write_text("\n".join([*lines, "\\end{document}"]), encoding="utf-8")
    done = typeset(path)
    assert done.returncode == 0
    assert b"Overfull" not in done.stdout


@pytest.mark.skipif(not typesets_tikz(), reason="pdflatex with TikZ is not on this machine")
def test_latex_typesets_them_all_in_the_size_of_the_figure(tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf", reason="the extra `test` is not installed")
    reports = [*map(report_of, GRAPHS), evaluate(WARNED, x=1, y=1, z=0)]
    reports.append(evaluate("größe_1 = α_1*__*x̂; größe_1", {"α_1": 1, "__": 2, "x̂": 3}))
    pieces = [piece for report in reports for piece in (written("tikz", report, "locals", standalone=True), "\n")]
    path = tmp_path / "all.tex"
    path.write_text("".join(map(str, document(pieces))).replace("border=4pt", "border=4pt,multi=tikzpicture"))
    done = typeset(path)
    log = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, log[-2000:]
    assert "Missing character" not in log
    pages = pypdf.PdfReader(tmp_path / "all.pdf").pages
    assert len(pages) == len(reports)
    for page, report in zip(pages, reports, strict=True):
        root = ET.fromstring(written("svg", report, "locals"))
        assert float(page.mediabox.width) <= 1.1 * 0.75 * float(root.attrib["width"]) + 20
