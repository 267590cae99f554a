"""The worked solution as plain text: wrapped on a terminal, one line per sentence group in a pipe."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from cgraph_cli.render import View
from cgraph_cli.render.prose.blocks import Block, Equations, Heading, Items, Paragraph, Remark, Sentence, Step
from cgraph_cli.render.prose.explain import explanation
from cgraph_cli.render.prose.steps import Row
from cgraph_cli.render.prose.writing import plain_writing
from cgraph_cli.report.report import Explanation

KINDS = {"kink": "Kink: ", "warning": "Warning: ", "note": "Note: ", "cut": "... "}
WIDEST_COLUMN = 30  # longer formulas are not aligned
NO_BREAK = "\N{NO-BREAK SPACE}"


def render_explanation(wanted: Explanation, view: View) -> Iterator[str]:
    """The worked solution as text."""
    last: Block | None = None
    for block in explanation(wanted, plain_writing(wanted.report, view), all=view.all):
        if last is not None and not _together(last, block):
            yield "\n"
        yield from _lines(block, view)
        last = block


def _together(last: Block, block: Block) -> bool:
    """Whether no empty line stands between two blocks."""
    if not isinstance(block, Remark):
        return False
    return block.within or isinstance(last, Items) or (isinstance(last, Remark) and not last.within)


def _lines(block: Block, view: View) -> Iterator[str]:
    match block:
        case Heading(text):
            yield f"{text}\n{'-' * len(text)}\n"
        case Equations(rows):
            yield from equations(rows, view.width)
        case Paragraph(sentence):
            yield filled(sentence, view.width)
        case Step(number, title, arrives, items):
            indent = " " * len(f"{number}. ")
            yield f"{number}. {title}\n"
            yield filled(arrives, view.width, indent, indent)
            yield from (filled(item, view.width, f"{indent}- ", f"{indent}  ") for item in items)
        case Items(items):
            yield from (filled(item, view.width, "- ", "  ") for item in items)
        case Remark(kind, sentence, within):
            first = f"   {KINDS[kind]}" if within else KINDS[kind]
            yield filled(sentence.replace("`", ""), view.width, first, " " * len(first))


def filled(sentence: Sentence, width: int | None, first: str = "", rest: str = "") -> str:
    """A sentence, wrapped between words but never within a formula."""
    parts = sentence.split("$")
    if width is None:
        return f"{first}{''.join(parts)}\n"
    parts[1::2] = [formula.replace(" ", NO_BREAK) for formula in parts[1::2]]
    lines = textwrap.wrap(
        "".join(parts),
        min(width, 100),
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(line.replace(NO_BREAK, " ") for line in lines) + "\n"


def equations(rows: Sequence[Row], width: int | None, indent: str = "  ") -> Iterator[str]:
    """Equations with their signs aligned where the formulas are short; on a terminal a long one takes several lines."""
    columns = max((len(right) for _, right in rows), default=0)
    widths = [max((len(right[at][1]) for _, right in rows if len(right) > at + 1), default=0) for at in range(columns)]
    signs = max((len(sign) for _, right in rows for sign, _ in right), default=0)
    left = min(max((len(name) for name, _ in rows), default=0), WIDEST_COLUMN)
    for name, right in rows:
        head = f"{indent}{name:<{left}}"
        text = head
        for at, (sign, formula) in enumerate(right):
            is_last = at == len(right) - 1
            aligned = formula if is_last or widths[at] > WIDEST_COLUMN else f"{formula:<{widths[at]}}"
            text += f" {sign:>{signs}} {aligned}"
        if width is None or len(text) <= width:
            yield text.rstrip() + "\n"
            continue
        for sign, formula in right:
            first = f"{head} {sign:>{signs}} "
            head = " " * len(head)
            yield filled(formula, width, first, " " * len(first))
