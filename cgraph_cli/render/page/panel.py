"""The panels of the page that take input: the point, and steps of gradient descent from it."""

from __future__ import annotations

from itertools import repeat

from cgraph_cli.light import escape, re
from cgraph_cli.render.page.places import SHOWN_OUTPUT, Unknown, live
from cgraph_cli.render.page.words import Words
from cgraph_cli.render.prose.writing import Writing
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.printer import format_number

MATH, UPDATE = 'class="math"', 'class="math update"'
FIELD = 'type="text" inputmode="text" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="done"'

WORD = 18  # characters that stay on one line
AFTER = re.compile(r"([·/(^])(?=.)")

# What the script says of the walk and of the address that leads to a step.
CONTROLS = {
    "play": [["▶", "Play"], ["⏸", "Pause"]],
    "ask": "What is the value of ${label} = {operation}$?",
    "more": "and {count} more warnings",
    "fewer": "fewer warnings",
    "comma": "a decimal point is a point: {text}",
    "uncertain": "the page follows values, not their uncertainties: {text}",
    "value": "a number is needed, or one made of numbers, pi, e and tau with + - * / ^ and functions such as sqrt and"
    " sin: -1.5, 2e-3, pi/2",
    "unknown": "The address gives a value to {name}, which is no variable here.",
    "unread": "The address gives {name} the value {text}, which is no number.",
    "output": "The address asks for the gradients of {name}, which is no output here.",
    "step": "The address leads to step {step}, but the last one is {last}.",
}


def word(text: str) -> str:
    """What stands between two spaces of a formula; a line may end within a long one, but not within its names."""
    return escape(text) if len(text) <= WORD else AFTER.sub(r"\1<wbr>", escape(text))


def statement(index: int, node: int, text: str) -> str:
    """A statement that leads to its node."""
    return f'<span class="statement" id="statement-{index}" data-link="{node}">{text}</span>'


def choices(report: Report, writing: Writing) -> str:
    """The outputs whose gradients may be shown."""
    return "".join(
        f'<option value="{index}"{" selected" * (name == report.output)}>{escape(writing.name(name))}</option>'
        for index, name in enumerate(report.graph.outputs)
    )


def fields(words: Words, writing: Writing) -> str:
    """A field, a slider and a plot for every variable; the script draws the lines of the plot."""
    rows = ""
    variables = writing.report.variables
    slopes, places = (one.gradients(len(variables)) for one in (writing, words.writing))
    for index, (name, value) in enumerate(variables.items()):
        label, text = escape(writing.name(name)), escape(format_number(value + 0.0))
        slope = live("span", 'class="slope math gradient"', slopes[index], places[index])
        along = escape(f"{SHOWN_OUTPUT} along {writing.name(name)}, and its tangent with the slope {places[index]}")
        rows += (
            f'<div class="variable">\n<label><span class="math">{label}</span> =\n'
            f'<input id="field-{index}" {FIELD} aria-describedby="hint-{index}" readonly value="{text}"></label>\n'
            f'<small id="hint-{index}" class="hint"></small>\n'
            f'<input id="slider-{index}" type="range" min="-1" max="1" aria-label="{label}" hidden>\n'
            f'<svg id="plot-{index}" class="plot" viewBox="0 0 240 60" preserveAspectRatio="none" role="img" '
            f'data-label="{along}" hidden><path class="curve"/><path class="tangent"/><path class="dot"/></svg>\n'
            f"{slope}\n</div>\n"
        )
    return rows


def weights(words: Words, writing: Writing) -> str:
    """The variables that may be weights, with what a step makes of them."""
    nodes = list(writing.report.graph.variables.values())
    rules = zip(map(rule, repeat(writing), nodes), map(rule, repeat(words.writing), nodes), strict=True)
    return "".join(
        f'<li><label><input type="checkbox" id="weight-{index}" checked> {live("span", MATH, text, places)}</label> '
        f"{live('span', UPDATE, '', update(words, node))}</li>\n"
        for index, (node, (text, places)) in enumerate(zip(nodes, rules, strict=True))
    )


def rule(writing: Writing, node: int) -> str:
    """How a step changes a variable: ``w ← w - η·∂f/∂w``."""
    return f"{writing.label(node)} ← {writing.label(node)} - η·{writing.gradient(node)}"


def update(words: Words, node: int) -> str:
    """The same with numbers."""
    writing, report = words.writing, words.report
    value, gradient = report.node_values[node], report.passes.upstream[node]
    eta, after = Unknown(f"e{node}"), Unknown(f"n{node}")
    sign = writing.equals(value, eta, gradient, after)
    return f"= {writing.number(value)} - {writing.product(eta, gradient)} {sign} {writing.number(after)}"


def told(words: Words) -> dict[str, str | list[str]]:
    """What the script says of steps."""
    writing, report = words.writing, words.report
    nodes, output = report.graph.variables.values(), writing.name(report.output)
    slopes = (f"{writing.gradient(node)} {writing.equal_to(report.passes.upstream[node])}" for node in nodes)
    return {
        "one": f"{output} after a step: {{first}} → {{last}}.",
        "many": f"{output} after {{steps}} steps: {{first}} → {{last}}.",
        "rose": f"{output} rose at the last step: where it is curved like this, η is too large.",
        "none": "No step: choose a variable as a weight.",
        "eta": "No step: η must be a finite number.",
        "stuck": [f"No step: {slope} leads to no finite number." for slope in slopes],
    }
