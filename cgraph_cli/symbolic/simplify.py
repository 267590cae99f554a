"""Simplification: constructors that keep terms in a canonical form, and the way back to a graph.

Every rewrite holds wherever the original was finite. Nothing is expanded and no function is replaced by a decimal;
sums and products are flattened, like terms and powers of one base collected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cgraph_cli.graph.express import expression_of
from cgraph_cli.graph.formula import row_of
from cgraph_cli.graph.graph import Graph, Operation, operation
from cgraph_cli.rules import COMPARISONS, CONSTANTS, RULES
from cgraph_cli.symbolic import calls, choices, powers, products, sums
from cgraph_cli.symbolic.derive import Maker, Plain
from cgraph_cli.symbolic.shorter import Shorter
from cgraph_cli.symbolic.terms import ADD, DIV, MUL, NEG, POW, SUB, WHERE, Make, Term, Terms
from cgraph_cli.symbolic.write import Emitter
from cgraph_cli.syntax import expression as syntax
from cgraph_cli.syntax.expression import Syntax

MAKERS: dict[Operation, Make] = {
    **{operation(name): calls.function for name in RULES},
    **{operation(name): calls.comparison for name in COMPARISONS},
    **{operation(name): calls.extreme for name in ("min", "max")},
    WHERE: choices.choice,
    ADD: sums.add,
    operation("sum"): sums.add,
    SUB: sums.subtract,
    NEG: sums.negative,
    MUL: products.multiply,
    DIV: products.divide,
    POW: powers.power,
    operation("sqrt"): powers.root,
    operation("exp"): powers.exponentiate,
}

ROUNDS = 3  # what is taken out in one may meet something in the next


def maker(simplify: bool, *, computed: bool = False) -> Maker[Any]:
    """The simplifier, or what makes nodes as the chain rule writes them; ``computed`` says what the terms are for."""
    return Simplifier(computed=computed) if simplify else Plain()


class Simplifier(Terms):
    """The terms that the constructors of this package make, and the way back to a graph."""

    most_factors = 32

    def __init__(self, *, computed: bool = False) -> None:
        super().__init__(MAKERS, computed=computed)

    def emit(self, outputs: Mapping[str, Term], variables: Sequence[str], *, last: bool = True) -> Graph:
        """The graph of some terms, its variables in the given order; in the shortest form if it is the ``last``."""
        if last:
            for _ in range(ROUNDS):
                shorter = Shorter(self)
                outputs = {name: shorter(term) for name, term in outputs.items()}
                if not shorter.changed:
                    break
        return Emitter(self.e).emit(outputs, variables)


def simplify_expression(expression: Syntax) -> Syntax:
    """The simplified form of an expression whose names, other than constants, are variables."""
    simplifier = Simplifier()

    def leaf(part: syntax.Number | syntax.Name) -> Term:
        if isinstance(part, syntax.Number):
            return simplifier.number(part.value)
        value = CONSTANTS.get(part.name)
        return simplifier.variable(part.name) if value is None else simplifier.number(value, part.name)

    term = syntax.fold(expression, leaf, lambda part, args: simplifier.make(operation(row_of(part)), args))
    graph = simplifier.emit({"f": term}, ())
    return expression_of(graph, graph.output)
