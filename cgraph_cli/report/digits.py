"""How many digits of a result are right: what rounding may have spoilt is held against high precision.

Bounds (``engine.bounded``) only say where to look. A number is accused where high precision, raised until two results
agree, has another: it has lost its digits to rounding, is 0 for an underflow, or not finite for an overflow.
"""

from __future__ import annotations

from math import copysign, floor, inf, isfinite, isinf, isnan, log10, nan

from cgraph_cli.engine.bounded import Bounded, bounded
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.engine.passes import Gradients, backward, forward, tangents
from cgraph_cli.engine.quantities import Quantities, by_rules
from cgraph_cli.engine.rounding import MOST_JUDGED, SILENT
from cgraph_cli.engine.truth import LEAST_BITS, Truth, both, same
from cgraph_cli.graph.express import needed
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Any, Callable, Iterator, Mapping, NamedTuple, Sequence, cached_property
from cgraph_cli.limits import DOUBLE_DIGITS, LEAST, UNDERFLOWN
from cgraph_cli.report.approach import MOST_LEADING, jump, paths
from cgraph_cli.report.findings import Found
from cgraph_cli.report.kinds import KINDS
from cgraph_cli.report.nonfinite import ends_in, moving_to, nan_poles, vanishes
from cgraph_cli.report.wanted import Wanted
from cgraph_cli.report.words import Description, derivative_name

WRONG = Wanted().part  # of a number: with so large an error it has not the digits that are usually shown
NOTHING: Mapping[str, Any] = {}
ARTEFACTS = {"overflow": "too large for doubles", "indeterminate": "indeterminate in doubles"}
ENDS = ("pole", "domain")
MOST_WORK = 2 * MOST_JUDGED * 3 * LEAST_BITS  # operations times bits, of both passes at two precisions: a second or two
MOST_APPROACHED = 20_000_000  # of them on ways to a point: a third of a second


class Asked(NamedTuple):
    """A number of a result: its name, itself, its bound, the output that it is of, the variable that it is by if any.

    ``kind`` is the ending of the kinds of findings about it, ``fields`` what they have beyond these.
    """

    name: str
    number: float
    bound: Bounded
    output: int
    arg: int | None = None
    kind: str = ""
    fields: Mapping[str, Any] = NOTHING


def digits_of(number: float, true: float) -> float:
    """How many decimal digits of a number are right, with a fraction: -log10 of its relative error.

    DOUBLE_DIGITS for a double that is the nearest, or nan where there is no number. Below the range of doubles, where
    the last bit is all there is, it may miss that.
    """
    if number == true or (isnan(number) and isnan(true)):
        return DOUBLE_DIGITS
    error = abs(number - true)
    if error <= UNDERFLOWN and abs(true) < 1e-307:
        return DOUBLE_DIGITS
    return 0.0 if not (true and error < abs(true)) else min(-log10(error / abs(true)), DOUBLE_DIGITS)


def right_digits(number: float, true: float) -> int:
    """How many whole decimal digits of a number are right."""
    return floor(digits_of(number, true))


def is_wrong(number: float, true: float, part: float = WRONG) -> bool:
    """Whether a number has not the digits that are shown; below the range of doubles it may miss the last."""
    return number != true and not abs(number - true) <= max(part * abs(true), UNDERFLOWN) < inf


def told_digits(name: str, number: float, true: float) -> dict[str, Any]:
    """The fields that say how many digits of a number are right."""
    digits = right_digits(number, true)
    told = "no digit" if not digits else "only 1 digit" if digits == 1 else f"only {digits} digits"
    return {"right": f"{told} of {name} {'are' if digits > 1 else 'is'} right", "digits": digits}


class Judge:
    """The numbers of one evaluation before high precision, one for all outputs."""

    def __init__(self, graph: Graph, values: Sequence[float], words: Description, wanted: Wanted) -> None:
        self.graph = graph
        self.wanted = wanted
        self.values = values
        self.words = words
        self.point = graph.point(values)
        self.truth = Truth(graph, self.point)
        self.truth.left = MOST_WORK
        self.bounds: Sequence[Bounded] = forward(graph, self.point, bounded())
        self.gradients: dict[int, Gradients] = {}
        self.codes: Mapping[str, int] = {}  # of what is not finite, with the first node of each
        self.ends: set[int] = set()  # where it is so in any arithmetic
        self._outside: dict[int, bool] = {}
        self._culprits: dict[tuple[int, int | None], tuple[int, bool]] = {}
        self.jumping: set[int] = set()  # outputs with no limit there that is known for sure

    def gradients_of(self, output: int) -> Gradients:
        """The gradients of an output with their bounds."""
        if output not in self.gradients:
            self.gradients[output] = backward(self.graph, self.bounds, output, bounded())
        return self.gradients[output]

    def found(
        self, passes: Mapping[str, Gradients], *, gradients: bool, not_finite: Sequence[Found] = ()
    ) -> Iterator[Found]:
        """What is wrong with values and gradients of outputs.

        ``not_finite`` is where numbers stopped being finite; only for an overflow or what is indeterminate they can be
        other than they are.
        """
        graph = self.graph
        self.codes = {KINDS[kind].code: node for kind, node, _ in reversed(not_finite)}
        self.ends = ends_in(not_finite, graph, self.values)
        for name, output in graph.outputs.items():
            asked = [Asked(f"`{name}`", self.values[output], self.bounds[output], output)]
            if gradients:
                upstream = self.gradients_of(output).upstream
                asked += [
                    Asked(
                        derivative_name(name, (by,)),
                        passes[name].upstream[node],
                        upstream[node],
                        output,
                        node,
                        " gradient",
                        {"wrt": (by,)},
                    )
                    for by, node in graph.variables.items()
                ]
            told = [*self._judged(asked, self._exact), *self._artefacts(asked[:1], self._exact)]
            yield from told
            if all("arg" in fields for _, _, fields in told):
                jumps = list(self._jumps(asked[0]))
                if any(kind != "along curves" for kind, _, _ in jumps):
                    self.jumping.add(output)
                yield from jumps
            names = {fields["name"] for _, _, fields in told}
            yield from self._elsewhere([one for one in asked if one.name not in names])
            yield from self._at_minus_zero(asked[1:])
            yield from self._artefacts(asked[1:], self._exact)

    def _elsewhere(self, asked: Sequence[Asked]) -> Iterator[Found]:
        """The numbers that are finite where something they are made of is not, 1^inf is 1, and tend to others."""
        moving = moving_to(self.graph, self.ends) if self.ends and "overflow" not in self.codes else []
        asked = [one for one in asked if isfinite(one.number) and one.output not in self.jumping]
        if len(moving) == 1 and asked and any(map(needed(self.graph, [asked[0].output]).__getitem__, self.ends)):
            for one, limit in zip(asked, self.truth.limits(self._exact(asked), moving), strict=True):
                if limit is not None and not isnan(limit) and not same(limit, one.number):
                    yield self._artefact(one, limit, "limit")

    def _at_minus_zero(self, asked: Sequence[Asked]) -> Iterator[Found]:
        """Infinite gradients that tend to the other infinity: log(-x) at 0 is log(-0), and there 1/-0 its slope."""
        has_one = any(value == 0 and copysign(1.0, value) < 0 for value in self.values)
        for one in asked if has_one else ():
            if isinf(one.number) and one.output not in self.jumping:
                (by,) = one.fields["wrt"]
                (limit,) = self._beside.limits(self._exact([one]), [by])
                if limit == -one.number:
                    along = f" along `{by}`" if len(self.graph.variables) > 1 else ""
                    yield self._artefact(one._replace(fields={**one.fields, "along": along}), limit, "limit")

    def _jumps(self, asked: Asked) -> Iterator[Found]:
        """An output that tends to other values on other ways to where a number stops being finite."""
        moving = moving_to(self.graph, self.ends) if self.ends and "overflow" not in self.codes else []
        truth = Truth(self.graph, self.point)
        truth.left = MOST_APPROACHED
        about = truth, min(self.ends, default=0), asked.output, asked.number
        jumps = [one for by in moving[:MOST_LEADING] for one in jump(*about, by)]
        yield from jumps or (paths(*about, moving) if len(moving) > 1 else ())

    @property
    def is_artefact(self) -> bool:
        """Whether what is not finite may be so in doubles only: for an overflow, what is indeterminate, or a pole or an
        end of the domain at arguments that are not exact."""
        graph, ends = self.graph, [self.codes[code] for code in ENDS if code in self.codes]
        near = any(graph.ops[end].body or any(self.bounds[arg].error for arg in graph.arguments(end)) for end in ends)
        return near or bool(nan_poles(graph, self.values)) or not self.codes.keys().isdisjoint(ARTEFACTS)

    def _artefacts(self, asked: Sequence[Asked], exact: Callable[[Sequence[Asked]], Quantities]) -> Iterator[Found]:
        """Those of some numbers that are not finite which are in high precision, or have a limit."""
        asked = [one for one in asked if not isfinite(one.number) and one.output not in self.jumping]
        if not self.is_artefact:  # a pole that the value has passed, 1/gamma(x) at 0, may have spoilt its gradients
            asked = [one for one in asked if isnan(one.number) and isfinite(self.values[one.output]) and self.ends]
        if not asked:
            return
        found = self._true(asked, exact)
        unknown = [index for index, true in enumerate(found) if true is None or isnan(true)]
        moving = moving_to(self.graph, self.ends)
        wanted = unknown if len(moving) == 1 else []  # along lines in several variables nothing is proved of a limit
        towards = self.truth.limits(exact([asked[index] for index in wanted]), moving) if wanted else []
        limits = dict(zip(wanted, towards, strict=True))
        for index, one in enumerate(asked):
            true = limits.get(index, found[index])
            beyond = true is not None and isinf(true) and index not in limits  # finite perhaps, and no double
            if true is not None and not isnan(true) and not beyond and true != one.number:
                yield self._artefact(one, true, "limit" if index in limits else None)
            elif beyond and isnan(one.number) and "pole" not in self.codes:
                yield self._artefact(one, nan, "past doubles")
            elif true is None and found[index] is None:
                yield self._artefact(one, nan, "undecided beyond")
            elif isnan(one.number) and one.kind == " gradient":
                yield from self._from_sides(one)

    def _true(self, asked: Sequence[Asked], exact: Callable[[Sequence[Asked]], Quantities]) -> Sequence[float | None]:
        """What some numbers are in high precision; nan where that takes another side of a pole than doubles do."""
        found = self.truth.values(exact(asked))
        return [nan if self._turned[one.output] else true for one, true in zip(asked, found, strict=True)]

    @cached_property
    def _turned(self) -> Sequence[int]:
        """What is computed from infinities that have the other sign in high precision, which has one 0: 1/-0."""
        import mpmath

        poles = [node for node in self.ends if isinf(self.values[node])]
        with mpmath.workprec(LEAST_BITS):
            values = forward(self.graph, self.point, precise()) if poles else ()
            return self.graph.depending_on(*(node for node in poles if values[node] == -self.values[node]))

    @cached_property
    def _beside(self) -> Truth:
        truth = Truth(self.graph, self.point)
        truth.left = MOST_APPROACHED
        return truth

    def _from_sides(self, one: Asked) -> Iterator[Found]:
        """A gradient that the rules make nan, where the output has slopes along its variable: two, or one; where it has
        no value, the gradient may tend to something.
        """
        (by,) = one.fields["wrt"]
        if isnan(self.values[one.output]):
            limit = self._beside.limits(self._exact([one]), [by])[0]
            if limit is not None and not isnan(limit):
                _, node, fields = self._artefact(one, nan)
                yield "along itself", node, {**fields, "by": by, "tends_to": limit}
            return
        slopes = both(self._beside.slopes({by: 1.0}, one.output))
        if slopes is None:
            return
        left, right = slopes
        if same(left, right):
            yield self._artefact(one._replace(fields={**one.fields, "along": f" along `{by}`"}), right, "limit")
        else:
            _, node, fields = self._artefact(one, nan)
            yield "nan on a kink", node, {**fields, "left": left, "right": right}

    def _artefact(self, one: Asked, true: float, kind: str | None = None) -> Found:
        """A number that is other in doubles than in high precision because of what is not finite; nan is undecided."""
        code = next(code for code in (*ARTEFACTS, *ENDS) if code in self.codes)
        fields = {"name": one.name, "value": one.number, "of": one.output, "along": "", **one.fields}
        if not isnan(true):
            fields["true_value"] = true
        if one.arg is not None:
            fields["arg"] = one.arg
        kind = kind or ARTEFACTS.get(code, f"{code} in doubles")
        return f"{kind}{one.kind}", self.codes[code], fields

    def second(self, hessian: Mapping[str, Mapping[str, float]]) -> Iterator[Found]:
        """What is wrong with second derivatives, each said once: the matrix is symmetric."""
        from cgraph_cli.engine.hessian import matrix, second_derivatives
        from cgraph_cli.report.kinks import at_kinks

        graph, names = self.graph, list(self.graph.variables)
        output, node = next(reversed(graph.outputs.items()))
        bounds = matrix(graph, node, self.point, bounded())
        asked = []
        for index, row in enumerate(hessian):
            for column in list(hessian)[index:]:
                at, beside = names.index(row), names.index(column)
                bound = max(bounds[at][beside], bounds[beside][at], key=lambda one: one.error)
                fields = {"row": row, "column": column, "at": (at, beside)}
                name = derivative_name(output, (row, column))
                one = Asked(name, hessian[row][column], bound, node, graph.variables[row], " second", fields)
                asked.append(one)

        def exact(wanted: Sequence[Asked]) -> Quantities:
            return second_derivatives(graph, node, [one.fields["at"] for one in wanted])

        bent = needed(graph, at_kinks(graph, self.values, self.gradients_of(node).reached))
        on_kinks = [one for one in asked if any(bent[graph.variables[one.fields[by]]] for by in ("row", "column"))]
        yield from self._judged([one for one in asked if one not in on_kinks], exact)
        for one in on_kinks:
            yield from self._judged([one], exact, [*dict.fromkeys((one.fields["row"], one.fields["column"]))])
        yield from self._artefacts(asked, exact)

    def directional(self, moving: Mapping[str, float], along: Sequence[float]) -> Iterator[Found]:
        """What is wrong with the derivatives of outputs in a direction."""
        graph, bounds = self.graph, tangents(self.graph, self.bounds, moving, bounded())
        asked = [
            Asked(f"the directional derivative of `{name}`", along[node], bounds[node], node, None, " directional")
            for name, node in graph.outputs.items()
        ]

        def exact(wanted: Sequence[Asked]) -> Quantities:
            def derivatives(point: Mapping[str, Any]) -> list[Any]:
                found = tangents(graph, forward(graph, point, precise()), moving, precise())
                return [found[one.output] for one in wanted]

            return Quantities(len(wanted), 2 * graph.effort, derivatives)

        yield from self._judged(asked, exact)
        yield from self._artefacts(asked, exact)

    def _exact(self, wanted: Sequence[Asked]) -> Quantities:
        """The value of an output and gradients in high precision."""
        return by_rules(self.graph, [(one.output, one.arg) for one in wanted])

    def _judged(
        self,
        asked: Sequence[Asked],
        exact: Callable[[Sequence[Asked]], Quantities],
        moving: Sequence[str] | None = None,
    ) -> Iterator[Found]:
        """Those of some numbers that high precision has others for, at the point, or on a kink as variables move to it.

        Derivatives of a doubtful value are doubtful whatever their bounds: where rounding has made a choice, a branch
        that was not taken sends no error either.
        """
        doubt = self.wanted.doubt
        doubtful = [one for one in asked if not (one.bound.loss <= doubt and self.bounds[one.output].loss <= doubt)]
        doubtful = [one for one in doubtful if isfinite(one.number)]
        if not doubtful:
            return
        beside = moving is not None
        found = self.truth.limits(exact(doubtful), moving) if beside else self._true(doubtful, exact)
        for one, true in zip(doubtful, found, strict=True):
            fields: dict[str, Any] = {"name": one.name, "value": one.number, "of": one.output, **one.fields}
            fields |= {} if one.arg is None else {"arg": one.arg}
            if true is not None and isnan(true) and not beside:
                if not self._turned[one.output] and self._is_outside(one.output):
                    node, place = self.culprit(one)
                    yield f"outside{one.kind}", node, fields | {"place": place}
                    continue
                true = self.truth.limits(exact([one]))[0]
            if true is None or (isnan(true) and one.arg is not None and not (beside or self._turned[one.output])):
                if not (one.bound.loss <= SILENT and self.bounds[one.output].loss <= SILENT):
                    node, place = self.culprit(one)
                    yield f"undecided digits{one.kind}", node, fields | {"place": place}
                continue
            if isnan(true) or not is_wrong(one.number, true, self.wanted.part):
                continue
            if not self.codes.keys().isdisjoint((*ARTEFACTS, "pole")) and not isfinite(one.bound.error):
                yield self._artefact(one, true)
                continue
            small = self._underflow(one) if one.number == 0 else None
            if small is not None:
                place = self.words.at_point(small, self.values)
                yield f"underflow{one.kind}", small, fields | {"place": place, "true_value": true}
                continue
            node, place = self.culprit(one)
            fields |= told_digits(one.name, one.number, true)
            yield f"cancellation{one.kind}", node, fields | {"place": place, "true_value": true}

    def _is_outside(self, output: int) -> bool:
        """Whether an output has no value in high precision, nor beside the point: rounding took it into its domain."""
        if output not in self._outside:
            value = by_rules(self.graph, [(output, None)])
            at = self.truth.values(value)[0]
            self._outside[output] = at is not None and isnan(at) and self.truth.limits(value)[0] is not None
        return self._outside[output]

    def _underflow(self, asked: Asked) -> int | None:
        """The first node that is 0 for an underflow, None where there is none."""
        reached = self.gradients_of(asked.output).reached
        return next(
            (node for node in range(len(self.graph)) if reached[node] and vanishes(self.graph, self.values, node)), None
        )

    def culprit(self, asked: Asked) -> tuple[int, tuple[str | float, ...]]:
        """The node that lost most digits of a number on the way of its worst error, and what to call the place."""
        key = asked.output, asked.arg
        if key not in self._culprits:  # the entries of a Hessian have one way
            ways = self._way(asked)
            losses = ((min(loss, 1e17) / max(before, 2.0**-53), node, of) for node, of, loss, before in ways)
            _, node, of_gradient = max(losses, key=lambda one: one[0], default=(0.0, asked.output, False))
            self._culprits[key] = node, of_gradient
        node, of_gradient = self._culprits[key]
        if of_gradient and node != asked.output:
            return node, (f"the sum of the gradients that meet at `{self.words.quoted(node)}`",)
        return node, self.words.at_point(node, self.values)

    def _way(self, asked: Asked) -> Iterator[tuple[int, bool, float, float]]:
        """From a number back to where its error comes from: a node, whether its gradient is meant, its loss, and that
        of the worst of what it is made of."""
        graph, bounds, gradients = self.graph, self.bounds, self.gradients_of(asked.output)
        node: int | None = asked.output
        if asked.arg is not None:
            at = asked.arg
            while True:
                edges = [edge for edge in self._edges_into[at] if gradients.sends[edge]]
                worst = max(edges, key=lambda edge: gradients.downstream[edge].error, default=None)
                if worst is None:
                    return
                yield at, True, gradients.upstream[at].loss, gradients.downstream[worst].loss
                user = graph.user(worst)
                if gradients.upstream[user].loss < gradients.local[worst].loss:
                    break
                at = user
            # A local gradient is made of the node's arguments and its value.
            node = max((*graph.arguments(user), user), key=lambda one: bounds[one].loss)
        while node is not None:
            worst = max(graph.edges(node), key=lambda edge: self._passed_on(gradients, edge), default=None)
            arg = None if worst is None else graph.args[worst]
            yield node, False, bounds[node].loss, inf if arg is None else bounds[arg].loss
            node = arg

    def _passed_on(self, gradients: Gradients, edge: int) -> float:
        """How much of a node's error comes along an edge."""
        error = self.bounds[self.graph.args[edge]].error
        return float(abs(gradients.local[edge].x) * error or error * LEAST)

    @cached_property
    def _edges_into(self) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in range(len(self.graph))]
        for edge, arg in enumerate(self.graph.args):
            found[arg].append(edge)
        return found
