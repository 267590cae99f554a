"""What all languages share: operators with their precedence, functions by name, straight-line bodies, names.

A language is a subclass that says how its functions, statements and choices are written. A row of the rule table is
an operator, a function of the language's standard mathematics, a helper written in the language (``snippets``), the
row's own value formula as a function, or one of the portable functions of special.py.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from cgraph_cli.export.bounds import Bounds
from cgraph_cli.export.job import (
    ADDITION,
    ATOM,
    CHOICE,
    COMPARISON,
    CONJUNCTION,
    DISJUNCTION,
    MULTIPLICATION,
    SIGN,
    Job,
    Text,
)
from cgraph_cli.export.names import Form, Names
from cgraph_cli.export.straight import LOGICAL, Straight, definition, inside
from cgraph_cli.graph.graph import CONSTANT, VARIABLE
from cgraph_cli.rules import SYMBOLS

LONGEST = 72  # characters of an expression before it gets a name


class Snippet(NamedTuple):
    """A helper written in the language, ``{name}`` for its name, and the rows that it calls."""

    code: str
    needs: tuple[str, ...] = ()


class Language:
    """One language; ``functions`` are rows by the name of the language's own function."""

    title: ClassVar[str]
    ending: ClassVar[str]
    reserved: ClassVar[frozenset[str]] = frozenset()
    globals: ClassVar[frozenset[str]] = frozenset()  # what a function at top level must not be called
    ascii_only: ClassVar[bool] = False
    form: ClassVar[Form | None] = None
    prefix: ClassVar[str] = ""  # of helpers
    functions: ClassVar[Mapping[str, str]] = {}
    constants: ClassVar[Mapping[str, str]] = {}
    snippets: ClassVar[Mapping[str, Snippet]] = {}
    special: ClassVar[Mapping[str, str]] = {"inf": "inf", "nan": "nan"}
    symbols: ClassVar[Mapping[str, str]] = {
        **{name: SYMBOLS[name] for name in LOGICAL},
        "and": "&&",
        "or": "||",
        "not": "!",
    }

    # --- expressions ---

    def number(self, value: float) -> Text:
        """A literal that reads back as the same double."""
        if value != value:
            return Text(self.special["nan"])
        negative = math.copysign(1.0, value) < 0
        code = self.special["inf"] if math.isinf(value) else self.literal(abs(value))
        return Text(f"-{code}", SIGN) if negative else Text(code)

    def literal(self, value: float) -> str:
        """A finite number that is not negative."""
        return repr(value)

    def constant(self, value: float, name: str | None) -> Text:
        """A literal, or the language's own name of a constant."""
        own = None if name is None else self.constants.get("pi" if name == "π" else name)
        return self.number(value) if own is None else Text(own)

    def at(self, text: Text, level: int) -> str:
        """An operand, in parentheses if it holds together less than ``level``."""
        text = self.as_number(text) if level > CHOICE and text.logical else text
        return text.code if text.level >= level else f"({text.code})"

    def infix(self, symbol: str, left: Text, right: Text, level: int) -> Text:
        """A binary operator that associates to the left."""
        spaced = f" {symbol} " if level <= ADDITION else symbol
        strong = level + 1 if level < MULTIPLICATION else ATOM
        return Text(self.at(left, level) + spaced + self.at(right, strong), level)

    def as_number(self, text: Text) -> Text:
        """A truth value as 0 or 1."""
        raise NotImplementedError

    def as_condition(self, text: Text) -> Text:
        """A number as a truth value: nan is true, as it is not 0."""
        return text if text.logical else self.compared("ne", text, self.number(0.0))

    def compared(self, name: str, left: Text, right: Text) -> Text:
        """A comparison."""
        code = f"{self.at(left, ADDITION)} {self.symbols[name]} {self.at(right, ADDITION)}"
        return Text(code, COMPARISON, True)

    def conjunction(self, left: Text, right: Text) -> Text:
        """Both of two truth values."""
        return self.joined("and", left, right, CONJUNCTION)

    def disjunction(self, left: Text, right: Text) -> Text:
        """Any of two truth values."""
        return self.joined("or", left, right, DISJUNCTION)

    def joined(self, word: str, left: Text, right: Text, level: int) -> Text:
        """Two truth values with a connective, which associates."""
        sides = [one.code if one.level >= level else f"({one.code})" for one in (left, right)]
        return Text(f" {self.symbols[word]} ".join(sides), level, True)

    def negation(self, text: Text) -> Text:
        """The opposite truth value."""
        return Text(f"{self.symbols['not']}({text.code})", SIGN, True)

    def choice(self, condition: Text, yes: Text, no: Text) -> Text:
        """One of two numbers."""
        sides = [self.at(one, DISJUNCTION) for one in (yes, no)]
        return Text(f"{condition.code} ? {sides[0]} : {sides[1]}", CHOICE)

    def call(self, function: str, args: Sequence[Text]) -> Text:
        """A call."""
        return Text(f"{function}({', '.join(self.as_number(arg).code for arg in args)})")

    def division(self, left: Text, right: Text, bounds: Sequence[Bounds]) -> Text:
        """left/right with IEEE 754's result for a zero divisor."""
        return self.infix("/", left, right, MULTIPLICATION)

    def power(self, base: Text, exponent: Text, bounds: Sequence[Bounds]) -> Text:
        """C's pow."""
        return self.call(self.function("pow", bounds), [base, exponent])

    def function(self, name: str, bounds: Sequence[Bounds]) -> str:
        """The name of the function for a row, given the bounds of its arguments."""
        own = self.functions.get(name)
        return self.helper(name) if own is None else own

    def helper(self, name: str) -> str:
        """The name of a helper."""
        return self.prefix + {"min": "minimum", "max": "maximum", "pow": "power", "div": "divide"}.get(name, name)

    def apply(self, name: str, args: Sequence[Text], bounds: Sequence[Bounds]) -> Text:
        """A row of the rule table applied to expressions."""
        if name == "where":
            return self.choice(self.as_condition(args[0]), self.as_number(args[1]), self.as_number(args[2]))
        if name in ("eq", "ne") and args[0].logical and args[1].code == self.number(0.0).code:
            return args[0] if name == "ne" else self.negation(args[0])
        if name == "mul" and args[0].logical and args[1].logical:
            return self.conjunction(args[0], args[1])
        args = [self.as_number(arg) for arg in args]
        if name in LOGICAL:
            return self.compared(name, args[0], args[1])
        if name in ("add", "sub"):
            return self.infix(SYMBOLS[name], args[0], args[1], ADDITION)
        if name == "mul":
            return self.infix("*", args[0], args[1], MULTIPLICATION)
        if name == "neg":
            return Text(f"-{self.at(args[0], ATOM)}", SIGN)
        if name == "div":
            return self.division(args[0], args[1], bounds)
        if name == "pow":
            return self.power(args[0], args[1], bounds)
        return self.call(self.function(name, bounds), args)

    # --- bodies ---

    def declared(self, name: str, text: Text) -> str:
        """A statement that gives a new name to a value."""
        return f"{name} = {text.code}"

    def body(self, straight: Straight, variables: Mapping[str, str], names: Names) -> tuple[list[str], dict[str, Text]]:
        """The statements of a straight-line form and the expressions of its outputs."""
        graph, uses, bounds = straight.graph, straight.uses(), straight.bounds
        lines: list[str] = []
        texts: list[Text] = []
        number = 0
        kept = {node: names.give(name) for node, name in straight.names.items() if uses[node]}
        for node, op in enumerate(graph.ops):
            if not uses[node]:
                texts.append(Text(""))
            elif op is VARIABLE:
                texts.append(Text(variables[graph.names[node]]))
            elif op is CONSTANT:
                texts.append(self.constant(graph.constants[node], graph.names.get(node)))
            else:
                arguments = graph.arguments(node)
                text = self.apply(op.name, [texts[arg] for arg in arguments], [bounds[arg] for arg in arguments])
                name = kept.get(node)
                if name is None and (len(text.code) > LONGEST or (uses[node] > 1 and not self.is_trivial(text))):
                    number += 1
                    while f"t{number}" in names.taken:
                        number += 1
                    name = names.give(f"t{number}")
                if name is not None:
                    lines.append(self.declared(name, self.as_number(text)))
                    text = Text(name)
                texts.append(text)
        return lines, {name: self.as_number(texts[node]) for name, node in straight.outputs.items()}

    def is_trivial(self, text: Text) -> bool:
        """Whether writing a value again is as good as naming it: -x, x < 0."""
        return re.fullmatch(r"-?\w+|\w+ (<|<=|>|>=|==|!=) [\w.]+", text.code) is not None

    # --- statements of portable functions ---

    def returned(self, value: Text) -> str:
        """A return statement."""
        return f"return {value.code}"

    def assigned(self, name: str, value: Text, *, first: bool, again: bool) -> str:
        """An assignment: the ``first`` declares the name, ``again`` says that others follow."""
        return f"{name} = {value.code}"

    def conditional(self, condition: str, yes: list[str], no: list[str]) -> list[str]:
        """If, else."""
        raise NotImplementedError

    def loop(self, condition: str, body: list[str]) -> list[str]:
        """While."""
        raise NotImplementedError

    def portable_function(self, name: str, parameters: list[str], lines: list[str], about: str) -> str:
        """A function of numbers with any statements."""
        raise NotImplementedError

    # --- helpers ---

    def plan(self, rows: Iterable[str]) -> list[str]:
        """The helpers that some rows need, each after those that it calls itself."""
        from cgraph_cli.export.functions import PORTABLE

        ordered: dict[str, None] = {}
        stack: list[tuple[str, bool]] = [(row, False) for row in reversed(list(rows))]
        while stack:
            row, ready = stack.pop()
            if row in ordered:
                continue
            if ready:
                ordered[row] = None
                continue
            if row in self.snippets:
                needs: Sequence[str] = self.snippets[row].needs
            elif row in self.functions or self.is_built_in(row):
                continue
            elif row in PORTABLE:
                needs = PORTABLE[row].needs
            else:
                needs = inside(row).rows()
            stack.append((row, True))
            stack.extend((need, False) for need in reversed(needs))
        return list(ordered)

    def is_built_in(self, row: str) -> bool:
        """Whether a row is an operator or a construct of the language."""
        return row in SYMBOLS or row == "where"

    def helper_code(self, row: str) -> str:
        """The definition of a helper."""
        from cgraph_cli.export.functions import PORTABLE
        from cgraph_cli.export.portable import translated

        if row in self.snippets:
            return self.snippets[row].code.replace("{name}", self.helper(row))
        if row in PORTABLE:
            return translated(row, self)
        made = inside(row)
        names = self.scope(made.rows())
        parameters = {arg: names.give(arg) for arg in made.graph.variables}
        lines, outputs = self.body(made, parameters, names)
        return self.helper_function(
            self.helper(row), list(parameters.values()), lines, outputs["value"], definition(row)
        )

    def helper_function(self, name: str, parameters: list[str], lines: list[str], value: Text, about: str) -> str:
        """A function of numbers that returns one number."""
        raise NotImplementedError

    def scope(self, rows: Iterable[str]) -> Names:
        """The names of a function's scope, without those of the functions that it calls."""
        rows = list(rows)
        called = {self.helper(row) for row in self.plan(rows)}
        for row in rows:
            called.update(re.findall(r"\w+", self.functions.get(row, "")))
        for code in (*self.constants.values(), *self.special.values()):
            called.update(re.findall(r"[^\W\d]\w*", code))
        return Names(self.reserved | called, ascii_only=self.ascii_only, form=self.form)

    def function_name(self, job: Job, helpers: Iterable[str]) -> str:
        """The name of the exported function; one that the user chose is never changed.

        Raises UsageError for a chosen name that the language does not take.
        """
        from cgraph_cli.errors import UsageError

        taken = self.reserved | self.globals | {self.helper(row) for row in helpers}
        names = Names(taken, ascii_only=self.ascii_only, form=self.form)
        name = names.give(job.name)
        if job.named and name != job.name:
            raise UsageError(
                f"a function of {self.title} cannot be called `{job.name}`", help=f"--name {name} can be used"
            )
        return name

    # --- the whole ---

    def source(self, job: Job) -> str:
        """The exported file."""
        helpers, main, name = self.parts(job)
        test = self.self_test(job, name) if job.point is not None else None
        return self.file([*helpers, main], test).rstrip("\n") + "\n"

    def parts(self, job: Job) -> tuple[list[str], str, str]:
        """The helpers, the exported function and its name."""
        planned = self.plan(job.straight.rows())
        name = self.function_name(job, planned)
        names = self.scope(job.straight.rows())
        names.taken.add(name)
        self.reserve_locals(names)
        variables = {variable: names.give(variable) for variable in job.variables}
        lines, outputs = self.body(job.straight, variables, names)
        main = self.main_function(job, name, list(variables.values()), lines, outputs)
        return self.used(main, planned), main, name

    def used(self, text: str, helpers: Sequence[str]) -> list[str]:
        """The definitions of the helpers that a text calls; bounds make some of the planned ones needless."""
        codes = {row: self.helper_code(row) for row in helpers}
        rows = {self.helper(row): row for row in helpers}
        wanted: set[str] = set()
        stack = [text]
        while stack:
            for word in set(re.findall(r"\w+", stack.pop())):
                row = rows.get(word)
                if row is not None and row not in wanted:
                    wanted.add(row)
                    stack.append(codes[row])
        return [codes[row] for row in helpers if row in wanted]

    def reserve_locals(self, names: Names) -> None:
        """Take the names that the exported function uses itself."""

    def main_function(
        self, job: Job, name: str, parameters: list[str], lines: list[str], outputs: Mapping[str, Text]
    ) -> str:
        """The exported function: value and gradient."""
        raise NotImplementedError

    def file(self, parts: list[str], test: str | None) -> str:
        """All functions, and the self-test."""
        return "\n\n".join([*parts, *([] if test is None else [test])])

    def self_test(self, job: Job, name: str) -> str:
        """A main that compares with the numbers that cgraph computed."""
        raise NotImplementedError
