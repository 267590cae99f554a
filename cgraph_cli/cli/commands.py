"""The table of commands: what each is for, its options, the kind of its result. ``NAME.py`` here makes the result."""

from __future__ import annotations

from cgraph_cli.export import LANGUAGES
from cgraph_cli.light import NamedTuple
from cgraph_cli.limits import FINEST, MAX_NODES
from cgraph_cli.render import FINE, formats, has_place
from cgraph_cli.render.numbers import MOST_DIGITS
from cgraph_cli.rules import ALIASES, CALLABLE


class Option(NamedTuple):
    """An option of a command; without ``metavar`` it is a flag. ``many`` options may be repeated."""

    help: str
    metavar: str | None = None
    many: bool = False
    choices: tuple[str, ...] = ()


class Command(NamedTuple):
    """A command: its help, the kind of result that it shows, its options, whether it takes an expression.

    ``examples`` are command lines without the word cgraph, each with what it shows. ``words`` says what words a command
    without an expression takes.
    """

    help: str
    shows: str
    options: dict[str, Option]
    examples: dict[str, str]
    expression: bool = True
    words: Option | None = None


NAMES = "x,y"  # names of variables
# Every option, with the same meaning in every command that has it.
OPTIONS: dict[str, Option] = {
    "format": Option("How to show the result.", "FORMAT"),
    "json": Option("The same as --format json."),
    "output": Option("Write to FILE, whose ending chooses the format; - is standard output.", "FILE"),
    "ascii": Option("Use ASCII characters only; in code names are spelled in them."),
    "digits": Option(
        "Significant digits, and those before the point up to ten (default: 6, in a picture 4, in JSON all).", "N"
    ),
    "only": Option(
        "Print bare numbers: value, gradients, a variable's gradient, a named part's value; several as f,x; beside "
        "--sigma also u, contribution, share, sensitivity, elasticity.",
        "NAME",
    ),
    "standalone": Option("Write a whole LaTeX document, not a piece of one."),
    "to": Option(f"The language, in short for --format: {', '.join(LANGUAGES)}.", "LANGUAGE", choices=tuple(LANGUAGES)),
    "wrt": Option("The gradients by these names only (default: by each).", NAMES, many=True),
    "mixed": Option("The mixed partial derivative by these names, one after the other.", NAMES, many=True),
    "order": Option("Differentiate this many times by each name (default: 1).", "N"),
    "at": Option("Values: the same as --x 1 --y 2.", "x=1,y=2", many=True),
    "set": Option("A value for a name that an option of the command has taken.", "NAME=VALUE", many=True),
    "values": Option("Read values from a JSON object in FILE; - is standard input.", "FILE"),
    "file": Option("Read the expression from FILE.", "FILE"),
    "strict": Option("Exit with 1 if there is a warning about anything that is asked for."),
    "kink": Option(
        "The local gradient on a kink: 0, or the slope as the function's own argument comes from the left or right, or "
        "their mean (default: the convention of each function). At a comparison left and right are sides of its first "
        "argument that varies. error refuses the point.",
        "WHICH",
        choices=("zero", "left", "right", "mean", "error"),
    ),
    "true": Option("Show the true value, from high precision, of what is wrong in doubles; a note says of which."),
    "expand": Option("Show the inside of modules instead of one node each."),
    "replace": Option("Swap module OLD for module NEW.", "OLD=NEW", many=True),
    "max-nodes": Option(
        f"Refuse a graph of more nodes (default: {MAX_NODES:,}); a derivative or modules written out may have a tenth.",
        "N",
    ),
    "no-simplify": Option("Keep the derivative as the chain rule gives it."),
    "all": Option("Show all: of a large result every part, of a sum of many terms every partial sum."),
    "rewrite": Option("Evaluate the expression in the form that cgraph rewrite gives it at this point."),
    "random": Option("At so many points of the domain, drawn at random; with --sigma so many samples.", "N"),
    "range": Option("With --random, --rigorous or a claim: values of a name (default: -5:5).", "x=0:10", many=True),
    "rigorous": Option("Prove it: intervals that hold the derivatives, at the point or in the box of all ranges."),
    "seed": Option("Other random points for another whole number (default: 1); in a quiz the student, any text.", "N"),
    "level": Option("In a quiz without an expression: one drawn too, from 1, two operations, to 5, a neuron.", "N"),
    "answers": Option(
        "Mark the answers to a quiz in FILE, which JSON or the filled text is; - is standard input.", "FILE"
    ),
    "claim": Option(
        "Mark your own derivative, a formula or a number; also of named parts, and x,y.", "x=FORMULA", many=True
    ),
    "claims": Option("Mark those in FILE: lines x = FORMULA, or a JSON object; - is standard input.", "FILE"),
    "hessian": Option("Add the matrix of second derivatives."),
    "condition": Option("Add how many digits each number has lost, and by how much each edge makes errors grow."),
    "direction": Option("Add the derivative in a direction.", "x=1,y=0", many=True),
    "sigma": Option(
        "Standard uncertainties of values (0.1, 2%) and what they make of the result; the same as --x 3±0.1 or 3.0(1).",
        "x=0.1",
        many=True,
    ),
    "correlation": Option("With --sigma: the correlation of two values, from -1 to 1.", "x,y=0.3", many=True),
    "elasticity": Option("Add the elasticity by each input: the relative change of the result for one of the input."),
    "outputs": Option("Differentiate these named values: the Jacobian.", "f,g", many=True),
    "blank": Option(
        "Leave numbers out for a student: value (and all that is made of values), upstream, local, downstream.",
        "PARTS",
        many=True,
    ),
    "solution": Option("With --blank: write the whole to FILE, whose ending chooses the format.", "FILE"),
    "draw": Option(
        "In a picture: the local gradients, lines as thick as gradients, from top to bottom: locals, widths, down.",
        "WHAT",
        many=True,
        choices=("locals", "widths", "down"),
    ),
    "scale": Option("The pixels of a PNG for each unit of the picture (default: 2).", "N"),
    "steps": Option("Only this half: forward or backward.", "HALF", choices=("forward", "backward")),
    "name": Option("The function's name (default: the output's).", "NAME"),
    "self-test": Option("Add a main that compares with cgraph's numbers at the point given."),
}
# What other tools call by a name.
OPTIONS_ELSEWHERE = {
    **dict.fromkeys(("no-color", "no-colour"), "NO_COLOR=1 in the environment: no colours"),
    **dict.fromkeys(("color", "colour"), "FORCE_COLOR=1 in the environment: colours in a pipe too"),
    **dict.fromkeys(("quiet", "silent"), "--only value has the number alone"),
    **dict.fromkeys(("precision", "decimals", "places"), "significant digits of numbers are --digits N"),
    **dict.fromkeys(
        ("by", "respect", "var", "variable", "variables", "with-respect-to"), "the names to differentiate by: --wrt x,y"
    ),
    **dict.fromkeys(("lang", "language", "target"), "the language of cgraph export is --to c"),
    **dict.fromkeys(("out", "outfile", "save"), "a file is written with --output FILE"),
    "verbose": "every step in words: cgraph explain",
    "hessian": "second derivatives as formulas: cgraph diff --order 2, or --mixed x,y",
    "kink": "it chooses the local gradients that are shown there; here the slopes of both sides are said",
}
COMMANDS_ELSEWHERE = {
    **dict.fromkeys(
        ("plot", "draw", "graph", "show", "visualize"), 'a picture of the graph: cgraph eval "..." --output graph.svg'
    ),
    **dict.fromkeys(("grad", "gradient", "derive", "derivative", "differentiate"), 'derivatives: cgraph diff "..."'),
    **dict.fromkeys(("calc", "evaluate", "compute", "run"), 'values and gradients: cgraph eval "..."'),
    **dict.fromkeys(("solve", "integrate", "simplify"), "cgraph evaluates and differentiates only"),
    **dict.fromkeys(("convert", "compile", "code"), 'code in another language: cgraph export "..." --to c'),
}
RESULT = "format json output ascii"
SCHEMAS = ("eval", "diff", "check", "quiz", "rewrite", "explain", "paths", "functions", "errors")
# Options that bring an expression of their own.
INSTEAD = ("level", "answers")
POINT = "at set values file strict expand replace max-nodes"


HELP = {"help": Option("Show this help, with an expression also its variables; -h is the same.")}
# What stands without a command.
GLOBAL: dict[str, Option] = {
    **HELP,
    "version": Option("Print the version."),
    "install-completion": Option("Make the current shell complete commands, options and variables."),
    "show-completion": Option("Print what --install-completion would install."),
}


def _command(
    help: str, shows: str, names: str, examples: dict[str, str], *, expression: bool = True, words: Option | None = None
) -> Command:
    """A command with options of the table; what --format may be is what its kind of result has."""
    known = formats(shows)
    options = {name: OPTIONS[name] for name in names.split() if name != "json" or "json" in known}
    if "format" in options:
        told = f"{options['format'].help[:-1]}: {', '.join(known)}."
        options["format"] = options["format"]._replace(help=told, choices=known)
    if "digits" in options:
        fine = f"1 to {FINEST}, beyond {MOST_DIGITS} in high precision with numbers as typed"
        told = f"{options['digits'].help[:-1]}: {fine if has_place(shows, FINE) else f'1 to {MOST_DIGITS}'}."
        options["digits"] = options["digits"]._replace(help=told)
    return Command(help, shows, options, examples, expression, words)


COMMANDS: dict[str, Command] = {
    "eval": _command(
        "Evaluate an expression at a point: every node of its graph with its value and its gradients.",
        "report",
        f"wrt {RESULT} digits only standalone draw scale all hessian condition direction sigma correlation elasticity "
        f"outputs blank solution rewrite kink true {POINT}",
        {
            'eval "(x+y)*z" --x -2 --y 5 --z -4': "Every node with its value and its gradients.",
            'eval "p = sigmoid(w*x); mse(p, 1)" --w 1 --x 2': "Names for parts of the expression.",
            'eval "x^2*sin(y)" --x 3 --y pi/2 --json': "The same for programs.",
            'eval "V/I" --V "5.0±0.1" --I 2 --sigma I=0.05': "How uncertain the result is, and what makes it so.",
            'eval "sigmoid(w*x)" --w 1 --x 0.1 --digits 50': "Fifty right digits of every number.",
        },
    ),
    "diff": _command(
        "Derivatives as formulas, with their numbers where a point is given.",
        "derivatives",
        f"wrt mixed order {RESULT} digits only standalone no-simplify {POINT}",
        {
            'diff "x^2*sin(x)"': "The derivative as a formula.",
            'diff "x^2*sin(y)" --wrt y --x 3 --y pi/3': "By one variable, with its number at a point.",
            'diff "x^2*sin(x)" --order 2': "The second derivative.",
        },
    ),
    "check": _command(
        "Derivatives held against other ways to compute them; yours marked.",
        "checks",
        f"claim claims answers level blank wrt random range seed rigorous sigma correlation {RESULT} digits {POINT}",
        {
            'check "x^2*sin(y)" --x 3 --y pi/2': "Reverse and forward mode, a finite difference, high precision.",
            'check "x^2 + 1e9" --x 3': "Is the gradient wrong, or is the finite difference noisy?",
            'check "log(x)" --random 1000 --range x=0:9': "At a thousand points of the domain.",
            'check "x^2*y" --claim x="2*x*y" --x 3 --y 2': "A derivative of your own, marked.",
            'check "x*y" --x "3±0.1" --y "4±0.2"': "An uncertainty, beside that of Monte Carlo.",
            'check "abs(x)^2" --x 0': "At a kink that cancels: the slopes on both sides agree.",
        },
    ),
    "quiz": _command(
        "A quiz: numbers of each student's own, blanks for the rest.",
        "quiz",
        f"seed level blank {RESULT} digits {POINT}",
        {
            'quiz "(x+y)*z" --seed anna': "The upstream and local gradients are to be found.",
            'quiz "mse(w*x, t)" --t 1 --format html': "A page with fields, for a given target.",
            "quiz --level 3 --seed anna --blank local": "The expression is drawn too.",
        },
    ),
    "rewrite": _command(
        "The expression in a form that keeps its digits, and why.",
        "rewritten",
        f"{RESULT} digits {POINT}",
        {
            'rewrite "log(1+exp(x)) + exp(y)-1"': "A form that neither overflows nor cancels.",
            'rewrite "sqrt(x^2+1) - x" --x 1e9': "What helps at a point, with the digits before and after.",
            'rewrite "1/(1+exp(-x))" --format plain': "The expression alone, for another command.",
        },
    ),
    "explain": _command(
        "The worked solution in words: the forward pass, then the chain rule node by node.",
        "explanation",
        f"wrt {RESULT} digits standalone steps all blank solution kink {POINT}",
        {
            'explain "sigmoid(w*x)" --w 1 --x 2': "The chain rule, step by step.",
            'explain "x*sin(x)" --x 2 --steps backward': "The backward pass alone.",
            'explain "x*sin(x)" --x 2 --format markdown': "To paste into a notebook.",
        },
    ),
    "paths": _command(
        "A gradient as the sum over all paths from a variable to the output.",
        "paths",
        f"wrt {RESULT} digits standalone all kink {POINT}",
        {
            'paths "x*sin(x)" --x 2': "Both ways by which x reaches the output.",
            'paths "(x+y)*sin(x*y)" --x 1 --y 2 --wrt x': "The paths from x only.",
            'paths "x*sin(x)" --x 2 --json': "The same for programs.",
        },
    ),
    "export": _command(
        "Value and gradient as a function in another language, with no dependency beyond its standard mathematics.",
        "code",
        f"to format output ascii standalone name wrt self-test no-simplify {POINT}",
        {
            'export "x^2*sin(y)" --to c': "A C function for the value and the gradient.",
            'export "x^2*sin(y)" --to python --name area': "The same in Python, under a name of your own.",
            'export "x^2" --to javascript --self-test --x 3': "With a main that tests the numbers.",
        },
    ),
    "functions": _command(
        "The functions with their local gradients, domains and kinks: all, one in full, or what a word finds.",
        "functions",
        RESULT,
        {
            "functions sigmoid": "All that is known of one function.",
            "functions kink": "Every function with a kink.",
            "functions --json": "The whole table for programs.",
        },
        expression=False,
        words=Option("A word that is no name is searched.", "[NAME]...", choices=(*sorted(CALLABLE), *ALIASES)),
    ),
    "schema": _command(
        "Print the JSON Schema of what a command answers with --json.",
        "schema",
        RESULT,
        {"schema eval": "The report of cgraph eval.", "schema errors": "Errors and notes on standard error."},
        expression=False,
        words=Option(f"One of {', '.join(SCHEMAS)}; eval if none is named.", "[COMMAND]", choices=SCHEMAS),
    ),
}
