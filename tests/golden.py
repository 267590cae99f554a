"""Golden files of renderers: the first line of a case says what is shown and how, the rest is the output."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cgraph_cli
from cgraph_cli.render import View, renderer

CASES = Path(__file__).resolve().parent / "cases" / "render"


def names(format: str) -> Iterator[str]:
    """The cases of one format."""
    return (path.stem for path in sorted(CASES.glob(f"{format}-*.txt")))


def shown(expression: str, values: dict[str, float], format: str = "table", /, **rest: Any) -> str:
    """An expression at a point in a format; ``rest`` are members of the view and options of evaluate."""
    view = View(**{name: rest.pop(name) for name in View._fields if name in rest})
    report = cgraph_cli.evaluate(expression, values, **rest)
    return "".join(renderer("report", format)(report, view))


def check(name: str, update: bool) -> None:
    """The case's output is what its file says."""
    path = CASES / f"{name}.txt"
    head, _, expected = path.read_text(encoding="utf-8").partition("\n")
    case = json.loads(head)
    output = shown(case.pop("expression"), case.pop("values"), name.partition("-")[0], **case)
    if update:
        path.write_text(f"{head}\n{output}", encoding="utf-8")
    else:
        assert output == expected
