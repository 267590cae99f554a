"""The fuzz targets for a minute; ``python -m tests.fuzz`` runs them for as long as one likes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.readback import formats_and_exporters
from fuzz.targets import TARGETS, apart, in_time

EXAMPLES = {"bytes": 1500, "formulas": 150, "words": 400, "values": 300, "claims": 150, "answers": 300, "silent": 1000}


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where words may write."""
    folder = tmp_path_factory.mktemp("fuzz")
    with apart(folder):
        yield folder


@pytest.mark.parametrize("name", TARGETS)
def test_hostile_input(name: str) -> None:
    @settings(max_examples=EXAMPLES[name], suppress_health_check=[*HealthCheck])
    @given(st.randoms(use_true_random=False))
    def holds(random: Random) -> None:
        with in_time():
            TARGETS[name](random)

    holds()


def test_every_format_reads_back() -> None:
    formats_and_exporters(Random(0))
