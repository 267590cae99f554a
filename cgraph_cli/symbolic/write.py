"""Terms back to a graph, in the form in which a person would write them: 2*x/(y*z^2), a - b, sqrt(x).

How long a term is, is measured on that form.
"""

from __future__ import annotations

from cgraph_cli.graph.express import leaf_syntax, operation_syntax
from cgraph_cli.graph.graph import Builder, Graph, operation
from cgraph_cli.light import AbstractSet, Mapping, Sequence
from cgraph_cli.limits import WHOLE
from cgraph_cli.symbolic import ops
from cgraph_cli.symbolic.exact import (
    Exact,
    Whole,
    double,
    fraction,
    is_decimal,
    is_fraction,
    is_half,
    literal,
    magnitude,
    over,
    times,
)
from cgraph_cli.symbolic.kinds import (
    LONG,
    Call,
    Constant,
    Exponent,
    Factors,
    Number,
    Product,
    Sum,
    Term,
    Variable,
    factors_of,
    is_length,
    is_negative,
    is_positive,
    opposite,
    ray,
    walk,
)
from cgraph_cli.symbolic.terms import Terms
from cgraph_cli.syntax.expression import Syntax
from cgraph_cli.syntax.printer import TEXT


class Inside(Product):
    """Constants that are written under one root; known to the emitter only."""

    __slots__ = ()

    def __init__(self, factors: Factors) -> None:
        super().__init__(1, factors)


class Emitter:
    """Writes terms into a new graph; what is equal is one node."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.is_e = terms.is_e
        self.builder = Builder()
        self.graph = self.builder.graph
        self.constant = self.builder.number
        self.nodes: dict[Term, int] = {}
        self.first: dict[Term, int] = {}
        self.forms: dict[Term, Term] = {}
        self.last = True
        self.rays: dict[object, Sum] = {}
        for term in terms.typed:
            if type(term) is Sum and len(term.items) <= LONG:
                self.rays.setdefault(ray(term)[0], term)

    def emit(self, outputs: Mapping[str, Term], variables: Sequence[str], *, last: bool = True) -> Graph:
        """The graph whose outputs are the given terms; differences stand as they did if it is not the ``last``."""
        self.last = last
        occurring: dict[str, None] = {}
        kept: set[Term] = set()
        terms = list(walk(outputs.values()))
        typed = {term.same for term in terms if type(term) is Sum and term.typed}
        for term in terms:
            if type(term) is Variable:
                occurring[term.name] = None
            elif last and (type(term) is Product or type(term) is Sum):
                self.spell(term, kept, typed)
        for name in (*(name for name in variables if name in occurring), *occurring):
            if name not in self.graph.variables:
                self.graph.variable(name)
        for name, term in outputs.items():
            self.graph.outputs[name] = self.node_of(term)
        return self.graph

    def parts(self, term: Term) -> Sequence[Term]:
        """The terms that must be nodes before a term can be one."""
        if type(term) is Call:
            return term.args
        if term in self.terms.typed:
            return self.terms.typed[term].parts
        if (whole := self.typed_multiple(term)) is not None:
            return [whole[0]]
        found: list[Term] = []
        if type(term) is Sum:
            for body, coefficient in term.items:
                start = len(found)
                self.factor_parts(factors_of(body), found)
                alone = type(body) is Product and coefficient in (1, -1)
                if alone and (body in self.terms.typed or self.as_written(1, factors_of(body))[0] > 0):
                    found[start:] = (body,)
        elif type(term) is Product:
            self.factor_parts(term.factors, found)
        return found

    def typed_multiple(self, term: Term) -> tuple[Sum, Exact] | None:
        """A sum that was typed and how many times that a sum is, if it is a multiple of one: -(1 + (x - y))."""
        if type(term) is not Sum or not self.rays or len(term.items) > LONG:
            return None
        key, size = ray(term)
        found = self.rays.get(key)
        return None if found is None else (found, over(size, ray(found)[1]))

    def kind(self, factor: tuple[Term, Exponent]) -> int:
        return self.terms.place(factor)[0]

    def spell(self, term: Product | Sum, kept: set[Term], typed: AbstractSet[Term]) -> None:
        """Let -(y - x)*z be (x - y)*z, as it is read again, unless (y - x) is a factor elsewhere and ``kept`` so.

        Where x - y was ``typed`` and y - x was not, it is not kept.
        """
        summands = term.items if isinstance(term, Sum) else ((term.body, term.coefficient),)
        for body, coefficient in summands:
            if coefficient > 0 and type(body) is Product:
                for base, exponent in body.factors:
                    is_sum = type(base) is Sum and (base.typed or base.same not in typed)
                    if is_sum and type(exponent) is int and exponent % 2:
                        kept.add(base.same)
                        self.forms[base.same] = base
        if isinstance(term, Product) or not (term.constant or max(coefficient for _, coefficient in summands) > 0):
            body, coefficient = summands[0]
            if coefficient.numerator == -1:
                above = [one for one in factors_of(body) if isinstance(one[1], Term) or one[1] > 0]
                if coefficient == -1:
                    above.sort(key=self.kind)
                base, exponent = above[0] if above else (self.terms.one, 0)
                if type(base) is Sum and exponent == 1 and base.same not in kept and not is_positive(base):
                    self.forms[base.same] = opposite(base)

    def factor_parts(self, factors: Factors, found: list[Term]) -> None:
        for base, exponent in factors:
            if exponent == 1 or not self.is_e(base):
                found.append(self.spelled(base) if type(exponent) is int else base)
            if isinstance(exponent, Term):
                found.append(exponent)

    def spelled(self, base: Term) -> Term:
        """A base as it was first met, x - y for y - x; a product that was kept whole is none: x for -x."""
        return base if type(base) is Product else self.forms.setdefault(base.same, base)

    def known(self, term: Term) -> int | None:
        """The node of another spelling of a term."""
        same = term.same
        if term.sign < 0:
            return None
        return self.first.get(same) if same is term else self.nodes.get(same, self.first.get(same))

    def node_of(self, term: Term) -> int:
        """The node of a term; a loop, since terms can be nested without limit."""
        nodes = self.nodes
        stack = [term]
        opened: set[Term] = set()  # their parts lie above them
        while stack:
            part = stack[-1]
            if part not in nodes:
                known = self.known(part)
                if known is None and part not in opened:
                    opened.add(part)
                    missing = [inner for inner in self.parts(part) if inner not in nodes]
                    if missing:
                        stack += missing[::-1]
                        continue
                nodes[part] = self.build(part) if known is None else known
                if part.sign > 0 and part.same is not part:
                    self.first.setdefault(part.same, nodes[part])
            stack.pop()
        return nodes[term]

    def build(self, term: Term) -> int:
        """The node of a term whose parts have nodes."""
        if term in self.terms.typed:
            typed = self.terms.typed[term]
            return typed.laid([self.nodes[one] for one in typed.parts], self.builder.once)
        if (whole := self.typed_multiple(term)) is not None:
            return self.product(whole[1], ((whole[0], 1),))
        if type(term) is Product:
            return self.product(*self.as_written(term.coefficient, term.factors))
        if type(term) is Sum:
            return self.sum(term)
        if type(term) is Call:
            return self.builder.once(term.op, [self.nodes[arg] for arg in term.args])
        if type(term) is Variable:
            return self.graph.variable(term.name)
        if type(term) is Number:
            return self.number(term.value)
        assert type(term) is Constant
        return self.row("exp", self.number(1)) if term is self.terms.e else self.constant(term.value, term.name)

    def row(self, name: str, *args: int) -> int:
        return self.builder.once(operation(name), args)

    def number(self, value: Exact) -> int:
        """A number: a constant, or the quotient of two."""
        if type(value) is int or is_decimal(value):
            return self.constant(double(value))
        return self.row("div", self.constant(float(value.numerator)), self.constant(float(value.denominator)))

    # --- sums ------------------------------------------------------------------------------------------------

    def sum(self, term: Sum) -> int:
        """A sum from left to right, positive summands first if there are any: w*x + b - y for -y + w*x + b."""
        summands = [self.summand(coefficient, body) for body, coefficient in term.items]
        if term.constant:
            first = term.constant_first and (term.constant > 0 or is_negative(term))
            summands.insert(0 if first else len(summands), (term.constant, ()))
        start = next((position for position, (coefficient, _) in enumerate(summands) if coefficient > 0), 0)
        if start:
            end = start + 1
            while end < len(term.items) and summands[end][0] > 0:
                end += 1
            summands = [*summands[start:end], *summands[:start], *summands[end:]]
        coefficient, factors = summands[0]
        node = self.product(coefficient, factors)
        for coefficient, factors in summands[1:]:
            op = ops.ADD if coefficient > 0 else ops.SUB
            node = self.builder.once(op, (node, self.product(magnitude(coefficient), factors)))
        return node

    def summand(self, coefficient: Exact, body: Term) -> tuple[Exact, Factors]:
        """A number and factors; a product that stands as it was typed, or in another spelling, is one."""
        written = self.as_written(coefficient, factors_of(body))
        if coefficient in (1, -1) and type(body) is Product and body in self.nodes:
            has_nodes = all(base in self.nodes for base, power in written[1] if power == 1 or not self.is_e(base))
            if body in self.terms.typed or not has_nodes:
                return coefficient, ((body, 1),)
        return written

    # --- products --------------------------------------------------------------------------------------------

    def as_written(self, coefficient: Exact, factors: Factors) -> tuple[Exact, Factors]:
        """Factors whose opposite was written before in its place: 1/(y - x) beside x - y is -1/(x - y)."""
        forms = self.forms
        for base, _ in factors:  # a loop: most have no other form, and are asked three times
            if forms.get(base.same, base) is not base and type(base) is not Product:
                break
        else:
            return coefficient, factors
        found = []
        for base, exponent in factors:
            if type(exponent) is int and type(base) is not Product:
                first = forms.get(base.same, base)
                if first.sign != base.sign and exponent % 2:
                    coefficient = -coefficient
                base = first
            found.append((base, exponent))
        return coefficient, tuple(found)

    def product(self, coefficient: Exact, factors: Factors) -> int:
        """A product as a quotient: number first, then names, then the rest; the sign goes to the first factor."""
        if not factors:
            return self.number(coefficient)
        if coefficient == 1:
            plain = [self.nodes[base] for base, exponent in factors if exponent == 1]
            if len(plain) == len(factors):
                return self.chain(plain)
        if self.terms.computed and (quotient := self.divided_again(coefficient, factors)) is not None:
            return quotient
        above: list[int] = []
        below: list[int] = []
        size, factors = self.size_under(factors)
        if coefficient == -1:
            factors = tuple(sorted(factors, key=self.kind))  # -y*(a + b)
        for base, exponent in self.joined_roots(as_doubles(factors)):
            if isinstance(exponent, Term) or self.is_e(base) or exponent > 0:
                above.append(self.factor(base, exponent))
            else:
                below.append(self.factor(base, -exponent))
        top = magnitude(coefficient)
        if is_fraction(top):
            below.insert(0, self.constant(float(top.denominator)))
            top = top.numerator
        turned = False
        if coefficient < 0 and (top != 1 or not above):
            above.insert(0, self.constant(double(-top)))
        elif coefficient < 0 and not self.last:
            turned = True  # -(a - b)/c would be read as (b - a)/c
        elif coefficient < 0:
            above[0] = self.row("neg", above[0])
        elif top != 1 or not above:
            above.insert(0, self.constant(double(top)))
        node = self.chain(above)
        if below:
            node = self.row("div", node, self.chain(below))
        if turned:
            node = self.row("neg", node)
        return node if size is None else self.row("div", self.row("div", node, size), size)

    def divided_again(self, coefficient: Exact, factors: Factors) -> int | None:
        """A quotient that is there already over one of its divisors: -(x/y)/y for -x/y^2, whose square is no double."""
        for index, (base, exponent) in enumerate(factors):
            if type(exponent) is int and exponent < -1 and base in self.nodes:
                body = self.terms.body((*factors[:index], (base, exponent + 1), *factors[index + 1 :]))
                known = self.nodes.get(self.terms.scaled(magnitude(coefficient), body))
                if known is not None:
                    return self.row("div", known if coefficient > 0 else self.row("neg", known), self.nodes[base])
        return None

    def size_under(self, factors: Factors) -> tuple[int | None, Factors]:
        """The node of a hypot or norm squared under something, and the other factors.

        x/hypot(x, y)^2 is written x/hypot(x, y)/hypot(x, y): the square is infinite or 0 where the quotients are not.
        """
        for base, exponent in factors:
            if exponent == -2 and is_length(base) and any(power == 1 for _, power in factors):
                return self.nodes[base], tuple(factor for factor in factors if factor[0] is not base)
        return None, factors

    def joined_roots(self, factors: Sequence[tuple[Term, Exponent]]) -> Sequence[tuple[Term, Exponent]]:
        """Factors with a root of a number and roots of constants under one sign: sqrt(2*pi), sqrt(pi/2), sqrt(2/pi)."""
        if len(factors) < 2 or not any(type(base) is Constant for base, _ in factors):
            return factors
        above, below = (self.roots(factors, root) for root in (fraction(1, 2), fraction(-1, 2)))
        if len(above) + len(below) < 2 or not any(type(base) is Constant for base in (*above, *below)):
            return factors
        sign = 1 if above else -1
        parts = [*((base, sign) for base in above), *((base, -sign) for base in below)]
        numbers = [(base.value, power) for base, power in parts if type(base) is Number]
        if len(numbers) > 1 and any(is_decimal(value) for value, _ in numbers):
            return factors
        coefficient: Exact = 1
        for value, power in numbers:
            coefficient = times(coefficient, value) if power > 0 else over(coefficient, value)
        inside = Inside(tuple((base, power) for base, power in parts if type(base) is not Number))
        self.nodes[inside] = self.product(coefficient, inside.factors)
        first = min(position for position, (base, _) in enumerate(factors) if base in (*above, *below))
        kept = [factor for factor in factors if factor[0] not in (*above, *below)]
        kept.insert(first if above else len(kept), (inside, fraction(sign, 2)))
        return kept

    def roots(self, factors: Sequence[tuple[Term, Exponent]], root: Exponent) -> list[Term]:
        """The number and the constants that have a root, numbers first."""
        found = [base for base, exponent in factors if exponent == root]
        constants = [base for base in found if type(base) is Constant and not self.is_e(base)]
        return [*(base for base in found if type(base) is Number), *constants]

    def chain(self, factors: Sequence[int]) -> int:
        node = factors[0]
        for factor in factors[1:]:
            node = self.builder.once(ops.MUL, (node, factor))
        return node

    def factor(self, base: Term, exponent: Exponent) -> int:
        """A power; sqrt for 1/2, exp for the base e."""
        if exponent == 1:
            return self.nodes[base]
        if isinstance(exponent, Term):
            above = self.node_of(exponent)  # where the power has a node in another spelling, its exponent has none yet
        elif self.is_e(base):
            above = self.number(exponent)
        elif is_half(exponent) and exponent > 0:
            return self.row("sqrt", self.nodes[base])
        elif exponent.denominator == 2:
            above = self.constant(float(exponent))
        else:
            above = self.number(exponent)
        return self.row("exp", above) if self.is_e(base) else self.row("pow", self.nodes[base], above)


class Alone(Emitter):
    """Writes each term as it is spelled, whatever has been written before."""

    def spelled(self, base: Term) -> Term:
        return base

    def known(self, term: Term) -> int | None:
        return None

    def as_written(self, coefficient: Exact, factors: Factors) -> tuple[Exact, Factors]:
        return coefficient, factors


def as_doubles(factors: Factors) -> Factors:
    """Powers whose whole exponents are doubles, so that odd ones stay odd: x^1e16/x for x^(1e16 - 1)."""
    if all(type(exponent) is not int or abs(exponent) <= WHOLE for _, exponent in factors):
        return factors
    found: list[tuple[Term, Exponent]] = []
    for base, exponent in factors:
        near = double(exponent) if type(exponent) is int else 0.0
        if type(exponent) is int and type(near) is Whole:
            whole = int(literal(float(near)))
            found += [(base, whole), (base, exponent - whole)]
        else:
            found.append((base, exponent))
    return tuple(found)


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
