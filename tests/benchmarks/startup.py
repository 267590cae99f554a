"""Whole processes of the installed command, and those of the peers for the same value and gradients.

The wheel is installed in a new environment with the newest pip, bytecode compiled; reference and command run in turn.

By hand: ``python -m tests.benchmarks.startup [--peers PYTHON]``.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator

from tests.benchmarks.measure import Command, Figure, Machine, Measure, alone, processes
from tests.benchmarks.worker import missing

TITLE = "Start-up"
FEWER = 9  # rounds where no bar is near
FORMULA = "(x+y)*z"
POINT = ["--x", "-2", "--y", "5", "--z", "-4"]
NOTHING = "pass"
TABLE = "import rich.console, rich.table"
HELP = "import typer, rich.table"
LARK = "import lark, rich.console, rich.table"
COMMANDS: dict[str, tuple[list[str], str, float]] = {
    "eval --json": (["eval", FORMULA, *POINT, "--json"], NOTHING, 2.0),
    "diff": (["diff", FORMULA], NOTHING, 2.0),
    "export --to c": (["export", FORMULA, "--to", "c"], NOTHING, 2.0),
    "--version": (["--version"], NOTHING, 1.3),
    "TAB": ([], NOTHING, 3.0),
    "svg": (["eval", FORMULA, *POINT, "--format", "svg"], NOTHING, 3.0),
    "html": (["eval", FORMULA, *POINT, "--format", "html"], NOTHING, 3.0),
    "table": (["eval", FORMULA, *POINT], TABLE, 1.6),
    "table, lark": (["eval", FORMULA, *POINT], LARK, 1.3),
    "--help": (["--help"], HELP, 1.5),
}
TAB = {"_CGRAPH_COMPLETE": "complete_bash", "COMP_WORDS": "cgraph ev", "COMP_CWORD": "1"}
LONGER = ["eval", "+".join(f"sin(x*{number})*y" for number in range(1, 13)), "--x", "0.3", "--y", "2"]

# What each peer is asked for the value and the three gradients of the worked example.
LISTED = " ".join([FORMULA, *(f"diff({FORMULA},{name})" for name in "xyz")])
PROGRAMS = {
    "giac": [f"subst([{FORMULA},grad({FORMULA},[x,y,z])],[x,y,z]=[-2,5,-4])"],
    "qalc": ["-t", f"[(-2+5)*(-4) {LISTED}]"],  # derivatives as formulas: it puts numbers in before it differentiates
    "maxima": ["--very-quiet", f"--batch-string=at([{LISTED.replace(' ', ',')}],[x=-2,y=5,z=-4]);"],
}
LIBRARIES = {
    "autograd": "from autograd import value_and_grad as g; print(g(lambda v: (v[0]+v[1])*v[2])([-2.0, 5.0, -4.0]))",
    "casadi": (
        "from casadi import *; v = SX.sym('v', 3); f = (v[0]+v[1])*v[2];"
        "print(Function('f', [v], [f, gradient(f, v)])([-2, 5, -4]))"
    ),
    "sympy": (
        "from sympy import *; v = symbols('x y z'); f = (v[0]+v[1])*v[2]; at = dict(zip(v, (-2, 5, -4)));"
        "print(f.subs(at), [f.diff(one).subs(at) for one in v])"
    ),
    "jax": "import jax; print(jax.value_and_grad(lambda v: (v[0]+v[1])*v[2])([-2.0, 5.0, -4.0]))",
    "torch": (
        "import torch; v = torch.tensor([-2.0, 5, -4], requires_grad=True); f = (v[0]+v[1])*v[2]; f.backward();"
        "print(f.item(), v.grad.tolist())"
    ),
}


def figures(machine: Machine) -> Iterator[Figure]:
    """Each command against bare Python or the imports it cannot do without, then the peers against bare Python."""
    for name, (words, reference, bar) in COMMANDS.items():
        command = machine.cgraph(*words, **({} if words else TAB))
        measure = Measure(name, f"cgraph {' '.join(words)}".rstrip(), f'python -c "{reference}"', bar)
        yield processes(measure, command, machine.python(reference))
    yield from formats(machine)
    for name, words in (*PROGRAMS.items(), *((name, ["-c", code]) for name, code in LIBRARIES.items())):
        measure = Measure(f"peer: {name}", "the same value and gradients", f'python -c "{NOTHING}"')
        path = shutil.which(name) if name in PROGRAMS else machine.peers
        why = f"no {name} on this machine" if path is None else missing(path, name) if name in LIBRARIES else ""
        if path is None or why:
            yield Figure(measure, None, note=why)
        else:
            yield processes(measure, Command([path, *words]), machine.python(NOTHING), FEWER)


def formats(machine: Machine) -> Iterator[Figure]:
    """Every format of text, and the worked solution, against the table: 50 nodes."""
    from cgraph_cli.cli.commands import COMMANDS as OURS

    table = machine.cgraph(*LONGER)
    for chosen in OURS["eval"].options["format"].choices:
        if chosen not in ("svg", "png", "pdf", "html", "table"):
            measure = Measure(f"{chosen}, 50 nodes", f"cgraph eval … --format {chosen}", "the table", 1.3)
            yield processes(measure, machine.cgraph(*LONGER, "--format", chosen), table, FEWER)
    measure = Measure("explain, 50 nodes", "cgraph explain …", "the table", 1.3)
    yield processes(measure, machine.cgraph("explain", *LONGER[1:]), table, FEWER)


if __name__ == "__main__":
    sys.exit(alone("startup", figures))
