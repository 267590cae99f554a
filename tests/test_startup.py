"""Start-up is what a command-line tool is felt by: fresh processes say which modules they have loaded."""

from __future__ import annotations

import os
import pkgutil
import site
import subprocess
import sys
from importlib.machinery import PathFinder
from pathlib import Path

import pytest

import cgraph_cli
from cgraph_cli.__main__ import Finder

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"rich", "pydantic", "pydantic_core", "mpmath", "typer", "click", "lark", "numpy", "sympy", "graphlay", "flint"}
WORKED = ["eval", "(x+y)*z", "--x", "-2", "--y", "5", "--z", "-4"]
FOUND = site.getsitepackages()  # which -S leaves out
RUN = """
import sys
before = set(sys.modules)
from cgraph_cli.cli import main
import os
os._exit = sys.exit
sys.argv = ["cgraph", *sys.argv[1:]]
try:
    main.main()
finally:
    print("LOADED", *sorted({name.partition(".")[0] for name in set(sys.modules) - before}), file=sys.stderr)
"""


def loaded(code: str, *words: str, **environment: str) -> set[str]:
    """The heavy top-level modules that a process has loaded in the end."""
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("LOADED"))
    return set(line.split()) & HEAVY


def test_the_package_alone_loads_nothing() -> None:
    code = """
import sys
before = set(sys.modules)
import cgraph_cli
dir(cgraph_cli), cgraph_cli.__version__
print("LOADED", *sorted(set(sys.modules) - before), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    found = set(done.stderr.split())
    assert {name for name in found if name.startswith("cgraph_cli")} == {"cgraph_cli"}
    assert not {name.partition(".")[0] for name in found} & HEAVY
    assert not found & {"argparse", "dataclasses", "decimal", "importlib.metadata", "inspect", "json", "pathlib"}


def test_the_library_loads_nothing_heavy() -> None:
    code = """
import sys
before = set(sys.modules)
import cgraph_cli
cgraph_cli.evaluate("sin(x)*y", x=1, y=2).gradients
print("LOADED", *sorted({name.partition(".")[0] for name in set(sys.modules) - before}), file=sys.stderr)
"""
    assert loaded(code) == set()


SLOW = {
    "typing",
    "re",
    "enum",
    "functools",
    "collections",
    "contextlib",
    "importlib",
    "pathlib",
    "json",
    "html",
    "copy",
}


def every_module(*words: str, whole: bool = False) -> set[str]:
    """What a command has loaded, without what an environment loads before it: packages, or all their modules."""
    code = RUN.replace('.partition(".")[0]', "") if whole else RUN
    done = subprocess.run(
        [sys.executable, "-S", "-c", code, *words],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *FOUND])},
    )
    return set(done.stderr.rpartition("LOADED")[2].split())


@pytest.mark.parametrize("words", [[*WORKED, "--json"], ["--version"]], ids=" ".join)
def test_a_plain_answer_loads_nothing_that_takes_as_long_as_itself(words: list[str]) -> None:
    assert not every_module(*words) & SLOW


@pytest.mark.parametrize("format", ["svg", "html"])
def test_a_picture_loads_the_layout_engine_alone(format: str) -> None:
    pytest.importorskip("graphlay", reason="the extra `draw` is not installed")
    found = every_module(*WORKED, "--format", format)
    assert "cgraph_cli" in found
    assert not found & SLOW


def test_a_page_exports_nothing() -> None:
    """Its functions are ready."""
    pytest.importorskip("graphlay", reason="the extra `draw` is not installed")
    text = "sigmoid(x)*huber(x, y) + max(x, y, 2) + exp2(erf(y))^2"
    found = every_module("eval", text, "--x", "1", "--y", "2", "--format", "html", whole=True)
    assert "cgraph_cli.render.page.kernels" in found
    assert not [name for name in found if name.startswith("cgraph_cli.export.")]


def test_the_modules_are_found_as_by_the_import_system() -> None:
    finder, places = Finder(cgraph_cli.__spec__), cgraph_cli.__path__
    modules = [*pkgutil.walk_packages(places, "cgraph_cli.")]
    assert len(modules) > 100
    for module in modules:
        path = module.module_finder.path  # type: ignore[union-attr]
        found, wanted = finder.find_spec(module.name, [path]), PathFinder.find_spec(module.name, [path])
        assert found is not None
        assert found == wanted
        assert (found.cached, found.has_location, found.parent) == (wanted.cached, wanted.has_location, wanted.parent)
        assert vars(found.loader) == vars(wanted.loader)
    assert finder.find_spec("cgraph_cli.nothing", places) is None
    assert finder.find_spec("cgraph_cli_other.errors", places) is None
    assert finder.find_spec("json") is None


def test_a_command_finds_its_modules_so() -> None:
    code = f"""
import os, sys
from cgraph_cli.__main__ import main
os._exit = lambda code: print("FOUND", type(sys.meta_path[0]).__module__, len(sys.meta_path), file=sys.stderr)
sys.argv[1:] = {["diff", "x*y"]!r}
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False, cwd=ROOT)
    assert done.stdout.splitlines()[0].endswith("x = y")
    assert "FOUND cgraph_cli.__main__" in done.stderr


@pytest.mark.parametrize("words", [["diff", "(x+y)*z"], ["export", "(x+y)*z", "--to", "c"]], ids=" ".join)
def test_a_small_formula_loads_no_search_for_shorter_ones_and_no_helpers(words: list[str]) -> None:
    found = every_module(*words, whole=True)
    assert "cgraph_cli.symbolic.simplify" in found
    unneeded = "shorter identities calls powers portable functions kernels floats".split()
    assert not {name.rpartition(".")[2] for name in found if name.startswith("cgraph_cli.")} & {*unneeded}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([*WORKED, "--json"], set()),
        (["eval", "sigmoid(x)*erf(y)", "--x", "1", "--y", "2", "--json", "--hessian"], set()),
        (WORKED, {"rich"}),  # which draws the table
        (["diff", "x*sin(x)"], set()),
        (["check", *WORKED[1:]], {"mpmath"}),  # high precision; its table is drawn without Rich
        (["check", "(x+y)*z", "--random", "20"], set()),
        (["diff", "x*sin(x)/(1 + y^2)", "--x", "1.3", "--y", "1e5"], set()),
        (["--version"], set()),
        (["functions", "--format", "json"], set()),
        (["schema"], set()),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_loads_what_it_needs(words: list[str], expected: set[str]) -> None:
    assert loaded(RUN, *words) <= expected


def test_help_loads_no_arithmetic() -> None:
    found = loaded(RUN, "eval", "x*lr", "--help")
    assert "typer" in found
    assert not found & {"mpmath", "numpy", "pydantic", "pydantic_core", "sympy", "graphlay", "flint"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_loads_no_arithmetic_and_no_rich(shell: str) -> None:
    typed = "cgraph eval x*lr --"
    found = loaded(
        RUN,
        _CGRAPH_COMPLETE=f"complete_{shell}",
        COMP_WORDS=typed,
        COMP_CWORD="3",
        _TYPER_COMPLETE_ARGS=typed,
        _TYPER_COMPLETE_FISH_ACTION="get-args",
    )
    assert not found & {"mpmath", "numpy", "pydantic", "pydantic_core", "sympy", "graphlay", "flint"}
