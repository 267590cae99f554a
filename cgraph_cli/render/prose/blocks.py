"""The blocks of a worked solution: headings, equations, steps and sentences, in which formulas are marked as such."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cgraph_cli.render.prose.steps import Row


class Math(str):
    """A formula within a sentence."""

    __slots__ = ()


class Code(str):
    """A text in cgraph's own language within a sentence."""

    __slots__ = ()


Sentence = list[str]  # prose and Math


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


class Remark(NamedTuple):
    """A warning, a note or a variable's gradient; ``within`` a step if it belongs to the step before it."""

    kind: str
    parts: Sentence
    within: bool = False


Block = Heading | Paragraph | Equations | Step | Remark


def said(text: str, **parts: str | Sentence) -> Sentence:
    """A sentence from a text with the names of its formulas and other parts in braces."""
    sentence: Sentence = []
    for index, piece in enumerate(re.split("[{}]", text)):
        part = parts[piece] if index % 2 else piece
        sentence += part if isinstance(part, list) else [part]
    return [part for part in sentence if part]


def separated(items: Sequence[str], separator: str) -> Sentence:
    """Items with a separator between them."""
    parts: Sentence = []
    for item in items:
        parts += [separator, item] if parts else [item]
    return parts


def enumerated(items: Sequence[str], word: str) -> Sentence:
    """``a, b and c``."""
    return enumerated_sentences([[item] for item in items], word)


def enumerated_sentences(items: Sequence[Sentence], word: str) -> Sentence:
    """The same for items of several parts."""
    parts: Sentence = []
    for index, item in enumerate(items):
        if index:
            parts.append(f" {word} " if index == len(items) - 1 else ", ")
        parts += item
    return parts


def quoted(message: str) -> Sentence:
    """A warning's message, whose `...` are code."""
    return [Code(part) if index % 2 else part for index, part in enumerate(message.split("`")) if part]
