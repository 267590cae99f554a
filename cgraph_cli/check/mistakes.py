"""THE table of mistakes in a derivative: what each is called, said and worth, and the slips that make it."""

from __future__ import annotations

from math import inf, isnan

from cgraph_cli.check import slips
from cgraph_cli.check.work import (
    DIV,
    ENOUGH,
    MUL,
    ROUNDING,
    Slips,
    Work,
    Wrong,
    each_edge,
    each_node,
    each_pair,
    each_part,
    each_path,
    each_power,
    whole,
)
from cgraph_cli.light import Any, Callable, Iterator, Mapping, NamedTuple
from cgraph_cli.report.findings import filled
from cgraph_cli.syntax.printer import format_number

NEAR = 1e-8  # beside a number
OF_THE_WHOLE = ("sign", "constant", "multiple", "offset", "variable", "function", "reciprocal")
PLAIN = ("sign",)  # what a number of few digits may round to


class Kind(NamedTuple):
    """One kind of mistake.

    ``code`` is what programs know it by and stays, ``sentence`` has the names of its fields in braces. ``slips`` are
    the wrong derivatives for all places where the mistake can be made; a kind without them is said where no slip
    explains a claim. ``credit`` is the part of a point that what is right is worth.
    """

    code: str
    sentence: str
    slips: Slips = lambda work: iter(())
    credit: float = 0.5


# In the order in which they are tried: of two that make the same number the first is said.
KINDS: dict[str, Kind] = {
    # whose number others have too, which say less
    "summand": Kind(
        "product_rule",
        "a summand of the product rule for `{node}` is missing: that with {gradient}",
        each_edge(slips.one_of_two),
    ),
    "product of derivatives": Kind(
        "product_rule",
        "the derivative of the product `{node}` is not the product of the derivatives",
        each_pair(MUL, lambda x, y, at: at.tangent[x] * at.tangent[y]),
    ),
    "numerator": Kind(
        "quotient", "the numerator of the quotient rule for `{node}` is turned round", each_pair(DIV, slips.turned)
    ),
    "quotient of derivatives": Kind(
        "quotient",
        "the derivative of the quotient `{node}` is not the quotient of the derivatives",
        each_node(slips.over),
    ),
    "sign": Kind("sign", "the sign is wrong", whole(lambda work: (dict, lambda at: -at.true))),
    "zero": Kind("constant", "`{output}` depends on `{start}`: the derivative is not 0", whole(slips.zero), 0.0),
    "whole function": Kind("function", "this is `{output}` itself, not its derivative", whole(slips.function), 0.0),
    # local gradients
    "undifferentiated": Kind(
        "function", "`{node}` is not differentiated: {gradient}", each_edge(slips.undifferentiated)
    ),
    "another": Kind("function", "`{node}` is differentiated as {other} is: {gradient}", slips.as_others),
    "exponent missing": Kind(
        "exponent", "the exponent {exponent} of `{node}` is missing as a factor", each_power(lambda d, x, n: d / n)
    ),
    "exponent kept": Kind(
        "exponent", "the exponent {exponent} of `{node}` is not lowered by 1", each_power(lambda d, x, n: d * x)
    ),
    "exponent lost": Kind(
        "exponent",
        "the exponent {exponent} of `{node}` is neither a factor nor lowered by 1",
        each_power(lambda d, x, n: d * x / n),
    ),
    "exponent raised": Kind(
        "exponent",
        "the exponent {exponent} of `{node}` is raised by 1, not lowered",
        each_power(lambda d, x, n: d * x * x),
    ),
    "exponent lowered": Kind(
        "exponent", "the exponent {exponent} of `{node}` is lowered by 2, not by 1", each_power(lambda d, x, n: d / x)
    ),
    "integrated": Kind(
        "exponent", "`{node}` is integrated, not differentiated", each_power(lambda d, x, n: d * x * x / (n * (n + 1)))
    ),
    "other rule": Kind("exponent", "in `{node}` the {varies} varies: {gradient}", each_edge(slips.other_rule)),
    "swapped": Kind("swapped", "the inputs of `{node}` are swapped: {gradient}", each_node(slips.swapped)),
    "factor": Kind("factor", "the factor {gradient} is missing", each_edge(slips.without_local)),
    "not squared": Kind(
        "quotient",
        "in the derivative of `{node}` the denominator is the square of {below}",
        each_edge(slips.not_squared),
    ),
    "inverted": Kind("quotient", "the quotient `{node}` is turned round", each_node(slips.inverted)),
    "inner": Kind("factor", "the factor {factor} is missing", each_edge(slips.without_inner)),
    "all inner": Kind("factor", "the factor {factor} is missing", each_node(slips.without_all_inner, inside=True)),
    "inside": Kind(
        "inside",
        "the derivative of `{node}` is taken at {inner}, which is a factor",
        each_edge(slips.inside(times=False)),
    ),
    "inside too": Kind(
        "inside",
        "the derivative of `{node}` is taken at {inner}, not at {argument}",
        each_edge(slips.inside(times=True)),
    ),
    "argument": Kind(
        "inside",
        "in the derivative of `{node}` {argument} stands in the place of the value: {gradient}",
        each_edge(slips.of_argument),
    ),
    "at value": Kind(
        "inside", "the derivative of `{node}` is taken at its value, not at {argument}", each_edge(slips.at_value)
    ),
    # what is summed, and by what
    "variable": Kind("variable", "this is {other}", slips.by_others, 0.0),
    "path": Kind("path", "the path {path} is left out", each_path(lambda at, product: at.true - product, 2)),
    "only path": Kind("path", "of {count} paths only {path} is counted", each_path(lambda at, product: product, 3)),
    "left out": Kind("path", "what leads through {gradient} is left out", each_part(slips.left_out)),
    "sign of part": Kind("sign", "the sign of {gradient} is wrong", each_part(slips.wrong_sign, negative=True)),
    "alone": Kind(
        "factor", "this is {other} alone: the factor {factor} is missing", each_node(slips.alone, inside=True)
    ),
    "stopped": Kind(
        "factor", "this is {other} alone: the factor {factor} is missing", each_node(slips.stopped, inside=True)
    ),
    # the result
    "reciprocal": Kind(
        "reciprocal", "this is 1 divided by the derivative", whole(lambda work: (dict, lambda at: 1 / at.true)), 0.0
    ),
    "kept": Kind("function", "`{node}` is not differentiated", each_node(slips.kept, inside=True)),
    "too few": Kind("factor", "the factor {node} is missing", slips.missing_values),
    "too many": Kind("factor", "the factor {node} is one too many", slips.additional_values),
    "multiple": Kind("multiple", "this is {factor} times the derivative", whole(slips.multiple)),
    "far multiple": Kind("multiple", "this is {factor} times the derivative", whole(slips.far_multiple), 0.0),
    "offset": Kind("offset", "this is the derivative plus {offset}", whole(slips.offset)),
    "multiple of part": Kind(
        "multiple", "what leads through {gradient} is there {factor} times", each_part(slips.multiple_part)
    ),
    "far multiple of part": Kind(
        "multiple", "what leads through {gradient} is there {factor} times", each_part(slips.far_multiple_part), 0.0
    ),
    "parentheses": Kind(
        "exponent", "the exponent {exponent} stands in parentheses: a^{exponent} is (a^{above})/{below}"
    ),
    # what no slip explains
    "unreadable": Kind("unreadable", "this {problem}", credit=0.0),
    "kink": Kind("kink", "the point is a kink, where the derivative is {true} by convention, not {claimed}"),
    "domain": Kind("domain", "at {point} this is not defined, and the derivative is {true}"),
    "signs": Kind(
        "elsewhere",
        "this is right where {where}, but at {point} it is {claimed}, not {true}; a range says which points are meant",
    ),
    "elsewhere": Kind(
        "elsewhere", "this is right at the point, but at {point} it is {claimed}, not {true}", credit=0.0
    ),
    "differs": Kind("differs", "the derivative is {true}, not {claimed}", credit=0.0),
    "differs there": Kind("differs", "at {point} the derivative is {true}, not {claimed}", credit=0.0),
}


class Mistake(NamedTuple):
    """What is wrong with a claim: its kind, what its sentence speaks of, and whether the sign is wrong as well."""

    kind: str
    fields: Mapping[str, Any]
    opposite: bool = False

    @property
    def row(self) -> Kind:
        """Its kind in the table."""
        return KINDS[self.kind]

    @property
    def code(self) -> str:
        """What programs know it by."""
        return self.row.code

    @property
    def credit(self) -> float:
        """The part of a point that the claim is worth nevertheless."""
        return self.row.credit * (0.5 if self.opposite else 1.0)

    @property
    def numbers(self) -> list[float]:
        """The numbers that are fields: of two that differ the sentence speaks as of two."""
        return [one for one in self.fields.values() if isinstance(one, float)]

    @property
    def message(self) -> str:
        """The sentence with all digits of its numbers; what is code stands in backticks."""
        return self.written(format_number)

    def written(self, write: Callable[[float], str]) -> str:
        """The sentence, numbers as ``write`` writes them."""
        fields = {name: filled(one, write) for name, one in self.fields.items()}
        return self.row.sentence.format_map(fields) + ", and the sign is wrong" * self.opposite


def explained(work: Work) -> list[Mistake]:
    """The mistakes that make the claim, one of each code, the most specific first; else those of its opposite."""
    found = list(_explained(work))
    if not found:
        found = [one._replace(opposite=True) for one in _explained(work.opposite()) if one.code not in OF_THE_WHOLE]
    return found


def _explained(work: Work) -> Iterator[Mistake]:
    codes = set[str]()
    for name, kind in KINDS.items():
        for fields, wrong in kind.slips(work) if kind.code not in codes else ():
            if _makes(work, wrong, work.half if name in PLAIN else 0.0):
                codes.add(kind.code)
                yield Mistake(name, fields())
                break


def _makes(work: Work, wrong: Wrong, rounding: float) -> bool:
    """Whether a slip has the claimed number wherever it has one, and somewhere not that of the derivative.

    ``rounding`` is what it may be off by, besides what ``work`` allows to a number of enough digits.
    """
    meets = changes = 0
    for at in work.points:
        try:
            number = wrong(at)
        except (ArithmeticError, ValueError):
            continue
        if isnan(number):
            continue
        error = ROUNDING * abs(at.true)
        allowed = max(rounding, max(NEAR, work.rounded) * abs(at.claimed) + error)
        if not abs(number - at.claimed) <= allowed < inf:
            return False
        meets += 1
        changes += abs(number - at.true) > NEAR * abs(at.true) + error
    return changes > 0 and meets >= min(ENOUGH, len(work.points))
