"""The passes over a graph, in any arithmetic: forward (values), backward (gradients), tangents (forward mode).

A user's module is run: its kernels are the passes over the graph of its body.
"""

from __future__ import annotations

from itertools import islice
from math import inf

from cgraph_cli.engine.arithmetic import Arithmetic
from cgraph_cli.engine.floats import FLOAT
from cgraph_cli.engine.kernels import Kernel, kink_kernel, local_kernel, value_kernel
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph, Operation, operation
from cgraph_cli.light import Any, Hashable, Mapping, MutableSequence, NamedTuple, Sequence
from cgraph_cli.limits import LEAST, UNIT, WHOLE

POW = operation("pow")
MAX_CALLS = 4096  # of a module that are remembered
DOUBT = 2.0**-27  # a part of a number that rounding may not change unseen where six digits are shown
MOST_JUDGED = 250_000  # nodes: for a graph of more, high precision takes longer than anyone waits
SILENT = 1e-5  # a part of a number that rounding may change unseen where high precision does not decide
FLAT = frozenset((-1.0, 0.0, 1.0))  # slopes of what is an argument, or nothing, on its side of a kink


class Gradients(NamedTuple):
    """The result of a backward pass: ``upstream`` per node; ``local`` and ``downstream`` per edge of ``graph.args``.

    ``reached`` says which nodes take part: those with a path to the output that leads through no branch not taken.
    ``sends`` says which edges carry a gradient: those of nodes that take part, but for branches not taken.
    Invariant: upstream(n) = Σ downstream over the edges into n's users.
    """

    upstream: MutableSequence[Any]
    local: MutableSequence[Any]
    downstream: MutableSequence[Any]
    reached: bytearray
    sends: bytearray


def forward(graph: Graph, inputs: Mapping[str, Any], arithmetic: Arithmetic = FLOAT) -> MutableSequence[Any]:
    """The value of every node, in evaluation order, for one value per variable."""
    values: MutableSequence[Any] = arithmetic.column(len(graph))
    number = arithmetic.number
    for name, node in graph.variables.items():
        values[node] = number(inputs[name])
    for node, constant in graph.constants.items():
        values[node] = number(constant, graph.symbols.get(node))
    kernels: dict[Operation, Kernel] = {op: value_of(op, arithmetic) for op in set(graph.ops) - {VARIABLE, CONSTANT}}
    args, offsets = graph.args, graph.offsets
    start = 0
    with arithmetic.context():
        for node, op in enumerate(graph.ops):
            end = offsets[node + 1]
            if end - start == 2:
                values[node] = kernels[op](values[args[start]], values[args[start + 1]])
            elif end - start == 1:
                values[node] = kernels[op](values[args[start]])
            elif end != start:
                values[node] = kernels[op](*[values[arg] for arg in args[start:end]])
            start = end
    return values


def backward(graph: Graph, values: Sequence[Any], output: int, arithmetic: Arithmetic = FLOAT) -> Gradients:
    """One pass over the tape in reverse, started at ``output`` with the seed 1.

    Every local gradient is computed, downstream gradients only from the nodes that take part. A zero upstream times an
    infinite local gradient is nan, as IEEE 754 has it.
    """
    upstream = arithmetic.column(len(graph))
    local = arithmetic.column(len(graph.args))
    downstream = arithmetic.column(len(graph.args))
    reached = bytearray(len(graph))
    sends = bytearray(len(graph.args))
    upstream[output] = arithmetic.number(1.0)
    reached[output] = 1
    kernels: dict[Operation, Kernel] = {op: locals_of(op, arithmetic) for op in set(graph.ops) - {VARIABLE, CONSTANT}}
    ops, args, offsets, has_gradient = graph.ops, graph.args, graph.offsets, graph.has_gradient
    if arithmetic.kink is not None:
        values = beside_ties(graph, values, arithmetic.kink)
    send, value_at = arithmetic.send, values.__getitem__
    end = offsets[len(graph)]
    with arithmetic.context():
        for node in range(len(graph) - 1, -1, -1):
            start = offsets[node]
            count, end = end - start, start
            if not count or not has_gradient[node]:
                continue
            kernel, first = kernels[ops[node]], args[start]
            arguments: Sequence[int]
            if count == 2:
                second = args[start + 1]
                arguments = first, second
                gradients = kernel(values[node], values[first], values[second])
            elif count == 1:
                arguments = (first,)
                gradients = kernel(values[node], values[first])
            else:
                arguments = args[start : start + count]
                gradients = kernel(values[node], *map(value_at, arguments))
            takes_part, arriving = reached[node], upstream[node]
            for edge, arg in enumerate(arguments, start):  # there may be more gradients: of defaults
                gradient = gradients[edge - start]
                if gradient is not None and has_gradient[arg]:
                    local[edge] = gradient
                    if takes_part:
                        sent = downstream[edge] = send(arriving, gradient)
                        upstream[arg] = upstream[arg] + sent  # a new number: a column must not change in place
                        reached[arg] = sends[edge] = 1
    return Gradients(upstream, local, downstream, reached, sends)


def tangents(
    graph: Graph, values: Sequence[Any], direction: Mapping[str, Any], arithmetic: Arithmetic = FLOAT
) -> MutableSequence[Any]:
    """The tangent of every node for a ``direction``: tangent(n) = Σ local · tangent(argument) (forward mode).

    What moves with no name of the direction, or only along branches not taken, sends nothing, as in the backward pass.
    """
    found: MutableSequence[Any] = arithmetic.column(len(graph))
    moves = bytearray(len(graph))
    for name, node in graph.variables.items():
        if name in direction:
            found[node] = arithmetic.number(direction[name])
            moves[node] = 1
    kernels: dict[Operation, Kernel] = {op: locals_of(op, arithmetic) for op in set(graph.ops) - {VARIABLE, CONSTANT}}
    if arithmetic.kink is not None:
        values = beside_ties(graph, values, arithmetic.kink)
    send = arithmetic.send
    with arithmetic.context():
        for node, op in enumerate(graph.ops):
            arguments = graph.arguments(node)
            moving = [moves[arg] for arg in arguments]
            if 1 not in moving:
                continue
            local = kernels[op](values[node], *[values[arg] for arg in arguments])
            for arg, gradient, moved in zip(arguments, local, moving, strict=False):
                if moved and gradient is not None:
                    found[node] = found[node] + send(found[arg], gradient)
                    moves[node] = 1
    return found


def well_conditioned(
    graph: Graph, values: Sequence[float], passes: Sequence[tuple[int, Gradients]], doubt: float = DOUBT
) -> bool:
    """Whether rounding can have changed the last digits only of outputs and their gradients.

    First-order bounds of running error analysis (Higham 2002, section 3.3): an operation errs by a unit in its last
    place and by what its local gradients make of the errors of its arguments, a local gradient by as much as it changes
    when they are moved so far. ``passes`` are outputs with their gradients. Bounds may be too large, and modules always
    are thought to be ill-conditioned: the answer False asks for a closer look. Rounding may change a part ``doubt`` of
    a number, of a graph that is too large for high precision more.
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
                errors[node] = error
                if row.named is None:
                    error = 2 * unit * abs(gradient) + (least if x else 0.0)
                    if first or row.is_probed:
                        (there,) = row.kernel(value + errors[node], x + first + unit * x)
                        error += abs(there - gradient)
                    local_errors[start] = error
                continue
            other = args[end - 1]
            if row.named is not None and has_gradient[other]:
                second = errors[other]
                if row.named:
                    local_errors[start], local_errors[start + 1] = second, first
                    if first:
                        error += abs(values[other]) * first
                    if second:
                        error += abs(values[one]) * second
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
            moved = error * arriving + away * size
            if sent != total:  # others are added to it
                moved += unit * (abs(total) + abs(sent))
            if size != 1.0 and ((size and (arriving or away)) or (error and arriving)):
                moved += unit * abs(sent) + tiny  # what underflowed, also of errors: the next factor may be large
            errors[arg] += moved
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
            return error, moved[::-1] if self.named else [0.0] * len(at)
        others = [
            # max is one of its arguments: its value must be theirs
            self.kernel(values[index] if self.jumps else value + side * error, *shifted)
            for index, (side, shifted) in enumerate(zip(sides, there, strict=True))
        ]
        found = []
        for gradient, *ways in islice(zip(gradients, *others, strict=False), len(at)):
            away = max((inf if one is None or gradient is None else abs(one - gradient) for one in ways), default=0.0)
            found.append(0.0 if gradient is None else 2 * UNIT * abs(gradient) + away + least)
        return error, found


def _sensitivity(op: Operation) -> _Sensitivity:
    rule = op.rule
    assert rule is not None
    texts = [text or "0" for text in rule.gradients]
    sums = rule.many or rule.value is not None
    jumps = rule.kink is not None or op.chooses or not rule.has_slope
    named: bool | None = None
    if not sums and not jumps:
        named = texts == [*rule.args][::-1] or (False if all(text.lstrip("-").isdigit() for text in texts) else None)
    inside = any(" + " in text or " - " in text for text in texts)
    is_plain = not (sums or jumps)
    return _Sensitivity(op, rule.factors, named, sums, jumps, rule.has_slope, inside, is_plain, locals_of(op))


def at_kink(graph: Graph, node: int, values: Sequence[Any], reached: Sequence[int]) -> bool:
    """Whether a node that takes part stands on a kink of its function, or a comparison where it changes."""
    op = graph.ops[node]
    kernel = None if op.rule is None else kink_kernel(op.name)
    if kernel is None or not (op.compares or reached[node]):
        return False
    args = graph.arguments(node)
    return any(graph.has_gradient[arg] for arg in args) and bool(kernel(values[node], *[values[arg] for arg in args]))


def changes_sides(op: Operation) -> bool:
    """Whether a comparison is true on one side of its tie and false on the other."""
    return op.compares and bool(value_of(op)(-1.0, 0.0) != value_of(op)(1.0, 0.0))


def beside_ties(graph: Graph, values: Sequence[float], which: str) -> Sequence[float]:
    """The values for a backward pass in which comparisons at a tie, and what is made of them without a gradient, are
    those to the left or right of their first argument that has a gradient."""
    side = {"left": -1.0, "right": 1.0}.get(which)
    ties = [
        node for node, op in enumerate(graph.ops) if side and changes_sides(op) and at_kink(graph, node, values, ())
    ]
    if not ties or side is None:
        return values
    found, moved = list(values), set(ties)
    for node in ties:
        first = graph.has_gradient[graph.arguments(node)[0]]
        found[node] = value_of(graph.ops[node])(*((side, 0.0) if first else (0.0, side)))
    for node, op in enumerate(graph.ops):
        args = graph.arguments(node)
        if node not in moved and not graph.has_gradient[node] and not moved.isdisjoint(args):
            moved.add(node)
            found[node] = value_of(op)(*[found[arg] for arg in args])
    return found


def value_of(op: Operation, arithmetic: Arithmetic = FLOAT) -> Kernel:
    """The value kernel of an operation."""
    return value_kernel(op.name, arithmetic) if op.body is None else called(op, arithmetic).value


def locals_of(op: Operation, arithmetic: Arithmetic = FLOAT) -> Kernel:
    """The local-gradient kernel of an operation."""
    return local_kernel(op.name, arithmetic) if op.body is None else called(op, arithmetic).locals


def called(op: Operation, arithmetic: Arithmetic) -> Module:
    """A module in one arithmetic, kept with its operation."""
    known = op.prepared.get(arithmetic)
    if known is None:
        known = op.prepared[arithmetic] = Module(op, arithmetic)
    return known


class Call:
    """One call of a module: every value of its body, and its local gradients once somebody asks for them.

    The arguments are kept, since an arithmetic may know them by their places in memory.
    """

    __slots__ = ("args", "local", "values")

    def __init__(self, args: tuple[Any, ...], values: Sequence[Any]) -> None:
        self.args = args
        self.values = values
        self.local: list[Any] | None = None


class Module:
    """A user's module in one arithmetic: both passes over its body, shared by calls with equal arguments.

    A call keeps its values for its gradients, so that modules that call modules do work once for each call, not once
    for each pass; and calls with equal arguments are one call.
    """

    def __init__(self, op: Operation, arithmetic: Arithmetic) -> None:
        assert op.body is not None
        self.body = op.body
        self.parameters = op.parameters
        self.arithmetic = arithmetic
        self.calls: dict[Hashable, Call] = {}

    def call(self, *args: Any) -> Call:
        """The call with some arguments."""
        key = self.arithmetic.key(args)
        known = self.calls.get(key)
        if known is None:
            if len(self.calls) >= MAX_CALLS:
                self.calls.clear()
            values = forward(self.body, dict(zip(self.parameters, args, strict=True)), self.arithmetic)
            known = self.calls[key] = Call(args, values)
        return known

    def value(self, *args: Any) -> Any:
        """The value kernel."""
        return self.call(*args).values[self.body.output]

    def locals(self, f: Any, *args: Any) -> list[Any]:
        """The local-gradient kernel; a parameter that nothing reaches has no gradient."""
        one, body = self.call(*args), self.body
        if one.local is None:
            found = backward(body, one.values, body.output, self.arithmetic)
            nodes = [body.variables[parameter] for parameter in self.parameters]
            one.local = [found.upstream[node] if found.reached[node] else None for node in nodes]
        return one.local
