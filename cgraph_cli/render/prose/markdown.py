"""The worked solution as Markdown, its formulas as code."""

from __future__ import annotations

from collections.abc import Iterator

from cgraph_cli.render import View
from cgraph_cli.render.prose.blocks import Block, Code, Equations, Heading, Math, Paragraph, Remark, Sentence, Step
from cgraph_cli.render.prose.explain import explanation
from cgraph_cli.render.prose.text import equations
from cgraph_cli.render.prose.writing import AsciiWriting, Writing
from cgraph_cli.report.report import Explanation

KINDS = {"kink": "**Kink:** ", "warning": "**Warning:** ", "note": "**Note:** ", "cut": "… ", "variable": "- "}


def render_explanation(wanted: Explanation, view: View) -> Iterator[str]:
    """The worked solution as Markdown."""
    writing = AsciiWriting(wanted.report) if view.ascii else Writing(wanted.report)
    yield "# Worked solution\n\n"
    last: Block | None = None
    for block in explanation(wanted, writing, all=view.all):
        text = _block(block)
        is_item = isinstance(block, Remark) and block.kind == "variable"
        was_item = isinstance(last, Remark) and last.kind == "variable"
        if was_item and not is_item:
            yield "\n"
        yield text + ("\n" if is_item else "\n\n")
        last = block


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"## {block.text}"
    if isinstance(block, Equations):
        return "```text\n" + "".join(equations(block.rows, None, indent="")) + "```"
    if isinstance(block, Paragraph):
        return _text(block.parts)
    if isinstance(block, Step):
        items = "".join(f"\n- {_text(item)}" for item in block.items)
        return f"### {block.number}. `{block.title}`\n\n{_text(block.arrives)}\n{items}"
    return KINDS[block.kind] + _text(block.parts)


def _text(parts: Sentence) -> str:
    return "".join(f"`{part}`" if isinstance(part, Math | Code) else _escaped(part) for part in parts)


def _escaped(text: str) -> str:
    """Prose in which nothing is read as Markdown."""
    return "".join(f"\\{character}" if character in "\\*_[]<>" else character for character in text)
