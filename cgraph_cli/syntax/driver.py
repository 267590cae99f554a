"""The loop that parses with tables that Lark has made.

It stands in for Lark's own lexer and parser where a text is in the language: importing Lark takes longer than all the
rest of a small command, and its loop makes an object of each token and walks the reductions that only hand a value on
(power: atom), which are folded out of the tables here. Lark makes the tables (maketables.py), explains a text that is
refused (grammar.py), and is what the tests hold this loop against.
"""

from __future__ import annotations

from cgraph_cli.light import Any
from cgraph_cli.syntax.folded import (
    ACTIONS,
    DEPTHS,
    END,
    ENGINES,
    FLAGS,
    GOTOS,
    GROUPS,
    JOINING,
    PATTERN,
    PROGRAM,
    RULES,
    SEPARATOR,
)

Token = tuple[str, int, int]  # as typed, start, end


def _compiled() -> Any:
    """The pattern of a token, as ``re.compile`` makes it: importing that and compiling take a third of a small command.

    The engine of ``re`` says which version it is, and refuses a program that is none of its own.
    """
    import _sre  # type: ignore[import-not-found]

    if _sre.MAGIC in ENGINES:
        return _sre.compile(PATTERN, FLAGS, PROGRAM, GROUPS, {}, (None,) * (GROUPS + 1))
    import re

    return re.compile(PATTERN)


TOKEN = _compiled()


def drive(source: str, builder: object) -> Any:
    """What a builder makes of a text, None if that is not in the language.

    The builder's method of a rule's name gets the children of the rule, tokens among them as ``(text, start, end)``.
    """
    rules = [(*rule[:3], getattr(builder, rule[3], _longer)) for rule in RULES]
    states, row = [0], ACTIONS[0]
    values: list[Any] = []
    depth = before = 0
    scanner: Any = TOKEN.scanner(source)
    for match in iter(scanner.match, None):
        kind = match.lastindex
        token = match[kind], *match.span(kind)
        if kind == SEPARATOR and (depth > 0 or before in JOINING) and token[0] == "\n":
            continue
        action = row[kind]
        while action < 0:
            left, length, spliced, make = rules[action]
            if length == 3 and spliced is None:  # an operator or parentheses
                third, second = values.pop(), values.pop()
                values[-1] = make(values[-1], second, third)
                del states[-3:]
            elif length == 1 and spliced is None:  # a name or a number
                values[-1] = make(values[-1])
                del states[-1]
            else:
                children = values[len(values) - length :]
                if spliced is not None:
                    children[spliced : spliced + 1] = children[spliced]
                del values[len(values) - length :], states[len(states) - length :]
                values.append(make(*children))
            state = GOTOS[states[-1]][left][kind]
            states.append(state)
            row = ACTIONS[state]
            action = row[kind]
        if kind == END:
            return values[0] if action else None
        if not action:
            return None
        depth += DEPTHS[kind]
        before = kind
        states.append(action)
        values.append(token)
        row = ACTIONS[action]
    return None


def _longer(first: Any, *more: Any) -> list[Any]:
    """The list that a repeated part of a rule makes, in place."""
    if type(first) is not list:
        return [first, *more]
    first.extend(more)
    return first
