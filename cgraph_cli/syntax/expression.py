"""The syntax tree of what a user typed: statements made of numbers, names, operators and calls.

Trees can be a million levels deep (a long sum leans to the left), so nothing here recurses and no class has a
generated ``repr``, ``==`` or ``hash``.
"""

from __future__ import annotations

from cgraph_cli.errors import Span
from cgraph_cli.light import Callable, Iterable, Iterator, Sequence, TypeVar
from cgraph_cli.limits import MAX_NODES

T = TypeVar("T")

SUPERSCRIPT_DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def normal_name(name: str) -> str:
    """A name in Unicode's composed form, é is one name however it was typed, and with one µ: keyboards have two."""
    if name.isascii():
        return name
    from unicodedata import normalize

    return normalize("NFC", name).replace("\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}")


class Syntax:
    """The base of all parts of an expression; ``[start, end)`` is its place in the source text."""

    __slots__ = ("end", "start")
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The place in the source text."""
        return Span(self.start, self.end)

    def operands(self) -> tuple[Syntax, ...]:
        """The parts this one is made of, from left to right."""
        return ()


class Number(Syntax):
    """A number; always a double, and never negative when it comes from a text."""

    __slots__ = ("value",)

    def __init__(self, value: float, start: int = 0, end: int = 0) -> None:
        self.value = value
        self.start = start
        self.end = end


class Name(Syntax):
    """A variable, a constant such as ``pi``, or a name that a statement defines."""

    __slots__ = ("name",)

    def __init__(self, name: str, start: int = 0, end: int = 0) -> None:
        self.name = name
        self.start = start
        self.end = end


class Unary(Syntax):
    """``-operand`` (``symbol`` is always ``-``: a plus sign changes nothing and is not kept)."""

    __slots__ = ("operand", "symbol")

    def __init__(self, symbol: str, operand: Syntax, start: int = 0, end: int = 0) -> None:
        self.symbol = symbol
        self.operand = operand
        self.start = start
        self.end = end

    def operands(self) -> tuple[Syntax, ...]:
        return (self.operand,)


class Binary(Syntax):
    """``left symbol right``, with one of the symbols of ``rules.OPERATORS``."""

    __slots__ = ("left", "right", "symbol")

    def __init__(self, symbol: str, left: Syntax, right: Syntax, start: int = 0, end: int = 0) -> None:
        self.symbol = symbol
        self.left = left
        self.right = right
        self.start = start
        self.end = end

    def operands(self) -> tuple[Syntax, ...]:
        return (self.left, self.right)


class Call(Syntax):
    """``name(arguments)``; ``typed`` is how many characters the name had."""

    __slots__ = ("arguments", "name", "typed")

    def __init__(self, name: str, arguments: Iterable[Syntax], start: int = 0, end: int = 0, typed: int = 0) -> None:
        self.name = name
        self.arguments = tuple(arguments)
        self.start = start
        self.end = end
        self.typed = typed

    @property
    def name_span(self) -> Span:
        """The place of the function's name."""
        return Span(self.start, self.start + self.typed)

    def operands(self) -> tuple[Syntax, ...]:
        return self.arguments


class Assignment:
    """A statement ``name = value``; ``name`` is None for an expression that stands alone."""

    __slots__ = ("name", "name_span", "value")

    def __init__(self, name: str | None, value: Syntax, name_span: Span | None = None) -> None:
        self.name = name
        self.value = value
        self.name_span = name_span


class Definition:
    """A statement ``name(parameters) = body``: a module."""

    __slots__ = ("body", "name", "name_span", "parameters")

    def __init__(self, name: str, parameters: list[str], body: Syntax, name_span: Span) -> None:
        self.name = name
        self.parameters = parameters
        self.body = body
        self.name_span = name_span


class Program:
    """Everything the user typed: the source text and its statements, the last of which is the output.

    ``max_nodes`` is how many nodes its graph may have.
    """

    __slots__ = ("_names", "max_nodes", "source", "statements")

    def __init__(self, source: str, statements: list[Assignment | Definition], max_nodes: int = MAX_NODES) -> None:
        self.source = source
        self.max_nodes = max_nodes
        self.statements = statements
        self._names: dict[str, Name] | None = None

    def names(self) -> dict[str, Name]:
        """The free names with their first use, in order of appearance, constants included; not to be changed."""
        if self._names is not None:
            return self._names
        found = self._names = dict[str, Name]()
        defined: set[str] = set()
        for statement in self.statements:
            if isinstance(statement, Definition):
                continue  # a module knows its parameters only
            for part in walk(statement.value):
                if isinstance(part, Name) and part.name not in found and part.name not in defined:
                    found[part.name] = part
            if statement.name is not None:
                defined.add(statement.name)
        return found

    def known_names(self, typed: dict[str, Name]) -> None:
        """Take these for the free names, in order of appearance: what has read the text has seen them, as typed."""
        self._names = typed
        if not all(map(str.isascii, typed)):  # one name may be typed in several ways
            self._names = found = dict[str, Name]()
            for name in typed.values():
                found.setdefault(name.name, name)


def walk(expression: Syntax) -> Iterator[Syntax]:
    """All parts of an expression, each before its operands, from left to right."""
    stack = [expression]
    while stack:
        part = stack.pop()
        yield part
        operands = part.operands()
        if operands:
            stack.extend(reversed(operands))


def fold(expression: Syntax, leaf: Callable[[Number | Name], T], node: Callable[[Syntax, list[T]], T]) -> T:
    """What ``node`` makes of the whole from what it made of the operands, from left to right; ``leaf`` begins."""
    done: list[T] = []
    stack: list[Syntax | tuple[Syntax, int]] = [expression]
    while stack:
        part = stack.pop()
        if isinstance(part, tuple):
            at = len(done) - part[1]
            done[at:] = [node(part[0], done[at:])]
        elif isinstance(part, Number | Name):
            done.append(leaf(part))
        else:
            operands = part.operands()
            stack.append((part, len(operands)))
            stack.extend(reversed(operands))
    return done[0]


def rebuilt(part: Syntax, operands: Sequence[Syntax]) -> Syntax:
    """An operation over other operands."""
    if isinstance(part, Unary):
        return Unary(part.symbol, operands[0], part.start, part.end)
    if isinstance(part, Binary):
        return Binary(part.symbol, operands[0], operands[1], part.start, part.end)
    assert isinstance(part, Call)
    return Call(part.name, operands, part.start, part.end, part.typed)


def same(first: Syntax, second: Syntax) -> bool:
    """Whether two expressions have the same structure; places in the text do not count."""
    stack = [(first, second)]
    while stack:
        one, other = stack.pop()
        if type(one) is not type(other):
            return False
        for attribute in ("value", "name", "symbol"):
            if getattr(one, attribute, None) != getattr(other, attribute, None):
                return False
        ours, theirs = one.operands(), other.operands()
        if len(ours) != len(theirs):
            return False
        stack.extend(zip(ours, theirs, strict=True))
    return True
