"""What all languages share: operators with their precedence, functions by name, straight-line bodies, helpers, names.

A language is a subclass that says how its functions, statements and choices are written. A row of the rule table is
an operator, a function of the language's standard mathematics, a helper written in the language (``snippets``), a
portable function of functions.py, or the row's own value formula as a function.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from string import Template
from typing import ClassVar

from cgraph_cli.export.bounds import Bounds
from cgraph_cli.export.expected import Check
from cgraph_cli.export.job import Job, agreement
from cgraph_cli.export.names import Form, Names
from cgraph_cli.export.portable import PORTABLE, translated
from cgraph_cli.export.straight import CONNECTIVES, DIV, EQ, NEG, POW, WHERE, Straight, definition, inside
from cgraph_cli.export.text import (
    ADDITION,
    ATOM,
    CHOICE,
    COMPARISON,
    CONJUNCTION,
    DISJUNCTION,
    LEVELS,
    SIGN,
    Text,
)
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Operation
from cgraph_cli.rules import SYMBOLS

LONGEST = 72  # characters of an expression before it gets a name


class Language:
    """One language. ``functions`` are rows by the name of the language's own function, ``snippets`` helpers by row,
    with ``$name`` for their name; the forms are those of C and the languages that look like it.
    """

    title: ClassVar[str]
    ending: ClassVar[str]
    reserved: ClassVar[frozenset[str]] = frozenset()
    globals: ClassVar[frozenset[str]] = frozenset()  # what a function at top level must not be called
    locals: ClassVar[frozenset[str]] = frozenset()  # what the exported function uses itself
    ascii_only: ClassVar[bool] = False
    form: ClassVar[Form | None] = None
    prefix: ClassVar[str] = ""  # of helpers
    operators: ClassVar[Mapping[str, str]] = {**{row: SYMBOLS.get(row, "") for row in LEVELS}, "and": "&&", "or": "||"}
    functions: ClassVar[Mapping[str, str]] = {}
    constants: ClassVar[Mapping[str, str]] = {}
    snippets: ClassVar[Mapping[str, str]] = {}
    special: ClassVar[Mapping[str, str]] = {"inf": "inf", "nan": "nan"}
    opposite: ClassVar[Text] = Text("!({})", SIGN)
    declaration: ClassVar[str] = "{type}{name} = {value};"  # {type} is one of:
    types: ClassVar[tuple[str, str]] = ("", "")  # of a number, of a truth value
    returned: ClassVar[str] = "return {};"
    if_form: ClassVar[str] = "if ({}) {{"
    else_form: ClassVar[str] = "} else {"
    while_form: ClassVar[str] = "while ({}) {{"
    end_form: ClassVar[str] = "}"
    first_index: ClassVar[int] = 0
    found: ClassVar[tuple[str, str]] = ("value", "gradient[{}]")
    check_form: ClassVar[str] = '("{label}", {found}, {expected}, {tolerance}),'
    self_test_form: ClassVar[str]

    def __init__(self) -> None:
        self.called: dict[str, None] = {}  # the helpers that what is being written calls

    # --- expressions ---

    def number(self, value: float) -> Text:
        """A literal that reads back as the same double."""
        if value != value:
            return Text(self.special["nan"])
        code = self.special["inf"] if math.isinf(value) else self.literal(abs(value))
        return Text(f"-{code}", SIGN) if math.copysign(1.0, value) < 0 else Text(code)

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

    def infix(self, row: str, left: Text, right: Text) -> Text:
        """A binary operator that associates to the left; a connective, which associates, or a comparison."""
        level, symbol = LEVELS[row], self.operators[row]
        if level <= CONJUNCTION:
            sides = [self.at(one, level if one.level == level else COMPARISON) for one in (left, right)]
            return Text(f" {symbol} ".join(sides), level)
        if level == COMPARISON:
            return Text(f"{self.at(left, ADDITION)} {symbol} {self.at(right, ADDITION)}", level)
        spaced = f" {symbol} " if level == ADDITION else symbol
        return Text(self.at(left, level) + spaced + self.at(right, level + 1 if level == ADDITION else ATOM), level)

    def negation(self, text: Text) -> Text:
        """The opposite of a truth value."""
        return Text(self.opposite.code.format(text.code), self.opposite.level)

    def choice(self, condition: Text, yes: Text, no: Text) -> Text:
        """One of two numbers."""
        return Text(f"{condition.code} ? {self.at(yes, DISJUNCTION)} : {self.at(no, DISJUNCTION)}", CHOICE)

    def call(self, function: str, args: Sequence[Text]) -> Text:
        """A call."""
        return Text(f"{function}({', '.join(arg.code for arg in args)})")

    def division(self, left: Text, right: Text, bounds: Sequence[Bounds]) -> Text:
        """left/right with IEEE 754's result for a zero divisor."""
        return self.infix("div", left, right)

    def power(self, base: Text, exponent: Text, bounds: Sequence[Bounds]) -> Text:
        """C's pow."""
        return self.call(self.function("pow", bounds), [base, exponent])

    def function(self, row: str, bounds: Sequence[Bounds]) -> str:
        """The name of the function for a row, given the bounds of its arguments."""
        own = self.functions.get(row)
        return self.helper(row) if own is None else own

    def helper(self, row: str) -> str:
        """The name of a helper that is called."""
        self.called[row] = None
        return self.helper_name(row)

    def helper_name(self, row: str) -> str:
        """The name of a helper: not that of a function of C or Python which it is not."""
        return self.prefix + {"min": "minimum", "max": "maximum", "pow": "power", "div": "divide"}.get(row, row)

    def apply(self, op: Operation, args: Sequence[Text], bounds: Sequence[Bounds]) -> Text:
        """A row of the rule table applied to expressions."""
        if op is NEG:
            return Text(f"-{self.at(args[0], ATOM)}", SIGN)
        if op is WHERE:
            return self.choice(args[0], args[1], args[2])
        if op is DIV:
            return self.division(args[0], args[1], bounds)
        if op is POW:
            return self.power(args[0], args[1], bounds)
        if op.name in self.operators:
            return self.infix(op.name, args[0], args[1])
        return self.call(self.function(op.name, bounds), args)

    # --- bodies ---

    def declared(self, name: str, text: Text, *, truth: bool = False) -> str:
        """A statement that gives a new name to a value."""
        return self.declaration.format(type=self.types[truth], name=name, value=text.code)

    def body(self, straight: Straight, variables: Mapping[str, str], names: Names) -> tuple[list[str], dict[str, Text]]:
        """The statements of a straight-line form and the expressions of its outputs."""
        graph, uses, bounds, truths = straight.graph, straight.uses(), straight.bounds, straight.truths
        lines: list[str] = []
        texts: list[Text] = []
        short = bytearray(len(graph))  # names and numbers
        number = 0
        kept = {node: names.give(name) for node, name in straight.names.items() if uses[node]}
        for node, op in enumerate(graph.ops):
            arguments = graph.arguments(node)
            args = [texts[arg] for arg in arguments]
            if not uses[node]:
                text = Text("")
            elif op is VARIABLE:
                text = Text(variables[graph.names[node]])
            elif op is CONSTANT:
                text = self.constant(graph.constants[node], graph.names.get(node))
            elif op is EQ and arguments[0] in truths:
                text = self.negation(args[0])
            elif node in truths and op in CONNECTIVES:
                text = self.infix(CONNECTIVES[op], args[0], args[1])
            else:
                text = self.apply(op, args, [bounds[arg] for arg in arguments])
            short[node] = not arguments
            if arguments and uses[node]:
                name = kept.get(node)
                as_good = (op is NEG or op.compares) and all(short[arg] for arg in arguments)  # as its name: -x, x < 0
                if name is None and (len(text.code) > LONGEST or (uses[node] > 1 and not as_good)):
                    number += 1
                    while f"t{number}" in names.taken:
                        number += 1
                    name = names.give(f"t{number}")
                if name is not None:
                    lines.append(self.declared(name, text, truth=node in truths))
                    text, short[node] = Text(name), 1
            texts.append(text)
        return lines, {name: texts[node] for name, node in straight.outputs.items()}

    # --- statements of helpers ---

    def assigned(self, name: str, value: Text, *, first: bool, again: bool) -> str:
        """An assignment: the ``first`` declares the name, ``again`` says that others follow."""
        raise NotImplementedError

    def conditional(self, condition: Text, yes: list[str], no: list[str]) -> list[str]:
        """If, else."""
        lines = [self.if_form.format(condition.code), *indented(yes)]
        return [*lines, *([self.else_form, *indented(no)] if no else []), self.end_form]

    def loop(self, condition: Text, body: list[str]) -> list[str]:
        """While."""
        return [self.while_form.format(condition.code), *indented(body), self.end_form]

    def comment(self, lines: list[str]) -> list[str]:
        """Lines above a function."""
        raise NotImplementedError

    def signature(self, name: str, parameters: list[str]) -> str:
        """The head of a helper, which begins its body."""
        raise NotImplementedError

    def helper_function(self, name: str, parameters: list[str], lines: list[str], about: str) -> str:
        """A function of numbers with any statements."""
        return "\n".join([*self.comment([about]), self.signature(name, parameters), *indented(lines), self.end_form])

    # --- helpers ---

    def helpers(self, called: Iterable[str]) -> dict[str, str]:
        """The definitions of some helpers and of all that these call, each after those that it calls itself."""
        written: dict[str, tuple[str, list[str]]] = {}
        ordered: dict[str, str] = {}
        stack = [(row, False) for row in reversed(list(called))]
        while stack:
            row, ready = stack.pop()
            if ready:
                ordered[row] = written[row][0]
            elif row not in written:
                self.called = {}
                code = self.definition(row)
                written[row] = (code, list(self.called))
                stack.append((row, True))
                stack.extend((need, False) for need in reversed(self.called))
        return ordered

    def definition(self, row: str) -> str:
        """The text of a helper."""
        if row in self.snippets:
            return Template(self.snippets[row]).substitute(name=self.helper_name(row))
        if row in PORTABLE:
            return translated(row, self)
        made = inside(row)
        names = self.scope(made.rows())
        parameters = {arg: names.give(arg) for arg in made.graph.variables}
        lines, outputs = self.body(made, parameters, names)
        lines.append(self.returned.format(outputs["value"].code))
        return self.helper_function(self.helper_name(row), list(parameters.values()), lines, definition(row))

    def scope(self, rows: Iterable[str]) -> Names:
        """The names of a function's scope, without those of the functions that it may call."""
        called = {self.functions.get(row) or self.helper_name(row) for row in rows if row not in LEVELS or self.prefix}
        return self.names({word for name in called for word in name.split(".")})

    def names(self, taken: Iterable[str]) -> Names:
        """The names of a scope in which some are taken."""
        return Names(self.reserved.union(taken), ascii_only=self.ascii_only, form=self.form)

    def function_name(self, job: Job, helpers: Iterable[str]) -> str:
        """The name of the exported function; one that the user chose is never changed.

        Raises UsageError for a chosen name that the language does not take.
        """
        from cgraph_cli.errors import UsageError

        name = self.names({*self.globals, *(self.helper_name(row) for row in helpers)}).give(job.name)
        if job.named and name != job.name:
            raise UsageError(
                f"a function of {self.title} cannot be called `{job.name}`", help=f"--name {name} can be used"
            )
        return name

    # --- the whole ---

    def source(self, job: Job) -> str:
        """The exported file."""
        helpers, main, name = self.parts(job)
        test = [self.self_test(job, name)] if job.point is not None else []
        return self.file([*helpers, main, *test], self_test=bool(test)).rstrip("\n") + "\n"

    def parts(self, job: Job) -> tuple[list[str], str, str]:
        """The helpers, the exported function and its name."""
        names = self.scope(job.straight.rows())
        names.taken |= {*self.locals, names.fitting(job.name)}
        variables = {variable: names.give(variable) for variable in job.variables}
        self.called = {}
        lines, outputs = self.body(job.straight, variables, names)
        helpers = self.helpers(self.called)
        name = self.function_name(job, helpers)
        gradient = [outputs[f"d/d{one}"].code for one in job.wrt]
        main = self.main_function(job, name, list(variables.values()), lines, outputs["value"].code, gradient)
        return list(helpers.values()), main, name

    def main_function(
        self, job: Job, name: str, parameters: list[str], lines: list[str], value: str, gradient: list[str]
    ) -> str:
        """The exported function: value and gradient."""
        raise NotImplementedError

    def file(self, parts: list[str], *, self_test: bool) -> str:
        """All functions, and the self-test."""
        return "\n\n".join(parts)

    def self_test(self, job: Job, name: str) -> str:
        """A main that compares with the numbers that cgraph computed."""
        rows = [" " * 8 + self.check(position, one) for position, one in enumerate(job.checks)]
        point = ", ".join(self.arguments(job))
        return Template(self.self_test_form).substitute(
            name=name, point=point, rows="\n".join(rows), count=len(rows), agreement=agreement(job)
        )

    def arguments(self, job: Job) -> list[str]:
        """What the self-test calls the function with."""
        assert job.point is not None
        return [self.number(value).code for value in job.point]

    def check(self, position: int, check: Check) -> str:
        """One row of the self-test: label, found, expected, tolerance."""
        value, component = self.found
        found = component.format(position - 1 + self.first_index) if position else value
        expected, tolerance = (self.number(number).code for number in (check.expected, check.tolerance))
        return self.check_form.format(label=check.label, found=found, expected=expected, tolerance=tolerance)


def indented(lines: Iterable[str]) -> list[str]:
    """Lines one step further in."""
    return ["    " + line if line else line for line in lines]
