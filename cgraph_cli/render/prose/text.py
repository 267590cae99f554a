"""The worked solution as plain text: wrapped on a terminal, one line per sentence group in a pipe."""

from __future__ import annotations

from cgraph_cli.light import Iterator, Sequence
from cgraph_cli.render import View
from cgraph_cli.render.paint import Paint, Span, equation, number, said, width_of
from cgraph_cli.render.prose.blocks import Block, Equations, Heading, Items, Paragraph, Remark, Sentence, Step
from cgraph_cli.render.prose.explain import explanation
from cgraph_cli.render.prose.steps import Row
from cgraph_cli.render.prose.writing import plain_writing
from cgraph_cli.report.report import Explanation

KINDS = {"kink": "Warning", "warning": "Warning", "note": "Note", "cut": "..."}
WIDEST_COLUMN = 30  # longer formulas are not aligned
WIDEST = 100  # columns of a sentence on a terminal, however wide that is


def render_explanation(wanted: Explanation, view: View) -> Iterator[str]:
    """The worked solution as text."""
    last: Block | None = None
    paint, indent = Paint(view), ""
    for block in explanation(wanted, plain_writing(wanted.report, view)):
        if last is not None and not _together(last, block):
            yield "\n"
        if isinstance(block, Step):
            indent = " " * len(f"{block.number}. ")
        yield from _lines(block, paint, indent, wanted.report.program.source)
        last = block


def _together(last: Block, block: Block) -> bool:
    """Whether no empty line stands between two blocks."""
    if not isinstance(block, Remark):
        return False
    return block.within or isinstance(last, Items) or (isinstance(last, Remark) and not last.within)


def _lines(block: Block, paint: Paint, indent: str, source: str) -> Iterator[str]:
    """A block; what belongs to a step has its indent."""
    match block:
        case Heading(text):
            yield paint.line((text, "head"))
            yield paint.line(("-" * len(text), "quiet"))
        case Equations(rows):
            yield from equations(rows, paint)
        case Paragraph(sentence):
            yield from filled(sentence, paint)
        case Step(number, title, arrives, items):
            yield from paint.paragraph((f"{number}. ", "quiet"), *equation(title), indent=len(indent) + 2)
            yield from filled(arrives, paint, indent, indent)
            for item in items:
                yield from filled(item, paint, f"{indent}- ", f"{indent}  ")
        case Items(items):
            for item in items:
                yield from filled(item, paint, "- ", "  ")
        case Remark(kind, sentence, within, code, place):
            indent = indent * within
            first = f"{indent}{KINDS[kind]}{f' ({code})' * bool(code)}{':' * (kind != 'cut')} "
            style = "warning" if kind in ("kink", "warning") else "quiet"
            rest = " " * len(indent + KINDS[kind] + ": ")
            yield from filled(sentence.replace("`", ""), paint, first, rest, style)
            if place is not None:
                yield from paint.marked(source, [place], f"{indent}  ")


def filled(sentence: Sentence, paint: Paint, first: str = "", rest: str = "", style: str = "") -> Iterator[str]:
    """A sentence, wrapped between words but never within a formula that fits a line."""
    return paint.paragraph((first, style), *said(sentence), indent=len(rest), width=min(paint.width, WIDEST))


def equations(rows: Sequence[Row], paint: Paint, indent: str = "  ") -> Iterator[str]:
    """Equations with their signs aligned, but behind a long formula; on a terminal a long line becomes several."""
    columns = max((len(right) for _, right in rows), default=0)
    widths = [0] * columns
    for _, right in rows:
        for at, (_, formula) in enumerate(right[:-1]):
            if len(formula) > WIDEST_COLUMN:
                break
            widths[at] = max(widths[at], len(formula))
    signs = max((len(sign) for _, right in rows for sign, _ in right), default=0)
    left = min(max((len(name) for name, _ in rows), default=0), WIDEST_COLUMN)
    for name, right in rows:
        head: list[Span] = [(f"{indent}{name:<{left}}", "label")]
        line = [*head]
        for at, (sign, formula) in enumerate(right):
            is_last = at == len(right) - 1
            aligned = formula if is_last else f"{formula:<{widths[at]}}"
            line += [(f" {sign:>{signs}} ", ""), number(aligned, name, last=is_last)]
        if paint.view.width is None or sum(width_of(text) for text, _ in line) <= paint.width:
            yield paint.line(*line)
            continue
        if width_of(head[0][0]) > paint.width // 2:  # beside it no line has room
            yield paint.line((f"{indent}{name}", "label"))
            head = [(f"{indent}  ", "")]
        for at, (sign, formula) in enumerate(right):
            head.append((f" {sign:>{signs}} ", ""))
            used = sum(width_of(text) for text, _ in head)
            yield from paint.paragraph(*head, number(formula, name, last=at == len(right) - 1), indent=used)
            head = [(" " * width_of(head[0][0]), "")]
