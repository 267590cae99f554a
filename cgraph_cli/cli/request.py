"""Command-line words to one Request.

The expression decides what is an option: its free names become ``--NAME VALUE``. So the words are first sorted into
options of the command, other ``--NAME VALUE`` pairs and the expression; then the pairs are held against its names.
"""

from __future__ import annotations

import os

from cgraph_cli.cli.commands import COMMANDS, HELP, INSTEAD, OPTIONS_ELSEWHERE
from cgraph_cli.cli.words import DEFAULT, Words, clash_help, is_number, option_meant, read_pair, read_words, split_list
from cgraph_cli.errors import MOST_COMPARED, CgraphError, FileError, UsageError, enumerated, shortened, suggestion
from cgraph_cli.light import Iterator, NamedTuple, Sequence
from cgraph_cli.limits import FINEST, MAX_NODES
from cgraph_cli.render import FINE, has_place
from cgraph_cli.render.numbers import MOST_DIGITS
from cgraph_cli.rules import CONSTANTS
from cgraph_cli.syntax.expression import Program, normal_name
from cgraph_cli.syntax.parser import parse

SHORT = {"h": "help", "o": "output"}  # options that other tools have by a letter
MOST_NODES = 1_000_000_000  # that --max-nodes may allow


class Request(NamedTuple):
    """What the user asked for, however the command line was read.

    ``ignored`` are the names in the file of --values that the expression does not have, ``words`` are what a command
    without an expression takes.
    """

    command: str
    program: Program
    values: dict[str, float]
    options: dict[str, list[str]]
    ignored: list[str]
    words: Sequence[str] = ()

    def flag(self, name: str) -> bool:
        """Whether a flag was given."""
        return name in self.options

    @property
    def wants_json(self) -> bool:
        """Whether JSON was asked for in words: then errors and notes are JSON too."""
        return self.flag("json") or self.one("format") == "json"

    def one(self, name: str) -> str | None:
        """The value of an option, None if it was not given."""
        return self.options[name][-1] if name in self.options else None

    def whole(self, name: str, most: int) -> int | None:
        """The value of an option that takes a whole number from 1 to ``most``, None if it was not given."""
        text = self.one(name)
        if text is None:
            return None
        digits = text.lstrip("0")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(most)) and int(digits) <= most):
            raise UsageError(f"--{name} takes a whole number from 1 to {most}, not `{shortened(text)}`")
        return int(digits)

    @property
    def digits(self) -> int | None:
        """The significant digits of every number, None for what a format shows by default.

        More than doubles have only what a format of the command shows.
        """
        if has_place(COMMANDS[self.command].shows, FINE):
            return self.whole("digits", FINEST)
        try:
            return self.whole("digits", MOST_DIGITS)
        except UsageError as error:
            others = [name for name, one in COMMANDS.items() if "digits" in one.options and has_place(one.shows, FINE)]
            error.help = f"up to {FINEST} are those of {enumerated([f'cgraph {name}' for name in others])}"
            raise

    @property
    def is_fine(self) -> bool:
        """Whether that is more than doubles have."""
        return (self.digits or 0) > MOST_DIGITS

    def note(self, text: str) -> None:
        """A note on standard error, where JSON was asked for as JSON."""
        from cgraph_cli.cli.output import print_note

        print_note("note", text, as_json=self.wants_json)

    def refuse(self, options: str, why: str, help: str | None = None) -> None:
        """Raise UsageError for the first of some options that was given."""
        for option in options.split():
            if self.flag(option):
                raise UsageError(f"--{option} {why}", help=help)

    def value(self, name: str, text: str) -> float:
        """A value in any spelling."""
        from cgraph_cli.cli.values import read_typed, read_value

        return read_typed(name, text) if self.is_fine else read_value(name, text)

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


def read(command: str, argv: Sequence[str]) -> Request:
    """The request that the words after the command's name make.

    Raises CgraphError for everything that a user can get wrong on the command line.
    """
    words = read_words(command, argv)
    _check_standard_input(words)
    request = Request(command, Program("", []), {}, words.options, [], words.expressions)
    if not COMMANDS[command].expression:
        for name, _ in words.pairs:
            help = option_meant(command, name) or f"cgraph help {command} lists the options"
            raise UsageError(f"there is no option `--{shortened(name)}`", help=help)
        for word in [] if COMMANDS[command].words else words.expressions:
            help = f"cgraph help {command}"
            raise UsageError(f"`cgraph {command}` takes options only, not `{shortened(word)}`", help=help)
        return request
    max_nodes = request.whole("max-nodes", MOST_NODES) or MAX_NODES
    if not words.expressions and "file" not in words.options and not words.options.keys().isdisjoint(INSTEAD):
        program = Program("", [], max_nodes)
    else:
        program = _parsed(expression_text(command, words), max_nodes)
    if request.is_fine:
        from cgraph_cli.syntax.typed import as_typed

        program = as_typed(program)
    names = program.names()
    values, uncertain, ignored = _values(command, words, program, fine=request.is_fine)
    for name in (*words.options, "help"):
        if name in names and name not in values:
            raise _clash(command, name, program)
    for name, spread in uncertain.items():
        if "sigma" not in COMMANDS[command].options:
            help = "cgraph eval says how uncertain the result is"
            raise UsageError(f"`cgraph {command}` has no use for the uncertainty of `{shortened(name)}`", help=help)
        words.options.setdefault("sigma", []).append(f"{name}={spread!r}")
    return request._replace(program=program, values=values, ignored=ignored, words=())


def _check_standard_input(words: Words) -> None:
    """Raise UsageError where two things are to be read from standard input."""
    readers = ["expression"] if "-" in (*words.expressions, *words.options.get("file", ())) else []
    readers += [option for option in ("claims", "answers", "values") if "-" in words.options.get(option, ())]
    if len(readers) > 1:
        raise UsageError(f"the {readers[0]} and the {readers[1]} cannot both come from standard input")


def _values(
    command: str, words: Words, program: Program, *, fine: bool
) -> tuple[dict[str, float], dict[str, float], list[str]]:
    """The values of names, their uncertainties, and the names in a file of values that the expression lacks.

    What is to be ``fine`` is kept as it was typed.
    """
    values: dict[str, float] = {}
    uncertain: dict[str, float] = {}
    if not words.pairs and words.options.keys().isdisjoint(("at", "set", "values")):
        return values, uncertain, []
    from cgraph_cli.cli.values import read_file, read_object, read_uncertain

    def take(name: str, value: object) -> None:
        values[name], spread = read_uncertain(name, value, fine=fine)
        if spread is not None:
            uncertain[name] = spread

    names = program.names()
    for name, text in given_values(command, words, program):
        name = normal_name(name)
        if name in values:
            raise UsageError(f"`{shortened(name)}` is given a value twice")
        take(name, text)
    ignored = []
    if "values" in words.options:
        try:
            path = words.options["values"][0]
            found = read_object(read_file(path), path, 'values are an object: {"x": -2, "y": 5}')
        except FileError:
            if "values" in names and "values" not in values:
                raise _clash(command, "values", program) from None
            raise
        ignored = [name for name in found if name not in names]
        for name, one in found.items():
            if name in names and name not in values:
                take(name, one)
    return values, uncertain, ignored


def _parsed(text: str, max_nodes: int) -> Program:
    try:
        return parse(text, max_nodes)
    except CgraphError as error:
        if len(text) < MOST_COMPARED and os.path.isfile(text):
            error.help = f"an expression is read from that file with --file {text}"
        raise


def given_values(command: str, words: Words, program: Program) -> Iterator[tuple[str, str]]:
    """The names and values on the command line itself: ``--NAME VALUE``, ``--set`` and ``--at``."""
    names = program.names()
    for name, text in words.pairs:
        if normal_name(name) not in names:
            if name in HELP:
                raise UsageError(f"--{name} takes no value", help=clash_help(name))
            near = option_meant(command, name)
            missing = [one for one in names if not any(one == pair for pair, _ in words.pairs)]
            elsewhere = [other for other, known in COMMANDS.items() if name in known.options and known.expression]
            told = OPTIONS_ELSEWHERE.get(name)
            if elsewhere and near == told:
                commands = enumerated([f"`cgraph {other}`" for other in elsewhere])
                help = told or f"cgraph help {command} lists its options"
                raise UsageError(f"`--{name}` is an option of {commands}, not of `cgraph {command}`", help=help)
            meant = near is not None and suggestion(name, missing) is None
            if text is None or meant or not _is_value(text):
                help = near or f"cgraph help {command} lists the options"
                raise UsageError(f"there is no option or variable `--{shortened(name)}`", help=help)
        if text is None:
            raise UsageError(f"--{shortened(name)} needs a value: --{shortened(name)} VALUE")
        yield name, text
    for option, form in (("set", "NAME=VALUE"), ("at", "x=1,y=2")):
        for point in words.options.get(option, []):
            yield from (read_pair(option, word, form) for word in split_list(option, point))


def _is_value(text: str) -> bool:
    """Whether a text can be read as a value."""
    from cgraph_cli.cli.values import read_value

    try:
        read_value("it", text)
    except CgraphError:
        return False
    return True


def _clash(command: str, name: str, program: Program) -> UsageError:
    return UsageError(
        f"`--{name}` is an option of `cgraph {command}` and a variable of the expression",
        span=program.place(name),
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
        from cgraph_cli.cli.values import read_file

        return read_file(words.options["file"][0])
    if len(words.expressions) > 1:
        raise _too_many(command, words)
    if not words.expressions:
        raise _none(command, words)
    (text,) = words.expressions
    if text != "-":
        return text
    from cgraph_cli.cli.values import read_file

    return read_file("-")


def _none(command: str, words: Words) -> UsageError:
    help = f'write one: cgraph {command} "(x+y)*z" --x -2 --y 5 --z -4, or - to read it from standard input'
    for name, value in words.pairs:
        near = option_meant(command, name)
        if near:
            return UsageError(f"there is no option `--{name}`", help=near)
        if value is None:
            help = f'an expression that begins with two dashes comes last, after --: cgraph {command} --x 3 -- "--x"'
    return UsageError("no expression is given", help=help)


def _too_many(command: str, words: Words) -> UsageError:
    first, second = words.expressions[:2]
    message = f"two expressions are given: `{shortened(first)}` and `{shortened(second)}`"
    for word in words.expressions:
        name, _, value = word.lstrip("-").partition("=")
        if word.startswith("--") and name.isidentifier():
            text = shortened(first)
            help = f'all that stands after -- is the expression: cgraph {command} {shortened(word)} ... -- "{text}"'
            return UsageError(message, help=help)
        if word.startswith("-") and (name.isidentifier() or name in words.options):
            long = SHORT.get(name, shortened(name))
            help = f"names of options and variables have two dashes: --{long}"
            if long not in (*words.options, *HELP, *COMMANDS[command].options) and name not in first:
                help = f"cgraph help {command} lists the options, whose names have two dashes"
            return UsageError(message, help=help)
        if name.isidentifier() and looks_like_value(value):
            return UsageError(message, help=f"a value is given with --{shortened(name)} {shortened(value)}")
    if second.isidentifier() and command != DEFAULT and "wrt" in COMMANDS[command].options:
        return UsageError(message, help=f"a name to differentiate by stands behind --wrt: --wrt {shortened(second)}")
    help = "quote the expression as one word; a value follows its name: --x 3"
    flags = [name for name in words.options if COMMANDS[command].options[name].metavar is None]
    if flags and any(map(is_number, words.expressions)):
        help += f"; {clash_help(flags[0])}"
    return UsageError(message, help=help)


def looks_like_value(text: str) -> bool:
    """Whether a text looks like the value of a variable, and not like an expression."""
    return is_number(text) or text in CONSTANTS or text.startswith(("pi/", "pi*"))


def names_of(command: str, argv: Sequence[str]) -> list[str]:
    """The variables of the expression on a command line, none if it cannot be read."""
    argv = [word for word in argv if word != "--help"]
    # The last word may be an option whose value a shell is completing.
    for read in (argv, argv[:-1]) if argv and argv[-1].startswith("--") else (argv,):
        try:
            words = read_words(command, read)
            if "-" in (*words.expressions, *words.options.get("file", ())):  # help does not wait for standard input
                break
            program = parse(expression_text(command, words))
        except CgraphError:
            continue
        return [name for name in program.names() if name not in COMMANDS[command].options and name != "help"]
    return []
