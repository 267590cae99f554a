"""Claims: a user's own derivatives, each marked right or wrong, with what went wrong.

A formula is compared with the derivative at the point and at random points of the domain, a number at the point, to
the digits that it was written with.
"""

from __future__ import annotations

from itertools import permutations
from math import inf, isfinite

from cgraph_cli.check.mistakes import Mistake, explained
from cgraph_cli.check.ranges import NO_RANGES, Range, check_ranges
from cgraph_cli.check.result import DIFFERS, RIGHT, UNDECIDED, WRONG, CheckOfAnswers, points_of
from cgraph_cli.check.sheet import (
    EQUAL,
    NO_DERIVATIVE,
    UNDEFINED,
    Compared,
    Sample,
    Sheet,
    cut,
    derived,
    precision,
    sample,
    samples,
    shortest,
)
from cgraph_cli.check.work import ENOUGH, Work, names_of
from cgraph_cli.engine.truth import SAME
from cgraph_cli.errors import (
    CgraphError,
    InvalidValueError,
    UnknownVariableError,
    UsageError,
    listed,
    shortened,
    suggestion,
)
from cgraph_cli.graph.build import Reading, build
from cgraph_cli.graph.expand import expanded
from cgraph_cli.graph.express import expression_of, tree_sizes
from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import Any, Mapping, NamedTuple, Sequence, re
from cgraph_cli.report.findings import told_point
from cgraph_cli.report.report import Report
from cgraph_cli.report.words import Description, derivative_name
from cgraph_cli.rules import CONSTANTS
from cgraph_cli.symbolic.derive import Plain
from cgraph_cli.syntax.expression import Definition, Program, Syntax, normal_name
from cgraph_cli.syntax.parser import parse
from cgraph_cli.syntax.printer import format_number, print_expression

POINTS = 8  # random points at which a formula is compared
VAGUE = ("too few", "too many", "multiple", "multiple of part", "offset")  # say not where a mistake was made
LOOSE_EXPONENT = re.compile(r"\^\s*(-?\d+)\s*/\s*(\d+)(?![\w.(])")  # x^-1/2
LONGEST = 300  # parts of a derivative that is shown as a formula
MOST_SQUARE = 40  # variables whose second derivatives are known by their written names
SHOWN_POINT = 6  # variables of a random point that are named


class Claim(NamedTuple):
    """What is claimed of which derivative, both as typed: ``by`` is the name that is differentiated by, or several.

    ``place`` is where it stands in a file, for messages; there a formula that cannot be read is a wrong one.
    """

    by: str
    text: str
    place: str = ""


class Mark(NamedTuple):
    """A claim with its verdict: right, wrong or undecided.

    ``claimed`` and ``true`` are the numbers at the point, None where there is none. ``formula`` is the derivative over
    variables and named parts, of a claim that is not right, None if that is long. ``tested`` counts the random points
    at which a formula was compared, ``digits`` are the significant digits of a number that was claimed with few.
    ``mistakes`` explain a wrong claim, the first best; of a right one they are what is to be said.
    ``is_formula`` says that the claim is no number.
    """

    claim: Claim
    wrt: tuple[str, ...]
    name: str
    verdict: str
    claimed: float | None
    true: float | None
    formula: Syntax | None
    tested: int
    digits: int | None
    mistakes: Sequence[Mistake]
    is_formula: bool

    @property
    def points(self) -> float:
        """1 for a right claim, and what is right of a wrong one."""
        return points_of(self.verdict, self.mistakes)

    @property
    def members(self) -> dict[str, Any]:
        """What programs read."""
        return {
            "wrt": list(self.wrt),
            "claim": self.claim.text,
            "verdict": self.verdict,
            "points": self.points,
            "claimed": self.claimed,
            "true_value": self.true,
            "derivative": None if self.formula is None else print_expression(self.formula),
            "tested": self.tested,
            "digits": self.digits,
            "mistakes": [{"code": one.code, "message": one.message} for one in self.mistakes],
        }


class _Marking(NamedTuple):
    report: Report
    marks: Sequence[Mark]
    seed: int


class Marking(CheckOfAnswers, _Marking):
    """All claims about one expression at a point, marked; each is worth 1 point."""

    __slots__ = ()

    @property
    def members(self) -> dict[str, Any]:
        """What programs read."""
        return {
            "value": self.report.value,
            "variables": self.report.variables,
            "seed": self.seed,
            "passed": self.passed,
            "points": self.points,
            "total": len(self.marks),
            "claims": [mark.members for mark in self.marks],
        }


def mark(report: Report, claims: Sequence[Claim], seed: int = 1, ranges: Mapping[str, Range] = NO_RANGES) -> Marking:
    """Every claim about the derivatives of a report's output, marked at its point and at random points, which have
    names in ``ranges`` from there.

    Raises UnknownVariableError for a name that is no variable and no named part, UsageError for what is claimed twice
    and a value outside its range, InvalidValueError for an empty range, and for a claim that is in no file all that an
    expression can be wrong in, with the place in the text of the claim.
    """
    marker = _Marker(report, seed, ranges)
    known = set[tuple[str, ...]]()
    read = list[tuple[tuple[str, ...], Graph | str]]()
    for claim in claims:
        try:
            wrt = marker.read_names(claim)
            if wrt in known:
                raise UsageError(f"{marker.name(wrt)} is claimed twice")
        except CgraphError as error:
            raise error.placed(claim.place) from None
        known.add(wrt)
        try:
            read.append((wrt, marker.read_formula(claim)))
        except CgraphError as error:
            if not claim.place:
                raise error.placed(f"the claim for `{shortened(claim.by)}` ") from None
            read.append((wrt, error.message))
    marks = [marker.mark(claim, wrt, formula) for claim, (wrt, formula) in zip(claims, read, strict=True)]
    return Marking(report, marks, seed)


class _Marker:
    """What all claims about one expression share: its graph, the names of nodes, the points."""

    def __init__(self, report: Report, seed: int, ranges: Mapping[str, Range]) -> None:
        self.program = report.program
        self.graph = graph = report.graph
        self.words = report.description
        self.output = report.output
        self.point = Sample(report.variables, report.node_values, report.passes)
        check_ranges(ranges, graph, held=True)
        self.seed, self.ranges = seed, dict(ranges)
        for name, (low, high) in ranges.items():
            if not low <= (value := report.variables[name]) <= high:
                what = f"the value of `{shortened(name)}`, {format_number(value)}, is outside its range"
                raise UsageError(f"{what}, {format_number(low)}:{format_number(high)}")
        self.samples = samples(graph, report.variables, seed, POINTS, ranges)
        self.kinked = any(one.code == "kink" for one in report.warnings)
        named = {name: node for node, name in graph.names.items() if node not in graph.symbols}
        labels = {label: node for node, label in enumerate(self.words.labels) if graph.arguments(node)}
        self.known = graph.variables | named | graph.outputs
        self.nodes = labels | self.known
        self.targets = {name: node for name, node in self.nodes.items() if node not in graph.constants}

    def name(self, wrt: Sequence[str]) -> str:
        """What a derivative is called."""
        return derivative_name(self.output, wrt)

    def names_in(self, by: str) -> tuple[str, ...]:
        """The names that a claim is by: ``x,y``, or a derivative as the tool prints it or as it is typed."""
        if "/" in by:
            singles = [(name,) for name in self.targets]
            known = [name for name in self.known if name in self.targets][:MOST_SQUARE]
            for wrt in (*singles, *((one, other) for one in known for other in known)):
                if by.replace(" ", "") in (
                    derivative_name(output, wrt, ascii=ascii) for output in (self.output, "") for ascii in (False, True)
                ):
                    return wrt
        return tuple(normal_name(name.strip()) for name in by.split(","))

    def read_names(self, claim: Claim) -> tuple[str, ...]:
        """The names that a claim differentiates by."""
        wrt = self.names_in(claim.by)
        for name in wrt:
            if name not in self.targets:
                raise UnknownVariableError(
                    f"the expression has no variable or named part `{shortened(name)}`, so there is no derivative by "
                    "it to claim",
                    help=suggestion(name, self.targets) or f"there is one by {listed(self.targets)}",
                )
        for one, other in permutations(wrt, 2):
            if one != other and self.graph.depending_on(self.nodes[other])[self.nodes[one]]:
                raise UsageError(
                    f"{self.name(wrt)} is not defined: `{one}` depends on `{other}`, so that neither can vary alone",
                    help="a second derivative is by names that do not depend on each other",
                )
        return wrt

    def read_formula(self, claim: Claim) -> Graph:
        """The graph of a claim's formula. The messages of its errors go on from what the claim is called."""
        if not claim.text.strip():
            raise InvalidValueError("is empty")
        try:
            typed = parse(claim.text, self.program.max_nodes)
            for name in typed.names():
                if name not in self.nodes and name not in CONSTANTS:
                    raise UnknownVariableError(
                        f"neither the expression nor a part of it is called `{shortened(name)}`",
                        span=typed.place(name),
                        help=suggestion(name, self.known) or f"a claim may speak of {listed(self.known)}",
                    )
            definitions = [one for one in self.program.statements if isinstance(one, Definition)]
            statements = [*definitions, *typed.statements]
            known = frozenset(name for name in typed.names() if name in self.nodes)
            return build(Program(claim.text, statements, self.program.max_nodes), Reading(known))
        except CgraphError as error:
            if error.span is not None:
                error.source = claim.text
            raise error.placed("cannot be read: ") from None

    def mark(self, claim: Claim, wrt: tuple[str, ...], read: Graph | str) -> Mark:
        """One claim with its verdict; what is no graph is why there is none."""
        formula = build(parse("0")) if isinstance(read, str) else read
        parts = {self.nodes[name]: name for name in wrt if name not in self.graph.variables}
        graph = cut(self.graph, parts) if parts else self.graph
        sheet = Sheet(self.graph, derived(graph, wrt, Plain), formula, self.nodes)
        here = sheet.compare(self.point.at)
        there, digits = [], None
        mistakes: Sequence[Mistake]
        if isinstance(read, str):
            here = here._replace(claimed=None)
            verdict, mistakes = WRONG, [Mistake("unreadable", {"problem": read})]
        elif formula.variables:
            compared = [(one, sheet.compare(one.at)) for one in self.samples]
            there = [(one, found) for one, found in compared if found.verdict not in (NO_DERIVATIVE, UNDECIDED)]
            verdict, mistakes = self._formula(wrt, here, there, sheet.variables)
            if [one.kind for one in mistakes] == ["elsewhere"] and (signs := self._signs(sheet)):
                mistakes = [Mistake("signs", {"where": signs, **mistakes[0].fields})]
        else:
            verdict, digits, mistakes = self._number(claim.text, wrt, here)
        shown = None
        if verdict == WRONG and (loose := LOOSE_EXPONENT.search(claim.text)):
            text = LOOSE_EXPONENT.sub(r"^(\1/\2)", claim.text)
            meant = claim._replace(text=text)
            if self.mark(meant, wrt, self.read_formula(meant)).verdict == RIGHT:
                above, below = loose.groups()
                mistakes = [Mistake("parentheses", {"exponent": f"{above}/{below}", "above": above, "below": below})]
        if verdict != RIGHT:
            written = shortest(graph, wrt)
            if tree_sizes(written)[written.output] <= LONGEST:
                shown = expression_of(written, written.output)
        return Mark(
            claim,
            wrt,
            self.name(wrt),
            verdict,
            here.claimed,
            here.true,
            shown,
            len(there),
            digits,
            mistakes,
            bool(formula.variables) or formula is not read,
        )

    def _formula(
        self, wrt: tuple[str, ...], here: Compared, there: Sequence[tuple[Sample, Compared]], names: Sequence[str]
    ) -> tuple[str, Sequence[Mistake]]:
        """The verdict on a formula, from the point and the random points; it may be undefined where nobody asks.

        ``names`` are the variables that it and the derivative depend on.
        """
        verdicts = [found.verdict for _, found in there]
        says_nothing = here.verdict in (NO_DERIVATIVE, UNDECIDED)
        agrees = here.verdict == EQUAL or ((says_nothing or self.kinked) and EQUAL in verdicts)
        if agrees and DIFFERS not in verdicts and (not verdicts or verdicts.count(EQUAL) >= min(ENOUGH, len(verdicts))):
            return RIGHT, [self._unexplained(here, there, names)] if UNDEFINED in verdicts else []
        if not verdicts and says_nothing:
            return UNDECIDED, []
        pairs = [(one, found) for one, found in [(self.point, here), *there] if found.verdict in (EQUAL, DIFFERS)]
        differs = any(found.verdict == DIFFERS for _, found in pairs)
        return WRONG, (differs and self._explained(wrt, pairs)) or [self._unexplained(here, there, names)]

    def _signs(self, sheet: Sheet) -> str:
        """The signs of the point, if a claim is right wherever the variables have them: sqrt(h/g) where g, h > 0."""
        own = {name: self.point.at[name] for name in sheet.variables if name not in self.ranges}
        signed = {name: x for name, x in own.items() if x and isfinite(x)}
        ranges = {name: (min(0.0, 2 * x), max(0.0, 2 * x)) for name, x in signed.items()}
        drawn = samples(self.graph, self.point.at, self.seed, POINTS, self.ranges | ranges)
        verdicts = [sheet.compare(one.at).verdict for one in drawn]
        if DIFFERS in verdicts or verdicts.count(EQUAL) < ENOUGH:
            return ""
        return listed([f"{name} {'<' if x < 0 else '>'} 0" for name, x in signed.items()][:SHOWN_POINT])

    def _number(self, text: str, wrt: tuple[str, ...], here: Compared) -> tuple[str, int | None, Sequence[Mistake]]:
        """The verdict on a number, which is right if the derivative at the point rounds to it; digits if it had to."""
        half, digits = precision(text)
        claimed, true = here.claimed, here.true
        if claimed is None or true is None or here.verdict == NO_DERIVATIVE:
            return UNDECIDED, None, []
        if here.verdict == EQUAL or claimed == true:
            return RIGHT, None, []
        if half and abs(claimed - true) <= half * (1 + SAME) < inf:
            return RIGHT, digits, []
        mistakes = list[Mistake]()
        if here.verdict == DIFFERS and isfinite(claimed) and not self.kinked:
            mistakes = self._explained(wrt, [(self.point, here)], half)
        kind = "kink" if self.kinked else "differs"
        return WRONG, None, mistakes or [Mistake(kind, {"true": true, "claimed": claimed})]

    def _unexplained(self, here: Compared, there: Sequence[tuple[Sample, Compared]], names: Sequence[str]) -> Mistake:
        """What there is to say where no mistake makes the claim."""
        if here.verdict == DIFFERS:
            return Mistake("differs", {"true": here.true, "claimed": here.claimed})
        bad = next(((one, found) for one, found in there if found.verdict == DIFFERS), None)
        kind = "elsewhere" if here.verdict == EQUAL else "differs there"
        if bad is None:
            kind = "domain"
            if here.verdict == UNDEFINED:
                bad = self.point, here
            else:
                bad = next((one, found) for one, found in there if found.verdict == UNDEFINED)
        one, found = bad
        shown = told_point((name, one.at[name]) for name in names[:SHOWN_POINT])
        if len(names) > SHOWN_POINT:
            shown.append(f" and {len(names) - SHOWN_POINT} more")
        return Mistake(kind, {"point": tuple(shown), "true": found.true, "claimed": found.claimed})

    def _explained(
        self, wrt: tuple[str, ...], pairs: Sequence[tuple[Sample, Compared]], half: float | None = None
    ) -> list[Mistake]:
        """The mistakes that make a claim; those inside modules where the calls of these explain little or nothing."""
        found = explained(self._work(wrt, pairs, half))
        if any(op.is_module for op in self.graph.ops) and all(one.kind in VAGUE for one in found[:1]):
            inside = explained(self._work(wrt, pairs, half, inside=True))
            found = found if found and all(one.kind in VAGUE for one in inside[:1]) else inside
        return found

    def _work(
        self,
        wrt: tuple[str, ...],
        pairs: Sequence[tuple[Sample, Compared]],
        half: float | None = None,
        *,
        inside: bool = False,
    ) -> Work:
        """Where mistakes are made: the graph, for a second derivative that of the first; ``inside`` modules too."""
        graph, words, start = self.graph, self.words, self.nodes[wrt[-1]]
        if inside:
            graph, places = expanded(graph)
            words, start = Description(graph), places[start]
            pairs = [(sample(graph, one.at), found) for one, found in pairs]
        elif len(wrt) > 1 or not graph.has_gradient[start]:  # a part that no variable moves
            nodes = {self.nodes[name]: name for name in wrt if name not in graph.variables}
            graph = whole = cut(graph, nodes)
            if len(wrt) > 1:
                from cgraph_cli.symbolic.simplify import Simplifier

                graph = derived(whole, wrt[:-1], Simplifier)
                for name in whole.variables:
                    graph.variable(name)
            points = [{**one.at, **{name: one.values[node] for node, name in nodes.items()}} for one, _ in pairs]
            pairs = [(sample(graph, at), found) for at, (_, found) in zip(points, pairs, strict=True)]
            words, start = Description(graph), graph.variables[wrt[-1]]
        names = names_of(words, self.output, wrt[:-1], start, unseen=inside or len(wrt) > 1)
        return Work(graph, start, pairs, names, half, inside=inside)
