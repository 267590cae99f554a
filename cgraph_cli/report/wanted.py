"""What is asked of an evaluation, and how many digits of its numbers have to be right."""

from __future__ import annotations

from cgraph_cli.engine.rounding import DOUBT
from cgraph_cli.light import Mapping, NamedTuple, Sequence

SHOWN, MOST_SURE = 6, 14  # digits that are shown of a number, and that rounding leaves to most formulas in doubles


class Wanted(NamedTuple):
    """What is asked of an evaluation besides the value and the gradients by all variables.

    ``hessian`` are second derivatives, ``direction`` is that of a directional derivative, ``wrt`` the names that
    gradients are by. ``kink`` is the local gradient used on a kink, where it is not the convention of its function: a
    key of kinks.USED, or REFUSED. With ``true`` numbers that are wrong in doubles have their true values; with
    ``digits`` every number is one of high precision, right to so many digits. Of doubles it is said where they have not
    the digits that are ``shown``, six where it is None and 14 at most.
    """

    hessian: bool = False
    direction: Mapping[str, float] | None = None
    wrt: Sequence[str] = ()
    kink: str | None = None
    true: bool = False
    digits: int | None = None
    shown: int | None = None

    @property
    def right(self) -> int:
        """How many digits of a number have to be right, so that those that are shown are."""
        return 1 + min(max(self.shown or SHOWN, SHOWN), MOST_SURE)

    @property
    def part(self) -> float:
        """The part of a number that its error may be."""
        return 10.0**-self.right

    @property
    def doubt(self) -> float:
        """The part of a number that a bound of its error may be before high precision is asked."""
        return DOUBT * 10.0 ** (Wanted().right - self.right)

    @property
    def moving(self) -> dict[str, float]:
        """The direction without the names that do not move."""
        return {name: length for name, length in (self.direction or {}).items() if length != 0}

    def by_names(self, hessian: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        """The entries of the Hessian by the names of ``wrt``."""
        return {one: {other: hessian[one][other] for other in self.wrt} for one in self.wrt} if self.wrt else hessian
