"""What a user is told about a result: a code that stays, the node it is about, and a sentence."""

from __future__ import annotations

from typing import NamedTuple


class Warning(NamedTuple):
    """One finding; ``node`` is the id of the node where it arises."""

    code: str
    node: int
    message: str
