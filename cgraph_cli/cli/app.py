"""The Typer application: help and usage errors, and the scripts with which a shell asks for completions.

Commands and options come from the table in commands.py; a command is answered without Typer, by the argv pass.
"""

from __future__ import annotations

import os
import sys

import typer

from cgraph_cli.cli.commands import COMMANDS, COMMANDS_ELSEWHERE, GLOBAL
from cgraph_cli.cli.help import Page, command_page, main_page, text_of
from cgraph_cli.cli.output import view_of, write
from cgraph_cli.cli.request import names_of
from cgraph_cli.cli.words import NEAR
from cgraph_cli.errors import DONE, WRONG_INPUT, UsageError, shortened, suggestion
from cgraph_cli.light import Callable, Sequence

GLOBAL_OPTIONS = tuple(f"--{name}" for name in GLOBAL)


def run(words: list[str]) -> int:
    """Answer a command line through Typer; the exit code."""
    completing = bool(os.environ.get("_CGRAPH_COMPLETE"))
    if not words and not completing:
        return _show(main_page(short=True))
    if words and words[0] not in COMMANDS and words[0] not in GLOBAL_OPTIONS:
        raise _unknown(words)
    try:
        answered = _application(words)(args=words, prog_name="cgraph", standalone_mode=False)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):
            raise stop.__context__ from None
        return WRONG_INPUT if stop.code else DONE
    except Exception as error:
        if completing:  # a shell that hands on half of what it should: nothing to complete
            return WRONG_INPUT
        if not hasattr(error, "format_message"):  # Typer's own; their class has no public name before typer 0.27.3
            raise
        message = error.format_message().rstrip(".")
        raise UsageError(message[:1].lower() + message[1:], help="cgraph --help") from None
    # Shown out here: inside, Typer turns a closed pipe into exit code 1.
    return _show(answered) if isinstance(answered, Page) else int(answered or DONE)


def _show(page: Page) -> int:
    view = view_of(sys.stdout)
    write([text_of(page, view.width, color=view.color)])
    return DONE


def _unknown(words: Sequence[str]) -> UsageError:
    word = words[0]
    if word.startswith("-"):
        help = suggestion(word, GLOBAL_OPTIONS, cutoff=NEAR) or "cgraph --help"
        for command in words:
            if command in COMMANDS:
                help = f"the command comes first: cgraph {command} {shortened(word)} ..."
        return UsageError(f"there is no option `{shortened(word)}`", help=help)
    command, _, expression = word.partition(" ")
    if command in COMMANDS:
        help = f'the expression alone is quoted: cgraph {command} "{shortened(expression)}"'
        return UsageError(f"there is no command `{shortened(word)}`", help=help)
    help = (
        COMMANDS_ELSEWHERE.get(word)
        or suggestion(word, COMMANDS)
        or suggestion(f"--{word}", GLOBAL_OPTIONS, cutoff=NEAR)
        or f"commands: {', '.join(COMMANDS)}; cgraph --help shows them"
    )
    return UsageError(f"there is no command `{shortened(word)}`", help=help)


def _application(words: Sequence[str]) -> typer.Typer:
    """The commands with their help; what options a command has the argv pass alone knows."""
    app = typer.Typer(name="cgraph", pretty_exceptions_enable=False)
    app.callback(invoke_without_command=True)(_main)
    settings = {"ignore_unknown_options": True, "allow_extra_args": True}
    for name in COMMANDS:
        app.command(name, context_settings=settings, add_help_option=False)(_page_of(name, words[1:]))
    return app


def _main(*, help: bool = typer.Option(False, "--help"), version: bool = False) -> Page | None:
    return main_page() if help else None


def _page_of(name: str, rest: Sequence[str]) -> Callable[[], Page]:
    return lambda: command_page(name, names_of(name, rest))
