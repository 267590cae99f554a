"""The numbers of a self-test: the truth in high precision, and how far from it rounding alone may lead.

What is expected are the value and the gradient of the formula as written, in mpmath at a precision that is raised until
the exported formula agrees. The tolerance is a running error bound over the exported formula in doubles (Higham,
Accuracy and Stability of Numerical Algorithms, section 3.3): it knows nothing of what the function returns.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from cgraph_cli.engine.arithmetic import Arithmetic
from cgraph_cli.engine.floats import FLOAT
from cgraph_cli.engine.kernels import value_kernel
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.export.functions import ULPS
from cgraph_cli.export.straight import Straight
from cgraph_cli.export.text import LEVELS
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, Operation
from cgraph_cli.report.findings import Finding, Found, gathered

PRECISIONS = (128, 256, 512, 1024, 2048, 4096, 8192)
GUARD = 64  # bits more than a precision claims
MOST_WORK = 4_000_000  # nodes times bits
NEAR = (-100, -200)  # exponents of the distances at which a limit is looked at


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
        """Whether rounding may leave no digit of the number."""
        return self.tolerance >= abs(self.expected) and self.tolerance > 0


def checks(
    graph: Graph, straight: Straight, output: str, wrt: Sequence[str], point: Mapping[str, float]
) -> list[Check]:
    """The value and the gradient of ``graph`` at a point, as ``straight`` may give them."""
    from mpmath import mp

    labels = [output, *(f"d{output}/d{one}" for one in wrt)]
    doubles = _Doubles(straight, point, graph.constants.values())
    with mp.workprec(PRECISIONS[0] + GUARD):
        _, errors = doubles.bounded(-53, -1075)
        tolerances = [_as_double(2 * error) for error in errors]
    truth = _truth(graph, doubles, wrt, point)
    written = _as_written(graph, wrt, point, FLOAT)
    negative_zero = any(value == 0 and math.copysign(1.0, value) < 0 for value in point.values())
    found = []
    for label, number, ieee, tolerance in zip(labels, map(_as_double, truth), written, tolerances, strict=True):
        # High precision has no -0, and so neither the signs that depend on it nor, at a pole, an infinity.
        if negative_zero or abs(number) == abs(ieee) or (number != number and abs(ieee) == math.inf):
            number = ieee
        size = abs(number) if math.isfinite(number) else 0.0
        found.append(Check(label, number, float(f"{tolerance + 2.0**-52 * size:.2g}")))
    return found


def findings(graph: Graph, straight: Straight, checks: Sequence[Check], point: Mapping[str, float]) -> list[Finding]:
    """What is to be said of a self-test: where the function is wrong in doubles, where rounding leaves no digit."""
    values = forward(straight.graph, point)
    gives = _defined([values[node] for node in straight.outputs.values()])
    found: list[Found] = []
    for check, number in zip(checks, gives, strict=True):
        fields = {"name": check.label, "left": number, "true_value": check.expected, "tolerance": check.tolerance}
        if not check.holds_for(number):
            found.append(("export differs", graph.output, fields))
        elif check.is_loose:
            found.append(("export loose", graph.output, fields))
    return gathered(graph, found)


def _as_double(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _as_written(graph: Graph, wrt: Sequence[str], inputs: Mapping[str, Any], arithmetic: Arithmetic) -> list[Any]:
    """The value and the gradient; the gradient of what is not a number is none either."""
    values = forward(graph, inputs, arithmetic)
    upstream = backward(graph, values, graph.output, arithmetic).upstream
    return _defined([values[graph.output], *(upstream[graph.variables[one]] for one in wrt)])


def _defined(numbers: list[Any]) -> list[Any]:
    value = numbers[0]
    return numbers if value == value else [value] * len(numbers)


def _truth(graph: Graph, doubles: _Doubles, wrt: Sequence[str], point: Mapping[str, float]) -> list[Any]:
    """The numbers of the formula as written.

    The precision is raised until the exported formula agrees and is known to a few digits. Where the formula as written
    has no number (x*sqrt(x) at 0), it is the exported formula's, if that is the limit of the one as written.
    """
    from mpmath import mp

    for bits in PRECISIONS:
        with mp.workprec(bits + GUARD):
            written = _as_written(graph, wrt, point, precise())
            exported, errors = doubles.bounded(-bits)
            known = [
                not (mp.isfinite(one) and mp.isfinite(other))
                or (abs(one - other) <= 2 * error + mp.ldexp(abs(one), -60) and error <= mp.ldexp(abs(one), -20))
                for one, other, error in zip(written, exported, errors, strict=True)
            ]
        if all(known) or bits * len(graph) > MOST_WORK:
            break
    for index, (one, other) in enumerate(zip(written, _defined(exported), strict=True)):
        if one == one or other != other:
            continue
        by = wrt[index - 1] if index else None
        if (index and abs(other) == math.inf) or _is_limit(graph, by, point, other):
            written[index] = other
    return written


def _is_limit(graph: Graph, by: str | None, point: Mapping[str, float], number: Any) -> bool:
    """Whether the formula as written tends to a number near a point; ``by`` a name, its difference quotient does."""
    from mpmath import mp

    agree = []
    with mp.workprec(2048):
        for signs in ((1, 1), (-1, -1), (1, -1)):
            far, near = (abs(_near(graph, by, point, signs, exponent) - number) for exponent in NEAR)
            if mp.isfinite(near):
                agree.append(near <= max(far / 2, mp.ldexp(abs(number), -60)))
    return bool(agree) and all(agree)


def _near(graph: Graph, by: str | None, point: Mapping[str, float], signs: Sequence[int], exponent: int) -> Any:
    """The value beside a point, or the difference quotient there: to one side where the other has no value."""
    from mpmath import mp

    beside = {
        name: value + mp.ldexp((8 + index) * signs[index % 2] * (abs(value) or 1), 3 * exponent)
        for index, (name, value) in enumerate(point.items())
    }

    def value(steps: int) -> Any:
        moved = beside if by is None else {**beside, by: beside[by] + steps * step}
        return forward(graph, moved, precise())[graph.output]

    if by is None:
        return value(0)
    step = mp.ldexp(abs(point[by]) or 1, exponent)
    if not mp.isfinite(value(-1)):
        return (value(2) - value(1)) / step
    if not mp.isfinite(value(1)):
        return (value(-1) - value(-2)) / step
    return (value(1) - value(-1)) / (2 * step)


class _Doubles:
    """The exported formula at a point: its numbers, and bounds of the errors that rounding makes in them."""

    def __init__(self, straight: Straight, point: Mapping[str, float], numbers: Iterable[float]) -> None:
        self.straight = straight
        self.point = point
        self.numbers = set(numbers)  # those of the formula as written; others may have been rounded when merged
        self.floats = forward(straight.graph, point)

    def bounded(self, unit: int, least: int | None = None) -> tuple[list[Any], list[Any]]:
        """The numbers, and by how much they may be off where an operation is off by 2^unit of it, or by 2^least."""
        from mpmath import mp

        graph, folded = self.straight.graph, self.straight.folded
        number = precise().number
        values: list[Any] = []
        errors: list[Any] = []
        units = mp.ldexp(1, unit), mp.zero if least is None else mp.ldexp(1, least)
        for node, op in enumerate(graph.ops):
            if op is VARIABLE:
                value, error = number(self.point[graph.names[node]]), mp.zero
            elif op is CONSTANT:
                value = number(graph.constants[node], graph.symbols.get(node))
                if node in folded:
                    made, error = self._operation(*folded[node], values, errors, units)
                    error += _distance(made, value)
                else:
                    error = self._constant(node, value, units[0])
            else:
                value, error = self._operation(op, graph.arguments(node), values, errors, units)
            values.append(value)
            errors.append(error)
        outputs = self.straight.outputs.values()
        return [values[node] for node in outputs], [errors[node] for node in outputs]

    def _constant(self, node: int, value: Any, unit: Any) -> Any:
        """What a constant is off: pi by its rounding, and a number that the simplifier made of several."""
        from mpmath import mp

        number = self.straight.graph.constants[node]
        if not math.isfinite(number) or number.is_integer():
            return mp.zero
        if node in self.straight.graph.symbols:
            return abs(value) * unit
        return mp.zero if abs(number) in self.numbers else mp.ldexp(abs(value), -53)

    def _operation(
        self, op: Operation, nodes: Sequence[int], values: Sequence[Any], errors: Sequence[Any], units: tuple[Any, Any]
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
        chosen = op.name not in LEVELS and any(abs(value) == abs(arg) for arg in args)
        logical = self.straight.truths.issuperset(nodes)
        exact = not value or chosen or logical or (not any(inexact) and _is_exact(kernel, args, value))
        if mp.isfinite(value) and not exact:
            size = max(abs(value), 1) if op.name in ULPS else abs(value)
            error += _ulps(op) * units[0] * size + units[1]
        return value, error


def _is_exact(kernel: Callable[..., Any], args: Sequence[Any], value: Any) -> bool:
    """Whether an operation over doubles gives a double without rounding: 1 + 1e-320 has 1064 bits, cos(1e-320) 2127."""
    from mpmath import mp

    with mp.workprec(2200):
        return bool(value == _as_double(value) and value == kernel(*args))


def _distance(one: Any, other: Any) -> Any:
    """How far apart two numbers are: infinitely if only one of them is finite."""
    from mpmath import mp

    if one == other or (one != one and other != other):
        return mp.zero
    distance = abs(one - other)
    return distance if distance == distance else mp.inf


def _ulps(op: Operation) -> float:
    """How many units a language may be off: an operator one, a function of its library a few, a formula some more."""
    assert op.rule is not None
    return ULPS.get(op.name, 1.0 if op.name in LEVELS else 8.0 if op.rule.value is None else 32.0)
