"""Columns of numbers: every value is a NumPy array with one entry per row of a file, or one number for all rows."""

from __future__ import annotations

import functools
import operator

from cgraph_cli.engine.arithmetic import Arithmetic, Function
from cgraph_cli.engine.floats import FLOAT
from cgraph_cli.errors import MissingExtraError
from cgraph_cli.light import Any, Sequence, cache


class Partly:
    """A gradient that some rows have and others, on a branch not taken, have not: theirs is 0 and is never sent on."""

    __slots__ = ("there", "values")
    __array_ufunc__ = None  # an array leaves the sum to this class

    def __init__(self, values: Any, there: Any) -> None:
        self.values = values
        self.there = there

    def __add__(self, other: Any) -> Any:
        values = self.values + _values(other)
        return Partly(values, self.there | other.there) if isinstance(other, Partly) else values

    __radd__ = __add__

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        import numpy as np

        return np.array(self.values, dtype=dtype)


def _values(number: Any) -> Any:
    return number.values if isinstance(number, Partly) else number


def _there(number: Any) -> Any:
    return number.there if isinstance(number, Partly) else True


def _send(upstream: Any, local: Any) -> Any:
    there = _there(upstream) & _there(local)
    product = _values(upstream) * _values(local)
    return product if there is True else _partly(product, there)


def _lost(value: Any) -> Any:
    import numpy as np

    lost = np.isnan(_values(value))
    return lost if np.any(lost) else None


def _otherwise(lost: Any, local: Any, other: Any) -> Any:
    """The choice row by row."""
    import numpy as np

    values, there = (0.0, False) if local is None else (_values(local), _there(local))
    return _partly(np.where(there, values, other), there | lost)


def _partly(values: Any, there: Any) -> Any:
    import numpy as np

    return values if np.all(there) else Partly(np.where(there, values, 0.0), there)


def _where(condition: Any, yes: Any, no: Any) -> Any:
    """The choice row by row; an arm that is None is a branch along which no gradient is sent."""
    import numpy as np

    taken = np.not_equal(condition, 0.0)
    arms = [(0.0, False) if arm is None else (_values(arm), _there(arm)) for arm in (yes, no)]
    values, there = (np.where(taken, *pair) for pair in zip(*arms, strict=True))
    return _partly(values, there)


def _functions() -> dict[str, Function]:
    """Functions of NumPy and what it lacks."""
    import numpy as np

    def row_by_row(name: str, count: int = 1) -> Function:
        """A function that NumPy has not, or not as the floats have it."""
        applied = np.frompyfunc(FLOAT.functions[name], count, 1)
        return lambda *args: np.asarray(applied(*args), dtype=float)

    def first_of(better: Function) -> Function:
        """min or max as Python has them: the first of equal ones; nan if any is nan."""

        def pair(x: Any, y: Any) -> Any:
            return np.where(np.isnan(x) | np.isnan(y), np.nan, np.where(better(y, x), y, x))

        return lambda *args: functools.reduce(pair, args)

    def truth(function: Function) -> Function:
        return lambda x, y: np.where(function(x, y), 1.0, 0.0)

    named = "sqrt cbrt exp exp2 expm1 log log2 log10 log1p sin cos tan sinh cosh tanh floor ceil sign".split()
    return {
        **{name: getattr(np, name) for name in named},
        **{f"a{name}": getattr(np, f"arc{name}") for name in "sin cos tan sinh cosh tanh".split()},
        **{name: row_by_row(name) for name in ("erf", "erfc", "gamma", "lgamma", "digamma")},
        **{name: truth(getattr(operator, name)) for name in ("lt", "le", "gt", "ge", "eq", "ne")},
        **{name: getattr(operator, name) for name in ("add", "sub", "mul", "neg")},
        "div": np.divide,
        "pow": np.power,
        "where": _where,
        "atan2": np.arctan2,
        "hypot": np.hypot,
        "norm": lambda *args: functools.reduce(np.hypot, args, 0.0),
        "abs": np.abs,
        "round": np.rint,
        "min": first_of(operator.lt),
        "max": first_of(operator.gt),
        "sum": lambda *args: functools.reduce(operator.add, args, 0.0),
        "polygamma": row_by_row("polygamma", 2),
    }


@cache
def columns() -> Arithmetic:
    """Arrays with the results of the float arithmetic in every row. Raises MissingExtraError without NumPy."""
    try:
        import numpy as np
    except ImportError:
        raise MissingExtraError("columns of numbers need NumPy", help='pip install "cgraph-cli[data]"') from None

    def number(value: Any, symbol: str | None = None) -> Any:
        return np.asarray(value, dtype=float) if isinstance(value, np.ndarray | Sequence) else float(value)

    return Arithmetic(
        "columns",
        _functions(),
        number=number,
        column=lambda size: [Partly(0.0, False)] * size,
        send=_send,
        lost=_lost,
        otherwise=_otherwise,
        key=lambda args: tuple(map(id, args)),
        lazy_choice=False,
        context=lambda: np.errstate(all="ignore"),
    )
