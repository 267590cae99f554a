"""Simplification: constructors that keep terms in a canonical form, and the way back to a graph.

Every rewrite holds wherever the original was finite. Nothing is expanded and no function is replaced by a decimal;
sums and products are flattened, like terms and powers of one base collected.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from cgraph_cli.graph.express import expression_of, row_of
from cgraph_cli.graph.graph import Graph, Operation
from cgraph_cli.rules import CONSTANTS
from cgraph_cli.symbolic import calls, exact
from cgraph_cli.symbolic.products import Products
from cgraph_cli.symbolic.terms import Constant, Term, Variable
from cgraph_cli.syntax.expression import Name, Number, Syntax, fold


class Simplifier(Products):
    """Makes terms; two that are found equal are the same object. Terms of two simplifiers do not mix."""

    def __len__(self) -> int:
        """How many terms there are."""
        return len(self.store.terms)

    def number(self, value: float, name: str | None = None) -> Term:
        """A constant: with a name it stays a symbol, and so do inf and nan."""
        if name is None and math.isfinite(value):
            return self.exact(exact.literal(value))
        if name == "e":
            self.e_is_named = True
            return self.e
        if value == -math.inf:
            return self.opaque("neg", (self.number(math.inf),))
        known = self.store.calls.get(("constant", str(value)))
        if known is None:
            known = Constant(self.store.atom_key(), name, value, not math.isfinite(value))
            self.store.calls["constant", str(value)] = self.store.terms[known.key] = known
        return known

    def variable(self, name: str) -> Term:
        """The variable of that name."""
        known = self.store.calls.get(("variable", name))
        if known is None:
            known = self.store.calls["variable", name] = Variable(self.store.atom_key(), name)
            self.store.terms[known.key] = known
        return known

    def make(self, name: str, args: Sequence[Term]) -> Term:
        """A row of the rule table applied to terms."""
        if name == "add" or name == "sum":
            return self.sum(args)
        if name == "mul":
            return self.product(args)
        if name == "neg":
            return self.negative(args[0])
        if name == "sub":
            first, second = args
            if first.tainted or second.tainted:
                return self.opaque("sub", args)
            return self.sum((first, self.negative(second)))
        if name == "div":
            return self.quotient(args[0], args[1])
        if name == "pow":
            return self.power(args[0], args[1])
        if name == "sqrt":
            return self.power(args[0], self.half)
        if name == "exp":
            return self.power(self.e, args[0])
        return calls.call(self, name, args)

    def module(self, op: Operation, args: Sequence[Term]) -> Term:
        """A module that the user defined, which nothing is known about."""
        return self.apply(op, tuple(args), any(arg.tainted for arg in args))

    def emit(self, outputs: Mapping[str, Term], variables: Sequence[str]) -> Graph:
        """The graph of some terms, its variables in the given order."""
        from cgraph_cli.symbolic.write import Emitter

        return Emitter(self.e, self.e_is_named).emit(outputs, variables)


def simplify_expression(expression: Syntax) -> Syntax:
    """The simplified form of an expression whose names, other than constants, are variables."""
    simplifier = Simplifier()

    def leaf(part: Number | Name) -> Term:
        if isinstance(part, Number):
            return simplifier.number(part.value)
        value = CONSTANTS.get(part.name)
        return simplifier.variable(part.name) if value is None else simplifier.number(value, part.name)

    term = fold(expression, leaf, lambda part, args: simplifier.make(row_of(part), args))
    graph = simplifier.emit({"f": term}, ())
    return expression_of(graph, graph.output)
