"""Functions in full: everything that is known of each, one fact a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cgraph_cli.render import View
from cgraph_cli.render.paint import STYLES
from cgraph_cli.render.table.sheet import drawn
from cgraph_cli.report.functions import Row
from cgraph_cli.syntax.printer import format_number

MOST_VALUES = 6
PIPE = 80


def entries(rows: Iterable[Row], view: View) -> Iterator[str]:
    """A block of lines for each function; formulas are whole, notes are folded where a terminal ends."""
    from rich.table import Table
    from rich.text import Text

    for number, row in enumerate(rows):
        if number:
            yield "\n"
        formula = f"f = {row.call}" + (f" = {row.definition}" if row.definition else "")
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for title, text in facts(row):
            table.add_row(Text(f"  {title}", STYLES["term"]), Text(text))
        yield drawn(Text(formula, STYLES["head"]), view.width or max(len(formula), PIPE), color=view.color)
        longest = max((len(text) for _, text in facts(row)), default=0)
        yield drawn(table, view.width or longest + PIPE, color=view.color)


def facts(row: Row) -> Iterator[tuple[str, str]]:
    """What is known of a function, each with its title; a title is written once."""
    for title, gradients in (("local gradients", row.gradients), ("in textbooks", row.textbook)):
        for arg, text in gradients.items():
            yield title, f"none to {arg}" if text is None else f"df/d{arg} = {text}"
            title = ""
    if row.computed:
        yield "computed as", row.computed
    if row.domain:
        yield "domain", row.domain
    if row.range:
        yield "values", f"f {row.range}"
    if row.exact:
        yield "exactly", ", ".join(_exact(row))
    if row.convention:
        yield "convention", row.convention
    if row.parity:
        yield "symmetry", f"{row.parity}: f(-x) = {'-' if row.parity == 'odd' else ''}f(x)"
    elif row.symmetric:
        yield "symmetry", "the order of its arguments does not matter"
    if row.defaults:
        yield "unless given", ", ".join(f"{name} = {format_number(value)}" for name, value in row.defaults.items())
    if row.aliases:
        yield "also called", ", ".join(row.aliases)


def _exact(row: Row) -> Iterator[str]:
    for number, (x, value) in enumerate(row.exact.items()):
        if number == MOST_VALUES:
            yield f"and {len(row.exact) - number} more"
            return
        yield f"{row.name}({format_number(x)}) = {format_number(value)}"
