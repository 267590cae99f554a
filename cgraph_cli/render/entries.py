"""Functions in full: everything that is known of each, one fact a line."""

from __future__ import annotations

from cgraph_cli.light import Iterable, Iterator
from cgraph_cli.render import View
from cgraph_cli.render.paint import Paint
from cgraph_cli.report.functions import Row
from cgraph_cli.syntax.printer import format_number

MOST_VALUES = 6


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
