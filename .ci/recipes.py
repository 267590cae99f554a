"""The conda-forge recipe and the Homebrew formula: ``recipes.py FOLDER SDIST``, or ``cgraph-cli==VERSION`` for SDIST.

Every address and hash in them is what pip reports of the files that it would install: of a file here its path, of a
published version the index's. The rest is from pyproject.toml.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
NAME: str = PROJECT["name"]
ABOUT: str = PROJECT["description"].partition(":")[0]
HOME: str | None = PROJECT.get("urls", {}).get("Homepage")
EXAMPLE = "eval '(x+y)*z' --x -2 --y 5 --z -4 --only value"


def reported(requirement: str, *options: str) -> dict[str, dict[str, Any]]:
    """What pip would install for a requirement, by name."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        subprocess.run([*pip, "--report", str(report), *options, requirement], check=True)
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    return {one["metadata"]["name"].lower(): one for one in found}


def sources(requirement: str) -> dict[str, dict[str, Any]]:
    """The same as source distributions, which is what both builders take."""
    names = ",".join(reported(requirement))
    return reported(requirement, "--no-binary", names)


def address(one: dict[str, Any]) -> tuple[str, str]:
    """Where a file is, and its SHA-256."""
    return one["download_info"]["url"], one["download_info"]["archive_info"]["hashes"]["sha256"]


def recipe(package: dict[str, Any]) -> str:
    """The recipe of conda-forge, in the format of rattler-build."""
    url, digest = address(package)
    version = package["metadata"]["version"]
    least = PROJECT["requires-python"].removeprefix(">=")

    def listed(lines: Sequence[str], indent: int) -> str:
        return "".join(f"{' ' * indent}- {line}\n" for line in lines)

    def conda(requirements: Sequence[str]) -> list[str]:
        return [requirement.replace(">=", " >=", 1) for requirement in requirements]

    entry_points = [f"{name} = {function}" for name, function in PROJECT["scripts"].items()]
    return f"""\
schema_version: 1

package:
  name: {NAME}
  version: "{version}"

source:
  url: {url}
  sha256: {digest}

build:
  noarch: python
  number: 0
  script: python -m pip install . -vv --no-deps --no-build-isolation
  python:
    entry_points:
{listed(entry_points, 6)}
requirements:
  host:
    - python {least}.*
    - pip
{listed(conda(PYPROJECT["build-system"]["requires"]), 4)}  run:
    - python >={least}
{listed(conda(PROJECT["dependencies"]), 4)}
tests:
  - python:
      imports:
        - cgraph_cli
      pip_check: true
  - script:
      - cgraph --version
      - cgraph {EXAMPLE.replace("'", '"')}

about:
  summary: {ABOUT}
  license: {PROJECT["license"]}
  license_file: LICENSE
{f"  homepage: {HOME}" + chr(10) if HOME else ""}"""


def formula(packages: dict[str, dict[str, Any]]) -> str:
    """The formula of Homebrew: the command in an environment of its own."""
    url, digest = address(packages[NAME])
    resources = "".join(
        f'\n  resource "{name}" do\n    url "{address(one)[0]}"\n    sha256 "{address(one)[1]}"\n  end\n'
        for name, one in sorted(packages.items())
        if name != NAME
    )
    homepage = f'  homepage "{HOME}"\n' if HOME else ""
    return f"""\
class {"".join(map(str.capitalize, NAME.split("-")))} < Formula
  include Language::Python::Virtualenv

  desc "{ABOUT}"
{homepage}  url "{url}"
  sha256 "{digest}"
  license "{PROJECT["license"]}"

  depends_on "python@3.{sys.version_info.minor}"
{resources}
  def install
    virtualenv_install_with_resources
  end

  test do
    assert_equal "-12.0", shell_output("#{{bin}}/cgraph {EXAMPLE}").strip
  end
end
"""


def main(folder: str, requirement: str) -> None:
    """Write both into a folder."""
    packages = sources(requirement)
    for name, text in (("recipe.yaml", recipe(packages[NAME])), (f"{NAME}.rb", formula(packages))):
        (Path(folder) / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
