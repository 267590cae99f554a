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
CODE = re.compile(r"```(?:console|python|shell)\n(.*?)```", re.DOTALL)
FUNCTIONS = re.compile(r"(<!-- functions -->\n).*?(<!-- end of functions -->)", re.DOTALL)


WIDTH = 80  # columns of the terminal that the README shows


def run(command: str, folder: str, *, terminal: bool = False) -> str:
    """What a shell shows for a command, on the `cgraph` of this interpreter's environment."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONIOENCODING": "utf-8",
        "NO_COLOR": "1",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment.pop("COLUMNS", None)
    reads, writes = on_terminal() if terminal else os.pipe()
    done = subprocess.Popen(
        ["bash", "-c", command], stdout=writes, stderr=writes, stdin=subprocess.DEVNULL, env=environment, cwd=folder
    )
    os.close(writes)
    shown = b"".join(iter(lambda: read(reads), b""))
    os.close(reads)
    done.wait()
    return shown.decode().replace("\r\n", "\n")


def on_terminal() -> tuple[int, int]:
    """Both ends of a new terminal: what programs show there, and where they write."""
    import fcntl
    import pty
    import struct
    import termios

    reads, writes = pty.openpty()
    fcntl.ioctl(writes, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
    return reads, writes


def read(descriptor: int) -> bytes:
    """What comes next, nothing at the end; a terminal that nobody writes to any more is an error on Linux."""
    try:
        return os.read(descriptor, 1 << 16)
    except OSError:
        return b""


def session(commands: list[str]) -> str:
    """A console block: each command with what it shows on a terminal."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for command in commands:
            lines += [f"$ {command}", *run(command, folder, terminal=True).rstrip("\n").split("\n")]
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
