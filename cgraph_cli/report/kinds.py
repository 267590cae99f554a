"""THE table of the kinds of findings, which has every sentence. It is made when there is something to say."""

from __future__ import annotations

from cgraph_cli.light import NamedTuple


class Kind(NamedTuple):
    """One kind of finding.

    ``code`` is what programs know it by and stays; ``sentence`` has the names of a finding's fields in braces; ``word``
    is what stands before it; ``members`` are the fields that JSON has as members of their own. What is ``of_gradient``
    says nothing of values: it matters to gradients by what its node, or its field ``arg``, is computed from.
    """

    code: str
    sentence: str
    word: str = "warning"
    members: tuple[str, ...] = ()
    of_gradient: bool = False

    @property
    def head(self) -> str:
        """What stands before it in a list: note, or warning with its code."""
        return self.word if self.word == "note" else f"warning ({self.code})"


def _of_gradient(code: str, sentence: str, word: str = "warning") -> Kind:
    return Kind(code, sentence, word, of_gradient=True)


def _disagreement(verdict: str, *members: str) -> Kind:
    sentence = "{name}: the formula gives {left} and reverse mode over the expression as written gives {right}; "
    return Kind("disagreement", sentence + verdict, members=("wrt", "left", "right", *members))


def _of_formula(code: str, rest: str, *members: str) -> Kind:
    return Kind(code, "the formula of {name} gives {value}" + rest, members=("wrt", *members))


def _of_every_number(name: str, code: str, sentence: str, *members: str, word: str = "warning") -> dict[str, Kind]:
    """What can be said of a value, of a gradient, of a second derivative, of one in a direction."""
    return {
        name: Kind(code, sentence, word, members),
        f"{name} gradient": Kind(code, sentence, word, ("wrt", *members), of_gradient=True),
        f"{name} second": Kind(code, sentence, word, ("row", "column", *members), of_gradient=True),
        f"{name} directional": Kind(code, sentence, word, members),
    }


def _of_slopes(ending: str, left: str, right: str, *members: str, of_gradient: bool = False) -> dict[str, Kind]:
    """What can be said of a number on a kink: that sides differ, that they do not, and that they are the number.

    Limits of second derivatives are no proof that there are any.
    """
    usual, both = "{name} is {value} by convention: it is", (*members, "left", "right")
    differ = Kind("kink", f"{usual} {{left}} {left}, {{right}} {right}", "kink", both, of_gradient)
    smooth = Kind("kink", f"{usual} {{true_value}} from both sides", "warning", (*both, "true_value"), of_gradient)
    if ending in (" second", " order"):
        return {f"slopes{ending}": differ, f"smooth{ending}": smooth}
    cancel = "{name} exists here, as kinks cancel: it is {true_value} from both sides, not {value}"
    none = "{name} exists here all the same: it is {value} from both sides"
    off = "{name} is {value} where doubles are equal that are not in high precision: there it is"
    return {
        f"off a kink{ending}": smooth._replace(sentence=f"{off} {{true_value}}"),
        f"slopes{ending}": differ,
        f"smooth{ending}": smooth._replace(sentence=cancel),
        f"smooth as used{ending}": Kind("kink", none, "note", both, of_gradient),
    }


CANCELLED = "{right}: in high precision it is {true_value}; digits were lost at {place}"
ARTEFACT = "{name} is {value} in doubles only: in high precision it is {true_value}"
LIMIT = "{name} is {value} here, and its limit{along} is {true_value}"
BEYOND = "{name} is {value} in doubles, and high precision does not decide what it is"
UNDECIDED = "digits of {name} may have been lost at {place}: high precision does not decide how many"
UNSETTLED = "{name} is undecided: {why}"
AS_LEFT = "as `{by}` comes from the left"
APART = "{name} is {value} by convention: its limits from different sides of the point differ"
BEND = "{place} is a kink of the local gradient of `{function}`"
VANISHING = "{name} is taken for 0: the higher the precision, the smaller it is"
OUTSIDE = "{name} is {value} in doubles only: rounding brings {place} into the domain, in high precision it is nan"
UNDERFLOW = "{place} is too small for a double, so {name} is 0; in high precision it is {true_value}"
COMPARED = "{place} compares with nan"
CHOSEN = "{place} chooses by nan"
# A field is a text, a number, or a tuple of both: a text with numbers in it.
# `place` is an operation with its point, `point` the point alone, `label` a node, `local` a local gradient.
KINDS: dict[str, Kind] = {
    # values
    "input": Kind("non_finite_input", "`{name}` was given as {value}"),
    "literal": Kind("overflow", "`{text}` is too large for a double: it is read as {value}"),
    "domain": Kind("domain", "{place} is not defined: the value is nan, so the gradients are"),
    "domain constant": Kind("domain", "{place} is not defined: the value is nan"),
    "domain told": Kind("domain", "{place} is not defined: the value is nan, so the gradients are; {outside}"),
    "domain told constant": Kind("domain", "{place} is not defined: the value is nan; {outside}"),
    "indeterminate": Kind("indeterminate", "{place} has no value: it is nan, so the gradients are"),
    "indeterminate constant": Kind("indeterminate", "{place} has no value: it is nan"),
    "pole": Kind("pole", "{place} is {value}: a pole"),
    "too large": Kind("overflow", "{place} is {value}: too large for a double"),
    "too small": Kind("overflow", "{place} is {value}: what is 0 there is a number too small for a double"),
    "meant infinite": Kind("infinite_value", "{place} is {value}, as the constant `inf` in it is"),
    # gradients
    "pole local": _of_gradient("pole", "the local gradient {local} = {formula} is infinite at {point}"),
    "too large local": _of_gradient("overflow", "the local gradient {local} = {formula} is too large at {point}"),
    "no local": _of_gradient("domain", "the local gradient {local} = {formula} does not exist at {point}"),
    "zero times infinity": _of_gradient(
        "indeterminate", "at `{label}` the upstream gradient 0 meets the infinite local gradient {local}: 0*inf is nan"
    ),
    "infinity times zero": _of_gradient(
        "indeterminate",
        "at `{label}` the infinite upstream gradient meets the local gradient {local} = 0: inf*0 is nan",
    ),
    "overflow": _of_gradient("overflow", "upstream times local gradient {local} overflows"),
    "product": _of_gradient(
        "overflow", "the local gradient {local} is too {size} for a double; what is sent is computed factor by factor"
    ),
    "opposite infinities": _of_gradient(
        "indeterminate", "the downstream gradients that meet at `{label}` are infinities of both signs: nan"
    ),
    # what is not finite in doubles only
    **_of_every_number("too large for doubles", "overflow", ARTEFACT, "true_value"),
    **_of_every_number("indeterminate in doubles", "indeterminate", ARTEFACT, "true_value"),
    **_of_every_number("pole in doubles", "pole", ARTEFACT, "true_value"),
    **_of_every_number("domain in doubles", "domain", ARTEFACT, "true_value"),
    **_of_every_number("limit", "indeterminate", LIMIT, "true_value"),
    "jump": Kind(
        "jump",
        "{name} is {value} here: as `{by}` comes from the left it tends to {left}, from the right to {right}; "
        "{derivative} does not exist",
        members=("wrt", "left", "right"),
        of_gradient=True,
    ),
    "no limit": Kind(
        "jump",
        "{name} is {value} here and has no limit: along {way} it tends to {first}, along {another} to {other}",
        members=("wrt",),
    ),
    "along curves": Kind(
        "indeterminate",
        "{name} is {value} here: on all {count} ways that were tried, along lines and curves, it tends to {tends_to}, "
        "which does not prove that this is its limit",
        "note",
        members=("wrt", "tends_to"),
    ),
    "along itself": Kind(
        "indeterminate",
        "{name} is {value} here: as `{by}` alone goes to the point it tends to {tends_to}",
        "note",
        members=("wrt", "tends_to"),
        of_gradient=True,
    ),
    # what rounding has taken digits from, and what is 0 for an underflow before it
    **_of_every_number("cancellation", "cancellation", CANCELLED, "true_value", "digits"),
    **_of_every_number("undecided digits", "cancellation", UNDECIDED),
    **_of_every_number("outside", "domain", OUTSIDE),
    **_of_every_number("underflow", "underflow", UNDERFLOW, "true_value"),
    "small literal": Kind("underflow", "`{text}` is too small for a double: it is read as {value}"),
    # in high precision
    **_of_every_number("undecided beyond", "undecided", BEYOND),
    **_of_every_number("past doubles", "overflow", "{name} is {value} here: its true value is too large for a double"),
    **_of_every_number("undecided number", "undecided", UNSETTLED),
    **_of_every_number("vanishing number", "zero", VANISHING, word="note"),
    "equal numbers": Kind(
        "zero", "{place} is taken where numbers are equal: the higher the precision, the less they differ", "note"
    ),
    "true value": Kind(
        "true_value", "{name} is shown as high precision has it: doubles give {value}", "note", members=("true_value",)
    ),
    "true limit": Kind(
        "true_value", "{name} is shown as its limit: doubles give {value}", "note", members=("true_value",)
    ),
    "rewrite": Kind("rewrite", "written as `{rewrite}`{where} {kept}", "note", members=("rewrite",)),
    # numbers that no node has
    "second": Kind("non_finite_derivative", "the second derivative {name} is {value}", members=("row", "column")),
    "order": Kind("non_finite_derivative", "the derivative {name} is {value}", members=("wrt",)),
    "order lost": _of_formula("non_finite_derivative", "; {how} {true_value}", "true_value"),
    "order wrong": _of_formula("disagreement", "; {how} {true_value}", "true_value"),
    "cancelled order": Kind(
        "cancellation",
        "{right}: its formula loses them to cancellation, in high precision it is {true_value}",
        members=("wrt", "true_value", "digits"),
    ),
    "order undecided": _of_formula(
        "disagreement", ", another way {right}; high precision does not decide which is right", "right"
    ),
    "directional": Kind("non_finite_derivative", "the directional derivative of `{output}` is {value}"),
    # the formula of a derivative gives one number, reverse mode over the expression as written another
    "formula right": _disagreement("{how} {true_value}, so the formula is right", "true_value"),
    "written right": _disagreement("{how} {true_value}, so reverse mode is right", "true_value"),
    "neither right": _disagreement("{how} {true_value}, so neither is right", "true_value"),
    "no derivative": _disagreement("in high precision there is no derivative here"),
    "undecided": _disagreement("high precision does not decide which is right"),
    "rounded": Kind("rounded", "whole numbers past 2^53 are rounded to doubles in formulas, as `{number}` is", "note"),
    # the self-test of exported code
    "export differs": Kind(
        "disagreement", "{name}: the exported function gives {left} and high precision {true_value}: its test fails"
    ),
    "export loose": Kind(
        "cancellation", "{name}: rounding may move {true_value} by {tolerance}, within which the test holds it"
    ),
    # conventions
    "kink": _of_gradient("kink", "{place} is a kink of `{function}`: {convention}", "kink"),
    "kink inside": _of_gradient("kink", "{place} is a kink inside `{module}` of `{function}`: {convention}", "kink"),
    "switch": _of_gradient("kink", "{place} is exactly where the comparison changes: {convention}", "kink"),
    "bend": _of_gradient("kink", f"{BEND}: {{convention}}", "kink"),
    "bend inside": _of_gradient("kink", f"{BEND} inside `{{module}}`: {{convention}}", "kink"),
    **_of_slopes(" gradient", "from the left", "from the right", "wrt", of_gradient=True),
    "nan on a kink": Kind(
        "kink",
        "{name} is {value}, and does not exist: it is {left} from the left, {right} from the right",
        "warning",
        ("wrt", "left", "right"),
        of_gradient=True,
    ),
    **_of_slopes(" second", AS_LEFT, "from the right", "row", "column", of_gradient=True),
    **_of_slopes(" order", AS_LEFT, "from the right", "wrt", of_gradient=True),
    "apart second": Kind("kink", APART, "kink", ("row", "column"), of_gradient=True),
    "apart order": Kind("kink", APART, "kink", ("wrt",), of_gradient=True),
    **_of_slopes(" directional", "from behind", "ahead"),
    "out of domain": Kind("domain", "{place} lies outside the domain of `{function}`, {domain}: {argument} is {value}"),
    "out of domain inside": Kind(
        "domain", "{place} lies outside the domain of `{function}` inside `{module}`, {domain}: {argument} is {value}"
    ),
    "nan compared": Kind("domain", f"{COMPARED}, which counts as {{truth}}"),
    "nan compared inside": Kind("domain", f"{COMPARED} inside `{{module}}`, which counts as {{truth}}"),
    "nan chosen": Kind("domain", f"{CHOSEN}, which counts as true"),
    "nan chosen inside": Kind("domain", f"{CHOSEN} inside `{{module}}`, which counts as true"),
    # the elasticity and the uncertainty of a result
    "no elasticity": Kind("indeterminate", "the elasticity of {name} by `{by}` is {value}: {name} is 0 here"),
    "nonlinear": Kind(
        "nonlinear",
        "{name} bends where its inputs are uncertain: with terms of the next order its mean is {mean} and its "
        "uncertainty {higher}, without them {value} and {first}",
    ),
    "spoilt": Kind(
        "cancellation",
        "{name} has lost digits beside its uncertainty: in high precision it is {true_value} with the uncertainty "
        "{first}, in doubles {value} with {uncertainty}",
        members=("true_value",),
    ),
    "series fails": Kind(
        "nonlinear",
        "{name} bends so much where its inputs are uncertain that terms of the next order outweigh the first: its "
        "uncertainty is not {first}; `cgraph check` asks Monte Carlo",
    ),
    "bent further": Kind(
        "nonlinear",
        "within the uncertainties of its inputs {name} moves otherwise than its first and second derivatives say "
        "(terms of higher order, a kink, a jump, a pole): its uncertainty is not {first}; "
        "`cgraph check` asks Monte Carlo",
    ),
    "beyond": Kind(
        "nonlinear",
        "{name} is {beyond} at {point}, two uncertainties away: its inputs reach beyond its domain, and strictly it "
        "has no mean",
    ),
    "beyond a pole": Kind(
        "nonlinear", "{name} has a pole on the way to {point}, two uncertainties away: strictly it has no mean"
    ),
    "order unknown": Kind(
        "nonlinear",
        "whether {name} bends where its inputs are uncertain is not known: it takes too long or high precision does "
        "not decide; `cgraph check` asks Monte Carlo",
        "note",
    ),
}

# What began to be infinite or nan and reaches no number of the result, and what is in a branch that is not taken.
ABSORBED = (
    "domain constant, domain told constant, indeterminate constant, pole, too large, too small, pole local, "
    "too large local, no local, zero times infinity, infinity times zero, overflow, opposite infinities"
)
for name in ABSORBED.split(", "):
    harmless = KINDS[name].sentence + "; it makes no number of the result infinite or nan"
    KINDS[f"{name} absorbed"] = KINDS[name]._replace(sentence=harmless, word="note")
for name in ("domain", "indeterminate", "pole", "too large", "too small"):
    beside = "{place} is {value} in the branch that is not taken: no number of the result comes from it"
    KINDS[f"{name} not taken"] = Kind(KINDS[name].code, beside, "note")


def lines() -> dict[str, str]:
    """The line of every kind, for what fills them in elsewhere (the page's script)."""
    return {name: f"{kind.head}: {kind.sentence}" for name, kind in KINDS.items()}
