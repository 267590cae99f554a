"""Graph to graph: forward mode with terms in the place of numbers, for one direction or one variable at a time."""

from __future__ import annotations

from math import log

from cgraph_cli.errors import TooLargeError
from cgraph_cli.graph.expand import expanded
from cgraph_cli.graph.express import tree_sizes
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Callable, Mapping, Sequence, T
from cgraph_cli.limits import derived
from cgraph_cli.symbolic import ops
from cgraph_cli.symbolic.derive import Chain, Guard, Maker, check_size, emitted, inner, operands

SMALL = 200  # nodes up to which two forms of a derivative are differentiated again


def repeated(
    graph: Graph, output: int, names: Sequence[str], makers: Callable[[], Maker[T]], *, exact: bool = True
) -> Graph:
    """The graph of ∂ⁿoutput/∂name₁…∂nameₙ, differentiated in the order of the names.

    Forward mode, since one variable at a time is asked for, and with the product rule over whole products: the
    derivative of a sum of monomials is then a sum of monomials again, which simplifies. What is shortened between the
    orders (a quotient on one denominator) may grow less or more, so both ways are gone while both are small.
    Raises TooLargeError past a tenth of max_nodes.
    """
    graph, places = expanded(graph)
    output, most = places[output], derived(graph.max_nodes)
    ways = [(False, graph)]
    for order, name in enumerate(names, 1):
        size, last = len(graph), order == len(names)
        made: list[tuple[bool, Graph]] = []
        for shortened, one in ways:
            maker = makers()
            direction = {name: maker.number(1.0)} if name in one.variables else {}
            chain = Directional(one, maker, exact, list(direction))
            derivative = chain.forward(output if one is graph else one.output, direction)
            forms = (False, True) if order == 1 and not last and size <= SMALL else (shortened,)
            outputs = {"derivative": derivative}
            made += [(short, emitted(maker, outputs, one, short=last or short, last=last)) for short in forms]
        _, graph = best = min(made, key=lambda way: tree_sizes(way[1])[way[1].output] if last else len(way[1]))
        ways = made if all(len(one) <= SMALL for _, one in made) else [best]
        output = graph.output
        if order > 1 and len(graph) > max(size, most // 200):
            # Growth like a power of the order is the least there is once an order is larger than the one before.
            power = log(len(graph) / size) / log(order / (order - 1))
            if log(len(graph)) + power * log(len(names) / order) > log(most):
                raise TooLargeError(
                    f"the derivative of order {len(names)} has more than {most:,} nodes",
                    help=f"order {order} has {len(graph):,}, order {order - 1} has {size:,}",
                )
        if graph.constants.get(output) == 0:
            break  # every further derivative is 0 as well
    return graph


class Directional(Chain[T]):
    """Forward mode over one graph."""

    def forward(self, output: int, directions: Mapping[str, T]) -> T:
        """The term of Σ ∂output/∂name · direction(name)."""
        graph, leads = self.graph, self.leads
        tangents: list[tuple[Guard[T], T] | None] = [None] * len(graph)
        for name, direction in directions.items():
            tangents[graph.variables[name]] = (), direction
        inside = inner(graph, [output])
        for node, op in enumerate(graph.ops):
            check_size(len(self.maker) // 4, graph)
            if inside[node] or not leads[node] or not graph.arguments(node):
                continue
            sent: list[tuple[Guard[T], T]] = []
            if op in ops.SUMS:
                for arg, negative in operands(graph, node, inside):
                    arriving = tangents[arg]
                    if arriving is not None:
                        guard, term = arriving
                        sent.append((guard, self.maker.make(ops.NEG, [term]) if negative else term))
            elif op is ops.MUL:
                sent = self.product_rule(node, inside, tangents)
            else:
                for arg, condition, factor in self.passages(node):
                    arriving = tangents[arg]
                    both = None if arriving is None else self.both(condition, arriving[0])
                    if arriving is not None and both is not None:
                        sent.append((both, self.times(arriving[1], factor)))
            tangents[node] = self.combined(sent) if sent else None
        found = tangents[output]
        return self.zero if found is None else self.guarded(*found)

    def product_rule(
        self, node: int, inside: bytearray, tangents: Sequence[tuple[Guard[T], T] | None]
    ) -> list[tuple[Guard[T], T]]:
        """tangent(factor) · Π others for every factor of a product of products: those before it, those after it."""
        factors: list[int] = []
        stack = [node]
        while stack:
            one = stack.pop()
            shared = self.graph.ops[one] is ops.MUL and len(factors) + len(stack) < self.maker.most_factors
            if one == node or (self.leads[one] and (inside[one] or shared)):  # of what is constant the whole has a term
                stack.extend(reversed(self.graph.arguments(one)))
            else:
                factors.append(one)
        moving = [place for place, factor in enumerate(factors) if tangents[factor] is not None]
        if not moving:
            return []
        after: list[T | None] = [None]  # the products of the last factors, from none to all behind the first moving one
        for factor in reversed(factors[moving[0] + 1 :]):
            after.append(self.times(self.terms[factor], after[-1]))
        before: T | None = None
        sent: list[tuple[Guard[T], T]] = []
        for place, factor in enumerate(factors[: moving[-1] + 1]):
            found = tangents[factor]
            if found is not None:
                sent.append((found[0], self.times(self.times(found[1], before), after[len(factors) - 1 - place])))
            before = self.terms[factor] if before is None else self.times(before, self.terms[factor])
        return sent
