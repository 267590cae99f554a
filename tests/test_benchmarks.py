"""The benchmarks measure what they say; their page and chart show all of it, and the README quotes the page."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET

import pytest

from tests.benchmarks import gradient, results, startup
from tests.benchmarks.__main__ import ROOMS
from tests.benchmarks.measure import Command, Figure, Machine, Measure, calls, processes
from tests.benchmarks.worker import missing

BARE = Command([sys.executable, "-c", "pass"])


def run(*rooms: tuple[str, list[Figure]], load: float = 0.1) -> results.Run:
    return results.Run(
        "2026-01-02", "a machine", load, 2, {"Python": "3"}, [(ROOMS[n], found) for n, found in rooms], []
    )


def test_a_ratio_is_that_of_what_is_run_to_its_reference() -> None:
    measure = Measure("busy", "a loop", "nothing", 2)
    busy = processes(measure, Command([sys.executable, "-c", "sum(range(10**7))"]), BARE, 3)
    assert busy.over
    assert busy.cpu is not None
    assert busy.cpu > 2
    swapped = processes(measure, BARE, Command([sys.executable, "-c", "sum(range(10**7))"]), 3)
    assert not swapped.over
    quick = calls(measure, lambda: sum(range(10)), lambda: sum(range(10_000)), 100)
    assert quick.ratio is not None
    assert quick.ratio < 0.5


def test_a_process_that_fails_is_no_figure() -> None:
    with pytest.raises(RuntimeError, match="failed"):
        Command([sys.executable, "-c", "raise SystemExit(3)"]).seconds()
    Command([sys.executable, "-c", "raise SystemExit(3)"], code=3).seconds()


def test_tools_agree_and_what_takes_too_long_or_is_missing_is_said(
    tmp_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(tmp_path)
    monkeypatch.setattr(gradient, "OURS", "")  # the package of this environment, no wheel
    jobs = [gradient.job(text, names_of(text)) for text in gradient.FORMULAS.values()]
    ours, theirs = gradient.asked(machine, "cgraph_cli", jobs), gradient.asked(machine, "sympy", jobs)
    assert not isinstance(ours, str)
    assert not isinstance(theirs, str)
    assert gradient.same(ours, theirs)
    theirs[3]["gradients"][0] *= 1.000001
    assert not gradient.same(ours, theirs)
    monkeypatch.setattr(gradient, "SECONDS", 0)
    long = "+".join(f"sin(x{n}*x{n + 1})" for n in range(1000))
    assert gradient.asked(machine, "sympy", [gradient.job(long, names_of(long))]) == "passes 0 s"
    assert missing(sys.executable, "no_such_module") == "no no_such_module in the environment of the peers"


def names_of(text: str) -> list[str]:
    from cgraph_cli.syntax.parser import parse

    return [*parse(text).names()]


def test_the_page_marks_what_is_over_its_bar_and_names_what_is_left_out() -> None:
    figures = [
        Figure(Measure("eval --json", "cgraph eval", "python", 2), 2.5, 2.4, "5 ms against 2 ms"),
        Figure(Measure("diff", "cgraph diff", "python", 2), 1.5, 1.25),
        Figure(Measure("peer: giac", "the same", "python"), None, note="no giac on this machine"),
    ]
    page = "\n".join(results.page(run(("startup", figures))))
    assert "| eval --json | `cgraph eval` | python | **2.5** | 2.4 | 2 | 5 ms against 2 ms |" in page
    assert "| diff | `cgraph diff` | python | 1.5 | 1.25 | 2 |  |" in page
    assert "Bars that are not met: Start-up, eval --json." in page
    assert "Left out: peer: giac (no giac on this machine)." in page
    assert "others used it too" not in page
    assert "Interrupted" not in page
    left = run(("startup", figures))._replace(left=["scale", "page"])
    assert "Interrupted, not run to the end: scale, page." in results.page(left)
    assert "others used it too" in "\n".join(results.page(run(load=5)))


def test_the_chart_has_everybody() -> None:
    peers = [Figure(Measure(f"peer: {name}", "", ""), 10.0) for name in (*startup.PROGRAMS, *startup.LIBRARIES)]
    ours = Figure(Measure("eval --json", "", ""), 1.5)
    sums = [
        Figure(Measure("sum of 100 000 terms: torch", "", ""), 0.5),
        Figure(Measure("sum of 100 000 terms: <jax>", "", ""), None),
    ]
    drawn = results.chart.drawn([*results.panels(run(("startup", [ours, *peers]), ("gradient", sums)))])
    texts = [one.text for one in ET.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]
    assert {"cgraph", "1.5 ×", "torch", "2 ×", "<jax>", *startup.PROGRAMS, *startup.LIBRARIES} <= {*texts}


def test_the_readme_quotes_the_page() -> None:
    quoted = results.QUOTED.search(results.README.read_text(encoding="utf-8"))
    assert quoted is not None
    lines = quoted[0].split("\n")[1:-1]
    assert sum(line.startswith("- ") for line in lines) == 5
    assert "\n".join(lines) in results.PAGE.read_text(encoding="utf-8")
