"""The blocks of a worked solution: headings, equations, steps and sentences, in which formulas are marked as such."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from cgraph_cli.render.prose.steps import Row


class Math(str):
    """A formula within a sentence."""

    __slots__ = ()


class Code(str):
    """A text in cgraph's own language within a sentence."""

    __slots__ = ()


Sentence = list[str]  # prose, Math and Code


class Heading(NamedTuple):
    """The title of a part."""

    text: str


class Paragraph(NamedTuple):
    """Sentences that stand alone."""

    parts: Sentence


class Equations(NamedTuple):
    """Rows of a name and what it equals: (sign, formula) one after the other."""

    rows: list[Row]


class Step(NamedTuple):
    """One node of the backward pass: its equation, what arrives, and one item for each argument."""

    number: int
    title: Math
    arrives: Sentence
    items: list[Sentence]


class Items(NamedTuple):
    """A list of sentences."""

    items: Iterable[Sentence]


class Remark(NamedTuple):
    """A warning or a note; ``within`` a step if it belongs to the step before it."""

    kind: str
    parts: Sentence
    within: bool = False


Block = Heading | Paragraph | Equations | Step | Items | Remark


class Layout(NamedTuple):
    """How blocks are written in a format of marked-up text: forms with a %s for each part, and how parts are marked."""

    heading: str
    paragraph: str
    step: str  # number, equation, what arrives, items
    items: str
    item: str
    remark: str  # kind, text
    kinds: dict[str, str]
    prose: Callable[[str], str]
    code: Callable[[str], str]
    math: Callable[[str], str]
    title: Callable[[str], str]  # the equation of a step
    equations: Callable[[list[Row]], str]

    def write(self, blocks: Iterable[Block]) -> Iterator[str]:
        """The text of every block."""
        for block in blocks:
            match block:
                case Heading(text):
                    yield self.heading % self.prose(text)
                case Equations(rows):
                    yield self.equations(rows)
                case Paragraph(parts):
                    yield self.paragraph % self.sentence(parts)
                case Step(number, title, arrives, items):
                    yield self.step % (number, self.title(title), self.sentence(arrives), self.listed(items))
                case Items(items):
                    yield self.listed(items)
                case Remark(kind, parts):
                    yield self.remark % (self.kinds[kind], self.sentence(parts))

    def listed(self, items: Iterable[Sentence]) -> str:
        """A list of sentences."""
        return self.items % "".join(self.item % self.sentence(item) for item in items)

    def sentence(self, parts: Sentence) -> str:
        """Prose with its formulas."""
        return "".join(map(self.part, parts))

    def part(self, text: str) -> str:
        """A piece of a sentence."""
        write = self.math if isinstance(text, Math) else self.code if isinstance(text, Code) else self.prose
        return write(text)


def said(text: str, **parts: str | Sentence) -> Sentence:
    """A sentence from a text with the names of its formulas and other parts in braces."""
    sentence: Sentence = []
    for index, piece in enumerate(re.split("[{}]", text)):
        part = parts[piece] if index % 2 else piece
        sentence += part if isinstance(part, list) else [part]
    return [part for part in sentence if part]


def enumerated(items: Sequence[str | Sentence], last: str = " and ") -> Sentence:
    """``a, b and c``."""
    parts: Sentence = []
    for index, item in enumerate(items):
        if index:
            parts.append(last if index == len(items) - 1 else ", ")
        parts += item if isinstance(item, list) else [item]
    return parts


def quoted(message: str) -> Sentence:
    """A warning's message, whose `...` are code."""
    return [Code(part) if index % 2 else part for index, part in enumerate(message.split("`")) if part]
