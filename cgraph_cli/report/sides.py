"""Numbers at points where a convention stands in for mathematics: what their limits from both sides make of them."""

from __future__ import annotations

from itertools import chain, product
from math import isinf, isnan, nan

from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import Gradients, at_kink, forward
from cgraph_cli.engine.quantities import Quantities
from cgraph_cli.engine.truth import Truth, both, same
from cgraph_cli.errors import KinkError, Span
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import TYPE_CHECKING, Any, Callable, Iterable, Iterator, Mapping, Sequence
from cgraph_cli.report.approach import jump
from cgraph_cli.report.findings import Found, filled
from cgraph_cli.report.kinks import REFUSED, TAKEN, of_kinks, ways_at
from cgraph_cli.report.words import derivative_name
from cgraph_cli.syntax.printer import format_number

if TYPE_CHECKING:
    from cgraph_cli.engine.arithmetic import Arithmetic

BESIDE = 200  # bits that tell doubles beside each other apart
MOST_WORK = 20_000_000  # operations times bits: a third of a second


def refuse_kinks(source: str, graph: Graph, which: str, found: Sequence[Found], sides: Sequence[Found]) -> None:
    """Raises KinkError where kinks are refused, or cannot be what is asked for.

    Not so if all cancel, so that there are derivatives, and the gradients are these.
    """
    refused = [(node, kind) for kind, node, _ in sides if not kind.startswith("smooth as used")]
    kinks = of_kinks(found)
    if which != REFUSED:
        kinks = [one for one in kinks if ways_at(one[2]["function"]) is TAKEN and which not in TAKEN]
    elif refused:
        kinks = [one for one in kinks if one[1] == refused[0][0]]
    if not kinks or (sides and not refused):
        return
    kind, node, fields = kinks[0]
    place, ways = filled(fields["place"], format_number), ways_at(fields["function"])
    second = "second " if refused and refused[0][1].endswith("second") else ""
    message = f"{place} is a kink: there is no {second}derivative"
    if which != REFUSED:
        message = f"{place} is exactly where a comparison changes: it has no slope, so --kink {which} says nothing"
    help = None
    if ways and not kind.startswith("bend"):
        help = f"--kink {'left or right' if ways is TAKEN else 'zero, left, right or mean'} chooses what is used there"
    raise KinkError(message, span=Span(graph.starts[node], graph.ends[node]), source=source, help=help)


class Sides:
    """The judge of numbers at a point where nodes are ``standing`` on kinks of functions or of their local gradients.

    What it says of a number is from its one-sided limits in high precision. Where both are the same, kinks cancel,
    abs(x)^2, and the number exists; the one by convention need not be it: relu(x) - relu(-x).
    """

    def __init__(
        self,
        graph: Graph,
        point: Mapping[str, float],
        standing: Sequence[Found],
        arithmetic: Callable[[], Arithmetic] | None = None,
    ) -> None:
        self.graph, self.standing, self.arithmetic = graph, standing, arithmetic or precise
        self.nodes = [node for _, node, _ in standing]
        self.kinks = [node for kind, node, _ in standing if not kind.startswith("bend")]
        self.truth = Truth(graph, point, self.arithmetic)
        self.truth.left = MOST_WORK

    def found(
        self,
        passes: Mapping[str, Gradients],
        moving: Mapping[str, float],
        tangents: Sequence[float] | None,
        hessian: Mapping[str, Mapping[str, float]] | None,
    ) -> Iterator[Found]:
        """What there is to say of the numbers of an evaluation."""
        for output, found in passes.items():
            gradients = {name: found.upstream[node] for name, node in self.graph.variables.items()}
            yield from self.gradients(output, gradients)
        if tangents is not None and moving:
            yield from self.directional(moving, tangents)
        if hessian is not None:
            yield from self.seconds(hessian)

    def seconds(self, hessian: Mapping[str, Mapping[str, float]]) -> Iterator[Found]:
        """What there is to say of second derivatives of the last output, each once: the matrix is symmetric."""
        from cgraph_cli.engine.hessian import second_derivatives

        (output, of), names = next(reversed(self.graph.outputs.items())), list(self.graph.variables)
        asked: dict[tuple[str, ...], dict[str, Any]] = {
            wrt: {
                "name": derivative_name(output, wrt),
                "row": wrt[0],
                "column": wrt[1],
                "of": of,
                "value": hessian[wrt[0]][wrt[1]],
            }
            for wrt in product(hessian, repeat=2)
            if names.index(wrt[0]) <= names.index(wrt[1])
        }

        def quantities(wanted: Sequence[tuple[str, ...]]) -> Quantities:
            places = [(names.index(row), names.index(column)) for row, column in wanted]
            return second_derivatives(self.graph, of, places, self.arithmetic)

        yield from self.higher(asked, quantities, " second")

    def gradients(self, output: str, numbers: Mapping[str, float]) -> Iterator[Found]:
        """What there is to say of derivatives of an output by names."""
        for name, used in numbers.items():
            fields = {"name": derivative_name(output, (name,)), "wrt": (name,), "arg": self.graph.variables[name]}
            yield from self._slopes(output, {name: 1.0}, fields | {"value": used}, " gradient")

    def directional(self, moving: Mapping[str, float], tangents: Sequence[float]) -> Iterator[Found]:
        """The same of the derivatives of all outputs in a direction."""
        for output, of in self.graph.outputs.items():
            fields = {"name": f"the directional derivative of `{output}`", "value": tangents[of]}
            yield from self._slopes(output, moving, fields, " directional")

    def _slopes(self, output: str, moving: Mapping[str, float], fields: dict[str, Any], ending: str) -> Iterator[Found]:
        of, node = self.graph.outputs[output], self._moved(moving, self.kinks)
        if node is None:
            return
        sides = self.truth.slopes(moving, of)
        steep = ending == " gradient" and any(one is not None and isinf(one) for one in sides)
        value = forward(self.graph, self.truth.point)[of] if steep else nan
        jumps = list(jump(self.truth, node, of, value, *fields["wrt"])) if steep else []
        for kind, at, told in jumps or _told(node, sides, fields | {"of": of}, ending):
            off = kind == f"smooth{ending}" and not self._stands_on_kinks()
            yield f"off a kink{ending}" if off else kind, at, told

    def formulas(
        self,
        output: str,
        numbers: Mapping[tuple[str, ...], float],
        formulas: Graph,
        nodes: Mapping[tuple[str, ...], int],
    ) -> Iterator[Found]:
        """The same of derivatives of higher order that are ``nodes`` of a graph, with the kinks of local gradients."""

        def quantities(wanted: Sequence[tuple[str, ...]]) -> Quantities:
            def at(point: Mapping[str, Any]) -> list[Any]:
                found = forward(formulas, point, self.arithmetic())
                return [found[nodes[wrt]] for wrt in wanted]

            return Quantities(len(wanted), len(formulas), at)

        higher = [(wrt, one) for wrt, one in numbers.items() if len(wrt) > 1]
        asked = {wrt: {"name": derivative_name(output, wrt), "wrt": wrt, "value": one} for wrt, one in higher}
        sides = [*self.higher(asked, quantities, " order")]
        yield from [found for found in self.standing if sides and found[0].startswith("bend")]
        yield from sides

    def higher(
        self,
        asked: Mapping[tuple[str, ...], Mapping[str, Any]],
        quantities: Callable[[Sequence[tuple[str, ...]]], Quantities],
        ending: str,
    ) -> Iterator[Found]:
        """The same of derivatives of higher order by names, each as the first of them moves that has two sides.

        A mixed one can have one limit along each variable and others between them.
        """
        told = set[tuple[str, ...]]()
        for by in dict.fromkeys(chain.from_iterable(asked)):
            node = self._moved((by,), self.nodes)
            wanted = [wrt for wrt in asked if by in wrt and wrt not in told]
            if node is None or not wanted:
                continue
            for wrt, sides in zip(wanted, self.truth.sides(quantities(wanted), {by: 1.0}), strict=True):
                about = {**asked[wrt], "by": by, "arg": self.graph.variables[by]}
                for kind, at, found in _told(node, sides, about, ending):
                    if not kind.startswith("smooth as used"):
                        told.add(wrt)
                        yield kind, at, found
        node = self._moved(names, self.nodes) if (names := {*chain.from_iterable(asked)}) else None
        mixed = [wrt for wrt in asked if len({*wrt}) > 1 and wrt not in told]
        for wrt in mixed:
            (limit,) = self.truth.limits(quantities([wrt]), [*dict.fromkeys(wrt)])
            about = {**asked[wrt], "arg": self.graph.variables[wrt[0]]}
            if node is not None and limit is not None and isnan(limit):
                yield f"apart{ending}", node, about
            elif node is not None and limit is not None and not same(limit, asked[wrt]["value"]):
                yield from _told(node, (limit, limit), about, ending)

    def _stands_on_kinks(self) -> bool:
        """Whether high precision stands on a kink too: --x pi is a double beside pi."""
        import mpmath

        everywhere = bytearray(b"\1") * len(self.graph)
        with mpmath.workprec(BESIDE):
            point = {name: mpmath.mpf(x) for name, x in self.truth.point.items()}
            values = forward(self.graph, point, self.arithmetic())
            return any(at_kink(self.graph, node, values, everywhere) for node in self.kinks)

    def _moved(self, names: Iterable[str], nodes: Iterable[int]) -> int | None:
        """The first of some nodes that depends on names."""
        moved = self.graph.depending_on(*(self.graph.variables[name] for name in names))
        return next((node for node in nodes if moved[node]), None)


def _told(
    node: int, sides: tuple[float | None, float | None], fields: Mapping[str, Any], ending: str
) -> Iterator[Found]:
    """What a number's limits from both sides make of it; nothing where one side has no values or is undecided."""
    limits = both(sides)
    if limits is None:
        return
    left, right = limits
    told = {**fields, "left": left, "right": right}
    if not same(left, right) or isinf(right):  # at a jump both may be infinite
        yield f"slopes{ending}", node, told
    elif same(fields["value"], right):
        yield f"smooth as used{ending}", node, told
    else:
        yield f"smooth{ending}", node, told | {"true_value": right}
