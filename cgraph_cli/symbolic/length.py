"""How long a term is as text: the characters of its formula as it would be emitted and printed, written out in full."""

from __future__ import annotations

from cgraph_cli.graph.express import leaf_syntax, operation_syntax
from cgraph_cli.symbolic.exact import Exact
from cgraph_cli.symbolic.kinds import Factors, Term
from cgraph_cli.symbolic.terms import Terms
from cgraph_cli.symbolic.write import Emitter
from cgraph_cli.syntax.expression import Syntax
from cgraph_cli.syntax.printer import TEXT


class Alone(Emitter):
    """Writes each term as it is spelled, whatever has been written before."""

    def spelled(self, base: Term) -> Term:
        return base

    def known(self, term: Term) -> int | None:
        return None

    def as_written(self, coefficient: Exact, factors: Factors) -> tuple[Exact, Factors]:
        return coefficient, factors


class Lengths:
    """Lengths of terms; each part is laid out once, by the emitter and the printer themselves."""

    def __init__(self, terms: Terms) -> None:
        self.emitter = Alone(terms)
        self.parts: list[Syntax] = []
        self.sizes: dict[int, int] = {}

    def of(self, term: Term) -> int:
        """The characters of a term."""
        node = self.emitter.node_of(term)
        graph = self.emitter.graph
        for one in range(len(self.parts), len(graph)):
            arguments = graph.arguments(one)
            if arguments:
                part = operation_syntax(graph.ops[one], [self.parts[arg] for arg in arguments])
            else:
                part = leaf_syntax(graph, one)
            self.parts.append(part)
            self.sizes[id(part)] = self.size(part)
        return self.sizes[id(self.parts[node])]

    def size(self, part: Syntax) -> int:
        """The characters of a part whose operands have been measured."""
        total = 0
        for piece in TEXT.pieces(part):
            if isinstance(piece, str):
                total += len(piece)
            else:
                operand, least = piece
                total += self.sizes[id(operand)] + (2 if TEXT.precedence(operand) < least else 0)
        return total
