"""Python: math only; helpers stand in where math raises and IEEE 754 has inf or nan."""

from __future__ import annotations

import keyword
from collections.abc import Mapping, Sequence
from typing import ClassVar

from cgraph_cli.export.bounds import INF, Bounds
from cgraph_cli.export.job import (
    CHOICE,
    CONJUNCTION,
    DISJUNCTION,
    MULTIPLICATION,
    Check,
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

BUILT_IN = frozenset(
    "abs float max min math print range round sum zip len abs __name__ __debug__ tuple list SystemExit np numpy".split()
)


def _raising(function: str, *, overflow: str | None = None, domain: bool = False, about: str) -> Snippet:
    lines = ["def {name}(x):", f'    """{about}"""', "    try:", f"        return math.{function}(x)"]
    if domain:
        lines += ["    except ValueError:", "        return math.nan"]
    if overflow:
        lines += ["    except OverflowError:", f"        return {overflow}"]
    return Snippet("\n".join(lines))


def _finite(function: str) -> Snippet:
    return Snippet(
        f'def {{name}}(x):\n    """{function}(x); nan where x is infinite."""\n'
        f"    return math.{function}(x) if math.isfinite(x) else math.nan"
    )


def _logarithm(function: str, pole: str) -> Snippet:
    return Snippet(
        f'def {{name}}(x):\n    """{function}(x); -inf at its pole, nan below."""\n'
        f"    if x > {pole} or x != x:\n        return math.{function}(x)\n"
        f"    return -math.inf if x == {pole} else math.nan"
    )


def _step(function: str) -> Snippet:
    return Snippet(
        f'def {{name}}(x):\n    """{function}(x) as a float."""\n'
        f"    return math.copysign(float({function}(x)), x) if math.isfinite(x) else x"
    )


def _extreme(function: str) -> Snippet:
    return Snippet(
        f'def {{name}}(x, y):\n    """{function}(x, y); nan if either is nan."""\n'
        f"    return x + y if x != x or y != y else {function}(x, y)"
    )


class Python(Language):
    """A function of floats."""

    title = "Python"
    ending = ".py"
    prefix = "_"
    form = "NFKC"
    reserved = frozenset(keyword.kwlist) | BUILT_IN
    special: ClassVar[Mapping[str, str]] = {"inf": "math.inf", "nan": "math.nan"}
    constants: ClassVar[Mapping[str, str]] = {name: f"math.{name}" for name in ("pi", "e", "tau", "inf")}
    symbols: ClassVar[Mapping[str, str]] = {**Language.symbols, "and": "and", "or": "or", "not": "not "}
    # These never raise.
    functions: ClassVar[Mapping[str, str]] = {
        **{name: f"math.{name}" for name in "cbrt atan tanh asinh hypot atan2 erf erfc".split()},
        "abs": "abs",
    }
    snippets: ClassVar[Mapping[str, Snippet]] = {
        "div": Snippet(
            "def {name}(x, y):\n"
            '    """x/y; infinite or nan where y is 0."""\n'
            "    if y != 0.0:\n"
            "        return x/y\n"
            "    if x == 0.0 or x != x:\n"
            "        return math.nan\n"
            "    return math.copysign(math.inf, math.copysign(1.0, x)*math.copysign(1.0, y))"
        ),
        "pow": Snippet(
            "def {name}(x, y):\n"
            '    """x**y as in C: inf and nan where math.pow raises."""\n'
            "    try:\n"
            "        return math.pow(x, y)\n"
            "    except ValueError:\n"
            "        if x == 0.0:\n"
            "            return math.copysign(math.inf, x) if y % 2.0 == 1.0 else math.inf\n"
            "        return math.nan\n"
            "    except OverflowError:\n"
            "        return -math.inf if x < 0.0 and y % 2.0 == 1.0 else math.inf"
        ),
        "sign": Snippet(
            'def {name}(x):\n    """-1, 0 or 1; nan for nan."""\n'
            "    return math.copysign(1.0, x) if x < 0.0 or x > 0.0 else x + 0.0"
        ),
        **{
            name: _raising(name, overflow="math.inf", about=f"{name}(x); inf where it overflows.")
            for name in ("exp", "exp2", "expm1", "cosh")
        },
        "sinh": _raising("sinh", overflow="math.copysign(math.inf, x)", about="sinh(x); infinite where it overflows."),
        **{
            name: _raising(name, domain=True, about=f"{name}(x); nan outside its domain.")
            for name in ("sqrt", "asin", "acos", "acosh")
        },
        "atanh": Snippet(
            'def {name}(x):\n    """atanh(x); infinite at -1 and 1, nan outside."""\n'
            "    if abs(x) == 1.0:\n        return math.copysign(math.inf, x)\n"
            "    return math.atanh(x) if abs(x) < 1.0 else math.nan"
        ),
        **{name: _finite(name) for name in ("sin", "cos", "tan")},
        **{name: _logarithm(name, "0.0") for name in ("log", "log2", "log10")},
        "log1p": _logarithm("log1p", "-1.0"),
        "floor": _step("math.floor"),
        "ceil": _step("math.ceil"),
        "round": _step("round"),
        "min": _extreme("min"),
        "max": _extreme("max"),
        "gamma": Snippet(
            'def {name}(x):\n    """gamma(x); infinite at 0 and where it overflows, nan at the other poles."""\n'
            "    if x == 0.0:\n        return math.copysign(math.inf, x)\n"
            "    try:\n        return math.gamma(x)\n"
            "    except ValueError:\n        return math.nan\n"
            "    except OverflowError:\n        return math.inf"
        ),
    }

    def function(self, name: str, bounds: Sequence[Bounds]) -> str:
        """math's own function where the bounds of its argument leave it nothing to raise."""
        low, high = bounds[0]
        safe = {
            "exp": high <= 709.0,
            "exp2": high <= 1023.0,
            "expm1": high <= 709.0,
            "sqrt": low >= 0.0,
            "log": low > 0.0,
            "log2": low > 0.0,
            "log10": low > 0.0,
            "log1p": low > -1.0,
            "acosh": low >= 1.0,
            "asin": low >= -1.0 and high <= 1.0,
            "acos": low >= -1.0 and high <= 1.0,
            **dict.fromkeys(("sin", "cos", "tan"), low > -INF and high < INF),
            **dict.fromkeys(("sinh", "cosh"), low >= -709.0 and high <= 709.0),
            "pow": bounds == [(1.0, 1.0)] * 2,
        }
        if safe.get(name):
            return f"math.{name}"
        if name == "floor" and bounds[0] == (1.0, 1.0):
            return "math.floor"
        return super().function(name, bounds)

    def division(self, left: Text, right: Text, bounds: Sequence[Bounds]) -> Text:
        low, high = bounds[1]
        if low > 0 or high < 0:
            return self.infix("/", left, right, MULTIPLICATION)
        return self.call(self.helper("div"), [left, right])

    def choice(self, condition: Text, yes: Text, no: Text) -> Text:
        return Text(f"{self.at(yes, DISJUNCTION)} if {condition.code} else {self.at(no, CHOICE)}", CHOICE)

    def as_number(self, text: Text) -> Text:
        return Text(f"float({text.code})") if text.logical else text

    def negation(self, text: Text) -> Text:
        return Text(f"not ({text.code})", CONJUNCTION, True)

    def reserve_locals(self, names: Names) -> None:
        names.taken.add("value")

    def is_built_in(self, row: str) -> bool:
        return super().is_built_in(row) and row not in ("div", "pow")

    # --- statements ---

    def conditional(self, condition: str, yes: list[str], no: list[str]) -> list[str]:
        lines = [f"if {condition}:", *(f"    {line}" for line in yes)]
        return [*lines, "else:", *(f"    {line}" for line in no)] if no else lines

    def loop(self, condition: str, body: list[str]) -> list[str]:
        return [f"while {condition}:", *(f"    {line}" for line in body)]

    def portable_function(self, name: str, parameters: list[str], lines: list[str], about: str) -> str:
        body = [f'    """{about}"""', *(f"    {line}" for line in lines)]
        return "\n".join([f"def {name}({', '.join(parameters)}):", *body])

    def helper_function(self, name: str, parameters: list[str], lines: list[str], value: Text, about: str) -> str:
        return self.portable_function(name, parameters, [*lines, self.returned(value)], about)

    # --- the whole ---

    def docstring(self, job: Job) -> list[str]:
        """The formula and what is returned."""
        parts = labels(job)
        gradient = f"({listed(parts)}{',' if len(parts) == 1 else ''})"
        return ['"""' + "\n    ".join(about(job)), "", f"    Returns the value and the gradient {gradient}.", '    """']

    def main_function(
        self, job: Job, name: str, parameters: list[str], lines: list[str], outputs: Mapping[str, Text]
    ) -> str:
        body = ["    " + "\n".join(self.docstring(job))]
        body += [f"    {line}" for line in lines]
        body.append(f"    value = {value_of(outputs).code}")
        gradient = [text.code for text in gradient_of(job, outputs)]
        lines = wrapped("return value, (", gradient, ",)" if len(gradient) == 1 else ")")
        body += [f"    {line}" for line in lines]
        return "\n".join([f"def {name}({', '.join(parameters)}):", *body])

    imports = "import math"

    def file(self, parts: list[str], test: str | None) -> str:
        whole = "\n\n\n".join([*parts, *([] if test is None else [test])])
        return f"{self.imports}\n\n\n{whole}" if "math." in whole or "np." in whole else whole

    def self_test(self, job: Job, name: str) -> str:
        assert job.point is not None
        point = ", ".join(self.number(value).code for value in job.point)
        return "\n".join(
            [
                'if __name__ == "__main__":',
                f"    value, gradient = {name}({point})",
                "    failed = 0",
                "    for label, found, expected, tolerance in (",
                *(f"        {self.check(position, check)}," for position, check in enumerate(job.checks)),
                "    ):",
                "        same = found == expected or (found != found and expected != expected)",
                "        if not same and not abs(found - expected) <= tolerance:",
                "            failed += 1",
                '            print(f"{label} is {found!r}, expected {expected!r}")',
                "    if failed:",
                "        raise SystemExit(1)",
                f'    print("{agreement(job)}")',
            ]
        )

    def check(self, position: int, check: Check) -> str:
        """One row of the self-test: label, found, expected, tolerance."""
        found = "value" if position == 0 else f"gradient[{position - 1}]"
        numbers = ", ".join(self.number(number).code for number in (check.expected, check.tolerance))
        return f'("{check.label}", {found}, {numbers})'


LANGUAGE = Python
