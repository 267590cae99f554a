"""The page against the tools for accessible, valid pages: axe-core in a real browser, html-validate on the source."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import browser as chromium
import pytest
from browser import Browser, package
from harness import run

import cgraph_cli
from cgraph_cli.render import View
from cgraph_cli.render.page.page import render_report
from cgraph_cli.render.picture import drawing

pytest.importorskip("graphlay", reason="the page has the figure, which needs the extra `draw`")

PAGES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "neuron": ("p = sigmoid(w*x + b); loss = mse(p, t)", {"w": 2, "x": -1, "b": 0.5, "t": 1}, {}),
    "kinks": (
        "g = log(x)*y; h = where(x > 0, max(x, y), z) + relu(z) + 2; f = g*h",
        {"x": 1, "y": 1, "z": 0},
        {"outputs": ["g", "f"], "hessian": True, "direction": {"x": 1.0}},
    ),
    "outputs": ("h = x*y; f = sin(h) + x; g = h^2*y", {"x": 1, "y": 2}, {"outputs": ["f", "g"]}),
    "uncertain": (
        "a = x*y; b = max(x, y)",
        {"x": (2.0, 0.3), "y": (2.1, 0.1)},
        {"outputs": ["a", "b"], "correlation": {("x", "y"): -0.5}, "elasticity": True},
    ),
    "no number": ("sqrt(x)/y", {"x": -1, "y": 0}, {}),
    "no variable": ("2*pi", {}, {}),
    "no figure": ("+".join(f"x*{i}" for i in range(12)), {"x": 2}, {}),
}
SOLVED = "a = where(x > 0, sigmoid(-(w*x + 1)^2)/(1 + 1/x), abs(x)); a*exp(-x) + max(0, w) + log(1 + 0.5*b)"
DOCUMENTS = {
    "solution": "explain",
    "derivatives": "diff",
    "differences": "diff",
    "blanks": "eval",
    "quiz": "quiz",
    "checks": "check",
}  # pages without a picture that moves
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844, "phone": True, "dark": True},
    "phone on its side": {"width": 844, "height": 390, "phone": True},
}
RUN = """
    const done = arguments[0], tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    axe.run(document, { runOnly: tags }).then(({ violations }) => (
        done(violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map((one) => one.html.slice(0, 200))]))
    ));
"""


def written(name: str, folder: Path) -> Path:
    """A page as a file."""
    path = folder / "page.html"
    if name in DOCUMENTS:
        text, point = (SOLVED, ["--b", "3"]) if name != "differences" else ("sqrt(x)^2*w", [])
        words = [DOCUMENTS[name], text, "--x", "0.5" if point else "0", "--w", "0", *point, "--output", str(path)]
        words += ["--blank", "upstream,downstream"] if name == "blanks" else []
        if name == "quiz":
            words = ["quiz", "p = sigmoid(w*x + b); mse(p, t)", "--seed", "Zoë <b>", "--output", str(path)]
        if name == "checks":
            words = ["check", "x^2*sin(y)", "--x", "3", "--y", "pi/2", "--output", str(path)]
        assert run(words).code == 0
        return path
    text, point, options = PAGES[name]
    with patch.object(drawing, "MAX_NODES", 20 if name == "no figure" else drawing.MAX_NODES):
        expression = cgraph_cli.parse(text)
        evaluate = expression.uncertainty if name == "uncertain" else expression.evaluate
        page = "".join(render_report(evaluate(point, **options), View()))
    assert ("No figure" in page) == (name == "no figure")
    path.write_text(page, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def axe() -> str:
    return (package("axe-core") / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser(axe: str) -> Iterator[Browser]:
    made = chromium.start()
    made.request("POST", f"{made.session}/timeouts", {"script": 60000})
    yield made
    made.close()


@pytest.fixture(scope="module")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Each page as a file, written once."""
    return cache(lambda name: written(name, tmp_path_factory.mktemp("page")))


@pytest.mark.parametrize("name", [*PAGES, *DOCUMENTS])
@pytest.mark.parametrize("look", LOOKS)
def test_axe_has_nothing_against_the_page(
    browser: Browser, axe: str, page_of: Callable[[str], Path], name: str, look: str
) -> None:
    browser.look(**LOOKS[look])
    browser.open(page_of(name))
    browser.run(axe)
    assert browser.run("return axe.version.split('.').length") == 3

    def violations() -> Any:
        return browser.request("POST", f"{browser.session}/execute/async", {"script": RUN, "args": []})

    assert violations() == []
    if name in PAGES and look != "phone on its side":
        browser.press("End", "ArrowLeft")
        assert violations() == []
        if name != "no figure":
            browser.click("#full")
            assert violations() == []
            browser.press("Escape")
        browser.run("document.getElementById('predict').click(); document.getElementById('descend')?.click()")
        browser.press("ArrowLeft")
        assert violations() == []


def test_on_a_phone_every_result_of_a_solution_is_seen_and_its_figure_can_be_read(
    browser: Browser, tmp_path: Path
) -> None:
    browser.look(**LOOKS["phone"])
    browser.open(written("solution", tmp_path))
    edges = browser.run(
        "return [...document.querySelectorAll('td:last-child')].map((one) => one.getBoundingClientRect().right)"
    )
    assert len(edges) > 10
    assert max(edges) <= 390
    assert browser.run("return document.documentElement.scrollWidth") <= 390
    size = browser.run("return document.querySelector('figure text[data-role=value]').getBoundingClientRect().height")
    assert size > 8


def test_on_a_phone_the_cells_of_a_row_stand_beside_each_other(browser: Browser, tmp_path: Path) -> None:
    browser.look(**LOOKS["phone"])
    browser.open(written("checks", tmp_path))
    assert browser.run("return document.documentElement.scrollWidth") <= 390
    tops = browser.run(
        "return [...document.querySelectorAll('table:has(thead) tr')].map((row) => "
        "new Set([...row.cells].map((cell) => cell.getBoundingClientRect().top)).size)"
    )
    assert tops == [1] * 9


def test_the_page_of_a_quiz_writes_the_file_of_answers(browser: Browser, tmp_path: Path) -> None:
    browser.look(**LOOKS["phone"])
    browser.open(written("quiz", tmp_path))
    assert browser.run("return document.documentElement.scrollWidth") <= 390
    for name, text in (("upstream(w)", "1/2"), ("local(p,v2)", " .25 "), ("local(f,p)", "-0")):
        browser.type_into(f'input[name="{name}"]', text)
    path = tmp_path / "answers.json"
    path.write_text(browser.run("return sheet()"), encoding="utf-8")
    found = json.loads(run(["check", "--answers", str(path), "--json"]).stdout)
    assert found["student"] == "Zoë <b>"
    given = {one["id"]: one["answer"] for one in found["answers"] if one["answer"] is not None}
    assert given == {"upstream(w)": "1/2", "local(p,v2)": ".25", "local(f,p)": "-0"}
    assert len(found["answers"]) == browser.run("return document.querySelectorAll('input').length") > 10
    browser.click("#copy")
    browser.wait("return document.getElementById('said').textContent")


def test_html_validate_has_nothing_against_the_pages(page_of: Callable[[str], Path]) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    tool = package("html-validate") / "bin" / "html-validate.mjs"
    pages = [page_of(name) for name in (*PAGES, *DOCUMENTS)]
    command = [node, str(tool), *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=pages[0].parent)
    assert done.returncode == 0, done.stdout + done.stderr
