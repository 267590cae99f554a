"""Whole-process times of the installed command, as ratios measured in pairs within one run.

By hand: ``python tests/benchmarks/startup.py`` builds the wheel, installs it in a new environment and compares there
(``--here`` takes the package of this environment instead). Exit code 1 if a ratio is over its limit.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS = 20
WORKED = ["eval", "(x+y)*z", "--x", "-2", "--y", "5", "--z", "-4"]
SOFT = "log(1+exp(a*x+b))*sin(y)/(1+z^2)"
SOFT_AT = ["--a", "0.5", "--x", "1", "--b", "2", "--y", "3", "--z", "4"]
FIFTY = ["eval", "+".join(f"sin(x*{number})*y" for number in range(1, 13)), "--x", "0.3", "--y", "2"]


def installed(folder: Path) -> Path:
    """The Python of a new environment with the wheel of this checkout."""
    dist = folder / "dist"
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", dist, ROOT], check=True, stdout=subprocess.DEVNULL
    )
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *dist.glob("*.whl")], check=True)
    return python


def seconds(command: list[str], environment: dict[str, str], folder: str) -> float:
    """The wall time of one process."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment, cwd=folder)
    return time.perf_counter() - started


def compare(
    name: str, command: list[str], base: list[str], limit: float, environment: dict[str, str], folder: str
) -> bool:
    """Print the median of the paired ratios of two commands, run in turn; whether it is within the limit."""
    for warm in (command, base):
        seconds(warm, environment, folder)
    pairs = [(seconds(command, environment, folder), seconds(base, environment, folder)) for _ in range(ROUNDS)]
    ratio = statistics.median(one / other for one, other in pairs)
    ours, theirs = (1000 * statistics.median(column) for column in zip(*pairs, strict=True))
    verdict = "ok" if ratio <= limit else "TOO SLOW"
    print(f"{name:<32} {ours:6.0f} ms against {theirs:6.0f} ms: {ratio:5.2f}, at most {limit}  {verdict}", flush=True)
    return ratio <= limit


def main(words: list[str]) -> int:
    """All comparisons; 1 if one is over its limit."""
    environment = {
        key: value for key, value in os.environ.items() if key not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")
    }
    with tempfile.TemporaryDirectory() as folder:
        if "--here" in words:
            python = sys.executable
            environment["PYTHONPATH"] = str(ROOT)
        else:
            python = str(installed(Path(folder)))
        start = [python, "-c", "from cgraph_cli.cli.main import main; main()"]
        eval_json = [*start, *WORKED, "--json"]
        results = [
            compare(
                "eval --json / import typer, lark",
                eval_json,
                [python, "-c", "import typer, lark"],
                1.25,
                environment,
                folder,
            ),
            compare(
                "diff / eval --json",
                [*start, "diff", SOFT],
                [*start, "eval", SOFT, *SOFT_AT, "--json"],
                1.2,
                environment,
                folder,
            ),
        ]
        table = [*start, *FIFTY]
        from cgraph_cli.cli.commands import COMMANDS

        pictures = {"svg", "png", "html"}
        for chosen in COMMANDS["eval"].options["format"].choices:
            if chosen not in pictures | {"table"}:
                command = [*table, "--format", chosen]
                results.append(compare(f"{chosen} / table, 50 nodes", command, table, 1.3, environment, folder))
        if "explain" in COMMANDS:
            command = [*start, "explain", *FIFTY[1:]]
            results.append(compare("explain / table, 50 nodes", command, table, 1.3, environment, folder))
    return int(not all(results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
