"""mpmath numbers that are what was typed: 0.1 is a tenth, and pi/2 half of π, at every precision."""

from __future__ import annotations

from math import isfinite

from cgraph_cli.engine.arithmetic import Arithmetic
from cgraph_cli.engine.mpmath import arithmetic, precise
from cgraph_cli.engine.passes import forward
from cgraph_cli.engine.settled import Precise, first_bits
from cgraph_cli.graph.build import build
from cgraph_cli.light import Any, Callable, cache
from cgraph_cli.syntax.parser import parse
from cgraph_cli.syntax.typed import as_typed

WHOLE = 2.0**53  # up to here a whole double is the number that was typed
EXTRA = 30  # bits


@cache
def decimal() -> Arithmetic:
    """mpmath numbers, where a double is the decimal that is written for it."""
    import mpmath
    from mpmath import mp

    known = precise().number

    def number(value: Any, symbol: str | None = None) -> Any:
        if symbol is not None or isinstance(value, mpmath.mpf | mpmath.ctx_mp_python.mpnumeric):
            return known(value, symbol)
        if type(value) is float and ((value.is_integer() and abs(value) < WHOLE) or not isfinite(value)):
            return mpmath.mpf(value)
        return mp.constant(_written(repr(value)), repr(value))

    return arithmetic("decimal", number)


def given(value: float, digits: int) -> Precise:
    """A number that was typed to so many digits."""
    import mpmath

    bits = first_bits(digits)
    with mpmath.workprec(bits):
        return Precise(+decimal().number(value), digits, bits)


def _written(text: str) -> Callable[[int, str], Any]:
    """What a text stands for, a decimal or an expression of constants, rounded to so many bits when it is asked."""
    from mpmath.libmp import from_str, mpf_pos

    @cache
    def rounded(bits: int, rounding: str) -> Any:
        try:
            return from_str(text, bits, rounding)
        except ValueError:
            return mpf_pos(_of_constants(text, bits), bits, rounding)

    return rounded


def _of_constants(text: str, bits: int) -> Any:
    """The value of an expression without variables."""
    import mpmath

    graph = build(as_typed(parse(text)))
    with mpmath.workprec(bits + EXTRA):
        return (+forward(graph, {}, decimal())[graph.output])._mpf_
