"""The entry point: a plain command is answered by the argv pass alone, everything else goes through Typer."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import os
import sys
from errno import EINVAL, EPIPE
from itertools import pairwise

from cgraph_cli.errors import INTERRUPTED, CgraphError, FileError, TooLargeError
from cgraph_cli.light import Callable, NoReturn, Sequence

# What a write says where nobody reads any more; Windows has no error of its own for it.
CLOSED = (EPIPE, EINVAL) if os.name == "nt" else (EPIPE,)


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run ``cgraph`` with the words of the command line and exit."""
    words = list(sys.argv[1:] if argv is None else argv)
    # The process ends when the command does: nothing is gained by looking for reference cycles in a million nodes.
    import gc

    gc.disable()
    try:
        if _signal.getsignal(_signal.SIGINT) is _signal.SIG_DFL:  # __main__ has seen to that
            # No exception: in the middle of a class or of a weak reference Python makes another one of it, or none.
            _signal.signal(_signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
        code = guarded(lambda: _dispatch(words), as_json=wants_json(words))
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                try:  # noqa: SIM105 (contextlib is not loaded)
                    stream.flush()
                except OSError:
                    pass  # it has been said, if it could be
    except KeyboardInterrupt:
        code = INTERRUPTED
    if argv is None:
        os._exit(code)
    sys.exit(code)


def _dispatch(words: list[str]) -> int:
    completing = os.environ.get("_CGRAPH_COMPLETE")
    if words[:1] == ["--version"] and not completing:
        from cgraph_cli import __version__
        from cgraph_cli.cli.output import write

        write([f"cgraph {__version__}\n"])
        return 0
    if completing:
        from cgraph_cli.cli.completion import SHELLS, complete

        shell = completing.removeprefix("complete_")
        if shell in SHELLS and shell != completing:
            return complete(shell)
    else:
        from cgraph_cli.cli.commands import COMMANDS
        from cgraph_cli.cli.words import before_dashes, with_command

        words = with_command(words)
        if words and words[0] in COMMANDS and "--help" not in before_dashes(words):
            from cgraph_cli.cli.answer import answer

            return answer(words[0], words[1:])
    from cgraph_cli.cli.app import run

    return run(words)


def wants_json(words: Sequence[str]) -> bool:
    """Whether errors are to be JSON; known before the command line is understood."""
    return "--json" in words or "--format=json" in words or ("--format", "json") in pairwise(words)


def guarded(action: Callable[[], int], *, as_json: bool) -> int:
    """Run a command; what a user can cause becomes a message and an exit code, never a traceback."""
    try:
        try:
            code = action()
            if sys.stdout is not None:
                sys.stdout.flush()
            return code
        except OSError as error:  # files have their own messages: this is standard output, on a full disk perhaps
            _drop_output()
            if error.errno in CLOSED:
                return 0
            raise FileError(f"cannot write the result: {error.strerror or error}") from None
        except MemoryError:
            pass  # what fills the memory is held by this error's frames: it is told when they are gone
        raise TooLargeError("there is not enough memory for this")
    except CgraphError as error:
        from cgraph_cli.cli.output import print_error

        print_error(error, as_json=as_json)
        return error.exit_code


def _drop_output() -> None:
    """After a failed write: what is still buffered goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
