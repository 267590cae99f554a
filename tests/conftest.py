"""What several test modules share."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

HERE = Path(__file__).resolve().parent
CORPORA = HERE.parent.parent / "shared" / "corpora"

settings.register_profile("gate", derandomize=True)  # the gate says the same of the same tree
if os.environ.get("CI"):
    settings.load_profile("gate")

sys.path.insert(0, str(HERE))  # oracle.py and strategies.py, from every folder


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes minutes or gigabytes; run by hand with -m slow")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "slow" in (config.option.markexpr or ""):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: run by hand with -m slow"))


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
