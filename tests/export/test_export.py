"""Exported code: compiled and run, it gives cgraph's numbers; what cannot be run here is a golden file."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import mpmath
import oracle
import pytest
from exporting import RUNNABLE, agree, engine, job_for, numbers, require, run
from hypothesis import example, given
from hypothesis import strategies as st
from mpmath import mp

from cgraph_cli.cli.main import main
from cgraph_cli.errors import UsageError
from cgraph_cli.export import LANGUAGES, export, functions, writer
from cgraph_cli.export.job import export_job
from cgraph_cli.export.portable import PORTABLE
from cgraph_cli.graph.build import Reading, build
from cgraph_cli.graph.graph import operation
from cgraph_cli.report.evaluate import evaluate_program
from cgraph_cli.rules import CALLABLE, RULES
from cgraph_cli.syntax.parser import parse

CASES = Path(__file__).parent.parent / "cases" / "export"

EXAMPLES = {
    "worked": ("(x+y)*z", {"x": -2.0, "y": 5.0, "z": -4.0}),
    "neuron": ("1/(1+exp(-(w*x+b)))", {"w": 0.5, "x": 2.0, "b": -0.25}),
    "named": (
        "q = x + y; r = sin(lambda*q)/q; f = where(r > 0, max(r, q)^2, relu(r))",
        {"x": 1.5, "y": 0.25, "lambda": 0.5},
    ),
    "special": ("gamma(x)*erf(y) + sigmoid(x)", {"x": 2.5, "y": 0.75}),
}


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_golden_files(example: str, language: str, update_cases: bool) -> None:
    expression, point = EXAMPLES[example]
    text = export(job_for(expression, point, test=language != "latex"), language)
    path = CASES / f"{example}_{language}{LANGUAGES[language]}.txt"
    if update_cases:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def _row_points() -> list[tuple[str, dict[str, float]]]:
    """Every function of the table at a few points of its domain."""
    found = []
    for name in sorted(CALLABLE):
        rule = RULES[name]
        some = list(oracle.samples(name))
        for args in some[:: max(1, len(some) // 12)]:
            variables = [f"x{number}" for number in range(len(args))]
            if name == "polygamma":
                found.append((f"polygamma({args[0]:g}, x1)", {"x1": args[1]}))
            else:
                assert rule.many or len(args) <= len(rule.args)
                found.append((f"{name}({', '.join(variables)})", dict(zip(variables, args, strict=True))))
    for operator in "+-*/^":
        found += [(f"x {operator} y", {"x": x, "y": y}) for x in (0.3, 2.5, 40.0) for y in (-1.25, 0.5, 3.0)]
    return found


@pytest.mark.parametrize("simplify", [True, False])
@pytest.mark.parametrize("language", RUNNABLE)
def test_every_function_to_a_few_ulp(language: str, simplify: bool, tmp_path: Path) -> None:
    require(language)
    points = _row_points()
    jobs = [job_for(expression, point, simplify=simplify) for expression, point in points]
    wrong = []
    for (expression, point), found in zip(
        points, numbers(language, jobs, [p for _, p in points], tmp_path), strict=True
    ):
        for one, expected in zip(found, engine(expression, point, simplify=simplify), strict=True):
            # lgamma and digamma are small beside the terms they are made of near their zeros
            loose = 5000 if "gamma" in expression else 24
            if not agree(one, expected, loose * 2.0**-53 * abs(expected) + 1e-307):
                wrong.append((expression, point, one, expected))
    assert not wrong, wrong[:20]


# Where IEEE 754 has an infinity or nan, and where Python would raise.
NOT_FINITE: list[tuple[str, dict[str, float]]] = [
    *((f"{name}(x)", {"x": x}) for name in sorted(CALLABLE) if RULES[name].args and RULES[name].min_args == 1
      for x in (0.0, -1.0, 1.0, -2.5, 800.0, -800.0, math.inf, -math.inf, math.nan)),
    *((f"{name}(x, y)", {"x": x, "y": y}) for name in ("atan2", "hypot", "min", "max", "norm", "logsumexp", "bce")
      for x in (0.0, math.inf, math.nan) for y in (0.0, -math.inf, 1.0)),
    *((f"x {operator} y", {"x": x, "y": y}) for operator in "+-*/^"
      for x in (0.0, -2.0, -1.0, 1.0, 1e300, math.inf, -math.inf, math.nan)
      for y in (0.0, 3.0, -1.0, 0.5, -1e300, math.inf, math.nan)),
    ("1/(x - x)", {"x": 2.0}), ("x/(1 - 1)", {"x": 2.0}), ("log(0)*x", {"x": 2.0}), ("exp(exp(x))", {"x": 10.0}),
    ("where(x, 1/x, log(x))", {"x": 0.0}), ("where(x > 0, log(x), x)", {"x": -1.0}), ("x^2 - x^3", {"x": 1e200}),
    ("x^-2", {"x": 0.0}), ("(x > 0)*(x < 2)*x + (x == 1)", {"x": 1.0}), ("where((x > 0)*(x < 2), x, 3)", {"x": 1.0}),
    ("where((x > 0) == 0, x, 3*x)", {"x": 1.0}), ("max(x, y, z)", {"x": 1.0, "y": 1.0, "z": 0.0}),
    *(("max(relu(x), y, z)", {"x": x, "y": y, "z": z}) for x in (-1.0, 0.0, 2.0) for y in (0.0, 2.0, math.nan)
      for z in (0.0, -3.0, 2.0)),
    *(("min(max(x, y), relu(z))^2", {"x": x, "y": y, "z": z}) for x in (-1.0, 2.0) for y in (-1.0, 2.0, math.inf)
      for z in (0.0, -3.0, 2.0)),
    ("min(x, x, y)", {"x": 1.0, "y": 1.0}), ("round(x) + round(y)", {"x": 2.5, "y": -3.5}),
    ("sqrt(2*pi)*e^x", {"x": 1.0}),
]  # fmt: skip


@pytest.mark.parametrize("simplify", [True, False])
@pytest.mark.parametrize("language", RUNNABLE)
def test_infinities_and_nan(language: str, simplify: bool, tmp_path: Path) -> None:
    require(language)
    jobs = [job_for(expression, point, simplify=simplify) for expression, point in NOT_FINITE]
    results = numbers(language, jobs, [point for _, point in NOT_FINITE], tmp_path)
    wrong = []
    for (expression, point), found in zip(NOT_FINITE, results, strict=True):
        expected = engine(expression, point, simplify=simplify)
        if not all(agree(*pair, 1e-12 * abs(pair[1])) for pair in zip(found, expected, strict=True)):
            wrong.append((expression, point, found, expected))
    assert not wrong, wrong[:20]


# Parts without a variable: typed where the language has types, and no division of plain numbers where it raises.
CONSTANT_PARTS = [
    "(1/3)^x", "abs(1/3)^x", "log(1/3)^x + sin(1/3)*x + cos(1/3)*x", "acot(0)*x", "acsch(0)*x", "sigmoid(0.5)^x",
    "hypot(3, 4)*x + x^(1/3)", "(2/3)^(1/3)*x", "x*1e999", "-pi*x + 2^0.5", "gamma(0.5)*erf(0.25)*x",
]  # fmt: skip


@pytest.mark.parametrize("language", RUNNABLE)
def test_parts_without_a_variable(language: str, tmp_path: Path) -> None:
    require(language)
    points = [{"x": 2.0}] * len(CONSTANT_PARTS)
    jobs = [job_for(expression, point) for expression, point in zip(CONSTANT_PARTS, points, strict=True)]
    for expression, found in zip(CONSTANT_PARTS, numbers(language, jobs, points, tmp_path), strict=True):
        expected = engine(expression, {"x": 2.0})
        assert all(agree(*pair, 1e-14 * abs(pair[1])) for pair in zip(found, expected, strict=True)), expression


@pytest.fixture(scope="module")
def corpus_jobs(
    most_of_the_corpora: list[dict[str, Any]], request: pytest.FixtureRequest
) -> list[tuple[dict[str, Any], Any]]:
    found = []
    for case in most_of_the_corpora[:: 1 if request.config.getoption("--all-corpora") else 8]:
        program = parse(case["expr"])
        graph = build(program, Reading(frozenset(case["vars"])))
        point = {name: case["vars"][name] for name in graph.variables}
        wrt = [name for name in case["grad"] if name in graph.variables]
        found.append((case, export_job(program, graph, wrt=wrt, point=point if len(case["expr"]) < 1000 else None)))
    return found


@pytest.mark.parametrize("language", RUNNABLE)
def test_corpora(language: str, corpus_jobs: list[tuple[dict[str, Any], Any]], tmp_path: Path) -> None:
    """The trusted values, and in the bounds of the self-test, which knows no other language's functions."""
    require(language)
    some = corpus_jobs if language != "rust" else corpus_jobs[::2]
    results = numbers(language, [one for _, one in some], [case["vars"] for case, _ in some], tmp_path)
    wrong = []
    for (case, wanted), found in zip(some, results, strict=True):
        noise = case.get("noise", {})
        expected = [(case["value"], noise.get("value", 0.0))]
        expected += [(case["grad"][name], noise.get("grad", {}).get(name, 0.0)) for name in wanted.wrt]
        for number, (reference, floor) in zip(found, expected, strict=True):
            if not agree(number, reference, 1e-9 * abs(reference) + floor + 1e-323):
                wrong.append((case["id"], number, reference, floor))
        for number, check in zip(found, wanted.checks, strict=bool(wanted.checks)):
            if not agree(number, check.expected, check.tolerance):
                wrong.append((case["id"], number, check.expected, check.tolerance))
    assert len(some) > 100
    assert not wrong, (len(wrong), wrong[:20])


@pytest.mark.parametrize("language", RUNNABLE)
def test_any_name_can_be_a_variable(language: str, tmp_path: Path) -> None:
    """Reserved words, names of functions and helpers, Unicode, and names that look alike once they are mangled."""
    require(language)
    import keyword

    from cgraph_cli.export.language import texts

    theirs = [texts(name)["reserved"] for name in ("c", "javascript", "julia", "rust")]
    words = " ".join([*theirs, texts("c")["globals"], *keyword.kwlist, *CALLABLE]).split()
    words += "t1 t2 value gradient f math np numpy __name__ __x __LINE__ _Bool α alpha alpha_ β é e naïve µ μ ſ s x_ x minimum".split()  # noqa: E501
    words += "x₁ x1 v₀ ε₀ x₁₂ x_₁ ℏ ħ ℓ ϵ ε 𝑥 Δx".split()
    words += "_exp _divide sign maximum power lambda_ in_ found Float64 print".split()
    names = [word for word in dict.fromkeys(words) if not (word.isascii() and not word.isidentifier()) and word != "_"]
    cases = []
    for start in range(0, len(names), 40):
        chosen = names[start : start + 40]
        body = "*".join(f"(1 + {name})" for name in chosen)
        expression = f"exp({body}/1e6)/(1 + max({chosen[0]}, {chosen[1]})) + sign({chosen[2]})*sigmoid({chosen[3]})"
        cases.append((expression, {name: 0.125 + number % 7 / 16 for number, name in enumerate(chosen)}))
    results = numbers(language, [job_for(*case) for case in cases], [point for _, point in cases], tmp_path)
    for case, found in zip(cases, results, strict=True):
        assert all(agree(*pair, 1e-13 * abs(pair[1])) for pair in zip(found, engine(*case), strict=True)), case


@pytest.mark.parametrize("language", RUNNABLE)
def test_names_of_the_function(language: str, tmp_path: Path) -> None:
    require(language)
    for name in ("exp", "gamma", "y1", "main", "sigmoid", "lambda", "while", "math", "x", "α"):
        expression = f"{name} = exp(u)*sigmoid(u)" if name != "x" else "x = u*exp(u)"
        text = export(job_for(expression, {"u": 0.5}, test=True), language)
        assert run(language, text, tmp_path) == "2 numbers agree\n"
    assert "double result(" in export(job_for("x", {"x": 1.0}, name="result"), "c")
    with pytest.raises(UsageError, match="cannot be called `while`"):
        export(job_for("x", {"x": 1.0}, name="while"), language)


@pytest.mark.parametrize("name", [op.name for op in PORTABLE if op.is_row])
def test_portable_functions_against_mpmath(name: str) -> None:
    reference = oracle.value(name)
    portable = PORTABLE[operation(name)]
    units = functions.ULPS.get(portable, 12)
    with mp.workdps(60):
        count = portable.__code__.co_argcount
        for args in (some[:count] for some in oracle.samples(name) if len(some) >= count):
            found = portable(*args)
            expected = oracle.as_double(mpmath.re(reference(*map(mpmath.mpf, args))))
            # A derivative of digamma between two poles is what is left of terms of the size of n! 2^n.
            between = name == "polygamma" and args[1] < 0
            floor = 1e-14 * math.factorial(int(args[0])) * 2 ** args[0] if between else 0.0
            size = max(abs(expected), 1.0) if portable in functions.ULPS else abs(expected)
            tolerance = units * 2.0**-53 * size + floor + 1e-307
            assert agree(found, expected, tolerance), (name, args, found, expected)


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "latex"])
def test_every_function_can_be_written(language: str) -> None:
    for expression, point in dict(_row_points()).items():
        assert export(job_for(expression, point), language)


def test_shared_parts_are_computed_once() -> None:
    text = export(job_for("sin(x*y)*sin(x*y) + exp(sin(x*y))", {"x": 1.0, "y": 2.0}), "c")
    code = text.split("*/")[1]
    assert [code.count(f"{function}(") for function in ("sin", "cos", "exp")] == [1, 1, 1]
    text = export(job_for("1/(1 + exp(-(w*x + b)))", {"w": 0.5, "x": 2.0, "b": 1.0}), "c")
    assert re.findall(r"gradient\[\d\] = (.*);", text)[:3] == ["x*t3", "w*t3", "t3"]
    text = export(job_for("*".join(f"x{i}" for i in range(50)), {f"x{i}": 1.5 for i in range(50)}), "c")
    assert len(re.findall(r"\*", text)) < 5 * 50  # every pair alone would be 49 * 50


def test_what_holds_for_all_numbers_is_no_condition() -> None:
    code = export(job_for("e^x", {"x": 1.0}), "c")
    assert "gradient[0] = value;" in code


def test_nested_choices_are_told_by_what_is_computed_already() -> None:
    code = export(job_for("max(relu(x), y, z)", {"x": 1.0, "y": 1.0, "z": 0.0}), "c").split("*/")[-1]
    assert code.count("maximum(") == 2
    assert re.search(r"t1 == value && x > 0.0 \? t\d : 0.0", code)
    code = export(job_for("max(x, y)", {"x": 1.0, "y": 1.0}), "c").split("*/")[-1]
    assert "x == y ? 0.5 : 0.0" in code


def test_literals_round_trip() -> None:
    values = (0.1, 1 / 3, 1e300, 5e-324, 123456789.123, 2.5e-7, 1e22)
    for name in ("python", "c", "javascript", "rust", "julia"):
        for value in values:
            assert float(writer(name).number(value).code) == value
    text = export(job_for("x*0.1 + 12345678901234567890*x", {"x": 1.0}), "c")
    assert "0.1" in text
    assert "1.2345678901234567e+19" in text


def test_a_long_sum_is_linear_and_not_nested() -> None:
    expression = " + ".join(f"x{i}*sin(x{i + 1})" for i in range(3000))
    text = export(job_for(expression, {f"x{i}": 0.5 for i in range(3001)}), "c")
    lines = text.splitlines()
    assert max(len(line) for line in lines[6:] if "double f(" not in line) < 400
    assert len(text) < 1_000_000


def test_a_function_for_a_page() -> None:
    program = parse("sigmoid(w*x)")
    text = export(export_job(program, build(program), name="model"), "javascript")
    assert "function model(w, x)" in text
    assert not re.search(r"^\s*(export|import|module|require)\b", text, re.MULTILINE)


def _cgraph(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "cgraph_cli", *words], capture_output=True, text=True, check=False)


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "f.c"
    with pytest.raises(SystemExit) as stop:
        main(["export", "(x+y)*z", "--output", str(path)])
    assert stop.value.code == 0
    assert "double f(double x, double y, double z, double gradient[3])" in path.read_text()
    for words, message in (
        (["(x+y)*z"], "no language is named"),
        (["(x+y)*z", "--to", "c", "--self-test", "--x", "1"], "no value for `y`, `z`"),
        (["(x+y)*z", "--to", "pyton"], "did you mean `python`?"),
        (["x", "--output", str(tmp_path / "f.xyz")], "no language has the ending `.xyz`"),
        (["x", "--to", "c", "--wrt", "q"], "no variable `q`"),
        (["x", "--to", "c", "--q", "1"], "no variable `q`"),
        (["x", "--to", "latex", "--self-test", "--x", "1"], "--self-test is not shown by --format latex"),
        (["x", "--to", "python", "--name", "lambda"], "cannot be called `lambda`"),
    ):
        with pytest.raises(SystemExit) as stop:
            main(["export", *words])
        assert stop.value.code == 2
        assert message in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["export", "x", "--output", str(tmp_path / "b.RS")])
    assert "fn f" in (tmp_path / "b.RS").read_text()


def test_only_the_derivatives_wanted() -> None:
    done = _cgraph("export", "x*y + z", "--to", "python", "--wrt", "y")
    assert done.returncode == 0, done.stderr
    assert "return value, (x,)" in done.stdout


def _typed(nodes: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(nodes, st.sampled_from("+-*/"), nodes).map(lambda parts: f"({' '.join(parts)})")


@given(
    st.recursive(st.just("{}"), _typed, max_leaves=8),
    st.lists(st.sampled_from([1e17, -1e17, 1.0, 3.0, 1e-200, 1e200, 7e150, -1e-160]), min_size=8, max_size=8),
)
@example("(1 + ({} - {}))", [1e17] * 8)
@example("(-(1 + ({} - {}))/3)", [1e17] * 8)
@example("({}/{}*{})", [1e200] * 8)
@example("({}/({}*{})/{})", [1e200, 7e150, 7e150, 1e-160] * 2)
@example("((-{} + {}) + {})", [1e17, 1e17, 1.0] * 3)
@example("(1 - (2 - {} + exp({} - ({} - {}))))", [1e17, 1.0, 1e17, 1e17] * 2)
def test_the_value_is_computed_as_it_was_typed(pattern: str, numbers: list[float]) -> None:
    # each variable once: nothing is brought together, and not a bit of the value may differ
    names = "abcdefgh"[: pattern.count("{}")]
    expression, point = pattern.format(*names), dict(zip(names, numbers, strict=False))
    value = evaluate_program(parse(expression), point).value
    found = engine(expression, point)[0]
    assert found == value or (math.isnan(found) and math.isnan(value)), (expression, point)
