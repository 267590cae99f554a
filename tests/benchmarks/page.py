"""CPU time of the page's main thread (script, style, layout, paint) for a step, in headless Chromium.

The first step after load, and more, spread over the walk, in both directions; 30 ms are two frames.

By hand: ``python -m tests.benchmarks.page``.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from typing import Any

import cgraph_cli
from cgraph_cli.render import View
from cgraph_cli.render.page.page import render_report
from tests.benchmarks.measure import Figure, Machine, Measure, alone
from tests.browser import Browser, missing, start

TITLE = "Steps of the page"
LIMIT = 30  # milliseconds
ROUNDS = 5
STEPS = 12
SETTLING = 5
STEP = """
    const [change, done] = arguments, started = performance.now();
    if (typeof change === "string") {
        document.getElementById(change).click();
    } else if (change !== null) {
        const seek = document.getElementById("seek");
        seek.value = change;
        seek.dispatchEvent(new Event("input"));
    }
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)));
"""
GRAPHS: dict[str, tuple[str, dict[str, float]]] = {
    "chain of 1000": (
        "; ".join(f"a{one} = sin({f'a{one - 1}' if one else 'x'})" for one in range(998)) + "; a997 + x",
        {"x": 1.0},
    ),
    "sum of 320 products": (
        "; ".join(f"p{one} = x{one}*y{one}" for one in range(320)) + "; " + " + ".join(f"p{one}" for one in range(320)),
        {f"{name}{one}": 1.1 + one for name in "xy" for one in range(320)},
    ),
    "300 uses of a variable": (" + ".join(f"x*sin({one}*x)" for one in range(1, 300)), {"x": 2.0}),
}


def spent(browser: Browser) -> float:
    """The CPU time of the page's main thread so far in milliseconds."""
    metrics = browser.devtools("Performance.getMetrics")["metrics"]
    return 1000 * float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def taken(browser: Browser, change: str | int | None) -> tuple[float, float]:
    """CPU and wall time of a change until the next frame has been painted."""
    before = spent(browser)
    body: dict[str, Any] = {"script": STEP, "args": [change]}
    wall = browser.request("POST", f"{browser.session}/execute/async", body)
    return spent(browser) - before, float(wall)


def steps(browser: Browser, count: int) -> Iterator[tuple[str, float, float]]:
    """Steps of the page that is open, by what they are, without what measuring takes."""
    browser.devtools("Performance.enable", timeDomain="threadTicks")
    browser.wait("return document.querySelector('main').getAttribute('aria-busy') === 'false'")
    idle = [taken(browser, None)[0] for _ in range(30)]  # the first are for what the page does after it is there
    last = int(browser.run("return document.getElementById('seek').max"))
    for start_at in range(0, last, max(last // count, 1)):
        for change in ("next", "previous"):
            if start_at or change == "previous":
                taken(browser, start_at if change == "next" else last - start_at)
                for _ in range(SETTLING):
                    taken(browser, None)  # what the jump to there leaves to do
            cpu, wall = taken(browser, change)
            yield f"{change} at {start_at if change == 'next' else last - start_at}", cpu - min(idle), wall


def figures(machine: Machine) -> Iterator[Figure]:
    """The slowest step of each graph, of the least of some rounds: others use the machine too."""
    limit = f"{LIMIT} ms"
    if why := missing():
        yield Figure(Measure("slowest step", "CPU time", limit, 1), None, note=why)
        return
    browser = start()
    try:
        browser.look(width=1280, height=800)
        browser.request("POST", f"{browser.session}/timeouts", {"script": 300_000})
        for name, (text, point) in GRAPHS.items():
            report, rounds = cgraph_cli.evaluate(text, point).folded(), []
            path = machine.folder / "page.html"
            path.write_text("".join(render_report(report, View(all=True))), encoding="utf-8")
            for _ in range(ROUNDS):
                browser.open(path)
                rounds.append([*steps(browser, STEPS)])
            columns = ([*zip(*same, strict=True)] for same in zip(*rounds, strict=True))
            least = [(min(cpus), min(walls), kinds[0]) for kinds, cpus, walls in columns]
            cpu, wall = (statistics.median(one[at] for one in least) for at in (0, 1))
            slowest, _, kind = max(least)
            note = f"{slowest:.0f} ms ({kind}); median {cpu:.1f} ms, until it is painted {wall:.0f} ms"
            measure = Measure(name, f"slowest of {len(least)} steps, CPU time", limit, 1)
            yield Figure(measure, slowest / LIMIT, note=note)
    finally:
        browser.close()


if __name__ == "__main__":
    sys.exit(alone("page", figures))
