"""The walks over an expression: all parts, folds, and the same parts over other operands; none of them recurses."""

from __future__ import annotations

from hypothesis import given
from strategies import trees

from cgraph_cli.syntax.expression import MANY, Flat, Name, Number, Syntax, Unary, fold, rebuilt, same, walk
from cgraph_cli.syntax.parser import parse


@given(trees())
def test_a_fold_that_rebuilds_every_part_changes_nothing(tree: Syntax) -> None:
    copy = fold(tree, lambda leaf: leaf, rebuilt)
    assert same(copy, tree)
    assert [part.span for part in walk(copy)] == [part.span for part in walk(tree)]


@given(trees())
def test_a_fold_sees_every_part_once_operands_first(tree: Syntax) -> None:
    seen: list[Syntax] = []

    def leaf(part: Number | Name) -> Syntax:
        seen.append(part)
        return part

    def node(part: Syntax, operands: list[Syntax]) -> Syntax:
        assert [id(one) for one in operands] == [id(one) for one in part.operands()]
        seen.append(part)
        return part

    assert fold(tree, leaf, node) is tree
    assert len(seen) == sum(1 for _ in walk(tree))


def test_depth_does_not_matter() -> None:
    deep: Syntax = Name("x")
    for _ in range(100_000):
        deep = Unary("-", deep)
    assert fold(deep, lambda part: 0, lambda part, operands: operands[0] + 1) == 100_000


@given(trees())
def test_a_tree_and_its_sequence_are_made_of_each_other(tree: Syntax) -> None:
    flat = Flat.of(tree)
    assert len(flat.parts) == sum(1 for _ in walk(tree))
    assert same(flat.tree(), tree)
    assert [part.span for part in walk(flat.tree())] == [part.span for part in walk(tree)]


def test_a_text_has_the_places_of_its_parts_whether_there_are_few_or_many() -> None:
    text = "-3 + f(é, 2)^2"
    few = parse_flat(f"f(a, b) = a*b\n{text}")
    many = parse_flat(f"f(a, b) = a*b\n{text}" + " + x" * MANY)
    assert [*few.starts] == [*many.starts[: len(few.starts)]]
    assert [*few.ends] == [*many.ends[: len(few.ends)]]
    source = f"f(a, b) = a*b\n{text}"
    spans = [source[start:end] for start, end in zip(few.starts, few.ends, strict=True)]
    assert spans == ["3", "-3", "é", "2", "f(é, 2)", "2", "f(é, 2)^2", text]


def parse_flat(text: str) -> Flat:
    return parse(text).statements[-1].flat


def test_a_name_is_found_where_it_is_used_first() -> None:
    text = "q = x + 1\nm(a) = a*2\nm(q)*é + e\N{COMBINING ACUTE ACCENT} + x"
    program = parse(text)
    assert [*program.names()] == ["x", "é"]
    assert [text[slice(*program.place(name))] for name in program.names()] == ["x", "é"]
    (only,) = parse("e\N{COMBINING ACUTE ACCENT}*2").names()
    assert (only, parse("e\N{COMBINING ACUTE ACCENT}*2").place("é")) == ("é", (0, 2))
