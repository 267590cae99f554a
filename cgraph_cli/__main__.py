"""Where ``cgraph`` and ``python -m cgraph_cli`` begin."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # signal itself makes enums, which takes time
import sys


def main() -> None:
    """Run ``cgraph`` with the words of the command line and exit; an interrupt ends it quietly from here on."""
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    from cgraph_cli.cli.main import main

    main()


if __name__ == "__main__":
    if __spec__ is not None and not sys.flags.safe_path:  # python -m
        del sys.path[0]  # the current folder, whose json.py is nobody's json
    main()
