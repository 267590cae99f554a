"""Names that a language takes: the user's where it can be, else the nearest that is free."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

Form = Literal["NFC", "NFKC"]


def spelled(name: str) -> str:
    """A name in ASCII: Greek letters by their names, accents dropped, anything else by its code point."""
    parts: list[str] = []
    for character in unicodedata.normalize("NFKC", name):
        if character.isascii():
            parts.append(character)
            continue
        words = unicodedata.name(character, "").split()
        if words[:1] == ["GREEK"] and "LETTER" in words:
            letter = words[words.index("LETTER") + 1].lower()
            parts.append(letter.capitalize() if "CAPITAL" in words else letter)
            continue
        plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
        parts.append(plain if plain.isalnum() else f"u{ord(character):04x}")
    text = "".join(parts)
    return f"v{text}" if text[:1].isdigit() else text


class Names:
    """Gives out names of one scope, each once; ``reserved`` are never given."""

    def __init__(self, reserved: Iterable[str], *, ascii_only: bool, form: Form | None = None) -> None:
        self.taken = set(reserved)
        self.ascii_only = ascii_only
        self.form = form

    def fitting(self, wanted: str) -> str:
        """A name in the characters of the language; ``form`` is the normal form in which it compares names."""
        if self.ascii_only and not wanted.isascii():
            wanted = spelled(wanted)
        if self.ascii_only and re.match("_[_A-Z]", wanted):  # kept for compilers: __LINE__, _Bool
            wanted = f"v{wanted}"
        if self.form is not None:
            wanted = unicodedata.normalize(self.form, wanted)
        return wanted

    def give(self, wanted: str) -> str:
        """The wanted name, or with an underscore and a number if it is taken."""
        name = self.fitting(wanted)
        if name in self.taken:
            name += "_"
        number = 1
        given = name
        while given in self.taken:
            number += 1
            given = f"{name}{number}"
        self.taken.add(given)
        return given
