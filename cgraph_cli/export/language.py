"""What all languages share: straight-line bodies, helpers, the exported function, its self-test.

A language is a subclass that says how its functions, statements and choices are written. A row of the rule table is
an operator, a function of the language's standard mathematics, a helper written in the language (``snippets``), a
portable function of functions.py, or the row's own value formula as a function.
"""

from __future__ import annotations

from cgraph_cli.export.dialect import Dialect
from cgraph_cli.export.job import Job, about, agreement, labels, listed
from cgraph_cli.export.names import Names
from cgraph_cli.export.straight import CONNECTIVES, Straight, definition, inside
from cgraph_cli.export.text import EQ, NEG, Text
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Operation
from cgraph_cli.light import TYPE_CHECKING, ClassVar, Iterable, Mapping, Sequence, text_beside

if TYPE_CHECKING:
    from cgraph_cli.export.expected import Check

LONGEST = 72  # characters of an expression before it gets a name
WIDEST = 88  # of a list on one line


class Language(Dialect):
    """One language: what a file of it looks like.

    The parts of ``main_form`` are $name, $parameters, $about, $labels, $unused, $floats, $lines (which give ``value``
    its number), $gradient, $count and $undefined; those of ``self_test_form`` $name, $point, $rows, $count and
    $agreement.
    """

    title: ClassVar[str]
    globals: ClassVar[frozenset[str]] = frozenset()  # what a function at top level must not be called
    locals: ClassVar[frozenset[str]] = frozenset({"value", "gradient"})  # what the exported function uses itself
    imports: ClassVar[Mapping[str, str]] = {}  # what is at the head of a file that has a certain text
    gap: ClassVar[str] = "\n\n"  # between functions
    main_form: ClassVar[str]
    trailing: ClassVar[str] = ","  # after the last of a list that has one a line
    single: ClassVar[str] = ""  # after the only component of a gradient
    undefined: ClassVar[str] = ""  # what is done with a gradient of $count where the value is nan
    unused: ClassVar[str] = ""  # what is done with a parameter that nothing depends on
    floats: ClassVar[str] = ""  # how a parameter becomes a float
    self_test_form: ClassVar[str]
    check_form: ClassVar[str] = '("{label}", {found}, {expected}, {tolerance}),'
    found: ClassVar[tuple[str, str]] = ("value", "gradient[{}]")
    first_index: ClassVar[int] = 0

    # --- bodies ---

    def body(
        self, straight: Straight, variables: Mapping[str, str], names: Names, value: int | None = None
    ) -> tuple[list[str], dict[str, Text]]:
        """The statements of a straight-line form and the expressions of its outputs; node ``value`` is called that."""
        graph, uses, bounds, truths = straight.graph, straight.uses(), straight.bounds, straight.truths
        lines: list[str] = []
        texts: list[Text] = []
        short = bytearray(len(graph))  # names and numbers
        number = 0
        kept = {node: names.give(name) for node, name in straight.names.items() if uses[node]}
        if value is not None:
            kept.setdefault(value, "value")
        results = set(straight.outputs.values())
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
                long = len(text.code) > LONGEST and node not in results
                if name is None and (long or (uses[node] > 1 and not as_good)):
                    number += 1
                    while f"t{number}" in names.taken:
                        number += 1
                    name = names.give(f"t{number}")
                if name is not None:
                    lines.append(self.declared(name, text, truth=node in truths))
                    text, short[node] = Text(name), 1
            texts.append(text)
        return lines, {name: texts[node] for name, node in straight.outputs.items()}

    # --- helpers ---

    def helpers(self, called: Iterable[Operation]) -> dict[Operation, str]:
        """The definitions of some helpers and of all that these call, each after those that it calls itself."""
        written: dict[Operation, tuple[str, list[Operation]]] = {}
        ordered: dict[Operation, str] = {}
        stack = [(op, False) for op in reversed(list(called))]
        while stack:
            op, ready = stack.pop()
            if ready:
                ordered[op] = written[op][0]
            elif op not in written:
                self.called = {}
                code = self.definition(op)
                written[op] = (code, list(self.called))
                stack.append((op, True))
                stack.extend((need, False) for need in reversed(self.called))
        return ordered

    def definition(self, op: Operation) -> str:
        """The text of a helper."""
        if op in self.snippets:
            return self.snippets[op].replace("$name", self.helper_name(op))
        from cgraph_cli.export.portable import PORTABLE

        if op in PORTABLE:
            from cgraph_cli.export.translated import translated

            return translated(op, self)
        made = inside(op)
        names = self.scope(made.operations())
        parameters = {arg: names.give(arg) for arg in made.graph.variables}
        lines, outputs = self.body(made, parameters, names)
        lines.append(self.returned.format(outputs["value"].code))
        return self.helper_function(self.helper_name(op), list(parameters.values()), lines, definition(op))

    def function_name(self, job: Job, helpers: Iterable[Operation]) -> str:
        """The name of the exported function; one that the user chose is never changed.

        Raises UsageError for a chosen name that the language does not take.
        """
        from cgraph_cli.errors import UsageError

        name = self.names({*self.globals, *(self.helper_name(op) for op in helpers)}).give(job.name)
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
        return self.file([*helpers, main, *test]).rstrip("\n") + "\n"

    def file(self, parts: Sequence[str]) -> str:
        """All functions under what they import."""
        whole = self.gap.join(parts)
        imports = "\n".join(line for text, line in self.imports.items() if text in whole).strip()
        return self.gap.join([imports, whole] if imports else [whole])

    def parts(self, job: Job) -> tuple[list[str], str, str]:
        """The helpers, the exported function and its name."""
        straight = job.straight
        names = self.scope(straight.operations())
        names.taken |= {*self.locals, names.fitting(job.name)}
        variables = {variable: names.give(variable) for variable in job.variables}
        self.called = {}
        lines, outputs = self.body(straight, variables, names, straight.outputs["value"])
        if outputs["value"].code != "value":
            lines.append(self.declared("value", outputs["value"]))
        helpers = self.helpers(self.called)
        name = self.function_name(job, helpers)
        gradient = [outputs[f"d/d{one}"].code for one in job.wrt]
        main = filled(self.main_form, self.fields(job, name, variables, lines, gradient), self.trailing)
        return list(helpers.values()), main, name

    def fields(
        self, job: Job, name: str, variables: Mapping[str, str], lines: Sequence[str], gradient: Sequence[str]
    ) -> dict[str, str | list[str]]:
        """The parts of the exported function."""
        count = len(gradient)
        end = self.single if count == 1 else ""
        size = {"count": str(count), "times": f"*{count}" if count > 1 else ""}
        return {
            **size,
            "name": name,
            "parameters": [self.parameter.format(one) for one in variables.values()],
            "about": "\n".join(about(job)),
            "labels": listed(labels(job)) + end,
            "unused": "\n".join(self.unused.format(variables[one]) for one in job.unused()) if self.unused else "",
            "floats": "\n".join(self.floats.format(one) for one in variables.values()) if self.floats else "",
            "lines": "\n".join(lines),
            "gradient": [text + end for text in gradient],
            "undefined": filled(self.undefined, size) if gradient else "",
        }

    def self_test(self, job: Job, name: str) -> str:
        """A main that compares with the numbers that cgraph computed."""
        rows = [self.check(position, one) for position, one in enumerate(job.checks)]
        parts = {"name": name, "rows": "\n".join(rows), "count": str(len(rows)), "agreement": agreement(job)}
        return filled(self.self_test_form, {**parts, "point": self.given(job)}, self.trailing)

    def given(self, job: Job) -> list[str]:
        """What the self-test calls the function with."""
        assert job.point is not None
        return [self.number(value).code for value in job.point]

    def check(self, position: int, check: Check) -> str:
        """One row of the self-test: label, found, expected, tolerance."""
        value, component = self.found
        found = component.format(position - 1 + self.first_index) if position else value
        expected, tolerance = (self.number(number).code for number in (check.expected, check.tolerance))
        return self.check_form.format(label=check.label, found=found, expected=expected, tolerance=tolerance)


def texts(name: str) -> dict[str, str]:
    """What a language has as text: words, and with places for their parts the exported function and its self-test."""
    parts = text_beside(__file__, f"languages/{name}.txt").removesuffix("\n").removeprefix("--- ").split("\n--- ")
    return {title: text for title, _, text in (part.partition("\n") for part in parts)}


def filled(form: str, parts: Mapping[str, str | list[str]], trailing: str = ",") -> str:
    """A text with its parts filled in.

    A list has one item a line where it would make a line too long, ``trailing`` after the last. All lines of a part
    begin like the line that it stands in; a line that has but an empty part is left out.
    """
    flat = {name: part if isinstance(part, str) else ", ".join(part) for name, part in parts.items()}
    tall = {name: flat[name] if isinstance(part, str) else _tall(part, trailing) for name, part in parts.items()}
    lines = []
    for line in form.split("\n"):
        made = _substituted(line, flat)
        if len(made) > WIDEST:
            made = _substituted(line, tall)
        if made.strip() or not line:
            begin = line[: len(line) - len(line.lstrip(" */#-"))]
            lines.append(made.replace("\n", f"\n{begin}"))
    return "\n".join(lines)


def _substituted(line: str, parts: Mapping[str, str]) -> str:
    """A line with each $name replaced by its part, in which there are no dollar signs, and $$ by one."""
    for name, part in parts.items():
        line = line.replace(f"${name}", part)
    return line.replace("$$", "$")


def _tall(items: Sequence[str], trailing: str) -> str:
    return "\n" + ",\n".join(f"    {item}" for item in items) + trailing + "\n" if len(items) > 1 else "".join(items)
