"""What is proved holds, and what cannot be proved is said with its reason."""

from __future__ import annotations

import json
import math
import random
import sys
from collections import Counter
from typing import Any

import mpmath
import pytest
from conftest import CORPORA
from harness import run
from hypothesis import given, settings
from strategies import Case, expressions

import cgraph_cli
from cgraph_cli.check.arb import Precision
from cgraph_cli.check.enclosures import NOT_PROVED, PROVED, Balls, within
from cgraph_cli.check.witnesses import AGREES, NO_DERIVATIVE, NOISY, WRONG, Enclosure
from cgraph_cli.engine import passes
from cgraph_cli.engine.mpmath import precise
from cgraph_cli.errors import MissingExtraError
from cgraph_cli.rules import RULES

pytest.importorskip("flint", reason="the extra `rigorous` is not installed")


def at(text: str, **point: float) -> dict[str, Enclosure]:
    prover = Balls(cgraph_cli.parse(text).graph())
    return {name: prover.at(point, name) for name in point}


def holds(found: Enclosure, true: float) -> bool:
    return found.ends is not None and found.ends[0] <= true <= found.ends[1]


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("(x+y)*z", {"x": -2.0, "y": 5.0, "z": -4.0}),
        ("(1 - cos(x))/x^2", {"x": 1e-30}),
        ("sigmoid(x)*gelu(y) + softplus(x*y)", {"x": 0.0, "y": 0.0}),
        ("x^y + x^-3 + y^2 + x^0.5", {"x": 1.7, "y": -2.25}),
        ("s(a) = a*tanh(a); s(x)*lgamma(y)", {"x": 0.3, "y": -1.5}),
        ("logsumexp(x, y, 1)", {"x": 700.0, "y": 710.0}),
    ],
)
def test_the_enclosure_at_a_point_is_a_few_doubles_wide_and_holds_the_truth(text: str, point: dict[str, float]) -> None:
    graph = cgraph_cli.parse(text).graph()
    with mpmath.workprec(2000):
        values = passes.forward(graph, point, precise())
        upstream = passes.backward(graph, values, graph.output, precise()).upstream
        for name, found in at(text, **point).items():
            true = upstream[graph.variables[name]]
            assert found.ends is not None
            low, high = found.ends
            assert low <= true <= high
            assert high - low <= 4 * math.ulp(high)


def rows() -> list[str]:
    return [name for name, rule in RULES.items() if name != "where"]


@pytest.mark.parametrize("name", rows())
def test_every_function_of_the_table_has_its_enclosure_or_says_why(name: str) -> None:
    rule, draw = RULES[name], random.Random(name)
    args = ["x", "y", "z"][: 2 if rule.many else rule.min_args]
    symbol = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "^", "lt": "<", "le": "<="} | {
        "gt": ">", "ge": ">=", "eq": "==", "ne": "!=",
    }  # fmt: skip
    text = f"x {symbol[name]} y" if name in symbol else f"-{args[0]}" if name == "neg" else f"{name}({', '.join(args)})"
    proved = 0
    for _ in range(12):
        point = {one: draw.choice((draw.uniform(-3, 3), draw.uniform(0, 1), draw.uniform(1, 4))) for one in args}
        if name == "polygamma":
            point["x"] = 2.0
        report = cgraph_cli.evaluate(text, point)
        for one, found in at(text, **point).items():
            if name == "polygamma" and one == "x":
                continue  # it has no derivative by its order
            gradient = report.gradients[one]
            if found.ends is None:
                assert found.why is not None
                assert name in found.why or rule.value is not None or rule.definition is not None
                continue
            proved += 1
            assert found.ends[0] - 1e-12 * abs(gradient) <= gradient <= found.ends[1] + 1e-12 * abs(gradient)
    assert proved > 0


@pytest.mark.parametrize(
    ("text", "x", "words"),
    [
        ("abs(x)", 0, "`abs`"),
        ("where(x > 0, x, x^2)", 0, "`gt`"),
        ("floor(x)", 3, "`floor`"),
        ("round(x)", 2.5, "`round`"),
        ("max(x, 1)", 1, "`max`"),
        ("sqrt(x)", 0, "`sqrt`"),
        ("log(x)", -1, "`log`"),
        ("1/x", 0, "`div`"),
        ("digamma(x)", -1.5, "`digamma`"),  # Arb's series has lgamma for what is positive
        ("x", math.inf, "not finite"),
    ],
)
def test_what_cannot_be_proved_has_a_reason(text: str, x: float, words: str) -> None:
    found = at(text, x=x)["x"]
    assert found.ends is None
    assert found.why is not None
    assert words in found.why


def test_the_accuracy_of_others_lies_within() -> None:
    file = CORPORA.parent / "accuracy" / "fpbench.jsonl"
    if not file.exists():
        pytest.skip(f"there is no {file}")
    counts: Counter[str] = Counter()
    for line in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        for one in cgraph_cli.parse(line["expr"]).check(line["vars"], rigorous=True).partials:
            reference, number = line["grad"][one.wrt], one.witnesses[0].value
            assert one.value == pytest.approx(reference, rel=1e-14, abs=0), line["id"]
            assert one.enclosure is not None
            assert holds(one.enclosure, reference), line["id"]
            counts[one.verdict] += 1
            assert number is not None
            is_right = abs(number - reference) <= 1e-9 * abs(reference)
            assert one.verdict == (AGREES if is_right else NOISY if math.isfinite(number) else WRONG), line["id"]
    assert counts[AGREES] > 500
    assert counts[WRONG] + counts[NOISY] > 10


def test_what_does_not_move_may_stand_on_a_kink() -> None:
    found = at("abs(x)*y + max(x, 0)*y", x=0.0, y=2.0)
    assert found["x"].ends is None
    assert holds(found["y"], 0)


def test_what_is_not_taken_does_not_count() -> None:
    assert holds(at("where(x > 0, x^2, log(-x))", x=3.0)["x"], 6)
    assert holds(at("where(n == 2, x, log(-x))", x=3.0, n=2.0)["x"], 1)


@given(expressions(6))
def test_the_gradient_lies_in_its_enclosure_or_high_precision_does(case: Case) -> None:
    report = cgraph_cli.evaluate(case.text, case.values)
    prover = Balls(report.graph)
    for one in cgraph_cli.parse(case.text).check(case.values).partials:
        found = prover.at(case.values, one.wrt)
        if found.ends is not None and one.value is not None:
            assert within(one, found).verdict == one.verdict


@settings(max_examples=50)
@given(expressions(5))
def test_slopes_in_a_box_lie_in_what_is_proved_of_it(case: Case) -> None:
    expression, draw = cgraph_cli.parse(case.text), random.Random(case.text)
    ranges = {name: (x - 0.25, x + 0.25) for name, x in case.values.items() if math.isfinite(x) and abs(x) < 1e6}
    if not ranges:
        return
    fixed = {name: x for name, x in case.values.items() if name not in ranges}
    found = expression.prove(ranges, fixed)
    for _ in range(5):
        point = {**fixed, **{name: draw.uniform(*ends) for name, ends in ranges.items()}}
        for checked, proof in zip(expression.check(point).partials, found.partials, strict=True):
            if proof.enclosure is not None and checked.value is not None:
                low, high = proof.enclosure
                assert low <= checked.value <= high


@pytest.mark.parametrize(("text", "x"), [("exp(x)", "1000"), ("digamma(x)", "1e-320")])
def test_a_bound_past_doubles_is_no_enclosure(text: str, x: str) -> None:
    def refused(word: str) -> float:
        raise AssertionError(f"{word} is no JSON")

    answer = run(["check", text, "--x", x, "--rigorous", "--json"]).stdout
    (partial,) = json.loads(answer, parse_constant=refused)["partials"]
    assert (partial["enclosure"], partial["why"]) == (None, "its bounds are too large for doubles")


def test_a_box_is_cut_until_the_enclosure_is_tight() -> None:
    (one,) = cgraph_cli.parse("sigmoid(x)").prove({"x": (-1, 1)}).partials
    assert one.verdict == PROVED
    assert one.enclosure is not None
    assert one.attained is not None
    low, high = (math.exp(-1) / (1 + math.exp(-1)) ** 2, 0.25)
    assert low * 0.998 < one.enclosure[0] <= one.attained[0] == pytest.approx(low)
    assert high * 1.002 > one.enclosure[1] >= one.attained[1] == pytest.approx(high)
    assert one.pieces > 10


@pytest.mark.parametrize(
    ("text", "ends", "words"),
    [
        ("abs(x)", (-1.0, 2.0), "`abs`"),
        ("1/(x - 0.3)", (0.0, 1.0), "`div`"),
        ("sqrt(x)", (0.0, 1.0), "`sqrt`"),
        ("max(x, y)", (0.0, 1.0), "`max`"),
    ],
)
def test_a_box_with_a_kink_or_a_pole_names_the_place(text: str, ends: tuple[float, float], words: str) -> None:
    ranges = {name: ends for name in ("x", "y") if name in text.replace("max", "")}
    found = cgraph_cli.parse(text).prove(ranges)
    assert not found.passed
    one = found.partials[0]
    assert (one.verdict, one.enclosure) == (NOT_PROVED, None)
    assert one.why is not None
    assert words in one.why
    assert one.place is not None
    low, high = one.place["x"]
    assert ends[0] <= low < high <= ends[1]
    assert high - low < 1e-10
    if "0.3" in text:
        assert low <= 0.3 <= high


def test_high_precision_outside_its_enclosure_is_wrong() -> None:
    (one,) = cgraph_cli.parse("x^2").check(x=3).partials
    assert within(one, Enclosure((5.9, 6.1))).verdict == AGREES
    assert within(one, Enclosure((6.1, 6.2))).verdict == WRONG


def test_no_rule_differentiates(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str, *rest: Any) -> Any:
        raise AssertionError(name)

    monkeypatch.setattr(passes, "local_kernel", broken)
    assert holds(at("s(a) = a*sin(a); s(x)*y", x=0.5, y=2.0)["y"], 0.5 * math.sin(0.5))


def test_the_precision_of_others_is_left_as_it_was() -> None:
    import flint

    before = flint.ctx.prec, flint.ctx.cap
    at("digamma(x)", x=1.5)
    with Precision(300):
        assert (flint.ctx.prec, flint.ctx.cap) == (300, 2)
    assert (flint.ctx.prec, flint.ctx.cap) == before


def test_without_python_flint_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "flint", None)
    with pytest.raises(MissingExtraError):
        cgraph_cli.parse("x^2").check(x=1, rigorous=True)
    done = run(["check", "x^2", "--x", "1", "--rigorous"])
    assert done.code == 2
    assert 'pip install "cgraph-cli[rigorous]"' in done.stderr


def test_what_has_no_proof_is_given_up_at_the_first_piece_that_is_too_small() -> None:
    found = cgraph_cli.parse("abs(x)*y").prove({"x": (-1, 1), "y": (1, 2)})
    by_x, by_y = found.partials
    assert (by_x.verdict, by_y.verdict) == (NOT_PROVED, PROVED)
    assert by_x.pieces < 500
    assert by_x.place is not None
    assert by_x.place["x"][0] <= 0 <= by_x.place["x"][1]
    assert by_y.enclosure == (pytest.approx(0, abs=1e-3), pytest.approx(1, abs=1e-3))
    assert "x = -1:1, y = 1:2" in str(found)


def test_the_command_tells_what_is_proved() -> None:
    done = run(["check", "sigmoid(w*x)", "--w", "1", "--x", "2", "--rigorous"])
    assert done.code == 0
    assert "∂f/∂w ∈ [0.209987170807" in done.stdout
    done = run(["check", "abs(x)", "--x", "0", "--rigorous", "--json"])
    (one,) = json.loads(done.stdout)["partials"]
    assert (one["verdict"], one["enclosure"]) == (NO_DERIVATIVE, None)
    for format in ("table", "markdown", "html"):
        done = run(["check", "x^2/y", "--rigorous", "--range", "x=1:2", "--y", "4", "--format", format])
        assert done.code == 0
        for part in ("0.499999", "2 of 2 enclosures are proved", "x = 1:2"):
            assert part in done.stdout
    found = json.loads(
        run(["check", "x^2/y", "--rigorous", "--range", "x=1:2,y=1:2", "--json", "--digits", "2"]).stdout
    )
    low, high = found["partials"][0]["enclosure"]
    assert low < 1 < 4 < high  # in all digits: rounded they might not hold it
    assert found["box"] == {"ranges": {"x": [1, 2], "y": [1, 2]}, "fixed": {}}
    assert run(["check", "abs(x)", "--rigorous", "--range", "x=-1:1"]).code == 1
