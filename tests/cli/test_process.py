"""The real process: pipes, streams that are closed or full, encodings, terminals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from process import COMMAND, ROOT, cgraph, process_environment

from cgraph_cli.render.paint import width_of

POINT = ["--x", "-2", "--y", "5", "--z", "-4"]
LONG = "+".join(f"{number}*x" for number in range(6000))


@pytest.mark.parametrize(
    "words", [["eval", LONG, "--x", "1", "--all"], ["eval", LONG, "--x", "1", "--json"], ["functions"], ["--help"]]
)
def test_a_closed_pipe_is_quiet(words: list[str]) -> None:
    done = cgraph(*words, shell="| head -1")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") == 1


def test_closed_and_full_streams_are_errors_not_tracebacks() -> None:
    cases = [
        (["eval", "x", "--x", "1"], ">&-", b"error: cannot write the result: standard output is closed\n"),
        (["--version"], ">&-", b"error: cannot write the result: standard output is closed\n"),
        (["eval", "-", "--x", "1"], "<&-", b"error: standard input is closed\n"),
        (["eval", "x"], "2>&-", b""),
    ]
    if os.path.exists("/dev/full"):  # noqa: PTH110
        cases += [
            (words, ">/dev/full", b"error: cannot write the result: No space left on device\n")
            for words in (["eval", "x", "--x", "1"], ["functions"], ["--help"], ["--version"])
        ]
        cases.append((["eval", "x"], "2>/dev/full", b""))
        words = ["eval", "x", "--x", "1", "--output", "/dev/full"]
        cases.append((words, "", b"error: cannot write `/dev/full`: No space left on device\n"))
    for words, shell, message in cases:
        done = cgraph(*words, shell=shell)
        assert (done.returncode, done.stderr) == (2, message), (words, shell)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device here")  # noqa: PTH110
def test_a_warning_that_cannot_be_written_changes_nothing() -> None:
    done = cgraph("diff", "abs(x)", "--x", "0", shell="2>/dev/full")
    assert (done.returncode, done.stdout.decode()) == (0, "∂f/∂x = sign(x) = 0\n")


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited with ulimit -v")
@pytest.mark.parametrize("kilobytes", [75_000, 100_000, 125_000])
def test_too_little_memory_is_an_error(kilobytes: int) -> None:
    limited = ["bash", "-c", f'ulimit -v {kilobytes}; exec "$@"', "bash", sys.executable, "-m", "cgraph_cli"]
    words = ["eval", "-", "--x", "1", "--json"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*limited, *words], input=b"x+" * 300_000 + b"x", capture_output=True, check=False, env=env)
    assert (done.returncode, json.loads(done.stderr)["error"]["code"]) == (2, "too_large")


def test_a_shell_that_completes_with_half_of_what_it_should_gets_nothing() -> None:
    for words in ({}, *({"COMP_WORDS": "cgraph eval x ", "COMP_CWORD": place} for place in ("x", "-9", ""))):
        done = cgraph(environment={"_CGRAPH_COMPLETE": "complete_bash", **words})
        assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"")
    for order in ("x", "complete", "complete_", "source_x", "complete_bash x"):
        done = cgraph(environment={"_CGRAPH_COMPLETE": order})
        assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)
    assert cgraph("eval", "x", "--x", "1", environment={"_CGRAPH_COMPLETE": ""}).returncode == 0


def test_every_kind_of_line_end_ends_a_line(tmp_path: Path) -> None:
    for end in (b"\n", b"\r\n", b"\r"):
        file = tmp_path / "lines.txt"
        file.write_bytes(b"\xef\xbb\xbf" + end.join((b"q = x + y", b"q^2", b"")))
        for done in (cgraph("diff", "--file", str(file)), cgraph("diff", "-", stdin=file.read_bytes())):
            assert (done.returncode, done.stdout.decode()) == (0, "∂f/∂x = 2*(x + y)\n∂f/∂y = 2*(x + y)\n")


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipes here")
def test_a_pipe_that_does_not_block_gets_everything() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    command = [*COMMAND, "eval", LONG, "--x", "1", "--json"]
    process = subprocess.Popen(command, stdout=writing, stderr=subprocess.PIPE, env=process_environment())
    os.close(writing)
    with open(reading, encoding="utf-8") as file:  # noqa: PTH123
        assert json.load(file)["variables"] == {"x": 1.0}
    assert (process.communicate(), process.returncode) == ((None, b""), 0)


def test_h_alone_is_help() -> None:
    for words in ([], ["eval"], ["functions"]):
        assert cgraph(*words, "-h").stdout == cgraph(*words, "--help").stdout
    assert cgraph("eval", "-h", "--h", "2", "--json").returncode == 0


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_every_encoding_gets_what_it_can_show(encoding: str) -> None:
    words = ["eval", "q·π+変", "--q", "2", "--変", "3"]
    table = cgraph(*words, environment={"PYTHONIOENCODING": encoding})
    assert (table.returncode, table.stderr) == (0, b"")
    text = table.stdout.decode(encoding)
    assert ("──" in text) == (encoding == "utf-8")
    assert "?" not in text
    report = json.loads(cgraph(*words, "--json", environment={"PYTHONIOENCODING": encoding}).stdout.decode(encoding))
    assert report["variables"] == {"q": 2.0, "変": 3.0}
    failed = cgraph("eval", "q·π+変 変", environment={"PYTHONIOENCODING": encoding})
    lines = failed.stderr.decode(encoding).splitlines()
    assert (failed.returncode, lines[0][:6]) == (2, "error:")


@pytest.mark.parametrize(
    ("words", "stdin", "message"),
    [
        (["eval", "-"], b"x\xff", "error: standard input is not UTF-8 text: the byte at position 1 fits no character"),
        (["eval", b"x\xff"], b"", "error: the byte 0xff is not text in the encoding of this terminal"),
        (["eval", "--file", "/"], b"", "error: cannot read `/`: Is a directory"),
    ],
)
def test_bytes_that_are_no_text(words: list[str], stdin: bytes, message: str) -> None:
    done = cgraph(*words, stdin=stdin, environment={"PYTHONUTF8": "1"})
    assert done.returncode == 2
    assert done.stderr.decode().splitlines()[0] == message


def in_terminal(*words: str, columns: int = 80, **environment: str) -> str:
    """What a command writes on a terminal of its own."""
    import pty
    import struct
    from fcntl import ioctl
    from termios import TIOCSWINSZ

    pid, screen = pty.fork()
    if pid == 0:
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TERM": "xterm", "LANG": "C.UTF-8", **environment}
        os.execve(sys.executable, [sys.executable, "-m", "cgraph_cli", *words], env)
    ioctl(screen, TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    written = b""
    while True:
        try:
            piece = os.read(screen, 65536)
        except OSError:  # the terminal closes with the process
            break
        if not piece:
            break
        written += piece
    os.close(screen)
    os.waitpid(pid, 0)
    return written.decode().replace("\r\n", "\n")


def test_messages_are_folded_between_words_at_the_width_of_a_terminal() -> None:
    long = " + ".join(f"aaaa{i}*bbbb{i}" for i in range(9))
    for words in (
        ["eval", f"{long} + 2xy"],
        ["eval", "x", "--x", "3", "--format", "csv"],
        ["diff", "sqrt(x)^2", "--x", "0"],
        ["eval", "속도속도 + 시간", "--속도", "3", "--시간", "1"],
        ["eval", "소득*세금 + 2비율*속도*가속도", "--소득", "1"],
    ):
        shown = in_terminal(*words, columns=40, NO_COLOR="1")
        assert max(map(width_of, shown.splitlines())) <= 40
        assert (
            " ".join(shown.split()) == " ".join(in_terminal(*words, columns=240, NO_COLOR="1").split()) or "^" in shown
        )
    assert "there\n  is no implicit" in in_terminal("eval", "2xy", columns=40, NO_COLOR="1")
    command = 'cgraph eval "(x+y)*z" --x -2 --y 5 --z -4'
    assert command in in_terminal("eval", columns=40), "a command that is to be copied is one line"


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals here")
class TestTerminal:
    def test_colours_only_where_they_are_wanted(self) -> None:
        words = ["eval", "(x+y)*z", *POINT]
        assert "\x1b[" in in_terminal(*words)
        plain = in_terminal(*words, NO_COLOR="1")
        assert "\x1b" not in plain
        assert "\x1b" not in in_terminal(*words, TERM="dumb")
        assert "\x1b" not in in_terminal(*words, "--json")
        assert plain == cgraph(*words).stdout.decode()
        assert b"\x1b[" in cgraph(*words, environment={"FORCE_COLOR": "1"}).stdout
        assert b"\x1b" not in cgraph(*words, environment={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout
        assert b"\x1b" not in cgraph(*words, environment={"FORCE_COLOR": "1", "TERM": "dumb"}).stdout
        assert b"\x1b" not in cgraph(*words, environment={"FORCE_COLOR": "0"}).stdout
        assert "\x1b" not in in_terminal(*words, CLICOLOR="0")
        for other in (["diff", "x^2"], ["explain", "x^2", "--x", "3"], ["paths", "x^2", "--x", "3"], ["functions"]):
            assert b"\x1b[" in cgraph(*other, environment={"CLICOLOR_FORCE": "1"}).stdout
            assert b"\x1b" not in cgraph(*other).stdout
        assert "\x1b[" in in_terminal("eval", "2x")
        assert "\x1b" not in in_terminal("eval", "2x", NO_COLOR="1")

    def test_what_the_user_typed_never_reaches_the_terminal_raw(self) -> None:
        for words in (
            ["eval", "x\x1b[2J"],
            ["eval", "x", "--x", "\x1b[2J"],
            ["eval", "x", "--\x1b[2J", "3"],
            ["eval", "x", "--format", "\x1b[2J"],
            ["eval", "x", "--set", "\x1b[2J=3"],
            ["eval", "x", "--values", "\x1b[2J"],
            ["eval", "--file", "\x1b[2J"],
            ["eval", "x", "--x", "1", "--output", "/\x1b[2J/x.json"],
            ["eval", "x\x1b[2J", "y"],
            ["diff", "x", "--wrt", "\x1b[2J"],
            ["diff", "x", "--order", "\x1b[2J"],
            ["functions", "--format", "\x1b[2J"],
            ["functions", "\x1b[2J"],
            ["functions", "--\x1b[2J"],
            ["eval", "mse(x,y)", "--x", "1", "--y", "2", "--replace", "mse=\x1b[2J"],
            ["eval", "mse(x,y)", "--x", "1", "--y", "2", "--replace", "\x1b[2J=mse"],
            ["eval", "x", "--x", "1", "--outputs", "\x1b[2J"],
            ["eval", "x", "--x", "1", "--direction", "\x1b[2J=1"],
            ["\x1b[2J"],
        ):
            shown = in_terminal(*words, NO_COLOR="1")
            assert "error:" in shown, words
            assert "\x1b" not in shown, words

    def test_tables_and_errors_fit_the_terminal(self) -> None:
        words = ["eval", "log(1+exp(alpha*x+beta))*sin(y)/(1+z^2)"]
        values = ["--alpha", "0.123456", "--x", "1", "--beta", "2", "--y", "3", "--z", "4"]
        for columns in (80, 100):
            lines = in_terminal(*words, *values, columns=columns, COLUMNS=str(columns), NO_COLOR="1").splitlines()
            assert max(map(len, lines)) <= columns
        for columns in (60, 80, 100):
            for wrong in (f"{LONG}+2y", f"{LONG}+2y+{LONG}", f"2y+{LONG}"):
                shown = in_terminal("eval", wrong, columns=columns, COLUMNS=str(columns), NO_COLOR="1").splitlines()
                (at,) = (line for line in shown if "^" in line)
                source = shown[shown.index(at) - 1]
                assert source[at.index("^") : at.rindex("^") + 1] == "2y"
                assert max(len(source), len(at)) <= columns


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no device without an end here")  # noqa: PTH110
def test_what_has_no_end_is_not_read_to_the_end() -> None:
    zeros = b"error: `/dev/zero` is longer than 100,000,000 bytes, the most that is read\n"
    piped = zeros.replace(b"`/dev/zero`", b"standard input")
    for words, shell, message in (
        (["x", "--values", "/dev/zero"], "", zeros),
        (["--file", "/dev/zero"], "", zeros),
        (["-"], "< /dev/zero", piped),
        (["x", "--values", "-"], "< <(yes)", piped),
    ):
        done = cgraph("eval", *words, shell=shell)
        assert (done.returncode, done.stderr) == (2, message)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals here")
def test_an_interrupt_before_the_first_word_is_read_is_quiet() -> None:
    # It comes while the first of the modules that main needs is loaded.
    code = """
import signal, sys
def interrupt(event, words):
    if event == "import" and words[0].startswith("cgraph_cli.cli"):
        signal.raise_signal(signal.SIGINT)
sys.addaudithook(interrupt)
signal.signal(signal.SIGINT, signal.default_int_handler)
from cgraph_cli.__main__ import main
main()
"""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (-2, b"", b"")


def test_an_interrupt_is_quiet(tmp_path: Path) -> None:
    import signal
    import time

    process = subprocess.Popen(
        # A test run in the background ignores interrupts, and so would its children.
        ["env", "--default-signal=INT", sys.executable, "-m", "cgraph_cli", "eval", "-", "--x", "1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    time.sleep(1.5)  # it waits for its expression
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, b"", b"")
