"""The rule table as plain data: every function with its formula, its local gradients, its domain and its kinks."""

from __future__ import annotations

from typing import NamedTuple

from cgraph_cli.graph.express import operation_syntax
from cgraph_cli.graph.formula import formula, limits
from cgraph_cli.graph.graph import operation
from cgraph_cli.rule import Rule
from cgraph_cli.rules import ALIASES, RULES, SYMBOLS
from cgraph_cli.syntax.expression import Name
from cgraph_cli.syntax.printer import print_expression


class Row(NamedTuple):
    """One function in words, all formulas in cgraph's own language."""

    name: str
    call: str
    aliases: list[str]
    definition: str | None
    gradients: dict[str, str | None]
    defaults: dict[str, float]
    domain: str
    kink: str | None
    convention: str


class FunctionTable(NamedTuple):
    """The functions that were asked for, in the order of the table."""

    rows: list[Row]


def function_table() -> FunctionTable:
    """All functions."""
    return FunctionTable([_row(name, rule) for name, rule in RULES.items()])


def _row(name: str, rule: Rule) -> Row:
    return Row(
        name,
        _call(name, rule),
        [alias for alias, meant in ALIASES.items() if meant == name],
        rule.definition or rule.value,
        {arg: None if text is None else _on_paper(text) for arg, text in zip(rule.args, rule.gradients, strict=True)},
        rule.defaults,
        ", ".join(f"{arg} {interval.text}" for arg, interval in rule.domain.items() if interval.text),
        rule.kink,
        conventions(name),
    )


def _call(name: str, rule: Rule) -> str:
    if name in SYMBOLS:
        return print_expression(operation_syntax(operation(name), [Name(arg) for arg in rule.args]))
    return f"{name}(x, ...)" if rule.many else f"{name}({', '.join(rule.args)})"


def _on_paper(text: str) -> str:
    """A rule's formula with its limits left out."""
    return print_expression(limits(formula(text))[1])


def _limits(text: str | None) -> list[str]:
    found = limits(formula(text))[0] if text else []
    return [f"{print_expression(value)} at {print_expression(condition)}" for condition, value in found]


def conventions(name: str) -> str:
    """What is used where a function has no derivative, or where its formula has none of its own."""
    rule = RULES[name]
    notes = [f"at {rule.kink}: {rule.convention}"] if rule.kink else []
    for arg, text in zip(rule.args, rule.gradients, strict=True):
        notes += [f"d/d{arg} is {limit}" for limit in _limits(text)]
    return "; ".join(dict.fromkeys(notes))
