"""Rows of the rule table as functions in JavaScript: ``python -m cgraph_cli.render.page.makekernels`` writes them to
kernels.py.

A page needs few of them, and what writes them takes as long to load as the page itself.
"""

from __future__ import annotations

import json
from ast import literal_eval
from pathlib import Path

from cgraph_cli.export.languages.javascript import JavaScript
from cgraph_cli.export.straight import Straight
from cgraph_cli.graph.formula import Layer, formula, gradient_formula, limits, sent_where
from cgraph_cli.graph.graph import Operation, operation
from cgraph_cli.light import Any, Sequence
from cgraph_cli.rule import Rule
from cgraph_cli.rules import RULES
from cgraph_cli.syntax.expression import Syntax

OWN = "f"
MOST = 4  # arguments of a row that takes any number; for more the text is made when it is needed
HEADER = '''"""The rows of the rule table as functions in JavaScript, by name and number of arguments. Do not edit.

python -m cgraph_cli.render.page.makekernels
"""

# fmt: off
# ruff: noqa
'''


def kernel(op: Operation, count: int) -> tuple[str, dict[str, str]]:
    """The functions of a row for so many arguments, and the helpers that these call, by name."""
    language = JavaScript()
    text = _Kernel(language).text(op, count)
    helpers = language.helpers(language.called)
    return text, {language.helper_name(helper): code for helper, code in helpers.items()}


def kernels() -> str:
    """The text of the module ``cgraph_cli.render.page.kernels``."""
    helpers: dict[str, str] = {}
    texts: dict[tuple[str, int], tuple[str, str]] = {}
    for name, rule in RULES.items():
        for count in range(rule.min_args, (rule.max_args or MOST) + 1):
            text, called = kernel(operation(name), count)
            texts[name, count] = text, " ".join(called)
            helpers |= called
    rows = "".join(
        f"({name!r}, {count}): ({_quoted(text)}, {called!r}),\n" for (name, count), (text, called) in texts.items()
    )
    shared = "".join(f"{name!r}: {_quoted(text)},\n" for name, text in helpers.items())
    math = {name: count for (name, count), (text, _) in texts.items() if _is_math(name, text)}
    return (
        f"{HEADER}KERNELS: dict[tuple[str, int], tuple[str, str]] = {{\n{rows}}}\n"
        f"HELPERS: dict[str, str] = {{\n{shared}}}\n# How many arguments those have that are functions of Math.\n"
        f"MATH: dict[str, int] = {math}\n"
    )


def _is_math(name: str, text: str) -> bool:
    """Whether the value of a row is the function of JavaScript's own that has its name."""
    parameters, _, body = text.partition("  value: (")[2].partition("\n")[0].partition(")")
    return body == f' => {{ return {{ "0": Math.{name}({parameters}) }}; }},'


def _quoted(text: str) -> str:
    """A text as Python has it, its lines as they are."""
    quoted = f'"""\\\n{text}"""' if "\\" not in text and text[-1] != '"' else repr(text)
    assert literal_eval(quoted) == text
    return quoted


class _Kernel:
    def __init__(self, language: JavaScript) -> None:
        self.language = language

    def text(self, op: Operation, count: int) -> str:
        """An object with what the passes and the findings ask of a row."""
        rule = op.rule
        arguments = [f"a{index}" for index in range(count)] if rule.many else list(rule.args[:count])
        value = Straight(arguments)
        value.give("0", value.make(op.name, range(count)))
        local = {
            str(position): text
            for position in range(count)
            if (text := gradient_formula(op.name, position)) is not None
        }
        sends = {position: sent for position, one in local.items() if (sent := sent_where(one)) is not None}
        conditions = {
            f"{position} {index}": condition
            for position, text in local.items()
            for index, (condition, _) in enumerate(limits(text)[0])
        }
        kink = {} if rule.kink is None else {"0": formula(rule.kink)}
        members = {
            "name": json.dumps(op.name),
            "chooses": json.dumps(op.chooses),
            "compares": json.dumps(op.compares),
            "convention": json.dumps(rule.convention),
            "outside": json.dumps(rule.outside),
            "factors": json.dumps(rule.factors),
            "reachesZero": json.dumps(rule.range.contains(0)),
            "domain": json.dumps(_domain(rule, count)),  # Infinity is a number in a script
            "value": self._function(arguments, value),
        }
        for name, texts in (("local", local), ("sends", sends), ("limits", conditions), ("kink", kink)):
            members[name] = self._formulas(op.name, arguments, texts)
        return "{ " + ",\n  ".join(f"{name}: {text}" for name, text in members.items()) + " }"

    def _formulas(self, name: str, arguments: Sequence[str], texts: dict[str, Syntax]) -> str:
        """``(f, x, y) => {"0": …, "1": …}``: formulas of a row at its arguments and its own value."""
        straight = Straight([OWN, *arguments])
        layer: Layer[int] = Layer(straight.make, straight.number)
        args, shared = list(range(1, len(arguments) + 1)), dict[int, int]()
        for key, text in texts.items():
            position = int(key.split()[0])
            straight.give(key, layer.lay(name, text, args, own=0, position=position, shared=shared))
        return self._function([OWN, *arguments], straight)

    def _function(self, arguments: Sequence[str], straight: Straight) -> str:
        names = self.language.scope(straight.operations())
        parameters = {argument: names.give(argument) for argument in arguments}
        lines, outputs = self.language.body(straight, parameters, names)
        result = ", ".join(f'"{key}": {text.code}' for key, text in outputs.items())
        return f"({', '.join(parameters.values())}) => {{ {' '.join([*lines, f'return {{ {result} }};'])} }}"


def _domain(rule: Rule, count: int) -> list[dict[str, Any]]:
    """The intervals that a function is defined on, for each of its arguments that has one."""
    return [
        {"position": position, "interval": one._asdict(), "words": {"argument": name, "domain": f"{name} {one.text}"}}
        for position, name in enumerate(rule.args[:count])
        if (one := rule.domain.get(name)) is not None
    ]


def main() -> None:
    """Write the module."""
    Path(__file__).with_name("kernels.py").write_text(kernels(), encoding="utf-8")


if __name__ == "__main__":
    main()
