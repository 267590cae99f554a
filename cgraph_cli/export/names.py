"""Names that a language takes: the user's where it can be, else the nearest that is free."""

from __future__ import annotations

from cgraph_cli.light import Iterable, Literal
from cgraph_cli.rules import CALLABLE, CONSTANTS
from cgraph_cli.syntax.expression import Assignment, Call, Definition, Name, Program, Syntax, fold, rebuilt

Form = Literal["NFC", "NFKC"]


def spelled(name: str) -> str:
    """A name in ASCII: Greek letters by their names, accents dropped, anything else by its code point."""
    import unicodedata

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
        if (
            self.ascii_only and wanted[:1] == "_" and (wanted[1:2] == "_" or "A" <= wanted[1:2] <= "Z")
        ):  # kept for compilers: __LINE__, _Bool
            wanted = f"v{wanted}"
        if self.form is not None and not wanted.isascii():
            from unicodedata import normalize

            wanted = normalize(self.form, wanted)
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


def ascii_program(program: Program) -> tuple[Program, dict[str, str]]:
    """The same program with names in ASCII, no two of them one, and what each of the user's names has become."""
    names = [*program.names()]
    for one in program.statements:
        names += [one.name] if one.name is not None else []
        names += one.parameters if isinstance(one, Definition) else []
    kept = {name for name in names if name.isascii()}
    free = Names({*kept, *CALLABLE, *CONSTANTS}, ascii_only=True)
    given = {name: name if name in kept else free.give(name) for name in dict.fromkeys(names)}

    def leaf(part: Syntax) -> Syntax:
        return Name(given.get(part.name, part.name), part.start, part.end) if isinstance(part, Name) else part

    def node(part: Syntax, operands: list[Syntax]) -> Syntax:
        made = rebuilt(part, operands)
        if isinstance(made, Call):
            made.name = given.get(made.name, made.name)
        return made

    def renamed(one: Assignment | Definition) -> Assignment | Definition:
        if isinstance(one, Definition):
            parameters = [given[name] for name in one.parameters]
            return Definition(given[one.name], parameters, fold(one.tree, leaf, node), one.name_span)
        return Assignment(one.name and given[one.name], fold(one.tree, leaf, node), one.name_span)

    return Program(program.source, [*map(renamed, program.statements)], program.max_nodes), given
