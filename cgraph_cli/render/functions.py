"""The rule table as a page: every function with its formula, its local gradients, its domain and its kinks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cgraph_cli.graph.express import operation_syntax
from cgraph_cli.graph.formula import formula
from cgraph_cli.graph.graph import operation
from cgraph_cli.render import View
from cgraph_cli.rules import ALIASES, COMPARISONS, RULES, SYMBOLS, Rule
from cgraph_cli.syntax.expression import Call, Name, Syntax
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
    convention: str | None


def rows() -> Iterator[Row]:
    """All functions in the order of the table."""
    for name, rule in RULES.items():
        yield Row(
            name,
            _call(name, rule),
            [alias for alias, meant in ALIASES.items() if meant == name],
            rule.definition or rule.value,
            {
                arg: None if text is None else _on_paper(text)
                for arg, text in zip(rule.args, rule.gradients, strict=True)
            },
            rule.defaults,
            ", ".join(f"{arg} {interval.text}" for arg, interval in rule.domain.items() if interval.text),
            rule.kink,
            rule.convention,
        )


def _call(name: str, rule: Rule) -> str:
    if name in SYMBOLS:
        return print_expression(operation_syntax(operation(name), [Name(arg) for arg in rule.args]))
    return f"{name}(x, ...)" if rule.many else f"{name}({', '.join(rule.args)})"


def _on_paper(text: str) -> str:
    """A rule's formula with its limits left out."""
    part: Syntax = formula(text)
    while isinstance(part, Call) and part.name == "limit":
        part = part.arguments[2]
    return print_expression(part)


def _limits(text: str | None) -> list[str]:
    found = []
    part: Syntax | None = formula(text) if text else None
    while isinstance(part, Call) and part.name == "limit":
        condition, value, part = part.arguments
        found.append(f"{print_expression(value)} at {print_expression(condition)}")
    return found


def conventions(name: str) -> str:
    """What is used where a function has no derivative, or where its formula has none of its own."""
    rule = RULES[name]
    if name in COMPARISONS:
        return f"at {rule.kink}: {rule.convention}"
    notes = [f"at {rule.kink}: {rule.convention}"] if rule.kink else []
    for arg, text in zip(rule.args, rule.gradients, strict=True):
        notes += [f"d/d{arg} is {limit}" for limit in _limits(text)]
    return "; ".join(dict.fromkeys(notes))


def _gradient_lines(row: Row) -> list[str]:
    return [f"d/d{arg} = {text}" for arg, text in row.gradients.items() if text is not None]


def render_json(view: View) -> Iterator[str]:
    """One object with a member per function."""
    import json

    table = {
        row.name: {
            "call": row.call,
            "aliases": row.aliases,
            "definition": row.definition,
            "local_gradients": row.gradients,
            "defaults": row.defaults,
            "domain": row.domain,
            "kink": row.kink,
            "convention": conventions(row.name) or None,
        }
        for row in rows()
    }
    yield json.dumps({"schema": 1, "functions": table}, indent=1, ensure_ascii=view.ascii) + "\n"


def render_markdown(view: View) -> Iterator[str]:
    """A Markdown table, the one in the README."""
    yield "| function | local gradients | domain | convention |\n|---|---|---|---|\n"
    for row in rows():
        call = row.call + (f" = {row.definition}" if row.definition else "")
        aliases = f" (also {', '.join(row.aliases)})" if row.aliases else ""
        cells = [
            f"`{call}`{aliases}",
            "<br>".join(f"`{line}`" for line in _gradient_lines(row)) or "none",
            row.domain,
            conventions(row.name),
        ]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def render_table(view: View) -> Iterator[str]:
    """A table for the terminal; in a pipe one line per function, cells separated by tabs."""
    if view.width is None:
        yield "function\tdefinition\tlocal gradients\tdomain\tconvention\n"
        for row in rows():
            cells = [row.call, row.definition or "", "; ".join(_gradient_lines(row)), row.domain, conventions(row.name)]
            yield "\t".join(cells) + "\n"
        return
    from rich.box import ASCII, SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=ASCII if view.ascii else SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for title in ("function", "local gradients", "domain, convention"):
        table.add_column(title, overflow="fold")
    for row in rows():
        call = Text(row.call, style="bold")
        if row.definition:
            call.append(f"\n= {row.definition}", style="not bold dim")
        if row.aliases:
            call.append(f"\nalso {', '.join(row.aliases)}", style="not bold dim")
        notes = [note for note in (row.domain, conventions(row.name)) if note]
        table.add_row(call, Text("\n".join(_gradient_lines(row)) or "none"), Text("\n".join(notes)))
    console = Console(width=view.width, color_system="auto" if view.color else None, highlight=False, emoji=False)
    with console.capture() as capture:
        console.print(table)
    yield capture.get()
