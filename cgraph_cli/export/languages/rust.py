"""Rust: std only; method calls, helpers for what f64 lacks or has with too few digits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from cgraph_cli.export.job import (
    ATOM,
    COMPARISON,
    Job,
    Text,
    about,
    agreement,
    gradient_of,
    labels,
    listed,
    unused,
    value_of,
    wrapped,
)
from cgraph_cli.export.language import Snippet
from cgraph_cli.export.languages.braces import Braces, indented

KEYWORDS = """
as async await break const continue crate dyn else enum extern false fn for gen if impl in let loop match mod move mut
ref return self Self static struct super trait true type unsafe use where while abstract become box do final macro
override priv try typeof unsized virtual yield union macro_rules raw safe pub
f32 f64 i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize bool char str main std core None Some Ok Err
"""
METHODS = {
    **{
        name: name
        for name in "sqrt cbrt exp exp2 log2 log10 sin cos tan asin acos atan sinh cosh tanh floor ceil abs".split()
    },
    "atan2": "atan2",
    "hypot": "hypot",
    "pow": "powf",
    "log": "ln",
    "log1p": "ln_1p",
    "expm1": "exp_m1",
    "round": "round_ties_even",
}


class Rust(Braces):
    """``pub fn f(x: f64, y: f64) -> (f64, [f64; 2])``."""

    title = "Rust"
    ending = ".rs"
    form = "NFC"
    reserved = frozenset(KEYWORDS.split())
    special: ClassVar[Mapping[str, str]] = {"inf": "f64::INFINITY", "nan": "f64::NAN"}
    constants: ClassVar[Mapping[str, str]] = {
        "pi": "std::f64::consts::PI",
        "e": "std::f64::consts::E",
        "tau": "std::f64::consts::TAU",
        "inf": "f64::INFINITY",
    }
    functions: ClassVar[Mapping[str, str]] = {name: f".{method}" for name, method in METHODS.items()}
    snippets: ClassVar[Mapping[str, Snippet]] = {
        "sign": Snippet(
            "/// -1, 0 or 1; nan for nan.\nfn {name}(x: f64) -> f64 {\n"
            "    if x > 0.0 {\n        1.0\n    } else if x < 0.0 {\n        -1.0\n    } else {\n        x\n    }\n}"
        ),
        "min": Snippet(
            "/// The smaller of two numbers; nan if either is nan.\nfn {name}(x: f64, y: f64) -> f64 {\n"
            "    if x.is_nan() || x < y {\n        x\n    } else {\n        y\n    }\n}"
        ),
        "max": Snippet(
            "/// The larger of two numbers; nan if either is nan.\nfn {name}(x: f64, y: f64) -> f64 {\n"
            "    if x.is_nan() || x > y {\n        x\n    } else {\n        y\n    }\n}"
        ),
    }
    if_form = "if {condition} {{"
    loop_form = "while {condition} {{"

    def call(self, function: str, args: Sequence[Text]) -> Text:
        if not function.startswith("."):
            return super().call(function, args)
        receiver = self.at(args[0], ATOM)
        if re.fullmatch(r"[-+*/().\de ]+", receiver):  # of literals alone the compiler does not know the type
            return Text(f"f64::{function[1:]}({', '.join(self.as_number(arg).code for arg in args)})")
        rest = ", ".join(self.as_number(arg).code for arg in args[1:])
        return Text(f"{receiver}{function}({rest})")

    def as_number(self, text: Text) -> Text:
        return Text(f"f64::from({text.code})") if text.logical else text

    def compared(self, name: str, left: Text, right: Text) -> Text:
        made = super().compared(name, left, right)
        return made._replace(level=COMPARISON)

    def choice(self, condition: Text, yes: Text, no: Text) -> Text:
        sides = [self.as_number(one).code for one in (yes, no)]
        # In parentheses wherever it is not a whole statement: level 0.
        return Text(f"if {condition.code} {{ {sides[0]} }} else {{ {sides[1]} }}", 0)

    def declared(self, name: str, text: Text) -> str:
        return f"let {name}: f64 = {text.code};"

    def assigned(self, name: str, value: Text, *, first: bool, again: bool) -> str:
        if not first:
            return f"{name} = {value.code};"
        return f"let {'mut ' if again else ''}{name}: f64 = {value.code};"

    def returned(self, value: Text) -> str:
        return f"return {value.code};"

    def comment(self, lines: list[str]) -> list[str]:
        return [f"/// {line}" if line else "///" for line in lines]

    def signature(self, name: str, parameters: list[str]) -> str:
        return f"fn {name}({', '.join(f'{one}: f64' for one in parameters)}) -> f64"

    def helper_function(self, name: str, parameters: list[str], lines: list[str], value: Text, about: str) -> str:
        return super().portable_function(name, parameters, [*lines, value.code], f"`{about}`")

    def portable_function(self, name: str, parameters: list[str], lines: list[str], about: str) -> str:
        last = lines[-1].removeprefix("return ").removesuffix(";")
        return super().portable_function(name, parameters, [*lines[:-1], last], about)

    def main_function(
        self, job: Job, name: str, parameters: list[str], lines: list[str], outputs: Mapping[str, Text]
    ) -> str:
        gradient = [text.code for text in gradient_of(job, outputs)]
        shown = [f"    {line}" for line in about(job)]
        head = self.comment([*shown, "", f"Returns the value and the gradient ({listed(labels(job))})."])
        arguments = wrapped(f"pub fn {name}(", [f"{one}: f64" for one in parameters], ")")
        arguments[-1] += f" -> (f64, [f64; {len(gradient)}]) {{"
        value = value_of(outputs)
        results = wrapped("(" + value.code + ", [", gradient, "])")
        body = indented([*(f"let _ = {one};" for one in unused(job, parameters)), *lines, *results])
        return "\n".join([*head, "#[allow(clippy::all, non_snake_case)]", *arguments, *body, "}"])

    def self_test(self, job: Job, name: str) -> str:
        assert job.point is not None
        point = ", ".join(self.number(value).code for value in job.point)
        rows = []
        for position, check in enumerate(job.checks):
            found = "value" if position == 0 else f"gradient[{position - 1}]"
            numbers = ", ".join(self.number(number).code for number in (check.expected, check.tolerance))
            rows.append(f'        ("{check.label}", {found}, {numbers}),')
        lines = [
            "fn main() {",
            f"    let (value, {'gradient' if job.wrt else '_'}) = {name}({point});",
            f"    let checks: [(&str, f64, f64, f64); {len(job.checks)}] = [",
            *rows,
            "    ];",
            "    let mut failed = false;",
            "    for (label, found, expected, tolerance) in checks {",
            "        let same = found == expected || (found.is_nan() && expected.is_nan());",
            "        if !same && !((found - expected).abs() <= tolerance) {",
            "            failed = true;",
            '            println!("{} is {:?}, expected {:?}", label, found, expected);',
            "        }",
            "    }",
            "    if failed {",
            "        std::process::exit(1);",
            "    }",
            f'    println!("{agreement(job)}");',
            "}",
        ]
        return "\n".join(lines)


LANGUAGE = Rust
