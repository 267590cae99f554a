"""An expression as programs have it."""

from __future__ import annotations

import gc
from itertools import chain

from cgraph_cli.engine.floats import number
from cgraph_cli.errors import InvalidValueError, UsageError
from cgraph_cli.graph.build import AS_WRITTEN, Reading, build, check_values, check_variables, variables_of
from cgraph_cli.graph.graph import Graph
from cgraph_cli.library import given
from cgraph_cli.light import (
    TYPE_CHECKING,
    Any,
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
    TypedDict,
    Unpack,
    cached_property,
    overload,
)
from cgraph_cli.limits import FINEST
from cgraph_cli.report.evaluate import evaluate_program
from cgraph_cli.report.kinks import REFUSED, USED
from cgraph_cli.report.report import Report
from cgraph_cli.report.shown import Shown
from cgraph_cli.rules import CONSTANTS
from cgraph_cli.syntax.expression import Program, normal_name
from cgraph_cli.syntax.parser import parse as parse_program
from cgraph_cli.syntax.printer import print_program

Names = list[str] | tuple[str, ...]

if TYPE_CHECKING:
    from cgraph_cli.check.claims import Marking
    from cgraph_cli.check.enclosures import Proofs
    from cgraph_cli.check.quiz import Quiz
    from cgraph_cli.check.samples import Samples
    from cgraph_cli.check.witnesses import Checks
    from cgraph_cli.report.derivatives import Derivatives
    from cgraph_cli.report.rewritten import Rewritten

    class Differentiating(TypedDict, total=False):
        """The options of ``differentiate``."""

        order: int
        simplify: bool
        variables: Collection[str]


class Partials(dict[str, "Expression"]):
    """Derivatives by name, which a notebook shows as equations."""

    def __init__(self, each: Mapping[str, Expression], found: Derivatives) -> None:
        super().__init__(each)
        self._found = found

    def _repr_html_(self) -> str | None:
        return self._found._repr_html_()

    def _repr_latex_(self) -> str | None:
        return self._found._repr_latex_()

    def _repr_markdown_(self) -> str | None:
        return self._found._repr_markdown_()


class Quiet:
    """While this is entered, the garbage collector is quiet; it is as it was afterwards.

    It would look through all nodes again and again while there come to be more of them: half the time of a large graph.
    """

    def __enter__(self) -> None:
        self.enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *raised: object) -> None:
        if self.enabled:
            gc.enable()


class Expression(Shown):
    """An expression of cgraph's language: it prints, evaluates with all its gradients, and differentiates again.

    ``variables`` are names of constants (``e``) that are variables in it.
    """

    kind = "expression"

    def __init__(self, program: Program, variables: Collection[str] = (), whole: Collection[str] = ()) -> None:
        self.program = program
        self._whole = frozenset(whole)  # the variables of what this is a derivative of, some of which may be gone
        self._asked = frozenset(map(normal_name, variables)).intersection(CONSTANTS)
        self._graphs: dict[Reading, Graph] = {}

    def __str__(self) -> str:
        return print_program(self.program)

    @property
    def variables(self) -> list[str]:
        """The names that need a value, in order of appearance."""
        return variables_of(self.program, self._asked)

    @property
    def names(self) -> list[str]:
        """All free names in order of appearance; a constant among them may be given a value."""
        return list(self.program.names())

    def graph(self, reading: Reading = AS_WRITTEN) -> Graph:
        """The computational graph; kept, so that only the first evaluation builds it."""
        known = self._graphs.get(reading)
        if known is None:
            with Quiet():
                known = self._graphs[reading] = build(self.program, reading)
        return known

    def evaluate(
        self,
        values: Mapping[str, float] | None = None,
        /,
        *,
        outputs: Sequence[str] | None = None,
        expand: bool = False,
        replace: Mapping[str, str] | None = None,
        hessian: bool = False,
        direction: Mapping[str, float] | None = None,
        kink: str | None = None,
        true: bool = False,
        digits: int | None = None,
        **named: Any,
    ) -> Report:
        """The value, all gradients and every node at a point.

        ``values`` may hold more than is needed, as a row of a table does; a name that is an option of this function too
        is given there. Raises MissingVariableError for a name without a value, UnknownVariableError for a keyword that
        the expression does not have, InvalidValueError for what is not a number. ``kink`` is the local gradient used on
        a kink: "zero", "left", "right", "mean", or "error" to raise KinkError; None is the convention of each function.
        With ``true`` numbers that are wrong in doubles have their true values. With ``digits``, 1 to 1000, all is done
        in high precision: numbers are floats whose text has so many right digits, values may be texts, Decimals and
        Fractions. Literals are decimals then, but those of a derivative, which are doubles.
        """
        read = number
        if digits is not None:
            read = typed
            if kink is not None:
                raise UsageError("a slope on kinks is chosen for floats: give either `kink` or `digits`")
            digits = given.whole("digits", digits, 1, FINEST)
        if kink is not None:
            given.one_of("kink", kink, (*USED, REFUSED))
        point = point_of(self.program.names(), given.mapping("values", values), named, read)
        moving = given.mapping("direction", direction)
        direction = {normal_name(name): read(name, value) for name, value in moving.items()}
        outputs = None if outputs is None else tuple(map(normal_name, given.names("outputs", outputs)))
        reading = Reading(self._asked, outputs, expand, tuple(given.mapping("replace", replace).items()))
        asked = {"hessian": hessian, "direction": direction, "kink": kink, "true": true, "digits": digits}
        expression = self if digits is None else self._typed
        is_option = not {"expand", "outputs", "replace", *asked}.isdisjoint(self.program.names())
        form = '{{"{}": VALUE}}' if is_option else "{}=VALUE"
        with Quiet():
            return evaluate_program(expression.program, point, reading, expression.graph, form=form, **asked)

    @cached_property
    def _typed(self) -> Expression:
        """The same, its numbers as they were typed."""
        from cgraph_cli.syntax.typed import as_typed

        program = parse_program(self.program.source, self.program.max_nodes)
        return Expression(as_typed(program), self._asked)

    def rewrite(self, values: Mapping[str, float] | None = None, /, **named: float) -> Rewritten:
        """The expression in a form that keeps its digits, with the changes; at a point with what more it needs there.

        ``stable`` of what is returned is the program, ``numbers`` are value and gradients before and after. Raises
        MissingVariableError and UnknownVariableError for a point that does not fit the expression.
        """
        from cgraph_cli.report.rewritten import rewrite

        at = {**given.mapping("values", values), **named}
        point = {normal_name(name): number(name, value) for name, value in at.items()}
        if point:
            check_values(self.program, point, self._asked, "{}=VALUE")
        return rewrite(self.program, Reading(self._asked.union(point)), point)

    def uncertainty(
        self,
        values: Mapping[str, float | tuple[float, float]] | None = None,
        /,
        *,
        correlation: Mapping[tuple[str, str], float] | None = None,
        elasticity: bool = False,
        outputs: Sequence[str] | None = None,
        **named: float | tuple[float, float],
    ) -> Report:
        """What ``evaluate`` returns, with ``budgets``: how uncertain the outputs are where a value is a pair (x, u).

        Raises InvalidValueError for an uncertainty that is negative or not finite, for a correlation outside [-1, 1]
        and for correlations that contradict each other, UsageError for a correlation of a name without an uncertainty.
        """
        from cgraph_cli.report.uncertainty import with_budgets

        at = {**given.mapping("values", values), **named}
        pairs = {normal_name(name): given.pair(name, one) for name, one in at.items() if isinstance(one, tuple)}
        point = {name: one[0] if isinstance(one, tuple) else one for name, one in at.items()}
        sigma = {name: one[1] for name, one in pairs.items() if name in self.program.names()}
        together: dict[tuple[str, str], float] = {}
        for of, r in (correlation or {}).items():
            if len({*given.names("correlation", of)}) != 2:
                raise InvalidValueError(f"`correlation` is a dict by pairs of names, and not by {of!r}")
            together[normal_name(of[0]), normal_name(of[1])] = number(f"{of[0]}, {of[1]}", r)
        report = self.evaluate(point, outputs=outputs)
        return with_budgets(report, sigma, together, elasticity=elasticity)

    def function(self, names: Sequence[str] | None = None) -> Callable[..., tuple[float, tuple[float, ...]]]:
        """A function of so many floats, in the order of ``names``, that returns the value and the tuple of gradients.

        It is prepared for many points and has the numbers of ``evaluate``. ``names`` are all variables in any order
        (default: that of appearance); the name of a constant among them is a variable. Raises MissingVariableError and
        UnknownVariableError when the names do not fit the expression, InvalidValueError for one that is there twice.
        """
        from collections import Counter

        from cgraph_cli.engine.straight import prepared

        several = self.variables if names is None else given.names("names", names) if names else []
        order = [normal_name(name) for name in several]
        twice = next((name for name, count in Counter(order).items() if count > 1), None)
        if twice is not None:
            raise InvalidValueError(f"`{twice}` is given twice")
        check_values(self.program, order, self._asked, "{}")
        return prepared(self.graph(AS_WRITTEN._replace(variables=self._asked.union(order))), order)

    @overload
    def differentiate(self, wrt: str, **options: Unpack[Differentiating]) -> Expression: ...
    @overload
    def differentiate(self, wrt: Names | None = None, **options: Unpack[Differentiating]) -> dict[str, Expression]: ...
    def differentiate(
        self, wrt: str | Names | None = None, *, order: int = 1, simplify: bool = True, variables: Collection[str] = ()
    ) -> Expression | dict[str, Expression]:
        """∂ⁿ/∂wrtⁿ as an expression, n = ``order``; for several names (default: all variables) one for each, by name.

        A mixed partial derivative is ``differentiate("x").differentiate("y")``. ``variables`` are names of constants
        (``e``) that are variables here, as those of ``wrt`` always are. Raises UnknownVariableError for a name of
        ``wrt`` that does not occur, here or in what this is a derivative of.
        """
        from cgraph_cli.report.derivatives import differentiate

        asked = self._asked.union(map(normal_name, variables))
        order = given.whole("order", order, 0)
        of = variables_of(self.program, asked) if wrt is None else given.names("wrt", wrt)
        names = [normal_name(name) for name in of]
        known = asked.union(self._whole)
        with Quiet():
            found = differentiate(self.program, names, order=order, simplify=simplify, variables=known)
        asked = asked.union(names)
        constants, whole = asked.intersection(CONSTANTS), known.union(variables_of(self.program, asked))
        each = {one.wrt[0]: Expression(one.program, constants, whole) for one in found.derivatives}
        return each[names[0]] if isinstance(wrt, str) else Partials(each, found)

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

        count = given.whole("count", count, 1)
        known, wrt = given.ranges("ranges", ranges), given.names("wrt", wrt) if wrt else ()
        graph = self._ranged(reading, fixed or (), known, wrt)
        return sampled(self.program, graph, count, seed=seed, ranges=known, fixed=fixed, wrt=wrt)

    def mark(
        self,
        claims: Mapping[str, str | float],
        values: Mapping[str, float] | None = None,
        /,
        *,
        seed: int = 1,
        ranges: Mapping[str, tuple[float, float]] | None = None,
        **named: Any,
    ) -> Marking:
        """Derivatives that are claimed, each as a formula or a number by what it is taken by, marked at a point.

        That is a variable, a named part, or variables separated by commas; formulas are compared at random points too,
        drawn by the seed, names in ``ranges`` from these pairs (low, high). The values are those of ``evaluate``.
        Raises CgraphError for a claim that cannot be read, and for a range that is empty or not one of the value.
        """
        from cgraph_cli.check.claims import Claim, mark

        known = [Claim(by, str(claim)) for by, claim in given.mapping("claims", claims).items()]
        return mark(self.evaluate(values, **named), known, seed, given.ranges("ranges", ranges))

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

        box, wrt = given.ranges("ranges", ranges), given.names("wrt", wrt) if wrt else ()
        graph = self._ranged(reading, fixed or (), box, wrt)
        return enclosed(self.program, graph, ranges=box, fixed=fixed or {}, wrt=wrt)

    def _ranged(self, reading: Reading, *named: Iterable[str]) -> Graph:
        """The graph in which all of these names are variables, the last of them those to differentiate by."""
        asked = self._asked.union(*named).intersection(CONSTANTS, self.program.names())
        graph = self.graph(reading._replace(variables=reading.variables | asked))
        check_variables(named[-1], graph.variables, parts=graph.names.values())
        return graph

    def quiz(
        self,
        seed: str | int = 1,
        values: Mapping[str, float] | None = None,
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

        at = {**given.mapping("values", values), **named}
        point = {normal_name(name): number(name, value) for name, value in at.items()}
        return quiz(self.program, str(seed), given.names("blank", blank), point)


def point_of(
    names: Mapping[str, object],
    values: Mapping[str, float],
    named: Mapping[str, float],
    read: Callable[[str, Any], float],
) -> Mapping[str, float]:
    """The numbers of the names that are needed and of all that are ``named``; floats of these names as they stand."""
    if not named and read is number and values.keys() == names.keys() and set(map(type, values.values())) == {float}:
        return values  # of a million names another mapping takes as much memory as a column of every node
    point: dict[str, float] = {}
    needed = ((name, value) for name, value in values.items() if normal_name(str(name)) in names)
    for name, value in chain(needed, named.items()):
        name = normal_name(name)
        if name in point:
            raise InvalidValueError(f"`{name}` is given twice")
        point[name] = read(name, value)
    return point


def typed(name: str, value: Any) -> float:
    """The same with all digits of a text, a whole number, a Decimal or a Fraction; a float is the decimal it prints.

    Raises InvalidValueError for what has more digits and does not say which.
    """
    from decimal import Decimal
    from fractions import Fraction

    from cgraph_cli.syntax.typed import Typed

    nearest = number(name, value)
    if hasattr(value, "__index__"):
        value = Decimal(int(value))  # str of an int has a limit
    if isinstance(value, str | int | Decimal | Fraction):
        text = str(value).lower()
        return Typed(text, nearest) if any(map(str.isdigit, text)) else nearest
    if nearest != value and nearest == nearest:
        raise InvalidValueError(f"the value of `{name}` has more digits than a float: give it as a text or a Decimal")
    return nearest
