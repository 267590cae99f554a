"""Environments that nobody would wish for: the answer is the same, or an error that says why not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from process import COMMAND, cgraph, process_environment

WORDS = ["eval", "x*y", "--x", "1", "--y", "2"]
NAMES = "json typing re enum signal rich typer lark mpmath shutil textwrap difflib unicodedata tempfile io".split()

posix = pytest.mark.skipif(os.name != "posix", reason="needs a shell")


@pytest.fixture(scope="module")
def usual() -> bytes:
    """What is answered where all is well."""
    return cgraph(*WORDS).stdout


@pytest.mark.parametrize(
    "words",
    [WORDS, ["eval", "2x"], ["eval", "x", "--help"], ["diff", "x^2", "--format", "html"], [*WORDS, "--format", "svg"]],
    ids=" ".join,
)
@pytest.mark.parametrize("flags", [[], ["-I", "-O", "-W", "error"], ["-OO", "-X", "dev", "-bb"]], ids=" ".join)
def test_files_named_like_modules_are_not_run(words: list[str], flags: list[str], tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text("raise SystemExit('run')")
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('run')")
    command = [sys.executable, *flags, "-m", "cgraph_cli", *words]
    done = subprocess.run(command, env=process_environment(), capture_output=True, check=False, cwd=tmp_path)
    there = cgraph(*words)
    assert (done.returncode, done.stdout, done.stderr) == (there.returncode, there.stdout, there.stderr)


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "C", "LC_ALL": "C"},
        {"TERM": "dumb", "COLUMNS": "1"},
        {"TERM": "", "COLUMNS": "99999999", "LINES": "x"},
        {"COLUMNS": "-1"},
        {"HOME": "/nonexistent"},
        {"HOME": "/proc"},  # where nobody can write
        {"PYTHONOPTIMIZE": "2", "PYTHONWARNINGS": "error"},
        {"PYTHONINTMAXSTRDIGITS": "640"},
    ],
    ids=str,
)
def test_what_is_around_changes_nothing(environment: dict[str, str], usual: bytes) -> None:
    done = cgraph(*WORDS, environment=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, usual, b"")


@pytest.mark.parametrize("encoding", ["cp949", "ascii", "cp437", "utf-16", "shift_jis", "utf-7"])
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["eval", "é+λ", "--help"], 0),
        (["eval", "é+λ", "--é", "1", "--λ", "2"], 0),
        (["diff", "é*λ^2", "--format", "unicode"], 0),
        (["eval", "2λ"], 2),
        (["eval", "λ", "--é", "1"], 2),
    ],
)
def test_no_encoding_is_too_small(encoding: str, words: list[str], code: int) -> None:
    done = cgraph(*words, environment={"PYTHONIOENCODING": encoding})
    assert done.returncode == code
    assert bool(done.stderr) == bool(code)
    assert "Traceback" not in done.stderr.decode(encoding)
    assert done.stdout.decode(encoding) or code


@posix
def test_without_streams_or_a_folder(tmp_path: Path, usual: bytes) -> None:
    for shell, code in (("<&- >&- 2>&-", 2), (">&- 2>&-", 2), ("<&- 2>&-", 0), ("<&- 2>/dev/full", 0)):
        assert cgraph(*WORDS, shell=shell).returncode == code
    gone = tmp_path / "gone"
    gone.mkdir()
    command = ["bash", "-c", f'cd {gone}; rmdir {gone}; "$@"', "bash", *COMMAND, *WORDS]
    done = subprocess.run(command, env=process_environment(), capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, usual, b"")


def test_fifty_at_once_write_one_file(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    all_of_them = [
        subprocess.Popen([*COMMAND, *WORDS, "--output", str(file)], env=process_environment()) for _ in range(50)
    ]
    assert {process.wait(120) for process in all_of_them} == {0}
    assert json.loads(file.read_text())["value"] == 2
    assert [one.name for one in tmp_path.iterdir()] == ["one.json"]
