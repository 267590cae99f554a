"""What doubles say of a derivative, and how far rounding and steps may have led that astray."""

from __future__ import annotations

from copy import copy
from math import e, fsum, inf, isfinite, nan, ulp

from cgraph_cli.engine.passes import backward, forward, value_of
from cgraph_cli.errors import TooLargeError
from cgraph_cli.graph.expand import expanded
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, operation
from cgraph_cli.light import Callable, Mapping, NamedTuple
from cgraph_cli.limits import LEAST, LEAST_NORMAL, WHOLE

HALF_ULP = 2.0**-53  # relative: what rounding one operation takes at most
ULPS = 8  # halves of one that a function of the rule table may be off by
EXACT = frozenset(map(operation, ("add", "sub", "mul", "neg")))  # for whole numbers
EXACT_BELOW = frozenset((CONSTANT, *map(operation, ("add", "sub", "neg"))))  # the least double
STEP = 2.0 ** (-52 / 3)  # of the scale: there rounding and the step's own error are of one size
SPACINGS = 16  # of doubles that a step has at least
NOISE = 12  # times the rounding of a slope is what rounding alone makes of the parts of ``cut``

BETWEEN = 0.618  # of a step
SETTLED = 0.1  # of the slopes that a step sees: what twice the step changes by more is no slope yet


class Estimate(NamedTuple):
    """A slope, and how far what its step cuts off and what is rounded may take it; inf where that is not known."""

    value: float
    cut: float
    rounded: float

    @property
    def bar(self) -> float:
        """How far it may be off."""
        return self.cut + self.rounded


class Rounding:
    """How far rounding may take the value of a graph: Σ |∂f/∂node| · (|node| · ε(node) + η), to first order.

    η is the least double where a value is below the range of normal ones, else 0. The nodes of constants count too (pi
    is rounded, sqrt(2) as well), and what is inside modules. ``known`` is how far a number may be off that was typed,
    relatively; they are exact without it.
    """

    def __init__(self, graph: Graph, known: Callable[[float], float] = lambda value: 0.0) -> None:
        self.whole, self.graph = graph, copy(expanded(graph)[0])
        self._gradients: dict[str, Rounding | None] = {}
        operations = ((node, op) for node, op in enumerate(self.graph.ops) if op not in (VARIABLE, CONSTANT))
        weights = {node: HALF_ULP if op.symbol else HALF_ULP * ULPS for node, op in operations}
        self.literals = self.graph.constants.keys() - self.graph.symbols.keys()
        weights |= {node: known(self.graph.constants[node]) for node in self.literals}
        exact = {node: self.graph.constants[node] for node in self.literals if not weights[node]}
        for node, op in enumerate(self.graph.ops):  # as the 2 - 1 in the derivative of x^2
            args = self.graph.arguments(node)
            if args and op in EXACT and exact.keys() >= {*args}:
                value = value_of(op)(*(exact[arg] for arg in args))
                if value.is_integer() and abs(value) < WHOLE:
                    exact[node] = value
        self.graph.has_gradient = bytearray(node not in exact for node in range(len(self.graph)))
        weights |= dict.fromkeys(self.graph.symbols, HALF_ULP)
        self.weights = {node: weight for node, weight in weights.items() if weight}

    def __call__(self, point: Mapping[str, float]) -> float:
        """The bound at a point; inf where the value or a gradient is not finite, but for those by typed numbers."""
        graph = self.graph
        values = forward(graph, point)
        upstream = backward(graph, values, graph.output).upstream
        sent = {node: abs(upstream[node] * values[node]) for node in self.weights if upstream[node]}
        terms = [self.weights[node] * one for node, one in sent.items() if isfinite(one) or node not in self.literals]
        below = (node for node in sent if abs(values[node]) < LEAST_NORMAL and graph.ops[node] not in EXACT_BELOW)
        rounded = (node for node in below if all(values[arg] for arg in graph.arguments(node)))  # others are exactly 0
        terms += [abs(upstream[node]) * LEAST for node in rounded]
        return fsum(terms) if all(map(isfinite, terms)) else inf

    def of_gradient(self, name: str, point: Mapping[str, float]) -> float:
        """How far rounding may take a derivative by reverse mode: the bound for the graph of its chain rule.

        inf where that graph is too large.
        """
        from cgraph_cli.symbolic.derive import Plain, gradient

        if name not in self._gradients:
            try:
                self._gradients[name] = Rounding(gradient(self.whole, self.whole.output, [name], Plain()))
            except TooLargeError:
                self._gradients[name] = None
        rounding = self._gradients[name]
        return inf if rounding is None else rounding(point)


def finite_difference(value: Callable[[float], float], x: float, noise: Callable[[], float]) -> Estimate:
    """(f(x + h) - f(x - h))/2h with h a part of |x| or of 1, from the smallest on as long as a longer step is better.

    It is where rounding limits the shorter one, with which it is consistent. ``noise()`` bounds the rounding of the
    values so far.
    """
    small, large = sorted((abs(x) or 1.0, 1.0))
    best = _difference(value, x, max(STEP * small / e, SPACINGS * ulp(x)), noise)
    for scale in dict.fromkeys((small, large)):
        if not best.cut <= NOISE * best.rounded:
            break
        one = _difference(value, x, STEP * scale, noise)
        if one.bar < best.bar and abs(one.value - best.value) <= one.bar + best.bar:
            best = one
    return best


def _difference(value: Callable[[float], float], x: float, step: float, noise: Callable[[], float]) -> Estimate:
    """One step. What it leaves out is seen in the step twice as long: the difference of the slopes, and of the turns.

    Where f is smooth, the slope of the double step is off by four times as much, and the turn from the slope on the
    left to the one on the right is twice as large; at a kink within the step it is not. A value between two others has
    to lie where these say, since the step may be a period of f, and slopes have to be settled: else nothing is known.
    """
    places = [x + step * factor for factor in (-2, -1, 0, 1, 2)]
    if not places[0] < places[1] < x < places[3] < places[4] < inf:
        return Estimate(nan, inf, inf)
    far_left, left, here, right, far_right = map(value, places)
    slope = (right - left) / (places[3] - places[1])
    far_slope = (far_right - far_left) / (places[4] - places[0])
    turn = (right - here) / (places[3] - x) - (here - left) / (x - places[1])
    far_turn = (far_right - here) / (places[4] - x) - (here - far_left) / (x - places[0])
    cut = abs(far_slope - slope) + abs(2 * turn - far_turn)
    between = x + step * BETWEEN
    part = between - x  # as it was rounded
    apart = abs(value(between) - here - slope * part - turn * (part / step) * part / 2) / step
    rounded = 2 * noise() / (places[3] - places[1])
    settled = cut <= max(SETTLED * (abs(slope) + abs(turn)), NOISE * rounded) and apart <= cut + NOISE * rounded
    lost = noise() >= max(map(abs, (far_left, left, here, right, far_right))) > 0  # no digit of any value is right
    return Estimate(slope, cut if settled and isfinite(cut) else inf, inf if lost else rounded)
