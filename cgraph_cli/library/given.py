"""The options of the library's functions, each read with an error that names it."""

from __future__ import annotations

from cgraph_cli.engine.floats import number
from cgraph_cli.errors import InvalidValueError
from cgraph_cli.light import Any, Collection, Iterable, Mapping, T, operator


def names(option: str, given: Any) -> list[str]:
    """A name or several. Raises InvalidValueError for anything else, and for none."""
    found = [given] if isinstance(given, str) else list(given) if isinstance(given, Iterable) else []
    if not found or not all(isinstance(one, str) for one in found):
        raise InvalidValueError(f"`{option}` is a name or a list of names, not {given!r}")
    return found


def whole(option: str, given: Any, least: int, most: int | None = None) -> int:
    """A whole number between two. Raises InvalidValueError for anything else."""
    try:
        found = operator.index(given)
    except TypeError:
        found = least - 1
    if found < least or (most is not None and found > most):
        up_to = "" if most is None else f" to {most}"
        raise InvalidValueError(f"`{option}` is a whole number from {least}{up_to}, not {given!r}")
    return found


def mapping(option: str, given: Mapping[str, T] | None) -> Mapping[str, T]:
    """A dict, an empty one for None. Raises InvalidValueError for anything else."""
    if given is not None and not isinstance(given, Mapping):
        raise InvalidValueError(f"`{option}` is a dict by names, not {given!r}")
    return given or {}


def one_of(option: str, given: Any, known: Collection[str]) -> None:
    """Raises InvalidValueError for what is none of some words."""
    if given not in known:
        raise InvalidValueError(f"`{option}` is one of {', '.join(known)}, not {given!r}")


def pair(name: str, given: Any) -> tuple[float, float]:
    """Two numbers of a name. Raises InvalidValueError for anything else."""
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise InvalidValueError(f"`{name}` has a pair of numbers, not {given!r}")
    first, second = given
    return number(name, first), number(name, second)


def ranges(option: str, given: Mapping[str, Any] | None) -> dict[str, tuple[float, float]]:
    """Pairs (low, high) by names. Raises InvalidValueError for anything else."""
    return {name: pair(name, one) for name, one in mapping(option, given).items()}
