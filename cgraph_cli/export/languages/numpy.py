"""NumPy: the function takes numbers or arrays of one shape; IEEE 754 is numpy's own way, only its warnings are off."""

from __future__ import annotations

from cgraph_cli.export.bounds import ANY, Bounds
from cgraph_cli.export.dialect import library
from cgraph_cli.export.language import Language, texts
from cgraph_cli.export.languages.python import SCALAR, Python
from cgraph_cli.export.text import AND, OR, POW, Level, Text
from cgraph_cli.graph.graph import Operation
from cgraph_cli.light import ClassVar, Mapping, Sequence, cache


@cache
def of_float(op: Operation) -> Operation:
    """The function of one number beside that of arrays."""
    return Operation(f"{op.name}_of_float")


class NumPy(Python):
    """A function of arrays."""

    locals = Language.locals
    imports: ClassVar[Mapping[str, str]] = {"math.": "import math", "np.": "\nimport numpy as np"}
    special: ClassVar[Mapping[str, str]] = {"inf": "np.inf", "nan": "np.nan"}
    constants: ClassVar[Mapping[str, str]] = {"pi": "np.pi", "e": "np.e", "inf": "np.inf"}
    functions: ClassVar[Mapping[Operation, str]] = library(
        "sqrt cbrt exp exp2 expm1 log log2 log10 log1p hypot floor ceil sign abs sin cos tan sinh cosh tanh "
        "asin=arcsin acos=arccos atan=arctan asinh=arcsinh acosh=arccosh atanh=arctanh atan2=arctan2 round=rint "
        "min=minimum max=maximum",
        "np.{}",
    )
    snippets: ClassVar[Mapping[Operation, str]] = {
        POW: '''\
def $name(x, y):
    """x**y as in C; numpy takes a square root for y = 0.5, which is nan for -inf."""
    return np.where(np.logical_and(x == -np.inf, y == 0.5), np.inf, np.power(x, y))'''
    }
    opposite = Text("np.logical_not({})")
    connectives: ClassVar[Mapping[Operation, str]] = {AND: "np.logical_and", OR: "np.logical_or"}
    main_form = texts("numpy")["function"]
    single = ""
    floats = "{0} = np.asarray({0}, dtype=float)"
    function, division = Language.function, Language.division  # arrays raise nothing

    def power(self, base: Text, exponent: Text, bounds: Sequence[Bounds]) -> Text:
        low, high = bounds[1]
        if low == high and low.is_integer():
            return Text(f"{self.at(base, Level.ATOM)}**{self.at(exponent, Level.ATOM)}", Level.MULTIPLICATION)
        return self.call("np.power" if low == high != 0.5 else self.helper(POW), [base, exponent])

    def choice(self, condition: Text, yes: Text, no: Text) -> Text:
        return self.call("np.where", [condition, yes, no])

    def infix(self, op: Operation, left: Text, right: Text) -> Text:
        connective = self.connectives.get(op)
        return super().infix(op, left, right) if connective is None else self.call(connective, [left, right])

    def definition(self, op: Operation) -> str:
        """A function that numpy lacks is applied to every element: floats are quicker in it than arrays of one."""
        scalar = SCALARS.get(op)
        if op in self.snippets or (op not in SCALAR and scalar is None):
            return Language.definition(self, op)
        scalars = Scalars()
        if scalar is None:
            code = f"{self.helper_name(op)} = np.vectorize({scalars.function(op, [ANY])}, otypes=[float])"
        else:
            code = scalars.definition(scalar)
        self.called |= scalars.called
        return code


SCALARS = {of_float(op): op for op in SCALAR}


class Scalars(Python):
    """The functions of one float that are applied to every element."""

    def helper(self, op: Operation) -> str:
        return super().helper(of_float(op))

    def helper_name(self, op: Operation) -> str:
        return super().helper_name(op if op in SCALARS else of_float(op))


LANGUAGE = NumPy
