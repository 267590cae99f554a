"""Mermaid: every line is of a strict form, and Mermaid's own parser reads it where it is installed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import escape
from pathlib import Path

import pytest
from browser import package, start
from drawing import GRAPHS, drawn_edges, drawn_nodes, grouped, report_of, terms
from hypothesis import given
from hypothesis import strategies as st

from cgraph_cli import evaluate
from cgraph_cli.errors import TooLargeError
from cgraph_cli.render import View
from cgraph_cli.render.numbers import message
from cgraph_cli.render.picture.mermaid import quoted, render_report
from cgraph_cli.report.report import Report

# Letters and digits, spaces between them, a point between digits, a slash between spaces; all else is a number entity.
TEXT = r'"(?:[^\W_]|#\d+;|<br/>|(?<=\d)\.(?=\d)|(?<= )/(?= )|(?<!") )*"'
KIND = r":::(?:operation|module|variable|constant)"
NODE = re.compile(rf"  n(\d+)(?:\(\({TEXT}\)\)|\[\[{TEXT}\]\]|\(\[{TEXT}\]\)|\({TEXT}\)|\[{TEXT}\]){KIND}")
CLASS = re.compile(r"  classDef \w+ fill:(?:#\w{6}|none),stroke:#\w{6},color:#\w{6}")
EDGE = re.compile(rf"  n(\d+) (?:-->|-\.->)\|({TEXT})\| n(\d+)")
WARNED = re.compile(
    rf"  warnings\[{TEXT}\]:::warning|  style n\d+ stroke:#\w{{6}},stroke-width:(?:4px|2.5px,stroke-dasharray:3 3)"
)
OUTPUT = re.compile(rf"  out\d+>{TEXT}\]|  n\d+ -->\|{TEXT}\| out\d+")

# Mermaid's parser wants a document; its labels come back as the text that will be shown.
SCRIPT = """
const { createRequire } = require("module");
const { pathToFileURL } = require("url");
const { JSDOM } = require("jsdom");
const window = new JSDOM("<body></body>").window;
globalThis.window = window; globalThis.document = window.document;
(async () => {
  const entry = require.resolve("mermaid/dist/mermaid.core.mjs", {paths: module.paths});
  const mermaid = (await import(pathToFileURL(entry))).default;
  const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
  const found = [];
  for (const text of texts) {
    await mermaid.parse(text);
    const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
    const data = diagram.db.getData();
    found.push({nodes: data.nodes.map(one => one.label), edges: data.edges.map(one => one.label)});
  }
  console.log(JSON.stringify(found));
})().catch(error => { console.error(String(error)); process.exit(1); });
"""


def mermaid(report: Report, *draw: str, ascii: bool = False) -> str:
    return "".join(render_report(report, View(ascii=ascii, draw=frozenset(draw))))


def shown(label: str) -> str:
    """The text of a label with its number entities."""
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label.replace("<br/>", "\n"))


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("name", GRAPHS)
def test_form(name: str, ascii: bool) -> None:
    report = report_of(name)
    first, title, *config, kind = mermaid(report, ascii=ascii).split("\n")[:7]
    *lines, end = mermaid(report, ascii=ascii).split("\n")[7:]
    assert (first, kind, end) == ("---", "flowchart LR", "")
    assert config == ["config:", "  flowchart:", "    curve: monotoneX", "---"]
    assert title.startswith("title: ")
    assert json.loads(title.removeprefix("title: "))
    assert [
        line for line in lines if not any(form.fullmatch(line) for form in (NODE, EDGE, OUTPUT, CLASS, WARNED))
    ] == []
    nodes = [found[1] for line in lines if (found := NODE.fullmatch(line))]
    assert nodes == [*map(str, drawn_nodes(report))]
    edges = [(found[1], found[3]) for line in lines if (found := EDGE.fullmatch(line))]
    assert edges == [(str(source), str(target)) for source, target, _ in drawn_edges(report)]
    assert len([line for line in lines if OUTPUT.fullmatch(line)]) == 2 * len(report.graph.outputs)


def test_worked_example() -> None:
    text = mermaid(evaluate("(x+y)*z", x=-2, y=5, z=-4))
    labels = [shown(label[1:-1]) for _, label, _ in EDGE.findall(text)]
    assert labels == ["-2 / -4", "5 / -4", "3 / -4", "-4 / 3"]


def test_a_node_that_several_gradients_arrive_at_has_their_sum_and_every_node_the_colours_of_its_kind() -> None:
    text = mermaid(evaluate("k = 2; x*x + k", x=3))
    assert 'n0(["x<br/>Σ 6"]):::variable' in text
    classes = re.findall(r"classDef (\w+)", text)
    assert sorted(classes) == ["constant", "operation", "variable"]
    assert set(re.findall(r":::(\w+)", text)) == set(classes)


def test_local_gradients_and_widths_where_they_are_asked_for() -> None:
    text = mermaid(evaluate("(x+y)*z + relu(0 - x)", x=2, y=5, z=-4), "locals", "widths")
    labels = [shown(label[1:-1]) for _, label, _ in EDGE.findall(text)]
    assert labels[:4] == ["2 / -4 ×1", "5 / -4 ×1", "7 / -4 ×(-4)", "-4 / 7 ×7"]
    widths = {int(index): float(wide) for index, wide in re.findall(r"linkStyle (\d+) stroke-width:([\d.]+)px", text)}
    assert max(widths, key=lambda index: widths[index]) == 3
    assert set(widths) == {index for index, label in enumerate(labels) if "×" in label}


def test_a_warning_is_written_and_its_node_marked() -> None:
    report = evaluate("log(x)*y + abs(z)", x=-1, y=2, z=0)
    text = mermaid(report)
    (line,) = [line for line in text.splitlines() if line.startswith("  warnings[")]
    assert [f"{one.head}: {message(one).replace('`', '')}" for one in report.warnings] == shown(
        line.removeprefix('  warnings["').removesuffix('"]:::warning')
    ).splitlines()
    assert re.findall(r"style n(\d+) .*:4px$", text, re.MULTILINE) == [str(one.node) for one in report.warnings]
    passing = [str(node) for node in report.not_finite if node not in {one.node for one in report.warnings}]
    assert passing
    assert re.findall(r"style n(\d+) .*-dasharray:3 3$", text, re.MULTILINE) == passing
    assert "warning" not in mermaid(evaluate("x*y", x=1, y=2))


@given(st.text())
def test_any_text_is_quoted(text: str) -> None:
    for ascii in (False, True):
        label = quoted(text, View(ascii=ascii))
        assert re.fullmatch(TEXT, label)
        assert shown(label[1:-1]) == text
        assert label.isascii() or not ascii


@pytest.mark.parametrize("count", [0, 1])
def test_mermaids_own_limits(count: int) -> None:
    # 499 edges between nodes and the one to the output are as many as Mermaid draws.
    report = evaluate(f"sum({', '.join(['x'] * (499 + count))})", x=1)
    if count:
        with pytest.raises(TooLargeError, match="501 edges, Mermaid draws at most 500") as found:
            mermaid(report)
        assert "--format dot" in str(found.value.help)
    else:
        assert mermaid(report).count("-->") == 500


def test_long_texts() -> None:
    names = [f"{'ü_' * 14}{index}" for index in range(400)]
    values = dict.fromkeys(names, 1 / 3)
    with pytest.raises(TooLargeError, match="characters, Mermaid draws at most 50000"):
        mermaid(evaluate(grouped(names), values))
    assert mermaid(evaluate(*terms(40)))


def parsed(texts: list[str], folder: Path) -> list[dict[str, list[str]]]:
    """The labels that Mermaid's own parser reads."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    probe = [node, "-e", 'require.resolve("mermaid/dist/mermaid.core.mjs"); require.resolve("jsdom")']
    if subprocess.run(probe, capture_output=True, cwd=folder, timeout=60, check=False).returncode:
        pytest.skip("the npm packages mermaid and jsdom are not installed where NODE_PATH says")
    done = subprocess.run(
        [node, "-e", SCRIPT], input=json.dumps(texts).encode(), capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    result: list[dict[str, list[str]]] = json.loads(done.stdout)
    return result


OVER = """
    const boxes = [...document.querySelectorAll(".edgeLabel foreignObject")].map((one) => one.getBoundingClientRect());
    return [boxes.length, boxes.filter((one, index) => boxes.slice(0, index).some((other) => (
        Math.min(one.right, other.right) > Math.max(one.left, other.left) + 1
        && Math.min(one.bottom, other.bottom) > Math.max(one.top, other.top) + 1
    ))).length];
"""


@pytest.mark.parametrize("draw", [(), ("down",)])
def test_no_label_lies_over_another(draw: tuple[str, ...], tmp_path: Path) -> None:
    script = package("mermaid") / "dist" / "mermaid.min.js"
    report = evaluate("(x - y)^2*(x + y)*sin(x*y)*cos(x/y) + x*y", x=1, y=2).folded()
    page = f'<pre class="mermaid">{escape(mermaid(report, *draw))}</pre><script src="{script.as_uri()}"></script>'
    (tmp_path / "page.html").write_text(f'<meta charset="utf-8">{page}', encoding="utf-8")
    chromium = start()
    try:
        chromium.open(tmp_path / "page.html")
        chromium.wait("return document.querySelector('.edgeLabel foreignObject') !== null")
        assert chromium.run(OVER) == [len(drawn_edges(report)) + 1, 0]
    finally:
        chromium.close()


def test_mermaids_own_parser(tmp_path: Path) -> None:
    words = "end graph subgraph class click style default flowchart direction constructor href call".split()
    keywords = evaluate(" + ".join(words), dict.fromkeys(words, 1.0))
    reports = [*map(report_of, GRAPHS), keywords]
    texts = [mermaid(report, ascii=ascii) for report in reports for ascii in (False, True)]
    for report, found in zip([one for one in reports for _ in range(2)], parsed(texts, tmp_path), strict=True):
        assert len(found["nodes"]) == bool(report.warnings) + len(drawn_nodes(report)) + len(report.graph.outputs)
        assert len(found["edges"]) == len(drawn_edges(report)) + len(report.graph.outputs)
