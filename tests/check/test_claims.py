"""Claims are marked as they deserve: what is right in any form, what is wrong with the mistake that was made."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal
from math import inf, isfinite
from typing import Any

import mpmath
import pytest
from slipping import cases, exercise, number, rewritten

from cgraph_cli.check.claims import Claim, Mark, Marking, mark, precision
from cgraph_cli.check.mistakes import KINDS
from cgraph_cli.check.sheet import Sheet
from cgraph_cli.errors import CgraphError
from cgraph_cli.library import parse as expression
from cgraph_cli.syntax.parser import parse, parse_expression
from cgraph_cli.syntax.printer import print_expression


def marking(text: str, claims: dict[str, str], seed: int = 0, **point: float) -> Marking:
    """The claims about an expression, marked."""
    return mark(expression(text).evaluate(point), [Claim(*pair) for pair in claims.items()], seed)


def marked(text: str, by: str, claim: str, seed: int = 0, **point: float) -> Mark:
    """One claim, marked."""
    return marking(text, {by: claim}, seed, **point).marks[0]


# A claim for every kind of mistake, with the sentence.
EXAMPLES = {
    "summand": ("x^2*sin(x)", "x", "2*x*sin(x)", "for `x^2*sin(x)` is missing: that with ∂f/∂(sin(x)) = x^2"),
    "product of derivatives": ("x^2*sin(x)", "x", "2*x*cos(x)", "of the product `x^2*sin(x)` is not the product"),
    "numerator": ("x^2/sin(x)", "x", "(x^2*cos(x) - 2*x*sin(x))/sin(x)^2", "for `x^2/sin(x)` is turned round"),
    "quotient of derivatives": ("x^2/sin(x)", "x", "2*x/cos(x)", "is not the quotient of the derivatives"),
    "not squared": ("x^2/sin(x)", "x", "(2*x*sin(x) - x^2*cos(x))/sin(x)", "is the square of sin(x)"),
    "inverted": ("x^2/sin(y)", "x", "-2*sin(y)/x^3", "the quotient `x^2/sin(y)` is turned round"),
    "sign": ("cos(x)", "x", "sin(x)", "the sign is wrong"),
    "zero": ("x*y", "x", "0*y", "`f` depends on `x`"),
    "undifferentiated": ("sin(x^2)", "x", "2*x*sin(x^2)", "`sin(x^2)` is not differentiated: ∂f/∂(x^2) = cos(x^2)"),
    "another": ("q = tanh(x*y); q*z", "x", "z*q*(1 - q)*y", "`tanh(x*y)` is differentiated as sigmoid is: ∂q/∂(x*y)"),
    "exponent missing": ("x^5*y", "x", "x^4*y", "the exponent 5 of `x^5` is missing as a factor"),
    "exponent kept": ("x^5*y", "x", "5*x^5*y", "the exponent 5 of `x^5` is not lowered by 1"),
    "exponent lost": ("x^5 + y", "x", "x^5", "the exponent 5 of `x^5` is neither a factor nor lowered by 1"),
    "exponent raised": ("x^-2", "x", "-2*x^-1", "the exponent -2 of `x^-2` is raised by 1, not lowered"),
    "exponent lowered": ("x^3 + 3*x", "x", "3*x + 3", "the exponent 3 of `x^3` is lowered by 2, not by 1"),
    "integrated": ("y*x^5", "x", "y*x^6/6", "`x^5` is integrated, not differentiated"),
    "other rule": ("2^x", "x", "x*2^(x - 1)", "in `2^x` the exponent varies: ∂f/∂x = "),
    "swapped": ("q = x + y; q*z", "x", "q", "the inputs of `q*z` are swapped: ∂f/∂q = z"),
    "factor": ("exp(sin(x^2))", "x", "exp(sin(x^2))*2*x", "the factor ∂(sin(x^2))/∂(x^2) = cos(x^2) is missing"),
    "inner": ("q = x*sin(x); exp(q) + q", "x", "exp(q) + sin(x) + x*cos(x)", "the factor ∂q/∂x is missing"),
    "all inner": ("q = x*sin(x); q*exp(q)", "x", "exp(q) + q*exp(q)", "the factor ∂q/∂x is missing"),
    "inside": ("sin(x^3)", "x", "cos(3*x^2)", "is taken at ∂(x^3)/∂x, which is a factor"),
    "inside too": ("sin(x^3)", "x", "cos(3*x^2)*3*x^2", "is taken at ∂(x^3)/∂x, not at x^3"),
    "argument": (
        "q = x*y; sigmoid(q)",
        "x",
        "q*(1 - q)*y",
        "`sigmoid(q)` q stands in the place of the value: ∂f/∂q = ",
    ),
    "at value": ("sin(x*y)", "x", "cos(sin(x*y))*y", "the derivative of `sin(x*y)` is taken at its value, not at x*y"),
    "variable": ("x^2*sin(y)", "x", "x^2*cos(y)", "this is ∂f/∂y"),
    "path": ("x + sin(x)*y + exp(x)", "x", "1 + cos(x)*y", "the path x → exp(x) → f is left out"),
    "only path": ("x^2 + sin(x)*y + exp(x)", "x", "exp(x)", "of 3 paths only x → exp(x) → f is counted"),
    "left out": ("q = x*exp(x); sin(q) + q^2 + x", "x", "(1 + x)*exp(x)*cos(q) + 1", "∂(q^2)/∂q = 2*q is left out"),
    "sign of part": ("sin(x) + cos(x) + x", "x", "cos(x) + sin(x) + 1", "the sign of ∂(cos(x))/∂x = -sin(x) is wrong"),
    "alone": ("q = x*sin(x); exp(q)*q", "x", "sin(x) + x*cos(x)", "this is ∂q/∂x alone: the factor ∂f/∂q is missing"),
    "stopped": ("x*sin(x^2)", "x", "x*cos(x^2)", "this is ∂f/∂(x^2) alone: the factor ∂(x^2)/∂x is missing"),
    "whole function": ("x^2*y + y*exp(x)", "x", "x^2*y + y*exp(x)", "this is `f` itself"),
    "reciprocal": ("x^2 + sin(x)", "x", "1/(2*x + cos(x))", "this is 1 divided by the derivative"),
    "kept": ("x^3 + 3*x*y", "x", "3*x^2 + 3*x*y", "`3*x*y` is not differentiated"),
    "too few": ("sin(y)/x", "x", "-1/x^2", "the factor sin(y) is missing"),
    "too many": ("exp(2*x)*y", "y", "exp(2*x)*x", "the factor x is one too many"),
    "multiple": ("x^2 + sin(x)", "x", "6*x + 3*cos(x)", "this is 3 times the derivative"),
    "multiple of part": ("x^2 + sin(x)", "x", "2*x + 3*cos(x)", "through ∂(sin(x))/∂x = cos(x) is there 3 times"),
    "parentheses": (
        "sqrt(x)",
        "x",
        "1/2*x^-1/2",
        "the exponent -1/2 stands in parentheses: a^-1/2 is (a^-1)/2",
    ),
    "far multiple": ("x^2 + sin(x)", "x", "7*x + 3.5*cos(x)", "this is 3.5 times the derivative"),
    "far multiple of part": ("x^2 + sin(x)", "x", "2*x + 3.7*cos(x)", "∂(sin(x))/∂x = cos(x) is there 3.7 times"),
    "offset": ("x^2 + sin(x)", "x", "2*x + cos(x) + 7", "this is the derivative plus 7"),
    "domain": ("x^2", "x", "2*exp(log(x - 1.5)) + 3", "at x = 1 this is not defined, and the derivative is 2"),
    "signs": ("sqrt(2*x*y)", "x", "sqrt(y/(2*x))", "this is right where x > 0, y > 0, but at x = -"),
    "elsewhere": ("x^2*y", "x", "2*y + sin(x - 1)", "this is right at the point, but at x = "),
    "kink": ("relu(x - 1)", "x", "1", "the point is a kink, where the derivative is 0 by convention, not 1"),
    "differs": ("x^2*y", "x", "exp(x)", "the derivative is 4, not 2.718281828459045"),
    "differs there": ("log(x - 2)", "x", "x", "the derivative is "),
}


def test_every_kind_has_an_example() -> None:
    assert EXAMPLES.keys() | {"unreadable"} == KINDS.keys()


def test_a_claim_of_a_file_that_cannot_be_read_is_wrong_and_the_others_are_marked() -> None:
    report = expression("x^2*y").evaluate(x=3, y=2)
    texts = {"x": "2x*y", "y": "x^2"}
    marking = mark(report, [Claim(by, text, "a.txt line 1: ") for by, text in texts.items()])
    first, second = marking.marks
    assert (first.verdict, first.points, first.claimed, first.true) == ("wrong", 0, None, 12)
    assert first.mistakes[0].message.startswith("this cannot be read: a product needs its sign")
    assert (second.verdict, marking.points) == ("right", 1)
    with pytest.raises(CgraphError, match="the claim for `x` cannot be read: a product needs"):
        mark(report, [Claim(by, text) for by, text in texts.items()])
    with pytest.raises(CgraphError, match=r"a\.txt line 1: the expression has no variable or named part `z`"):
        mark(report, [Claim("z", "1", "a.txt line 1: ")])


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_mistake_is_named(kind: str) -> None:
    text, by, claim, sentence = EXAMPLES[kind]
    found = marked(text, by, claim, x=1, y=2, z=3)
    assert found.verdict == "wrong"
    assert found.mistakes[0].kind == kind
    assert sentence in found.mistakes[0].message
    assert found.points == KINDS[kind].credit < 1


def test_two_mistakes_are_named_where_one_is_the_sign() -> None:
    found = marked("sin(x^2)*y", "x", "-cos(x^2)*y", x=1, y=2)
    assert found.mistakes[0].message == "the factor ∂(x^2)/∂x = 2*x is missing, and the sign is wrong"
    assert found.mistakes[0].code == "factor"
    assert found.points == 0.25


def right_forms(seed: int, *, by_cgraph: bool) -> list[tuple[Any, str]]:
    """The derivative of an exercise as the rules of a textbook give it, rewritten, and as ``cgraph diff`` has it."""
    one = exercise(seed)
    draw = random.Random(seed)
    forms = [one.right, rewritten(draw, parse_expression(one.right))]
    if by_cgraph:
        known = expression(one.text)
        forms += [str(known.differentiate(one.wrt, simplify=simplify)) for simplify in (True, False)]
    return [(one, form) for form in forms]


def assert_right(seeds: range) -> int:
    """Every form of every derivative is right, or undecided where both numbers are beyond doubles at every point."""
    count = 0
    for seed in seeds:
        for one, form in right_forms(seed, by_cgraph=seed % 4 == 0):
            found = marked(one.text, one.wrt, form, seed, **one.point)
            beyond = not found.tested and not 1e-290 < abs(found.true or 0) < inf
            assert found.verdict == "right" or (found.verdict == "undecided" and beyond), (seed, form)
            count += 1
    return count


def test_a_right_claim_is_right_in_every_form() -> None:
    assert assert_right(range(320)) == 800


@pytest.mark.slow
def test_none_of_ten_thousand_right_claims_is_called_wrong() -> None:
    assert assert_right(range(1000, 5000)) == 10_000


def test_a_thousand_mistakes_are_named() -> None:
    """Of each kind 95 % are named as they were made, or as another slip that makes the same formula.

    A claim is accepted under the codes of all slips that give the same numbers: of f = x*y both swapped inputs and the
    derivative by y are x. None is called right.
    """
    made, named, as_made = Counter[str](), Counter[str](), 0
    seed = 20_000
    while made.total() < 1000:
        for code, text, accepted, one in ((case.code, case.text, case.accepted, case.exercise) for case in cases(seed)):
            if made[code] < 85:
                found = marked(one.text, one.wrt, text, seed, **one.point)
                assert found.verdict != "right", (seed, text)
                answer = found.mistakes[0].code if found.mistakes else ""
                made[code] += 1
                named[code] += answer in accepted
                as_made += answer == code
        seed += 1
    assert len(made) == 13
    assert {code: named[code] / count for code, count in made.items() if named[code] < 0.95 * count} == {}
    assert as_made > 0.85 * made.total()


def test_a_mistake_inside_a_module_is_named() -> None:
    """The same expressions as a module's: its call alone would explain most slips by a factor."""
    named, as_made = Counter[bool](), Counter[bool]()
    for seed in range(20_000, 20_060):
        for case in cases(seed):
            one = case.exercise
            if ";" not in one.text:
                head = f"m({', '.join(parse(one.text).names())})"
                found = marked(f"{head} = {one.text}; {head}", one.wrt, case.text, seed, **one.point)
                assert found.verdict != "right", (seed, case.text)
                answer = found.mistakes[0].code if found.mistakes else ""
                named[answer in case.accepted] += 1
                as_made[answer == case.code] += 1
    assert named[True] > 0.97 * named.total() > 200
    assert as_made[True] > 0.8 * as_made.total()


@pytest.mark.parametrize(
    ("text", "claim", "sentence"),
    [
        ("f(a) = a^3; y*f(2*x)", "2*y*(2*x)^2", "the exponent 3 of `(2*x)^3` is missing as a factor"),
        ("f(a) = a^3; y*f(2*x) + f(x*y)", "2*y*(2*x)^2 + (x*y)^2*y", "the exponent 3 of `(x*y)^3` is missing"),
        ("f(a) = a^3; y*f(2*x) + f(x*y)", "6*y*(2*x)^2 + (x*y)^2*y", "the exponent 3 of `(x*y)^3` is missing"),
        ("g(a) = a^2*exp(a); h(b) = g(b)^2; h(x*y)", "2*g(x*y)*2*x*y*exp(x*y)*y", "for `(x*y)^2*exp(x*y)` is missing"),
        ("m(p) = sin(p)^2; m(2*x) + m(y*x)", "4*sin(2*x) + 2*y*sin(y*x)", "= cos(y*x) is missing"),
        ("f(a) = a^3; f(2*x)", "3*(2*x)^2", "the factor ∂(2*x)/∂x = 2 is missing"),
        ("f(a) = 1/a; f(x^2)", "1/(2*x)", "the quotient `1/x^2` is not the quotient of the derivatives"),
        ("f(a) = exp(a); y*f(3*x)", "9*y*x*exp(3*x - 1)", "in `exp(3*x)` the exponent varies"),
    ],
)
def test_a_slip_in_a_module_is_made_at_all_calls_or_at_one(text: str, claim: str, sentence: str) -> None:
    assert sentence in marked(text, "x", claim, x=1.5, y=2.25).mistakes[0].message


def test_a_mistake_in_a_number_is_named() -> None:
    """Six digits at one point say which slip was made, but for a constant that was added or a factor that is not usual.

    What differs from the derivative in these digits is never right.
    """
    named = total = 0
    for seed in range(30_000, 30_040):
        for case in cases(seed):
            one = case.exercise
            claimed = number(case.text, one, one.point)
            if case.code in ("offset", "multiple") or not isfinite(claimed):
                continue
            found = marked(one.text, one.wrt, f"{claimed:.6g}", seed, **one.point)
            assert found.verdict != "right" or found.true == pytest.approx(claimed, rel=1e-5), (seed, case.text)
            total += 1
            named += bool(found.mistakes) and found.mistakes[0].code in case.accepted
    assert total > 200
    assert named > 0.95 * total


@pytest.mark.parametrize("digits", [1, 2, 3, 6, 12])
def test_a_number_is_right_if_the_derivative_rounds_to_it(digits: int) -> None:
    for seed in range(60):
        one = exercise(seed)
        true = expression(one.text).evaluate(one.point).gradients[one.wrt]
        if not isfinite(true):
            continue
        text = f"{true:.{digits - 1}e}"
        found = marked(one.text, one.wrt, text, **one.point)
        assert found.verdict == "right", (seed, text)
        assert found.digits in (None, digits)
        if true and digits < 9:
            mantissa, _, exponent = text.partition("e")
            beside = Decimal(mantissa) + 2 * Decimal(10) ** (1 - digits)
            assert marked(one.text, one.wrt, f"{beside}e{exponent}", **one.point).verdict == "wrong", (seed, text)


def test_the_digits_of_a_number() -> None:
    assert precision("-0.33") == (0.005, 2)
    assert precision("-40") == (0.5, 2)
    assert precision("4.") == (0.5, 1)
    assert precision("+1_200.0") == (pytest.approx(0.05), 5)
    assert precision("−1.5e3") == (50, 2)
    assert precision("0.00") == (0.005, 1)
    assert precision("4e2") == (50, 1)
    assert precision("0e5") == precision("0.e5") == (None, None)
    assert precision("1e999") == (inf, 1)
    assert (
        precision("0") == precision("-4") == precision("pi/2") == precision("inf") == precision("1/3") == (None, None)
    )


def test_a_whole_number_of_one_digit_is_no_rounded_one() -> None:
    assert marked("x*4.3", "x", "4", x=1).verdict == "wrong"
    assert marked("x*43.2", "x", "43", x=1).verdict == "right"
    assert marked("x*0.3", "x", "0", x=1).verdict == "wrong"
    assert marked("x*0.3", "x", "0.0", x=1).verdict == "wrong"
    assert marked("x*0.003", "x", "0.00", x=1).verdict == "right"
    assert marked("x^2", "x", "0", x=0).verdict == "right"


def test_a_constant_expression_is_a_number() -> None:
    assert marked("x^2*pi/4", "x", "pi/2", x=1).verdict == "right"
    assert marked("x^2*pi/4", "x", "pi/2", x=1.0001).verdict == "wrong"


def test_named_parts_and_seconds_can_be_claimed() -> None:
    found = marking("q = x + y; f = q*z", {"q": "z", "x,z": "1", "x,x": "0", "z": "q", "f": "1"}, x=-2, y=5, z=-4)
    assert found.passed
    assert [mark.name for mark in found.marks] == ["∂f/∂q", "∂²f/∂x∂z", "∂²f/∂x²", "∂f/∂z", "∂f/∂f"]
    assert found.points == 5
    assert marked("q = x*x; sin(q)", "q", "2*x*cos(q)", x=1).verdict == "wrong"
    assert marked("x^2*y^3", "x,y", "6*x*y^2", x=1, y=2).verdict == "right"
    wrong = marked("x^2*y^3", "y,x", "2*x*y^2", x=1, y=2)
    assert wrong.mistakes[0].message == "the factor ∂(3*x^2)/∂(x^2) = 3 is missing"
    assert (
        marked("x^2*y^3", "x,y", "2*x*y^3", x=1, y=2).mistakes[0].message
        == "this is `∂f/∂x` itself, not its derivative"
    )


def test_the_formula_that_is_shown_is_right_and_speaks_of_named_parts() -> None:
    for seed in range(150):
        one = exercise(seed)
        formula = marked(one.text, one.wrt, "1.25", seed, **one.point).formula
        if formula is not None:
            assert marked(one.text, one.wrt, print_expression(formula), seed, **one.point).verdict != "wrong", seed
    found = marked("q = x + y; r = q^2; sin(r)*z*q", "x", "1.25", x=0.3, y=0.4, z=5).formula
    assert found is not None
    assert print_expression(found) == "z*(sin(r) + 2*q^2*cos(r))"


def test_the_library_marks_formulas_and_numbers() -> None:
    found = expression("q = x*y; sin(q)").mark({"x": "y*cos(q)", "q": 0.54, "y": 1}, x=1, y=1)
    assert [one.verdict for one in found.marks] == ["right", "right", "wrong"]
    assert found.marks[1].digits == 2
    assert "2.5 of 3 points" in repr(found)
    assert found._repr_html_()


def test_a_part_without_a_name_has_the_one_of_the_table() -> None:
    assert marked("(x+y)*z", "v1", "z", x=1, y=2, z=3).verdict == "right"


def test_a_claim_may_speak_of_parts_modules_and_the_output() -> None:
    text = "s(a) = 1/(1+exp(-a)); h = w*x; f = s(h)"
    assert marked(text, "w", "f*(1 - f)*x", w=1, x=2).verdict == "right"
    assert marked(text, "x", "s(h)*s(-h)*w", w=1, x=2).verdict == "right"
    assert marked("e*x", "e", "x", e=2, x=3).verdict == "right"
    assert marked("c = 3; c*x^2", "x", "2*c*x", x=1).verdict == "right"
    assert marked("c = cosh(2); c*x^2", "c", "2*x", x=1).mistakes[0].message


def test_the_same_seed_gives_the_same_points() -> None:
    first, again, other = (marked("log(x - 2)", "x", "x", seed, x=3) for seed in (1, 1, 2))
    assert first.mistakes[0].message == again.mistakes[0].message
    point = marked("x^2", "x", "2*sqrt(x - 0.9)^2 + 1.8", 1, x=1).mistakes[0].fields["point"]
    assert point != marked("x^2", "x", "2*sqrt(x - 0.9)^2 + 1.8", 2, x=1).mistakes[0].fields["point"]
    assert other.verdict == "wrong"


def test_a_name_may_keep_its_value() -> None:
    text = "p = exp(a)/(exp(a) + exp(b)); q = exp(b)/(exp(a) + exp(b)); -s*log(p) - t*log(q)"
    point = {"a": 1.0, "b": 2.0, "s": 0.0, "t": 1.0}
    (loose,) = expression(text).mark({"a": "p - s"}, point).marks
    (held,) = expression(text).mark({"a": "p - s"}, point, ranges={"s": (0.0, 0.0), "t": (1.0, 1.0)}).marks
    assert (loose.verdict, held.verdict) == ("wrong", "right")
    assert held.tested == loose.tested > 0


def test_what_is_right_in_a_range_only_is_so_there() -> None:
    root = expression("sqrt(x^2)*y")
    for low, high, verdict in ((0.0, 10.0, "right"), (-10.0, 10.0, "wrong"), (1.9, 2.1, "right")):
        marks = root.mark({"x": "y", "y": "x"}, x=2, y=3, ranges={"x": (low, high)}).marks
        assert [one.verdict for one in marks] == [verdict, verdict]
        assert marks[0].tested > 0
    for ranges, message in (
        ({"x": (3.0, 4.0)}, "the value of `x`, 2, is outside its range, 3:4"),
        ({"x": (3.0, 1.0)}, "the range of `x` is empty: 3:1"),
        ({"x": (0.0, inf)}, "the range of `x` is not finite: 0:inf"),
        ({"q": (0.0, 1.0)}, "the expression has no variable `q` for a range"),
    ):
        with pytest.raises(CgraphError, match=message):
            root.mark({"x": "y"}, x=2, y=3, ranges=ranges)


def test_cancellation_decides_nothing() -> None:
    """Doubles have no right digit of (1 - cos(x))/x^2 here; two forms of its derivative are one nevertheless."""
    text = "(1 - cos(x))/x^2"
    assert marked(text, "x", "-8.333333e-7", x=1e-5).verdict == "right"
    assert marked(text, "x", "-0.0082757", x=1e-5).verdict == "wrong"
    for claim in ("sin(x)/x^2 - 2*(1 - cos(x))/x^3", "(x*sin(x) - 4*sin(x/2)^2)/x^3"):
        assert marked(text, "x", claim, x=1e-5).verdict == "right"
    assert marked(text, "x", "sin(x)/x^2 + 2*(1 - cos(x))/x^3", x=1e-5).verdict == "wrong"


@pytest.mark.parametrize(("wrt", "orders"), [("q,w", (1, 1)), ("w,q", (1, 1)), ("q,q", (2, 0)), ("w,w", (0, 2))])
def test_a_second_derivative_by_a_named_part_holds_it_apart(wrt: str, orders: tuple[int, int]) -> None:
    """High precision says what it is: the part is a number like any other, and what it is made of stays out."""
    true = float(mpmath.diff(lambda q, w: q**2 * 3 * mpmath.sin(w * q) + w * q, (3, 0.5), orders))
    (mark,) = expression("q = x + y; q^2*z*sin(w*q) + w*q").mark({wrt: f"{true:.12g}"}, x=1, y=2, z=3, w=0.5).marks
    assert (mark.verdict, mark.true) == ("right", pytest.approx(true, rel=1e-12))


@pytest.mark.parametrize(
    ("text", "claim", "verdict"),
    [
        ("x^100", "100*x^99*(1 + 1e-10)", "wrong"),
        ("x^100", "100*x^99*(1 + 1e-14)", "wrong"),
        ("x^100", "100*x^100/x", "right"),
        ("x^100", "99.99999999999999*x^99", "right"),
        ("x^2/6", "0.333333333333*x", "right"),
        ("x^2/3", "0.666666666666*x", "right"),  # cut off, not rounded
        ("x^2/6", "0.333333333334*x", "right"),
        ("x^2/6", "0.333333333335*x", "wrong"),
        ("x^2/6", "0.33333333*x", "wrong"),
        ("0.1*x^3", "0.3*x^2", "right"),  # which doubles say is 0.30000000000000004
        ("0.1*x^3", "0.3*x^2*(1 + 1e-14)", "wrong"),
        ("exp(x)", "2.718281828459045^x", "right"),
        ("exp(x)", "2.718281828^x", "right"),
        ("(x - 0.1)^2 - x^2", "-0.2", "right"),
    ],
)
def test_a_formula_is_right_to_the_digits_that_rounding_leaves(text: str, claim: str, verdict: str) -> None:
    assert marked(text, "x", claim, x=1.1).verdict == verdict


def test_what_no_double_holds_is_not_decided() -> None:
    found = marked("x*exp(-exp(8))", "x", "-exp(-exp(8))*x/x", x=1)
    assert found.verdict == "undecided"
    assert found.points == 0
    assert marked("x*asech(z)", "x", "0", x=1, z=-1).verdict == "undecided"
    assert marked("5e-324/x", "x", "-5e-324/x^2", x=0.5).verdict == "undecided"
    assert marked("cosh(exp(x + 9))", "x", "2*sinh(exp(x + 9))*exp(x + 9)", x=1).verdict == "undecided"


def test_at_a_kink_the_formula_counts_elsewhere() -> None:
    assert marked("abs(x)", "x", "x/abs(x)", x=0).verdict == "right"
    assert marked("abs(x)", "x", "sign(x)", x=0).verdict == "right"
    assert marked("abs(x)", "x", "x", x=0).verdict == "wrong"
    nowhere_else = "where(x == 0, 1, log(-1))"
    assert marked(f"abs(x)*{nowhere_else}", "x", f"sign(x)*{nowhere_else}", x=0).verdict == "right"
    assert marked("abs(x)", "x", "0", x=0).verdict == "right"
    assert marked("x*abs(x)", "x", "2*x", x=1).verdict == "wrong"  # at the point it is right, on the left not


def test_a_claim_may_be_undefined_where_nobody_asks() -> None:
    found = marked("x^2", "x", "2*exp(log(x))", x=1)
    assert found.verdict == "right"
    assert "this is not defined" in found.mistakes[0].message
    assert found.points == 1
    assert marked("x^2", "x", "2*exp(log(x))", x=-1).verdict == "wrong"


@pytest.mark.parametrize(
    ("claims", "message", "span"),
    [
        ({"k": "1"}, "the expression has no variable or named part `k`", None),
        ({"x,p": "1"}, "the expression has no variable or named part `p`", None),
        ({"x,q": "1"}, "∂²q/∂x∂q is not defined: `q` depends on `x`", None),
        ({"x": "2*(x"}, "the claim for `x` cannot be read: ", (2, 3)),
        ({"x": "2x"}, "the claim for `x` cannot be read: a product needs its sign", (0, 2)),
        (
            {"x": "3*k"},
            "the claim for `x` cannot be read: neither the expression nor a part of it is called `k`",
            (2, 3),
        ),
        ({"x": "sine(x)"}, "the claim for `x` cannot be read: there is no function `sine`", (0, 4)),
        ({"x": "sin(x, y)"}, "the claim for `x` cannot be read: ", (0, 9)),
        ({"x": " "}, "the claim for `x` is empty", None),
        ({"df/dk": "x"}, "the expression has no variable or named part `df/dk`", None),
    ],
)
def test_a_claim_that_cannot_be_read(claims: dict[str, str], message: str, span: tuple[int, int] | None) -> None:
    with pytest.raises(CgraphError) as caught:
        marking("q = x*y; q", claims, x=1, y=2)
    assert caught.value.message.startswith(message)
    if span is not None:
        assert caught.value.source == claims["x"]
        assert caught.value.span is not None
        assert (caught.value.span.start, caught.value.span.end) == span


def test_nothing_is_claimed_twice() -> None:
    with pytest.raises(CgraphError, match="∂f/∂x is claimed twice"):
        marking("x*y", {"x": "y", "df/dx": "2"}, x=1, y=2)


def test_a_derivative_may_be_called_as_it_is_written() -> None:
    claims = {"∂f/∂x": "3*x^2*y", "d/dy": "x^3", "∂²f/∂x∂y": "3*x^2", "d^2f/dx^2": "6*x*y", " x , y , x ": "6*x"}
    found = marking("x^3*y", claims, x=1, y=2)
    assert [one.wrt for one in found.marks] == [("x",), ("y",), ("x", "y"), ("x", "x"), ("x", "y", "x")]
    assert found.passed


def integrands(corpora: list[dict[str, Any]], step: int) -> None:
    """The integrand of a table of integrals is a claim about the derivative of the antiderivative."""
    lines = [line for line in corpora if "integrand" in line][::step]
    assert len(lines) >= 1400 // step
    known = [line for line in lines if parse(line["integrand"]).names().keys() <= {*line["vars"], "pi", "e"}]
    for line in known:
        names = parse(line["expr"]).names()
        if not parse(line["integrand"]).names().keys() <= {*names, "pi", "e"}:
            continue
        point = {name: value for name, value in line["vars"].items() if name in names}
        found = marked(line["expr"], line["wrt"], line["integrand"], **point)
        assert found.verdict == "right", line["id"]


def test_integrands_are_right(corpora: list[dict[str, Any]]) -> None:
    integrands(corpora, 15)


@pytest.mark.slow
def test_all_integrands_are_right(corpora: list[dict[str, Any]]) -> None:
    integrands(corpora, 1)


def test_a_function_that_sends_nothing_where_a_slip_would_have_it_makes_none() -> None:
    found = marked("max(relu(x^(x + 0)), y)", "x", "-2.731", x=0.1, y=1e308)  # relu at the tangent of x^x, below 0
    assert found.verdict == "wrong"


def test_doubles_decide_where_powers_have_negative_bases(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exponent 2 - 1 of a derivative is exact: nothing is known of the logarithm of its base, nor asked for."""
    monkeypatch.setattr(Sheet, "_exact", lambda *_: pytest.fail("high precision was asked"))
    assert marked("x^3*y^2 - x^5", "x", "3*x^2*y^2 - 5*x^4", x=-2.5, y=-1.5).verdict == "right"
    assert marked("x^3*y^2 - x^5", "x", "3*x^2*y^2 - 5*x^5", x=-2.5, y=-1.5).verdict == "wrong"
