"""The oldest dependencies that pyproject.toml allows, as requirements: ``python -m tests.oldest``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
PROJECT = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]


def oldest(*extras: str) -> Iterator[str]:
    """What the package needs, and these extras of it, each at its lowest version."""
    for group in (PROJECT["dependencies"], *(PROJECT["optional-dependencies"][extra] for extra in extras)):
        for requirement in group:
            name, lowest = re.match(r"([a-z-]+)>=([0-9.]+)", requirement).groups()  # type: ignore[union-attr]
            yield f"{name}=={lowest}"


if __name__ == "__main__":
    print(*oldest("data", "draw", "rigorous"), sep="\n")  # noqa: T201
