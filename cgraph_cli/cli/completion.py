"""What a shell is told at a TAB, from the table of commands: Typer, whose scripts ask, takes longer to import than a
TAB may take.
"""

from __future__ import annotations

import os

from cgraph_cli.cli.commands import COMMANDS, GLOBAL, HELP, NAMES, Option
from cgraph_cli.cli.help import COMMANDS_ABOUT, value_of
from cgraph_cli.cli.output import write
from cgraph_cli.cli.request import names_of
from cgraph_cli.cli.words import DEFAULT, begins_with_expression
from cgraph_cli.errors import DONE, WRONG_INPUT
from cgraph_cli.light import Iterator, Sequence

SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")


def complete(shell: str) -> int:
    """Write what the last word on a shell's command line may become, in the shell's own form."""
    try:
        typed, last = _typed(shell)
    except (KeyError, ValueError):  # a shell that hands on half of what it should: nothing to complete
        return WRONG_INPUT
    found = [(word, about) for word, about in candidates(typed, last) if word.startswith(last.rpartition("=")[2])]
    if shell == "fish" and os.environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
        return DONE if found else 1
    if shell == "zsh":
        lines = [f'"{_quoted(word)}":"{_quoted(about)}"' if about else f'"{_quoted(word)}"' for word, about in found]
        text = "_arguments '*: :((" + "\n".join(lines) + "))'" if lines else "_files"
    elif shell == "fish":
        text = "\n".join(f"{word}\t{about}" if about else word for word, about in found)
    elif shell == "bash":
        text = "\n".join(word for word, _ in found)
    else:
        text = "\n".join(f"{word}:::{about or ' '}" for word, about in found)
    write([f"{text}\n"])
    return DONE


def candidates(typed: Sequence[str], last: str) -> Iterator[tuple[str, str]]:
    """The words that may stand after others, each with what it means; ``last`` is what is there of the word."""
    typed = list(typed)
    if typed and begins_with_expression(typed):
        typed = [DEFAULT, *typed]
    if not typed:
        general = {f"--{one}": option.help for one, option in GLOBAL.items()}
        yield from (general if last.startswith("-") else COMMANDS_ABOUT).items()
        return
    name, *given = typed
    if name == "help":
        yield from ((one, "") for one in COMMANDS)
    if name not in COMMANDS:
        return
    command = COMMANDS[name]
    variables = names_of(name, given)
    options: dict[str, Option] = {one: Option(value_of(one)[1], "NUMBER") for one in variables}
    options |= {**command.options, **HELP}
    before = last.partition("=")[0] if "=" in last else given[-1] if given else ""
    valued = options.get(before[2:]) if before.startswith("--") and "--" not in given else None
    if valued is not None and valued.metavar is not None:
        yield from ((one, "") for one in (variables if valued.metavar == NAMES else valued.choices))
    elif last.startswith("-") and "--" not in given:
        left = {f"--{one}": option for one, option in options.items() if option.many or f"--{one}" not in given}
        yield from ((one, option.help) for one, option in left.items())
    elif command.words:
        yield from ((one, "") for one in command.words.choices)


def _typed(shell: str) -> tuple[list[str], str]:
    """The words before the one that is completed, without the program's own, and what is there of that one."""
    if shell == "bash":
        words, place = _split(os.environ["COMP_WORDS"]), int(os.environ["COMP_CWORD"])
        if place < 0:
            raise ValueError(place)
        return words[1:place], words[place] if place < len(words) else ""
    text = os.environ["_TYPER_COMPLETE_ARGS"]
    words = _split(text)[1:]
    if shell in ("zsh", "fish"):
        ends = not words or text.endswith(" ")
        return (words, "") if ends else (words[:-1], words[-1])
    last = os.environ.get("_TYPER_COMPLETE_WORD_TO_COMPLETE", "")
    return (words[:-1] if last else words), last


def _split(text: str) -> list[str]:
    """The words of a command line; a quote may still be open."""
    from shlex import shlex

    reader = shlex(text, posix=True)
    reader.whitespace_split, reader.commenters = True, ""
    words: list[str] = []
    try:
        words.extend(reader)
    except ValueError:
        words.append(reader.token)
    return words


def _quoted(text: str) -> str:
    """A text within the double quotes of what zsh evaluates."""
    return text.replace('"', '""').replace("'", "''").replace("$", "\\$").replace("`", "\\`").replace(":", r"\\:")
