"""Second derivatives at a point: forward over reverse, with the partials of every row's local gradients."""

from __future__ import annotations

from itertools import chain, combinations_with_replacement, product
from math import isfinite, isnan, nan

from cgraph_cli.engine.arithmetic import Arithmetic
from cgraph_cli.engine.floats import FLOAT
from cgraph_cli.engine.kernels import Compiler, Kernel, local_kernel, value_kernel
from cgraph_cli.engine.passes import at_kink, backward, forward
from cgraph_cli.graph.expand import expanded
from cgraph_cli.graph.express import expression_of, needed
from cgraph_cli.graph.formula import row_of
from cgraph_cli.graph.graph import Builder, Graph, operation
from cgraph_cli.light import TYPE_CHECKING, Any, Callable, Iterator, Mapping, NamedTuple, Sequence, cache
from cgraph_cli.limits import LEAST_NORMAL
from cgraph_cli.rules import CONSTANTS
from cgraph_cli.syntax.expression import Name, Number, Syntax, fold, walk

if TYPE_CHECKING:
    from cgraph_cli.engine.quantities import Quantities
    from cgraph_cli.engine.truth import Truth

Matrix = list[list[Any]]

HUGE = 1 / LEAST_NORMAL


def hessian(
    graph: Graph, output: int, values: Mapping[str, float], arithmetic: Arithmetic = FLOAT
) -> dict[str, dict[str, float]]:
    """The matrix ∂²output/∂row∂column, keyed by names, in an ``arithmetic`` of doubles.

    Where a factor is below the range of doubles, an entry is nan or a function has a kink, high precision decides
    (``Truth``). The matrix is symmetric in exact numbers; the two roundings of an entry are replaced by their mean.
    """
    graph, places = expanded(graph)
    names = list(graph.variables)
    times = _Watched()
    point = Second(graph, places[output], values, arithmetic, times=times)
    rows = point.rows()
    if isfinite(point.values[places[output]]):
        kinks = [node for node in range(len(graph)) if at_kink(graph, node, point.values, point.passes.reached)]
        lost = times.lost or not all(isfinite(x) for row in rows for x in row) or _hidden(point)
        if kinks or lost:
            rows = _settled(graph, places[output], values, rows, kinks, lost=lost)
    for index, row in enumerate(rows):
        for column in range(index):
            row[column] = rows[column][index] = row[column] / 2 + rows[column][index] / 2
    return {name: dict(zip(names, row, strict=True)) for name, row in zip(names, rows, strict=True)}


def matrix(graph: Graph, output: int, inputs: Mapping[str, Any], arithmetic: Arithmetic) -> Matrix:
    """The matrix ∂²output/∂row∂column in any arithmetic, in the order of the variables."""
    graph, places = expanded(graph)
    return Second(graph, places[output], inputs, arithmetic).rows()


def second_entries(
    graph: Graph, output: int, inputs: Mapping[str, Any], entries: Sequence[tuple[int, int]], arithmetic: Arithmetic
) -> list[Any]:
    """Some entries of that matrix by row and column, and then the value."""
    graph, places = expanded(graph)
    here, starts = Second(graph, places[output], inputs, arithmetic), list(graph.variables.values())
    rows = {row: here.row(starts[row]) for row, _ in entries}
    return [*(rows[row][column] for row, column in entries), here.values[places[output]]]


def second_derivatives(
    graph: Graph, output: int, places: Sequence[tuple[int, int]], arithmetic: Callable[[], Arithmetic] | None = None
) -> Quantities:
    """Entries of the matrix in high precision, each by its row and its column."""
    from cgraph_cli.engine.mpmath import precise
    from cgraph_cli.engine.quantities import Quantities

    def at(point: Mapping[str, Any]) -> list[Any]:
        rows = matrix(graph, output, point, (arithmetic or precise)())
        return [rows[row][column] for row, column in places]

    return Quantities(len(places), graph.effort * len(graph.variables), at)


class _Watched:
    """Products of doubles; ``lost`` is whether one of two numbers that are not 0 was below the range of doubles."""

    lost = False

    def __call__(self, x: float, y: float) -> float:
        product = x * y
        if -LEAST_NORMAL < product < LEAST_NORMAL and x and y:
            self.lost = True
        return product


def _settled(
    graph: Graph, output: int, values: Mapping[str, float], rows: Matrix, kinks: Sequence[int], *, lost: bool
) -> Matrix:
    """The Hessian at a point where doubles ``lost`` something or nodes are at ``kinks``, as far as it can be told.

    Numbers of high precision take the place of doubles. An entry that is nan in them too, and by a variable that
    reaches a kink every one, is its limit where those from all sides agree, and stays as it is where they do not; nan
    stays where the output has two slopes along a variable.
    """
    from cgraph_cli.engine.quantities import by_rules
    from cgraph_cli.engine.truth import Truth

    count = len(rows)
    quantities = second_derivatives(graph, output, [(row, column) for row in range(count) for column in range(count)])
    truth = Truth(graph, values)
    found: list[float] = list(chain.from_iterable(rows))
    if lost:
        found = [old if new is None else new for old, new in zip(found, truth.values(quantities), strict=True)]
    rows = [found[start : start + count] for start in range(0, count * count, count)]
    if not kinks and not any(map(isnan, found)):
        return rows
    broken = {
        at for at, name in enumerate(graph.variables) if any(map(isnan, rows[at])) and _breaks(truth, name, output)
    }
    (value,) = truth.values(by_rules(graph, [(output, None)]))
    for row, column in second_of(graph, rows, kinks):
        if broken.isdisjoint((row, column)) or not (isnan(rows[row][column]) or isnan(rows[column][row])):
            limit = _limit(truth, output, value, row, column)
            if limit is not None:
                rows[row][column] = rows[column][row] = limit
    left = [at for at in product(range(count), range(count)) if isnan(rows[at[0]][at[1]]) and broken.isdisjoint(at)]
    if left and count > 1:
        for (row, column), limit in zip(left, truth.limits(second_derivatives(graph, output, left)), strict=True):
            if limit is not None and not isnan(limit):
                rows[row][column] = limit
    return rows


def second_of(graph: Graph, rows: Sequence[Sequence[float]], kinks: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The entries of which limits are asked, by row and column: what is nan, and what is by variables of ``kinks``."""
    bent = needed(graph, kinks)
    takes = [bool(bent[node]) for node in graph.variables.values()]
    for row, column in combinations_with_replacement(range(len(rows)), 2):
        if takes[row] or takes[column] or isnan(rows[row][column]) or isnan(rows[column][row]):
            yield row, column


def _limit(truth: Truth, output: int, value: float | None, row: int, column: int) -> float | None:
    """The limit of an entry as its own variables go to the point, the others staying there; None if there is none.

    There is none either where the output itself tends to something else than its ``value``, if that is known: f =
    where(x == 0, y^2, y^3) jumps at x = 0.
    """
    from cgraph_cli.engine.mpmath import precise
    from cgraph_cli.engine.quantities import Quantities
    from cgraph_cli.engine.truth import same

    graph, names = truth.graph, list(truth.graph.variables)

    def at(point: Mapping[str, Any]) -> list[Any]:
        return second_entries(graph, output, point, [(row, column)], precise())

    limit, tends_to = truth.limits(Quantities(2, graph.effort, at), [*dict.fromkeys((names[row], names[column]))])
    jumps = value is not None and tends_to is not None and not same(value, tends_to)
    return None if limit is None or isnan(limit) or jumps else limit


def _breaks(truth: Truth, name: str, output: int) -> bool:
    """Whether an output has two slopes along a variable."""
    from cgraph_cli.engine.truth import both, same

    slopes = both(truth.slopes({name: 1.0}, output))
    return slopes is not None and not same(*slopes)


class Edge(NamedTuple):
    """An edge that sends, ``seconds`` being the local gradient's partials by nodes, times the upstream gradient."""

    arg: int
    local: Any
    seconds: list[tuple[int, Any]]


class Second:
    """A graph at a point, ready for the rows of its Hessian (Griewank, Walther 2008, section 5.2).

    tangent(n) = Σ local · tangent(argument), and in reverse with u for upstream:
    u'(argument) = Σ u'(n) · local + u(n) · Σ ∂local/∂m · tangent(m) over the node n itself and its arguments m.
    """

    def __init__(
        self,
        graph: Graph,
        output: int,
        inputs: Mapping[str, Any],
        arithmetic: Arithmetic = FLOAT,
        *,
        times: Callable[[Any, Any], Any] | None = None,
    ) -> None:
        self.graph = graph
        self.arithmetic = arithmetic
        self.times = times or arithmetic.send
        self.add = arithmetic.functions["add"]
        self.values = forward(graph, inputs, arithmetic)
        self.passes = backward(graph, self.values, output, arithmetic)
        self.lost = arithmetic.lost(self.values[output])
        self.nodes: list[tuple[int, list[Edge]]] = []
        with arithmetic.context():
            for node in range(output + 1):
                edges = [edge for edge in graph.edges(node) if self.passes.sends[edge]]
                if edges:
                    self.nodes.append((node, list(self._edges(node, edges))))

    def _edges(self, node: int, edges: Sequence[int]) -> Iterator[Edge]:
        graph, passes, times = self.graph, self.passes, self.times
        op, arguments, first = graph.ops[node], graph.arguments(node), graph.offsets[node]
        partials = second_kernel(op.name, self.arithmetic)(self.values[node], *[self.values[arg] for arg in arguments])
        for edge in edges:
            arg = graph.args[edge]
            sources = (node, arg) if op.rule.many else (node, *arguments)
            seconds = [
                (source, times(passes.upstream[node], partial))
                for source, partial in zip(sources, partials[edge - first], strict=False)
                if partial is not None and graph.has_gradient[source]
            ]
            yield Edge(arg, passes.local[edge], seconds)

    def rows(self) -> Matrix:
        """The whole matrix."""
        with self.arithmetic.context():
            return [self.row(start) for start in self.graph.variables.values()]

    def row(self, start: int) -> list[Any]:
        """One row: what moves with the variable ``start``; where the output is nan, nan for all that it depends on."""
        times, add, size = self.times, self.add, len(self.graph)
        tangent, found = list(self.arithmetic.column(size)), list(self.arithmetic.column(size))
        moves, arrives = bytearray(size), bytearray(size)
        tangent[start] = self.arithmetic.number(1.0)
        moves[start] = 1
        for node, edges in self.nodes:
            for arg, local, _ in edges:
                if moves[arg]:
                    tangent[node] = add(tangent[node], times(local, tangent[arg]))
                    moves[node] = 1
        for node, edges in reversed(self.nodes):
            arriving = arrives[node]
            for arg, local, seconds in edges:
                if arriving:
                    found[arg] = add(found[arg], times(found[node], local))
                    arrives[arg] = 1
                for source, weight in seconds:
                    if moves[source]:
                        found[arg] = add(found[arg], times(weight, tangent[source]))
                        arrives[arg] = 1
        starts = self.graph.variables.values()
        if self.lost is not None and self.passes.reached[start]:
            undefined = self.arithmetic.otherwise(self.lost, None, self.arithmetic.number(nan))
            return [add(found[node], undefined) if self.passes.reached[node] else found[node] for node in starts]
        return [found[node] for node in starts]


def _hidden(point: Second) -> bool:
    """Whether a local gradient or a partial of one is 0, tiny or infinite in doubles only."""
    graph = point.graph
    for node, _ in point.nodes:
        name, args = graph.ops[node].name, [point.values[arg] for arg in graph.arguments(node)]
        edges = [edge - graph.offsets[node] for edge in graph.edges(node) if point.passes.sends[edge]]
        numbers = list(_flat(name, edges, point.values[node], args, FLOAT))
        if all(LEAST_NORMAL <= abs(x) <= HUGE for x in numbers):
            continue
        import mpmath

        from cgraph_cli.engine.mpmath import precise

        with mpmath.workprec(200):
            exact = [mpmath.mpf(x) for x in args]
            own = value_kernel(name, precise())(*exact)
            for x, y in zip(numbers, _flat(name, edges, own, exact, precise()), strict=True):
                if not LEAST_NORMAL <= abs(x) <= HUGE and y != 0 and mpmath.isfinite(y):
                    return True
    return False


def _flat(name: str, edges: Sequence[int], f: Any, args: Sequence[Any], arithmetic: Arithmetic) -> Iterator[Any]:
    """The local gradients along some edges of a node, and their partials, those that there are."""
    local, partials = local_kernel(name, arithmetic)(f, *args), second_kernel(name, arithmetic)(f, *args)
    for edge in edges:
        yield from (number for number in (local[edge], *partials[edge]) if number is not None)


def formula_graph(tree: Syntax, names: Sequence[str]) -> Graph:
    """The graph of a formula of the table over the node's own value ``f`` and its arguments, limits as choices."""
    builder = Builder(names)

    def leaf(part: Number | Name) -> int:
        if isinstance(part, Number):
            return builder.number(part.value)
        if part.name in CONSTANTS:
            return builder.number(CONSTANTS[part.name], part.name)
        return builder.variable(part.name)

    def apply(part: Syntax, args: Sequence[int]) -> int:
        name = row_of(part)
        return builder.once(operation("where" if name == "limit" else name), args)

    builder.graph.outputs["local"] = fold(tree, leaf, apply)
    return builder.graph


@cache
def second_kernel(name: str, arithmetic: Arithmetic) -> Kernel:
    """The function ``(f, *args) -> partials`` of a row: those of each local gradient by f and by every argument.

    None stands for a partial that is 0 everywhere. A row with any number of arguments has those by f and by the
    argument in question; what it folds over all of them is a number of ties, a step.
    """
    compiler = Compiler(name, arithmetic)
    by = ("f", "x") if compiler.rule.many else ("f", *compiler.rule.args)
    return compiler.gradients(lambda tree: f"({', '.join(_partials(tree, by, compiler))},)")


def _partials(tree: Syntax, by: Sequence[str], compiler: Compiler) -> Iterator[str]:
    """The source of the partials of a formula by names, differentiated by the table's own rules."""
    from cgraph_cli.symbolic.derive import Plain, gradient

    graph = formula_graph(tree, by)
    derived = gradient(graph, graph.output, by, Plain())
    for name in by:
        partial = expression_of(derived, derived.outputs[name])
        source = compiler.source(partial)
        free = any(isinstance(part, Name) and part.name in compiler.bound for part in walk(partial))
        zero = not free and not eval(source, compiler.space)
        yield "None" if zero else source
