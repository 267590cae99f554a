"""Rust: std only; method calls, helpers for what f64 lacks or has with too few digits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from cgraph_cli.export.job import Job, about, labels, listed, unused, wrapped
from cgraph_cli.export.language import Language, indented
from cgraph_cli.export.text import CHOICE, Text

KEYWORDS = """
as async await break const continue crate dyn else enum extern false fn for gen if impl in let loop match mod move mut
ref return self Self static struct super trait true type unsafe use where while abstract become box do final macro
override priv try typeof unsized virtual yield union macro_rules raw safe pub
f32 f64 i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize bool char str main std core None Some Ok Err
"""
FUNCTIONS = {
    **{
        row: row
        for row in (
            "sqrt cbrt exp exp2 log2 log10 sin cos tan asin acos atan atan2 sinh cosh tanh hypot floor ceil abs"
        ).split()
    },
    "pow": "powf",
    "log": "ln",
    "log1p": "ln_1p",
    "expm1": "exp_m1",
    "round": "round_ties_even",
}


class Rust(Language):
    """``pub fn f(x: f64, y: f64) -> (f64, [f64; 2])``; f64::sqrt(x), since x.sqrt() needs a type where x is 2.0."""

    title = "Rust"
    ending = ".rs"
    form = "NFC"
    reserved = frozenset(KEYWORDS.split())
    locals = frozenset({"value"})
    special: ClassVar[Mapping[str, str]] = {"inf": "f64::INFINITY", "nan": "f64::NAN"}
    constants: ClassVar[Mapping[str, str]] = {
        **{name: f"std::f64::consts::{name.upper()}" for name in ("pi", "e", "tau")},
        "inf": "f64::INFINITY",
    }
    functions: ClassVar[Mapping[str, str]] = {row: f"f64::{name}" for row, name in FUNCTIONS.items()}
    snippets: ClassVar[Mapping[str, str]] = {
        "sign": """\
/// -1, 0 or 1; nan for nan.
fn $name(x: f64) -> f64 {
    if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else { x }
}""",
        "min": """\
/// The smaller of two numbers; nan if either is nan.
fn $name(x: f64, y: f64) -> f64 {
    if x.is_nan() || x < y { x } else { y }
}""",
        "max": """\
/// The larger of two numbers; nan if either is nan.
fn $name(x: f64, y: f64) -> f64 {
    if x.is_nan() || x > y { x } else { y }
}""",
    }
    declaration = "let {name}: {type} = {value};"
    types = ("f64", "bool")
    if_form = "if {} {{"
    while_form = "while {} {{"
    self_test_form = """\
#[allow(unused_variables)]
fn main() {
    let (value, gradient) = $name($point);
    let checks: [(&str, f64, f64, f64); $count] = [
$rows
    ];
    let mut failed = false;
    for (label, found, expected, tolerance) in checks {
        let same = found == expected || (found.is_nan() && expected.is_nan());
        if !same && !((found - expected).abs() <= tolerance) {
            failed = true;
            println!("{} is {:?}, expected {:?}", label, found, expected);
        }
    }
    if failed {
        std::process::exit(1);
    }
    println!("$agreement");
}"""

    def choice(self, condition: Text, yes: Text, no: Text) -> Text:
        return Text(f"if {condition.code} {{ {yes.code} }} else {{ {no.code} }}", CHOICE)

    def assigned(self, name: str, value: Text, *, first: bool, again: bool) -> str:
        return f"let {'mut ' if again else ''}{name}: f64 = {value.code};" if first else f"{name} = {value.code};"

    def comment(self, lines: list[str]) -> list[str]:
        return [f"/// {line}" if line else "///" for line in lines]

    def signature(self, name: str, parameters: list[str]) -> str:
        return f"fn {name}({', '.join(f'{one}: f64' for one in parameters)}) -> f64 {{"

    def helper_function(self, name: str, parameters: list[str], lines: list[str], about: str) -> str:
        last = lines[-1].removeprefix("return ").removesuffix(";")
        return super().helper_function(name, parameters, [*lines[:-1], last], about)

    def main_function(
        self, job: Job, name: str, parameters: list[str], lines: list[str], value: str, gradient: list[str]
    ) -> str:
        shown = [f"    {line}" for line in about(job)]
        head = self.comment([*shown, "", f"Returns the value and the gradient ({listed(labels(job))})."])
        arguments = wrapped(f"pub fn {name}(", [f"{one}: f64" for one in parameters], ")")
        arguments[-1] += f" -> (f64, [f64; {len(gradient)}]) {{"
        body = [*(f"let _ = {one};" for one in unused(job, parameters)), *lines, f"let value: f64 = {value};"]
        if gradient:
            body += ["if value.is_nan() {", f"    return (value, [value; {len(gradient)}]);", "}"]
        body += wrapped("(value, [", gradient, "])")
        return "\n".join([*head, "#[allow(clippy::all, non_snake_case)]", *arguments, *indented(body), "}"])


LANGUAGE = Rust
