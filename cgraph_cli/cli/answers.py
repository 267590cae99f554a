"""The answers to a quiz: a file of them, read and marked."""

from __future__ import annotations

from math import isnan, nan

from cgraph_cli.check.answers import Answer, Grades, grade
from cgraph_cli.check.exercises import LEVELS
from cgraph_cli.check.quiz import ASKED, drawn, graph_of, ordered, program_of_level, student
from cgraph_cli.cli.eval import reading_of
from cgraph_cli.cli.quiz import level_of, seed_of
from cgraph_cli.cli.request import Request
from cgraph_cli.cli.values import read_file, read_number, read_object, read_value, shown
from cgraph_cli.cli.words import read_pair, split_list
from cgraph_cli.errors import CgraphError, FileError, listed, shortened
from cgraph_cli.graph.build import AS_WRITTEN, Reading, check_values
from cgraph_cli.light import Any, Iterator, Mapping, NamedTuple, Sequence, T, re
from cgraph_cli.report.blanks import PARTS, check_parts
from cgraph_cli.report.evaluate import evaluate_graph
from cgraph_cli.syntax.expression import Program, normal_name
from cgraph_cli.syntax.parser import parse
from cgraph_cli.syntax.printer import print_program

FORM = 'answers are an object: {"expression": "(x+y)*z", "seed": "anna", "answers": {"upstream(x)": 3, ...}}'
HEAD = re.compile(r"\s*(expression|seed|level|variables|given|expand|replace|blank):(.*)")
NUMBER = r"[-+−.]?\d"  # how one begins
PART = rf"\s*(?:[-*+]\s)?\s*((?i:{'|'.join(PARTS)}))\b\s*"
ANSWER = re.compile(rf"{PART}(\([^()]*\))\s*(?:[=:]|(?={NUMBER}))(.*)")
LIKE_ANSWER = re.compile(rf"{PART}[^=:()]*[=:]\s*{NUMBER}")
LISTS = frozenset({"given", "blank"})
PAIRS = {"variables": "x=1,y=2", "replace": "OLD=NEW"}


class Sheet(NamedTuple):
    """What a file of answers says; None for what it does not say."""

    path: str
    expression: str | None
    seed: str | None
    level: int | None
    variables: Mapping[str, float]
    given: Sequence[str]
    blank: Sequence[str]
    answers: Mapping[str, Answer]
    reading: Reading = AS_WRITTEN

    def error(self, text: str, help: str | None = FORM) -> FileError:
        """What is wrong with the file."""
        return FileError(f"{shown(self.path)}: {text}", help=help)


def graded(request: Request) -> Grades:
    """The marks of the answers in a file; what the request says of the quiz must be what the file says."""
    request.refuse("claim claims random range rigorous wrt", "does not go with --answers")
    path = request.one("answers") or ""
    sheet = read_sheet(path)
    asked_seed, asked_level = seed_of(request), level_of(request)
    seed = _one(asked_seed, sheet.seed, "seed", sheet)
    level = _one(asked_level, sheet.level, "level", sheet)
    program = _program(request, sheet, seed, level)
    parts = _parts(request, sheet)
    own = {} if asked_seed else {name: sheet.variables[name] for name in sheet.given}
    given = request.values or own  # with a seed the command says which quiz it was
    point = sheet.variables
    reading = _reading(request, sheet)
    graph = graph_of(program, {**given, **point}, reading)
    if seed is not None:
        report, _ = drawn(program, graph, seed, given)
        if point and dict(point) != report.variables:
            raise sheet.error(f"`variables` are not the numbers of `{shortened(seed)}` for this expression", help=None)
    else:
        if not point and not given:
            raise sheet.error("it has neither `seed` nor `variables`: nothing says for which numbers the answers are")
        point = {**point, **given}
        try:
            check_values(program, point, form='"{}": VALUE in `variables`')
        except CgraphError as error:
            raise error.placed(f"{shown(sheet.path)}: ") from None
        report = evaluate_graph(program, graph, point)
    student(report, parts)
    drawn_level = level is not None and seed is not None and not request.program.statements
    from_file = {
        "level": drawn_level and asked_level is None,
        "expression": not drawn_level and not request.program.statements,
        "seed": seed is not None and asked_seed is None,
        "variables": bool(given is own and own) or (seed is None and point.keys() > request.values.keys()),
        "expand": reading.expand and not request.flag("expand"),
        "replace": bool(reading.replace) and not request.flag("replace"),
        "blank": not (asked_seed or request.flag("blank")),
    }
    try:
        grades = grade(report, parts, sheet.answers, seed)
        return grades._replace(from_file=[name for name, holds in from_file.items() if holds])
    except CgraphError as error:
        raise error.placed(f"{shown(sheet.path)}: in `answers` ") from None


def _one(asked: T | None, found: T | None, name: str, sheet: Sheet) -> T | None:
    """What the request says, or else the file. Raises UsageError if these are two things."""
    if asked is not None and found is not None and asked != found:
        raise sheet.error(
            f"`{name}` is {shortened(str(found))}, not {shortened(str(asked))} as --{name} says", help=None
        )
    return found if asked is None else asked


def _reading(request: Request, sheet: Sheet) -> Reading:
    """How the expression is read: as the request says, which with a seed says all of the quiz, or as the file does."""
    asked = reading_of(request)
    found = asked if request.flag("seed") or asked != AS_WRITTEN else sheet.reading
    if sheet.reading not in (AS_WRITTEN, found):
        raise sheet.error("it was made with another --expand or --replace than the command has", help=None)
    return found


def _parts(request: Request, sheet: Sheet) -> Sequence[str]:
    """What is asked for: by the request, which with a seed says all of the quiz; or by the file, or its answers."""
    check_parts(request.listed("blank"))
    for part in sheet.blank:
        if part not in PARTS:
            raise sheet.error(f"`blank` does not know `{shortened(part)}`", help=f"it has some of: {', '.join(PARTS)}")
    asked = request.listed("blank") or (ASKED if request.flag("seed") else ())
    if asked and sheet.blank and {*asked} != {*sheet.blank}:
        raise sheet.error(f"`blank` is {','.join(ordered(sheet.blank))}, not {','.join(ordered(asked))}", help=None)
    answered = [part for part in PARTS if any(name.startswith(f"{part}(") for name in sheet.answers)]
    return ordered(asked or sheet.blank or answered or ASKED)


def _program(request: Request, sheet: Sheet, seed: str | None, level: int | None) -> Program:
    """The expression, of the request, of the level that it gives, or of the file."""
    try:
        found = None if sheet.expression is None else parse(sheet.expression, request.program.max_nodes)
    except CgraphError as error:
        error.source = sheet.expression
        raise error.placed(f"{shown(sheet.path)}: the expression cannot be read: ") from None
    if request.program.statements:
        asked, by = request.program, "the command"
    elif level is not None and seed is not None:
        asked, by = program_of_level(level, seed), f"level {level} for `{shortened(seed)}`"
    elif found is None:
        raise sheet.error("it has no member `expression`")
    else:
        return found
    if found is not None and print_program(found) != print_program(asked):
        text = f"`expression` is `{shortened(print_program(found))}`, and {by} has `{shortened(print_program(asked))}`"
        raise sheet.error(text, help=None)
    return asked


def _filled(text: str, path: str) -> dict[str, object]:
    """The same members from a quiz as text or Markdown whose lines are filled in."""
    found: dict[str, Any] = {}
    answers: dict[str, str | None] = {}
    for count, line in enumerate(text.split("\n"), 1):
        if match := HEAD.match(line):
            found[match[1]] = match[2].strip()
        elif match := ANSWER.match(line):
            name = f"{match[1].lower()}{match[2]}"
            if name in answers:
                raise FileError(f"{shown(path)} line {count}: `{shortened(name)}` is answered twice")
            answers[name] = match[3].strip().strip("_") or None
        elif LIKE_ANSWER.match(line):
            what = f"{shown(path)} line {count}: `{shortened(line.strip())}` cannot be read"
            raise FileError(what, help="an answer is upstream(x) = 3")
    for name in LISTS.intersection(found):
        found[name] = split_list(name, found[name])
    for name, form in PAIRS.items():
        if name in found:
            found[name] = dict(read_pair(name, one, form) for one in split_list(name, found[name]))
    if "expand" in found:
        found["expand"] = found["expand"] == "true"
    return found | ({"answers": answers} if answers else {})


def _answer(value: object) -> Answer:
    """An answer of a file."""
    text = str(value).strip()
    try:
        number = read_number("this", value)
    except CgraphError as error:
        help = f"; {error.help}" if error.help and re.search(r"\d,\d", text) else ""  # a decimal comma
        return Answer(text, nan, f"{error.message}{help}")
    return Answer(text, number, "this is not a number" if isnan(number) else None)


def read_sheet(path: str) -> Sheet:
    """A file of answers. Raises FileError for what it has not or has in another form."""
    text = read_file(path)
    is_json = text.lstrip().startswith("{")
    members = read_object(text, path, FORM) if is_json else _filled(text, path)
    empty = Sheet(path, None, None, None, {}, (), (), {})
    if "answers" not in members and text.lstrip().startswith("<"):
        raise empty.error("this is the page of a quiz, not its answers", help="open it: it writes answers.json")
    if "answers" not in members:
        raise empty.error("it has no member `answers`" if is_json else "no line of it is an answer: upstream(x) = 3")

    def member(name: str, kind: type, what: str) -> Any:
        value = members.get(name)
        if value is not None and not isinstance(value, kind):
            raise empty.error(f"the member `{name}` is not {what}")
        return value

    def texts(name: str) -> list[str]:
        found = member(name, list, "an array of texts") or []
        if not all(isinstance(one, str) for one in found):
            raise empty.error(f"the member `{name}` is not an array of texts")
        return found

    def numbers(name: str) -> Iterator[tuple[str, object]]:
        for key, value in (member(name, dict, "an object of numbers") or {}).items():
            if value is not None and value != "":
                yield normal_name(key).replace(" ", ""), value

    level = member("level", str, "a whole number")
    if level is not None and level not in map(str, LEVELS):
        raise empty.error(f"the member `level` is not a number from {min(LEVELS)} to {max(LEVELS)}")
    try:
        variables = {name: read_value(name, value) for name, value in numbers("variables")}
    except CgraphError as error:
        raise error.placed(f"{shown(path)}: in `variables` ") from None
    given = texts("given")
    if unknown := [name for name in given if name not in variables]:
        raise empty.error(f"`given` names {listed(unknown, '`')}, which `variables` lacks")
    return Sheet(
        path,
        member("expression", str, "a text"),
        normal_name(member("seed", str, "a text") or "").strip() or None,
        None if level is None else int(level),
        variables,
        given,
        texts("blank"),
        {name: _answer(value) for name, value in numbers("answers")},
        Reading(
            expand=bool(member("expand", bool, "true or false")),
            replace=tuple((member("replace", dict, "an object of names") or {}).items()),
        ),
    )
