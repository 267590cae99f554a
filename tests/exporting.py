"""Runs many exported functions of one language in one process, and reads their numbers back."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cgraph_cli.engine.passes import forward
from cgraph_cli.export import LANGUAGES, writer
from cgraph_cli.export.job import Job, export_job
from cgraph_cli.graph.build import Reading, build
from cgraph_cli.graph.graph import Graph
from cgraph_cli.symbolic.derive import GRADIENT, VALUE, value_and_gradient
from cgraph_cli.symbolic.simplify import maker
from cgraph_cli.syntax.parser import parse

TOOLS = {"python": sys.executable, "numpy": sys.executable, "c": "cc", "javascript": "node", "rust": "rustc"}
RUNNABLE = list(TOOLS)
# Greek letters among Latin ones are the user's choice of names.
RUST_LINTS = [
    "-D",
    "warnings",
    "-A",
    "mixed_script_confusables",
    "-A",
    "confusable_idents",
    "-A",
    "uncommon_codepoints",
]
Point = dict[str, float]


def require(language: str) -> None:
    """Skip the test where the language's tool is not on the machine."""
    if shutil.which(TOOLS[language]) is None:
        pytest.skip(f"{TOOLS[language]} is not on this machine")


def job_for(
    expression: str, point: Point, *, name: str | None = None, simplify: bool = True, test: bool = False
) -> Job:
    """What is exported for an expression at a point."""
    if name is None and not test:
        return _job(expression, frozenset(point), simplify)
    graph = _graph(expression, frozenset(point))
    return export_job(parse(expression), graph, name=name, point=point if test else None, simplify=simplify)


def engine(expression: str, point: Point, *, simplify: bool = True) -> list[float]:
    """The same straight-line program, run by cgraph's own forward pass; what is not a number has no gradient."""
    derived, names = _derived(expression, frozenset(point), simplify), _graph(expression, frozenset(point)).variables
    values = forward(derived, {name: point[name] for name in names})
    value = values[derived.outputs[VALUE]]
    gradient = [values[derived.outputs[GRADIENT + name]] for name in names]
    return [value, *([math.nan] * len(gradient) if math.isnan(value) else gradient)]


# What every language and many points have in common is made once.
@cache
def _graph(expression: str, names: frozenset[str]) -> Graph:
    return build(parse(expression), Reading(names))


@cache
def _job(expression: str, names: frozenset[str], simplify: bool) -> Job:
    return export_job(parse(expression), _graph(expression, names), simplify=simplify)


@cache
def _derived(expression: str, names: frozenset[str], simplify: bool) -> Graph:
    graph = _graph(expression, names)
    return value_and_gradient(graph, graph.output, list(graph.variables), maker(simplify, computed=True))


def _literal(language: Any, point: Sequence[float]) -> str:
    return ", ".join(language.number(value).code for value in point)


def _python(language: Any, rows: list[tuple[str, str, int]]) -> str:
    calls = "\n".join(f"_show({name}({point}))" for name, point, _ in rows)
    show = "def _show(result):\n    print([float(result[0]).hex(), *(float(one).hex() for one in result[1])])"
    return f"{show}\n\n\n{calls}"


def _c(language: Any, rows: list[tuple[str, str, int]]) -> str:
    lines = ["int main(void)", "{", "    double g[100];"]
    for name, point, count in rows:
        arguments = ", ".join(one for one in (point, "g" if count else "") if one)
        lines.append(f"    printf(\"['%a'\", {name}({arguments}));")
        lines.append(f"    for (int i = 0; i < {count}; i++) printf(\", '%a'\", g[i]);")
        lines.append('    printf("]\\n");')
    return "\n".join([*lines, "    return 0;", "}"])


def _javascript(language: Any, rows: list[tuple[str, str, int]]) -> str:
    lines = ["const show = r => console.log(JSON.stringify([r.value, ...r.gradient].map(String)));"]
    return "\n".join([*lines, *(f"show({name}({point}));" for name, point, _ in rows)])


def _rust(language: Any, rows: list[tuple[str, str, int]]) -> str:
    lines = ["fn show(value: f64, gradient: &[f64]) {", "    print!(\"['{:?}'\", value);"]
    lines += ["    for one in gradient {", "        print!(\", '{:?}'\", one);", "    }", '    println!("]");', "}"]
    lines += ["fn main() {"]
    lines += [f"    let (value, gradient) = {name}({point});\n    show(value, &gradient);" for name, point, _ in rows]
    return "\n".join([*lines, "}"])


DRIVERS = {"python": _python, "numpy": _python, "c": _c, "javascript": _javascript, "rust": _rust}


def together(language_name: str, jobs: Sequence[Job], points: Sequence[Point]) -> str:
    """One source file of many functions, each helper once, with a main that prints all their numbers."""
    language = writer(language_name)
    helpers: dict[str, None] = {}
    functions, rows = [], []
    for number, (one, point) in enumerate(zip(jobs, points, strict=True)):
        needed, main, name = language.parts(one._replace(name=f"f_{number}"))
        helpers.update(dict.fromkeys(needed))
        functions.append(main)
        rows.append((name, _literal(language, [point[variable] for variable in one.variables]), len(one.wrt)))
    return language.file([*helpers, *functions, DRIVERS[language_name](language, rows)])


def run(language: str, source: str, folder: Path) -> str:
    """Compile and run a source file that ends well; its standard output."""
    done = ran(language, source, folder)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return done.stdout


def ran(language: str, source: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Compile and run a source file."""
    path = folder / f"export{LANGUAGES[language]}"
    path.write_text(source, encoding="utf-8")
    if language in ("python", "numpy", "javascript"):
        command = [TOOLS[language], str(path)]
    else:
        binary = folder / "export.out"
        flags = ["-std=c99", "-O0", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off", "-lm"]
        compiler = ["cc", "-o", str(binary), str(path), *flags] if language == "c" else []
        compiler = compiler or ["rustc", "--edition", "2021", *RUST_LINTS, "-o", str(binary), str(path)]
        made = subprocess.run(compiler, capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stderr[:4000]
        command = [str(binary)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _read(text: str) -> float:
    return float.fromhex(text) if "0x" in text else float(text)


def numbers(language: str, jobs: Sequence[Job], points: Sequence[Point], folder: Path) -> list[list[float]]:
    """Value and gradient of every job at its point."""
    output = run(language, together(language, jobs, points), folder)
    lines = [json.loads(line.replace("'", '"')) for line in output.splitlines()]
    assert len(lines) == len(jobs)
    return [[_read(text) for text in line] for line in lines]


def agree(found: float, expected: float, tolerance: float) -> bool:
    """Whether two numbers are equal, both nan, or close."""
    if math.isnan(found) or math.isnan(expected):
        return math.isnan(found) and math.isnan(expected)
    return found == expected or abs(found - expected) <= tolerance
