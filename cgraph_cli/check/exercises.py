"""Expressions to practise on: THE table of levels, and one drawn from it."""

from __future__ import annotations

from cgraph_cli.errors import UsageError
from cgraph_cli.light import Callable, Iterator, NamedTuple, Sequence, T, re

FORM = re.compile(r"\{(\w)\}")


class Level(NamedTuple):
    """What a level asks for, and its forms: letters in braces are variables, digits in braces numbers from 2 to 5."""

    about: str
    forms: Sequence[str]


# The number of a level and what it asks for, then its forms with bars between them.
TABLE = """
1: sums and products of two operations
({x} + {y})*{z} | ({x} - {y})*{z} | {x}*({y} + {z}) | {x}*({y} - {z}) | {x}*{y} + {z} | {x}*{y} - {z} | {x} + {y}*{z} |
{x} - {y}*{z} | {x}*{y}*{z}
2: powers and constants
{1}*{x}^2 + {y} | {1}*{x}^2*{y} | ({x} + {1}*{y})^2 | ({x} - {y})^2*{1} | {x}^3 - {1}*{y} | {x}^2/{y} + {1} |
{1}*{x}/{y}^2 | {x}*{y}^2 - {1}*{x} | ({x}*{y} + {1})^2
3: one transcendental function with the chain rule
{y}*exp({x} - {1}) | {z}*exp({x}*{y} - {1}) | {z}*({1} + log({x}*{y} - {1})) | {z} + {1}*log({x}^2 - {y}) |
{z}*({1} + sin({x} - {y})) | {z} - {1}*sin({x} - {1}*{y}) | {z}*({1} + tanh({x} - {1}*{y})) |
{1}*sigmoid({x}*{y} + {z}) | {z}*sigmoid({x} - {y}) | {z}/({1} + sin({x} - {1}*{y}))
4: a variable that reaches the output on several paths
{x}*({x} + {y}) | ({x} + {y})*({x} - {y}) | ({x} + {y})*{x}*{z} | {x}*{y} + {x}*{z} | a = {x}*{y}; b = {x} + {z}; a*b |
a = {x} + {y}; a^2 + a*{z} | a = {x}*{y}; a*({x} + a) | a = {x} - {y}; {x}*a^2 | a = {x}^2; b = a + {y}; a*b
5: a neuron or another module, with a loss
p = w*x + b; mse(p, t) | p = relu(w*x + b); mse(p, t) | p = relu(w1*x1 + w2*x2 + b); mse(p, t) |
p = sigmoid(w*x + b); mse(p, t) | p = tanh(w*x + b); mse(p, t) | h = relu(w*x + b); p = v*h; mse(p, t) |
h = sigmoid(w*x + b); p = v*h + c; mse(p, t) | p = w*x + b; hinge(p, t) | p = relu(w*x + b); mse(p, t) + {1}*w^2
"""


def _levels() -> Iterator[tuple[int, Level]]:
    for head, body in re.findall(r"(?m)^(\d: .*)\n((?:(?!\d: ).+\n)+)", TABLE):
        number, about = head.split(": ", 1)
        yield int(number), Level(about, tuple(body.replace("\n", " ").strip().split(" | ")))


LEVELS = dict(_levels())
NAMES = ("xyz", "uvw", "pqr", "rst", "xyw", "kmn")  # that stand for x, y, z in a form


def picker(*seed: object) -> Callable[[Sequence[T]], T]:
    """A way to choose from sequences, the same for the same seed, with every version of Python."""
    from random import Random

    draw = Random("\n".join(map(str, seed))).random  # of which Python promises that it stays
    return lambda known: known[int(draw() * len(known))]


def exercise(level: int, *seed: object) -> str:
    """An expression of a level. Raises UsageError for a level that is not there."""
    if level not in LEVELS:
        raise UsageError(f"there is no level {level}: levels are {min(LEVELS)} to {max(LEVELS)}")
    pick: Callable[[Sequence[str]], str] = picker(level, *seed)
    form, names = pick(LEVELS[level].forms), dict(zip("xyz", pick(NAMES), strict=True))
    return FORM.sub(lambda hole: names.get(hole[1]) or pick("2345"), form)
