"""Files of results, with real processes: whatever happens, a file is the old one or the new one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from process import COMMAND, cgraph, process_environment

LONG = "+".join(f"sin({number}*x)" for number in range(6000))
OLD = "what was there before"
POINT = ["--x", "1"]

linux = pytest.mark.skipif(os.name != "posix", reason="needs signals and a shell")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A file that a command is to replace."""
    file = tmp_path / "old.json"
    file.write_text(OLD)
    return file


def writing(file: Path, expression: Path) -> subprocess.Popen[bytes]:
    """A process that is in the middle of writing a file."""
    expression.write_text(LONG)
    words = ["eval", "--file", str(expression), *POINT, "--output", str(file)]
    process = subprocess.Popen(
        # A test run in the background ignores interrupts, and so would its children.
        ["env", "--default-signal=INT", *COMMAND, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=process_environment(),
    )
    end = time.monotonic() + 60
    while not any(part.stat().st_size for part in file.parent.glob(".cgraph-*")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
    return process


@linux
@pytest.mark.parametrize(("name", "code", "left"), [("INT", 130, 0), ("TERM", -15, 0), ("HUP", -1, 0), ("KILL", -9, 1)])
def test_a_signal_leaves_the_old_file(
    name: str, code: int, left: int, old: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    process = writing(old, tmp_path_factory.mktemp("from") / "expression.txt")
    process.send_signal(getattr(signal, f"SIG{name}"))
    assert (process.communicate(timeout=60), process.returncode) == ((b"", b""), code)
    assert old.read_text() == OLD
    assert len(list(old.parent.iterdir())) == 1 + left  # nobody clears away after KILL


@linux
def test_a_signal_that_is_ignored_stays_ignored(old: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    expression = tmp_path_factory.mktemp("from") / "expression.txt"
    expression.write_text(LONG)
    script = 'trap "" HUP; "$@" & sleep 0.3; while kill -HUP $!; do sleep 0.02; done; wait $!'
    command = ["bash", "-c", script, "bash", *COMMAND]
    words = ["eval", "--file", str(expression), *POINT, "--output", str(old)]
    done = subprocess.run([*command, *words], env=process_environment(), check=False, capture_output=True, timeout=60)
    assert done.returncode == 0
    assert json.loads(old.read_text())["variables"] == {"x": 1.0}


@linux
@pytest.mark.parametrize("target", ["old.json", "new.json"])
def test_no_room_leaves_the_old_file_or_none(target: str, old: Path) -> None:
    file = old.with_name(target)
    command = ["bash", "-c", 'ulimit -f 4; exec "$@"', "bash", *COMMAND, "eval", "-", *POINT, "--output", str(file)]
    done = subprocess.run(command, input=LONG.encode(), env=process_environment(), check=False, capture_output=True)
    assert (done.returncode, done.stderr.decode()) == (2, f"error: cannot write `{shown(file)}`: File too large\n")
    assert [one.read_text() for one in old.parent.iterdir()] == [OLD]


@linux
def test_a_full_disk_leaves_the_old_file(old: Path) -> None:
    room = old.parent / "room"
    room.mkdir()
    script = f"""mount -t tmpfs -o size=64k none {room} || exit 77
    cp {old} {room}/f.json
    "$@" --output {room}/f.json --file -
    echo $?
    ls -A {room}
    cat {room}/f.json"""
    if shutil.which("unshare") is None:
        pytest.skip("no unshare here")
    command = ["unshare", "-rm", "bash", "-c", script, "bash", *COMMAND, "eval", *POINT]
    done = subprocess.run(command, input=LONG.encode(), env=process_environment(), check=False, capture_output=True)
    if done.returncode in (1, 77):
        pytest.skip("no file system can be mounted here")
    assert done.stdout.decode() == f"2\nf.json\n{OLD}"
    assert done.stderr.decode() == f"error: cannot write `{shown(room / 'f.json')}`: No space left on device\n"


def shown(path: Path) -> str:
    """A path as it is quoted in a message."""
    text = str(path)
    return text if len(text) <= 40 else text[:37] + "..."


@linux
def test_what_cannot_be_a_file_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "to-nowhere").symlink_to("/no/such/folder/x.json")
    (tmp_path / "to-itself").symlink_to("to-itself")
    for path, message in (
        ("no/folder/x.json", "No such file or directory"),
        ("no-folder/", "No such file or directory"),
        ("to-nowhere", "No such file or directory"),
        ("to-itself", "Too many levels of symbolic links"),
        (".", "Is a directory"),
    ):
        done = cgraph("eval", "x", *POINT, "--output", path, cwd=tmp_path)
        assert (done.returncode, done.stderr.decode()) == (2, f"error: cannot write `{path}`: {message}\n")
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_that_is_read_is_not_written(tmp_path: Path) -> None:
    given = tmp_path / "in.txt"
    given.write_text("x")
    (tmp_path / "link.txt").symlink_to("in.txt")
    (tmp_path / "hard.txt").hardlink_to(given)
    (tmp_path / "values.json").write_text('{"x": 1}')
    for words, shell in (
        (["--file", "in.txt", "--output", "in.txt"], ""),
        (["--file", "in.txt", "--output", "./link.txt"], ""),
        (["--file", "link.txt", "--output", "hard.txt"], ""),
        (["-", "--output", "hard.txt"], "< in.txt"),
        (["--file", "/dev/stdin", "--output", "in.txt"], "< in.txt"),
        (["x", "--values", "values.json", "--output", "values.json"], ""),
        (["x", "--values", "-", "--output", "values.json"], "< values.json"),
    ):
        done = cgraph("eval", *words, *([] if "--values" in words else POINT), shell=shell, cwd=tmp_path)
        assert (done.returncode, done.stderr[-26:]) == (2, b": it would be overwritten\n"), words
    assert (given.read_text(), (tmp_path / "values.json").read_text()) == ("x", '{"x": 1}')


def test_a_file_keeps_its_mode_and_a_link_its_target(tmp_path: Path) -> None:
    private, target, link, long = (tmp_path / name for name in ("p.json", "t.json", "l.json", "n" * 250 + ".svg"))
    private.touch(mode=0o600)
    target.touch()
    link.symlink_to(target)
    for path in (private, link, long):
        assert cgraph("eval", "x", "--x", "1", "--output", str(path)).returncode == 0
    assert private.stat().st_mode & 0o777 == 0o600
    assert json.loads(private.read_text()) == json.loads(target.read_text())
    assert link.is_symlink()
    assert len(list(tmp_path.iterdir())) == 4  # nothing is left behind


def test_a_device_is_written_to_as_it_is(tmp_path: Path) -> None:
    done = cgraph("eval", "x", "--x", "1", "--json", "--output", "/dev/stdout")
    assert json.loads(done.stdout)["value"] == 1
    file = tmp_path / "result.json"  # where a shell writes too
    cgraph("eval", "x", *POINT, "--json", "--output", str(file), shell=f"> {file}; echo more >> {file}")
    assert file.read_text().endswith("}\nmore\n")
