"""JavaScript: a plain function, for a page or a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from cgraph_cli.export.bounds import Bounds
from cgraph_cli.export.job import Job, about, labels, listed, wrapped
from cgraph_cli.export.language import Language, indented
from cgraph_cli.export.text import ATOM, MULTIPLICATION, Text
from cgraph_cli.syntax.printer import format_number

KEYWORDS = """
arguments await break case catch class const continue debugger default delete do else enum eval export extends false
finally for function if implements import in instanceof interface let new null package private protected public return
static super switch this throw true try typeof var void while with yield async get set of undefined NaN Infinity
abstract boolean byte char double final float goto int long native short synchronized throws transient volatile
Math Number Error console Object Array globalThis window document
"""


class JavaScript(Language):
    """``f(x, y)`` returns ``{value, gradient: [df/dx, df/dy]}``."""

    title = "JavaScript"
    ending = ".js"
    form = "NFC"
    reserved = frozenset((KEYWORDS + " selfTest found checks").split())
    locals = frozenset({"value", "gradient"})
    special: ClassVar[Mapping[str, str]] = {"inf": "Infinity", "nan": "NaN"}
    constants: ClassVar[Mapping[str, str]] = {"pi": "Math.PI", "e": "Math.E", "inf": "Infinity"}
    operators: ClassVar[Mapping[str, str]] = {**Language.operators, "eq": "===", "ne": "!=="}
    functions: ClassVar[Mapping[str, str]] = {
        row: f"Math.{row}"
        for row in (
            "sqrt cbrt exp expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh "
            "atanh hypot floor ceil abs sign min max"
        ).split()
    }
    snippets: ClassVar[Mapping[str, str]] = {
        "pow": """\
// x**y as in C: 1**y and (-1)**Infinity are 1.
function $name(x, y) {
    return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x**y;
}""",
        "round": """\
// The nearest whole number, halves to the even one.
function $name(x) {
    const whole = Math.floor(x);
    const rest = x - whole;
    if (rest < 0.5 || !Number.isFinite(x)) {
        return rest < 0.5 ? whole : x;
    }
    return rest > 0.5 || whole % 2 !== 0 ? whole + 1 : whole;
}""",
        "exp2": """\
// 2**x.
function $name(x) {
    return 2**x;
}""",
    }
    declaration = "const {name} = {value};"
    found = ("found.value", "found.gradient[{}]")
    check_form = '["{label}", {found}, {expected}, {tolerance}],'
    self_test_form = """\
// Compares with the numbers that cgraph computed.
(function selfTest() {
    const found = $name($point);
    const checks = [
$rows
    ];
    const wrong = checks.filter(([label, number, expected, tolerance]) =>
        !(Object.is(number, expected) || number === expected ||
            Math.abs(number - expected) <= tolerance));
    if (wrong.length) {
        throw new Error(wrong.map(([label, number, expected]) =>
            `$${label} is $${number}, expected $${expected}`).join("; "));
    }
    console.log("$agreement");
})();"""

    def literal(self, value: float) -> str:
        return format_number(value)

    def power(self, base: Text, exponent: Text, bounds: Sequence[Bounds]) -> Text:
        low, high = bounds[1]
        if low == high:
            return Text(f"{self.at(base, ATOM)}**{self.at(exponent, ATOM)}", MULTIPLICATION)
        return super().power(base, exponent, bounds)

    def assigned(self, name: str, value: Text, *, first: bool, again: bool) -> str:
        return f"{('let ' if again else 'const ') if first else ''}{name} = {value.code};"

    def comment(self, lines: list[str]) -> list[str]:
        return [f"// {line}" for line in lines]

    def signature(self, name: str, parameters: list[str]) -> str:
        return f"function {name}({', '.join(parameters)}) {{"

    def main_function(
        self, job: Job, name: str, parameters: list[str], lines: list[str], value: str, gradient: list[str]
    ) -> str:
        body = [*lines, f"const value = {value};"]
        if gradient:
            undefined = f"return {{ value, gradient: Array({len(gradient)}).fill(value) }};"
            body += ["if (value !== value) {", f"    {undefined}", "}"]
        body += [*wrapped("const gradient = [", gradient, "];"), "return { value, gradient };"]
        head = self.comment([*about(job), f"Returns the value and the gradient [{listed(labels(job))}]."])
        return "\n".join([*head, self.signature(name, parameters), *indented(body), "}"])


LANGUAGE = JavaScript
