"""Where ``cgraph`` and ``python -m cgraph_cli`` begin."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # signal itself makes enums, which takes time
import os
import sys

import cgraph_cli

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from typing import Any


class Finder:
    """Finds the modules of this package where they are. The import system first looks for each among those that are
    built in, then for files of every ending: a twentieth of a small command.
    """

    def __init__(self, package: ModuleSpec) -> None:
        self.start = f"{package.name}."
        self.spec = type(package)
        self.loader: Any = type(package.loader)

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        """What the import system would find, None for another package's modules and those that there are not."""
        if path is None or not name.startswith(self.start):
            return None
        folder = f"{path[0]}{os.sep}{name.rpartition('.')[2]}"
        for file, inside in ((f"{folder}.py", None), (f"{folder}{os.sep}__init__.py", [folder])):
            try:
                os.stat(file)  # noqa: PTH116 (pathlib takes longer)
            except OSError:
                continue
            found = self.spec(name, self.loader(name, file), origin=file)
            found.submodule_search_locations, found.has_location = inside, True
            return found
        return None


def main() -> None:
    """Run ``cgraph`` with the words of the command line and exit; an interrupt ends it quietly from here on."""
    package = cgraph_cli.__spec__
    if type(package.loader).__name__ == "SourceFileLoader":  # files, not an archive
        sys.meta_path.insert(0, Finder(package))
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    from cgraph_cli.cli.main import main

    main()


if __name__ == "__main__":
    if __spec__ is not None and not sys.flags.safe_path:  # python -m
        del sys.path[0]  # the current folder, whose json.py is nobody's json
    main()
