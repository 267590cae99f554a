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

PRECISIONS = (128, 256, 512, 1024, 2048, 4096, 8192)
GUARD = 64  # bits more than a precision claims
MOST_WORK = 4_000_000  # nodes times bits
NEAR = (-100, -400)  # exponents of the distances at which a limit is looked at


class Check(NamedTuple):
    """A number that a self-test expects, and how far from it the result may be."""

    label: str
    expected: float
    tolerance: float

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
    expected = []
    for number, ieee in zip(map(_as_double, truth), written, strict=True):
        # High precision has no -0, and so not the signs that depend on it.
        expected.append(ieee if negative_zero or abs(number) == abs(ieee) else number)
    return [
        Check(label, number, float(f"{tolerance + 2.0**-52 * abs(number):.2g}") if math.isfinite(number) else 0.0)
        for label, number, tolerance in zip(labels, expected, tolerances, strict=True)
    ]


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
    open = [one != one and other == other for one, other in zip(written, _defined(exported), strict=True)]
    if any(open):
        limits = _limits(graph, doubles, wrt, point, exported)
        written = [
            other if is_open and is_limit else one
            for one, other, is_open, is_limit in zip(written, exported, open, limits, strict=True)
        ]
    return written


def _limits(
    graph: Graph, doubles: _Doubles, wrt: Sequence[str], point: Mapping[str, float], exported: Sequence[Any]
) -> list[bool]:
    """Whether the exported formula's numbers are what those of the formula as written tend to, where it has any."""
    from mpmath import mp

    met = [False] * len(exported)
    holds = [True] * len(exported)
    with mp.workprec(2048):
        for signs in ((1, 1), (-1, -1), (1, -1)):
            distances = []
            for exponent in NEAR:
                moved = {
                    one: value + mp.ldexp((8 + index) * signs[index % 2] * (abs(value) or 1), exponent)
                    for index, (one, value) in enumerate(point.items())
                }
                written = _as_written(graph, wrt, moved, precise())
                there = doubles.values(moved)
                distances.append([abs(one - other) for one, other in zip(there, exported, strict=True)])
                for index, (one, other) in enumerate(zip(written, there, strict=True)):
                    if mp.isfinite(one):
                        met[index] = True
                        holds[index] &= abs(one - other) <= mp.ldexp(abs(one), -60)
            for index, (far, near) in enumerate(zip(*distances, strict=True)):
                holds[index] &= not mp.isfinite(far) or near <= far / 2
    return [one and other for one, other in zip(met, holds, strict=True)]


class _Doubles:
    """The exported formula at a point: its numbers, and bounds of the errors that rounding makes in them."""

    def __init__(self, straight: Straight, point: Mapping[str, float], numbers: Iterable[float]) -> None:
        self.straight = straight
        self.point = point
        self.numbers = set(numbers)  # those of the formula as written; others may have been rounded when merged
        self.uses = straight.uses()
        self.floats = forward(straight.graph, point)

    def values(self, point: Mapping[str, Any]) -> list[Any]:
        """The numbers of the exported formula."""
        found = forward(self.straight.graph, point, precise())
        return [found[node] for node in self.straight.outputs.values()]

    def bounded(self, unit: int, least: int | None = None) -> tuple[list[Any], list[Any]]:
        """The numbers, and by how much they may be off where an operation is off by 2^unit of it, or by 2^least.

        What an error of an argument does is seen by moving the argument by it: so steps and choices are seen too.
        """
        from mpmath import mp

        graph, truths = self.straight.graph, self.straight.truths
        values = forward(graph, self.point, precise())
        errors = [mp.zero] * len(graph)
        relative, absolute = mp.ldexp(1, unit), mp.zero if least is None else mp.ldexp(1, least)
        for node, op in enumerate(graph.ops):
            value, arguments = values[node], graph.arguments(node)
            if not self.uses[node] or op is VARIABLE:
                continue
            if op is CONSTANT:
                errors[node] = self._of_constant(node, value, relative)
                continue
            if op.compares:
                errors[node] = self._of_comparison(values, errors, *arguments)
                continue
            inexact = [position for position, arg in enumerate(arguments) if errors[arg]]
            args = [values[arg] for arg in arguments]
            kernel = value_kernel(op.name, precise())
            for position in inexact:
                moved = list(args)
                distance = mp.zero
                for error in (errors[arguments[position]], -errors[arguments[position]]):
                    moved[position] = args[position] + error
                    distance = max(distance, _distance(kernel(*moved), value))
                errors[node] += distance
            chosen = op.name not in LEVELS and any(abs(value) == abs(arg) for arg in args)
            exact = not value or chosen or node in truths or (not inexact and _is_exact(kernel, args, value))
            if mp.isfinite(value) and not exact:
                size = max(abs(value), 1) if op.name in ULPS else abs(value)
                errors[node] += _ulps(op) * relative * size + absolute
        outputs = self.straight.outputs.values()
        return [values[node] for node in outputs], [errors[node] for node in outputs]

    def _of_constant(self, node: int, value: Any, unit: Any) -> Any:
        """What a constant is off: pi by its rounding, and a number that the simplifier made of several."""
        from mpmath import mp

        number = self.straight.graph.constants[node]
        if not math.isfinite(number) or number.is_integer():
            return mp.zero
        if node in self.straight.graph.symbols:
            return abs(value) * unit
        return mp.zero if abs(number) in self.numbers else mp.ldexp(abs(value), -53)

    def _of_comparison(self, values: Sequence[Any], errors: Sequence[Any], first: int, last: int) -> Any:
        """1 where rounding may change the answer; what is equal in doubles too is one number, rounded in one way."""
        from mpmath import mp

        distance = abs(values[first] - values[last])
        equal = values[first] == values[last] and self.floats[first] == self.floats[last]
        return mp.one if distance <= errors[first] + errors[last] and not equal else mp.zero


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
