"""What stands in for parts of the standard library does as they do."""

from __future__ import annotations

import copy
import functools
import html
import json
import math
import re
import typing
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cgraph_cli import light

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from cgraph_cli.light import NamedTuple


class Ours(NamedTuple):
    """A record."""

    first: int
    second: list[int] | None = None
    third: str = "three"

    @property
    def text(self) -> str:
        return f"{self.first}{self.third}"


class Theirs(typing.NamedTuple):
    """A record."""

    first: int
    second: list[int] | None = None
    third: str = "three"

    @property
    def text(self) -> str:
        return f"{self.first}{self.third}"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ((1,), {}),
        ((1, [2]), {}),
        ((1, None, "x"), {}),
        ((1,), {"third": "x"}),
        ((), {"third": "x", "first": 1}),
        ((1, [2]), {"third": "x"}),
        ((), {}),
        ((), {"second": [2]}),
        ((1, None, "x", 4), {}),
        ((1,), {"fourth": 4}),
        ((1,), {"first": 1}),
        ((1, None, "x"), {"third": "x"}),
        ((1, None, "x", 4), {"third": "x"}),
    ],
    ids=str,
)
def test_a_record_is_made_as_a_named_tuple_is(given: tuple[Any, ...], named: dict[str, Any]) -> None:
    try:
        wanted = Theirs(*given, **named)
    except TypeError:
        with pytest.raises(TypeError, match="Ours takes first, second, third"):
            Ours(*given, **named)
        return
    record = Ours(*given, **named)
    assert record == wanted
    assert (record.first, record.second, record.third, record.text) == (*wanted, wanted.text)
    assert repr(record) == repr(wanted).replace("Theirs", "Ours")


def test_a_record_can_what_a_named_tuple_can() -> None:
    record = Ours(1, [2])
    assert record._asdict() == {"first": 1, "second": [2], "third": "three"}
    assert record._replace(first=3) == (3, [2], "three")
    assert type(record._replace(first=3)) is Ours
    assert Ours._fields == Theirs._fields
    assert Ours.__doc__ == "A record."
    copied = copy.deepcopy(record)
    assert (type(copied), copied) == (Ours, record)
    assert copied.second is not record.second
    match record:
        case Ours(first, second):
            assert (first, second) == (1, [2])
        case _:
            pytest.fail("no match")
    with pytest.raises(AttributeError):
        record.first = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        record.other = 2  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        record._replace(other=2)


def test_a_kept_result_is_not_made_again() -> None:
    made: list[tuple[int, int]] = []

    def sum_of(a: int, b: int = 2) -> int:
        """a + b."""
        made.append((a, b))
        return a + b

    keeping = light.cache(sum_of)
    assert [keeping(1), keeping(1), keeping(1, 3), keeping(2), keeping(1)] == [3, 3, 4, 4, 3]
    assert made == [(1, 2), (1, 3), (2, 2)]
    assert keeping.__doc__ == functools.cache(sum_of).__doc__
    for other in range(light.MOST_KEPT + 1):
        keeping(other, other)
    made.clear()
    keeping(1)
    assert made == [(1, 2)], "it has begun anew"


def test_a_cached_property_is_made_once() -> None:
    class Thing:
        made = 0

        @light.cached_property
        def number(self) -> int:
            """A number."""
            self.made += 1
            return 5

    thing, other = Thing(), Thing()
    assert (thing.number, thing.number, thing.made, other.made) == (5, 5, 1, 0)
    assert Thing.number.__doc__ == "A number."


def test_a_pattern_is_the_compiled_one() -> None:
    pattern = light.re.compile(r"(?s)(\w+)=(.)")
    assert pattern.pattern == r"(?s)(\w+)=(.)"
    found = pattern.match("x=1")
    assert found is not None
    assert found.groups() == ("x", "1")
    assert pattern.sub("-", "x=1 y=\n") == re.sub(r"(?s)(\w+)=(.)", "-", "x=1 y=\n")
    assert light.re.escape("a.b") == re.escape("a.b")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_json_is_written_and_read_as_by_the_module(value: object) -> None:
    text = light.json.dumps(value)
    assert text == json.dumps(value)
    assert light.json.dumps(value, separators=(",", ":")) == json.dumps(value, separators=(",", ":"))
    assert repr(light.json.loads(text)) == repr(json.loads(text))


@given(st.text(alphabet='[]{}",:1.e-tfn \\u'))
@example("")
@example("1 2")
@example(" [1]")
@example("NaN")
@example('{"a": 1, "a": 2}')
@example('"\n"')
def test_json_refuses_what_the_module_refuses(text: str) -> None:
    def told(loads: Callable[[str], object]) -> str:
        try:
            return repr(loads(text))
        except json.JSONDecodeError as error:
            return str(error)

    assert told(light.json.loads) == told(json.loads)


def test_json_has_no_number_that_json_lacks_and_no_object() -> None:
    assert light.json.dumps([math.inf, math.nan]) == "[Infinity, NaN]"
    with pytest.raises(ValueError, match="not JSON compliant"):
        light.json.dumps([math.inf], allow_nan=False)
    with pytest.raises(TypeError, match="set is no JSON"):
        light.json.dumps({"a": {1}})


@given(st.text(alphabet="&<>\"'a;\n"))
def test_markup_is_escaped_as_by_html(text: str) -> None:
    assert light.escape(text) == html.escape(text)


def test_a_copy_has_the_attributes_of_its_own() -> None:
    class Thing:
        def __init__(self) -> None:
            self.list = [1]

    thing = Thing()
    for copied in (light.copy(thing), copy.copy(thing)):
        assert type(copied) is Thing
        assert copied.list is thing.list
        copied.list = []
        assert thing.list == [1]


@pytest.mark.parametrize("size", [0, 1, 1000])
def test_columns_of_zeros(size: int) -> None:
    whole, broken = light.integers(size), light.doubles(size)
    assert (list(whole), list(broken)) == ([0] * size, [0.0] * size)
    if size:
        whole[size - 1], broken[size - 1] = -(2**40), True
        assert (whole[-1], repr(broken[-1])) == (-(2**40), "1.0")
