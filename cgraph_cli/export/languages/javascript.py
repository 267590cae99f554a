"""JavaScript: a plain function, for a page or a program."""

from __future__ import annotations

from cgraph_cli.export.bounds import Bounds
from cgraph_cli.export.dialect import Dialect, library
from cgraph_cli.export.language import Language, texts
from cgraph_cli.export.text import EQ, NE, POW, Level, Text
from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.light import ClassVar, Mapping, Sequence
from cgraph_cli.syntax.printer import format_number

TEXTS = texts("javascript")


class JavaScript(Language):
    """``f(x, y)`` returns ``{value, gradient: [df/dx, df/dy]}``."""

    title = "JavaScript"
    form = "NFKC"
    reserved = frozenset((TEXTS["reserved"] + " selfTest found checks").split())
    special: ClassVar[Mapping[str, str]] = {"inf": "Infinity", "nan": "NaN"}
    constants: ClassVar[Mapping[str, str]] = {"pi": "Math.PI", "e": "Math.E", "inf": "Infinity"}
    operators: ClassVar[Mapping[Operation, str]] = {**Dialect.operators, EQ: "===", NE: "!=="}
    functions: ClassVar[Mapping[Operation, str]] = library(
        "sqrt cbrt exp expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh "
        "hypot floor ceil abs sign min max",
        "Math.{}",
    )
    snippets: ClassVar[Mapping[Operation, str]] = {
        POW: """\
// x**y as in C: 1**y and (-1)**Infinity are 1.
function $name(x, y) {
    return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x**y;
}""",
        operation("exp2"): """\
// 2**x.
function $name(x) {
    return 2**x;
}""",
    }
    fixed = "const {name} = {value};"
    variable = "let {name} = {value};"
    helper_form = "// {about}\nfunction {name}({parameters}) {{"
    main_form, self_test_form = TEXTS["function"], TEXTS["self-test"]
    undefined = "if (value !== value) {\n    return { value, gradient: Array($count).fill(value) };\n}"
    found = ("found.value", "found.gradient[{}]")
    check_form = '["{label}", {found}, {expected}, {tolerance}],'

    def literal(self, value: float) -> str:
        return format_number(value)

    def power(self, base: Text, exponent: Text, bounds: Sequence[Bounds]) -> Text:
        low, high = bounds[1]
        if low == high:
            return Text(f"{self.at(base, Level.ATOM)}**{self.at(exponent, Level.ATOM)}", Level.MULTIPLICATION)
        return super().power(base, exponent, bounds)


LANGUAGE = JavaScript
