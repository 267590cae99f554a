"""Numbers as programs give them."""

from __future__ import annotations

from cgraph_cli.errors import InvalidValueError
from cgraph_cli.light import Any


def number(name: str, value: Any) -> float:
    """A float of whatever is a number. Raises InvalidValueError for anything else."""
    try:
        return float(value)
    except (TypeError, ValueError):
        raise InvalidValueError(f"the value of `{name}` is not a number: {value!r}") from None
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def typed(name: str, value: Any) -> float:
    """The same with all digits of a text, a whole number, a Decimal or a Fraction; a float is the decimal it prints.

    Raises InvalidValueError for what has more digits and does not say which.
    """
    from decimal import Decimal
    from fractions import Fraction

    from cgraph_cli.syntax.typed import Typed

    nearest = number(name, value)
    if isinstance(value, str | int | Decimal | Fraction):
        text = str(value).lower()
        return Typed(text, nearest) if any(map(str.isdigit, text)) else nearest
    if nearest != value and nearest == nearest:
        raise InvalidValueError(f"the value of `{name}` has more digits than a float: give it as a text or a Decimal")
    return nearest
