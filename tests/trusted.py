"""Derivatives against the trusted gradients of a line of the corpora."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cgraph_cli.library import parse
from cgraph_cli.syntax.expression import Program
from cgraph_cli.syntax.printer import print_program


def untrue(case: Mapping[str, Any], derivatives: Mapping[str, Program]) -> list[tuple[str, str, float, float]]:
    """The derivatives by name that, printed and read back, have another number than the trusted one."""
    wrong = []
    noise = case.get("noise", {}).get("grad", {})
    for name, program in derivatives.items():
        again = parse(print_program(program))
        number = again.evaluate({one: case["vars"][one] for one in again.names if one in case["vars"]}).value
        expected = case["grad"].get(name, 0.0)
        tiny = 1e-323 if abs(expected) < 2.3e-308 else 0.0
        if not abs(number - expected) <= 1e-9 * abs(expected) + noise.get(name, 0.0) + tiny:
            wrong.append((case["id"], name, number, expected))
    return wrong
