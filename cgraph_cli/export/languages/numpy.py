"""NumPy: the function takes numbers or arrays of one shape; IEEE 754 is numpy's own way, only its warnings are off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from cgraph_cli.export.bounds import ANY, Bounds
from cgraph_cli.export.job import Job, wrapped
from cgraph_cli.export.language import Language, indented
from cgraph_cli.export.languages.python import SCALAR, Python
from cgraph_cli.export.text import ATOM, MULTIPLICATION, Text

OF_FLOAT = " of float"  # the row of a function of one number beside that of arrays


class NumPy(Python):
    """A function of arrays."""

    locals = frozenset({"value", "gradient"})
    special: ClassVar[Mapping[str, str]] = {"inf": "np.inf", "nan": "np.nan"}
    constants: ClassVar[Mapping[str, str]] = {"pi": "np.pi", "e": "np.e", "inf": "np.inf"}
    functions: ClassVar[Mapping[str, str]] = {
        **{
            row: f"np.{row}"
            for row in (
                "sqrt cbrt exp exp2 expm1 log log2 log10 log1p hypot floor ceil sign abs sin cos tan sinh cosh tanh"
            ).split()
        },
        **{f"a{row}": f"np.arc{row}" for row in "sin cos tan sinh cosh tanh tan2".split()},
        "round": "np.rint",
        "min": "np.minimum",
        "max": "np.maximum",
    }
    snippets: ClassVar[Mapping[str, str]] = {
        "pow": '''\
def $name(x, y):
    """x**y as in C; numpy takes a square root for y = 0.5, which is nan for -inf."""
    return np.where(np.logical_and(x == -np.inf, y == 0.5), np.inf, np.power(x, y))'''
    }
    opposite = Text("np.logical_not({})")
    imports: ClassVar[Sequence[str]] = ("math", "numpy as np")

    def function(self, row: str, bounds: Sequence[Bounds]) -> str:
        return Language.function(self, row, bounds)

    def division(self, left: Text, right: Text, bounds: Sequence[Bounds]) -> Text:
        return self.infix("div", left, right)

    def power(self, base: Text, exponent: Text, bounds: Sequence[Bounds]) -> Text:
        low, high = bounds[1]
        if low == high and low.is_integer():
            return Text(f"{self.at(base, ATOM)}**{self.at(exponent, ATOM)}", MULTIPLICATION)
        return self.call("np.power" if low == high != 0.5 else self.helper("pow"), [base, exponent])

    def choice(self, condition: Text, yes: Text, no: Text) -> Text:
        return self.call("np.where", [condition, yes, no])

    def infix(self, row: str, left: Text, right: Text) -> Text:
        if row in ("and", "or"):
            return self.call(f"np.logical_{row}", [left, right])
        return super().infix(row, left, right)

    def definition(self, row: str) -> str:
        """A function that numpy lacks is applied to every element: floats are quicker in it than arrays of one."""
        of_float = row.removesuffix(OF_FLOAT)
        if row in self.snippets or of_float not in SCALAR:
            return Language.definition(self, row)
        scalars = Scalars()
        if of_float == row:
            code = f"{self.helper_name(row)} = np.vectorize({scalars.function(row, [ANY])}, otypes=[float])"
        else:
            code = scalars.definition(of_float)
        self.called |= scalars.called
        return code

    def main_function(
        self, job: Job, name: str, parameters: list[str], lines: list[str], value: str, gradient: list[str]
    ) -> str:
        body = [*self.docstring(job), *(f"{one} = np.asarray({one}, dtype=float)" for one in parameters)]
        body += ['with np.errstate(all="ignore"):']
        body += indented([*lines, f"value = {value}", *wrapped("gradient = [", gradient, "]")])
        if gradient:
            body += [
                "value, *gradient = np.broadcast_arrays(value, *gradient)",
                "return value, np.where(value == value, np.stack(gradient), np.nan)",
            ]
        else:
            body.append("return value, np.array(gradient)")
        return "\n".join([f"def {name}({', '.join(parameters)}):", *indented(body)])

    def docstring(self, job: Job) -> list[str]:
        *lines, last, end = super().docstring(job)
        return [*lines, last.replace("gradient (", "array of the gradient ("), end]


class Scalars(Python):
    """The functions of one float that are applied to every element."""

    def helper(self, row: str) -> str:
        return super().helper(row + OF_FLOAT)

    def helper_name(self, row: str) -> str:
        return super().helper_name(row.removesuffix(OF_FLOAT)) + "_of_float"


LANGUAGE = NumPy
