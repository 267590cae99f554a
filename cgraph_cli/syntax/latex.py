r"""LaTeX for amsmath: fractions, roots, Greek letters, subscripts, cases, and the parentheses that are needed."""

from __future__ import annotations

from cgraph_cli.light import Iterable, NamedTuple, Self, cache, re
from cgraph_cli.rules import RULES, canonical_name
from cgraph_cli.syntax.expression import Binary, Call, Definition, Name, Number, Program, Syntax, Unary
from cgraph_cli.syntax.printer import (
    ADDITION,
    ATOM,
    COMPARISON,
    MULTIPLICATION,
    POWER,
    PRECEDENCE,
    SIGN,
    Notation,
    Piece,
)

_LOWER = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi"
_LOWER += " omega"
_UPPER = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
COMMANDS = frozenset((_LOWER + " " + _UPPER + " varepsilon vartheta varphi varrho").split())
LETTERS: dict[str, str] = dict(
    zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ", (_LOWER + " " + _UPPER).split(), strict=True)
) | dict(zip("ςϑϕϖϱℓħℏı", "varsigma vartheta phi varpi varrho ell hbar hbar imath".split(), strict=True))

RELATIONS: dict[str, str] = {"==": "=", "!=": r"\neq", "<=": r"\leq", ">=": r"\geq"}
SPECIAL: dict[str, str] = {"nan": r"\mathrm{nan}", "____": r"\underline{\hspace{2em}}"}
ESCAPED: dict[str, str] = {character: f"\\{character}" for character in "_%&#${}"}
ACCENTS: dict[str, str] = dict(
    zip(
        "\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u030c\u20d7",
        "grave acute hat tilde bar bar breve dot ddot check vec".split(),
        strict=True,
    )
)
LETTER = re.compile(r"\\[A-Za-z]+|[A-Za-z]+")
MARKS = "[" + "".join(ACCENTS) + "]?"
FENCE = re.compile(r"(\\left\()|(\\right\))|\\frac|\\sqrt|\\begin")
WORD = re.compile(r"\\(?:math|text)")  # a name of several letters
LOWERED = re.compile("[\u2080-\u2089\u2090-\u209c\u1d62-\u1d6a]+\\Z")  # letters that are subscripts by themselves
SUBSCRIPTED = re.compile(rf"([^\W\d_]+{MARKS})(?:_([^\W_]+(?:_[^\W_]+)*)|([0-9]+))\Z")


class Form(NamedTuple):
    """A row's LaTeX: an operator before parentheses, or texts with the positions of arguments between them."""

    texts: list[str]
    positions: list[int]
    precedence: int
    powered: bool

    @property
    def is_operator(self) -> bool:
        """Whether the arguments stand in parentheses after it."""
        return not self.positions

    @property
    def is_fenced(self) -> bool:
        """Whether bars of its own hold it together, so that a power needs no parentheses."""
        return not self.is_operator and self.texts[0].startswith(r"\left")


@cache
def form(text: str) -> Form:
    """The parts of a form in the table."""
    texts = re.split(r"#(\d)", text)
    outside = re.sub(r"\\left.*\\right|\{[^}]*\}", "", text)
    if len(texts) == 1:
        operator = text.removesuffix("^")
        operator = operator if operator.startswith("\\") else rf"\operatorname{{{escaped(operator)}}}"
        return Form([operator], [], ATOM, text.endswith("^"))
    loose = ADDITION if " - " in outside else POWER if "^" in outside else ATOM
    positions = [int(position) - 1 for position in texts[1::2]]
    return Form(texts[::2], positions, COMPARISON if r"\begin" in text else loose, False)


def escaped(text: str) -> str:
    r"""A text for \text{...} or plain LaTeX text, its special characters escaped."""
    special = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", **ESCAPED}
    return "".join(special.get(character, character) for character in text)


def flat(latex: str) -> str:
    r"""A formula in which only what is tall stands in parentheses that grow: ``\sin(x)``.

    TeX sets a space between an operator and ``\left(``.
    """
    parts: list[str] = []
    opened: list[int] = []  # where parentheses are that are open
    start, tall = 0, -1  # the end of what is read, and where something tall was last
    for found in FENCE.finditer(latex):
        parts += (latex[start : found.start()], found[0])
        start, here = found.end(), len(parts) - 1
        if found[1]:
            opened.append(here)
        elif not found[2]:
            tall = here
        elif opened and tall < (place := opened.pop()):
            parts[place], parts[here] = "(", ")"
    return "".join(parts) + latex[start:]


class LatexNotation(Notation):
    r"""LaTeX mathematics: ``-\frac{a}{b} \sin(3x \theta_{1})``.

    ``names`` are the names in use: two of them never look alike (``x1`` and ``x_1``, ``alpha`` and ``α``), the second
    is set as typed. ``modules`` are functions that a user defined, which may have the name of a built-in one.
    """

    times = r"\cdot"

    def __init__(self, names: Iterable[str] = (), modules: Iterable[str] = ()) -> None:
        self._modules = frozenset(modules)
        self._forms: dict[str, str] = {}
        self._functions: dict[str, list[Form]] = {}
        self._taken: set[str] = set()
        for name in names:
            self._forms[name] = self.name(name)
            self._taken.add(self._forms[name])

    @classmethod
    def of(cls, program: Program) -> Self:
        """The notation for everything that has a name in a program."""
        names = list(program.names())
        names += [one.name for one in program.statements if not isinstance(one, Definition) and one.name is not None]
        modules = [one for one in program.statements if isinstance(one, Definition)]
        names += [parameter for module in modules for parameter in module.parameters]
        return cls(names, [module.name for module in modules])

    def number(self, value: float) -> str:
        return number(self.digits(value))

    def name(self, name: str) -> str:
        if name in self._forms:
            return self._forms[name]
        form = pretty(name)
        return verbatim(name) if form in self._taken else form

    def precedence(self, part: Syntax) -> int:
        if isinstance(part, Number):
            text = self.digits(abs(part.value))
            if "e" in text:
                return MULTIPLICATION if "e" in text.removeprefix("1e") else SIGN
            return SIGN if part.is_negative else ATOM
        if isinstance(part, Binary):
            if part.symbol == "/":
                return POWER if positive_quotient(part) is None else SIGN
            return ATOM if PRECEDENCE[part.symbol][0] == COMPARISON or self._powered(part) else super().precedence(part)
        if isinstance(part, Call) and part.name not in self._modules:
            return self.form(part.name).precedence
        return super().precedence(part)

    def pieces(self, part: Syntax) -> list[Piece]:
        if isinstance(part, Unary):
            return ["-", (part.operand, _under_minus(part.operand))]
        return super().pieces(part)

    def binary(self, part: Binary) -> list[Piece]:
        symbol = part.symbol
        if symbol == "/":
            positive = positive_quotient(part)
            above = part.left if positive is None else positive
            return ["-" * (positive is not None) + r"\frac{", (above, 0), "}{", (part.right, 0), "}"]
        if symbol == "^":
            return self._power(part)
        if PRECEDENCE[symbol][0] == COMPARISON:  # a condition as a number: 1 where it holds
            return [r"\left[", *self._relation(part), r"\right]"]
        _, left, right = PRECEDENCE[symbol]
        if begins_with_minus(part.right):
            right = ATOM
        sign = self._times(part, left, right) if symbol == "*" else f" {symbol} "
        return [(part.left, left), sign, (part.right, right)]

    def _times(self, part: Binary, left: int, right: int) -> str:
        """What stands between two factors: nothing or a space where no other reading is left, else a dot."""
        before, after = self._end(part.left, left), self._beginning(part.right, right)
        if after[0].isdigit() or after.startswith(r"\frac") or isinstance(part.right, Number) or before == after != "}":
            return f" {self.times} "
        if after == "(":  # x(a + b) would be the call of a function
            return " " if before == ")" or before[0].isdigit() else f" {self.times} "
        if WORD.match(before) or WORD.match(after):
            return r" \, "
        return "" if before[0].isdigit() and not WORD.match(after) else " "

    def _beginning(self, part: Syntax, least: int) -> str:
        """How the text of a factor begins: a parenthesis, a digit or a command."""
        while self.precedence(part) >= least:
            if isinstance(part, Binary) and part.symbol == "^" and not self._powered(part):
                if isinstance(part.left, Call) and self._is_loose(part.left):
                    break
                part, least = part.left, ATOM
                continue
            pieces = self.pieces(part)
            if isinstance(pieces[0], str):
                return pieces[0]
            part, least = pieces[0]
        return "("

    def _end(self, part: Syntax, least: int) -> str:
        """How the text of a factor ends: with its own parenthesis, as a number or a name does, or else with a brace."""
        while self.precedence(part) >= least:
            if isinstance(part, Unary):
                least = _under_minus(part.operand)
                part = part.operand
            elif isinstance(part, Binary) and part.symbol == "*":
                least = ATOM if begins_with_minus(part.right) else SIGN
                part = part.right
            elif isinstance(part, Number):
                return "0" if "e" not in self.digits(part.value) else "}"
            else:
                return self.name(part.name) if isinstance(part, Name) else "}"
        return ")"

    def call(self, part: Call) -> list[Piece]:
        written = None if part.name in self._modules else self.form(part.name)
        if written is None or written.is_operator:
            arguments: list[Piece] = []
            for argument in part.arguments:
                arguments += [", ", (argument, 0)] if arguments else [(argument, 0)]
            return [self.function(part.name), *self.parenthesized(arguments)]
        conditions = RULES[canonical_name(part.name)].gradients
        pieces: list[Piece] = [written.texts[0]]
        for position, text in zip(written.positions, written.texts[1:], strict=True):
            argument = part.arguments[position]
            if conditions[position] is None:
                pieces += self._condition(argument)
            elif written.texts[0].endswith("+ "):
                pieces = self._plus(written.texts[0], argument)
            else:
                pieces.append((argument, 0))
            pieces.append(text)
        return pieces

    def form(self, name: str) -> Form:
        """How a call of a function of the table is written."""
        return self._forms_of(name)[0]

    def _forms_of(self, name: str) -> list[Form]:
        """A function's forms in which no letter looks like a name in use; the last is its name."""
        if name not in self._functions:
            row = canonical_name(name)
            texts = ((row in RULES and RULES[row].latex) or row).split(" or ")  # g_x stands for a long derivative
            fitting = (one for one in texts if self._taken.isdisjoint(LETTER.findall(one)))
            self._functions[name] = [form(one) for one in (*fitting, row)]
        return self._functions[name]

    def _plus(self, text: str, argument: Syntax) -> list[Piece]:
        """A text that ends with a plus sign and what is added: the minus of a negative one takes its place."""
        if isinstance(argument, Unary) and not begins_with_minus(argument.operand):
            return [text.removesuffix("+ ") + "- ", (argument.operand, MULTIPLICATION)]
        return [text, (argument, ATOM if begins_with_minus(argument) else MULTIPLICATION)]

    def parenthesized(self, pieces: list[Piece]) -> list[Piece]:
        return [r"\left(", *pieces, r"\right)"]

    def finished(self, text: str) -> str:
        return flat(text)

    def _power(self, part: Binary) -> list[Piece]:
        base = part.left
        if self._powered(part):
            assert isinstance(base, Call)
            return [self.function(base.name), "^{", (part.right, 0), "}", *self.parenthesized([(base.arguments[0], 0)])]
        fenced = isinstance(base, Call) and self._is_loose(base)
        return [*(self.parenthesized([(base, 0)]) if fenced else [(base, ATOM)]), "^{", (part.right, 0), "}"]

    def _is_loose(self, base: Call) -> bool:
        """Whether a call needs parentheses under a power."""
        return base.name in self._modules or not self.form(base.name).is_fenced

    def _powered(self, part: Binary) -> bool:
        r"""Whether a power is written on the function's name: \sin^{2}(x), for whole exponents from 2 on only."""
        base, exponent = part.left, part.right
        return (
            part.symbol == "^"
            and isinstance(base, Call)
            and base.name not in self._modules
            and self.form(base.name).powered
            and isinstance(exponent, Number)
            and exponent.value >= 2
            and exponent.value.is_integer()
            and "e" not in self.digits(exponent.value)
        )

    def _relation(self, part: Binary) -> list[Piece]:
        _, left, right = PRECEDENCE[part.symbol]
        return [(part.left, left), f" {RELATIONS.get(part.symbol, part.symbol)} ", (part.right, right)]

    def _condition(self, part: Syntax) -> list[Piece]:
        if isinstance(part, Binary) and PRECEDENCE[part.symbol][0] == COMPARISON:
            return self._relation(part)
        return [(part, MULTIPLICATION), r" \neq 0"]

    def function(self, name: str) -> str:
        """The operator of a function or a module."""
        if name not in self._modules:
            return next(one for one in self._forms_of(name) if one.is_operator).texts[0]
        known = pretty(name)
        if not known.startswith((r"\mathit", r"\mathtt", r"\text")):
            return known
        head, below = _lowered(name)
        return rf"\operatorname{{{escaped(head)}}}" + (f"_{{{below}}}" if below else "")


def begins_with_minus(part: Syntax) -> bool:
    """Whether the text of a part has a minus sign at its left edge, so that no operator may stand before it."""
    while isinstance(part, Binary) and part.symbol in ("+", "-", "*", "/"):
        left = part.left
        if part.symbol == "/":
            return positive_quotient(part) is not None
        if isinstance(left, Binary) and PRECEDENCE[left.symbol][0] < PRECEDENCE[part.symbol][1]:
            return False  # in parentheses
        part = left
    return is_negative(part)


def _under_minus(operand: Syntax) -> int:
    """How strongly the operand of a minus must hold together to have no parentheses."""
    return ATOM if begins_with_minus(operand) else MULTIPLICATION


def is_negative(part: Syntax) -> bool:
    """Whether a part is a minus before something or a negative number."""
    return isinstance(part, Unary) or (isinstance(part, Number) and part.is_negative)


DEEPEST_MINUS = 20  # factors above a line before which a minus is looked for


def positive_quotient(part: Binary) -> Syntax | None:
    r"""What stands above the line where the minus of the first factor goes before it: a in -\frac{a}{b}."""
    factors: list[Binary] = []
    first = part.left
    while isinstance(first, Binary) and first.symbol in ("*", "/") and len(factors) < DEEPEST_MINUS:
        factors.append(first)
        first = first.left
    positive: Syntax | None = None
    if isinstance(first, Unary):
        positive = None if begins_with_minus(first.operand) else first.operand
    elif isinstance(first, Number) and is_negative(first):
        positive = Number(-first.value)
    if positive is None:
        return None
    for factor in reversed(factors):
        positive = Binary(factor.symbol, positive, factor.right)
    return positive


def number(text: str) -> str:
    r"""A number of cgraph's language in LaTeX: ``2.5 \cdot 10^{-7}``."""
    sign = "-" if text.startswith("-") else ""
    text = text.removeprefix("-")
    if text == "inf":
        return rf"{sign}\infty"
    if text in SPECIAL:
        return SPECIAL[text]
    digits, e, exponent = text.partition("e")
    if not e:
        return sign + text
    power = f"10^{{{int(exponent)}}}"
    return sign + (power if digits == "1" else rf"{digits} \cdot {power}")


def verbatim(name: str) -> str:
    r"""A name exactly as typed, in the font of program text."""
    head, below = _lowered(name)
    if below:
        return f"{verbatim(head)}_{{{below}}}"
    return rf"\mathtt{{{escaped(name)}}}" if name.isascii() else rf"\text{{{escaped(name)}}}"


def pretty(name: str) -> str:
    r"""A name as on paper: ``x_{1}`` for x_1 and x1, ``\omega_{0}``, ``\mathit{rate}``, ``h_{\mathrm{max}}``."""
    if name in ("inf", "…"):
        return r"\infty" if name == "inf" else r"\ldots"
    whole = _word(name, r"\mathit")
    if whole is not None:
        return whole
    head, below = _lowered(name)
    if below:
        above = pretty(head)
        return f"{verbatim(head) if '_' in above else above}_{{{below}}}"
    found = SUBSCRIPTED.match(name)
    if found is None:
        return verbatim(name)
    base = _word(found[1], r"\mathit")
    subscripts = [_word(word, r"\mathrm") or _digits(word) for word in (found[2] or found[3]).split("_")]
    if base is None or not all(subscripts):
        return verbatim(name)
    return f"{base}_{{{','.join(word for word in subscripts if word)}}}"


def _lowered(name: str) -> tuple[str, str]:
    """A name before the subscripts that are letters of it, such as β₂, and these in LaTeX, or nothing."""
    from unicodedata import normalize

    found = None if name.isascii() else LOWERED.search(name)
    if not found:
        return name, ""
    below = normalize("NFKC", found[0])
    return name[: found.start()], _word(below, r"\mathrm") or _digits(below) or rf"\text{{{below}}}"


def _word(word: str, font: str) -> str | None:
    """A name of letters: one letter, a Greek letter, or an ASCII word; None for anything else."""
    if word in COMMANDS:
        return f"\\{word}"
    if word in LETTERS:
        return f"\\{LETTERS[word]}"
    if not word.isascii() and len(word) < 3:
        from unicodedata import normalize

        letter, mark = normalize("NFD", word)[:1], normalize("NFD", word)[1:]
        if mark in ACCENTS and (letter in LETTERS or (letter.isascii() and letter.isalpha())):
            return rf"\{ACCENTS[mark]}{{{_word(letter, font)}}}"
    if word.isascii() and word.isalpha():
        return word if len(word) == 1 else f"{font}{{{word}}}"
    if len(word) > 1 and all(letter in LETTERS or (letter.isascii() and letter.isalpha()) for letter in word):
        letters = "".join(f"\\{LETTERS[letter]} " if letter in LETTERS else letter for letter in word)
        return f"{font}{{{letters.rstrip()}}}"
    return None


def _digits(word: str) -> str | None:
    if word.isascii() and word.isdigit():
        return word
    return rf"\mathrm{{{word}}}" if word.isascii() and word.isalnum() else None


LATEX = LatexNotation()
