"""What is other on Windows, as far as another system can show it."""

from __future__ import annotations

import errno
import io
import ntpath
import os
from typing import NoReturn

import pytest

from cgraph_cli.cli import files, main
from cgraph_cli.render import ending_of


@pytest.mark.parametrize(
    ("path", "ending"),
    [
        (r"C:\drawings.v1\graph.SVG", ".svg"),
        (r"C:\drawings.v1\graph", ""),
        (r"..\graph.html", ".html"),
        (r"C:graph.json", ".json"),
        (r"\\server\share.old\graph", ""),
    ],
)
def test_the_ending_of_a_path(path: str, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "splitext", ntpath.splitext)
    assert ending_of(path) == ending


@pytest.mark.parametrize("target", [r"C:\Users\me\graph.svg", r"\\server\share\graph.svg", "C:/Users/me/graph.svg"])
def test_a_file_is_written_beside_its_target(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[tuple[str, str]] = []

    def opened(path: str, flags: int, mode: int) -> int:
        assert flags & os.O_EXCL
        return os.open(os.devnull, os.O_WRONLY)

    class System:
        """What the file's writer asks of the system, with the paths of Windows."""

        path = ntpath
        O_BINARY = 0
        open = staticmethod(opened)
        replace = staticmethod(lambda partial, to: moved.append((partial, to)))

        def __getattr__(self, name: str) -> object:
            return getattr(os, name)

    monkeypatch.setattr(files, "os", System())
    files._replace(target, None, [b"<svg/>"])
    ((partial, to),) = moved
    assert to == target
    assert ntpath.dirname(partial) == ntpath.dirname(target)
    assert ntpath.splitdrive(partial)[0] == ntpath.splitdrive(target)[0]
    assert ntpath.basename(partial).startswith(".cgraph-")


@pytest.mark.parametrize(("closed", "code"), [((errno.EPIPE, errno.EINVAL), 0), ((errno.EPIPE,), 2)])
def test_a_closed_pipe_is_an_invalid_argument(
    closed: tuple[int, ...], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def action() -> NoReturn:
        raise OSError(errno.EINVAL, "Invalid argument")

    said = io.StringIO()
    monkeypatch.setattr(main, "CLOSED", closed)
    monkeypatch.setattr(main, "_drop_output", lambda: None)
    monkeypatch.setattr("sys.stderr", said)
    assert main.guarded(action, as_json=False) == code
    assert said.getvalue() == ("error: cannot write the result: Invalid argument\n" if code else "")
