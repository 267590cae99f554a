"""Julia: Base only; helpers stand in where Base throws a DomainError and IEEE 754 has inf or nan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from cgraph_cli.export.bounds import INF, Bounds
from cgraph_cli.export.job import (
    ATOM,
    MULTIPLICATION,
    Job,
    Text,
    about,
    agreement,
    gradient_of,
    labels,
    listed,
    value_of,
    wrapped,
)
from cgraph_cli.export.language import Language, Snippet
from cgraph_cli.export.names import Names

KEYWORDS = """
baremodule begin break catch const continue do else elseif end export false finally for function global if import in isa
let local macro module mutable outer primitive public quote return struct true try type using where while abstract
ccall cglobal NaN Inf Float64 Int float nothing missing println exit abs Base Core Main
"""
BASE = """
sin cos tan exp log sqrt sum min max sign hypot abs round floor ceil atan length size print map filter first last gamma
"""


def _in_domain(function: str, condition: str, about: str) -> Snippet:
    return Snippet(f"# {function}(x); {about}.\n{{name}}(x) = {condition} ? {function}(x) : NaN")


class Julia(Language):
    """``f(x, y)`` returns ``(value, [df/dx, df/dy])``."""

    title = "Julia"
    ending = ".jl"
    form = "NFC"
    prefix = "_"
    reserved = frozenset(KEYWORDS.split())
    globals = frozenset(BASE.split())
    special: ClassVar[Mapping[str, str]] = {"inf": "Inf", "nan": "NaN"}
    constants: ClassVar[Mapping[str, str]] = {"inf": "Inf"}
    functions: ClassVar[Mapping[str, str]] = {
        **{
            name: name
            for name in "cbrt exp exp2 expm1 atan sinh cosh tanh asinh hypot floor ceil abs sign min max".split()
        },
        "atan2": "atan",
        "round": "round",
    }
    snippets: ClassVar[Mapping[str, Snippet]] = {
        "sqrt": _in_domain("sqrt", "x >= 0.0", "nan where x is negative"),
        "log": _in_domain("log", "x >= 0.0", "nan where x is negative"),
        "log2": _in_domain("log2", "x >= 0.0", "nan where x is negative"),
        "log10": _in_domain("log10", "x >= 0.0", "nan where x is negative"),
        "log1p": _in_domain("log1p", "x >= -1.0", "nan below -1"),
        "sin": _in_domain("sin", "isfinite(x)", "nan where x is infinite"),
        "cos": _in_domain("cos", "isfinite(x)", "nan where x is infinite"),
        "tan": _in_domain("tan", "isfinite(x)", "nan where x is infinite"),
        "asin": _in_domain("asin", "abs(x) <= 1.0", "nan outside [-1, 1]"),
        "acos": _in_domain("acos", "abs(x) <= 1.0", "nan outside [-1, 1]"),
        "acosh": _in_domain("acosh", "x >= 1.0", "nan below 1"),
        "atanh": _in_domain("atanh", "abs(x) <= 1.0", "nan outside [-1, 1]"),
        "pow": Snippet(
            "# x^y as in C: nan for a negative base with a broken exponent.\nfunction {name}(x, y)\n"
            "    if x >= 0.0 || isnan(x) || isnan(y) || isinteger(y)\n        return x^y\n    end\n"
            "    return isinf(x) || isinf(y) ? abs(x)^y : NaN\nend"
        ),
    }

    def function(self, name: str, bounds: Sequence[Bounds]) -> str:
        """Base's own function where the bounds of its argument leave it nothing to throw."""
        low, high = bounds[0]
        safe = {
            **dict.fromkeys(("sqrt", "log", "log2", "log10"), low >= 0.0),
            "log1p": low >= -1.0,
            **dict.fromkeys(("sin", "cos", "tan"), low > -INF and high < INF),
            **dict.fromkeys(("asin", "acos", "atanh"), low >= -1.0 and high <= 1.0),
            "acosh": low >= 1.0,
        }
        return name if safe.get(name) else super().function(name, bounds)

    def is_built_in(self, row: str) -> bool:
        return super().is_built_in(row) and row != "pow"

    def power(self, base: Text, exponent: Text, bounds: Sequence[Bounds]) -> Text:
        low, high = bounds[1]
        if bounds[0][0] >= 0.0 or (low == high and low.is_integer()):
            return Text(f"{self.at(base, ATOM)}^{self.at(exponent, ATOM)}", MULTIPLICATION)
        return super().power(base, exponent, bounds)

    def as_number(self, text: Text) -> Text:
        return Text(f"Float64({text.code})") if text.logical else text

    def conditional(self, condition: str, yes: list[str], no: list[str]) -> list[str]:
        lines = [f"if {condition}", *(f"    {line}" for line in yes)]
        if no:
            lines += ["else", *(f"    {line}" for line in no)]
        return [*lines, "end"]

    def loop(self, condition: str, body: list[str]) -> list[str]:
        return [f"while {condition}", *(f"    {line}" for line in body), "end"]

    def portable_function(self, name: str, parameters: list[str], lines: list[str], about: str) -> str:
        body = [f"    {line}" for line in lines]
        return "\n".join([f"# {about}", f"function {name}({', '.join(parameters)})", *body, "end"])

    def helper_function(self, name: str, parameters: list[str], lines: list[str], value: Text, about: str) -> str:
        if not lines:
            return f"# {about}\n{name}({', '.join(parameters)}) = {value.code}"
        return self.portable_function(name, parameters, [*lines, self.returned(value)], about)

    def reserve_locals(self, names: Names) -> None:
        names.taken |= {"value", "gradient"}

    def main_function(
        self, job: Job, name: str, parameters: list[str], lines: list[str], outputs: Mapping[str, Text]
    ) -> str:
        gradient = [text.code for text in gradient_of(job, outputs)]
        head = ['"""', *(f"    {line}" for line in about(job)), ""]
        head += [f"Return the value and the gradient `[{listed(labels(job))}]`.", '"""']
        given = ", ".join(parameters)
        body = [f"{given} = {', '.join(f'float({one})' for one in parameters)}"] if parameters else []
        body += [*lines, f"value = {value_of(outputs).code}"]
        body += wrapped("gradient = Float64[", gradient, "]")
        body.append("return value, gradient")
        return "\n".join([*head, f"function {name}({', '.join(parameters)})", *(f"    {line}" for line in body), "end"])

    def self_test(self, job: Job, name: str) -> str:
        assert job.point is not None
        point = ", ".join(self.number(value).code for value in job.point)
        rows = []
        for position, check in enumerate(job.checks):
            found = "value" if position == 0 else f"gradient[{position}]"
            numbers = ", ".join(self.number(number).code for number in (check.expected, check.tolerance))
            rows.append(f'        ("{check.label}", {found}, {numbers}),')
        lines = [
            "# Compares with the numbers that cgraph computed.",
            "let",
            f"    value, gradient = {name}({point})",
            "    failed = 0",
            "    for (label, found, expected, tolerance) in (",
            *rows,
            "    )",
            "        if !(isequal(found, expected) || found == expected || abs(found - expected) <= tolerance)",
            "            failed += 1",
            '            println("$label is $found, expected $expected")',
            "        end",
            "    end",
            "    failed == 0 || exit(1)",
            f'    println("{agreement(job)}")',
            "end",
        ]
        return "\n".join(lines)


LANGUAGE = Julia
