"""A quiz: an expression with numbers of each student's own, and blanks for the numbers that are to be found.

Whoever has the seed has the numbers: nothing that is to be found is kept.
"""

from __future__ import annotations

from math import inf, isfinite

from cgraph_cli.check.exercises import LEVELS, exercise, picker
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.errors import InvalidValueError, UsageError
from cgraph_cli.graph.build import AS_WRITTEN, Reading, build, check_variables
from cgraph_cli.graph.graph import CONSTANT, VARIABLE, Graph
from cgraph_cli.light import Any, Callable, Iterator, Mapping, NamedTuple, Sequence, cache
from cgraph_cli.limits import NOISE, check
from cgraph_cli.report.blanks import PARTS, blanked
from cgraph_cli.report.evaluate import evaluate_graph
from cgraph_cli.report.findings import Finding
from cgraph_cli.report.kinks import at_kinks
from cgraph_cli.report.report import Report
from cgraph_cli.report.shown import Shown
from cgraph_cli.syntax.expression import Program
from cgraph_cli.syntax.parser import parse
from cgraph_cli.syntax.printer import format_number, print_program

SEED = "1"
ASKED = ("upstream", "local")  # by default
MOST_NODES = 200
NUMBERS = (*(-1.0, 1.0, 6.0, -6.0, 10.0, 0.0, 0.5, -0.5, 1.5, 2.5), *(2.0, 3.0, 4.0, 5.0, -2.0, -3.0, -4.0, -5.0) * 2)
CHOSEN_FROM = 60  # points, if one of them has short numbers
FEW = 5  # points with short numbers that would be the same for many students
MOST_DRAWN = 3000  # points that are tried until one has
MOST_WORK = 400_000  # nodes that are evaluated for them
TRIED = 20  # points without kinks that are looked at for warnings; expressions of a level
FIGURES = 4  # of a number that is short
PENALTY = (0, 0, 0, 1, 4)  # of so many figures
DEAD, LONG, ZERO, SAME = 1e12, 1e6, 3, 2  # penalties; DEAD is a point where every gradient is 0
SIZES = 1e-4, 1e6  # of numbers that are not far from others, whose digits they take: sigmoid(-35) is 6e-16 beside 1
FAR = 10 * LONG


class Place(NamedTuple):
    """A number that is to be found: of a node, or of an edge from it to an argument; ``id`` is what answers call it.

    ``slot`` is the node, or the edge in the graph.
    """

    part: str
    node: int
    slot: int
    id: str
    name: str
    argument: str | None

    @property
    def key(self) -> tuple[str, int]:
        """What it is known by in a graph."""
        return self.part, self.slot


class _Quiz(NamedTuple):
    student: Report
    seed: str
    level: int | None
    parts: Sequence[str]
    given: Sequence[str]
    reading: Reading
    is_short: bool


class Quiz(Shown, _Quiz):
    """What a student gets: ``student`` is a report without the numbers that are asked for, and all made of them.

    ``parts`` are asked for, ``given`` are variables whose values are the same for every student, ``reading`` is what
    the graph was made by. ``is_short`` says that every number has few figures.
    """

    __slots__ = ()
    kind = "quiz"

    @property
    def places(self) -> list[Place]:
        """The blanks, in the order of nodes and arguments."""
        return [*places(self.student, self.parts)]

    @property
    def asked(self) -> list[Finding]:
        """No warnings: no point with one is drawn."""
        return []

    @property
    def members(self) -> dict[str, Any]:
        """What programs read, and the form of a file of answers."""
        rows = [
            {"id": one.id, "part": one.part, "node": one.name} | ({"argument": one.argument} if one.argument else {})
            for one in self.places
        ]
        return {
            "seed": self.seed,
            **({} if self.level is None else {"level": self.level}),
            "variables": self.student.variables,
            "given": [*self.given],
            **({"expand": True} if self.reading.expand else {}),
            **({"replace": dict(self.reading.replace)} if self.reading.replace else {}),
            "blank": [*self.parts],
            "blanks": rows,
            "answers": dict.fromkeys(row["id"] for row in rows),
        }


def quiz(
    program: Program,
    seed: str = SEED,
    parts: Sequence[str] = ASKED,
    given: Mapping[str, float] | None = None,
    level: int | None = None,
    reading: Reading = AS_WRITTEN,
) -> Quiz:
    """An expression with numbers drawn for a seed, the variables of ``given`` but for these, and blanks.

    Raises UsageError for unknown parts and where there is nothing to find, InvalidValueError where no point is found,
    TooLargeError for many nodes.
    """
    given = given or {}
    report, is_short = drawn(program, graph_of(program, given, reading), seed, given)
    return Quiz(student(report, parts), seed, level, ordered(parts), [*given], reading, is_short)


def of_level(level: int, seed: str = SEED, parts: Sequence[str] = ASKED, reading: Reading = AS_WRITTEN) -> Quiz:
    """A quiz whose expression is drawn too. Raises UsageError for a level that is not there."""
    return quiz(program_of_level(level, seed), seed, parts, level=level, reading=reading)


def program_of_level(level: int, seed: str) -> Program:
    """The expression of a level for a seed: the first of those drawn that has short numbers."""
    for attempt in range(TRIED):
        program = parse(exercise(level, seed, attempt))
        report, is_short = drawn(program, graph_of(program, {}), seed, {})
        if is_short and any(report.gradients.values()):
            return program
    raise AssertionError(LEVELS[level].about)


def ordered(parts: Sequence[str]) -> list[str]:
    """Parts without repeats, in their own order."""
    return [part for part in PARTS if part in parts]


def student(report: Report, parts: Sequence[str]) -> Report:
    """A report without what is asked for; no gradients that others are read from."""
    found = blanked(report, {*parts, "upstream", "downstream"})
    assert isinstance(found, Report)
    if not any(places(found, parts)):
        raise UsageError(f"there is nothing to find: the expression has no {' and no '.join(ordered(parts))}")
    return found


def graph_of(program: Program, values: Mapping[str, float], reading: Reading = AS_WRITTEN) -> Graph:
    """The graph of an expression in which all that have a value are variables. Raises the errors of ``quiz``."""
    graph = build(program, reading._replace(variables=frozenset(values)))
    check_variables(values, graph.variables, "to give a value to")
    check(len(graph), MOST_NODES, "a quiz has at most {} nodes")
    if not graph.variables:
        raise UsageError("the expression has no variables, so there is nothing to draw and no gradient to find")
    return graph


def places(report: Report, parts: Sequence[str]) -> Iterator[Place]:
    """The numbers of these parts that are to be found in a report; given are variables and the seed of the pass."""
    graph, labels = report.graph, report.labels
    operands = report.operands
    for node, op in enumerate(graph.ops):
        label = labels[node]
        if "value" in parts and op not in (VARIABLE, CONSTANT):
            yield Place("value", node, node, f"value({label})", label, None)
        if node in operands or not graph.has_gradient[node]:
            continue
        if "upstream" in parts and node != report.output_node:
            yield Place("upstream", node, node, f"upstream({label})", label, None)
        for position, edge in enumerate(graph.edges(node)):
            if graph.edge_has_gradient(node, position):
                arguments = graph.arguments(node)
                before = [*arguments[:position]].count(arguments[position])
                argument = labels[arguments[position]]
                which = f"{label},{argument}" + (f",{before + 1}" if before else "")
                for part in ("local", "downstream"):
                    if part in parts:
                        yield Place(part, node, edge, f"{part}({which})", label, argument)


def drawn(program: Program, graph: Graph, seed: str, given: Mapping[str, float]) -> tuple[Report, bool]:
    """The report at the point of a seed, and whether all of its numbers are short.

    The best of some points, or the first with short numbers; where none has, the one with the fewest long ones. Where
    few have, which all students would be given, as 0 of exp(x), it is one of the others.
    """
    free = [name for name in graph.variables if name not in given]
    fixed = [f"{name}={format_number(value)}" for name, value in given.items()]
    pick = picker(seed, print_program(program), *fixed)
    best, found, short, seen = inf, list[tuple[float, int, dict[str, float]]](), 0, set[tuple[float, ...]]()
    for count in range(min(MOST_DRAWN, MOST_WORK // len(graph)) if free else 1):
        is_found = count >= CHOSEN_FROM and best < LONG
        if is_found and short >= FEW:
            break
        point = _point(graph, given, pick)
        if (numbers := tuple(point.values())) in seen:
            continue
        seen.add(numbers)
        penalty, whole = _penalty(graph, point, best)
        short += whole % DEAD < LONG
        if not is_found:
            found.append((penalty, count, point))
            best = min(best, penalty)
    others = [(count, point) for _, count, point in found if all(point[name] for name in free)]
    if short < FEW <= len(others):
        found = [(_penalty(graph, point, inf)[1], count, point) for count, point in others]
    for penalty, _, point in sorted(found)[:TRIED]:
        report = evaluate_graph(program, graph, point) if penalty < inf else None
        if report is not None and not report.warnings:
            return report, penalty % DEAD < LONG
    if not free:
        raise InvalidValueError("at the numbers that are given the expression has a kink, a pole or a warning")
    raise InvalidValueError(
        "no numbers are found at which the expression has neither a kink nor a pole nor a warning",
        help=f"without {', '.join(fixed)} there may be some" if fixed else f"give some yourself: --{free[0]} VALUE",
    )


def _point(graph: Graph, given: Mapping[str, float], pick: Callable[[Sequence[float]], float]) -> dict[str, float]:
    drawn = {name: pick(NUMBERS) for name in graph.variables}
    return {name: given.get(name, value) for name, value in drawn.items()}


def _penalty(graph: Graph, point: Mapping[str, float], best: float) -> tuple[float, float]:
    """How bad the numbers at a point are for a student: long ones most of all, then zeros, then equal variables.

    First the sum up to where it is more than ``best``, that of another point, then the whole; inf is a point on a kink.
    """
    values = forward(graph, point)
    passes = backward(graph, values, graph.output)
    numbers = [
        *(values[node] for node in range(len(graph)) if graph.arguments(node)),
        *(passes.upstream[node] for node in range(len(graph)) if graph.has_gradient[node]),
        *(passes.local[edge] for edge in range(len(graph.args)) if passes.sends[edge]),
        *(passes.downstream[edge] for edge in range(len(graph.args)) if passes.sends[edge]),
    ]
    if not all(map(isfinite, (*numbers, *passes.local))):
        return inf, inf
    penalty: float = SAME * (len(point) - len({*point.values()}))
    penalty += DEAD * (not any(passes.upstream[node] for node in graph.variables.values()))
    zeros = numbers.count(0.0)
    penalty += ZERO * zeros
    begun = inf
    for number in numbers:
        size = figures(number)
        if size > FIGURES:
            penalty += LONG * (1 + zeros)  # no zeros, where numbers are long anyway
            penalty += 0 if SIZES[0] <= abs(number) <= SIZES[1] else FAR
            zeros = 0
        else:
            penalty += PENALTY[size]
        if begun == inf and penalty > best:
            begun = penalty
    whole = inf if at_kinks(graph, values, passes.reached) else penalty
    return whole if begun == inf else begun, whole


@cache
def figures(number: float) -> int:
    """How many figures a number is written with, FIGURES + 1 for all that have more: 0.25 has three, 1200 has four."""
    text = f"{number:.{FIGURES}g}"
    if abs(float(text) - number) > NOISE * abs(number):
        return FIGURES + 1
    written = format_number(float(text))
    return FIGURES + 1 if "e" in written else min(len(written.lstrip("-").replace(".", "")), FIGURES + 1)
