"""cgraph: an expression and a point give the computational graph with all its gradients.

>>> import cgraph_cli
>>> report = cgraph_cli.evaluate("(x+y)*z", x=-2, y=5, z=-4)
>>> report.value, report.gradients
(-12.0, {'x': -4.0, 'y': -4.0, 'z': 3.0})
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False  # `typing` need not be imported for it

if TYPE_CHECKING:
    from typing import Any

    from cgraph_cli.errors import CgraphError
    from cgraph_cli.library import Expression, differentiate, evaluate, parse
    from cgraph_cli.report.report import Report

__all__ = ["CgraphError", "Expression", "Report", "__version__", "differentiate", "evaluate", "parse"]


def __getattr__(name: str) -> Any:
    # The public names load on first use, so that `import cgraph_cli` costs nothing.
    if name in __all__:
        from cgraph_cli import library

        return getattr(library, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext cgraph_cli``: the magics ``%cgraph`` and ``%%cgraph``."""
    from cgraph_cli.cli.magic import cgraph

    shell.register_magic_function(cgraph, "line_cell", "cgraph")


def __dir__() -> list[str]:
    return sorted(__all__)
