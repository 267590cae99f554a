"""Answers to a quiz, marked: each right or wrong, with what went wrong, and what follows from an earlier mistake."""

from __future__ import annotations

from math import inf

from cgraph_cli.check.mistakes import Kind, Mistake
from cgraph_cli.check.quiz import Place, places
from cgraph_cli.check.result import RIGHT, WRONG, CheckOfAnswers, points_of
from cgraph_cli.check.sheet import precision
from cgraph_cli.engine.floats import FLOAT
from cgraph_cli.engine.passes import locals_of, value_of
from cgraph_cli.errors import InvalidValueError, shortened, suggestion
from cgraph_cli.graph.graph import CONSTANT, VARIABLE
from cgraph_cli.light import Any, Iterator, Mapping, NamedTuple, Sequence
from cgraph_cli.report.report import Report
from cgraph_cli.report.words import derivative_name

MISSING = "missing"
NEAR = 1e-9  # relative: what doubles may differ by
FIGURES = 3  # that are enough of a long number
ROUGH = 0.05  # relative: of a long number what is rounded too much is no farther off

Key = tuple[str, int]

# In the order in which they are tried.
KINDS: dict[str, Kind] = {
    "follows": Kind("follow_on", "this follows from {earlier}, which {verb} wrong", credit=0.75),
    "rounded": Kind("rounding", "this is rounded too much: it is {true}", credit=0.75),
    "turned": Kind("swapped", "the operands of `{node}` are turned round"),
    "sign": Kind("sign", "the sign is wrong"),
    "user": Kind("path", "what `{user}` sends is left out: {sent}"),
    "upstream forgotten": Kind("upstream", "the upstream gradient is forgotten: this is the local one alone"),
    "local forgotten": Kind("local", "the local gradient is forgotten: this is the upstream one alone"),
    "divided": Kind("quotient", "upstream and local gradient are multiplied, not divided"),
    "added": Kind("sum", "upstream and local gradient are multiplied, not added"),
    "upstream given": Kind("swapped", "this is the upstream gradient {name}, not the local one"),
    "downstream given": Kind("downstream", "this is the downstream gradient: the upstream one is a factor too many"),
    "sum given": Kind("path", "this is the sum over all users of `{node}`, not what this one sends"),
    "other": Kind("variable", "this is {name}, by the other argument", credit=0.0),
    "reciprocal": Kind("reciprocal", "this is 1 divided by the local gradient"),
    "value": Kind("function", "this is the value of `{node}`", credit=0.0),
    "differs": Kind("differs", "it is {true}, not {claimed}", credit=0.0),
    "unreadable": Kind("unreadable", "{problem}", credit=0.0),
}


class Answer(NamedTuple):
    """An answer as typed and its number; of what is none ``problem`` says why, and nothing follows from it."""

    text: str
    number: float
    problem: str | None = None


class AnswerMistake(Mistake):
    """What is wrong with an answer."""

    __slots__ = ()

    @property
    def row(self) -> Kind:
        """Its kind in the table."""
        return KINDS[self.kind]


class AnswerMark(NamedTuple):
    """A blank with its verdict: right, wrong or missing; ``text`` is the answer as typed, None if there is none."""

    place: Place
    text: str | None
    verdict: str
    answer: float | None
    true: float
    mistakes: Sequence[AnswerMistake]

    @property
    def points(self) -> float:
        """1 for a right answer, and what is right of a wrong one."""
        return points_of(self.verdict, self.mistakes)

    @property
    def members(self) -> dict[str, Any]:
        """What programs read."""
        return {
            "id": self.place.id,
            "answer": self.text,
            "verdict": self.verdict,
            "points": self.points,
            "number": self.answer,
            "true_value": self.true,
            "mistakes": [{"code": one.code, "message": one.message} for one in self.mistakes],
        }


class _Grades(NamedTuple):
    report: Report
    seed: str | None
    parts: Sequence[str]
    marks: Sequence[AnswerMark]
    from_file: Sequence[str] = ()


class Grades(CheckOfAnswers, _Grades):
    """All answers to a quiz, marked; each is worth 1 point. ``from_file`` is what only their file says of the quiz."""

    __slots__ = ()

    @property
    def members(self) -> dict[str, Any]:
        """What programs read."""
        return {
            "variables": self.report.variables,
            **({} if self.seed is None else {"student": self.seed}),
            "blank": [*self.parts],
            "from_file": [*self.from_file],
            "passed": self.passed,
            "points": self.points,
            "total": len(self.marks),
            "answers": [mark.members for mark in self.marks],
        }


class World:
    """The numbers of a graph as they follow from answers: each from those before it, whether right or wrong.

    ``numbers`` are what goes on to the next ones, an answer where there is one; ``follows`` is what should have been
    there.
    """

    def __init__(self, report: Report, answers: Mapping[Key, float]) -> None:
        self.report = report
        self.answers = answers
        self.numbers: dict[Key, float] = {}
        self.follows: dict[Key, float] = {}
        graph = report.graph
        for node, op in enumerate(graph.ops):
            value = report.node_values[node]
            if op not in (VARIABLE, CONSTANT):
                value = value_of(op, FLOAT)(*(self.numbers["value", arg] for arg in graph.arguments(node)))
            self._take("value", node, value)
        arriving, reached = [0.0] * len(graph), bytearray(len(graph))
        arriving[report.output_node] = reached[report.output_node] = 1
        for node in range(len(graph) - 1, -1, -1):
            op, arguments = graph.ops[node], graph.arguments(node)
            self._take("upstream", node, arriving[node])
            if op in (VARIABLE, CONSTANT) or not graph.has_gradient[node]:
                continue
            at = [self.numbers["value", arg] for arg in arguments]
            gradients = locals_of(op, FLOAT)(self.numbers["value", node], *at)
            for position, edge in enumerate(graph.edges(node)):
                if graph.edge_has_gradient(node, position):
                    gradient = gradients[position]  # None on a branch that is not taken
                    self._take("local", edge, 0.0 if gradient is None else gradient)
                    sends = reached[node] or self["upstream", node]
                    self._take("downstream", edge, self["upstream", node] * self["local", edge] if sends else 0.0)
                    arriving[arguments[position]] += self["downstream", edge]
                    reached[arguments[position]] |= bool(reached[node] and gradient is not None)

    def __getitem__(self, key: Key) -> float:
        return self.numbers.get(key, 0.0)

    def _take(self, part: str, index: int, number: float) -> None:
        self.follows[part, index] = number
        self.numbers[part, index] = self.answers.get((part, index), number)


def grade(report: Report, parts: Sequence[str], answers: Mapping[str, Answer], seed: str | None = None) -> Grades:
    """Every blank of these parts, marked; answers by the id of their blank.

    Raises InvalidValueError for an answer to what is no blank.
    """
    known = {one.id: one for one in places(report, parts)}
    for name in answers:
        if name not in known:
            help = suggestion(name, known) or f"blanks are {', '.join([*known][:8])}{' ...' * (len(known) > 8)}"
            raise InvalidValueError(f"there is no blank `{shortened(name)}`", help=help)
    marker = _Marker(report, known, answers)
    return Grades(report, seed, parts, [marker.mark(place, answers.get(one)) for one, place in known.items()])


class _Marker:
    """What all answers share: the right numbers, and those that follow from the student's own."""

    def __init__(self, report: Report, known: Mapping[str, Place], answers: Mapping[str, Answer]) -> None:
        self.report = report
        self.true = World(report, {})
        given = {known[name].key: one for name, one in answers.items() if one.problem is None}
        self.wrong = {key: number for key, (text, number, _) in given.items() if not _is(text, number, self.true[key])}
        self.own = World(report, self.wrong)
        self.places = {place.key: place for place in known.values()}
        graph = report.graph
        self.users: list[list[tuple[int, int]]] = [[] for _ in graph.ops]
        for node in range(len(graph)):
            for position, edge in enumerate(graph.edges(node)):
                if graph.edge_has_gradient(node, position):
                    self.users[graph.args[edge]].append((node, edge))

    def mark(self, place: Place, answer: Answer | None) -> AnswerMark:
        """One blank with its verdict."""
        true = self.true[place.key]
        if answer is None:
            return AnswerMark(place, None, MISSING, None, true, [])
        text, number, problem = answer
        if problem is not None:
            return AnswerMark(place, text, WRONG, None, true, [AnswerMistake("unreadable", {"problem": problem})])
        if place.key not in self.wrong:
            return AnswerMark(place, text, RIGHT, number, true, [])
        found = self._explained(place, text, number)
        if not found:
            found = [one._replace(opposite=True) for one in self._explained(place, text, -number)]
        differs = AnswerMistake("differs", {"true": true, "claimed": number})
        return AnswerMark(place, text, WRONG, number, true, found or [differs])

    def _explained(self, place: Place, text: str, number: float) -> list[AnswerMistake]:
        """The mistakes that make a number, the most generous first."""
        true = self.true[place.key]
        found: dict[str, AnswerMistake] = {}
        for name, wrong, fields in self._mistakes(place, text, number):
            if name not in found and not _is("", true, wrong) and _is(text, number, wrong):
                found[name] = AnswerMistake(name, {"true": true, **fields})
        return [found[name] for name in KINDS if name in found]

    def _mistakes(self, place: Place, text: str, number: float) -> Iterator[tuple[str, float, dict[str, Any]]]:
        """Names of mistakes with the wrong numbers that they make, and what is to be said of them."""
        follows, true = self.own.follows[place.key], self.true[place.key]
        if earlier := self._earlier(place):
            names = " and ".join(f"`{one.id}`" for one in earlier)
            yield "follows", follows, {"earlier": names, "verb": "are" if len(earlier) > 1 else "is"}
        if _is_rounded(text, number, true):
            yield "rounded", number, {}
        others = [one for key, one in self.wrong.items() if key != place.key]  # repeating them explains nothing
        for world in (self.own, self.true):
            yield "sign", -world.follows[place.key], {}
            for mistake in getattr(self, f"_{place.part}")(place, world):
                if world is self.true or mistake[1] not in others:
                    yield mistake

    def _value(self, place: Place, world: World) -> Iterator[tuple[str, float, dict[str, Any]]]:
        graph = self.report.graph
        op, arguments = graph.ops[place.node], graph.arguments(place.node)
        if len(arguments) == 2:
            turned = value_of(op, FLOAT)(*(world["value", arg] for arg in reversed(arguments)))
            yield "turned", turned, {"node": self.report.description.operation(place.node)}
        for arg in arguments:
            if graph.arguments(arg):
                yield "value", world["value", arg], {"node": self.report.labels[arg]}

    def _local(self, place: Place, world: World) -> Iterator[tuple[str, float, dict[str, Any]]]:
        graph, labels = self.report.graph, self.report.labels
        local, upstream = world.follows[place.key], world["upstream", place.node]
        yield "upstream given", upstream, {"name": derivative_name(self.report.output, [place.name])}
        yield "downstream given", upstream * local, {}
        for position, edge in enumerate(graph.edges(place.node)):
            if edge != place.slot and graph.edge_has_gradient(place.node, position):
                name = derivative_name(place.name, [labels[graph.args[edge]]])
                yield "other", world["local", edge], {"name": name}
        if local:
            yield "reciprocal", 1 / local, {}
        yield "value", world["value", place.node], {"node": place.name}

    def _downstream(self, place: Place, world: World) -> Iterator[tuple[str, float, dict[str, Any]]]:
        graph, labels = self.report.graph, self.report.labels
        local, upstream = world["local", place.slot], world["upstream", place.node]
        arg = graph.args[place.slot]
        yield from self._product(upstream, local)
        if len(self.users[arg]) > 1:
            yield "sum given", world["upstream", arg], {"node": labels[arg]}
        for edge in graph.edges(place.node):
            if edge != place.slot:
                yield (
                    "other",
                    world["downstream", edge],
                    {"name": f"what `{place.name}` sends to `{labels[graph.args[edge]]}`"},
                )
        yield "value", world["value", place.node], {"node": place.name}

    def _upstream(self, place: Place, world: World) -> Iterator[tuple[str, float, dict[str, Any]]]:
        users, labels = self.users[place.node], self.report.labels
        total = world.follows[place.key]
        if len(users) > 1:
            for user, edge in users:
                sent = world["downstream", edge]
                yield "user", total - sent, {"user": labels[user], "sent": sent}
            yield "upstream forgotten", sum(world["local", edge] for _, edge in users), {}
        for user, edge in users[:1] if len(users) == 1 else []:
            yield from self._product(world["upstream", user], world["local", edge])
        yield "value", world["value", place.node], {"node": place.name}

    def _product(self, upstream: float, local: float) -> Iterator[tuple[str, float, dict[str, Any]]]:
        yield "upstream forgotten", local, {}
        yield "local forgotten", upstream, {}
        yield "added", upstream + local, {}
        if local:
            yield "divided", upstream / local, {}

    def _earlier(self, place: Place) -> list[Place]:
        """The wrong answers that a number is made of, nothing else between."""
        found: dict[Key, Place] = {}
        waiting, seen = self._sources(place.key, place.node), set[Key]()
        while waiting:
            key, node = waiting.pop()
            if key in self.wrong:
                found[key] = self.places[key]
            elif key not in seen:
                waiting += self._sources(key, node)
            seen.add(key)
        return [one for key, one in self.places.items() if key in found]

    def _sources(self, key: Key, node: int) -> list[tuple[Key, int]]:
        """What a number is made of, with the node of each."""
        part, index = key
        arguments: list[tuple[Key, int]] = [(("value", arg), arg) for arg in self.report.graph.arguments(node)]
        if part == "value":
            return arguments
        if part == "local":
            return [*arguments, (("value", node), node)]
        if part == "downstream":
            return [(("upstream", node), node), (("local", index), node)]
        return [(("downstream", edge), user) for user, edge in self.users[node]]


def _is_rounded(text: str, number: float, true: float) -> bool:
    """Whether an answer is a number with fewer digits than are asked for, or is a little off a long one."""
    half, _ = precision(text)
    is_long = float(f"{true:.{FIGURES}g}") != true
    return 0 < abs(number - true) <= max(half or 0.0, ROUGH * abs(true) if is_long else 0.0) < inf


def _is(text: str, number: float, true: float) -> bool:
    """Whether an answer is a number: that itself, or of a long one enough digits."""
    half, digits = precision(text)
    allowed = NEAR * abs(true)
    if half is not None and digits is not None and digits >= FIGURES:
        allowed = max(allowed, half * (1 + NEAR))
    is_rounded = any(number == float(f"{true:.{count}g}") for count in range(FIGURES, 17))  # 8150 of 8154.49
    return number == true or is_rounded or abs(number - true) <= allowed < inf
