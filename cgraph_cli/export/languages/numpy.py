"""NumPy: the function takes numbers or arrays of one shape; IEEE 754 is numpy's own way, only its warnings are off."""

from __future__ import annotations

import keyword
from collections.abc import Mapping, Sequence
from typing import ClassVar

from cgraph_cli.export.bounds import Bounds
from cgraph_cli.export.functions import PORTABLE
from cgraph_cli.export.job import ATOM, MULTIPLICATION, Job, Text, gradient_of, value_of, wrapped
from cgraph_cli.export.language import Language, Snippet
from cgraph_cli.export.languages.python import BUILT_IN, Python
from cgraph_cli.export.names import Names


def _element(name: str) -> Snippet:
    return Snippet(f"{{name}} = np.vectorize(math.{name}, otypes=[float])")


class NumPy(Python):
    """A function of arrays."""

    title = "Python"
    reserved = frozenset(keyword.kwlist) | BUILT_IN
    special: ClassVar[Mapping[str, str]] = {"inf": "np.inf", "nan": "np.nan"}
    constants: ClassVar[Mapping[str, str]] = {"pi": "np.pi", "e": "np.e", "inf": "np.inf"}
    functions: ClassVar[Mapping[str, str]] = {
        **{
            name: f"np.{name}" for name in "sqrt cbrt exp exp2 expm1 log log2 log10 log1p hypot floor ceil sign".split()
        },
        **{name: f"np.{name}" for name in "sin cos tan sinh cosh tanh".split()},
        **{f"a{name}": f"np.arc{name}" for name in "sin cos tan sinh cosh tanh tan2".split()},
        "round": "np.rint",
        "abs": "np.abs",
        "min": "np.minimum",
        "max": "np.maximum",
    }
    snippets: ClassVar[Mapping[str, Snippet]] = {
        "pow": Snippet(
            'def {name}(x, y):\n    """x**y as in C; numpy takes a square root for y = 0.5, which is nan for -inf."""\n'
            "    return np.where(np.logical_and(x == -np.inf, y == 0.5), np.inf, np.power(x, y))"
        ),
        "erf": _element("erf"),
        "erfc": _element("erfc"),
        "gamma": Snippet(
            "@np.vectorize\n"
            + Python.snippets["gamma"].code.replace("math.inf", "np.inf").replace("math.nan", "np.nan")
        ),
    }

    def function(self, name: str, bounds: Sequence[Bounds]) -> str:
        return Language.function(self, name, bounds)

    def division(self, left: Text, right: Text, bounds: Sequence[Bounds]) -> Text:
        return self.infix("/", left, right, MULTIPLICATION)

    def power(self, base: Text, exponent: Text, bounds: Sequence[Bounds]) -> Text:
        low, high = bounds[1]
        if low == high and low.is_integer():
            return Text(f"{self.at(base, ATOM)}**{self.at(exponent, ATOM)}", MULTIPLICATION)
        if low == high != 0.5:
            return self.call("np.power", [base, exponent])
        return super().power(base, exponent, bounds)

    def is_built_in(self, row: str) -> bool:
        return Language.is_built_in(self, row) and row != "pow"

    def choice(self, condition: Text, yes: Text, no: Text) -> Text:
        return Text(f"np.where({condition.code}, {yes.code}, {no.code})")

    def as_number(self, text: Text) -> Text:
        return Text(f"np.where({text.code}, 1.0, 0.0)") if text.logical else text

    def conjunction(self, left: Text, right: Text) -> Text:
        return Text(f"np.logical_and({left.code}, {right.code})", ATOM, True)

    def negation(self, text: Text) -> Text:
        return Text(f"np.logical_not({text.code})", ATOM, True)

    def helper_code(self, row: str) -> str:
        if row in self.snippets or row not in PORTABLE:
            return super().helper_code(row)
        # A loop runs element by element: Python's own floats are quicker there than arrays of one.
        code = _SCALARS.helper_code(row)
        if row not in ("lgamma", "digamma", "polygamma"):
            return code
        return f"{code}\n\n\n{self.helper(row)} = np.vectorize({_SCALARS.helper(row)}, otypes=[float])"

    imports = "import math\n\nimport numpy as np"

    def file(self, parts: list[str], test: str | None) -> str:
        whole = super().file(parts, test)
        return whole if "math." in whole.removeprefix(self.imports) else whole.replace("import math\n\n", "", 1)

    def main_function(
        self, job: Job, name: str, parameters: list[str], lines: list[str], outputs: Mapping[str, Text]
    ) -> str:
        arrays = [f"{one} = np.asarray({one}, dtype=float)" for one in parameters]
        gradient = [text.code for text in gradient_of(job, outputs)]
        inner = [*lines, f"value = {value_of(outputs).code}"]
        inner += wrapped("gradient = [", gradient, "]")
        body = ["    " + "\n".join(self.docstring(job)), *(f"    {line}" for line in arrays)]
        body += ['    with np.errstate(all="ignore"):', *(f"        {line}" for line in inner)]
        if gradient:
            body += [
                "    value, *gradient = np.broadcast_arrays(value, *gradient)",
                "    return value, np.stack(gradient)",
            ]
        else:
            body.append("    return value, np.array(gradient)")
        return "\n".join([f"def {name}({', '.join(parameters)}):", *body])

    def docstring(self, job: Job) -> list[str]:
        lines = super().docstring(job)
        lines[-2] = lines[-2].replace("gradient (", "array of the gradient (")
        return lines

    def reserve_locals(self, names: Names) -> None:
        names.taken |= {"value", "gradient", "np"}


class _Scalars(Python):
    """The functions of one float that are applied to every element."""

    def helper(self, name: str) -> str:
        return super().helper(name) + ("_of_float" if name in ("lgamma", "digamma", "polygamma") else "")


_SCALARS = _Scalars()
LANGUAGE = NumPy
