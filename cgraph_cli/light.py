"""What every command uses of ``typing``, ``collections``, ``functools`` and ``json``, without them: they take as long
to import as Python itself to start, and a plain command is to be answered in that time.

A type checker reads the real names. At run time no hint is evaluated, so that a hint only has to exist.
"""

from __future__ import annotations

import os.path

TYPE_CHECKING = False

if TYPE_CHECKING:
    import json
    import operator
    import re
    from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, MutableSequence, Sequence
    from collections.abc import Set as AbstractSet
    from copy import copy
    from functools import cache, cached_property
    from html import escape
    from importlib import import_module
    from typing import (
        Any,
        ClassVar,
        Generic,
        Literal,
        NamedTuple,
        NoReturn,
        Protocol,
        Self,
        TextIO,
        TypeAlias,
        TypedDict,
        TypeGuard,
        TypeVar,
        Unpack,
        overload,
    )
else:
    import _operator as operator
    import sys
    from _collections_abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, MutableSequence, Sequence
    from _collections_abc import Set as AbstractSet

    try:
        from _collections import _tuplegetter
    except ImportError:  # an interpreter other than CPython

        def _tuplegetter(position, text):
            return property(lambda record: record[position], doc=text)

    try:
        from _functools import _lru_cache_wrapper
    except ImportError:
        from functools import _lru_cache_wrapper

    class _Hint:
        """Stands wherever a hint can: subscripted, called, as a base class, as a decorator."""

        def __getitem__(self, item):
            return self

        def __call__(self, *given, **named):
            return self

        def __mro_entries__(self, bases):
            return ()

    Any = ClassVar = Literal = NoReturn = Protocol = Self = TextIO = _Hint()
    TypeAlias = TypedDict = TypeGuard = TypeVar = Unpack = overload = Any

    class Generic:
        """The base of what has parameters."""

        def __class_getitem__(cls, item):
            return cls

    def _new(cls, *given, **named):
        rest = cls._fields[len(given) :]
        if rest:
            known = cls._field_defaults
            given += tuple(
                [
                    named.pop(field) if field in named else known[field]
                    for field in rest
                    if field in named or field in known
                ]
            )
        if named or len(given) != len(cls._fields):
            raise TypeError(f"{cls.__name__} takes {', '.join(cls._fields)}")
        return tuple.__new__(cls, given)

    def _asdict(self):
        return dict(zip(self._fields, self, strict=True))

    def _replace(self, **changed):
        made = [changed.pop(field, value) for field, value in zip(self._fields, self, strict=True)]
        if changed:
            raise TypeError(f"{type(self).__name__} has no {', '.join(changed)}")
        return tuple.__new__(type(self), made)

    def _repr(self):
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in _asdict(self).items())})"

    _RECORD = {
        "__slots__": (),
        "__new__": _new,
        "_make": classmethod(tuple.__new__),
        "__repr__": _repr,
        "__getnewargs__": lambda self: tuple(self),  # noqa: PLW0108 (a class binds no method)
        "_asdict": _asdict,
        "_replace": _replace,
    }

    class _Records(type):
        """Makes a class with annotated fields a tuple of these fields."""

        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            own = {
                "__match_args__": fields,
                "_fields": fields,
                "_field_defaults": {field: body[field] for field in fields if field in body},
            }
            places = {field: _tuplegetter(place, None) for place, field in enumerate(fields)}
            return type(name, (tuple,), _RECORD | body | own | places)

    class NamedTuple(metaclass=_Records):
        """The base of records."""

    class _Pattern:
        """A regular expression that is compiled when it is first asked for something."""

        def __init__(self, pattern):
            self.pattern = pattern

        def __getattr__(self, name):
            import re

            found = getattr(re.compile(self.pattern), name)
            setattr(self, name, found)
            return found

    class _Re:
        compile = _Pattern

        def __getattr__(self, name):
            import re

            return getattr(re, name)

    re = _Re()

    class _Json:
        """Reads and writes by what ``json`` has in C; the module itself compiles patterns."""

        strict, memo = True, {}
        object_hook = object_pairs_hook = None
        parse_float, parse_int, parse_constant = float, int, float

        def dumps(self, data, *, separators=(", ", ": "), allow_nan=True):
            try:
                from _json import encode_basestring_ascii, make_encoder

                write = make_encoder(
                    {}, self._refuse, encode_basestring_ascii, None, *separators[::-1], False, False, allow_nan
                )
            except (ImportError, TypeError):  # another interpreter
                import json

                return json.dumps(data, separators=separators, allow_nan=allow_nan)
            return "".join(write(data, 0))

        def loads(self, text):
            try:
                from _json import make_scanner

                data, end = make_scanner(self)(text, 0)
                if end == len(text):
                    return data
            except (ImportError, AttributeError, StopIteration, ValueError):
                pass
            import json

            return json.loads(text)  # says what is wrong

        def _refuse(self, one):
            raise TypeError(f"{type(one).__name__} is no JSON")

        def __getattr__(self, name):
            import json

            return getattr(json, name)

    json = _Json()

    def import_module(name):
        """A module by its full name."""
        __import__(name)
        return sys.modules[name]

    def copy(one):
        """A second object with the same attributes."""
        made = object.__new__(type(one))
        made.__dict__.update(one.__dict__)
        return made

    def escape(text):
        """A text as HTML has it."""
        for mark, name in _MARKS:
            if mark in text:
                text = text.replace(mark, name)
        return text

    _MARKS = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#x27;"))

    class cached_property:  # noqa: N801
        """A property that is computed once and then kept among the object's own attributes."""

        def __init__(self, function):
            self.function, self.__doc__ = function, function.__doc__

        def __set_name__(self, owner, name):
            self.name = name

        def __get__(self, instance, owner=None):
            if instance is None:
                return self
            value = instance.__dict__[self.name] = self.function(instance)
            return value

    def cache(function):
        """A function that keeps what it has returned last."""
        keeping = _lru_cache_wrapper(function, MOST_KEPT, False, tuple)
        keeping.__doc__, keeping.__name__, keeping.__wrapped__ = function.__doc__, function.__name__, function
        return keeping


def text_beside(module: str, name: str) -> str:
    """The text of a file in the folder of a module, whose ``__file__`` is given; pathlib takes long to import."""
    with open(os.path.join(os.path.dirname(module), name), encoding="utf-8") as file:  # noqa: PTH118, PTH120, PTH123
        return file.read()


def integers(size: int) -> MutableSequence[int]:
    """So many whole numbers, each 0, in eight bytes each."""
    return _zeros("q", size)


def doubles(size: int) -> MutableSequence[float]:
    """So many doubles, each 0, in eight bytes each."""
    return _zeros("d", size)


def _zeros(kind: str, size: int) -> MutableSequence[Any]:
    # No array: importing that takes `collections` along. What is empty cannot be cast.
    numbers: Any = memoryview(bytearray(8 * (size or 1)))
    return numbers.cast(kind)[:size]  # type: ignore[no-any-return]


class _Packed:
    """A column of numbers on its way into a pickle or a copy."""

    def __init__(self, column: Any) -> None:
        self.column = column

    def __reduce__(self) -> tuple[Any, ...]:
        return _column, (self.column.format, len(self.column), self.column.tobytes())


def _column(kind: str, size: int, data: bytes) -> MutableSequence[Any]:
    column: Any = _zeros(kind, size)
    if size:
        whole: Any = memoryview(data)
        column[:] = whole.cast(kind)
    return column  # type: ignore[no-any-return]


def packed(part: Any) -> Any:
    """What can be pickled and copied for a part of an object: for a column of numbers, which itself cannot."""
    return _Packed(part) if type(part) is memoryview else part


def unpacked(part: Any) -> Any:
    """The part again, where it was neither pickled nor copied."""
    return part.column if type(part) is _Packed else part


class Columns:
    """What has columns of numbers among its attributes, and can be pickled and copied all the same."""

    def __getstate__(self) -> dict[str, Any]:
        return {name: packed(part) for name, part in vars(self).items()}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        vars(self).update((name, unpacked(part)) for name, part in state.items())


MOST_KEPT = 4096  # the rows of the rule table, whose operations have to stay the same objects, are far fewer
T = TypeVar("T")

__all__ = [
    "TYPE_CHECKING", "AbstractSet", "Any", "Callable", "ClassVar", "Collection", "Columns", "Generic", "Hashable",
    "Iterable", "Iterator", "Literal", "Mapping", "MutableSequence", "NamedTuple", "NoReturn", "Protocol", "Self",
    "Sequence", "T", "TextIO", "TypeAlias", "TypeGuard", "TypedDict", "Unpack", "cache", "cached_property",
    "copy", "doubles", "escape", "import_module", "integers", "json", "operator", "overload", "packed", "re",
    "text_beside", "unpacked",
]  # fmt: skip
