"""The argv pass: the words after a command's name, sorted into options, other ``--NAME VALUE`` pairs, expressions."""

from __future__ import annotations

from cgraph_cli.cli.commands import COMMANDS, GLOBAL, HELP, OPTIONS_ELSEWHERE
from cgraph_cli.errors import CgraphError, UsageError, shortened, suggestion
from cgraph_cli.export import LANGUAGES
from cgraph_cli.light import NamedTuple, Sequence, re
from cgraph_cli.render import formats, formats_of_ending
from cgraph_cli.rules import CALLABLE, CONSTANTS, canonical_name
from cgraph_cli.syntax.expression import normal_name

SECOND = re.compile("(?<![=<>!])=(?!=)")  # sign of a value, where no comparison is
NEAR = 0.8  # how like a choice a word is that may have been meant for it: svg is no csv
DEFAULT = "eval"  # what is done with an expression in the place of a command


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
    help = "commas separate several" if SECOND.search(value) else None
    if not name or not value or help:
        raise UsageError(f"--{option} takes {form}, not `{shortened(word)}`", help=help)
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
        if option.choices:
            parts = split_list(name, value) if option.many else [value]
            value = ",".join(_choice(name, option.choices, part) for part in parts)
        words.options.setdefault(name, []).append(value if option.metavar == "FILE" else normal_name(value))
    return words


def _choice(name: str, choices: Sequence[str], value: str) -> str:
    """The choice that a word names; a format has the name of its files' ending too, as js, and a table is text."""
    if value in choices:
        return value
    if value in ("text", "txt") and choices[0] in ("table", "text"):
        return choices[0]
    for meant in formats_of_ending(f"a.{value}"):
        if meant in choices:
            return meant
    help = f"it takes one of: {', '.join(choices)}"
    if near := suggestion(value, choices, cutoff=NEAR):
        help = f"{near} {help[0].upper()}{help[1:]}"
    if value in LANGUAGES:
        help += f'; code is made with: cgraph export "..." --to {value}'
    if is_number(value):
        help += f"; {clash_help(name)}"
    raise UsageError(f"--{name} does not know `{shortened(value)}`", help=help)


def option_meant(command: str, name: str) -> str | None:
    """What to write instead of an option that a command lacks: what it has another name for, or the nearest one."""
    told = OPTIONS_ELSEWHERE.get(name)
    if name in formats(COMMANDS[command].shows):
        told = f"--format {name}"
    if f"no-{name}" in COMMANDS[command].options:
        told = f"that is done unless there is --no-{name}"
    # One letter is a variable's name.
    known = {**COMMANDS[command].options, **HELP}
    return told or (suggestion(name, known, "--") if len(name) > 1 else None)


def with_command(words: list[str]) -> list[str]:
    """A command line with its command first: ``help`` and ``-h`` are --help, an expression alone is evaluated."""
    if words[:1] in (["help"], ["--help"]):
        asked = [word for word in words if word not in ("help", "--help", "-h")]
        if len(asked) == 1 and canonical_name(asked[0].lower()) in CALLABLE:
            return ["functions", *asked]
        words = [*asked, "--help"]
    elif _asks_for_help(words):
        words = [*(word for word in words if word != "-h"), "--help"]
    return [DEFAULT, *words] if words and begins_with_expression(words) else words


def before_dashes(words: list[str]) -> list[str]:
    """The words that may be options: those before ``--``."""
    return words[: words.index("--")] if "--" in words else words


def _asks_for_help(words: list[str]) -> bool:
    """Whether ``-h`` is not the expression -(h)."""
    words = before_dashes(words)
    if "-h" not in words or any(word.split("=")[0] == "--h" for word in words):
        return False
    try:
        return (
            words[-1] == "-h"
            or len(read_words(DEFAULT, [word for word in words if word not in COMMANDS]).expressions) > 1
        )
    except CgraphError:
        return True


def begins_with_expression(words: list[str]) -> bool:
    """Whether an expression stands in the place of a command."""
    if words[0].split(" ")[0] in COMMANDS or words[0] in [f"--{name}" for name in GLOBAL]:
        return False
    try:
        found = read_words(DEFAULT, words)
    except CgraphError:
        return not words[0].startswith("-") and not words[0].isidentifier()
    if not found.expressions:
        return "file" in found.options
    name = found.expressions[0].lstrip("-")
    given = (*CONSTANTS, *(pair for pair, _ in found.pairs))
    return not name.isidentifier() or name in given or not found.options.keys().isdisjoint(("set", "values"))


def clash_help(name: str) -> str:
    """What to do about a variable that has the name of an option."""
    return f"a variable of that name gets its value with --set {name}=VALUE"


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
