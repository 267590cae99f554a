"""Where hostile texts come from: seeds of our own, and what is done to them."""

from __future__ import annotations

import re
from random import Random

from cgraph_cli.rules import CALLABLE

SEEDS = [
    "(x+y)*z", "x^2*sin(y)/(1 + z^2)", "log(1 + exp(x*y))", "1/(1 + exp(-(x*y + z)))", "sqrt(x^2 + y^2 + z^2)",
    "atan2(y, x)", "max(x, y, z) - min(x, y, 2)", "where(x > 0, log(x), x*y)", "abs(x) + sign(y)*relu(z)",
    "gamma(x)*lgamma(y) + erf(z)", "x^y^z", "-x^-y", "x!=y", "mse(x, y) + huber(x, y, 0.5)", "bce(sigmoid(x), y)",
    "q = x + y; f = q*z", "g(a) = 1/(1 + exp(-a)); g(x*y + z)",
    "f(a, b) = a*b + b; h(a) = f(a, a)^2; h(x) + f(y, z)", "a = x*y\nb = sin(a)\n# a comment\na*b + cbrt(b)",
    "norm(x, y, z)*logsumexp(x, y, z)", "e^(pi*x) - tau/inf", "x1*x_2 + λ*变量 - x", "2*x² − y·z ÷ 3", "1e308*x*y",
    "5e-324/x", "(x - y)/(x - y)", "x^0.5 + 0^x + 0^0", "((((((x))))))", "floor(x) + ceil(y) + round(z)",
    "clip(x, -1, 1)*leaky_relu(y, 0.2)", "polygamma(1, x)", "asin(x) + acos(y) + acosh(z)", "1_000*x + .5e-3*y",
    "sum(x, x, x, y) - mean(x, y)", "cross_entropy(sigmoid(x), y)", "(x + y)^5 - (x - y)^5", "tan(x)*sec(y)*csc(z)",
    "where(x == y, 1, where(y < z, x, z))*x", "softplus(-x)*elu(y)*gelu(z)",
]  # fmt: skip
PIECES = [
    "(", ")", "+", "-", "*", "/", "^", "**", ",", ";", "\n", "=", "==", "<", ">=", "#", " ", "\r", "\t", "\x00",
    "\x1b[2J", "\ud800", "\udcff", "\u0301", "\u202e", "\ufeff", "²", "⁻", "½", "×", "÷", "∂", "π", "λ", "x", "y",
    "sin", "f(", "where(", "1e999", "1e-999", "0", "1", ".5", "1.", "e", "pi", "inf", "nan", "x=", "g(a)=", "<b>",
    "&amp;", "]]>", "*/", "\\end{", "$", "%", "`", "'", '"', "\\", "{", "}", "_", "@", "!", "|", "--x", "'; drop",
    "\u2028", "🙂", "ǅ", "ﬁ", "K", "௧",
]  # fmt: skip
NUMBERS = [
    "0", "-0.0", "1", "-1", "0.5", "2", "3", "1e-320", "5e-324", "1e308", "-1e308", "1e154", "1e-154", "1e16",
    "inf", "-inf", "nan", "pi/2", "1/3", "0.1", "-2.5", "700", "-745", "1e5", "170.5",
]  # fmt: skip


def mutated(random: Random, text: str, times: int | None = None) -> str:
    """A text to which something was done a few times: pieces put in, taken out, doubled, exchanged, numbers changed."""
    for _ in range(random.randint(1, 6) if times is None else times):
        at = random.randint(0, len(text))
        end = min(len(text), at + random.choice((1, 1, 2, 5, 20)))
        kind = random.randint(0, 6)
        if kind == 0:
            text = text[:at] + random.choice(PIECES) + text[at:]
        elif kind == 1:
            text = text[:at] + text[end:]
        elif kind == 2:
            text = text[:end] + text[at:]
        elif kind == 3:
            text = text[:at] + random.choice(PIECES) + text[end:]
        elif kind == 4:
            text = text[:at] + text[at:end] * random.choice((2, 3, 50)) + text[end:]
        elif kind == 5:
            text = text[:at] + random.choice(NUMBERS) + text[at:]
        else:
            other = random.choice(SEEDS)
            start = random.randint(0, len(other))
            text = text[:at] + other[start : start + random.randint(1, 20)] + text[end:]
        text = text[:2000]
    return text


def rewritten(random: Random, text: str) -> str:
    """A formula that is mostly one still: numbers, names and functions exchanged, parts put into others."""
    functions = sorted(CALLABLE)
    for _ in range(random.randint(0, 4)):
        words = [*re.finditer(r"[A-Za-z_]\w*|\d+(?:\.\d+)?", text)]
        if not words or len(text) > 400:
            break
        word = random.choice(words)
        if text[word.end() : word.end() + 1] == "(":
            new = random.choice(functions)
        elif random.random() < 0.4:
            new = random.choice(("x", "y", "z", f"({random.choice(NUMBERS)})"))
        else:
            inner = random.choice(("x", "y", "2", "0", "x*y", "x - x", "1/x", "1e200*y"))
            new = random.choice(
                (f"{random.choice(functions)}({word[0]})", f"({word[0]} + {inner})", f"({word[0]})^({inner})")
            )
        text = text[: word.start()] + new + text[word.end() :]
    return text
