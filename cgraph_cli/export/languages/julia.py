"""Julia: Base only; helpers stand in where Base throws a DomainError and IEEE 754 has inf or nan."""

from __future__ import annotations

import math

from cgraph_cli.export.bounds import Bounds, raises
from cgraph_cli.export.dialect import library
from cgraph_cli.export.language import Language, texts
from cgraph_cli.export.text import POW, Level, Text
from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.light import ClassVar, Mapping, Sequence

TEXTS = texts("julia")

# Where Base does not throw a DomainError.
DOMAINS = {
    operation(row): (condition, about)
    for rows, condition, about in (
        ("sqrt log log2 log10", "x >= 0.0", "nan where x is negative"),
        ("log1p", "x >= -1.0", "nan below -1"),
        ("sin cos tan", "isfinite(x)", "nan where x is infinite"),
        ("asin acos atanh", "abs(x) <= 1.0", "nan outside [-1, 1]"),
        ("acosh", "x >= 1.0", "nan below 1"),
    )
    for row in rows.split()
}


class Julia(Language):
    """``f(x, y)`` returns ``(value, [df/dx, df/dy])``."""

    title = "Julia"
    form = "NFC"
    prefix = "_"
    reserved = frozenset(TEXTS["reserved"].split())
    globals = frozenset(TEXTS["globals"].split())
    special: ClassVar[Mapping[str, str]] = {"inf": "Inf", "nan": "NaN"}
    constants: ClassVar[Mapping[str, str]] = {"inf": "Inf"}
    functions: ClassVar[Mapping[Operation, str]] = library(
        "cbrt exp exp2 expm1 atan sinh cosh tanh asinh hypot floor ceil round abs sign min max atan2=atan"
    )
    snippets: ClassVar[Mapping[Operation, str]] = {
        **{
            op: f"# {op.name}(x); {about}.\n$name(x) = {condition} ? {op.name}(x) : NaN"
            for op, (condition, about) in DOMAINS.items()
        },
        POW: """\
# x^y as in C: nan for a negative base with a broken exponent.
function $name(x, y)
    if x >= 0.0 || isnan(x) || isnan(y) || isinteger(y)
        return x^y
    end
    return isinf(x) || isinf(y) ? abs(x)^y : NaN
end""",
    }
    fixed = variable = changed = "{name} = {value}"
    returned = "return {}"
    if_form = "if {}"
    else_form = "else"
    while_form = "while {}"
    end_form = "end"
    helper_form = "# {about}\nfunction {name}({parameters})"
    main_form, self_test_form = TEXTS["function"], TEXTS["self-test"]
    undefined = "isnan(value) && return value, fill(value, $count)"
    floats = "{0} = float({0})"
    first_index = 1

    def function(self, op: Operation, bounds: Sequence[Bounds]) -> str:
        """Base's own function where the bounds of its argument leave it nothing to throw."""
        if op in DOMAINS and not raises(getattr(math, op.name), bounds[0]):
            return op.name
        return super().function(op, bounds)

    def power(self, base: Text, exponent: Text, bounds: Sequence[Bounds]) -> Text:
        low, high = bounds[1]
        if bounds[0][0] >= 0.0 or (low == high and low.is_integer()):
            return Text(f"{self.at(base, Level.ATOM)}^{self.at(exponent, Level.ATOM)}", Level.MULTIPLICATION)
        return super().power(base, exponent, bounds)


LANGUAGE = Julia
