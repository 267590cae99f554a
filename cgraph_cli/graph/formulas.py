"""The formulas of the rule table, parsed once by the user's own grammar, and how one is laid onto nodes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from cgraph_cli.rules import CONSTANTS, OPERATORS, RULES, canonical_name
from cgraph_cli.syntax.expression import Binary, Call, Name, Number, Syntax, Unary
from cgraph_cli.syntax.parser import parse_expression


T = TypeVar("T")


@functools.cache
def formula(text: str) -> Syntax:
    """The syntax tree of a rule's string."""
    return parse_expression(text)


def gradient_formula(name: str, position: int) -> Syntax | None:
    """The local gradient of a row with respect to one argument, None where it has none."""
    rule = RULES[name]
    text = rule.gradients[0 if rule.many else position]
    return None if text is None else formula(text)


def value_formula(name: str) -> Syntax | None:
    """The numerically careful formula of the value, None for what the arithmetic provides."""
    text = RULES[name].value
    return None if text is None else formula(text)


def definition_formula(name: str) -> Syntax | None:
    """The textbook formula of the value, None for a function that is not made of others."""
    text = RULES[name].definition or RULES[name].value
    return None if text is None else formula(text)


class Layer(Generic[T]):
    """Lays a rule's formula onto anything that has numbers and operations: nodes, terms, text.

    ``make(name, arguments)`` applies a row of the table, ``number(value, name)`` makes a constant. ``exact`` keeps the
    limits of a formula as choices; without it a limit is its formula.
    """

    def __init__(
        self,
        make: Callable[[str, Sequence[T]], T],
        number: Callable[[float, str | None], T],
        *,
        exact: bool = True,
    ) -> None:
        self.make = make
        self.number = number
        self.exact = exact

    def lay(self, name: str, text: Syntax, args: Sequence[T], *, own: T | None = None, position: int = 0) -> T:
        """One formula of the row ``name`` over ``args``, with ``own`` for the node's own value f."""
        rule = RULES[name]
        bound: dict[str, T] = {}
        if rule.many:
            bound["x"] = args[position]
            bound["n"] = self.number(float(len(args)), None)
        else:
            for parameter, argument in zip(rule.args, args, strict=False):
                bound[parameter] = argument
            for parameter in rule.args[len(args) :]:
                bound[parameter] = self.number(rule.defaults[parameter], None)
        if own is not None:
            bound["f"] = own
        return self._lay(text, bound, args)

    # Recursion is bounded by the rule table's own strings.
    def _lay(self, part: Syntax, bound: dict[str, T], args: Sequence[T]) -> T:
        if isinstance(part, Number):
            return self.number(part.value, None)
        if isinstance(part, Name):
            known = bound.get(part.name)
            return self.number(CONSTANTS[part.name], part.name) if known is None else known
        if isinstance(part, Unary):
            return self.make("neg", [self._lay(part.operand, bound, args)])
        if isinstance(part, Binary):
            return self.make(
                OPERATORS[part.symbol], [self._lay(part.left, bound, args), self._lay(part.right, bound, args)]
            )
        assert isinstance(part, Call)
        if part.name == "limit":
            condition, value, generic = part.arguments
            if not self.exact:
                return self._lay(generic, bound, args)
            return self.make("where", [self._lay(one, bound, args) for one in (condition, value, generic)])
        operands: list[T] = []
        for argument in part.arguments:
            if isinstance(argument, Name) and argument.name == "args":
                operands.extend(args)
            elif isinstance(argument, Call) and argument.name == "each":
                operands.extend(self._lay(argument.arguments[0], {**bound, "x": one}, args) for one in args)
            else:
                operands.append(self._lay(argument, bound, args))
        return self.make(canonical_name(part.name), operands)
