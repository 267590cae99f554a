"""Quizzes: short numbers for every student, no answer given away, right answers right, slips named."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from math import isfinite, nan
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from harness import run

import cgraph_cli
from cgraph_cli.check.answers import KINDS, Answer, Grades, World, grade
from cgraph_cli.check.exercises import LEVELS
from cgraph_cli.check.quiz import FIGURES, Quiz, drawn, figures, graph_of, of_level, places, program_of_level, quiz
from cgraph_cli.check.result import RIGHT
from cgraph_cli.errors import CgraphError
from cgraph_cli.render import View, formats, renderer
from cgraph_cli.report.blanks import PARTS, Blank
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.parser import parse
from cgraph_cli.syntax.printer import format_number

EXPRESSIONS = [
    "(x + y)*z",
    "q = x + y; f = q*z; f*q",
    "x^2/y - 3*z",
    "p = sigmoid(w*x + b); mse(p, t)",
    "x*exp(y*z)",
    "max(x, y)*abs(z)",
    "sqrt(x^2 + y)",
]
SEEDS = [f"student {number}" for number in range(200)]


def report_of(text: str, seed: str) -> tuple[Report, bool]:
    program = parse(text)
    return drawn(program, graph_of(program, {}), seed, {})


def numbers_of(report: Report) -> Iterator[float]:
    for place in places(report, PARTS):
        columns = {"value": report.node_values, "upstream": report.passes.upstream}
        columns |= {"local": report.passes.local, "downstream": report.passes.downstream}
        yield columns[place.part][place.slot]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_every_student_has_short_numbers_without_a_warning(text: str) -> None:
    points = []
    for seed in SEEDS:
        report, is_short = report_of(text, seed)
        assert is_short
        assert not report.warnings
        assert all(figures(number) <= FIGURES for number in (*report.variables.values(), *numbers_of(report)))
        points.append(tuple(report.variables.values()))
    assert len(set(points)) > 20


@pytest.mark.parametrize("text", ["exp(x)", "exp(x)*sin(y)", "log(1 + exp(x))"])
def test_not_all_students_are_given_the_one_point_with_short_numbers(text: str) -> None:
    points = [report_of(text, seed)[0].variables for seed in SEEDS[:40]]
    assert len({tuple(point.values()) for point in points}) > 8
    assert all(number != 0 for point in points for number in point.values())


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_is_drawn_with_its_numbers(level: int) -> None:
    texts = set()
    for seed in SEEDS[:60]:
        found = of_level(level, seed, PARTS)
        texts.add(found.student.program.source)
        report, is_short = report_of(found.student.program.source, seed)
        assert is_short
        assert not report.warnings
        assert report.variables == found.student.variables
        assert any(number != 0 for number in report.gradients.values())
    assert len(texts) > len(LEVELS[level].forms)


def test_a_seed_always_draws_the_same() -> None:
    """These numbers stay: students have them."""
    assert report_of("(x + y)*z", "anna")[0].variables == {"x": -5.0, "y": -4.0, "z": 5.0}
    assert program_of_level(3, "anna").source == "n/(5 + sin(k - 2*m))"
    drawn = [report_of(text, seed)[0].variables for text in EXPRESSIONS[:4] for seed in SEEDS[:60]]
    assert crc32(repr(drawn).encode()) == 1462732526
    assert report_of("(x+y) * z", "anna")[0].variables == report_of("(x + y)*z", "anna")[0].variables


def test_few_gradients_of_an_exercise_are_0() -> None:
    """A zero hides whether the factors before it are right."""
    none = 0
    for level, seed in itertools.product((1, 3, 5), SEEDS[:25]):
        program = program_of_level(level, seed)
        report, _ = drawn(program, graph_of(program, {}), seed, {})
        none += 0.0 in report.gradients.values()
    assert none <= 8


@pytest.mark.parametrize("name", formats("quiz"))
@pytest.mark.parametrize("parts", [("upstream", "local"), ("value",), ("downstream",), PARTS], ids=",".join)
def test_no_answer_is_in_what_a_student_gets(name: str, parts: tuple[str, ...]) -> None:
    text = "q = sin(x*y) + exp(z/y); q*log(x + z)/tanh(q - x) - x*q*z*y"
    point = {"x": 0.7317, "y": 1.9171, "z": 1.4713}
    found = quiz(parse(text), "anna", parts, point)
    assert isinstance(found, Quiz)
    report = drawn(parse(text), graph_of(parse(text), {}), "anna", point)[0]
    shown = "".join(map(str, renderer("quiz", name)(found, View())))
    columns = {"value": report.node_values, "upstream": report.passes.upstream}
    columns |= {"local": report.passes.local, "downstream": report.passes.downstream}
    hidden = {one.part: [*columns.values()] for one in found.places}
    assert {*hidden} == {*parts}
    given = {*report.variables.values(), 0.0, 1.0, -1.0}
    for part in {"value", "local"} - {*parts}:
        given |= {*columns[part]} if part == "value" else {one for one in found.student.passes.local if one == one}
    for place in found.places:
        number = columns[place.part][place.slot]
        if all(abs(abs(number) - abs(one)) > 1e-3 for one in given):
            assert f"{abs(number):.4g}" not in shown, place
        assert place.id in shown
    student = found.student
    own = {"value": student.node_values, "upstream": student.passes.upstream, "local": student.passes.local}
    own |= {"downstream": student.passes.downstream}
    assert all(isinstance(own[place.part][place.slot], Blank) for place in found.places)


def right_answers(report: Report, parts: tuple[str, ...] = PARTS) -> dict[str, Answer]:
    ids = [place.id for place in places(report, parts)]
    numbers = dict(zip([one.id for one in places(report, PARTS)], numbers_of(report), strict=True))
    return {name: Answer(format_number(numbers[name]), numbers[name]) for name in ids}


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_right_answers_are_right(text: str) -> None:
    for seed in SEEDS[:40]:
        report, _ = report_of(text, seed)
        for parts in (PARTS, ("upstream", "local"), ("downstream",)):
            graded = grade(report, parts, right_answers(report, parts))
            assert graded.passed
            assert graded.points == len(graded.marks)


def marked(text: str, values: dict[str, float], answers: dict[str, float], parts: tuple[str, ...] = PARTS) -> Grades:
    """All right answers but some."""
    from cgraph_cli import evaluate

    report = evaluate(text, values)
    own = {name: Answer(format_number(number), number) for name, number in answers.items()}
    return grade(report, parts, right_answers(report, parts) | own)


POINT = {"x": 3.0, "y": 5.0, "z": 7.0}
CHAIN = "q = x*y; r = q^2; r*z + q"  # q = 15, r = 225, f = 1590
MISTAKES: dict[str, tuple[str, float]] = {
    "sign": ("local(q,x)", -5),
    "turned": ("value(d)", -2),
    "user": ("upstream(q)", 1),
    "upstream forgotten": ("downstream(r,q)", 30),
    "local forgotten": ("downstream(r,q)", 7),
    "divided": ("downstream(r,q)", 7 / 30),
    "added": ("downstream(r,q)", 37),
    "upstream given": ("local(r,q)", 7),
    "downstream given": ("local(r,q)", 210),
    "sum given": ("downstream(r,q)", 211),
    "other": ("local(q,x)", 3),
    "reciprocal": ("local(r,q)", 1 / 30),
    "value": ("local(r,q)", 225),
    "rounded": ("local(h,x)", 0.24),
    "differs": ("local(q,x)", 1234),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_mistake_is_named(kind: str) -> None:
    if kind == "follows":
        found = marked(CHAIN, POINT, {"local(r,q)": 15, "downstream(r,q)": 105, "upstream(q)": 106})
        first, second, third = (mark for mark in found.marks if mark.verdict == "wrong")
        wrong = {one.place.id: one for one in (first, second, third)}
        assert wrong["downstream(r,q)"].mistakes[0].message == "this follows from `local(r,q)`, which is wrong"
        assert wrong["upstream(q)"].mistakes[0].message == "this follows from `downstream(r,q)`, which is wrong"
        assert wrong["upstream(q)"].points == KINDS["follows"].credit
        return
    if kind == "unreadable":
        answers = right_answers(report_of(CHAIN, "anna")[0]) | {"upstream(q)": Answer("two", nan, "this is none")}
        found = grade(report_of(CHAIN, "anna")[0], PARTS, answers)
        (mark,) = (mark for mark in found.marks if mark.verdict != "right")  # all others follow from the right number
        assert (mark.answer, mark.points, mark.mistakes[0].message) == (None, 0, "this is none")
        return
    name, answer = MISTAKES[kind]
    text = {"value(d)": "d = x - y; d*z", "local(h,x)": "h = x/y; h*z"}.get(name, CHAIN)
    values = {"x": 5.0, "y": 3.0, "z": 7.0} if "d" in name[:8] and text != CHAIN else POINT
    if kind == "rounded":
        values = {"x": 3.0, "y": 4.1, "z": 7.0}
    found = marked(text, values, {name: answer})
    (wrong_one,) = (mark for mark in found.marks if mark.place.id == name)
    assert wrong_one.verdict == "wrong"
    assert kind in [one.kind for one in wrong_one.mistakes]
    assert found.points == len(found.marks) - 1 + wrong_one.points
    assert "{" not in wrong_one.mistakes[0].message


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_slips_at_drawn_points_are_named(text: str) -> None:
    named = made = 0
    for seed in SEEDS[:20]:
        report, _ = report_of(text, seed)
        right = {name: number for name, (_, number, _) in right_answers(report).items()}
        for place in places(report, PARTS):
            slips = {"sign": -right[place.id]}
            if place.part == "downstream":
                local = right[place.id.replace("downstream", "local")]
                slips |= {"upstream": local, "local": report.passes.upstream[place.node]}
            if place.part == "upstream":
                users = [name for name in right if re.fullmatch(rf"downstream\(\w+,{place.name}(,\d)?\)", name)]
                if len(users) > 1:
                    slips |= {"path": right[place.id] - right[users[0]]}
            for code, number in slips.items():
                if abs(number - right[place.id]) < 1e-6:
                    continue
                found = marked(text, report.variables, {place.id: number})
                (mark,) = (one for one in found.marks if one.place.id == place.id)
                made += 1
                named += code in [one.code for one in mark.mistakes]
                assert mark.verdict == "wrong"
    assert made > 80
    assert named == made


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_all_that_follows_from_one_wrong_answer_is_said_to(text: str) -> None:
    """A student with one number wrong, all others right for it, is told of one mistake; the rest follows from it."""
    followed = 0
    for seed in SEEDS[:10]:
        report, _ = report_of(text, seed)
        for first in places(report, PARTS):
            right = {place.key: number for place, number in zip(places(report, PARTS), numbers_of(report), strict=True)}
            world = World(report, {first.key: right[first.key] + 11})
            own = {place: world.numbers[place.key] for place in places(report, PARTS)}
            if not all(map(isfinite, own.values())):
                continue
            graded = grade(report, PARTS, {place.id: Answer(format_number(one), one) for place, one in own.items()})
            for mark in graded.marks:
                if mark.place == first:
                    assert mark.verdict == "wrong"
                    assert "follow_on" not in [one.code for one in mark.mistakes]
                elif abs(own[mark.place] - right[mark.place.key]) > 1e-6:
                    followed += 1
                    assert mark.mistakes[0].code == "follow_on"
                    assert mark.points == KINDS["follows"].credit
                else:
                    assert mark.verdict == "right"
    assert followed > 50


def test_a_slip_and_the_wrong_sign_are_named_both() -> None:
    found = marked(CHAIN, POINT, {"downstream(r,q)": -30})
    (mark,) = (one for one in found.marks if one.verdict == "wrong")
    assert mark.mistakes[0].message.endswith("is forgotten: this is the local one alone, and the sign is wrong")
    assert mark.points == 0.25


def test_a_narrow_quiz_does_not_part_a_name_from_its_number() -> None:
    text = "".join(map(str, renderer("quiz", "text")(of_level(5, "bob"), View(width=40))))
    assert "by w: local ____\n" in text
    assert not re.search(r"(value|upstream|local|by \w+:)$", text, re.MULTILINE)


@pytest.mark.parametrize("level", LEVELS)
def test_one_number_everywhere_earns_no_more_than_what_follows_from_it(level: int) -> None:
    """That a wrong answer is repeated is no slip, in a sheet that has it everywhere."""
    for seed in SEEDS[:10]:
        report, _ = drawn(program := program_of_level(level, seed), graph_of(program, {}), seed, {})
        asked = ("upstream", "local")
        found = grade(report, asked, {place.id: Answer("777", 777.0) for place in places(report, asked)})
        assert found.points <= 0.3 * len(found.marks)


def test_long_numbers_may_be_rounded_to_three_digits() -> None:
    for text, verdict in (
        ("0.333", "right"),
        ("1/3", "right"),
        ("0.33", "wrong"),
        ("0.334", "wrong"),
        ("nan", "wrong"),
    ):
        answers = {
            "answers": {"local(f,x)": text},
            "expression": "x/y",
            "variables": {"x": 1, "y": 3},
            "blank": ["local"],
        }
        found = json.loads(run(["check", "--answers", "-", "--json"], json.dumps(answers).encode()).stdout)
        assert found["answers"][0]["verdict"] == verdict, text


@pytest.mark.parametrize("name", ["quiz.txt", "quiz.md", "quiz.json"])
def test_what_a_student_fills_in_is_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    for words in (["a = x*y; a + x", "--x", "3"], ["--level", "4"]):
        assert run(["quiz", *words, "--seed", "Zoë", "--output", str(path)]).code == 0
        blank = path.read_text(encoding="utf-8")
        empty = json.loads(run(["check", "--answers", str(path), "--json"]).stdout)
        assert empty["points"] == 0
        filled = blank
        for one in empty["answers"]:
            number = format_number(one["true_value"])
            if name.endswith("json"):
                filled = filled.replace(f'"{one["id"]}": null', f'"{one["id"]}": {number}')
            else:
                lines = filled.splitlines()
                at = next(at for at, line in enumerate(lines) if line.split(" ")[0] == one["id"])
                lines[at] = f"{one['id']} = {number}"
                filled = "\n".join(lines)
        path.write_text(filled, encoding="utf-8")
        done = run(["check", "--answers", str(path), "--json"])
        assert done.code == 0
        found: dict[str, Any] = json.loads(done.stdout)
        assert found["points"] == found["total"] == len(found["answers"]) > 3
        path.write_text(filled.replace("Zoë", "Zoe"), encoding="utf-8")
        other = run(["check", "--answers", str(path)])
        assert other.code == 2 or other.stdout
        assert run(["check", *words[:1], "--seed", "Ann", "--answers", str(path)]).code == 2 or words[0] == "--level"
        path.unlink()


@pytest.mark.parametrize(
    ("words", "members", "from_file"),
    [
        (["x*y", "--seed", "anna"], {}, []),
        (["--level", "1", "--seed", "anna"], {}, []),
        (["x*y", "--x", "2", "--y", "3", "--blank", "local"], {}, []),
        (["x*y", "--x", "2", "--y", "3"], {}, ["blank"]),
        (["--seed", "anna"], {"expression": "x*y"}, ["expression"]),
        (["x*y"], {"seed": "anna"}, ["seed", "blank"]),
        (["x*y", "--blank", "local"], {"variables": {"x": 2, "y": 3}}, ["variables"]),
        (["x*y", "--blank", "local", "--x", "2"], {"variables": {"x": 2, "y": 3}}, ["variables"]),
        (["x*y"], {"seed": "anna", "variables": {"x": 2, "y": 3}, "given": ["x", "y"]}, ["seed", "variables", "blank"]),
        (["--level", "1"], {"seed": "anna"}, ["seed", "blank"]),
        (["x*y*z", "--seed", "anna"], {"level": "1"}, []),  # a level is no other expression than the command's
        ([], {"seed": "anna", "level": "1"}, ["level", "seed", "blank"]),
        (["x*y", "--x", "2", "--y", "3"], {"expand": True}, ["expand", "blank"]),
        (["x*y", "--x", "2", "--y", "3", "--expand"], {"expand": True}, ["blank"]),
        (["sin(x)*y", "--x", "2", "--y", "3"], {"replace": {"sin": "cos"}}, ["replace", "blank"]),
    ],
)
def test_what_only_the_file_says_is_told(words: list[str], members: dict[str, object], from_file: list[str]) -> None:
    """A file could be of another exercise than the one that was set: all of one, given to the command, it cannot."""
    text = json.dumps({**members, "answers": {}})
    found = json.loads(run(["check", *words, "--answers", "-", "--json"], text.encode()).stdout)
    assert found["from_file"] == from_file
    if "level" in members and words:
        assert found["source"] == words[0]
    shown = run(["check", *words, "--answers", "-"], text.encode()).stdout
    assert ("only the file says what was asked" in shown) == bool(from_file)


def test_an_expression_without_short_numbers_has_the_shortest() -> None:
    found = quiz(parse("x*log(2)"), "anna")
    assert not found.is_short
    assert "3 digits" in "".join(map(str, renderer("quiz", "text")(found, View())))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("log(-x^2)*1", "no numbers are found"),
        ("2 + 3", "no variables"),
        ("+".join(["x"] * 300), "at most 200 nodes"),
        ("x", "nothing to find"),
    ],
)
def test_what_makes_no_quiz_is_refused(text: str, message: str) -> None:
    with pytest.raises(CgraphError, match=message):
        quiz(parse(text), "anna")


@pytest.mark.parametrize(
    "text",
    [
        "z = w*x + b; p = sigmoid(z); -(t*log(p) + (1 - t)*log(1 - p))",
        "-log(sigmoid(w*x))",
        "exp(-(x - m)^2/(2*s^2))",
        "a = tanh(w*x + b); (1 - a^2)*y",
    ],
)
def test_no_number_of_an_exercise_is_so_small_that_another_loses_its_digits(text: str) -> None:
    for seed in SEEDS[:20]:
        report, _ = report_of(text, seed)
        sizes = [abs(number) for number in numbers_of(report) if number]
        assert min(sizes) > 1e-5, report.variables


def test_where_nothing_is_sent_the_right_upstream_is_right() -> None:
    """The local gradient of z^x by x is nan for z < 0, and g does not use it."""
    report = cgraph_cli.evaluate("g(a, b) = b^2; g(z^x, y - x)", x=2, y=-5, z=-2)
    right = {place.id: Answer("14", 14.0) for place in places(report, ("upstream",)) if place.id == "upstream(x)"}
    (mark,) = [one for one in grade(report, ("upstream",), right).marks if one.place.id == "upstream(x)"]
    assert report.gradients["x"] == 14
    assert mark.verdict == RIGHT


@pytest.mark.parametrize(
    ("true", "text", "is_right"),
    [
        (8154.4935, "8150", True),
        (8154.4935, "8.15e3", True),
        (8154.4935, "8154.0", True),
        (8154.4935, "8155", False),
        (8154.4935, "8200", False),
        (-0.41002283, "-0.41", True),
        (-0.41002283, "-0.42", False),
        (0.125, "0.12", False),
    ],
)
def test_an_answer_is_right_that_is_the_number_rounded_to_three_digits_or_more(
    true: float, text: str, is_right: bool
) -> None:
    report = cgraph_cli.evaluate("x*y", x=true, y=1)
    (mark,) = grade(report, ("value",), {"value(f)": Answer(text, float(text))}).marks
    assert (mark.verdict == RIGHT) == is_right
