"""What a user typed: statements made of numbers, names, operators and calls, as a sequence and as a syntax tree.

Trees can be a million levels deep (a long sum leans to the left), so nothing here recurses and no class has a
generated ``repr``, ``==`` or ``hash``.
"""

from __future__ import annotations

from itertools import chain

from cgraph_cli.errors import Span
from cgraph_cli.light import Any, Callable, Iterable, Iterator, MutableSequence, Sequence, T
from cgraph_cli.limits import MAX_NODES
from cgraph_cli.rules import OPERATORS

Token = tuple[str, int, int]  # as typed, start, end

MANY = 100_000  # characters

SUPERSCRIPT, LEVEL = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"
SUPERSCRIPT_DIGITS = str.maketrans(SUPERSCRIPT, LEVEL)
SUPERSCRIPTS = str.maketrans(LEVEL, SUPERSCRIPT)


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

    @property
    def is_negative(self) -> bool:
        """Whether it is written with a minus, as -0.0 is."""
        return str(self.value).startswith("-")


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


class Applied:
    """What is applied to so many operands: a sign, or a function whose name has ``typed`` characters in the text."""

    __slots__ = ("count", "name", "typed")

    def __init__(self, name: str, count: int, typed: int | None = None) -> None:
        self.name = name
        self.count = count
        self.typed = typed

    def __reduce__(self) -> tuple[Any, ...]:
        """Signs stay the same objects."""
        if self.typed is not None:
            return Applied, (self.name, self.count, self.typed)
        return _sign, (self.name, self.count, self is NEGATIVE)

    def over(self, operands: Sequence[Syntax], start: int, end: int) -> Syntax:
        """The operation over these operands."""
        if self.typed is not None:
            return Call(self.name, operands, start, end, self.typed)
        if self.count == 1:
            return Unary(self.name, operands[0], start, end)
        return Binary(self.name, operands[0], operands[1], start, end)


SIGNS = {symbol: Applied(symbol, 2) for symbol in OPERATORS}
MINUS = Applied("-", 1)
NEGATIVE = Applied("-", 1)  # of a number, whose sign it is


def _sign(name: str, count: int, is_negative: bool) -> Applied:
    return SIGNS[name] if count == 2 else NEGATIVE if is_negative else MINUS


class Flat:
    """An expression as a sequence of its parts, operands before what is applied to them: that of evaluation.

    ``parts`` are names, numbers and what is applied; ``starts`` and ``ends`` are their places in the source text. It
    takes a fraction of the time and memory of a tree, which is made of it where there is one to be walked.
    """

    __slots__ = ("ends", "parts", "starts")

    def __init__(self, size: int = 0) -> None:
        """An empty one, for a text of so many characters."""
        self.parts: list[Any] = []  # str | float | Applied
        self.starts: MutableSequence[int] = []
        self.ends: MutableSequence[int] = []
        if size > MANY:
            from array import array  # importing it is slow for a few

            self.starts, self.ends = array("I"), array("I")

    @classmethod
    def of(cls, tree: Syntax) -> Flat:
        """The parts of a tree."""
        flat = cls()
        calls: dict[tuple[str, int, int], Applied] = {}
        stack = [tree]
        while stack:
            part = stack.pop()
            operands = part.operands()
            if isinstance(part, Call):
                key = part.name, len(operands), part.typed
                head: str | float | Applied = calls.get(key) or calls.setdefault(key, Applied(*key))
            else:
                head = _head(part)
            flat.add(head, part.start, part.end)
            stack += operands
        for column in (flat.parts, flat.starts, flat.ends):
            column.reverse()
        return flat

    def add(self, part: str | float | Applied, start: int, end: int) -> None:
        """Append a part."""
        self.parts.append(part)
        self.starts.append(start)
        self.ends.append(end)

    def tree(self) -> Syntax:
        """The same as a tree."""
        done: list[Syntax] = []
        for part, start, end in zip(self.parts, self.starts, self.ends, strict=True):
            kind = type(part)
            if kind is str:
                done.append(Name(part, start, end))
            elif kind is Applied:
                at = len(done) - part.count
                done[at:] = [part.over(done[at:], start, end)]
            else:
                done.append(Number(part, start, end))
        return done[0]

    def between(self, first: int, last: int) -> Flat:
        """The expression whose parts are those from ``first`` on and before ``last``."""
        flat = Flat()
        flat.parts, flat.starts, flat.ends = self.parts[first:last], self.starts[first:last], self.ends[first:last]
        return flat

    def beginning(self, last: int) -> int:
        """Where the expression begins that ends with the part before ``last``."""
        wanted = 1
        while wanted:
            last -= 1
            part = self.parts[last]
            wanted += (part.count if type(part) is Applied else 0) - 1
        return last

    def call(self, applied: Applied) -> Call:
        """The first call of a function with so many operands."""
        last = self.parts.index(applied) + 1
        call = self.between(self.beginning(last), last).tree()
        assert isinstance(call, Call)
        return call

    @property
    def span(self) -> Span:
        """The place in the source text."""
        return Span(self.starts[-1], self.ends[-1])

    @property
    def name(self) -> str | None:
        """The name that is all there is."""
        last = self.parts[-1]
        return last if isinstance(last, str) else None


def _head(part: Syntax) -> str | float | Applied:
    if isinstance(part, Name):
        return part.name
    if isinstance(part, Number):
        return part.value
    if isinstance(part, Binary):
        return SIGNS[part.symbol]
    assert isinstance(part, Unary)
    return NEGATIVE if isinstance(part.operand, Number) else MINUS


class Statement:
    """What statements share: an expression, as a sequence and as a tree, either made of the other on first use."""

    __slots__ = ("_flat", "_tree")

    def __init__(self, expression: Syntax | Flat) -> None:
        self._flat: Flat | None = None
        self._tree: Syntax | None = None
        if isinstance(expression, Flat):
            self._flat = expression
        else:
            self._tree = expression

    @property
    def flat(self) -> Flat:
        """The expression as a sequence of its parts."""
        if self._flat is None:
            assert self._tree is not None
            self._flat = Flat.of(self._tree)
        return self._flat

    def take(self, flat: Flat) -> None:
        """Have another expression."""
        self._flat, self._tree = flat, None

    @property
    def tree(self) -> Syntax:
        """The expression as a tree."""
        if self._tree is None:
            assert self._flat is not None
            self._tree = self._flat.tree()
        return self._tree


class Assignment(Statement):
    """A statement ``name = value``; ``name`` is None for an expression that stands alone."""

    __slots__ = ("name", "name_span")

    def __init__(self, name: str | None, value: Syntax | Flat, name_span: Span | None = None) -> None:
        super().__init__(value)
        self.name = name
        self.name_span = name_span


class Definition(Statement):
    """A statement ``name(parameters) = body``: a module."""

    __slots__ = ("name", "name_span", "parameters")

    def __init__(self, name: str, parameters: list[str], body: Syntax | Flat, name_span: Span) -> None:
        super().__init__(body)
        self.name = name
        self.parameters = parameters
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
        self._names: dict[str, int] | None = None

    def names(self) -> dict[str, int]:
        """The free names in order of appearance, constants included, and which part of all is the first use of each.

        Not to be changed.
        """
        if self._names is not None:
            return self._names
        found = self._names = dict[str, int]()
        defined: set[str] = set()
        before = 0
        for statement in self.statements:
            parts = statement.flat.parts
            if isinstance(statement, Assignment):  # a module knows its parameters only
                for at, part in enumerate(parts, before):
                    if type(part) is str and part not in found and part not in defined:
                        found[part] = at
                if statement.name is not None:
                    defined.add(statement.name)
            before += len(parts)
        return found

    def known_names(self, typed: dict[str, int]) -> None:
        """Take these for the free names, in order of appearance: what has read the text has seen them, as typed."""
        self._names = typed
        if not all(map(str.isascii, typed)):  # one name may be typed in several ways
            self._names = found = dict[str, int]()
            for name, at in typed.items():
                found.setdefault(normal_name(name), at)

    def places(self) -> tuple[Sequence[int], Sequence[int]]:
        """Where each part begins and ends in the source text, statement after statement."""
        flats = [statement.flat for statement in self.statements]
        if len(flats) == 1:
            return flats[0].starts, flats[0].ends
        return [*chain.from_iterable(one.starts for one in flats)], [*chain.from_iterable(one.ends for one in flats)]

    def place(self, name: str) -> Span:
        """Where a free name is used first."""
        at = self.names()[name]
        return Span(*(column[at] for column in self.places()))


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
