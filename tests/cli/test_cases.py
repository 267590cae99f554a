"""Golden files: the whole answer to each command in tests/cases, its exit code and every message.

After a wanted change: ``pytest tests/cli/test_cases.py --update-cases``, then read the difference. A new case is a file
with the command alone.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from harness import CASES, answered, read_case, write_case
from process import process_environment

ERRORS = sorted((CASES / "errors").glob("*.txt"))
COMMANDS = sorted((CASES / "commands").glob("*.txt"))


def test_there_are_cases() -> None:
    assert len(ERRORS) > 100
    assert len(COMMANDS) > 30


@pytest.mark.parametrize("path", [*ERRORS, *COMMANDS], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, update_cases: bool) -> None:
    monkeypatch.chdir(tmp_path)
    case = read_case(path)
    found = answered(case, tmp_path)
    if update_cases:
        write_case(path, case, found)
        case = read_case(path)
    assert found == case.expected
    if path.parent.name == "errors":
        assert set(found) == {"stderr", "exit 2"}
        assert "\x1b" not in found["stderr"]


@pytest.mark.parametrize("name", ["errors/no-implicit-product", "errors/json-missing", "commands/worked-example"])
def test_case_in_a_process(name: str, tmp_path: Path) -> None:
    case = read_case(CASES / f"{name}.txt")
    done = subprocess.run(
        [sys.executable, "-m", "cgraph_cli", *case.argv],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=process_environment(),
    )
    found = {"stdout": done.stdout, "stderr": done.stderr, f"exit {done.returncode}": ""}
    assert {name: text for name, text in found.items() if text or name.startswith("exit")} == case.expected
