"""Help, completion, and the commands that describe cgraph itself."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
from harness import CASES, answered, read_case, run

from cgraph_cli import __version__
from cgraph_cli.cli.commands import COMMANDS
from cgraph_cli.render import formats
from cgraph_cli.rules import ALIASES, RULES
from cgraph_cli.syntax.expression import same
from cgraph_cli.syntax.parser import parse_expression


@pytest.fixture(autouse=True)
def columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERMINAL_WIDTH", "80")


def completed(monkeypatch: pytest.MonkeyPatch, shell: str, words: list[str]) -> str:
    """What a shell is told at a TAB after these words."""
    typed = " ".join(["cgraph", *words])
    monkeypatch.setenv("_CGRAPH_COMPLETE", f"complete_{shell}")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", typed)
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    result = run([])
    assert (result.stderr, result.code) == ("", 0)
    return result.stdout


def test_cgraph_alone_is_its_help() -> None:
    alone = run([])
    assert alone == run(["--help"])
    assert (alone.stderr, alone.code) == ("", 0)
    for name in COMMANDS:
        assert re.search(rf"│ {name} ", alone.stdout)
    assert max(map(len, alone.stdout.splitlines())) <= 80


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_lists_all_its_options(command: str) -> None:
    result = run([command, "--help"])
    assert (result.stderr, result.code) == ("", 0)
    for name in COMMANDS[command].options:
        assert f"--{name} " in result.stdout
    assert "Variables" not in result.stdout


@pytest.mark.parametrize("words", [["x*learning_rate + e", "--help"], ["--help", "x*learning_rate + e"]])
def test_help_lists_the_variables_of_the_expression(words: list[str]) -> None:
    text = run(["eval", *words]).stdout
    panel = text.partition("Variables")[2]
    assert panel
    assert re.search(r"--x +NUMBER +Value of x\.", panel)
    assert "--learning_rate" in panel
    assert re.search(r"--e +NUMBER +Value of e \(default: the constant 2\.71828\)\.", panel)


def test_help_with_an_expression_that_cannot_be_read_or_has_names_of_options() -> None:
    assert "Variables" not in run(["eval", "x +", "--help"]).stdout
    panel = run(["eval", "x*json", "--help"]).stdout.partition("Variables")[2]
    assert "--x" in panel
    assert "--json" not in panel


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = completed(monkeypatch, shell, ["eval", "x*learning_rate", "--"])
    for name in ("--x", "--learning_rate", *(f"--{name}" for name in COMMANDS["eval"].options)):
        assert name in text
    assert "eval" in completed(monkeypatch, shell, ["ev"])


def test_completion_of_choices_and_half_typed_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMP_WORDS", "")
    monkeypatch.setenv("_CGRAPH_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "cgraph eval --format ")
    monkeypatch.setenv("COMP_CWORD", "3")
    assert run([]).stdout.split() == list(formats("report"))
    monkeypatch.setenv("COMP_WORDS", 'cgraph eval "x*y --')
    monkeypatch.setenv("COMP_CWORD", "2")
    assert run([]).code == 0


def test_version() -> None:
    assert run(["--version"]) == (f"cgraph {__version__}\n", "", 0)


def test_functions_shows_the_whole_table() -> None:
    found = json.loads(run(["functions", "--json"]).stdout)["functions"]
    assert set(found) == set(RULES)
    for name, row in found.items():
        assert set(row["aliases"]) == {alias for alias, target in ALIASES.items() if target == name}
        for shown, text in zip(row["local_gradients"].values(), RULES[name].gradients, strict=True):
            if text is None:
                assert shown is None
            elif "limit(" not in text:  # a limit at a single point is told under "convention"
                assert same(parse_expression(shown), parse_expression(text))
    assert run(["functions", "--format", "json"]).stdout == run(["functions", "--json"]).stdout
    table, markdown = run(["functions"]).stdout, run(["functions", "--format", "markdown"]).stdout
    for row in found.values():
        assert row["call"] in table
        assert row["call"].replace("|", "\\|") in markdown


def with_json(argv: list[str]) -> list[str]:
    """The same command with --json, before a terminator."""
    return [argv[0], "--json", *argv[1:]]


def test_every_json_answer_fits_the_schema(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = json.loads(run(["schema"]).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    monkeypatch.chdir(tmp_path)
    checked = 0
    for path in sorted((CASES / "commands").glob("*.txt")):
        case = read_case(path)
        if case.argv[0] != "eval" or {"--json", "--format", "--ascii"} & set(case.argv):
            continue
        text = answered(case._replace(command=json.dumps(with_json(case.argv))), tmp_path)["stdout"]
        validator.validate(json.loads(text))
        checked += 1
    assert checked > 20
    broken = json.loads(run(["eval", "x*y", "--x", "1", "--y", "2", "--json"]).stdout)
    validator.validate(broken)
    for damage in (
        {"value": "one"},
        {"value": None},
        {"schema": 2},
        {"nodes": [{"id": 0}]},
        {"gradients": {"x": True}},
    ):
        with pytest.raises(jsonschema.ValidationError):
            validator.validate({**broken, **damage})
    for member in ("expression", "value", "variables", "gradients", "nodes", "warnings"):
        with pytest.raises(jsonschema.ValidationError):
            validator.validate({key: value for key, value in broken.items() if key != member})
