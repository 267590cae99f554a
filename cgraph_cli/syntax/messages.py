"""What is wrong with a text that is not in the language, in English: the place, the mistake, what to write instead."""

from __future__ import annotations

from unicodedata import east_asian_width

from cgraph_cli.errors import MOST_COMPARED, ExpressionSyntaxError, Span, shortened, suggestion
from cgraph_cli.light import TYPE_CHECKING, Iterable, re
from cgraph_cli.rules import CALLABLE, CONSTANTS, canonical_name
from cgraph_cli.syntax.expression import SUPERSCRIPT, SUPERSCRIPT_DIGITS

if TYPE_CHECKING:
    from lark import Token

POWERED = re.compile(r"(\w+?)\s*(?:(?:\^|\*\*)\s*\(?\s*(-?[\d.]+)\s*\)?|(⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))\s*\Z")
MOST_LETTERS = 3  # of a name that may be a product
LONGEST_POWER = 60  # characters of sin^-1 with spaces
MOST_SHOWN = 40  # characters of an expression in a help line
LEIBNIZ = re.compile(r"\bd\w*\s*/\s*d(\w+)\Z")
DIFFERENTIAL = re.compile(r"\s*/\s*d(\w+)")  # after d(...)
LIBRARIES = ("jnp", "math", "np", "numpy", "scipy", "sp", "sympy", "tf", "torch")
ENDS_OF_VALUES = ("NUMBER", "NAME", "RPAR", "SUPERSCRIPT")
DERIVATIVE = "a derivative is made with `cgraph diff`"
# What other languages call by a name.
ELSEWHERE = {
    **dict.fromkeys(("pow", "power"), "a power is written x^y"),
    **dict.fromkeys(("square", "sqr"), "a square is written x^2"),
    **dict.fromkeys(("root", "nthroot"), "the n-th root is x^(1/n), the third one cbrt(x)"),
    **dict.fromkeys(("mod", "fmod", "remainder"), "the remainder of x by y is x - y*floor(x/y)"),
    **dict.fromkeys(("trunc", "fix", "int"), "the whole part is sign(x)*floor(abs(x))"),
    **dict.fromkeys(("diff", "derivative", "deriv", "grad", "gradient"), DERIVATIVE),
    **dict.fromkeys(("integral", "integrate"), "cgraph differentiates only"),
    **dict.fromkeys(("heaviside", "step"), "a step is a comparison: x > 0"),
    **dict.fromkeys(("logistic", "expit"), "it is called sigmoid(x)"),
    **dict.fromkeys(("swish",), "it is called silu(x)"),
    **dict.fromkeys(("signum", "sgn"), "it is called sign(x)"),
    **dict.fromkeys(("average", "avg"), "it is called mean(a, b, ...)"),
    **dict.fromkeys(("binary_cross_entropy", "log_loss"), "it is called bce(p, t)"),
    "factorial": "the factorial of n is gamma(n + 1)",
    **dict.fromkeys(("fabs", "absolute", "magnitude"), "the absolute value is abs(x)"),
    "squareroot": "the square root is sqrt(x)",
    **dict.fromkeys(("inv", "reciprocal", "recip"), "the inverse is 1/x"),
    **dict.fromkeys(("mean_squared_error", "squared_error", "l2_loss"), "it is called mse(p, t)"),
    **dict.fromkeys(("mean_absolute_error", "l1_loss"), "it is called mae(p, t)"),
    **dict.fromkeys(("normcdf", "norm_cdf", "ndtr"), "it is written (1 + erf(x/sqrt(2)))/2"),
    "softmax": "a share is written exp(a - logsumexp(a, b))",
    "logaddexp": "it is called logsumexp(a, b)",
    "log_softmax": "the logarithm of a share is a - logsumexp(a, b)",
    "logit": "it is written log(p/(1 - p))",
    "mish": "it is written x*tanh(softplus(x))",
    "softsign": "it is written x/(1 + abs(x))",
    "relu6": "it is written clip(x, 0, 6)",
    "hardtanh": "it is written clip(x, -1, 1)",
    "sinc": "it is written sin(x)/x",
    **dict.fromkeys(("exp10", "pow10"), "it is written 10^x"),
    "prod": "a product is written a*b*c",
    "psi": "it is called digamma(x)",
    **dict.fromkeys(("lg", "log₁₀"), "it is called log10(x)"),
    "log₂": "it is called log2(x)",
    "tg": "it is called tan(x)",
    "ctg": "it is called cot(x)",
    "arctg": "it is called atan(x)",
    "cosec": "it is called csc(x)",
    "if": "a choice is written where(condition, a, b)",
    **dict.fromkeys(("Γ", "γ"), "it is called gamma(x)"),
}
# Names that are seldom those of variables: without parentheses a call is meant.
ELEMENTARY = frozenset(
    "sin cos tan sec csc cot exp log ln log2 log10 sqrt cbrt abs sinh cosh tanh asin acos atan arcsin arccos arctan "
    "sigmoid relu softplus".split()
)
WORDS = {
    "and": "both at once is a product: (0 < x)*(x < 1)",
    "or": "either is a maximum: max(x < 0, x > 1)",
    "not": "the opposite of a condition is (x > 0) == 0",
    "if": ELSEWHERE["if"],
    "else": ELSEWHERE["if"],
    "mod": ELSEWHERE["mod"],
    **dict.fromkeys(("at", "where", "with", "given", "for"), "a value is given outside the expression: --x 3"),
    **dict.fromkeys(("def", "function"), "a function is written f(x) = x^2; f(3)"),
    "lambda": "a function is written f(x) = x^2; f(3), and a product lambda*x",
    "return": "the last statement is the value",
    **dict.fromkeys(("let", "const"), "a name gets its value with ="),
}
# Names behind a number that are meant as its unit; single letters only where a space stands before them.
NO_UNITS = "units are not read: give the number alone"
UNITS = {
    **dict.fromkeys(
        "m s g N J W V A K C Hz kHz MHz GHz mm cm km nm pm um μm µm ms us μs µs ns min mg kg mol Pa kPa kJ kW mV mA eV "
        "rad mW kN mL F mF uF μF µF nF pF H mH uH μH µH nH Ohm ohm kOhm MOhm Ω kΩ MΩ mΩ T mT L bar dB".split(),
        NO_UNITS,
    ),
    **dict.fromkeys(("deg", "degrees"), "angles are in radians: 30*pi/180"),
}
PREFIXES = frozenset("kMGTmuμµnp")  # of units; in the value of a variable no name can be meant
LATEX_SIGNS = {
    **dict.fromkeys(("frac", "dfrac", "tfrac"), "a fraction is written (x)/(y)"),
    **dict.fromkeys(("cdot", "times"), "a product is written x*y"),
    **dict.fromkeys(("left", "right"), "parentheses are round: ( )"),
    "infty": "infinity is inf",
    **dict.fromkeys(("le", "leq"), "write <="),
    **dict.fromkeys(("ge", "geq"), "write >="),
    "neq": "write !=",
    **dict.fromkeys(("int", "iint", "oint"), ELSEWHERE["integral"]),
    **dict.fromkeys(("sum", "prod"), "sums and products are written out: x1 + x2 + x3"),
    **dict.fromkeys(("partial", "nabla", "dot", "ddot", "prime"), DERIVATIVE),
    "pm": "an uncertainty stands behind the value of a variable: --x 3±0.1",
    **dict.fromkeys("mathrm mathbf mathit text operatorname vec hat bar tilde".split(), "write the name alone"),
    **dict.fromkeys(("quad", "qquad", "displaystyle", "big", "Big"), "leave it out"),
}
HELP_FOR_CHARACTER = {
    **dict.fromkeys("[]{}", "parentheses are round: ( )"),
    **dict.fromkeys("|‖", ELSEWHERE["fabs"]),
    **dict.fromkeys("∗∙•⋆", "a product is written x*y"),
    **dict.fromkeys("∕⁄", "a quotient is written x/y"),
    "%": f"{ELSEWHERE['mod']}; 5% is 0.05",
    "&": WORDS["and"],
    "!": ELSEWHERE["factorial"],
    "√": "the square root is sqrt(x)",
    "±": "an uncertainty stands behind the value of a variable: --x 3±0.1",
    "∛": "the cube root is cbrt(x)",
    "∞": "infinity is inf",
    "∂": DERIVATIVE,
    "∇": DERIVATIVE,
    "∫": ELSEWHERE["integral"],
    **dict.fromkeys("∑Σ", "a sum is written out: x1 + x2 + x3, or sum(x1, x2, x3)"),
    "@": "there are no matrices: a dot product is w1*x1 + w2*x2",
    ":": "a name gets its value with =",
    **dict.fromkeys("\"'", "names are written without quotes"),
    "$": "LaTeX is not read: leave the $ out",
    "?": ELSEWHERE["if"],
    "°": UNITS["deg"],
    **dict.fromkeys("℃℉", NO_UNITS),
    **dict.fromkeys("→⇒↦", "a function is written f(x) = x^2; f(3)"),
    **dict.fromkeys("′″‴", DERIVATIVE),
    "~": WORDS["not"],
    "∆": "this is the sign of a difference: the letter is Δ",
    **dict.fromkeys("⁺⁼⁽⁾", "an exponent that is computed is written x^(n + 1)"),
}
HELP_AFTER_NAME = {**dict.fromkeys("'’", DERIVATIVE), "[": "there are no arrays: their elements are names, x0, x1"}
GROUPED = "digits are grouped with underscores: 1_000"
ARGUMENT = re.compile(r"(?:\d+\.?\d*)?\w*(?:\s*(?:\^|\*\*)\s*-?[\w.]+)?")  # of a function without parentheses


def meant(name: str, known: Iterable[str]) -> str | None:
    """What may have been meant by the name of a function that the language lacks, if anything is near."""
    return ELSEWHERE.get(name.lower()) or suggestion(name, known)


def unexpected_character(source: str, position: int) -> ExpressionSyntaxError:
    """What is wrong with a character that begins no token."""
    from unicodedata import category, normalize

    character = source[position]
    plain = normalize("NFKC", character)
    note: str | None
    if character == "." and source[:position][-1:].isidentifier() and source[position + 1 :][:1].isidentifier():
        message, note = "a point is not part of a name", _without_point(source, position)
    elif character == "." and source[position + 1 :][:1] in ("^", "*", "/"):
        message, note = "a point before a sign", f"there are no arrays: write {source[position + 1]}"
    elif character == ".":
        message, note = "a point without digits", "a number has digits: 0.5, .5, 5."
    elif character in SUPERSCRIPT:
        message, note = f"the exponent `{character}` has no digits", "write x^-2 or x⁻²"
    elif "\udc80" <= character <= "\udcff":  # how Python hands on bytes that the locale cannot decode
        message, note = f"the byte {ord(character) - 0xDC00:#x} is not text in the encoding of this terminal", None
    else:
        shown = character if character.isprintable() else f"U+{ord(character):04X}"
        message, note = f"`{shown}` is not part of the language", _instead(source, position)
        if category(character) == "Pd":
            note = "a minus sign is -"
        elif category(character) == "Cf":
            note = "it is invisible: delete it"
        elif note is None and plain != character:
            whole = re.search(r"(?<![\w.])\d+(?= ?\Z)", source[:position])
            added = f"{whole[0]} + " if whole else ""
            note = f"write ({added}{plain.replace('⁄', '/')})" if "⁄" in plain else f"write {plain}"
    return ExpressionSyntaxError(message, span=Span(position, position + 1), source=source, help=note)


def _without_point(source: str, position: int) -> str:
    """What to write instead of ``np.sin``, ``x.y`` or the name of a file."""
    after = re.compile(r"\w+").match(source, position + 1)
    name = after[0] if after else ""
    if canonical_name(name) in CALLABLE:
        return f"write {name}(...)"
    if source[:position].endswith(LIBRARIES):
        return (
            f"write {name}" if name in CONSTANTS else meant(name, CALLABLE) or "functions are written without a library"
        )
    note = "a name has letters, digits and _ only"
    is_path = len(source) < MOST_COMPARED and re.fullmatch(r"[\w./\\-]+", source.strip())
    return f"{note}; an expression in a file is read with --file {source.strip()}" if is_path else note


def _instead(source: str, position: int) -> str | None:
    """What to write instead of a character that begins no token."""
    character, before = source[position], source[max(position - MOST_COMPARED, 0) : position]
    if character == "\\":
        command = re.compile(r"[A-Za-z]*").match(source, position + 1)
        name = command[0] if command else ""
        return _latex(name, source[position + 1 + len(name) :][:MOST_COMPARED])
    if character in HELP_AFTER_NAME and before[-1:].isidentifier():
        return HELP_AFTER_NAME[character]
    if character == "{" and before[-1:] in ("^", "_"):
        inside, base = re.compile(r"[^{}]*").match(source, position + 1), re.search(r"\w+\Z", before[:-1].rstrip("_"))
        content, name = shortened(inside[0]) if inside else "", base[0] if base else "x"
        word = content if content.isalnum() else "1"
        return "LaTeX is not read: " + (f"write {name}^({content})" if before[-1] == "^" else f"write {name}_{word}")
    if character in "'’" and before[-1:].isdigit() and source[position + 1 :][:3].isdigit():
        return GROUPED
    if character in "'’" and before[-1:] == ")":
        return DERIVATIVE
    if character == "!" and not re.search(r"[\w)]\s*\Z", before):
        return WORDS["not"]
    if character == ":" and before.count("(") > before.count(")"):
        return "ranges of cells are not read: arguments are separated by commas"
    if source[position : position + 2] == "||":
        return WORDS["or"]
    if character == "°" and (number := re.search(r"([\d.]+)\s*\Z", before)):
        return NO_UNITS if source[position + 1 :][:1] in ("C", "F") else f"angles are in radians: {number[1]}*pi/180"
    return HELP_FOR_CHARACTER.get(character)


def _latex(command: str, after: str) -> str:
    """What to write instead of a LaTeX command, before some text."""
    if command == "log" and after[:1] == "_":
        return "LaTeX is not read: write log2(...), log10(...) or log(...)/log(b)"
    if command == "sqrt" and after[:1] == "[":
        return f"LaTeX is not read: {ELSEWHERE['root']}"
    if command == "left" and after.lstrip()[:1] == "|":
        return f"LaTeX is not read: {ELSEWHERE['fabs']}"
    if canonical_name(command) in CALLABLE:
        return f"LaTeX is not read: write {command}(...)"
    if command in LATEX_SIGNS:
        return f"LaTeX is not read: {LATEX_SIGNS[command]}"
    return f"LaTeX is not read: write {command}" if command else "LaTeX is not read: functions are written as sqrt(x)"


def unexpected_token(source: str, token: Token, before: Iterable[Token]) -> ExpressionSyntaxError:
    """What is wrong with a token that cannot stand after those ``before`` it."""
    known = [one for one in before if not (one.type == "SEPARATOR" and one.value == "\n")]
    span, message, note = _explained(source, token, known)
    return ExpressionSyntaxError(message, span=span, source=source, help=note)


def _explained(source: str, token: Token, before: list[Token]) -> tuple[Span, str, str | None]:
    kind, text = token.type, shortened(str(token))
    previous = before[-1] if before else None
    opened = _open_parenthesis(before)
    if kind == "$END":
        span = Span(len(source), len(source) + 1)
        if previous is not None and previous.type not in (*ENDS_OF_VALUES, "LPAR", "SEPARATOR"):
            return _span(previous), f"nothing stands after `{previous}`", "a value must follow"
        if opened is not None:
            return _span(opened), "this parenthesis is never closed", "a ) is missing"
        return span, "the expression ends too early", None
    span = _span(token)
    if kind == "RPAR":
        if opened is None:
            return span, "this parenthesis was never opened", None
        if previous is not None and previous.type == "LPAR":
            name = str(before[-2]).lower() if len(before) > 1 and before[-2].type == "NAME" else ""
            note = f"a constant is written without them: {name}" if name in CONSTANTS else None
            return Span(_span(previous).start, span.end), "nothing stands between the parentheses", note
        return span, f"a value is missing before `)`, after `{previous}`", None
    if kind == "COMMA" and previous is not None and previous.type in ("COMMA", "LPAR"):
        return span, f"a value is missing before `,`, after `{previous}`", None
    if previous is not None and previous.type in ENDS_OF_VALUES:
        return _after_value(source, previous, token, before, opened)
    if kind == "SEPARATOR":
        shown = "the end of the line" if text == "\n" else "`;`"
        return span, f"a value is missing before {shown}" + (f", after `{previous}`" if previous else ""), None
    if previous is None:
        note = "leave it out" if kind == "EQUALS" else None
        return span, f"an expression cannot begin with `{text}`", note
    if kind == "EQUALS":
        return span, "`=` cannot stand here", "x == y compares, q = x + y names a value"
    if kind == "COMPARE" and previous.type == "EQUALS" and text in ("<", ">"):
        return Span(_span(previous).start, span.end), f"`={text}` is not a comparison", f"write {text}="
    if text == "/" == str(previous) and _span(previous).end == span.start:
        both = Span(_span(previous).start, span.end)
        return both, "`//` is not part of the language", "the whole part of a quotient is floor(x/y)"
    if text == "^" == str(previous):
        return Span(_span(previous).start, span.end), "`^^` is not part of the language", "a power is written x^y"
    return span, f"`{text}` cannot follow `{previous}`", f"a value is missing between `{previous}` and `{text}`"


def _after_value(
    source: str, previous: Token, token: Token, before: list[Token], opened: Token | None
) -> tuple[Span, str, str | None]:
    kind, text, span = token.type, str(token), _span(token)
    touching = source[_span(previous).end : span.start] == ""
    if kind == "NUMBER" and previous.type == "NUMBER" and touching:
        both = Span(_span(previous).start, span.end)
        number = shortened(source[both.start : both.end])
        return both, f"`{number}` is not a number", "a number has one decimal point"
    if kind in ("NAME", "NUMBER", "LPAR"):
        if opened is not None and "\n" in source[_span(previous).end : span.start]:
            return _span(opened), "this parenthesis is never closed", "a ) is missing before the end of the line"
        return _missing_sign(source, before, token, touching)
    if kind == "EQUALS":
        return span, "a second `=` in one statement", "x == y compares; statements are separated by ;"
    if kind == "COMMA":
        decimal = previous.type == "NUMBER" and source[span.end : span.end + 1].isdigit()
        note = "a decimal number has a point: 3.5" if decimal else "a comma separates arguments only"
        if re.match(r"\s*[^\W\d]\w*\s*=[^=]", source[span.end : span.end + MOST_COMPARED]):
            note += "; a value is given outside the expression: --x 3"
        return span, "a comma outside the arguments of a function", note
    if kind == "SEPARATOR" and opened is not None and text == ";" and _is_called(before, opened):
        return span, "`;` separates statements", "arguments are separated by commas"
    if kind == "SEPARATOR" and opened is not None:
        return _span(opened), "this parenthesis is never closed", "a ) is missing before the end of the statement"
    return span, f"`{shortened(text)}` cannot follow `{shortened(str(previous))}`", None


def _missing_sign(source: str, before: list[Token], token: Token, touching: bool) -> tuple[Span, str, str]:
    """Two values next to each other: mostly a product without its sign."""
    kind, text, span, previous = token.type, str(token), _span(token), before[-1]
    whole = Span(_span(previous).start, span.end)
    left = "(...)" if previous.type == "RPAR" else shortened(str(previous))
    if previous.type == "SUPERSCRIPT":
        whole = Span(_span(before[-2]).start, span.end)
        left = ("(...)" if before[-2].type == "RPAR" else shortened(str(before[-2]))) + left
    right = "(...)" if kind == "LPAR" else shortened(text)
    if kind == "NAME" and source[span.end : span.end + 1] == "(":
        right += "(...)"
    words = [WORDS[str(one)] for one in (token, previous) if str(one) in WORDS]
    if words:
        word, place = (text, span) if text in WORDS else (str(previous), _span(previous))
        return place, f"`{word}` means nothing here", words[0]
    if previous.type == "NAME" and canonical_name(str(previous)) in CALLABLE:
        return whole, f"a function is called with parentheses: `{left}`", _called(left, source[span.start :])
    raised = POWERED.search(source[: span.start][-LONGEST_POWER:])
    if raised is not None and canonical_name(raised[1]) in CALLABLE:
        begin = span.start - len(raised[0])
        power = raised[2] or raised[3].translate(SUPERSCRIPT_DIGITS)
        note = f"write {raised[1]}(...)^{power}"
        if power == "-1" and canonical_name(f"a{raised[1]}") in CALLABLE:
            note = f"write a{raised[1]}(...) for the inverse function, {raised[1]}(...)^-1 for 1/{raised[1]}(...)"
        return Span(begin, span.end), "the power of a function stands after its argument", note
    message, note = "a product needs its sign: there is no implicit multiplication", f"write {left}*{right}"
    sign = "-" if len(before) > 2 and str(before[-2]) == "-" and str(before[-3]) in ("^", "**") else ""
    operator = str(before[-3 if sign else -2]) if len(before) > 1 else ""
    if operator == "/":
        note = f"write /({left}*{right}) to divide by both, /{left}*{right} to divide by {left} alone"
    elif operator in ("^", "**"):
        note = f"write ^({sign}{left}*{right}) for both in the exponent, ^{sign}{left}*{right} for a factor after it"
    unit = UNITS.get(text) if previous.type == "NUMBER" and (len(text) > 1 or not touching) else None
    if unit is not None:
        note = f"{unit}; a product is written {left}*{text}"
    elif kind == "NAME" and text[0] == "d" and text[1:] in map(str, before):
        note = f"{DERIVATIVE}; a product is written {left}*{text}"
    elif previous.type == "NUMBER" and kind == "NAME" and touching:
        other, told = _number_and_name(str(previous), text, right, source[span.end :][:MOST_COMPARED])
        message, note = other or message, told or note
    elif previous.type == "NUMBER" and kind == "NUMBER":
        note += f"; {GROUPED}"
    elif derived := LEIBNIZ.search(source[: _span(previous).end][-MOST_COMPARED:]):
        rest = source[span.start :].strip()
        shown = f' "{rest}" --wrt {derived[1]}' if '"' not in rest and len(rest) < MOST_SHOWN else ""
        note = f"a derivative is made with: cgraph diff{shown}"
    return whole, message, note


def _number_and_name(number: str, name: str, right: str, after: str) -> tuple[str | None, str | None]:
    """What a number with a name at its end may be but a product: a message and a help, where there are others."""
    left, both = shortened(number), shortened(f"{number}{name}")
    if name in ("e", "E"):
        return f"`{both}` has no digits in its exponent", f"a number is 1e3, a product {left}*e"
    if name in ("x10", "X10") and number != "0":
        power = re.match(r"\s*(?:\^|\*\*)\s*\(?\s*([+-]?\d+)", after)
        return None, f"a number is written {left}e{power[1] if power else 3}"
    if name in ("j", "J", "i", "I"):
        return None, f"numbers are real; a product is written {left}*{name}"
    if name.startswith("_"):
        return f"`{both}` is not a number", "single underscores group digits: 1_000"
    if number == "0" and name[0] in "xXbBoO" and name[1:].isalnum():
        return None, f"write {left}*{right}; numbers are decimal"
    if right == name and may_be_letters(name):
        return None, f"write {left}*{'*'.join(name)}, or {left}*{name} where `{name}` is one name"
    return None, None


def _called(function: str, after: str) -> str:
    """How a function is called on what follows its name: sin 2x, sin x^2."""
    found = ARGUMENT.match(after[:MOST_COMPARED])
    argument = re.sub(r"(\d)(?=[^\W\d])", r"\1*", found[0]) if found and found[0] else "..."
    base, *raised = re.split(r"\s*(\^|\*\*)\s*", argument)
    power = "".join(raised)
    return f"write {function}({base}{power})" + (f", or {function}({base}){power}" if power else "")


def _is_called(before: list[Token], opened: Token) -> bool:
    """Whether a parenthesis is that of a call."""
    at = before.index(opened)
    return at > 0 and before[at - 1].type == "NAME" and _span(before[at - 1]).end == _span(opened).start


def may_be_letters(name: str) -> bool:
    """Whether a name may be meant as a product of its letters: it is short, no function, and not made of syllables."""
    short = name.isalpha() and 1 < len(name) <= MOST_LETTERS and name not in {*CALLABLE, *CONSTANTS}
    return short and all(east_asian_width(one) not in "WF" for one in name)


def _span(token: Token) -> Span:
    start = token.start_pos or 0
    return Span(start, start + len(token))


def _open_parenthesis(tokens: list[Token]) -> Token | None:
    opened: list[Token] = []
    for token in tokens:
        if token.type == "LPAR":
            opened.append(token)
        elif token.type == "RPAR" and opened:
            opened.pop()
    return opened[-1] if opened else None
