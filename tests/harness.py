"""Runs ``cgraph`` inside the test process, with streams like those of a real one, and reads case files."""

from __future__ import annotations

import gc
import io
import json
import shlex
import sys
from pathlib import Path
from typing import NamedTuple

CASES = Path(__file__).resolve().parent / "cases"


class Result(NamedTuple):
    """What a command did."""

    stdout: str
    stderr: str
    code: int


def run(argv: list[str], stdin: bytes = b"", encoding: str = "utf-8") -> Result:
    """The output and exit code of ``cgraph`` with these words."""
    from cgraph_cli.cli.main import main

    streams = sys.stdin, sys.stdout, sys.stderr
    out, err = io.BytesIO(), io.BytesIO()
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), encoding=encoding)
    sys.stdout = stdout = io.TextIOWrapper(out, encoding=encoding, newline="")
    sys.stderr = stderr = io.TextIOWrapper(err, encoding=encoding, errors="backslashreplace", newline="")
    try:
        main(argv)
    except SystemExit as stop:
        code = stop.code
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams
        gc.enable()  # main switches it off: its process would end here
    stdout.flush()
    stderr.flush()
    assert isinstance(code, int)
    return Result(out.getvalue().decode(encoding), err.getvalue().decode(encoding), code)


class Case(NamedTuple):
    """A case file: a command, what it reads, and what it must print.

    The first line is ``$ cgraph …`` as typed in a shell, or a JSON list of words where those have characters that a
    file should not. Sections follow, each a line ``--- name`` and its text: ``file NAME`` and ``stdin`` are read by the
    command; ``stdout``, ``stderr`` and ``exit CODE`` are what it must answer.
    """

    command: str
    inputs: dict[str, str]
    expected: dict[str, str]

    @property
    def argv(self) -> list[str]:
        """The words of the command."""
        return json.loads(self.command) if self.command.startswith("[") else shlex.split(self.command)[2:]


def read_case(path: Path) -> Case:
    """A case from its file."""
    command, _, rest = path.read_text(encoding="utf-8").partition("\n")
    sections: dict[str, str] = {}
    name = None
    for line in rest.splitlines(keepends=True):
        if line.startswith("--- "):
            name = line[4:].strip()
            sections[name] = ""
        elif name is not None:
            sections[name] += line
    inputs = {name: text for name, text in sections.items() if name == "stdin" or name.startswith("file ")}
    return Case(command, inputs, {name: text for name, text in sections.items() if name not in inputs})


def answered(case: Case, folder: Path) -> dict[str, str]:
    """The sections that the command of a case answers with; its files are made in ``folder``, the current one."""
    for name, text in case.inputs.items():
        if name.startswith("file "):
            (folder / name[5:]).write_text(text, encoding="utf-8", newline="")
    result = run(case.argv, case.inputs.get("stdin", "").encode())
    found = {"stdout": result.stdout, "stderr": result.stderr, f"exit {result.code}": ""}
    return {name: text for name, text in found.items() if text or name.startswith("exit")}


def write_case(path: Path, case: Case, found: dict[str, str]) -> None:
    """Write a case with what its command answered."""
    text = case.command + "\n"
    for name, content in {**case.inputs, **found}.items():
        text += f"--- {name}\n{content}"
    path.write_text(text, encoding="utf-8")
