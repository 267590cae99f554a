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
    """What a builder makes of a text; if that is not in the language, the place of the first token that is not.

    The builder's method of a rule's name gets the children of the rule, tokens among them as ``(text, start, end)``.
    """
    rules = [(left, spliced, length, getattr(builder, made, _longer)) for left, length, spliced, made in RULES]
    states, row = [0], ACTIONS[0]
    values: list[Any] = []
    take, drop = values.pop, states.pop
    depth = before = 0
    for match in TOKEN.finditer(source):  # no place is left out: what is no token is one of the last kind
        kind = match.lastindex
        if kind == SEPARATOR and (depth > 0 or before in JOINING) and match[kind] == "\n":
            continue
        action = row[kind]
        while action < 0:
            left, spliced, length, make = rules[action]
            if spliced is not None or length not in (1, 3):
                children = values[len(values) - length :]
                if spliced is not None:
                    children[spliced : spliced + 1] = children[spliced]
                del values[len(values) - length :]
                values.append(make(*children))
                states[len(states) - length :] = [0]
            elif length == 3:  # an operator or parentheses
                third, second = take(), take()
                values[-1] = make(values[-1], second, third)
                drop()
                drop()
            else:  # a name or a number
                values[-1] = make(values[-1])
            state = states[-1] = GOTOS[states[-2]][left][kind]
            row = ACTIONS[state]
            action = row[kind]
        if not action:
            return match.start(kind)
        if kind == END:
            return values[0]
        depth += DEPTHS[kind]
        before = kind
        states.append(action)
        start, end = match.span(kind)
        values.append((match[kind], start, end))
        row = ACTIONS[action]
    return None


def _longer(first: Any, *more: Any) -> list[Any]:
    """The list that a repeated part of a rule makes, in place."""
    if type(first) is not list:
        return [first, *more]
    first.extend(more)
    return first
