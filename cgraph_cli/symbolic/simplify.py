"""Simplification: constructors that keep terms in a canonical form, and the way back to a graph.

Every rewrite holds wherever the original was finite. Nothing is expanded and no function is replaced by a decimal;
sums and products are flattened, like terms and powers of one base collected.
"""

from __future__ import annotations

from cgraph_cli.graph.express import expression_of, needed
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, Operation, operation
from cgraph_cli.light import Any, Callable, Collection, Mapping, Sequence, import_module
from cgraph_cli.rules import COMPARISONS, RULES
from cgraph_cli.symbolic import choices, ops, products, sums
from cgraph_cli.symbolic.derive import Maker, Plain, inner, operands
from cgraph_cli.symbolic.kinds import Product, Sum, Term, Variable
from cgraph_cli.symbolic.order import names_in_order
from cgraph_cli.symbolic.terms import Make, Terms
from cgraph_cli.symbolic.write import Emitter
from cgraph_cli.syntax.expression import Syntax


def later(module: str, name: str) -> Make:
    """What makes a term, imported when one is made."""
    found: Make | None = None

    def make(terms: Terms, op: Operation, args: Sequence[Term], depth: int) -> Term:
        nonlocal found
        if found is None:
            found = getattr(import_module(f"cgraph_cli.symbolic.{module}"), name)
            assert found is not None
        return found(terms, op, args, depth)

    return make


MAKERS: dict[Operation, Make] = {
    **dict.fromkeys(map(operation, RULES), later("calls", "function")),
    **dict.fromkeys(map(operation, COMPARISONS), later("calls", "comparison")),
    **dict.fromkeys(map(operation, ("min", "max")), later("calls", "extreme")),
    ops.WHERE: later("choices", "choice"),
    ops.ADD: sums.add,
    operation("sum"): sums.add,
    ops.SUB: sums.subtract,
    ops.NEG: sums.negative,
    ops.MUL: products.multiply,
    ops.DIV: products.divide,
    ops.POW: later("powers", "power"),
    operation("sqrt"): later("powers", "root"),
    operation("exp"): later("powers", "exponentiate"),
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

    def read(self, graph: Graph, wanted: Collection[int]) -> Mapping[int, Term]:
        """The terms of some nodes of a graph, and of what they are made of.

        A sum of sums that are not wanted themselves is made in one, and so is a product of such products:
        in the order in which they are written.
        """
        for name in names_in_order(graph):
            self.variable(name)
        used, inside = needed(graph, wanted), inner(graph, wanted, ops.PRODUCTS)
        made: dict[int, Term] = {}
        for node, op in enumerate(graph.ops):
            if not used[node] or inside[node]:
                continue
            if op is VARIABLE:
                made[node] = self.variable(graph.names[node])
            elif op is CONSTANT:
                made[node] = self.number(graph.constants[node], graph.symbols.get(node))
            else:
                made[node] = self.term(graph, node, inside, made)
        return made

    def term(self, graph: Graph, node: int, inside: bytearray, made: Mapping[int, Term]) -> Term:
        """The term of an operation; of a sum of sums or product of products in one."""
        op = graph.ops[node]
        if op not in ops.SUMS and op not in ops.PRODUCTS:
            return self.make(op, [made[arg] for arg in graph.arguments(node)])
        terms = [(made[arg], turned) for arg, turned in operands(graph, node, inside)]
        if any(term.tainted or (term is self.zero and op in ops.PRODUCTS) for term, _ in terms):
            return self.one_by_one(graph, node, inside, made)
        if op in ops.SUMS:
            parts = [self.make(ops.NEG, (term,)) if negative else term for term, negative in terms]
            found = self.make(ops.ADD, parts)
        else:
            parts = [self.make(ops.POW, (term, self.minus_one)) if below else term for term, below in terms]
            found = self.make(ops.MUL, parts)
        if self.computed:
            from cgraph_cli.symbolic.typed import remember

            remember(self, graph, together(graph, node, inside), made, found)
        return found

    def carry(self, term: Term, found: Term, made: Callable[[Term], Term]) -> None:
        from cgraph_cli.symbolic.typed import carry

        carry(self, term, found, made)

    def one_by_one(self, graph: Graph, node: int, inside: bytearray, made: Mapping[int, Term]) -> Term:
        """A sum of sums or product of products, some of which may be infinite, each as it stands."""
        terms: dict[int, Term] = {}
        for one in reversed(together(graph, node, inside)):
            args = [terms[arg] if inside[arg] else made[arg] for arg in graph.arguments(one)]
            terms[one] = self.make(graph.ops[one], args)
        return terms[node]

    def times(self, first: Term, second: Term) -> Term:
        """A product that nobody wrote: its factors stand in the order of their kinds."""
        return self.unwritten(ops.MUL, (first, second))

    def sum(self, terms: Sequence[Term]) -> Term:
        """A sum that nobody wrote: where it is one of names, they stand in their order."""
        return self.unwritten(ops.ADD, terms)

    def unwritten(self, op: Operation, args: Sequence[Term]) -> Term:
        """What an operation makes that nobody wrote."""
        before, self.written = self.written, False
        made = self.make(op, args)
        self.written = before
        return made

    def within(self, condition: Term, truth: bool, term: Term) -> Term:
        return choices.within(self, condition, truth, term)

    def emit(
        self, outputs: Mapping[str, Term], variables: Sequence[str], *, short: bool = True, last: bool = True
    ) -> Graph:
        """The graph of some terms, its variables in the given order."""
        self.written = False
        if short and not all(map(is_short, outputs.values())):
            from cgraph_cli.symbolic.shorter import Shorter

            for _ in range(ROUNDS):
                shorter = Shorter(self)
                outputs = {name: shorter(term) for name, term in outputs.items()}
                if not shorter.changed or shorter.left <= 0:
                    break
        return Emitter(self).emit(outputs, variables, last=last)


def together(graph: Graph, node: int, inside: Sequence[int]) -> list[int]:
    """A sum and the sums inside it, or a product and its products, each before what is inside it."""
    nodes = [node]
    for one in nodes:
        nodes += [arg for arg in graph.arguments(one) if inside[arg]]
    return nodes


def simplify_expression(expression: Syntax) -> Syntax:
    """The simplified form of an expression whose names, other than constants, are variables."""
    simplifier = Simplifier()
    graph = simplifier.emit({"f": simplifier.laid(expression, {})}, ())
    return expression_of(graph, graph.output)


def is_short(term: Term) -> bool:
    """Whether a term is a sum or product of variables for which no shorter form is known: x + y, (x + y)*z."""
    if type(term) is Product:
        sums = [base for base, _ in term.factors if type(base) is Sum]
        others = (base for base, _ in term.factors if type(base) is not Sum)
        plain = term.coefficient == 1 and all(exponent == 1 for _, exponent in term.factors)
        return plain and len(sums) < 2 and all(map(is_short, sums)) and all(type(base) is Variable for base in others)
    if type(term) is Sum:
        numbers = [*(one for _, one in term.items), term.constant]
        whole = all(type(one) is int for one in numbers) and any(one in (1, -1) for one in numbers)
        return whole and all(type(body) is Variable for body, _ in term.items)
    return type(term) is Variable
