"""The ready-made parser tables are those of the grammar, and the loop that they drive parses as Lark does."""

from __future__ import annotations

import _sre
from pathlib import Path
from types import ModuleType
from typing import Any

import lark
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import Case, expressions

from cgraph_cli.errors import CgraphError
from cgraph_cli.syntax import driver, folded, grammar, maketables, tables
from cgraph_cli.syntax.driver import TOKEN, drive
from cgraph_cli.syntax.parser import Builder, parse

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("module", [tables, folded])
def test_tables_are_current(module: ModuleType) -> None:
    if module is folded and _sre.MAGIC not in maketables.ENGINES:
        pytest.skip("another matching engine, which runs another program")
    made = {tables: maketables.tables, folded: maketables.folded}[module]()
    assert made == Path(module.__file__ or "").read_text(encoding="utf-8"), "run python -m cgraph_cli.syntax.maketables"


def test_tables_belong_to_the_installed_lark() -> None:
    assert lark.__version__ == tables.LARK_VERSION


def test_grammar_is_the_one_in_the_checkout() -> None:
    assert grammar.grammar_text() == (ROOT / "grammar" / "expression.lark").read_text(encoding="utf-8")


class Listing:
    """Calls a builder as the loop does, from Lark."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def __getattr__(self, rule: str) -> Any:
        getattr(self.builder, rule)  # an AttributeError where the builder makes nothing of it
        return lambda children: getattr(self.builder, rule)(*map(plain, children))


LISTING = Listing(Builder())


def plain(child: Any) -> Any:
    return (child.value, child.start_pos, child.end_pos) if isinstance(child, lark.Token) else child


def by_lark(source: str) -> Any:
    """What Lark's own parser makes of a text, the place of what it refuses."""
    LISTING.builder = Builder()
    try:
        return grammar.lark_parser(transformer=LISTING).parse(source)
    except lark.exceptions.UnexpectedToken as error:
        return len(source) if error.token.type == "$END" else error.token.start_pos
    except lark.exceptions.UnexpectedCharacters as error:
        return error.pos_in_stream


def outcome(parse: Any, source: str) -> object:
    """All that there is to say about a parse: the trees with their places, or the error."""
    try:
        statements = parse(source)
    except CgraphError as error:
        return type(error), error.message, error.span
    return statements if type(statements) is int else [described(one) for one in statements]


def described(found: Any) -> object:
    if isinstance(found, list | tuple):
        return [described(one) for one in found]
    slots = [name for kind in type(found).__mro__ for name in getattr(kind, "__slots__", ())]
    return (type(found).__name__, *[described(getattr(found, name)) for name in slots]) if slots else found


TOKENS = """x f max 1 .5 1e3 2_0 1__0 é x̂ ² ⁻¹ ¹⁄ + - − * ** ^ × · ⋅ / ÷ < <= == = != ! ≠ ( ) , ; # . @ { π ½ 0x1
    1.2.3""".split()


@settings(max_examples=500, deadline=None)
@example("")
@example(";;\n;")
@example("a = 1;\n\n f(x) =\n x; f(\n2)")
@example("x # a comment\n")
@example("x # a byte that is no text \udcff")
@example("x)\n;y")
@example("f()")
@given(st.lists(st.sampled_from([*TOKENS, "\n", " ", "\t"]), max_size=12).map("".join))
def test_any_text_is_parsed_as_by_lark(source: str) -> None:
    assert outcome(lambda text: drive(text, Builder()), source) == outcome(by_lark, source)


@settings(max_examples=300, deadline=None)
@given(expressions(8), st.integers(0, 10**6), st.sampled_from(["", "(", ")", "\n", "*", "=", ",", " 2"]))
def test_an_expression_with_a_mistake_is_parsed_as_by_lark(case: Case, place: int, mistake: str) -> None:
    place %= len(case.text) + 1
    source = case.text[:place] + mistake + case.text[place:]
    assert outcome(lambda text: drive(text, Builder()), source) == outcome(by_lark, source)


def test_formulas_are_parsed_as_by_lark(corpora: list[dict[str, Any]]) -> None:
    for line in corpora:
        source = line["expr"]
        assert outcome(lambda text: drive(text, Builder()), source) == outcome(by_lark, source)


def test_the_pattern_has_a_group_for_each_kind_of_token() -> None:
    assert TOKEN.groups == len(folded.ACTIONS[0]) - 1


def test_an_engine_of_another_version_compiles_the_pattern_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "ENGINES", ())
    compiled = driver._compiled()
    assert (compiled.pattern, compiled.groups, compiled.flags) == (TOKEN.pattern, TOKEN.groups, TOKEN.flags)
    monkeypatch.setattr(driver, "TOKEN", compiled)
    assert outcome(lambda text: drive(text, Builder()), "f(x) = x²; f(1.5)") == outcome(by_lark, "f(x) = x²; f(1.5)")


@pytest.mark.parametrize("start", ["sin(y) + ", "(max(x, (sin(y) + "])
@pytest.mark.parametrize(
    "end", ["*2", "2x", "x y", "x)))))", "x = 1", "x, 1", "(", "$", "x ; )", "x\ny)", "", "1e", "f(1"]
)
def test_a_mistake_at_the_end_of_a_long_text_is_told_as_in_a_short_one(
    start: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grammar, "FAR", 10_000)

    def told(terms: int) -> tuple[str, str | None, int, int]:
        before = start + "x*(1 + y)\n + " * terms
        with pytest.raises(CgraphError) as error:
            parse(before + end)
        span = error.value.span
        assert span is not None
        near = span.start - len(before) if span.start > len(start) else span.start
        return error.value.message, error.value.help, near, span.end - span.start

    assert told(grammar.FAR // len("x*(1 + y)\n ")) == told(2)
