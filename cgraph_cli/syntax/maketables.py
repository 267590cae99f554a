"""Make the ready-made parser tables from the grammar: ``python -m cgraph_cli.syntax.maketables``."""

from __future__ import annotations

import pprint
from pathlib import Path

import lark

from cgraph_cli.syntax.parser import LARK_OPTIONS, grammar_text

HEADER = '''"""Ready-made parser tables. Made from grammar/expression.lark; do not edit.

python -m cgraph_cli.syntax.maketables
"""

# fmt: off
# ruff: noqa
from typing import Any

'''


def tables() -> str:
    """The text of the module ``cgraph_cli.syntax.tables``."""
    data, memo = lark.Lark(grammar_text(), **LARK_OPTIONS).memo_serialize([lark.lexer.TerminalDef, lark.grammar.Rule])
    return (
        f"{HEADER}LARK_VERSION = {lark.__version__!r}\n"
        f"DATA: dict[str, Any] = {pprint.pformat(data, width=118, compact=True)}\n"
        f"MEMO: dict[int, Any] = {pprint.pformat(memo, width=118, compact=True)}\n"
    )


if __name__ == "__main__":
    Path(__file__).with_name("tables.py").write_text(tables(), encoding="utf-8")
