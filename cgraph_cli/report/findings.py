"""Findings: what is said about a result."""

from __future__ import annotations

from cgraph_cli.graph.graph import Graph
from cgraph_cli.light import TYPE_CHECKING, Any, Callable, Iterable, Mapping, NamedTuple
from cgraph_cli.syntax.printer import format_number

if TYPE_CHECKING:
    from cgraph_cli.report.kinds import Kind

PLACES = frozenset(("place", "local", "label", "text"))  # fields that say which operation is meant
NOT_FINITE = frozenset(("domain", "overflow", "pole", "indeterminate", "infinite_value", "non_finite_input"))
Found = tuple[str, int, dict[str, Any]]  # kind, node, fields: what the finders yield


def kind_of(name: str) -> Kind:
    """The row of a kind."""
    from cgraph_cli.report.kinds import KINDS

    return KINDS[name]


class Finding(NamedTuple):
    """One thing said about a result: its kind, the node where it arises, its place in the source, its fields."""

    kind: str
    node: int
    span: tuple[int, int]
    fields: Mapping[str, Any]

    @property
    def code(self) -> str:
        """What programs know it by."""
        return kind_of(self.kind).code

    @property
    def word(self) -> str:
        """What stands before the sentence: kink or warning."""
        return kind_of(self.kind).word

    @property
    def head(self) -> str:
        """The same with the code, where something is wrong."""
        return kind_of(self.kind).head

    def place(self, source: str) -> tuple[int, int] | None:
        """The operation that the sentence speaks of; None for a number of the result, for a name, for a note."""
        start, end = self.span
        nowhere = self.word == "note" or PLACES.isdisjoint(self.fields) or source[start:end].isidentifier()
        return None if nowhere else self.span

    @property
    def message(self) -> str:
        """The sentence with all digits of its numbers; what is code stands in backticks."""
        return self.written(format_number)

    def written(self, write: Callable[[float], str]) -> str:
        """The sentence of its kind with its fields filled in, numbers as ``write`` writes them."""
        return kind_of(self.kind).sentence.format_map({name: filled(one, write) for name, one in self.fields.items()})

    @property
    def numbers(self) -> list[float]:
        """The numbers that are fields: of two that differ the sentence speaks as of two."""
        return [one for one in self.fields.values() if isinstance(one, float)]

    @property
    def members(self) -> dict[str, Any]:
        """The fields that programs read, by name; a rewrite where one is known."""
        return {name: self.fields[name] for name in (*kind_of(self.kind).members, "rewrite") if name in self.fields}


def told_point(point: Iterable[tuple[str, float]]) -> list[str | float]:
    """Names with their values, ``x = -2, y = 5``, as a text with numbers in it."""
    parts: list[str | float] = []
    for name, value in point:
        parts += [f"{', ' * bool(parts)}{name} = ", value]
    return parts


def filled(field: Any, write: Callable[[float], str]) -> str:
    """A field as text, its numbers as ``write`` writes them; the sign of a zero is left out."""
    parts = field if isinstance(field, tuple) else (field,)
    return "".join(write(part + 0.0) if isinstance(part, float) else str(part) for part in parts)


def gathered(graph: Graph, found: Iterable[Found]) -> list[Finding]:
    """Findings in the order in which they were made, each once: several outputs can find the same."""
    known: dict[tuple[Any, ...], Finding] = {}
    for kind, node, fields in found:
        span = graph.starts[node], graph.ends[node]
        known.setdefault((kind, node, *map(str, fields.values())), Finding(kind, node, span, fields))
    return list(known.values())
