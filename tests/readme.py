"""The README's console sessions and function table, run anew: ``python -m tests.readme`` writes them into README.md."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
FUNCTIONS = re.compile(r"(<!-- functions -->\n).*?(<!-- end of functions -->)", re.DOTALL)


def run(command: str, folder: str) -> str:
    """What a shell shows for a command, on the `cgraph` of this interpreter's environment."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONIOENCODING": "utf-8",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        ["bash", "-c", command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        env=environment,
        cwd=folder,
        check=False,
    )
    return done.stdout.decode()


def session(commands: list[str]) -> str:
    """A console block: each command with what it prints."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for command in commands:
            lines += [f"$ {command}", *run(command, folder).rstrip("\n").split("\n")]
    return "```console\n" + "\n".join(line.rstrip() for line in lines if line is not None) + "\n```"


def commands_of(block: str) -> list[str]:
    """The commands of a console block."""
    return [line[2:] for line in block.split("\n") if line.startswith("$ ")]


def function_table() -> str:
    """The Markdown table of all functions."""
    return run("cgraph functions --format markdown", ".")


def current(text: str) -> str:
    """The text of the README with everything that is generated made anew."""
    text = CONSOLE.sub(lambda match: session(commands_of(match[1])), text)
    return FUNCTIONS.sub(lambda match: match[1] + function_table() + match[2], text)


if __name__ == "__main__":
    README.write_text(current(README.read_text(encoding="utf-8")), encoding="utf-8")
