"""Expression to graph: names are resolved, calls are checked, every part becomes a node, in evaluation order."""

from __future__ import annotations

import difflib
from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, count, islice

from cgraph_cli.errors import (
    ArityError,
    DefinitionError,
    MissingVariableError,
    Span,
    TooLargeError,
    UnknownFunctionError,
    UnknownVariableError,
    UsageError,
    shortened,
)
from cgraph_cli.graph.formula import Layer, definition_formula
from cgraph_cli.graph.graph import Graph, Operation, operation
from cgraph_cli.rules import CALLABLE, CONSTANTS, OPERATORS, RULES, canonical_name
from cgraph_cli.syntax.expression import Assignment, Call, Definition, Name, Number, Program, Syntax, Unary, walk

MAX_MODULE_DEPTH = 100  # modules within modules are evaluated by recursion
OUTPUT_NAMES = ("f", "F", "out")
MOST_COMPARED = 5000  # comparing a word with a million names would take minutes
MOST_LISTED = 100
FUNCTIONS_ELSEWHERE = {
    "pow": "a power is written x^y",
    "power": "a power is written x^y",
    "factorial": "the factorial of n is gamma(n + 1)",
    "square": "a square is written x^2",
    "sqr": "a square is written x^2",
    "fabs": "the absolute value is abs(x)",
    "mod": "the remainder of x by y is x - y*floor(x/y)",
    "diff": "derivatives are made with `cgraph diff`",
    "if": "a choice is written where(condition, a, b)",
}


def suggestion(word: str, known: Iterable[str], prefix: str = "") -> str | None:
    """A help line naming the known word that is nearest to a mistyped one, if any is near."""
    close = difflib.get_close_matches(word, islice(known, MOST_COMPARED), n=1, cutoff=0.6)
    return f"did you mean `{prefix}{close[0]}`?" if close else None


def variables_of(program: Program, asked: Collection[str] = ()) -> list[str]:
    """The free names that are variables, in order of appearance: all but the constants that nobody asked for."""
    return [name for name in program.names() if name in asked or name not in CONSTANTS]


def check_values(program: Program, given: Collection[str], asked: Collection[str] = ()) -> list[str]:
    """The variables of a program for the names that were given a value, in order of appearance.

    A name that is ``asked`` for is a variable even where it is that of a constant. Raises UnknownVariableError for a
    name that does not occur and MissingVariableError for all that have no value.
    """
    names = program.names()
    missing = [name for name in names if name not in given and (name in asked or name not in CONSTANTS)]
    unknown = [name for name in given if name not in names]
    if unknown:
        word = unknown[0]
        about = f"the expression has no variable `{shortened(word)}`"
        if any(word == statement.name for statement in program.statements):
            about = f"`{word}` gets its value in the expression itself"
        near = suggestion(word, missing or names)
        if missing:
            note = f"still without a value: {listed(missing)}"
        elif names:
            note = f"its variables: {listed(names)}"
        else:
            note = "it has no variables at all"
        raise UnknownVariableError(about, help=note if near is None else f"{near} {note[0].upper()}{note[1:]}")
    if missing:
        help = "give " + " ".join(f"--{shortened(name)} VALUE" for name in missing[:8])
        if len(missing) > 8:
            help += " ..., or all of them in a file: --values FILE"
        functions = [name for name in missing if canonical_name(name) in CALLABLE]
        if functions:
            help += f"; the function is called as {functions[0]}(...)"
        raise MissingVariableError(
            f"no value for {listed([f'`{shortened(name)}`' for name in missing])}",
            span=names[missing[0]].span,
            source=program.source,
            help=help,
        )
    return [name for name in names if name in given]


def listed(names: Collection[str]) -> str:
    """Names separated by commas; only of a very long list not all."""
    listed = ", ".join(islice(names, MOST_LISTED))
    return listed if len(names) <= MOST_LISTED else f"{listed} and {len(names) - MOST_LISTED} more"


def build(
    program: Program,
    variables: Collection[str] | None = None,
    *,
    outputs: Sequence[str] | None = None,
    expand: bool = False,
    replace: Mapping[str, str] | None = None,
) -> Graph:
    """The graph of a program.

    ``variables`` are the names to treat as variables (default: all that are not constants), ``outputs`` the named
    values to differentiate (default: the last statement), ``expand`` shows the inside of modules, ``replace`` swaps
    one module for another that takes the same number of arguments.
    """
    if variables is None:
        variables = variables_of(program)
    builder = _Builder(program, expand, replace or {})
    try:
        return builder.build(program, variables, outputs)
    except (UnknownFunctionError, ArityError, DefinitionError, UnknownVariableError) as error:
        if error.span is not None:
            error.source = program.source
        raise


class _Builder:
    def __init__(self, program: Program, expand: bool, replace: Mapping[str, str]) -> None:
        self.graph = Graph()
        self.expand = expand
        self.modules: dict[str, Operation] = {}
        self.depths: dict[str, int] = {}
        self.bodies: dict[str, Definition] = {}
        self.replace = {canonical_name(old): new for old, new in replace.items()}
        self.replaced: set[str] = set()
        self.defined = {s.name for s in program.statements if isinstance(s, Definition)}

    def build(self, program: Program, variables: Collection[str], outputs: Sequence[str] | None) -> Graph:
        graph = self.graph
        occurring = program.names()
        variables = frozenset(variables)
        for name, first in occurring.items():
            if name in variables:
                graph.variable(name, first.start, first.end)
        named: dict[str, int] = {}
        scope = ChainMap(named, graph.variables)
        last = program.statements[-1]
        for statement in program.statements:
            if isinstance(statement, Definition):
                self.define(statement)
                continue
            if statement.name is None and statement is not last:
                raise DefinitionError(
                    "this statement has no name and is not the last: its value would be lost",
                    span=statement.value.span,
                    help="name it (q = ...), or end the line with an operator if the expression goes on",
                )
            if statement.name is not None and statement.name in occurring:
                raise DefinitionError(
                    f"`{statement.name}` is used before it gets its value here",
                    span=statement.name_span,
                    help="every name has one value from its statement on; choose another name",
                )
            if statement.name is not None and statement.name in scope:
                raise DefinitionError(
                    f"`{statement.name}` already has a value",
                    span=statement.name_span,
                    help="every name is given one value; choose another name",
                )
            node = self.lower(statement.value, scope)
            if statement.name is not None:
                scope[statement.name] = node
                if node not in graph.names:
                    graph.names[node] = statement.name
        unused = set(self.replace) - self.replaced
        if unused:
            name = min(unused)
            raise UsageError(f"--replace {name}: the expression does not call `{name}`")
        self.name_outputs(program, scope, node, outputs)
        return graph

    def name_outputs(
        self, program: Program, scope: Mapping[str, int], node: int, outputs: Sequence[str] | None
    ) -> None:
        last = program.statements[-1]
        if outputs is None:
            assert isinstance(last, Assignment)
            candidates = chain(OUTPUT_NAMES, (f"out{number}" for number in count(1)))
            name = last.name or next(name for name in candidates if name not in scope)
            if last.name is None and isinstance(last.value, Name) and node not in self.graph.symbols:
                given = last.value.name
                name = given if given in scope and given not in self.graph.variables else name
            self.graph.outputs[name] = node
            return
        known = [s.name for s in program.statements if isinstance(s, Assignment) and s.name is not None]
        for name in outputs:
            if name not in known:
                raise UnknownVariableError(
                    f"no statement gives `{name}` a value, so it cannot be an output",
                    help=suggestion(name, known) or (f"named values: {', '.join(known)}" if known else "write f = ..."),
                )
            self.graph.outputs[name] = scope[name]

    def define(self, statement: Definition) -> None:
        name = statement.name
        if name in self.modules:
            raise DefinitionError(f"the module `{name}` is already defined", span=statement.name_span)
        inner = _Builder.__new__(_Builder)
        inner.graph = Graph()
        inner.expand = self.expand
        inner.modules, inner.depths, inner.bodies = self.modules, self.depths, self.bodies
        inner.replace, inner.replaced = self.replace, self.replaced
        inner.defined = self.defined
        depth = 0
        for part in walk(statement.body):
            if isinstance(part, Name) and part.name not in statement.parameters and part.name not in CONSTANTS:
                wanted = ", ".join([*statement.parameters, part.name])
                raise DefinitionError(
                    f"the module `{name}` knows only its arguments, not `{part.name}`",
                    span=part.span,
                    help=f"make it a parameter: {name}({wanted}) = ...",
                )
            if isinstance(part, Call):
                if part.name == name:
                    raise DefinitionError(f"the module `{name}` calls itself", span=part.name_span)
                depth = max(depth, self.depths.get(part.name, 0))
        if depth >= MAX_MODULE_DEPTH:
            raise TooLargeError(f"modules are nested more than {MAX_MODULE_DEPTH} deep", span=statement.name_span)
        scope = {parameter: inner.graph.variable(parameter) for parameter in statement.parameters}
        inner.graph.outputs[name] = inner.lower(statement.body, scope)
        self.modules[name] = Operation(name, parameters=statement.parameters, body=inner.graph)
        self.depths[name] = depth + 1
        self.bodies[name] = statement

    def lower(self, expression: Syntax, scope: Mapping[str, int]) -> int:
        """The node of an expression; a loop with its own stack, in which a 1-tuple marks "operands are done"."""
        graph = self.graph
        add = graph.add
        binary = {symbol: operation(name) for symbol, name in OPERATORS.items()}
        negate = operation("neg")
        done: list[int] = []
        stack: list[Syntax | tuple[Syntax]] = [expression]
        while stack:
            item = stack.pop()
            if type(item) is tuple:
                part = item[0]
                if type(part) is Call:
                    count = len(part.arguments)
                    arguments = done[len(done) - count :]
                    del done[len(done) - count :]
                    done.append(self.call(part, arguments))
                elif type(part) is Unary:
                    done.append(add(negate, (done.pop(),), part.start, part.end))
                else:
                    right = done.pop()
                    left = done.pop()
                    done.append(add(binary[part.symbol], (left, right), part.start, part.end))  # type: ignore[attr-defined]
            elif type(item) is Name:
                node = scope.get(item.name)
                done.append(self.named_constant(item) if node is None else node)
            elif type(item) is Number:
                done.append(graph.constant(item.value, None, item.start, item.end))
            elif type(item) is Unary and type(item.operand) is Number:
                done.append(graph.constant(-item.operand.value, None, item.start, item.end))
            else:
                if type(item) is Call:
                    self.check_call(item)
                    stack.append((item,))
                    stack.extend(reversed(item.arguments))
                elif type(item) is Unary:
                    stack.append((item,))
                    stack.append(item.operand)
                else:
                    stack.append((item,))  # type: ignore[arg-type]
                    stack.append(item.right)  # type: ignore[union-attr]
                    stack.append(item.left)  # type: ignore[union-attr]
        return done[0]

    def named_constant(self, part: Name) -> int:
        value = CONSTANTS.get(part.name)
        if value is None:
            raise DefinitionError(
                f"`{part.name}` is used before it has a value",
                span=part.span,
                help="a name is given its value in an earlier statement",
            )
        return self.graph.constant(value, part.name, part.start, part.end)

    def resolve(self, name: str) -> str:
        """The module or row that a call means, after --replace."""
        plain = name if name in self.modules else canonical_name(name)
        if plain in self.replace:
            self.replaced.add(plain)
            new = self.replace[plain]
            return new if new in self.modules else canonical_name(new)
        return plain

    def check_call(self, part: Call) -> None:
        name = self.resolve(part.name)
        given = len(part.arguments)
        typed = part.name if part.name in self.modules else canonical_name(part.name)
        prefix = f"--replace {typed}={name}: " if typed in self.replace else ""
        if name in self.modules:
            least: int = len(self.modules[name].parameters)
            most: int | None = least
            signature = f"{name}({', '.join(self.modules[name].parameters)})"
        elif name in CALLABLE:
            rule = RULES[name]
            least, most = rule.min_args, rule.max_args
            signature = f"{name}(x, ...)" if rule.many else f"{name}({', '.join(rule.args)})"
            if rule.defaults:
                signature += ", where " + ", ".join(
                    f"{key} is {value:g} unless given" for key, value in rule.defaults.items()
                )
        else:
            raise self.unknown_function(part, name, prefix)
        if given < least or (most is not None and given > most):
            if most is None:
                wanted = f"at least {least} argument"
            elif least == most:
                wanted = f"{least} argument" + ("s" if least != 1 else "")
            else:
                wanted = f"{least} to {most} arguments"
            raise ArityError(
                f"{prefix}`{name}` takes {wanted}, not {given}", span=part.span, help=f"it is called as {signature}"
            )

    def unknown_function(self, part: Call, name: str, prefix: str = "") -> UnknownFunctionError:
        if name in self.defined:
            return UnknownFunctionError(
                f"{prefix}the module `{name}` is used before it is defined",
                span=part.name_span,
                help="a module is defined in an earlier statement",
            )
        known = sorted(CALLABLE | set(self.modules) | {"ln", "arcsin", "arccos", "arctan"})
        note = FUNCTIONS_ELSEWHERE.get(name) or suggestion(name, known) or "`cgraph functions` lists them"
        if name in CONSTANTS:
            note = f"a product needs its sign: write {name}*(...)"
        elif len(name) == 1:
            note = f"a product needs its sign: {name}*(...); a module is defined first: {name}(a) = ...; {name}(x)"
        return UnknownFunctionError(f"{prefix}there is no function `{shortened(name)}`", span=part.name_span, help=note)

    def call(self, part: Call, arguments: list[int]) -> int:
        name = self.resolve(part.name)
        module = self.modules.get(name)
        if module is not None:
            if not self.expand:
                return self.graph.add(module, arguments, part.start, part.end)
            definition = self.bodies[name]
            return self.lower(definition.body, dict(zip(definition.parameters, arguments, strict=True)))
        if self.expand:
            inside = definition_formula(name)
            if inside is not None:
                return self.laid(name, inside, arguments, part.span)
        return self.graph.add(operation(name), arguments, part.start, part.end)

    def laid(self, name: str, inside: Syntax, arguments: list[int], span: Span) -> int:
        """The inside of a built-in module, laid onto nodes that all stand at the place of the call."""

        def make(row: str, args: Sequence[int]) -> int:
            deeper = definition_formula(row)
            if deeper is not None:
                return layer.lay(row, deeper, args)
            return self.graph.add(operation(row), args, *span)

        layer = Layer(make, lambda value, text: self.graph.constant(value, text, *span))
        return layer.lay(name, inside, arguments)
