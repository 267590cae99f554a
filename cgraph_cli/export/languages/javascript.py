"""JavaScript: a plain function, for a page or a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from cgraph_cli.export.bounds import Bounds
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
from cgraph_cli.export.language import Snippet
from cgraph_cli.export.languages.braces import Braces, indented
from cgraph_cli.export.names import Names
from cgraph_cli.syntax.printer import format_number

KEYWORDS = """
arguments await break case catch class const continue debugger default delete do else enum eval export extends false
finally for function if implements import in instanceof interface let new null package private protected public return
static super switch this throw true try typeof var void while with yield async get set of undefined NaN Infinity
abstract boolean byte char double final float goto int long native short synchronized throws transient volatile
Math Number Error console Object Array globalThis window document
"""


class JavaScript(Braces):
    """``f(x, y)`` returns ``{value, gradient: [df/dx, df/dy]}``."""

    title = "JavaScript"
    ending = ".js"
    form = "NFC"
    reserved = frozenset((KEYWORDS + " selfTest found checks").split())
    special: ClassVar[Mapping[str, str]] = {"inf": "Infinity", "nan": "NaN"}
    constants: ClassVar[Mapping[str, str]] = {"pi": "Math.PI", "e": "Math.E", "inf": "Infinity"}
    symbols: ClassVar[Mapping[str, str]] = {**Braces.symbols, "eq": "===", "ne": "!=="}
    functions: ClassVar[Mapping[str, str]] = {
        name: f"Math.{name}"
        for name in (
            "sqrt cbrt exp expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh "
            "atanh hypot floor ceil abs sign min max"
        ).split()
    }
    snippets: ClassVar[Mapping[str, Snippet]] = {
        "pow": Snippet(
            "// x**y as in C: 1**y and (-1)**Infinity are 1.\nfunction {name}(x, y) {\n"
            "    return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x**y;\n}"
        ),
        "round": Snippet(
            "// The nearest whole number, halves to the even one.\nfunction {name}(x) {\n"
            "    const whole = Math.floor(x);\n"
            "    const rest = x - whole;\n"
            "    if (rest < 0.5 || !Number.isFinite(x)) {\n        return rest < 0.5 ? whole : x;\n    }\n"
            "    return rest > 0.5 || whole % 2 !== 0 ? whole + 1 : whole;\n}"
        ),
        "exp2": Snippet("// 2**x.\nfunction {name}(x) {\n    return 2**x;\n}"),
    }

    def literal(self, value: float) -> str:
        return format_number(value)

    def power(self, base: Text, exponent: Text, bounds: Sequence[Bounds]) -> Text:
        low, high = bounds[1]
        if low == high:
            return Text(f"{self.at(base, ATOM)}**{self.at(exponent, ATOM)}", MULTIPLICATION)
        return super().power(base, exponent, bounds)

    def is_built_in(self, row: str) -> bool:
        return super().is_built_in(row) and row != "pow"

    def as_number(self, text: Text) -> Text:
        return Text(f"Number({text.code})") if text.logical else text

    def declared(self, name: str, text: Text) -> str:
        return f"const {name} = {text.code};"

    def assigned(self, name: str, value: Text, *, first: bool, again: bool) -> str:
        return f"{('let ' if again else 'const ') if first else ''}{name} = {value.code};"

    def comment(self, lines: list[str]) -> list[str]:
        return [f"// {line}" for line in lines]

    def signature(self, name: str, parameters: list[str]) -> str:
        return f"function {name}({', '.join(parameters)})"

    def reserve_locals(self, names: Names) -> None:
        names.taken |= {"value", "gradient"}

    def main_function(
        self, job: Job, name: str, parameters: list[str], lines: list[str], outputs: Mapping[str, Text]
    ) -> str:
        gradient = [text.code for text in gradient_of(job, outputs)]
        body = [*lines, f"const value = {value_of(outputs).code};"]
        body += wrapped("const gradient = [", gradient, "];")
        body.append("return { value, gradient };")
        head = self.comment([*about(job), f"Returns the value and the gradient [{listed(labels(job))}]."])
        return "\n".join([*head, f"{self.signature(name, parameters)} {{", *indented(body), "}"])

    def self_test(self, job: Job, name: str) -> str:
        assert job.point is not None
        point = ", ".join(self.number(value).code for value in job.point)
        rows = []
        for position, check in enumerate(job.checks):
            found = "found.value" if position == 0 else f"found.gradient[{position - 1}]"
            numbers = ", ".join(self.number(number).code for number in (check.expected, check.tolerance))
            rows.append(f'    ["{check.label}", {found}, {numbers}],')
        lines = [
            "// Compares with the numbers that cgraph computed.",
            "(function selfTest() {",
            f"    const found = {name}({point});",
            "    const checks = [",
            *(f"    {row}" for row in rows),
            "    ];",
            "    const wrong = checks.filter(([label, number, expected, tolerance]) =>",
            "        !(Object.is(number, expected) || number === expected ||",
            "            Math.abs(number - expected) <= tolerance));",
            "    if (wrong.length) {",
            "        throw new Error(wrong.map(([label, number, expected]) =>",
            '            `${label} is ${number}, expected ${expected}`).join("; "));',
            "    }",
            f'    console.log("{agreement(job)}");',
            "})();",
        ]
        return "\n".join(lines)


LANGUAGE = JavaScript
