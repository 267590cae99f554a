"""What a self-test expects: numbers in high precision, and how far from them rounding alone may lead.

What is expected are the value and the gradient of the formula as written, in exact numbers as far as they can be told.
The tolerance is a running error bound over the exported formula in doubles (Higham, Accuracy and Stability of Numerical
Algorithms, section 3.3): it knows nothing of what the function returns.
"""

from __future__ import annotations

import math
from fractions import Fraction

from cgraph_cli.engine.arithmetic import Arithmetic
from cgraph_cli.engine.floats import FLOAT
from cgraph_cli.engine.kernels import value_kernel
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.engine.quantities import Quantities, stencil
from cgraph_cli.engine.truth import Truth
from cgraph_cli.export.bounds import LARGEST
from cgraph_cli.export.functions import ULPS
from cgraph_cli.export.portable import PORTABLE
from cgraph_cli.export.straight import Straight, inside
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, Operation, operation
from cgraph_cli.light import Any, Callable, Iterable, Iterator, Mapping, NamedTuple, Sequence
from cgraph_cli.limits import LEAST, UNIT
from cgraph_cli.report.findings import Found
from cgraph_cli.rule import Rule

BITS = 192  # of a bound
LOOSE = 1e-6
SUBNORMAL = 2.0**-1021  # a double may be, where the exact number is less
SIGNED = frozenset(map(operation, ("div", "pow", "atan2")))  # to which -0 is another number than 0
ROUNDED = frozenset(map(operation, ("add", "sub", "mul", "div")))  # to the nearest double, in every language


class Check(NamedTuple):
    """A number that a self-test expects, and how far from it the result may be."""

    label: str
    expected: float
    tolerance: float

    def holds_for(self, number: float) -> bool:
        """Whether a number is the expected one as far as rounding lets it be."""
        same = number == self.expected or (number != number and self.expected != self.expected)
        return same or abs(number - self.expected) <= self.tolerance

    @property
    def is_loose(self) -> bool:
        """Whether rounding may leave less than six digits of the number."""
        return self.tolerance > max(LOOSE * abs(self.expected), LEAST)


def checks(
    graph: Graph, straight: Straight, output: str, wrt: Sequence[str], point: Mapping[str, float]
) -> list[Check]:
    """The value and the gradient of ``graph`` at a point, as ``straight`` may give them."""
    labels = [output, *(f"d{output}/d{one}" for one in wrt)]
    tolerances = _Doubles(straight, point, graph.constants.values()).bounds()
    numbers = _expected(graph, wrt, point, _given(straight, point))
    found = []
    for label, number, tolerance in zip(labels, numbers, tolerances, strict=True):
        size = abs(number) if math.isfinite(number) else 0.0
        found.append(Check(label, number, float(f"{tolerance + UNIT * size:.2g}")))
    return found


def differences(
    graph: Graph, straight: Straight, checks: Sequence[Check], point: Mapping[str, float]
) -> Iterator[Found]:
    """What is to be said of a self-test: where the function is wrong in doubles, where rounding leaves no digit."""
    for check, number in zip(checks, _given(straight, point), strict=True):
        fields = {"name": check.label, "left": number, "true_value": check.expected, "tolerance": check.tolerance}
        if not check.holds_for(number):
            yield "export differs", graph.output, fields
        elif check.is_loose:
            yield "export loose", graph.output, fields


def _given(straight: Straight, point: Mapping[str, float]) -> list[float]:
    """What the exported function gives."""
    values = forward(straight.graph, point)
    return _defined([values[node] for node in straight.outputs.values()])


def _as_written(graph: Graph, wrt: Sequence[str], inputs: Mapping[str, Any], arithmetic: Arithmetic) -> list[Any]:
    """The value and the gradient; the gradient of what is not a number is none either."""
    values = forward(graph, inputs, arithmetic)
    upstream = backward(graph, values, graph.output, arithmetic).upstream
    return _defined([values[graph.output], *(upstream[graph.variables[one]] for one in wrt)])


def _defined(numbers: list[Any]) -> list[Any]:
    value = numbers[0]
    return numbers if value == value else [value] * len(numbers)


def _expected(graph: Graph, wrt: Sequence[str], point: Mapping[str, float], given: Sequence[float]) -> list[float]:
    """The numbers of the formula as written: exact ones, and those of doubles where that is not decided.

    Where the formula has no number (x*sqrt(x) at 0) but the exported function gives one, it is the limit.
    """
    truth = Truth(graph, point)
    written = Quantities(len(given), 2 * graph.effort, lambda at: _as_written(graph, wrt, at, precise()))
    exact = truth.values(written)
    absent = [number is not None and math.isnan(number) for number in exact]
    if any(one and not math.isnan(number) for one, number in zip(absent, given, strict=True)):
        value = Quantities(1, graph.effort, lambda at: [forward(graph, at, precise())[graph.output]])
        towards = [truth.limits(one)[0] for one in (value, *(stencil(graph, [name]) for name in wrt))]
        exact = [new if one else old for one, old, new in zip(absent, exact, towards, strict=True)]
    doubles = _as_written(graph, wrt, point, FLOAT)
    if _asks_for_the_sign_of_zero(graph, point):  # high precision has no -0, and so not the signs that depend on it
        return [
            double if number is None or not math.isnan(double) or math.isnan(own) else number
            for number, double, own in zip(exact, doubles, given, strict=True)
        ]
    return [_sharper(number, double) for number, double in zip(exact, doubles, strict=True)]


def _asks_for_the_sign_of_zero(graph: Graph, point: Mapping[str, float]) -> bool:
    """Whether a variable is -0, or an argument of an operation to which that is another number than 0."""
    values = forward(graph, point)
    asked = {arg for node, op in enumerate(graph.ops) if op in SIGNED for arg in graph.arguments(node)}
    negative = (values[node] for node in asked.union(graph.variables.values()))
    return any(value == 0 and math.copysign(1.0, value) < 0 for value in negative)


def _sharper(exact: float | None, double: float) -> float:
    """The exact number if it is known; it has no sign at a pole, and no -0."""
    if exact is None or exact == double == 0 or (math.isinf(double) and not math.isfinite(exact)):
        return double
    return exact


class _Doubles:
    """The exported formula at a point: its numbers, and bounds of the errors that rounding makes in them."""

    def __init__(self, straight: Straight, point: Mapping[str, float], numbers: Iterable[float]) -> None:
        self.straight = straight
        self.point = point
        self.numbers = set(numbers)  # those of the formula as written; others may have been rounded when merged
        self.are_exact = all(Fraction(repr(one)) == one for one in self.numbers if math.isfinite(one))
        self.floats = forward(straight.graph, point)

    def bounds(self) -> list[float]:
        """By how much the numbers may be off where an operation is off by units of 2^-53 of it, or of 2^-1075."""
        import mpmath

        with mpmath.workprec(BITS):
            numbers = self._numbers()
            found = [numbers[node] for node in self.straight.outputs.values()]
            # What is too large whatever the rounding is infinite, and known to be.
            return [0.0 if abs(value) - 2 * error > LARGEST else float(2 * error) for value, error in found]

    def _numbers(self) -> list[tuple[Any, Any]]:
        from mpmath import mp

        graph, folded = self.straight.graph, self.straight.folded
        number = precise().number
        values: list[Any] = []
        errors: list[Any] = []
        for node, op in enumerate(graph.ops):
            if op is VARIABLE:
                value, error = number(self.point[graph.names[node]]), mp.zero
            elif op is CONSTANT:
                value = number(graph.constants[node], graph.symbols.get(node))
                if node in folded:
                    made, error = self._operation(*folded[node], values, errors)
                    error += _distance(made, value)
                else:
                    error = self._constant(node, value)
            else:
                value, error = self._operation(op, graph.arguments(node), values, errors)
            values.append(value)
            errors.append(error)
        return list(zip(values, errors, strict=True))

    def _constant(self, node: int, value: Any) -> Any:
        """What a constant is off: pi by its rounding, and a number that the simplifier made of several."""
        from mpmath import mp

        number = self.straight.graph.constants[node]
        named = node in self.straight.graph.symbols
        is_whole = number.is_integer() and self.are_exact  # 1/0.1 is 10 in decimals only
        exact = not math.isfinite(number) or is_whole or (not named and abs(number) in self.numbers)
        return mp.zero if exact else mp.ldexp(abs(value), -53)

    def _operation(
        self, op: Operation, nodes: Sequence[int], values: Sequence[Any], errors: Sequence[Any]
    ) -> tuple[Any, Any]:
        """The value of an operation and what it may be off.

        What an error of an argument does is seen by moving the argument by it: so steps and choices are seen too.
        """
        from mpmath import mp

        kernel = value_kernel(op.name, precise())
        args, inexact = [values[node] for node in nodes], [errors[node] for node in nodes]
        value, error = kernel(*args), mp.zero
        if op.compares:
            # What is equal in doubles too is one number, rounded in one way.
            equal = args[0] == args[1] and self.floats[nodes[0]] == self.floats[nodes[1]]
            return value, mp.one if not equal and abs(args[0] - args[1]) <= sum(inexact) else mp.zero
        for position, distance in enumerate(inexact):
            if distance:
                ends = (args[position] - distance, args[position] + distance)
                error += max(_distance(kernel(*args[:position], end, *args[position + 1 :]), value) for end in ends)
        chosen = op not in ROUNDED and any(abs(value) == abs(arg) for arg in args)
        logical = self.straight.truths.issuperset(nodes)
        exact = not value or chosen or logical or (not any(inexact) and _is_exact(kernel, args, value))
        if mp.isfinite(value) and not exact:
            own = mp.zero if op.rule.value is None else _inside(op, op.rule, args)
            error += max(mp.ldexp(_units(op, abs(value)), -53), own)
            error += mp.ldexp(1, -1075) if abs(value) < SUBNORMAL else 0
        return value, error


def _inside(op: Operation, rule: Rule, args: Sequence[Any]) -> Any:
    """What the value formula of a row makes of its own rounding: erfc(-x/sqrt(2)) in gelu."""
    straight = inside(op)
    point = dict(zip(op.parameters, map(float, args), strict=False))
    _, error = _Doubles(straight, {**rule.defaults, **point}, ())._numbers()[straight.outputs["value"]]
    return error if error == error else 0


def _units(op: Operation, size: Any) -> Any:
    """How many times 2^-53 a result may be off: an operator one unit, a function a few, one made of others some."""
    own = ULPS.get(PORTABLE.get(op))
    if own is not None:
        return own * max(size, 1)
    return size * (1 if op in ROUNDED else 8 if op.rule.value is None else 32)


def _is_exact(kernel: Callable[..., Any], args: Sequence[Any], value: Any) -> bool:
    """Whether an operation over doubles gives a double without rounding: 1 + 1e-320 has 1064 bits, cos(1e-320) 2127."""
    from mpmath import mp

    with mp.workprec(2200):
        return bool(value == float(value) and value == kernel(*args))


def _distance(one: Any, other: Any) -> Any:
    """How far apart two numbers are: infinitely if only one of them is finite."""
    from mpmath import mp

    if one == other or (one != one and other != other):
        return mp.zero
    distance = abs(one - other)
    return distance if distance == distance else mp.inf
