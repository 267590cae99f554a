"""Python: math only; the engine's own functions stand in where math raises and IEEE 754 has inf or nan."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Mapping, Sequence
from types import BuiltinFunctionType
from typing import ClassVar

from cgraph_cli.engine.floats import FLOAT
from cgraph_cli.export.bounds import Bounds, raises
from cgraph_cli.export.job import Job, about, labels, listed, wrapped
from cgraph_cli.export.language import Language, indented
from cgraph_cli.export.portable import PORTABLE, guarded, python_name, python_source, stands_alone
from cgraph_cli.export.text import CHOICE, CONJUNCTION, DISJUNCTION, Text

RESERVED = frozenset(keyword.kwlist) | frozenset(
    "abs float max min math print range round sum zip len abs any __name__ __debug__ tuple list SystemExit np".split()
)
SCALAR: dict[str, Callable[..., float]] = {
    **PORTABLE,
    **{row: function for row, function in FLOAT.functions.items() if stands_alone(function)},
}
GUARDED = {row: inner for row, function in SCALAR.items() if (inner := guarded(function)) is not None}


class Python(Language):
    """A function of floats."""

    title = "Python"
    ending = ".py"
    prefix = "_"
    form = "NFKC"
    reserved = RESERVED
    locals = frozenset({"value"})
    special: ClassVar[Mapping[str, str]] = {"inf": "math.inf", "nan": "math.nan"}
    constants: ClassVar[Mapping[str, str]] = {name: f"math.{name}" for name in ("pi", "e", "tau", "inf")}
    operators: ClassVar[Mapping[str, str]] = {**Language.operators, "and": "and", "or": "or"}
    # These never raise.
    functions: ClassVar[Mapping[str, str]] = {
        row: python_name(function) for row, function in SCALAR.items() if isinstance(function, BuiltinFunctionType)
    }
    opposite = Text("not ({})", CONJUNCTION)
    declaration = "{name} = {value}"
    returned = "return {}"
    end_form = ""
    self_test_form = """\
if __name__ == "__main__":
    value, gradient = $name($point)
    failed = 0
    for label, found, expected, tolerance in (
$rows
    ):
        same = found == expected or (found != found and expected != expected)
        if not same and not abs(found - expected) <= tolerance:
            failed += 1
            print(f"{label} is {found!r}, expected {expected!r}")
    if failed:
        raise SystemExit(1)
    print("$agreement")"""
    imports: ClassVar[Sequence[str]] = ("math",)

    def function(self, row: str, bounds: Sequence[Bounds]) -> str:
        """math's own function where the bounds of its argument leave it nothing to raise."""
        guarded = GUARDED.get(row)
        if guarded is not None and not raises(guarded, bounds[0]):
            return python_name(guarded)
        return super().function(row, bounds)

    def division(self, left: Text, right: Text, bounds: Sequence[Bounds]) -> Text:
        low, high = bounds[1]
        return self.infix("div", left, right) if low > 0 or high < 0 else self.call(self.helper("div"), [left, right])

    def choice(self, condition: Text, yes: Text, no: Text) -> Text:
        return Text(f"{self.at(yes, DISJUNCTION)} if {condition.code} else {self.at(no, CHOICE)}", CHOICE)

    def definition(self, row: str) -> str:
        return python_source(SCALAR[row], self, row) if row in SCALAR else super().definition(row)

    def helper_function(self, name: str, parameters: list[str], lines: list[str], about: str) -> str:
        return "\n".join([f"def {name}({', '.join(parameters)}):", *indented([f'"""{about}"""', *lines])])

    def docstring(self, job: Job) -> list[str]:
        """The formula and what is returned."""
        parts = labels(job)
        gradient = f"({listed(parts)}{',' if len(parts) == 1 else ''})"
        return ['"""' + "\n    ".join(about(job)), "", f"Returns the value and the gradient {gradient}.", '"""']

    def main_function(
        self, job: Job, name: str, parameters: list[str], lines: list[str], value: str, gradient: list[str]
    ) -> str:
        body = [*self.docstring(job), *lines, f"value = {value}"]
        if gradient:
            body += [
                "if value != value:",
                f"    return value, (value,){f'*{len(gradient)}' if len(gradient) > 1 else ''}",
            ]
        body += wrapped("return value, (", gradient, ",)" if len(gradient) == 1 else ")")
        return "\n".join([f"def {name}({', '.join(parameters)}):", *indented(body)])

    def file(self, parts: list[str], *, self_test: bool) -> str:
        whole = "\n\n\n".join(parts)
        imports = [f"import {one}" for one in self.imports if f"{one.split()[-1]}." in whole]
        return "\n\n\n".join([*(["\n\n".join(imports)] if imports else []), whole])


LANGUAGE = Python
