"""Local gradients as a class writes them, with places for the arguments: made once, filled in at every node.

A place is a name of one private-use character, which no name of a user's can contain.
"""

from __future__ import annotations

from math import isfinite

from cgraph_cli.graph.express import expression_of, operation_syntax, tree_sizes
from cgraph_cli.graph.formula import Layer, gradient_formula, limits
from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.light import Callable, Mapping, Sequence, cache
from cgraph_cli.rules import RULES
from cgraph_cli.syntax.expression import Call, Name, Number, Syntax, Unary, fold, rebuilt
from cgraph_cli.syntax.printer import print_expression

FIRST = 0xE000  # the first argument
OWN = 0xF8FF  # the node itself
SUBJECT = 0xF8FE  # the argument in question, of a function with any number of them
MANY_SHOWN = 6  # the formula of a maximum of a thousand arguments shows the first and the last
MOST_PARTS = 300  # the derivative of a longer module is not written out: it is g_x(x, y)

ON_PAPER: Layer[Syntax] = Layer(
    lambda name, operands: operation_syntax(operation(name), operands),
    lambda value, name: Number(value) if name is None else Name(name),
    exact=False,
)
Fixed = tuple[float | str | None, ...]  # of each argument its number, the name of its constant, or neither


class Template:
    """A formula with places, and its text in cgraph's own language, which ``str.translate`` fills in."""

    __slots__ = ("text", "tree")

    def __init__(self, tree: Syntax) -> None:
        self.tree = tree
        self.text = print_expression(tree)

    def filled(self, operands: Mapping[int, Syntax]) -> Syntax:
        """The formula with an operand in each place."""
        return _substituted(self.tree, {chr(place): operand for place, operand in operands.items()})


def _substituted(tree: Syntax, filled: Mapping[str, Syntax]) -> Syntax:
    return fold(tree, lambda part: filled.get(part.name, part) if isinstance(part, Name) else part, rebuilt)


def _places(count: int) -> list[Syntax]:
    return [Name(chr(FIRST + index)) for index in range(count)]


def shown_gradient(name: str, position: int, operands: Sequence[Syntax], own: Syntax, arm: int = 0) -> Syntax:
    """The textbook form of a row's local gradient over operands; ``arm`` n is the value of its n-th limit."""
    text = gradient_formula(name, position, textbook=True)
    assert text is not None
    found, rest = limits(text)
    text = found[arm - 1][1] if arm else rest
    return ON_PAPER.lay(name, text, operands, own=own, position=position, subject=Name(chr(SUBJECT)))


@cache
def of_row(name: str, position: int, fixed: Fixed, arm: int = 0) -> Template:
    """The template of a row's local gradient; constant arguments are written into it."""
    own = Name(chr(OWN))
    plain = shown_gradient(name, position, _places(len(fixed)), own, arm)
    if isinstance(plain, Name | Number) or all(value is None for value in fixed):
        return Template(plain)
    from cgraph_cli.symbolic.simplify import simplify_expression

    operands = [
        Name(value) if isinstance(value, str) else place if value is None or not isfinite(value) else Number(value)
        for value, place in zip(fixed, _places(len(fixed)), strict=True)
    ]
    simple = simplify_expression(shown_gradient(name, position, operands, own, arm))
    if isinstance(simple, Name) and simple.name == own.name:  # e^x: that it is f says less than exp(x)
        simple = simplify_expression(operation_syntax(operation(name), operands))
    return Template(fold(simple, _signed, rebuilt))


def _signed(part: Syntax) -> Syntax:
    """A negative number as a minus before a number, which needs no parentheses in a solution: -1/x^2."""
    return Unary("-", Number(-part.value)) if isinstance(part, Number) and part.value < 0 else part


@cache
def of_many(name: str, count: int, arm: int = 0) -> Template:
    """The template of a local gradient of a row with any number of arguments."""
    shown = shown_of_many(name, count) or [None] * count  # without a formula over all of them only their number counts
    operands: list[Syntax] = [Name("…" if one is None else chr(FIRST + index)) for index, one in enumerate(shown)]
    return Template(shown_gradient(name, 0, operands, Name(chr(OWN)), arm))


def shown_of_many(name: str, count: int) -> Sequence[int | None]:
    """The arguments that a formula over all arguments shows; None for those left out."""
    if "each(" not in (RULES[name].textbook[0] or ""):
        return ()
    return [0, 1, None, count - 1] if count > MANY_SHOWN else range(count)


@cache
def of_few(name: str, position: int) -> str | int | None:
    """A row's local gradient that is a number, as text, or one of its arguments, as its position; most of them are."""
    rule = RULES[name]
    text = gradient_formula(name, position, textbook=True)
    if rule.many or text is None or limits(text)[0]:
        return None
    tree = of_row(name, position, (None,) * len(rule.args)).tree
    if isinstance(tree, Number) or (isinstance(tree, Unary) and isinstance(tree.operand, Number)):
        return print_expression(tree)
    arguments = [chr(FIRST + index) for index in range(len(rule.args))]
    return arguments.index(tree.name) if isinstance(tree, Name) and tree.name in arguments else None


@cache
def forms(name: str) -> tuple[Callable[..., str], ...]:
    """What writes a row's operation and its local gradients from the labels of a node and of its arguments.

    It holds where no argument is a constant; there is none for a row with limits or with any number of arguments.
    """
    rule = RULES[name]
    texts = [gradient_formula(name, position, textbook=True) for position in range(rule.min_args)]
    if rule.min_args != rule.max_args or any(text is None or limits(text)[0] for text in texts):
        return ()
    places = _places(len(texts))
    own = print_expression(operation_syntax(operation(name), places))
    found = [of_row(name, position, (None,) * len(texts)).text for position in range(len(texts))]
    numbered = {FIRST + index: f"{{{index + 1}}}" for index in range(len(texts))} | {OWN: "{0}"}
    return tuple(text.translate(numbered).format for text in (own, *found))


def of_module(op: Operation, position: int) -> Template:
    """The template of a module's local gradient: the derivative of its body."""
    from cgraph_cli.symbolic.derive import gradient
    from cgraph_cli.symbolic.simplify import Simplifier

    assert op.body is not None
    parameter = op.parameters[position]
    places = _places(len(op.parameters))
    if op.size <= MOST_PARTS:
        derived = gradient(op.body, op.body.output, [parameter], Simplifier(), exact=False)
        if tree_sizes(derived)[derived.output] <= MOST_PARTS:
            tree = expression_of(derived, derived.output)
            return Template(_substituted(tree, dict(zip(op.parameters, places, strict=True))))
    return Template(Call(f"{op.name}_{parameter}", places))
