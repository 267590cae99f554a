"""The blocks of a worked solution: headings, equations, steps and sentences, in which formulas are marked as such."""

from __future__ import annotations

from cgraph_cli.light import TYPE_CHECKING, Callable, Iterable, Iterator, NamedTuple, re
from cgraph_cli.render.numbers import message

if TYPE_CHECKING:
    from cgraph_cli.render.prose.steps import Row
    from cgraph_cli.report.findings import Finding

# Prose with formulas between dollar signs, which no formula has, and texts in cgraph's own language between backticks.
Sentence = str
PART = re.compile(r"\$([^$]*)\$|`([^`]*)`|[^$`]+")


class Heading(NamedTuple):
    """The title of a part."""

    text: str


class Paragraph(NamedTuple):
    """Sentences that stand alone."""

    text: Sentence


class Equations(NamedTuple):
    """Rows of a name and what it equals: (sign, formula) one after the other."""

    rows: list[Row]


class Step(NamedTuple):
    """One node of the backward pass: its equation, what arrives, and one item for each argument."""

    number: int
    title: str
    arrives: Sentence
    items: list[Sentence]


class Items(NamedTuple):
    """A list of sentences."""

    items: Iterable[Sentence]


class Remark(NamedTuple):
    """A warning or a note; ``within`` a step if it belongs to the step before it; plain text has code and place."""

    kind: str
    text: Sentence
    within: bool = False
    code: str = ""
    place: tuple[int, int] | None = None


Block = Heading | Paragraph | Equations | Step | Items | Remark


def left_out_here(what: str) -> str:
    """That something is not shown."""
    return f"{what} are left out here; --all shows them."


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
                case Paragraph(text):
                    yield self.paragraph % self.sentence(text)
                case Step(number, title, arrives, items):
                    yield self.step % (number, self.title(title), self.sentence(arrives), self.listed(items))
                case Items(items):
                    yield self.listed(items)
                case Remark(kind, text):
                    yield self.remark % (self.kinds[kind], self.sentence(text))

    def listed(self, items: Iterable[Sentence]) -> str:
        """A list of sentences."""
        return self.items % "".join(self.item % self.sentence(item) for item in items)

    def sentence(self, text: Sentence) -> str:
        """Prose with its formulas."""
        return PART.sub(self._part, text)

    def _part(self, found: re.Match[str]) -> str:
        formula, code = found.groups()
        return self.math(formula) if formula is not None else self.code(code) if code else self.prose(found[0])


def remarks(findings: Iterable[Finding], digits: int | None, end: str = ".") -> list[Remark]:
    """Each finding as a sentence, which ends with a point."""
    return [Remark(one.word, message(one, digits) + end) for one in findings]
