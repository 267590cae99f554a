"""Results to standard output or a file, errors and warnings to standard error."""

from __future__ import annotations

import os
import sys

from cgraph_cli.errors import CgraphError, FileError, visible
from cgraph_cli.light import TYPE_CHECKING, Callable, Iterable, Iterator, Sequence, TextIO
from cgraph_cli.render import View

if TYPE_CHECKING:
    from cgraph_cli.report.findings import Finding


def view_of(stream: TextIO | None, *, ascii: bool = False, all: bool = False, to_file: bool = False) -> View:
    """What a renderer may use: on a terminal its width and colours, in a pipe or a file neither."""
    plain = ascii or not can_show("─│┌∂→·×", stream if not to_file else None)
    if to_file:
        return View(None, False, plain, all)
    return View(terminal_width() if is_terminal(stream) else None, colored(stream), plain, all)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody looks at a stream."""
    return stream is not None and stream.isatty()


def can_show(text: str, stream: TextIO | None) -> bool:
    """Whether a stream's encoding has all characters of a text; files are written as UTF-8."""
    if stream is None:
        return True
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def terminal_width() -> int:
    """The columns of the terminal."""
    import shutil

    return max(shutil.get_terminal_size((80, 24)).columns, 40)


def colored(stream: TextIO | None) -> bool:
    """Whether colours are wanted: on a terminal, and in a pipe where FORCE_COLOR or CLICOLOR_FORCE asks for them.

    NO_COLOR (https://no-color.org) and a terminal that is said to be dumb go before both.
    """
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    forced = any(os.environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE"))
    return forced or (is_terminal(stream) and os.environ.get("CLICOLOR") != "0")


def in_ascii(chunks: Iterable[str | bytes], *, markup: bool = False, tex: bool = False) -> Iterator[str | bytes]:
    """A user's own names too in ASCII: as character references, as symbols of TeX, or as Python writes them."""
    import re

    from cgraph_cli.render.paint import SPELLED, spelled

    for chunk in chunks:
        if isinstance(chunk, bytes) or chunk.isascii():
            yield chunk
        elif markup:
            yield chunk.encode("ascii", "xmlcharrefreplace").decode()
        elif tex:
            yield re.sub(r"[^\x00-\x7f]", lambda one: f'\\symbol{{"{ord(one[0]):X}}}', chunk.translate(SPELLED))
        else:
            yield spelled(chunk)


def write(chunks: Iterable[str | bytes], path: str | None = None) -> None:
    """Write a result, to a file whole or not at all; without a path to standard output."""
    if path is not None:
        from cgraph_cli.cli.files import leads_to, write_file

        if not leads_to(path, sys.stdout):
            write_file(path, chunks)
            return
    _to_stdout(chunks)


def _to_stdout(chunks: Iterable[str | bytes]) -> None:
    out = sys.stdout
    if out is None:
        raise FileError("cannot write the result: standard output is closed")
    _make_blocking(out)
    for chunk in chunks:
        if isinstance(chunk, bytes):
            out.flush()
            out.buffer.write(chunk)
        else:
            try:
                out.write(chunk)
            except UnicodeEncodeError:  # a user's own name that the terminal's encoding lacks
                from cgraph_cli.render.paint import spelled

                out.write(spelled(chunk, out.encoding or "ascii"))
    out.flush()


def _make_blocking(stream: TextIO) -> None:
    """Let writes wait for a slow reader: where a stream does not block, Python drops what finds no room in a pipe."""
    if sys.platform != "win32":
        try:
            if not os.get_blocking(stream.fileno()):
                os.set_blocking(stream.fileno(), True)
        except (AttributeError, OSError, ValueError):  # no file, or one without a descriptor
            pass


def print_error(error: CgraphError, *, as_json: bool) -> None:
    """An error on standard error: one JSON object, or the source line with the place marked."""
    if as_json:
        import json

        text = json.dumps({"error": error.as_dict()})
    else:
        text = error_text(error, view_of(sys.stderr), _in_stderr)
    _to_stderr(text)


def print_findings(findings: Sequence[Finding], source: str, digits: int | None) -> None:
    """What is said of a result on standard error."""
    from cgraph_cli.render.paint import Paint

    paint = Paint(view_of(sys.stderr)._replace(digits=digits))
    _to_stderr("".join(paint.remarks(findings, source)).rstrip("\n"))


def print_note(kind: str, message: str, *, as_json: bool = False) -> None:
    """A line on standard error: ``warning: …``, or one JSON object."""
    if as_json:
        import json

        _to_stderr(json.dumps({kind: {"message": message}}))
        return
    head = styled(f"{kind}:", "warning") if colored(sys.stderr) else f"{kind}:"
    text = visible(message)
    _to_stderr(f"{head} {folded(text, f'{kind}: ') if is_terminal(sys.stderr) else text}")


def _to_stderr(text: str) -> None:
    if sys.stderr is None:  # closed: the exit code says it all
        return
    try:  # noqa: SIM105 (contextlib is not loaded)
        sys.stderr.write(_in_stderr(text) + "\n")
    except OSError:
        pass  # a full disk: the same


def _in_stderr(text: str) -> str:
    """A text in the characters that standard error has."""
    encoding = (sys.stderr and sys.stderr.encoding) or "ascii"
    if not text.isascii() and encoding != "utf-8":
        from cgraph_cli.render.paint import spelled

        text = spelled(text, encoding)
    return text.encode(encoding, "backslashreplace").decode(encoding)


def styled(text: str, style: str) -> str:
    """A text in a style of the palette."""
    from cgraph_cli.render.paint import coloured

    return coloured(text, style)


def folded(text: str, before: str) -> str:
    """A text in lines of the terminal after what stands ``before`` it; commands, which are copied, stay whole."""
    from cgraph_cli.render.paint import Paint

    if "cgraph " in text:
        return text
    width = terminal_width()
    lines = Paint(View(width)).folded([(before + text, "")], width)
    return "\n".join("".join(part for part, _ in line) for line in lines)[len(before) :]


def error_text(error: CgraphError, view: View, spell: Callable[[str], str] = str) -> str:
    """The message, the source line with ``^^^^`` under the exact span, and the help line."""
    style, fold = styled if view.color else None, None if view.width is None else folded
    head = styled("error:", "error") if view.color else "error:"
    return f"{head} {error.text(style, view.window, fold, spell)}"
