"""Files of results: at every moment a file is the old one or the new one, whatever ends the process."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager, suppress
from stat import S_IMODE, S_ISREG
from threading import current_thread, main_thread

from cgraph_cli.errors import FileError, shortened
from cgraph_cli.light import Any, Iterable, Iterator, TextIO

ENDING = ("SIGINT", "SIGTERM", "SIGHUP")


def leads_to(path: str, stream: TextIO | None) -> bool:
    """Whether a path is where a stream goes: /dev/stdout, or the file that a shell made of it."""
    try:
        return stream is not None and os.path.samestat(os.stat(path), os.fstat(stream.fileno()))
    except (OSError, ValueError):  # there is no such file, or the stream has none
        return False


def write_file(path: str, chunks: Iterable[str | bytes]) -> None:
    """Write a file whole or not at all; a device or a pipe as it is. Raises FileError."""
    encoded = (chunk.encode("utf-8") if isinstance(chunk, str) else chunk for chunk in chunks)
    try:
        try:
            known: os.stat_result | None = os.stat(path)
        except FileNotFoundError:
            if path.endswith(os.sep):  # realpath knows it not as a folder
                raise
            known = None
        if known is None or S_ISREG(known.st_mode):
            _replace(os.path.realpath(path), known, encoded)
        else:
            with open(path, "wb") as file:
                file.writelines(encoded)
    except OSError as error:
        raise FileError(f"cannot write `{shortened(path)}`: {error.strerror or error}") from None


def _replace(target: str, known: os.stat_result | None, chunks: Iterable[bytes]) -> None:
    """Write beside the target, under a name that nobody can guess, and take its place with its permissions."""
    partial = os.path.join(os.path.dirname(target), f".cgraph-{os.urandom(12).hex()}")
    create = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with _signals_raise():
        try:
            with open(os.open(partial, create, 0o666 if known is None else 0o600), "wb") as file:
                file.writelines(chunks)
            if known is not None:
                os.chmod(partial, S_IMODE(known.st_mode))
            os.replace(partial, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(partial)
            raise


class _Ended(BaseException):
    """A signal that ends the process has come."""


@contextmanager
def _signals_raise() -> Iterator[None]:
    """Within it a signal that ends the process is an exception first, so that what was begun is cleared away."""
    numbers = [number for name in ENDING if (number := getattr(signal, name, None)) is not None]
    # What others have made of a signal stays, except of an interrupt, for which there is an exception.
    replaced = (signal.SIG_DFL, *([handler] if callable(handler := signal.getsignal(signal.SIGINT)) else []))
    kept = {number: signal.getsignal(number) for number in numbers if signal.getsignal(number) in replaced}

    def end(number: int, _: Any) -> None:
        for one in kept:
            signal.signal(one, signal.SIG_IGN)  # a second one would disturb the clearing away
        raise _Ended(number) if kept[number] is signal.SIG_DFL else KeyboardInterrupt

    if current_thread() is not main_thread():
        yield
        return
    ended = 0
    try:
        for number in kept:
            signal.signal(number, end)
        yield
    except _Ended as error:
        ended = error.args[0]
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    if ended:
        signal.raise_signal(ended)
