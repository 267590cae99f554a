"""One language of options: what means the same everywhere, and nothing that is asked for is dropped."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from harness import run

import cgraph_cli
from cgraph_cli.cli.commands import COMMANDS, OPTIONS
from cgraph_cli.export import LANGUAGES
from cgraph_cli.render import ENDINGS, RENDERERS, formats, showing
from cgraph_cli.render.numbers import short

NAMES = "α*relu(가*x)"
POINT = ["--set", "α=2", "--set", "가=0", "--x", "1"]
TEXTS = [
    (command, format)
    for command in ("eval", "diff", "check", "explain", "paths")
    for format in formats(COMMANDS[command].shows)
    if format not in ("png", "pdf", "plain")
]


def test_an_option_is_the_same_in_every_command_that_has_it() -> None:
    for command in COMMANDS.values():
        for name, option in command.options.items():
            known = OPTIONS[name]
            assert option._replace(help=known.help, choices=known.choices) == known
            assert option.help.startswith(known.help[:-1])
    for name in ("at", "set", "values", "file", "strict", "expand", "replace", "output"):
        assert all(name in command.options for command in COMMANDS.values() if command.expression), name


@pytest.mark.parametrize(("command", "format"), TEXTS)
def test_ascii_is_nothing_but_ascii_in_every_format(command: str, format: str) -> None:
    done = run([command, NAMES, *POINT, "--format", format, "--ascii"])
    assert done.code == (1 if command == "check" else 0), done.stderr  # at a kink nothing agrees
    assert done.stdout.isascii()
    assert done.stdout


def test_a_format_and_the_ending_of_a_file_agree_or_nothing_is_written(tmp_path: Path) -> None:
    for format in formats("report"):
        for ending, _ in ENDINGS:
            path = tmp_path / f"f{ending}"
            done = run(["eval", "x", "--x", "1", "--format", format, "--output", str(path)])
            agree = (ending, format) in ENDINGS
            assert (done.code, path.exists()) == ((0, True) if agree else (2, False)), (format, ending)
            path.unlink(missing_ok=True)


def test_the_ending_alone_chooses_what_the_name_would(tmp_path: Path) -> None:
    for language in LANGUAGES:
        named = run(["export", "x*y", "--to", language]).stdout
        ending = next(ending for ending, name in ENDINGS if name == language)
        path = tmp_path / f"f{ending.upper()}"
        assert run(["export", "x*y", "--to", language, "--output", str(path)]).code == 0
        assert path.read_text(encoding="utf-8") == named == run(["export", "x*y", "--format", language]).stdout


def test_every_command_writes_markdown_and_what_stands_between_its_fences_is_the_text_itself(tmp_path: Path) -> None:
    assert [name for name, one in COMMANDS.items() if "markdown" not in formats(one.shows)] == []
    words, path = ["export", "β = 2; x*β^x", "--x", "2", "--self-test"], tmp_path / "code.md"
    for language in LANGUAGES:
        asked = [*(words if language != "latex" else words[:2]), "--to", language]
        done = run([*asked, "--format", "markdown"])
        name = "python" if language == "numpy" else language
        assert done.stdout == f"```{name}\n{run(asked).stdout}```\n", done.stderr
        assert run([*asked, "--output", str(path)]).code == 0
        assert path.read_text(encoding="utf-8") == done.stdout
    assert run(["schema", "diff", "--format", "markdown"]).stdout == f"```json\n{run(['schema', 'diff']).stdout}```\n"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("--format markdown", "--to takes one of: python, numpy, c, javascript, julia, rust, latex"),
        ("--to markdown", "--to does not know `markdown`"),
        ("--to c --format rust", "--format rust and --to c contradict each other"),
        ("--to latex --format markdown --self-test --x 1", "--self-test is not shown by --format latex"),
        ("--to latex --format markdown --standalone", "--standalone is not shown by --format markdown"),
    ],
)
def test_code_in_a_document_needs_a_language_and_shows_what_both_show(words: str, text: str) -> None:
    done = run(["export", "x^2", *words.split()])
    assert (done.code, done.stdout) == (2, "")
    assert text in done.stderr


@pytest.mark.parametrize("option", ["hessian", "direction"])
def test_what_a_format_has_no_place_for_is_refused_and_what_is_not_refused_is_shown(option: str) -> None:
    words = ["eval", "x^2*y", "--x", "3", "--y", "2"]
    asked = ["--hessian"] if option == "hessian" else ["--direction", "x=1,y=0.03125"]
    for format, row in RENDERERS["report"].items():
        done = run([*words, *asked, "--format", format])
        if option in row.shows.split():
            assert done.code == 0
            assert done.stdout != run([*words, "--format", format]).stdout
        else:
            assert done.code == 2
            assert f"--{option} is not shown by --format {format}" in done.stderr


def test_a_refusal_of_strict_and_a_note_are_json_where_errors_are(tmp_path: Path) -> None:
    for words in (["--json"], ["--format", "json"], ["--format=json"]):
        done = run(["eval", "abs(x)", "--x", "0", "--strict", *words])
        assert done.code == 1
        assert json.loads(done.stderr)["error"]["code"] == "strict"
        assert json.loads(done.stdout)["warnings"]
    (tmp_path / "v.json").write_text('{"x": 1, "y": 2}')
    done = run(["eval", "x", "--values", str(tmp_path / "v.json"), "--json"])
    assert "`y`" in json.loads(done.stderr)["note"]["message"]


@pytest.mark.parametrize("command", ["eval", "diff", "explain", "export"])
def test_latex_is_a_piece_of_a_document_and_with_standalone_the_whole(command: str, tmp_path: Path) -> None:
    words = [command, "x^2*sin(y)", "--x", "3", "--y", "2", "--output"]
    piece, whole = tmp_path / "piece.tex", tmp_path / "whole.tex"
    assert run([*words, str(piece)]).code == run([*words, str(whole), "--standalone"]).code == 0
    body = piece.read_text()
    assert "\\documentclass" not in body
    assert body in whole.read_text()
    if shutil.which("pdflatex"):
        typeset = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "whole.tex"]
        done = subprocess.run(typeset, cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout.decode(errors="replace")[-1000:]
    refused = run(
        [*words[:-1], "--standalone", "--format", "c" if command == "export" else formats(COMMANDS[command].shows)[0]]
    )
    assert (refused.code, "--standalone is shown by --format latex" in refused.stderr) == (2, True)


def test_the_table_of_functions_is_a_table_in_a_pipe_and_tsv_a_line_each() -> None:
    table, lines = run(["functions"]).stdout, run(["functions", "--format", "tsv"]).stdout.splitlines()
    assert table == run(["functions", "--format", "table"]).stdout
    assert "\t" not in table
    assert table.splitlines()[1].startswith("───")
    found = json.loads(run(["functions", "--json"]).stdout)["functions"]
    rows = [line.split("\t") for line in lines]
    assert {len(row) for row in rows} == {6}
    assert [(row[0], row[-1]) for row in rows[1:]] == [(one["call"], one["kind"]) for one in found.values()]


@pytest.mark.parametrize("command", [name for name, one in COMMANDS.items() if "digits" in one.options])
@pytest.mark.parametrize("digits", [1, 3, 9, 17])
def test_digits_are_those_of_every_format(command: str, digits: int) -> None:
    words = [command, "x*exp(y)", "--x", "0.123456789012345", "--y", "0.987654321098765"]
    exact = cgraph_cli.evaluate("x*exp(y)", x=0.123456789012345, y=0.987654321098765).gradients["x"]
    text = short(exact, digits)
    assert text == (repr(exact) if digits == 17 else f"{exact:.{digits}g}")
    kind = COMMANDS[command].shows
    for format in showing(kind, "digits"):
        if format not in ("png", "pdf"):
            shown = run([*words, "--digits", str(digits), "--format", format]).stdout
            pattern = rf"(?<![\d.]){re.escape(text)}(\.0)?(?![\d.])"
            assert re.search(pattern, unescape(re.sub("<title>.*?</title>", "", shown))), format


def test_numbers_of_json_are_those_of_the_table() -> None:
    words = ["eval", "x*y/3", "--x", "12345.678", "--y", "-0.000123456", "--digits", "3"]
    found = json.loads(run([*words, "--json"]).stdout)
    assert found["variables"] == {"x": 12346.0, "y": -0.000123}
    assert "x = 12346, y = -0.000123" in run(words).stdout
    every = json.loads(run([*words[:-1], "17", "--json"]).stdout)
    assert every == json.loads(run([*words[:-2], "--json"]).stdout)


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_in_ascii_has_names_of_its_own_for_every_name(language: str) -> None:
    words = ["export", "β = 2; σ(α) = α/(1 + α); alpha + β*σ(가*x₁) + α", "--ascii", "--to", language]
    done = run(words)
    assert (done.code, done.stdout.isascii()) == (0, True)
    if language == "python":
        function: dict[str, Any] = {}
        exec(done.stdout, function)
        report = cgraph_cli.evaluate(words[1], {"α": 0.5, "alpha": 3.0, "가": -2.0, "x₁": 0.7})
        value, gradient = function["f"](
            **dict(zip(("alpha", "uac00", "x1", "alpha_"), report.variables.values(), strict=True))
        )
        assert value == pytest.approx(report.value, rel=1e-14)
        assert gradient == pytest.approx([*report.gradients.values()], rel=1e-14)
        tested = run([*words, "--self-test", "--set", "α=0.5", "--set", "가=1", "--set", "x₁=2", "--alpha", "1"])
        assert "5 numbers agree" in tested.stdout
        assert run([*words, "--wrt", "가"]).stdout.count("(df/duac00,)") == 1


def test_wrt_has_only_the_gradients_that_are_asked_for() -> None:
    words = ["eval", "g = w*x^2; f = g*b", "--w", "1.5", "--x", "2", "--b", "3", "--outputs", "g,f", "--hessian"]
    whole, asked = (json.loads(run([*words, *wrt, "--json"]).stdout) for wrt in ([], ["--wrt", "b,w"]))
    assert list(asked["gradients"]) == ["b", "w"]
    for name in ("b", "w"):
        assert asked["gradients"][name] == whole["gradients"][name]
        assert asked["hessian"][name] == {other: whole["hessian"][name][other] for other in ("b", "w")}
        assert all(asked["jacobian"][one][name] == whole["jacobian"][one][name] for one in ("f", "g"))
    assert asked["nodes"] == whole["nodes"]
    assert run([*words[:8], "--wrt", "b,w", "--only", "gradients"]).stdout == "6.0\n12.0\n"
    refused = run([*words[:8], "--wrt", "b,w", "--only", "x"])
    assert (refused.code, "the result has no `x`" in refused.stderr) == (2, True)
