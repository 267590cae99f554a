"""Claims from the command line and from files."""

from __future__ import annotations

from cgraph_cli.check.claims import Claim
from cgraph_cli.cli.request import Request
from cgraph_cli.cli.values import read_file, read_object, shown
from cgraph_cli.errors import FileError, Span, UsageError, shortened
from cgraph_cli.light import Iterator

FORM = "a claim is x = FORMULA, one in each line, or a member of a JSON object"


def claims_of(request: Request) -> list[Claim]:
    """What --claim and the file of --claims claim."""
    found = [_claim(word) for word in request.options.get("claim", [])]
    path = request.one("claims")
    if path is not None:
        more = list(_claims_in(read_file(path), path))
        if not more:
            raise FileError(f"{shown(path)} has no claims", help=FORM)
        found += more
    return found


def _claim(word: str) -> Claim:
    by, equals, text = word.partition("=")
    if not equals or not by.strip():
        help = "name what the derivative is by: x, a named part, or x,y for a second derivative"
        raise UsageError(f"--claim takes x=FORMULA, not `{shortened(word)}`", help=help)
    return Claim(by.strip(), text.strip())


def _claims_in(text: str, path: str) -> Iterator[Claim]:
    """The claims of a file: lines NAME = FORMULA with comments behind #, or one JSON object."""
    if text.lstrip().startswith("{"):
        for by, claim in read_object(text, path, FORM).items():
            if not isinstance(claim, str):
                raise FileError(
                    f"{shown(path)}: the claim for `{shortened(by)}` is no formula and no number", help=FORM
                )
            yield Claim(by, claim, f"{shown(path)}: ")
        return
    for count, line in enumerate(text.split("\n"), 1):
        line = line.partition("#")[0].strip()
        if line:
            by, equals, claim = line.partition("=")
            if not equals or not by.strip():
                what = f"{shown(path)} line {count} is no claim"
                raise FileError(what, span=Span(0, len(line)), source=line, help=FORM)
            yield Claim(by.strip(), claim.strip(), f"{shown(path)} line {count}: ")
