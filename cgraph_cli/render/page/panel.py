"""The panels of the page that take input: the point, and steps of gradient descent from it."""

from __future__ import annotations

from itertools import repeat

from cgraph_cli.light import escape
from cgraph_cli.render.page.places import SHOWN_OUTPUT, Unknown, live
from cgraph_cli.render.page.words import Words
from cgraph_cli.render.prose.writing import Writing
from cgraph_cli.report.report import Report
from cgraph_cli.syntax.printer import format_number

ETA = 0.1
MATH, UPDATE = 'class="math"', 'class="math update"'
STEPS = 10  # of the button that takes several
FIELD = 'type="text" inputmode="text" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="done"'


# What the script says of the walk and of the address that leads to a step.
CONTROLS = {
    "play": [["▶", "Play"], ["⏸", "Pause"]],
    "ask": "What is the value of ${label} = {operation}$?",
    "more": "and {count} more warnings",
    "fewer": "fewer warnings",
    "comma": "a decimal point is a point: {text}",
    "value": "a number is needed, or one made of numbers and pi, e, tau with + - * / ^, such as -1.5, 2e-3 or pi/2",
    "unknown": "The address gives a value to {name}, which is no variable here.",
    "unread": "The address gives {name} the value {text}, which is no number.",
    "output": "The address asks for the gradients of {name}, which is no output here.",
    "step": "The address leads to step {step}, but the last one is {last}.",
}


def statement(index: int, node: int, text: str) -> str:
    """A statement that leads to its node."""
    return f'<span class="statement" id="statement-{index}" data-link="{node}">{text}</span>'


def choice(report: Report, writing: Writing) -> str:
    """A choice of the output whose gradients are shown."""
    options = "".join(
        f'<option value="{index}"{" selected" * (name == report.output)}>{escape(writing.name(name))}</option>'
        for index, name in enumerate(report.graph.outputs)
    )
    return f'<label id="choice" hidden>gradients of <select id="output" autocomplete="off">{options}</select></label>'


def point(words: Words, writing: Writing) -> str:
    """A field, a slider and a plot for every variable."""
    report = writing.report
    if not report.variables:
        return ""
    rows = []
    slopes, places = (one.gradients(len(report.variables)) for one in (writing, words.writing))
    for index, (name, value) in enumerate(report.variables.items()):
        label, text = escape(writing.name(name)), escape(format_number(value + 0.0))
        slope = live("span", 'class="slope math gradient"', slopes[index], places[index])
        along = escape(f"{SHOWN_OUTPUT} along {writing.name(name)}, and its tangent with the slope {places[index]}")
        rows.append(
            f'<div class="variable">\n<label><span class="math">{label}</span> =\n'
            f'<input id="field-{index}" {FIELD} aria-describedby="hint-{index}" readonly value="{text}"></label>\n'
            f'<small id="hint-{index}" class="hint"></small>\n'
            f'<input id="slider-{index}" type="range" min="-1" max="1" aria-label="{label}" hidden>\n'
            f'<svg id="plot-{index}" {plot_box(240, 60)} data-label="{along}" hidden>'
            f'<path class="curve"/><path class="tangent"/><path class="dot"/></svg>\n{slope}\n</div>\n'
        )
    return (
        '<section id="point-section" aria-labelledby="point-heading">\n<h2 id="point-heading">Point</h2>\n'
        f'<div id="many">\n{"".join(rows)}</div>\n'
        '<button type="button" id="reset">Back to the given point</button>\n'
        '<p class="remark">At another point nothing is held against high precision: cgraph eval says which digits are '
        "right there.</p>\n</section>"
    )


def plot_box(width: int, height: int) -> str:
    """The attributes of a plot of a size that follows its place, whose lines the script draws."""
    return f'class="plot" viewBox="0 0 {width} {height}" preserveAspectRatio="none" role="img"'


def descent(words: Words, writing: Writing) -> str:
    """The variables that may be weights with what a step makes of them, a field for η, buttons, a trace of the output.

    The script shows it: without it no step can be taken.
    """
    if not writing.report.variables:
        return ""
    nodes = list(writing.report.graph.variables.values())
    output = live("span", "", writing.name(writing.report.output), SHOWN_OUTPUT)
    rules = zip(map(rule, repeat(writing), nodes), map(rule, repeat(words.writing), nodes), strict=True)
    weights = "".join(
        f'<li><label><input type="checkbox" id="weight-{index}" checked> {live("span", MATH, text, places)}</label> '
        f"{live('span', UPDATE, '', update(words, node))}</li>\n"
        for index, (node, (text, places)) in enumerate(zip(nodes, rules, strict=True))
    )
    return (
        '<section id="descent-section" aria-labelledby="descent-heading" hidden>\n'
        f'<h2 id="descent-heading">Gradient step</h2>\n<p class="quiet">A step down the slope of {output}: '
        f"every variable that is chosen as a weight goes against its gradient, times the learning rate η.</p>\n"
        f'<ul id="weights" class="plain">\n{weights}</ul>\n<div class="buttons">\n'
        f'<label class="field"><span class="math">η</span> = <input id="eta" {FIELD} '
        f'aria-describedby="hint-eta" value="{ETA}"></label>\n'
        '<button type="button" id="descend">Gradient step</button>\n'
        f'<button type="button" id="descend-more">{STEPS} steps</button>\n</div>\n'
        '<small id="hint-eta" class="hint"></small>\n'
        f'<svg id="trace" {plot_box(480, 96)} aria-label="Trace" hidden>'
        '<path class="curve"/><path class="dot"/></svg>\n<p id="told"></p>\n</section>'
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
