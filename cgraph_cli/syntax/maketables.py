"""Make the ready-made parser tables from the grammar: ``python -m cgraph_cli.syntax.maketables``.

``tables.py`` is what Lark loads, ``folded.py`` is the same for the loop in driver.py.
"""

from __future__ import annotations

import pprint
import re._compiler as compiler  # type: ignore[import-not-found]
from pathlib import Path

import lark

from cgraph_cli.light import Any
from cgraph_cli.syntax.grammar import LARK_OPTIONS, UNFINISHED, grammar_text

HEADER = '''"""Ready-made parser tables. Made from grammar/expression.lark; do not edit.

python -m cgraph_cli.syntax.maketables
"""

# fmt: off
# ruff: noqa
from cgraph_cli.light import Any

'''

# The width of a token without a longest text; what Python's re says it is depends on Python's version.
UNBOUNDED = 2**32 - 1

# The versions of Python's matching engine (3.11, 3.12, 3.13) whose compilers make the same program of the pattern.
ENGINES = (20220615, 20221023, 20230612)


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


def _written(names: dict[str, Any]) -> str:
    """The text of a module that holds so many values."""
    texts = {
        name: ascii(value) if name == "PATTERN" else pprint.pformat(value, width=118, compact=True)
        for name, value in names.items()
    }
    return HEADER + "".join(f"{name} = {text}\n" for name, text in texts.items())


def tables() -> str:
    """The text of the module ``cgraph_cli.syntax.tables``."""
    data, memo = lark.Lark(grammar_text(), **LARK_OPTIONS).memo_serialize([lark.lexer.TerminalDef, lark.grammar.Rule])
    data["parser"]["parser"] = _renumbered(data["parser"]["parser"])
    for entry in memo.values():
        if "_width" in entry.get("pattern", ()):
            low, high = entry["pattern"]["_width"]
            entry["pattern"]["_width"] = [low, min(high, UNBOUNDED)]
    return _written({"LARK_VERSION": lark.__version__, "DATA: dict[str, Any]": data, "MEMO: dict[int, Any]": memo})


def _matching(passed: list[str], tokens: list[str]) -> dict[str, Any]:
    """The pattern of a token of any kind, the end, or any other character, each a group, and its program."""
    pattern = f"(?:{'|'.join(passed)})*+(?:{'|'.join(f'({token})' for token in tokens)}|(\\Z)|([\\s\\S]))"
    tree = compiler._parser.parse(pattern, 0)
    program = [*map(int, compiler._code(tree, 0))]
    groups = tree.state.groups - 1
    return {"PATTERN": pattern, "ENGINES": ENGINES, "PROGRAM": program, "FLAGS": tree.state.flags, "GROUPS": groups}


def folded() -> str:
    """The text of the module ``cgraph_cli.syntax.folded``.

    A row of ACTIONS says for each kind of token what a state does: shift to a state > 0, reduce by RULES[action < 0],
    0 refuses. GOTOS[state][left][kind] is the state after a reduction to ``left`` before a token of that kind and after
    those that would follow and only hand the value on. A rule is (left, length, the child that is a list, name).
    """
    parser = lark.Lark(grammar_text(), **LARK_OPTIONS)
    data, memo = parser.memo_serialize([lark.lexer.TerminalDef, lark.grammar.Rule])
    table = _renumbered(data["parser"]["parser"])
    passed = data["parser"]["lexer_conf"]["ignore"]
    patterns = {one.name: one.pattern.to_regexp() for one in parser.parser.lexer.terminals}
    kinds = ["", *(name for name in patterns if name not in passed), "$END", ""]  # the last: no token at all
    numbers = table["tokens"]
    rules = {number: one for number, one in memo.items() if one["__type__"] == "Rule"}
    units = {
        number for number, one in rules.items() if one["options"]["expand1"] and not one["alias"] and _length(one) == 1
    }
    made = [number for number in rules if number not in units]
    lefts = sorted({rule["origin"]["name"] for rule in rules.values()})
    states = [
        {numbers[token]: (reduce, target["@"] if reduce else target) for token, (reduce, target) in row.items()}
        for row in table["states"].values()
    ]

    def action(state: int, kind: str) -> int:
        if (state, kind) == (table["end_states"]["start"], "$END"):
            return 1
        reduce, target = states[state].get(kind, (False, 0))
        return made.index(target) - len(made) if reduce and target not in units else 0 if reduce else target

    def after(state: int, left: str, kind: str) -> int:
        """The state after ``left`` in a state before a token of a kind."""
        _, then = states[state][left]
        reduce, rule = states[then].get(kind, (False, 0))
        return after(state, rules[rule]["origin"]["name"], kind) if reduce and rule in units else then

    return _written(
        {
            **_matching([patterns[name] for name in passed], [patterns[name] for name in kinds[1:-2]]),
            "SEPARATOR": kinds.index("SEPARATOR"),
            "END": kinds.index("$END"),
            "JOINING": {kinds.index(kind) for kind in UNFINISHED},
            "DEPTHS": tuple({"LPAR": 1, "RPAR": -1}.get(kind, 0) for kind in kinds),
            "RULES": [
                (lefts.index(rules[number]["origin"]["name"]), _length(rules[number]), *_making(rules[number]))
                for number in made
            ],
            "ACTIONS": [tuple(action(state, kind) for kind in kinds) for state in range(len(states))],
            "GOTOS": [
                {
                    lefts.index(left): tuple(after(state, left, kind) if kind else 0 for kind in kinds)
                    for left in lefts
                    if left in states[state]
                }
                for state in range(len(states))
            ],
        }
    )


def _length(rule: dict[str, Any]) -> int:
    return len(rule["expansion"])


def _making(rule: dict[str, Any]) -> tuple[int | None, str]:
    """Which child of a rule is a list of children, if one is, and the name of what makes it; a list has none."""
    names = [one["name"] for one in rule["expansion"]]
    lists = [position for position, name in enumerate(names) if name.startswith("__")]
    name = rule["alias"] or rule["origin"]["name"]
    return (None, "") if name.startswith("__") else (lists[0] if lists else None, name)


def main() -> None:
    """Write both modules."""
    here = Path(__file__)
    here.with_name("tables.py").write_text(tables(), encoding="utf-8")
    here.with_name("folded.py").write_text(folded(), encoding="utf-8")


if __name__ == "__main__":
    main()
