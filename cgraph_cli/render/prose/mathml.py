r"""The LaTeX that cgraph writes as MathML, which browsers set and screen readers read without a script.

One loop over the tokens with a stack of open groups: a formula may be as deep as a user likes.
"""

from __future__ import annotations

from cgraph_cli.light import NamedTuple, escape, re
from cgraph_cli.syntax.latex import ACCENTS, LETTERS

TOKEN = re.compile(
    r"(?s)\\underline\{\\hspace\{2em\}\}|\\(?:left|right)(?:\\[a-z]+|.)|\\(?:begin|end)\{cases\}"
    r"|\\(?:text|operatorname|math[a-z]+)\{(?:[^{}\\]|\\.|\{\})*\}|\\sqrt\[3\]|\\class\{[a-z]+\}|\\[a-zA-Z]+|\\.|[0-9]+\.?[0-9]*|\S",
)
WORD = re.compile(r"(?s)\\([a-z]+)\{(.*)\}\Z")
SYMBOLS = {f"\\{command}": letter for letter, command in LETTERS.items()} | {
    r"\infty": "∞", r"\partial": "∂", r"\cdot": "·", r"\cdots": "⋯", r"\ldots": "…", r"\approx": "≈", r"\to": "→",
    r"\neq": "≠", r"\leq": "≤", r"\geq": "≥", r"\lfloor": "⌊", r"\rfloor": "⌋", r"\lceil": "⌈", r"\rceil": "⌉",
    r"\vdots": "⋮", "-": "−", r"\_": "_",
}  # fmt: skip
OPERATORS = frozenset("+−=<>≈≠≤≥·→∂,")
MARKS = {f"\\{command}": chr(0xAF) if command == "bar" else mark for mark, command in ACCENTS.items()}
MINUS = "<mo>−</mo>"
TALL = re.compile("<(?:mfrac|msqrt|mroot|mtable)")  # within parentheses that grow: small ones of some fonts then gape
BEFORE_FUNCTION = '<mo rspace="0.167em">\u2062</mo>'  # x sin x, as TeX has it
APPLY, TIMES = "<mo>\u2061</mo>", "<mo>\u2062</mo>"
NEEDS = {r"\frac": 2, r"\sqrt": 1, r"\sqrt[3]": 1, "^": 1, "_": 1, **dict.fromkeys(MARKS, 1)}


class Item(NamedTuple):
    """An element of a row: ``operator`` between two others, ``function`` before its arguments, or what they act on.

    Without ``text`` it waits for the groups that follow: ``command`` says what becomes of them.
    """

    text: str
    kind: str = "atom"
    command: str = ""
    parts: tuple[str, ...] = ()


class Group(NamedTuple):
    """An open group: what opened it, and its items; for cases those of every cell."""

    opening: str
    items: list[Item]
    cells: list[str]


def mathml(latex: str, *, display: bool = False) -> str:
    """A formula as one math element. Raises ValueError for LaTeX that cgraph does not write."""
    stack = [Group("", [], [])]
    for token in TOKEN.findall(latex):
        if token in ("{", "(", r"\begin{cases}") or token.startswith(r"\left"):
            stack.append(Group(token, [], []))
        elif token in ("}", ")", r"\end{cases}") or token.startswith(r"\right"):
            if len(stack) == 1:
                raise ValueError(f"nothing to close with {token}")
            group = stack.pop()
            _add(stack[-1].items, _closed(group, token))
        elif token in ("&", r"\\"):
            stack[-1].cells.append(_row(stack[-1].items))
            stack[-1].items.clear()
        else:
            _add(stack[-1].items, _item(token))
    if len(stack) > 1:
        raise ValueError(f"{stack[-1].opening} is not closed")
    style = ' displaystyle="true"' if display else ""
    return f"<math{style}>{_row(stack[0].items)}</math>"


def _item(token: str) -> Item:
    if token.startswith(r"\underline"):
        return Item("<mtext>____</mtext>")
    if token in NEEDS or token.startswith(r"\class"):
        return Item("", command=token)
    found = WORD.match(token)
    if found:
        text = escape(re.sub(r"\\text[a-z]+\{\}|\\[a-zA-Z]+ ?|\\(.)", _unescaped, found[2]))
        if found[1] == "text" and text != text.strip():  # words within a formula
            return Item("<mtext>" + text.replace(" ", "\u00a0") + "</mtext>", "operator")
        function = "function" if found[1] == "operatorname" else "atom"
        return Item(f"<mi>{text}</mi>", function)
    if token == r"\,":
        return Item('<mspace width="0.17em"/>', "operator")
    if token in (r"\;", r"\displaystyle"):
        return Item("", "nothing")
    text = SYMBOLS.get(token, token)
    if text in OPERATORS:
        return Item(f"<mo>{escape(text)}</mo>", "operator")
    if token[0].isdigit():
        return Item(f"<mn>{token}</mn>")
    if len(text) > 1:  # \sin, \max
        name = text.removeprefix("\\")
        return Item(f"<mi>{name}</mi>", "function")
    return Item(f"<mi>{escape(text)}</mi>")


def _unescaped(found: re.Match[str]) -> str:
    words = {r"\textbackslash{}": "\\", r"\textasciicircum{}": "^", r"\textasciitilde{}": "~"}
    return words.get(found[0]) or found[1] or SYMBOLS[found[0].rstrip(" ")]


def _add(items: list[Item], item: Item) -> None:
    """Put an element after the others of its row, or among the groups that the last one waits for."""
    if item.kind == "nothing":
        return
    last = items[-1] if items else None
    if last is not None and last.command:
        last = last._replace(parts=(*last.parts, item.text))
        if len(last.parts) < NEEDS.get(last.command, 1):
            items[-1] = last
            return
        items.pop()
        base = items.pop() if last.command in "^_" and items else None
        _join(items, _made(last, base))
        return
    if item.command in ("^", "_"):
        items.append(item)
    else:
        _join(items, item)


def _join(items: list[Item], item: Item) -> None:
    """Side by side: a function is applied, anything else is multiplied."""
    last = items[-1] if items else None
    if item.text == MINUS and (last is None or last.kind == "operator"):
        item = item._replace(text='<mo form="prefix">−</mo>')
    if last is not None and last.kind != "operator" and item.kind != "operator":
        times = BEFORE_FUNCTION if item.kind == "function" else TIMES
        items.append(Item(APPLY if last.kind == "function" else times, "operator"))
    items.append(item)


def _made(item: Item, base: Item | None) -> Item:
    parts = item.parts
    if item.command in MARKS:
        return Item(f'<mover accent="true">{parts[0]}<mo>{MARKS[item.command]}</mo></mover>')
    if item.command == r"\frac":
        return Item(f"<mfrac>{parts[0]}{parts[1]}</mfrac>")
    if item.command == r"\sqrt":
        return Item(f"<msqrt>{parts[0]}</msqrt>")
    if item.command == r"\sqrt[3]":
        return Item(f"<mroot>{parts[0]}<mn>3</mn></mroot>")
    if item.command.startswith(r"\class"):
        return Item(f'<mrow class="{item.command[7:-1]}">{parts[0]}</mrow>')
    below = base or Item("<mrow></mrow>")
    tag = "msup" if item.command == "^" else "msub"
    return Item(f"<{tag}>{below.text}{parts[0]}</{tag}>", below.kind)


def _closed(group: Group, token: str) -> Item:
    row = _row(group.items)
    if token == "}" and group.opening == "{":
        return Item(row)
    if token == r"\end{cases}" and group.opening == r"\begin{cases}":
        cells = [f"<mtd>{cell}</mtd>" for cell in (*group.cells, row)]
        rows = "".join(f"<mtr>{one}{other}</mtr>" for one, other in zip(cells[::2], cells[1::2], strict=True))
        return Item(f'<mrow><mo>{{</mo><mtable columnalign="left">{rows}</mtable></mrow>')
    is_fenced = group.opening.startswith(r"\left") and token.startswith(r"\right")
    if not is_fenced and (group.opening, token) != ("(", ")"):
        raise ValueError(f"{group.opening} is closed with {token}")
    left, right = group.opening.removeprefix(r"\left"), token.removeprefix(r"\right")
    form = 'lspace="0" rspace="0"' + ("" if TALL.search(row) else ' stretchy="false"')
    marks = [f"<mo {form}>{SYMBOLS.get(one, one)}</mo>" for one in (left, right)]
    return Item(f"<mrow>{marks[0]}{row}{marks[1]}</mrow>")


def _row(items: list[Item]) -> str:
    if any(item.command for item in items):
        raise ValueError("a command lacks what it is about")
    return items[0].text if len(items) == 1 else f"<mrow>{''.join(item.text for item in items)}</mrow>"
