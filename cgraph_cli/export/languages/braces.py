"""What C, JavaScript and Rust share: braces and comments."""

from __future__ import annotations

from cgraph_cli.export.job import Text
from cgraph_cli.export.language import Language

STEP = "    "


def indented(lines: list[str]) -> list[str]:
    """Lines one step further in."""
    return [STEP + line if line else line for line in lines]


class Braces(Language):
    """A language whose blocks are in braces and whose statements end with a semicolon."""

    if_form = "if ({condition}) {{"
    loop_form = "while ({condition}) {{"

    def signature(self, name: str, parameters: list[str]) -> str:
        """The head of a helper, without its brace."""
        raise NotImplementedError

    def comment(self, lines: list[str]) -> list[str]:
        """Lines above a function."""
        raise NotImplementedError

    def returned(self, value: Text) -> str:
        return f"return {value.code};"

    def conditional(self, condition: str, yes: list[str], no: list[str]) -> list[str]:
        lines = [self.if_form.format(condition=condition), *indented(yes)]
        if no:
            lines += ["} else {", *indented(no)]
        return [*lines, "}"]

    def loop(self, condition: str, body: list[str]) -> list[str]:
        return [self.loop_form.format(condition=condition), *indented(body), "}"]

    def portable_function(self, name: str, parameters: list[str], lines: list[str], about: str) -> str:
        return "\n".join([*self.comment([about]), f"{self.signature(name, parameters)} {{", *indented(lines), "}"])

    def helper_function(self, name: str, parameters: list[str], lines: list[str], value: Text, about: str) -> str:
        return self.portable_function(name, parameters, [*lines, self.returned(value)], about)
