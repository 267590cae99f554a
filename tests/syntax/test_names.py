"""Names over all of Unicode: what is a name, and that it stays the same name when it is printed and read again."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from cgraph_cli.errors import CgraphError
from cgraph_cli.syntax.expression import Name
from cgraph_cli.syntax.parser import parse, parse_expression


def name_in(text: str) -> str | None:
    """The name that a text is, None if it is not one name."""
    try:
        (statement,) = parse(text).statements
    except (CgraphError, ValueError):
        return None
    value = statement.tree  # type: ignore[union-attr]
    return value.name if isinstance(value, Name) and value.span == (0, len(text)) else None


@pytest.mark.parametrize("form", ["{0}", "x{0}", "{0}x", "x{0}x"])
def test_a_name_is_a_name_if_and_only_if_its_normal_form_is(form: str) -> None:
    checked = 0
    for code in range(sys.maxunicode + 1):
        text = form.format(chr(code))
        normal = unicodedata.normalize("NFC", text)
        if normal == text:
            continue  # it is its own normal form: nothing is to be shown
        found = name_in(text)
        assert (found is None) == (name_in(normal) is None), f"U+{code:04X}"
        if found is not None:
            assert found == normal
            assert str(parse_expression(f"2*{found}").operands()[1].name) == found  # type: ignore[attr-defined]
            checked += 1
    assert checked > 1000


@pytest.mark.parametrize("text", ["\u0f69", "x\ufb1d", "שָׁלוֹם", "दूरी", "é", "x̂", "ǖ", "각", "naïve_2"])
def test_names_of_many_scripts_print_and_read_back(text: str) -> None:
    printed = name_in(text)
    assert printed is not None
    assert name_in(printed) == printed == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("text", ["²", "x²x", "½", "2x", "x y", "\u0301x", "", "x\u200bx"])
def test_what_is_no_name(text: str) -> None:
    assert name_in(text) is None
