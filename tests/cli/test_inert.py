"""What a user writes is text wherever it is shown: no format, program or terminal takes it for its own language."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from fuzz.readback import everywhere
from fuzz.targets import CONTROL
from harness import Result, run
from strategies import Case

from cgraph_cli.cli.commands import COMMANDS
from cgraph_cli.render import formats

MARKUP = [
    "<script>alert(1)</script>", "</svg>", "]]>", "--><!--", "&#x3c;b&#x3e;", "*/ int main(void) {} /*",
    "\\end{document}",
    "\\input{/etc/passwd}", "$x$", "`rm`", "${x}", "[red]red[/red]", "[a](javascript:a)", '"""', "'", '"; digraph {',
    "%%{init}%%", "\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "\x08\x08", "\u202egnp", "\u2028", "\ufeff", "\x00",
    "\\u0041", "{x}", "%s", "#{x}",
]  # fmt: skip
LINE = " ".join(MARKUP)
PLAIN = "a = x*y\nabs(a) + y"
SAID = f"a = x*y # {LINE}\n# {LINE}\nabs(a) + y # {LINE}"
POINT = ["--x", "0", "--y", "2"]
ALL = [
    (command, chosen)
    for command in ("eval", "diff", "check", "explain", "paths", "export")
    for chosen in formats(COMMANDS[command].shows)
    if chosen not in ("png", "pdf")
]


def asked(command: str, chosen: str, text: str, *more: str, stdin: bytes = b"") -> Result:
    """What a command answers in a format."""
    point = [] if command == "export" or chosen == "plain" or more else POINT
    language = ["--to", "python"] if (command, chosen) == ("export", "markdown") else []
    return run([command, text, "--format", chosen, *language, *point, *more], stdin)


@pytest.mark.parametrize(("command", "chosen"), ALL)
def test_a_comment_is_in_no_answer(command: str, chosen: str) -> None:
    found, plain = asked(command, chosen, SAID), asked(command, chosen, PLAIN)
    assert (found.code, found.stderr) == (plain.code, plain.stderr)
    assert plain.code == (1 if command == "check" else 0)  # at a kink nothing agrees
    if chosen != "json":
        assert found.stdout == plain.stdout
        return
    assert not CONTROL.search(found.stdout)
    answers = [json.loads(one.stdout) for one in (found, plain)]
    for answer in answers:
        for one in (*answer.get("nodes", ()), *answer.get("warnings", ())):
            one.pop("span", None)
        answer.pop("source", None)
    assert answers[0] == answers[1]


@pytest.mark.parametrize("text", MARKUP)
def test_names_of_files_and_values_are_quoted_as_text(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    values = json.dumps({"x": 1, "y": 2, text: 3}).encode()
    found = asked("eval", "html", "x*y", "--values", "-", stdin=values)
    assert found.stdout == asked("eval", "html", "x*y", "--x", "1", "--y", "2").stdout
    name = " " + text.replace("/", "|").replace("\x00", "0")
    Path(name).write_text("x*y")
    from_file = run(["eval", "--file", name, "--x", "1", "--y", "2", "--format", "html"])
    assert (from_file.stdout, from_file.stderr) == (found.stdout, "")
    several = [
        found,
        run(["eval", "x", "--values", f"{name}.json"]),
        run(["eval", f"x {text}"]),
        run(["eval", "x", "--x", text]),
        run(["eval", "x", "--x", "1", "--output", f"{name}/x.json"]),
        run(["eval", "x", "--x", "1", "--output", f"x.{name}"]),
        run(["eval", "x", "--values", "-"], json.dumps({"x": text}).encode()),
        run(["export", "x", "--to", "c", "--name", text]),
        run(["eval", "sin(x)", "--x", "1", "--replace", f"sin={text}"]),
    ]
    for one in several:
        assert one.stderr
        assert not CONTROL.search(one.stderr), one.stderr
        assert one.stderr.isprintable() or {c for c in one.stderr if not c.isprintable()} == {"\n"}
        assert "Traceback" not in one.stderr


def test_names_that_mean_something_elsewhere_are_names_in_every_format(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = [
        *("end", "subgraph", "class", "click", "style", "graph", "node", "edge", "strict", "digraph", "svg", "script"),
        *("main", "int", "lambda", "None", "function", "let", "var", "self", "begin", "frac", "input", "__proto__"),
        *("x_1_2", "_", "__", "é", "א", "مرحبا", "变量", "ﬁ", "ß", "ẋ", "ℵ", "क्ष", "ก็"),
    ]
    cases = []
    for some in (names[:12], names[12:24], names[24:]):
        text = " + ".join(f"sin({name})*{after}" for name, after in pairwise(some))
        cases.append(Case(text, dict.fromkeys(some, 0.5)))
    everywhere(cases, tmp_path, ["python", "c", "javascript"])
