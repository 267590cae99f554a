r"""Long LaTeX equations in lines: broken before + and -, else between factors, within parentheses where it must be.

A line is measured in letters, by its text: what TeX makes of it is near enough for a page of ``article``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate, pairwise

from cgraph_cli.light import NamedTuple, Sequence, re
from cgraph_cli.syntax.latex import flat

ROOM = 58  # letters of a line
LONGEST = 20_000  # characters of a formula that is measured
DEEPEST = 12  # fractions within fractions that are written as products
CONTINUED = " \\\\\n    &\\quad {} "
TOKEN = re.compile(
    r"(?s) \\cdot | \\, | [+-] |, |\\left(?:\\[a-z]+ ?|.)| ?\\right(?:\\[a-z]+|.)"
    r"|\\(?:begin|end)\{cases\}|\\[a-zA-Z]+|\\.|."
)
COMMAND = re.compile(r"\\(?:left|right|bigl|bigr|math[a-z]+|text|operatorname|displaystyle)(?![a-z])|[ &]|\\,")
WORD = re.compile(r"\\(?:sin|cos|tan|sec|csc|cot|exp|log|max|min|ln|arc[a-z]+|[a-z]+h)(?![a-z])")
INNERMOST = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}|([_^])\{([^{}]*)\}|\{([^{}]*)\}")


def size(latex: str) -> int:
    """About how many letters wide a formula is when it is set."""
    text = re.sub(r" ([+<>=-]|\\(?:cdot|approx|leq|geq|neq)) ", "mm", latex)
    text = re.sub(r"\\(?:begin|end)\{cases\}", "m", text)
    text = re.sub(r"\\(?!frac)[a-zA-Z]+", "x", WORD.sub("sin", COMMAND.sub("", text)))
    found = 1
    while found:
        text, found = INNERMOST.subn(_printed, text)
    return len(text)


def _printed(found: re.Match[str]) -> str:
    above, below, script, small, plain = found.groups()
    if above is not None:
        return max(above, below, key=len)
    return plain if script is None else small[: (2 * len(small) + 2) // 3]


class Break(NamedTuple):
    """A place where a line may end: how bad that is, and the parentheses and bars around it, by where they open."""

    at: int
    next: int
    cost: float
    inside: tuple[int, ...]
    sign: str


def _breaks(latex: str) -> tuple[list[Break], dict[int, int]]:
    """All places where a line may end, and of each parenthesis where it closes."""
    found: list[Break] = []
    closing: dict[int, int] = {}
    fences: list[int] = []
    closed = 0  # braces, brackets around comparisons and cases, within which no line ends
    for match in TOKEN.finditer(latex):
        token, at = match[0], match.start()
        if token.startswith(r" \right"):  # no place between what is inside a bar and the bar
            token, at = token[1:], at + 1
        opens, closes = token.startswith(("(", r"\left")), token.startswith((")", r"\right"))
        if token in ("{", r"\begin{cases}") or (opens and (closed or token == r"\left[")):
            closed += 1
        elif token in ("}", r"\end{cases}") or (closes and closed):
            closed -= 1
        elif opens:
            fences.append(at)
        elif closes:
            closing[fences.pop()] = at
        elif not closed and at:
            cost = len(fences)
            if token in (" + ", " - ", ", "):
                sign = token.strip() if token != ", " else ""
                found.append(Break(match.end() if token == ", " else at, match.end(), cost, tuple(fences), sign))
            elif token in (r" \cdot ", r" \, ", " "):
                found.append(Break(at, match.end(), cost + 0.5, tuple(fences), r"\cdot"))
    return found, closing


def broken(latex: str, room: int = ROOM) -> list[str]:
    """A formula in lines of at most ``room`` letters, as far as it can be broken."""
    if len(latex) > LONGEST or size(latex) <= room:
        return [latex]
    latex = _without_wide_fractions(latex, room)
    breaks, closing = _breaks(latex)
    places = [0, *(one.at for one in breaks), len(latex)]
    reached = [0, *accumulate(size(latex[left:right]) for left, right in pairwise(places))]
    chosen: list[Break] = []
    first, begun = 0, 0  # the first break after the line's beginning, and how much stands before that
    while first < len(breaks) and reached[-1] - begun > room:
        end = max(bisect_right(reached, begun + room) - 1, first + 1)
        half = max(min(bisect_left(reached, begun + room / 2) - 1, end - 1), first)
        best = min(range(half, end), key=lambda index: (breaks[index].cost, -index))
        chosen.append(breaks[best])
        first, begun = best + 1, reached[best + 1]
    opened = {fence for one in chosen for fence in one.inside}
    ends = {closing[fence] for fence in opened}
    lines, start, sign = [], 0, ""
    for at, after, following in [*((one.at, one.next, one.sign) for one in chosen), (len(latex), 0, "")]:
        lines.append(f"{sign} {_resized(latex, start, at, opened, ends)}".strip())
        start, sign = after, following
    return lines


def _resized(latex: str, start: int, end: int, opened: set[int], ends: set[int]) -> str:
    """A stretch of a formula in which parentheses and bars that are on two lines have a size of their own."""
    text, at = "", start
    for place in sorted(one for one in opened | ends if start <= one < end):
        side = r"\left" if place in opened else r"\right"
        text += latex[at:place] + rf"\big{side[1]}"
        at = place + len(side) * latex.startswith(side, place)
    return text + latex[at:end]


def _without_wide_fractions(latex: str, room: int) -> str:
    r"""A formula whose fractions are no wider than a line: \frac{a + b}{c} as \frac{1}{c} \cdot \left(a + b\right)."""
    for _ in range(DEEPEST):
        found = _wide_fraction(latex, room)
        if found is None:
            return flat(latex)
        start, end, above, below = found
        parts = rf"\frac{{1}}{{{below}}} \cdot \left({above}\right)"
        if size(below) > room:
            parts = rf"\left({above}\right) \left({below}\right)^{{-1}}"
        latex = latex[:start] + parts + latex[end:]
    return flat(latex)


def _wide_fraction(latex: str, room: int) -> tuple[int, int, str, str] | None:
    """Where the first fraction is that is wider than a line, outside of any braces, and its two parts."""
    depth, opened, parts = 0, 0, list[tuple[int, int]]()
    start: int | None = None
    for match in TOKEN.finditer(latex):
        token, at = match[0], match.start()
        if token == r"\frac" and depth == 0:
            start, parts = at, []
        elif token == "{":
            depth += 1
            opened = at + 1 if depth == 1 else opened
        elif token == "}":
            depth -= 1
            if depth == 0 and start is not None:
                parts.append((opened, at))
                if len(parts) == 2:
                    above, below = (latex[left:right] for left, right in parts)
                    if size(above) > room or size(below) > room:
                        return start, at + 1, above, below
                    start = None
    return None


def equation(name: str, sides: Sequence[tuple[str, str]], room: int = ROOM) -> str:
    """A name and what it equals as a row of an align environment, with as many sides in a line as it has room for."""
    first = used = size(name)
    lines: list[str] = []
    for sign, formula in sides:
        width = size(formula) + 3
        if lines and used + width <= room:
            lines[-1] += f" {sign} {formula}"
            used += width
            continue
        parts = broken(formula, max(room - first - 3, room // 2))
        lines.append(f"{sign} {CONTINUED.join(parts)}")
        used = first + size(parts[-1]) + 5
    return f"  {name} &" + " \\\\\n    &".join(lines)
