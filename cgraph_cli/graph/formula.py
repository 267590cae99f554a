"""The formulas of the rule table, parsed once by the user's own grammar, and how one is laid onto nodes."""

from __future__ import annotations

from cgraph_cli.light import Callable, Generic, Sequence, T, cache
from cgraph_cli.rule import Rule
from cgraph_cli.rules import COMPARISONS, CONSTANTS, OPERATORS, RULES, canonical_name
from cgraph_cli.syntax.expression import Binary, Call, Name, Number, Syntax, Unary
from cgraph_cli.syntax.parser import parse_expression


@cache
def formula(text: str) -> Syntax:
    """The syntax tree of a rule's string."""
    return parse_expression(text)


def row_of(part: Syntax) -> str:
    """The row of the rule table that an operation of an expression means."""
    if isinstance(part, Unary):
        return "neg"
    if isinstance(part, Binary):
        return OPERATORS[part.symbol]
    assert isinstance(part, Call)
    return canonical_name(part.name)


def gradient_formula(name: str, position: int, *, textbook: bool = False) -> Syntax | None:
    """The local gradient of a row with respect to one argument, None where it has none.

    As in a textbook it is to be shown, not to be computed.
    """
    rule = RULES[name]
    text = (rule.textbook if textbook else rule.gradients)[0 if rule.many else position]
    return None if text is None else formula(text)


def value_formula(name: str, *, textbook: bool = False) -> Syntax | None:
    """The numerically careful formula of the value, None for what the arithmetic provides.

    That of a textbook is its definition, None for a function that is not made of others.
    """
    rule = RULES[name]
    text = (rule.definition if textbook else None) or rule.value
    return None if text is None else formula(text)


def limits(text: Syntax) -> tuple[list[tuple[Syntax, Syntax]], Syntax]:
    """The limits of a formula as (condition, value) in the order in which they are asked, and what holds elsewhere."""
    found = []
    while isinstance(text, Call) and text.name == "limit":
        condition, value, text = text.arguments
        found.append((condition, value))
    return found, text


# Recursion is bounded by the rule table's own strings.
def sent_where(text: Syntax) -> Syntax | None:
    """The condition under which a local gradient is sent, None if it always is.

    Where a choice of the formula says 0, as where(x > 0, 1, 0) does, the branch was not taken and nothing is sent.
    """
    if isinstance(text, Binary) and OPERATORS[text.symbol] in COMPARISONS:
        return text
    if not isinstance(text, Call) or text.name not in ("where", "limit"):
        return None
    condition, *arms = text.arguments
    conditions = [sent_where(arm) for arm in arms]
    for index, arm in enumerate(arms):
        if text.name == "where" and isinstance(arm, Number) and arm.value == 0:
            conditions[index] = arm
    if conditions == [None, None]:
        return None
    return Call("where", [condition, *(one or Number(1.0) for one in conditions)])


class Layer(Generic[T]):
    """Lays a rule's formula onto anything that has numbers and operations: nodes, terms, text.

    ``make(name, arguments)`` applies a row of the table, ``number(value, name)`` makes a constant. ``exact`` keeps the
    limits of a formula as choices; without it a limit is its formula.
    """

    def __init__(
        self, make: Callable[[str, Sequence[T]], T], number: Callable[[float, str | None], T], *, exact: bool = True
    ) -> None:
        self.make = make
        self.number = number
        self.exact = exact

    def lay(
        self,
        name: str,
        text: Syntax,
        args: Sequence[T],
        *,
        own: T | None = None,
        position: int = 0,
        shared: dict[int, T] | None = None,
        subject: T | None = None,
    ) -> T:
        """One formula of the row ``name`` over ``args``, with ``own`` for the node's own value f.

        ``shared`` keeps what is the same for every argument position of one node (sums over all arguments). For a rule
        with any number of arguments ``subject`` is the one in question (default: the one at ``position``).
        """
        rule = RULES[name]
        if type(text) is Name and not rule.many and text.name in rule.args[: len(args)]:
            return args[rule.args.index(text.name)]
        bound = (
            {"x": args[position] if subject is None else subject}
            if rule.many
            else dict(zip(rule.args, args, strict=False))
        )
        if own is not None:
            bound["f"] = own
        return self._lay(text, bound, rule, args, {} if shared is None else shared)

    # Recursion is bounded by the rule table's own strings.
    def _lay(self, part: Syntax, bound: dict[str, T], rule: Rule, args: Sequence[T], shared: dict[int, T]) -> T:
        if isinstance(part, Number):
            return self.number(part.value, None)
        if isinstance(part, Name):
            return bound[part.name] if part.name in bound else self._free_name(part.name, rule, len(args))
        if not isinstance(part, Call):
            return self.make(row_of(part), [self._lay(one, bound, rule, args, shared) for one in part.operands()])
        if part.name == "limit":
            if not self.exact:
                return self._lay(part.arguments[2], bound, rule, args, shared)
            return self.make("where", [self._lay(one, bound, rule, args, shared) for one in part.arguments])
        if id(part) in shared:
            return shared[id(part)]
        operands: list[T] = []
        over_all = False
        for argument in part.arguments:
            if isinstance(argument, Name) and argument.name == "args":
                operands.extend(args)
                over_all = True
            elif isinstance(argument, Call) and argument.name == "each":
                inner = argument.arguments[0]
                operands.extend(self._lay(inner, {**bound, "x": one}, rule, args, shared) for one in args)
                over_all = True
            else:
                operands.append(self._lay(argument, bound, rule, args, shared))
        made = self.make(canonical_name(part.name), operands)
        if over_all:
            shared[id(part)] = made
        return made

    def _free_name(self, name: str, rule: Rule, count: int) -> T:
        if rule.many and name == "n":
            return self.number(float(count), None)
        if name in rule.defaults:
            return self.number(rule.defaults[name], None)
        return self.number(CONSTANTS[name], name)
