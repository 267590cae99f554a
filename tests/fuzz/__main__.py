"""``python -m tests.fuzz --minutes 60``: the fuzz targets by hand; what fails is said with its seed."""

from __future__ import annotations

import argparse
import faulthandler
import json
import signal
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random, SystemRandom
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from conftest import CORPORA

from fuzz.readback import formats_and_exporters
from fuzz.targets import SECONDS, TARGETS, apart, formulas, in_time


def corpus() -> list[str]:
    """The formulas of the corpora, where they are."""
    lines = [json.loads(line) for file in CORPORA.glob("*.jsonl") for line in file.open(encoding="utf-8")]
    return sorted({line["expr"] for line in lines if line.get("expr") and len(line["expr"]) < 400})


def main() -> int:
    """Run the targets in turn until the time is over; the exit code is 1 if anything failed."""
    words = argparse.ArgumentParser(prog="python -m tests.fuzz")
    words.add_argument("--minutes", type=float, default=60)
    words.add_argument("--target", choices=[*TARGETS, "formats", "corpora"], action="append")
    words.add_argument("--seed", type=int, help="only this one")
    given = words.parse_args()
    faulthandler.enable()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)  # what was done is said then too
    known = corpus()
    targets = {
        **TARGETS,
        "formats": formats_and_exporters,
        **({"corpora": lambda random: formulas(random, known)} if known else {}),
    }
    turns = [name for name in targets for _ in range(1 if name == "formats" else 100)]  # that one takes seconds
    counts, failures = Counter[str](), Counter[str]()
    end = time.monotonic() + 60 * given.minutes
    with TemporaryDirectory() as folder, apart(Path(folder)):
        while time.monotonic() < end:
            for name in given.target or turns:
                seed = SystemRandom().getrandbits(48) if given.seed is None else given.seed
                counts[name] += 1
                try:
                    with in_time(SECONDS * (10 if name == "formats" else 1)):  # hundreds of answers, and compilers
                        targets[name](Random(seed))
                except BaseException as error:
                    if isinstance(error, KeyboardInterrupt):
                        end = 0
                        break
                    failures[name] += 1
                    print(f"--target {name} --seed {seed}", file=sys.stderr)
                    print("".join(traceback.format_exception(error)[-3:])[-1500:], file=sys.stderr, flush=True)
            if given.seed is not None:
                break
    print(f"{sum(counts.values()):,} inputs: {dict(counts)}; failures: {dict(failures)}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
