"""The Typer application: help, completion and usage errors.

Commands and options come from the table in commands.py; a command that Typer runs is answered by the same function as
one that the argv pass reads alone.
"""

from __future__ import annotations

import inspect
import os
import shlex
from collections.abc import Callable, Sequence
from typing import Any

import typer

from cgraph_cli.cli.answer import answer
from cgraph_cli.cli.commands import COMMANDS, Command, Option
from cgraph_cli.cli.request import expression_text
from cgraph_cli.cli.words import read_words
from cgraph_cli.errors import CgraphError, UsageError, shortened, suggestion
from cgraph_cli.rules import CONSTANTS
from cgraph_cli.syntax.parser import parse

HELP = "Differentiate an expression at a point and see how: every node of its graph with all gradients."
Chosen = list[Callable[[], int]]


def run(words: list[str]) -> int:
    """Answer a command line through Typer; the exit code."""
    words = words or ["--help"]
    if not words[0].startswith("-") and words[0] not in COMMANDS:
        raise UsageError(f"there is no command `{shortened(words[0])}`", help=_command_help(words[0]))
    chosen: Chosen = []
    app = _application(words, chosen)
    try:
        code = app(args=words, prog_name="cgraph", standalone_mode=False)
    except typer.Exit as stop:
        return int(stop.exit_code)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except Exception as error:
        if not hasattr(error, "format_message"):  # Typer's own; their class has no public name before typer 0.27.3
            raise
        raise _usage_error(error) from None
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):
            raise stop.__context__ from None
        raise
    # Answered out here: inside, Typer turns a closed pipe into exit code 1.
    return chosen[0]() if chosen else int(code or 0)


def _usage_error(error: Any) -> UsageError:
    option = getattr(error, "option_name", None)
    if option is not None:
        possible = getattr(error, "possibilities", None) or ()
        return UsageError(f"there is no option `{option}`", help=suggestion(option, possible))
    message = str(error.format_message()).rstrip(".")
    return UsageError(message[:1].lower() + message[1:], help="cgraph --help")


def _command_help(word: str) -> str:
    near = suggestion(word, COMMANDS)
    if near is None and not word.isidentifier():
        try:
            parse(word)
        except CgraphError:
            pass
        else:
            return f'an expression is evaluated with: cgraph eval "{shortened(word)}"'
    return near or f"commands: {', '.join(COMMANDS)}"


def _application(words: Sequence[str], chosen: Chosen) -> typer.Typer:
    app = typer.Typer(
        name="cgraph",
        help=HELP,
        context_settings={"help_option_names": ["--help"]},
        pretty_exceptions_enable=False,
    )
    typed = _typed_words(words)
    for name, command in COMMANDS.items():
        variables = _variables(name, typed[1:]) if typed and typed[0] == name else []
        app.command(name, help=command.help, context_settings={"ignore_unknown_options": True})(
            _callback(name, command, variables, words, chosen)
        )

    @app.callback()
    def options(version: bool = typer.Option(False, "--version", help="Print the version.", is_eager=True)) -> None:
        if version:
            from cgraph_cli import __version__

            typer.echo(f"cgraph {__version__}")
            raise typer.Exit

    return app


def _typed_words(words: Sequence[str]) -> list[str]:
    """The words to find an expression in: the command line, or what a shell is completing."""
    completing = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS")
    if not completing:
        return list(words)
    try:
        return shlex.split(completing)[1:]
    except ValueError:  # a quote is still open
        return completing.split()[1:]


def _variables(command: str, argv: Sequence[str]) -> list[str]:
    """The names of the expression on the command line, none if it cannot be read."""
    try:
        argv = [word for word in argv if word != "--help"]
        program = parse(expression_text(command, read_words(command, argv)))
    except CgraphError:
        return []
    options = COMMANDS[command].options
    return [name for name in program.names() if name not in options and name != "help"]


def _callback(
    name: str, command: Command, variables: Sequence[str], words: Sequence[str], chosen: Chosen
) -> Callable[..., None]:
    def callback(**_: Any) -> None:
        chosen.append(lambda: answer(name, words[1:]))

    parameters = []
    if command.expression:
        about = 'The expression, such as "(x+y)*z"; - reads standard input.'
        parameters.append(_parameter("expression", typer.Argument(None, help=about), list[str] | None))
    for number, variable in enumerate(variables):
        default = f" (default: the constant {CONSTANTS[variable]:.6g})" if variable in CONSTANTS else ""
        about = f"Value of {variable}{default}."
        option = typer.Option(None, f"--{variable}", help=about, metavar="NUMBER", rich_help_panel="Variables")
        parameters.append(_parameter(f"variable_{number}", option, str | None))
    for option_name, option in command.options.items():
        parameters.append(_declared(option_name, option))
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    callback.__annotations__ = {}
    return callback


def _parameter(name: str, default: Any, annotation: Any) -> inspect.Parameter:
    return inspect.Parameter(
        name.replace("-", "_"), inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )


def _declared(name: str, option: Option) -> inspect.Parameter:
    if option.metavar is None:
        return _parameter(name, typer.Option(False, f"--{name}", help=option.help), bool)

    def complete(incomplete: str) -> list[str]:
        return [choice for choice in option.choices if choice.startswith(incomplete)]

    completion = complete if option.choices else None
    declared = typer.Option(None, f"--{name}", help=option.help, metavar=option.metavar, autocompletion=completion)
    return _parameter(name, declared, (list[str] | None) if option.many else (str | None))
