"""What a row of the rule table is: the local gradients of a function and everything else that is true of it.

A rule's strings speak of its arguments by name (``x, y, z`` unless ``args`` says otherwise) and of its own value ``f``.
``None`` in the place of a local gradient means that the argument never has one (a condition).
``value`` is the numerically careful formula of the value; without one, the arithmetic provides the function.
``definition`` is the textbook formula, where it differs from ``value`` or the arithmetic's own function.
``limit(condition, value, formula)`` is ``where`` for isolated points at which the formula would be 0/0 or 0*inf:
kernels compute all of it, a printed derivative is ``formula``. What cancels around such a point (sinc near 0) no row
can say: a series has the digits of its terms in every arithmetic, so it has to be a function of the arithmetics with
its order as an argument, as polygamma is.
With ``many`` the rule takes any number of arguments: ``x`` is the one in question, ``args`` stands for all of them in
a call, ``each(g)`` for g at every argument, and ``n`` is their number.
``kink`` is the condition under which the function has no derivative and ``convention`` says what is used there.
``args="x a=0.01"`` gives an argument the value that it has unless given; other keywords are domains of arguments.

What else is true of the function is in its row too, and nowhere else:
``parity`` is "odd" for f(-x) = -f(x), "even" for f(-x) = f(x); ``range`` are the values it takes on its domain in exact
numbers (a double may round to an open end); ``factors`` says of a product that it is 0 where one of so many first
arguments is, and nowhere else; ``symmetric`` says that the order of its arguments does not matter, ``pairwise`` which
row of two arguments gives it when they are taken two at a time; ``monotone`` that it rises or falls all the way in each
argument that keeps its sign: its bounds are where arguments are at an end or 0; ``at`` has exact values of a function
of one argument (0 at 0 goes without saying where it is odd); ``textbook`` are the local gradients as a class writes
them, where the careful ones look strange, each empty where they do not: they are shown to people and never computed;
``taught`` is how a teacher begins to speak of each of them, after `` | `` where all other arguments are constants;
``idle`` is what is said of an argument that is sent nothing, where a choice in its local gradient is 0.
``latex`` is what LaTeX has for its name: a word or command before the arguments in parentheses, with ``^`` at its end
if a power may stand there (sin^2(x); for other names it can mean repetition), or the whole with ``#1`` for the first
argument; after `` or `` what is written where a user's name looks like a letter of it.
``outside`` is what people are told where its value is nan at finite arguments.
``surplus`` is how to write here what other languages mean by the function with an argument more.
"""

from __future__ import annotations

import math
from itertools import zip_longest

from cgraph_cli.light import Literal, Mapping, NamedTuple, cache


class Interval(NamedTuple):
    """The values an argument may take or a function has; ``text`` is how it is printed after the argument's name.

    ``closed`` includes the ends (else an end is left out); with ``absolute`` it is |x| that lies between them, and with
    ``poles`` 0 and the negative whole numbers are left out. ``partial`` says that some values of the other arguments
    allow more: (-2)^3.
    """

    low: float
    high: float
    text: str
    closed: bool = False
    absolute: bool = False
    poles: bool = False
    partial: bool = False

    def contains(self, number: float) -> bool:
        """Whether ``number`` lies in the interval; infinity lies in what has no bound."""
        if self.poles and -INF < number <= 0 and number % 1 == 0:
            return False
        size = abs(number) if self.absolute else number
        low, high = self.closed or self.low == -INF, self.closed or self.high == INF
        return (self.low <= size if low else self.low < size) and (size <= self.high if high else size < self.high)


@cache
def _arguments(args: str, count: int) -> tuple[tuple[str, ...], dict[str, float]]:
    """The names of a function's arguments, and the values of those that need none to be given."""
    words = [word.partition("=") for word in args.split()[:count]]
    return tuple(name for name, _, _ in words), {name: float(default) for name, _, default in words if default}


INF = math.inf
REAL = Interval(-INF, INF, "")


class Rule:
    """One function of the language: its local gradients and what is needed to compute and describe it."""

    __slots__ = (
        "args", "at", "convention", "defaults", "definition", "domain", "factors", "gradients", "idle", "kink",
        "latex", "many", "monotone", "outside", "pairwise", "parity", "range", "surplus", "symmetric", "taught",
        "textbook", "value",
    )  # fmt: skip

    def __init__(
        self,
        *gradients: str | None,
        args: str = "x y z",
        value: str | None = None,
        definition: str | None = None,
        many: bool = False,
        kink: str | None = None,
        convention: str = "gradient 0",
        parity: Literal["odd", "even"] | None = None,
        range: Interval = REAL,
        symmetric: bool = False,
        factors: int = 0,
        monotone: bool = False,
        at: Mapping[float, float] | None = None,
        textbook: str | None = None,
        latex: str | None = None,
        taught: str = "",
        idle: str = "",
        surplus: str | None = None,
        outside: str | None = None,
        pairwise: str | None = None,
        **domain: Interval,
    ) -> None:
        self.gradients = gradients
        self.args, self.defaults = _arguments(args, len(gradients))
        self.value = value
        self.definition = definition
        self.many = many
        self.kink = kink
        self.convention = convention if kink else None
        self.parity = parity
        self.range = range
        self.symmetric = symmetric
        self.factors = factors
        self.monotone = monotone
        passes_zero = parity == "odd" and all(interval.contains(0) for interval in domain.values())
        self.at = at or ({0: 0} if passes_zero else {})
        shown = () if textbook is None else textbook.split("; ")
        self.textbook = tuple(one or careful for one, careful in zip_longest(shown, gradients)) if shown else gradients
        self.latex = latex
        self.taught = tuple(taught.split("; "))
        self.idle = tuple(idle.split("; "))
        self.surplus = surplus
        self.outside = outside
        self.pairwise = pairwise
        self.domain = domain

    @property
    def max_args(self) -> int | None:
        """The largest number of arguments, None when there is none."""
        return None if self.many else len(self.args)

    @property
    def min_args(self) -> int:
        """The smallest number of arguments."""
        return 1 if self.many else len(self.args) - len(self.defaults)

    @property
    def has_slope(self) -> bool:
        """Whether any local gradient is other than 0; steps and comparisons have none."""
        return not {"0", None}.issuperset(self.gradients)

    @property
    def has_gradient(self) -> bool:
        """Whether any local gradient exists; comparisons have none."""
        return any(gradient is not None for gradient in self.gradients)


NO_ROW = Rule()  # what a module, a variable or a constant has in the place of one
