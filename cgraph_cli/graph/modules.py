"""What the calls of a program mean: modules that it defines, rows of the table, and what --replace puts there."""

from __future__ import annotations

from cgraph_cli.errors import (
    ArityError,
    DefinitionError,
    TooLargeError,
    UnknownFunctionError,
    UsageError,
    shortened,
    suggestion,
)
from cgraph_cli.graph.graph import Graph, Operation, operation
from cgraph_cli.rules import ALIASES, CALLABLE, CONSTANTS, RULES, canonical_name
from cgraph_cli.syntax.expression import Call, Definition, Name, Program, walk

MAX_DEPTH = 100  # modules within modules are evaluated by recursion
FUNCTIONS_ELSEWHERE = {
    "pow": "a power is written x^y",
    "power": "a power is written x^y",
    "factorial": "the factorial of n is gamma(n + 1)",
    "square": "a square is written x^2",
    "sqr": "a square is written x^2",
    "fabs": "the absolute value is abs(x)",
    "mod": "the remainder of x by y is x - y*floor(x/y)",
    "diff": "derivatives are made with `cgraph diff`",
    "softmax": "a share is written exp(a - logsumexp(a, b))",
    "swish": "it is called silu(x)",
    "logistic": "it is called sigmoid(x)",
    "heaviside": "a step is a comparison: x > 0",
    "step": "a step is a comparison: x > 0",
    "if": "a choice is written where(condition, a, b)",
}


class Modules:
    """The modules of one program, as they are defined, and what they are replaced by."""

    def __init__(self, program: Program, replace: tuple[tuple[str, str], ...]) -> None:
        self.known: dict[str, Operation] = {}
        self.defined = {s.name for s in program.statements if isinstance(s, Definition)}
        self.replace = {canonical_name(old): new for old, new in replace}
        self.replaced: set[str] = set()

    def name(self, typed: str) -> str:
        """The module or row that a call means, after --replace."""
        plain = typed if typed in self.known else canonical_name(typed)
        if plain in self.replace:
            self.replaced.add(plain)
            new = self.replace[plain]
            return new if new in self.known else canonical_name(new)
        return plain

    def operation(self, typed: str) -> Operation:
        """The operation of a call that has been checked."""
        name = self.name(typed)
        return self.known.get(name) or operation(name)

    def check(self, part: Call) -> None:
        """Raise UnknownFunctionError or ArityError for a call that nothing answers."""
        name = self.name(part.name)
        given = len(part.arguments)
        typed = part.name if part.name in self.known else canonical_name(part.name)
        prefix = f"--replace {typed}={name}: " if typed in self.replace else ""
        if name in self.known:
            least: int = len(self.known[name].parameters)
            most: int | None = least
            signature = f"{name}({', '.join(self.known[name].parameters)})"
        elif name in CALLABLE:
            rule = RULES[name]
            least, most = rule.min_args, rule.max_args
            signature = f"{name}(x, ...)" if rule.many else f"{name}({', '.join(rule.args)})"
            if rule.defaults:
                signature += ", where " + ", ".join(
                    f"{key} is {value:g} unless given" for key, value in rule.defaults.items()
                )
        else:
            raise self.unknown(part, name, prefix)
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

    def unknown(self, part: Call, name: str, prefix: str) -> UnknownFunctionError:
        if name in self.defined:
            return UnknownFunctionError(
                f"{prefix}the module `{name}` is used before it is defined",
                span=part.name_span,
                help="a module is defined in an earlier statement",
            )
        known = sorted({*CALLABLE, *ALIASES, *self.known})
        note = FUNCTIONS_ELSEWHERE.get(name) or suggestion(name, known) or "`cgraph functions` lists them"
        if name in CONSTANTS:
            note = f"a product needs its sign: write {name}*(...)"
        elif len(name) == 1:
            note = f"a product needs its sign: {name}*(...); a module is defined first: {name}(a) = ...; {name}(x)"
        return UnknownFunctionError(f"{prefix}there is no function `{shortened(name)}`", span=part.name_span, help=note)

    def check_definition(self, statement: Definition) -> None:
        """Raise DefinitionError or TooLargeError for a module that cannot be defined here."""
        name = statement.name
        if name in self.known:
            raise DefinitionError(f"the module `{name}` is already defined", span=statement.name_span)
        for part in walk(statement.body):
            if isinstance(part, Name) and part.name not in statement.parameters and part.name not in CONSTANTS:
                wanted = ", ".join([*statement.parameters, part.name])
                raise DefinitionError(
                    f"the module `{name}` knows only its arguments, not `{part.name}`",
                    span=part.span,
                    help=f"make it a parameter: {name}({wanted}) = ...",
                )
            if isinstance(part, Call) and part.name == name:
                raise DefinitionError(f"the module `{name}` calls itself", span=part.name_span)

    def define(self, statement: Definition, body: Graph) -> None:
        """Add a module. Raises TooLargeError for one that is nested too deep."""
        made = Operation(statement.name, parameters=statement.parameters, body=body)
        if made.depth > MAX_DEPTH:
            raise TooLargeError(f"modules are nested more than {MAX_DEPTH} deep", span=statement.name_span)
        self.known[statement.name] = made

    def check_replaced(self) -> None:
        """Raise UsageError for a replacement that no call asked for."""
        unused = self.replace.keys() - self.replaced
        if unused:
            name = min(unused)
            raise UsageError(f"--replace {name}: the expression does not call `{name}`")
