"""The layout engine, graphlay: its extension module alone, which reads and writes JSON.

What its package wraps around that loads typing and the patterns of json, which takes as long as ten pictures.
"""

from __future__ import annotations

import sys

from cgraph_cli.errors import MissingExtraError
from cgraph_cli.light import Any, Mapping, Sequence, import_module, json

PACKAGE, MODULE = "graphlay", "graphlay._native"


def heights(nodes: Sequence[Mapping[str, Any]], edges: Sequence[Mapping[str, Any]], options: Any) -> list[float]:
    """The y of the middle of every node. Raises MissingExtraError without the engine."""
    try:
        engine = _loaded()
    except ImportError:
        raise missing_extra(f"a picture needs the package {PACKAGE}") from None
    request = {"graph": {"nodes": nodes, "edges": edges}, "preset": "layered", "options": options}
    placed: dict[str, Any] = json.loads(engine.layout(json.dumps(request)))
    return [float(node["center"]["y"]) for node in placed["nodes"]]


def missing_extra(what: str) -> MissingExtraError:
    """The error for a package of the extra that is not installed."""
    return MissingExtraError(f"{what}, which is not installed", help='pip install "cgraph-cli[draw]"')


def _loaded() -> Any:
    """The extension module, the same that the package has where that is loaded."""
    if PACKAGE not in sys.modules:
        if MODULE in sys.modules:
            return sys.modules[MODULE]
        package = _found(PACKAGE, None)
        spec = _found(MODULE, package.submodule_search_locations) if package else None
        if spec is not None and spec.loader is not None:
            module = spec.loader.create_module(spec)
            spec.loader.exec_module(module)
            sys.modules[MODULE] = module
            return module
    return import_module(MODULE)


def _found(name: str, path: Any) -> Any:
    """Where a module is; its package is not loaded."""
    specs = (finder.find_spec(name, path, None) for finder in sys.meta_path)
    return next((spec for spec in specs if spec is not None), None)
