"""Imports point up one list; what is heavy is imported inside the functions that need it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import cgraph_cli

PACKAGE = Path(cgraph_cli.__file__).resolve().parent
# Each may import those before it, and itself. The package's own name stands for its lazy public names.
ORDER = (
    "light errors limits rule rules syntax graph symbolic engine report check export render data library cli".split()
)
TOP = ["__init__", "__main__"]
MODULES = sorted(PACKAGE.rglob("*.py"))
# Whole package -> where it may be imported at all (None: anywhere), always inside a function.
HEAVY = {
    "rich": ("render", "cli"),
    "numpy": ("engine.columns", "data"),
    "polars": ("data",),
    "mpmath": None,
    "flint": ("check.arb",),
}
NEVER = {"click", "sympy", "hypothesis", "IPython", "ipykernel"}


def name_of(file: Path) -> str:
    """The dotted name of a module, without the package's own."""
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def layer_of(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def imports(file: Path) -> Iterator[tuple[str, int, bool]]:
    """Every import of a file, function-level ones too: the module, the line, whether it runs when the file loads."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    late = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or (
            isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        ):
            late |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, id(node) not in late
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: relative import"
            assert node.module is not None
            yield node.module, node.lineno, id(node) not in late
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno, id(node) not in late


def test_every_part_of_the_package_is_in_the_list() -> None:
    assert {layer_of(name_of(file)) for file in MODULES} <= {*ORDER, *TOP}


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_imports_point_up_the_list(file: Path) -> None:
    own = layer_of(name_of(file))
    for module, line, _ in imports(file):
        if not module.startswith("cgraph_cli."):
            continue
        other = layer_of(module.removeprefix("cgraph_cli."))
        if own in TOP or other not in ORDER:
            continue  # a public name of the package
        assert ORDER.index(other) <= ORDER.index(own), f"{file.name}:{line}: {own} imports {module}"


def test_no_module_is_imported_by_what_it_imports() -> None:
    """Not even inside a function or for types only: there is an order in which the package can be read."""
    names = {f"cgraph_cli.{name_of(file)}": file for file in MODULES}
    needs: dict[str, set[str]] = {}
    for name, file in names.items():
        found = [(line, module) for module, line, _ in imports(file) if module in names]
        # Of `from package import module` the module alone counts.
        inner = {(line, module.rpartition(".")[0]) for line, module in found}
        needs[name] = {module for line, module in found if (line, module) not in inner and module != name}
    TopologicalSorter(needs).prepare()  # raises CycleError, which shows the circle


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_what_is_heavy_is_imported_late_and_where_it_belongs(file: Path) -> None:
    own, name = layer_of(name_of(file)), name_of(file)
    for module, line, at_once in imports(file):
        package = module.split(".")[0]
        assert package not in NEVER, f"{file.name}:{line}: {module}"
        if package in HEAVY:
            assert not at_once, f"{file.name}:{line}: {module} is imported when the module loads"
            allowed = HEAVY[package]
            assert allowed is None or own in allowed or name in allowed, f"{file.name}:{line}: {own} imports {module}"


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_hints_come_from_where_they_cost_nothing(file: Path) -> None:
    for module, line, at_once in imports(file):
        assert module not in {"typing", "collections.abc", "importlib"} or not at_once, f"{file.name}:{line}: {module}"


@pytest.mark.parametrize(("name", "allowed"), [("errors", ""), ("rule", ""), ("rules", "rule")])
def test_errors_and_rules_import_nothing_else_of_the_package(name: str, allowed: str) -> None:
    for module, _, _ in imports(PACKAGE / f"{name}.py"):
        own = module.removeprefix("cgraph_cli.").partition(".")[0]
        assert own == module.partition(".")[0] or own in {"light", allowed}, module
