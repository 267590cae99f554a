"""What several test modules share."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
CORPORA = HERE.parent.parent / "shared" / "corpora"

sys.path.insert(0, str(HERE))  # oracle.py and strategies.py, from every folder


@pytest.fixture(scope="session")
def corpora() -> list[dict[str, Any]]:
    """Every line of the corpora: formulas with values and gradients that mpmath computed elsewhere."""
    files = sorted(CORPORA.glob("*.jsonl"))
    if not files:
        pytest.skip(f"the corpora are not here: no *.jsonl in {CORPORA}")
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def pytest_addoption(parser: pytest.Parser) -> None:
    """--update-cases writes what the program answers now into the files under cases/."""
    parser.addoption("--update-cases", action="store_true", help="rewrite the golden files under tests/cases")


@pytest.fixture(scope="session")
def update_cases(request: pytest.FixtureRequest) -> bool:
    """Whether the golden files are to be rewritten."""
    return bool(request.config.getoption("--update-cases"))
