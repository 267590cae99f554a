"""Folding: a line of text in pieces that fit a column, with numbers always whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Union

# Everything outside these ranges may be two columns wide or none.
_ONE_COLUMN_EACH = re.compile(r"[ -\u02ff\u0370-\u0482←→∂×−…─│├└]*", re.ASCII)
_BREAKS = re.compile(r"(?<=[*/ ])")
# Numbers, names and signs; a bracket stays with what it follows.
_ATOMS = re.compile(r"(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[(),]*|(?:[^\W_]*_+|[^\W_]+)[(),]*|\s+|[^\w\s]")
NUMBER = re.compile(r"\s*[-+=]?\s*[\d.]")


def width_of(text: str) -> int:
    """The number of columns that a text takes on a terminal."""
    if text.isascii() or _ONE_COLUMN_EACH.fullmatch(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


class Span(NamedTuple):
    """A piece of text in one style. ``indent`` is where it goes on when it has to start a new line.

    A ``whole`` piece is never broken.
    """

    text: str
    style: str = ""
    indent: int = 0
    whole: bool = False


Line = Sequence[Span]
Folding = Union[Line, "Equation", "Branch"]


class Equation(NamedTuple):
    """``left = formula = number``, which is broken before its equals signs if it has to be; formula may be empty."""

    left: str
    formula: str
    number: str
    style: str = ""

    def spans(self) -> list[Span]:
        """The equation on one line."""
        return [Span(" = ".join(filter(None, self[:3])), self.style, 4)]

    def fold(self, width: int) -> list[list[Span]]:
        """The equation in lines of at most ``width`` columns."""
        (whole,) = self.spans()
        if width_of(whole.text) <= width:
            return [[whole]]
        first = f"{self.left} = {self.formula}" if self.formula else self.left
        indent = " " * (width_of(self.left) + 1)
        number = f"= {self.number}"
        room = width - width_of(number)
        if width_of(first) <= width and room >= 2:
            texts = [first, indent[:room] + number]
        elif self.formula:
            texts = [self.left, f"  = {self.formula}", f"  {number}"]
        else:
            texts = [self.left, f"  {number}"]
        return [line for text in texts for line in fold([Span(text, self.style, 4)], width)]


class Branch(NamedTuple):
    """A text in a tree, with the lines of the tree left of its first line and of those that follow."""

    lead: str
    follow: str
    text: Sequence[Span]

    def spans(self) -> list[Span]:
        """The branch on one line."""
        return [Span(self.lead, "quiet", 0, True), *self.text]

    def fold(self, width: int) -> list[list[Span]]:
        """The branch in lines of at most ``width`` columns."""
        folded = fold(self.text, max(width - width_of(self.lead), 1))
        leads = [self.lead, *[self.follow] * (len(folded) - 1)]
        return [[Span(lead, "quiet"), *line] for lead, line in zip(leads, folded, strict=True)]


def flat(line: Folding) -> Line:
    """A line that is not folded."""
    return line.spans() if isinstance(line, Equation | Branch) else line


def fold(line: Folding, width: int) -> list[list[Span]]:
    """A line as lines of at most ``width`` columns, broken after signs and spaces; only a number may be wider."""
    if isinstance(line, Equation | Branch):
        return line.fold(width)
    if sum(width_of(span.text) for span in line) <= width:
        return [list(line)]
    lines: list[list[Span]] = [[]]
    used = 0
    for span in line:
        indent = span.indent if span.indent <= width // 2 else 0
        for piece in [span.text] if span.whole else _BREAKS.split(span.text):
            fits = span.whole or width_of(piece.rstrip()) <= width - indent
            for atom in [piece] if fits else _pieces(piece, width - indent):
                if used + width_of(atom.rstrip()) > width and any(span.text.strip() for span in lines[-1]):
                    lines.append([Span(" " * indent)] if indent else [])
                    used = indent
                    atom = atom.lstrip()
                lines[-1].append(Span(atom, span.style))
                used += width_of(atom)
    for folded in lines:
        if folded:
            folded[-1] = folded[-1]._replace(text=folded[-1].text.rstrip())
    return lines


def _pieces(text: str, width: int) -> Iterator[str]:
    """A text without a place to break it in pieces that fit, but numbers whole."""
    for atom in _ATOMS.findall(text):
        while width_of(atom) > width and not NUMBER.match(atom):
            head, atom = _split(atom, width)
            yield head
        yield atom


def _split(text: str, width: int) -> tuple[str, str]:
    """A text cut so that the first part has at most ``width`` columns, and at least one character."""
    end, used = 0, 0
    for character in text:
        used += width_of(character)
        if used > width and end:
            break
        end += 1
    return text[:end], text[end:]


def without_middle(text: str, most: int) -> tuple[str, int]:
    """A text of about ``most`` characters cut in the middle between atoms, and how many characters were left out."""
    if len(text) <= most:
        return text, 0
    head, tail = text[: most // 2], text[-most // 2 :]
    head = "".join(_BREAKS.split(head)[:-1]) or head
    tail = "".join(_BREAKS.split(tail)[1:]) or tail
    return f"{head.rstrip()} … {tail}", len(text) - len(head) - len(tail)
