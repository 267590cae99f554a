"""The distributions, installed in new virtual environments, find the grammar and run; the README's commands hold."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import cgraph_cli
from tests.oldest import oldest

ROOT = Path(__file__).resolve().parents[1]
GRAMMAR = ROOT / "grammar" / "expression.lark"
MAN = ROOT / "cgraph_cli" / "cli" / "cgraph.1"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXAMPLE = ["eval", "(x+y)*z", "--x", "-2", "--y", "5", "--z", "-4"]
TEST_ONLY = ("hypothesis", "numpy", "pytest", "sympy")


def run(*command: str | Path, cwd: Path, **variables: str) -> str:
    """The standard output of a command that must succeed, run without the paths of this test run."""
    hidden = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTEST_ADDOPTS")
    environment = {key: value for key, value in os.environ.items() if key not in hidden} | variables
    environment["PYTHONIOENCODING"] = "utf-8"
    done = subprocess.run(
        [os.fspath(part) for part in command],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{command} exited with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def readme_blocks() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from that sdist."""
    folder = tmp_path_factory.mktemp("distributions")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


def one(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def test_version_has_one_source() -> None:
    assert "version" in PROJECT["project"]["dynamic"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", cgraph_cli.__version__)
    assert run(sys.executable, "-m", "hatchling", "version", cwd=ROOT).strip() == cgraph_cli.__version__


def test_the_command_has_the_name_of_the_package_too() -> None:
    scripts = PROJECT["project"]["scripts"]  # uvx and pipx run look for a script of the package's name
    assert scripts[PROJECT["project"]["name"]] == scripts["cgraph"]


def test_grammar_folder_holds_no_python() -> None:
    assert [file.name for file in GRAMMAR.parent.iterdir()] == [GRAMMAR.name]


def test_top_level_is_small() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    tracked = run("git", "ls-files", cwd=ROOT).splitlines()
    visible = {Path(name).parts[0] for name in tracked if not name.startswith(".")}
    assert visible == {"LICENSE", "README.md", "cgraph_cli", "grammar", "pyproject.toml", "tests"}


def test_readme_has_the_two_commands() -> None:
    install, tests = readme_blocks()[:2]
    for block in (install, tests):
        assert block.startswith("python3 -m venv .venv && .venv/bin/python -m pip install ")
    assert install.rstrip().endswith('.venv/bin/cgraph eval "(x+y)*z" --x -2 --y 5 --z -4')
    assert ".[test]" in tests
    assert ".venv/bin/python -m pytest" in tests


def test_gate_runs_the_commands_of_the_readme() -> None:
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "README.md" in gate
    assert "pytest -" not in gate, "the test command is written in README.md only"
    reader = gate[gate.index("readme_block() {") : gate.index("\ninstall=")]
    for number, block in enumerate(readme_blocks()[:2], start=1):
        shown = run("bash", "-euo", "pipefail", "-c", f"{reader}\nreadme_block {number}", cwd=ROOT)
        assert shown == block


@pytest.mark.packaging
def test_wheel_holds_the_package_and_the_grammar_only(distributions: Path) -> None:
    with zipfile.ZipFile(one(distributions, "*.whl")) as wheel:
        names = wheel.namelist()
        assert wheel.read("cgraph_cli/grammar/expression.lark") == GRAMMAR.read_bytes()
    stem = f"cgraph_cli-{cgraph_cli.__version__}.dist-info"
    data = f"cgraph_cli-{cgraph_cli.__version__}.data"
    assert {name.split("/")[0] for name in names} == {"cgraph_cli", stem, data}
    assert [name for name in names if name.startswith(data)] == [f"{data}/data/share/man/man1/cgraph.1"]
    assert "cgraph_cli/py.typed" in names
    assert f"{stem}/licenses/LICENSE" in names
    assert not [name for name in names if "__pycache__" in name]
    files = {file.relative_to(ROOT).as_posix() for file in (ROOT / "cgraph_cli").rglob("*") if file.is_file()}
    assert {file for file in files if "__pycache__" not in file} <= set(names)


@pytest.mark.packaging
def test_sdist_keeps_the_grammar_at_top_level(distributions: Path) -> None:
    with tarfile.open(one(distributions, "*.tar.gz")) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"grammar/expression.lark", "pyproject.toml", "README.md", "LICENSE", "cgraph_cli/cli/cgraph.1"} <= names
    assert "tests/test_packaging.py" in names
    assert "cgraph_cli/grammar/expression.lark" not in names
    assert not [name for name in names if "__pycache__" in name]


PROBE = """
import importlib.metadata, importlib.util, json, pathlib
import cgraph_cli
from cgraph_cli.syntax.grammar import grammar_text
print(json.dumps({
    "package": str(pathlib.Path(cgraph_cli.__file__).resolve().parent),
    "grammar": grammar_text(),
    "versions": [cgraph_cli.__version__, importlib.metadata.version("cgraph-cli")],
    "test_only": [name for name in %r if importlib.util.find_spec(name)],
}))
"""

INSTALLS: dict[str, Callable[[Path], list[str | Path]]] = {
    "wheel": lambda built: [one(built, "*.whl")],
    "sdist": lambda built: [one(built, "*.tar.gz")],
    "editable": lambda built: ["--editable", ROOT],
    "oldest": lambda built: [one(built, "*.whl"), *oldest()],
}


@pytest.mark.packaging
@pytest.mark.parametrize("kind", INSTALLS)
def test_install_in_a_new_environment(kind: str, distributions: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    run(scripts / "python", "-m", "pip", "install", "--quiet", *INSTALLS[kind](distributions), cwd=tmp_path)

    probe = json.loads(run(scripts / "python", "-c", PROBE % (TEST_ONLY,), cwd=tmp_path))
    assert Path(probe["package"]).is_relative_to(ROOT if kind == "editable" else home.resolve())
    assert probe["grammar"] == GRAMMAR.read_text(encoding="utf-8")
    assert probe["versions"] == [cgraph_cli.__version__] * 2
    assert probe["test_only"] == []

    if kind != "editable":
        assert (home / "share" / "man" / "man1" / "cgraph.1").read_bytes() == MAN.read_bytes()
    for command in ([scripts / "cgraph"], [scripts / "cgraph-cli"], [scripts / "python", "-m", "cgraph_cli"]):
        assert cgraph_cli.__version__ in run(*command, "--version", cwd=tmp_path)
        report = json.loads(run(*command, *EXAMPLE, "--json", cwd=tmp_path))
        assert report["value"] == -12
        assert report["gradients"] == {"x": -4, "y": -4, "z": 3}
        assert "-12" in run(*command, *EXAMPLE, cwd=tmp_path)
    assert "eval" in run(scripts / "cgraph", "--help", cwd=tmp_path)

    wrong = subprocess.run([scripts / "cgraph", "functions", "--formt"], cwd=tmp_path, capture_output=True, check=False)
    assert wrong.returncode == 2
    assert wrong.stderr.startswith(b"error: ")
    assert b"Traceback" not in wrong.stderr
