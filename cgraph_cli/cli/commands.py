"""The table of commands: what each is for, its options, the kind of its result. ``NAME.py`` here makes the result."""

from __future__ import annotations

from typing import NamedTuple

from cgraph_cli.export import LANGUAGES
from cgraph_cli.render import formats


class Option(NamedTuple):
    """An option of a command; without ``metavar`` it is a flag. ``many`` options may be repeated."""

    help: str
    metavar: str | None = None
    many: bool = False
    choices: tuple[str, ...] = ()


class Command(NamedTuple):
    """A command: its help, the kind of result that it shows, its options, whether it takes an expression."""

    help: str
    shows: str
    options: dict[str, Option]
    expression: bool = True


VALUES = {
    "set": Option("A value for a name that an option of the command has taken.", "NAME=VALUE", many=True),
    "values": Option("Read values from a JSON object in FILE; - is standard input.", "FILE"),
    "file": Option("Read the expression from FILE.", "FILE"),
}
REPLACE = {"replace": Option("Swap module OLD for module NEW.", "OLD=NEW", many=True)}
MODULES = {"expand": Option("Show the inside of modules instead of one node each."), **REPLACE}
SIMPLIFY = {"no-simplify": Option("Keep the derivative as the chain rule gives it.")}
STRICT = {"strict": Option("Exit with 1 if anything is not finite or a kink was met.")}
OUTPUT = Option("Write to FILE; its ending chooses the format.", "FILE")


def _shown(kind: str) -> dict[str, Option]:
    names = formats(kind)
    return {
        "format": Option(f"How to show the result: {', '.join(names)}.", "FORMAT", choices=names),
        **({"json": Option("The same as --format json.")} if "json" in names else {}),
        "output": OUTPUT,
        "ascii": Option("Use ASCII characters only."),
    }


COMMANDS: dict[str, Command] = {
    "eval": Command(
        "Evaluate an expression at a point: every node of its graph with its value and its gradients.",
        "report",
        {
            **_shown("report"),
            "all": Option("Show every row of a large graph."),
            **STRICT,
            "hessian": Option("Add the matrix of second derivatives."),
            "direction": Option("Add the derivative in a direction.", "x=1,y=0", many=True),
            "outputs": Option("Differentiate these named values: the Jacobian.", "f,g", many=True),
            **MODULES,
            **VALUES,
        },
    ),
    "diff": Command(
        "Derivatives as formulas, with their numbers where a point is given.",
        "derivatives",
        {
            "wrt": Option("Differentiate by this name (default: by each); x,y is a mixed partial.", "NAME", many=True),
            "order": Option("Differentiate this many times (default: 1).", "N"),
            "at": Option("The point: the same as --x 1 --y 2.", "x=1,y=2", many=True),
            **_shown("derivatives"),
            **SIMPLIFY,
            **STRICT,
            **REPLACE,
            **VALUES,
        },
    ),
    "explain": Command(
        "The worked solution in words: the forward pass, then the chain rule node by node.",
        "explanation",
        {
            **_shown("explanation"),
            "steps": Option("Only this half: forward or backward.", "HALF", choices=("forward", "backward")),
            "all": Option("Explain every node of a large graph."),
            **STRICT,
            **MODULES,
            **VALUES,
        },
    ),
    "paths": Command(
        "A gradient as the sum over all paths from a variable to the output.",
        "paths",
        {
            "wrt": Option("The paths from this variable (default: from each).", "NAME", many=True),
            **_shown("paths"),
            "all": Option("List the paths however many there are, up to a million edges."),
            **STRICT,
            **MODULES,
            **VALUES,
        },
    ),
    "export": Command(
        "Value and gradient as a function in another language, with no dependency beyond its standard mathematics.",
        "code",
        {
            "to": Option(f"The language: {', '.join(LANGUAGES)}.", "LANGUAGE", choices=tuple(LANGUAGES)),
            "name": Option("The function's name (default: the output's).", "NAME"),
            "wrt": Option("Differentiate by these names only.", "x,y", many=True),
            "self-test": Option("Add a main that compares with cgraph's numbers at the point given."),
            "output": Option("Write to FILE; its ending chooses the language.", "FILE"),
            **SIMPLIFY,
            **REPLACE,
            **VALUES,
        },
    ),
    "functions": Command(
        "List every function with its local gradients, its domain and its kinks.",
        "functions",
        _shown("functions"),
        expression=False,
    ),
    "schema": Command("Print the JSON Schema of the reports.", "schema", {"output": OUTPUT}, expression=False),
}
