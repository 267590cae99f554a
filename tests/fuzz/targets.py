"""What hostile input is given to, and what must hold: an answer that reads back, or an error that says where."""

from __future__ import annotations

import json
import math
import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, NoReturn

from harness import Result, run

import cgraph_cli
from cgraph_cli.cli.commands import COMMANDS
from cgraph_cli.errors import ANSWER_IS_NO, DONE, INTERRUPTED, WRONG_INPUT, CgraphError
from cgraph_cli.render import View, renderer
from cgraph_cli.syntax.parser import parse
from cgraph_cli.syntax.printer import print_program
from fuzz.silent import silent
from fuzz.texts import NUMBERS, PIECES, SEEDS, mutated, rewritten

SECONDS = 60  # of a processor that nothing may take
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
Target = Callable[[Random], None]


@contextmanager
def in_time(seconds: int = SECONDS) -> Iterator[None]:
    """Fail what takes too long: in seconds of the processor, or ten times as long on a clock of a busy machine."""

    def late(*_: object) -> NoReturn:
        raise AssertionError(f"it takes more than {seconds} seconds")

    clocks = {signal.ITIMER_PROF: (signal.SIGPROF, seconds), signal.ITIMER_REAL: (signal.SIGALRM, 10 * seconds)}
    before = [signal.signal(number, late) for number, _ in clocks.values()]
    for clock, (_, limit) in clocks.items():
        signal.setitimer(clock, limit)
    try:
        yield
    finally:
        for clock, (number, _), handler in zip(clocks, clocks.values(), before, strict=True):
            signal.setitimer(clock, 0)
            signal.signal(number, handler)


def well_told(error: CgraphError) -> None:
    """An error has a message that a terminal can show, and its place is in its text."""
    assert not CONTROL.search(str(error)), str(error)
    assert error.message
    if error.span is not None and error.source is not None:
        assert 0 <= error.span.start <= error.span.end <= len(error.source) + 1


def bytes_to_parser(random: Random) -> None:
    """Any bytes are an expression that reads back as printed, or a syntax error."""
    kind = random.randint(0, 3)
    if kind == 0:
        text = random.randbytes(random.randint(0, 60)).decode("utf-8", random.choice(("surrogateescape", "replace")))
    elif kind == 1:
        text = "".join(random.choice(PIECES) for _ in range(random.randint(0, 30)))
    elif kind == 2:
        text = "".join(chr(random.choice((random.randint(0, 0x2FF), random.randint(0, 0x10FFFF)))) for _ in range(9))
    else:
        text = mutated(random, random.choice(SEEDS))
    try:
        program = parse(text)
    except CgraphError as error:
        well_told(error)
        return
    printed = print_program(program)
    assert print_program(parse(printed)) == printed


def formulas(random: Random, seeds: list[str] = SEEDS) -> None:
    """A formula at a point is evaluated and differentiated: numbers or nan and inf, and JSON of them."""
    text = rewritten(random, random.choice(seeds))
    try:
        expression = cgraph_cli.parse(text)
        point = {name: float(_number(random)) for name in expression.variables}
        report = expression.evaluate(point, hessian=random.random() < 0.2, expand=random.random() < 0.3)
        read_json("".join(map(str, renderer("report", "json")(report, View()))))
        renderer("report", random.choice(("table", "tree", "latex", "markdown")))(report, View())
        derived = expression.differentiate(order=random.choice((1, 1, 1, 2)), simplify=random.random() < 0.8)
    except CgraphError as error:
        well_told(error)
        return
    for one in derived.values():
        again = cgraph_cli.parse(str(one))
        assert str(again) == str(one)
        again.evaluate({name: point.get(name, 1.0) for name in again.variables})


def claims(random: Random) -> None:
    """A claim is marked, whatever it is: a derivative right, a text that is no formula with an error at its place."""
    text = rewritten(random, random.choice(SEEDS))
    try:
        expression = cgraph_cli.parse(text)
        point = {name: float(_number(random)) for name in expression.variables}
        wrt = random.choice([*point, "x"])
        derivative = str(expression.differentiate(wrt, simplify=random.random() < 0.5)) if wrt in point else "1"
        claim = mutated(random, derivative, 1) if random.random() < 0.5 else rewritten(random, derivative)
        marking = expression.mark({wrt: random.choice((derivative, claim, text, _number(random)))}, point)
        read_json("".join(map(str, renderer("checks", "json")(marking, View()))))
        renderer("checks", random.choice(("table", "markdown", "html")))(marking, View())
    except CgraphError as error:
        well_told(error)
        return
    (mark,) = marking.marks
    assert 0 <= mark.points <= 1
    assert (mark.verdict == "wrong") == bool(mark.mistakes) or mark.verdict == "right"


def _number(random: Random) -> str:
    return random.choice((*(one for one in NUMBERS if "/" not in one), str(round(random.uniform(-3, 3), 3))))


OPTIONS = sorted({f"--{name}" for command in COMMANDS.values() for name in command.options} | {"--x", "--y", "--help"})
FILES = ["out.json", "out.svg", "out.txt", "out", "-", "", ".", "no/x.json", "f.txt", "v.json", "out.png", "out.html"]
WORDS = [
    *COMMANDS, "help", "--version", "--", "-", "-h", "--x=1", "--x", "1", "-2", "--y", "pi/2", "json", "svg", "tree",
    "latex", "html", "c", "python", "x,y", "x=1,y=2", "value", "gradients", "locals", "9" * 400, "²", "sin=cos", "x=",
    "=", "down", "upstream", "forward", "5", "17",
]  # fmt: skip


def words(random: Random) -> None:
    """Any words of a command line are answered, or refused with exit code 2; never more than a message."""
    line = [random.choice([*COMMANDS])] if random.random() < 0.8 else []
    line.append(random.choice(SEEDS) if random.random() < 0.7 else mutated(random, random.choice(SEEDS)))
    line += ["--x", _number(random), "--y", _number(random), "--z", _number(random)] if random.random() < 0.7 else []
    for _ in range(random.randint(0, 4)):
        line.append(random.choice((*OPTIONS, random.choice(WORDS), random.choice(FILES))))
    if random.random() < 0.3:
        line = [mutated(random, word, 1) if random.random() < 0.2 else word for word in line]
    if random.random() < 0.3:
        random.shuffle(line)
    _answered(
        [word.replace("\x00", "") for word in line], random.choice((b"", b"x*y", b"\xff", b'{"x": 1, "y": 2}', b"{"))
    )


def _answered(line: list[str], stdin: bytes) -> Result | None:
    if any("--install" in word or "/" in word.replace("no/x.json", "") for word in line):
        return None  # nothing outside of the folder of the test is written
    result = run(line, stdin)
    if result.code == INTERRUPTED:
        raise KeyboardInterrupt
    assert result.code in (DONE, ANSWER_IS_NO, WRONG_INPUT), result
    assert "Traceback" not in result.stderr
    for text in (result.stdout if "pdf" not in str(line) and "png" not in str(line) else "", result.stderr):
        assert not CONTROL.search(text.replace("\r", "")), (line, CONTROL.search(text))
    if result.code == WRONG_INPUT:
        assert re.search(r'^(error: |\{"error": )', result.stderr, re.MULTILINE), result
    return result


def values(random: Random) -> None:
    """Any JSON as values is a point, or an error."""

    def some(depth: int) -> Any:
        kind = random.randint(0, 9)
        if kind < 3:
            return random.choice((0, 1, -1.5, 10**400, 1e308, True, None, math.inf, math.nan))
        if kind < 6 or depth > 3:
            return random.choice((*NUMBERS, *PIECES, "x", "2x"))
        if kind < 8:
            return [some(depth + 1) for _ in range(random.randint(0, 3))]
        return {random.choice(("x", "y", "z", "", *PIECES)): some(depth + 1) for _ in range(random.randint(0, 4))}

    given = {name: random.choice(NUMBERS) if random.random() < 0.7 else some(0) for name in ("x", "y", "z")}
    text = json.dumps(given if random.random() < 0.9 else some(0), ensure_ascii=random.random() < 0.5)
    if random.random() < 0.4:
        text = mutated(random, text)
    line = ["eval", random.choice(SEEDS), "--values", "-", "--json"]
    result = _answered(line, text.encode("utf-8", "surrogatepass"))
    if result is not None and result.code == 0:
        read_json(result.stdout)


MEMBERS: dict[str, Any] = {
    "expression": "q = x*y; q^2 + q*z",
    "seed": "anna",
    "level": 2,
    "variables": {"x": 2, "y": 3, "z": 5},
    "given": ["x"],
    "expand": True,
    "replace": {"sigmoid": "tanh"},
    "blank": ["local", "value"],
    "answers": {"local(q,x)": 1, "value(q)": "1/2", "local( v1 , q )": None},
}
RARE = ("level", "given", "expand", "replace")


def answers(random: Random) -> None:
    """Any file of answers is marked, or refused with exit code 2."""
    found = {name: one for name, one in MEMBERS.items() if random.random() < (0.1 if name in RARE else 0.9)}
    for name in [*found]:
        if random.random() < 0.1:
            inside = random.choice((None, 1, -1.5, math.inf, "", "x", "1/0", [], ["x", 1], {}, {"x": None}, {"": "x"}))
            found[name] = random.choice((inside, [inside], {"local(q,x)": inside}, {"x": inside, "y": 1}, *PIECES))
    text = json.dumps(found)
    if random.random() < 0.4:
        lines = [f"{name}: {one}" for name, one in found.items() if isinstance(one, str)]
        lines += ["given: x", "variables: x=2,y=3,z=5", "blank: local,value", "local(q,x) = 1", "value(q) = 1/2", ""]
        text = "\n".join(line if random.random() < 0.8 else mutated(random, line) for line in lines)
    elif random.random() < 0.2:
        text = mutated(random, text, 1)
    words = random.choice(([], ["--json"], [MEMBERS["expression"], "--seed", "anna"], ["--level", "3"], ["--ascii"]))
    result = _answered(["check", "--answers", "-", *words], text.encode("utf-8", "surrogatepass"))
    if result is not None and result.code != WRONG_INPUT and "--json" in words:
        assert {one["verdict"] for one in read_json(result.stdout)["answers"]} <= {"right", "wrong", "missing"}


def read_json(text: str) -> Any:
    """What strict JSON says."""

    def refused(word: str) -> NoReturn:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refused)


TARGETS: dict[str, Target] = {
    "bytes": bytes_to_parser,
    "formulas": formulas,
    "words": words,
    "values": values,
    "claims": claims,
    "answers": answers,
    "silent": silent,
}


@contextmanager
def apart(folder: Path) -> Iterator[None]:
    """A folder and a home where nothing is that matters, with the files that words may name."""
    before, home = Path.cwd(), os.environ.get("HOME")
    (folder / "f.txt").write_text("x*y + z")
    (folder / "v.json").write_text('{"x": 1, "y": 2, "z": 3}')
    os.chdir(folder)
    os.environ["HOME"] = str(folder)
    try:
        yield
    finally:
        os.chdir(before)
        if home is not None:
            os.environ["HOME"] = home
