"""The man page, made from the help pages and so from the command table: ``python -m tests.manpage`` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cgraph_cli import __version__
from cgraph_cli.cli.commands import COMMANDS
from cgraph_cli.cli.help import Page, Section, command_page, main_page
from cgraph_cli.errors import ANSWER_IS_NO, DONE, INTERRUPTED, WRONG_INPUT

FILE = Path(__file__).resolve().parent.parent / "cgraph_cli" / "cli" / "cgraph.1"
STATUS = [
    (str(DONE), "Done."),
    (str(ANSWER_IS_NO), "The answer is no: what --strict refuses."),
    (str(WRONG_INPUT), "Wrong input: a message on standard error says what, where and what to do."),
    (str(INTERRUPTED), "Interrupted."),
]


def escaped(text: str) -> str:
    """A text as roff prints it letter by letter, so that what is copied from the page can be run."""
    for character, name in (
        ("\\", "\\e"),
        ("-", "\\-"),
        ("^", "\\(ha"),
        ("~", "\\(ti"),
        ("`", "\\(ga"),
        ("'", "\\(aq"),
        ("±", "\\(+-"),
    ):
        text = text.replace(character, name)
    return f"\\&{text}" if text.startswith(".") else text


def section(part: Section, level: str) -> Iterator[str]:
    """A part of a page: terms in bold, examples as they are typed."""
    yield f".{level} {escaped(part.title.upper() if level == 'SH' else part.title)}"
    for term, about in part.rows:
        yield from (".TP", f"\\fB{escaped(term)}\\fR", escaped(about))


def page() -> str:
    """The whole page."""
    main = main_page()
    parts = {part.title: part for part in main.sections}
    first, _, _ = main.about.partition(" and ")
    lines = [
        '.\\" Made by python -m tests.manpage from the table of commands.',
        f'.TH CGRAPH 1 "" "cgraph {__version__}" "User Commands"',
        ".nh",  # formulas and options are never hyphenated
        ".ad l",
        ".SH NAME",
        f"cgraph \\- {escaped(first[0].lower() + first[1:])}",
        ".SH SYNOPSIS",
        *(f"\\fB{escaped(usage)}\\fR\n.br" for usage, _ in parts["Usage"].rows),
        ".SH DESCRIPTION",
        escaped(main.about),
    ]
    for title in ("Examples", "Values", "Commands", "Options", "Limits"):
        lines += section(parts[title], "SH")
    for name in COMMANDS:
        lines += [f".SH CGRAPH {name.upper()}", *command(command_page(name))]
    lines += section(Section("Exit status", STATUS), "SH")
    return "\n".join(lines) + "\n"


def command(about: Page) -> Iterator[str]:
    """What the page says of a command: its help."""
    yield escaped(about.about)
    for part in about.sections:
        yield from section(part, "SS")


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(page(), encoding="utf-8")
