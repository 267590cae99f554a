"""``--only``: the bare numbers of a result, one a line, for scripts: as JSON has them."""

from __future__ import annotations

from cgraph_cli.errors import UnknownVariableError, UsageError, shortened, suggestion
from cgraph_cli.light import Iterator
from cgraph_cli.render.numbers import nearest
from cgraph_cli.report.derivatives import Derivatives
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.expression import normal_name

# Those of a budget of uncertainty: that of every output, else of every input.
COLUMNS = frozenset("u sensitivity contribution share elasticity".split())


def numbers(result: object, wanted: str, digits: int | None = None) -> Iterator[str]:
    """The value, all gradients, the gradient of a variable or the value of another name; of several one by one.

    Raises UnknownVariableError for a name that the result has no number for, UsageError where there is no point.
    """
    found: list[float] = []
    for one in map(str.strip, wanted.split(",")):
        if isinstance(result, Report):
            found += _of_report(result, one)
        else:
            assert isinstance(result, Derivatives)
            found += _of_derivatives(result, one)
    return (f"{nearest(number, digits)!r}\n" for number in found)


def _of_report(report: Report, wanted: str) -> list[float]:
    """Of several outputs their numbers one after the other."""
    name, values, gradients = normal_name(wanted), report.values, report.jacobian.values()
    if wanted == "value":
        return [*values.values()]
    if wanted == "gradients":
        return [number for row in gradients for number in row.values()]
    if name in values:
        return [values[name]]
    if name in report.differentiated:
        return [row[name] for row in gradients]
    variables, names = report.graph.variables, report.graph.names
    named = {known: report.node_values[node] for node, known in names.items() if known not in variables}
    if name in named:
        return [named[name]]
    if name in COLUMNS and report.budgets:
        rows = [one for budget in report.budgets for one in ([budget] if name == "u" else budget.inputs)]
        found = [getattr(one, "uncertainty" if name == "u" else name) for one in rows]
        if None not in found:
            return found
    if name in COLUMNS:
        option = "--elasticity" if name == "elasticity" else "an uncertainty: --sigma x=0.1"
        raise UsageError(f"--only: the result has no `{name}` without {option}")
    raise _unknown(name, [*values, *report.differentiated, *named])


def _of_derivatives(result: Derivatives, wanted: str) -> list[float]:
    """The numbers of the derivatives in the order in which they are asked for."""
    name = normal_name(wanted)
    if result.value is None:
        raise UsageError("--only prints numbers, and no point is given", help="give every variable a value: --x 1")
    if wanted == "value" or name == result.output:
        return [result.value]
    asked = [one for one in result.derivatives if wanted == "gradients" or {*one.wrt} == {name}]
    if wanted != "gradients" and not asked:
        raise _unknown(name, [result.output, *(one.wrt[0] for one in result.derivatives if len({*one.wrt}) == 1)])
    return [one.value for one in asked if one.value is not None]


def _unknown(name: str, known: list[str]) -> UnknownVariableError:
    help = (
        suggestion(name, ["value", "gradients", *known]) or "--only takes value, gradients, or a name of the expression"
    )
    return UnknownVariableError(f"--only: the result has no `{shortened(name)}`", help=help)
