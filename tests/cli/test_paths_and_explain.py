"""The commands ``explain`` and ``paths`` as processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

POINT = ["(x+y)*z", "--x", "-2", "--y", "5", "--z", "-4"]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cgraph_cli", *words], capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_paths_as_text_and_json() -> None:
    text = run("paths", *POINT, "--wrt", "x")
    assert text.returncode == 0
    assert "1 × (-4) = -4" in text.stdout
    found = json.loads(run("paths", *POINT, "--json").stdout)
    assert set(found["wrt"]) == {"x", "y", "z"}
    (path,) = found["wrt"]["y"]["paths"]
    assert (path["labels"], path["product"], path["share"]) == (["y", "v1", "f"], -4.0, 1.0)


def test_more_paths_than_can_be_listed_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "doubling.txt"
    file.write_text("\n".join(["a0 = x + x", *(f"a{n} = a{n - 1} + a{n - 1}" for n in range(1, 60))]))
    text = run("paths", "--file", str(file), "--x", "1", "--all")
    assert text.returncode == 0
    assert "about 1.2e18 paths" in text.stdout
    found = json.loads(run("paths", "--file", str(file), "--x", "1", "--json").stdout)
    assert int(found["wrt"]["x"]["count"]) == 2**60
    assert found["wrt"]["x"]["paths"] is None


def test_an_unknown_name_lists_the_variables() -> None:
    answer = run("paths", *POINT, "--wrt", "q")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "x, y, z" in answer.stderr


def test_explain_takes_its_format_from_the_file(tmp_path: Path) -> None:
    for ending, start in ((".md", "# Worked"), (".tex", "{\\setlength"), (".html", "<!DOCTYPE"), (".txt", "  f = ")):
        path = tmp_path / f"solution{ending}"
        assert run("explain", *POINT, "--output", str(path)).returncode == 0
        assert path.read_text(encoding="utf-8").startswith(start)
    assert run("explain", *POINT, "--steps", "sideways").returncode == 2


def test_plain_text_needs_no_rich() -> None:
    for words in (["explain"], ["paths"], ["eval", "--format", "unicode"], ["eval", "--format", "latex"]):
        code = "import sys; from cgraph_cli.cli.main import main\n"
        code += "try: main(sys.argv[1:])\nexcept SystemExit: pass\n"
        code += "print(sorted({'rich', 'mpmath', 'typer', 'numpy'} & set(sys.modules)))"
        answer = subprocess.run(
            [sys.executable, "-c", code, *words, *POINT], capture_output=True, text=True, check=True
        )
        assert answer.stdout.endswith("[]\n")
