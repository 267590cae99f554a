"""Texts and numbers from outside: files, standard input, and values in every spelling."""

from __future__ import annotations

import sys

from cgraph_cli.errors import (
    CgraphError,
    FileError,
    InvalidValueError,
    Span,
    TooLargeError,
    UnknownVariableError,
    UsageError,
    shortened,
)
from cgraph_cli.light import re
from cgraph_cli.limits import MOST_BYTES
from cgraph_cli.render.numbers import MOST_DIGITS
from cgraph_cli.rules import CONSTANTS
from cgraph_cli.syntax.expression import normal_name
from cgraph_cli.syntax.parser import parse
from cgraph_cli.syntax.typed import Typed, vanishes

UNIT = re.compile(r"(?<!\w)[\d.]+(?:[eE][-+]?\d+)?\s*([^\W\d]+)")  # 100n, 4k7, 1 Ohm
CONCISE = re.compile(r"([-+]?(?=\.?\d)\d*)(?:\.(\d*))?\((\d+(?:\.\d*)?|\.\d+)\)(?:[eE]([-+]?\d+))?")  # 3.00(10)e-3


def shown(path: str) -> str:
    """A file as it is named in a message."""
    return "standard input" if path == "-" else f"`{shortened(path)}`"


def read_file(path: str) -> str:
    """The text of a file, or of standard input for ``-``, its lines ended by ``\\n``."""
    if path == "-" and sys.stdin is None:
        raise FileError("standard input is closed")
    try:
        if path == "-":
            data = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with open(path, "rb") as file:
                data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise TooLargeError(f"{shown(path)} is longer than {MOST_BYTES:,} bytes, the most that is read")
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise FileError(f"cannot read {shown(path)}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        where = f"the byte at position {error.start} fits no character"
        raise FileError(f"{shown(path)} is not UTF-8 text: {where}") from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def read_object(text: str, path: str, form: str) -> dict[str, object]:
    """The members of the JSON object of a file, its numbers as they are written; ``form`` is for messages."""
    import json

    try:
        found = json.loads(text, object_pairs_hook=_without_repeats, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise FileError(f"{shown(path)} is not JSON: {error.msg}, {where}", help=form) from None
    except RecursionError:
        raise FileError(f"{shown(path)} is nested too deep", help=form) from None
    if not isinstance(found, dict):
        raise FileError(f"{shown(path)} is not a JSON object", help=form)
    return found


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        name = normal_name(name)
        if name in found:
            raise UsageError(f"`{shortened(name)}` is given a value twice")
        found[name] = value
    return found


def read_uncertain(name: str, value: object, *, fine: bool = False) -> tuple[float, float | None]:
    """A value and its uncertainty: ``3±0.1``, ``3+-0.1``, ``3±2%`` of it, ``3.00(10)`` in units of its last place.

    With a point of its own what stands in parentheses is a number: ``12.3(1.5)``. None where there is no uncertainty:
    then a ``fine`` value is kept as it was typed.
    """
    if isinstance(value, str):
        if "(" in value and (concise := CONCISE.fullmatch(value.strip())):
            whole, decimals, spread, power = concise.groups(default="")
            place = int(power or 0) - (0 if "." in spread else len(decimals))
            return float(f"{whole}.{decimals}e{power or 0}"), float(f"{spread}e{place}")
        for sign in ("±", "+/-", "+-"):
            text, _, spread = value.partition(sign)
            if spread.strip() and text.strip() and text.count("(") == text.count(")"):
                number = read_value(name, text)
                return number, read_spread(name, spread.strip(), number)
    return (read_typed if fine else read_value)(name, value), None


def read_spread(name: str, text: str, value: float) -> float:
    """An uncertainty of a value: a number, or with % a part of the value."""
    from cgraph_cli.report.budget import check_spread

    spread = read_value(name, text.removesuffix("%"), "uncertainty")
    if text.endswith("%"):
        if value == 0:
            told = f"`{shortened(name)}` is 0, and {shortened(text)} of that is no uncertainty"
            help = "write it as a number, without %"
            raise InvalidValueError(told, span=Span(0, len(text)), source=text, help=help)
        spread = abs(value) * spread / 100
    check_spread(name, spread, text)
    return spread


def read_value(name: str, value: object, what: str = "value") -> float:
    """A float in any spelling, or a constant expression such as pi/2; ``what`` it is to the name, for messages.

    Raises InvalidValueError for anything else, and for what is so small that it would be 0.
    """
    told = f"the {what} of `{shortened(name)}`"
    number = read_number(told, value)
    if number == 0 and isinstance(value, str) and vanishes(value):
        help = f"cgraph eval and diff take it as it is, with --digits above {MOST_DIGITS}"
        place = Span(0, len(value))
        raise InvalidValueError(f"{told} is too small for a double: it would be 0", span=place, source=value, help=help)
    return number


def read_number(what: str, value: object) -> float:
    """The same of what messages call ``what``."""
    if isinstance(value, float):
        return value
    if not isinstance(value, str):
        import json

        told = "a list" if isinstance(value, list) else "an object" if isinstance(value, dict) else json.dumps(value)
        raise InvalidValueError(f"{what} is not a number: it is {told}")
    try:
        return float(value)
    except ValueError:
        return _constant(what, value)


def read_typed(name: str, value: object) -> float:
    """The same as it was typed, not rounded to a double: 0.1 is a tenth, pi/2 half of π."""
    number = read_number(f"the value of `{shortened(name)}`", value)
    if not isinstance(value, str) or not any(map(str.isalnum, value)):
        return number
    try:
        float(value)
    except ValueError:
        return Typed(value, number)
    return Typed(value.lower(), number) if any(map(str.isdigit, value)) else number


def _constant(what: str, text: str) -> float:
    """The value of an expression without variables."""
    from cgraph_cli.engine.passes import forward
    from cgraph_cli.graph.build import build

    if not text.strip():
        raise InvalidValueError(f"{what} is empty")
    try:
        program = parse(text)
        for unknown in program.names():
            if unknown not in CONSTANTS:
                raise UnknownVariableError(
                    f"`{shortened(unknown)}` is no constant",
                    span=program.place(unknown),
                    help="a value is a number, or made of numbers and pi, e, tau, inf, such as pi/2",
                )
        graph = build(program)
    except CgraphError as error:
        message, help = f"{what} cannot be read: {error.message}", error.help
        unit = UNIT.search(text)
        if help is not None and help.startswith("write ") and unit is not None:
            from cgraph_cli.syntax.messages import NO_UNITS, PREFIXES, UNITS

            if unit[1] in PREFIXES or unit[1] in UNITS:
                help = f"{NO_UNITS}, 1e-9 for 1n"
        raise InvalidValueError(message, span=error.span, source=text, help=help) from None
    return float(forward(graph, {})[graph.output])
