"""The argv pass: command-line words to one Request.

The expression decides what is an option: its free names become ``--NAME VALUE``. So the words are first sorted into
options of the command, other ``--NAME VALUE`` pairs and the expression; then the pairs are held against its names.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

from cgraph_cli.errors import (
    CgraphError,
    FileError,
    InvalidValueError,
    UnknownVariableError,
    UsageError,
    shortened,
)
from cgraph_cli.graph.build import suggestion
from cgraph_cli.render import formats
from cgraph_cli.syntax.expression import Program, normal_name
from cgraph_cli.syntax.parser import parse


class Option(NamedTuple):
    """An option of a command; without ``metavar`` it is a flag. ``many`` options may be repeated."""

    help: str
    metavar: str | None = None
    many: bool = False
    choices: tuple[str, ...] = ()


class Command(NamedTuple):
    """A command that takes an expression: the module that answers it, its help, its options, the kind of its result."""

    module: str
    help: str
    options: dict[str, Option]
    shows: str | None


VALUES = {
    "set": Option("A value for a name that an option of the command has taken.", "NAME=VALUE", many=True),
    "values": Option("Read values from a JSON object in FILE; - is standard input.", "FILE"),
    "file": Option("Read the expression from FILE.", "FILE"),
}
MODULES = {
    "expand": Option("Show the inside of modules instead of one node each."),
    "replace": Option("Swap module OLD for module NEW.", "OLD=NEW", many=True),
}
STRICT = Option("Exit with 1 if anything is not finite or a kink was met.")
OUTPUT = {
    "json": Option("The same as --format json."),
    "output": Option("Write to FILE; its ending chooses the format.", "FILE"),
    "ascii": Option("Use ASCII characters only."),
}


def _format(kind: str) -> dict[str, Option]:
    names = formats(kind)
    return {"format": Option(f"How to show the result: {', '.join(names)}.", "FORMAT", choices=names)}


LANGUAGES = ("python", "numpy", "c", "javascript", "julia", "rust", "latex")

COMMANDS: dict[str, Command] = {
    "eval": Command(
        "evaluate",
        "Evaluate an expression at a point: every node of its graph with its value and its gradients.",
        {
            **_format("report"),
            **OUTPUT,
            "all": Option("Show every row of a large graph."),
            "strict": STRICT,
            "hessian": Option("Add the matrix of second derivatives."),
            "direction": Option("Add the derivative in a direction.", "x=1,y=0", many=True),
            "outputs": Option("Differentiate these named values: the Jacobian.", "f,g", many=True),
            **MODULES,
            **VALUES,
        },
        "report",
    ),
    "diff": Command(
        "diff",
        "Derivatives as formulas, with their numbers where a point is given.",
        {
            "wrt": Option("Differentiate by this name (default: by each); x,y is a mixed partial.", "NAME", many=True),
            "order": Option("Differentiate this many times (default: 1).", "N"),
            "at": Option("The point: the same as --x 1 --y 2.", "x=1,y=2", many=True),
            **_format("derivatives"),
            **OUTPUT,
            "no-simplify": Option("Show the derivative as the chain rule gives it."),
            "strict": STRICT,
            "replace": MODULES["replace"],
            **VALUES,
        },
        "derivatives",
    ),
    "explain": Command(
        "explain",
        "The worked solution in words: the forward pass, then the chain rule node by node.",
        {
            **_format("explanation"),
            "steps": Option("Only this half: forward or backward.", "HALF", choices=("forward", "backward")),
            "output": OUTPUT["output"],
            "ascii": OUTPUT["ascii"],
            "all": Option("Explain every node of a large graph."),
            **MODULES,
            **VALUES,
        },
        "explanation",
    ),
    "paths": Command(
        "paths",
        "A gradient as the sum over all paths from a variable to the output.",
        {
            "wrt": Option("The paths from this variable (default: from each).", "NAME", many=True),
            **_format("paths"),
            **OUTPUT,
            "all": Option("List the paths however many there are, up to a million edges."),
            **MODULES,
            **VALUES,
        },
        "paths",
    ),
    "export": Command(
        "export",
        "Value and gradient as a function in another language, with no dependency beyond its standard mathematics.",
        {
            "to": Option(f"The language: {', '.join(LANGUAGES)}.", "LANGUAGE", choices=LANGUAGES),
            "name": Option("The function's name (default: the output's).", "NAME"),
            "wrt": Option("Differentiate by these names only.", "x,y", many=True),
            "self-test": Option("Add a main that compares with cgraph's numbers at the point given."),
            "output": Option("Write to FILE; its ending chooses the language.", "FILE"),
            "no-simplify": Option("Keep the derivative as the chain rule gives it."),
            "replace": MODULES["replace"],
            **VALUES,
        },
        None,
    ),
}


class Request(NamedTuple):
    """What the user asked for, however the command line was read."""

    command: str
    program: Program
    values: dict[str, float]
    options: dict[str, list[str]]

    def flag(self, name: str) -> bool:
        """Whether a flag was given."""
        return name in self.options

    def one(self, name: str) -> str | None:
        """The value of an option, None if it was not given."""
        return self.options[name][-1] if name in self.options else None

    def listed(self, name: str) -> list[str]:
        """All values of an option, also those separated by commas in one word."""
        return [part for word in self.options.get(name, []) for part in split_list(name, word)]

    def pairs(self, name: str) -> dict[str, str]:
        """The values of an option of the form KEY=VALUE."""
        found: dict[str, str] = {}
        for word in self.listed(name):
            key, value = read_pair(name, word, COMMANDS[self.command].options[name].metavar)
            if key in found:
                raise UsageError(f"--{name}: `{shortened(key)}` is given twice")
            found[key] = value
        return found


class Words(NamedTuple):
    """The words of a command line, sorted; ``pairs`` are the ``--NAME VALUE`` that are no options."""

    expressions: list[str]
    options: dict[str, list[str]]
    pairs: list[tuple[str, str | None]]


def split_list(option: str, text: str) -> list[str]:
    """The parts of ``x=1,y=max(2,3)``: commas inside parentheses do not separate.

    Raises UsageError if there is nothing between the commas.
    """
    parts, depth, start = [], 0, 0
    for position, character in enumerate(text):
        if character in "()":
            depth += 1 if character == "(" else -1
        elif character == "," and depth <= 0:
            parts.append(text[start:position].strip())
            start = position + 1
    parts = [part for part in [*parts, text[start:].strip()] if part]
    if not parts:
        raise UsageError(f"--{option} has an empty value")
    return parts


def read_pair(option: str, word: str, form: str | None) -> tuple[str, str]:
    """The two sides of ``NAME=VALUE``; ``form`` is what the option takes, for the message."""
    name, _, value = (part.strip() for part in word.partition("="))
    if not name or not value:
        raise UsageError(f"--{option} takes {form}, not `{shortened(word)}`")
    return name, value


def read_words(command: str, argv: Sequence[str]) -> Words:
    """Sort the words after the command's name.

    Raises UsageError for an option without its value or given twice.
    """
    known = COMMANDS[command].options
    words = Words([], {}, [])
    position = 0
    while position < len(argv):
        word = argv[position]
        position += 1
        if word == "--":
            words.expressions.extend(argv[position:])
            break
        if not word.startswith("--"):
            words.expressions.append(word)
            continue
        name, equals, inline = word[2:].partition("=")
        if not name.replace("-", "_").isidentifier() and any(sign in name for sign in "()+*/^ "):
            words.expressions.append(word)  # --x*y is the expression -(-x)*y
            continue
        option = known.get(name)
        value: str | None = inline if equals else None
        if option is not None and option.metavar is None:
            if value is not None:
                raise UsageError(f"--{name} takes no value", help=clash_help(name))
            words.options.setdefault(name, []).append("")
            continue
        if value is None and position < len(argv) and not argv[position].startswith("--"):
            value = argv[position]
            position += 1
        if option is None:
            words.pairs.append((name, value))
            continue
        if not value:
            raise UsageError(f"--{name} needs a value: --{name} {option.metavar}")
        if name in words.options and not option.many:
            raise UsageError(f"--{name} is given twice")
        if option.choices and value not in option.choices:
            near = suggestion(value, option.choices) or f"it takes one of: {', '.join(option.choices)}"
            near += f"; {clash_help(name)}" if _is_number(value) else ""
            raise UsageError(f"--{name} does not know `{shortened(value)}`", help=near)
        words.options.setdefault(name, []).append(value if option.metavar == "FILE" else normal_name(value))
    return words


def clash_help(name: str) -> str:
    """What to do about a variable that has the name of an option."""
    return f"a variable of that name gets its value with --set {name}=VALUE"


def read(command: str, argv: Sequence[str]) -> Request:
    """The request that the words after the command's name make.

    Raises CgraphError for everything that a user can get wrong on the command line.
    """
    words = read_words(command, argv)
    program = parse(expression_text(command, words))
    names = program.names()
    values: dict[str, float] = {}

    def give(name: str, text: str | float | None) -> None:
        name = normal_name(name)
        if name in values:
            raise UsageError(f"`{shortened(name)}` is given a value twice")
        if text is None:
            raise UsageError(f"--{shortened(name)} needs a value: --{shortened(name)} VALUE")
        values[name] = read_value(name, text)

    options = COMMANDS[command].options
    for name, text in words.pairs:
        if normal_name(name) not in names:
            near = suggestion(name, options, "--")
            missing = [one for one in names if not any(one == pair for pair, _ in words.pairs)]
            if near is not None and (text is None or suggestion(name, missing) is None):
                raise UsageError(f"there is no option or variable `--{shortened(name)}`", help=near)
            elsewhere = [other for other, known in COMMANDS.items() if name in known.options]
            if elsewhere:
                listed = " and ".join(f"`cgraph {other}`" for other in elsewhere)
                raise UsageError(f"`--{name}` is an option of {listed}, not of `cgraph {command}`")
        give(name, text)
    for word in words.options.get("set", []):
        give(*read_pair("set", word, "NAME=VALUE"))
    for point in words.options.get("at", []):
        for word in split_list("at", point):
            give(*read_pair("at", word, "x=1,y=2"))
    if "values" in words.options:
        try:
            found = read_values_file(words.options["values"][0])
        except FileError:
            if "values" in names and "values" not in values:
                raise _clash(command, "values", program) from None
            raise
        for name, number in found.items():
            give(name, number)
    for name in words.options:
        if name in names and name not in values:
            raise _clash(command, name, program)
    if "help" in names and "help" not in values:
        raise UsageError("`help` has no value", span=names["help"].span, source=program.source, help=clash_help("help"))
    return Request(command, program, values, words.options)


def _clash(command: str, name: str, program: Program) -> UsageError:
    return UsageError(
        f"`--{name}` is an option of `cgraph {command}` and a variable of the expression",
        span=program.names()[name].span,
        source=program.source,
        help=clash_help(name),
    )


def expression_text(command: str, words: Words) -> str:
    """The text of the expression: a word, a file or standard input."""
    if "file" in words.options:
        if words.expressions:
            program = parse(words.expressions[0])
            if "file" in program.names():
                raise _clash(command, "file", program)
            raise UsageError("an expression and --file are given: one of them is enough")
        return read_file(words.options["file"][0])
    if len(words.expressions) > 1:
        raise _too_many(command, words)
    if not words.expressions:
        for name, value in words.pairs:
            near = suggestion(name, COMMANDS[command].options, "--")
            if near and value is not None:
                raise UsageError(f"there is no option `--{name}`", help=near)
        help = f'write one: cgraph {command} "(x+y)*z" --x -2 --y 5 --z -4'
        if any(value is None for _, value in words.pairs):
            help = f'an expression that begins with two dashes comes last, after --: cgraph {command} --x 3 -- "--x"'
        raise UsageError("no expression is given", help=help)
    (text,) = words.expressions
    if text == "-":
        if words.options.get("values") == ["-"]:
            raise UsageError("the expression and the values cannot both come from standard input")
        return read_file("-")
    return text


def _too_many(command: str, words: Words) -> UsageError:
    first, second = words.expressions[:2]
    message = f"two expressions are given: `{shortened(first)}` and `{shortened(second)}`"
    help = "quote the expression as one word; a value follows its name: --x 3"
    for word in words.expressions:
        dashed, name, value = word[:1] == "-", *word.lstrip("-").partition("=")[::2]
        if dashed and (name.isidentifier() or name in words.options):
            long = "help" if name in ("h", "help") else shortened(name)
            help = f"names of options and variables have two dashes: --{long}"
            break
        if name.isidentifier() and value and not value.startswith("="):
            help = f"a value is given with --{shortened(name)} {shortened(value)}"
            break
    flags = [name for name in words.options if COMMANDS[command].options[name].metavar is None]
    if flags and any(map(_is_number, words.expressions)):
        help += f"; {clash_help(flags[0])}"
    return UsageError(message, help=help)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


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


def read_values_file(path: str) -> dict[str, str | float]:
    """The names and values of a JSON object."""
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
    for name, value in found.items():
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise InvalidValueError(f"the value of `{shortened(name)}` in {shown} is not a number")
    return found


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(f"`{shortened(twice)}` is given a value twice")
    return found


def read_value(name: str, text: str | float) -> float:
    """A float in any spelling, or a constant expression such as pi/2.

    Raises InvalidValueError for anything else.
    """
    try:
        return float(text)
    except OverflowError:
        return float("inf") if text > 0 else float("-inf")  # type: ignore[operator]
    except ValueError:
        pass
    from cgraph_cli.engine.passes import forward
    from cgraph_cli.graph.build import build

    assert isinstance(text, str)
    shown = shortened(name)
    if not text.strip():
        raise InvalidValueError(f"the value of `{shown}` is empty")
    try:
        program = parse(text)
        unknown = [one for one in program.names() if one not in ("pi", "π", "e", "tau", "inf")]
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
