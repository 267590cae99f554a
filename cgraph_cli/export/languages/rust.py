"""Rust: std only; helpers for what f64 lacks or has with too few digits."""

from __future__ import annotations

from cgraph_cli.export.dialect import library
from cgraph_cli.export.language import Language, texts
from cgraph_cli.export.text import Level, Text
from cgraph_cli.graph.graph import Operation
from cgraph_cli.light import ClassVar, Mapping

TEXTS = texts("rust")


class Rust(Language):
    """``pub fn f(x: f64, y: f64) -> (f64, [f64; 2])``; f64::sqrt(x), since x.sqrt() needs a type where x is 2.0."""

    title = "Rust"
    form = "NFKC"
    reserved = frozenset(TEXTS["reserved"].split())
    locals = frozenset({"value"})
    special: ClassVar[Mapping[str, str]] = {"inf": "f64::INFINITY", "nan": "f64::NAN"}
    constants: ClassVar[Mapping[str, str]] = {
        **{name: f"std::f64::consts::{name.upper()}" for name in ("pi", "e", "tau")},
        "inf": "f64::INFINITY",
    }
    functions: ClassVar[Mapping[Operation, str]] = library(
        "sqrt cbrt exp exp2 log2 log10 sin cos tan asin acos atan atan2 sinh cosh tanh hypot floor ceil abs "
        "pow=powf log=ln log1p=ln_1p expm1=exp_m1 round=round_ties_even",
        "f64::{}",
    )
    types = ("f64", "bool")
    fixed = "let {name}: {type} = {value};"
    variable = "let mut {name}: {type} = {value};"
    if_form = "if {} {{"
    while_form = "while {} {{"
    parameter = "{}: f64"
    helper_form = "/// {about}\nfn {name}({parameters}) -> f64 {{"
    main_form, self_test_form = TEXTS["function"], TEXTS["self-test"]
    undefined = "if value.is_nan() {\n    return (value, [value; $count]);\n}"
    unused = "let _ = {};"

    def choice(self, condition: Text, yes: Text, no: Text) -> Text:
        otherwise = no.code if no.level == Level.CHOICE else f"{{ {no.code} }}"
        return Text(f"if {condition.code} {{ {yes.code} }} else {otherwise}", Level.CHOICE)

    def helper_function(self, name: str, parameters: list[str], lines: list[str], about: str) -> str:
        last = lines[-1].removeprefix("return ").removesuffix(";")
        return super().helper_function(name, parameters, [*lines[:-1], last], about)


LANGUAGE = Rust
