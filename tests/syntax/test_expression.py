"""The walks over an expression: all parts, folds, and the same parts over other operands; none of them recurses."""

from __future__ import annotations

from hypothesis import given
from strategies import trees

from cgraph_cli.syntax.expression import Name, Number, Syntax, Unary, fold, rebuilt, same, walk


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
