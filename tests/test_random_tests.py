"""Random tests are the same in every run, and other ones are an option away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DRAWING = """
import json, pathlib
import pytest
from hypothesis import given, settings, strategies as st
drawn = []

@settings(max_examples=20)
@given(st.integers())
def test_one(number):
    drawn.append(number)

@pytest.mark.parametrize("case", ["a", "b"])
@given(number=st.integers())
def test_other(number, case):
    drawn.append(number)

def test_end():
    pathlib.Path("drawn.json").write_text(json.dumps(drawn))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text(Path(__file__).with_name("conftest.py").read_text())
    (tmp_path / "test_drawing.py").write_text(DRAWING)
    return tmp_path


def drawn(folder: Path, *words: str, **environment: str) -> list[int]:
    """What a run of the random tests draws."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    kept = {key: value for key, value in os.environ.items() if key not in ("CI", "GITHUB_ACTIONS")}
    subprocess.run(command, cwd=folder, check=True, env={**kept, **environment}, stdout=subprocess.DEVNULL)
    found: list[int] = json.loads((folder / "drawn.json").read_text())
    return found


def test_every_run_draws_the_same(folder: Path) -> None:
    first = drawn(folder)
    assert len(set(first)) > 10
    assert drawn(folder, PYTHONHASHSEED="1") == drawn(folder, CI="1", PYTHONHASHSEED="2") == first
    assert not (folder / ".hypothesis" / "examples").exists()


def test_a_seed_draws_others_and_the_same_again(folder: Path) -> None:
    first = drawn(folder, "--random-seed", "1")
    assert first == drawn(folder, "--random-seed=1", CI="1")
    others = [drawn(folder), drawn(folder, "--random-seed", "2"), drawn(folder, "--random-seed", "fresh")]
    assert all(first != other for other in others)


def test_more_examples_are_so_many_times_as_many(folder: Path) -> None:
    assert len(drawn(folder, "--more-examples", "3", "--random-seed", "fresh")) == 3 * (20 + 2 * 100)
