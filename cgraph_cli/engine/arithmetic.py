"""What an arithmetic is: one kind of number that the same graph is run in.

Everything that depends on the kind of number stands in one file per arithmetic; kernels and passes ask this interface
and never the truth of a number.
"""

from __future__ import annotations

from cgraph_cli.light import TYPE_CHECKING, Any, Callable, Hashable, Mapping, NamedTuple

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

Function = Callable[..., Any]


class Unchanged:
    """The context of an arithmetic that needs none."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, *raised: object) -> None:
        pass


def lost(value: Any) -> Any:
    """True where a value is nan, None where it is not."""
    return True if value != value else None


def _otherwise(lost: Any, local: Any, other: Any) -> Any:
    return other if local is None else local


class _Arithmetic(NamedTuple):
    name: str
    functions: Mapping[str, Function]
    number: Callable[..., Any]
    column: Callable[[int], Any]
    send: Callable[[Any, Any], Any]
    key: Callable[[tuple[Any, ...]], Hashable]
    lazy_choice: bool = True
    own_order: bool = True
    lost: Callable[[Any], Any] = lost
    otherwise: Callable[[Any, Any, Any], Any] = _otherwise
    context: Callable[[], AbstractContextManager[Any]] = Unchanged
    kink: str | None = None


class Arithmetic(_Arithmetic):
    """One kind of number, which is itself alone.

    ``functions`` has every row of the rule table that is no formula of others; none of them raises.
    ``number(value, symbol)`` is a double as such a number; ``symbol`` names a constant that may be known better (pi).
    ``column(size)`` is room for so many numbers, each 0 until it is set.
    ``send(upstream, local)`` is what an edge sends: their product, and nothing where the branch was not taken.
    ``lost(value)`` says where a value is nan, None if nowhere. ``otherwise(lost, local, other)`` is a local gradient,
    and another one where that is none, since the branch was not taken, and a value is ``lost``.
    ``key(args)`` is equal for equal numbers only, 0 and -0 being two.
    ``lazy_choice`` says that a condition has one truth, so that ``where`` is compiled to a conditional.
    ``own_order`` says that its numbers compare in Python as its comparisons compare them.
    ``context()`` is entered by every pass. ``kink`` is which local gradient is used on a kink, None for the convention
    of its row: ``zero``, ``left``, ``right``, ``mean``.
    """

    __slots__ = ()
    __eq__ = object.__eq__  # kernels are kept by arithmetic, which is looked up in no more time than any object
    __hash__ = object.__hash__
