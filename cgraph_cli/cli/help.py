"""The help pages as plain data made from the command table, and as text; the man page is made of the same data."""

from __future__ import annotations

from itertools import islice

from cgraph_cli.cli.commands import COMMANDS, GLOBAL, HELP, Option
from cgraph_cli.light import TYPE_CHECKING, Iterable, Iterator, NamedTuple, re
from cgraph_cli.limits import TOLD
from cgraph_cli.rules import CONSTANTS

if TYPE_CHECKING:
    from rich.console import RenderableType

ABOUT = "Differentiate an expression at a point and see how: every node of its graph with all gradients."
VALUES = ("--NAME NUMBER", "For every name of the expression: --x 3, --x -2, --rate 1e-3, --angle pi/2.")
COMMANDS_ABOUT = {name: command.help for name, command in COMMANDS.items()} | {
    "help": "Show the help of a command or a function: cgraph help eval, cgraph help sigmoid.",
}
NARROWEST, WIDEST, PIPE = 40, 100, 80
GLUE = "\ue000"  # a space where Rich breaks no line


class Section(NamedTuple):
    """A part of a page: terms, each with what it means; ``stacked`` writes the meaning below its term."""

    title: str
    rows: list[tuple[str, str]]
    stacked: bool = False


class Page(NamedTuple):
    """A help page."""

    about: str
    sections: list[Section]


def main_page(*, short: bool = False) -> Page:
    """The page of ``cgraph`` itself; the short one leaves the options out."""
    examples = [next(iter(command.examples.items())) for command in islice(COMMANDS.values(), 3)]
    sections = [_examples(examples), Section("Values", [VALUES]), Section("Commands", list(COMMANDS_ABOUT.items()))]
    if short:
        sections.append(
            Section("More", [("cgraph --help", "All of it."), ("cgraph help eval", "A command's options.")])
        )
    else:
        usage = [
            (
                "cgraph COMMAND EXPRESSION [--NAME NUMBER]... [OPTION]...",
                "Each command has its help: cgraph help COMMAND.",
            ),
            ("cgraph EXPRESSION [--NAME NUMBER]... [OPTION]...", "The same as cgraph eval."),
        ]
        sections += [Section("Usage", usage, stacked=True), Section("Options", _options(GLOBAL))]
        sections.append(Section("Limits", list(TOLD.items())))
    return Page(ABOUT, sections)


def command_page(name: str, variables: Iterable[str] = ()) -> Page:
    """The page of a command; ``variables`` are the names of the expression that its help was asked for."""
    command = COMMANDS[name]
    sections = [_examples(command.examples.items())]
    if command.expression:
        sections.append(Section("Values", [value_of(variable) for variable in variables] or [VALUES]))
        usage = (
            f"cgraph {name} EXPRESSION [--NAME NUMBER]... [OPTION]...",
            'EXPRESSION is a formula such as "(x+y)*z"; - reads it from standard input.',
        )
        sections.append(Section("Usage", [usage], stacked=True))
    elif command.words:
        usage = (f"cgraph {name} {command.words.metavar} [OPTION]...", command.words.help)
        sections.append(Section("Usage", [usage], stacked=True))
    own = HELP if command.expression else {"help": Option("Show this help; -h is the same.")}
    sections.append(Section("Options", _options({**command.options, **own})))
    return Page(command.help, sections)


def _examples(examples: Iterable[tuple[str, str]]) -> Section:
    return Section("Examples", [(f"cgraph {line}", about) for line, about in examples], stacked=True)


def value_of(variable: str) -> tuple[str, str]:
    """The option of a variable, and what it is."""
    default = f" (default: the constant {CONSTANTS[variable]:.6g})" if variable in CONSTANTS else ""
    return f"--{variable} NUMBER", f"Value of {variable}{default}."


def _options(options: dict[str, Option]) -> list[tuple[str, str]]:
    return [(f"--{name} {option.metavar or ''}".rstrip(), option.help) for name, option in options.items()]


def text_of(page: Page, width: int | None, *, color: bool) -> str:
    """A page as text that fits a terminal, in a pipe with lines that are read with ease."""
    from rich.console import Group

    from cgraph_cli.render.table.sheet import drawn

    width = min(max(width or PIPE, NARROWEST), WIDEST)
    return drawn(Group(*_lines(page, width)), width, color=color).replace(GLUE, " ")


def _glued(text: str) -> str:
    """A text in which no option is parted from its value."""
    return re.sub(r"(?<!\S)(\[?--[\w-]+) (?=[^\s-]|-[\d.])", rf"\1{GLUE}", text)


def _lines(page: Page, width: int) -> Iterator[RenderableType]:
    from rich.cells import cell_len
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from cgraph_cli.render.paint import STYLES

    yield Text(page.about)
    for section in page.sections:
        yield Text(f"\n{section.title}:", STYLES["head"])
        lengths = [cell_len(term) for term, _ in section.rows]
        column = 2 + max((length for length in lengths if length <= width // 3), default=0)
        for (term, about), length in zip(section.rows, lengths, strict=True):
            if section.stacked or length > width // 3:
                yield Padding(Text(_glued(term), STYLES["term"]), (0, 0, 0, 2))
                yield Padding(Text(_glued(about)), (0, 0, 0, 6 if section.stacked else column + 2))
            else:
                row = Table(box=None, show_header=False, padding=0, pad_edge=False)
                row.add_column(width=column + 2)
                row.add_column()
                row.add_row(Text(_glued(f"  {term}"), STYLES["term"]), Text(_glued(about)))
                yield row
