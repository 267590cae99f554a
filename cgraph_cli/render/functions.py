"""The rule table as a page: every function with its formula, its local gradients, its domain and its kinks."""

from __future__ import annotations

from collections.abc import Iterator

from cgraph_cli.render import View
from cgraph_cli.render.entries import entries
from cgraph_cli.render.table.sheet import drawn
from cgraph_cli.report.functions import FunctionTable, Row


def _gradient_lines(row: Row) -> list[str]:
    return [f"d/d{arg} = {text}" for arg, text in row.gradients.items() if text is not None]


def render_json(functions: FunctionTable, view: View) -> Iterator[str]:
    """One object with a member per function."""
    import json

    found = {
        row.name: {
            "call": row.call,
            "aliases": row.aliases,
            "definition": row.definition,
            "computed_as": row.computed,
            "local_gradients": row.gradients,
            "textbook_gradients": row.textbook,
            "defaults": row.defaults,
            "domain": row.domain,
            "range": row.range,
            "exact_values": list(row.exact.items()),
            "parity": row.parity,
            "symmetric": row.symmetric,
            "kink": row.kink,
            "convention": row.convention or None,
        }
        for row in functions.rows
    }
    yield json.dumps({"schema": 1, "functions": found}, indent=1, ensure_ascii=view.ascii) + "\n"


def render_markdown(functions: FunctionTable, view: View) -> Iterator[str]:
    """A Markdown table, the one in the README."""
    yield "| function | local gradients | domain | convention |\n|---|---|---|---|\n"
    for row in functions.rows:
        call = row.call + (f" = {row.definition}" if row.definition else "")
        aliases = f" (also {', '.join(row.aliases)})" if row.aliases else ""
        cells = [
            f"`{call}`{aliases}",
            "<br>".join(f"`{line}`" for line in _gradient_lines(row)) or "none",
            row.domain,
            row.convention,
        ]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def render_table(functions: FunctionTable, view: View) -> Iterator[str]:
    """A table for the terminal; in a pipe one line per function, cells separated by tabs."""
    if functions.full:
        yield from entries(functions.rows, view)
        return
    if view.width is None:
        yield "function\tdefinition\tlocal gradients\tdomain\tconvention\n"
        for row in functions.rows:
            cells = [row.call, row.definition or "", "; ".join(_gradient_lines(row)), row.domain, row.convention]
            yield "\t".join(cells) + "\n"
        return
    from rich.box import ASCII, SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=ASCII if view.ascii else SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for title in ("function", "local gradients", "domain, convention"):
        table.add_column(title, overflow="fold")
    for row in functions.rows:
        call = Text(row.call, style="bold")
        if row.definition:
            call.append(f"\n= {row.definition}", style="not bold dim")
        if row.aliases:
            call.append(f"\nalso {', '.join(row.aliases)}", style="not bold dim")
        notes = [note for note in (row.domain, row.convention) if note]
        table.add_row(call, Text("\n".join(_gradient_lines(row)) or "none"), Text("\n".join(notes)))
    yield drawn(table, view.width, color=view.color)
