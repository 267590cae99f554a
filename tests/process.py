"""Runs ``cgraph`` as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
KEPT = ("PATH", "HOME", "SYSTEMROOT", "TMPDIR", "COVERAGE_PROCESS_CONFIG")  # the last is set by `coverage run` only
COMMAND = [sys.executable, "-m", "cgraph_cli"]


def process_environment(**own: str) -> dict[str, str]:
    """The environment of a process: little of this one, and what is its own."""
    kept = {key: os.environ[key] for key in KEPT if key in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **own}


def cgraph(
    *words: str | bytes,
    shell: str = "",
    environment: dict[str, str] | None = None,
    stdin: bytes = b"",
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run the command; ``shell`` is what stands behind it on a line of a shell."""
    command = [*COMMAND, *words]
    if shell:
        if os.name == "nt":
            pytest.skip("needs a POSIX shell")
        command = ["bash", "-c", f'set -o pipefail; "$@" {shell}', "bash", *command]
    env = process_environment(**(environment or {}))
    return subprocess.run(command, capture_output=True, check=False, env=env, input=stdin, timeout=120, cwd=cwd)
