"""LaTeX says what the expression says: it is read back by a reader that knows nothing of the printer."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from latex_reader import Reader

from cgraph_cli import evaluate
from cgraph_cli.rules import CALLABLE, RULES
from cgraph_cli.syntax.expression import Binary, Call, Name, Number, Syntax, Unary
from cgraph_cli.syntax.latex import LATEX, LatexNotation, flat, pretty, verbatim
from cgraph_cli.syntax.lines import ROOM, broken, equation, size
from cgraph_cli.syntax.parser import parse, parse_expression
from cgraph_cli.syntax.printer import print_expression, print_program

VALUES = {"x": 0.7, "y": -1.3, "alpha": 1.9, "x_1": 0.4, "x1": 2.3, "rate": 0.2, "_z": 1.1}


def latex(text: str) -> str:
    program = parse(text)
    return print_program(program, LatexNotation.of(program))


def grown(children: st.SearchStrategy[Syntax]) -> st.SearchStrategy[Syntax]:
    one = ("sin", "exp", "expm1", "log1p", "abs", "sqrt", "cbrt", "exp2", "floor", "tanh", "asinh", "lgamma", "relu")
    relations = st.builds(Binary, st.sampled_from(["<", "<=", ">", ">=", "!="]), children, children)
    return st.one_of(
        children.map(lambda part: Unary("-", part)),
        st.builds(Binary, st.sampled_from("+-*/^"), children, children),
        st.builds(lambda name, part: Call(name, [part]), st.sampled_from(one), children),
        st.builds(lambda *parts: Call("max", list(parts)), children, children),
        st.builds(lambda *parts: Call("where", list(parts)), st.one_of(relations, children), children, children),
        relations,
    )


LEAVES = st.one_of(
    st.sampled_from([0.5, 2.0, 3.0, 1e-5, 1.0, 2.5e-7, -2.0, -1e-3, 1e20]).map(Number),
    st.sampled_from(list(VALUES)).map(Name),
)


@settings(max_examples=400, deadline=None)
@example(Unary("-", Call("expm1", [Binary("*", Number(2.5e-7), Number(2.5e-7))])))
@given(st.recursive(LEAVES, grown, max_leaves=12))
def test_what_is_read_back_has_the_same_value(tree: Syntax) -> None:
    notation = LatexNotation(VALUES)
    expected = evaluate(print_expression(tree), {name: VALUES[name] for name in names_in(tree)}).value
    found = Reader(print_expression(tree, notation), {notation.name(name): VALUES[name] for name in VALUES}).whole()
    assert is_meant(found, tree, expected)


def is_meant(found: float, tree: Syntax, expected: float) -> bool:
    """Whether a number that was read from LaTeX is the expression's, up to what its spelling loses."""
    # a*(b/c) is printed as a \cdot \frac{b}{c}, -(a*b) as -a \cdot b: the same numbers in another order of rounding;
    # expm1(x) is printed as e^x - 1 and log1p(x) as ln(1 + x), which lose what they keep
    wanted = [pytest.approx(one, rel=1e-6, abs=1e-300, nan_ok=True) for one in (expected, by_definition(tree))]
    return found in wanted or ill_conditioned(tree, expected)


def by_definition(tree: Syntax) -> float:
    text = re.sub(r"\b(expm1|log1p)\(", r"own_\1(", print_expression(tree))
    modules = "own_expm1(x) = exp(x) - 1; own_log1p(x) = log(1 + x); "
    return evaluate(modules + text, {name: VALUES[name] for name in names_in(tree)}).value


def names_in(tree: Syntax) -> set[str]:
    from cgraph_cli.syntax.expression import walk

    return {part.name for part in walk(tree) if isinstance(part, Name)}


def ill_conditioned(tree: Syntax, value: float) -> bool:
    """Whether a last digit of the variables changes the value by more than the tolerance."""
    nudged = {name: math.nextafter(VALUES[name], math.inf) for name in names_in(tree)}
    other = evaluate(print_expression(tree), nudged).value
    return not math.isclose(value, other, rel_tol=1e-9)


@pytest.mark.parametrize("name", sorted(CALLABLE - {"where"}))
def test_every_function_can_be_read(name: str) -> None:
    rule = RULES[name]
    count = max(rule.min_args, 2 if rule.many else len(rule.args))
    points = {"polygamma": [1.0, 1.7], "acosh": [1.7], "asec": [1.7], "acsc": [1.7], "acoth": [1.7]}
    values = points.get(name, [0.3, 0.6, 0.9][:count])
    letters = "uvw"[:count]
    call = f"{name}({', '.join(letters)})"
    at = dict(zip(letters, values, strict=True))
    for text in (call, f"({call})^2", f"2^{call}", f"-{call}*u", f"u/{call}", f"u - {call}", f"({call})^u"):
        point = at if name != "polygamma" else {**at}
        expected = evaluate(text, point).value
        assert Reader(latex(text), point).whole() == pytest.approx(expected, rel=1e-12, nan_ok=True), latex(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a/(b+c)*d", r"\frac{a}{b + c} d"),
        ("sin(x)^2", r"\sin^{2}(x)"),
        ("sin(x)^-1", r"(\sin(x))^{-1}"),
        ("x_1*omega_0 + x_max", r"x_{1} \omega_{0} + x_{\mathrm{max}}"),
        ("alpha + learning_rate", r"\alpha + \mathit{learning}_{\mathrm{rate}}"),
        ("x - (-y)", r"x - (-y)"),
        ("exp(-x^2/2)", r"e^{-\frac{x^{2}}{2}}"),
        ("e2 = 1; exp(e)", r"e_{2} = 1; \exp(e)"),
        ("where(x > 0, x, 0)", r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}"),
        ("(x/y)^2", r"\left(\frac{x}{y}\right)^{2}"),
        ("abs(x)^2", r"\left|x\right|^{2}"),
        ("2.5e-7*x", r"2.5 \cdot 10^{-7} x"),
        ("sigma(a) = a^2; sigma(x)", r"\sigma(a) = a^{2}; \sigma(x)"),
        ("sin(a) = a; sin(x)", r"\operatorname{sin}(a) = a; \operatorname{sin}(x)"),
        ("Gamma*gamma(x)", r"\Gamma \operatorname{gamma}(x)"),
        ("3*x^2*y", r"3x^{2} y"),
        ("x*x*(x + 1)*(x + 1)", r"x \cdot x \cdot (x + 1) (x + 1)"),
        ("2*3*x*4", r"2 \cdot 3x \cdot 4"),
        ("x*(y + 1)", r"x \cdot (y + 1)"),  # beside each other they would be a call
        ("2*(a + b)*(a - b)", r"2 (a + b) (a - b)"),
        ("2*(1/3)", r"2 \cdot \frac{1}{3}"),
        ("2*rate*x", r"2 \, \mathit{rate} \, x"),
        ("ħ*Δx + αβ_max", r"\hbar \, \mathit{\Delta x} + \mathit{\alpha \beta}_{\mathrm{max}}"),
        ("-a*b/c", r"-\frac{a b}{c}"),
        ("-a/b/c*d/2", r"-\frac{\frac{\frac{a}{b}}{c} d}{2}"),
        ("-2/x - (-a/b)", r"-\frac{2}{x} - \left(-\frac{a}{b}\right)"),
        ("(a - b)/c*exp(-a/b)", r"\frac{a - b}{c} e^{-\frac{a}{b}}"),
        ("x̂*ŷ_1*α̃", r"\hat{x} \hat{y}_{1} \tilde{\alpha}"),
        ("x₁*β₂ + wₘₐₓ", r"x_{1} \beta_{2} + w_{\mathrm{max}}"),
        ("rate₂(a) = a; rate₂(예측₀₁)", r"\operatorname{rate}_{2}(a) = a; \operatorname{rate}_{2}(\text{예측}_{01})"),
        ("_x + a__b", r"\mathtt{\_x} + \mathtt{a\_\_b}"),
    ],
)
def test_written(text: str, written: str) -> None:
    assert latex(text) == written


@given(st.lists(st.from_regex(r"[a-cα_][a-c1α_₁]{0,4}", fullmatch=True), unique=True, max_size=12))
def test_two_names_never_look_alike(names: list[str]) -> None:
    notation = LatexNotation(names)
    assert len({notation.name(name) for name in names}) == len(names)


def test_names_that_look_alike_are_set_as_typed() -> None:
    assert [LatexNotation(["x1", "x_1"]).name(name) for name in ("x1", "x_1")] == ["x_{1}", r"\mathtt{x\_1}"]
    assert LatexNotation(["v_1"]).name("v1") == r"\mathtt{v1}"  # a node's label beside a user's name
    assert LatexNotation(["x1"]).name("x₁") == r"\mathtt{x}_{1}"
    assert pretty("alpha") == pretty("α") != verbatim("α")


def joined(lines: list[str]) -> str:
    return " ".join(lines).replace(r"\bigl", r"\left").replace(r"\bigr", r"\right")


@settings(max_examples=150, deadline=None)
@example(parse_expression("2.5e-07/0.5"), 8)
@example(parse_expression("0.5 + 1e-05*rate"), 8)
@example(parse_expression("-(-(-floor(0.5)))"), 8)
@example(parse_expression("-(-floor(0.5))*ceil(0.5)"), 8)
@example(parse_expression("-expm1(-(-(2.5e-07*2.5e-07)))"), 8)
@given(st.recursive(LEAVES, grown, max_leaves=30), st.sampled_from([8, 15, 30]))
def test_a_formula_in_lines_has_the_same_value(tree: Syntax, room: int) -> None:
    notation = LatexNotation(VALUES)
    lines = broken(print_expression(tree, notation), room)
    names = {notation.name(name): VALUES[name] for name in VALUES}
    expected = evaluate(print_expression(tree), {name: VALUES[name] for name in names_in(tree)}).value
    found = Reader(joined(lines), names, heights=False).whole()
    assert is_meant(found, tree, expected)
    for line in lines:
        assert line.count(r"\left") == line.count(r"\right")
        assert flat(line) == line
        assert line.count("{") == line.count("}")


def test_no_line_of_a_sum_is_longer_than_the_room() -> None:
    terms = " + ".join(f"a_{n}*x^{n}*sin(x/{n})" for n in range(1, 40))
    for text in (
        terms,
        f"({terms})*y",
        f"({terms})/y",
        f"f*({terms} - 2)^2",
        f"abs({terms})*floor({terms})",
        terms.replace("+", "*"),
    ):
        lines = broken(latex(text))
        assert len(lines) > 5
        assert max(map(size, lines)) <= ROOM + 3
    assert equation("f", [("=", "x + y"), ("=", "3")]) == "  f &= x + y = 3"
    assert broken("x + y", 1) == ["x", "+ y"]


def test_a_long_sum_takes_one_loop() -> None:
    text = "+".join(["-x*y"] * 50_000)
    assert print_expression(parse_expression(text), LATEX).count("x y") == 50_000
    for sign in "*/":
        text = "-x" + f"{sign}y" * 50_000
        assert print_expression(parse_expression(text), LATEX).count("-") == 1


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not on this machine")
def test_real_latex_accepts_it(tmp_path: Path) -> None:
    lines = [
        latex(f"({name}({', '.join('xyz'[: max(RULES[name].min_args, 1)])}))^2/alpha_1") for name in sorted(CALLABLE)
    ]
    body = "\n".join(f"\\[{line}\\]" for line in [*lines, latex("_x + a__b + ñ + 1e-9^x - (x < y)")])
    document = f"\\documentclass{{article}}\\usepackage{{amsmath}}\\begin{{document}}\n{body}\n\\end{{document}}\n"
    (tmp_path / "all.tex").write_text(document, encoding="utf-8")
    run = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"],
        cwd=tmp_path, capture_output=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout.decode(errors="replace")[-2000:]
