"""Rows of rewrites and identities on terms: which fit a term, under which conditions, and what becomes of it."""

from __future__ import annotations

from cgraph_cli.graph.formula import formula, row_of
from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.light import Iterable, Iterator, Mapping, NamedTuple, Sequence, cache
from cgraph_cli.rules import RULES
from cgraph_cli.symbolic import identities, ops
from cgraph_cli.symbolic.exact import Exact, over
from cgraph_cli.symbolic.kinds import (
    Call,
    Constant,
    Number,
    Product,
    Sum,
    Term,
    Variable,
    factors_of,
    is_even,
    not_negative,
    parts,
    split,
    walk,
)
from cgraph_cli.symbolic.matching import Bound, Matcher
from cgraph_cli.symbolic.rewrites import COSH, NO_BETTER, OVERFLOWS, POWER, READ, ROWS, Row
from cgraph_cli.symbolic.simplify import Simplifier
from cgraph_cli.syntax import expression as syntax

BASES = {operation("log2"): 2, operation("log10"): 10}
POWERS = frozenset((ops.MUL, ops.DIV, ops.POW, ops.SQRT))
ALL = "args"  # the name of any number of terms
MOST_PARTS = 400  # of a term that are looked at
IDENTITY = "one function has the digits that the sum loses"
UNDONE = "what is computed on the way overflows, underflows or is rounded"

Patterns = Mapping[type, Sequence["Pattern"]]


class Pattern(NamedTuple):
    """A row made ready: the pattern as a term, what each of any number of terms is, and the replacement."""

    row: Row
    term: Term
    each: Term | None
    replacement: syntax.Syntax


class Step(NamedTuple):
    """A row that fits a term: what it takes for granted, and the term that it makes."""

    row: Row
    assumed: tuple[tuple[Term, str], ...]
    result: Term


def all_rows() -> Iterator[Row]:
    """The identities, and the rows of rewrites."""
    tables = (identities.OF_SUM, IDENTITY), (identities.OF_PRODUCT, UNDONE), (identities.OF_CALL, UNDONE)
    for table, reason in tables:
        for texts in table.values():
            yield from (Row(left, right, reason) for left, right in texts if left not in NO_BETTER)
    yield from ROWS


@cache
def _table() -> Simplifier:
    """The table that holds the terms of patterns."""
    return Simplifier()


def whole_and_each(row: Row) -> tuple[syntax.Syntax, syntax.Syntax | None]:
    """The pattern of a row with one name for any number of terms, and what each of them is."""
    inside: list[syntax.Syntax] = []

    def node(part: syntax.Syntax, operands: list[syntax.Syntax]) -> syntax.Syntax:
        if isinstance(part, syntax.Call) and part.name == "each":
            inside.append(operands[0])
            return syntax.Name(ALL)
        return operands[0] if isinstance(part, syntax.Call) and part.name == "sum" else syntax.rebuilt(part, operands)

    whole = syntax.fold(formula(row.pattern), lambda leaf: leaf, node)
    return whole, inside[0] if inside else None


def read_over(term: Term, names: Iterable[str]) -> Term:
    """A term of another table, over variables of these names, as one of the patterns' table."""
    return Matcher(_table()).laid(term, {name: _table().variable(name) for name in names})


def read(part: syntax.Syntax) -> Term:
    """A formula as a term of the patterns' table."""
    return _table().laid(part, {})


def by_kind(found: Iterator[Pattern]) -> Patterns:
    """Patterns by what their terms are."""
    kinds: dict[type, list[Pattern]] = {Sum: [], Product: [], Call: []}
    for pattern in found:
        if type(pattern.term) in kinds:
            kinds[type(pattern.term)].append(pattern)
    return kinds


@cache
def as_written() -> Patterns:
    """All rows, their patterns as they are written."""
    return by_kind(pattern_of(row, read(whole_and_each(row)[0])) for row in all_rows())


def pattern_of(row: Row, term: Term) -> Pattern:
    """A row with its pattern as a term."""
    _, each = whole_and_each(row)
    return Pattern(row, term, None if each is None else read(each), formula(row.replacement))


class Fitter:
    """Finds the rows that fit terms of one table.

    With ``near`` rows count that are right at some points only. ``taken`` are names of functions that mean something
    else where the term comes from.
    """

    def __init__(self, terms: Simplifier, patterns: Patterns, *, near: bool, taken: frozenset[str]) -> None:
        self.terms = terms
        self.matcher = Matcher(terms)
        self.patterns = patterns
        self.near = near
        self.taken = taken

    def steps(self, op: Operation, term: Term) -> Iterator[Step]:
        """All rows that fit the term of an operation.

        log((1 + exp(x))/2) is that of the sum and that of the number, log2 and log10 are quotients of logarithms.
        """
        if type(term) is Call and term.op in BASES:
            base = self.terms.make(ops.LOG, (self.terms.exact(BASES[term.op]),))
            natural = self.terms.make(ops.LOG, term.args)
            found = self.steps(ops.LOG, natural) if is_logarithm(natural) else iter([Step(READ["log"], (), natural)])
            for step in found:
                yield step._replace(result=self.matcher.times(step.result, self.matcher.power(base, -1)))
        inside = term.args[0] if type(term) is Call and term.op is ops.LOG else None
        if type(inside) is Product and inside.coefficient > 0 and inside.coefficient != 1:
            number = self.terms.make(ops.LOG, (self.terms.exact(over(1, inside.coefficient)),))
            for step in self.fitting(op, self.terms.make(ops.LOG, (inside.body,))):
                if step.row.reason in (OVERFLOWS, COSH, POWER):
                    apart = self.terms.make(ops.ADD, (step.result, self.matcher.times(self.terms.minus_one, number)))
                    yield step._replace(result=apart)
        if op in POWERS and type(term) is Product:
            yield from self.shares(term)
        yield from self.fitting(op, term)

    def shares(self, term: Product) -> Iterator[Step]:
        """A sum over a sum of exponentials, if each summand over that is rewritten: a mean with weights."""
        above = [base for base, power in term.factors if type(base) is Sum and power == 1]
        below = [base for base, power in term.factors if type(base) is Sum and power == -1 and self.is_e_in(base)]
        if len(above) != 1 or len(below) != 1 or not self.is_e_in(above[0]):
            return
        rest = self.matcher.times(term, self.matcher.power(above[0], -1))
        found: list[Term] = []
        row: Row | None = None
        for body, factor in above[0].items:
            if factor < 0:
                return
            share = self.matcher.times(self.terms.exact(factor), body, rest)
            step = next(self.fitting(ops.MUL, share), None) if type(share) is Product else None
            if step is None or step.row.reason is not OVERFLOWS or step.row.near:
                return
            row = step.row
            found.append(step.result)
        if row is not None and not above[0].constant:
            yield Step(row, (), self.terms.make(ops.ADD, found))

    def is_e_in(self, term: Sum) -> bool:
        """Whether every summand of a sum but a number has an exponential as a factor."""
        return all(any(self.terms.is_e(base) for base, _ in factors_of(body)) for body, _ in term.items)

    def fitting(self, op: Operation, term: Term) -> Iterator[Step]:
        """All rows that fit a term as it stands."""
        kind = Sum if op in (*ops.SUMS, ops.SUM) else Product if op in POWERS else Call
        if term.tainted or type(term) is Number or (kind is not Product and type(term) is not kind):
            return
        functions = functions_in(term)
        for pattern in self.patterns[kind]:
            row = pattern.row
            if (row.near and not self.near) or not needed_by(pattern.term) <= functions:
                continue
            if not self.taken.isdisjoint(called(row.replacement)):
                continue
            for bound, result in self.results(pattern, term):
                if result is not term:
                    yield Step(row, self.assumed(row, bound), result)

    def results(self, pattern: Pattern, term: Term) -> Iterator[tuple[Bound, Term]]:
        """What becomes of a term by a row, in each way in which the row fits."""
        matcher = self.matcher
        if type(pattern.term) is Sum and type(term) is Sum:
            steps = any(condition.startswith("short") for condition in pattern.row.when)
            for bound, scale, rest in matcher.sum(pattern.term, term, {}, full=False):
                if steps and not variables_in((rest,)).isdisjoint(variables_in(bound.values())):
                    continue  # it may cancel with what is multiplied out
                if (new := self.replacement(pattern, bound)) is not None:
                    yield bound, self.terms.make(ops.ADD, (rest, matcher.times(scale, new)))
        elif type(pattern.term) is Call:
            for bound in matcher.whole(pattern.term, term, {}):
                if (new := self.replacement(pattern, bound)) is not None:
                    yield bound, new
        else:
            for many in powers_of(pattern.term, term):
                for bound, rest in matcher.product(pattern.term, term, {}, many):
                    if (new := self.replacement(pattern, bound)) is not None:
                        yield bound, matcher.times(rest, matcher.power(new, many))

    def replacement(self, pattern: Pattern, bound: Bound) -> Term | None:
        """What takes the place of a pattern, None where a condition does not hold."""
        if not all(self.holds(condition, bound) for condition in pattern.row.when):
            return None
        many: Sequence[Term] = ()
        if pattern.each is not None:
            many = self.each_of(pattern.each, bound[ALL])
            if not many:
                return None

        def leaf(part: syntax.Number | syntax.Name) -> Sequence[Term]:
            if isinstance(part, syntax.Name) and part.name == ALL:
                return many
            return [self.terms.laid(part, bound)]

        def make(part: syntax.Syntax, args: list[Sequence[Term]]) -> Sequence[Term]:
            flat = [one for arg in args for one in arg]
            rule = RULES[row_of(part)]
            name = rule.pairwise if rule.many and rule.pairwise and len(flat) == 2 else row_of(part)
            if name == "exp" and type(flat[0]) is Sum and any(is_logarithm(body) for body, _ in flat[0].items):
                return [self.terms.call(operation(name), flat)]  # made, it would be the product again
            return [self.terms.make(operation(name), flat)]

        return syntax.fold(pattern.replacement, leaf, make)[0]

    def each_of(self, each: Term, term: Term) -> list[Term]:
        """The x of each summand exp(x), or x^2, none if one is no such; a positive number is exp of its logarithm."""
        items: list[tuple[Term, Exact]] = []
        if type(term) is Sum:
            items = term.with_constant([*term.items], (self.terms.one, term.constant))
        elif type(term) is Product and term.coefficient != 1:
            items.append((term.body, term.coefficient))
        found: list[Term] = []
        for body, factor in items:
            x = self.one_of(each, body, factor)
            if x is None:
                return []
            found.append(x)
        return found

    def one_of(self, each: Term, body: Term, factor: Exact) -> Term | None:
        """The x of one summand."""
        if not (type(each) is Product and type(each.factors[0][0]) is Constant):
            bound = next(self.matcher.whole(each, self.matcher.times(self.terms.exact(factor), body), {}), None)
            return None if bound is None else bound["x"]
        if factor <= 0:
            return None
        logarithm = self.terms.make(ops.LOG, (self.terms.exact(factor),))
        if body is self.terms.one:
            return logarithm
        bound = next(self.matcher.whole(each, body, {}), None)
        return None if bound is None else self.terms.make(ops.ADD, (bound["x"], logarithm))

    def holds(self, condition: str, bound: Bound) -> bool:
        """Whether a condition of a row holds, as far as is known; a sign is taken for granted at a point."""
        part, sign, _ = condition.partition(" >")
        if sign:
            return self.near or is_known(self.laid(part, bound), positive=condition.endswith("> 0"))
        word, _, rest = condition.partition(" ")
        if word == "over":
            step = self.laid(rest, bound)
            return type(step) is Number and step.value > 0
        if word == "short":
            names = {one.name for one in syntax.walk(formula(rest)) if isinstance(one, syntax.Name)}
            whole = self.laid(rest, bound)
            return type(whole) is Number or leaves(whole) < max(leaves(bound[name]) for name in names)
        n = bound[rest]
        if type(n) is not Number:
            return False
        even = is_even(n.value)
        return {"real": n.value.denominator != 1, "even": even, "odd": not even, "positive": n.value > 0}[word]

    def laid(self, text: str, bound: Bound) -> Term:
        """A formula over what the names of a pattern stand for."""
        return self.terms.laid(formula(text), bound)

    def assumed(self, row: Row, bound: Bound) -> tuple[tuple[Term, str], ...]:
        """The signs that a row takes for granted: terms, and what they are to be."""
        signs = [condition.partition(" >") for condition in row.when if " >" in condition]
        terms = [(self.laid(part, bound), sign + rest) for part, sign, rest in signs]
        return tuple((term, sign) for term, sign in terms if not is_known(term, positive=sign == " > 0"))


def is_logarithm(term: Term) -> bool:
    """Whether a logarithm is a factor of a term."""
    return any(type(base) is Call and base.op is ops.LOG for base, _ in factors_of(term))


def is_known(term: Term, *, positive: bool) -> bool:
    """Whether a term is known to be positive, or not negative, wherever it is finite."""
    if type(term) is not Sum:
        return not_negative(term, positive=positive)
    if term.constant < 0 or not all(factor > 0 and not_negative(body) for body, factor in term.items):
        return False
    return not positive or term.constant > 0 or any(not_negative(body, positive=True) for body, _ in term.items)


def powers_of(pattern: Term, term: Term) -> list[int]:
    """The powers of a pattern that may stand in a term: 3 for sqrt(x^2 + y^2) in (x^2 + y^2)^(3/2)."""
    found = {1}
    (_, exponent), *others = factors_of(split(pattern)[1])
    for _, power in factors_of(split(term)[1]):
        if isinstance(power, Term) or isinstance(exponent, Term):
            continue
        ratio, is_root = over(power, exponent), exponent.denominator != 1
        if type(ratio) is int and (ratio > 0 or (is_root and not others)) and (ratio % 2 or not is_root):
            found.add(ratio)
    return sorted(found, reverse=True)


@cache
def needed_by(pattern: Term) -> frozenset[object]:
    """The functions that a pattern is made of."""
    return functions_in(pattern)


def functions_in(term: Term) -> frozenset[object]:
    """The functions and constants that a term is made of, as far as it is looked at."""
    found = [one for one in walk([term], MOST_PARTS) if isinstance(one, Call | Constant)]
    return frozenset(one.op if isinstance(one, Call) else one.value for one in found)


def variables_in(terms: Iterable[Term]) -> set[Term]:
    """The variables of some terms, as far as they are looked at."""
    return {one for one in walk(terms, MOST_PARTS) if type(one) is Variable}


def leaves(term: Term) -> int:
    """How many numbers and names a term is written with, as far as it is looked at."""
    found, stack = 0, [term]
    while stack and found < MOST_PARTS:
        part = stack.pop()
        inner = parts(part)
        found += not inner or (type(part) is Sum and part.constant != 0)
        stack += inner
    return found


@cache
def called(text: str) -> frozenset[str]:
    """The names of the functions in a formula."""
    return frozenset(one.name for one in syntax.walk(formula(text)) if isinstance(one, syntax.Call))
