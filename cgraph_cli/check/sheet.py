"""A claimed derivative beside the true one: both as nodes of one graph, compared at points.

Doubles decide where the bound of the rounding errors in the difference (``Rounding``) says that they can; elsewhere
high precision does (``Truth``).
"""

from __future__ import annotations

from copy import copy
from math import inf, isfinite, isinf, isnan, nan

from cgraph_cli.check.doubles import Rounding
from cgraph_cli.check.ranges import NO_RANGES, Range
from cgraph_cli.check.result import DIFFERS, UNDECIDED
from cgraph_cli.engine.passes import Gradients, backward, forward
from cgraph_cli.engine.quantities import Quantities
from cgraph_cli.engine.truth import SAME, Truth
from cgraph_cli.graph.expand import expanded
from cgraph_cli.graph.express import needed
from cgraph_cli.graph.graph import CONSTANT, Builder, Graph, fold, operation
from cgraph_cli.light import Any, Callable, Mapping, NamedTuple, Sequence, re
from cgraph_cli.limits import UNIT
from cgraph_cli.symbolic.derive import Chain, Maker, emitted, gradient
from cgraph_cli.symbolic.directional import repeated

ULPS = 8  # by which two formulas of one number may differ in high precision, rounded to doubles
LONG = 9  # significant digits of a decimal that may be rounded
CUT = 1.998  # halves of a unit of the last digit: what is cut off is less than 2
SHARES = 4  # of what high precision may take at one point: a claim is compared at several
MOST_EXACT = 2**20  # the denominator of a number that is meant as it stands
TRIES = 60  # for each point that is wanted
SMALLEST = 1e-290  # numbers below have lost digits
LARGEST = 1e100  # a value beyond would leave no room for its derivatives
WIDE = 0.05, 2.5  # the sizes of numbers, or of their quotients with those of the point
SIGNS = 3  # variables whose signs change independently
EQUAL, UNDEFINED, NO_DERIVATIVE = "equal", "undefined", "no derivative"
LITERAL = re.compile(r"\s*[+-]?\s*(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?\s*")


class Sample(NamedTuple):
    """A point with the passes of the expression's graph."""

    at: Mapping[str, float]
    values: Sequence[float]
    passes: Gradients


class Compared(NamedTuple):
    """What a claim and the derivative are at a point, and how they compare."""

    verdict: str
    claimed: float | None
    true: float | None


def sample(graph: Graph, point: Mapping[str, float]) -> Sample:
    """Both passes at a point."""
    values = forward(graph, point)
    return Sample(point, values, backward(graph, values, graph.output))


def samples(
    graph: Graph, point: Mapping[str, float], seed: int, count: int, ranges: Mapping[str, Range] = NO_RANGES
) -> list[Sample]:
    """Random points, near the given one and far from it, at which the value and all gradients are finite.

    Far from it the signs go through all combinations. Where there are too few such points, some of the variables keep
    their values, and steps become smaller. A name in ``ranges`` is drawn from its range.
    """
    from random import Random

    draw = Random(seed)
    found: list[Sample] = []
    for attempt in range(TRIES * count if point else 0):
        if len(found) == count:
            break
        late = attempt >= TRIES * count // 2
        near = 0.5 ** (1 + attempt % 20) if late else 0.5
        at = dict(point)
        for place, (name, x) in enumerate(point.items()):
            if late and draw.random() < 0.5:
                continue
            if name in ranges:
                at[name] = draw.uniform(*ranges[name])
            elif attempt % 4 == 0 or (late and attempt % 4 < 3):
                at[name] = x * (1 + draw.uniform(-near, near)) if x and isfinite(x) else draw.uniform(-near, near)
            else:
                scale = abs(x) if attempt % 8 > 4 and isfinite(x) and x else 1.0
                sign = -1 if (attempt - attempt // 4) >> place % SIGNS & 1 else 1
                at[name] = sign * scale * draw.uniform(*WIDE)
        if at == point:
            continue
        one = sample(graph, at)
        numbers = [one.values[graph.output], *(one.passes.upstream[node] for node in graph.variables.values())]
        if all(abs(number) < LARGEST for number in numbers):
            found.append(one)
    return found


def cut(graph: Graph, parts: Mapping[int, str]) -> Graph:
    """The graph of the output over the variables and some nodes, which are variables of these names now."""
    builder = Builder(graph.variables)
    made = fold(graph, builder.variable, builder.number, builder.once, parts)
    builder.graph.outputs = {output: made[place] for output, place in graph.outputs.items()}
    for one, known in graph.names.items():
        builder.graph.names.setdefault(made[one], known)
    return builder.graph


def derived(graph: Graph, wrt: Sequence[str], maker: type[Maker[Any]], *, exact: bool = True) -> Graph:
    """The graph of the derivative by some names, its only output."""
    if len(wrt) > 1:
        return repeated(graph, graph.output, wrt, maker, exact=exact)
    found = gradient(graph, graph.output, wrt, maker(), exact=exact)
    found.outputs = {"derivative": found.outputs[wrt[0]]}
    return found


def shortest(graph: Graph, wrt: Sequence[str]) -> Graph:
    """The graph of a derivative for people: simplified, and a first one over the named parts where they are used."""
    from cgraph_cli.symbolic.simplify import Simplifier

    if len(wrt) > 1:
        return derived(graph, wrt, Simplifier, exact=False)
    graph, _ = expanded(graph)
    maker = Simplifier()
    named = {node: name for node, name in graph.names.items() if graph.arguments(node) and node != graph.output}
    chain = Chain(graph, maker, False, wrt)
    chain.terms = dict(enumerate(fold(graph, maker.variable, maker.number, maker.make, named)))
    return emitted(maker, {"derivative": chain.backward(graph.output)[wrt[0]]}, graph)


class Sheet:
    """One graph with a claim, the derivative and their difference.

    A formula is the derivative if they differ by what rounding explains, and by no more than SAME: by less than the
    bound of rounding in doubles, or in high precision by what its decimals and those of the expression leave open. To
    a number SAME is allowed. ``places`` say for both which node of the expression's ``graph`` each of their variables
    is; ``variables`` are the expression's own that either depends on.
    """

    def __init__(self, graph: Graph, true: Graph, claim: Graph, places: Mapping[str, int]) -> None:
        builder = Builder(graph.variables)
        placed = fold(graph, builder.variable, builder.number, builder.once)

        def laid(one: Graph) -> int:
            return fold(one, lambda name: placed[places[name]], builder.number, builder.once)[one.output]

        self.value, self.claimed, self.true = placed[graph.output], laid(claim), laid(true)
        self.graph = builder.graph
        self.difference = builder.once(operation("sub"), (self.claimed, self.true))
        self.graph.outputs = {"difference": self.difference}
        used = needed(self.graph, [self.difference])
        self.variables = [name for name, node in self.graph.variables.items() if used[node]]
        self.is_formula = bool(claim.variables)
        self.rounding = Rounding(self.graph, lambda value: _rounded(value) and UNIT + _left_open(value))
        self.typed = copy(self.graph)  # in which numbers have gradients
        self.typed.has_gradient = bytearray([1]) * len(self.graph)

    def compare(self, at: Mapping[str, float]) -> Compared:
        """The claim against the derivative at a point."""
        values = forward(self.graph, at)
        claimed, true = values[self.claimed], values[self.true]
        bound = self.rounding(at)
        scale = max(abs(claimed), abs(true))
        normal = scale == 0 or SMALLEST < scale < LARGEST
        if normal and bound <= SAME * scale and not self._leaves_range(values):
            off = abs(claimed - true)
            if off > SAME * scale:
                return Compared(DIFFERS, claimed, true)
            if off <= bound or not self.is_formula:
                return Compared(EQUAL, claimed, true)
        return self._exact(at, values)

    def _leaves_range(self, values: Sequence[float]) -> bool:
        """Whether a number is too large for a double, or too small, which a 0 may be that no factor explains."""
        graph = self.graph
        for node, (op, value) in enumerate(zip(graph.ops, values, strict=True)):
            if SMALLEST < abs(value) < inf or op is CONSTANT:
                continue
            if value or not op.rule.range.contains(0):
                return True
            factors = graph.arguments(node)[: op.rule.factors]
            if factors and all(values[arg] for arg in factors):
                return True
        return False

    def _exact(self, at: Mapping[str, float], values: Sequence[float]) -> Compared:
        """The same in high precision; numbers that were typed are not known better than doubles are."""
        from cgraph_cli.engine.mpmath import precise

        def asked(quantities: Callable[[Sequence[Any]], list[Any]], count: int) -> list[float | None]:
            def numbers(point: Mapping[str, Any]) -> list[Any]:
                return quantities(forward(self.graph, point, precise()))

            truth = Truth(self.graph, at)
            truth.left /= SHARES
            return truth.values(Quantities(count, len(self.graph), numbers))

        def signs(found: Sequence[Any]) -> list[Any]:
            return [(one > 0) - (one < 0) if one == one else one for one in (found[self.claimed], found[self.true])]

        claimed, true, value = asked(lambda found: [found[self.claimed], found[self.true], found[self.value]], 3)
        if claimed is None or true is None:
            verdict = UNDECIDED
        elif isnan(true) or (isnan(values[self.value]) and value is not None and isnan(value)):
            verdict, true = NO_DERIVATIVE, nan
        elif isnan(claimed):
            verdict = UNDEFINED
        elif claimed == true and isinf(true):
            verdict = UNDECIDED
        elif abs(claimed) < SMALLEST and abs(true) < SMALLEST:
            is_zero = claimed == true and (not self._leaves_range(values) or asked(signs, 2) == [0, 0])
            verdict = EQUAL if is_zero else UNDECIDED
        else:
            upstream = backward(self.typed, values, self.typed.output).upstream
            typed = [(node, value) for node, value in self.typed.constants.items() if _rounded(value)]
            terms = [(abs(upstream[node] * value), value) for node, value in typed]
            terms = [(term, value) for term, value in terms if isfinite(term)]
            scale = max(abs(claimed), abs(true))
            allowed = SAME * scale
            if self.is_formula:
                allowed = min(allowed, ULPS * UNIT * scale + sum(term * _left_open(value) for term, value in terms))
            allowed += UNIT * sum(term for term, _ in terms)
            verdict = EQUAL if isfinite(scale) and abs(claimed - true) <= allowed else DIFFERS
        return Compared(verdict, claimed, true)


def precision(text: str) -> tuple[float | None, int | None]:
    """Half a unit of the last digit of a number as it was typed, and its significant digits; None for an expression.

    A whole number of one digit is meant as it stands, and so is a 0 of no place behind the point.
    """
    match = LITERAL.fullmatch(text.replace("−", "-").replace("_", ""))
    whole, fraction, exponent = match.groups() if match else ("", "", "")
    if not match or not (whole or fraction):
        return None, None
    figures = f"{whole}{fraction or ''}".lstrip("0")
    unit = float(f"1e{int(exponent or 0) - len(fraction or '')}")
    if unit >= 1 and len(figures) < (2 if fraction is exponent is None else 1):
        return None, None
    return unit / 2, len(figures) or 1


def _rounded(value: float) -> bool:
    """Whether a number that was typed may be none that a double holds, as 0.1 is, and 0.5 is not."""
    return isfinite(value) and value.as_integer_ratio()[1] > MOST_EXACT


def _left_open(value: float) -> float:
    """How far, relatively, a long decimal is from the number that was rounded or cut off; 0 for a short one."""
    half, digits = precision(repr(value))
    return CUT * half / abs(value) if half and digits and digits >= LONG else 0.0
