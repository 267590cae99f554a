"""The layout engine without its package gives what the package gives, and both can be loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cgraph_cli.errors import MissingExtraError
from cgraph_cli.render.picture.engine import heights
from cgraph_cli.render.picture.placement import OPTIONS, QUICK

graphlay = pytest.importorskip("graphlay", reason="the extra `draw` is not installed")

# (x + y)*z, x + x, what stands alone
NODES = [
    {"size": {"width": 30.0, "height": 20.0 + index}, "rank": {"fixed": column}}
    for index, column in enumerate([0, 0, 1, 1, 2, 3, 0])
]
EDGES = [{"source": one, "target": other, "weight": 1.0} for one, other in [(0, 2), (1, 2), (2, 4), (3, 4), (4, 5)]]


@pytest.mark.parametrize("options", [OPTIONS, QUICK])
def test_heights_are_those_of_the_package(options: dict[str, object]) -> None:
    wanted = graphlay.layout({"nodes": NODES, "edges": EDGES}, options=options)
    found = heights(NODES, EDGES, options)
    assert found == [node["center"]["y"] for node in wanted.nodes]
    assert len(set(found)) > 2


def test_a_request_that_the_engine_refuses_is_its_error() -> None:
    with pytest.raises(graphlay.GraphlayError):
        heights(NODES, [{"source": 0, "target": 99, "weight": 1.0}], OPTIONS)


@pytest.mark.parametrize("first", ["package", "engine"])
def test_the_package_and_we_have_one_engine(first: str) -> None:
    code = """
import sys
from cgraph_cli.render.picture import engine
if sys.argv[1] == "package":
    import graphlay
ours = engine._loaded()
assert ("graphlay" in sys.modules) == (sys.argv[1] == "package")
import graphlay
assert graphlay._native is ours is engine._loaded() is sys.modules["graphlay._native"]
assert graphlay.layout({"nodes": [], "edges": []}).nodes == []
"""
    subprocess.run([sys.executable, "-c", code, first], check=True)


def test_a_package_without_the_extension_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "graphlay._native", raising=False)
    monkeypatch.delitem(sys.modules, "graphlay", raising=False)
    monkeypatch.setattr(sys, "meta_path", [])
    with pytest.raises(MissingExtraError, match="graphlay"):
        heights(NODES, EDGES, OPTIONS)
