"""Julia: Base only; helpers stand in where Base throws a DomainError and IEEE 754 has inf or nan."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import ClassVar

from cgraph_cli.export.bounds import Bounds, raises
from cgraph_cli.export.job import Job, about, labels, listed, wrapped
from cgraph_cli.export.language import Language, indented
from cgraph_cli.export.text import ATOM, MULTIPLICATION, Text

KEYWORDS = """
baremodule begin break catch const continue do else elseif end export false finally for function global if import in isa
let local macro module mutable outer primitive public quote return struct true try type using where while abstract
ccall cglobal NaN Inf Float64 Int float nothing missing println exit abs Base Core Main
"""
BASE = """
sin cos tan exp log sqrt sum min max sign hypot abs round floor ceil atan length size print map filter first last gamma
"""


DOMAINS = {
    **dict.fromkeys(("sqrt", "log", "log2", "log10"), ("x >= 0.0", "nan where x is negative")),
    "log1p": ("x >= -1.0", "nan below -1"),
    **dict.fromkeys(("sin", "cos", "tan"), ("isfinite(x)", "nan where x is infinite")),
    **dict.fromkeys(("asin", "acos", "atanh"), ("abs(x) <= 1.0", "nan outside [-1, 1]")),
    "acosh": ("x >= 1.0", "nan below 1"),
}  # where Base does not throw a DomainError


class Julia(Language):
    """``f(x, y)`` returns ``(value, [df/dx, df/dy])``."""

    title = "Julia"
    ending = ".jl"
    form = "NFC"
    prefix = "_"
    reserved = frozenset(KEYWORDS.split())
    globals = frozenset(BASE.split())
    locals = frozenset({"value", "gradient"})
    special: ClassVar[Mapping[str, str]] = {"inf": "Inf", "nan": "NaN"}
    constants: ClassVar[Mapping[str, str]] = {"inf": "Inf"}
    functions: ClassVar[Mapping[str, str]] = {
        **{
            row: row
            for row in "cbrt exp exp2 expm1 atan sinh cosh tanh asinh hypot floor ceil round abs sign min max".split()
        },
        "atan2": "atan",
    }
    snippets: ClassVar[Mapping[str, str]] = {
        **{
            row: f"# {row}(x); {about}.\n$name(x) = {condition} ? {row}(x) : NaN"
            for row, (condition, about) in DOMAINS.items()
        },
        "pow": """\
# x^y as in C: nan for a negative base with a broken exponent.
function $name(x, y)
    if x >= 0.0 || isnan(x) || isnan(y) || isinteger(y)
        return x^y
    end
    return isinf(x) || isinf(y) ? abs(x)^y : NaN
end""",
    }
    declaration = "{name} = {value}"
    returned = "return {}"
    if_form = "if {}"
    else_form = "else"
    while_form = "while {}"
    end_form = "end"
    first_index = 1
    self_test_form = """\
# Compares with the numbers that cgraph computed.
let
    value, gradient = $name($point)
    failed = 0
    for (label, found, expected, tolerance) in (
$rows
    )
        if !(isequal(found, expected) || found == expected || abs(found - expected) <= tolerance)
            failed += 1
            println(label, " is ", found, ", expected ", expected)
        end
    end
    failed == 0 || exit(1)
    println("$agreement")
end"""

    def function(self, row: str, bounds: Sequence[Bounds]) -> str:
        """Base's own function where the bounds of its argument leave it nothing to throw."""
        if row in DOMAINS and not raises(getattr(math, row), bounds[0]):
            return row
        return super().function(row, bounds)

    def power(self, base: Text, exponent: Text, bounds: Sequence[Bounds]) -> Text:
        low, high = bounds[1]
        if bounds[0][0] >= 0.0 or (low == high and low.is_integer()):
            return Text(f"{self.at(base, ATOM)}^{self.at(exponent, ATOM)}", MULTIPLICATION)
        return super().power(base, exponent, bounds)

    def assigned(self, name: str, value: Text, *, first: bool, again: bool) -> str:
        return f"{name} = {value.code}"

    def comment(self, lines: list[str]) -> list[str]:
        return [f"# {line}" for line in lines]

    def signature(self, name: str, parameters: list[str]) -> str:
        return f"function {name}({', '.join(parameters)})"

    def main_function(
        self, job: Job, name: str, parameters: list[str], lines: list[str], value: str, gradient: list[str]
    ) -> str:
        head = ['"""', *(f"    {line}" for line in about(job)), ""]
        head += [f"Return the value and the gradient `[{listed(labels(job))}]`.", '"""']
        given = ", ".join(parameters)
        body = [f"{given} = {', '.join(f'float({one})' for one in parameters)}"] if parameters else []
        body += [*lines, f"value = {value}"]
        if gradient:
            body.append(f"isnan(value) && return value, fill(value, {len(gradient)})")
        body += [*wrapped("gradient = Float64[", gradient, "]"), "return value, gradient"]
        return "\n".join([*head, self.signature(name, parameters), *indented(body), "end"])


LANGUAGE = Julia
