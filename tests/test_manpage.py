"""The man page is made from the command table, and what a terminal shows of it can be copied."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from cgraph_cli.cli.commands import COMMANDS, GLOBAL
from tests import manpage


def test_the_man_page_is_current() -> None:
    assert manpage.FILE.read_text(encoding="utf-8") == manpage.page(), "python -m tests.manpage"


@pytest.mark.skipif(shutil.which("groff") is None, reason="no groff here")
@pytest.mark.parametrize("width", [60, 80])
def test_a_terminal_shows_every_option_and_every_example_as_it_is_typed(width: int) -> None:
    command = ["groff", "-man", "-ww", "-Tutf8", "-P-cbou", f"-rLL={width}n"]
    done = subprocess.run([*command, manpage.FILE], capture_output=True, check=True, encoding="utf-8")
    assert done.stderr == ""
    assert max(map(len, done.stdout.splitlines())) <= width + 10  # an example is never broken
    lines = [line.strip() for line in done.stdout.splitlines()]
    for command in COMMANDS.values():
        assert {f"cgraph {example}" for example in command.examples} <= {*lines}
    options = {f"--{name}" for options in (GLOBAL, *(one.options for one in COMMANDS.values())) for name in options}
    assert options <= {line.split()[0] for line in lines if line}
