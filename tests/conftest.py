"""What several test modules share."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, seed, settings

HERE = Path(__file__).resolve().parent
CORPORA = HERE.parent.parent / "shared" / "corpora"

# Random tests draw the same examples in every run, whatever the machine and CI say: the same tree, the same answer.
settings.register_profile(
    "fixed", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("fixed")

sys.path.insert(0, str(HERE))  # oracle.py and strategies.py, from every folder


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes minutes or gigabytes; run by hand with -m slow")
    if config.option.random_seed == "fresh":
        config.option.random_seed = random.SystemRandom().randrange(10**6)  # the same in every worker


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.option.random_seed is not None:
        terminalreporter.write_line(f"random tests: --random-seed {config.option.random_seed}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for test in {getattr(item, "function", None) for item in items}:  # one function for all its parameters
        if is_hypothesis_test(test):
            if config.option.random_seed is not None:
                seed(config.option.random_seed)(test)
            own = test._hypothesis_internal_use_settings
            test._hypothesis_internal_use_settings = settings(
                own, max_examples=own.max_examples * config.option.more_examples
            )
    if "slow" in (config.option.markexpr or ""):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: run by hand with -m slow"))


LONG_TEXT = 150  # characters: three quarters of the time of a test of all formulas go into a quarter of them


@pytest.fixture(scope="session")
def corpora() -> list[dict[str, Any]]:
    """Every line of the corpora: formulas with values and gradients that mpmath computed elsewhere."""
    files = sorted(CORPORA.glob("*.jsonl"))
    if not files:
        pytest.skip(f"the corpora are not here: no *.jsonl in {CORPORA}")
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def most_of_the_corpora(corpora: list[dict[str, Any]], request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    """The lines of all formulas that are short, and of every fifth long one; of all with ``--all-corpora``."""
    if request.config.getoption("--all-corpora"):
        return corpora
    long = dict.fromkeys(line["expr"] for line in corpora if len(line["expr"]) > LONG_TEXT)
    left_out = {text for number, text in enumerate(long) if number % 5}
    return [line for line in corpora if line["expr"] not in left_out]


def seed_of(word: str) -> int | str:
    """A seed by its number, or ``fresh`` for one that nobody has tried."""
    return word if word == "fresh" else int(word)


def pytest_addoption(parser: pytest.Parser) -> None:
    """How the golden files and the random tests are to be treated."""
    parser.addoption("--update-cases", action="store_true", help="rewrite the golden files under tests/cases")
    parser.addoption("--all-corpora", action="store_true", help="test every formula of the corpora in every way")
    parser.addoption(
        "--random-seed",
        type=seed_of,
        metavar="N",
        help="draw the examples of random tests from this seed, or a fresh one",
    )
    parser.addoption(
        "--more-examples", metavar="TIMES", type=int, default=1, help="draw so many times as many examples"
    )


@pytest.fixture(scope="session")
def update_cases(request: pytest.FixtureRequest) -> bool:
    """Whether the golden files are to be rewritten."""
    return bool(request.config.getoption("--update-cases"))
