"""What automatic differentiation returns on kinks: a Markdown table of PyTorch, JAX, autograd and cgraph.

``python -m tests.benchmarks.kinks --peers PYTHON`` asks the libraries of that interpreter; the README has the table.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path

# Each with how PyTorch (torch as t), JAX (jax.numpy as np, jax.nn as nn) and autograd (numpy as np) write it, "" where
# they lack it, and the point; the gradient is by the first variable.
ROWS = {
    "abs(x)": ("abs(x)", [0.0], "t.abs(x)", "np.abs(x)", "np.abs(x)"),
    "relu(x)": ("relu(x)", [0.0], "t.relu(x)", "nn.relu(x)", "np.maximum(x, 0.0)"),
    "max(x, y)": ("max(x, y)", [1.0, 1.0], "t.maximum(x, y)", "np.maximum(x, y)", "np.maximum(x, y)"),
    "min(x, y)": ("min(x, y)", [1.0, 1.0], "t.minimum(x, y)", "np.minimum(x, y)", "np.minimum(x, y)"),
    "clip(x, -1, 1)": ("clip(x, -1, 1)", [1.0], "t.clamp(x, -1, 1)", "np.clip(x, -1, 1)", "np.clip(x, -1, 1)"),
    "sign(x)": ("sign(x)", [0.0], "t.sign(x)", "np.sign(x)", "np.sign(x)"),
    "floor(x)": ("floor(x)", [2.0], "t.floor(x)", "np.floor(x)", "np.floor(x)"),
    "leaky_relu(x)": ("leaky_relu(x)", [0.0], "t.nn.functional.leaky_relu(x)", "nn.leaky_relu(x)", ""),
    "elu(x, 2)": ("elu(x, 2)", [0.0], "t.nn.functional.elu(x, 2.0)", "nn.elu(x, 2.0)", ""),
    "hypot(x, y)": ("hypot(x, y)", [0.0, 0.0], "t.hypot(x, y)", "np.hypot(x, y)", ""),
    "norm(x, y)": (
        "norm(x, y)",
        [0.0, 0.0],
        "t.linalg.vector_norm(t.stack([x, y]))",
        "np.linalg.norm(np.stack([x, y]))",
        "np.linalg.norm(np.stack([x, y]))",
    ),
    "mae(p, t)": ("mae(x, y)", [1.0, 1.0], "t.nn.functional.l1_loss(x, y)", "np.abs(x - y)", "np.abs(x - y)"),
    "hinge(p, 1)": ("hinge(x, 1)", [1.0], "t.clamp(1 - x, min=0)", "np.maximum(0.0, 1 - x)", "np.maximum(0.0, 1 - x)"),
    "where(x > 0, x, 2*x)": (
        "where(x > 0, x, 2*x)",
        [0.0],
        "t.where(x > 0, x, 2*x)",
        "np.where(x > 0, x, 2*x)",
        "np.where(x > 0, x, 2*x)",
    ),
}
ASK = """
import json, sys
rows, found = json.loads(sys.stdin.read()), {}
def told(name, version, gradient, column):
    found[name] = [version, []]
    for row in rows:
        try:
            found[name][1].append(float(gradient(row[column], row[1])) if row[column] else None)
        except Exception as error:
            found[name][1].append(None)
try:
    import torch as t
    def gradient(text, point):
        names = [t.tensor(one, requires_grad=True) for one in point]
        eval(text, {"t": t, **dict(zip("xy", names))}).backward()
        return names[0].grad
    told("PyTorch", t.__version__.partition("+")[0], gradient, 2)
except ImportError:
    pass
try:
    import jax, jax.numpy, jax.nn
    def gradient(text, point):
        space = {"np": jax.numpy, "nn": jax.nn}
        return jax.grad(lambda *xs: eval(text, {**space, **dict(zip("xy", xs))}))(*point)
    told("JAX", jax.__version__, gradient, 3)
except ImportError:
    pass
try:
    import autograd, autograd.numpy, importlib.metadata
    def gradient(text, point):
        return autograd.grad(lambda *xs: eval(text, {"np": autograd.numpy, **dict(zip("xy", xs))}))(*point)
    told("autograd", importlib.metadata.version("autograd"), gradient, 4)
except ImportError:
    pass
print(json.dumps(found))
"""


def table(peers: Path) -> str:
    """The table, a column for each library that the interpreter has."""
    from cgraph_cli import evaluate

    run = subprocess.run(
        [peers, "-c", ASK], input=json.dumps(list(ROWS.values())), capture_output=True, text=True, check=True
    )
    found: dict[str, tuple[str, list[float | None]]] = json.loads(run.stdout)
    heads = ["∂/∂x on the kink", "at", "cgraph", *(f"{name} {version}" for name, (version, _) in found.items())]
    lines = [heads, ["---"] * len(heads)]
    for index, (name, (text, point, *_)) in enumerate(ROWS.items()):
        values = dict(zip("xy", point, strict=False))
        own = evaluate(text, values).gradients["x"]
        others = [column[index] for _, column in found.values()]
        at = ", ".join(f"{one:g}" for one in point)
        lines.append([f"`{name}`", at, *("" if one is None else f"{one + 0.0:.4g}" for one in (own, *others))])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, required=True)
    print(table(parser.parse_args().peers))
