"""The rule table as plain data: every function with its formula, its local gradients, its domain and its kinks."""

from __future__ import annotations

from itertools import takewhile

from cgraph_cli.errors import UnknownFunctionError, shortened
from cgraph_cli.graph.express import operation_syntax
from cgraph_cli.graph.formula import formula, limits
from cgraph_cli.graph.graph import operation
from cgraph_cli.light import NamedTuple, Sequence, re
from cgraph_cli.rule import Rule
from cgraph_cli.rules import ALIASES, CALLABLE, OPERATORS, RULES, SECTIONS, SYMBOLS, canonical_name
from cgraph_cli.syntax.expression import Name
from cgraph_cli.syntax.messages import meant
from cgraph_cli.syntax.parser import SPELLINGS
from cgraph_cli.syntax.printer import print_expression


class Row(NamedTuple):
    """One function in words, all formulas in cgraph's own language; ``textbook`` has the gradients a class writes."""

    name: str
    kind: str
    call: str
    aliases: list[str]
    definition: str | None
    computed: str | None
    gradients: dict[str, str | None]
    textbook: dict[str, str]
    defaults: dict[str, float]
    domain: str
    range: str
    exact: dict[float, float]
    parity: str | None
    symmetric: bool
    kink: str | None
    convention: str

    def facts(self) -> str:
        """Everything that can be searched, in one text."""
        gradients = [text for text in (*self.gradients.values(), *self.textbook.values()) if text]
        said = (self.name, *self.aliases, self.kind, self.call, self.definition, self.computed, *gradients, self.domain)
        return "\n".join([*filter(None, (*said, self.range, self.parity, self.kink and "kink", self.convention))])


class FunctionTable(NamedTuple):
    """The functions that were asked for; ``full`` where each is to be shown with everything that is known of it."""

    rows: list[Row]
    full: bool = False


MOST_IN_FULL = 3  # rows that a search shows with everything


def function_table(words: Sequence[str] = ()) -> FunctionTable:
    """All functions, or those that ``words`` name; a word that names none is searched in names and facts.

    Raises UnknownFunctionError for a word that is found nowhere.
    """
    if not words:
        return FunctionTable([_row(name, rule) for name, rule in RULES.items()])
    found: dict[str, Row] = {}
    named = [_named(word) for word in words]
    for word, name in zip(words, named, strict=True):
        rows = _searched(word) if name is None else [_row(name, RULES[name])]
        found |= {row.name: row for row in rows}
    return FunctionTable([*found.values()], full=None not in named or len(found) <= MOST_IN_FULL)


def _named(word: str) -> str | None:
    """The row that a word means: its name in any spelling, an operator, a call such as sin(x)."""
    word = word.partition("(")[0].strip() or word
    names = (canonical_name(word), canonical_name(word.lower()), OPERATORS.get(SPELLINGS.get(word, word)))
    return next((name for name in names if name in RULES), None)


def _searched(word: str) -> list[Row]:
    beginning = re.compile(rf"(?i)(?<!\w){re.escape(word)}")
    found = [row for row in function_table().rows if beginning.search(row.facts())]
    for ending in ("es", "s"):  # losses, activations
        if not found and word.endswith(ending):
            return _searched(word.removesuffix(ending))
    if not found:
        help = meant(word, (*CALLABLE, *ALIASES)) or "cgraph functions shows all of them"
        raise UnknownFunctionError(f"no function has `{shortened(word)}` in its name or its facts", help=help)
    return found


def _row(name: str, rule: Rule) -> Row:
    textbook = dict(zip(rule.args, map(_on_paper, rule.textbook), strict=True))
    gradients = dict(zip(rule.args, map(_on_paper, rule.gradients), strict=True))
    return Row(
        name,
        _kind(name),
        _call(name, rule),
        [alias for alias, meant in ALIASES.items() if meant == name],
        rule.definition or rule.value,
        rule.value if rule.definition else None,
        gradients,
        {arg: text for arg, text in textbook.items() if text is not None and text != gradients[arg]},
        rule.defaults,
        ", ".join(f"{arg} {interval.text}" for arg, interval in rule.domain.items() if interval.text),
        rule.range.text,
        dict(rule.at),
        rule.parity,
        rule.symmetric,
        rule.kink,
        conventions(name),
    )


def _kind(name: str) -> str:
    """The section of the table that a row is in."""
    above = [*takewhile(lambda one: one != name, RULES), name]
    return next(SECTIONS[one] for one in reversed(above) if one in SECTIONS)


def _call(name: str, rule: Rule) -> str:
    if name in SYMBOLS:
        return print_expression(operation_syntax(operation(name), [Name(arg) for arg in rule.args]))
    return f"{name}(x, ...)" if rule.many else f"{name}({', '.join(rule.args)})"


def _on_paper(text: str | None) -> str | None:
    """A rule's formula with its limits left out."""
    return None if text is None else print_expression(limits(formula(text))[1])


def conventions(name: str) -> str:
    """What is used where a function has no derivative, or where its formula has none of its own."""
    rule = RULES[name]
    notes = [f"at {rule.kink}: {rule.convention}"] if rule.kink else []
    for arg, text in zip(rule.args, rule.gradients, strict=True):
        for condition, value in limits(formula(text))[0] if text else ():
            notes.append(f"d/d{arg} is {print_expression(value)} at {print_expression(condition)}")
    return "; ".join(dict.fromkeys(notes))
