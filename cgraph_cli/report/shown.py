"""How a result shows itself at a Python prompt and in a notebook; what it shows is made by the renderers above."""

from __future__ import annotations

from cgraph_cli.light import Callable, ClassVar

FEW = 8  # right digits of a number that are too few
OF_DOUBLES = 16  # digits of a number that rounding can take


def lost_digits(right: int | None) -> int | None:
    """How many of a number's digits rounding has taken, where so many are right."""
    return None if right is None else max(OF_DOUBLES - right, 0)


class Shown:
    """A result with the methods that Python and IPython ask for.

    ``kind`` is its row in the registry of renderers. ``show(result, way)`` is set by the library, which may import
    them: the text of one of the ways ``plain``, ``html``, ``svg``, ``latex``, ``markdown``, None where there is none.
    """

    __slots__ = ()
    kind: ClassVar[str]
    show: ClassVar[Callable[[Shown, str], str | None] | None] = None

    def folded(self) -> Shown:
        """The result as people are shown it: sums and products of many terms are one node each."""
        return self

    def __repr__(self) -> str:
        return self._shown("plain") or super().__repr__()

    def _shown(self, way: str) -> str | None:
        show = type(self).show
        return None if show is None else show(self, way)

    def _repr_html_(self) -> str | None:
        return self._shown("html")

    def _repr_svg_(self) -> str | None:
        return self._shown("svg")

    def _repr_latex_(self) -> str | None:
        return self._shown("latex")

    def _repr_markdown_(self) -> str | None:
        return self._shown("markdown")
