"""The Typer application: help and usage errors, and the scripts with which a shell asks for completions.

Commands and options come from the table in commands.py; a command that Typer runs is answered by the same function as
one that the argv pass reads alone.
"""

from __future__ import annotations

import functools
import inspect
import os
import sys

import typer

from cgraph_cli.cli.answer import answer
from cgraph_cli.cli.commands import COMMANDS, COMMANDS_ELSEWHERE, GLOBAL, HELP, Command, Option
from cgraph_cli.cli.help import COMMANDS_ABOUT, Page, command_page, main_page, text_of, value_of
from cgraph_cli.cli.output import view_of, write
from cgraph_cli.cli.request import names_of
from cgraph_cli.cli.words import NEAR
from cgraph_cli.errors import DONE, WRONG_INPUT, UsageError, shortened, suggestion
from cgraph_cli.light import Any, Callable, Iterable, Iterator, Sequence

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
    # Answered out here: inside, Typer turns a closed pipe into exit code 1.
    if isinstance(answered, Page):
        return _show(answered)
    return answer(words[0], words[1:]) if answered is None else int(answered)


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
    app = typer.Typer(name="cgraph", pretty_exceptions_enable=False)
    for name, command in COMMANDS.items():
        variables = names_of(name, words[1:]) if words[:1] == [name] else []
        page = functools.partial(command_page, name, variables)
        callback = _with_parameters(_parameters(command, variables), page)
        settings = {"ignore_unknown_options": True}
        app.command(name, help=command.help, context_settings=settings, add_help_option=False)(callback)
    about = _parameter("about", typer.Argument(None), list[str] | None)
    app.command("help", help=COMMANDS_ABOUT["help"])(_with_parameters([about], main_page))  # for completion only
    own = (_declared(name, GLOBAL[name]) for name in ("help", "version"))
    app.callback(invoke_without_command=True)(_with_parameters(own, main_page))
    return app


def _with_parameters(parameters: Iterable[inspect.Parameter], page: Callable[[], Page]) -> Callable[..., Page | None]:
    def callback(*, help: bool = False, **_: Any) -> Page | None:
        return page() if help else None  # without: the command is answered in run

    callback.__signature__ = inspect.Signature(list(parameters))  # type: ignore[attr-defined]
    callback.__annotations__ = {}
    return callback


def _parameters(command: Command, variables: Sequence[str]) -> Iterator[inspect.Parameter]:
    yield _parameter("words", typer.Argument(None), list[str] | None)
    for number, variable in enumerate(variables):
        declared = typer.Option(None, f"--{variable}", help=value_of(variable)[1], metavar="NUMBER")
        yield _parameter(f"variable_{number}", declared, str | None)
    for name, option in {**command.options, **HELP}.items():
        yield _declared(name, option)


def _parameter(name: str, default: Any, annotation: Any) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name.replace("-", "_"), kind, default=default, annotation=annotation)


def _declared(name: str, option: Option) -> inspect.Parameter:
    if option.metavar is None:
        return _parameter(name, typer.Option(False, f"--{name}", help=option.help), bool)
    declared = typer.Option(None, f"--{name}", help=option.help, metavar=option.metavar)
    return _parameter(name, declared, (list[str] | None) if option.many else (str | None))
