"""Real formulas through the real command, with their values as options and as a file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from cgraph_cli.cli.commands import COMMANDS

ROOT = Path(__file__).resolve().parent.parent.parent
WANTED = 120


def chosen(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same sample of all files every time, and every formula with a variable named like an option."""
    options = COMMANDS["eval"].options
    sample = lines[:: max(len(lines) // WANTED, 1)]
    return sample + [line for line in lines if any(name in options for name in line["vars"])][:10]


def words(line: dict[str, Any], number: int) -> tuple[list[str], str]:
    """A command line in one of the ways to give values, and its standard input."""
    options = COMMANDS["eval"].options
    values = {name: repr(value) for name, value in line["vars"].items()}
    if number % 3 == 0:
        return [line["expr"], "--values", "-"], json.dumps(line["vars"])
    pairs: list[str] = []
    for name, value in values.items():
        if name in options:
            pairs += ["--set", f"{name}={value}"]
        else:
            pairs += [f"--{name}={value}"] if number % 3 == 1 else [f"--{name}", value]
    return ([line["expr"], *pairs], "") if number % 2 else ([*pairs, "-"], line["expr"])


def answer(job: tuple[int, dict[str, Any]]) -> tuple[dict[str, Any], subprocess.CompletedProcess[str]]:
    argv, stdin = words(job[1], job[0])
    done = subprocess.run(
        [sys.executable, "-m", "cgraph_cli", "eval", *argv, "--json"],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        input=stdin,
    )
    return job[1], done


def close(got: float, reference: float, noise: float) -> bool:
    return abs(got - reference) <= max(1e-9 * abs(reference), 1e-323) + noise


def test_formulas_through_the_command(corpora: list[dict[str, Any]]) -> None:
    lines = chosen(corpora)
    assert len(lines) >= 100
    assert len({line["corpus"] for line in lines}) > 5
    wrong = []
    with ThreadPoolExecutor(2) as pool:
        for line, done in pool.map(answer, enumerate(lines)):
            if (done.returncode, done.stderr) != (0, ""):
                wrong.append(f"{line['id']}: {done.returncode} {done.stderr}")
                continue
            report = json.loads(done.stdout)
            noise = line.get("noise", {})
            numbers = [("value", float(report["value"]), line["value"], noise.get("value", 0.0))]
            for name, reference in line["grad"].items():
                got = float(report["gradients"].get(name, 0.0))
                numbers.append((name, got, reference, noise.get("grad", {}).get(name, 0.0)))
            wrong += [
                f"{line['id']} {what}: {got!r}, not {ref!r}"
                for what, got, ref, by in numbers
                if not close(got, ref, by)
            ]
    assert not wrong, "\n".join(wrong)
