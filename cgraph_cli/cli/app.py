"""The Typer application: help, completion and usage errors.

Commands and options come from the table in commands.py; a command that Typer runs is answered by the same function as
one that the argv pass reads alone.
"""

from __future__ import annotations

import inspect
import os
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import typer

from cgraph_cli.cli.answer import answer
from cgraph_cli.cli.commands import COMMANDS, Command, Option
from cgraph_cli.cli.request import expression_text
from cgraph_cli.cli.words import read_words
from cgraph_cli.errors import WRONG_INPUT, CgraphError, UsageError, shortened, suggestion
from cgraph_cli.rules import CONSTANTS
from cgraph_cli.syntax.parser import parse

HELP = "Differentiate an expression at a point and see how: every node of its graph with all gradients."
OPTIONS = ("--help", "--version", "--install-completion", "--show-completion")


def run(words: list[str]) -> int:
    """Answer a command line through Typer; the exit code."""
    words = words or ["--help"]
    if words[0] not in COMMANDS and words[0] not in OPTIONS:
        raise _unknown(words[0])
    try:
        code = _application(words)(args=words, prog_name="cgraph", standalone_mode=False)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):
            raise stop.__context__ from None
        raise
    except Exception as error:
        if "_CGRAPH_COMPLETE" in os.environ:  # a shell that hands on half of what it should: nothing to complete
            return WRONG_INPUT
        if not hasattr(error, "format_message"):  # Typer's own; their class has no public name before typer 0.27.3
            raise
        message = error.format_message().rstrip(".")
        raise UsageError(message[:1].lower() + message[1:], help="cgraph --help") from None
    # Answered out here: inside, Typer turns a closed pipe into exit code 1.
    return answer(words[0], words[1:]) if code is None else int(code)


def _unknown(word: str) -> UsageError:
    if word.startswith("-"):
        return UsageError(f"there is no option `{shortened(word)}`", help=suggestion(word, OPTIONS) or "cgraph --help")
    help = suggestion(word, COMMANDS) or f"commands: {', '.join(COMMANDS)}; cgraph --help shows them"
    if not word.isidentifier():
        try:
            parse(word)
            help = f'an expression is evaluated with: cgraph eval "{shortened(word)}"'
        except CgraphError:
            pass
    return UsageError(f"there is no command `{shortened(word)}`", help=help)


def _application(words: Sequence[str]) -> typer.Typer:
    settings = {"help_option_names": ["--help"]}
    app = typer.Typer(name="cgraph", help=HELP, context_settings=settings, pretty_exceptions_enable=False)
    typed = _typed_words(words)
    for name, command in COMMANDS.items():
        variables = _variables(name, typed[1:]) if typed[:1] == [name] else []
        app.command(name, help=command.help, context_settings={"ignore_unknown_options": True})(
            _with_parameters(_parameters(command, variables))
        )
    version = typer.Option(False, "--version", help="Print the version.")  # answered before Typer is loaded
    app.callback()(_with_parameters([_parameter("version", version, bool)]))
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


def _with_parameters(parameters: Iterable[inspect.Parameter]) -> Callable[..., None]:
    def callback(**_: Any) -> None:
        pass  # Typer has had nothing to show: the command is answered in run

    callback.__signature__ = inspect.Signature(list(parameters))  # type: ignore[attr-defined]
    callback.__annotations__ = {}
    return callback


def _parameters(command: Command, variables: Iterable[str]) -> Iterator[inspect.Parameter]:
    if command.expression:
        about = 'The expression, such as "(x+y)*z"; - reads standard input.'
        yield _parameter("expression", typer.Argument(None, help=about), list[str] | None)
    for number, variable in enumerate(variables):
        default = f" (default: the constant {CONSTANTS[variable]:.6g})" if variable in CONSTANTS else ""
        about = f"Value of {variable}{default}."
        declared = typer.Option(None, f"--{variable}", help=about, metavar="NUMBER", rich_help_panel="Variables")
        yield _parameter(f"variable_{number}", declared, str | None)
    for name, option in command.options.items():
        if option.metavar is None:
            yield _parameter(name, typer.Option(False, f"--{name}", help=option.help), bool)
        else:
            yield _parameter(name, _declared(name, option), (list[str] | None) if option.many else (str | None))


def _parameter(name: str, default: Any, annotation: Any) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name.replace("-", "_"), kind, default=default, annotation=annotation)


def _declared(name: str, option: Option) -> Any:
    def complete(incomplete: str) -> list[str]:
        return [choice for choice in option.choices if choice.startswith(incomplete)]

    completion = complete if option.choices else None
    return typer.Option(None, f"--{name}", help=option.help, metavar=option.metavar, autocompletion=completion)
