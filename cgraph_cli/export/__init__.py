"""Code in other languages: one function that returns value and gradient; one module per language, imported on use."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from cgraph_cli.errors import UnknownVariableError, UsageError, shortened
from cgraph_cli.syntax.expression import Program

if TYPE_CHECKING:
    from cgraph_cli.export.job import Check, Job
    from cgraph_cli.export.language import Language
    from cgraph_cli.graph.graph import Graph

# name: (module, ending of its files); a second language with the same ending has to be named
LANGUAGES: dict[str, tuple[str, str]] = {
    "python": ("python", ".py"),
    "numpy": ("numpy", ".py"),
    "c": ("c", ".c"),
    "javascript": ("javascript", ".js"),
    "julia": ("julia", ".jl"),
    "rust": ("rust", ".rs"),
    "latex": ("latex", ".tex"),
}


class Exported(NamedTuple):
    """What is to be written, and in which language."""

    job: Job
    language: str


def writer(name: str) -> Language:
    """The writer of a language."""
    module = importlib.import_module(f"cgraph_cli.export.languages.{LANGUAGES[name][0]}")
    return module.LANGUAGE()  # type: ignore[no-any-return]


def language_for_file(path: str) -> str:
    """The language that a file's ending asks for. Raises UsageError for any other ending."""
    ending = PurePath(path).suffix.lower()
    for name, (_, known) in LANGUAGES.items():
        if known == ending:
            return name
    endings = ", ".join(dict.fromkeys(known for _, known in LANGUAGES.values()))
    about = f"no language has the ending `{ending}`" if ending else f"`{path}` has no ending to name a language"
    raise UsageError(about, help=f"endings: {endings}; or name one with --to")


def export_job(
    program: Program,
    graph: Graph,
    *,
    name: str | None = None,
    wrt: Sequence[str] | None = None,
    point: Mapping[str, float] | None = None,
    simplify: bool = True,
) -> Job:
    """What is to be written, the same for every language; ``point`` asks for a self-test there.

    Raises UnknownVariableError for a derivative with respect to a name that is no variable.
    """
    from cgraph_cli.errors import suggestion
    from cgraph_cli.export.job import Job
    from cgraph_cli.export.straight import straightened
    from cgraph_cli.symbolic.derive import GRADIENT, NAMED, VALUE, value_and_gradient
    from cgraph_cli.syntax.printer import print_statement

    if name is not None and not (name.isascii() and name.isidentifier()):
        raise UsageError(
            f"`{shortened(name)}` is no name for a function", help="it has letters, digits and underscores: f, my_loss"
        )
    variables = list(graph.variables)
    wanted = variables if wrt is None else list(dict.fromkeys(wrt))
    for one in wanted:
        if one not in graph.variables:
            known = ", ".join(variables) or "none"
            raise UnknownVariableError(
                f"the expression has no variable `{one}`",
                help=suggestion(one, variables) or f"its variables: {known}",
            )
    output = next(reversed(graph.outputs))
    derived = value_and_gradient(graph, graph.output, wanted, simplify=simplify)
    names = {
        node: key.removeprefix(NAMED)
        for key, node in derived.outputs.items()
        if key.startswith(NAMED) and key != NAMED + output
    }
    outputs = {"value": derived.outputs[VALUE]}
    outputs |= {f"d/d{one}": derived.outputs[GRADIENT + one] for one in wanted}
    straight = straightened(derived, outputs, names, variables)
    formula = [print_statement(statement) for statement in program.statements]
    if getattr(program.statements[-1], "name", None) is None:
        formula[-1] = f"{output} = {formula[-1]}"
    checks = [] if point is None else _checks(graph, derived, output, wanted, point)
    return Job(
        name or output,
        output,
        variables,
        wanted,
        straight,
        formula,
        named=name is not None,
        point=None if point is None else [point[one] for one in variables],
        checks=checks,
        program=program,
        graph=graph,
        simplify=simplify,
    )


def _checks(graph: Graph, derived: Graph, output: str, wrt: Sequence[str], point: Mapping[str, float]) -> list[Check]:
    """The engine's numbers, each with the distance that rounding explains.

    1e-9 of the number itself, and what the same formula gives when it is evaluated in another order or at points that
    are off by one rounding.
    """
    import math

    from cgraph_cli.engine.passes import backward, forward
    from cgraph_cli.export.job import Check
    from cgraph_cli.symbolic.derive import GRADIENT, VALUE

    values = forward(graph, point)
    upstream = backward(graph, values, graph.output).upstream
    expected = [values[graph.output], *(upstream[graph.variables[one]] for one in wrt)]
    nodes = [derived.outputs[VALUE], *(derived.outputs[GRADIENT + one] for one in wrt)]
    here = forward(derived, point)
    found: list[list[float]] = []
    for pattern in (1, 2, 3, 5):
        moved = {
            one: math.nextafter(value, math.copysign(math.inf, value) if number % 4 % pattern else 0.0)
            for number, (one, value) in enumerate(point.items())
        }
        there = forward(derived, moved)
        found.append([there[node] for node in nodes])
    checks = []
    for position, (number, node) in enumerate(zip(expected, nodes, strict=True)):
        distances = [abs(here[node] - number), *(abs(other[position] - here[node]) for other in found)]
        noise = 8 * max((one for one in distances if math.isfinite(one)), default=0.0)
        label = output if position == 0 else f"d{output}/d{wrt[position - 1]}"
        tolerance = 1e-9 * abs(number) + noise if math.isfinite(number) else 0.0
        checks.append(Check(label, number, float(f"{tolerance:.2g}")))
    return checks


def export(job: Job, to: str) -> str:
    """The source text in a language.

    Raises UsageError for a name that the language does not take.
    """
    return writer(to).source(job)


def javascript_function(
    program: Program, graph: Graph, *, name: str | None = None, wrt: Sequence[str] | None = None
) -> str:
    """A plain JavaScript function ``name(x, y) -> {value, gradient: [...]}`` with its helpers, for a page."""
    return export(export_job(program, graph, name=name, wrt=wrt), "javascript")
