"""The rule table as a page: every function with its formula, its local gradients, its domain and its kinks."""

from __future__ import annotations

from itertools import groupby

from cgraph_cli.light import Iterator
from cgraph_cli.render import View
from cgraph_cli.render.entries import entries
from cgraph_cli.render.paint import Line, Paint, Span
from cgraph_cli.render.table.sheet import Column, Sheet
from cgraph_cli.report.functions import FunctionTable, Row


def _gradient_lines(row: Row) -> list[str]:
    """The local gradients as a class writes them."""
    shown = {**row.gradients, **row.textbook}
    return [f"d/d{arg} = {text}" for arg, text in shown.items() if text is not None]


def render_json(functions: FunctionTable, view: View) -> Iterator[str]:
    """One object with a member per function."""
    import json

    found = {
        row.name: {
            "kind": row.kind,
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
    """A Markdown table for each kind of functions, those in the README."""
    for kind, rows in groupby(functions.rows, lambda row: row.kind):
        yield f"#### {kind.capitalize()}\n\n| function | local gradients | domain | convention |\n|---|---|---|---|\n"
        for row in rows:
            call = row.call + (f" = {row.definition}" if row.definition else "")
            aliases = f" (also {', '.join(row.aliases)})" if row.aliases else ""
            cells = [
                f"`{call}`{aliases}",
                "<br>".join(f"`{line}`" for line in _gradient_lines(row)) or "none",
                row.domain,
                row.convention,
            ]
            yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
        yield "\n"


def render_tsv(functions: FunctionTable, view: View) -> Iterator[str]:
    """A line for each function, cells separated by tabs."""
    yield "function\tdefinition\tlocal gradients\tdomain\tconvention\tkind\n"
    for row in functions.rows:
        cells = [row.call, row.definition or "", "; ".join(_gradient_lines(row)), row.domain, row.convention, row.kind]
        yield "\t".join(cells) + "\n"


def render_table(functions: FunctionTable, view: View) -> Iterator[str]:
    """A table, kind by kind; of a few functions everything that is known."""
    if functions.full:
        yield from entries(functions.rows, view)
        return
    paint = Paint(view)
    titles = [Column("function", narrowest=26), Column("local gradients", narrowest=28)]
    titles.append(Column("domain, convention", narrowest=22))
    sheet = Sheet(titles, paint, foldable=(titles[0], titles[2], titles[1]))

    def heading(index: int, kind: str) -> str:
        return paint.line() * bool(index) + paint.line((kind, "head"))

    def rows() -> Iterator[list[list[Line]] | str]:
        for index, (kind, rows) in enumerate(groupby(functions.rows, lambda row: row.kind)):
            yield heading(index, kind)
            for row in rows:
                yield [
                    [line for span in cell for line in paint.folded([span], column.limit)]
                    for cell, column in zip(_cells(row), titles, strict=True)
                ]

    drawn = sheet.fitted(rows, paint.width)
    if drawn is not None:
        yield from drawn
        return
    for index, (kind, group) in enumerate(groupby(functions.rows, lambda row: row.kind)):
        yield heading(index, kind)
        for row in group:
            for indent, cell in zip(("", "  ", "  "), _cells(row), strict=True):
                for span in cell:
                    yield from paint.paragraph((indent, ""), span, indent=4)


def _cells(row: Row) -> list[list[Span]]:
    """The lines of a function's three cells."""
    call = [(row.call, "label")]
    if row.definition:
        call.append((f"= {row.definition}", "quiet"))
    if row.aliases:
        call.append((f"also {', '.join(row.aliases)}", "quiet"))
    gradients = [(line, "") for line in _gradient_lines(row)] or [("none", "quiet")]
    return [call, gradients, [(note, "") for note in (row.domain, row.convention) if note]]
