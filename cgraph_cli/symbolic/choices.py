"""Choices: where(condition, yes, no), each branch simplified by what holds in it."""

from __future__ import annotations

from cgraph_cli.graph.formula import Layer, formula
from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.light import Iterator, Mapping, NamedTuple, Sequence, TypeGuard
from cgraph_cli.symbolic import ops
from cgraph_cli.symbolic.kinds import (
    SHORT,
    Call,
    Number,
    Product,
    Sum,
    Term,
    Variable,
    equal,
    factors_of,
    order,
    split,
    walk,
)
from cgraph_cli.symbolic.terms import Terms

FEW = 4  # factors
STRICT = {ops.GE: ops.GT, ops.LE: ops.LT}
MAX_LOOKED_AT = 24  # parts of a branch in which what its condition says is made use of

Value = tuple[Term, int]  # what a term is but for its spelling
Facts = dict[tuple[Operation, Value, Value], bool]


def choice(terms: Terms, op: Operation, args: Sequence[Term], depth: int) -> Term:
    """where(condition, yes, no)."""
    condition, yes, no = args
    if type(condition) is Number:
        return yes if condition.value else no
    if type(yes) is Call and yes.op is ops.WHERE and yes.args[0].same is condition.same:
        yes = yes.args[1]
    if type(no) is Call and no.op is ops.WHERE and no.args[0].same is condition.same:
        no = no.args[2]
    tied = tie(condition, 2 if terms.computed else SHORT)
    if tied is not None:
        return at_most_tied(terms, *tied, yes, no)
    yes, no = told(terms, condition, True, yes), told(terms, condition, False, no)
    if equal(yes, no):
        return yes
    if not terms.computed:
        condition, yes, no = between(terms, *(tie_apart(terms, condition, yes, no) or (condition, yes, no)))
    return terms.call(op, (condition, yes, no), tainted=yes.tainted or no.tainted)


def tie_apart(terms: Terms, condition: Term, yes: Term, no: Term) -> tuple[Term, Term, Term] | None:
    """where(x >= y, -z*where(x == y, 1/2, 1), 0) as where(x > y, -z, where(x == y, -z/2, 0)).

    So where but a few names are written twice then, and the tie tells all else that the branch asks.
    """
    if type(condition) is not Call or condition.op not in STRICT or not is_brief(yes):
        return None
    equals, strictly = (terms.make(op, condition.args) for op in (ops.EQ, STRICT[condition.op]))
    if not any(type(part) is Call and equal(part, equals) for part in walk([yes], MAX_LOOKED_AT)):
        return None
    above, at_tie = (Known(terms, facts(case, True)).of(yes) for case in (strictly, equals))
    if any(type(part) is Call for part in walk([at_tie], MAX_LOOKED_AT)):
        return None
    return strictly, above, terms.make(ops.WHERE, (equals, at_tie, no))


def is_brief(term: Term, depth: int = 2) -> bool:
    """Whether a term is a number, or a product of a few names and of choices among such."""
    factors = factors_of(split(term)[1]) if type(term) is not Number else ()
    return len(factors) <= FEW and all(
        type(base) is Variable
        or (depth > 0 and exponent == 1 and is_choice(base) and all(is_brief(one, depth - 1) for one in base.args[1:]))
        for base, exponent in factors
    )


def is_choice(term: Term) -> TypeGuard[Call]:
    """Whether a term is where(condition, yes, no)."""
    return type(term) is Call and term.op is ops.WHERE


class Bound(NamedTuple):
    """A condition that a term is above, or below, a number."""

    term: Term
    above: bool
    number: Number


def bound(condition: Term) -> Bound | None:
    """The bound that a condition is."""
    if type(condition) is not Call or condition.op not in (ops.LT, ops.GT):
        return None
    less, more = condition.args if condition.op is ops.LT else condition.args[::-1]
    if type(more) is Number:
        return Bound(less, False, more)
    return Bound(more, True, less) if type(less) is Number else None


def between(terms: Terms, condition: Term, yes: Term, no: Term) -> tuple[Term, Term, Term]:
    """A choice within two bounds of one term: where(x < 1, where(x > 0, 1, 0), 0) as where((0 < x)*(x < 1), 1, 0).

    With what is at the bounds: where(x < 1, where(x > 0, 1, where(x == 0, 1/2, 0)), where(x == 1, 1/2, 0)) is
    where((0 < x)*(x < 1), 1, where((x == 0) + (x == 1), 1/2, 0)).
    """
    outer, inner = bound(condition), bound(yes.args[0]) if is_choice(yes) else None
    if outer is None or inner is None or inner.above == outer.above or not equal(inner.term, outer.term):
        return condition, yes, no
    assert is_choice(yes)
    low, high = found = (inner, outer) if inner.above else (outer, inner)
    shares = {one: at_bound(terms, one, rest) for one, rest in ((inner, yes.args[2]), (outer, no))}
    if order(low.number, high.number) != -1 or None in shares.values():
        return condition, yes, no
    rest: Term = terms.zero
    met = [(terms.make(ops.EQ, one[::2]), shares[one] or rest) for one in found if shares[one] is not terms.zero]
    if len(met) == 2 and equal(met[0][1], met[1][1]):
        met = [(terms.make(ops.ADD, (met[0][0], met[1][0])), met[0][1])]
    for equals, share in reversed(met):
        rest = terms.make(ops.WHERE, (equals, share, rest))
    inside = [terms.make(ops.LT, pair) for pair in ((low.number, low.term), (high.term, high.number))]
    return terms.make(ops.MUL, inside), yes.args[1], rest


def at_bound(terms: Terms, one: Bound, rest: Term) -> Term | None:
    """What is chosen where a term is its bound, if that is all there is beyond."""
    if rest is terms.zero:
        return rest
    if not is_choice(rest) or rest.args[2] is not terms.zero or not equal(rest.args[0], terms.make(ops.EQ, one[::2])):
        return None
    return rest.args[1]


def told(terms: Terms, condition: Term, truth: bool, term: Term) -> Term:
    """A branch by what its condition says."""
    if terms.computed and type(condition) is Call and condition.op is ops.EQ:  # shares of a tie are computed once
        return term
    return Known(terms, facts(condition, truth)).of(term)


def within(terms: Terms, condition: Term, truth: bool, term: Term) -> Term:
    """The same of a factor that becomes part of a branch, which is made of other choices too before its own is."""
    tied = tie(condition, 2 if terms.computed else SHORT) if truth else None
    if tied is None:
        return told(terms, condition, truth, term)
    versus(terms, *tied)
    return shared(terms, *tied, term)


def tie(condition: Term, most: int) -> tuple[Term, Call] | None:
    """The x and the max (or min) of a condition x == max(x, y, ...) of few terms, which can be written x >= y."""
    if type(condition) is Call and condition.op is ops.EQ:
        for own, whole in (condition.args, condition.args[::-1]):
            if type(whole) is Call and whole.op in (ops.MAX, ops.MIN) and len(whole.args) <= most and own in whole.args:
                return own, whole
    return None


def at_most_tied(terms: Terms, own: Term, whole: Call, yes: Term, no: Term) -> Term:
    """where(x == max(x, y), yes, no) by x >= y, or by x > y where a tie makes no difference or is told apart."""
    other, tied = versus(terms, own, whole)
    strict, weak = (ops.GT, ops.GE) if whole.op is ops.MAX else (ops.LT, ops.LE)
    yes = shared(terms, own, whole, yes)
    if equal(Known(terms, {}, {value(own): other}).of(yes), no):
        weak = strict
    elif type(yes) is Call and yes.op is ops.WHERE and equal(yes.args[0], tied):
        _, at_tie, yes = yes.args
        weak, no = strict, terms.make(ops.WHERE, (tied, at_tie, no))
    return terms.make(ops.WHERE, (terms.make(weak, (own, other)), yes, no))


def versus(terms: Terms, own: Term, whole: Call) -> tuple[Term, Term]:
    """The largest (or smallest) of the others, and x == it, which is written in this order from then on."""
    other = terms.make(whole.op, [arg for arg in whole.args if arg is not own])
    return other, terms.make(ops.EQ, (own, other))


def shared(terms: Terms, own: Term, whole: Call, yes: Term) -> Term:
    """A branch where x == max(x, y, ...): what each gets of a tie is told by x == y."""
    others = {value(whole): own}
    if terms.computed:  # whole is known already: only the shares are told by x == y
        others = {value(terms.make(ops.EQ, (arg, whole))): terms.make(ops.EQ, (arg, own)) for arg in whole.args}
        others[value(terms.make(ops.EQ, (own, whole)))] = terms.one
    return Known(terms, {(ops.EQ, value(own), value(own)): True}, others).of(yes)


def value(term: Term) -> Value:
    """A term but for its spelling."""
    return term.same, term.sign


def facts(condition: Term, truth: bool) -> Facts:
    """The comparisons that are known where a condition holds, or does not."""
    found: Facts = {}
    if type(condition) is Product and truth and condition.coefficient == 1:
        for factor, exponent in condition.factors:
            if exponent == 1:
                found |= facts(factor, True)
    if type(condition) is not Call or not condition.op.compares:
        return found
    op, (left, right) = condition.op, condition.args
    if op in ops.MIRROR:
        op, left, right = ops.MIRROR[op], right, left
    if op is ops.NE:
        op, truth = ops.EQ, not truth
    elif not truth and op is not ops.EQ:  # not a < b: b <= a
        op, left, right, truth = (ops.LE if op is ops.LT else ops.LT), right, left, True
    a, b = value(left), value(right)
    if op is ops.EQ:
        found = {(ops.EQ, a, b): truth, (ops.EQ, b, a): truth}
        if truth:
            found |= {(ops.LE, a, b): True, (ops.LE, b, a): True, (ops.LT, a, b): False, (ops.LT, b, a): False}
    else:
        found = {(ops.LE, a, b): True, (ops.LT, b, a): False}
        if op is ops.LT:
            found |= {(ops.LT, a, b): True, (ops.LE, b, a): False, (ops.EQ, a, b): False, (ops.EQ, b, a): False}
    return found


def value_of(terms: Terms, op: Operation, args: Sequence[Term]) -> Term | None:
    """A call by the formula of its row, if that has a kink: max(x, 0) for relu(x)."""
    rule = op.rule
    if rule.kink is None or rule.value is None or rule.many:
        return None
    layer: Layer[Term] = Layer(lambda name, inner: terms.make(operation(name), inner), terms.number)
    return layer.lay(op.name, formula(rule.value), args)


def by_cases(terms: Terms, term: Sum) -> Iterator[Term]:
    """Choices by how two terms compare, brought together: one for each of less, equal and more.

    The derivative of max(t*u, (t - 1)*u) by t is where(a >= b, u*where(a == b, 1/2, 1), 0) + where(b >= a, ...): u.
    """
    groups: dict[frozenset[Value], list[tuple[Call, Term]]] = {}
    for body, coefficient in term.items:
        for base, exponent in factors_of(body):
            asked = base.args[0] if type(base) is Call and base.op is ops.WHERE and exponent == 1 else None
            if type(asked) is Call and asked.op.compares:
                whole = terms.make(ops.MUL, (terms.exact(coefficient), body))
                groups.setdefault(frozenset(map(value, asked.args)), []).append((asked, whole))
                break
    for group in groups.values():
        if len(group) < 2:
            continue
        (first, _), parts = group[0], [whole for _, whole in group]
        left, right = first.args
        strict, weak = (ops.GT, ops.GE) if first.op in ops.MIRROR else (ops.LT, ops.LE)
        more, equals = terms.make(strict, (left, right)), terms.make(ops.EQ, (left, right))
        plainer, other = sorted((left, right), key=lambda one: (type(one) is not Number, type(one) is not Variable))
        at_tie: dict[Value, Term] = {value(other): plainer}
        beyond, tied, short = (
            terms.sum([Known(terms, facts(case, True), same).of(part) for part in parts])
            for case, same in ((more, {}), (equals, at_tie), (terms.make(strict, (right, left)), {}))
        )
        if equal(Known(terms, {}, at_tie).of(short), tied):
            found = terms.make(ops.WHERE, (more, beyond, short))
        elif equal(Known(terms, {}, at_tie).of(beyond), tied):
            found = terms.make(ops.WHERE, (terms.make(weak, (left, right)), beyond, short))
        else:
            found = terms.make(ops.WHERE, (more, beyond, terms.make(ops.WHERE, (equals, tied, short))))
        yield terms.sum((term, *(terms.make(ops.NEG, (part,)) for part in parts), found))


class Known:
    """What terms become where some comparisons are known, and some terms are others; looks at a few parts only."""

    def __init__(self, terms: Terms, known: Facts, others: Mapping[Value, Term] | None = None) -> None:
        self.terms = terms
        self.known = known
        self.done: dict[Value, Term] = dict(others or {})
        self.left = MAX_LOOKED_AT if known or others else 0

    # Recursion is bounded by the parts that are looked at.
    def of(self, term: Term) -> Term:
        """What a term becomes; itself where nothing about it is known."""
        found = self.done.get(value(term))
        if found is None:
            if not isinstance(term, Sum | Product | Call):
                return term
            parts = term.args if isinstance(term, Call) else term.items if isinstance(term, Sum) else term.factors
            if len(parts) > self.left:
                return term
            self.left -= len(parts)
            found = self.call(term) if isinstance(term, Call) else self.terms.over(term, self.of)
            self.done[value(term)] = found
        return found

    def call(self, term: Call) -> Term:
        """A call of what its arguments become: decided, or one of its arguments, where that is known."""
        args = [self.of(arg) for arg in term.args]
        op = term.op
        if op.compares:
            decided = self.compare(op, *args)
            if decided is not None:
                return self.terms.exact(int(decided))
        elif self.terms.computed:  # what is computed already is not restated
            pass
        elif op in (ops.MAX, ops.MIN):
            for place in reversed(range(len(args))):  # of equal ones, which beat each other, the first stays
                others = (other for at, other in enumerate(args) if at != place)
                if any(self.beats(op, other, args[place]) for other in others):
                    del args[place]
        elif self.known and (whole := value_of(self.terms, op, args)) is not None:
            piece = self.of(whole)
            if any(equal(piece, arg) for arg in args):
                return piece
        if len(args) == len(term.args) and all(new is arg for new, arg in zip(args, term.args, strict=True)):
            return term
        return self.terms.make(op, args)

    def compare(self, op: Operation, left: Term, right: Term) -> bool | None:
        """The truth of a comparison, if it is known."""
        if op in ops.MIRROR:
            op, left, right = ops.MIRROR[op], right, left
        if equal(left, right) and not left.tainted:
            return op in (ops.EQ, ops.LE)
        if op is ops.NE:
            known = self.known.get((ops.EQ, value(left), value(right)))
            return None if known is None else not known
        known = self.known.get((op, value(left), value(right)))
        return self.beyond(op, left, right) if known is None else known

    def beyond(self, op: Operation, left: Term, right: Term) -> bool | None:
        """The truth of a comparison with a number, where another number that is known to bound the term tells it."""
        if (type(left) is Number) == (type(right) is Number):
            return None
        number, own = (left, right) if type(left) is Number else (right, left)
        for (how, less, more), truth in self.known.items():
            bound = less[0] if more == value(own) else more[0] if less == value(own) else None
            if not truth or type(bound) is not Number or type(number) is not Number:
                continue
            apart = order(bound, number)
            is_low = how is ops.EQ or bound is less[0]  # bound <= own
            if apart == -1 and (how is ops.EQ or more[0] is bound):  # own <= bound < number
                return op is not ops.EQ and own is left
            if apart == 1 and is_low:  # number < bound <= own
                return op is not ops.EQ and own is right
        return None

    def beats(self, op: Operation, winner: Term, loser: Term) -> bool:
        """Whether max (or min) of two terms is known to be the first."""
        low, high = (loser, winner) if op is ops.MAX else (winner, loser)
        return self.known.get((ops.LE, value(low), value(high)), False)
