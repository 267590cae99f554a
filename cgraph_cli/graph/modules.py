"""What the calls of a program mean: modules that it defines, rows of the table, and what --replace puts there."""

from __future__ import annotations

from cgraph_cli.errors import ArityError, DefinitionError, UnknownFunctionError, UsageError, shortened
from cgraph_cli.graph.graph import Graph, Operation, operation
from cgraph_cli.light import Callable
from cgraph_cli.limits import DEEPEST, check
from cgraph_cli.rules import ALIASES, CALLABLE, CONSTANTS, canonical_name
from cgraph_cli.syntax.expression import Applied, Call, Definition, Name, Program, walk


class Modules:
    """The modules of one program, as they are defined, and what they are replaced by."""

    def __init__(self, program: Program, replace: tuple[tuple[str, str], ...]) -> None:
        self.program = program
        self.known: dict[str, Operation] = {}
        self.defined = {s.name for s in program.statements if isinstance(s, Definition)}
        self.replace = {canonical_name(old): new for old, new in replace}
        self.replaced: set[str] = set()

    def operation(self, applied: Applied, call: Callable[[Applied], Call]) -> Operation:
        """The operation of a call. Raises UnknownFunctionError or ArityError where nothing answers it."""
        typed = name = applied.name if applied.name in self.known else canonical_name(applied.name)
        prefix = ""
        if typed in self.replace:
            self.replaced.add(typed)
            new = self.replace[typed]
            name = new if new in self.known else canonical_name(new)
            prefix = f"--replace {typed}={name}: "
        if name not in self.known and name not in CALLABLE:
            raise self.unknown(call(applied), name, prefix)
        op = self.known.get(name) or operation(name)
        if not op.min_args <= applied.count <= (op.max_args or applied.count):
            raise _wrong_number(op, call(applied), prefix)
        return op

    def unknown(self, part: Call, name: str, prefix: str) -> UnknownFunctionError:
        if name in self.defined:
            return UnknownFunctionError(
                f"{prefix}the module `{name}` is used before it is defined",
                span=part.name_span,
                help="a module is defined in an earlier statement",
            )
        from cgraph_cli.syntax.messages import DIFFERENTIAL, ELSEWHERE, meant

        known = sorted({*CALLABLE, *ALIASES, *self.known})
        note = meant(name, known) or "`cgraph functions` lists them"
        if name.lower() in CONSTANTS:
            constant = name.lower()
            note = f"a product needs its sign: write {constant}*(...)" if part.operands() else f"write {constant}"
        elif name == "d" and (by := DIFFERENTIAL.match(self.program.source, part.span.end)):
            note = self._derivative(part, by[1])
        elif len(name) == 1 and name not in ELSEWHERE:
            note = f"a product needs its sign: {name}*(...); a function of your own is defined first: {name}(a) = a^2"
        elif name[0] == "d" and name[1:] in self.program.names():
            note = self._derivative(part, name[1:])
        elif name[1:] in known and name.casefold() not in known:
            product = f"a product needs its sign: {name[0]}*{name[1:]}(...)"
            if name[0] in self.program.names():
                note = product
            elif note.endswith("?"):
                note += f" {product[0].upper()}{product[1:]}"
        return UnknownFunctionError(f"{prefix}there is no function `{shortened(name)}`", span=part.name_span, help=note)

    def _derivative(self, part: Call, by: str) -> str:
        """How to write the derivative of what stands in a call's parentheses, as in d/dx(x^2) and d(x^2)/dx."""
        inside = part.arguments[0].span if part.arguments else part.span
        text = shortened(self.program.source[inside.start : inside.end])
        return f'a derivative is made with: cgraph diff "{text}" --wrt {by}'

    def check_definition(self, statement: Definition) -> None:
        """Raise DefinitionError or TooLargeError for a module that cannot be defined here."""
        name = statement.name
        if name in self.known:
            raise DefinitionError(f"the module `{name}` is already defined", span=statement.name_span)
        for part in walk(statement.tree):
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
        check(made.depth, DEEPEST, "modules are nested more than {} deep", span=statement.name_span)
        self.known[statement.name] = made

    def check_replaced(self) -> None:
        """Raise UsageError for a replacement that no call asked for."""
        unused = self.replace.keys() - self.replaced
        if unused:
            name = min(unused)
            raise UsageError(f"--replace {name}: the expression does not call `{name}`")


def _wrong_number(op: Operation, part: Call, prefix: str) -> ArityError:
    least, most, rule = op.min_args, op.max_args, op.rule
    wanted = f"{least} argument" + ("s" if least != 1 else "")
    if most is None:
        wanted = f"at least {wanted}"
    elif least != most:
        wanted = f"{least} to {most} arguments"
    signature = f"{op.name}({', '.join(op.parameters)}{', ...' if most is None else ''})"
    if rule.defaults:
        signature += ", where " + ", ".join(f"{key} is {value:g} unless given" for key, value in rule.defaults.items())
    message = f"{prefix}`{op.name}` takes {wanted}, not {len(part.arguments)}"
    surplus = rule.surplus if most is not None and len(part.arguments) > most else None
    return ArityError(
        message, span=part.span, help=f"it is called as {signature}" + (f"; {surplus}" if surplus else "")
    )
