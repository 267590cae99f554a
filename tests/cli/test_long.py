"""Messages about texts of any length: the marked place is shown, the rest is not."""

from __future__ import annotations

import unicodedata

import pytest
from harness import run

from cgraph_cli.limits import MOST_DIGITS

SUM = "+".join(f"x{number}*y{number}" for number in range(2500))


def columns(text: str) -> int:
    """The columns of a text on a terminal, by the Unicode tables."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


def marked(text: str, *more: str) -> str:
    """What stands above the carets of the message about a text."""
    result = run(["eval", text, *more])
    assert (result.stdout, result.code) == ("", 2)
    lines = result.stderr.splitlines()
    assert lines[0].startswith("error: ")
    assert all(columns(line) < 200 for line in lines if not line.startswith("help: "))
    line, carets = lines[2], lines[3]
    start, end = carets.index("^"), carets.rindex("^") + 1
    place = [one for position, one in enumerate(line) if start <= columns(line[:position]) < end and columns(one) > 0]
    return "".join(place)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"{SUM}+ z z +{SUM}", "z z"),
        (f"{SUM}+", "+"),
        (f"z z +{SUM}", "z z"),
        (f"{SUM}+ sine(x)", "sine"),
        (f"{SUM})", ")"),
        ("x + 変数 変", "変数 変"),
        ("変数変 + y y", "y y"),
        ("変" * 500 + " + y y", "y y"),
        ("x + y" + "変" * 30 + " z", "y" + "変" * 30 + " z"),
        ("é + z @ 2", "@"),
        ("# ẋ̂ é é e\u0301\n x @", "@"),
        ("x + (" + "\t" * 5 + "@", "@"),
    ],
)
def test_the_carets_stand_under_the_place(text: str, place: str) -> None:
    assert marked(text) == place


def test_a_text_longer_than_the_window_is_marked_as_far_as_it_is_shown() -> None:
    name = "a" * 3000
    assert set(marked(f"{name}(x)")) <= set("a .")
    assert set(marked(name)) <= set("a .")
    assert set(marked(f"{name} b")) <= set("ab .")


@pytest.mark.parametrize(
    "words",
    [
        ["eval", "x", "--" + "a" * 9000, "3"],
        ["eval", "x", "--format", "a" * 9000],
        ["eval", "a" * 9000, "b" * 9000],
        ["eval", "a" * 9000],
        ["eval", "a" * 9000 + "(x)"],
        ["eval", "9" * 9000 + "a"],
        ["eval", "x", "--x", "9" * 9000 + "a"],
        ["eval", "x", "--set", "9" * 9000],
        ["eval", "x", "--x", "a" * 9000],
        ["eval", "1." + "9" * 9000 + ".3"],
        ["a" * 9000],
        ["diff", "x", "--wrt", "a" * 9000],
        ["diff", "x", "--order", "9" * 9000],
    ],
)
def test_what_was_typed_is_quoted_in_short(words: list[str]) -> None:
    result = run(words)
    assert (result.stdout, result.code) == ("", 2)
    assert max(map(len, result.stderr.splitlines())) < 250


def test_thousands_of_missing_variables() -> None:
    result = run(["eval", SUM, "--x7", "1", "--qq", "2"])
    assert "`qq`" in result.stderr
    assert "and 4899 more" in result.stderr
    result = run(["eval", SUM, "--x7", "1"])
    assert result.stderr.count("`x") == 50  # of a hundred that are listed
    assert "--values FILE" in result.stderr


@pytest.mark.parametrize("text", ["9" * MOST_DIGITS, "1" + "0" * 400, "0." + "3" * 400 + "1", "1e99999999"])
def test_numbers_of_any_length_are_doubles(text: str) -> None:
    result = run(["eval", "x*" + text, "--x", text, "--json"])
    assert (result.stderr, result.code) == ("", 0)


def test_a_value_that_a_double_takes_for_0_is_refused() -> None:
    text = "0." + "0" * 400 + "1"
    assert run(["eval", "x*" + text, "--x", "2", "--strict"]).code == 1
    result = run(["eval", "x", "--x", text])
    assert result.code == 2
    assert "too small for a double" in result.stderr
    assert max(map(len, result.stderr.split("\n"))) <= 200
    assert run(["eval", "x", "--x", "0." + "0" * 400, "--strict"]).code == 0


def test_deep_values_and_deep_expressions_as_values() -> None:
    deep = "(" * 20_000 + "1" + ")" * 20_000
    assert run(["eval", "x", "--x", deep, "--json"]).code == 0
    assert run(["eval", "x", "--x", "(" * 20_000, "--json"]).code == 2
