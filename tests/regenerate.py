"""All that is generated and kept in the tree, made anew: ``python -m tests.regenerate``. Read the difference then."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# In this order: what comes later shows what comes before.
MAKERS = [
    ["cgraph_cli.syntax.maketables"],
    ["cgraph_cli.render.page.makekernels"],
    ["tests.manpage"],
    ["tests.picture"],
    ["pytest", "--quiet", "--update-cases", "tests", "-k", "golden or test_case["],
    ["tests.readme"],
]

if __name__ == "__main__":
    for maker in MAKERS:
        subprocess.run([sys.executable, "-m", *maker], cwd=ROOT, check=True)
