"""The ready-made parser tables are those of the grammar."""

from __future__ import annotations

from pathlib import Path

import lark

from cgraph_cli.syntax import maketables, parser, tables

ROOT = Path(__file__).resolve().parents[2]


def test_tables_are_current() -> None:
    written = Path(tables.__file__).read_text(encoding="utf-8")
    assert maketables.tables() == written, "run python -m cgraph_cli.syntax.maketables"


def test_tables_belong_to_the_installed_lark() -> None:
    assert lark.__version__ == tables.LARK_VERSION


def test_grammar_is_the_one_in_the_checkout() -> None:
    assert parser.grammar_text() == (ROOT / "grammar" / "expression.lark").read_text(encoding="utf-8")
