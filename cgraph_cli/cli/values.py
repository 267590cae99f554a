"""Texts and numbers from outside: files, standard input, and values in every spelling."""

from __future__ import annotations

import sys

from cgraph_cli.errors import (
    CgraphError,
    FileError,
    InvalidValueError,
    UnknownVariableError,
    UsageError,
    shortened,
)
from cgraph_cli.rules import CONSTANTS
from cgraph_cli.syntax.expression import normal_name
from cgraph_cli.syntax.parser import parse


def read_file(path: str) -> str:
    """The text of a file, or of standard input for ``-``."""
    try:
        if path == "-":
            if sys.stdin is None:
                raise FileError("standard input is closed")
            return sys.stdin.buffer.read().decode("utf-8").removeprefix("\ufeff")
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except OSError as error:
        raise FileError(f"cannot read `{path}`: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        shown = "standard input" if path == "-" else f"`{path}`"
        raise FileError(f"{shown} is not UTF-8 text: the byte at position {error.start} fits no character") from None


def read_values_file(path: str) -> dict[str, object]:
    """The names and values of a JSON object, the names in their normal form."""
    import json

    text = read_file(path)
    shown = "standard input" if path == "-" else f"`{path}`"
    try:
        found = json.loads(text, object_pairs_hook=_without_repeats, parse_int=float)
    except json.JSONDecodeError as error:
        raise FileError(
            f"{shown} is not JSON: {error.msg}, line {error.lineno} column {error.colno}",
            help='values are an object: {"x": -2, "y": 5}',
        ) from None
    except RecursionError:
        raise FileError(f"{shown} is nested too deep", help='values are an object: {"x": -2, "y": 5}') from None
    if not isinstance(found, dict):
        raise FileError(f"{shown} is not a JSON object", help='values are an object: {"x": -2, "y": 5}')
    return found


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        name = normal_name(name)
        if name in found:
            raise UsageError(f"`{shortened(name)}` is given a value twice")
        found[name] = value
    return found


def read_value(name: str, value: object) -> float:
    """A float in any spelling, or a constant expression such as pi/2.

    Raises InvalidValueError for anything else.
    """
    if isinstance(value, float):
        return value
    if not isinstance(value, str):
        import json

        raise InvalidValueError(f"the value of `{shortened(name)}` is not a number: {shortened(json.dumps(value))}")
    try:
        return float(value)
    except ValueError:
        return _constant(name, value)


def _constant(name: str, text: str) -> float:
    """The value of an expression without variables."""
    from cgraph_cli.engine.passes import forward
    from cgraph_cli.graph.build import build

    shown = shortened(name)
    if not text.strip():
        raise InvalidValueError(f"the value of `{shown}` is empty")
    try:
        program = parse(text)
        unknown = [one for one in program.names() if one not in CONSTANTS]
        if unknown:
            raise UnknownVariableError(
                f"`{shortened(unknown[0])}` is no constant",
                span=program.names()[unknown[0]].span,
                source=text,
                help="a value is a number, or made of numbers and pi, e, tau, inf, such as pi/2",
            )
        graph = build(program)
    except CgraphError as error:
        if error.source is None:
            error.source = text
        raise InvalidValueError(
            f"the value of `{shown}` cannot be read: {error.message}",
            span=error.span,
            source=error.source,
            help=error.help,
        ) from None
    return float(forward(graph, {})[graph.output])
