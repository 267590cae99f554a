"""How far rounding may have moved the numbers of both passes: a bound that is quick, for most points need no more.

Running error analysis (Higham 2002, Accuracy and Stability of Numerical Algorithms, section 3.3).
"""

from __future__ import annotations

from math import inf

from cgraph_cli.engine.floats import FLOAT
from cgraph_cli.engine.kernels import Kernel
from cgraph_cli.engine.passes import Gradients, locals_of, value_of
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, Operation, operation
from cgraph_cli.light import Any, MutableSequence, NamedTuple, Sequence
from cgraph_cli.limits import LEAST, UNIT, WHOLE

POW = operation("pow")
DOUBT = 2.0**-27  # a part of a number that rounding may not change unseen where six digits are shown
MOST_JUDGED = 250_000  # nodes: for a graph of more, high precision takes longer than anyone waits
SILENT = 1e-5  # a part of a number that rounding may change unseen where high precision does not decide
FLAT = frozenset((-1.0, 0.0, 1.0))  # slopes of what is an argument, or nothing, on its side of a kink


def well_conditioned(
    graph: Graph, values: Sequence[float], passes: Sequence[tuple[int, Gradients]], doubt: float = DOUBT
) -> bool:
    """Whether rounding can have changed the last digits only of outputs and their gradients.

    Bounds of running error analysis (Higham 2002, section 3.3): an operation errs by a unit in its last place and by
    what its local gradients, here and where its arguments may be, make of their errors, a local gradient by as much as
    it changes when they are moved so far. ``passes`` are outputs with their gradients. Bounds may be too large, and
    modules always are thought to be ill-conditioned: the answer False asks for a closer look. Rounding may change a
    part ``doubt`` of a number, of a graph that is too large for high precision more.
    """
    if len(graph) > MOST_JUDGED:
        doubt = SILENT
    ops = set(graph.ops)
    if any(op.body is not None for op in ops) or (POW in ops and _has_unknown_sign(graph, values)):
        return False
    errors, local_errors = _errors(graph, values, passes[-1][1].local)
    if not all(errors[output] <= doubt * abs(values[output]) for output, _ in passes):
        return False
    del errors  # of large graphs it is in the way
    for _, gradients in passes:
        found = _upstream_errors(graph, gradients, local_errors)
        upstream = gradients.upstream
        if not all(found[node] <= doubt * abs(upstream[node]) for node in graph.variables.values()):
            return False
    return True


def _has_unknown_sign(graph: Graph, values: Sequence[float]) -> bool:
    """Whether a negative number has an exponent n of which n - 1 is no double: all that are near are even."""
    powers = (graph.arguments(node) for node, op in enumerate(graph.ops) if op is POW)
    return any(values[base] < 0 and abs(values[exponent]) > WHOLE for base, exponent in powers)


def _errors(
    graph: Graph, values: Sequence[float], local: Sequence[float]
) -> tuple[MutableSequence[float], MutableSequence[float]]:
    """How far each value and each local gradient may be from exact ones."""
    args, offsets, has_gradient, ops = graph.args, graph.offsets, graph.has_gradient, graph.ops
    errors, local_errors = FLOAT.column(len(graph)), FLOAT.column(len(args))
    for node in graph.symbols:
        errors[node] = UNIT * abs(values[node])
    unit, tiny = UNIT, LEAST  # the loop is as long as a pass: its names are near, and what most nodes are is not called
    rows = {op: _sensitivity(op) for op in set(ops) - {VARIABLE, CONSTANT}}
    end = 0
    for node, op in enumerate(ops):
        start, end = end, offsets[node + 1]
        if start == end:
            continue
        value, one, row = values[node], args[start], rows[op]
        least = tiny if value else row.least([values[arg] for arg in args[start:end]], local[start:end])
        if row.is_plain and has_gradient[one]:
            error, first = unit * abs(value) + least, errors[one]
            if end - start == 1:
                x, gradient = values[one], local[start]
                if first:
                    error += abs(gradient) * first
                if row.named is None:
                    local_errors[start] = 2 * unit * abs(gradient) + (least if x else 0.0)
                    if first or row.is_probed:
                        (there,) = row.kernel(value + error, x + first + unit * abs(x))
                        bend = abs(there - gradient)
                        local_errors[start] += bend
                        if first:
                            error += bend * first
                errors[node] = error
                continue
            other = args[end - 1]
            if row.named is not None and has_gradient[other]:
                second = errors[other]
                if row.named:
                    local_errors[start], local_errors[start + 1] = second, first
                    if first:
                        error += abs(values[other]) * first
                    if second:
                        error += (abs(values[one]) + first) * second
                    errors[node] = error
                else:
                    errors[node] = error + first + second
                continue
        at, moved = [values[arg] for arg in args[start:end]], [errors[arg] for arg in args[start:end]]
        of_constants = not all(has_gradient[arg] for arg in args[start:end])
        gradients = row.kernel(value, *at) if row.sums or of_constants else local[start:end]
        errors[node], found = row.errors(value, least, at, moved, gradients)
        for edge, error in enumerate(found, start):
            local_errors[edge] = error
    return errors, local_errors


def _upstream_errors(graph: Graph, passes: Gradients, local_errors: Sequence[float]) -> MutableSequence[float]:
    """How far the upstream gradient of each node may be from the exact one; what is only handed on, is as exact."""
    errors: MutableSequence[float] = FLOAT.column(len(graph))
    offsets, upstream = graph.offsets, passes.upstream
    columns = (graph.args, passes.sends, passes.local, local_errors, passes.downstream)
    unit, tiny = UNIT, LEAST
    node, start = len(graph), len(graph.args)
    arriving = away = 0.0
    for edge, arg, sends, gradient, error, sent in zip(range(start - 1, -1, -1), *map(reversed, columns), strict=True):
        while edge < start:
            node -= 1
            start, arriving, away = offsets[node], abs(upstream[node]), errors[node]
        if sends:
            size, total = abs(gradient), upstream[arg]
            moved = error * (arriving + away) + away * size
            if sent != total:  # others are added to it
                moved += unit * (abs(total) + abs(sent))
            if size != 1.0 and ((size and (arriving or away)) or (error and arriving)):
                moved += unit * abs(sent) + tiny  # what underflowed, also of errors: the next factor may be large
            errors[arg] += moved
        elif (error or gradient) and (arriving or away):
            errors[arg] += error * (arriving + away) + away * abs(gradient)
    return errors


class _Sensitivity(NamedTuple):
    """How errors come into an operation and through it.

    It is 0 where one of its first ``factors`` arguments is. ``named`` says that its local gradients are its two
    arguments (True) or numbers (False), None for another row; ``sums`` that its value is a sum of others inside,
    ``jumps`` that it has kinks or jumps, ``has_slope`` that it has slopes, ``is_probed`` that a local gradient is a sum
    of others inside, ``is_plain`` that it neither sums nor jumps.
    """

    op: Operation
    factors: int
    named: bool | None
    sums: bool
    jumps: bool
    has_slope: bool
    is_probed: bool
    is_plain: bool
    kernel: Kernel

    def least(self, at: Sequence[float], gradients: Sequence[float]) -> float:
        """How far underflow may have taken a value that is 0.

        Not that of a sum, of a factor 0, of nothing but zeros, or on a flat side of a kink.
        """
        flat = self.named is False or (self.jumps and FLAT.issuperset(gradients))
        return 0.0 if flat or not any(at) or 0.0 in at[: self.factors] else LEAST

    def errors(
        self, value: float, least: float, at: Sequence[float], moved: Sequence[float], gradients: Sequence[Any]
    ) -> tuple[float, Sequence[float]]:
        """How far a value and its local gradients may be from exact ones, where arguments may be ``moved`` so far."""
        value_at, is_moved = value_of(self.op), any(moved)
        error = UNIT * abs(value) + least
        if self.sums:
            error += UNIT * sum(abs(gradient * x) for gradient, x in zip(gradients, at, strict=False) if gradient)
        for gradient, away in zip(gradients, moved, strict=False):
            if away and gradient:
                error += abs(gradient) * away
        sides = (1, -1) if self.jumps else (1,) if is_moved or self.is_probed else ()
        moves = [(away + UNIT * abs(x)) * (-1) ** index for index, (x, away) in enumerate(zip(at, moved, strict=True))]
        there = [[x + side * move for x, move in zip(at, moves, strict=True)] for side in sides]
        values = [value_at(*shifted) for shifted in there] if self.jumps else []
        if self.op.compares and is_moved and abs(at[0] - at[1]) <= sum(moved):  # they may be equal
            values.append(value_at(at[0], at[0]))
        if is_moved and values:  # max(0, 1) is 1, and the 0 may have been large
            error = max(error, *(abs(one - value) for one in values))
        if (self.op.chooses and moved[0]) or (not self.has_slope and error > UNIT * abs(value) + least):
            error = inf
        if self.named is not None:
            both = moved[0] * moved[1] if self.named and all(moved) else 0.0
            return error + both, moved[::-1] if self.named else [0.0] * len(at)
        others = [
            # max is one of its arguments: its value must be theirs
            self.kernel(values[index] if self.jumps else value + side * error, *shifted)
            for index, (side, shifted) in enumerate(zip(sides, there, strict=True))
        ]
        found = []
        for gradient, moves_by, *ways in zip(gradients, moved, *others, strict=False):
            if gradient is None:  # nothing is sent, and may be where rounding has made the choice
                found.append(max((abs(one) for one in ways if one is not None), default=0.0))
                continue
            bend = max((inf if one is None else abs(one - gradient) for one in ways), default=0.0)
            found.append(2 * UNIT * abs(gradient) + bend + least)
            if moves_by and not self.jumps:
                error += bend * moves_by
        return error, found


def _sensitivity(op: Operation) -> _Sensitivity:
    rule = op.rule
    texts = [text or "0" for text in rule.gradients]
    sums = rule.many or rule.value is not None
    jumps = rule.kink is not None or op.chooses or not rule.has_slope
    named: bool | None = None
    if not sums and not jumps:
        named = texts == [*rule.args][::-1] or (False if all(text.lstrip("-").isdigit() for text in texts) else None)
    inside = any(" + " in text or " - " in text for text in texts)
    is_plain = not (sums or jumps)
    return _Sensitivity(op, rule.factors, named, sums, jumps, rule.has_slope, inside, is_plain, locals_of(op))
