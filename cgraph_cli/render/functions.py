"""The rule table as a page: every function with its formula, its local gradients, its domain and its kinks."""

from __future__ import annotations

from itertools import groupby

from cgraph_cli.light import Iterable, Iterator
from cgraph_cli.render import View
from cgraph_cli.render.paint import Line, Paint, Span
from cgraph_cli.render.table.sheet import Column, Sheet
from cgraph_cli.report.functions import FunctionTable, Row
from cgraph_cli.syntax.printer import format_number

MOST_VALUES = 6  # of a function that are told
MEMBERS = {  # what programs call the fields of a row that have other names
    "computed": "computed_as",
    "gradients": "local_gradients",
    "textbook": "textbook_gradients",
    "exact": "exact_values",
}


def _gradient_lines(row: Row) -> list[str]:
    """The local gradients as a class writes them."""
    shown = {**row.gradients, **row.textbook}
    return [f"d/d{arg} = {text}" for arg, text in shown.items() if text is not None]


def render_json(functions: FunctionTable, view: View) -> Iterator[str]:
    """One object with a member per function."""
    import json

    found = {}
    for row in functions.rows:
        members = {MEMBERS.get(field, field): one for field, one in row._asdict().items() if field != "name"}
        exact, convention = list(row.exact.items()), row.convention or None
        found[row.name] = members | {"exact_values": exact, "convention": convention}
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

    def parts() -> Iterator[str | list[list[Span]]]:
        for index, (kind, rows) in enumerate(groupby(functions.rows, lambda row: row.kind)):
            yield paint.line() * bool(index) + paint.line((kind, "head"))
            yield from map(_cells, rows)

    def folded(cells: list[list[Span]]) -> list[list[Line]]:
        return [
            [line for span in cell for line in paint.folded([span], column.limit)]
            for cell, column in zip(cells, titles, strict=True)
        ]

    drawn = sheet.fitted(lambda: (one if isinstance(one, str) else folded(one) for one in parts()), paint.width)
    if drawn is not None:
        yield from drawn
        return
    for one in parts():
        if isinstance(one, str):
            yield one
            continue
        for indent, cell in zip(("", "  ", "  "), one, strict=True):
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


def entries(rows: Iterable[Row], view: View) -> Iterator[str]:
    """A block of lines for each function, folded where a terminal ends."""
    paint = Paint(view)
    for number, row in enumerate(rows):
        if number:
            yield "\n"
        formula = f"f = {row.call}" + (f" = {row.definition}" if row.definition else "")
        yield from paint.paragraph((formula, "head"))
        known = list(facts(row))
        width = max((len(title) for title, _ in known), default=0)
        for title, text in known:
            yield from paint.paragraph((f"  {title:<{width}}  ", "term"), (text, ""), indent=width + 6)


def facts(row: Row) -> Iterator[tuple[str, str]]:
    """What is known of a function, each with its title; a title is written once."""
    yield "kind", row.kind
    for title, gradients in (("local gradients", row.gradients), ("in textbooks", row.textbook)):
        for arg, text in gradients.items():
            yield title, f"none to {arg}" if text is None else f"df/d{arg} = {text}"
            title = ""
    symmetry = "the order of its arguments does not matter" if row.symmetric else ""
    if row.parity:
        symmetry = f"{row.parity}: f(-x) = {'-' if row.parity == 'odd' else ''}f(x)"
    known = {
        "computed as": row.computed,
        "domain": row.domain,
        "values": row.range and f"f {row.range}",
        "exactly": ", ".join(_exact(row)),
        "convention": row.convention,
        "symmetry": symmetry,
        "unless given": ", ".join(f"{name} = {format_number(value)}" for name, value in row.defaults.items()),
        "also called": ", ".join(row.aliases),
    }
    yield from ((title, text) for title, text in known.items() if text)


def _exact(row: Row) -> Iterator[str]:
    for number, (x, value) in enumerate(row.exact.items()):
        if number == MOST_VALUES:
            yield f"and {len(row.exact) - number} more"
            return
        yield f"{row.name}({format_number(x)}) = {format_number(value)}"
