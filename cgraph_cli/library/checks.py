"""What the library has of checks and quizzes: derivatives held against others, claims marked, numbers left out."""

from __future__ import annotations

from cgraph_cli.graph.build import AS_WRITTEN, Reading, check_variables
from cgraph_cli.graph.graph import Graph
from cgraph_cli.library.numbers import number
from cgraph_cli.light import TYPE_CHECKING, Any, Iterable, Mapping, Sequence
from cgraph_cli.report.report import Report
from cgraph_cli.report.shown import Shown
from cgraph_cli.rules import CONSTANTS
from cgraph_cli.syntax.expression import Program, normal_name

if TYPE_CHECKING:
    from cgraph_cli.check.claims import Marking
    from cgraph_cli.check.enclosures import Proofs
    from cgraph_cli.check.quiz import Quiz
    from cgraph_cli.check.samples import Samples
    from cgraph_cli.check.witnesses import Checks


class Checking(Shown):
    """The methods of an expression that check."""

    program: Program
    _asked: frozenset[str]

    if TYPE_CHECKING:

        def graph(self, reading: Reading = AS_WRITTEN) -> Graph:
            """What an expression has."""

        def evaluate(self, values: Mapping[str, float] | None = None, /, **options: Any) -> Report:
            """What an expression has."""

    def check(self, values: Mapping[str, float] | None = None, /, *, rigorous: bool = False, **named: Any) -> Checks:
        """Every gradient at a point held against forward mode, a finite difference and high precision.

        The arguments are those of ``evaluate``; what is returned has ``passed`` and ``partials``. ``rigorous`` adds
        enclosures that are proved; that raises MissingExtraError where python-flint is not installed.
        """
        from cgraph_cli.check.witnesses import checked

        checks = checked(self.evaluate(values, **named))
        if not rigorous:
            return checks
        from cgraph_cli.check.enclosures import proved

        return proved(checks)

    def sample(
        self,
        count: int,
        fixed: Mapping[str, float] | None = None,
        /,
        *,
        ranges: Mapping[str, tuple[float, float]] | None = None,
        seed: int = 1,
        wrt: Sequence[str] = (),
        reading: Reading = AS_WRITTEN,
    ) -> Samples:
        """The same at ``count`` points of the domain: names in ``fixed`` have one value, others are drawn.

        They are drawn from ``ranges``, which are pairs (low, high), by default (-5, 5). Raises UnknownVariableError
        for other names, InvalidValueError for a range that is empty or in which no point of the domain is found.
        """
        from cgraph_cli.check.samples import sampled

        graph = self._ranged(reading, fixed or (), ranges or (), wrt)
        return sampled(self.program, graph, count, seed=seed, ranges=ranges, fixed=fixed, wrt=wrt)

    def mark(
        self,
        claims: Mapping[str, str | float],
        values: Mapping[str, float] | None = None,
        /,
        *,
        seed: int = 1,
        **named: Any,
    ) -> Marking:
        """Derivatives that are claimed, each as a formula or a number by what it is taken by, marked at a point.

        That is a variable, a named part, or variables separated by commas; formulas are compared at random points too,
        drawn by the seed. The values are those of ``evaluate``. Raises CgraphError for a claim that cannot be read.
        """
        from cgraph_cli.check.claims import Claim, mark

        known = [Claim(by, str(claim)) for by, claim in claims.items()]
        return mark(self.evaluate(values, **named), known, seed)

    def prove(
        self,
        ranges: Mapping[str, tuple[float, float]],
        fixed: Mapping[str, float] | None = None,
        /,
        *,
        wrt: Sequence[str] = (),
        reading: Reading = AS_WRITTEN,
    ) -> Proofs:
        """Intervals that are proved to hold every gradient in a box; ranges and fixed values are as in ``sample``.

        Raises MissingExtraError where python-flint is not installed.
        """
        from cgraph_cli.check.enclosures import enclosed

        graph = self._ranged(reading, fixed or (), ranges, wrt)
        return enclosed(self.program, graph, ranges=ranges, fixed=fixed or {}, wrt=wrt)

    def _ranged(self, reading: Reading, *named: Iterable[str]) -> Graph:
        """The graph in which all of these names are variables, the last of them those to differentiate by."""
        asked = self._asked.union(*named).intersection(CONSTANTS, self.program.names())
        graph = self.graph(reading._replace(variables=reading.variables | asked))
        check_variables(named[-1], graph.variables)
        return graph

    def quiz(
        self,
        seed: str | int = 1,
        given: Mapping[str, float] | None = None,
        /,
        *,
        blank: Sequence[str] = ("upstream", "local"),
        **named: float,
    ) -> Quiz:
        """The expression with numbers drawn for a student, the seed, and blanks; names that are given keep their value.

        ``blank`` are of value, upstream, local and downstream; ``members`` of what is returned are the blanks and the
        form of a file of answers. Raises UnknownVariableError for other names, UsageError for other parts and where
        there is nothing to find, InvalidValueError where no point without a kink, a pole or a warning is found.
        """
        from cgraph_cli.check.quiz import quiz

        point = {normal_name(name): number(name, value) for name, value in {**(given or {}), **named}.items()}
        return quiz(self.program, str(seed), blank, point)
