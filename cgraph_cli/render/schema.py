"""The JSON Schema of the reports, as published with the package."""

from __future__ import annotations

from pathlib import Path


def schema_text() -> str:
    """The text of the JSON Schema file."""
    return Path(__file__).with_name("report.schema.json").read_text(encoding="utf-8")
