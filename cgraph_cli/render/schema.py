"""The JSON Schema of the reports, as published with the package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cgraph_cli.render import View


def render_schema(name: str, view: View) -> Iterator[str]:
    """The text of a JSON Schema file."""
    yield Path(__file__).with_name(f"{name}.schema.json").read_text(encoding="utf-8")
