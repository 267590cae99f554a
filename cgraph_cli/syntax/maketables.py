"""Make the ready-made parser tables from the grammar: ``python -m cgraph_cli.syntax.maketables``."""

from __future__ import annotations

import pprint
from pathlib import Path
from typing import Any

import lark

from cgraph_cli.syntax.parser import LARK_OPTIONS, grammar_text

HEADER = '''"""Ready-made parser tables. Made from grammar/expression.lark; do not edit.

python -m cgraph_cli.syntax.maketables
"""

# fmt: off
# ruff: noqa
from typing import Any

'''

# The width of a token without a longest text; what Python's re says it is depends on Python's version.
UNBOUNDED = 2**32 - 1


def _renumbered(table: dict[str, Any]) -> dict[str, Any]:
    """The parse table with tokens numbered by name and states in the order in which they are reached.

    Lark numbers both as its sets happen to be ordered, differently in every process.
    """
    names: dict[int, str] = table["tokens"]
    tokens = {name: number for number, name in enumerate(sorted(names.values()))}
    actions = {
        state: sorted((names[token], action) for token, action in row.items()) for state, row in table["states"].items()
    }
    order: list[int] = [table["start_states"][start] for start in sorted(table["start_states"])]
    numbers = {state: number for number, state in enumerate(order)}
    for state in order:  # grows while it is walked
        for _, (reduce, target) in actions[state]:
            if not reduce and target not in numbers:
                numbers[target] = len(order)
                order.append(target)
    return {
        "tokens": {number: name for name, number in tokens.items()},
        "states": {
            numbers[state]: {
                tokens[name]: (reduce, target if reduce else numbers[target])
                for name, (reduce, target) in actions[state]
            }
            for state in order
        },
        "start_states": {start: numbers[state] for start, state in table["start_states"].items()},
        "end_states": {start: numbers[state] for start, state in table["end_states"].items()},
    }


def tables() -> str:
    """The text of the module ``cgraph_cli.syntax.tables``."""
    data, memo = lark.Lark(grammar_text(), **LARK_OPTIONS).memo_serialize([lark.lexer.TerminalDef, lark.grammar.Rule])
    data["parser"]["parser"] = _renumbered(data["parser"]["parser"])
    for entry in memo.values():
        if "_width" in entry.get("pattern", ()):
            low, high = entry["pattern"]["_width"]
            entry["pattern"]["_width"] = [low, min(high, UNBOUNDED)]
    return (
        f"{HEADER}LARK_VERSION = {lark.__version__!r}\n"
        f"DATA: dict[str, Any] = {pprint.pformat(data, width=118, compact=True)}\n"
        f"MEMO: dict[int, Any] = {pprint.pformat(memo, width=118, compact=True)}\n"
    )


if __name__ == "__main__":
    Path(__file__).with_name("tables.py").write_text(tables(), encoding="utf-8")
