"""Help, completion, and the commands that describe cgraph itself."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest
from harness import run

from cgraph_cli import __version__
from cgraph_cli.cli.commands import COMMANDS, NAMES
from cgraph_cli.rules import ALIASES, CALLABLE, RULES, SECTIONS
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
    monkeypatch.setenv("COMP_WORDS", "\n".join(["cgraph", *words]) if shell == "bash" else typed)
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", typed)
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    result = run([])
    assert (result.stderr, result.code) == ("", 0)
    return result.stdout


PAGES = [[], ["--help"], *([command, "--help"] for command in COMMANDS)]
EXAMPLES = [line for command in COMMANDS.values() for line in command.examples]


def section(page: str, title: str) -> str:
    """The lines of a page below a title."""
    return page.partition(f"\n{title}:\n")[2].partition("\n\n")[0]


def test_cgraph_alone_is_the_short_help() -> None:
    short, whole = run([]).stdout, run(["--help"]).stdout
    assert len(short.splitlines()) <= 36
    for name in COMMANDS:
        assert re.search(rf"^  {name} ", section(short, "Commands"), re.MULTILINE)
    assert section(short, "Examples") == section(whole, "Examples")
    assert "--version" not in short
    assert "--version" in section(whole, "Options")


@pytest.mark.parametrize("words", PAGES, ids=" ".join)
def test_every_page_begins_with_examples_and_says_how_values_are_given(words: list[str]) -> None:
    page = run(words).stdout
    titles = re.findall(r"^(\w+):$", page, re.MULTILINE)
    assert titles[0] == "Examples"
    if not words or words[0] == "--help" or COMMANDS[words[0]].expression:
        assert titles[1] == "Values"
        assert section(page, "Values").split()[:2] == ["--NAME", "NUMBER"]
    assert "Commands" not in titles or titles.index("Commands") < len(titles) - 1


@pytest.mark.parametrize("width", ["40", "60", "80", "120", "99999999"])
@pytest.mark.parametrize("words", PAGES, ids=" ".join)
def test_every_page_fits_its_width(words: list[str], width: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    monkeypatch.setattr("cgraph_cli.cli.output.is_terminal", lambda stream: True)
    monkeypatch.setenv("NO_COLOR", "1")
    page = run(words).stdout
    assert max(map(len, page.splitlines())) <= min(int(width), 100)
    assert "…" not in page
    assert not re.search(r"--\w+\n *(-?\d|NUMBER)", page), "an option is parted from its value"
    if int(width) >= 60:
        assert all(f"  cgraph {line}\n" in page for line in EXAMPLES if words and line.split()[0] == words[0])


@pytest.mark.parametrize("line", EXAMPLES)
def test_every_example_of_the_help_runs(line: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(shlex.split(line))
    assert (result.stderr, result.code) == ("", 0)
    assert result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_lists_all_its_options(command: str) -> None:
    result = run([command, "--help"])
    assert (result.stderr, result.code) == ("", 0)
    for name, option in COMMANDS[command].options.items():
        assert re.search(
            rf"^  --{name}( {re.escape(option.metavar)})?  " if option.metavar else rf"^  --{name}  ",
            section(result.stdout, "Options"),
            re.MULTILINE,
        )


@pytest.mark.parametrize(
    "words",
    [
        ["eval", "x*learning_rate + e", "--help"],
        ["eval", "--help", "x*learning_rate + e"],
        ["eval", "x*learning_rate + e", "-h"],
        ["eval", "-h", "x*learning_rate + e"],
        ["eval", "x*learning_rate + e", "--x", "3", "-h"],
        ["help", "eval", "x*learning_rate + e"],
        ["--help", "eval", "x*learning_rate + e"],
        ["help", "x*learning_rate + e"],
        ["x*learning_rate + e", "-h"],
        ["x*learning_rate + e", "--help"],
    ],
)
def test_help_lists_the_variables_of_the_expression(words: list[str]) -> None:
    result = run(words)
    assert (result.stderr, result.code) == ("", 0)
    values = section(result.stdout, "Values")
    assert re.search(r"^  --x NUMBER +Value of x\.$", values, re.MULTILINE)
    assert "--learning_rate NUMBER" in values
    assert re.search(r"--e NUMBER +Value of e \(default: the constant 2\.71828\)\.", values)
    assert "--NAME NUMBER" not in values


def test_every_way_to_ask_for_help_shows_the_same_page() -> None:
    assert run(["help"]) == run(["--help"]) == run(["-h"]) == run(["help", "help"])
    for command in COMMANDS:
        asked = [
            [command, "--help"],
            [command, "-h"],
            ["help", command],
            ["--help", command],
            [command, "--json", "-h"],
        ]
        assert len({run(words) for words in asked}) == 1


def test_an_expression_in_the_place_of_a_command_is_evaluated() -> None:
    for words in (
        ["x^2", "--x", "3"],
        ["--x", "3", "x^2"],
        ["x^2", "--json", "--x", "3"],
        ["-x^2", "--x", "3"],
        ["--x*x", "--x", "3"],
        ["x", "--x", "3"],
        ["-x", "--x", "3"],
        ["x", "--set", "x=3"],
        ["pi"],
        ["--x", "3", "--", "-x"],
        ["x^2"],
        ["2x"],
        ["x(y"],
        [""],
    ):
        assert run(words) == run(["eval", *words]), words


def test_help_with_an_expression_that_cannot_be_read_or_has_names_of_options() -> None:
    assert "--NAME NUMBER" in section(run(["eval", "x +", "--help"]).stdout, "Values")
    values = section(run(["eval", "x*json", "--help"]).stdout, "Values")
    assert "--x" in values
    assert "--json" not in values


SHELLS = pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])


@SHELLS
@pytest.mark.parametrize("command", COMMANDS)
def test_completion_knows_all_options_of_a_command_and_the_names_of_the_expression(
    shell: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expression = ["x*learning_rate"] if COMMANDS[command].expression else []
    text = completed(monkeypatch, shell, [command, *expression, "--"])
    for name in ("help", *COMMANDS[command].options, *(["x", "learning_rate"] if expression else [])):
        assert f"--{name}" in text


@SHELLS
def test_completion_of_commands_and_functions(shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*COMMANDS, "help"):
        assert name in completed(monkeypatch, shell, [name[:2]])
    assert "explain" in completed(monkeypatch, shell, ["help", "ex"])
    for command, described in COMMANDS.items():
        for word in described.words.choices if described.words else ():
            assert word in completed(monkeypatch, shell, [command, word[:4]])


@SHELLS
def test_completion_of_an_expression_without_a_command(shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (["x*learning_rate", "--l"], ["--x", "3", "x*learning_rate", "--l"]):
        assert "--learning_rate" in completed(monkeypatch, shell, words)
    assert "mermaid" in completed(monkeypatch, shell, ["x*learning_rate", "--format", "m"])


@pytest.mark.parametrize("command", COMMANDS)
def test_completion_of_values(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expression = ["'u * v'"] if COMMANDS[command].expression else []
    for name, option in COMMANDS[command].options.items():
        if option.metavar is not None:
            found = completed(monkeypatch, "bash", [command, *expression, f"--{name}", ""])
            assert found.split() == (["u", "v"] if option.metavar == NAMES else [*option.choices])


@SHELLS
def test_completion_of_half_typed_quotes_and_of_an_expression_to_be_read(
    shell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    completed(monkeypatch, shell, ["eval", '"x*y', "--"])
    assert "--json" in completed(monkeypatch, shell, ["eval", "-", "--"])


def test_help_does_not_wait_for_an_expression() -> None:
    assert "--NAME NUMBER" in run(["eval", "-", "--help"]).stdout
    assert "--NAME NUMBER" in run(["eval", "--file", "-", "--help"]).stdout


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
    assert re.findall(r"(?m)^#### (.*)$", markdown) == [kind.capitalize() for kind in SECTIONS.values()]
    assert [line for line in table.split("\n") if line in SECTIONS.values()] == [*SECTIONS.values()]


@pytest.mark.parametrize("name", RULES)
def test_every_function_is_shown_in_full_under_each_of_its_names(name: str) -> None:
    entry = run(["functions", name]).stdout
    rule, row = RULES[name], json.loads(run(["functions", name, "--json"]).stdout)["functions"][name]
    for fact in (row["call"], row["definition"], row["computed_as"], row["domain"], row["range"], row["convention"]):
        assert fact is None or fact in entry
    for arg, text in {**row["local_gradients"], **row["textbook_gradients"]}.items():
        assert (f"none to {arg}" if text is None else f"df/d{arg} = {text}") in entry
    assert dict(row["exact_values"]) == dict(rule.at)
    assert len(row["exact_values"]) > 6 or all(f"({x:g}) = {value:g}" in entry for x, value in row["exact_values"])
    assert (rule.parity or "") in entry
    names = [alias for alias, target in ALIASES.items() if target == name]
    assert all(
        run(["functions", one]).stdout == entry for one in (*names, *([name.upper()] if name in CALLABLE else []))
    )
    assert all(f"{one}" in entry.splitlines()[-1] for one in names)


def test_a_search_finds_what_has_the_word_in_its_facts() -> None:
    found = json.loads(run(["functions", "odd", "--json"]).stdout)["functions"]
    assert set(found) == {name for name, rule in RULES.items() if rule.parity == "odd"}
    found = json.loads(run(["functions", "kink", "--json"]).stdout)["functions"]
    assert set(found) == {name for name, rule in RULES.items() if rule.kink}


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [("losses", "mse", "hinge"), ("activation", "sigmoid", "gelu"), ("trigonometric", "sin", "atan2")],
)
def test_a_search_finds_functions_of_a_kind(word: str, first: str, last: str) -> None:
    names = list(RULES)
    found = json.loads(run(["functions", word, "--json"]).stdout)["functions"]
    assert list(found) == names[names.index(first) : names.index(last) + 1]
    assert all(word.removesuffix("es") in one["kind"] for one in found.values())


def test_help_of_a_function_is_its_entry() -> None:
    assert run(["help", "sigmoid"]) == run(["functions", "sigmoid"]) == run(["help", "sigmoid", "-h"])
    assert run(["help", "ReLU"]) == run(["functions", "relu"])
