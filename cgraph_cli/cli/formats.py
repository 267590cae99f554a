"""Which format a result is shown in: what options and the ending of --output say, and what a format can show."""

from __future__ import annotations

import os
import sys

from cgraph_cli.cli.commands import COMMANDS
from cgraph_cli.cli.request import Request
from cgraph_cli.errors import UsageError, shortened
from cgraph_cli.export import LANGUAGES
from cgraph_cli.render import FINE, ending_of, endings, formats, formats_of_ending, showing

BYTES = ("png", "pdf")
MARKUP = ("svg", "html", "markdown")
TEX = ("latex", "tikz")
OTHER = {"blank:upstream": "blank:downstream", "blank:downstream": "blank:upstream"}  # of which a picture has one
CALLED = {"values": "numbers at a point are", "sigma": "uncertainties (--sigma, 3±0.1) are"}  # in messages
NUMBERS = "numbers"  # what --only makes of every kind of result


def output_file(request: Request) -> str | None:
    """Where --output goes: None is standard output. Raises UsageError for a file that is read too."""
    path = request.one("output")
    if path is None or path == "-":
        return None
    if os.path.isfile(path):
        from cgraph_cli.cli.files import leads_to

        for option in ("file", "values", "claims", "answers"):
            read_too = request.one(option)
            if read_too and os.path.isfile(read_too) and os.path.samefile(path, read_too):
                raise UsageError(f"`{shortened(path)}` is read by --{option}: it would be overwritten")
        if leads_to(path, sys.stdin):
            raise UsageError(f"`{shortened(path)}` is standard input: it would be overwritten")
    return path


def chosen_format(request: Request) -> str:
    """The format that the options and the ending of --output ask for.

    Raises UsageError where they contradict each other, for an ending that no format of the command has, and for what
    the format cannot show.
    """
    kind, path = COMMANDS[request.command].shows, output_file(request)
    if request.flag("only"):
        return _bare(request, path)
    option, chosen = _named(request, path)
    if path is not None:
        chosen = _for_file(kind, path, option, chosen)
    language = request.one("to") or chosen
    if kind == "code" and language not in LANGUAGES:
        raise UsageError("no language is named", help=f"--to takes one of: {', '.join(LANGUAGES)}")
    chosen = chosen or formats(kind)[0]
    blanks = [f"blank:{part}" for part in request.listed("blank")]
    if {*blanks} >= {*OTHER}:  # which some formats show as one number
        blanks = [one for one in blanks if one not in OTHER or chosen in showing(kind, one)]
    fine = [FINE] if request.is_fine else []
    for option in (*request.options, *(["values"] if request.values else []), *blanks, *fine):
        able = showing(kind, option)
        for one in (chosen, language or chosen):
            if one not in able:
                name = f"--digits {request.digits}" if option == FINE else f"--{option.replace(':', ' ')}"
                what = CALLED.get(option, f"{name} is")
                help = f"{what} shown by --format {', '.join(able)}"
                other = OTHER.get(option)
                if other is not None and one in showing(kind, other):
                    help += f"; the gradients of {one} are --{other.replace(':', ' ')}"
                raise UsageError(f"{what} not shown by --format {one}", help=help)
    return chosen


def _bare(request: Request, path: str | None) -> str:
    """The format of --only, with which no other goes."""
    kind = COMMANDS[request.command].shows
    for option in request.options:
        numbers = option in ("values", "digits", "wrt", "sigma", "correlation", "elasticity")
        if option in ("format", "json") or (not numbers and len(showing(kind, option)) < len(formats(kind))):
            raise UsageError(f"--only prints bare numbers: --{option} has no place there")
    if path is not None and formats_of_ending(path):
        raise UsageError(f"--only prints bare numbers, not what belongs in {shortened(path)}", help="end it with .txt")
    return NUMBERS


def _named(request: Request, path: str | None) -> tuple[str, str | None]:
    """The format of --format and of the options that are short for it, after the option as it was typed.

    What --to names is a format too, unless the code is to stand in a document.
    """
    in_document = "markdown" in (request.one("format"), *formats_of_ending(path or ""))
    short = ["format"] if in_document else ["format", "to"]
    named = {f"--{option} {name}": name for option in short if (name := request.one(option))}
    if request.flag("json"):
        named = {"--json": "json"} | named
    if len(set(named.values())) > 1:
        raise UsageError(f"{' and '.join(named)} contradict each other")
    return next(((option, name) for option, name in named.items()), ("", None))


def _for_file(kind: str, path: str, option: str, named: str | None) -> str | None:
    """The format of a file: the one named, if its ending does not say another, or that of its ending."""
    ending, meant, known = ending_of(path), formats_of_ending(path), formats(kind)
    if named is not None:
        if named in meant or (not meant and not (ending == ".txt" and named in BYTES)):
            return named
        own = endings([named])
        help = f"{named} has the ending {' or '.join(own) or '.txt'}"
        if other := next((one for one in meant if one in known), None):
            help += f"; without {option} the file becomes {other}"
        raise UsageError(f"{option} and --output {shortened(path)} contradict each other", help=help)
    if not ending or (ending == ".txt" and kind != "code"):
        return None
    for one in meant:
        if one in known:
            return one
    what, option = ("language", "to") if kind == "code" else ("format", "format")
    able = ", ".join([*([".txt"] if kind != "code" else []), *endings(known)])
    raise UsageError(f"no {what} has the ending `{ending}`", help=f"endings: {able}; or name one with --{option}")
