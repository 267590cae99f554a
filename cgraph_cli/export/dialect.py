"""How a language writes expressions, statements and functions: forms as data, methods where that is no form.

The forms are those of C and the languages that look like it; a language says where its own are others.
"""

from __future__ import annotations

import math

from cgraph_cli.export.bounds import Bounds
from cgraph_cli.export.names import Form, Names
from cgraph_cli.export.text import AND, DIV, LEVELS, MAX, MIN, NEG, OR, POW, WHERE, Level, Text, indented
from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.light import ClassVar, Iterable, Mapping, Sequence

# Helpers that are not the function of C or Python of their row's name.
SPELLED = {MIN: "minimum", MAX: "maximum", POW: "power", DIV: "divide"}


def library(rows: str, form: str = "{}") -> dict[Operation, str]:
    """What a language calls the functions of some rows: by the row's name, or by another after ``=``."""
    pairs = (row.split("=") for row in rows.split())
    return {operation(row): form.format(other[0] if other else row) for row, *other in pairs}


class Dialect:
    """``functions`` are rows by the name of the language's own function, ``snippets`` helpers by row, with ``$name``
    for their name.
    """

    reserved: ClassVar[frozenset[str]] = frozenset()
    ascii_only: ClassVar[bool] = False
    form: ClassVar[Form | None] = None
    prefix: ClassVar[str] = ""  # of helpers
    operators: ClassVar[Mapping[Operation, str]] = {
        **{op: str(op.symbol) for op in LEVELS if op.symbol is not None},
        AND: "&&",
        OR: "||",
    }
    functions: ClassVar[Mapping[Operation, str]] = {}
    snippets: ClassVar[Mapping[Operation, str]] = {}
    constants: ClassVar[Mapping[str, str]] = {}
    special: ClassVar[Mapping[str, str]] = {"inf": "inf", "nan": "nan"}
    opposite: ClassVar[Text] = Text("!({})", Level.SIGN)
    chosen: ClassVar[str] = "{condition} ? {yes} : {no}"
    types: ClassVar[tuple[str, str]] = ("", "")  # of a number, of a truth value
    fixed: ClassVar[str] = "{type}{name} = {value};"  # gives a value to a name that keeps it
    variable: ClassVar[str] = "{name} = {value};"  # to one that may get another
    changed: ClassVar[str] = "{name} = {value};"
    returned: ClassVar[str] = "return {};"
    if_form: ClassVar[str] = "if ({}) {{"
    else_form: ClassVar[str] = "} else {"
    while_form: ClassVar[str] = "while ({}) {{"
    end_form: ClassVar[str] = "}"
    parameter: ClassVar[str] = "{}"
    helper_form: ClassVar[str]  # the lines of a helper, {about} it, that come before its statements

    def __init__(self) -> None:
        self.called: dict[Operation, None] = {}  # the helpers that what is being written calls

    # --- expressions ---

    def number(self, value: float) -> Text:
        """A literal that reads back as the same double."""
        if value != value:
            return Text(self.special["nan"])
        code = self.special["inf"] if math.isinf(value) else self.literal(abs(value))
        return Text(f"-{code}", Level.SIGN) if math.copysign(1.0, value) < 0 else Text(code)

    def literal(self, value: float) -> str:
        """A finite number that is not negative."""
        return repr(value)

    def constant(self, value: float, name: str | None) -> Text:
        """A literal, or the language's own name of a constant."""
        own = None if name is None else self.constants.get("pi" if name == "π" else name)
        return self.number(value) if own is None else Text(own)

    def at(self, text: Text, level: int) -> str:
        """An operand, in parentheses if it holds together less than ``level``."""
        return text.code if text.level >= level else f"({text.code})"

    def infix(self, op: Operation, left: Text, right: Text) -> Text:
        """A binary operator that associates to the left; a connective, which associates, or a comparison."""
        level, symbol = LEVELS[op], self.operators[op]
        if level <= Level.CONJUNCTION:
            sides = [self.at(one, level if one.level == level else Level.COMPARISON) for one in (left, right)]
            return Text(f" {symbol} ".join(sides), level)
        if level == Level.COMPARISON:
            return Text(f"{self.at(left, Level.ADDITION)} {symbol} {self.at(right, Level.ADDITION)}", level)
        spaced = f" {symbol} " if level == Level.ADDITION else symbol
        return Text(
            self.at(left, level) + spaced + self.at(right, level + 1 if level == Level.ADDITION else Level.ATOM), level
        )

    def negation(self, text: Text) -> Text:
        """The opposite of a truth value."""
        return Text(self.opposite.code.format(text.code), self.opposite.level)

    def choice(self, condition: Text, yes: Text, no: Text) -> Text:
        """One of two numbers."""
        code = self.chosen.format(condition=condition.code, yes=self.at(yes, Level.DISJUNCTION), no=no.code)
        return Text(code, Level.CHOICE)

    def call(self, function: str, args: Sequence[Text]) -> Text:
        """A call."""
        return Text(f"{function}({', '.join(arg.code for arg in args)})")

    def division(self, left: Text, right: Text, bounds: Sequence[Bounds]) -> Text:
        """left/right with IEEE 754's result for a zero divisor."""
        return self.infix(DIV, left, right)

    def power(self, base: Text, exponent: Text, bounds: Sequence[Bounds]) -> Text:
        """C's pow."""
        return self.call(self.function(POW, bounds), [base, exponent])

    def function(self, op: Operation, bounds: Sequence[Bounds]) -> str:
        """The name of the function for a row, given the bounds of its arguments."""
        own = self.functions.get(op)
        return self.helper(op) if own is None else own

    def helper(self, op: Operation) -> str:
        """The name of a helper that is called."""
        self.called[op] = None
        return self.helper_name(op)

    def helper_name(self, op: Operation) -> str:
        """The name of a helper."""
        return self.prefix + SPELLED.get(op, op.name)

    def apply(self, op: Operation, args: Sequence[Text], bounds: Sequence[Bounds]) -> Text:
        """A row of the rule table, a connective or a portable function applied to expressions."""
        if op is NEG:
            return Text(f"-{self.at(args[0], Level.ATOM)}", Level.SIGN)
        if op is WHERE:
            return self.choice(args[0], args[1], args[2])
        if op is DIV:
            return self.division(args[0], args[1], bounds)
        if op is POW:
            return self.power(args[0], args[1], bounds)
        if op in LEVELS:
            return self.infix(op, args[0], args[1])
        return self.call(self.function(op, bounds), args)

    # --- statements ---

    def declared(self, name: str, text: Text, *, truth: bool = False) -> str:
        """A statement that gives a new name to a value."""
        return self.fixed.format(type=self.types[truth], name=name, value=text.code)

    def conditional(self, condition: Text, yes: list[str], no: list[str]) -> list[str]:
        """If, else."""
        lines = [self.if_form.format(condition.code), *indented(yes)]
        return [*lines, *([self.else_form, *indented(no)] if no else []), self.end_form]

    def loop(self, condition: Text, body: list[str]) -> list[str]:
        """While."""
        return [self.while_form.format(condition.code), *indented(body), self.end_form]

    def helper_function(self, name: str, parameters: list[str], lines: list[str], about: str) -> str:
        """A function of numbers with any statements."""
        given = ", ".join(self.parameter.format(one) for one in parameters)
        head = self.helper_form.format(name=name, parameters=given, about=about)
        return "\n".join([head, *indented(lines), self.end_form]).rstrip()

    # --- names ---

    def scope(self, ops: Iterable[Operation]) -> Names:
        """The names of a function's scope, without those of the functions that it may call."""
        called = {self.functions.get(op) or self.helper_name(op) for op in ops if op not in LEVELS or self.prefix}
        return self.names({word for name in called for word in name.split(".")})

    def names(self, taken: Iterable[str]) -> Names:
        """The names of a scope in which some are taken."""
        return Names(self.reserved.union(taken), ascii_only=self.ascii_only, form=self.form)
